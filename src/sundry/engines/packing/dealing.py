"""Places are dealt out to the lines: the search knows only kinds, the agent knows whose cartons they are.

Lines whose cartons can stand for each other share their kind's places. The places come in loading order, and one line
after the other takes its cartons from them, so a line lies together from the deep end to the door. Lines that can be
loaded whole come first; at most one line of a kind is split.
"""

from __future__ import annotations

from collections.abc import Sequence

from sundry.engines.packing.cargo import Kind
from sundry.engines.packing.rules import Placed


def deal(placements: Sequence[Placed], kinds: Sequence[Kind], quantities: Sequence[int]) -> tuple[Placed, ...]:
    """The same cartons in the same order, `type` now the line's number. `quantities`: what each line may still load."""
    places = [0] * len(kinds)
    for placed in placements:
        places[placed.type] += 1
    lines = [iter(owners(kind.members, count, quantities)) for kind, count in zip(kinds, places, strict=True)]
    return tuple(placed._replace(type=next(lines[placed.type])) for placed in placements)


def owners(members: Sequence[int], places: int, quantities: Sequence[int]) -> list[int]:
    """Which of the lines `members` has the first, second, ... of so many places. `quantities`: what each may load."""
    shares = []
    left = places
    # The largest line that still fits whole, again and again; what is left over goes to the smallest of the others.
    waiting = sorted((member for member in members if quantities[member]), key=lambda m: (-quantities[m], m))
    for member in list(waiting):
        if quantities[member] <= left:
            shares.append((member, quantities[member]))
            left -= quantities[member]
            waiting.remove(member)
    if left:
        shares.append((waiting[-1], left))
    return [member for member, count in sorted(shares) for _ in range(count)]
