"""Several buyers and too few containers: whose cartons travel.

Problem: two containers, three buyers, cargo for three containers. By volume alone each buyer leaves something behind;
but the first has paid for his room, and the third waits for the next ship anyway.

    priority 0: all in, as if nobody else were there; 1: what the first leaves room for; 2: what these two leave

Therefore level by level, the lowest number first. What a level loads is found without a look at the higher ones, and a
plan with more of a higher level is taken only where every carton of the lower ones that travelled before still travels.
That is promised. It is not promised that a higher level gets as much as it could if the lower ones stood otherwise.

Forty buyers are forty times as many fillings. Where there is time for fewer, neighbouring levels are one, in which a
lower number counts a hundred times the next (`levels.py`), and what is promised holds between those that are left.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from itertools import pairwise

from sundry.engines.packing.filling import SETUP_MARGIN
from sundry.engines.packing.keeping import FIRST_VALUE
from sundry.engines.packing.levels import grades, levels_of
from sundry.engines.packing.rolling import Roller
from sundry.engines.packing.task import FILLS_MAX, Plan, Task

LIFTS = (4.0, 30.0)  # times its volume a carton of a lower level counts, where all are packed anew
WAYS = len(LIFTS) + 1  # in which each container is filled for a level

Level = tuple[int, ...]  # classes


def levels(task: Task) -> list[Level]:
    """Classes that can be loaded by priority, the lowest number first; what travels together has its lowest."""
    level_of = levels_of(task.boxes, task.requirements)
    able = [k for k, count in enumerate(task.quantities) if count]
    return [tuple(k for k in able if level_of[k] == level) for level in sorted({level_of[k] for k in able})]


def ranked(task: Task, roller: Roller, first: Plan) -> Plan:
    """The load of the containers allowed, level by level. `first`: some plan of all, to know what filling takes."""
    work = grouped(levels(task), _affordable(task, first))
    plan = Plan((), task.quantities)
    for done, group in enumerate(work):
        seconds = task.left_s() / (len(work) - done) if task.nodes is None else 0.0
        plan = _with_level(_Level(task, group), roller, plan, time.perf_counter() + seconds)
    return plan


def grouped(orders: Sequence[Level], most: int) -> list[list[Level]]:
    """The levels, neighbours together so that there are no more than so many groups."""
    groups = max(1, min(most, len(orders)))
    cuts = [len(orders) * k // groups for k in range(groups + 1)]
    return [list(orders[a:b]) for a, b in pairwise(cuts)]


def _affordable(task: Task, first: Plan) -> int:
    """How many levels there is time, or with `nodes` are fillings, for."""
    if task.nodes is not None:
        return min(FILLS_MAX, task.nodes) // (WAYS * max(1, len(first.filled)))
    setup_s = WAYS * SETUP_MARGIN * sum(filled.setup_s for _, filled in first.filled)
    return int(task.left_s() / max(setup_s, 1e-6))


class _Level:
    """Levels that are loaded at once, and what a carton of each class counts there."""

    def __init__(self, task: Task, group: Sequence[Level]) -> None:
        self.task = task
        self.classes = {k for level in group for k in level}
        self.others = set(range(len(task.boxes))) - self.classes
        factors = grades(len(group))
        self.highest = factors[0]
        self.factor = [self.highest] * len(task.boxes)
        for level, factor in zip(group, factors, strict=True):
            for k in level:
                self.factor[k] = factor

    def values(self, lifted: Collection[int], lift: float) -> list[float]:
        """What a carton of each class counts; one of those lifted so many times the highest here."""
        factors = [lift * self.highest if k in lifted else factor for k, factor in enumerate(self.factor)]
        triples = zip(self.task.boxes, self.task.favours, factors, strict=True)
        return [box.volume_mm3 * favour * factor for box, favour, factor in triples]

    def worth(self, plan: Plan) -> float:
        values = self.values((), 1.0)
        return sum(values[k] * (self.task.quantities[k] - plan.rest[k]) for k in self.classes)


def _with_level(level: _Level, roller: Roller, before: Plan, until: float) -> Plan:
    """The plan with as much of the level as was found; nothing that was in comes out."""
    task = level.task
    aboard = [whole - left for whole, left in zip(task.quantities, before.rest, strict=True)]
    wanted = [task.quantities[k] if k in level.classes else count for k, count in enumerate(aboard)]
    plans = [before]
    lifts = LIFTS if before.filled else (1.0,)
    ways = WAYS if before.filled else 1
    for turn, lift in enumerate(lifts):
        seconds = _left_s(task, until) / (ways - turn)
        rolled = roller.roll(seconds, wanted, level.values(level.others, lift))
        loaded = [want - left for want, left in zip(wanted, rolled.rest, strict=True)]
        rest = tuple(whole - count for whole, count in zip(task.quantities, loaded, strict=True))
        if all(loaded[k] >= aboard[k] for k in level.others):
            plans.append(Plan(rolled.filled, rest))
            if not any(rolled.rest):
                return plans[-1]
    if before.filled:
        plans.append(_beside(level, roller, before, until))
    return max(plans, key=level.worth)


def _beside(level: _Level, roller: Roller, before: Plan, until: float) -> Plan:
    """Each container once more with what it has and, beside that, what finds room of the level; then further ones."""
    task = level.task
    rest = list(before.rest)
    filled = []
    for turn, (number, one) in enumerate(before.filled):
        own = task.counts(one)
        offered = [have + (rest[k] if k in level.classes else 0) for k, have in enumerate(own)]
        values = level.values([k for k, have in enumerate(own) if have], FIRST_VALUE)
        share_s = _left_s(task, until) / (len(before.filled) - turn + 1)
        more = task.fill(number, offered, values=values, until=time.perf_counter() + share_s)
        if all(count >= have for count, have in zip(task.counts(more), own, strict=True)):
            rest = [left + have - count for left, have, count in zip(rest, own, task.counts(more), strict=True)]
            one = more
        filled.append((number, one))
    return roller.continued(Plan(tuple(filled), tuple(rest)), level.classes, until)


def _left_s(task: Task, until: float) -> float:
    return max(0.0, until - time.perf_counter()) if task.nodes is None else 0.0
