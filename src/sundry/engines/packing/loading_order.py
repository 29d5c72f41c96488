"""The order in which a crew brings the cartons in.

Problem: a plan is of no use if the last carton must go behind a wall that already stands. A carton is brought in from
the door along -x, so it comes before (a) whatever stands on it and (b) whatever nearer to the door overlaps its
cross-section in y and z. Among those that may come next the deepest does, then the lowest, then from left to right.

Rules (a) and (b) can form a circle: a long carton reaches back over a tall one, which itself must wait. Then the order
is broken at the deepest carton whose carriers all stand. Therefore `orderly` takes such cartons out, with what stands
on them, until there is an order that breaks no rule.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.rules import Placed
from sundry.engines.packing.taking import stacks, without

LOOKED_AT = 256  # cartons at a time, on the way to the door: the next wall is near


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
    behind_it = _next_to_the_door(np.array(cartons, np.int64).reshape(-1, 7))
    # How many must still come before each carton, by rule.
    carriers = _counted(carried_by_it)
    blockers = _counted(behind_it)
    waiting = set(range(len(cartons)))
    ready = [k for k in range(len(cartons)) if carriers[k] == blockers[k] == 0]  # sorted, so it is a heap
    order: list[Placed] = []
    blocked: list[int] = []
    while waiting:
        if ready:
            chosen = heapq.heappop(ready)
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
                heapq.heappush(ready, k)
    return tuple(order), tuple(blocked)


def _next_to_the_door(rows: NDArray[np.int64]) -> list[list[int]]:
    """For each carton (in order of x) the first ones met on its way to the door, wherever it touches any.

    What stands behind one of those waits for it anyway. Those met first do not hide each other, so when they cover the
    whole cross-section nothing else is met, and looking further ends: a table of all pairs would take gigabytes.
    """
    x0, y0, z0 = rows[:, 1], rows[:, 2], rows[:, 3]
    x1, y1, z1 = x0 + rows[:, 4], y0 + rows[:, 5], z0 + rows[:, 6]
    # Sorted by x, those that begin where a carton ends come last.
    firsts = np.searchsorted(x0, x1)
    found = []
    for k in range(len(rows)):
        met: list[int] = []
        open_mm2 = int(rows[k, 5] * rows[k, 6])
        for first in range(int(firsts[k]), len(rows), LOOKED_AT):
            ahead = slice(first, first + LOOKED_AT)
            wide = np.minimum(y1[ahead], y1[k]) - np.maximum(y0[ahead], y0[k])
            high = np.minimum(z1[ahead], z1[k]) - np.maximum(z0[ahead], z0[k])
            for near in np.flatnonzero((wide > 0) & (high > 0)).tolist():
                m = first + near
                if not any(y0[m] < y1[j] and y0[j] < y1[m] and z0[m] < z1[j] and z0[j] < z1[m] for j in met):
                    met.append(m)
                    open_mm2 -= int(wide[near] * high[near])
            if open_mm2 <= 0:
                break
        found.append(met)
    return found


def _counted(lists: Sequence[Sequence[int]]) -> list[int]:
    """In how many of the lists each carton stands."""
    counts = [0] * len(lists)
    for numbers in lists:
        for k in numbers:
            counts[k] += 1
    return counts
