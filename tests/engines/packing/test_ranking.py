from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sundry.engines.packing import load
from sundry.engines.packing.checker import check_load
from sundry.engines.packing.filling import Filled
from sundry.engines.packing.ranking import grouped, levels
from sundry.engines.packing.rules import BoxType, Container, Load, Requirements
from sundry.engines.packing.task import Task
from sundry.kernel.outcome import silent

ROOM = Container("room", 60, 40, 40)
PLAIN = Requirements()
# Each buyer has as much as one container holds, and a few odd ones.
BUYERS = [
    BoxType(20, 20, 20, 11, priority=2),
    BoxType(15, 20, 20, 9, priority=1),
    BoxType(30, 20, 10, 13, priority=0),
    BoxType(7, 9, 11, 25, priority=0),
]


def loaded_of(load: Load, boxes: list[BoxType]) -> list[int]:
    return [box.quantity - left for box, left in zip(boxes, load.left_out, strict=True)]


def test_levels_hold_what_can_travel_the_lowest_number_first() -> None:
    boxes = [
        BoxType(1, 1, 1, 1, priority=5),
        BoxType(1, 1, 1, 1, priority=-1),
        BoxType(99, 1, 1, 1),
        BoxType(2, 2, 2, 1),
    ]
    together = Requirements(together=(frozenset({0, 3}),))
    assert levels(Task([ROOM], boxes, PLAIN, [1.0] * 4, math.inf, 1, 1, silent)) == [(1,), (3,), (0,)]
    assert levels(Task([ROOM], boxes, together, [1.0] * 4, math.inf, 1, 1, silent)) == [(1,), (0, 3)]


def test_a_lower_level_loads_as_if_the_higher_ones_were_not_there() -> None:
    """With one container and with two: what is loaded of each level alone is loaded of it beside the higher ones."""
    for most in (1, 2):
        whole = load([ROOM], BUYERS, containers_max=most, nodes=60, threads=1)
        assert check_load([ROOM], BUYERS, whole, containers_max=most) == []
        first = [box if box.priority == 0 else replace(box, quantity=0) for box in BUYERS]
        alone = load([ROOM], first, containers_max=most, nodes=60, threads=1)
        volume = sum(
            box.volume_mm3 * count for box, count in zip(BUYERS[2:], loaded_of(whole, BUYERS)[2:], strict=True)
        )
        volume_alone = sum(
            box.volume_mm3 * count for box, count in zip(BUYERS[2:], loaded_of(alone, first)[2:], strict=True)
        )
        assert volume >= volume_alone


def test_who_pays_first_is_not_displaced_by_what_fills_better() -> None:
    """Cubes of 20 fill the container wholly; the first buyer's of 15 do not, and still all of his travel."""
    boxes = [BoxType(20, 20, 20, 12, priority=1), BoxType(15, 15, 15, 12, priority=0)]
    loaded = load([ROOM], boxes, containers_max=1, nodes=60, threads=1)
    assert check_load([ROOM], boxes, loaded, containers_max=1) == []
    assert loaded.left_out[1] == 0
    assert 0 < loaded.left_out[0] < 12  # and there was room for some of the others
    turned = [replace(boxes[0], priority=0), replace(boxes[1], priority=1)]
    assert load([ROOM], turned, containers_max=1, nodes=60, threads=1).left_out == (0, 12)


def test_neighbouring_levels_are_one_where_there_is_time_for_fewer() -> None:
    orders = [(3,), (0, 1), (2,), (4,), (5,)]
    assert grouped(orders, 9) == [[level] for level in orders]
    assert grouped(orders, 2) == [orders[:2], orders[2:]]
    assert grouped(orders, 1) == grouped(orders, 0) == [orders]


def test_forty_buyers_are_not_forty_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first nothing stays, of the last everything; and it ends when it should."""
    boxes = [BoxType(20 - k % 3, 20, 10 + k % 5, 4, priority=k) for k in range(40)]
    fills: list[int] = []
    plain = Task.fill

    def counted(self: Task, number: int, quantities: Sequence[int], **more: Any) -> Filled:
        fills.append(number)
        return plain(self, number, quantities, **more)

    monkeypatch.setattr(Task, "fill", counted)
    loaded = load([ROOM], boxes, containers_max=2, nodes=12, threads=1)
    assert check_load([ROOM], boxes, loaded, containers_max=2) == []
    assert len(fills) <= 24
    assert sum(loaded.left_out[:5]) == 0
    assert loaded.left_out[20:] == (4,) * 20
    began = time.process_time()  # a busy machine stretches the clock on the wall
    load([ROOM], boxes, containers_max=2, seconds=0.5)
    assert time.process_time() - began < 4  # forty by themselves would take twenty and more


def test_where_all_find_room_priority_changes_nothing() -> None:
    loaded = load([ROOM], BUYERS, nodes=60, threads=1)
    assert sum(loaded.left_out) == 0
    assert loaded.left_behind == ()
