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
from numpy.typing import NDArray

from sundry.engines.packing.rules import Placed

FEW = 200  # so many are looked at sooner than chosen from


def stacks(placements: Sequence[Placed]) -> list[list[int]]:
    """For each carton the numbers of those that stand on it: bottoms that touch its top."""
    rows = np.array(placements, np.int64).reshape(-1, 7)
    start, end = rows[:, 1:4], rows[:, 1:4] + rows[:, 4:7]
    by_bottom: dict[int, list[int]] = defaultdict(list)
    for k, bottom in enumerate(start[:, 2].tolist()):
        by_bottom[bottom].append(k)
    levels = {bottom: _Level(start, end, np.array(numbers)) for bottom, numbers in by_bottom.items()}
    return [levels[top].touching(start[k], end[k]) if top in levels else [] for k, top in enumerate(end[:, 2].tolist())]


class _Level:
    """Cartons whose bottoms are at one height, sorted along the axis on which they are most spread out: a layer of
    ten thousand small ones is not looked through for each that stands below it."""

    def __init__(self, start: NDArray[np.int64], end: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        longest = (end - start)[numbers, :2].max(axis=0)
        self.axis = int(np.argmax(np.ptp(start[numbers, :2], axis=0) / longest))
        self.numbers = numbers[np.argsort(start[numbers, self.axis], kind="stable")]
        self.longest = int(longest[self.axis])
        self.start, self.end = start[self.numbers], end[self.numbers]

    def touching(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> list[int]:
        """Those that have area in common with a carton, ascending."""
        near, far = 0, len(self.numbers)
        if far > FEW:
            near, far = np.searchsorted(self.start[:, self.axis], (start[self.axis] - self.longest, end[self.axis]))
        x0, y0 = self.start[near:far, 0], self.start[near:far, 1]
        x1, y1 = self.end[near:far, 0], self.end[near:far, 1]
        touches = (x0 < end[0]) & (start[0] < x1) & (y0 < end[1]) & (start[1] < y1)
        return sorted(self.numbers[near:far][touches].tolist())


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
