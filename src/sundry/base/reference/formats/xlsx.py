"""Workbooks of Excel and WPS, read by openpyxl row by row.

A formula stands as it is written ("=A1"), so that who reads the row can say where one stands instead of a value. A
number without decimals is written without them: 9503002100, not 9503002100.0.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from sundry.base.reference.formats.shape import COLUMNS_MAX, ROWS_MAX, Rows
from sundry.kernel.errors import UnusableInput


def read_xlsx(file: str, data: bytes) -> Iterator[tuple[str, Rows]]:
    """(name, rows) of each sheet that is shown. UnusableInput: damaged."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():  # of drawings and validations, which nobody asked for
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError) as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=type(fault).__name__) from fault
    for sheet in sheets:
        yield sheet.title, _rows(file, sheet)


def _rows(file: str, sheet: Any) -> Rows:
    try:
        sheet.reset_dimensions()  # what a file says of its size is often wrong
        rows = sheet.iter_rows(max_col=COLUMNS_MAX, max_row=ROWS_MAX + 2, values_only=True)
        for number, row in enumerate(rows, 1):
            yield number, [_text(value) for value in row]
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=type(fault).__name__) from fault


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(getattr(value, "text", value))  # an array formula keeps its text apart
