"""`pack`: one container, as full as time allows."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sundry.engines.packing.filling import GATHER_ROLLOUTS, fill
from sundry.engines.packing.rules import BoxType, Container, Packing, Requirements
from sundry.engines.packing.warming import warm
from sundry.kernel.outcome import Progress, silent

NOTHING_ASKED = Requirements()


def pack(
    container: Container,
    boxes: Sequence[BoxType],
    *,
    requirements: Requirements = NOTHING_ASKED,
    seconds: float = 5.0,
    nodes: int | None = None,
    threads: int = 2,
    progress: Progress = silent,
) -> Packing:
    """Load as much volume as possible into one container.

    `seconds` is kept to a tenth, from when the kernels are loaded (a second, once a process). With `nodes`, the number
    of complete plans to try, time is not looked at and the answer is the same everywhere. Guarantees: inside, no
    overlap, allowed orientation, through the door, within the payload, and support as it is asked. Cartons that cannot
    travel in the container stay in `left_out`.
    """
    warm()
    started = time.perf_counter()
    filled = fill(
        container,
        boxes,
        [box.quantity for box in boxes],
        until=None if nodes is not None else started + seconds,
        nodes=nodes,
        full_support=requirements.support_percent > 0,
        threads=threads,
        report=lambda rollouts: progress("packing", rollouts, nodes or 0),
    )
    if filled.is_all and requirements.support_percent > 0:
        filled = filled.gathered(
            container,
            boxes,
            until=None if nodes is not None else started + seconds,
            threads=threads,
            rollouts=min(GATHER_ROLLOUTS, nodes or GATHER_ROLLOUTS),
        )
    left_out = [box.quantity for box in boxes]
    for placed in filled.placements:
        left_out[placed.type] -= 1
    return Packing(
        placements=filled.placements,
        fill=filled.fill,
        seconds=time.perf_counter() - started,
        rollouts=filled.rollouts,
        left_out=tuple(left_out),
        disorder=0,
    )
