from __future__ import annotations

import math
import time

from sundry.engines.packing.rolling import Roller
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.engines.packing.task import Plan, Task
from sundry.engines.packing.undercutting import Undercutting
from sundry.kernel.outcome import silent

ROOM = Container("room", 80, 20, 20, price_minor=80)
CHEAP = Container("cheap", 40, 20, 20, price_minor=45)
CUBES = [BoxType(20, 20, 20, 8)]


def begun(containers: list[Container], shares: list[tuple[int, int]]) -> tuple[Undercutting, Plan]:
    """A load in which container `number` holds so many cubes."""
    task = Task(containers, CUBES, Requirements(), [1.0], math.inf, 20, 1, silent)
    filled = tuple((number, task.fill(number, (count,))) for number, count in shares)
    return Undercutting(task, Roller(task), (0, 0)), Plan(filled, (0,))


def test_three_containers_half_full_become_two() -> None:
    undercutting, plan = begun([ROOM], [(0, 3), (0, 3), (0, 2)])
    assert [undercutting.task.counts(filled) for _, filled in undercutting.run(plan).filled] == [(4,), (4,)]


def test_a_cheaper_one_takes_what_a_dear_one_held() -> None:
    undercutting, plan = begun([ROOM, CHEAP], [(0, 4), (0, 2), (0, 2)])
    found = undercutting.run(plan)
    assert sorted(number for number, _ in found.filled) == [0, 0]  # 160; with two cheap ones instead of one it is 170
    undercutting, plan = begun([ROOM, CHEAP], [(0, 2)])
    assert [number for number, _ in undercutting.run(plan).filled] == [1]


def test_at_the_bound_nothing_is_tried() -> None:
    undercutting, plan = begun([ROOM], [(0, 4), (0, 4)])
    undercutting.bound = (160, 2)
    before = undercutting.task.fills
    assert undercutting.run(plan) is plan
    assert undercutting.task.fills == before


def test_when_time_is_out_the_plan_stays() -> None:
    task = Task([ROOM], CUBES, Requirements(), [1.0], time.perf_counter() + 60, None, 1, silent)
    filled = tuple((0, task.fill(0, (count,), nodes=5)) for count in (3, 3, 2))
    task.until = time.perf_counter()
    plan = Plan(filled, (0,))
    assert Undercutting(task, Roller(task), (0, 0)).run(plan) is plan


def test_what_is_not_complete_is_left_alone() -> None:
    undercutting, plan = begun([ROOM], [(0, 3), (0, 2)])
    partial = Plan(plan.filled, (3,))
    assert undercutting.run(partial) is partial
