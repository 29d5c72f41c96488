"""A plan is damaged in every way, and the checker must say exactly what a second judge says, as dumb as can be.

The second judge sees a small container as unit cells, a carton as the set of its cells, and reads every rule off them:
no intervals, no areas of overlap, no sweep. It shares no thought with the checker.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing import BoxType, Container, Placed, pack
from sundry.engines.packing.checker import check
from sundry.engines.packing.rules import BEARING_MAX_KG_M2, Requirements

Cell = tuple[int, int, int]

EDGE = st.integers(1, 4)
UPRIGHT = st.sampled_from([(True, True, True), (False, False, True), (True, False, True)])
SETS = st.lists(st.frozensets(st.integers(0, 2), min_size=1, max_size=3), max_size=1).map(tuple)
BOX = st.builds(
    BoxType,
    EDGE,
    EDGE,
    EDGE,
    st.integers(1, 5),
    UPRIGHT,
    st.integers(0, 9),
    st.none() | st.integers(0, 9000),
    st.sampled_from([False, False, False, True]),
)
ROOM = st.builds(
    Container,
    st.just("room"),
    st.integers(4, 9),
    st.integers(3, 6),
    st.integers(3, 6),
    st.none() | st.integers(2, 6),
    st.none() | st.integers(2, 6),
    st.none() | st.integers(10, 90),
)
ASKED = st.builds(
    Requirements, st.sampled_from([0, 50, 75, 100]), *[st.none() | st.integers(0, 300)] * 2, together=SETS, apart=SETS
)


class World(NamedTuple):
    room: Container
    boxes: tuple[BoxType, ...]
    plan: tuple[Placed, ...]
    asked: Requirements


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A plan that the engine made without knowing all that is asked, so that some rules are broken from the first."""
    room, boxes = draw(ROOM), draw(st.lists(BOX, min_size=3, max_size=3))
    support = Requirements(draw(st.sampled_from([0, 100])))
    free = [replace(box, bearing_kg_m2=None, nothing_on_top=False) for box in boxes]
    plan = pack(room, boxes if support.support_percent else free, requirements=support, nodes=4).placements
    if draw(st.booleans()):
        boxes = [replace(box, zone=draw(st.none() | st.integers(0, 2))) for box in boxes]
    return World(room, tuple(boxes), plan, draw(ASKED))


def _moved(draw: st.DrawFn, world: World) -> World:
    """One carton by one unit along one axis."""
    k, axis, step = (
        draw(st.integers(0, len(world.plan) - 1)),
        draw(st.sampled_from("xyz")),
        draw(st.sampled_from([-1, 1])),
    )
    carton = world.plan[k]
    return _with(world, k, carton._replace(**{axis: getattr(carton, axis) + step}))


def _swapped(draw: st.DrawFn, world: World) -> World:
    """Two cartons change their corners, and so their places in the order."""
    one, other = draw(st.integers(0, len(world.plan) - 1)), draw(st.integers(0, len(world.plan) - 1))
    a, b = world.plan[one], world.plan[other]
    moved = _with(world, one, b._replace(x=a.x, y=a.y, z=a.z))
    return moved if one == other else _with(moved, other, a._replace(x=b.x, y=b.y, z=b.z))


def _turned(draw: st.DrawFn, world: World) -> World:
    k = draw(st.integers(0, len(world.plan) - 1))
    carton = world.plan[k]
    dx, dy, dz = draw(st.permutations(carton[4:]))
    return _with(world, k, carton._replace(dx=dx, dy=dy, dz=dz))


def _twice(draw: st.DrawFn, world: World) -> World:
    again = world.plan[draw(st.integers(0, len(world.plan) - 1))]
    return world._replace(plan=(*world.plan, again._replace(z=draw(st.sampled_from([again.z, again.z + again.dz])))))


def _taken_out(draw: st.DrawFn, world: World) -> World:
    k = draw(st.integers(0, len(world.plan) - 1))
    return world._replace(plan=world.plan[:k] + world.plan[k + 1 :])


def _renamed(draw: st.DrawFn, world: World) -> World:
    k = draw(st.integers(0, len(world.plan) - 1))
    return _with(world, k, world.plan[k]._replace(type=draw(st.integers(0, 2))))


def _reordered(draw: st.DrawFn, world: World) -> World:
    return world._replace(plan=tuple(draw(st.permutations(world.plan))))


