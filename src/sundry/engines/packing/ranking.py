"""Several buyers and too few containers: whose cartons travel.

Problem: two containers, three buyers, cargo for three containers. By volume alone each buyer leaves something behind;
but the first has paid for his room, and the third waits for the next ship anyway.

    priority 0: all in, as if nobody else were there; 1: what the first leaves room for; 2: what these two leave

Therefore level by level, the lowest number first. What a level loads is found without a look at the higher ones, and a
plan with more of a higher level is taken only where every carton of the lower ones that travelled before still travels.
That is promised. It is not promised that a higher level gets as much as it could if the lower ones stood otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from sundry.engines.packing.keeping import FIRST_VALUE
from sundry.engines.packing.levels import levels_of
from sundry.engines.packing.rolling import Roller
from sundry.engines.packing.task import Plan, Task

LIFTS = (4.0, 30.0)  # times its volume a carton of a lower level counts, where all are packed anew


def levels(task: Task) -> list[tuple[int, ...]]:
    """Classes that can be loaded by priority, the lowest number first; what travels together has its lowest."""
    level_of = levels_of(task.boxes, task.requirements)
    able = [k for k, count in enumerate(task.quantities) if count]
    return [tuple(k for k in able if level_of[k] == level) for level in sorted({level_of[k] for k in able})]


def ranked(task: Task, roller: Roller) -> Plan:
    """The load of the containers allowed, level by level."""
    orders = levels(task)
    plan = Plan((), task.quantities)
    for done, level in enumerate(orders):
        seconds = task.left_s() / (len(orders) - done)
        plan = _with_level(task, roller, plan, level, seconds if task.nodes is None else 0.0)
    return plan


def _with_level(task: Task, roller: Roller, before: Plan, level: Sequence[int], seconds: float) -> Plan:
    """The plan with as much of the level as was found; nothing that was in comes out."""
    aboard = [whole - left for whole, left in zip(task.quantities, before.rest, strict=True)]
    wanted = [task.quantities[k] if k in level else count for k, count in enumerate(aboard)]
    plans = [before]
    for lift in LIFTS if before.filled else (1.0,):
        values = [
            box.volume_mm3 * favour * (1.0 if k in level else lift)
            for k, (box, favour) in enumerate(zip(task.boxes, task.favours, strict=True))
        ]
        rolled = roller.roll(seconds / (len(LIFTS) + 1), wanted, values)
        loaded = [want - left for want, left in zip(wanted, rolled.rest, strict=True)]
        rest = tuple(whole - count for whole, count in zip(task.quantities, loaded, strict=True))
        if all(count >= least or k in level for k, (count, least) in enumerate(zip(loaded, aboard, strict=True))):
            plans.append(Plan(rolled.filled, rest))
            if all(left == 0 for left in rolled.rest):
                break
    if before.filled:
        plans.append(_beside(task, roller, before, level))
    return max(plans, key=lambda plan: _worth(task, plan, level))


def _beside(task: Task, roller: Roller, before: Plan, level: Sequence[int]) -> Plan:
    """Each container once more with what it has and, beside that, what finds room of the level; then further ones."""
    rest = list(before.rest)
    filled = []
    for number, one in before.filled:
        own = task.counts(one)
        offered = [have + (rest[k] if k in level else 0) for k, have in enumerate(own)]
        values = [box.volume_mm3 * (FIRST_VALUE if own[k] else 1.0) for k, box in enumerate(task.boxes)]
        more = task.fill(number, offered, values=values)
        if all(count >= have for count, have in zip(task.counts(more), own, strict=True)):
            rest = [left + have - count for left, have, count in zip(rest, own, task.counts(more), strict=True)]
            one = more
        filled.append((number, one))
    plan = Plan(tuple(filled), tuple(rest))
    return roller.continued(plan, level)


def _worth(task: Task, plan: Plan, level: Sequence[int]) -> float:
    return sum(task.boxes[k].volume_mm3 * task.favours[k] * (task.quantities[k] - plan.rest[k]) for k in level)
