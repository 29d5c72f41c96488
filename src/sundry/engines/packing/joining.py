# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Blocks are joined to larger blocks: along x, along y, or one on top of the other.

Two blocks that together waste little of the cuboid around them are worth placing as one. With full support they are
joined side by side only when equally high, with tops that carry up to the seam, and stacked only when the lower top
carries the whole upper base and bears its pressure. Two ways to the same cuboid of the same cartons count once, unless
one carries more than the other.

Of thousands of blocks hardly any two match, so candidates are not all pairs: side by side come blocks of like height,
one on the other blocks of like length, from lists kept by height and by length.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sundry.engines.packing.bearing import NOTHING, PRESSURE_MAX_KG_M2, UNLIMITED, top_strength
from sundry.engines.packing.jit import entry, kernel
from sundry.engines.packing.shapes import TOP_COLUMN, TOP_PRESSURE, TOP_STRENGTH, TOP_X, TOP_Y, Amounts, Lengths

# Arithmetic modulo a prime below 2**61: sums and products stay inside 63 bits, so plain numpy never overflows.
KEY_PRIME = 2_305_843_009_213_693_951
LENGTH_KEYS = np.array([4_398_042_316_799, 7_330_070_527_997, 9_895_604_649_983], np.int64)
STRENGTH_KEY = np.int64(1_073_741_789)

UPRIGHT = 2
LIKE = 0.85  # lengths at least this close are alike; joining others wastes too much
EXACT = 1.0  # where nothing may be wasted


class Pile(NamedTuple):
    """The blocks, one row each, and what limits them."""

    room: Lengths  # [3]
    quantity: Lengths  # [types]
    size: Lengths  # [capacity, 3]
    top: Lengths  # [capacity, 5] as in Blocks
    volume: Amounts  # [capacity] of the cartons
    cartons: Lengths  # [capacity]
    contents: Any  # [capacity, types] int16
    content_key: Any  # [capacity] int64, equal for equal contents
    made_of: Lengths  # [capacity, 3] first block, second block, axis: the second lies behind or on the first
    table: Any  # [a power of two] int64: the keys of all blocks so far, 0 where free


class Lists(NamedTuple):
    """The blocks of each length along one axis, in the order of their numbers; -1 ends a list."""

    first: Lengths  # [room + 1]
    last: Lengths  # [room + 1]
    following: Lengths  # [capacity]


@entry
def join(pile, full_support, fill_min, count):
    """Join blocks, round after round, until nothing new comes or the pile is full; the number of blocks.

    The first `count` rows hold the blocks of one type.
    """
    capacity = pile.size.shape[0]
    like = EXACT if fill_min >= EXACT else LIKE
    by_length = _lists(pile.room[0], capacity)
    by_height = _lists(pile.room[2], capacity)
    joined = np.zeros(3, np.int32)
    joined_top = np.zeros(5, np.int32)
    for i in range(count):
        _is_new(pile.table, _key(pile.content_key[i], pile.size[i], pile.top[i, TOP_STRENGTH]))
    round_start = 0
    while round_start < count:
        round_end = count
        for i in range(round_start, round_end):
            _append(by_length, pile.size[i, 0], i)
            _append(by_height, pile.size[i, 2], i)
        for i in range(round_start, round_end):
            height = pile.size[i, 2]
            least, most = (height, height) if full_support else _alike(height, like, pile.room[2])
            for candidate in range(least, most + 1):
                j = by_height.first[candidate]
                # Each pair once: with all older blocks, and with those of this round up to itself.
                while 0 <= j <= i:
                    for axis in range(2):
                        if _are_alike(pile.size[i, 1 - axis], pile.size[j, 1 - axis], like):
                            count = _join_two(pile, full_support, fill_min, i, j, axis, joined, joined_top, count)
                    j = by_height.following[j]
            least, most = _alike(pile.size[i, 0], like, pile.room[0])
            for candidate in range(least, most + 1):
                j = by_length.first[candidate]
                while 0 <= j <= i:
                    if _are_alike(pile.size[i, 1], pile.size[j, 1], like):
                        count = _join_two(pile, full_support, fill_min, i, j, UPRIGHT, joined, joined_top, count)
                    j = by_length.following[j]
            if count == capacity:
                return count
        round_start = round_end
    return count


@kernel
def _lists(room, capacity):
    return Lists(np.full(room + 1, -1, np.int32), np.full(room + 1, -1, np.int32), np.full(capacity, -1, np.int32))


@kernel
def _append(lists, length, block):
    if lists.last[length] < 0:
        lists.first[length] = block
    else:
        lists.following[lists.last[length]] = block
    lists.last[length] = block


