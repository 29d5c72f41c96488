from __future__ import annotations

import math
from collections import Counter

from sundry.engines.packing.filling import Filled
from sundry.engines.packing.pool import Column
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements
from sundry.engines.packing.task import Plan, Task
from sundry.engines.packing.trimming import trimmed
from sundry.kernel.outcome import silent

ROOM = Container("room", 4, 1, 3)
CARRIED = Requirements()
LOW, HIGH = BoxType(1, 1, 1, 20), BoxType(1, 1, 2, 20, (False, False, True))


def task_of(boxes: list[BoxType], requirements: Requirements = CARRIED) -> Task:
    return Task([ROOM], boxes, requirements, [1.0] * len(boxes), math.inf, 50, 1, silent)


def column_of(placements: list[Placed], classes: int) -> Column:
    counts = Counter(placed.type for placed in placements)
    filled = Filled(tuple(placements), len(placements) / 12, 1, False, 0.0)
    return Column(0, tuple(counts[k] for k in range(classes)), filled)


def counts_of(task: Task, plan: Plan | None) -> list[tuple[int, ...]]:
    assert plan is not None
    return [task.counts(filled) for _, filled in plan.filled]


def test_what_stands_on_nothing_else_is_taken_off() -> None:
    """A tower of three and a single one; one too many comes from the top of the tower or is the single one."""
    task = task_of([LOW])
    tower = [Placed(0, 0, 0, z, 1, 1, 1) for z in range(3)] + [Placed(0, 1, 0, 0, 1, 1, 1)]
    plan = trimmed(task, [column_of(tower, 1)], [2])
    assert counts_of(task, plan) == [(2,)]
    assert plan is not None
    assert [placed.z for placed in plan.filled[0][1].placements] == [0, 1]


def test_what_carries_another_is_not_pulled_out_the_container_is_packed_again() -> None:
    task = task_of([LOW, HIGH])
    stack = [Placed(0, 0, 0, 0, 1, 1, 1), Placed(1, 0, 0, 1, 1, 1, 2)]
    plan = trimmed(task, [column_of(stack, 2)], [0, 1])
    assert counts_of(task, plan) == [(0, 1)]
    assert plan is not None
    assert plan.filled[0][1].placements[0].z == 0


def test_without_support_anything_may_go() -> None:
    task = task_of([LOW, HIGH], Requirements(support_percent=0))
    stack = [Placed(0, 0, 0, 0, 1, 1, 1), Placed(1, 0, 0, 1, 1, 1, 2)]
    plan = trimmed(task, [column_of(stack, 2)], [0, 1])
    assert plan is not None
    assert plan.filled[0][1].placements == (Placed(1, 0, 0, 1, 1, 1, 2),)


def test_a_container_that_is_emptied_is_not_sent_and_the_fullest_comes_first() -> None:
    task = task_of([LOW])
    row = [Placed(0, x, 0, 0, 1, 1, 1) for x in range(4)]
    chosen = [column_of(row[:1], 1), column_of(row, 1), column_of(row[:2], 1)]
    assert counts_of(task, trimmed(task, chosen, [6])) == [(4,), (2,)]


def test_what_travels_together_is_taken_out_of_one_container_whole() -> None:
    task = task_of([BoxType(1, 1, 1, 2), BoxType(1, 1, 2, 1)], Requirements(together=(frozenset({0, 1}),)))
    both = [Placed(1, 0, 0, 0, 1, 1, 2), Placed(0, 1, 0, 0, 1, 1, 1), Placed(0, 2, 0, 0, 1, 1, 1)]
    plan = trimmed(task, [column_of(both, 2), column_of(both, 2)], [2, 1])
    assert counts_of(task, plan) == [(2, 1)]


def test_an_exact_choice_stays_as_it_is() -> None:
    task = task_of([LOW])
    row = [Placed(0, x, 0, 0, 1, 1, 1) for x in range(4)]
    plan = trimmed(task, [column_of(row, 1)], [4])
    assert plan is not None
    assert plan.filled[0][1].placements == tuple(row)
    assert plan.rest == (0,)
