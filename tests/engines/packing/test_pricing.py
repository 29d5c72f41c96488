from __future__ import annotations

import math

import pytest

from sundry.engines.packing.pool import is_available
from sundry.engines.packing.pricing import Pricing
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.engines.packing.task import Plan, Task
from sundry.kernel.outcome import silent

pytestmark = pytest.mark.skipif(not is_available(), reason="no solver is installed (extra: plan)")

# Two of the large leave room for two of the small; ten of the small fill it alone.
ROOM = Container("room", 10, 6, 16)
BOXES = [BoxType(2, 6, 8, 20), BoxType(8, 4, 10, 50)]


def task_of(containers: list[Container], boxes: list[BoxType], requirements: Requirements | None = None) -> Task:
    asked = requirements or Requirements(support_percent=0)
    return Task(containers, boxes, asked, [1.0] * len(boxes), math.inf, 60, 1, silent)


def test_a_filling_that_pays_only_beside_others_is_found() -> None:
    """Alone: 2 containers of small and 25 of large. Two of each in one: 25 are enough, and fewer cannot be."""
    task = task_of([ROOM], BOXES)
    pricing = Pricing(task, task.quantities, None, (0, 25))
    plan = pricing.run(0.0)
    assert plan is not None
    assert len(plan.filled) == 25
    loaded = [sum(counts) for counts in zip(*(task.counts(filled) for _, filled in plan.filled), strict=True)]
    assert loaded == [20, 50]
    assert plan.rest == (0, 0)


def test_the_answer_is_the_same_every_time() -> None:
    def counts() -> list[tuple[int, ...]]:
        boxes = [BoxType(6, 8, 11, 10), BoxType(5, 15, 9, 9), BoxType(4, 13, 7, 8)]
        task = task_of([Container("room", 17, 16, 20)], boxes)
        plan = Pricing(task, task.quantities, None, (0, 0)).run(0.0)
        assert plan is not None
        return [task.counts(filled) for _, filled in plan.filled]

    assert counts() == counts()


def test_of_two_container_types_the_cheaper_mix_is_taken() -> None:
    """Ten cubes: a long one holds four for 90, a short one two for 50: two long and one short."""
    short, long = Container("short", 40, 20, 20, price_minor=50), Container("long", 80, 20, 20, price_minor=90)
    task = task_of([short, long], [BoxType(20, 20, 20, 10)])
    plan = Pricing(task, task.quantities, None, (0, 0)).run(0.0)
    assert plan is not None
    assert plan.counts(2) == (1, 2)


def test_a_plan_that_cannot_be_bettered_stays() -> None:
    task = task_of([Container("room", 40, 20, 20)], [BoxType(20, 20, 20, 4)])
    best = Plan(tuple((0, task.fill(0, (2,))) for _ in range(2)), (0,))
    pricing = Pricing(task, task.quantities, best, (0, 2))
    before = task.fills
    assert pricing.run(0.0) is best
    assert task.fills == before


def test_what_is_apart_and_together_stays_so_in_every_filling() -> None:
    boxes = [BoxType(10, 20, 20, 4), BoxType(10, 20, 20, 4), BoxType(10, 10, 20, 2)]
    rules = Requirements(apart=(frozenset({0, 1}),), together=(frozenset({1, 2}),))
    task = task_of([Container("room", 60, 20, 20)], boxes, rules)
    task.settle()
    plan = Pricing(task, task.quantities, None, (0, 0)).run(0.0)
    assert plan is not None
    assert sorted(task.counts(filled) for _, filled in plan.filled) == [(0, 4, 2), (4, 0, 0)]
