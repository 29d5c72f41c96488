"""Interval arithmetic: the true value is always inside, and never more is promised than is known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sundry.engines.reading.intervals import EVERYTHING, Interval, exactly, intersection, rounded

VALUES = st.decimals(min_value=-(10**6), max_value=10**6, places=3, allow_nan=False, allow_infinity=False)
MAYBE = st.none() | VALUES


@st.composite
def cases(draw: st.DrawFn) -> tuple[Interval, Decimal]:
    """An interval and a value that lies in it."""
    value, low, high = draw(VALUES), draw(MAYBE), draw(MAYBE)
    low, high = (None if low is None else min(low, value)), (None if high is None else max(high, value))
    return (
        Interval(low, high, draw(st.booleans()) and low != value, draw(st.booleans()) and high != value),
        value,
    )


def holds(interval: Interval, true: Fraction) -> bool:
    low = (
        interval.low is None
        or Fraction(interval.low) < true
        or (Fraction(interval.low) == true and not interval.is_low_open)
    )
    high = (
        interval.high is None
        or true < Fraction(interval.high)
        or (Fraction(interval.high) == true and not interval.is_high_open)
    )
    return low and high


@given(cases(), cases())
def test_the_true_result_is_always_inside(one: tuple[Interval, Decimal], other: tuple[Interval, Decimal]) -> None:
    (a, x), (b, y) = one, other
    assert holds(a + b, Fraction(x) + Fraction(y))
    assert holds(a - b, Fraction(x) - Fraction(y))
    assert holds(a * b, Fraction(x) * Fraction(y))
    assert holds(-a, -Fraction(x))
    assume(y != 0)
    assert holds(a / b, Fraction(x) / Fraction(y))


@given(cases(), cases(), VALUES)
def test_an_intersection_holds_what_both_hold_and_nothing_else(
    one: tuple[Interval, Decimal], other: tuple[Interval, Decimal], value: Decimal
) -> None:
    a, b = one[0], other[0]
    both = intersection(a, b)
    assert (both is not None and value in both) == (value in a and value in b)
    assert a.meets(b) == b.meets(a)


@given(VALUES, st.integers(min_value=0, max_value=3))
def test_what_is_printed_holds_what_it_was_rounded_from(true: Decimal, decimals: int) -> None:
    printed = true.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP")
    if printed != 0:  # a negative number that is printed as 0 has lost its sign
        assert true in rounded(printed, decimals)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            rounded(Decimal("8.4"), 1) - rounded(Decimal("6.9"), 1),
            Interval(Decimal("1.40"), Decimal("1.60"), True, True),
        ),
        (rounded(Decimal("-2.5"), 1), Interval(Decimal("-2.55"), Decimal("-2.45"), True, False)),
        (rounded(Decimal(300), -2), Interval(Decimal(250), Decimal(350), False, True)),
        (Interval(Decimal(200), None) * exactly(3), Interval(Decimal(600), None)),
        (Interval(Decimal(2), Decimal(4)) / Interval(Decimal(0), Decimal(2)), Interval(Decimal(1), None)),
        (Interval(Decimal(2), Decimal(4)) / Interval(Decimal(-2), Decimal(0)), Interval(None, Decimal(-1))),
        (exactly(6) / Interval(Decimal(2), None), Interval(Decimal(0), Decimal(3), True, False)),
        (exactly(1) / Interval(Decimal(-1), Decimal(1)), EVERYTHING),
        (exactly(1) / exactly(0), EVERYTHING),
        (exactly(0) * EVERYTHING, exactly(0)),
    ],
)
def test_worked_cases(made: Interval, expected: Interval) -> None:
    assert made == expected


def test_a_third_is_rounded_outwards() -> None:
    third = exactly(1) / exactly(3)
    assert third.low is not None
    assert third.high is not None
    assert Fraction(third.low) < Fraction(1, 3) < Fraction(third.high)


@pytest.mark.parametrize("ends", [(2, 1, False, False), (1, 1, True, False)])
def test_nothing_lies_between(ends: tuple[int, int, bool, bool]) -> None:
    with pytest.raises(ValueError, match="nothing lies between"):
        Interval(Decimal(ends[0]), Decimal(ends[1]), ends[2], ends[3])


def test_ends_that_touch_meet_only_where_both_are_closed() -> None:
    below, above = Interval(Decimal(1), Decimal(2)), Interval(Decimal(2), Decimal(3))
    assert below.meets(above)
    assert not below.meets(Interval(Decimal(2), Decimal(3), True))
    assert below.middle == Decimal("1.5")
    assert EVERYTHING.middle is None
