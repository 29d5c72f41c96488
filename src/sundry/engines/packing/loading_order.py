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
    count = len(placements)
    if count == 0:
        return (), 0
    carries, blocks = _rules(np.array(placements, np.int64))
    # waiting[k]: how many must still come before carton k
    carried = carries.sum(axis=0)
    blocked = blocks.sum(axis=0)
    depth = [(p.x, p.z, p.y, k) for k, p in enumerate(placements)]
    ready = [depth[k] for k in range(count) if carried[k] == 0 and blocked[k] == 0]
    heapq.heapify(ready)
    is_placed = np.zeros(count, np.bool_)
    order: list[Placed] = []
    disorder = 0
    while len(order) < count:
        if ready:
            chosen = heapq.heappop(ready)[-1]
        else:
            chosen = min(depth[k] for k in range(count) if not is_placed[k] and carried[k] == 0)[-1]
            disorder += 1
        is_placed[chosen] = True
        order.append(placements[chosen])
        carried -= carries[chosen]
        blocked -= blocks[chosen]
        for k in np.flatnonzero((carries[chosen] | blocks[chosen]) & ~is_placed):
            if carried[k] == 0 and blocked[k] == 0:
                heapq.heappush(ready, depth[k])
    return tuple(order), disorder


def _rules(rows: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """carries[i, j]: j stands on i; behind[i, j]: i is deeper than j and overlaps its cross-section. i comes first."""
    low = rows[:, 1:4]
    high = low + rows[:, 4:7]
    over = [(low[:, None, k] < high[None, :, k]) & (low[None, :, k] < high[:, None, k]) for k in range(3)]
    carries = (high[:, None, 2] == low[None, :, 2]) & over[0] & over[1]
    behind = (high[:, None, 0] <= low[None, :, 0]) & over[1] & over[2]
    return carries, behind
