"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.orders.reading.numerals import from_float, parse, tidy, uses_decimal_comma


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12件/箱", "12"),
        ("0.065m³", "0.065"),
        ("¥3.5", "3.5"),
        ("１２", "12"),
        ("٨٫٤٦", "8.46"),
        ("١٬٢٠٠", "1200"),
        ("1,200", "1200"),
        ("1,234,567.89", "1234567.89"),
        ("1.234,56", "1234.56"),
        ("3,50", "3.50"),
        ("0,065", "0.065"),
        ("1 200,5", "1200.5"),
        ("US$ 0.58/dz", "0.58"),
        ("(12)", "-12"),
        ("-¥3.5", "-3.5"),
        ("−12", "-12"),
        ("1.2万", "12000"),
        ("共1451箱", "1451"),
        (".5", "0.5"),
    ],
)
def test_a_typed_number_is_read(text: str, number: str) -> None:
    read = parse(text)
    assert read is not None
    assert read.number == Decimal(number)


def test_what_is_no_number_is_none() -> None:
    assert parse("待定") is None
    assert parse("") is None


def test_a_lone_dot_before_three_digits_follows_the_books_habit() -> None:
    assert parse("1.250") == parse("1.250", decimal_comma=False)
    assert parse("1.250").number == Decimal("1.250")  # type: ignore[union-attr]
    assert parse("1.250", decimal_comma=True).number == 1250  # type: ignore[union-attr]
    assert parse("1,250", decimal_comma=True).number == Decimal("1.250")  # type: ignore[union-attr]


def test_a_size_gives_its_three_numbers_and_the_power_of_a_unit_none() -> None:
    size = parse('23.6"x15.7"x13.8"')
    assert size is not None
    assert (size.number, *size.others) == (Decimal("23.6"), Decimal("15.7"), Decimal("13.8"))
    assert parse("0.065 m3").others == ()  # type: ignore[union-attr]


def test_a_sheets_float_is_what_excel_shows() -> None:
    assert from_float(0.1 + 0.2) == Decimal("0.3")
    assert from_float(18120.000000000004) == Decimal("18120")


@pytest.mark.parametrize(("text", "comma"), [("1.375,00", True), ("62,5", True), ("62.5", False), ("1200", None)])
def test_a_text_may_tell_the_decimal_mark(text: str, comma: bool | None) -> None:
    assert uses_decimal_comma(text) is comma


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_what_a_program_prints_is_read_back(whole: int, cents: int) -> None:
    for text in (f"{whole:,}.{cents:02}", f"{whole}.{cents:02}"):
        read = parse(text)
        assert read is not None
        assert read.number == Decimal(f"{whole}.{cents:02}")


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    parse(text)
    tidy(text)


def test_exponents_are_read_and_scribbles_are_not() -> None:
    assert parse("1E3").number == 1000  # type: ignore[union-attr]
    assert parse("3..5") is None
    assert parse("1.2.3") is None
    assert parse("10+2").others == (2,)  # type: ignore[union-attr]
