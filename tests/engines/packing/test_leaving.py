from __future__ import annotations

from sundry.engines.packing.leaving import left_behind, never
from sundry.engines.packing.rules import BoxType, Container, LeftBehind, Loaded, Placed, Reason, Requirements

ROOM = Container("room", 100, 50, 50, door_width_mm=40, door_height_mm=40, payload_g=1000)
PLAIN = Requirements()
CUBE = BoxType(10, 10, 10, 5)


def reason(boxes: list[BoxType], placed: list[Placed], number: int, requirements: Requirements = PLAIN) -> Reason:
    left = [int(k == number) for k in range(len(boxes))]
    (line,) = left_behind([ROOM], boxes, [Loaded(0, tuple(placed))] if placed else [], left, requirements)
    assert (line.type, line.cartons) == (number, 1)
    return line.reason


def test_what_can_never_travel_says_why() -> None:
    assert never(BoxType(101, 1, 1, 1), [ROOM]) is Reason.TOO_LARGE
    assert never(BoxType(45, 45, 45, 1), [ROOM]) is Reason.DOOR
    assert never(BoxType(10, 10, 10, 1, weight_g=1001), [ROOM]) is Reason.TOO_HEAVY
    assert never(CUBE, [ROOM]) is None


def test_of_several_containers_the_nearest_miss_counts() -> None:
    """Too large for one and too heavy for the other: a lighter one would travel."""
    heavy = BoxType(90, 10, 10, 1, weight_g=1001)
    assert never(heavy, [Container("short", 50, 50, 50), ROOM]) is Reason.TOO_HEAVY
    wide = BoxType(45, 45, 45, 1)
    assert never(wide, [Container("tiny", 5, 5, 5), ROOM]) is Reason.DOOR


def test_what_travels_together_stays_together() -> None:
    pair = Requirements(together=(frozenset({0, 1}),))
    assert reason([CUBE, CUBE], [], 0, pair) is Reason.TOGETHER
    assert reason([CUBE], [], 0, Requirements(together=(frozenset({0}),))) is Reason.TOGETHER  # one of its five
    single = BoxType(10, 10, 10, 1)
    assert reason([single], [], 0, Requirements(together=(frozenset({0}),))) is Reason.NO_ROOM


def test_what_must_not_meet_another_says_so_only_where_that_is_everywhere() -> None:
    rivals = Requirements(apart=(frozenset({0, 1}),))
    other = Placed(1, 0, 0, 0, 10, 10, 10)
    assert reason([CUBE, CUBE], [other], 0, rivals) is Reason.APART
    assert reason([CUBE, CUBE], [other._replace(type=0)], 0, rivals) is Reason.NO_ROOM


def test_payload_is_to_blame_where_there_was_room() -> None:
    tile = BoxType(10, 10, 10, 9, weight_g=600)
    assert reason([tile], [Placed(0, 0, 0, 0, 10, 10, 10)], 0) is Reason.PAYLOAD
    full = [Placed(0, 0, 0, 0, 100, 50, 50)]  # no room either
    assert reason([tile], full, 0) is Reason.NO_ROOM


def test_each_type_that_is_not_in_has_one_line() -> None:
    boxes = [CUBE, BoxType(101, 1, 1, 3), CUBE]
    assert left_behind([ROOM], boxes, [], [0, 3, 2], PLAIN) == (
        LeftBehind(1, 3, Reason.TOO_LARGE),
        LeftBehind(2, 2, Reason.NO_ROOM),
    )


def test_what_was_taken_out_for_the_centre_is_told_apart() -> None:
    lines = left_behind([ROOM], [CUBE, CUBE, CUBE], [], [3, 1, 0], Requirements(), [0, 1, 1, 0])
    assert lines == (
        LeftBehind(0, 2, Reason.CENTRE),
        LeftBehind(0, 1, Reason.NO_ROOM),
        LeftBehind(1, 1, Reason.CENTRE),
    )
