"""Blocks: every carton in exactly one, as few as a greedy eye sees, and keys that count lines as they come in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.goods.consolidation.formats.loading_blocks import Block, blocks_of, keys_of, steps_in_blocks
from sundry.goods.consolidation.formats.loading_steps import STEPS_MAX
from sundry.goods.consolidation.rules import Placement


def stacked(count: int, lines: Sequence[int]) -> list[Placement]:
    """Walls of seven by ten equal cartons, each from the floor up, line after line as `lines` says."""
    return [
        Placement(lines[at % len(lines)], at // 70 * 400, at // 10 % 7 * 300, at % 10 * 250, 400, 300, 250)
        for at in range(count)
    ]


def cartons(blocks: Sequence[Block]) -> Counter[Placement]:
    return Counter(placement for block in blocks for placement in block.placements())


def test_a_full_grid_is_one_block_and_the_odd_carton_another() -> None:
    grid = [Placement(0, x, y, z, 400, 300, 250) for x in (0, 400) for y in (0, 300, 600) for z in range(0, 1250, 250)]
    on_top = Placement(1, 0, 0, 1250, 400, 300, 250)
    assert blocks_of([*grid, on_top]) == [
        Block(0, 0, 0, 0, 400, 300, 250, (2, 3, 5)),
        Block(1, 0, 0, 1250, 400, 300, 250, (1, 1, 1)),
    ]


def test_cartons_that_do_not_touch_or_stand_otherwise_are_not_one_block() -> None:
    apart = [Placement(0, 0, 0, 0, 400, 300, 250), Placement(0, 0, 301, 0, 400, 300, 250)]
    turned = Placement(0, 0, 601, 0, 300, 400, 250)
    assert [block.cartons for block in blocks_of([*apart, turned])] == [1, 1, 1]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)),
        unique_by=lambda at: at[1:],
        max_size=60,
    )
)
def test_blocks_are_exactly_the_cartons(cells: list[tuple[int, int, int, int]]) -> None:
    placements = [Placement(n, x * 400, y * 300, z * 250, 400, 300, 250) for n, x, y, z in cells]
    assert cartons(blocks_of(placements)) == Counter(placements)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1200), st.integers(1, 40), st.integers(0, 10**6))
def test_every_carton_is_in_one_step_and_steps_keep_the_order(count: int, lines: int, seed: int) -> None:
    chance = random.Random(seed)
    placements = stacked(count, [chance.randrange(lines) for _ in range(97)])
    steps = steps_in_blocks(placements)
    assert sum((cartons(step) for step in steps), Counter()) == Counter(placements)
    assert len(steps) <= STEPS_MAX
    done = 0
    for step in steps:
        size = sum(block.cartons for block in step)
        assert cartons(step) == Counter(placements[done : done + size])
        done += size


def test_keys_count_lines_as_they_first_come_in() -> None:
    placements = [Placement(number, 0, 0, 0, 1, 1, 1) for number in (7, 3, 7, *range(100, 400))]
    keys = keys_of(placements)
    assert [keys[7], keys[3], keys[100], keys[107]] == ["A1", "A2", "A3", "B1"]
    assert list(keys.values())[233:235] == ["Z9", "AA1"]
    assert len(set(keys.values())) == len(keys) == 302
