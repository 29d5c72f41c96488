from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest

from sundry.engines.packing.companions import affordable, choices, torn_units
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements

ROOM = Container("room", 100, 100, 100)
CUBE = BoxType(10, 10, 10, 2)
TEA, SOAP, SPICE, CUPS = range(4)


def sets(*named: set[int]) -> tuple[frozenset[int], ...]:
    return tuple(map(frozenset, named))


def offered(boxes: list[BoxType], asked: Requirements, room: Container = ROOM) -> list[set[int]]:
    found = choices(room, boxes, [b.quantity for b in boxes], asked, [float(b.volume_mm3) for b in boxes])
    for counts in found:
        assert all(count in (0, box.quantity) for count, box in zip(counts, boxes, strict=True))
    return [{k for k, count in enumerate(counts) if count} for counts in found]


def test_what_conflicts_is_chosen_as_a_whole() -> None:
    """The small case of companions.py: both are worth the same, and the search decides."""
    asked = Requirements(together=sets({SOAP, CUPS}), apart=sets({TEA, SOAP}, {SOAP, SPICE}))
    assert offered([CUBE] * 4, asked) == [{TEA, SPICE}, {SOAP, CUPS}]
    dear = [CUBE, CUBE, CUBE, replace(CUBE, quantity=9)]
    assert offered(dear, asked) == [{SOAP, CUPS}]


def test_of_three_apart_one_goes_with_all_that_is_free() -> None:
    boxes = [replace(CUBE, quantity=count) for count in (5, 6, 7, 1)]
    assert offered(boxes, Requirements(apart=sets({0, 1, 2}))) == [{2, 3}]
    assert offered(boxes, Requirements()) == [{0, 1, 2, 3}]


def test_what_does_not_fit_is_not_offered_and_takes_its_companions_with_it() -> None:
    huge = BoxType(101, 1, 1, 1)
    assert offered([CUBE, huge, CUBE], Requirements(together=sets({0, 1}))) == [{2}]
    assert choices(ROOM, [CUBE, CUBE], [2, 1], Requirements(together=sets({0, 1})), [1.0, 1.0]) == [[0, 0]]
    assert choices(ROOM, [CUBE, CUBE], [2, 1], Requirements(), [1.0, 1.0]) == [[2, 1]]
    assert offered([], Requirements()) == [set()]


@pytest.mark.parametrize("seed", range(20))
def test_the_best_choice_is_the_best_of_all_there_are(seed: int) -> None:
    rng = random.Random(seed)
    boxes = [replace(CUBE, quantity=rng.randint(1, 30)) for _ in range(9)]
    apart = sets(*({rng.randrange(9), rng.randrange(9)} for _ in range(8)))
    asked = Requirements(apart=apart)
    allowed = [
        types
        for size in range(10)
        for types in combinations(range(9), size)
        if not any(len(one & set(types)) > 1 for one in apart)
    ]
    best = max(sum(boxes[k].quantity for k in types) for types in allowed)
    first = offered(boxes, asked)[0]
    assert tuple(sorted(first)) in allowed
    assert sum(boxes[k].quantity for k in first) == best


def test_two_thousand_conflicts_are_settled_greedily() -> None:
    boxes = [replace(CUBE, quantity=1 + k % 3) for k in range(2000)]
    asked = Requirements(apart=sets(*({k, k + 1} for k in range(1999))))
    (chosen,) = offered(boxes, asked)
    assert not any({k, k + 1} <= chosen for k in range(1999))
    assert len(chosen) > 600


def test_what_is_in_by_a_part_is_torn() -> None:
    asked = Requirements(together=sets({0, 1}, {2}))
    boxes = [CUBE, CUBE, replace(CUBE, quantity=1), CUBE]
    whole = [Placed(k, 10 * n, 0, 0, 10, 10, 10) for n, k in enumerate((0, 0, 1, 1))]
    assert torn_units(boxes, whole, asked) == ()
    assert torn_units(boxes, whole[1:], asked) == sets({0, 1})
    assert torn_units(boxes, [], asked) == ()
    assert torn_units(boxes, whole[1:], Requirements()) == ()


def test_the_dearest_units_that_should_fit_are_offered() -> None:
    """Volumes 600,000, 500,000 and 450,000 of a million: the last two are more than the first."""
    boxes = [replace(CUBE, quantity=count, weight_g=1) for count in (600, 500, 200, 250, 77)]
    asked = Requirements(together=sets({0}, {1}, {2, 3}))
    volumes = [float(CUBE.volume_mm3)] * 5
    offer = [box.quantity for box in boxes]
    assert affordable(ROOM, boxes, offer, asked, volumes, 0.95) == [0, 500, 200, 250, 77]
    assert affordable(ROOM, boxes, offer, asked, volumes, 0.94) == [600, 0, 0, 0, 77]
    assert affordable(ROOM, boxes, offer, asked, volumes, 0.0) == [0, 0, 0, 0, 77]
    assert affordable(replace(ROOM, payload_g=499), boxes, offer, asked, volumes, 0.95) == [0, 0, 200, 250, 77]
    assert affordable(ROOM, boxes, [0, *offer[1:]], asked, volumes, 2.0) == [0, *offer[1:]]


def test_a_thousand_units_are_bounded_work() -> None:
    boxes = [replace(CUBE, quantity=1 + k % 7) for k in range(1000)]
    asked = Requirements(together=sets(*({k} for k in range(1000))))
    kept = affordable(ROOM, boxes, [b.quantity for b in boxes], asked, [float(CUBE.volume_mm3)] * 1000, 0.9)
    assert 850 <= sum(kept) <= 900
