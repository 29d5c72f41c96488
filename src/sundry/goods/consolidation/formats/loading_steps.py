"""A loading order cut into steps that a crew can follow, one picture each.

Problem: a container of 1,000 cartons in loading order is one long list. A picture of every carton is 1,000 pages; a
picture of everything shows only the last wall. A crew stands at the door and builds towards itself, so a picture shows
what it has to show as long as no carton of the step stands before another of the same step.

Worked case: walls of 30 equal cartons, 1,000 in all. Steps of at least 28 (1,000 over 36 pictures): the 31st carton
would hide the first, so the step ends at 30, and every picture is one wall: 34 pictures.

Therefore a step ends before a carton that hides half of another of the step, or that brings more kinds than a table
can show at a glance, once it has its least number of cartons; and always at its largest. Thirty-six pictures at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sundry.goods.consolidation.rules import Placement

STEPS_MAX = 36
_CARTONS_MIN = 12
_CARTONS_MAX = 40
_KINDS_MAX = 14


@dataclass(frozen=True, slots=True)
class Step:
    """Placements `start` to `stop` - 1 of a container."""

    start: int
    stop: int


def steps_of(placements: Sequence[Placement]) -> list[Step]:
    """The steps in loading order: every placement in exactly one, at most STEPS_MAX."""
    least = max(_CARTONS_MIN, -(-len(placements) // STEPS_MAX))
    most = max(_CARTONS_MAX, 2 * least)
    steps, start = [], 0
    for at in range(1, len(placements) + 1):
        if at == len(placements) or _ends(placements[start:at], placements[at], least, most):
            steps.append(Step(start, at))
            start = at
    return steps


def _ends(step: Sequence[Placement], following: Placement, least: int, most: int) -> bool:
    if len(step) < least:
        return False
    kinds = {(p.line, p.dx, p.dy, p.dz) for p in (*step, following)}
    return len(step) >= most or len(kinds) > _KINDS_MAX or any(_hides(following, p) for p in step)


def _hides(near: Placement, far: Placement) -> bool:
    """`near` covers half or more of the face that `far` shows to the door."""
    if near.x < far.x + far.dx:
        return False
    width = min(near.y + near.dy, far.y + far.dy) - max(near.y, far.y)
    height = min(near.z + near.dz, far.z + far.dz) - max(near.z, far.z)
    return width > 0 and height > 0 and 2 * width * height >= far.dy * far.dz
