from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.rules import BoxType, Container
from sundry.engines.packing.search import Found, Search, _distinct_best

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
    assert _distinct_best(values, 9).tolist() == [2, 5, 0]
    assert _distinct_best(values, 2).tolist() == [2, 5]
    assert _distinct_best(np.array([-1.0]), 2).tolist() == []
