"""Is a plan right? Judged from the plan alone, in plain Python, without a line of the code that made it.

Problem: an engine that also marks its own work finds it good. Therefore the rules are written down here a second time,
in the most direct way: inside, no two cartons in one place, an allowed way to stand, through the door, no more cartons
than there are, within the payload, every base carried, no carton crushed, an order in which a crew can bring the
cartons in, and whatever else was asked: the centre of gravity, zones, what must and what must not travel together.

    check(container, boxes, placements) == []        # nothing is wrong

Areas are summed exactly, so a base that hangs out by one millimetre is a fault; pressures are exact fractions
(load_graph.py), so one gram too much is. 2,000 cartons take a fraction of a second, 10,000 a few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from sundry.engines.packing.faults import Fault, Rule
from sundry.engines.packing.load_graph import Contact, contacts, overloads
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    LeftBehind,
    Load,
    Packing,
    Placed,
    Reason,
    Requirements,
    obstacles,
)
from sundry.engines.packing.way_in import blocked

__all__ = ["Fault", "Rule", "check", "check_load", "check_packing"]

ASKED_OF_ALL = Requirements()
NEVER_FIT = frozenset({Reason.TOO_LARGE, Reason.DOOR, Reason.TOO_HEAVY})


def check(
    container: Container,
    boxes: Sequence[BoxType],
    placements: Sequence[Placed],
    *,
    requirements: Requirements = ASKED_OF_ALL,
    ordered: bool = True,
) -> list[Fault]:
    """All faults of one container's plan. `ordered`: the list must also be a loading order."""
    faults = _container_faults(container, boxes, placements, requirements, ordered=ordered)
    if any(fault.rule == Rule.TYPE for fault in faults):
        return faults
    return [*faults, *_together_faults(boxes, [placements], requirements)]


def check_packing(
    container: Container, boxes: Sequence[BoxType], packing: Packing, requirements: Requirements = ASKED_OF_ALL
) -> list[Fault]:
    """All faults of what `pack` answered: of the plan, and of what it tells of the cartons that are not in."""
    faults = check(container, boxes, packing.placements, requirements=requirements)
    if any(fault.rule == Rule.TYPE for fault in faults):
        return faults
    left = _left(boxes, [packing.placements])
    if list(packing.left_out) != left:
        faults.append(Fault(Rule.QUANTITY, tuple(k for k, count in enumerate(left) if packing.left_out[k] != count)))
    return [*faults, *_left_behind_faults([container], boxes, left, packing.left_behind, requirements)]


def check_load(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    load: Load,
    requirements: Requirements = ASKED_OF_ALL,
    *,
    containers_max: int | None = None,
) -> list[Fault]:
    """All faults of a load: of each container, and of all together. QUANTITY: loaded and left are not those given."""
    if any(not 0 <= number < len(containers) for number, _ in load.containers):
        return [Fault(Rule.CONTAINERS)]
    faults: list[Fault] = []
    for place, (number, placements) in enumerate(load.containers):
        found = _container_faults(containers[number], boxes, placements, requirements)
        faults += [replace(fault, container=place) for fault in found]
    if any(fault.rule == Rule.TYPE for fault in faults):
        return faults
    plans = [placements for _, placements in load.containers]
    left = _left(boxes, plans)
    told = [out + unfit for out, unfit in zip(load.left_out, load.unfit, strict=True)]
    faults += [Fault(Rule.QUANTITY, (k,)) for k, count in enumerate(left) if told[k] != count]
    faults += _together_faults(boxes, plans, requirements)
    faults += _fleet_faults(containers, load, containers_max)
    faults += _left_behind_faults(containers, boxes, left, load.left_behind, requirements)
    return faults


def _left(boxes: Sequence[BoxType], plans: Sequence[Sequence[Placed]]) -> list[int]:
    """How many cartons of each type are in none of the plans."""
    loaded = Counter(p.type for placements in plans for p in placements)
    return [box.quantity - loaded[k] for k, box in enumerate(boxes)]


def _container_faults(
    container: Container,
    boxes: Sequence[BoxType],
    placements: Sequence[Placed],
    requirements: Requirements,
    *,
    ordered: bool = True,
) -> list[Fault]:
    """What can be said of a container without the others."""
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
        *_centre_faults(container, boxes, placements, requirements),
        *_zone_faults(boxes, placements),
        *_apart_faults(placements, requirements),
    ]
    if ordered:
        faults += _order_faults(placements, below)
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
    """Sweep along one axis: a carton is compared only with those that reach beyond its beginning."""
    axis = min(range(3), key=lambda axis: _crowd(placements, axis))
    reaching: list[int] = []
    for k in sorted(range(len(placements)), key=lambda k: placements[k][1 + axis]):
        p = placements[k]
        reaching = [j for j in reaching if placements[j][1 + axis] + placements[j][4 + axis] > p[1 + axis]]
        for j in reaching:
            q = placements[j]
            if (
                (p.x < q.x + q.dx and q.x < p.x + p.dx)
                and (p.y < q.y + q.dy and q.y < p.y + p.dy)
                and (p.z < q.z + q.dz and q.z < p.z + p.dz)
            ):
                yield Fault(Rule.OVERLAP, (j, k))
        reaching.append(k)


