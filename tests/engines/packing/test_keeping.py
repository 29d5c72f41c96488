from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing import BoxType, Container, pack
from sundry.engines.packing.checker import check, check_packing
from sundry.engines.packing.contradictions import contradictions
from sundry.engines.packing.keeping import Budget, Keeper
from sundry.engines.packing.rules import Requirements

ROOM = Container("room", 120, 60, 60, 55, 58, 4000)
EDGES = st.integers(8, 40)
BOX = st.builds(
    BoxType,
    EDGES,
    EDGES,
    EDGES,
    st.integers(0, 8),
    st.sampled_from([(True, True, True), (False, False, True)]),
    st.integers(1, 90),
    st.none() | st.integers(0, 400),
    st.booleans(),
    st.integers(0, 2),
    st.integers(0, 2),
)
SETS = st.lists(st.frozensets(st.integers(0, 5), min_size=1, max_size=3), max_size=2).map(tuple)
ASKED = st.builds(
    Requirements,
    st.sampled_from([100, 75]),
    st.none() | st.integers(0, 200),
    st.none() | st.integers(0, 200),
    SETS,
    SETS,
)


def sets(*named: set[int]) -> tuple[frozenset[int], ...]:
    return tuple(map(frozenset, named))


@settings(max_examples=80, deadline=None)
@given(st.lists(BOX, min_size=6, max_size=8), ASKED)
def test_whatever_is_asked_at_once_is_kept(boxes: list[BoxType], asked: Requirements) -> None:
    if contradictions([ROOM], boxes, asked):
        return
    packing = pack(ROOM, boxes, requirements=asked, nodes=12)
    assert check_packing(ROOM, boxes, packing, asked) == []


def test_a_set_that_is_torn_at_first_is_loaded_whole() -> None:
    """By volume the eight cubes are better than the two slabs that leave a gap; but the slabs travel with the chips."""
    room = Container("room", 20, 20, 20)
    boxes = [BoxType(10, 10, 10, 8), BoxType(20, 20, 9, 2, (False, False, True)), BoxType(2, 2, 2, 1)]
    asked = Requirements(together=sets({1, 2}))
    keeper = Keeper(room, boxes, asked)
    filled = keeper.fill([8, 2, 1], Budget(None, 60))
    assert check(room, boxes, filled.placements, requirements=asked) == []
    assert filled.fill >= 0.9
    filled = keeper.fill([0, 2, 1], Budget(None, 60))
    assert filled.is_all


def test_a_set_that_cannot_be_whole_stays_and_the_rest_travels() -> None:
    room = Container("room", 20, 20, 20)
    boxes = [BoxType(11, 11, 11, 2), BoxType(5, 5, 5, 64), BoxType(2, 2, 2, 1)]
    asked = Requirements(together=sets({0, 2}))  # two of the first never stand in there, though their volume would
    packing = pack(room, boxes, requirements=asked, nodes=60)
    assert check_packing(room, boxes, packing, asked) == []
    assert packing.left_out == (2, 0, 1)
    assert [str(line.reason) for line in packing.left_behind] == ["together", "together"]


def test_without_time_everything_is_kept_all_the_same() -> None:
    boxes = [BoxType(20, 15, 10, 9, weight_g=5, zone=k % 2) for k in range(6)]
    asked = Requirements(centre_x_permille=50, together=sets({0, 1}, {2, 3}, {4, 5}), apart=sets({0, 2}))
    keeper = Keeper(ROOM, boxes, asked)
    filled = keeper.fill([9] * 6, Budget(time.perf_counter() - 1, None))
    assert check(ROOM, boxes, filled.placements, requirements=asked) == []


def test_where_the_centre_costs_cartons_walls_are_tried() -> None:
    """Lead and feathers of equal size fill the container; as they come they may all stand at one end."""
    room = Container("room", 80, 20, 20)
    boxes = [BoxType(10, 10, 10, 16, weight_g=100), BoxType(10, 10, 10, 16, weight_g=1)]
    asked = Requirements(centre_x_permille=60, centre_y_permille=60)
    packing = pack(room, boxes, requirements=asked, nodes=60)
    assert check_packing(room, boxes, packing, asked) == []
    assert packing.fill == 1.0


def test_what_was_taken_out_for_the_centre_is_told() -> None:
    """Two halves of one weight beside a heavy half: whatever changes places, one end or side is heavier."""
    room = Container("room", 10, 2, 1)
    boxes = [
        BoxType(5, 1, 1, 2, (False, False, True), weight_g=1),
        BoxType(5, 1, 1, 1, (False, False, True), weight_g=9),
    ]
    asked = Requirements(centre_x_permille=0, centre_y_permille=0)
    packing = pack(room, boxes, requirements=asked, nodes=20)
    assert check_packing(room, boxes, packing, asked) == []
    assert {str(line.reason) for line in packing.left_behind} == {"centre"}


@pytest.mark.parametrize("nodes", [1, 7, 90])
def test_rollouts_are_what_was_allowed_and_a_few(nodes: int) -> None:
    boxes = [BoxType(20, 15, 10, 30, weight_g=5), BoxType(30, 20, 11, 30, weight_g=6), BoxType(9, 9, 9, 30, weight_g=6)]
    asked = Requirements(100, 100, 100, sets({0, 1}), sets({1, 2}))
    packing = pack(ROOM, boxes, requirements=asked, nodes=nodes)
    assert check_packing(ROOM, boxes, packing, asked) == []
    assert packing.rollouts <= nodes + 12


def test_a_budget_is_shared() -> None:
    assert Budget(None, 100).part(0.3) == Budget(None, 30)
    assert Budget(None, 1).part(0.3).nodes == 1
    assert Budget(None, 100).after(30).nodes == 70
    assert Budget(None, 100).after(130).nodes == 1
    now = time.perf_counter()
    until = Budget(now + 100, None).part(0.5).until
    assert until is not None
    assert 50 <= until - now < 60
    assert Budget(None, None).part(0.5) == Budget(None, None).after(9) == Budget(None, None)


def test_time_is_kept_though_every_rule_asks_for_tries_of_its_own() -> None:
    """No time is measured here: where it is already up, what is optional is not begun."""
    boxes = [BoxType(20 + k, 15, 10, 9, weight_g=5, zone=k % 2, priority=k % 2) for k in range(12)]
    asked = Requirements(100, 50, 50, sets({0, 1, 2}, {3, 4, 5}, {6, 7, 8}), sets({0, 3}, {9, 10}))
    keeper = Keeper(ROOM, boxes, asked)
    filled = keeper.fill([9] * 12, Budget(time.perf_counter() - 1, None))
    assert check(ROOM, boxes, filled.placements, requirements=asked) == []
    assert keeper.is_late(Budget(time.perf_counter() - 1, None))
    assert not keeper.is_late(Budget(None, 1))
    assert filled.rollouts <= 8  # one of each zone, twice at most: as offered, and without what was torn
