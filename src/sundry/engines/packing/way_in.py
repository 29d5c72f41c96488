"""Can a crew bring the cartons in in this order? For the checker.

Problem: ten thousand cartons are fifty million pairs, and a crew's way in is a matter of pairs: whoever begins where a
carton ends, or nearer to the door, and overlaps its cross-section, must come later.

Therefore the cartons that stand already are kept by squares of the cross-section, in each square by where they begin.
In a good order hardly any square of a carton holds one that begins beyond its end, so that the work grows with the
number of cartons and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from sundry.engines.packing.rules import Placed

SQUARES_MAX = 64  # across one carton


def blocked(placements: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    """Pairs (j, k): j is placed before k and stands in its way from the door."""
    edges = [edge for p in placements for edge in (p.dy, p.dz)] or [1]
    square = max(1, sum(edges) // len(edges), max(edges) // SQUARES_MAX)
    columns: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for k, p in enumerate(placements):
        squares = list(_squares(p, square))
        nearer = {j for at in squares for _, j in columns[at][bisect_left(columns[at], (p.x + p.dx, -1)) :]}
        yield from ((j, k) for j in sorted(nearer) if _is_abreast(p, placements[j]))
        for at in squares:
            insort(columns[at], (p.x, k))


def _squares(p: Placed, square: int) -> Iterator[tuple[int, int]]:
    """The squares of the cross-section that a carton touches."""
    across = range(p.y // square, (p.y + p.dy - 1) // square + 1)
    return product(across, range(p.z // square, (p.z + p.dz - 1) // square + 1))


def _is_abreast(p: Placed, q: Placed) -> bool:
    """Whether the cross-sections overlap, seen from the door."""
    return p.y < q.y + q.dy and q.y < p.y + p.dy and p.z < q.z + q.dz and q.z < p.z + p.dz
