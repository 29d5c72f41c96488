from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.checker import check
from sundry.engines.packing.instances import made_instance
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.engines.packing.search import Found, Search, _distinct_best, _Run

ROOM = Container("room", 120, 80, 70)
BOXES = [BoxType(31, 22, 17, 24), BoxType(25, 20, 15, 24, (False, False, True)), BoxType(40, 30, 20, 16)]


def search(threads: int = 2, module: type[Search] = Search) -> Search:
    return module(ROOM.inside_mm, kinds_of(ROOM, BOXES, [box.quantity for box in BOXES]), threads=threads)


@pytest.mark.parametrize("nodes", [1, 2, 17, 300])
def test_the_same_rollouts_give_the_same_plan_with_any_number_of_threads(nodes: int) -> None:
    found = [search(threads).run(until=None, nodes=nodes) for threads in (1, 2, 3)]
    assert found[0] == found[1] == found[2]
    assert found[0].rollouts <= nodes


def test_compiled_and_plain_find_the_same_plan(plain: SimpleNamespace) -> None:
    compiled = search().run(until=None, nodes=6)
    assert search(1, plain.search.Search).run(until=None, nodes=6).placements == compiled.placements


def test_more_rollouts_never_find_less() -> None:
    values = [search().run(until=None, nodes=nodes).value for nodes in (1, 16, 100, 600)]
    assert values == sorted(values)


def test_time_is_kept_and_a_plan_is_there_when_there_is_none() -> None:
    def timed(seconds: float) -> tuple[Found, float]:
        began = time.perf_counter()
        found = search().run(until=began + seconds)
        return found, time.perf_counter() - began

    late, _ = timed(-1.0)
    assert late.rollouts == 1
    assert late.placements
    # A generous bound: others may be using the machine. bench/packing.py measures.
    found, took_s = timed(0.2)
    assert found.rollouts > 1
    assert took_s < 1.0


def test_it_stops_when_everything_is_loaded() -> None:
    kinds = kinds_of(ROOM, BOXES, [1, 1, 1])
    began = time.perf_counter()
    found = Search(ROOM.inside_mm, kinds).run(until=began + 60)
    assert len(found.placements) == 3
    assert time.perf_counter() - began < 30


def test_it_stops_when_the_room_is_full() -> None:
    kinds = kinds_of(Container("full", 4, 2, 2), [BoxType(2, 1, 1, 9, (False, False, True))], [9])
    began = time.perf_counter()
    assert len(Search((4, 2, 2), kinds).run(until=began + 60).placements) == 8
    assert time.perf_counter() - began < 30


def test_rollouts_are_reported() -> None:
    told: list[int] = []
    search().run(until=None, nodes=40, report=told.append)
    assert told == sorted(told)
    assert told[-1] == 40


def test_of_equal_children_the_first_goes_on() -> None:
    values = np.array([3.0, -1.0, 5.0, 3.0, 5.0, 4.0])
    assert _distinct_best(values).tolist() == [2, 5, 0]
    assert _distinct_best(np.array([-1.0])).tolist() == []


@pytest.mark.parametrize("nodes", [500, 800, 1300, 2100])
def test_the_last_pass_comes_near_its_end(nodes: int) -> None:
    """What is left when the last pass begins is what it will need, more or less."""
    room, boxes = made_instance(8, 1)
    sought = Search(room.inside_mm, kinds_of(room, boxes, [box.quantity for box in boxes]), threads=1)
    run = _Run(sought, None, nodes, lambda rollouts: None)
    begun: list[int] = []
    one_pass = run._pass

    def noted(pool: object, beam: int) -> bool:
        begun.append(run.rollouts)
        return one_pass(pool, beam)

    run._pass = noted  # type: ignore[method-assign,assignment]
    run.found()
    assert run.rollouts == nodes
    assert nodes - begun[-1] < 0.2 * nodes


@pytest.mark.parametrize("percent", [1, 50, 75, 99])
@pytest.mark.parametrize("types", [3, 12, 20])
def test_partial_support_is_kept_and_never_worth_less(types: int, percent: int) -> None:
    room, boxes = made_instance(types, 2)
    kinds = kinds_of(room, boxes, [box.quantity for box in boxes])
    whole = Search(room.inside_mm, kinds, threads=1).run(until=None, nodes=20)
    partly = Search(room.inside_mm, kinds, threads=1, support_percent=percent).run(until=None, nodes=40)
    assert partly.rollouts == 40
    assert partly.value >= whole.value
    plan = [placed._replace(type=kinds[placed.type].members[0]) for placed in partly.placements]
    boxes = tuple(replace(box, quantity=len(plan)) for box in boxes)
    assert check(room, boxes, plan, requirements=Requirements(support_percent=percent), ordered=False) == []


def test_a_carton_stands_on_one_that_is_narrower_as_far_as_the_percentage_goes() -> None:
    """8 x 8 and 10 x 6, each 5 high, in 10 x 8 x 10: only one on the other; the long one is carried at 80 %."""
    room = Container("room", 10, 8, 10)
    boxes = [BoxType(8, 8, 5, 1, (False, False, True)), BoxType(10, 6, 5, 1, (False, False, True))]
    kinds = kinds_of(room, boxes, [1, 1])
    loaded = [
        len(Search(room.inside_mm, kinds, support_percent=percent).run(until=None, nodes=8).placements)
        for percent in (100, 81, 80, 1)
    ]
    assert loaded == [1, 1, 2, 2]


def test_partial_support_asks_for_less_room() -> None:
    """75 % of 31 are 23.25: a space 24 wide may take it."""
    kinds = kinds_of(ROOM, [BoxType(31, 22, 17, 24, (False, False, True))], [24])
    spaces = [Search(ROOM.inside_mm, kinds, support_percent=p).problem.cargo.smallest.tolist() for p in (100, 75, 0)]
    assert spaces == [[22, 22, 17], [17, 17, 17], [22, 22, 17]]


def test_where_bearing_is_asked_every_base_is_carried_whole() -> None:
    boxes = [BoxType(8, 8, 8, 1, bearing_kg_m2=9), BoxType(3, 3, 3, 9)]
    kinds = kinds_of(Container("room", 10, 10, 10), boxes, [1, 9])
    assert Search((10, 10, 10), kinds, support_percent=60).problem.support_percent == 100
    assert Search((10, 10, 10), kinds, support_percent=0).problem.support_percent == 100


def test_partial_support_keeps_the_time() -> None:
    kinds = kinds_of(ROOM, BOXES, [box.quantity for box in BOXES])
    began = time.perf_counter()
    found = Search(ROOM.inside_mm, kinds, support_percent=80).run(until=began + 0.3)
    assert found.rollouts > 2
    assert time.perf_counter() - began < 1.2
