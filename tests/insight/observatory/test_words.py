"""As many digits as were printed, a band stays a band, and a period is told by its months."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from sundry.engines.reading.model import Basis, BasisSource, Bound, Outcome, Type
from sundry.insight.observatory import words
from sundry.insight.observatory.rules import Actuality, Standing
from sundry.insight.observatory.words import Amount, Writing
from sundry.web.formatting import LOCALES, number

LANGUAGES = {"zh": "zh-hans", "en": "en", "ar": "ar", "es": "es", "fr": "fr", "ru": "ru"}


def writing(language: str) -> Writing:
    return Writing(language, lambda value, decimals: number(value, language, decimals=decimals), LOCALES[language])


def told(amount: Amount, language: str, **more: Any) -> str:
    with translation.override(LANGUAGES[language]):
        return words.amount(amount, writing(language), **more).replace("\u00a0", " ")


def amount(printed: str, unit: str, bound: Bound = Bound.EQ, low: str = "", high: str = "") -> Amount:
    value = Decimal(printed) if printed else None
    decimals = len(printed.partition(".")[2])
    ends = (Decimal(end) if end else None for end in (low, high))
    return Amount(value, *ends, unit, bound, decimals)


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (amount("12.50", "亿元"), "12.50亿元", "1.250 billion yuan"),
        (amount("5500", "万元", Bound.BAND, "5500", "5600"), "5,500–5,600万元", "55–56 million yuan"),
        (amount("620", "亿元", Bound.GT), ">620亿元", ">62.0 billion yuan"),
        (amount("8.6", "万户", Bound.GE), "≥8.6万户", "≥86,000"),
        (amount("-5.1", "%"), "−5.1%", "−5.1%"),
        (amount("1.7", "个百分点"), "1.7个百分点", "1.7 percentage points"),
        (amount("612", "家"), "612家", "612"),
        (amount("4.2", "万头"), "4.2万头", "42,000"),
        (amount("38", "万平方米"), "38万平方米", "380,000 m²"),
        (amount("", "年", low="20", high="99"), "20–99年", "20–99 years"),
        (amount("", "家", low="10"), "≥10家", "≥10"),
        (amount("", "%", high="3"), "≤3%", "≤3%"),
        (amount("3", "部"), "3部", "3 部"),
        (amount("300", "万部"), "300万部", "3.00 million 部"),
        (amount("1", "天"), "1天", "1 day"),
        (amount("1.0", "个百分点"), "1.0个百分点", "1.0 percentage points"),
        (amount("2.60", "万亿元"), "2.60万亿元", "2.60 trillion yuan"),
        (amount("2.60", "万亿吨"), "2.60万亿吨", "2,600 billion tonnes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_figure_keeps_its_printed_digits(given: Amount, zh: str, en: str) -> None:
    assert told(given, "zh") == zh
    assert told(given, "en") == en


def test_an_interval_of_arithmetic_has_brackets() -> None:
    assert told(amount("", "%", low="1.6", high="1.8"), "en", is_interval=True) == "[1.6, 1.8]%"


def test_a_figure_keeps_its_direction_in_arabic() -> None:
    shown = told(amount("-5.1", "%"), "ar")
    assert shown.startswith("\u2066")
    assert "\u200e" not in shown


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("2026", "2026年", "2026"),
        ("2026-Q1", "2026年1月至3月", "January – March 2026"),
        ("2026-H2", "2026年7月至12月", "July – December 2026"),
        ("2026-05", "2026年5月", "May 2026"),
        ("2026-01/2026-02", "2026年1月至2月", "January – February 2026"),
        ("2025-11/2026-01", "2025年11月至2026年1月", "November 2025 – January 2026"),
        ("2026-04-24", "2026年4月24日", "24 April 2026"),
        ("2026-05-12/2026-05-14", "2026年5月12日至14日", "12–14 May 2026"),
        ("2006/2026", "2006–2026年", "2006–2026"),
        ("", "", ""),
        ("next spring", "next spring", "next spring"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
    ],
)
def test_a_period_is_told_by_its_months(code: str, zh: str, en: str) -> None:
    assert words.period(code, writing("zh")) == zh
    assert words.period(code, writing("en")).replace("\u2009", " ") == en  # CLDR puts thin spaces around the dash


def test_a_stock_an_aim_and_what_still_runs_say_so() -> None:
    english = writing("en")
    assert words.period("asof 2026-04", english) == "as of April 2026"
    assert words.period("until 2028", english) == "by 2028"
    assert words.period("2018-07/", english) == "since July 2018"
    assert words.period(None, english) == ""


def test_every_word_is_there() -> None:
    for table, kinds in (
        (words.TYPES, Type),
        (words.STANDINGS, Standing),
        (words.OUTCOMES, Outcome),
        (words.BASES, Basis),
        (words.BASES_SHORT, Basis),
        (words.BASIS_SOURCES, BasisSource),
        (words.ACTUALITIES, Actuality),
    ):
        assert {str(kind) for kind in table} == {str(kind) for kind in kinds}
    assert words.check("sum") == "Sum of the parts"
    assert words.check("unheard") == "unheard"


def test_a_place_and_an_indicator_have_names() -> None:
    assert [words.region_level(code) for code in ("CN", "330000", "330700", "330782", None)] == [
        "Country",
        "Province",
        "Prefecture",
        "Town or county",
        "",
    ]
    assert words.indicator("exports", "出口", "en") == "Exports"
    assert words.indicator("", "钟表修理", "en") == "钟表修理"


def test_what_we_derived_has_few_decimals() -> None:
    assert words.rounded(Decimal("1.23456789")) == Decimal("1.2346")
    assert str(words.rounded(Decimal("1200.0000"))) == "1200"
