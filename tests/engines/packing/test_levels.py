from __future__ import annotations

from dataclasses import replace

from sundry.engines.packing import BoxType, Container, pack
from sundry.engines.packing.checker import check
from sundry.engines.packing.keeping import Budget, Keeper
from sundry.engines.packing.levels import fill_levels, levels_of
from sundry.engines.packing.rules import Placed, Requirements

ROOM = Container("room", 100, 50, 50)
CUBE = BoxType(10, 10, 10, 3)


def volume(placements: tuple[Placed, ...], kind: int) -> int:
    return sum(p.dx * p.dy * p.dz for p in placements if p.type == kind)


def test_levels_count_from_the_lowest_number_that_travels() -> None:
    boxes = [replace(CUBE, priority=number) for number in (7, -2, 7, 30)]
    assert levels_of(boxes, Requirements()) == [1, 0, 1, 2]
    assert levels_of(boxes, Requirements(together=(frozenset({1, 3}),))) == [1, 0, 1, 0]
    assert levels_of([*boxes[:3], replace(CUBE, quantity=0, priority=-9)], Requirements()) == [1, 0, 1, 0]
    assert levels_of([], Requirements()) == []


def test_what_was_promised_goes_before_what_fills_better() -> None:
    boxes = [BoxType(27, 23, 17, 40, priority=0), BoxType(25, 25, 25, 40, priority=1)]
    by_volume = pack(ROOM, [replace(box, priority=0) for box in boxes], nodes=60)
    packing = pack(ROOM, boxes, nodes=60)
    alone = pack(ROOM, [boxes[0], replace(boxes[1], quantity=0)], nodes=20)
    assert check(ROOM, boxes, packing.placements) == []
    assert by_volume.fill == 1.0
    assert by_volume.left_out[1] < 40
    assert volume(packing.placements, 0) >= volume(alone.placements, 0)
    assert volume(packing.placements, 0) > volume(by_volume.placements, 0)


def test_all_of_a_low_level_and_the_rest_beside_it() -> None:
    boxes = [BoxType(10, 10, 10, 50, priority=5), BoxType(25, 25, 25, 40, priority=9)]
    packing = pack(ROOM, boxes, nodes=60)
    assert packing.left_out[0] == 0
    assert packing.fill > 0.6


def test_many_levels_stay_within_what_sums_can_tell_apart() -> None:
    boxes = [BoxType(20, 20, 10 + k % 3, 4, priority=k) for k in range(40)]
    filled = fill_levels(Keeper(ROOM, boxes, Requirements()), Budget(None, 40))
    assert check(ROOM, boxes, filled.placements) == []
    assert [sum(p.type == k for p in filled.placements) for k in range(6)] == [4] * 6


def test_zones_yield_to_priority() -> None:
    """The zone at the deep end would fill the container; what was promised stands nearer to the door."""
    boxes = [BoxType(25, 25, 25, 16, zone=1, priority=1), BoxType(25, 25, 25, 12, zone=2, priority=0)]
    packing = pack(ROOM, boxes, nodes=60)
    assert check(ROOM, boxes, packing.placements) == []
    assert packing.left_out[1] == 0
