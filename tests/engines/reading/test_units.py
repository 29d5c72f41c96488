"""A unit is the longest that fits, and a multiplier before it does not change its class."""

from __future__ import annotations

import pytest

from sundry.engines.reading.units import _words, class_of, match


@pytest.mark.parametrize(
    ("text", "printed", "unit_class"),
    [
        ("个百分点，", "百分点", "points"),
        ("百分点", "百分点", "points"),
        ("%", "%", "percent"),
        ("人次", "人次", "visits"),
        ("人均", "人", "persons"),
        ("个月", "个月", "time"),
        ("个字", "字", "things"),
        ("个", "个", "things"),
        ("吨/亩", "吨/亩", "rate"),
        ("公里每小时", "公里/小时", "rate"),
        ("微克/立方米", "微克/立方米", "rate"),
        ("件/日", "件/日", "rate"),
        ("千瓦时", "千瓦时", "energy"),
        ("平方公里", "平方公里", "area"),
        ("美元", "美元", "money"),
        (" 元", "元", "money"),
        ("kg ", "kg", "mass"),
    ],
)
def test_the_longest_unit_that_fits(text: str, printed: str, unit_class: str) -> None:
    found = match(text, 0)
    assert found is not None
    assert (found.printed, found.unit_class) == (printed, unit_class)


@pytest.mark.parametrize("text", ["mp3", "Gx", "", "钧", "货车"])
def test_no_unit(text: str) -> None:
    assert match(text, 0) is None


@pytest.mark.parametrize(
    ("unit", "unit_class"),
    [("亿元", "money"), ("万人次", "visits"), ("千克", "mass"), ("百分点", "points"),
     ("万件/日", "rate"), ("万户", "bodies"),
     ("万亿元", "money"), ("无", ""), ("", "")],
)  # fmt: skip
def test_the_class_of_a_printed_unit(unit: str, unit_class: str) -> None:
    assert class_of(unit) == unit_class


def test_there_are_about_two_hundred_units_and_none_twice() -> None:
    words = [word for listed in _words().values() for word, _, _ in listed]
    assert len(words) > 200
    assert len(words) == len(set(words))
