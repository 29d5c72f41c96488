"""Shares of a line over containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.consolidation.rules import LoadedContainer, Placement, dealt, offer_to_leave
from sundry.goods.orders.rules import Line

MakeLine = Callable[..., Line]


def test_loaded_and_left_out_part_first() -> None:
    assert dealt(101, [1, 1], 1) == [34, 33, 34]
    assert dealt(100, [3], 0) == [100, 0]
    assert dealt(7, [0, 0], 5) == [0, 0, 7]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(0, 500))
def test_shares_sum_to_the_whole(whole: int, loaded: list[int], left_out: int) -> None:
    if not sum(loaded) + left_out:
        return
    shares = dealt(whole, loaded, left_out)
    assert sum(shares) == whole
    assert all(share == 0 for share, cartons in zip(shares, [*loaded, left_out], strict=True) if cartons == 0)


def test_fill_is_cartons_over_inside() -> None:
    container = LoadedContainer(
        type="20GP",
        inside_mm=(1000, 1000, 1000),
        door_mm=(1000, 1000),
        payload_g=1,
        usual_volume_mm3=None,
        price_minor=0,
        price_currency="USD",
        placements=(Placement(0, 0, 0, 0, 500, 500, 500),),
        gross_g=None,
        known_gross_g=0,
        volume_mm3=125_000_000,
    )
    assert container.fill == 0.125


def _full(share: Decimal, lines: Sequence[int], volume_mm3: int = 10**9) -> LoadedContainer:
    """A container of a cubic metre, filled to a share, with one carton of each line."""
    return LoadedContainer(
        type="20GP",
        inside_mm=(1000, 1000, 1000),
        door_mm=(1000, 1000),
        payload_g=1,
        usual_volume_mm3=None,
        price_minor=120_000,
        price_currency="USD",
        placements=tuple(Placement(index, 0, 0, 0, 1, 1, 1) for index in lines),
        gross_g=None,
        known_gross_g=0,
        volume_mm3=int(share * volume_mm3),
    )


@pytest.mark.parametrize(("last", "is_offered"), [("0.2", True), ("0.200000001", False), ("0.01", True)])
def test_a_last_container_that_holds_little_is_offered_to_be_left(line: MakeLine, last: str, is_offered: bool) -> None:
    lines = [line(2, stall="A"), line(3, stall="B"), line(4, stall="A")]
    containers = [_full(Decimal("0.9"), [0, 1]), _full(Decimal(last), [2, 1, 2])]
    offer = offer_to_leave(containers, lines, fill_max_percent=20)
    assert (offer is not None) == is_offered
    if offer is not None:
        assert (offer.container, offer.type, offer.cartons) == (2, "20GP", 3)
        assert (offer.lines, offer.stalls) == ((1, 2), ("B", "A"))
        assert (offer.price_minor, offer.price_currency, offer.fill) == (120_000, "USD", float(last))


@pytest.mark.parametrize("containers", [[], [_full(Decimal("0.01"), [0])]])
def test_a_single_container_is_never_offered(line: MakeLine, containers: list[LoadedContainer]) -> None:
    assert offer_to_leave(containers, [line(2)], fill_max_percent=20) is None
