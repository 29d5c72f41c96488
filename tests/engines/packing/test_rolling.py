from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sundry.engines.packing import rolling
from sundry.engines.packing.covering import Counts, covers
from sundry.engines.packing.rolling import CONTAINERS_NEAR, SETS_MAX, Roller
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.engines.packing.task import Task
from sundry.kernel.outcome import silent

PLAIN = Requirements()
SMALL = Container("small", 40, 20, 20, price_minor=50)
LARGE = Container("large", 80, 20, 20, payload_g=1000, price_minor=80)


def roller_of(boxes: list[BoxType], containers: list[Container], most: int | None = None) -> Roller:
    task = Task(containers, boxes, PLAIN, [1.0] * len(boxes), math.inf, 20, 1, silent, containers_max=most)
    return Roller(task)


def test_a_roll_loads_everything_the_largest_first_and_the_rest_into_a_small_one() -> None:
    roller = roller_of([BoxType(20, 20, 20, 9)], [SMALL, LARGE])
    plan = roller.roll(1.0, (9,))
    assert [number for number, _ in plan.filled] == [1, 1, 0]
    assert plan.rest == (0,)


def test_no_more_containers_are_taken_than_allowed() -> None:
    roller = roller_of([BoxType(20, 20, 20, 9)], [SMALL, LARGE], most=2)
    plan = roller.roll(1.0, (9,))
    assert [number for number, _ in plan.filled] == [1, 1]
    assert plan.rest == (1,)
    assert roller.most_mm3() == pytest.approx(0.98 * 2 * LARGE.volume_mm3)


def test_where_weight_binds_heavy_cartons_are_worth_more_than_light_ones_of_their_size() -> None:
    heavy, light = BoxType(10, 10, 10, 50, weight_g=90), BoxType(10, 10, 10, 50, weight_g=1)
    values = roller_of([heavy, light], [LARGE]).values(0, (50, 50), ())
    assert values[0] > values[1]
    without = roller_of([heavy, light], [SMALL]).values(0, (50, 50), ())
    assert without == [1000.0, 1000.0]


def test_what_fits_no_later_container_counts_double() -> None:
    long = BoxType(60, 10, 10, 5)
    roller = roller_of([long, BoxType(30, 20, 10, 5)], [SMALL, LARGE])
    assert roller.values(1, (5, 5), [0]) == [12000.0, 6000.0]
    assert roller.values(1, (5, 5), [1]) == [6000.0, 6000.0]


def test_what_no_filling_is_found_for_is_not_tried_for_ever() -> None:
    """A cube that stands only at one end, and a centre of gravity that must be in the middle: it is left."""
    centred = Requirements(centre_x_permille=0)
    heavy = BoxType(20, 20, 20, 2, weight_g=5)
    task = Task([Container("odd", 39, 20, 20)], [heavy], centred, [1.0], math.inf, 20, 1, silent)
    plan = Roller(task).roll(1.0, (2,))
    placed = [p for _, filled in plan.filled for p in filled.placements]
    assert len(placed) + plan.rest[0] == 2


def test_of_a_very_large_need_a_part_is_planned_for() -> None:
    boxes = [BoxType(20, 20, 20, 9000, weight_g=10)]
    roller = roller_of(boxes, [SMALL, LARGE])
    need = roller._near(roller.task.need((9000,)), None)
    assert need.volume_mm3 == CONTAINERS_NEAR * LARGE.volume_mm3
    assert need.weight_g == need.volume_mm3 // 8000 * 10
    assert roller._near(roller.task.need((9,)), None).volume_mm3 == 72_000


def test_when_time_is_short_some_of_very_many_classes_are_looked_at_of_every_size() -> None:
    boxes = [BoxType(10 + k, 10, 10, 4) for k in range(1000)]
    task = Task([Container("long", 2000, 20, 20)], boxes, PLAIN, [1.0] * 1000, -math.inf, None, 1, silent)
    offer = Roller(task)._offer(task.quantities, 0, -math.inf)
    looked_at = [k for k, count in enumerate(offer) if count]
    assert len(looked_at) == 84
    assert {offer[k] for k in looked_at} == {4}
    assert looked_at[0] < 20
    assert looked_at[-1] > 980
    few = Task([SMALL], boxes[:500], PLAIN, [1.0] * 500, -math.inf, None, 1, silent)
    assert list(Roller(few)._offer(few.quantities, 0, -math.inf)) == list(few.quantities)


@pytest.mark.parametrize(("refused", "most"), [({(0, 0), (0, 1)}, 1), ({(0, 0)}, SETS_MAX)], ids=["nowhere", "hardly"])
def test_ever_dearer_sets_are_not_looked_at_for_ever(
    monkeypatch: pytest.MonkeyPatch, refused: set[tuple[int, int]], most: int
) -> None:
    """Between the sets that cost nothing and the dear one that takes every class there are thousands. What can go
    nowhere at all is no reason to look at a second."""
    looked_at = 0

    def counted(*given: Any) -> Iterator[Counts]:
        nonlocal looked_at
        for counts in covers(*given):
            looked_at += 1
            yield counts

    monkeypatch.setattr(rolling, "covers", counted)
    roller = roller_of(
        [BoxType(20, 20, 20, 5), BoxType(10, 10, 10, 400)],
        [replace(SMALL, price_minor=0), LARGE, Container("free", 30, 20, 20)],
    )
    roller.refused = {*refused, (0, 2)}
    plan = roller.roll(0.0, (5, 400))
    assert looked_at <= most * (len(plan.filled) + 2)
    assert plan.rest[1] == 0
