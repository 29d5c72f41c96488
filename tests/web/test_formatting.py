"""Figures as a reader of each language writes them, down to the space and the sign."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from sundry.kernel.messages import LANGUAGES
from sundry.web import formatting
from sundry.web.formatting import LEFT_TO_RIGHT, LOCALES, MINUS

NB, NARROW = "\u00a0", "\u202f"


def test_every_language_of_the_messages_has_its_locale() -> None:
    assert tuple(LOCALES) == LANGUAGES


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", f"{MINUS}1,234,567.5"),
        ("en", f"{MINUS}1,234,567.5"),
        ("ar", f"{LEFT_TO_RIGHT}{MINUS}1,234,567.5"),
        ("es", f"{MINUS}1.234.567,5"),
        ("fr", f"{MINUS}1{NARROW}234{NARROW}567,5"),
        ("ru", f"{MINUS}1{NB}234{NB}567,5"),
    ],
)
def test_a_number(language: str, shown: str) -> None:
    assert formatting.number(Decimal("-1234567.5"), language) == shown


def test_decimals_are_as_many_as_there_are_or_as_asked() -> None:
    assert [formatting.number(7, "en", decimals=places) for places in (None, 0, 2)] == ["7", "7", "7.00"]
    assert formatting.number(0.1 + 0.2, "en") == "0.3"
    assert formatting.number(Fraction(2, 3), "en") == "0.667"
    assert [formatting.number(Decimal(half), "en", decimals=0) for half in ("0.5", "1.5")] == ["0", "2"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", f"USD{NB}{MINUS}1,234.50"),
        ("en", f"USD{NB}{MINUS}1,234.50"),
        ("ar", f"USD{NB}{LEFT_TO_RIGHT}{MINUS}1,234.50"),
        ("es", f"{MINUS}1.234,50{NB}USD"),
        ("fr", f"{MINUS}1{NARROW}234,50{NB}USD"),
        ("ru", f"{MINUS}1{NB}234,50{NB}USD"),
    ],
)
def test_money(language: str, shown: str) -> None:
    assert formatting.money(-123_450, "USD", language) == shown


def test_an_amount_of_a_unit_is_whole_whatever_its_size() -> None:
    assert formatting.amount(2**63 - 1, 2, "en", code="CNY") == f"CNY{NB}92,233,720,368,547,758.07"
    assert formatting.amount(-(2**63), 0, "es") == f"{MINUS}9.223.372.036.854.775.808"
    assert formatting.amount(1_234, 3, "ru", code="KWD") == f"1,234{NB}KWD"


def test_money_has_the_decimals_of_its_currency() -> None:
    shown = [formatting.money(123_456, currency, "en") for currency in ("JPY", "CNY", "KWD")]
    assert shown == [f"JPY{NB}123,456", f"CNY{NB}1,234.56", f"KWD{NB}123.456"]
    assert formatting.money(10**20 + 1, "CNY", "en").endswith(",000.01")
    with pytest.raises(ValueError, match="XXX"):
        formatting.money(1, "XXX", "en")


@pytest.mark.parametrize(
    ("language", "weight", "volume", "share"),
    [
        ("zh", f"1,234.5{NB}kg", "0.125立方米", "87.5%"),
        ("en", f"1,234.5{NB}kg", f"0.125{NB}m³", "87.5%"),
        ("ar", f"1,234.5{NB}كغم", f"0.125{NB}م³", "87.5%"),
        ("es", f"1.234,5{NB}kg", f"0,125{NB}m³", f"87,5{NB}%"),
        ("fr", f"1{NARROW}234,5{NARROW}kg", f"0,125{NARROW}m³", f"87,5{NB}%"),
        ("ru", f"1{NB}234,5{NB}кг", f"0,125{NB}м³", f"87,5{NB}%"),
    ],
)
def test_weights_volumes_and_shares(language: str, weight: str, volume: str, share: str) -> None:
    assert formatting.kilograms(1_234_500, language) == weight
    assert formatting.cubic_metres(125_000_000, language) == volume
    assert formatting.percent(Fraction(7, 8), language) == share


def test_weights_and_volumes_keep_what_they_are_told_to() -> None:
    assert formatting.kilograms(72_001, "en") == f"72.001{NB}kg"
    assert formatting.kilograms(72_000, "en", decimals=1) == f"72.0{NB}kg"
    assert formatting.cubic_metres(61_250_000_000, "en", decimals=1) == f"61.2{NB}m³"
    assert [formatting.percent(share, "en", decimals=0) for share in (0, 0.904, 1)] == ["0%", "90%", "100%"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", f"20{NB}MB"),
        ("en", f"20{NB}MB"),
        ("ar", f"20{NB}م.ب"),
        ("es", f"20{NB}MB"),
        ("fr", f"20{NARROW}Mo"),
        ("ru", f"20{NB}МБ"),
    ],
)
def test_the_size_of_a_file(language: str, shown: str) -> None:
    assert formatting.file_size(20_000_000, language) == shown


def test_sizes_use_the_largest_unit_that_leaves_one() -> None:
    sizes = [formatting.file_size(size, "fr") for size in (0, 999, 1000, 1_250_000, 3_000_000_000)]
    assert sizes == [f"0{NARROW}o", f"999{NARROW}o", f"1{NARROW}ko", f"1,2{NARROW}Mo", f"3{NARROW}Go"]


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("zh", "2026年11月22日", "2026年11月22日 00:30"),
        ("en", f"22{NB}Nov{NB}2026", f"22{NB}Nov{NB}2026, 00:30"),
        ("ar", f"22{NB}نوفمبر{NB}2026", f"22{NB}نوفمبر{NB}2026، 00:30"),
        ("es", f"22{NB}nov{NB}2026", f"22{NB}nov{NB}2026, 00:30"),
        ("fr", f"22{NB}nov.{NB}2026", f"22{NB}nov.{NB}2026, 00:30"),
        ("ru", f"22{NB}нояб.{NB}2026{NARROW}г.", f"22{NB}нояб.{NB}2026{NARROW}г., 00:30"),
    ],
)
def test_days_and_moments_are_those_of_the_market(language: str, day: str, moment: str) -> None:
    """It is half past midnight in Yiwu and still the evening before in London."""
    when = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert formatting.day(date(2026, 11, 22), language) == day
    assert formatting.day(when, language) == day
    assert formatting.moment(when, language) == moment
    assert formatting.moment(when.astimezone(timezone(timedelta(hours=-5))), language) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formatting.moment(datetime(2026, 11, 22), "en")  # noqa: DTZ001


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_can_be_cut_or_holds_a_hyphen(language: str) -> None:
    shown = [
        formatting.number(-1234567, language),
        formatting.money(-123_456_789, "CNY", language),
        formatting.kilograms(-1_234_500, language),
        formatting.cubic_metres(-1_125_000_000, language),
        formatting.percent(-0.5, language),
        formatting.file_size(12_000, language),
        formatting.day(date(2026, 11, 22), language),
    ]
    assert not [text for text in shown if " " in text or "-" in text]
    assert all(character not in "٠١٢٣٤٥٦٧٨٩" for text in shown for character in text)
