"""A load is made cheaper: some of its containers are packed again into a cheaper set, again and again.

Problem: three containers are full and the fourth holds ten cartons. Each of the three has a little room, but never in
one place. Packed anew, together with one, two or five others, its cartons often fit into one container fewer.

    40HC 93 %, 40HC 92 %, 20GP 31 %: the last two hold 80 m3; a 45HC (86 m3) is cheaper than both -> tried

Therefore, as long as there is time: the last few containers, then (up to 20) all, then the emptiest with others by
turns; for these the sets that have the volume and the payload and cost less (price, then number, then volume): the
cheapest that needs no better fill than was reached, then the roomiest. A try ends as soon as the rest cannot fit.
"""

from __future__ import annotations

import random
import time

from sundry.engines.packing.covering import Counts, cost, covers
from sundry.engines.packing.filling import SETUP_MARGIN
from sundry.engines.packing.rolling import FILL_MAX, Roller
from sundry.engines.packing.task import Plan, Task

FILL_STEP = 0.02  # with more time a whole load fills this much more than the first try, at most
EXACT_KINDS = 5  # so few may fill a container to the last litre
CANDIDATES_MAX = 40
LAST_CONTAINERS = (3, 6)
LAST_MAX = 20  # of more the cheaper sets are too many to look at
OTHERS_MAX = 3  # packed again together with the emptiest
EMPTYINGS_MAX = 40
SEED = 20261122


class Undercutting:
    """`bound`: price and number of containers that no load can be below: reaching them ends it."""

    def __init__(self, task: Task, roller: Roller, bound: tuple[int, int]) -> None:
        self.task, self.roller, self.bound = task, roller, bound
        self.containers = task.containers

    def run(self, plan: Plan) -> Plan:
        """The cheapest complete load found in the time of the task."""
        for last in (*LAST_CONTAINERS, min(LAST_MAX, len(plan.filled))):
            if last <= len(plan.filled) and not any(plan.rest):
                plan = self._of_last(plan, last)
        chance = random.Random(SEED)
        for _ in range(EMPTYINGS_MAX):
            if self.task.left_s() <= 0 or self._is_least(plan) or len(plan.filled) < 2 or any(plan.rest):
                break
            plan = self._of_last(*self._with_emptiest_last(plan, chance))
        return plan

    def _with_emptiest_last(self, plan: Plan, chance: random.Random) -> tuple[Plan, int]:
        """The same load with the emptiest container and a few others at its end, and how many they are."""
        order = sorted(range(len(plan.filled)), key=lambda p: -plan.filled[p][1].fill)
        emptiest = order.pop()
        others = chance.sample(order, min(len(order), chance.randint(1, OTHERS_MAX)))
        first = [p for p in order if p not in others]
        return Plan(tuple(plan.filled[p] for p in (*first, *others, emptiest)), plan.rest), len(others) + 1

    def _of_last(self, plan: Plan, last: int) -> Plan:
        """Try cheaper sets for the last containers as long as there is time and a set that may succeed."""
        tried: set[Counts] = set()
        while plan.filled and not self._is_least(plan):
            begun = self._beginning(plan, len(plan.filled) - last)
            counts = self._candidate(plan, begun, tried)
            left_s = self.task.left_s()
            if counts is None or left_s <= SETUP_MARGIN * sum(filled.setup_s for _, filled in plan.filled[-last:]):
                break
            tried.add(counts)
            attempt = self._try(begun, counts, time.perf_counter() + left_s / 2)
            if attempt is not None:
                plan, last = attempt, min(last, len(attempt.filled))
        return plan

    def _is_least(self, plan: Plan) -> bool:
        price, number, _ = cost(self.containers, plan.counts(len(self.containers)))
        return (price, number) <= self.bound

    def _beginning(self, plan: Plan, containers: int) -> Plan:
        """The plan as it was after so many containers."""
        rest = list(plan.rest)
        for _, filled in plan.filled[containers:]:
            rest = [left + count for left, count in zip(rest, self.task.counts(filled), strict=True)]
        return Plan(plan.filled[:containers], tuple(rest))

    def _candidate(self, plan: Plan, begun: Plan, tried: set[Counts]) -> Counts | None:
        """What to try next in place of what follows `begun`: of the cheaper sets not yet tried the cheapest that needs
        no better fill than was reached, else the roomiest."""
        reached = self.roller.reached
        most = _fill_most(begun)
        need = self.task.need(begun.rest, most if most == 1.0 else min(most, reached + FILL_STEP))
        numbers = [number for number, _ in plan.filled[len(begun.filled) :]]
        below = cost(self.containers, tuple(numbers.count(c) for c in range(len(self.containers))))
        allowed = None if self.task.containers_max is None else self.task.containers_max - len(begun.filled)
        untried = [
            counts
            for counts in covers(self.containers, need, below, CANDIDATES_MAX, allowed)
            if counts not in tried and self.roller.takes_all(counts, begun.rest)
        ]
        for counts in untried:
            if need.volume_mm3 <= reached * cost(self.containers, counts)[2]:
                return counts
        return max(untried, key=lambda counts: cost(self.containers, counts)[2], default=None)

    def _try(self, begun: Plan, counts: Counts, until: float) -> Plan | None:
        """Pack the rest into exactly this set; None when the cartons do not fit."""
        fleet = sorted(
            (c for c, count in enumerate(counts) for _ in range(count)),
            key=lambda c: (-self.containers[c].volume_mm3, c),
        )
        began = time.perf_counter()
        total = sum(self.containers[c].volume_mm3 for c in fleet)
        used = 0
        plan = begun
        for position, number in enumerate(fleet):
            used += self.containers[number].volume_mm3
            later = fleet[position + 1 :]
            plan = self.roller.extended(plan, number, later, began + (until - began) * used / total)
            if not any(plan.rest):
                return plan
            room = sum(self.containers[c].volume_mm3 for c in later) * _fill_most(begun)
            is_late = self.task.left_s() <= 0 or time.perf_counter() > until
            if self.task.volume_mm3(plan.rest) > room or is_late:
                return None
        return None


def _fill_most(begun: Plan) -> float:
    """How full containers can be hoped to become with what is left."""
    return 1.0 if sum(1 for left in begun.rest if left) <= EXACT_KINDS else FILL_MAX
