"""Workbooks that openpyxl does not read: .xls of older Excel and WPS, .ods of LibreOffice."""

from __future__ import annotations

import io
import posixpath
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zipfile import ZipFile

from sundry.goods.catalogue.formats.goods_package import part, xml
from sundry.goods.catalogue.formats.shape import COLUMNS_MAX, HEAD_MAX, PICTURES_MAX, ROWS_MAX, Sheet
from sundry.kernel.errors import UnusableInput

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_REPEATS_MAX: Final = 200  # a row or cell that is repeated more often holds nothing


def text_of(value: object) -> str:
    """A value as it is read on the screen: 3.0 is "3", a day without an hour has none."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            shown = Decimal(f"{value:.15g}")  # as Excel shows it: a file may say 710679.1800000001 of 710679.18
            return f"{shown:.10f}".rstrip("0").rstrip(".")
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return str(value).replace("\0", "")  # which no database keeps


def read_xls(data: bytes) -> list[Sheet]:
    """UnusableInput: damaged or locked. Pictures of this format are not read."""
    import xlrd

    try:
        with xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True) as book:
            return [_of_xls(xlrd, book, number) for number in range(book.nsheets)]
    except xlrd.XLRDError as fault:
        if "encrypted" in str(fault).lower():
            raise UnusableInput("catalogue_sheet_locked") from fault
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault
    except UnusableInput:
        raise
    except Exception as fault:  # it meets damage with whatever breaks first
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault


def _of_xls(xlrd: Any, book: Any, number: int) -> Sheet:
    sheet = book.sheet_by_index(number)
    if sheet.nrows > 4 * ROWS_MAX:
        raise UnusableInput("catalogue_sheet_too_long", rows=sheet.nrows, most=ROWS_MAX)
    rows = []
    for row in range(sheet.nrows):
        cells = []
        for column in range(min(sheet.row_len(row), COLUMNS_MAX)):
            kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
            if kind == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(value, book.datemode)
            elif kind == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(value, "#ERROR")
            cells.append(text_of(value))
        rows.append((row + 1, cells))
    return Sheet(sheet.name, rows)


def read_ods(package: ZipFile) -> list[Sheet]:
    """UnusableInput: damaged or locked."""
    if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in part(package, "META-INF/manifest.xml"):
        raise UnusableInput("catalogue_sheet_locked")
    return [_of_ods(package, table) for table in xml(part(package, "content.xml")).iter(_TABLE + "table")]


def _of_ods(package: ZipFile, table: Any) -> Sheet:
    rows: list[tuple[int, list[str]]] = []
    pictures: dict[int, list[bytes]] = {}
    number = 1
    for node in table.iter(_TABLE + "table-row"):
        repeats = _repeats(node, "rows")
        cells = _cells(node)
        if any(cells):
            rows += [(number + copy, cells) for copy in range(min(repeats, _REPEATS_MAX))]
        for image in node.iter(_DRAW + "image"):
            name = posixpath.normpath(image.get(_LINK) or "")
            if name in package.namelist() and len(pictures) < PICTURES_MAX:
                pictures.setdefault(number, []).append(part(package, name))
        number += repeats
        if len(rows) > 4 * (ROWS_MAX + HEAD_MAX):
            raise UnusableInput("catalogue_sheet_too_long", rows=len(rows), most=ROWS_MAX)
    return Sheet(table.get(_TABLE + "name") or "", rows, pictures)


def _cells(node: Any) -> list[str]:
    cells: list[str] = []
    for entry in node:
        if entry.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and len(cells) < COLUMNS_MAX:
            text = _text(entry) if entry.tag == _TABLE + "table-cell" else ""
            cells += [text] * min(_repeats(entry, "columns"), _REPEATS_MAX)
    return cells


def _text(entry: Any) -> str:
    kind = entry.get(_OFFICE + "value-type")
    if kind in ("float", "currency", "percentage"):
        return text_of(float(entry.get(_OFFICE + "value") or 0))
    return "\n".join(_paragraph(paragraph) for paragraph in entry.findall(_TEXT + "p"))


def _paragraph(node: Any) -> str:
    """Spaces that stand together are counted in ODF, not written."""
    pieces = [node.text or ""]
    for child in node:
        tag = child.tag
        if tag == _TEXT + "s":
            pieces.append(" " * min(int(child.get(_TEXT + "c") or 1), _REPEATS_MAX))
        elif tag == _TEXT + "line-break":
            pieces.append("\n")
        elif isinstance(tag, str):
            pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _repeats(node: Any, way: str) -> int:
    written = node.get(f"{_TABLE}number-{way}-repeated") or "1"
    return max(1, int(written)) if written.isdigit() and len(written) < 9 else 1
