from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.packing.classes import classes_of
from sundry.engines.packing.rules import BoxType, Placed, Requirements

PLAIN = Requirements()


def test_equal_cartons_of_several_lines_are_one_class_however_their_edges_are_named() -> None:
    boxes = [BoxType(3, 2, 1, 4), BoxType(1, 2, 3, 5), BoxType(3, 2, 1, 6, weight_g=1)]
    classes = classes_of(boxes, PLAIN, [1.0] * 3)
    assert classes.members == ((0, 1), (2,))
    assert [box.quantity for box in classes.boxes] == [9, 6]


def test_what_the_request_tells_apart_stays_apart() -> None:
    box = BoxType(3, 2, 1, 4)
    boxes = [box, BoxType(3, 2, 1, 4, priority=1), BoxType(3, 2, 1, 4, zone=2), BoxType(3, 2, 1, 4, bearing_kg_m2=5)]
    assert len(classes_of(boxes, PLAIN, [1.0] * 4).boxes) == 4
    assert len(classes_of([box, box], PLAIN, [1.0, 2.0]).boxes) == 2
    assert len(classes_of([box, box], Requirements(together=(frozenset({0}),)), [1.0, 1.0]).boxes) == 2
    apart = classes_of([box, box, box], Requirements(apart=(frozenset({0, 1}),)), [1.0] * 3)
    assert apart.members == ((0,), (1,), (2,))
    assert apart.requirements.apart == (frozenset({0, 1}),)


def test_sets_name_classes_afterwards() -> None:
    boxes = [BoxType(1, 1, 1, 1), BoxType(2, 2, 2, 1), BoxType(2, 2, 2, 1), BoxType(3, 3, 3, 1)]
    classes = classes_of(boxes, Requirements(together=(frozenset({1, 2, 3}),)), [1.0] * 4)
    assert classes.members == ((0,), (1, 2), (3,))
    assert classes.requirements.together == (frozenset({1, 2}),)


def test_a_class_never_holds_more_than_a_type_may() -> None:
    classes = classes_of([BoxType(1, 1, 1, 20_000)] * 4, PLAIN, [1.0] * 4)
    assert [box.quantity for box in classes.boxes] == [20_000] * 4
    assert [m for members in classes.members for m in members] == [0, 1, 2, 3]


def test_places_are_dealt_to_whole_lines_as_far_as_they_go() -> None:
    boxes = [BoxType(1, 1, 1, 30), BoxType(1, 1, 1, 20), BoxType(1, 1, 1, 10)]
    classes = classes_of(boxes, PLAIN, [1.0] * 3)
    plans = [[Placed(0, k, 0, 0, 1, 1, 1) for k in range(count)] for count in (40, 15, 5)]
    dealt, left = classes.dealt(plans, [30, 20, 10])
    assert [dict(Counter(placed.type for placed in plan)) for plan in dealt] == [{0: 30, 2: 10}, {1: 15}, {1: 5}]
    assert left == (0, 0, 0)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.lists(st.integers(0, 12), max_size=4))
def test_no_line_is_dealt_more_than_it_has(quantities: list[int], places: list[int]) -> None:
    classes = classes_of([BoxType(1, 1, 1, count) for count in quantities], PLAIN, [1.0] * len(quantities))
    free = sum(quantities)
    plans = []
    for count in places:
        plans.append([Placed(0, k, 0, 0, 1, 1, 1) for k in range(min(count, free))])
        free -= len(plans[-1])
    dealt, left = classes.dealt(plans, quantities)
    assert [len(plan) for plan in dealt] == [len(plan) for plan in plans]
    counts = Counter(placed.type for plan in dealt for placed in plan)
    assert [counts[k] + left[k] for k in range(len(quantities))] == quantities
    assert min(left) >= 0
