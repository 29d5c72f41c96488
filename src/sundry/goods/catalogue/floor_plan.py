"""A floor of a hall as a drawing: its streets one below the other, booths on both sides of each.

Problem: a buyer with a phone looks for booth 1205 of street C, and nobody has measured the hall. What is known of a
booth is its street and its number, and that odd and even numbers face each other across the way. Therefore a plan is
drawn from that alone: a way for each street, odd booths above it and even ones below, in the order of their numbers. It
says where to turn, not how many steps it is; that there is no scale is said beside it.

    street C        1201 1203 1205
                    ---- way -----
                    1202 1204

A street that is longer than the drawing is wide goes on in the next line. Lengths are units of the drawing; it is
`WIDTH` wide, a booth is large enough to be pressed on a desk, and the list beside it serves fingers and readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sundry.goods.catalogue.rules import StallCard

WIDTH: Final = 360
CELL: Final = 15  # of a booth with its wall
BOOTH: Final = 14
WAY: Final = 10
LABEL: Final = 30  # where the name of the street stands
GAP: Final = 12  # between two streets
ACROSS: Final = (WIDTH - LABEL) // CELL

_NUMBER: Final = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class Booth:
    """`x`, `y`: its upper corner, from where the drawing begins."""

    stall: StallCard
    x: int
    y: int
    is_here: bool = False  # the one that was asked for

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + BOOTH // 2, self.y + BOOTH // 2


@dataclass(frozen=True, slots=True)
class Way:
    """A street, or a line of it. `name` "": it goes on from the line above."""

    name: str
    y: int
    length: int


@dataclass(frozen=True, slots=True)
class Plan:
    ways: tuple[Way, ...]
    booths: tuple[Booth, ...]
    height: int
    width: int = WIDTH


def plan(stalls: Iterable[StallCard], *, here: int | None = None) -> Plan:
    """A drawing of the stalls of one floor. `here`: the number of the stall that is marked."""
    ways: list[Way] = []
    booths: list[Booth] = []
    y = 0
    for street, of_street in groupby(sorted(stalls, key=_order), key=lambda stall: stall.place.street):
        for count, line in enumerate(_lines(list(of_street))):
            ways.append(Way("" if count else street, y + CELL, max(map(len, line)) * CELL))
            for side, row in enumerate(line):
                top = y + side * (CELL + WAY)
                booths += [
                    Booth(stall, LABEL + place * CELL, top, stall.number == here) for place, stall in enumerate(row)
                ]
            y += 2 * CELL + WAY + GAP
    return Plan(tuple(ways), tuple(booths), max(y - GAP, 0))


def _order(stall: StallCard) -> tuple[str, int, str]:
    return stall.place.street, _number(stall), stall.place.booth


def _number(stall: StallCard) -> int:
    """Of the booth: the last digits of its name; 0 where it has none."""
    found = _NUMBER.search(stall.place.booth)
    return int(found[1]) if found else 0


def _lines(stalls: Sequence[StallCard]) -> list[tuple[Sequence[StallCard], Sequence[StallCard]]]:
    """Both sides of a street, cut into lines that the drawing is wide enough for."""
    odd = [stall for stall in stalls if _number(stall) % 2]
    even = [stall for stall in stalls if not _number(stall) % 2]
    longest = max(len(odd), len(even))
    return [(odd[start : start + ACROSS], even[start : start + ACROSS]) for start in range(0, longest, ACROSS)]
