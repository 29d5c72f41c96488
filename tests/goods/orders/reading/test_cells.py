"""Cells as figures: numbers, currencies, carton numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from sundry.goods.orders.formats.grid import Cell, CellError
from sundry.goods.orders.reading.cells import carton_count, figure, format_currency, show


@pytest.mark.parametrize(
    ("number_format", "currency"),
    [
        ("[$US$-409] #,##0.00", "USD"),
        ("[$¥-804]#,##0.00", "CNY"),
        ("[$¥-411]0", "JPY"),
        ('"¥"#,##0.00', "CNY"),
        ("_ [$€-2] * #,##0", "EUR"),
        ("$#,##0.00", "USD"),
        ('#,##0.00"元"', "CNY"),
        ("[$-409]0", None),
        ("0.000", None),
        ("General", None),
    ],
)
def test_a_number_format_tells_the_currency(number_format: str, currency: str | None) -> None:
    assert format_currency(number_format) == currency


@pytest.mark.parametrize(
    ("text", "cartons"),
    [
        ("1-30", 30),
        ("C/NO. 46~57", 12),
        ("88", 1),
        ("NO.88", 1),
        ("1-12,15", 13),
        ("13—24 (12)", 12),
        ("HT001-HT012", 12),
        ("1 al 12", 12),
        ("من 1 إلى 12", 12),
        ("51、53、55", 3),
        ("60-61/65-66", 4),
        ("S1-46~57", 12),
        ("46..57", 12),
        ("共12箱", 12),
        ("12-1", None),
        ("待定", None),
    ],
)
def test_carton_numbers_are_counted(text: str, cartons: int | None) -> None:
    assert carton_count(Cell(text))[0] == cartons


def test_a_range_that_excel_turned_into_a_date_is_turned_back() -> None:
    assert carton_count(Cell(datetime(2026, 1, 12), number_format="m-d")) == (12, "1-12")  # noqa: DTZ001


def test_blanks_dashes_and_errors_are_told_apart() -> None:
    assert figure(None).blank
    assert figure(Cell("-")).blank
    assert figure(Cell("无")).blank
    assert figure(Cell(CellError("#REF!"))).problem == "formula_error"
    assert figure(Cell("about ten")).problem == "not_a_number"
    assert figure(Cell(None, formula="NOW()")).problem == "no_value"


def test_a_figure_keeps_what_stands_around_it() -> None:
    price = figure(Cell("US$1.20/dz"))
    assert (price.number, price.currency, price.suffix) == (Decimal("1.20"), "USD", "/dz")
    assert show(Cell(12.0)) == "12"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e300, -1e12, "9" * 40])
def test_a_figure_beyond_all_orders_is_no_number(value: float | str) -> None:
    assert figure(Cell(value)).problem == "not_a_number"
