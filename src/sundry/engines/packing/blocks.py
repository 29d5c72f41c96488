"""Blocks: cuboids of one or several cartons that are placed as one.

Problem: 1,500 cartons placed one by one are 1,500 decisions, and a beam that looks a few steps ahead sees nothing.
Therefore the search places blocks. First come blocks of one type, nx by ny by nz cartons all standing alike; from these
the kernel (joining.py) joins ever larger ones that waste little. Both are limited in number: for many types or large
quantities the single-type counts are thinned out, and joining stops at `blocks_max`.

    4 cartons 40 x 30 x 20 give, lying one way: 1, 2, 3, 4 in a row along each axis, and 2 x 2 in each plane.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.bearing import column, column_max
from sundry.engines.packing.cargo import Kind
from sundry.engines.packing.joining import KEY_PRIME, Pile, join
from sundry.engines.packing.rules import Orientation, Placed
from sundry.engines.packing.shapes import PLACES, Blocks

BLOCKS_MAX = 5_000
SINGLE_TYPE_SHARE = 0.4  # of the blocks, the rest is for joined ones
# (kinds up to, least fill of a joined block): few kinds have enough exact joints; of very many kinds, pairs that fill
# less than this would use up all blocks, sooner still where they need not carry each other.
FILL_MIN = ((20, 1.0), (150, 0.97), (1 << 30, 0.99))
FILL_MIN_HANGING = ((20, 1.0), (150, 0.98), (1 << 30, 0.99))
TIERS = 8
CARTONS_EXPONENT = 0.2  # a block of many cartons spends many small ones, which are wanted later


class SingleType(NamedTuple):
    """counts[k] cartons along axis k, all standing as `orientation`."""

    kind: int
    orientation: Orientation
    counts: tuple[int, int, int]

    @property
    def size(self) -> Orientation:
        nx, ny, nz = self.counts
        dx, dy, dz = self.orientation
        return nx * dx, ny * dy, nz * dz

    @property
    def cartons(self) -> int:
        return self.counts[0] * self.counts[1] * self.counts[2]


@dataclass(frozen=True, slots=True)
class BlockSet:
    """The arrays for the kernels, in their order, and how to take a block apart again."""

    arrays: Blocks
    number: NDArray[np.int64]  # [blocks] the number before sorting, to which the two below refer
    singles: tuple[SingleType, ...]
    made_of: NDArray[np.int32]  # [blocks, 3] first, second, axis
    size: NDArray[np.int32]

    def cartons(self, block: int, x: int, y: int, z: int) -> Iterator[Placed]:
        """The cartons of a block whose corner stands at (x, y, z); `type` is the kind's number."""
        waiting = [(int(self.number[block]), (x, y, z))]
        while waiting:
            number, corner = waiting.pop()
            if number < len(self.singles):
                single = self.singles[number]
                for steps in product(*map(range, single.counts)):
                    x0, y0, z0 = (c + s * d for c, s, d in zip(corner, steps, single.orientation, strict=True))
                    yield Placed(single.kind, x0, y0, z0, *single.orientation)
            else:
                first, second, axis = (int(value) for value in self.made_of[number])
                waiting.append((first, corner))
                behind = list(corner)
                behind[axis] += int(self.size[first, axis])
                waiting.append((second, (behind[0], behind[1], behind[2])))


def build_blocks(
    room: Orientation,
    kinds: Sequence[Kind],
    *,
    full_support: bool,
    values: Sequence[float],
    fill_min: float | None = None,
    blocks_max: int = BLOCKS_MAX,
) -> BlockSet:
    """Blocks for a container of these inside measures. `values`: what one carton of each kind is worth.

    `fill_min`: the least share of a joined block that cartons fill; None chooses by the number of kinds.
    """
    singles = single_types(room, kinds, blocks_max)
    # The cap never cuts into the single cartons: without them a type could not be loaded at all.
    capacity = max(blocks_max, len(singles))
    if fill_min is None:
        steps = FILL_MIN if full_support else FILL_MIN_HANGING
        fill_min = next(fill for kinds_max, fill in steps if len(kinds) <= kinds_max)
    return _Joined(room, kinds, singles, capacity, full_support, fill_min).block_set(values)


