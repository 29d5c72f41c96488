"""Loads of many containers and few kinds: new fillings where they pay, and the best choice of all that were seen.

Problem: three kinds, fifty containers. There are thousands of ways to fill one of them, and which ones are needed is
not known before one knows what the others hold.

    1. seed: each kind alone; whole loads one container after the other, by volume, and with large cartons dearer
    2. price: the covering in fractions says what a carton of each kind is worth now; the search fills a container with
       the greatest worth; if that is more than the container costs, the load gets cheaper (column generation)
    3. dive: what the fractions say for certain is taken, and the rest is loaded one container after the other, with
       values that change a little every time
    4. choose: the covering in whole numbers over everything seen; where it holds too much, trimmed

Therefore 2 to 4 in turn, with ever more rollouts a filling, until time is out or the load costs what it at least must.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from sundry.engines.packing.filling import Filled
from sundry.engines.packing.pool import Column, Pool, Relaxed
from sundry.engines.packing.task import Plan, Task
from sundry.engines.packing.trimming import trimmed

ROLLOUTS_FIRST, ROLLOUTS_MAX, ROLLOUTS_GROWTH = 40, 4000, 1.5
PAYS = 1 + 1e-6
POWERS = (1.0, 1.05, 0.9)  # of the volume, in whole loads at the beginning: above 1 large cartons come first
NOISE = 0.25  # of a value, in dives
LEAST_VALUE = 1e-3  # of the value by volume: a carton worth nothing may still come along
COVER_SHARE, COVER_LEAST_S, COVER_MOST_S = 0.1, 0.05, 2.0
SEED = 20261122


class Pricing:
    """One search over a pool. `best` is the cheapest load so far; `bound`: no load can have a lower price, nor fewer
    containers."""

    def __init__(self, task: Task, demand: Sequence[int], best: Plan | None, bound: tuple[int, int]) -> None:
        self.task, self.demand = task, tuple(demand)
        self.pool = Pool(task.containers, len(task.boxes))
        self.bound = self.pool.price_of(*bound)
        self.best: Plan | None = None
        self.price = float("inf")
        self.random = random.Random(SEED)
        self.usable = [c for c in range(len(task.containers)) if any(fit[c] for fit in task.fits)]
        if best is not None:
            for number, filled in best.filled:
                self._add(number, filled)
            self._note(best)

    def run(self, until_left_s: float) -> Plan | None:
        """The cheapest load found before only so many seconds are left."""
        self.until_left_s = until_left_s
        self._seed()
        rollouts = float(ROLLOUTS_FIRST)
        while self._goes_on():
            relaxed = self.pool.relaxed(self.demand)
            if relaxed is None:
                break
            if not self._price(relaxed, round(rollouts)):
                self._choose()
                if self._goes_on():
                    self._dive(relaxed, round(rollouts))
                rollouts = min(self.task.nodes or ROLLOUTS_MAX, rollouts * ROLLOUTS_GROWTH)
        if self.price > self.bound * PAYS:
            self._choose()
        return self.best

    def _seed(self) -> None:
        """Each class alone in each container, so that every demand can be covered; then whole loads."""
        for number in self.usable:
            for k, count in enumerate(self.demand):
                if count and self.task.fits[k][number] and self._goes_on():
                    alone = [count if i == k else 0 for i in range(len(self.demand))]
                    self._add(number, self.task.fill(number, alone, nodes=ROLLOUTS_FIRST))
        for number in self.usable:
            for power in POWERS:
                if self._goes_on():
                    values = [float(box.volume_mm3) ** power for box in self.task.boxes]
                    self._serve([], self.demand, values, number, ROLLOUTS_FIRST)

    def _price(self, relaxed: Relaxed, rollouts: int) -> bool:
        """Whether a filling was found that is worth more than its container."""
        pays = False
        for number in self.usable:
            if self._goes_on():
                filled = self.task.fill(number, self.demand, values=self._values(relaxed, 0.0), nodes=rollouts)
                counts = self.task.counts(filled)
                worth = sum(value * count for value, count in zip(relaxed.values, counts, strict=True))
                is_new = self._add(number, filled)
                pays |= is_new and worth > self.pool.prices[number] * PAYS
        return pays

    def _dive(self, relaxed: Relaxed, rollouts: int) -> None:
        """Take what the fractions say, rounded down, and now and then one up; load the rest."""
        taken: list[Column] = []
        rest = list(self.demand)
        order = sorted(range(len(relaxed.times)), key=lambda j: -relaxed.times[j])
        for j in order:
            column = self.pool.columns[j]
            times = int(relaxed.times[j] + self.random.random() * 0.9)
            for _ in range(times):
                if all(count <= left for count, left in zip(column.counts, rest, strict=True)):
                    taken.append(column)
                    rest = [left - count for left, count in zip(rest, column.counts, strict=True)]
        # Now and then a few of them are opened again, so that there is something to choose.
        for _ in range(min(len(taken), self.random.choice((0, 0, 1, 2)))):
            column = taken.pop(self.random.randrange(len(taken)))
            rest = [left + count for left, count in zip(rest, column.counts, strict=True)]
        number = self.random.choice(self.usable)
        self._serve(taken, rest, self._values(relaxed, NOISE), number, rollouts)

    def _serve(
        self, taken: Sequence[Column], rest: Sequence[int], values: Sequence[float], number: int, rollouts: int
    ) -> None:
        """Load the rest into containers of one type, and note the load. A class that does not fit it ends that."""
        filled = [(column.number, column.filled) for column in taken]
        left = list(rest)
        price = sum(self.pool.prices[number] for number, _ in filled)
        while any(left) and price < self.price and self._goes_on():
            one = self.task.fill(number, left, values=values, nodes=rollouts)
            if not one.placements:
                return
            self._add(number, one)
            counts = self.task.counts(one)
            # The search would find the same again as long as none of its cartons runs short.
            times = min(more // count for more, count in zip(left, counts, strict=True) if count)
            filled += [(number, one)] * times
            price += self.pool.prices[number] * times
            left = [more - count * times for more, count in zip(left, counts, strict=True)]
        if not any(left):
            self._note(Plan(tuple(filled), tuple(left)))

    def _values(self, relaxed: Relaxed, noise: float) -> list[float]:
        """What a carton of each class is worth: its dual price, never nothing, and a little by chance."""
        each = self.task.volume_mm3(self.demand) / max(relaxed.price, 1e-9)  # volume that one unit of price carries
        return [
            (dual + LEAST_VALUE * box.volume_mm3 / each) * (1 + noise * (2 * self.random.random() - 1)) * each
            for dual, box in zip(relaxed.values, self.task.boxes, strict=True)
        ]

    def _choose(self) -> None:
        """The covering in whole numbers, trimmed."""
        seconds = None
        if self.task.nodes is None:
            left_s = self.task.left_s() - self.until_left_s
            seconds = min(COVER_MOST_S, max(COVER_LEAST_S, COVER_SHARE * left_s))
        chosen = self.pool.cover(self.demand, seconds=seconds, below=self.price / PAYS)
        plan = None if chosen is None else trimmed(self.task, chosen, self.demand)
        if plan is not None:
            self._note(plan)

    def _add(self, number: int, filled: Filled) -> bool:
        return self.pool.add(Column(number, self.task.counts(filled), filled))

    def _note(self, plan: Plan) -> None:
        price = sum(self.pool.prices[number] for number, _ in plan.filled)
        most = self.task.containers_max
        if price < self.price and (most is None or len(plan.filled) <= most):
            self.best, self.price = plan, price

    def _goes_on(self) -> bool:
        return self.price > self.bound * PAYS and self.task.left_s() > self.until_left_s
