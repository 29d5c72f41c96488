"""A table of the agent's desk as a workbook or as CSV: what is filtered, with figures that a program can add up.

Problem: a stall may be called `=cmd|' /C calc'!A0`, and Excel reads a CSV in the code page of its country. Therefore
text stays text whatever it holds (kernel/formulas.py), and a CSV begins with a mark of UTF-8. Money is a
number with the decimals of its currency, and the currency has a column of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final

from sundry.kernel.formulas import begins_formula, csv_text

Cell = str | int | Decimal | date | None

_TEXT_MAX: Final = 32_767  # characters in a cell of Excel
_WIDTH: Final = 16


def csv_of(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark; days as ISO 8601, decimals with a point."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, is_rtl: bool = False) -> bytes:
    """One sheet called `name`; its first row stays in sight and filters."""
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    font = {"font_name": "Arial", "font_size": 10}
    looks: tuple[dict[str, object], ...] = ({"bold": True}, {}, {"num_format": "yyyy-mm-dd"}, {"quote_prefix": True})
    head, body, day, guarded = (book.add_format({**font, **look}) for look in looks)
    sheet = book.add_worksheet(name[:31])
    if is_rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(len(headers) - 1, 0), _WIDTH, body)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(last, column, cell, day)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(last, column, cell, body)
            elif cell:
                sheet.write_string(last, column, cell[:_TEXT_MAX], guarded if begins_formula(cell) else body)
    sheet.autofilter(0, 0, last, max(len(headers) - 1, 0))
    book.close()
    return made.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return csv_text(cell)
    return "" if cell is None else str(cell)