def _heavier(draw: st.DrawFn, world: World) -> World:
    k, more = draw(st.integers(0, 2)), draw(st.integers(1, 9))
    return _with_box(world, k, replace(world.boxes[k], weight_g=world.boxes[k].weight_g + more))


def _rezoned(draw: st.DrawFn, world: World) -> World:
    return world._replace(boxes=tuple(replace(box, zone=draw(st.integers(0, 2))) for box in world.boxes))


def _topped(draw: st.DrawFn, world: World) -> World:
    k = draw(st.integers(0, 2))
    return _with_box(world, k, replace(world.boxes[k], nothing_on_top=True))


def _with(world: World, k: int, carton: Placed) -> World:
    return world._replace(plan=(*world.plan[:k], carton, *world.plan[k + 1 :]))


def _with_box(world: World, k: int, box: BoxType) -> World:
    return world._replace(boxes=(*world.boxes[:k], box, *world.boxes[k + 1 :]))


DAMAGES: list[Callable[[st.DrawFn, World], World]] = [
    *(_moved, _swapped, _turned, _twice, _taken_out),
    *(_renamed, _reordered, _heavier, _rezoned, _topped),
]


def found_rules(world: World) -> set[str]:
    """As the checker finds them; of what carries what only where nothing overlaps, as the other judge does."""
    found = {str(fault.rule) for fault in check(world.room, world.boxes, world.plan, requirements=world.asked)}
    return found - {"support", "bearing", "on_top", "carrier_later"} if "overlap" in found else found


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_done_to_a_plan_both_judges_say_the_same(data: st.DataObject) -> None:
    world = data.draw(worlds())
    assert found_rules(world) == broken_rules(*world)
    if world.plan:
        world = data.draw(st.sampled_from(DAMAGES))(data.draw, world)
        assert found_rules(world) == broken_rules(*world)


def _bearing(world: World, value: int) -> World:
    return world._replace(boxes=tuple(replace(box, bearing_kg_m2=value) for box in world.boxes))


def _payload(world: World, value: int) -> World:
    return world._replace(room=replace(world.room, payload_g=value))


def _support(world: World, value: int) -> World:
    return world._replace(asked=replace(world.asked, support_percent=value))


def _centre_x(world: World, value: int) -> World:
    return world._replace(asked=replace(world.asked, centre_x_permille=value))


def _centre_y(world: World, value: int) -> World:
    return world._replace(asked=replace(world.asked, centre_y_permille=value))


@settings(max_examples=150, deadline=None)
@given(
    worlds(),
    st.sampled_from(
        [
            (_bearing, "bearing", BEARING_MAX_KG_M2, False),
            (_payload, "weight", 1000, False),
            (_support, "support", 100, True),
            (_centre_x, "centre", 500, False),
            (_centre_y, "centre", 500, False),
        ]
    ),
)
def test_a_rule_begins_to_be_broken_at_the_same_value_for_both(
    world: World, dial: tuple[Callable[[World, int], World], str, int, bool]
) -> None:
    """The dial is turned to the last value that the other judge lets pass, and one further."""
    turned, rule, most, more_is_stricter = dial
    values = range(most + 1)
    limit = bisect_left(
        values, True, key=lambda value: (rule in broken_rules(*turned(world, value))) == more_is_stricter
    )
    for value in {max(0, limit - 1), min(most, limit)}:
        assert found_rules(turned(world, value)) == broken_rules(*turned(world, value))


def cells(p: Placed) -> frozenset[Cell]:
    return frozenset(product(range(p.x, p.x + p.dx), range(p.y, p.y + p.dy), range(p.z, p.z + p.dz)))


