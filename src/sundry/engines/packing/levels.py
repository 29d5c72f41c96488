"""Cartons of a lower priority number go first, in one container (`ranking.py`: in many).

Problem: by volume alone the container leaves behind a part of what was promised, for something larger that was not.

    priority 0: 6 of 10 cartons found room beside 40 of priority 1
    -> 0 alone: 10; then those 10 and what finds room beside them: 10 and 33

Therefore plans are compared level by level: more volume of the lowest number wins, then of the next. All is tried
at once, a lower number counting a hundred times the next (less where there are many); then, where a level stayed behind
while a higher one travels, the levels up to it alone, and once more what that plan holds and the rest beside it.

Promised: of all plans that were tried the best in this sense. Not promised: that no better one exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sundry.engines.packing.contradictions import linked
from sundry.engines.packing.filling import Filled
from sundry.engines.packing.keeping import FIRST_VALUE, TRY_SHARE, Budget, Keeper
from sundry.engines.packing.rules import BoxType, Requirements, fits

STEP_MAX = 100.0  # times its volume a carton counts against one of the next level
SPREAD_MAX = 1e8  # times the lowest against the highest, so that sums stay exact enough


def levels_of(boxes: Sequence[BoxType], requirements: Requirements) -> list[int]:
    """The level of each type, 0 for the lowest priority number there is; what travels together has its lowest."""
    priority = [box.priority for box in boxes]
    for unit in linked(requirements.together, boxes):
        for k in unit:
            priority[k] = min(boxes[other].priority for other in unit)
    order = sorted({priority[k] for k, box in enumerate(boxes) if box.quantity})
    return [order.index(number) if number in order else 0 for number in priority]


def grades(count: int) -> list[float]:
    """How many times its volume a carton of each of so many levels counts where all are tried at once."""
    step = min(STEP_MAX, SPREAD_MAX ** (1 / max(1, count - 1)))
    return [step ** (count - 1 - level) for level in range(count)]


def fill_levels(keeper: Keeper, budget: Budget) -> Filled:
    """One container with everything that `keeper` knows; without priorities its plain filling."""
    work = _Levels(keeper)
    quantities = [box.quantity if fits(box, keeper.container) else 0 for box in keeper.boxes]
    if work.count <= 1:
        return keeper.fill(quantities, budget)
    before = keeper.rollouts
    best = keeper.fill(quantities, budget.part(TRY_SHARE), work.graded)
    behind = work.behind(best, quantities)
    left = budget.after(keeper.rollouts - before)
    if keeper.is_late(left):
        return best
    if behind == work.count - 1:
        best = max(keeper.fill(quantities, left, work.graded), best, key=work.volumes)
    elif behind is not None:
        lower = [count if work.levels[k] <= behind else 0 for k, count in enumerate(quantities)]
        alone = keeper.fill(lower, left.part(0.5), work.graded)
        aboard = Counter(placed.type for placed in alone.placements)
        offered = [aboard[k] if work.levels[k] <= behind else count for k, count in enumerate(quantities)]
        raised = [value * (FIRST_VALUE if aboard[k] else 1.0) for k, value in enumerate(work.graded)]
        if not keeper.is_late(left):
            beside = keeper.fill(offered, budget.after(keeper.rollouts - before), raised)
            alone = max(beside, alone, key=work.volumes)
        best = max(best, alone, key=work.volumes)
    return best


class _Levels:
    """What each type counts, and how plans are compared."""

    def __init__(self, keeper: Keeper) -> None:
        self.boxes = keeper.boxes
        self.levels = levels_of(keeper.boxes, keeper.requirements)
        self.count = 1 + max(self.levels, default=-1)
        grade = grades(self.count)
        self.graded = [box.volume_mm3 * grade[level] for box, level in zip(self.boxes, self.levels, strict=True)]

    def volumes(self, filled: Filled) -> tuple[int, ...]:
        """The volume loaded of each level, the lowest first: what is greater is better."""
        volumes = [0] * self.count
        for placed in filled.placements:
            volumes[self.levels[placed.type]] += placed.dx * placed.dy * placed.dz
        return tuple(volumes)

    def behind(self, filled: Filled, quantities: Sequence[int]) -> int | None:
        """The lowest level of which a carton stays; None when none does."""
        loaded = Counter(placed.type for placed in filled.placements)
        return min((self.levels[k] for k, count in enumerate(quantities) if loaded[k] < count), default=None)
