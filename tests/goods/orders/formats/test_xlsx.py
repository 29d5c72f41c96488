"""Our stream reader says what calamine and openpyxl say of the same books, and what they do not say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sundry.goods.orders.formats.grid import Cell, CellError, column_letter, column_number, is_date_format
from sundry.goods.orders.formats.xlsx import read_xlsx
from sundry.simulation.order_book import write_sample

BOOKS = Path(__file__).parents[4].parent / "shared" / "data" / "workbooks"


def books(folder: Path) -> list[Path]:
    sample = folder / "sample.xlsx"
    write_sample(sample)
    return [sample, *sorted(BOOKS.glob("*.xlsx"))]


def test_values_are_those_of_calamine_and_openpyxl(tmp_path: Path) -> None:
    for path in books(tmp_path):
        grids = read_xlsx(path)
        peers = openpyxl.load_workbook(path, data_only=True)
        assert [grid.name for grid in grids] == peers.sheetnames == CalamineWorkbook.from_path(str(path)).sheet_names
        for grid in grids:
            ours = {
                (row, column): cell.value
                for row, cells in grid.cells.items()
                for column, cell in cells.items()
                if cell.value is not None
            }
            theirs = {
                (cell.row, cell.column - 1): cell.value
                for row in peers[grid.name].iter_rows()
                for cell in row
                if cell.value is not None
            }
            assert ours == theirs
            rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(grid.name).to_python(skip_empty_area=False)
            fast = {(r, c): v for r, row in enumerate(rows, 1) for c, v in enumerate(row) if v != ""}
            assert {place: value for place, value in ours.items() if not isinstance(value, CellError)} == {
                place: value for place, value in fast.items() if not str(value).startswith("#")
            }


def test_formulas_merged_cells_and_pictures_are_those_of_openpyxl(tmp_path: Path) -> None:
    for path in books(tmp_path):
        peers = openpyxl.load_workbook(path)
        for grid in read_xlsx(path):
            peer = peers[grid.name]
            merged = {(r.min_row, r.min_col - 1, r.max_row, r.max_col - 1) for r in peer.merged_cells.ranges}
            assert set(grid.merged) == merged
            assert set(grid.pictures) == {image.anchor._from.row + 1 for image in peer._images}
            formulas = {
                (cell.row, cell.column - 1): cell.value.lstrip("=")
                for row in peer.iter_rows()
                for cell in row
                if isinstance(cell.value, str) and cell.data_type == "f"
            }
            ours = {(r, c): x.formula for r, cells in grid.cells.items() for c, x in cells.items() if x.formula}
            assert ours == formulas


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[], dict[int, dict[int, Cell]]]:
    """A sheet in which the look of a cell is its meaning."""
    path = tmp_path / "look.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("看")
    struck = book.add_format({"font_strikeout": True})
    plain = book.add_format()
    dollars = book.add_format({"num_format": "[$US$-409] #,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "gone", struck)
    sheet.write(0, 1, 3.5, dollars)
    sheet.write_datetime(0, 2, datetime(2026, 4, 20), day)  # noqa: DTZ001
    sheet.write_rich_string(0, 3, struck, "1.35", plain, " 1.20")
    sheet.write_formula(0, 4, "=1/0", None, "#DIV/0!")
    sheet.write_boolean(0, 5, True)
    sheet.write_string(0, 6, "")
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_row(2, None, None, {"level": 1, "hidden": True})
    sheet.write(1, 0, "hidden")
    sheet.write(2, 0, "folded")
    book.close()

    def read() -> dict[int, dict[int, Cell]]:
        (grid,) = read_xlsx(path)
        assert grid.hidden_rows == {2, 3}
        assert grid.folded_rows == {3}
        return grid.cells

    return read


def test_the_look_of_a_cell_is_kept(looked_at: Callable[[], dict[int, dict[int, Cell]]]) -> None:
    row: dict[int, Any] = looked_at()[1]
    assert row[0].strike
    assert row[1].number_format == "[$US$-409] #,##0.00"
    assert row[2].value == datetime(2026, 4, 20)  # noqa: DTZ001
    assert (row[3].value.strip(), row[3].strike) == ("1.20", False)
    assert isinstance(row[4].value, CellError)
    assert row[5].value is True
    assert 6 not in row


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_excel_names_them(number: int, letters: str) -> None:
    assert column_letter(number) == letters
    assert column_number(letters) == number


@pytest.mark.parametrize(
    ("number_format", "is_date"),
    [("yyyy-mm-dd", True), ("m月d日", True), ("h:mm", True), ("0.00", False), ('0"day"', False), ("[Red]0", False),
     ("General", False)],
)  # fmt: skip
def test_a_date_is_told_by_its_format(number_format: str, is_date: bool) -> None:
    assert is_date_format(number_format) is is_date
