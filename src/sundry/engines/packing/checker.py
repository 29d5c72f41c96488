"""Is a plan right? Judged from the plan alone, in plain Python, without a line of the code that made it.

Problem: an engine that also marks its own work finds it good. Therefore the rules are written down here a second time,
in the most direct way: inside, no two cartons in one place, an allowed way to stand, through the door, no more cartons
than there are, within the payload, every base carried, no carton crushed, and an order in which a crew can bring the
cartons in.

    check(container, boxes, placements) == []        # nothing is wrong

Areas are summed exactly, so a base that hangs out by one millimetre is a fault; pressures are exact fractions
(load_graph.py), so one gram too much is. 2,000 cartons take a fraction of a second, 10,000 a few.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, product

from sundry.engines.packing.load_graph import Contact, contacts, overloads
from sundry.engines.packing.rules import BoxType, Container, Load, Placed, Requirements

ASKED_OF_ALL = Requirements()
SQUARES_MAX = 64  # across one carton


class Rule(StrEnum):
    """What can be wrong, in the order in which it is looked at."""

    TYPE = "type"  # there is no such type
    OUTSIDE = "outside"
    ORIENTATION = "orientation"
    DOOR = "door"
    QUANTITY = "quantity"
    WEIGHT = "weight"
    OVERLAP = "overlap"
    SUPPORT = "support"
    BEARING = "bearing"  # the first presses harder than the second may bear
    ON_TOP = "on_top"  # the first stands on the second, on which nothing may
    CARRIER_LATER = "carrier_later"  # placed before something that it stands on
    BLOCKED = "blocked"  # something nearer to the door is placed before it


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule. `cartons`: their places in the list; for quantity and weight all that count."""

    rule: Rule
    cartons: tuple[int, ...]


def check(
    container: Container,
    boxes: Sequence[BoxType],
    placements: Sequence[Placed],
    *,
    requirements: Requirements = ASKED_OF_ALL,
    ordered: bool = True,
) -> list[Fault]:
    """All faults of one container's plan. `ordered`: the list must also be a loading order."""
    unknown = [Fault(Rule.TYPE, (k,)) for k, p in enumerate(placements) if not 0 <= p.type < len(boxes)]
    if unknown:
        return unknown
    below = contacts(placements)
    faults = [
        *_standing_faults(container, boxes, placements),
        *_quantity_faults(boxes, placements),
        *_weight_faults(container, boxes, placements),
        *_overlap_faults(placements),
        *_support_faults(placements, below, requirements.support_percent),
        *_burden_faults(boxes, placements, below),
    ]
    if ordered:
        faults += _order_faults(placements, below)
    return faults


def check_load(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    load: Load,
    requirements: Requirements = ASKED_OF_ALL,
) -> list[Fault]:
    """All faults of a load: of each container, and QUANTITY where loaded and left cartons are not those given."""
    faults = []
    total = [left + unfit for left, unfit in zip(load.left_out, load.unfit, strict=True)]
    for number, placements in load.containers:
        faults += check(containers[number], boxes, placements, requirements=requirements)
        for placed in placements:
            total[placed.type] += 1
    faults += [Fault(Rule.QUANTITY, (k,)) for k, box in enumerate(boxes) if total[k] != box.quantity]
    return faults


def _standing_faults(container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed]) -> Iterator[Fault]:
    for k, p in enumerate(placements):
        if min(p.x, p.y, p.z) < 0 or any(
            at + edge > room for at, edge, room in zip(p[1:4], p[4:7], container.inside_mm, strict=True)
        ):
            yield Fault(Rule.OUTSIDE, (k,))
        box = boxes[p.type]
        edges = [box.length_mm, box.width_mm, box.height_mm]
        is_allowed = False
        for upright in range(3):
            lying = edges[:upright] + edges[upright + 1 :]
            if box.vertical[upright] and p.dz == edges[upright] and sorted((p.dx, p.dy)) == sorted(lying):
                is_allowed = True
        if not is_allowed:
            yield Fault(Rule.ORIENTATION, (k,))
        if (container.door_width_mm is not None and p.dy > container.door_width_mm) or (
            container.door_height_mm is not None and p.dz > container.door_height_mm
        ):
            yield Fault(Rule.DOOR, (k,))


