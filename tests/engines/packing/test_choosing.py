from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest


def test_a_corner_touches_three_of_six_sides(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    nobody = np.zeros((1, 6), np.int32)
    share = plain.choosing.contact_share
    assert share(tray.problem.room, nobody, 0, 0, 0, 0, 4, 4, 4) == pytest.approx(1 / 2)
    assert share(tray.problem.room, nobody, 0, 0, 0, 0, 10, 10, 10) == pytest.approx(1)
    assert share(tray.problem.room, nobody, 0, 3, 3, 3, 4, 4, 4) == 0
    neighbour = np.array([[0, 0, 0, 4, 4, 2]], np.int32)
    # The floor, one wall (y), and half of the side towards the neighbour.
    assert share(tray.problem.room, neighbour, 1, 4, 0, 0, 4, 4, 4) == pytest.approx(2.5 / 6)


def test_a_gap_of_a_twenty_fifth_still_touches(plain: SimpleNamespace) -> None:
    room, nobody = np.array([200, 200, 200], np.int32), np.zeros((1, 6), np.int32)
    share = plain.choosing.contact_share
    assert share(room, nobody, 0, 2, 50, 50, 50, 50, 50) == pytest.approx(1 / 6)
    assert share(room, nobody, 0, 3, 50, 50, 50, 50, 50) == 0


def test_the_best_come_first_and_a_wider_choice_begins_with_the_narrower(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    """Stopping early at the rank loses nothing: the first of eight is the one found alone."""
    choose = plain.choosing.choose_blocks
    assert choose(tray.problem, tray.state, 0, 8, tray.desk) == 8
    chosen, scores = tray.desk.chosen.copy(), tray.desk.scores.copy()
    assert (np.diff(scores) <= 0).all()
    assert choose(tray.problem, tray.state, 0, 1, tray.desk) == 1
    assert tray.desk.chosen[0] == chosen[0]
    assert tray.desk.scores[0] == scores[0]


def test_blocks_no_longer_at_hand_leave_the_chain(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    tray.state.remaining[:] = (1, 0)
    found = plain.choosing.choose_blocks(tray.problem, tray.state, 0, 8, tray.desk)
    assert [tuple(tray.problem.blocks.size[block]) for block in tray.desk.chosen[:found]] == [(4, 4, 4)]
    end = len(tray.problem.blocks.rank)
    assert tray.state.chain[0] == tray.block(4, 4, 4)
    assert tray.state.chain[tray.block(4, 4, 4) + 1] == end


def test_a_block_above_the_payload_is_not_at_hand(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    weight_g = np.full(len(tray.problem.blocks.rank), 7.0)
    blocks = tray.problem.blocks._replace(weight_g=weight_g)
    tray.state.amount[1] = 7.0
    assert plain.choosing.is_at_hand(blocks, tray.state, 0)
    tray.state.amount[1] = 6.0
    assert not plain.choosing.is_at_hand(blocks, tray.state, 0)
