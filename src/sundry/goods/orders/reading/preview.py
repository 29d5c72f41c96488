"""Rows of a book as a person reads them: the beginnings of its sheets, and single rows to show a finding in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sundry.goods.orders.formats.checked_book import FINDINGS_SHEET_PREFIX
from sundry.goods.orders.formats.grid import Grid, column_letter
from sundry.goods.orders.reading.cells import show
from sundry.goods.orders.reading.formulas import fill_missing_values
from sundry.goods.orders.reading.layout import find_tables
from sundry.goods.orders.rules import RowTexts, SheetPreview

_COLUMNS_MAX = 100
_CHARACTERS_MAX = 400


def preview_of(grids: Sequence[Grid], rows_max: int) -> list[SheetPreview]:
    """The first `rows_max` rows that hold anything, of each sheet but our own."""
    fill_missing_values(grids)
    return [_preview(grid, rows_max) for grid in grids if not grid.name.startswith(FINDINGS_SHEET_PREFIX)]


def rows_of(grids: Sequence[Grid], places: Iterable[tuple[str, int]]) -> list[RowTexts]:
    """The rows at (sheet, row); what the book does not have is left out."""
    sheets = {grid.name: grid for grid in grids}
    return [_texts(grid, row) for sheet, row in places if (grid := sheets.get(sheet)) is not None and row in grid.cells]


def _preview(grid: Grid, rows_max: int) -> SheetPreview:
    rows = sorted(grid.cells)[:rows_max]
    _, tables = find_tables(grid)
    header_row = tables[0].header_rows[-1] if tables else 0
    widest = max(rows, key=lambda row: sum(isinstance(cell.value, str) for cell in grid.cells[row].values()), default=0)
    return SheetPreview(
        sheet=grid.name,
        rows=tuple(_texts(grid, row) for row in rows),
        rows_used=len(grid.cells),
        header_row=header_row,
        likely_row=header_row or widest,
        hidden=grid.hidden,
    )


def _texts(grid: Grid, row: int) -> RowTexts:
    """A cell under a merged range shows what the range shows."""
    cells = dict(grid.cells[row])
    for top, left, bottom, right in grid.merged:
        corner = grid.get(top, left)
        if top <= row <= bottom and corner is not None:
            for column in range(left, min(right, left + _COLUMNS_MAX) + 1):
                cells.setdefault(column, corner)
    last = min(max(cells), _COLUMNS_MAX - 1)
    texts = ((column_letter(column), show(cells.get(column))[:_CHARACTERS_MAX]) for column in range(last + 1))
    return RowTexts(grid.name, row, tuple(texts))
