"""What a person typed in place of cells, put into the book before it is understood.

Problem: a page shows "row 17: cartons missing" and a box to type them. She must not have to open Excel, mend, save and
drop the book again; and what she typed must count exactly as if she had done all that. So must what hangs on it: with
12 for 10 cartons, the kept value 250.00 of `=D17*F17` is no longer true, nor is the sum below it.

    F17 := "12"    ->  12 as a number (a typed 2.50 is one too; 0912, 1-12 and "12 pcs" stay texts, as the reader
                       of texts makes more of them)
    H17 = D17*F17  ->  its kept value is dropped and computed anew, then H40 = SUM(H2:H39), and so on
    A17 merged with A15:A17  ->  the range is one cell: A15 gets the value

Therefore: find the cell (or the first one of its merged range), give it the value, then follow the references of all
formulas from the changed cells until nothing new depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from sundry.goods.orders.formats.grid import Cell, Grid, column_letter, column_number
from sundry.goods.orders.reading.cells import format_currency, show
from sundry.goods.orders.reading.formulas import fill_missing_values
from sundry.goods.orders.reading.numerals import parse, tidy
from sundry.goods.orders.rules import Correction
from sundry.kernel.errors import UsageError
from sundry.kernel.findings import Finding, note

Place = tuple[str, int, int]
"""Sheet, row from 1, column from 0."""

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:[.,]\d+)?")
_DIGITS_MAX = 15  # a sheet's number holds no more
_REFERENCE = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<sheet>'(?:[^']|'')+'!|[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*!)?"
    r"(?:\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})(?::\$?(?P<last_column>[A-Z]{1,3})\$?(?P<last_row>\d{1,7}))?"
    r"|\$?(?P<whole>[A-Z]{1,3}):\$?(?P<last_whole>[A-Z]{1,3}))(?![\w(])"
)
_ROWS = 1_048_576

_Range = tuple[str, int, int, int, int]
"""Sheet, first row, first column, last row, last column."""


def correct(grids: Sequence[Grid], corrections: Sequence[Correction]) -> list[Finding]:
    """Put the typed values into the grids; a note for each says what stood there before.

    Formulas that depend on them lose their kept values. UsageError: a place outside of the book.
    """
    sheets = {grid.name: grid for grid in grids}
    places = [_place(sheets, correction) for correction in corrections]
    findings, changed = [], set()
    for place, correction in zip(places, corrections, strict=True):
        grid = sheets[place[0]]
        before = grid.get(place[1], place[2])
        blank = grid.blank_formats.get((place[1], place[2]), "")
        _put(grid, place, _typed_cell(correction.value, before.number_format if before is not None else blank))
        changed.add(place)
        findings.append(_told(place, correction, before))
    for sheet, row, column in _depending(grids, changed):
        grid = sheets[sheet]
        cell = grid.cells[row][column]
        _put(grid, (sheet, row, column), Cell(None, cell.formula, cell.number_format, cell.strike))
    return findings


def corrected_cells(grids: Sequence[Grid], corrections: Sequence[Correction]) -> dict[Place, Cell | None]:
    """The grids corrected and computed, and each cell that holds something else now. UsageError as `correct`."""
    sheets = {grid.name: grid for grid in grids}
    before = {place: cell.value for place, cell in _cells(grids) if cell.formula}
    typed = {_place(sheets, correction) for correction in corrections}
    correct(grids, corrections)
    fill_missing_values(grids)
    changed = {place: sheets[place[0]].get(place[1], place[2]) for place in typed}
    changed |= {place: cell for place, cell in _cells(grids) if cell.formula and cell.value != before[place]}
    return changed


def _typed_cell(text: str, number_format: str) -> Cell | None:
    """The cell that a person gets who types `text` into one of that format; None: an empty one.

    A currency that the format shows stays, as in Excel. Nothing typed is ever a formula.
    """
    text = text.strip()
    if not text:
        return None
    return Cell(_typed(text), None, number_format if format_currency(number_format) else "")


def _typed(text: str) -> str | float:
    """A number where every office would read the same one: 12 and 2.50, but not 1,200 (1.2?) and not 0912."""
    shown = tidy(text)
    if not _PLAIN_NUMBER.fullmatch(shown) or sum(c.isdigit() for c in shown) > _DIGITS_MAX:
        return text
    readings = {numeral.number for comma in (False, True) if (numeral := parse(shown, comma)) is not None}
    return float(readings.pop()) if len(readings) == 1 else text


def _place(sheets: Mapping[str, Grid], correction: Correction) -> Place:
    grid = sheets.get(correction.sheet)
    letters = correction.column_letter
    row, column = correction.row, column_number(letters) if re.fullmatch("[A-Z]{1,3}", letters) else -1
    last_column = max((max(cells) for cells in grid.cells.values()), default=-1) if grid is not None else -1
    if grid is None or not 1 <= row <= max(grid.cells, default=0) or not 0 <= column <= last_column:
        cell = f"{correction.column_letter}{correction.row}"
        raise UsageError("correction_outside", sheet=correction.sheet, cell=cell)
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and left <= column <= right:
            return grid.name, top, left
    return grid.name, row, column


def _put(grid: Grid, place: Place, cell: Cell | None) -> None:
    """Rows that repeat may share their cells: the changed one gets its own."""
    _, row, column = place
    cells = dict(grid.cells.get(row, {}))
    if cell is None:
        cells.pop(column, None)
    else:
        cells[column] = cell
    if cells:
        grid.cells[row] = cells
    else:
        grid.cells.pop(row, None)


def _told(place: Place, correction: Correction, before: Cell | None) -> Finding:
    sheet, row, column = place
    return note(
        "cell_corrected",
        sheet=sheet,
        row=row,
        column=column_letter(column),
        value=correction.value.strip(),
        details={"before": show(before)},
    )


def _cells(grids: Iterable[Grid]) -> Iterable[tuple[Place, Cell]]:
    return (
        ((grid.name, row, column), cell)
        for grid in grids
        for row, cells in grid.cells.items()
        for column, cell in cells.items()
    )


def _depending(grids: Sequence[Grid], changed: set[Place]) -> set[Place]:
    """Every formula whose value hangs on a changed cell, directly or through others."""
    if not changed:
        return set()
    waiting = [(place, _ranges(place[0], cell.formula)) for place, cell in _cells(grids) if cell.formula]
    found: set[Place] = set()
    new = changed
    while new:
        is_new = _touched_by(new)
        hit = {place for place, ranges in waiting if any(is_new(one) for one in ranges)}
        waiting = [(place, ranges) for place, ranges in waiting if place not in hit]
        found |= hit
        new = hit
    return found - changed


def _touched_by(places: set[Place]) -> Callable[[_Range], bool]:
    """Whether a range holds one of the places: most are single cells, which need no search."""
    by_sheet: dict[str, list[Place]] = {}
    for place in places:
        by_sheet.setdefault(place[0], []).append(place)

    def touched(one: _Range) -> bool:
        sheet, top, left, bottom, right = one
        if (top, left) == (bottom, right):
            return (sheet, top, left) in places
        return any(top <= row <= bottom and left <= column <= right for _, row, column in by_sheet.get(sheet, ()))

    return touched


def _ranges(sheet: str, formula: str) -> list[_Range]:
    """The cells to which a formula refers."""
    found = []
    for match in _REFERENCE.finditer(formula):
        if match["text"]:
            continue
        named = match["sheet"].removesuffix("!").strip("'").replace("''", "'") if match["sheet"] else sheet
        if match["whole"]:
            first, last = sorted((column_number(match["whole"]), column_number(match["last_whole"])))
            found.append((named, 1, first, _ROWS, last))
            continue
        row, column = int(match["row"]), column_number(match["column"])
        last_row = int(match["last_row"]) if match["last_row"] else row
        last_column = column_number(match["last_column"]) if match["last_column"] else column
        found.append(
            (named, min(row, last_row), min(column, last_column), max(row, last_row), max(column, last_column))
        )
    return found
