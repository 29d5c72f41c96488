"""The order in which a crew brings the cartons in.

Problem: a plan is of no use if the last carton must go behind a wall that already stands. A carton is brought in from
the door along -x, so it comes before (a) whatever stands on it and (b) whatever nearer to the door overlaps its
cross-section in y and z. Among those that may come next the deepest does, then the lowest, then from left to right.

Rules (a) and (b) can form a circle: a long carton reaches back over a tall one, which itself must wait. Then the order
is broken at the deepest carton whose carriers all stand, and each such break is counted. Rule (a) is never broken.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.rules import Placed


def loading_order(placements: Sequence[Placed]) -> tuple[tuple[Placed, ...], int]:
    """The cartons in loading order, and how many of them find their way blocked (nearly always 0)."""
    cartons = sorted(placements, key=lambda p: (p.x, p.z, p.y))
    carried_by_it, behind_it = _rules(np.array(cartons, np.int64).reshape(-1, 7))
    # How many must still come before each carton, by rule.
    carriers = _counted(carried_by_it)
    blockers = _counted(behind_it)
    waiting = set(range(len(cartons)))
    ready = [k for k in range(len(cartons)) if carriers[k] == blockers[k] == 0]  # sorted, so it is a heap
    order: list[Placed] = []
    disorder = 0
    while waiting:
        if ready:
            chosen = heapq.heappop(ready)
        else:
            chosen = min(k for k in waiting if carriers[k] == 0)
            disorder += 1
        waiting.remove(chosen)
        order.append(cartons[chosen])
        for k in carried_by_it[chosen]:
            carriers[k] -= 1
        for k in behind_it[chosen]:
            blockers[k] -= 1
        for k in {*carried_by_it[chosen], *behind_it[chosen]} & waiting:
            if carriers[k] == blockers[k] == 0:
                heapq.heappush(ready, k)
    return tuple(order), disorder


def _rules(rows: NDArray[np.int64]) -> tuple[list[list[int]], list[list[int]]]:
    """For each carton (in order of x) those that stand on it, and those nearer to the door in its cross-section.

    Row by row: a table of all pairs would take a gigabyte for ten thousand cartons.
    """
    x0, y0, z0 = rows[:, 1], rows[:, 2], rows[:, 3]
    x1, y1, z1 = x0 + rows[:, 4], y0 + rows[:, 5], z0 + rows[:, 6]
    carried_by_it, behind_it = [], []
    for k in range(len(rows)):
        abreast = (y0 < y1[k]) & (y0[k] < y1)
        on_it = abreast & (z0 == z1[k]) & (x0 < x1[k]) & (x0[k] < x1)
        carried_by_it.append(np.flatnonzero(on_it).tolist())
        # Sorted by x, those that begin where this one ends come last.
        first = int(np.searchsorted(x0, x1[k]))
        nearer = abreast[first:] & (z0[first:] < z1[k]) & (z0[k] < z1[first:])
        behind_it.append((np.flatnonzero(nearer) + first).tolist())
    return carried_by_it, behind_it


def _counted(lists: Sequence[Sequence[int]]) -> list[int]:
    """In how many of the lists each carton stands."""
    counts = [0] * len(lists)
    for numbers in lists:
        for k in numbers:
            counts[k] += 1
    return counts
