from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest


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
    assert plain.rollouts.choose_or_skip(problem, tray.state, 1, tray.desk) == (0, 1)
