"""Periods as days, and whether they add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.insight.observatory.periods import accumulation_of, days_of, is_period, kinds_for


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30)),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-01/2026-02", date(2026, 1, 1), date(2026, 2, 28)),
        ("2026-05-12", date(2026, 5, 12), date(2026, 5, 12)),
        ("2026-05-30/2026-06-01", date(2026, 5, 30), date(2026, 6, 1)),
        ("2018-07/", date(2018, 7, 1), None),
        ("asof 2026-04", date(2026, 4, 1), date(2026, 4, 30)),
        ("asof 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("until 2028", None, date(2028, 12, 31)),
        ("until 2026-12", None, date(2026, 12, 31)),
        (None, None, None),
        ("", None, None),
    ],
)
def test_a_period_has_days(code: str | None, first: date | None, last: date | None) -> None:
    assert days_of(code) == (first, last)


@pytest.mark.parametrize(
    "code", ["2026-Q5", "2026-13", "2025-02-30", "2026-05/2026-04", "soon", "26-Q1", "2026-Q1 ", "/2026", "2026-1"]
)
def test_what_is_no_period(code: str) -> None:
    assert not is_period(code)
    with pytest.raises(ValueError, match=r"\w"):
        days_of(code)


def test_nothing_is_no_period_that_a_person_may_write() -> None:
    assert not is_period("")


@pytest.mark.parametrize(
    ("code", "kinds", "expected"),
    [
        ("2026-Q1", (), "ytd"),
        ("2026-Q2", (), "single"),
        ("2026-H1", (), "ytd"),
        ("2026-H2", (), "single"),
        ("2026", (), "ytd"),
        ("2026-01/2026-05", (), "ytd"),
        ("2026-02/2026-05", (), "single"),
        ("2026-05", (), "single"),
        ("2026-01", (), "single"),
        ("2026-01", ("cumulative",), "ytd"),
        ("2025-01/2026-05", (), "single"),
        ("2026-01-01/2026-01-20", ("cumulative",), "single"),
        ("2018-07/", (), "single"),
        ("asof 2026-04", (), "stock"),
        ("until 2028", (), "stock"),
        ("2025", ("stock", "actual"), "stock"),
        (None, (), "stock"),
    ],
)
def test_what_is_counted_from_january_on_is_told_apart(code: str | None, kinds: tuple[str, ...], expected: str) -> None:
    assert accumulation_of(code, kinds) == expected


def test_the_kinds_follow_a_corrected_period() -> None:
    assert kinds_for("asof 2026-04", ("cumulative", "actual")) == ("actual", "stock")
    assert kinds_for("2026-Q1", ("stock", "actual")) == ("actual", "cumulative")
    assert kinds_for("2026-03", ("cumulative", "target")) == ("target",)
    assert kinds_for(None, ("cumulative", "actual")) == ("actual",)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_two_days_are_a_period_in_their_order_only(one: date, other: date) -> None:
    code = f"{one}/{other}"
    assert is_period(code) == (one <= other)
    if one <= other:
        assert days_of(code) == (one, other)
