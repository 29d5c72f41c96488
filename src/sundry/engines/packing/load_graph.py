"""What stands on what, and how hard it presses: for the checker, in whole numbers and exact fractions.

Problem: a carton of glass carries 500 kg/m2. Whether it breaks is a matter not of what stands on it, but of all that
stands on that, and of how the weight of each carton is shared among those that carry it.

    |  C 12 kg  |      C stands with 2/3 of its base on A and 1/3 on B, so A carries 8 kg of it and B 4 kg. Both feel
    |   A   | B |      the same pressure, 12 kg on the whole base of C; what A passes down is its own weight and 8 kg.

Therefore, from the top down, a carton passes its weight and its load on to what carries it, in the shares of the areas
of contact, and presses with (weight + load) / carried area everywhere. A base that hangs out presses harder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from sundry.engines.packing.rules import BoxType, Placed

G_MM2_PER_KG_M2 = 1000  # 1 g/mm2 = 1000 kg/m2


class Contact(NamedTuple):
    """`upper` stands on `lower` (places in the list of cartons), on an area above 0."""

    upper: int
    lower: int
    area_mm2: int


def contacts(placements: Sequence[Placed]) -> list[list[Contact]]:
    """For each carton what it stands on: the cartons whose tops are exactly as high as its base."""
    tops, bases = defaultdict(list), defaultdict(list)
    for k in sorted(range(len(placements)), key=lambda k: placements[k].x):
        p = placements[k]
        tops[p.z + p.dz].append(k)
        bases[p.z].append(k)
    below: list[list[Contact]] = [[] for _ in placements]
    for height, uppers in bases.items():
        for contact in _met(placements, uppers, tops.get(height, [])):
            below[contact.upper].append(contact)
    return below


def _met(placements: Sequence[Placed], uppers: Sequence[int], lowers: Sequence[int]) -> list[Contact]:
    """The contacts of one height. Both come sorted by x, so what a base has left behind is not looked at again."""
    found = []
    reaching: list[int] = []
    coming = 0
    for k in uppers:
        p = placements[k]
        while coming < len(lowers) and placements[lowers[coming]].x < p.x + p.dx:
            reaching.append(lowers[coming])
            coming += 1
        reaching = [j for j in reaching if placements[j].x + placements[j].dx > p.x]
        for j in reaching:
            area_mm2 = common_mm2(p, placements[j])
            if area_mm2 and j != k:
                found.append(Contact(k, j, area_mm2))
    return found


def common_mm2(p: Placed, q: Placed) -> int:
    """The area that two cartons share, seen from above."""
    along = min(p.x + p.dx, q.x + q.dx) - max(p.x, q.x)
    across = min(p.y + p.dy, q.y + q.dy) - max(p.y, q.y)
    return along * across if along > 0 and across > 0 else 0


def overloads(
    boxes: Sequence[BoxType], placements: Sequence[Placed], below: Sequence[Sequence[Contact]]
) -> list[Contact]:
    """The contacts at which a carton presses harder than what carries it may bear."""
    found = []
    load_g = [Fraction(0)] * len(placements)
    for k in sorted(range(len(placements)), key=lambda k: -placements[k].z):
        carried_mm2 = sum(contact.area_mm2 for contact in below[k])
        passed_g = load_g[k] + boxes[placements[k].type].weight_g
        for contact in below[k]:
            bearing = boxes[placements[contact.lower].type].bearing_kg_m2
            if bearing is not None and passed_g * G_MM2_PER_KG_M2 > bearing * carried_mm2:
                found.append(contact)
            load_g[contact.lower] += passed_g * contact.area_mm2 / carried_mm2
    return found
