from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.kernel.money import CURRENCIES, CurrencyMismatch, Money, exponent

ROOT = Path(__file__).resolve().parents[2]

currencies = st.sampled_from(sorted(CURRENCIES))
amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("VND", 0), ("CNY", 2), ("USD", 2), ("KWD", 3), ("TND", 3)]
)
def test_decimals_of_the_minor_unit(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


def test_what_is_no_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="USDT"):
        Money(1, "USDT")


def test_two_currencies_do_not_add_subtract_or_compare() -> None:
    yuan, dollar = Money[str](100, "CNY"), Money[str](100, "USD")
    for mix in (lambda: yuan + dollar, lambda: yuan - dollar, lambda: yuan < dollar, lambda: yuan >= dollar):
        with pytest.raises(CurrencyMismatch, match=r"CNY and USD|USD and CNY"):
            mix()
    assert yuan != dollar


def test_a_sum_of_two_currencies_does_not_type_check(tmp_path: Path) -> None:
    program = tmp_path / "sum.py"
    program.write_text(
        "from typing import Literal\n"
        "from sundry.kernel.money import Money\n"
        "Yuan, Dollar = Money[Literal['CNY']], Money[Literal['USD']]\n"
        "def same(a: Money[Literal['CNY']], b: Money[Literal['CNY']]) -> object: return a + b\n"
        "def mixed(a: Money[Literal['CNY']], b: Money[Literal['USD']]) -> object: return a + b\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--cache-dir", str(tmp_path), str(program)], cwd=ROOT, capture_output=True, text=True
    )
    errors = [line for line in done.stdout.splitlines() if "error:" in line]
    assert len(errors) == 1
    assert "sum.py:5: error: Unsupported operand types for +" in errors[0]


@given(amounts, amounts, currencies)
@settings(deadline=None)
def test_sums_are_exact(left: int, right: int, currency: str) -> None:
    assert Money(left, currency) + Money(right, currency) - Money(right, currency) == Money(left, currency)
    assert (Money(left, currency) <= Money(right, currency)) == (left <= right)


@given(amounts, currencies)
@settings(deadline=None)
def test_text_is_read_back_as_it_was_written(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert Money.parse(money.format(), currency) == money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.5", "CNY", 1250), ("-0.01", "USD", -1), ("1200", "JPY", 1200), ("1.5", "KWD", 1500), ("3.50000", "CNY", 350)],
)
def test_parse(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency).amount_minor == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("0.001", "CNY"), ("0.5", "JPY"), ("", "CNY"), ("NaN", "CNY"), ("Infinity", "CNY"), ("¥3", "CNY")],
)
def test_what_is_no_exact_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        Money.parse(text, currency)


@pytest.mark.parametrize(
    ("minor", "cents"),
    [(5, 2), (15, 8), (25, 12), (26, 13), (-5, -2)],  # halves go to the even cent
)
def test_conversion_rounds_half_even(minor: int, cents: int) -> None:
    assert Money(minor, "CNY").convert("USD", Decimal("0.5")).amount_minor == cents


def test_conversion_knows_the_decimals_of_both() -> None:
    assert Money(1000, "JPY").convert("USD", Decimal("0.01")) == Money(1000, "USD")
    assert Money(1000, "USD").convert("KWD", Decimal("0.3")) == Money(3000, "KWD")


def test_the_type_may_name_the_currency() -> None:
    price: Money[Literal["USD"]] = Money(15_000_000, "USD")
    assert str(price) == "USD 150000.00"
    assert price * 2 == -(-price - price)
