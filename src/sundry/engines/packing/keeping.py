"""One container filled so that every rule of the whole plan is kept: zones, centre of gravity, together, apart.

Problem: each rule alone is simple, but each way to keep one can break another. A carton taken out for the centre may
be one of a set that travels whole; the set left out moves the centre.

    lamps with vases; the plan has all lamps and no room for the last vase
    -> once more with fewer such sets, each carton of them counting a thousand times its volume; at last with none

Therefore a plan is made in a fixed order: what is offered (apart), slices (zones), search, centre; then one looks
whether something is torn. If so fewer sets are offered, the dearest that should fit, down to none: that ends it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sundry.engines.packing.balance import centred
from sundry.engines.packing.companions import affordable, choices, torn_units
from sundry.engines.packing.filling import GATHER_ROLLOUTS, SETUP_MARGIN, Filled
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements, volume_of
from sundry.engines.packing.slices import fill_slices

FIRST_VALUE = 1000.0  # times its own: what must be in whole, if it fits at all
TRY_SHARE = 0.3  # of time and rollouts, to see what goes wrong; the rest mends it, or searches on
PARTS = (2, 3, 4)  # walls that can be moved, where the plan as it is does not let its centre be moved
PARTED_FILL = 0.85
# How full the units that must be whole may make the container, tried by halving; the other cartons come into the gaps.
# Where none is offered, none can be torn.
WHOLE_FILLS = (0.97, 0.93, 0.89, 0.85, 0.8, 0.73, 0.65, 0.55, 0.4, 0.2)
WHOLE_HALVINGS = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """Until when (time.perf_counter) and for how many rollouts to search; None: no limit of that kind."""

    until: float | None
    nodes: int | None

    def part(self, share: float) -> Budget:
        now = time.perf_counter()
        return Budget(
            until=None if self.until is None else now + share * max(0.0, self.until - now),
            nodes=None if self.nodes is None else max(1, int(share * self.nodes)),
        )

    def after(self, rollouts: int) -> Budget:
        return self if self.nodes is None else Budget(self.until, max(1, self.nodes - rollouts))


class Keeper:
    """Fills one container within `requirements`. What a carton is worth is its volume where no values are given.

    `boxes` hold whole quantities: what travels together is whole when all of them are in, and is offered to the search
    only where all of them are offered.
    """

    def __init__(
        self,
        container: Container,
        boxes: Sequence[BoxType],
        requirements: Requirements,
        *,
        threads: int = 2,
        report: Callable[[int], None] | None = None,
    ) -> None:
        self.container = container
        self.boxes = boxes
        self.requirements = requirements
        self.threads = threads
        self.report = report
        self.rollouts = 0
        self.setup_s = 0.0
        self.bound = frozenset().union(*requirements.together)
        self.has_centre = (requirements.centre_x_permille, requirements.centre_y_permille) != (None, None)

    def fill(self, quantities: Sequence[int], budget: Budget, values: Sequence[float] | None = None) -> Filled:
        """At most `quantities` of each type, every rule kept; `for_centre` tells what was taken out at last."""
        before = self.rollouts
        worth = [float(box.volume_mm3) for box in self.boxes] if values is None else list(values)
        offers = choices(self.container, self.boxes, quantities, self.requirements, worth)
        found: list[Filled] = []
        for k, offer in enumerate(offers):
            if found and self.is_late(budget):
                break
            left = budget.after(self.rollouts - before)
            found.append(self._whole(offer, left.part(1 / (len(offers) - k)), values, worth))
        best = max(found, key=lambda filled: self._worth(filled, worth))
        return replace(best, rollouts=self.rollouts - before)

    def is_late(self, budget: Budget) -> bool:
        """Whether there is no time left for one more filling, as long as the last one took to begin."""
        return budget.until is not None and time.perf_counter() + SETUP_MARGIN * self.setup_s >= budget.until

    def gathered(self, filled: Filled, budget: Budget) -> Filled:
        """What does not fill the container moved to its deep end, as far as the centre of gravity allows."""
        if not filled.is_all or self.requirements.support_percent == 0 or self._has_zones(filled):
            return filled
        rollouts = min(GATHER_ROLLOUTS, budget.nodes or GATHER_ROLLOUTS)
        deep = filled.gathered(
            self.container,
            self.boxes,
            until=budget.until,
            threads=self.threads,
            rollouts=rollouts,
            support_percent=self.requirements.support_percent,
        )
        placements = centred(self.container, self.boxes, deep.placements, self.requirements)
        return replace(deep, placements=placements) if len(placements) == len(filled.placements) else filled

    def _has_zones(self, filled: Filled) -> bool:
        return any(self.boxes[placed.type].zone is not None for placed in filled.placements)

    def _whole(
        self, offer: Sequence[int], budget: Budget, values: Sequence[float] | None, worth: Sequence[float]
    ) -> Filled:
        """Nothing torn: a first try shows whether anything is. Then fewer and fewer units are offered, first of all."""
        if not self.requirements.together:
            return self._balanced(offer, budget, values, worth)
        before = self.rollouts
        filled = self._balanced(offer, budget.part(TRY_SHARE), values, worth)
        left = budget.after(self.rollouts - before)
        if not self._torn(filled):
            is_done = filled.is_all or self.is_late(left)
            again = filled if is_done else self._balanced(offer, left, values, worth)
            return filled if self._torn(again) else max(again, filled, key=lambda one: self._worth(one, worth))
        raised = [value * FIRST_VALUE if n in self.bound else value for n, value in enumerate(worth)]
        best = None
        fails, holds = -1, len(WHOLE_FILLS)
        for attempt in range(WHOLE_HALVINGS):
            if holds - fails < 2 or self.is_late(left):
                break
            middle = (fails + holds) // 2
            whole = affordable(self.container, self.boxes, offer, self.requirements, worth, WHOLE_FILLS[middle])
            part = budget.after(self.rollouts - before).part(1 / (WHOLE_HALVINGS + 1 - attempt))
            filled = self._balanced(whole, part, raised, worth)
            if self._torn(filled):
                fails = middle
            else:
                holds, best = middle, max(best or filled, filled, key=lambda one: self._worth(one, worth))
        if best is None:
            none = affordable(self.container, self.boxes, offer, self.requirements, worth, 0.0)
            best = self._balanced(none, budget.after(self.rollouts - before), values, worth)
        return best

    def _torn(self, filled: Filled) -> frozenset[int]:
        """The types of all units that are in by a part only."""
        return frozenset().union(*torn_units(self.boxes, filled.placements, self.requirements))

    def _balanced(
        self, offer: Sequence[int], budget: Budget, values: Sequence[float] | None, worth: Sequence[float]
    ) -> Filled:
        """The centre of gravity kept. Where that costs cartons, plans of walls that can change places are tried too."""
        if not self.has_centre:
            return self._slices(self.container, offer, budget, values)
        before = self.rollouts
        first = self._slices(self.container, offer, budget.part(1 - TRY_SHARE), values)
        kept = self._kept(first)
        if not kept.for_centre or self._has_zones(first) or self.container.length_mm < PARTS[-1]:
            return kept
        found = [kept]
        for k, parts in enumerate(PARTS):
            if self.is_late(budget):
                break
            left = budget.after(self.rollouts - before)
            found.append(self._kept(self._parted(offer, parts, left.part(1 / (len(PARTS) - k)), values)))
            if not found[-1].for_centre and found[-1].is_all:
                break
        return max(found, key=lambda filled: self._worth(filled, worth))

    def _kept(self, filled: Filled) -> Filled:
        plan = centred(self.container, self.boxes, filled.placements, self.requirements)
        if len(plan) == len(filled.placements):
            return replace(filled, placements=plan)
        out = Counter(placed.type for placed in filled.placements) - Counter(placed.type for placed in plan)
        return replace(self._with(filled, plan), is_all=False, for_centre=tuple(out.elements()))

    def _with(self, filled: Filled, plan: tuple[Placed, ...]) -> Filled:
        return replace(filled, placements=plan, fill=volume_of(plan) / self.container.volume_mm3)

    def _parted(self, offer: Sequence[int], parts: int, budget: Budget, values: Sequence[float] | None) -> Filled:
        """As if there were walls across the length that the cargo needs: what finds no room behind comes before."""
        length_mm, width_mm, height_mm = self.container.inside_mm
        volume_mm3 = sum(box.volume_mm3 * count for box, count in zip(self.boxes, offer, strict=True))
        needed_mm = min(length_mm, int(volume_mm3 / PARTED_FILL) // (width_mm * height_mm))
        part_mm = max(1, needed_mm // parts)
        rest = list(offer)
        plan: list[Placed] = []
        before = self.rollouts
        for k, start_mm in enumerate(range(0, parts * part_mm, part_mm)):
            piece_mm = part_mm if k + 1 < parts else length_mm - start_mm
            loaded_g = sum(self.boxes[placed.type].weight_g for placed in plan)
            share = budget.after(self.rollouts - before).part(1 / (parts - k))
            filled = self._slices(self.container.shortened(piece_mm, loaded_g), rest, share, values)
            plan += (placed._replace(x=placed.x + start_mm) for placed in filled.placements)
            for placed in filled.placements:
                rest[placed.type] -= 1
        return self._with(replace(filled, is_all=not any(rest)), tuple(plan))

    def _slices(
        self, container: Container, offer: Sequence[int], budget: Budget, values: Sequence[float] | None
    ) -> Filled:
        before, report = self.rollouts, self.report
        filled = fill_slices(
            container,
            self.boxes,
            offer,
            requirements=self.requirements,
            values=values,
            until=budget.until,
            nodes=budget.nodes,
            threads=self.threads,
            report=None if report is None else lambda rollouts: report(before + rollouts),
        )
        self.rollouts += filled.rollouts
        self.setup_s = filled.setup_s
        return filled

    def _worth(self, filled: Filled, worth: Sequence[float]) -> float:
        return sum(worth[placed.type] for placed in filled.placements)
