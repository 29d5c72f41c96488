from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing.bounds import bounds, in_parts, measures, without_small
from sundry.engines.packing.rules import WEIGHT_MAX_G, BoxType, Container

HUNDRED = Container("hundred", 100, 100, 100, price_minor=7)
Cells = frozenset[tuple[int, int, int]]


def containers_bound(containers: list[Container], boxes: list[BoxType], quantities: list[int]) -> int:
    return bounds(containers, boxes, quantities)[1]


def price_bound_minor(containers: list[Container], boxes: list[BoxType], quantities: list[int]) -> int:
    return bounds(containers, boxes, quantities)[0]


def test_cubes_above_half_take_one_container_each() -> None:
    assert containers_bound([HUNDRED], [BoxType(60, 60, 60, 10)], [10]) == 10
    assert price_bound_minor([HUNDRED], [BoxType(60, 60, 60, 10)], [10]) == 70


def test_volume_alone_is_the_least_that_is_said() -> None:
    assert containers_bound([HUNDRED], [BoxType(10, 10, 10, 2001)], [2001]) == 3


def test_small_cartons_do_not_take_the_place_of_large_ones() -> None:
    """Nine cubes of 60 and what stands beside them: nine, and the small ones by volume no more."""
    boxes = [BoxType(60, 60, 60, 9), BoxType(10, 10, 10, 4000)]
    assert containers_bound([HUNDRED], boxes, [9, 4000]) == 9


def test_three_fit_along_no_axis_where_only_two_do() -> None:
    """Edges of 40: two along each axis, so eight a container, though 15 have the volume."""
    assert containers_bound([HUNDRED], [BoxType(40, 40, 40, 17)], [17]) == 3


def test_a_carton_that_may_be_turned_counts_the_least_of_its_ways() -> None:
    flat = BoxType(60, 60, 10, 20)
    assert containers_bound([HUNDRED], [flat], [20]) == 1
    upright = BoxType(10, 60, 60, 20, (False, False, True))
    assert containers_bound([HUNDRED], [upright], [20]) == 2  # ten stand side by side, nothing on top


def test_weight_is_a_bound_too() -> None:
    carrying = Container("weak", 100, 100, 100, payload_g=10, price_minor=3)
    assert containers_bound([carrying], [BoxType(1, 1, 1, 21, weight_g=1)], [21]) == 3
    assert price_bound_minor([carrying], [BoxType(1, 1, 1, 21, weight_g=1)], [21]) == 9


def test_of_a_mix_the_cheapest_share_counts() -> None:
    """A long one takes two cubes at 10, a short one takes one at 7: never less than 5 a cube."""
    short, long = HUNDRED, Container("long", 200, 100, 100, price_minor=10)
    boxes = [BoxType(60, 60, 60, 7)]
    assert containers_bound([short, long], boxes, [7]) == 3  # three cubes of 60 in a row are 180
    assert price_bound_minor([short, long], boxes, [7]) == 24  # 7 * 10 / 3, rounded up


def test_what_fits_only_the_dear_one_costs_what_that_costs() -> None:
    tall = Container("tall", 100, 100, 200, price_minor=50)
    boxes = [BoxType(60, 60, 150, 4, (False, False, True))]
    assert price_bound_minor([HUNDRED, tall], boxes, [4]) == 200


def test_nothing_needs_nothing() -> None:
    assert containers_bound([HUNDRED], [], []) == 0
    assert price_bound_minor([HUNDRED], [BoxType(1, 1, 1, 5)], [0]) == 0


@pytest.mark.parametrize("length", [2, 3, 7, 10, 12])
def test_every_measure_is_dual_feasible(length: int) -> None:
    """Whatever edges fit one after the other, their measures sum to at most that of the length (best sum by length)."""
    families = [lambda edge, k=k: in_parts(length, k, edge) for k in range(1, length // 2 + 1)]
    families += [lambda edge, k=k: without_small(length, k, edge) for k in range(1, length // 2 + 1)]
    for measure in [*families, *measures(length, range(1, length + 1))]:
        best = [0] * (length + 1)
        for room in range(1, length + 1):
            best[room] = max(measure(edge) + best[room - edge] for edge in range(1, room + 1))
        assert best[length] <= measure(length)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*[st.integers(1, 3)] * 3),
    st.lists(st.tuples(st.tuples(*[st.integers(1, 3)] * 3), st.integers(1, 3)), min_size=1, max_size=3),
)
def test_no_bound_is_above_the_fewest_found_by_trying_everything(
    room: tuple[int, int, int], cartons: list[tuple[tuple[int, int, int], int]]
) -> None:
    container = Container("tiny", *room, price_minor=5)
    boxes = [BoxType(*edges, count) for edges, count in cartons]
    boxes = [box for box in boxes if _ways(box, room)]
    if sum(box.quantity for box in boxes) > 5 or not boxes:
        return
    fewest = _fewest(room, boxes)
    quantities = [box.quantity for box in boxes]
    assert containers_bound([container], boxes, quantities) <= fewest
    assert price_bound_minor([container], boxes, quantities) <= 5 * fewest


def test_a_free_container_that_carries_a_gram_is_not_counted_up_to_the_last_gram() -> None:
    """1,000,000,000 of them would carry the weight, but each holds a carton at least."""
    gram = Container("gram", 1, 1, 1, payload_g=1)
    tonnes = Container("tonnes", 2, 2, 2, payload_g=WEIGHT_MAX_G, price_minor=7)
    assert bounds([gram, tonnes], [BoxType(1, 1, 1, 2, weight_g=WEIGHT_MAX_G)], [2]) == (14, 2)


def _ways(box: BoxType, room: tuple[int, int, int]) -> list[Cells]:
    """Every place of the carton in the container, as the cells that it takes."""
    found = []
    for way in box.orientations():
        if all(edge <= length for edge, length in zip(way, room, strict=True)):
            for corner in product(*(range(length - edge + 1) for edge, length in zip(way, room, strict=True))):
                spans = (range(at, at + edge) for at, edge in zip(corner, way, strict=True))
                found.append(frozenset(product(*spans)))
    return found


def _fewest(room: tuple[int, int, int], boxes: list[BoxType]) -> int:
    """The fewest containers: which subsets fit one, then the fewest subsets that make the whole."""
    items = [box for box in boxes for _ in range(box.quantity)]
    places = [_ways(box, room) for box in items]

    @cache
    def is_packable(chosen: tuple[int, ...], taken: Cells) -> bool:
        if not chosen:
            return True
        return any(is_packable(chosen[1:], taken | cells) for cells in places[chosen[0]] if not cells & taken)

    @cache
    def fewest(rest: frozenset[int]) -> int:
        if not rest:
            return 0
        first, *others = sorted(rest)
        best = len(rest)
        for flags in product((False, True), repeat=len(others)):
            chosen = (first, *(k for k, flag in zip(others, flags, strict=True) if flag))
            if is_packable(chosen, frozenset()):
                best = min(best, 1 + fewest(rest - set(chosen)))
        return best

    return fewest(frozenset(range(len(items))))
