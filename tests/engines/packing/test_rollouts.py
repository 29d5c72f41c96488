from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.checker import check
from sundry.engines.packing.instances import made_instance


def expanded(
    plain: SimpleNamespace, tray: SimpleNamespace, *, first: int, step: int, stopped: bool = False, worth: float = -1.0
) -> tuple[np.ndarray, np.ndarray, SimpleNamespace]:
    """Eight children of the empty tray, each completed: blocks, values, the best state."""
    many = plain.shapes.State(*(array[None] for array in tray.state))
    spaces_max, placed_max = tray.state.spaces.shape[0], tray.state.placed.shape[0]
    work = plain.shapes.states(2, tray.problem, spaces_max, placed_max)
    best = plain.shapes.state(plain.shapes.states(1, tray.problem, spaces_max, placed_max), 0)
    blocks, values = np.full(8, -1, np.int32), np.full(8, -1.0)
    stop = np.array([int(stopped)])
    plain.rollouts.expand(
        tray.problem, many, np.array([worth]), 8, first, step, 8, blocks, values, work, tray.desk, best, stop
    )
    return blocks, values, best


def test_every_child_is_filled_to_the_end(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    """Three cubes of 64 and five cartons of 12 all fit, whatever comes first."""
    blocks, values, best = expanded(plain, tray, first=0, step=1)
    assert values.max() == 3 * 64 + 5 * 12 == best.amount[0]
    assert len(set(blocks.tolist())) == 8


def test_two_that_share_the_children_find_what_one_finds(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    blocks, values, _ = expanded(plain, tray, first=0, step=1)
    even, odd = (expanded(plain, tray, first=first, step=2) for first in (0, 1))
    assert np.maximum(even[0], odd[0]).tolist() == blocks.tolist()
    assert np.maximum(even[1], odd[1]).tolist() == values.tolist()
    assert (even[1] >= 0).tolist() == [True, False] * 4


def test_the_first_child_is_worth_what_its_state_is_known_to_be(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    blocks, values, _ = expanded(plain, tray, first=0, step=1)
    known_blocks, known, _ = expanded(plain, tray, first=0, step=1, worth=values[0])
    assert known.tolist() == values.tolist()
    assert known_blocks.tolist() == blocks.tolist()
    assert expanded(plain, tray, first=0, step=1, worth=7.0)[1].tolist() == [7.0, *values[1:].tolist()]


def test_stopped_before_it_begins_nothing_is_tried(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    _, values, best = expanded(plain, tray, first=0, step=1, stopped=True)
    assert values.tolist() == [-1.0] * 8
    assert best.tally.tolist() == [0, 0]


def test_expanding_leaves_the_states_as_they_were(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    before = [array.copy() for array in tray.state]
    expanded(plain, tray, first=0, step=1)
    assert all((now == then).all() for now, then in zip(tray.state, before, strict=True))


def test_a_child_that_is_rebuilt_has_its_block_in_the_next_space(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    many = plain.shapes.State(*(array[None] for array in tray.state))
    target = plain.shapes.states(1, tray.problem, tray.state.spaces.shape[0], tray.state.placed.shape[0])
    block = tray.block(4, 4, 4)
    plain.rollouts.advance(tray.problem, many, np.array([0]), np.array([block], np.int32), tray.desk, target)
    assert target.placed[0, 0].tolist() == [0, 0, 0, 4, 4, 4, block]
    assert target.amount[0, 0] == 64.0


@pytest.mark.parametrize("payload", [0.0, 11.0])
def test_a_space_that_takes_nothing_for_weight_is_passed_over(
    plain: SimpleNamespace, tray: SimpleNamespace, payload: float
) -> None:
    blocks = tray.problem.blocks._replace(weight_g=tray.problem.blocks.value)
    tray.state.amount[1] = payload
    problem = tray.problem._replace(blocks=blocks)
    assert plain.rollouts.choose_or_skip(problem, tray.state, 1, tray.desk) == (-1, 0)
    tray.state.tally[0] = 1
    tray.state.amount[1] = 12.0
    tray.state.chain[:] = np.arange(len(tray.state.chain))
    assert plain.rollouts.choose_or_skip(problem, tray.state, 1, tray.desk) == (0, 1)


class _Made:
    """A made instance under the plain kernels; `rows`: the blocks of one rollout."""

    def __init__(self, plain: SimpleNamespace, types: int, bearing_kg_m2: int | None = None) -> None:
        self.plain = plain
        self.room, self.boxes = made_instance(types, 1)
        if bearing_kg_m2 is not None:
            self.boxes = tuple(
                replace(box, weight_g=300 + 100 * k, bearing_kg_m2=bearing_kg_m2 + 100 * k, nothing_on_top=k % 5 == 4)
                for k, box in enumerate(self.boxes)
            )
        self.kinds = kinds_of(self.room, self.boxes, [box.quantity for box in self.boxes])
        self.search = plain.search.Search(self.room.inside_mm, self.kinds, threads=1, blocks_max=1500)
        self.problem = self.search.problem
        self.finished = self.completed(self.empty())
        self.rows = self.finished.placed[: self.finished.tally[1]].copy()

    def empty(self) -> SimpleNamespace:
        run = self.plain.search._Run(self.search, None, 1, lambda rollouts: None)
        many = run._states(1)
        run._start(many)
        return self.plain.shapes.state(many, 0)

    def completed(self, state: SimpleNamespace) -> SimpleNamespace:
        desk = self.plain.shapes.desk(self.problem, 1, self.search.placed_max)
        self.plain.rollouts.complete(self.problem, state, desk, np.zeros(1, np.int64))
        return state

    def faults(self, state: SimpleNamespace) -> list[object]:
        cartons = [
            carton._replace(type=self.kinds[carton.type].members[0])
            for x, y, z, *_, block in state.placed[: state.tally[1]].tolist()
            for carton in self.search.block_set.cartons(block, x, y, z)
        ]
        return list(check(self.room, self.boxes, cartons, ordered=False))


def without(rows: np.ndarray, taken: set[int]) -> np.ndarray:
    """The rows but those taken, and but those that stand on something that is gone, from the floor up."""
    gone = {tuple(rows[i]) for i in taken}
    kept = []
    for row in sorted((row for row in rows.tolist()), key=lambda row: row[2]):
        x0, y0, z0, x1, y1 = row[:5]
        if any(g[5] == z0 and g[0] < x1 and g[3] > x0 and g[1] < y1 and g[4] > y0 for g in gone):
            gone.add(tuple(row))
        if tuple(row) not in gone:
            kept.append(row)
    return np.array(kept, np.int32).reshape(-1, 7)


@pytest.mark.parametrize("types", [3, 12])
def test_a_replayed_plan_is_the_plan(plain: SimpleNamespace, types: int) -> None:
    made = _Made(plain, types)
    state = made.empty()
    plain.rollouts.replay(made.problem, state, made.rows)
    assert state.remaining.tolist() == made.finished.remaining.tolist()
    assert state.amount.tolist() == made.finished.amount.tolist()
    assert state.placed[: state.tally[1]].tolist() == made.rows.tolist()


@pytest.mark.parametrize("bearing_kg_m2", [None, 250])
@pytest.mark.parametrize("types", [3, 12])
def test_a_part_of_a_plan_is_filled_anew(plain: SimpleNamespace, types: int, bearing_kg_m2: int | None) -> None:
    made = _Made(plain, types, bearing_kg_m2)
    assert made.faults(made.finished) == []
    for first in range(3):
        state = made.empty()
        kept = without(made.rows, set(range(first, len(made.rows), 3)))
        assert len(kept) < len(made.rows)
        plain.rollouts.replay(made.problem, state, kept)
        made.completed(state)
        assert state.tally[1] > len(kept)
        assert state.placed[: len(kept)].tolist() == kept.tolist()
        assert made.faults(state) == []