class _Joined:
    """Blocks joined under one `fill_min`."""

    def __init__(
        self,
        room: Orientation,
        kinds: Sequence[Kind],
        singles: Sequence[SingleType],
        capacity: int,
        full_support: bool,
        fill_min: float,
    ) -> None:
        self.kinds = kinds
        self.singles = tuple(singles)
        self.pile = Pile(
            room=np.array(room, np.int32),
            quantity=np.array([kind.quantity for kind in kinds], np.int32),
            size=np.zeros((capacity, 3), np.int32),
            top=np.zeros((capacity, 5), np.int32),
            volume=np.zeros(capacity, np.float64),
            cartons=np.zeros(capacity, np.int32),
            contents=np.zeros((capacity, len(kinds)), np.int16),
            content_key=np.zeros(capacity, np.int64),
            made_of=np.zeros((capacity, 3), np.int32),
            table=np.zeros(1 << (8 * capacity).bit_length(), np.int64),
        )
        self._lay_out_singles()
        self.count = join(self.pile, full_support, float(fill_min), len(self.singles))

    def _lay_out_singles(self) -> None:
        kind_key = np.random.default_rng(1).integers(1, KEY_PRIME, len(self.kinds))
        for row, single in enumerate(self.singles):
            self.pile.size[row] = single.size
            nx, ny, nz = single.counts
            bearing = column(self.kinds[single.kind], single.orientation, nz)
            self.pile.top[row] = (*single.size[:2], *bearing, nx * ny == 1)
            self.pile.volume[row] = float(self.kinds[single.kind].volume_mm3) * single.cartons
            self.pile.cartons[row] = single.cartons
            self.pile.contents[row, single.kind] = single.cartons
            self.pile.content_key[row] = int(kind_key[single.kind]) * single.cartons % KEY_PRIME

    def block_set(self, values: Sequence[float]) -> BlockSet:
        """Sorted, with the parts of each block as lists: the table of contents is nearly all zeros."""
        block, kind = np.nonzero(self.pile.contents[: self.count])
        quantity = self.pile.contents[block, kind]
        value = self._summed(block, quantity * np.array(values, np.float64)[kind])
        weight_g = self._summed(block, quantity * np.array([k.weight_g for k in self.kinds], np.float64)[kind])
        rank = value * self.pile.cartons[: self.count].astype(np.float64) ** -CARTONS_EXPONENT
        size = self.pile.size[: self.count]
        tier = _tiers(size[:, 2])
        order = np.lexsort((-rank, tier))
        parts = np.bincount(block, minlength=self.count)[order]
        part_start = np.concatenate(([0], np.cumsum(parts)))
        # Where the parts of the first block in order begin among all parts, then those of the second, ...
        begin = np.searchsorted(block, order) - part_start[:-1]
        part = np.repeat(begin, parts) + np.arange(len(block))
        part_type, part_quantity = kind[part], quantity[part]
        use = np.lexsort((-part_quantity, part_type))
        used_in = np.repeat(np.arange(self.count), parts)
        arrays = Blocks(
            size=np.ascontiguousarray(size[order]),
            packed=size[order].astype(np.int64) @ np.array(PLACES, np.int64),
            tier=_tier_rows(tier[order], size[order, 2]),
            top=np.ascontiguousarray(self.pile.top[order]),
            value=value[order],
            weight_g=weight_g[order],
            rank=rank[order],
            face=_faces(size[order]),
            use_start=np.searchsorted(part_type[use], np.arange(len(self.kinds) + 1)).astype(np.int32),
            use=np.ascontiguousarray(np.stack([used_in[use], part_quantity[use]], axis=1).astype(np.int32)),
            part_start=part_start.astype(np.int32),
            part_type=part_type.astype(np.int32),
            part_quantity=part_quantity.astype(np.int32),
        )
        return BlockSet(arrays, order, self.singles, self.pile.made_of[: self.count], size)

    def _summed(self, block: NDArray[np.int64], amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """The amounts of the parts summed over each block."""
        return np.bincount(block, amounts, self.count).astype(np.float64)


def _tiers(height: NDArray[np.int32]) -> NDArray[np.int64]:
    """The tier of each block, rising with its height: blocks of one height are in one, and each has about as many."""
    _, inverse, counts = np.unique(height, return_inverse=True, return_counts=True)
    return ((np.cumsum(counts) - counts) * TIERS // len(height))[inverse]


def _tier_rows(tier: NDArray[np.int64], height: NDArray[np.int32]) -> NDArray[np.int32]:
    """Blocks.tier for blocks in the order of their tiers."""
    bounds = np.flatnonzero(np.r_[True, np.diff(tier) > 0, True])
    rows = [(a, b, height[a:b].min(), height[a:b].max()) for a, b in pairwise(bounds)]
    return np.array(rows, np.int32)


def _faces(size: NDArray[np.int32]) -> NDArray[np.float64]:
    """Blocks.face."""
    length, width, height = size.astype(np.float64).T
    sides = np.stack([width * height, length * height, length * width], axis=1)
    return np.ascontiguousarray(sides / (2.0 * sides.sum(axis=1, keepdims=True)))


def single_types(room: Orientation, kinds: Sequence[Kind], blocks_max: int) -> list[SingleType]:
    """Every single carton in every orientation, and blocks of one type as far as the share of blocks allows.

    Too many of them: the counts along an axis are thinned out evenly first, then the largest blocks are kept.
    """
    share = int(SINGLE_TYPE_SHARE * blocks_max)
    counts_max = 1 << 20
    found = _counted(room, kinds, counts_max, 2 * share)
    while len(found) > share and counts_max > 3:
        counts_max = max(3, min(counts_max, 128) // 2)
        found = _counted(room, kinds, counts_max, 2 * share)
    single = [block for block in found if block.cartons == 1]
    several = [block for block in found if block.cartons > 1]
    several.sort(key=lambda block: -kinds[block.kind].volume_mm3 * block.cartons)
    return single + several[: max(0, share - len(single))]


def _counted(room: Orientation, kinds: Sequence[Kind], counts_max: int, enough: int) -> list[SingleType]:
    """All blocks with at most `counts_max` different counts an axis; cut short after `enough` unless thinned out."""
    found = []
    for number, kind in enumerate(kinds):
        for way in kind.orientations:
            most = [min(inside // edge, kind.quantity) for inside, edge in zip(room, way, strict=True)]
            most[2] = min(most[2], column_max(kind, way))
            axes = [_spread(count, counts_max) for count in most]
            for nx in axes[0]:
                for ny in axes[1]:
                    if nx * ny > kind.quantity:
                        break
                    for nz in axes[2]:
                        if nx * ny * nz > kind.quantity:
                            break
                        found.append(SingleType(number, way, (nx, ny, nz)))
            if len(found) > enough and counts_max > 3:
                return found
    return found


def _spread(most: int, counts_max: int) -> list[int]:
    """Up to `counts_max` counts from 1 to `most`, both among them."""
    if most <= counts_max:
        return list(range(1, most + 1))
    return sorted({1 + (most - 1) * k // (counts_max - 1) for k in range(counts_max)})
