from __future__ import annotations

import random
import time

import pytest

from sundry.engines.packing.checker import Rule, check
from sundry.engines.packing.loading_order import loading_order, orderly
from sundry.engines.packing.rules import BoxType, Container, Placed


def placed(x: int, y: int, z: int, dx: int = 1, dy: int = 1, dz: int = 1) -> Placed:
    return Placed(0, x, y, z, dx, dy, dz)


def test_deep_before_near_and_carrier_before_carried() -> None:
    plan = [placed(1, 0, 1), placed(1, 0, 0), placed(0, 0, 1), placed(0, 0, 0)]
    assert loading_order(plan) == ((plan[3], plan[2], plan[1], plan[0]), ())


def test_what_lies_over_two_columns_waits_for_both() -> None:
    over = placed(0, 0, 1, 2)
    assert loading_order([over, placed(1, 0, 0), placed(0, 0, 0)])[0][-1] == over


def test_beside_one_another_nothing_waits() -> None:
    plan = [placed(0, 1, 0), placed(5, 0, 0), placed(2, 0, 0)]
    assert loading_order(plan)[0] == (plan[0], plan[2], plan[1])


def test_nothing_has_an_order_too() -> None:
    assert loading_order([]) == ((), ())
    assert orderly([]) == ()


def circle() -> list[Placed]:
    """A blocks the way of B, and reaches back on what B, by way of D, must come before."""
    return [
        placed(0, 0, 0, 2, 2, 4),  # B: deep and tall, in the way of nobody
        placed(4, 1, 0, 2, 2, 1),  # C: before it in x, so after it
        placed(2, 2, 1, 4, 1, 1),  # on C
    ]


def test_a_plan_with_an_order_keeps_every_rule() -> None:
    ordered, blocked = loading_order(circle())
    assert blocked == ()
    boxes = [BoxType(1, 1, 1, 9)]
    room = Container("room", 9, 9, 9)
    assert not {fault.rule for fault in check(room, boxes, ordered)} & {Rule.BLOCKED, Rule.CARRIER_LATER}


def test_in_a_circle_carriers_still_come_first_and_the_break_is_counted() -> None:
    """Four beams, each on the next one's low end and before it in depth: there is no first."""
    # low carries high; high blocks the way of deep; deep carries over; over is deeper than, and level with, low.
    low = placed(6, 0, 0, 2, 4, 4)
    high = placed(2, 2, 4, 6, 2, 2)
    deep = placed(0, 3, 3, 2, 2, 2)
    over = placed(0, 4, 5, 1, 1, 1)
    wall = placed(0, 0, 3, 6, 1, 2)
    plan = [low, high, deep, over, wall]
    ordered, blocked = loading_order(plan)
    assert sorted(ordered) == sorted(plan)
    assert ordered.index(low) < ordered.index(high)
    faults = check(Container("room", 9, 9, 9), [BoxType(1, 1, 1, 9)], ordered)
    assert any(fault.rule == Rule.BLOCKED for fault in faults) == bool(blocked)


@pytest.mark.parametrize("seed", range(30))
def test_random_heaps_come_in_order_or_say_so(seed: int) -> None:
    """Boxes dropped at random, each on the highest below it: circles are possible and must be counted."""
    rng = random.Random(seed)
    plan: list[Placed] = []
    for _ in range(25):
        dx, dy, dz = (rng.randint(1, 6) for _ in range(3))
        x, y = rng.randint(0, 12 - dx), rng.randint(0, 8 - dy)
        under = [p.z + p.dz for p in plan if p.x < x + dx and x < p.x + p.dx and p.y < y + dy and y < p.y + p.dy]
        plan.append(placed(x, y, max(under, default=0), dx, dy, dz))
    rng.shuffle(plan)
    ordered, blocked = loading_order(plan)
    assert sorted(ordered) == sorted(plan)
    faults = check(Container("room", 12, 8, 999), [BoxType(1, 1, 1, 99)], ordered)
    late = {fault.cartons[1] for fault in faults if fault.rule == Rule.BLOCKED}
    assert not [fault for fault in faults if fault.rule == Rule.CARRIER_LATER]
    assert bool(late) == bool(blocked)


def ring() -> list[Placed]:
    """The low one before the long one on it, that before the one on top that reaches farther back, that before the
    tower nearer to the door, and the tower before the low one: there is no first."""
    return [placed(6, 0, 0, 2, 2, 1), placed(2, 0, 1, 5, 1, 1), placed(0, 0, 2, 3, 2, 1), placed(3, 1, 0, 2, 1, 3)]


def test_what_finds_no_way_is_taken_out() -> None:
    low, long, top, tower = ring()
    assert loading_order([low, long, top, tower])[1] != ()
    assert orderly([low, long, top, tower]) == (low, long, top)  # the deepest that waits for no carrier is the tower
    assert orderly([placed(8, 0, 0), low, long, tower])[-1] == placed(8, 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_breaks_no_rule(seed: int) -> None:
    rng = random.Random(seed)
    plan = ring()
    while len(plan) < 30:
        new = placed(*(rng.randint(0, 5) for _ in range(3)), *(rng.choice([1, 1, 2, 4]) for _ in range(3)))
        if not any(overlap(new, other) for other in plan):
            plan.append(new)
    ordered = orderly(plan)
    assert set(ordered) < set(plan)
    assert len(ordered) >= 10
    faults = check(Container("room", 9, 9, 9), [BoxType(1, 1, 1, 99)], ordered)
    assert not {fault.rule for fault in faults} & {Rule.BLOCKED, Rule.CARRIER_LATER}


def overlap(p: Placed, q: Placed) -> bool:
    return all(p[a] < q[a] + q[a + 3] and q[a] < p[a] + p[a + 3] for a in (1, 2, 3))


def test_a_wall_of_very_many_small_cartons_is_not_looked_through_for_each() -> None:
    """Two walls of 30,000: the work grows with the cartons, not with their square, which would take half a minute."""
    plan = [placed(x, y, z) for x in range(2) for y in range(300) for z in range(100)]
    began = time.process_time()
    ordered, blocked = loading_order(plan)
    assert time.process_time() - began < 10
    assert (len(ordered), blocked) == (60_000, ())
    assert ordered[0] == plan[0]
