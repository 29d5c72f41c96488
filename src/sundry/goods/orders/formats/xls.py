"""Read .xls (BIFF8, Excel 97-2003, still written by older WPS) by xlrd, with formats."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlrd

from sundry.goods.orders.formats.grid import Cell, CellError, CellValue, Grid
from sundry.goods.orders.formats.xls_formulas import formulas
from sundry.kernel.errors import UnusableInput


def read_xls(path: Path) -> list[Grid]:
    """All sheets, with the texts of their formulas. UnusableInput: damaged or locked."""
    log = io.StringIO()
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=log, on_demand=True)
        with book:
            return [_grid(book, number) for number in range(book.nsheets)]
    except xlrd.XLRDError as fault:
        rule = "book_locked" if "encrypted" in str(fault).lower() else "book_damaged"
        raise UnusableInput(rule, file=path.name, fault=type(fault).__name__) from fault
    except Exception as fault:  # xlrd meets damage with whatever breaks first: an index, an assertion, a missing key
        raise UnusableInput("book_damaged", file=path.name, fault=type(fault).__name__) from fault


def _grid(book: Any, number: int) -> Grid:
    sheet = book.sheet_by_index(number)
    typed = formulas(book, number)
    grid = Grid(sheet.name, hidden=sheet.visibility != 0)
    for row in range(sheet.nrows):
        info = sheet.rowinfo_map.get(row)
        if info is not None and info.hidden:
            grid.hidden_rows.add(row + 1)
        if info is not None and info.outline_level:
            grid.folded_rows.add(row + 1)
        cells = {}
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet, row, column, typed.get((row, column)))
            if cell is not None:
                cells[column] = cell
        if cells:
            grid.cells[row + 1] = cells
    grid.merged = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return grid


def _cell(book: Any, sheet: Any, row: int, column: int, formula: str | None) -> Cell | None:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    blank = kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == ""
    if blank and formula is None:
        return None
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    number_format = book.format_map[style.format_key].format_str if style.format_key in book.format_map else ""
    strike = bool(book.font_list[style.font_index].struck_out)
    shown: CellValue = None if blank else value
    if kind == xlrd.XL_CELL_DATE:
        try:
            shown = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError):
            shown = value
    elif kind == xlrd.XL_CELL_BOOLEAN:
        shown = bool(value)
    elif kind == xlrd.XL_CELL_ERROR:
        shown = CellError(xlrd.error_text_from_code.get(value, "#ERROR"))
    return Cell(shown, formula, number_format, strike)
