"""The formulas of a .xls are told as they were typed, so that a book without values can be computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sundry.goods.orders.formats.xls import read_xls
from sundry.goods.orders.reading.formulas import fill_missing_values

TYPED = (
    "A1*B1",
    "-A1+2%",
    "(A1+B1)^2/4",
    "SUM(A1:B1)",
    "ROUND(A1*B1/3,2)",
    "SUM('shop 2'!A1:B2)",
    "'shop 2'!A1",
    "SUBTOTAL(9,'shop 2'!A1:B2)",
    'IF(A1>=3,"a ""b""",A1&"x")',
    "TRUE",
)


def test_what_was_typed_is_told(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet, other = book.add_sheet("shop 1"), book.add_sheet("shop 2")
    for number in (3, 4.5):
        sheet.write(0, 0 if number == 3 else 1, number)
        other.write(0, 0 if number == 3 else 1, number)
    for row, formula in enumerate(TYPED, 1):
        sheet.write(row, 0, xlwt.Formula(formula))
    book.save(str(tmp_path / "book.xls"))
    grids = read_xls(tmp_path / "book.xls")
    cells = [grids[0].cells[row][0] for row in range(2, len(TYPED) + 2)]
    assert [cell.formula for cell in cells] == list(TYPED)
    assert {cell.value for cell in cells} == {None}
    assert fill_missing_values(grids) == 0
    assert [cell.value for cell in cells] == [13.5, -2.98, 14.0625, 7.5, 4.5, 7.5, 3.0, 7.5, 'a "b"', True]
