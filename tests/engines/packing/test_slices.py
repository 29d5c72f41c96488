from __future__ import annotations

import random
from dataclasses import replace

import pytest

from sundry.engines.packing.checker import check
from sundry.engines.packing.filling import fill
from sundry.engines.packing.rules import BoxType, Container, Placed
from sundry.engines.packing.slices import closed_up, fill_slices

ROOM = Container("room", 1200, 240, 240, 235, 230)


def cargo(seed: int, zones: int) -> list[BoxType]:
    rng = random.Random(seed)
    return [
        BoxType(*(rng.randrange(20, 90) for _ in range(3)), rng.randint(1, 12), weight_g=9, zone=rng.randrange(zones))
        for _ in range(12)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_zones_stand_one_behind_the_other(seed: int) -> None:
    boxes = cargo(seed, 4)
    filled = fill_slices(ROOM, boxes, [box.quantity for box in boxes], until=None, nodes=60)
    assert check(ROOM, boxes, filled.placements) == []
    assert filled.is_all == (len(filled.placements) == sum(box.quantity for box in boxes))
    zones = [boxes[p.type].zone for p in filled.placements]
    assert zones == sorted(zones, key=lambda zone: zone or 0)
    assert filled.rollouts <= 60 + 4 * 5


def test_a_zone_takes_no_more_length_than_it_needs() -> None:
    """Two zones of cubes that fill half the length each to the last litre."""
    room = Container("room", 40, 20, 20)
    boxes = [BoxType(10, 10, 10, 8, zone=7), BoxType(10, 10, 10, 8, zone=3)]
    filled = fill_slices(room, boxes, [8, 8], until=None, nodes=40)
    assert filled.is_all
    assert filled.fill == 1.0
    assert {p.x for p in filled.placements if p.type == 1} == {0, 10}


def test_what_does_not_fit_stays_of_the_later_zones() -> None:
    room = Container("room", 40, 20, 20, payload_g=100)
    boxes = [BoxType(10, 10, 10, 12, zone=1), BoxType(10, 10, 10, 12, zone=2), BoxType(10, 10, 10, 12, zone=3)]
    filled = fill_slices(room, boxes, [12, 12, 12], until=None, nodes=40)
    assert [sum(p.type == k for p in filled.placements) for k in range(3)] == [12, 4, 0]
    assert not filled.is_all
    heavy = [replace(box, weight_g=5) for box in boxes]
    filled = fill_slices(room, heavy, [12, 12, 12], until=None, nodes=40)
    assert [sum(p.type == k for p in filled.placements) for k in range(3)] == [12, 4, 0]
    heavy = [replace(box, weight_g=8) for box in boxes]
    filled = fill_slices(room, heavy, [12, 12, 12], until=None, nodes=40)
    assert [sum(p.type == k for p in filled.placements) for k in range(3)] == [12, 0, 0]


def test_without_zones_it_is_the_plain_filling() -> None:
    boxes = [replace(box, zone=None) for box in cargo(1, 1)]
    quantities = [box.quantity for box in boxes]
    plain = fill(ROOM, boxes, quantities, until=None, nodes=20)
    assert fill_slices(ROOM, boxes, quantities, until=None, nodes=20).placements == plain.placements


def test_empty_lengths_are_closed() -> None:
    boxes = [BoxType(10, 10, 10, 3)]
    plan = [Placed(0, x, 0, 0, 10, 10, 10) for x in (5, 40)]
    assert [p.x for p in closed_up(boxes, plan)] == [0, 10]
    assert closed_up(boxes, []) == ()


def test_progress_counts_all_slices() -> None:
    told: list[int] = []
    boxes = cargo(2, 3)
    filled = fill_slices(ROOM, boxes, [b.quantity for b in boxes], until=None, nodes=60, report=told.append)
    assert told == sorted(told)
    assert told[-1] == filled.rollouts
