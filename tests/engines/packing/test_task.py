from __future__ import annotations

import math
import time

from sundry.engines.packing.checker import check
from sundry.engines.packing.covering import Need
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.engines.packing.task import FILLS_MAX, Plan, Task
from sundry.kernel.outcome import silent

SMALL, LARGE = Container("small", 20, 20, 20), Container("large", 60, 20, 20)
PAIR = [BoxType(20, 20, 10, 2), BoxType(10, 20, 20, 3), BoxType(10, 10, 10, 9)]
TOGETHER = Requirements(together=(frozenset({0, 1}),))


def task_of(boxes: list[BoxType], requirements: Requirements, nodes: int | None = 60, seconds: float = 9.0) -> Task:
    until = time.perf_counter() + seconds
    return Task([SMALL, LARGE], boxes, requirements, [1.0] * len(boxes), until, nodes, 1, silent)


def test_what_travels_together_is_offered_only_where_it_fits_whole() -> None:
    task = task_of(PAIR, TOGETHER)
    task.settle()
    assert task.fits == [[False, True], [False, True], [True, True]]
    assert task.quantities == (2, 3, 9)
    assert task.counts(task.fill(0, task.quantities))[:2] == (0, 0)


def test_what_fits_nowhere_together_is_not_loaded() -> None:
    boxes = [BoxType(20, 20, 20, 2), BoxType(50, 20, 1, 2), BoxType(10, 10, 10, 9)]
    task = task_of(boxes, TOGETHER)
    task.settle()
    assert task.quantities == (0, 0, 9)


def test_a_filling_keeps_the_rules_and_the_quantities() -> None:
    boxes = [BoxType(10, 10, 10, 30, weight_g=5), BoxType(20, 10, 10, 30, weight_g=5)]
    apart = Requirements(apart=(frozenset({0, 1}),), centre_x_permille=50)
    task = task_of(boxes, apart)
    filled = task.fill(1, (30, 4))
    assert check(LARGE, boxes, filled.placements, requirements=apart) == []
    assert task.counts(filled) in {(24, 0), (0, 4)}


def test_a_share_of_a_unit_is_refused_by_what_is_left() -> None:
    """Ten small cartons leave no room for the pair; in the next container the pair stands alone."""
    task = task_of(PAIR, TOGETHER)
    task.settle()
    filled = task.fill(1, task.quantities)
    counts = task.counts(filled)
    assert counts[:2] in {(0, 0), (2, 3)}
    assert check(LARGE, PAIR, filled.placements, requirements=TOGETHER) == []


def test_time_is_looked_at_only_without_nodes() -> None:
    task = task_of(PAIR, Requirements(), nodes=5, seconds=-1.0)
    assert math.isinf(task.left_s())
    task.fills = 5
    assert task.left_s() == 0
    task = task_of(PAIR, Requirements(), nodes=2 * FILLS_MAX)
    task.fills = FILLS_MAX
    assert task.left_s() == 0
    assert task_of(PAIR, Requirements(), nodes=None, seconds=-1.0).left_s() == 0
    assert 0 < task_of(PAIR, Requirements(), nodes=None).left_s() <= 9


def test_volume_weight_and_counts() -> None:
    task = task_of([BoxType(2, 3, 4, 5, weight_g=7), BoxType(1, 1, 1, 9)], Requirements())
    assert task.volume_mm3((2, 3)) == 51
    assert task.need((2, 3), 0.5) == Need(51, 14, 0.5, cartons=5)
    filled = task.fill(0, (5, 2))
    assert task.counts(filled) == (5, 2)
    assert Plan(((1, filled), (1, filled), (0, filled)), (0, 0)).counts(2) == (1, 2)
