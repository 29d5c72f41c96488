"""What strangers called their stalls is text in a table, in Excel as in CSV."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from sundry.goods.orders.formats.desk_table import csv_of, xlsx_of

NAMES = ("=cmd|' /C calc'!A0", "＝1+1", " @SUM(A1)", "Cups;=1+1", "王记")


def test_no_name_is_a_formula_in_csv() -> None:
    told = csv_of(["Stall", "Value"], [(name, Decimal("-3.20")) for name in NAMES])
    cells = [row.rpartition(",") for row in told.decode("utf-8-sig").split("\r\n")[1:-1]]
    assert [cell for cell, _, _ in cells] == ["'" + NAMES[0], "'＝1+1", "' @SUM(A1)", "Cups;'=1+1", "王记"]
    assert {value for _, _, value in cells} == {"-3.20"}  # a number of ours stays one


def test_no_name_is_a_formula_in_excel_nor_becomes_one_when_its_cell_is_edited() -> None:
    sheet = load_workbook(BytesIO(xlsx_of("Stalls", ["Stall"], [(name,) for name in NAMES]))).active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in NAMES]
    assert [cell.quotePrefix for cell in cells] == [True, True, True, False, False]