def broken_rules(
    room: Container, boxes: Sequence[BoxType], plan: Sequence[Placed], asked: Requirements, *, ordered: bool = True
) -> set[str]:
    """The names of the rules that a plan breaks. Where cartons overlap nothing is said of what carries what."""
    kinds = [boxes[p.type] for p in plan]
    bodies = [cells(p) for p in plan]
    overlapping = any(a & b for a, b in combinations(bodies, 2))
    found = {
        "outside": any(not body <= _inside(room) for body in bodies),
        "overlap": overlapping,
        "orientation": any((p.dx, p.dy, p.dz) not in _ways(kind) for p, kind in zip(plan, kinds, strict=True)),
        "door": any(p.dy > (room.door_width_mm or p.dy) or p.dz > (room.door_height_mm or p.dz) for p in plan),
        "quantity": any(sum(p.type == k for p in plan) > box.quantity for k, box in enumerate(boxes)),
        "weight": room.payload_g is not None and sum(kind.weight_g for kind in kinds) > room.payload_g,
        "centre": _is_off(kinds, bodies, room.length_mm, 0, asked.centre_x_permille)
        or _is_off(kinds, bodies, room.width_mm, 1, asked.centre_y_permille),
        "zone": _zones_mix(boxes, kinds, bodies),
        "together": any(
            0 < sum(p.type in types for p in plan) != sum(boxes[k].quantity for k in types) for types in asked.together
        ),
        "apart": any(len({p.type for p in plan} & types) > 1 for types in asked.apart),
        "blocked": ordered and any(_blocks(a, b) for a, b in combinations(bodies, 2)),
    }
    if not overlapping:
        found |= _burdens(plan, kinds, bodies, asked.support_percent, ordered)
    return {rule for rule, is_broken in found.items() if is_broken}


def _inside(room: Container) -> frozenset[Cell]:
    return frozenset(product(range(room.length_mm), range(room.width_mm), range(room.height_mm)))


def _ways(box: BoxType) -> set[tuple[int, int, int]]:
    a, b, c = box.edges_mm
    lengthwise, widthwise, upright = box.vertical
    return {
        *([(b, c, a), (c, b, a)] if lengthwise else []),
        *([(a, c, b), (c, a, b)] if widthwise else []),
        *([(a, b, c), (b, a, c)] if upright else []),
    }


def _is_off(
    kinds: Sequence[BoxType], bodies: Sequence[frozenset[Cell]], room: int, axis: int, permille: int | None
) -> bool:
    """Each cell has its share of its carton's weight, half a unit beyond its corner."""
    weight = sum(kind.weight_g for kind in kinds)
    if permille is None or not weight:
        return False
    moment = sum(
        Fraction(kind.weight_g, len(body)) * (cell[axis] + Fraction(1, 2))
        for kind, body in zip(kinds, bodies, strict=True)
        for cell in body
    )
    return abs(moment / weight - Fraction(room, 2)) > Fraction(permille * room, 1000)


def _zones_mix(boxes: Sequence[BoxType], kinds: Sequence[BoxType], bodies: Sequence[frozenset[Cell]]) -> bool:
    if all(box.zone is None for box in boxes if box.quantity):
        return False
    if any(kind.zone is None for kind in kinds):
        return True
    slices: dict[int, set[int]] = {}
    for kind, body in zip(kinds, bodies, strict=True):
        slices.setdefault(kind.zone or 0, set()).update(x for x, _, _ in body)
    return any(max(slices[a]) >= min(slices[b]) for a, b in pairwise(sorted(slices)))


def _blocks(earlier: frozenset[Cell], later: frozenset[Cell]) -> bool:
    """All of the earlier one stands nearer to the door than the later one's end, and somewhere in its way."""
    if min(x for x, _, _ in earlier) <= max(x for x, _, _ in later):
        return False
    return bool({(y, z) for _, y, z in earlier} & {(y, z) for _, y, z in later})


def _burdens(
    plan: Sequence[Placed],
    kinds: Sequence[BoxType],
    bodies: Sequence[frozenset[Cell]],
    percent: int,
    ordered: bool,
) -> dict[str, bool]:
    """Support, bearing, tops and the order of carriers; `owner` tells whose cell it is."""
    owner = {cell: k for k, body in enumerate(bodies) for cell in body}
    pressure: dict[int, Fraction] = {}
    found = dict.fromkeys(("support", "bearing", "on_top", "carrier_later"), False)
    for k in sorted(range(len(plan)), key=lambda k: -plan[k].z):
        p = plan[k]
        base = [(x, y) for x, y, z in bodies[k] if z == p.z]
        above = [owner.get((x, y, p.z + p.dz)) for x, y in base]
        burden = kinds[k].weight_g + sum(pressure[u] for u in above if u is not None)
        below = [c for x, y in base if (c := owner.get((x, y, p.z - 1))) is not None]
        found["support"] |= p.z != 0 and len(below) * 100 < percent * len(base)
        pressure[k] = Fraction(burden, len(below)) if below else Fraction(0)
        for c in below:
            bearing = kinds[c].bearing_kg_m2
            found["bearing"] |= bearing is not None and pressure[k] * 1000 > bearing
            found["on_top"] |= kinds[c].nothing_on_top
            found["carrier_later"] |= ordered and k < c
    return found
