"""Cumulative paths through a year, and ratios that can only be so large."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.invented import said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import Page, checks_across, checks_of
from sundry.engines.reading.model import Outcome

TWO = "2031-01/2031-02"


def test_the_month_between_two_growth_rates() -> None:
    text = "前两月产值增长10.4%，一季度产值增长9.6%。"
    statements = [
        said(text, "增长10.4%", "growth", "产值", "10.4", "%", period=TWO),
        said(text, "增长9.6%", "growth", "产值", "9.6", "%"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.outcome, check.note) == ("path", Outcome.IMPLIED, Note.MISSING_MONTHS)
    assert (check.values["guess"], check.values["period"]) == ("8", "2031-03")
    assert check.derived is not None
    low, high = check.derived
    assert low is not None
    assert high is not None
    assert low < Decimal("7.6") < Decimal("8.6") < high


def test_a_path_that_no_month_can_close_fails() -> None:
    text = "前两月产值增长96%，一季度产值增长9.6%。"
    statements = [
        said(text, "增长96%", "growth", "产值", "96", "%", period=TWO),
        said(text, "增长9.6%", "growth", "产值", "9.6", "%"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.outcome, check.note) == (Outcome.FAILS, Note.OUT_OF_BAND)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "guess"),
    [("31.0", "48.5", Outcome.IMPLIED, "17.5"), ("31.0", "4.85", Outcome.FAILS, None)],
)
def test_levels_never_fall_as_months_are_added(first: str, second: str, outcome: Outcome, guess: str | None) -> None:
    text = f"前两月出口{first}亿元，一季度出口{second}亿元。"
    statements = [
        said(text, f"出口{first}亿元", "level", "出口", first, "亿元", period=TWO),
        said(text, f"出口{second}亿元", "level", "出口", second, "亿元"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.outcome) == ("path", outcome)
    assert check.values.get("guess") == guess
    assert (check.note == Note.PATH_FALLS) == (outcome == Outcome.FAILS)


def test_a_path_across_two_pages_and_from_half_a_year_to_eight_months() -> None:
    one, other = "前八月产值增长6.0%。", "上半年产值增长7.0%。"
    pages = [
        Page(one, [said(one, "增长6.0%", "growth", "产值", "6.0", "%", period="2031-01/2031-08")]),
        Page(other, [said(other, "增长7.0%", "growth", "产值", "7.0", "%", period="2031-H1")]),
    ]
    (check,) = checks_across(pages)
    assert (check.values["guess"], check.values["period"]) == ("3", "2031-07/2031-08")
    assert sorted(check.pages) == [0, 1]
    assert checks_across(pages[:1]) == ()


def test_a_stock_and_a_single_month_are_no_path() -> None:
    text = "二月出口9亿元，一季度出口31亿元，存款一季度末70亿元，两月末80亿元。"
    statements = [
        said(text, "出口9亿元", "level", "出口", "9", "亿元", period="2031-02"),
        said(text, "出口31亿元", "level", "出口", "31", "亿元"),
        said(text, "70亿元", "level", "存款", "70", "亿元", kind=("stock",)),
        said(text, "80亿元", "level", "存款", "80", "亿元", kind=("stock",), period=TWO),
    ]
    assert checks_of(text, statements) == ()


@pytest.mark.parametrize(
    ("tons", "area", "outcome"),
    [("4.1", "10.8", Outcome.HOLDS), ("41", "10.8", Outcome.FAILS), ("4.1", "1080", Outcome.FAILS)],
)
def test_a_yield_that_the_earth_can_bear(tons: str, area: str, outcome: Outcome) -> None:
    text = f"小麦面积{area}万亩，小麦产量{tons}万吨。"
    statements = [
        said(text, f"{area}万亩", "level", "小麦面积", area, "万亩"),
        said(text, f"{tons}万吨", "level", "小麦产量", tons, "万吨"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.outcome, check.values["rule"]) == ("yield", outcome, "yield")
    assert check.values["unit"] == "公斤/亩"


def test_a_ratio_of_other_units_is_not_asked() -> None:
    text = "小麦面积10.8万亩，小麦产量4.1亿元。"
    statements = [
        said(text, "10.8万亩", "level", "小麦面积", "10.8", "万亩"),
        said(text, "4.1亿元", "level", "小麦产量", "4.1", "亿元"),
    ]
    assert checks_of(text, statements) == ()


def test_a_yield_without_the_name_of_its_crop_is_of_what_stands_close() -> None:
    for gap, count in (("", 1), ("。又说别的事" * 60, 0)):
        text = f"晚稻播种面积2.5万亩{gap}，总产量9.8万吨。"
        statements = [
            said(text, "2.5万亩", "level", "晚稻播种面积", "2.5", "万亩"),
            said(text, "9.8万吨", "level", "总产量", "9.8", "万吨"),
        ]
        assert [check.outcome for check in checks_of(text, statements)] == [Outcome.FAILS] * count


def test_meat_does_not_grow_on_a_field() -> None:
    text = "油菜籽播种面积5.7万亩，肉类总产量0.3万吨。"
    statements = [
        said(text, "5.7万亩", "level", "油菜籽播种面积", "5.7", "万亩"),
        said(text, "0.3万吨", "level", "肉类总产量", "0.3", "万吨"),
    ]
    assert checks_of(text, statements) == ()
