"""The checker is only worth something if it refuses: every kind of damage to a good plan must be found."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.packing import BoxType, Container, Placed, pack
from sundry.engines.packing.checker import Fault, Rule, check
from sundry.engines.packing.rules import BEARING_MAX_KG_M2, NO_SUPPORT, Requirements

FULL_SUPPORT = Requirements()
ROOM = Container("room", 120, 80, 70, 78, 66, payload_g=90_000)
BOXES = [
    BoxType(30, 20, 17, 14, weight_g=900),
    BoxType(25, 20, 15, 12, (False, False, True), weight_g=1200),
    BoxType(40, 30, 20, 9, weight_g=1000),
]
PLAN = pack(ROOM, BOXES, nodes=60).placements


def rules(
    plan: Sequence[Placed],
    container: Container = ROOM,
    boxes: Sequence[BoxType] = BOXES,
    asked: Requirements = FULL_SUPPORT,
) -> set[str]:
    return {fault.rule for fault in check(container, boxes, plan, requirements=asked)}


def test_a_good_plan_has_no_fault() -> None:
    assert len(PLAN) > 25
    assert check(ROOM, BOXES, PLAN) == []


@given(st.integers(0, len(PLAN) - 1), st.sampled_from(["x", "y"]), st.sampled_from([-1, 1]))
def test_a_carton_moved_by_one_is_refused_unless_it_had_room(carton: int, axis: str, step: int) -> None:
    """Whether it had room is seen from the plan: nothing beyond the face, and the base still carried."""
    plan = list(PLAN)
    moved = plan[carton]._replace(**{axis: getattr(plan[carton], axis) + step})
    plan[carton] = moved
    others = [p for k, p in enumerate(plan) if k != carton]
    inside = 0 <= moved.x <= 120 - moved.dx and 0 <= moved.y <= 80 - moved.dy
    cells = [p for p in others if _overlap(p, moved, 3)]
    base = sum(_common(p, moved) for p in others if p.z + p.dz == moved.z)
    carried = moved.z == 0 or base == moved.dx * moved.dy
    found = rules(plan)
    assert (Rule.OUTSIDE in found) == (not inside)
    assert (Rule.OVERLAP in found) == bool(cells)
    if not carried:
        assert Rule.SUPPORT in found


def _overlap(a: Placed, b: Placed, axes: int) -> bool:
    return all(a[1 + k] < b[1 + k] + b[4 + k] and b[1 + k] < a[1 + k] + a[4 + k] for k in range(axes))


def _common(a: Placed, b: Placed) -> int:
    if not _overlap(a, b, 2):
        return 0
    return (min(a.x + a.dx, b.x + b.dx) - max(a.x, b.x)) * (min(a.y + a.dy, b.y + b.dy) - max(a.y, b.y))


@given(st.integers(0, len(PLAN) - 1))
def test_a_carton_lifted_by_one_hangs_in_the_air(carton: int) -> None:
    plan = list(PLAN)
    plan[carton] = plan[carton]._replace(z=plan[carton].z + 1)
    assert Rule.SUPPORT in rules(plan)


@given(st.integers(0, len(PLAN) - 1), st.integers(0, len(PLAN) - 1))
def test_a_carton_under_another_types_name_is_refused(carton: int, other: int) -> None:
    if PLAN[carton].type == PLAN[other].type:
        return
    plan = list(PLAN)
    plan[carton] = plan[carton]._replace(type=plan[other].type)
    assert Rule.ORIENTATION in rules(plan)


@given(st.integers(0, len(PLAN) - 1))
def test_a_carton_laid_on_its_side_against_its_rule_is_refused(carton: int) -> None:
    plan = list(PLAN)
    p = plan[carton]
    plan[carton] = p._replace(dx=p.dz, dz=p.dx)
    found = rules(plan)
    if p.type == 1:
        assert Rule.ORIENTATION in found
    else:
        assert found & {Rule.OVERLAP, Rule.SUPPORT, Rule.OUTSIDE, Rule.DOOR, Rule.BLOCKED} or p.dx == p.dz or _is_top(p)


def _is_top(p: Placed) -> bool:
    """Nothing stands on it, so that it may be lower or higher and harm nobody."""
    return not any(q.z == p.z + p.dz and _overlap(p, q, 2) for q in PLAN)


@given(st.integers(0, len(PLAN) - 1))
def test_a_carton_twice_is_refused(carton: int) -> None:
    assert Rule.OVERLAP in rules([*PLAN, PLAN[carton]])


@given(st.integers(0, len(PLAN) - 1))
def test_without_a_carrier_what_stood_on_it_falls(carton: int) -> None:
    plan = [p for k, p in enumerate(PLAN) if k != carton]
    carried = any(q.z == PLAN[carton].z + PLAN[carton].dz and _overlap(PLAN[carton], q, 2) for q in plan)
    assert (Rule.SUPPORT in rules(plan)) == carried
    assert Rule.SUPPORT not in rules(plan, asked=NO_SUPPORT)


@pytest.mark.parametrize("seed", range(10))
def test_a_shuffled_plan_is_no_loading_order(seed: int) -> None:
    plan = list(PLAN)
    random.Random(seed).shuffle(plan)
    assert check(ROOM, BOXES, plan, ordered=False) == []
    assert {Rule.CARRIER_LATER, Rule.BLOCKED} & rules(plan)


def test_backwards_every_carton_that_stands_on_another_comes_too_early() -> None:
    early = {fault.cartons[0] for fault in check(ROOM, BOXES, PLAN[::-1]) if fault.rule == Rule.CARRIER_LATER}
    assert early == {k for k, p in enumerate(PLAN[::-1]) if p.z > 0}


def test_too_many_too_heavy_too_wide_for_the_door_and_unknown() -> None:
    few = [BoxType(30, 20, 17, 1, weight_g=900), *BOXES[1:]]
    first_type = [k for k, p in enumerate(PLAN) if p.type == 0]
    assert Fault(Rule.QUANTITY, tuple(first_type)) in check(ROOM, few, PLAN)
    weight_g = sum(BOXES[p.type].weight_g for p in PLAN)
    assert rules(PLAN, Container("room", 120, 80, 70, payload_g=weight_g)) == set()
    assert rules(PLAN, Container("room", 120, 80, 70, payload_g=weight_g - 1)) == {Rule.WEIGHT}
    assert rules(PLAN, Container("room", 120, 80, 70, door_height_mm=10)) == {Rule.DOOR}
    assert rules([Placed(3, 0, 0, 0, 1, 1, 1)]) == {Rule.TYPE}


@pytest.mark.parametrize(
    ("width", "height", "refused"), [(20, 17, set()), (19, 17, {Rule.DOOR}), (20, 16, {Rule.DOOR})]
)
def test_the_door_to_a_millimetre(width: int, height: int, refused: set[str]) -> None:
    room = Container("room", 120, 80, 70, door_width_mm=width, door_height_mm=height)
    assert rules([Placed(0, 0, 0, 0, 30, 20, 17)], room) == refused


@pytest.mark.parametrize(
    ("corner", "refused"),
    [
        ((0, 0, 0), set()),
        ((90, 60, 0), set()),
        ((-1, 0, 0), {Rule.OUTSIDE}),
        ((0, -1, 0), {Rule.OUTSIDE}),
        ((0, 0, -1), {Rule.OUTSIDE}),
        ((91, 0, 0), {Rule.OUTSIDE}),
        ((0, 61, 0), {Rule.OUTSIDE}),
        ((0, 0, 53), set()),
        ((0, 0, 54), {Rule.OUTSIDE}),
    ],
)
def test_every_wall_to_a_millimetre(corner: tuple[int, int, int], refused: set[str]) -> None:
    assert rules([Placed(0, *corner, 30, 20, 17)], Container("room", 120, 80, 70), asked=NO_SUPPORT) == refused


@pytest.mark.parametrize(("axis", "edge"), [("x", 30), ("y", 20), ("z", 17)])
def test_two_cartons_meet_and_overlap_by_a_millimetre(axis: str, edge: int) -> None:
    room, first = Container("room", 120, 80, 70), Placed(0, 0, 0, 0, 30, 20, 17)
    meeting, reaching_in = first._replace(**{axis: edge}), first._replace(**{axis: edge - 1})
    for plan in ([first, meeting], [first, reaching_in]):
        found = {fault.rule for fault in check(room, BOXES, plan, requirements=NO_SUPPORT, ordered=False)}
        assert found == ({Rule.OVERLAP} if reaching_in in plan else set())


def test_half_a_base_is_not_enough() -> None:
    boxes = [BoxType(2, 2, 2, 2, weight_g=1)]
    room = Container("room", 9, 9, 9)
    stack = [Placed(0, 0, 0, 0, 2, 2, 2), Placed(0, 1, 0, 2, 2, 2, 2)]
    assert [fault.rule for fault in check(room, boxes, stack)] == [Rule.SUPPORT]
    assert check(room, boxes, [stack[0], stack[1]._replace(x=0)]) == []


@pytest.mark.parametrize(("length", "seconds"), [(20, 3), (100, 15)])
def test_thousands_of_cartons_are_checked_in_seconds(length: int, seconds: float) -> None:
    """2,000 and 10,000; generous: the figure itself is in bench/packing.py."""
    boxes = [BoxType(2, 2, 2, length * 100, weight_g=7, bearing_kg_m2=BEARING_MAX_KG_M2)]
    plan = [Placed(0, 2 * x, 2 * y, 2 * z, 2, 2, 2) for x in range(length) for z in range(10) for y in range(10)]
    began = time.perf_counter()
    assert check(Container("room", 2 * length, 20, 20), boxes, plan) == []
    assert time.perf_counter() - began < seconds


@pytest.mark.parametrize("turn", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_ten_thousand_planks_are_no_fifty_million_pairs(turn: tuple[int, int, int]) -> None:
    """All of them lie side by side, along each axis in turn."""
    plank, room = [4000, 2, 2], [4000, 200, 200]
    edges, inside = [plank[k] for k in turn], [room[k] for k in turn]
    corners = [[(0, 2 * a, 2 * b)[k] for k in turn] for a in range(100) for b in range(100)]
    plan = [Placed(0, *corner, *edges) for corner in corners]
    began = time.perf_counter()
    found = check(Container("room", *inside), [BoxType(4000, 2, 2, 10_000)], plan, ordered=False)
    assert found == []
    assert check(Container("room", *inside), [BoxType(4000, 2, 2, 10_001)], [*plan, plan[77]], ordered=False) != []
    assert time.perf_counter() - began < 15


def test_somebody_elses_checker_agrees(reference) -> None:  # type: ignore[no-untyped-def]
    types = [(box.edges_mm, box.vertical, box.quantity) for box in BOXES]
    verdict = reference.check(ROOM.inside_mm, types, PLAN)
    assert verdict["errors"] == []
    assert verdict["unsupported"] == 0
    assert verdict["n"] == len(PLAN)


@pytest.mark.parametrize("percent", [0, 1, 100])
def test_cartons_in_the_air_are_a_matter_of_the_support_rule(percent: int) -> None:
    plan = [Placed(0, 0, 0, 5, 30, 20, 17)]
    assert rules(plan, asked=Requirements(percent)) == ({Rule.SUPPORT} if percent else set())


@pytest.mark.parametrize(("out_mm", "refused"), [(250, set()), (251, {Rule.SUPPORT})])
def test_three_quarters_of_a_base_and_a_millimetre_less(out_mm: int, refused: set[str]) -> None:
    boxes, room = [BoxType(1000, 1000, 10, 2)], Container("room", 2000, 1000, 100)
    plan = [Placed(0, 0, 0, 0, 1000, 1000, 10), Placed(0, out_mm, 0, 10, 1000, 1000, 10)]
    assert rules(plan, room, boxes, Requirements(75)) == refused


@pytest.mark.parametrize(("weight_g", "refused"), [(5000, set()), (5001, {Rule.BEARING})])
def test_what_a_carton_bears_and_a_gram_more(weight_g: int, refused: set[str]) -> None:
    """5 kg on 100 mm by 100 mm are 500 kg/m2, in two cartons one on the other."""
    boxes = [
        BoxType(100, 100, 50, 1, bearing_kg_m2=500),
        BoxType(100, 100, 20, 1, weight_g=2500),
        BoxType(100, 100, 30, 1, weight_g=weight_g - 2500),
    ]
    plan = [Placed(0, 0, 0, 0, 100, 100, 50), Placed(1, 0, 0, 50, 100, 100, 20), Placed(2, 0, 0, 70, 100, 100, 30)]
    room = Container("room", 100, 100, 100)
    assert rules(plan, room, boxes) == refused
    assert rules(plan[:2], room, boxes) == set()


def test_a_feather_on_a_top_that_bears_nothing() -> None:
    boxes = [BoxType(10, 10, 10, 2, nothing_on_top=True), BoxType(10, 10, 5, 2)]
    room = Container("room", 30, 10, 20)
    beside = [Placed(0, 0, 0, 0, 10, 10, 10), Placed(1, 10, 0, 0, 10, 10, 5), Placed(1, 10, 0, 5, 10, 10, 5)]
    assert rules(beside, room, boxes) == set()
    above = [beside[0], Placed(1, 0, 0, 10, 10, 10, 5)]
    assert check(room, boxes, above) == [Fault(Rule.ON_TOP, (1, 0))]
    # A top touched by one millimetre of a base that others carry.
    low = [BoxType(10, 10, 10, 1, nothing_on_top=True), BoxType(20, 10, 10, 1), BoxType(20, 10, 5, 1)]
    bridge = [Placed(0, 0, 0, 0, 10, 10, 10), Placed(1, 10, 0, 0, 20, 10, 10), Placed(2, 9, 0, 10, 20, 10, 5)]
    assert rules(bridge, room, low) == {Rule.ON_TOP}
    assert rules([*bridge[:2], bridge[2]._replace(x=10)], room, low) == set()
