"""Cartons taken out of a plan again: with each goes whatever stands on it, and nothing else has to.

Problem: to keep the centre of gravity, or a way from the door, a carton must come out; then what it carries hangs in
the air.

A small case: 1 stands on 0, 2 lies over 1 and its neighbour 3. Without 0 there is no 1, so no 2; 3 stays.

Therefore what is left keeps every rule that it kept before: each carton that stays has all its carriers, and no carton
bears more than it bore.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from sundry.engines.packing.rules import Placed


def stacks(placements: Sequence[Placed]) -> list[list[int]]:
    """For each carton the numbers of those that stand on it: bottoms that touch its top."""
    rows = np.array(placements, np.int64).reshape(-1, 7)
    x0, y0, z0 = rows[:, 1], rows[:, 2], rows[:, 3]
    x1, y1, z1 = x0 + rows[:, 4], y0 + rows[:, 5], z0 + rows[:, 6]
    by_bottom: dict[int, list[int]] = defaultdict(list)
    for k, bottom in enumerate(z0.tolist()):
        by_bottom[bottom].append(k)
    levels = {bottom: np.array(numbers) for bottom, numbers in by_bottom.items()}
    found: list[list[int]] = []
    for k, top in enumerate(z1.tolist()):
        level = levels.get(top)
        if level is None:
            found.append([])
            continue
        touches = (x0[level] < x1[k]) & (x0[k] < x1[level]) & (y0[level] < y1[k]) & (y0[k] < y1[level])
        found.append(level[touches].tolist())
    return found


def with_stacks(carried: Sequence[Sequence[int]], taken: Iterable[int]) -> set[int]:
    """The cartons taken, and whatever stands on them, and on those. `carried`: see stacks."""
    gone: set[int] = set()
    going = list(taken)
    while going:
        k = going.pop()
        if k not in gone:
            gone.add(k)
            going.extend(carried[k])
    return gone


def without(placements: Sequence[Placed], taken: Iterable[int]) -> tuple[Placed, ...]:
    """The plan without these cartons (by their place in it) and all that stands on them, in the same order."""
    gone = with_stacks(stacks(placements), taken)
    return tuple(placed for k, placed in enumerate(placements) if k not in gone)
