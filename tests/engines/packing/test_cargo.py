from __future__ import annotations

from sundry.engines.packing.cargo import can_weight_bind, kinds_of
from sundry.engines.packing.rules import BoxType, Container

ROOM = Container("room", 100, 100, 100, payload_g=1000)


def test_lines_of_one_size_are_one_kind_however_they_are_turned() -> None:
    boxes = [BoxType(30, 20, 10, 4), BoxType(10, 30, 20, 5), BoxType(30, 20, 10, 6, (False, False, True))]
    kinds = kinds_of(ROOM, boxes, [4, 5, 6])
    assert {(kind.quantity, kind.members) for kind in kinds} == {(6, (2,)), (9, (0, 1))}


def test_weight_parts_lines_only_where_it_can_bind() -> None:
    light = [BoxType(50, 50, 50, 4, weight_g=100), BoxType(50, 50, 50, 4, weight_g=125)]
    assert [kind.members for kind in kinds_of(ROOM, light, [4, 4])] == [(0, 1)]
    heavy = [BoxType(50, 50, 50, 4, weight_g=100), BoxType(50, 50, 50, 4, weight_g=151)]
    assert [kind.members for kind in kinds_of(ROOM, heavy, [4, 4])] == [(0,), (1,)]


def test_weight_binds_from_one_gram_above_the_payload() -> None:
    """Eight cartons of 50 fill the room."""
    assert not can_weight_bind(ROOM, [BoxType(50, 50, 50, 99, weight_g=125)], [99])
    assert can_weight_bind(ROOM, [BoxType(50, 50, 50, 99, weight_g=126)], [99])
    assert not can_weight_bind(Container("any", 100, 100, 100), [BoxType(1, 1, 1, 9, weight_g=10**9)], [9])


def test_what_cannot_travel_is_no_kind() -> None:
    boxes = [BoxType(101, 1, 1, 1), BoxType(1, 1, 1, 1, weight_g=1001), BoxType(1, 1, 1, 0), BoxType(1, 1, 2, 1)]
    assert [kind.members for kind in kinds_of(ROOM, boxes, [1, 1, 0, 1])] == [(3,)]


def test_what_is_worth_more_is_a_kind_of_its_own() -> None:
    boxes = [BoxType(4, 3, 2, 4), BoxType(4, 2, 3, 4), BoxType(2, 3, 4, 4)]
    assert [kind.members for kind in kinds_of(ROOM, boxes, [4, 4, 4], [24.0, 24.0, 24.0])] == [(0, 1, 2)]
    assert sorted(kind.members for kind in kinds_of(ROOM, boxes, [4, 4, 4], [24.0, 48.0, 24.0])) == [(0, 2), (1,)]


def test_no_kind_counts_more_than_it_may_and_none_is_lost() -> None:
    boxes = [BoxType(1, 1, 1, count) for count in (20_000, 10_000, 1, 30_000, 29_999, 0, 1)]
    kinds = kinds_of(ROOM, boxes, [box.quantity for box in boxes])
    assert [(kind.members, kind.quantity) for kind in kinds] == [
        ((0, 1), 30_000),
        ((2,), 1),
        ((3,), 30_000),
        ((4, 6), 30_000),
    ]
