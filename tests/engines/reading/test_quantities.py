"""A number with the words around it: what it may be, its unit, and when it is no quantity after all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sundry.engines.reading.model import Bound
from sundry.engines.reading.quantities import not_one, per_word, read


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "unit", "bound", "marks"),
    [
        ("42.6亿元，", "42.6", "42.55", "42.65", "亿元", Bound.EQ, ()),
        ("14.0%", "14.0", "13.95", "14.05", "%", Bound.EQ, ()),
        ("37家", 37, 37, 37, "家", Bound.EQ, ()),
        ("90万户", 90, "89.5", "90.5", "万户", Bound.EQ, ()),
        ("突破90万户", 90, 90, None, "万户", Bound.GE, ("突破",)),
        ("超80亿美元", 80, 80, None, "亿美元", Bound.GT, ("超",)),
        ("破500亿元", 500, 500, None, "亿元", Bound.GE, ("破",)),
        ("破50亿元", 50, 50, None, "亿元", Bound.GE, ("破",)),
        ("过百家", 100, 100, None, "家", Bound.GT, ("过",)),
        ("九成五", 95, "94.5", "95.5", "%", Bound.EQ, ()),
        ("近四成", 40, None, 40, "%", Bound.LT, ("近",)),
        ("约60亩左右", 60, None, None, "亩", Bound.ABOUT, ("约", "左右")),
        ("不少于40家", 40, 40, None, "家", Bound.GE, ("不少于",)),
        ("不超过15天", 15, None, 15, "天", Bound.LE, ("不超过",)),
        ("70%以上", 70, 70, None, "%", Bound.GE, ("以上",)),
        ("迈上800亿元台阶", 800, 800, None, "亿元", Bound.GE, ("迈上…台阶",)),
        ("突破千亿元大关", 1000, 1000, None, "亿元", Bound.GE, ("突破",)),
        ("6400余万元", 6400, 6400, 6500, "万元", Bound.BAND, ("余",)),
        ("上百名", 100, 100, None, "名", Bound.GE, ("上",)),
        ("不足百人", 100, None, 100, "人", Bound.LT, ("不足",)),
        ("300元至800元", None, 300, 800, "元", Bound.BAND, ()),
        ("3—5个", None, 3, 5, "个", Bound.BAND, ()),
        ("50-100万元", None, 50, 100, "万元", Bound.BAND, ()),
        ("5000万至2亿元", None, "0.5", 2, "亿元", Bound.BAND, ()),
        ("数十位", None, 20, 99, "位", Bound.BAND, ("数",)),
        ("-3.2%", "-3.2", "-3.25", "-3.15", "%", Bound.EQ, ()),
        ("百分之六", 6, "5.5", "6.5", "%", Bound.EQ, ()),
        ("翻两番", 300, None, None, "%", Bound.ABOUT, ()),
        ("两个多月", 2, 2, 3, "个月", Bound.BAND, ("多",)),
        ("一个半小时", "1.5", "1.45", "1.55", "小时", Bound.EQ, ()),
        ("两年多时间", 2, 2, 3, "年", Bound.BAND, ("多",)),
        ("过半", "0.5", "0.5", None, "", Bound.GT, ("过",)),
        ("近半数", "0.5", None, "0.5", "", Bound.LT, ("近",)),
        ("近4万名义乌", 4, None, 4, "万名", Bound.LT, ("近",)),
        ("近4万外来务工人员", 4, None, 4, "万人", Bound.LT, ("近",)),
        ("2.5 万 元", "2.5", "2.45", "2.55", "万元", Bound.EQ, ()),
    ],
)
def test_what_is_printed(
    text: str, value: object, low: object, high: object, unit: str, bound: Bound, marks: tuple[str, ...]
) -> None:
    found = read(text, 0)
    assert found is not None
    number = found.number
    assert (number.value, number.low, number.high) == (_decimal(value), _decimal(low), _decimal(high))
    assert (found.unit, number.bound, number.marks) == (unit, bound, marks)


@pytest.mark.parametrize("text", ["近年", "超市", "约定", "三旗", "十", "六月花", "超过往年", "上海", "负责", "-"])
def test_what_is_no_quantity(text: str) -> None:
    assert read(text, 0) is None


def test_a_range_that_falls_is_no_range() -> None:
    found = read("800元至300元", 0)
    assert found is not None
    assert (found.end, found.number.value) == (4, Decimal(800))


def test_what_is_made_in_a_day_is_counted_by_the_day() -> None:
    assert per_word("日产4万件", 0) == "日产"
    found, share = read("4万件", 0, per="日产"), read("4%", 0, per="日产")
    assert found is not None
    assert share is not None
    assert (found.unit, share.unit) == ("万件/日", "%")


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("万亩良田", 0, "loose"),
        ("每万人拥有", 1, "per_unit"),
        ("万元GDP能耗", 0, "per_unit"),
        ("亿元 412.6", 0, "loose"),
        ("亿元以上项目", 0, "threshold"),
        ("50亿元以上工业项目", 0, "threshold"),
        ("百亿元级产业", 0, "grade"),
        ("每十万人中", 1, "per_unit"),
        ("60岁以上老人", 0, "threshold"),
        ("百分之百", 0, ""),
        ("50%以上", 0, ""),
        ("万余人", 0, ""),
        ("一万人", 0, ""),
        ("突破万人", 0, ""),
    ],
)
def test_why_a_quantity_is_none_after_all(text: str, at: int, reason: str) -> None:
    found = read(text, at)
    assert found is not None
    assert not_one(text, at, found) == reason
