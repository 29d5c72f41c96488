"""Rows that a person copied from a sheet and pasted into a page, made a book.

Problem: what a clipboard holds is not CSV. Columns are parted by tabs; a cell with a line break stands in quotes with
its own quotes doubled; any other cell stands as it is, also one that begins with a quote, or IS one (the ditto mark).
A reader of CSV takes such a mark for the beginning of a quoted cell and swallows the rows down to the next one.

    K1 <tab> 杯 <tab> 12          K1 | 杯 | 12
    K2 <tab> "  <tab> 8           K2 | "  | 8
    K3 <tab> "big⏎cup" <tab> 5    K3 | big⏎cup | 5      one row, not two

Therefore a quoted cell must end before a tab or the end of a line, holds no tab, and few line breaks; anything else is
plain text. Text without any tab is read as CSV. The book is an .xlsx of texts: its rows are the rows that were pasted
(lines of a file are not, where a cell has several), zeros at the front stay, and each text is understood as in CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from sundry.goods.orders.formats.checked_findings import plain_text
from sundry.goods.orders.formats.csv import delimiter_of
from sundry.kernel.errors import UnusableInput

PASTED_BYTES_MAX = 5_000_000
PASTED_ROWS_MAX = 20_000
PASTED_COLUMNS_MAX = 500
CELL_CHARACTERS_MAX = 32_000
PASTED_SHEET = "Pasted"
_LINES_OF_A_CELL_MAX = 200
_SEARCHES_MAX = 4  # times the text

_TELLING = re.compile(r'[\t\n"]')
_END_OF_CELL = re.compile(r"[\t\n]|\Z")


def book_of_pasted(text: str, target: Path) -> int:
    """Write the pasted rows as a book to `target`, an .xlsx; how many rows hold anything.

    UnusableInput: nothing there, or more than a paste should be.
    """
    if len(text.encode(errors="surrogatepass")) > PASTED_BYTES_MAX:
        raise UnusableInput("pasted_too_large", megabytes=PASTED_BYTES_MAX // 1_000_000)
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if not plain.strip():
        raise UnusableInput("pasted_empty")
    rows = []
    for number, row in enumerate(_rows(plain), 1):
        if number > PASTED_ROWS_MAX:
            raise UnusableInput("pasted_too_long", rows=PASTED_ROWS_MAX)
        if len(row) > PASTED_COLUMNS_MAX or any(len(cell) > CELL_CHARACTERS_MAX for cell in row):
            raise UnusableInput("pasted_too_wide", row=number, columns=PASTED_COLUMNS_MAX)
        rows.append(row)
    return _write(rows, target)


def _rows(text: str) -> Iterator[list[str]]:
    if "\t" in text:
        return _clipboard_rows(text)
    return _csv_rows(text)


def _csv_rows(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        yield from reader
    except csv.Error as fault:  # a cell larger than the module allows
        raise UnusableInput("pasted_too_wide", row=reader.line_num, columns=PASTED_COLUMNS_MAX) from fault


def _clipboard_rows(text: str) -> Iterator[list[str]]:
    row: list[str] = []
    at = 0
    searched = 0  # characters; a text of nothing but quotes would be searched again and again
    while at < len(text):
        is_quoted = False
        if text[at] == '"' and searched <= _SEARCHES_MAX * len(text):
            is_quoted, until = _quoted_cell(text, at)
            searched += until - at
        if is_quoted:
            row.append(text[at + 1 : until - 1].replace('""', '"'))
            at = until
        else:
            end = _END_OF_CELL.search(text, at)
            assert end is not None  # there always is an end of the text
            row.append(text[at : end.start()])
            at = end.start()
        if at == len(text) or text[at] == "\n":
            yield row
            row = []
        at += 1
    if row:  # the last cell of the last row is empty
        yield row


def _quoted_cell(text: str, opening: int) -> tuple[bool, int]:
    """Whether a quoted cell begins at `opening`, and where it ends, or how far it was searched for."""
    at, lines = opening + 1, 0
    while (found := _TELLING.search(text, at)) is not None:
        at = found.end()
        if found[0] == "\n":
            lines += 1
        if found[0] == "\t" or lines > _LINES_OF_A_CELL_MAX:
            return False, at
        if found[0] == '"':
            if not text.startswith('"', at):
                is_mark = lines > 0 and not text[opening + 1 : found.start()].strip()  # two ditto marks in two rows
                return not is_mark and (at == len(text) or text[at] in "\t\n"), at
            at += 1
    return False, len(text)


def _write(rows: list[list[str]], target: Path) -> int:
    import xlsxwriter

    used = 0
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    sheet = book.add_worksheet(PASTED_SHEET)
    for number, row in enumerate(rows):
        used += any(cell.strip() for cell in row)
        for column, cell in enumerate(row):
            if cell.strip():
                sheet.write_string(number, column, plain_text(cell))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{max(len(rows), 1)}"})
    book.close()
    return used
