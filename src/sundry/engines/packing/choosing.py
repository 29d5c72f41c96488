# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Which block for a space: the score and the search for the best.

Problem: the largest block that fits is often the wrong one: it leaves a gap that nothing fills, or stands free in the
room and breaks it up. Therefore (after Araya, Guerrero and Nunez 2017, "VCS") the score of a block is

    value * cartons**-0.2            a large block of few cartons
  * usable share of the space        what the block and the lengths still reachable beside it cover (lengths.py)
  * contact share ** (1, 2 or 4)     how much of its surface touches walls or other blocks, a small gap forgiven

Value and cartons do not depend on the space, the two shares are at most 1. So the blocks of a tier (of like height)
stand in falling order of the first factor, `rank`, and a tier is left as soon as a rank is below the worst score kept.
Before the shares are worked out, a bound of the second is: of ten blocks that fit, nine need no more. Nothing is lost.
"""

from __future__ import annotations

from sundry.engines.packing.bearing import top_strength
from sundry.engines.packing.jit import kernel
from sundry.engines.packing.lengths import note_alive, usable
from sundry.engines.packing.shapes import (
    END,
    FULL_SUPPORT,
    GUARDS,
    HIGH,
    LOW,
    PLACED,
    PLACES,
    START,
    STRENGTH,
    TOP_PRESSURE,
    TOP_STRENGTH,
    WEIGHT_LEFT,
    X0,
    X1,
    Y0,
    Y1,
    Z0,
    Z1,
)
from sundry.engines.packing.spaces import corner, is_free, may_reach_beyond

GAP_SHARE = 0.04  # of a block's size: a gap up to this still counts as touching


@kernel
def neighbours_of(state, space, neighbours):
    """Copy the placed blocks near enough to touch something in the space into `neighbours`; how many."""
    placed = state.placed
    gap_x = GAP_SHARE * (space[X1] - space[X0]) + 1
    gap_y = GAP_SHARE * (space[Y1] - space[Y0]) + 1
    gap_z = GAP_SHARE * (space[Z1] - space[Z0]) + 1
    count = 0
    for i in range(state.tally[PLACED]):
        if (
            placed[i, X0] <= space[X1] + gap_x
            and placed[i, X1] >= space[X0] - gap_x
            and placed[i, Y0] <= space[Y1] + gap_y
            and placed[i, Y1] >= space[Y0] - gap_y
            and placed[i, Z0] <= space[Z1] + gap_z
            and placed[i, Z1] >= space[Z0] - gap_z
        ):
            for k in range(6):
                neighbours[count, k] = placed[i, k]
            count += 1
    return count


@kernel
def contact_share(room, neighbours, count, x0, y0, z0, dx, dy, dz):
    """The share of the box's surface that touches a wall or a neighbour, gaps up to GAP_SHARE forgiven."""
    gap_x = GAP_SHARE * dx
    gap_y = GAP_SHARE * dy
    gap_z = GAP_SHARE * dz
    x1 = x0 + dx
    y1 = y0 + dy
    z1 = z0 + dz
    side_x = 1.0 * dy * dz
    side_y = 1.0 * dx * dz
    side_z = 1.0 * dx * dy
    touching = 0.0
    if x0 <= gap_x:
        touching += side_x
    if x1 >= room[0] - gap_x:
        touching += side_x
    if y0 <= gap_y:
        touching += side_y
    if y1 >= room[1] - gap_y:
        touching += side_y
    if z0 <= gap_z:
        touching += side_z
    if z1 >= room[2] - gap_z:
        touching += side_z
    for i in range(count):
        # Lengths over which the two lie abreast; a negative one is the gap between them.
        over_x = min(x1, neighbours[i, X1]) - max(x0, neighbours[i, X0])
        over_y = min(y1, neighbours[i, Y1]) - max(y0, neighbours[i, Y0])
        over_z = min(z1, neighbours[i, Z1]) - max(z0, neighbours[i, Z0])
        if over_y > 0 and over_z > 0 and over_x <= 0:
            if -over_x <= gap_x:
                touching += 1.0 * over_y * over_z
        elif over_x > 0 and over_z > 0 and over_y <= 0:
            if -over_y <= gap_y:
                touching += 1.0 * over_x * over_z
        elif over_x > 0 and over_y > 0 and over_z <= 0 and -over_z <= gap_z:
            touching += 1.0 * over_x * over_y
    return touching / (2.0 * (side_x + side_y + side_z))


@kernel
def first_at_most(falling, low, high, amount):
    """The first place from `low` to `high`, where the row falls, whose number is not above the amount; else `high`."""
    while low < high:
        middle = (low + high) // 2
        if falling[middle] > amount:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def raised(share, power):
    """share ** power, for a whole power from 1."""
    result = share
    for _ in range(power - 1):
        result *= share
    return result


