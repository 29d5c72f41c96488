from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.kernel.errors import UsageError
from sundry.kernel.exchange import Rate, Rates, parse_rate, resolve_rates
from sundry.kernel.parameters import Parameters

DAY = date(2026, 11, 2)
FIELDS = "source: a bank, confidence: S, reviewer: null"
KNOWN = Parameters.parse(
    "exchange",
    f"""
usd:
  - {{value: {{CNY: "7.00", EUR: "0.90"}}, from: 2026-01-01, until: 2026-10-30, {FIELDS}}}
  - {{value: {{CNY: "6.65"}}, from: 2026-10-30, until: null, {FIELDS}}}
usd_pegs:
  - {{value: {{AED: "3.6725"}}, from: 2014-07-01, until: null, {FIELDS}}}
""",
)


@pytest.mark.parametrize("text", ["USDCNY=7.10", "usd/cny=7.10", " USDCNY=7.10 "])
def test_a_rate_is_read(text: str) -> None:
    assert parse_rate(text) == Rate("USD", "CNY", Decimal("7.10"))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("USDCNY", "rate_malformed"),
        ("USDCNY=", "rate_malformed"),
        ("USDCNY=0", "rate_malformed"),
        ("USDCNY=0.000", "rate_malformed"),
        ("USDCNY=-7", "rate_malformed"),
        ("USDCNY=7,10", "rate_malformed"),
        ("USDCNY=7e3", "rate_malformed"),
        ("USDCNY=nan", "rate_malformed"),
        ("USDUSD=1", "rate_malformed"),
        ("USDCNX=7.1", "rate_currency_unknown"),
        ("", "rate_malformed"),
    ],
)
def test_a_rate_that_cannot_be_read_is_told(text: str, rule: str) -> None:
    with pytest.raises(UsageError) as fault:
        parse_rate(text)
    assert fault.value.rule == rule
    assert fault.value.exit_code == 64


def test_a_given_rate_is_used_without_a_word() -> None:
    rates, findings = resolve_rates(["USDCNY=7.10"], ["CNY", "USD"], DAY, KNOWN)
    assert rates.usd_cents(1250, "CNY") == 176
    assert rates.usd_cents(1250, "USD") == 1250
    assert findings == ()


def test_two_given_rates_meet_in_one_rounding() -> None:
    rates, findings = resolve_rates(["USDCNY=7.10", "EURCNY=7.90"], ["EUR"], DAY, KNOWN)
    assert rates.usd_cents(10_000, "EUR") == 11_127
    assert rates.factor("EUR", "USD") == Fraction("7.90") / Fraction("7.10")
    assert findings == ()


def test_without_a_rate_the_newest_of_the_day_is_taken_and_its_date_told() -> None:
    rates, (finding,) = resolve_rates([], ["CNY"], DAY, KNOWN)
    assert rates.usd_cents(665, "CNY") == 100
    assert finding.rule == "rate_from_parameters"
    assert "2026-10-30" in finding.message("en")
    assert "2026-10-30" in finding.message("zh")
    before, (finding,) = resolve_rates([], ["CNY"], date(2026, 10, 29), KNOWN)
    assert before.usd_cents(700, "CNY") == 100
    assert "2026-01-01" in finding.message("en")


def test_a_currency_missing_in_the_newest_table_is_found_in_an_older_one() -> None:
    _, (finding,) = resolve_rates([], ["EUR"], DAY, KNOWN)
    assert finding.details["day"] == "2026-01-01"


def test_a_rate_of_a_later_day_stands_in_and_is_told_as_such() -> None:
    rates, (finding,) = resolve_rates([], ["CNY"], date(2020, 1, 1), KNOWN)
    assert rates.usd_cents(700, "CNY") == 100
    assert finding.rule == "rate_from_a_later_day"


def test_what_she_gave_between_two_currencies_holds_for_both() -> None:
    """EURCNY is hers, so EUR and CNY both reach USD through one rate of ours."""
    rates, findings = resolve_rates(["EURCNY=8"], ["EUR", "CNY"], DAY, KNOWN)
    assert rates.factor("EUR", "CNY") == 8
    assert rates.factor("EUR", "USD") == 8 * rates.factor("CNY", "USD")
    assert [finding.value for finding in findings] == ["USDCNY=6.65"]


def test_a_peg_counts_as_a_rate_of_ours() -> None:
    rates, _ = resolve_rates([], ["AED"], DAY, KNOWN)
    assert rates.usd_cents(36_725, "AED") == 10_000


def test_a_rate_nobody_needed_is_noted() -> None:
    _, findings = resolve_rates(["USDCNY=7.1", "USDGBP=0.8"], ["CNY"], DAY, KNOWN)
    assert [finding.rule for finding in findings] == ["rate_not_needed"]


@pytest.mark.parametrize(
    ("texts", "currencies", "rule"),
    [
        (["USDCNY=7.1", "USDCNY=7.2"], ["CNY"], "rate_given_twice"),
        (["USDCNY=7.1", "CNYUSD=0.14"], ["CNY"], "rate_given_twice"),
        ([], ["GBP"], "rate_missing"),
        ([], ["XYZ"], "rate_currency_unknown"),
    ],
)
def test_what_cannot_be_resolved_is_told(texts: list[str], currencies: list[str], rule: str) -> None:
    with pytest.raises(UsageError) as fault:
        resolve_rates(texts, currencies, DAY, KNOWN)
    assert fault.value.rule == rule


def test_rates_that_do_not_reach_are_told() -> None:
    with pytest.raises(UsageError, match="CNY to GBP"):
        Rates((Rate("USD", "CNY", Decimal(7)),)).convert(1, "CNY", "GBP")


@given(st.integers(0, 10**12), st.decimals("0.0001", "9999", places=4))
@settings(deadline=None)
def test_conversion_is_within_half_a_cent(fen: int, units: Decimal) -> None:
    cents = Rates((Rate("USD", "CNY", units),)).usd_cents(fen, "CNY")
    assert abs(cents - Fraction(fen) / Fraction(units)) <= Fraction(1, 2)


def test_yen_have_no_decimals() -> None:
    rates = Rates((Rate("USD", "JPY", Decimal(150)),))
    assert rates.usd_cents(150, "JPY") == 100
    assert rates.convert(100, "USD", "JPY") == 150
