"""Sums, states and weeks of orders."""

from __future__ import annotations

import doctest
import uuid
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.orders import order_rules
from sundry.goods.orders.order_rules import (
    ENDED,
    NEXT,
    UNDONE,
    WHOLE_BP,
    Carton,
    MandateState,
    MandateView,
    OrderState,
    Part,
    State,
    TicketView,
    Totals,
    deposit_of,
    fill_bp,
    line_totals,
    monday,
    order_state,
    value_of,
    weeks_for,
)

DAY = date(2026, 11, 22)
FIGURES = st.integers(0, 10**9)


def test_what_the_text_of_the_rules_says_is_so() -> None:
    assert doctest.testmod(order_rules).failed == 0


@given(FIGURES, FIGURES, st.integers(1, 100_000))
def test_a_value_is_rounded_once_to_the_even_side(pieces: int, price: int, per: int) -> None:
    exact = Fraction(pieces * price, per)
    value = value_of(pieces, price, per)
    assert abs(value - exact) <= Fraction(1, 2)
    assert abs(value - exact) < Fraction(1, 2) or value % 2 == 0


@given(FIGURES, st.integers(0, WHOLE_BP))
def test_a_deposit_and_the_rest_are_the_value(value: int, bp: int) -> None:
    assert 0 <= deposit_of(value, bp) <= value
    assert deposit_of(value, WHOLE_BP) == value


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ({State.DRAFT}, OrderState.DRAFT),
        ({State.PLACED, State.CLOSED}, OrderState.OPEN),
        ({State.DECLINED, State.LAPSED, State.CANCELLED}, OrderState.CANCELLED),
        ({State.DECLINED, State.HANDED_OVER}, OrderState.DONE),
        ({State.CLOSED, State.READY}, OrderState.OPEN),
    ],
    ids=["a basket", "one waits", "nothing came of it", "all that came is there", "one is ready"],
)
def test_an_order_is_what_its_sub_orders_make_it(states: set[State], state: OrderState) -> None:
    assert order_state(states) is state


def test_an_order_without_sub_orders_is_none() -> None:
    with pytest.raises(ValueError, match="without sub-orders"):
        order_state(())


def test_what_has_ended_goes_nowhere() -> None:
    assert {state for state, after in NEXT.items() if not after} == ENDED
    assert UNDONE < ENDED
    assert set(NEXT) == set(State)


def test_a_line_without_a_whole_carton_is_unmeasured() -> None:
    whole = Carton(120, 500, 400, 300, 12_000)
    assert line_totals(121, 5, whole) == Totals(1, 121, 2, 5, 0, 0, 120_000_000, 24_000, 0)
    for part in (Carton(), Carton(120), Carton(120, 500, 400, 300), Carton(None, 500, 400, 300, 12_000)):
        assert line_totals(121, 5, part).unmeasured == 1
    assert line_totals(0, 0, whole) == Totals()
    assert line_totals(0, 0, Carton()) == Totals()


def test_a_container_that_is_full_to_the_last_litre() -> None:
    assert (fill_bp(71, 100), fill_bp(100, 100), fill_bp(9_999, 10_000_001)) == (7100, 10_000, 9)


def test_weeks_are_taken_from_the_first_on() -> None:
    first = monday(DAY)
    assert first == date(2026, 11, 16)
    assert weeks_for(5, first_week=first, capacity=5, taken=[5, 5]) is None
    assert weeks_for(5, first_week=first, capacity=5, taken=[9, 3, 4, 0]) == (
        (date(2026, 11, 23), 2),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 7), 2),
    )


def test_a_mandate_holds_from_its_first_day_to_its_last() -> None:
    somebody = Part(None, "Diallo")
    of_a_day = MandateView(
        uuid.UUID(int=1),
        somebody,
        somebody,
        "SN",
        MandateState.IN_FORCE,
        "",
        "CNY",
        None,
        valid_from=DAY,
        valid_until=DAY,
    )
    assert [of_a_day.holds(date(2026, 11, day)) for day in (21, 22, 23)] == [False, True, False]


def test_a_ticket_that_is_void_is_not_complete() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    one = uuid.UUID(int=1)
    assert TicketView(one, "1", one, 1, {}, "", now, now, now, is_void=False).is_complete
    assert not TicketView(one, "1", one, 1, {}, "", now, now, now, is_void=True).is_complete
    assert not TicketView(one, "1", one, 1, {}, "", now, now, None, is_void=False).is_complete
