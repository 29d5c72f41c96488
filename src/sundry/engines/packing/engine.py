"""`pack`: one container, as full as time and the rules of the whole plan allow."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from sundry.engines.packing.contradictions import refuse_contradictions
from sundry.engines.packing.keeping import Budget, Keeper
from sundry.engines.packing.leaving import left_behind
from sundry.engines.packing.levels import fill_levels
from sundry.engines.packing.rules import BoxType, Container, Loaded, Packing, Requirements, require_effort
from sundry.engines.packing.warming import warm
from sundry.kernel.outcome import Progress, silent

NOTHING_MORE = Requirements()


def pack(
    container: Container,
    boxes: Sequence[BoxType],
    *,
    requirements: Requirements = NOTHING_MORE,
    seconds: float = 5.0,
    nodes: int | None = None,
    threads: int = 2,
    progress: Progress = silent,
) -> Packing:
    """Load as much volume as possible into one container.

    `seconds` is kept to a tenth, from when the kernels are loaded (a second, once a process). With `nodes`, the number
    of complete plans to try, time is not looked at and the answer is the same everywhere. Guarantees, whatever the
    time: inside, no overlap, allowed orientation, through the door, within the payload, in an order in which each finds
    its way in, support and bearing as they are asked, zones one behind the other, the centre of gravity in its window,
    whole what travels together, and never side by side what must not. `left_behind` tells of every carton that is not
    in, and why. What low priority numbers are promised stands in levels.py.

    Contradiction (a ValueError): no plan can keep what is asked, see contradictions.py. ValueError: a time below 0,
    no nodes or no threads.
    """
    require_effort(seconds, nodes, threads)
    refuse_contradictions([container], boxes, requirements)
    warm()
    started = time.perf_counter()
    keeper = Keeper(
        container,
        boxes,
        requirements,
        threads=threads,
        report=lambda rollouts: progress("packing", rollouts, max(rollouts, nodes or 0)),
    )
    budget = Budget(None if nodes is not None else started + seconds, nodes)
    filled = keeper.gathered(fill_levels(keeper, budget), budget)
    loaded = Counter(placed.type for placed in filled.placements)
    left_out = tuple(box.quantity - loaded[number] for number, box in enumerate(boxes))
    return Packing(
        placements=filled.placements,
        fill=filled.fill,
        seconds=time.perf_counter() - started,
        rollouts=keeper.rollouts,
        left_out=left_out,
        left_behind=left_behind(
            [container], boxes, [Loaded(0, filled.placements)], left_out, requirements, filled.for_centre
        ),
    )
