"""The sentence of a check tells indicators, periods and figures as a card does, in the language of the reader."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from sundry.engines.reading.checking import Note
from sundry.engines.reading.model import Outcome
from sundry.insight.observatory import notes
from sundry.insight.observatory.rules import CheckView
from sundry.insight.observatory.words import Writing
from sundry.web.formatting import LOCALES, number

LANGUAGES = {"zh": "zh-hans", "en": "en", "ar": "ar", "es": "es", "fr": "fr", "ru": "ru"}
HOME = {"990182": "麓泽市"}


def writing(language: str) -> Writing:
    return Writing(language, lambda value, decimals: number(value, language, decimals=decimals), LOCALES[language])


def told(language: str = "en", places: dict[str, str] = HOME, **fields: Any) -> str:
    given: dict[str, Any] = {
        "id": uuid.UUID(int=1), "page": uuid.UUID(int=2), "page_name": "p", "issued": date(2026, 4, 23), "kind": "gap",
        "outcome": Outcome.HOLDS, "spans": (), "quotes": (), "pages": (), "statements": (), "stated": "1.1百分点",
        "derived": (Decimal("1.000000"), Decimal("1.200000")), "note": Note.AGREES, "values": {"unit": "百分点"},
        "repair": "",
    }  # fmt: skip
    with translation.override(LANGUAGES[language]):
        text = notes.note(CheckView(**(given | fields)), writing(language), places)
    return text.replace("\u2009", " ").replace("\u00a0", " ").replace("\u202f", " ")


IMPLIED: dict[str, Any] = {
    "outcome": Outcome.IMPLIED,
    "note": Note.OTHER_REGION,
    "stated": "",
    "values": {
        "unit": "亿元",
        "indicator": "外贸出口",
        "key": "exports",
        "place": "990182",
        "period": "2026-01/2026-02",
    },
    "derived": (Decimal("15.301825"), Decimal("15.409836")),
}


def test_a_figure_that_follows_has_the_names_periods_and_units_of_the_reader() -> None:
    assert told(**IMPLIED).endswith("Exports, 麓泽市, January – February 2026: [1.53018, 1.54098] billion yuan.")
    assert told("zh", **IMPLIED).endswith("外贸出口额，麓泽市，2026年1月至2月：[15.3018, 15.4098]亿元。")


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru"])
def test_no_code_and_no_chinese_name_is_left_for_other_readers(language: str) -> None:
    shown = told(language, **IMPLIED)
    for code in ("2026-01", "990182", "亿元", "外贸", "{"):
        assert code not in shown, shown


def test_a_place_that_nobody_named_is_told_by_its_kind_and_not_by_its_code() -> None:
    shown = told(**(IMPLIED | {"values": IMPLIED["values"] | {"place": "990000"}}), places={})
    assert "Province" in shown
    assert "990000" not in shown


def test_an_indicator_that_no_dictionary_has_keeps_the_words_of_the_page() -> None:
    shown = told(**(IMPLIED | {"values": IMPLIED["values"] | {"key": "", "indicator": "竹编灯笼产量"}}))
    assert "竹编灯笼产量" in shown


def test_rates_have_no_more_decimals_than_papers_print() -> None:
    shown = told(stated="82.3%", derived=(Decimal("70.26384"), Decimal("75.291575")), values={"unit": "%"})
    assert shown.startswith("82.3% is printed, and the other figures give [70.26, 75.29]%")


def test_a_guess_and_a_day_are_told_too() -> None:
    rounding = told(note=Note.WITHIN_ROUNDING, outcome=Outcome.EXPLAINED, values={"unit": "百分点", "guess": "1.2"})
    assert "as printed give 1.2 percentage points." in rounding
    day = told(kind="date", note=Note.ISSUE_DATE, stated="8天", derived=None, values={"guess": "2026-04-12"})
    assert day == "A countdown of 8 days is printed, so the page is of 12 April 2026."
    year = told(kind="date", note=Note.DATES_AGREE, stated="18年", derived=None, values={"year": "2026"})
    assert year == "18 years is printed, and it fits the dates: 2026."


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("118.9亿元", "11.89 billion yuan"),
        ("-0.5百分点", "−0.5 percentage points"),
        ("3个", "3"),
        ("55..60万元", "550,000–600,000 yuan"),
        ("..3%", "≤3%"),
        ("第四", "第四"),
        ("..", ".."),
        ("", ""),
    ],
)
def test_a_figure_of_a_note_is_told_in_the_units_of_the_reader(stated: str, shown: str) -> None:
    with translation.override("en"):
        assert notes.printed(stated, writing("en")) == shown
