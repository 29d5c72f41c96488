"""Workbooks: merged titles, numbers, dates, formulas, hidden sheets."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from sundry.base.reference.formats.opening import tables
from sundry.base.reference.formats.xlsx import read_xlsx
from sundry.kernel.errors import UnusableInput


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_are_text_as_they_are_seen() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026 tariff"])
    sheet.merge_cells("A1:D1")
    day = datetime(2026, 4, 11)  # noqa: DTZ001 - a sheet's dates have no zone
    sheet.append([9503002100, 9503002100.0, 0.5, True, date(2026, 4, 11), day, "=A1", None, " x "])
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["nothing"])
    ((name, rows),) = read_xlsx("f", saved(book))
    first, second = rows
    assert name == "Sheet"
    assert (first[0], first[1][0]) == (1, "2026 tariff")
    number = "9503002100"
    assert second[1][:9] == [number, number, "0.5", "TRUE", "2026-04-11", "2026-04-11", "=A1", "", " x "]


def test_a_workbook_is_known_by_its_content() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["rec20", "symbol"])
    (table,) = tables("units.bin", saved(book))
    assert next(table.rows)[1][:2] == ["rec20", "symbol"]


def test_a_workbook_without_its_parts_is_damaged() -> None:
    from zipfile import ZipFile

    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("[Content_Types].xml", "<")
    with pytest.raises(UnusableInput) as refused:
        list(tables("f", out.getvalue()))
    assert refused.value.rule == "reference_file_damaged"
