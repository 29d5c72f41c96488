from __future__ import annotations

from datetime import date

import pytest

from sundry.kernel.containers import container_types, lane_prices
from sundry.kernel.parameters import UnknownParameter

DAY = date(2026, 11, 2)


def test_types_stand_smallest_first_with_their_sizes() -> None:
    types = container_types(DAY)
    assert list(types) == ["20GP", "40GP", "40HC", "45HC"]
    assert [t.payload_g for t in types.values()] == [28_200_000, 26_600_000, 26_500_000, 25_700_000]
    assert [t.usual_volume_mm3 for t in types.values()] == [28 * 10**9, 58 * 10**9, 68 * 10**9, None]
    assert types["40HC"].inside_mm == (12032, 2350, 2697)
    assert types["40HC"].door_mm == (2340, 2577)


def test_a_door_is_never_larger_than_the_inside() -> None:
    for kind in container_types(DAY).values():
        _, width, height = kind.inside_mm
        assert kind.door_mm[0] <= width
        assert kind.door_mm[1] <= height


def test_the_example_prices_keep_the_usual_proportions() -> None:
    lane = lane_prices(DAY)
    assert (lane.lane, lane.currency) == ("CNNGB-default", "USD")
    assert "xample" in lane.source
    per_m3 = {}
    for name, kind in container_types(DAY).items():
        length, width, height = kind.inside_mm
        per_m3[name] = lane.price_minor[name] / (length * width * height)
    assert sorted(per_m3, key=per_m3.__getitem__) == ["40HC", "45HC", "40GP", "20GP"]
    assert lane.price_minor["20GP"] * 10 == lane.price_minor["40GP"] * 6


def test_an_unknown_lane_is_told() -> None:
    with pytest.raises(UnknownParameter, match="CNXXX"):
        lane_prices(DAY, "CNXXX")
