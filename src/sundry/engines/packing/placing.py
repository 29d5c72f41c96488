# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""A block is placed: the spaces that it meets are cut, its top becomes one, and what it used up is counted.

Problem: after each of a million blocks the free spaces must be right to the millimetre, and all that can be had.

    a floor 10 x 10, a block 4 x 4 in the corner    leaves 6 x 10 behind it and 10 x 6 beside it, and a top of 4 x 4
    a second one beside it, as high                 makes one top of 8 x 4 of the two: a carton may bridge both

Therefore every rectangle is kept as large as it can be (spaces.py tells what they are): pieces overlap, and what lies
in another is dropped.
"""

from __future__ import annotations

import numpy as np

from sundry.engines.packing.bearing import NOTHING, top_strength
from sundry.engines.packing.jit import kernel
from sundry.engines.packing.shapes import (
    BLOCK,
    FULL_SUPPORT,
    PLACED,
    SPACES,
    STRENGTH,
    TOP_PRESSURE,
    TOP_STRENGTH,
    TOP_X,
    TOP_Y,
    USED,
    USED_IN,
    VALUE,
    WEIGHT_LEFT,
    X0,
    X1,
    Y0,
    Y1,
    Z0,
    Z1,
)
from sundry.engines.packing.spaces import add_space, corner, drop_space, meets

PIECES_MAX = 6
TOPS_MAX = 64  # rectangles that one new top may form with its neighbours; more are dropped, which costs room only


@kernel
def unlink_spent(blocks, state, kind):
    """Take the blocks with more of the type than remains off the chain. Each is met once for each of its types."""
    row = blocks.use_start[kind] + state.spent[kind]
    while row < blocks.use_start[kind + 1] and blocks.use[row, USED] > state.remaining[kind]:
        block = blocks.use[row, USED_IN]
        before = state.back[block]
        if before >= 0:
            after = state.chain[block + 1]
            state.chain[before] = after
            state.back[after] = before
            state.back[block] = -1
        row += 1
    state.spent[kind] = row - blocks.use_start[kind]


@kernel
def place(problem, state, index, block):
    """Put the block into space `index` and bring spaces, rest and sums up to date."""
    blocks = problem.blocks
    x0, y0, z0 = corner(problem, state.spaces[index], blocks.size[block])
    strength = top_strength(
        blocks.top[block, TOP_STRENGTH], blocks.top[block, TOP_PRESSURE], state.spaces[index, STRENGTH]
    )
    x1 = x0 + blocks.size[block, 0]
    y1 = y0 + blocks.size[block, 1]
    z1 = z0 + blocks.size[block, 2]
    for part in range(blocks.part_start[block], blocks.part_start[block + 1]):
        kind = blocks.part_type[part]
        state.remaining[kind] -= blocks.part_quantity[part]
        unlink_spent(blocks, state, kind)
    state.amount[VALUE] += blocks.value[block]
    state.amount[WEIGHT_LEFT] -= blocks.weight_g[block]
    entry = state.placed[state.tally[PLACED]]
    entry[X0] = x0
    entry[Y0] = y0
    entry[Z0] = z0
    entry[X1] = x1
    entry[Y1] = y1
    entry[Z1] = z1
    entry[BLOCK] = block
    state.tally[PLACED] += 1
    cut_spaces(problem, state, x0, y0, z0, x1, y1, z1)
    if problem.support_percent > 0 and problem.room[2] - z1 >= problem.cargo.smallest[2] and strength > NOTHING:
        x1 = x0 + blocks.top[block, TOP_X]
        y1 = y0 + blocks.top[block, TOP_Y]
        roof = problem.room[2]
        if problem.support_percent < FULL_SUPPORT:
            roof = roof_above(state, roof, x0, y0, x1, y1, z1)
        add_top(state, x0, y0, x1, y1, z1, roof, strength)


@kernel
def roof_above(state, roof, x0, y0, x1, y1, z):
    """How high the room above the rectangle at height z reaches: to the roof, or to what hangs over it."""
    placed = state.placed
    for i in range(state.tally[PLACED]):
        if (
            z <= placed[i, Z0] < roof
            and placed[i, X0] < x1
            and placed[i, X1] > x0
            and placed[i, Y0] < y1
            and placed[i, Y1] > y0
        ):
            roof = placed[i, Z0]
    return roof


@kernel
def cut_spaces(problem, state, x0, y0, z0, x1, y1, z1):
    """Take the box out of every space that it meets; the pieces wide enough for some carton become spaces."""
    spaces = state.spaces
    smallest = problem.cargo.smallest
    met = 0
    for i in range(state.tally[SPACES]):
        met += meets(spaces[i], x0, y0, z0, x1, y1, z1)
    pieces = np.empty((met * PIECES_MAX, 7), np.int32)
    count = 0
    i = 0
    while i < state.tally[SPACES]:
        if not meets(spaces[i], x0, y0, z0, x1, y1, z1):
            i += 1
            continue
        if x0 - spaces[i, X0] >= smallest[0]:
            count = _piece(pieces, count, spaces[i], X1, x0)
        if spaces[i, X1] - x1 >= smallest[0]:
            count = _piece(pieces, count, spaces[i], X0, x1)
        if y0 - spaces[i, Y0] >= smallest[1]:
            count = _piece(pieces, count, spaces[i], Y1, y0)
        if spaces[i, Y1] - y1 >= smallest[1]:
            count = _piece(pieces, count, spaces[i], Y0, y1)
        if problem.support_percent < FULL_SUPPORT and z0 - spaces[i, Z0] >= smallest[2]:
            count = _piece(pieces, count, spaces[i], Z1, z0)
        if problem.support_percent == 0 and spaces[i, Z1] - z1 >= smallest[2]:
            count = _piece(pieces, count, spaces[i], Z0, z1)
        drop_space(state, i)
    for i in range(count):
        add_space(
            state,
            pieces[i, X0],
            pieces[i, Y0],
            pieces[i, Z0],
            pieces[i, X1],
            pieces[i, Y1],
            pieces[i, Z1],
            pieces[i, STRENGTH],
        )


@kernel
def _piece(pieces, count, space, side, position):
    """The space with one side moved to `position`, as one more piece."""
    for k in range(7):
        pieces[count, k] = space[k]
    pieces[count, side] = position
    return count + 1


@kernel
def add_top(state, x0, y0, x1, y1, z, roof, strength):
    """Add the rectangle at height z and every larger one that it forms with adjoining rectangles of that height.

    Each carries what the weaker of the two carries, and reaches up to the lower of the two roofs.
    """
    spaces = state.spaces
    tops = np.empty((TOPS_MAX, 6), np.int32)
    tops[0, 0] = x0
    tops[0, 1] = y0
    tops[0, 2] = x1
    tops[0, 3] = y1
    tops[0, 4] = strength
    tops[0, 5] = roof
    count = 1
    done = 0
    while done < count:
        ax0 = tops[done, 0]
        ay0 = tops[done, 1]
        ax1 = tops[done, 2]
        ay1 = tops[done, 3]
        weaker = tops[done, 4]
        lower = tops[done, 5]
        done += 1
        for i in range(state.tally[SPACES]):
            if spaces[i, Z0] != z:
                continue
            if spaces[i, X0] <= ax1 and spaces[i, X1] >= ax0:
                count = _joined(
                    tops,
                    count,
                    min(spaces[i, X0], ax0),
                    max(spaces[i, Y0], ay0),
                    max(spaces[i, X1], ax1),
                    min(spaces[i, Y1], ay1),
                    min(spaces[i, STRENGTH], weaker),
                    min(spaces[i, Z1], lower),
                )
            if spaces[i, Y0] <= ay1 and spaces[i, Y1] >= ay0:
                count = _joined(
                    tops,
                    count,
                    max(spaces[i, X0], ax0),
                    min(spaces[i, Y0], ay0),
                    min(spaces[i, X1], ax1),
                    max(spaces[i, Y1], ay1),
                    min(spaces[i, STRENGTH], weaker),
                    min(spaces[i, Z1], lower),
                )
    for k in range(count):
        add_space(state, tops[k, 0], tops[k, 1], z, tops[k, 2], tops[k, 3], tops[k, 5], tops[k, 4])


@kernel
def _joined(tops, count, x0, y0, x1, y1, strength, roof):
    """Append the rectangle unless it is empty or another holds it, as strong and as high; the new count."""
    if x1 <= x0 or y1 <= y0 or count == TOPS_MAX:
        return count
    for k in range(count):
        if (
            tops[k, 0] <= x0
            and tops[k, 1] <= y0
            and tops[k, 2] >= x1
            and tops[k, 3] >= y1
            and tops[k, 4] >= strength
            and tops[k, 5] >= roof
        ):
            return count
    tops[count, 0] = x0
    tops[count, 1] = y0
    tops[count, 2] = x1
    tops[count, 3] = y1
    tops[count, 4] = strength
    tops[count, 5] = roof
    return count + 1