def _quantity_faults(boxes: Sequence[BoxType], placements: Sequence[Placed]) -> Iterator[Fault]:
    by_type: dict[int, list[int]] = defaultdict(list)
    for k, p in enumerate(placements):
        by_type[p.type].append(k)
    for number, cartons in by_type.items():
        if len(cartons) > boxes[number].quantity:
            yield Fault(Rule.QUANTITY, tuple(cartons))


def _weight_faults(container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed]) -> Iterator[Fault]:
    weight_g = sum(boxes[p.type].weight_g for p in placements)
    if container.payload_g is not None and weight_g > container.payload_g:
        yield Fault(Rule.WEIGHT, tuple(range(len(placements))))


def _overlap_faults(placements: Sequence[Placed]) -> Iterator[Fault]:
    """Sweep along x: a carton is compared only with those that reach beyond its beginning."""
    reaching: list[int] = []
    for k in sorted(range(len(placements)), key=lambda k: placements[k].x):
        p = placements[k]
        reaching = [j for j in reaching if placements[j].x + placements[j].dx > p.x]
        for j in reaching:
            q = placements[j]
            if p.y < q.y + q.dy and q.y < p.y + p.dy and p.z < q.z + q.dz and q.z < p.z + p.dz:
                yield Fault(Rule.OVERLAP, (j, k))
        reaching.append(k)


def _support_faults(
    placements: Sequence[Placed], below: Sequence[Sequence[Contact]], support_percent: int
) -> Iterator[Fault]:
    for k, p in enumerate(placements):
        carried_mm2 = sum(contact.area_mm2 for contact in below[k])
        if p.z and carried_mm2 * 100 < support_percent * p.dx * p.dy:
            yield Fault(Rule.SUPPORT, (k,))


def _burden_faults(
    boxes: Sequence[BoxType], placements: Sequence[Placed], below: Sequence[Sequence[Contact]]
) -> Iterator[Fault]:
    if any(boxes[p.type].bearing_kg_m2 is not None for p in placements):
        for contact in overloads(boxes, placements, below):
            yield Fault(Rule.BEARING, (contact.upper, contact.lower))
    for contact in chain.from_iterable(below):
        if boxes[placements[contact.lower].type].nothing_on_top:
            yield Fault(Rule.ON_TOP, (contact.upper, contact.lower))


def _order_faults(placements: Sequence[Placed], below: Sequence[Sequence[Contact]]) -> Iterator[Fault]:
    for contact in chain.from_iterable(below):
        if contact.upper < contact.lower:
            yield Fault(Rule.CARRIER_LATER, (contact.upper, contact.lower))
    standing = _Standing(placements)
    for k in range(len(placements)):
        for j in standing.in_the_way(k):
            yield Fault(Rule.BLOCKED, (j, k))
        standing.add(k)


class _Standing:
    """The cartons that stand already, by squares of the cross-section, in each square by where they begin.

    Coming from the door, a carton meets those that begin where it ends or nearer to the door: in a good order hardly
    any of its squares holds one, so that the work grows with the number of cartons and not with its square.
    """

    def __init__(self, placements: Sequence[Placed]) -> None:
        self.placements = placements
        edges = [edge for p in placements for edge in (p.dy, p.dz)] or [1]
        self.square = max(1, sum(edges) // len(edges), max(edges) // SQUARES_MAX)
        self.columns: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)

    def add(self, k: int) -> None:
        for square in self._squares(self.placements[k]):
            insort(self.columns[square], (self.placements[k].x, k))

    def in_the_way(self, k: int) -> list[int]:
        p = self.placements[k]
        found = set()
        for square in self._squares(p):
            column = self.columns[square]
            for _, j in column[bisect_left(column, (p.x + p.dx, -1)) :]:
                q = self.placements[j]
                if p.y < q.y + q.dy and q.y < p.y + p.dy and p.z < q.z + q.dz and q.z < p.z + p.dz:
                    found.add(j)
        return sorted(found)

    def _squares(self, p: Placed) -> Iterator[tuple[int, int]]:
        across = range(p.y // self.square, (p.y + p.dy - 1) // self.square + 1)
        return product(across, range(p.z // self.square, (p.z + p.dz - 1) // self.square + 1))
