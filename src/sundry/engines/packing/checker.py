"""Is a plan right? Judged from the plan alone, in plain Python, without a line of the code that made it.

Problem: an engine that also marks its own work finds it good. Therefore the rules are written down here a second time,
in the most direct way: inside, no two cartons in one place, an allowed way to stand, through the door, no more cartons
than there are, within the payload, every base carried, and an order in which a crew can bring the cartons in.

    check(container, boxes, placements) == []        # nothing is wrong

Areas are summed exactly, so a base that hangs out by one millimetre is a fault. 2,000 cartons take about a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sundry.engines.packing.rules import BoxType, Container, Load, Placed


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
    support: str = "full",
    ordered: bool = True,
) -> list[Fault]:
    """All faults of one container's plan. `ordered`: the list must also be a loading order."""
    unknown = [Fault(Rule.TYPE, (k,)) for k, p in enumerate(placements) if not 0 <= p.type < len(boxes)]
    if unknown:
        return unknown
    faults = [
        *_standing_faults(container, boxes, placements),
        *_quantity_faults(boxes, placements),
        *_weight_faults(container, boxes, placements),
        *_overlap_faults(placements),
    ]
    if support == "full":
        faults += _support_faults(placements)
    if ordered:
        faults += _order_faults(placements)
    return faults


def check_load(containers: Sequence[Container], boxes: Sequence[BoxType], load: Load) -> list[Fault]:
    """All faults of a load: of each container, and QUANTITY where loaded and left cartons are not those given."""
    faults = []
    total = [left + unfit for left, unfit in zip(load.left_out, load.unfit, strict=True)]
    for number, placements in load.containers:
        faults += check(containers[number], boxes, placements)
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


def _support_faults(placements: Sequence[Placed]) -> Iterator[Fault]:
    by_top: dict[int, list[Placed]] = defaultdict(list)
    for p in placements:
        by_top[p.z + p.dz].append(p)
    for k, p in enumerate(placements):
        if p.z == 0:
            continue
        carried_mm2 = sum(
            max(0, min(p.x + p.dx, q.x + q.dx) - max(p.x, q.x)) * max(0, min(p.y + p.dy, q.y + q.dy) - max(p.y, q.y))
            for q in by_top[p.z]
        )
        if carried_mm2 < p.dx * p.dy:
            yield Fault(Rule.SUPPORT, (k,))


def _order_faults(placements: Sequence[Placed]) -> Iterator[Fault]:
    for k, p in enumerate(placements):
        x1, y1, z1 = p.x + p.dx, p.y + p.dy, p.z + p.dz
        for j in range(k):
            q = placements[j]
            if p.y >= q.y + q.dy or q.y >= y1:
                continue
            if q.x >= x1 and p.z < q.z + q.dz and q.z < z1:
                yield Fault(Rule.BLOCKED, (j, k))
            if q.z == z1 and p.x < q.x + q.dx and q.x < x1:
                yield Fault(Rule.CARRIER_LATER, (j, k))
