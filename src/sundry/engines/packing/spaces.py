# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Free spaces: where a block may stand, and what placing one leaves.

Problem: a carton that hangs over an edge is crushed or falls, so every base must be carried whole. Then there are no
caves: below every top everything is solid, and the load is a landscape of heights. A free space is a rectangle of one
level with everything above it up to the roof.

    roof  _______________        A stands on the floor, B beside it is as high, C on A.
          |    |        |        Free spaces: the top of C; the floor right of B; the top of B, and since A and B are
          | C  |        |        of one height, what C leaves free of A's top belongs to the same rectangle: a carton
          |____|___     |        may bridge both.
          | A   |B |    |
          |_____|__|____|

Therefore placing a block cuts the rectangles of its own level (at most four pieces each, all maximal) and adds its top,
joined with the rectangles of that height that adjoin it. A rectangle carries what its weakest top carries
(bearing.py), so a stronger one inside a weaker one is kept beside it.

With partial support the landscape is the same, and the base of a single carton (with whatever stands on it) may reach
beyond its rectangle as far as the percentage goes. Then there are caves, so a space has a roof of its own: below what
hangs over, it ends there. Without any support rule spaces are the usual maximal cuboids: cut in six pieces, and nothing
is added.
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
    TOP_COLUMN,
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

PIECES_MAX = 6
TOPS_MAX = 64  # rectangles that one new top may form with its neighbours; more are dropped, which costs room only


@kernel
def drop_space(state, index):
    """Remove one space; the last takes its place."""
    last = state.tally[SPACES] - 1
    state.tally[SPACES] = last
    for k in range(7):
        state.spaces[index, k] = state.spaces[last, k]


@kernel
def add_space(state, x0, y0, z0, x1, y1, z1, strength):
    """Add a space unless another holds it and is as strong; remove those for which it is such another.

    A full table forgets it: less room, but safe.
    """
    spaces = state.spaces
    for i in range(state.tally[SPACES]):
        if (
            spaces[i, X0] <= x0
            and spaces[i, Y0] <= y0
            and spaces[i, Z0] <= z0
            and spaces[i, X1] >= x1
            and spaces[i, Y1] >= y1
            and spaces[i, Z1] >= z1
            and spaces[i, STRENGTH] >= strength
        ):
            return
    i = 0
    while i < state.tally[SPACES]:
        if (
            spaces[i, X0] >= x0
            and spaces[i, Y0] >= y0
            and spaces[i, Z0] >= z0
            and spaces[i, X1] <= x1
            and spaces[i, Y1] <= y1
            and spaces[i, Z1] <= z1
            and spaces[i, STRENGTH] <= strength
        ):
            drop_space(state, i)
        else:
            i += 1
    free = state.tally[SPACES]
    if free < spaces.shape[0]:
        spaces[free, X0] = x0
        spaces[free, Y0] = y0
        spaces[free, Z0] = z0
        spaces[free, X1] = x1
        spaces[free, Y1] = y1
        spaces[free, Z1] = z1
        spaces[free, STRENGTH] = strength
        state.tally[SPACES] = free + 1


@kernel
def nearest_space(problem, state):
    """The space nearest to a corner of the container (both ends count, the floor only with support), then the larger.

    Filling from the corners inwards keeps what is free in one piece.
    """
    room = problem.room
    spaces = state.spaces
    nearest = -1
    nearest_distance = 0
    nearest_volume = 0.0
    for i in range(state.tally[SPACES]):
        distance = min(spaces[i, X0], room[0] - spaces[i, X1]) + min(spaces[i, Y0], room[1] - spaces[i, Y1])
        above = spaces[i, Z0]
        if problem.support_percent == 0:
            above = min(above, room[2] - spaces[i, Z1])
        distance += problem.height_weight * above
        volume = (
            1.0 * (spaces[i, X1] - spaces[i, X0]) * (spaces[i, Y1] - spaces[i, Y0]) * (spaces[i, Z1] - spaces[i, Z0])
        )
        if nearest < 0 or distance < nearest_distance or (distance == nearest_distance and volume > nearest_volume):
            nearest = i
            nearest_distance = distance
            nearest_volume = volume
    return nearest


@kernel
def holds_any(problem, state, index):
    """True when some carton that remains fits into the space."""
    cargo = problem.cargo
    space = state.spaces[index]
    length = space[X1] - space[X0]
    width = space[Y1] - space[Y0]
    height = space[Z1] - space[Z0]
    for k in range(cargo.orientation_type.shape[0]):
        if (
            cargo.orientation[k, 0] <= length
            and cargo.orientation[k, 1] <= width
            and cargo.orientation[k, 2] <= height
            and state.remaining[cargo.orientation_type[k]] > 0
        ):
            return True
    return False


@kernel
def next_space(problem, state):
    """The space to fill next, -1 when there is none. Spaces into which nothing fits are removed on the way."""
    while state.tally[SPACES] > 0:
        index = nearest_space(problem, state)
        if holds_any(problem, state, index):
            return index
        drop_space(state, index)
    return -1


@kernel
def corner(problem, space, size):
    """Where a block of `size` stands in the space: in that corner of it which is nearest to the container's."""
    room = problem.room
    x = space[X0] if space[X0] <= room[0] - space[X1] else space[X1] - size[0]
    y = space[Y0] if space[Y0] <= room[1] - space[Y1] else space[Y1] - size[1]
    z = space[Z0] if problem.support_percent > 0 or space[Z0] <= room[2] - space[Z1] else space[Z1] - size[2]
    return x, y, z


@kernel
def may_reach_beyond(problem, space, block):
    """True when the block is too wide for the space, but enough of its base is carried where it would stand."""
    blocks = problem.blocks
    if not blocks.top[block, TOP_COLUMN] or space[Z0] == 0:
        return False
    dx = blocks.size[block, 0]
    dy = blocks.size[block, 1]
    carried = 1.0 * min(dx, space[X1] - space[X0]) * min(dy, space[Y1] - space[Y0])
    if carried * FULL_SUPPORT < 1.0 * problem.support_percent * dx * dy:
        return False
    x0, y0, _ = corner(problem, space, blocks.size[block])
    return x0 >= 0 and y0 >= 0 and x0 + dx <= problem.room[0] and y0 + dy <= problem.room[1]


@kernel
def is_free(state, x0, y0, z0, x1, y1, z1):
    """True when the box meets no placed block."""
    for i in range(state.tally[PLACED]):  # noqa: SIM110 (numba knows no all() of a generator)
        if _meets(state.placed[i], x0, y0, z0, x1, y1, z1):
            return False
    return True


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
        met += _meets(spaces[i], x0, y0, z0, x1, y1, z1)
    pieces = np.empty((met * PIECES_MAX, 7), np.int32)
    count = 0
    i = 0
    while i < state.tally[SPACES]:
        if not _meets(spaces[i], x0, y0, z0, x1, y1, z1):
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
def _meets(space, x0, y0, z0, x1, y1, z1):
    return space[X0] < x1 and space[X1] > x0 and space[Y0] < y1 and space[Y1] > y0 and space[Z0] < z1 and space[Z1] > z0


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
