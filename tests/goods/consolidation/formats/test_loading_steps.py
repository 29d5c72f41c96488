"""Steps that a crew can follow: every carton in one, none hidden behind another of its step, not too many."""

from __future__ import annotations

import pytest

from sundry.goods.consolidation.formats.loading_steps import STEPS_MAX, steps_of
from sundry.goods.consolidation.rules import Placement


def walls(count: int, across: int = 5, high: int = 6) -> list[Placement]:
    """Equal cartons, wall behind wall from the front to the door."""
    found = []
    for number in range(count):
        wall, place = divmod(number, across * high)
        column, layer = divmod(place, high)
        found.append(Placement(0, wall * 400, column * 400, layer * 400, 400, 400, 400))
    return found


@pytest.mark.parametrize("count", [0, 1, 11, 30, 100, 1000, 5000])
def test_every_carton_stands_in_just_one_step(count: int) -> None:
    steps = steps_of(walls(count))
    covered = [at for step in steps for at in range(step.start, step.stop)]
    assert covered == list(range(count))
    assert len(steps) <= STEPS_MAX


def test_a_wall_is_a_step() -> None:
    steps = steps_of(walls(1000))
    assert [step.stop - step.start for step in steps] == [30] * 33 + [10]


def test_many_kinds_end_a_step() -> None:
    mixed = [Placement(line, 0, line * 10, 0, 400, 10, 400) for line in range(40)]
    assert max(step.stop - step.start for step in steps_of(mixed)) <= 14
