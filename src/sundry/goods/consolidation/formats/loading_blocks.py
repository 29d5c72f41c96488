"""The cartons of a step as blocks: what a drawing on paper frames, counts and names.

Problem: a picture of 40 cartons is 40 frames with 40 names, though a crew loads "these twelve here".

Worked case: a step of 31 cartons, 30 of one line side by side in three columns and two rows, five high, and one lying
on top: two blocks, `A1` of 3 x 2 x 5 cartons, and `A2` of one.

Therefore the cartons of a step that stand alike and fill a regular grid become one block, which carries the key of its
line: A1, A2 ... A9, B1 ... in the order in which lines first come in. Every carton is in exactly one block of one step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from sundry.goods.consolidation.formats.loading_steps import steps_of
from sundry.goods.consolidation.rules import Placement

Position = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """Equal cartons of one line in a full grid: `counts` along x, y, z from the corner (x, y, z)."""

    line: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int
    counts: Position

    @property
    def cartons(self) -> int:
        return self.counts[0] * self.counts[1] * self.counts[2]

    def placements(self) -> Iterator[Placement]:
        along_x, along_y, along_z = (range(count) for count in self.counts)
        for i in along_x:
            for j in along_y:
                for k in along_z:
                    corner = (self.x + i * self.dx, self.y + j * self.dy, self.z + k * self.dz)
                    yield Placement(self.line, *corner, self.dx, self.dy, self.dz)


def keys_of(placements: Iterable[Placement]) -> dict[int, str]:
    """Line -> key, in the order in which lines first come in: A1 ... A9, B1 ... Z9, AA1 ..."""
    return {line: _key(number) for number, line in enumerate(dict.fromkeys(p.line for p in placements))}


def _key(number: int) -> str:
    row, column = divmod(number, 9)
    letters = ""
    while row >= 0:
        row, letter = divmod(row, 26)
        letters = chr(ord("A") + letter) + letters
        row -= 1
    return f"{letters}{column + 1}"


def steps_in_blocks(placements: Sequence[Placement]) -> list[list[Block]]:
    """The blocks of every step, in loading order: together exactly `placements`."""
    return [blocks_of(placements[step.start : step.stop]) for step in steps_of(placements)]


def blocks_of(placements: Sequence[Placement]) -> list[Block]:
    """`placements` as few blocks, greedily, in the order of the first carton of each."""
    corners: dict[tuple[int, ...], dict[Position, int]] = defaultdict(dict)
    for order, p in enumerate(placements):
        corners[p.line, p.dx, p.dy, p.dz][p.x, p.y, p.z] = order
    found: list[tuple[int, Block]] = []
    for (line, *size), left in corners.items():
        while left:
            first = min(left)
            counts = max((_grown(left, first, size, axes) for axes in permutations(range(3))), key=_product)
            block = Block(line, *first, size[0], size[1], size[2], counts)
            found.append((min(left.pop((p.x, p.y, p.z)) for p in block.placements()), block))
    return [block for _, block in sorted(found, key=lambda entry: entry[0])]


def _grown(left: Mapping[Position, int], first: Position, size: Sequence[int], axes: Iterable[int]) -> Position:
    """How many cartons along x, y, z a block from `first` takes when it grows along `axes` one after the other."""
    counts = [1, 1, 1]
    face = [first]
    for axis in axes:
        step = [0, 0, 0]
        added = face
        while True:
            step[axis] += size[axis]
            following = [(x + step[0], y + step[1], z + step[2]) for x, y, z in face]
            if not all(corner in left for corner in following):
                break
            added = added + following
            counts[axis] += 1
        face = added
    return counts[0], counts[1], counts[2]


def _product(counts: Position) -> int:
    return counts[0] * counts[1] * counts[2]
