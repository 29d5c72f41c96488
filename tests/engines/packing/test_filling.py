from __future__ import annotations

import time

import pytest

from sundry.engines.packing.checker import check
from sundry.engines.packing.filling import fill
from sundry.engines.packing.instances import made_instance
from sundry.engines.packing.rules import BoxType, Container, Requirements

ROOM = Container("room", 1200, 240, 240, 235, 230)
BOXES = [BoxType(40, 30, 20, 60, weight_g=5), BoxType(50, 30, 30, 40, (False, False, True), 6), BoxType(20, 40, 30, 9)]


def test_no_more_is_taken_than_is_offered() -> None:
    filled = fill(ROOM, BOXES, [10, 0, 5], until=None, nodes=8)
    assert filled.is_all
    taken = [placed.type for placed in filled.placements]
    assert (taken.count(0), taken.count(1), taken.count(2)) == (10, 0, 5)
    assert check(ROOM, BOXES, filled.placements) == []


def test_gathered_cartons_stand_at_the_deep_end() -> None:
    filled = fill(ROOM, BOXES, [60, 40, 9], until=None, nodes=8)
    assert filled.is_all
    gathered = filled.gathered(ROOM, BOXES, until=time.perf_counter() + 60, threads=2)
    assert sorted(p.type for p in gathered.placements) == sorted(p.type for p in filled.placements)
    assert check(ROOM, BOXES, gathered.placements) == []
    volume = 60 * 24_000 + 40 * 45_000 + 9 * 24_000
    assert max(p.x + p.dx for p in gathered.placements) < 1.6 * volume / (240 * 240)
    assert gathered.fill == filled.fill


def test_without_time_nothing_is_gathered() -> None:
    filled = fill(ROOM, BOXES, [60, 40, 9], until=None, nodes=8)
    assert filled.gathered(ROOM, BOXES, until=time.perf_counter() - 1, threads=2) is filled


def test_values_decide_what_is_loaded() -> None:
    room = Container("room", 10, 10, 10)
    boxes = [BoxType(10, 10, 10, 1), BoxType(9, 9, 9, 1)]
    chosen = {
        values: [p.type for p in fill(room, boxes, [1, 1], values=values, until=None, nodes=10).placements]
        for values in ((1000.0, 729.0), (1.0, 9.0))
    }
    assert chosen == {(1000.0, 729.0): [0], (1.0, 9.0): [1]}


def test_nothing_that_fits_is_an_empty_plan() -> None:
    filled = fill(ROOM, [BoxType(2000, 2000, 1, 3)], [3], until=None, nodes=1)
    assert filled.placements == ()
    assert filled.is_all


@pytest.mark.parametrize("percent", [60, 90])
def test_partial_support_never_loads_less_than_half_the_search_with_full_support(percent: int) -> None:
    """Also once it stands in an order in which it can be loaded, which may leave cartons out."""
    room, boxes = made_instance(12, 4)
    quantities = [box.quantity for box in boxes]
    whole = fill(room, boxes, quantities, until=None, nodes=15, threads=1)
    partly = fill(room, boxes, quantities, until=None, nodes=30, support_percent=percent, threads=1)
    assert partly.fill >= whole.fill
    assert partly.rollouts == 30
    assert check(room, boxes, partly.placements, requirements=Requirements(support_percent=percent)) == []
