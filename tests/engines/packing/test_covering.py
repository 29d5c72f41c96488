from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing.covering import Counts, Need, cheapest_cover, cost, covers
from sundry.engines.packing.rules import Container


def container(volume: int, payload_g: int | None, price_minor: int) -> Container:
    return Container("c", volume, 1, 1, payload_g=payload_g, price_minor=price_minor)


SMALL, LARGE = container(33, 28, 2000), container(76, 26, 3500)


@pytest.mark.parametrize(
    ("volume", "weight_g", "counts"),
    [
        (33, 28, (1, 0)),
        (34, 28, (2, 0)),  # 28 is too heavy for the large one
        (34, 26, (0, 1)),
        (76, 26, (0, 1)),
        (77, 26, (1, 1)),
        (90, 50, (1, 1)),
        (33, 29, (2, 0)),  # one gram too much for one: two small are cheaper than small and large
        (0, 0, (0, 0)),
    ],
)
def test_small_needs(volume: int, weight_g: int, counts: Counts) -> None:
    assert cheapest_cover([SMALL, LARGE], Need(volume, weight_g)) == counts


def test_a_tenth_of_air_asks_for_more() -> None:
    assert cheapest_cover([SMALL, LARGE], Need(33, 0, fill=0.9)) == (0, 1)


def test_ties_go_to_fewer_then_to_less_volume() -> None:
    free = [container(10, None, 0), container(30, None, 0), container(40, None, 0)]
    assert cheapest_cover(free, Need(30, 0)) == (0, 1, 0)
    assert cheapest_cover(free, Need(70, 0)) == (0, 1, 1)


def test_no_payload_given_carries_any_weight() -> None:
    assert cheapest_cover([container(10, None, 5)], Need(10, 10**9)) == (1,)


def test_no_more_containers_are_looked_at_than_hold_a_carton_each() -> None:
    """Of the free one that carries a gram a milliard would do; there are three cartons."""
    gram, large = container(1, 1, 0), container(76, 10**9, 3500)
    assert cheapest_cover([gram, large], Need(30, 10**9, cartons=3)) == (0, 1)
    assert cheapest_cover([gram], Need(3, 3, cartons=3)) == (3,)
    assert cheapest_cover([gram], Need(3, 3, fill=0.5, cartons=3)) == (6,)  # half of each is air
    assert cheapest_cover([gram], Need(4, 4, cartons=3)) is None


def test_what_cannot_be_covered_has_no_answer() -> None:
    assert cheapest_cover([SMALL], Need(100, 0), most=3) is None
    assert cheapest_cover([container(10, 0, 5)], Need(1, 1)) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(5, 30), st.integers(5, 30) | st.none(), st.integers(0, 20)), min_size=1, max_size=3),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_nothing_cheaper_covers(types: list[tuple[int, int | None, int]], volume: int, weight_g: int) -> None:
    """Against every set of up to twelve of each."""
    containers = [container(*one) for one in types]

    def is_enough(counts: Counts) -> bool:
        pairs = list(zip(containers, counts, strict=True))
        payload = sum(weight_g if c.payload_g is None and n else n * (c.payload_g or 0) for c, n in pairs)
        return sum(c.volume_mm3 * n for c, n in pairs) >= volume and payload >= weight_g

    enough = [counts for counts in product(range(13), repeat=len(containers)) if is_enough(counts)]
    least = min(cost(containers, counts) for counts in enough)
    found = cheapest_cover(containers, Need(volume, weight_g))
    assert found is not None
    assert is_enough(found)
    assert cost(containers, found) == least


def test_covers_come_cheapest_first_and_stop_below() -> None:
    found = list(covers([SMALL, LARGE], Need(60, 0), (9000, 9, 999), 50))
    costs = [cost([SMALL, LARGE], counts) for counts in found]
    assert costs == sorted(costs)
    assert found[0] == (0, 1)
    assert (2, 0) in found
    assert all(one < (9000, 9, 999) for one in costs)


def test_covers_hold_no_more_containers_than_allowed() -> None:
    need = Need(60, 0)
    assert list(covers([SMALL, LARGE], need, (9000, 9, 999), 50, most=1)) == [(0, 1)]
    assert list(covers([SMALL, LARGE], Need(90, 0), (9000, 9, 999), 50, most=1)) == []


def test_a_hundred_containers_are_planned_at_once() -> None:
    types = [container(33, 28, 1500), container(67, 26, 2600), container(76, 26, 2750), container(86, 25, 3400)]
    counts = cheapest_cover(types, Need(7000, 2000))
    assert counts is not None
    assert 80 < sum(counts) < 110


def test_among_what_costs_nothing_sets_are_not_looked_for_for_ever() -> None:
    free = [Container("free", size, 1, 1) for size in (31, 37, 41)]
    dear = Container("dear", 700, 1, 1, price_minor=9)
    began = time.process_time()
    found = list(covers([*free, dear], Need(40_000, 0), None, 20))
    assert time.process_time() - began < 10  # it was minutes
    assert found
    assert all(sum(c.volume_mm3 * n for c, n in zip([*free, dear], counts, strict=True)) >= 40_000 for counts in found)
