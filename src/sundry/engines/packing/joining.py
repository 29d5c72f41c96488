# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Blocks are joined to larger blocks: along x, along y, or one on top of the other.

Two blocks that together waste little of the cuboid around them are worth placing as one. With full support they are
joined side by side only when equally high, with tops that carry up to the seam, and stacked only when the lower top
carries the whole upper base. Two ways to the same cuboid of the same cartons count once.
"""

from __future__ import annotations

import numpy as np

from sundry.engines.packing.jit import entry, kernel

# Arithmetic modulo a prime below 2**61: sums and products stay inside 63 bits, so plain numpy never overflows.
KEY_PRIME = 2_305_843_009_213_693_951
LENGTH_KEYS = (4_398_042_316_799, 7_330_070_527_997, 9_895_604_649_983)

LENGTHWISE, ACROSS, UPRIGHT = range(3)


@entry
def join(room, quantity, full_support, fill_min, size, top, volume, cartons, contents, content_key, made_of, count):
    """Join blocks, round after round, until nothing new comes or the arrays are full; (blocks, rounds completed).

    The first `count` rows hold the single-type blocks. Rows: size[3], top[2], volume of the cartons, cartons, contents
    [types], content_key, made_of (first block, second block, axis; the second lies behind or on the first).
    """
    capacity = size.shape[0]
    table = np.zeros(_table_size(capacity), np.int64)
    for i in range(count):
        _is_new(table, _key(content_key[i], size[i, 0], size[i, 1], size[i, 2]))
    joined = np.zeros(3, np.int32)
    joined_top = np.zeros(2, np.int32)
    rounds = 0
    round_start = 0
    while round_start < count:
        round_end = count
        for i in range(round_start, round_end):
            # Each pair once: with all older blocks, and with those of this round up to itself.
            for j in range(i + 1):
                for axis in range(3):
                    first, second = _fit(room, full_support, size, top, i, j, axis, joined, joined_top)
                    if first < 0:
                        continue
                    filled = volume[i] + volume[j]
                    if filled < fill_min * joined[0] * joined[1] * joined[2]:
                        continue
                    if not _is_enough(quantity, contents[i], contents[j]):
                        break  # along no axis
                    key = (content_key[i] + content_key[j]) % KEY_PRIME
                    if not _is_new(table, _key(key, joined[0], joined[1], joined[2])):
                        continue
                    if count == capacity:
                        return count, rounds
                    size[count] = joined
                    top[count] = joined_top
                    volume[count] = filled
                    cartons[count] = cartons[i] + cartons[j]
                    contents[count] = contents[i] + contents[j]
                    content_key[count] = key
                    made_of[count, 0] = first
                    made_of[count, 1] = second
                    made_of[count, 2] = axis
                    count += 1
        rounds += 1
        round_start = round_end
    return count, rounds


@kernel
def _fit(room, full_support, size, top, i, j, axis, joined, joined_top):
    """(first, second) when the two can be joined along the axis, their cuboid written to `joined`; else (-1, -1)."""
    if size[i, axis] + size[j, axis] > room[axis]:
        return -1, -1
    first = i
    second = j
    if full_support:
        if axis == UPRIGHT:
            if not (top[i, 0] >= size[j, 0] and top[i, 1] >= size[j, 1]):
                first = j
                second = i
                if not (top[j, 0] >= size[i, 0] and top[j, 1] >= size[i, 1]):
                    return -1, -1
            joined_top[0] = top[second, 0]
            joined_top[1] = top[second, 1]
        else:
            if size[i, 2] != size[j, 2] or top[i, axis] != size[i, axis] or top[j, axis] != size[j, axis]:
                return -1, -1
            other = 1 - axis
            joined_top[axis] = size[i, axis] + size[j, axis]
            joined_top[other] = min(top[i, other], top[j, other])
    for k in range(3):
        joined[k] = max(size[i, k], size[j, k])
    joined[axis] = size[i, axis] + size[j, axis]
    return first, second


@kernel
def _is_enough(quantity, contents, more):
    for k in range(quantity.shape[0]):  # noqa: SIM110 - a generator inside all() is slow where it compiles at all
        if contents[k] + more[k] > quantity[k]:
            return False
    return True


@kernel
def _key(content_key, dx, dy, dz):
    """Equal for equal cartons in equal cuboids; never 0, which marks a free slot."""
    key = content_key
    key += (dx * LENGTH_KEYS[0]) % KEY_PRIME
    key %= KEY_PRIME
    key += (dy * LENGTH_KEYS[1]) % KEY_PRIME
    key %= KEY_PRIME
    key += (dz * LENGTH_KEYS[2]) % KEY_PRIME
    return key % KEY_PRIME + 1


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


@kernel
def _table_size(capacity):
    """A power of two that leaves most of the table free."""
    slots = 1024
    while slots < 8 * capacity:
        slots *= 2
    return slots