@kernel
def contact_bound(face, length, width, height, dx, dy, dz):
    """No contact share is above this: three sides may touch at the corner, the others only where next to no gap is."""
    share = 0.5
    if length - dx <= GAP_SHARE * dx:
        share += face[0]
    if width - dy <= GAP_SHARE * dy:
        share += face[1]
    if height - dz <= GAP_SHARE * dz:
        share += face[2]
    return share


@kernel
def first_of_tier(problem, state, tier, room_mm3):
    """The first linked block of the tier that may fit into so much room: none is worth more, or ranks above its worth.

    Whatever stands there, linked or not, leads on to all that follow and are linked.
    """
    blocks = problem.blocks
    before = first_at_most(
        blocks.rank, blocks.tier[tier, START], blocks.tier[tier, END], problem.value_density * room_mm3
    )
    block = state.chain[before]
    while state.back[block] < 0:
        block = state.chain[block + 1]
    state.chain[before] = block
    return block


@kernel
def choose_blocks(problem, state, index, wanted, desk):
    """Write the `wanted` best blocks for space `index` into the desk's `chosen` and `scores`; how many.

    Best first. The chain links only blocks whose cartons remain; whether the payload takes them is asked here.
    """
    is_partial = 0 < problem.support_percent < FULL_SUPPORT
    cargo = problem.cargo
    blocks = problem.blocks
    reach = problem.reach
    chosen = desk.chosen
    scores = desk.scores
    alive = desk.alive
    space = state.spaces[index]
    length = space[X1] - space[X0]
    width = space[Y1] - space[Y0]
    height = space[Z1] - space[Z0]
    note_alive(state.remaining, alive)
    neighbour_count = neighbours_of(state, space, desk.neighbours)
    best_volume = 1.0 * reach.best_x[length] * reach.best_y[width] * reach.best_z[height]
    packed = int(length) * PLACES[0] + int(width) * PLACES[1] + int(height) * PLACES[2]
    floor_mm2 = 1.0 * length * width
    if is_partial:
        floor_mm2 *= FULL_SUPPORT / problem.support_percent
    found = 0
    # What fills the height best is nearly always among the best, and then most of the lower tiers is passed over.
    for tier in range(blocks.tier.shape[0] - 1, -1, -1):
        if blocks.tier[tier, LOW] > height:
            continue
        block = first_of_tier(problem, state, tier, floor_mm2 * min(height, blocks.tier[tier, HIGH]))
        while block < blocks.tier[tier, END]:
            score = blocks.rank[block]
            if found == wanted and score <= scores[found - 1]:
                break
            this = block
            block = state.chain[this + 1]
            reaches_beyond = False
            if (packed - blocks.packed[this]) & GUARDS:
                if not is_partial or blocks.size[this, 2] > height or not may_reach_beyond(problem, space, this):
                    continue
                reaches_beyond = True
            dx = blocks.size[this, 0]
            dy = blocks.size[this, 1]
            dz = blocks.size[this, 2]
            if found == wanted:
                most = contact_bound(blocks.face[this], length, width, height, dx, dy, dz)
                if score * raised(most, problem.contact_power) <= scores[found - 1]:
                    continue
            if blocks.weight_g[this] > state.amount[WEIGHT_LEFT]:
                continue
            if cargo.is_limited and blocks.top[this, TOP_PRESSURE] > space[STRENGTH]:
                continue
            covered = 1.0 * (dx + usable(reach.best_x, reach.types_x, alive, max(0, length - dx)))
            covered *= dy + usable(reach.best_y, reach.types_y, alive, max(0, width - dy))
            # On a top that carries nothing all that is above is lost: it is wanted where no room is left above.
            if (
                cargo.is_limited
                and top_strength(blocks.top[this, TOP_STRENGTH], blocks.top[this, TOP_PRESSURE], space[STRENGTH])
                < cargo.lightest
            ):
                covered *= dz
            else:
                covered *= dz + usable(reach.best_z, reach.types_z, alive, height - dz)
            if covered < best_volume:
                score *= covered / best_volume
            if found == wanted and score <= scores[found - 1]:
                continue
            x0, y0, z0 = corner(problem, space, blocks.size[this])
            if reaches_beyond and not is_free(state, x0, y0, z0, x0 + dx, y0 + dy, z0 + dz):
                continue
            share = contact_share(problem.room, desk.neighbours, neighbour_count, x0, y0, z0, dx, dy, dz)
            score *= raised(share, problem.contact_power)
            if found < wanted:
                found += 1
            elif score <= scores[found - 1]:
                continue
            at = found - 1
            while at > 0 and scores[at - 1] < score:
                scores[at] = scores[at - 1]
                chosen[at] = chosen[at - 1]
                at -= 1
            scores[at] = score
            chosen[at] = this
    return found
