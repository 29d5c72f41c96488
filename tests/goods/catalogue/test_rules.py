"""The ladder, the place of a stall, and how brands are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.model import QUANTITIES
from sundry.goods.catalogue.rules import (
    NEXT,
    Carton,
    Draft,
    Ladder,
    Place,
    State,
    Step,
    fold_brand,
    price_at,
    prices_at_quantities,
)

CUP: Ladder = (Step(120, 320), Step(1200, 285))


@pytest.mark.parametrize(("quantity", "price"), [(119, None), (120, 320), (1199, 320), (1200, 285), (9999, 285)])
def test_the_price_of_a_step_holds_from_its_quantity_on(quantity: int, price: int | None) -> None:
    assert price_at(CUP, quantity) == price


def test_below_the_smallest_order_the_index_has_its_price() -> None:
    assert QUANTITIES == (1, 10, 50, 100, 500, 1_000, 5_000, 10_000)
    assert prices_at_quantities(CUP) == (320, 320, 320, 320, 320, 320, 285, 285)
    assert prices_at_quantities(()) == ()


@given(st.dictionaries(st.integers(1, 20_000), st.integers(1, 10**6), min_size=1, max_size=5))
def test_whoever_takes_more_never_pays_more_where_the_ladder_does_not_rise(prices: dict[int, int]) -> None:
    falling = sorted(prices.values(), reverse=True)
    ladder = tuple(Step(quantity, price) for quantity, price in zip(sorted(prices), falling, strict=True))
    told = prices_at_quantities(ladder)
    assert list(told) == sorted(told, reverse=True)
    assert Draft(ladder=ladder).minimum == min(prices)


def test_a_draft_without_a_ladder_has_no_smallest_order() -> None:
    assert Draft().minimum is None


def test_a_place_is_written_as_on_the_booth() -> None:
    place = Place("1", 2, "C", "1205")
    assert (place.area, place.code) == ("1-F2", "1-F2-C-1205")


def test_a_volume_needs_all_three_sides() -> None:
    assert Carton(length_mm=600, width_mm=400, height_mm=400).volume_mm3 == 96_000_000
    assert Carton(length_mm=600, width_mm=400).volume_mm3 is None


def test_brands_are_compared_without_capitals_and_spaces() -> None:
    assert fold_brand("  DISNEY  Home ") == fold_brand("disney home")
    assert fold_brand("Straße") == fold_brand("STRASSE")


def test_every_state_can_be_left_and_none_is_left_for_itself() -> None:
    assert set(NEXT) == set(State)
    assert all(following and state not in following for state, following in NEXT.items())
    assert State.DRAFT not in set().union(*NEXT.values())
