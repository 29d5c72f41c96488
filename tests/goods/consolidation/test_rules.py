"""Shares of a line over containers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.consolidation.rules import LoadedContainer, Placement, dealt


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
