"""Whether a book is one that we wrote (formats/quotation_sheet.py), and which row is which line.

Problem: our sheet comes back sorted, with columns between ours, saved by another program. Therefore the two hidden
columns are known by their headers wherever they stand, and the hidden sheet by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sundry.goods.orders.formats.grid import Grid
from sundry.goods.orders.formats.quotation_sheet import HASH_HEADER, LINE_HEADER, OWN_SHEET
from sundry.goods.orders.reading.cells import show
from sundry.goods.orders.rules import OwnSheet

_HEAD_ROWS: Final = 60
_CELL_MAX: Final = 80
_NUMBER_DIGITS: Final = 18


def own_sheet(grids: Sequence[Grid]) -> OwnSheet | None:
    """None: it is not ours."""
    for grid in grids:
        places = _header(grid)
        if LINE_HEADER in places and not grid.hidden:
            order, lines = _told(grids)
            return OwnSheet(grid.name, order, lines, _marks(grid, places))
    return None


def _header(grid: Grid) -> dict[str, tuple[int, int]]:
    """Header -> (row, column)."""
    return {
        text: (row, column)
        for row in sorted(grid.cells)[:_HEAD_ROWS]
        for column, cell in grid.cells[row].items()
        if (text := show(cell)) in (LINE_HEADER, HASH_HEADER)
    }


def _marks(grid: Grid, places: dict[str, tuple[int, int]]) -> dict[int, tuple[str, str]]:
    head, of_line = places[LINE_HEADER]
    _, of_hash = places.get(HASH_HEADER, (0, -1))
    return {
        row: (line, show(cells.get(of_hash))[:_CELL_MAX])
        for row, cells in sorted(grid.cells.items())
        if row > head and (line := show(cells.get(of_line))[:_CELL_MAX])
    }


def _told(grids: Sequence[Grid]) -> tuple[int, tuple[str, ...]]:
    order, lines = 0, []
    for grid in grids:
        if grid.name != OWN_SHEET:
            continue
        for _, cells in sorted(grid.cells.items()):
            kind, value = show(cells.get(0)), show(cells.get(1))
            if kind == "order" and value.isascii() and value.isdigit() and len(value) <= _NUMBER_DIGITS:
                order = int(value)
            elif kind == "line":
                lines.append(value[:_CELL_MAX])
    return order, tuple(lines)
