"""The order in which a crew brings the cartons in.

Problem: a plan is of no use if the last carton must go behind a wall that already stands. A carton is brought in from
the door along -x, so it comes before (a) whatever stands on it and (b) whatever nearer to the door overlaps its
cross-section in y and z. Among those that may come next the deepest does, then the lowest, then from left to right.

Rules (a) and (b) can form a circle: a long carton reaches back over a tall one, which itself must wait. Then the order
is broken at the deepest carton whose carriers all stand. Therefore `orderly` takes such cartons out, with what stands
on them, until there is an order that breaks no rule.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from heapq import heappop, heappush, merge

from sundry.engines.packing.rules import LENGTH_MAX, Placed
from sundry.engines.packing.taking import stacks, without

SQUARES_MAX = 32  # of the cross-section, across one carton


def orderly(placements: Sequence[Placed]) -> tuple[Placed, ...]:
    """The cartons in an order that breaks no rule. Nearly always all of them; else without those that find no way."""
    ordered, blocked = loading_order(placements)
    while blocked:
        ordered, blocked = loading_order(without(ordered, blocked))
    return ordered


def loading_order(placements: Sequence[Placed]) -> tuple[tuple[Placed, ...], tuple[int, ...]]:
    """The cartons in loading order, and the places in it of those that find their way blocked (nearly always none)."""
    cartons = sorted(placements, key=lambda p: (p.x, p.z, p.y))
    carried_by_it = stacks(cartons)
    behind_it = _next_to_the_door(cartons)
    # How many must still come before each carton, by rule.
    carriers = _counted(carried_by_it)
    blockers = _counted(behind_it)
    waiting = set(range(len(cartons)))
    ready = [k for k in range(len(cartons)) if carriers[k] == blockers[k] == 0]  # sorted, so it is a heap
    order: list[Placed] = []
    blocked: list[int] = []
    while waiting:
        if ready:
            chosen = heappop(ready)
        else:
            chosen = min(k for k in waiting if carriers[k] == 0)
            blocked.append(len(order))
        waiting.remove(chosen)
        order.append(cartons[chosen])
        for k in carried_by_it[chosen]:
            carriers[k] -= 1
        for k in behind_it[chosen]:
            blockers[k] -= 1
        for k in {*carried_by_it[chosen], *behind_it[chosen]} & waiting:
            if carriers[k] == blockers[k] == 0:
                heappush(ready, k)
    return tuple(order), tuple(blocked)


def _next_to_the_door(cartons: Sequence[Placed]) -> list[list[int]]:
    """For each carton (in order of x) the first ones met on its way to the door, wherever it touches any.

    What stands behind one of those waits for it anyway. Those met first do not hide each other, so when they cover the
    whole cross-section nothing else is met, and looking further ends: a table of all pairs would take gigabytes. Looked
    at is what stands in the same squares of the cross-section, or each of ten thousand small cartons would look through
    the whole wall before it for its neighbour.
    """
    squares = _squares(cartons)
    standing_in: dict[int, list[int]] = defaultdict(list)
    for k, touched in enumerate(squares):
        for square in touched:
            standing_in[square].append(k)
    begins = [p.x for p in cartons]
    found = []
    for k, p in enumerate(cartons):
        first = bisect_left(begins, p.x + p.dx)
        rows = [standing_in[square] for square in squares[k]]
        met: list[int] = []
        open_mm2 = p.dy * p.dz
        looked_at = -1
        for m in merge(*(map(row.__getitem__, range(bisect_left(row, first), len(row))) for row in rows)):
            if m == looked_at:  # in another square already
                continue
            looked_at, ahead = m, cartons[m]
            hidden_mm2 = _abreast_mm2(p, ahead)
            if hidden_mm2 and not any(_abreast_mm2(ahead, cartons[j]) for j in met):
                met.append(m)
                open_mm2 -= hidden_mm2
                if not open_mm2:
                    break
        found.append(met)
    return found


def _squares(cartons: Sequence[Placed]) -> list[list[int]]:
    """The squares of the cross-section that each carton touches, by number; twice as large as a carton."""
    edges = [edge for p in cartons for edge in (p.dy, p.dz)] or [1]
    side = max(1, 2 * sum(edges) // len(edges), max(edges) // SQUARES_MAX)
    return [
        [
            across * LENGTH_MAX + upwards
            for across in range(p.y // side, (p.y + p.dy - 1) // side + 1)
            for upwards in range(p.z // side, (p.z + p.dz - 1) // side + 1)
        ]
        for p in cartons
    ]


def _abreast_mm2(p: Placed, q: Placed) -> int:
    """The area that two cartons share, seen from the door."""
    wide = min(p.y + p.dy, q.y + q.dy) - max(p.y, q.y)
    high = min(p.z + p.dz, q.z + q.dz) - max(p.z, q.z)
    return wide * high if wide > 0 and high > 0 else 0


def _counted(lists: Sequence[Sequence[int]]) -> list[int]:
    """In how many of the lists each carton stands."""
    counts = [0] * len(lists)
    for numbers in lists:
        for k in numbers:
            counts[k] += 1
    return counts
