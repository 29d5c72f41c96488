from __future__ import annotations

import random

import pytest

from sundry.engines.packing.bearing import (
    NOTHING,
    UNLIMITED,
    column,
    column_max,
    pressure_of,
    strength_of,
    top_strength,
)
from sundry.engines.packing.cargo import Kind, kinds_of
from sundry.engines.packing.checker import check
from sundry.engines.packing.filling import fill
from sundry.engines.packing.instances import made_instance
from sundry.engines.packing.rules import BoxType, Container

WAY = (400, 300, 200)


def kind(weight_g: int, bearing_kg_m2: int | None = None, *, nothing_on_top: bool = False) -> Kind:
    return Kind((WAY,), weight_g, 9, (0,), bearing_kg_m2, nothing_on_top)


def test_pressure_is_weight_by_base_rounded_up() -> None:
    """12 kg on 0.4 m x 0.3 m are 100 kg/m2."""
    assert pressure_of(kind(12_000), WAY) == 100
    assert pressure_of(kind(12_001), WAY) == 101
    assert pressure_of(kind(1), WAY) == 1
    assert pressure_of(kind(0), WAY) == 0
    assert pressure_of(kind(10**9), (1, 1, 1)) == 1_000_001


def test_a_top_carries_what_is_written_on_it() -> None:
    assert strength_of(kind(0)) == UNLIMITED
    assert strength_of(kind(0, 0)) == 0
    assert strength_of(kind(0, 70)) == 70
    assert strength_of(kind(0, 70, nothing_on_top=True)) == NOTHING < 0


def test_the_lowest_of_a_column_carries_all_others() -> None:
    limited = kind(12_000, 250)
    assert column_max(limited, WAY) == 3
    assert [column(limited, WAY, n) for n in (1, 2, 3)] == [(100, 250), (200, 150), (300, 50)]
    assert column(kind(12_000), WAY, 4) == (400, UNLIMITED)
    assert column_max(kind(0, 0), WAY) == column_max(kind(12_000), WAY) > 1000
    assert column_max(kind(0, nothing_on_top=True), WAY) == 1


def test_a_top_carries_the_less_of_its_own_and_what_is_left_below() -> None:
    assert top_strength(200, 30, UNLIMITED) == 200
    assert top_strength(200, 30, 100) == 70
    assert top_strength(UNLIMITED, 30, 100) == 70
    assert top_strength(UNLIMITED, 30, UNLIMITED) == UNLIMITED
    assert top_strength(NOTHING, 30, 100) == NOTHING


def delicate(number: int, types: int) -> tuple[Container, list[BoxType]]:
    """A made instance in centimetres, as millimetres, with weights; two of three types carry little or nothing."""
    rng = random.Random(number)
    room, boxes = made_instance(types, number)
    return Container("made", *(10 * edge for edge in room.inside_mm)), [
        BoxType(
            *(10 * edge for edge in box.edges_mm),
            box.quantity,
            box.vertical,
            rng.randrange(2_000, 60_000),
            bearing_kg_m2=rng.choice([None, rng.randrange(0, 600), rng.randrange(100, 2_000)]),
            nothing_on_top=rng.random() < 0.15,
        )
        for box in boxes
    ]


@pytest.mark.parametrize("types", [2, 5, 12, 30])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_carton_is_pressed_more_than_it_bears(types: int, number: int) -> None:
    room, boxes = delicate(number, types)
    filled = fill(room, boxes, [box.quantity for box in boxes], until=None, nodes=30, threads=1)
    assert filled.placements
    assert check(room, boxes, filled.placements, ordered=False) == []


def test_limits_that_bind_change_the_plan_and_limits_that_do_not_leave_it() -> None:
    room, boxes = delicate(7, 3)
    quantities = [box.quantity for box in boxes]

    def loaded(bearing_kg_m2: int | None) -> int:
        cargo = [BoxType(*box.edges_mm, box.quantity, box.vertical, 20_000, bearing_kg_m2) for box in boxes]
        return len(fill(room, cargo, quantities, until=None, nodes=30, threads=1).placements)

    assert loaded(None) == loaded(1_000_000) > loaded(100) > loaded(0) > 0


def test_lines_of_one_size_stay_apart_when_one_carries_less() -> None:
    room = Container("room", 1000, 1000, 1000)
    boxes = [
        BoxType(300, 200, 100, 1),
        BoxType(300, 200, 100, 1),
        BoxType(300, 200, 100, 1, bearing_kg_m2=9),
        BoxType(300, 200, 100, 1, bearing_kg_m2=9, nothing_on_top=True),
        BoxType(300, 200, 100, 1, weight_g=5),
    ]
    assert sorted(k.members for k in kinds_of(room, boxes, [1] * 5)) == [(0, 1), (2,), (3,), (4,)]
    without = [box for box in boxes if box.bearing_kg_m2 is None]
    assert [k.members for k in kinds_of(room, without, [1] * 3)] == [(0, 1, 2)]