def _crowd(placements: Sequence[Placed], axis: int) -> int:
    """A thousand times how many cartons a cut across the axis meets, on the mean: planks lie side by side."""
    ends = max((p[1 + axis] + p[4 + axis] for p in placements), default=0)
    begins = min((p[1 + axis] for p in placements), default=0)
    return 1000 * sum(p[4 + axis] for p in placements) // max(1, ends - begins)


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


def _centre_faults(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> Iterator[Fault]:
    """Twice the moments, so that all stays whole: the middle of a carton of 3 is at 1.5."""
    weight_g = sum(boxes[p.type].weight_g for p in placements)
    twice_x = sum(boxes[p.type].weight_g * (2 * p.x + p.dx) for p in placements)
    twice_y = sum(boxes[p.type].weight_g * (2 * p.y + p.dy) for p in placements)
    for twice, room_mm, permille in (
        (twice_x, container.length_mm, requirements.centre_x_permille),
        (twice_y, container.width_mm, requirements.centre_y_permille),
    ):
        if permille is not None and abs(twice - room_mm * weight_g) * 1000 > 2 * permille * room_mm * weight_g:
            yield Fault(Rule.CENTRE, tuple(range(len(placements))))


def _zone_faults(boxes: Sequence[BoxType], placements: Sequence[Placed]) -> Iterator[Fault]:
    if all(box.zone is None for box in boxes if box.quantity):
        return
    by_zone: dict[int | None, list[int]] = defaultdict(list)
    for k, p in enumerate(placements):
        by_zone[boxes[p.type].zone].append(k)
    if None in by_zone:
        yield Fault(Rule.ZONE, tuple(by_zone.pop(None)))
    door_x = None  # where the zones so far end and the next may begin
    for _, cartons in sorted((zone, cartons) for zone, cartons in by_zone.items() if zone is not None):
        if door_x is not None:
            early = tuple(k for k in cartons if placements[k].x < door_x)
            if early:
                yield Fault(Rule.ZONE, early)
        ends = max(placements[k].x + placements[k].dx for k in cartons)
        door_x = ends if door_x is None else max(door_x, ends)


def _apart_faults(placements: Sequence[Placed], requirements: Requirements) -> Iterator[Fault]:
    for types in requirements.apart:
        cartons = tuple(k for k, p in enumerate(placements) if p.type in types)
        if len({placements[k].type for k in cartons}) > 1:
            yield Fault(Rule.APART, cartons)


def _order_faults(placements: Sequence[Placed], below: Sequence[Sequence[Contact]]) -> Iterator[Fault]:
    for contact in chain.from_iterable(below):
        if contact.upper < contact.lower:
            yield Fault(Rule.CARRIER_LATER, (contact.upper, contact.lower))
    for j, k in blocked(placements):
        yield Fault(Rule.BLOCKED, (j, k))


def _together_faults(
    boxes: Sequence[BoxType], plans: Sequence[Sequence[Placed]], requirements: Requirements
) -> Iterator[Fault]:
    for types in requirements.together:
        counts = [sum(p.type in types for p in placements) for placements in plans]
        if [count for count in counts if count] not in ([], [sum(boxes[k].quantity for k in types)]):
            yield Fault(Rule.TOGETHER, tuple(sorted(types)))


def _fleet_faults(containers: Sequence[Container], load: Load, containers_max: int | None) -> Iterator[Fault]:
    """Containers and price: what is told agrees with what is there, and with its own bounds."""
    taken = len(load.containers)
    is_empty = any(not placements for _, placements in load.containers)
    if is_empty or taken < load.containers_bound or (containers_max is not None and taken > containers_max):
        yield Fault(Rule.CONTAINERS)
    price_minor = sum(containers[number].price_minor for number, _ in load.containers)
    if load.price_minor != price_minor or price_minor < load.price_bound_minor:
        yield Fault(Rule.PRICE)


def _left_behind_faults(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    left: Sequence[int],
    left_behind: Sequence[LeftBehind],
    requirements: Requirements,
) -> Iterator[Fault]:
    """Every carton that is not in is told of once, for a reason that can be."""
    told: Counter[int] = Counter()
    for line in left_behind:
        told[line.type] += line.cartons
        if line.cartons <= 0 or not (
            0 <= line.type < len(boxes) and _can_be(line, boxes[line.type], containers, requirements)
        ):
            yield Fault(Rule.LEFT_BEHIND, (line.type,))
    for k, count in enumerate(left):
        if told[k] != count:
            yield Fault(Rule.LEFT_BEHIND, (k,))


def _can_be(line: LeftBehind, box: BoxType, containers: Sequence[Container], requirements: Requirements) -> bool:
    """Whether a carton can have been left behind for that reason, as far as what was asked tells."""
    never_fits = all(obstacles(box, container) for container in containers)
    if never_fits or line.reason in NEVER_FIT:
        return never_fits and line.reason in NEVER_FIT
    return {
        Reason.TOGETHER: any(line.type in types for types in requirements.together),
        Reason.APART: any(line.type in types for types in requirements.apart),
        Reason.PAYLOAD: any(container.payload_g is not None for container in containers),
        Reason.CENTRE: (requirements.centre_x_permille, requirements.centre_y_permille) != (None, None),
    }.get(line.reason, True)
