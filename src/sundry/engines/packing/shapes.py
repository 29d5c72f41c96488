"""The arrays that kernels share, with names. All lengths int32, all volumes and weights float64 (exact below 2**53).

Areas stay below 2**31 by rules.LENGTH_MAX; volumes do not, so a volume is always multiplied as floats. Both hold in
compiled and in plain numpy, which is why no kernel needs a cast.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Lengths = NDArray[np.int32]
Amounts = NDArray[np.float64]

# Columns of a space and of a placed block: the box from (X0, Y0, Z0) to (X1, Y1, Z1), and then of a placed block its
# number, of a space what may be put on its floor (bearing.py).
X0, Y0, Z0, X1, Y1, Z1, BLOCK = range(7)
STRENGTH = BLOCK
# Columns of a block's top: the part of it, from the block's corner, that carries; what the block presses on what is
# below and what may be put on it (bearing.py); 1 where the block stands on one carton, 0 where on several. They are one
# array, not four, because every array that a kernel is handed costs time.
TOP_X, TOP_Y, TOP_PRESSURE, TOP_STRENGTH, TOP_COLUMN = range(5)
FULL_SUPPORT = 100
# Three lengths in one number, 20 bits each (rules.LENGTH_MAX is below 2**16) and one to guard: a - b has a guard set
# where a length of b is above that of a.
PLACES = (1, 1 << 21, 1 << 42)
GUARDS = (1 << 20) | (1 << 41) | (1 << 62)
# Columns of Blocks.tier and of Blocks.use
START, END, LOW, HIGH = range(4)
USED_IN, USED = range(2)
# State.tally and State.amount
SPACES, PLACED = range(2)
VALUE, WEIGHT_LEFT = range(2)


class Cargo(NamedTuple):
    """What is to be loaded, one row an orientation."""

    quantity: Lengths  # [types]
    orientation_type: Lengths  # [orientations]
    orientation: Lengths  # [orientations, 3] the least space that takes it: along x and y less with partial support
    smallest: Lengths  # [3] the least length along each axis: a narrower space is of no use
    is_limited: bool  # not everything may stand on everything
    lightest: int  # kg/m2: the least that any carton presses on what carries it


class Blocks(NamedTuple):
    """Cuboids of cartons, in tiers of like height, low ones first; in a tier best first."""

    size: Lengths  # [blocks, 3]
    packed: Any  # [blocks] int64: the three sizes in one number, see PLACES
    tier: Lengths  # [tiers, 4] columns START to HIGH: which blocks, and their least and greatest height
    top: Lengths  # [blocks, 5] columns TOP_X to TOP_COLUMN
    value: Amounts  # [blocks] what the search maximises: the cartons' volume, or volume and weight
    weight_g: Amounts  # [blocks]
    rank: Amounts  # [blocks] falling within a tier; no score of a block is above its rank
    face: Amounts  # [blocks, 3] what one of the two sides across an axis is of the whole surface
    use_start: Lengths  # [types + 1] into `use`
    use: Lengths  # [parts, 2] for each type the blocks that it is in and how many of it, those of many first
    part_start: Lengths  # [blocks + 1] into the two below
    part_type: Lengths
    part_quantity: Lengths


class Reach(NamedTuple):
    """Lengths that rows of cartons can reach, for each axis; see lengths.py."""

    best_x: Lengths  # [length + 1] the greatest reachable length that is not above the index
    best_y: Lengths
    best_z: Lengths
    types_x: Any  # [length + 1, words] uint64: the types that may close a row of that length
    types_y: Any
    types_z: Any


class Problem(NamedTuple):
    room: Lengths  # [3]
    support_percent: int  # of each base; from 1 the spaces are a landscape, see spaces.py
    contact_power: int  # how sharply the share of touching surface counts
    height_weight: int  # how often the height of a space counts in its distance from a corner
    value_density: float  # the most that any volume of cargo is worth
    cargo: Cargo
    blocks: Blocks
    reach: Reach


class Desk(NamedTuple):
    """One thread's room to work in, so that nothing is allocated in a rollout."""

    chosen: Lengths  # [width]
    scores: Amounts  # [width]
    neighbours: Lengths  # [placed_max, 6]
    alive: Any  # [words] uint64: the types that remain, see lengths.py


class State(NamedTuple):
    """A container being filled. `chain` links the blocks whose cartons remain: chain[0] is the first, chain[b + 1] the
    one after b, the number of blocks ends it; back[b] is where in `chain` b stands, -1 when it is no longer linked.
    `spent`: how many rows of a type in Blocks.use are no longer linked."""

    remaining: Lengths  # [types]
    spaces: Lengths  # [spaces_max, 7]
    placed: Lengths  # [placed_max, 7]
    chain: Lengths  # [blocks + 1]
    back: Lengths  # [blocks + 1]
    spent: Lengths  # [types]
    tally: Any  # [2] int64: SPACES, PLACED
    amount: Amounts  # [2]: VALUE, WEIGHT_LEFT


def desk(problem: Problem, width: int, placed_max: int) -> Desk:
    return Desk(
        chosen=np.empty(width, np.int32),
        scores=np.empty(width, np.float64),
        neighbours=np.empty((placed_max, 6), np.int32),
        alive=np.zeros(problem.reach.types_x.shape[1], np.uint64),
    )


def states(count: int, problem: Problem, spaces_max: int, placed_max: int) -> State:
    """`count` states in one set of arrays, the first dimension the state."""
    return State(
        remaining=np.zeros((count, len(problem.cargo.quantity)), np.int32),
        spaces=np.zeros((count, spaces_max, 7), np.int32),
        placed=np.zeros((count, placed_max, 7), np.int32),
        chain=np.zeros((count, len(problem.blocks.rank) + 1), np.int32),
        back=np.zeros((count, len(problem.blocks.rank) + 1), np.int32),
        spent=np.zeros((count, len(problem.cargo.quantity)), np.int32),
        tally=np.zeros((count, 2), np.int64),
        amount=np.zeros((count, 2), np.float64),
    )


def state(many: State, index: int) -> State:
    """One of them, as a view."""
    return State(*(array[index] for array in many))
