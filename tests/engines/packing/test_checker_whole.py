"""Rules for a whole container and for a whole load: each kept at the limit, and broken a step beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sundry.engines.packing.checker import Fault, Rule, check, check_load, check_packing
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    LeftBehind,
    Load,
    Loaded,
    Packing,
    Placed,
    Reason,
    Requirements,
)

CUBE = BoxType(2, 2, 2, 3, weight_g=10)
ROOM = Container("room", 4, 2, 2, price_minor=50)


def cube(x: int, kind: int = 0) -> Placed:
    return Placed(kind, x, 0, 0, 2, 2, 2)


def rules(faults: Sequence[Fault]) -> set[str]:
    return {fault.rule for fault in faults}


@pytest.mark.parametrize(
    ("axis", "at", "permille", "refused"),
    [
        ("x", 45, 0, False),  # in the middle of 100
        ("x", 46, 9, True),
        ("x", 46, 10, False),  # a hundredth of the length off
        ("x", 44, 10, False),
        ("x", 44, 9, True),
        ("y", 20, 0, False),
        ("y", 21, 19, True),
        ("y", 21, 20, False),
        ("y", 40, 399, True),
        ("y", 40, 400, False),
        ("x", 90, None, False),
    ],
)
def test_the_centre_of_gravity_to_a_thousandth(axis: str, at: int, permille: int | None, refused: bool) -> None:
    room = Container("room", 100, 50, 10)
    asked = Requirements(centre_x_permille=permille) if axis == "x" else Requirements(centre_y_permille=permille)
    carton = Placed(0, at, 3, 0, 10, 10, 10) if axis == "x" else Placed(0, 3, at, 0, 10, 10, 10)
    found = check(room, [BoxType(10, 10, 10, 1, weight_g=7)], [carton], requirements=asked)
    assert found == ([Fault(Rule.CENTRE, (0,))] if refused else [])
    assert check(room, [BoxType(10, 10, 10, 1)], [carton], requirements=asked) == []  # no weight has no centre


@pytest.mark.parametrize(("weight_g", "refused"), [(1000, set()), (1001, {Rule.CENTRE})])
def test_a_gram_moves_the_centre_over_the_limit(weight_g: int, refused: set[str]) -> None:
    """1000 g at 5 and 1000 g at 15 are in the middle of 20; a gram more on one side is not."""
    boxes = [BoxType(10, 10, 10, 1, weight_g=1000), BoxType(10, 10, 10, 1, weight_g=weight_g)]
    plan = [Placed(0, 0, 0, 0, 10, 10, 10), Placed(1, 10, 0, 0, 10, 10, 10)]
    assert (
        rules(check(Container("r", 20, 10, 10), boxes, plan, requirements=Requirements(centre_x_permille=0))) == refused
    )


@pytest.mark.parametrize(
    ("zones", "starts", "late"),
    [
        ((1, 2, 3), (0, 10, 20), ()),
        ((1, 2, 3), (0, 10, 30), ()),
        ((5, -2, 7), (10, 0, 20), ()),  # the numbers tell the order, not the lines
        ((1, 2, 3), (10, 0, 20), (1,)),
        ((1, 2, 3), (1, 10, 20), (1,)),  # by a millimetre
        ((1, 3, 2), (0, 10, 20), (1,)),
        ((1, 1, 2), (0, 10, 9), (2,)),
        ((1, None, 2), (0, 10, 20), (1,)),
        ((None, None, None), (0, 5, 20), ()),
    ],
)
def test_zones_follow_each_other_from_the_deep_end(
    zones: tuple[int | None, ...], starts: tuple[int, ...], late: tuple[int, ...]
) -> None:
    boxes = [BoxType(10, 1, 1, 1, zone=zone) for zone in zones]
    plan = [Placed(k, x, k, 0, 10, 1, 1) for k, x in enumerate(starts)]
    found = check(Container("room", 50, 3, 1), boxes, plan)
    assert [fault for fault in found if fault.rule != Rule.ZONE] == []
    assert tuple(k for fault in found for k in fault.cartons) == late


def test_what_must_not_share_a_container_and_what_must() -> None:
    boxes = [CUBE, CUBE, replace(CUBE, quantity=0)]
    plans = [[cube(0), cube(2)], [cube(0), cube(2, 1)], [cube(0, 1)], []]
    apart, together = Requirements(apart=(frozenset({0, 1}),)), Requirements(together=(frozenset({0, 2}),))
    assert [rules(check(ROOM, boxes, plan, requirements=apart)) for plan in plans] == [
        set(),
        {Rule.APART},
        set(),
        set(),
    ]
    assert [rules(check(ROOM, boxes, plan, requirements=together)) for plan in plans] == [
        {Rule.TOGETHER},
        {Rule.TOGETHER},
        set(),
        set(),
    ]
    enough = [replace(CUBE, quantity=2), CUBE, replace(CUBE, quantity=0)]
    assert check(ROOM, enough, plans[0], requirements=together) == []
    assert check(ROOM, enough, plans[1], requirements=together) == [Fault(Rule.TOGETHER, (0, 2))]


def load(*plans: Sequence[Placed], **told: Any) -> Load:
    """Three cubes, two of which fit a room for 50."""
    usual: dict[str, Any] = {"left_out": (0,), "unfit": (0,), "price_minor": 50 * len(plans), "price_bound_minor": 50}
    containers = tuple(Loaded(0, tuple(plan)) for plan in plans)
    return Load(containers=containers, **(usual | {"seconds": 0.0} | told))


PAIR, ONE = (cube(0), cube(2)), (cube(0),)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (load(PAIR, ONE), set()),
        (load(PAIR, ONE, containers_bound=2, price_bound_minor=100), set()),
        (load(PAIR, ONE, containers_bound=3), {Rule.CONTAINERS}),
        (load(PAIR, ONE, ()), {Rule.CONTAINERS}),
        (load(PAIR, ONE, price_bound_minor=101), {Rule.PRICE}),
        (load(PAIR, ONE, price_minor=99), {Rule.PRICE}),
        (load(PAIR), {Rule.QUANTITY, Rule.LEFT_BEHIND}),
        (load(PAIR, left_out=(1,)), {Rule.LEFT_BEHIND}),
        (load(PAIR, left_out=(1,), left_behind=(LeftBehind(0, 1, Reason.NO_ROOM),)), set()),
        (load(PAIR, ONE, left_behind=(LeftBehind(0, 1, Reason.NO_ROOM),)), {Rule.LEFT_BEHIND}),
        (load(PAIR, ONE, left_out=(1,)), {Rule.QUANTITY}),
        (load(PAIR, PAIR), {Rule.QUANTITY, Rule.LEFT_BEHIND}),
        (load((cube(0), cube(1)), ONE), {Rule.OVERLAP}),
        (load((cube(0, 1),)), {Rule.TYPE}),
        (replace(load(PAIR, ONE), containers=(Loaded(0, PAIR), Loaded(1, ONE))), {Rule.CONTAINERS}),
        (replace(load(PAIR, ONE), containers=(Loaded(-1, PAIR), Loaded(0, ONE))), {Rule.CONTAINERS}),
    ],
)
def test_a_load_must_account_for_every_carton_container_and_cent(given: Load, refused: set[str]) -> None:
    assert rules(check_load([ROOM], [CUBE], given)) == refused


def test_faults_of_a_load_name_the_container() -> None:
    assert check_load([ROOM], [CUBE], load(ONE, (cube(0), cube(3)))) == [Fault(Rule.OUTSIDE, (1,), 1)]


def test_no_more_containers_than_allowed() -> None:
    given = load(PAIR, ONE)
    assert [rules(check_load([ROOM], [CUBE], given, containers_max=most)) for most in (2, 1)] == [
        set(),
        {Rule.CONTAINERS},
    ]


def test_together_and_apart_over_a_whole_load() -> None:
    boxes = [replace(CUBE, quantity=2), replace(CUBE, quantity=2)]
    sorted_by_type, mixed = load(PAIR, (cube(0, 1), cube(2, 1))), load((cube(0), cube(2, 1)), (cube(0), cube(2, 1)))
    both = replace(sorted_by_type, left_out=(0, 0), unfit=(0, 0)), replace(mixed, left_out=(0, 0), unfit=(0, 0))
    for asked, expected in (
        (Requirements(together=(frozenset({0}),)), [set(), {Rule.TOGETHER}]),
        (Requirements(together=(frozenset({0, 1}),)), [{Rule.TOGETHER}] * 2),
        (Requirements(apart=(frozenset({0, 1}),)), [set(), {Rule.APART}]),
    ):
        assert [rules(check_load([ROOM], boxes, given, asked)) for given in both] == expected


BIG = BoxType(9, 9, 9, 2, weight_g=10)
TALL_DOOR = Container("tall", 9, 9, 9, door_height_mm=8)
WEAK = Container("weak", 9, 9, 9, payload_g=9)


@pytest.mark.parametrize(
    ("room", "left_behind", "right"),
    [
        (ROOM, [LeftBehind(0, 2, Reason.TOO_LARGE)], True),
        (ROOM, [LeftBehind(0, 1, Reason.TOO_LARGE)] * 2, True),
        (ROOM, [LeftBehind(0, 1, Reason.TOO_LARGE)], False),
        (ROOM, [LeftBehind(0, 3, Reason.TOO_LARGE)], False),
        (ROOM, [LeftBehind(0, 2, Reason.TOO_LARGE), LeftBehind(0, 0, Reason.TOO_LARGE)], False),
        (ROOM, [LeftBehind(0, 2, Reason.TOO_LARGE), LeftBehind(1, 1, Reason.NO_ROOM)], False),
        (ROOM, [], False),
        (ROOM, [LeftBehind(0, 2, Reason.NO_ROOM)], False),
        (TALL_DOOR, [LeftBehind(0, 2, Reason.DOOR)], True),
        (WEAK, [LeftBehind(0, 2, Reason.TOO_HEAVY)], True),
        (WEAK, [LeftBehind(0, 2, Reason.PAYLOAD)], False),
        (Container("fits", 9, 9, 9, payload_g=20), [LeftBehind(0, 2, Reason.PAYLOAD)], True),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.PAYLOAD)], False),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.NO_ROOM)], True),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.TOO_LARGE)], False),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.CENTRE)], False),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.APART)], False),
        (Container("fits", 9, 9, 9), [LeftBehind(0, 2, Reason.TOGETHER)], False),
    ],
)
def test_what_is_left_behind_is_told_in_full_and_for_a_reason_that_can_be(
    room: Container, left_behind: list[LeftBehind], right: bool
) -> None:
    packing = Packing((), 0.0, 0.0, 1, (2,), tuple(left_behind))
    assert rules(check_packing(room, [BIG], packing)) == (set() if right else {Rule.LEFT_BEHIND})


def test_reasons_that_need_something_asked() -> None:
    asked = Requirements(centre_x_permille=50, together=(frozenset({0}),), apart=(frozenset({0, 1}),))
    for reason in (Reason.CENTRE, Reason.TOGETHER, Reason.APART):
        packing = Packing((), 0.0, 0.0, 1, (2,), (LeftBehind(0, 2, reason),))
        assert check_packing(Container("fits", 9, 9, 9), [BIG], packing, asked) == []


def test_what_pack_says_is_left_out_is_what_is_not_in() -> None:
    packing = Packing((cube(0),), 0.5, 0.0, 1, (2,), (LeftBehind(0, 2, Reason.NO_ROOM),))
    assert check_packing(ROOM, [CUBE], packing) == []
    assert check_packing(ROOM, [CUBE], replace(packing, left_out=(1,))) == [Fault(Rule.QUANTITY, (0,))]
    assert rules(check_packing(ROOM, [CUBE], replace(packing, placements=(cube(0, 7),)))) == {Rule.TYPE}
