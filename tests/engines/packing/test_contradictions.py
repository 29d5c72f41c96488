from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from sundry.engines.packing.contradictions import Clash, Contradiction, contradictions, linked, refuse_contradictions
from sundry.engines.packing.rules import BoxType, Container, Requirements

ROOM = Container("room", 100, 100, 100, payload_g=1000)
CUBE = BoxType(10, 10, 10, 2, weight_g=10)
THREE = [CUBE, CUBE, CUBE]


def told(boxes: list[BoxType], requirements: Requirements, *containers: Container) -> list[tuple[Clash, list[int]]]:
    return [(c.rule, list(c.types)) for c in contradictions(containers or (ROOM,), boxes, requirements)]


def sets(*named: set[int]) -> tuple[frozenset[int], ...]:
    return tuple(map(frozenset, named))


def test_nothing_asked_nothing_clashes() -> None:
    assert told(THREE, Requirements()) == []
    assert told([], Requirements(0, 0, 0)) == []


def test_who_is_with_and_who_is_apart_is_followed_through() -> None:
    """The small case of contradictions.py."""
    asked = Requirements(together=sets({0, 1}, {1, 2}), apart=sets({0, 2}))
    assert told(THREE, asked) == [(Clash.TOGETHER_AND_APART, [0, 2])]
    assert told(THREE, Requirements(together=sets({0, 1}), apart=sets({0, 2}))) == []


def test_a_link_by_a_type_without_cartons_is_none() -> None:
    boxes = [CUBE, replace(CUBE, quantity=0), CUBE]
    assert linked(sets({0, 1}, {1, 2}), boxes) == sets({0}, {2})
    assert told(boxes, Requirements(together=sets({0, 1}, {1, 2}), apart=sets({0, 2}))) == []


def test_sets_that_overlap_are_one_in_whatever_order_they_come() -> None:
    assert linked(sets({4, 5}, {0, 1}, {2, 3}, {1, 2}), [CUBE] * 6) == sets({0, 1, 2, 3}, {4, 5})


@pytest.mark.parametrize("number", [-1, 3])
def test_a_type_that_is_not_in_the_order(number: int) -> None:
    asked = (Requirements(together=sets({0, number})), Requirements(apart=sets({0, number})))
    for requirements in asked:
        assert told(THREE, requirements) == [(Clash.TYPE_UNKNOWN, [number])]


def test_more_cartons_than_one_call_takes() -> None:
    many = replace(CUBE, quantity=20_000)
    assert told([many] * 10, Requirements()) == []
    assert told([*[many] * 10, replace(CUBE, quantity=0)], Requirements()) == []
    assert told([*[many] * 10, replace(CUBE, quantity=0), replace(CUBE, quantity=1)], Requirements()) == [
        (Clash.CARTONS_TOO_MANY, [*range(10), 11])
    ]


def test_more_cartons_that_differ_than_one_call_takes() -> None:
    many = [BoxType(1 + k // 100, 1 + k % 100, 1, 1) for k in range(10_000)]
    again = [replace(many[0], quantity=7), replace(CUBE, quantity=0)]
    assert told([*many, *again], Requirements()) == []
    assert told([*many, *again, CUBE], Requirements()) == [(Clash.KINDS_TOO_MANY, [*range(10_001), 10_002])]


def test_bearing_needs_support() -> None:
    boxes = [CUBE, replace(CUBE, bearing_kg_m2=0), replace(CUBE, nothing_on_top=True)]
    assert told(boxes, Requirements(0)) == [(Clash.BEARING_WITHOUT_SUPPORT, [1, 2])]
    assert told(boxes, Requirements(1)) == []
    assert told([replace(box, quantity=0) for box in boxes], Requirements(0)) == []


def test_a_centre_needs_weights_of_what_can_be_loaded() -> None:
    huge = BoxType(101, 1, 1, 1)
    boxes = [CUBE, replace(CUBE, weight_g=0), huge]
    for requirements in (Requirements(centre_x_permille=500), Requirements(centre_y_permille=0)):
        assert told(boxes, requirements) == [(Clash.WEIGHT_MISSING, [1])]
    assert told(boxes, Requirements()) == []


def test_all_have_a_zone_or_none_has() -> None:
    zoned = replace(CUBE, zone=0)
    assert told([zoned, CUBE, zoned], Requirements()) == [(Clash.ZONE_MISSING, [1])]
    assert told([zoned, replace(CUBE, quantity=0)], Requirements()) == []


def test_together_means_in_one_container() -> None:
    asked = Requirements(together=sets({0, 1}))
    small, long = Container("small", 20, 20, 20), Container("long", 60, 10, 10)
    assert told([replace(CUBE, quantity=4)] * 2, asked, small) == []  # to the last litre
    assert told([replace(CUBE, quantity=5), replace(CUBE, quantity=4)], asked, small) == [
        (Clash.TOGETHER_NOWHERE, [0, 1])
    ]
    assert told([replace(CUBE, weight_g=250), replace(CUBE, weight_g=250)], asked) == []
    assert told([replace(CUBE, weight_g=250), replace(CUBE, weight_g=251)], asked) == [(Clash.TOGETHER_NOWHERE, [0, 1])]
    beam, block = BoxType(50, 10, 10, 1), BoxType(20, 20, 20, 1)  # each has a container, no container has both
    assert told([beam, block], asked, small, long) == [(Clash.TOGETHER_NOWHERE, [0, 1])]
    assert told([beam, block], asked, small, long, ROOM) == []


def test_all_are_told_and_the_first_is_raised() -> None:
    boxes = [replace(CUBE, nothing_on_top=True, zone=1), replace(CUBE, weight_g=0)]
    asked = Requirements(0, centre_x_permille=10, together=sets({0, 1}), apart=sets({0, 1}))
    rules = [rule for rule, _ in told(boxes, asked)]
    assert rules == [
        Clash.BEARING_WITHOUT_SUPPORT,
        Clash.WEIGHT_MISSING,
        Clash.ZONE_MISSING,
        Clash.TOGETHER_AND_APART,
    ]
    with pytest.raises(Contradiction, match="bearing_without_support: types 0") as caught:
        refuse_contradictions([ROOM], boxes, asked)
    assert (caught.value.rule, caught.value.types) == (Clash.BEARING_WITHOUT_SUPPORT, (0,))


def test_only_the_standard_library_is_needed() -> None:
    program = (
        "import sys; sys.modules['numpy'] = sys.modules['numba'] = None; "
        "import sundry.engines.packing.contradictions as c, sundry.engines.packing.rules as r; "
        "print(c.contradictions([], [], r.Requirements()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "()\n"
