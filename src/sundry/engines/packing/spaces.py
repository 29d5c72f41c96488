# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Free spaces: where a block may stand. What placing one leaves of them is placing.py's.

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

from sundry.engines.packing.jit import kernel
from sundry.engines.packing.shapes import (
    FULL_SUPPORT,
    PLACED,
    SPACES,
    STRENGTH,
    TOP_COLUMN,
    X0,
    X1,
    Y0,
    Y1,
    Z0,
    Z1,
)


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
        if meets(state.placed[i], x0, y0, z0, x1, y1, z1):
            return False
    return True


@kernel
def meets(space, x0, y0, z0, x1, y1, z1):
    return space[X0] < x1 and space[X1] > x0 and space[Y0] < y1 and space[Y1] > y0 and space[Z0] < z1 and space[Z1] > z0
