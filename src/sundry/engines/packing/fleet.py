"""`load`: as many containers as an order needs, at the lowest price that can be packed.

Problem: fifty containers of three kinds of carton, and three containers of three hundred kinds, have nothing in common
but the question. In the first the same few fillings come again and again, and what matters is how often each; in the
second no filling comes twice, and what matters is how well each is packed.

    47 published orders of 2 to 5 kinds: 689 containers at 10 s each elsewhere; choosing among fillings, 2 s each: 688

Therefore:
1. *Bound*: what no load can be below, by volume, weight and measures (bounds.py). Reaching it ends the search.
2. *Roll*: one container after the other (rolling.py). That ends with a complete load, whatever the time. Where fewer
   containers are allowed than are needed: again with the time that is left, and level by level (ranking.py).
3. *Price* where the kinds are few for so many containers: columns and a covering in whole numbers (pricing.py).
4. *Undercut*: a few containers packed again into a cheaper set (undercutting.py), with the time that is left.
5. *Gather*: the cartons of a container that did not become full stand at its deep end.

Cheaper means: lower price, then fewer containers, then less volume; where all prices are equal, fewest containers.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence

from sundry.engines.packing.classes import Classes, classes_of
from sundry.engines.packing.contradictions import refuse_contradictions
from sundry.engines.packing.covering import cost
from sundry.engines.packing.filling import SETUP_MARGIN
from sundry.engines.packing.leaving import left_behind
from sundry.engines.packing.pool import is_available
from sundry.engines.packing.ranking import levels, ranked
from sundry.engines.packing.rolling import Roller
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    Load,
    Loaded,
    Requirements,
    fits,
    require_effort,
    require_favours,
)
from sundry.engines.packing.task import Plan, Task
from sundry.engines.packing.undercutting import Undercutting
from sundry.engines.packing.warming import warm
from sundry.kernel.outcome import Progress, silent

ROLL_SHARE = 0.35  # of the time
ROLL_SHARE_PRICED = 0.1  # where columns follow
PRICE_SHARE = 0.9  # of the time that is left then
KINDS_MAX, KINDS_PER_CONTAINER = 12, 1.0  # few kinds: so many, or so many for each container of the first load
NOTHING_ASKED = Requirements()


def load(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    *,
    requirements: Requirements = NOTHING_ASKED,
    seconds: float = 5.0,
    containers_max: int | None = None,
    favours: Sequence[float] | None = None,
    nodes: int | None = None,
    threads: int = 2,
    progress: Progress = silent,
) -> Load:
    """Load every carton that fits some container, at the lowest price found; every rule of every container kept.

    `requirements` hold for each container; what travels together is in one of them or in none, what is apart in
    different ones. `containers_max`: no more than so many; what then finds no room is left behind, cartons of a higher
    priority number before those of a lower one (ranking.py says what is promised). `favours`: how many times its
    volume a carton of each type counts there.
    `seconds` is for the whole load; one plan is always finished, so a short time is exceeded where the cargo is large.
    With `nodes` no time is looked at, and the answer is the same everywhere: at most so many plans are tried for each
    container filled, and once so many were filled the first load that is complete is the answer.
    Cartons come in loading order. ValueError: no container given, a number that makes no sense; Contradiction: the
    request clashes with itself.
    """
    if not containers:
        raise ValueError("no container is given")
    if containers_max is not None and containers_max < 0:
        raise ValueError(f"containers_max must be 0 or more, not {containers_max}")
    favours = [1.0] * len(boxes) if favours is None else favours
    require_effort(seconds, nodes, threads)
    require_favours(favours, boxes)
    refuse_contradictions(containers, boxes, requirements)
    warm()
    started = time.perf_counter()
    classes = classes_of(boxes, requirements, favours)
    task = Task(
        containers=containers,
        boxes=classes.boxes,
        requirements=classes.requirements,
        favours=classes.favours,
        until=started + seconds,
        nodes=nodes,
        threads=threads,
        progress=progress,
        containers_max=containers_max,
    )
    plan, bounds = _search(task, seconds)
    return _load(task, classes, boxes, requirements, plan, bounds, time.perf_counter() - started)


def _search(task: Task, seconds: float) -> tuple[Plan, tuple[int, int]]:
    """The best load found, and the price and the number of containers that no complete load is below."""
    # numpy comes with it: only who packs pays.
    from sundry.engines.packing.bounds import bounds

    task.settle()
    bound = bounds(task.containers, task.boxes, task.quantities)
    roller = Roller(task)
    is_few = is_available() and len(task.boxes) <= KINDS_MAX
    must_leave = task.volume_mm3(task.quantities) > roller.most_mm3()
    # Where levels are loaded one after the other, the first plan only tells what a filling takes.
    is_look = must_leave and len(levels(task)) > 1
    share = ROLL_SHARE_PRICED if is_look else 1.0 if must_leave else ROLL_SHARE_PRICED if is_few else ROLL_SHARE
    plan = roller.roll(seconds * share, task.quantities)
    if any(plan.rest):
        plan = _of_what_is_allowed(task, roller, plan)
    if not any(plan.rest):
        plan = _priced(task, plan, bound)
        plan = Undercutting(task, roller, bound).run(plan)
    return _gathered(task, plan), bound


def _of_what_is_allowed(task: Task, roller: Roller, plan: Plan) -> Plan:
    """Something stays: level by level where cartons differ in priority, else again with the time that is left."""
    if len(levels(task)) > 1:
        return ranked(task, roller, plan)
    if task.left_s() > SETUP_MARGIN * sum(filled.setup_s for _, filled in plan.filled):
        again = roller.roll(task.left_s() if task.nodes is None else 0.0, task.quantities)
        return max(plan, again, key=lambda each: _worth(task, each))
    return plan


def _priced(task: Task, plan: Plan, bound: tuple[int, int]) -> Plan:
    """The plan, or a cheaper one by columns where the kinds are few."""
    kinds = sum(1 for count in task.quantities if count)
    if not is_available() or kinds > max(KINDS_MAX, KINDS_PER_CONTAINER * len(plan.filled)) or len(plan.filled) < 2:
        return plan
    from sundry.engines.packing.pricing import Pricing

    left_s = task.left_s()
    pricing = Pricing(task, task.quantities, plan, bound)
    return pricing.run(0.0 if math.isinf(left_s) else left_s * (1 - PRICE_SHARE)) or plan


def _gathered(task: Task, plan: Plan) -> Plan:
    """Move the cartons of a container with room to spare to its deep end."""
    filled = tuple((number, task.gathered(number, one) if one.is_all else one) for number, one in plan.filled)
    return Plan(filled, plan.rest)


def _worth(task: Task, plan: Plan) -> float:
    """The volume of the cartons in a plan, each as often as it counts."""
    loaded = (whole - left for whole, left in zip(task.quantities, plan.rest, strict=True))
    return sum(
        box.volume_mm3 * count * favour for box, count, favour in zip(task.boxes, loaded, task.favours, strict=True)
    )


def _load(
    task: Task,
    classes: Classes,
    boxes: Sequence[BoxType],
    requirements: Requirements,
    plan: Plan,
    bounds: tuple[int, int],
    seconds: float,
) -> Load:
    """The plan told by type."""
    containers = task.containers
    plans, left = classes.dealt([filled.placements for _, filled in plan.filled], [box.quantity for box in boxes])
    loaded = tuple(Loaded(number, each) for (number, _), each in zip(plan.filled, plans, strict=True))
    can_travel = [any(fits(box, container) for container in containers) for box in boxes]
    left_out = tuple(count if can else 0 for count, can in zip(left, can_travel, strict=True))
    # What a bound says of everything is not true of a part.
    price_bound_minor, containers_bound = (0, 0) if any(left_out) else bounds
    return Load(
        containers=loaded,
        left_out=left_out,
        unfit=tuple(0 if can else count for count, can in zip(left, can_travel, strict=True)),
        price_minor=cost(containers, plan.counts(len(containers)))[0],
        price_bound_minor=price_bound_minor,
        seconds=seconds,
        containers_bound=containers_bound,
        left_behind=left_behind(containers, boxes, loaded, left, requirements, _for_centre(task, classes, plan, left)),
    )


def _for_centre(task: Task, classes: Classes, plan: Plan, left: Sequence[int]) -> list[int]:
    """The type of each carton that was taken out for a centre of gravity and then found no other container."""
    taken = Counter(k for _, filled in plan.filled for k in filled.for_centre)
    taken.update({k: task.boxes[k].quantity for k in task.lightened})
    found = []
    for k, count in taken.items():
        found += [member for member in classes.members[k] for _ in range(left[member])][:count]
    return found
