"""One container after the other, each planned for what is left: a whole load, whatever the time.

Problem: which containers is decided before it is known how well they can be filled. Therefore: plan the cheapest set
for what is left at the fill that can be expected, pack the largest of it, learn the fill, plan again.

    100 m3: planned 40HC + 20GP at 87 %; the 40HC took 71 m3 (93 %), so 29 m3 are left: one 20GP, as planned

What a carton is worth in a container is its volume; where weight can bind, its volume and its weight in the proportion
in which the two are scarce, since loading the light cartons first leaves a container full of tiles for the end.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence

from sundry.engines.packing.cargo import can_weight_bind
from sundry.engines.packing.covering import Counts, Need, covers
from sundry.engines.packing.filling import Filled
from sundry.engines.packing.task import Plan, Task

FILL_EXPECTED = 0.87
FILL_LEAST = 0.4
FILL_MAX = 0.98
RARE_VALUE = 2.0  # a carton that fits no later container counts double
SHORT_S, MANY_CLASSES, SHORT_CLASSES = 0.05, 500, 80  # with so little time, of so many classes, about so many are tried
CONTAINERS_NEAR = 8
SETS_MAX = 40  # looked at for one that takes every class; what the cheapest of them does not take comes later


class Roller:
    """Rolls and remembers how full containers become."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.containers = task.containers
        self.fill = FILL_EXPECTED  # of the next container
        self.reached = FILL_EXPECTED  # the mean of what was packed
        self.refused: set[tuple[int, int]] = set()  # (class, container type) that no plan could be found for

    def roll(self, seconds: float, quantities: Sequence[int], values: Sequence[float] | None = None) -> Plan:
        """A load of `quantities` or, where not so many containers are allowed, of what these hold. `values` instead of
        those by volume and weight."""
        self.fill = FILL_EXPECTED
        began = time.perf_counter()
        plan = Plan((), tuple(quantities))
        fills: list[float] = []
        while any(plan.rest) and not self._is_full(plan) and self._usable(plan.rest):
            coming = self._coming(plan)
            # The largest first: what is left at the end then goes into the smallest.
            number = max(coming, key=lambda c: (self.containers[c].volume_mm3, c))
            later = [c for c in coming if c != number or coming.count(c) > 1]
            until = began + seconds * self._share(plan, quantities, number)
            before = len(plan.filled)
            plan = self.extended(plan, number, later, until, values)
            if len(plan.filled) == before:
                plan = self._one_alone(plan, number, until)
            elif any(plan.rest) and not can_weight_bind(self.containers[number], self.task.boxes, quantities):
                fills.append(plan.filled[-1][1].fill)
                self.fill = min(FILL_EXPECTED, max(FILL_LEAST, fills[-1]))
                self.reached = sum(fills) / len(fills)
        return plan

    def continued(self, plan: Plan, classes: Collection[int], until: float) -> Plan:
        """The plan with further containers, as far as they are allowed, for what is left of some classes."""
        kept = tuple(0 if k in classes else left for k, left in enumerate(plan.rest))
        plan = Plan(plan.filled, tuple(left - keep for left, keep in zip(plan.rest, kept, strict=True)))
        while any(plan.rest) and not self._is_full(plan) and self._usable(plan.rest):
            number = max(self._coming(plan), key=lambda c: (self.containers[c].volume_mm3, c))
            now = time.perf_counter()
            most = self.task.containers_max
            coming = 1 if most is None else most - len(plan.filled)
            longer = self.extended(plan, number, (), now + (until - now) / coming)
            if longer is plan:
                break
            plan = longer
        return Plan(plan.filled, tuple(left + keep for left, keep in zip(plan.rest, kept, strict=True)))

    def extended(
        self, plan: Plan, number: int, later: Sequence[int], until: float, values: Sequence[float] | None = None
    ) -> Plan:
        """The plan with one more container, as full as time allows; the same plan where nothing goes in."""
        task = self.task
        worth = self.values(number, plan.rest, later) if values is None else values
        offer = self._offer(plan.rest, number, until)
        return self._with(plan, number, task.fill(number, offer, values=worth, until=until))

    def _one_alone(self, plan: Plan, number: int, until: float) -> Plan:
        """The plan with a container of one class, or of what travels together, where all that is left gave none: what
        was chosen among those that must be apart may have no centre of gravity, and another one may. What gives none
        alone is not looked at for this type of container again."""
        units = {k: unit for unit in self.task.units for k in unit}
        for first, left in enumerate(plan.rest):
            if left and self._can(first, number):
                unit = units.get(first, frozenset({first}))
                offer = [count if k in unit else 0 for k, count in enumerate(plan.rest)]
                longer = self._with(plan, number, self.task.fill(number, offer, until=until))
                if longer is not plan:
                    return longer
                self.refused |= {(k, number) for k in unit}
        return plan

    def _with(self, plan: Plan, number: int, filled: Filled) -> Plan:
        """The plan with one more container; the same plan where nothing is in it."""
        task = self.task
        if not filled.placements:
            return plan
        rest = tuple(left - count for left, count in zip(plan.rest, task.counts(filled), strict=True))
        task.progress("loading", sum(task.quantities) - sum(rest), sum(task.quantities))
        return Plan((*plan.filled, (number, filled)), rest)

    def values(self, number: int, rest: Sequence[int], later: Sequence[int]) -> list[float]:
        """What one carton of each class is worth in this container. With a containers by volume and b by weight still
        needed, volume counts a parts and weight b parts."""
        container = self.containers[number]
        need = self.task.need(rest)
        by_volume = need.volume_mm3 / container.volume_mm3 / self.fill
        by_weight = 0.0
        if container.payload_g and can_weight_bind(container, self.task.boxes, rest):
            by_weight = need.weight_g / container.payload_g
        values = []
        for box, box_fits, favour in zip(self.task.boxes, self.task.fits, self.task.favours, strict=True):
            value = box.volume_mm3 * by_volume
            if by_weight:
                value += box.weight_g * by_weight * need.volume_mm3 / need.weight_g
            value *= favour
            if later and not any(box_fits[c] for c in later):
                value *= RARE_VALUE
            values.append(value / (by_volume + by_weight))
        return values

    def takes_all(self, counts: Counts, rest: Sequence[int]) -> bool:
        """True when every carton that is left can travel in some container of the set."""
        return all(
            not left or any(count and self._can(k, c) for c, count in enumerate(counts)) for k, left in enumerate(rest)
        )

    def most_mm3(self) -> float:
        """The volume of cartons that no set of containers allowed can exceed."""
        most = self.task.containers_max
        return math.inf if most is None else FILL_MAX * most * max(c.volume_mm3 for c in self.containers)

    def _coming(self, plan: Plan) -> list[int]:
        """The containers planned for what is left, each once for each time it is taken."""
        most = None if self.task.containers_max is None else self.task.containers_max - len(plan.filled)
        need = self._near(self.task.need(plan.rest, self.fill), most)
        usable = self._usable(plan.rest)
        # What can travel nowhere any more is no reason to look for a dearer set.
        rest = [left if any(self._can(k, c) for c in usable) else 0 for k, left in enumerate(plan.rest)]
        counts = self._planned(need, rest, most)
        coming = [] if counts is None else [c for c in usable for _ in range(counts[c])]
        # More than may be taken, or none of the set takes what is left: the largest that does, again and again.
        return coming or [max(usable, key=lambda c: (self.containers[c].volume_mm3, c))] * (most or 1)

    def _planned(self, need: Need, rest: Sequence[int], most: int | None) -> Counts | None:
        """The cheapest set that takes every class that is left; where none of the first few does, the cheapest."""
        cheapest = None
        for counts in covers(self.containers, need, None, SETS_MAX, most):
            if self.takes_all(counts, rest):
                return counts
            cheapest = cheapest or counts
        return cheapest

    def _near(self, need: Need, most: int | None) -> Need:
        """What the next containers are planned for: of a very large need a part of the same density. Which set is
        best to the last container shows when it comes near, and looking for it earlier takes long."""
        near_mm3 = CONTAINERS_NEAR * max(container.volume_mm3 for container in self.containers)
        if most is not None or need.volume_mm3 <= near_mm3:
            return need
        return Need(near_mm3, -(-need.weight_g * near_mm3 // need.volume_mm3), need.fill, need.cartons)

    def _offer(self, rest: Sequence[int], number: int, until: float) -> Sequence[int]:
        """What is looked at for the next container: everything; when time is short, a part of very many
        classes."""
        if self.task.nodes is not None or time.perf_counter() < until - SHORT_S:
            return rest
        once = {k for unit in self.task.units for k in unit}
        able = [k for k, left in enumerate(rest) if left and k not in once and self._can(k, number)]
        able.sort(key=lambda k: (-self.task.boxes[k].volume_mm3, k))
        step = len(able) // SHORT_CLASSES if len(able) > MANY_CLASSES else 1
        looked_at = {*able[::step], *once}
        return [left if k in looked_at else 0 for k, left in enumerate(rest)]

    def _usable(self, rest: Sequence[int]) -> list[int]:
        """The containers in which some carton that is left can travel."""
        return [c for c in range(len(self.containers)) if any(left and self._can(k, c) for k, left in enumerate(rest))]

    def _can(self, k: int, number: int) -> bool:
        return self.task.fits[k][number] and (k, number) not in self.refused

    def _share(self, plan: Plan, quantities: Sequence[int], number: int) -> float:
        """How far the load will be after this container, from 0 to 1, by volume."""
        total = self.task.volume_mm3(quantities)
        done = total - self.task.volume_mm3(plan.rest)
        return min(1.0, (done + self.containers[number].volume_mm3 * self.fill) / min(total, self.most_mm3()))

    def _is_full(self, plan: Plan) -> bool:
        return self.task.containers_max is not None and len(plan.filled) >= self.task.containers_max
