"""Whatever is given: a plan that tells of every carton, or a typed error; never a crash, never a silent drop."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from sundry.engines.packing import BoxType, Container, load, pack
from sundry.engines.packing.checker import check, check_load, check_packing
from sundry.engines.packing.contradictions import Clash, Contradiction
from sundry.engines.packing.rules import LENGTH_MAX, NO_SUPPORT, QUANTITY_MAX, WEIGHT_MAX_G, Reason, Requirements

HIGH = Container("40HC", 12032, 2350, 2697, 2340, 2577, 26_500_000)
CENTRE = Requirements(centre_x_permille=100, centre_y_permille=50)


@pytest.mark.parametrize(
    "boxes",
    [[], [BoxType(100, 100, 100, 0)] * 40, [BoxType(100, 100, 100, 0, zone=3), BoxType(1, 1, 1, 0)]],
    ids=["no types", "no cartons", "no cartons of zones"],
)
@pytest.mark.parametrize("requirements", [Requirements(), CENTRE, NO_SUPPORT], ids=["plain", "centre", "no support"])
def test_nothing_to_load_is_an_empty_plan(boxes: list[BoxType], requirements: Requirements) -> None:
    packing = pack(HIGH, boxes, requirements=requirements, nodes=9)
    assert (packing.placements, packing.fill, packing.left_behind) == ((), 0.0, ())
    assert packing.left_out == (0,) * len(boxes)


def test_what_never_fits_is_told_with_the_reason_and_the_rest_is_loaded() -> None:
    boxes = [
        BoxType(12033, 10, 10, 3),
        BoxType(2345, 2345, 2345, 4),
        BoxType(500, 400, 300, 5, weight_g=26_500_001),
        BoxType(500, 400, 300, 6, weight_g=9),
        BoxType(LENGTH_MAX, LENGTH_MAX, LENGTH_MAX, QUANTITY_MAX, weight_g=WEIGHT_MAX_G),
    ]
    packing = pack(HIGH, boxes, nodes=9)
    assert check_packing(HIGH, boxes, packing) == []
    assert [(line.type, line.cartons, line.reason) for line in packing.left_behind] == [
        (0, 3, Reason.TOO_LARGE),
        (1, 4, Reason.DOOR),
        (2, 5, Reason.TOO_HEAVY),
        (4, QUANTITY_MAX, Reason.TOO_LARGE),
    ]


def test_a_container_smaller_than_everything() -> None:
    boxes = [BoxType(10, 10, 10, 5, zone=k, priority=k) for k in range(3)]
    packing = pack(Container("tiny", 1, 1, 1, payload_g=0), boxes, nodes=9)
    assert packing.placements == ()
    assert {line.reason for line in packing.left_behind} == {Reason.TOO_LARGE}
    assert sum(line.cartons for line in packing.left_behind) == 15


def test_no_payload_takes_what_weighs_nothing() -> None:
    room = Container("room", 1000, 1000, 1000, payload_g=0)
    boxes = [BoxType(100, 100, 100, 5), BoxType(100, 100, 200, 5, weight_g=4)]
    packing = pack(room, boxes, nodes=9)
    assert packing.left_out == (0, 5)
    assert packing.left_behind[0].reason is Reason.TOO_HEAVY


def test_weights_that_are_not_known_and_a_centre_that_is_asked() -> None:
    with pytest.raises(Contradiction) as caught:
        pack(HIGH, [BoxType(100, 100, 100, 5)], requirements=CENTRE, nodes=9)
    assert caught.value.rule is Clash.WEIGHT_MISSING


def test_two_thousand_types() -> None:
    rng = random.Random(4)
    boxes = [
        BoxType(*(rng.randrange(300, 900) for _ in range(3)), 2, weight_g=rng.randrange(999), priority=k % 3)
        for k in range(2000)
    ]
    packing = pack(HIGH, [replace(box, priority=0) for box in boxes], nodes=2)
    assert check(HIGH, boxes, packing.placements) == []
    assert packing.fill > 0.6


def test_fifteen_thousand_cartons_of_one_line() -> None:
    boxes = [BoxType(200, 180, 160, 15_000, weight_g=1500)]
    packing = pack(HIGH, boxes, requirements=CENTRE, nodes=5)
    assert check(HIGH, boxes, packing.placements[:500]) == []
    assert packing.fill > 0.9
    assert sum(line.cartons for line in packing.left_behind) == packing.left_out[0]


def test_more_cartons_than_one_call_takes_are_refused() -> None:
    boxes = [BoxType(1, 1, 1, QUANTITY_MAX)] * 7
    for call in (lambda: pack(HIGH, boxes, nodes=1), lambda: load([HIGH], boxes, nodes=1)):
        with pytest.raises(Contradiction) as caught:
            call()
        assert caught.value.rule is Clash.CARTONS_TOO_MANY


@pytest.mark.parametrize(
    "effort",
    [
        {"seconds": -0.1},
        {"seconds": math.nan},
        {"seconds": math.inf},
        {"nodes": 0},
        {"nodes": 2.5},
        {"nodes": 9, "threads": 0},
    ],
    ids=str,
)
def test_an_effort_that_is_none_is_refused(effort: dict[str, Any]) -> None:
    name = "threads" if "threads" in effort else next(iter(effort))
    for call in (partial(pack, HIGH), partial(load, [HIGH])):
        with pytest.raises(ValueError, match=f"^{name} must be"):
            call([BoxType(100, 100, 100, 5)], **effort)


def test_with_no_time_at_all_there_is_a_plan() -> None:
    boxes = [BoxType(100, 100, 100, 5)]
    assert pack(HIGH, boxes, seconds=0).left_out == (0,)
    assert load([HIGH], boxes, seconds=0).left_out == (0,)


@pytest.mark.parametrize("favours", [[], [1.0], [1.0, 0.0], [1.0, -1.0], [math.nan, 1.0], [math.inf, 1.0]], ids=str)
def test_favours_are_one_for_each_type_and_above_nothing(favours: list[float]) -> None:
    with pytest.raises(ValueError, match="favour"):
        load([HIGH], [BoxType(100, 100, 100, 5), BoxType(100, 100, 90, 5)], favours=favours, nodes=1)


def test_no_container_allowed_is_an_answer_and_fewer_are_none() -> None:
    boxes = [BoxType(100, 100, 100, 5)]
    loaded = load([HIGH], boxes, containers_max=0, nodes=1)
    assert check_load([HIGH], boxes, loaded, containers_max=0) == []
    assert loaded.left_out == (5,)
    with pytest.raises(ValueError, match="containers_max must be"):
        load([HIGH], boxes, containers_max=-1, nodes=1)


def test_the_longest_edges_and_the_heaviest_weights_are_counted_exactly() -> None:
    room = Container("room", LENGTH_MAX, LENGTH_MAX, LENGTH_MAX)
    half = LENGTH_MAX // 2
    boxes = [BoxType(half, half, half, 8, weight_g=WEIGHT_MAX_G), BoxType(half, half, half, 9, weight_g=1)]
    asked = Requirements(centre_x_permille=1, centre_y_permille=1)
    packing = pack(room, boxes, requirements=asked, nodes=20)
    assert check_packing(room, boxes, packing, asked) == []
    assert len(packing.placements) in (4, 8)
    packing = pack(room, boxes, nodes=20)
    assert packing.fill == 1.0
