"""The transfers of an event as a picture: accounts side by side, and below them one arrow a transfer.

Problem: an escrow, a fee and a currency exchange move between five accounts, and a table of them tells nobody what
went where; drawn as a free graph, arrows cross and amounts hide each other. Therefore each account is a column, as in
a sequence diagram, and each transfer a row: no two arrows meet, whatever moves, and the order is read from above.

    payer          escrow         stall
    [ --- ]        [ --- ]        [ --- ]
      | --- 1,000 --> |              |          posted
      |               | --- 950 - -> |          promised: dashed

In a language that is written from right to left the first account stands on the right. Pure: numbers in, numbers out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sundry.base.ledger.rules import Kind

COLUMN: Final = 190  # from one account to the next, in units of the drawing
BOX_WIDTH: Final = 166
BOX_HEIGHT: Final = 62
ROW: Final = 58
MARGIN: Final = 36  # at the side, for the number of a transfer
HEAD: Final = 9  # length of an arrow's head

ACCOUNTS_MAX: Final = 8
ARROWS_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Flow:
    """A transfer to be drawn: the `number` by which a reader knows it, the keys of the columns it goes between."""

    number: int
    giver: str
    taker: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Box:
    """An account. `x`, `y`: of its upper left corner; `middle`: of its column."""

    key: str
    x: int
    y: int
    middle: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transfer: a line at the height `y` from `start` to `end`, and the three points of its head; its amount stands
    above it in the `middle`, its number beside it."""

    flow: Flow
    y: int
    start: int
    end: int
    head: str
    middle: int
    amount_y: int
    dashed: bool
    number_x: int
    number_y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything at its place. `left_out`: transfers for which there was no room."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(flows: Sequence[Flow], *, right_to_left: bool = False) -> Picture:
    """The first transfers between the first accounts, as many as a reader takes in at a glance."""
    keys: list[str] = []
    drawn: list[Flow] = []
    for flow in flows[:ARROWS_MAX]:
        new = [key for key in dict.fromkeys((flow.giver, flow.taker)) if key not in keys]
        if len(keys) + len(new) > ACCOUNTS_MAX:
            break
        keys += new
        drawn.append(flow)
    width = 2 * MARGIN + len(keys) * COLUMN

    def across(x: int) -> int:
        return width - x if right_to_left else x

    middles = {key: across(MARGIN + COLUMN // 2 + place * COLUMN) for place, key in enumerate(keys)}
    boxes = tuple(Box(key, middle - BOX_WIDTH // 2, 1, middle) for key, middle in middles.items())
    arrows = tuple(
        _arrow(flow, BOX_HEIGHT + ROW * (row + 1) - 12, middles, across(MARGIN // 2)) for row, flow in enumerate(drawn)
    )
    height = BOX_HEIGHT + ROW * len(drawn) + 20
    return Picture(width, height, boxes, arrows, len(flows) - len(drawn))


def _arrow(flow: Flow, y: int, middles: dict[str, int], number_x: int) -> Arrow:
    start, end = middles[flow.giver], middles[flow.taker]
    back = -HEAD if end > start else HEAD
    points = ((end, y), (end + back, y - HEAD // 2), (end + back, y + HEAD // 2))
    dashed = flow.kind in (Kind.PENDING, Kind.VOID, Kind.EXPIRE)  # nothing has arrived by it
    return Arrow(flow, y, start, end + back, _points(points), (start + end) // 2, y - 10, dashed, number_x, y + 5)


def _points(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