@kernel
def _alike(length, like, room):
    """The least and the greatest length alike."""
    return int(length * like), min(room, int(length / like))


@kernel
def _are_alike(one, other, like):
    return one >= other * like and other >= one * like


@kernel
def _join_two(pile, full_support, fill_min, i, j, axis, joined, joined_top, count):
    """Append the two joined along the axis if that makes a new block that is worth it; the new count."""
    size = pile.size
    if count == size.shape[0] or size[i, axis] + size[j, axis] > pile.room[axis]:
        return count
    first, second = _arranged(full_support, pile, i, j, axis, joined_top)
    if first < 0:
        return count
    for k in range(3):
        joined[k] = max(size[i, k], size[j, k])
    joined[axis] = size[i, axis] + size[j, axis]
    filled = pile.volume[i] + pile.volume[j]
    if filled < fill_min * joined[0] * joined[1] * joined[2]:
        return count
    for k in range(pile.quantity.shape[0]):
        if pile.contents[i, k] + pile.contents[j, k] > pile.quantity[k]:
            return count
    content_key = (pile.content_key[i] + pile.content_key[j]) % KEY_PRIME
    if not _is_new(pile.table, _key(content_key, joined, joined_top[TOP_STRENGTH])):
        return count
    pile.size[count] = joined
    pile.top[count] = joined_top
    pile.volume[count] = filled
    pile.cartons[count] = pile.cartons[i] + pile.cartons[j]
    pile.contents[count] = pile.contents[i] + pile.contents[j]
    pile.content_key[count] = content_key
    pile.made_of[count, 0] = first
    pile.made_of[count, 1] = second
    pile.made_of[count, 2] = axis
    return count + 1


@kernel
def _arranged(full_support, pile, i, j, axis, joined_top):
    """(first, second) when support and bearing allow the joint, its top in `joined_top`; else (-1, -1)."""
    size = pile.size
    top = pile.top
    if not full_support:
        joined_top[TOP_STRENGTH] = UNLIMITED
        return i, j
    if axis == UPRIGHT:
        on_i = _strength_stacked(pile, i, j)
        on_j = _strength_stacked(pile, j, i)
        if on_i < NOTHING and on_j < NOTHING:
            return -1, -1
        lower, upper = (i, j) if on_i >= on_j else (j, i)
        joined_top[:] = top[upper]
        joined_top[TOP_PRESSURE] = min(PRESSURE_MAX_KG_M2, top[i, TOP_PRESSURE] + top[j, TOP_PRESSURE])
        joined_top[TOP_STRENGTH] = max(on_i, on_j)
        joined_top[TOP_COLUMN] = top[lower, TOP_COLUMN]
        return lower, upper
    if size[i, UPRIGHT] != size[j, UPRIGHT] or top[i, axis] != size[i, axis] or top[j, axis] != size[j, axis]:
        return -1, -1
    joined_top[axis] = size[i, axis] + size[j, axis]
    joined_top[1 - axis] = min(top[i, 1 - axis], top[j, 1 - axis])
    joined_top[TOP_PRESSURE] = max(top[i, TOP_PRESSURE], top[j, TOP_PRESSURE])
    joined_top[TOP_STRENGTH] = min(top[i, TOP_STRENGTH], top[j, TOP_STRENGTH])
    joined_top[TOP_COLUMN] = 0
    return i, j


@kernel
def _strength_stacked(pile, lower, upper):
    """The strength of the top of one block on the other; below NOTHING where the lower one does not carry it."""
    top = pile.top
    pressure = top[upper, TOP_PRESSURE]
    strength = top[lower, TOP_STRENGTH]
    if top[lower, TOP_X] < pile.size[upper, 0] or top[lower, TOP_Y] < pile.size[upper, 1] or pressure > strength:
        return NOTHING - 1
    return top_strength(top[upper, TOP_STRENGTH], pressure, strength)


@kernel
def _key(content_key, size, strength):
    """Equal for equal cartons in equal cuboids that carry the same; never 0, which marks a free slot."""
    key = (content_key + (strength * STRENGTH_KEY) % KEY_PRIME) % KEY_PRIME
    for k in range(3):
        key = (key + (size[k] * LENGTH_KEYS[k]) % KEY_PRIME) % KEY_PRIME
    return key + 1


@kernel
def _is_new(table, key):
    """Note the key; True when it was not there."""
    mask = table.shape[0] - 1
    slot = (key ^ (key >> 29)) & mask
    while table[slot] != 0:
        if table[slot] == key:
            return False
        slot = (slot + 1) & mask
    table[slot] = key
    return True
