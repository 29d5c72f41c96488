from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.instances import made_instance


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


def test_a_block_above_the_payload_is_not_chosen(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    weight_g = np.full(len(tray.problem.blocks.rank), 7.0)
    problem = tray.problem._replace(blocks=tray.problem.blocks._replace(weight_g=weight_g))
    tray.state.amount[1] = 7.0
    assert plain.choosing.choose_blocks(problem, tray.state, 0, 8, tray.desk) == 8
    tray.state.amount[1] = 6.0
    assert plain.choosing.choose_blocks(problem, tray.state, 0, 8, tray.desk) == 0


def score_of(plain: SimpleNamespace, problem: Any, state: Any, index: int, block: int, desk: Any) -> float:
    """The score of one block, worked out by itself; -1 where it does not fit or its cartons do not remain."""
    space = state.spaces[index]
    blocks, reach = problem.blocks, problem.reach
    room = [int(space[k + 3] - space[k]) for k in range(3)]
    size = [int(edge) for edge in blocks.size[block]]
    parts = range(blocks.part_start[block], blocks.part_start[block + 1])
    if any(edge > most for edge, most in zip(size, room, strict=True)):
        return -1.0
    if any(state.remaining[blocks.part_type[part]] < blocks.part_quantity[part] for part in parts):
        return -1.0
    plain.lengths.note_alive(state.remaining, desk.alive)
    count = plain.choosing.neighbours_of(state, space, desk.neighbours)
    covered, most = 1.0, 1.0
    for axis, (best, types) in enumerate(zip(reach[:3], reach[3:], strict=True)):
        covered *= size[axis] + plain.lengths.usable(best, types, desk.alive, room[axis] - size[axis])
        most *= best[room[axis]]
    x0, y0, z0 = plain.spaces.corner(problem, space, blocks.size[block])
    share = plain.choosing.contact_share(problem.room, desk.neighbours, count, x0, y0, z0, *size)
    return float(blocks.rank[block] * min(1.0, covered / most) * share**problem.contact_power)


@pytest.mark.parametrize("support", [100, 0])
@pytest.mark.parametrize("power", [1, 2, 4])
def test_nothing_better_is_passed_over(plain: SimpleNamespace, support: int, power: int) -> None:
    """Every block of a whole plan is the best of all blocks, looked at one by one."""
    room, boxes = made_instance(8, 3)
    kinds = kinds_of(room, boxes, [box.quantity for box in boxes])
    search = plain.search.Search(room.inside_mm, kinds, support_percent=support, threads=1, blocks_max=400)
    run = plain.search._Run(search, None, 1, lambda rollouts: None)
    many = run._states(1)
    run._start(many)
    state = plain.shapes.state(many, 0)
    problem = search.problem._replace(contact_power=power)
    desk = plain.shapes.desk(problem, 4, search.placed_max)
    placed = 0
    while True:
        index, found = plain.rollouts.choose_or_skip(problem, state, 4, desk)
        if not found:
            break
        best, scores = int(desk.chosen[0]), desk.scores[:found].tolist()
        alone = sorted(score_of(plain, problem, state, index, k, desk) for k in range(len(problem.blocks.rank)))
        assert scores == pytest.approx([score for score in alone[::-1] if score > 0][:4])
        plain.placing.place(problem, state, index, best)
        placed += 1
    assert placed > 8
