from __future__ import annotations

import random

import pytest

from sundry.engines.packing.balance import centred, is_centred, slabs_of
from sundry.engines.packing.checker import Rule, check
from sundry.engines.packing.loading_order import orderly
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements, volume_of

ROOM = Container("room", 100, 20, 20)
WALL = BoxType(40, 20, 20, 1, (False, False, True), weight_g=10)
LIGHT = BoxType(40, 20, 20, 1, (False, False, True), weight_g=2)
TWO = (Placed(0, 0, 0, 0, 40, 20, 20), Placed(1, 40, 0, 0, 40, 20, 20))


def asked(x: int | None = None, y: int | None = None) -> Requirements:
    return Requirements(centre_x_permille=x, centre_y_permille=y)


def test_walls_change_places_and_move_to_the_door_only_as_far_as_asked() -> None:
    """The small case of balance.py: 26.7, 53.3 or 46.7 of 100."""
    assert centred(ROOM, [WALL, LIGHT], TWO, asked(x=234)) == TWO
    changed = (Placed(1, 0, 0, 0, 40, 20, 20), Placed(0, 40, 0, 0, 40, 20, 20))
    assert centred(ROOM, [WALL, LIGHT], TWO, asked(x=34)) == changed
    assert len(centred(ROOM, [WALL, LIGHT], TWO, asked(x=33))) == 1  # 53.3 and 46.7 are both beyond 33 permille


def test_at_the_limit_and_one_beyond() -> None:
    one = (Placed(0, 0, 0, 0, 40, 20, 20),)  # its middle at 20 of 100: 300 permille off
    assert is_centred(ROOM, [WALL], one, asked(x=300))
    assert not is_centred(ROOM, [WALL], one, asked(x=299))
    assert is_centred(ROOM, [WALL], (), asked(0, 0))
    assert centred(ROOM, [WALL], one, asked(x=299)) == (Placed(0, 1, 0, 0, 40, 20, 20),)


def test_zones_keep_their_order_so_something_must_come_out() -> None:
    boxes = [
        BoxType(50, 20, 20, 1, (False, False, True), weight_g=10, zone=1),
        BoxType(50, 20, 20, 1, (False, False, True), weight_g=2, zone=2),
    ]
    plan = (Placed(0, 0, 0, 0, 50, 20, 20), Placed(1, 50, 0, 0, 50, 20, 20))
    assert centred(ROOM, boxes, plan, asked(x=100)) == (Placed(1, 15, 0, 0, 50, 20, 20),)
    assert centred(ROOM, boxes, plan, asked(x=167)) == plan


def test_slabs_are_turned_left_for_right_and_moved_aside() -> None:
    half = BoxType(40, 8, 20, 2, (False, False, True), weight_g=5)
    plan = (Placed(0, 0, 0, 0, 40, 8, 20), Placed(0, 40, 0, 0, 40, 8, 20))
    turned = centred(ROOM, [half], plan, asked(y=0))
    assert sorted(p.y for p in turned) == [0, 12]
    assert centred(ROOM, [half], plan[:1], asked(y=0)) == (Placed(0, 0, 6, 0, 40, 8, 20),)


def test_cuts_are_where_nothing_crosses_and_zones_begin() -> None:
    boxes = [BoxType(9, 9, 9, 9, zone=1), BoxType(9, 9, 9, 9, zone=2)]
    plan = [
        Placed(0, 0, 0, 0, 5, 5, 5),
        Placed(0, 3, 5, 0, 4, 5, 5),
        Placed(1, 7, 0, 0, 2, 2, 2),
        Placed(1, 9, 0, 0, 1, 1, 1),
    ]
    assert [(slab.zone, slab.length_mm) for slab in slabs_of(boxes, plan)] == [(1, 7), (2, 2), (2, 1)]


def heap(rng: random.Random, boxes: list[BoxType]) -> list[Placed]:
    """Cartons dropped wholly on the floor or on one other, anywhere in ROOM."""
    plan: list[Placed] = []
    for _ in range(60):
        kind = rng.randrange(len(boxes))
        dx, dy, dz = boxes[kind].edges_mm
        on = rng.choice([None, *plan])
        x, y, z = rng.randint(0, 100 - dx), rng.randint(0, 20 - dy), 0
        if on is not None:
            if on.dx < dx or on.dy < dy or on.z + on.dz + dz > 20:
                continue
            x, y, z = on.x + rng.randint(0, on.dx - dx), on.y + rng.randint(0, on.dy - dy), on.z + on.dz
        new = Placed(kind, x, y, z, dx, dy, dz)
        if not any(all(new[a] < o[a] + o[a + 3] and o[a] < new[a] + new[a + 3] for a in (1, 2, 3)) for o in plan):
            plan.append(new)
    return plan


@pytest.mark.parametrize("seed", range(40))
def test_the_window_is_kept_and_every_other_rule_still_is(seed: int) -> None:
    rng = random.Random(seed)
    boxes = [
        BoxType(
            *(rng.randint(2, 12) for _ in range(3)),
            99,
            (False, False, True),
            weight_g=rng.randint(1, 99),
            zone=seed % 2,
        )
        for _ in range(4)
    ]
    plan = orderly(heap(rng, boxes))
    assert check(ROOM, boxes, plan) == []
    requirements = asked(rng.choice([None, 0, 10, 100]), rng.choice([None, 0, 20, 100]))
    found = centred(ROOM, boxes, plan, requirements)
    assert check(ROOM, boxes, found, requirements=requirements) == []
    counts = [sum(p.type == k for p in found) <= sum(p.type == k for p in plan) for k in range(4)]
    assert all(counts)
    generous = asked(x=100, y=100)
    assert volume_of(centred(ROOM, boxes, plan, generous)) >= 0.6 * volume_of(plan)
    assert Rule.CENTRE not in {fault.rule for fault in check(ROOM, boxes, found, requirements=requirements)}


def test_many_walls_are_joined_and_still_balanced() -> None:
    rng = random.Random(3)
    room = Container("room", 1000, 20, 20)
    boxes = [BoxType(10, 20, 20, 1, weight_g=rng.randint(1, 1000) * (1 + k // 50)) for k in range(100)]
    plan = tuple(Placed(k, 10 * k, 0, 0, 10, 20, 20) for k in range(100))
    assert not is_centred(room, boxes, plan, asked(x=5))
    found = centred(room, boxes, plan, asked(x=5))
    assert len(found) == 100
    assert is_centred(room, boxes, found, asked(x=5))
