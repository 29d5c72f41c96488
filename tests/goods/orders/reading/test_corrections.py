"""What a person typed counts as if she had typed it into the book, with all that hangs on it."""

from __future__ import annotations

import pytest

from sundry.goods.orders.formats.grid import Cell, CellValue, Grid, column_number
from sundry.goods.orders.reading.corrections import correct, corrected_cells
from sundry.goods.orders.rules import Correction
from sundry.kernel.errors import UsageError


def grid_of(name: str = "订单", **cells: CellValue | Cell) -> Grid:
    """grid_of(A1="x", B2=Cell(3.0, "A1*2"))"""
    grid = Grid(name)
    for place, value in cells.items():
        letters = place.rstrip("0123456789")
        cell = value if isinstance(value, Cell) else Cell(value)
        grid.cells.setdefault(int(place[len(letters) :]), {})[column_number(letters)] = cell
    return grid


def typed(text: str, cell: Cell | None = None) -> CellValue:
    """What the cell holds in which somebody typed this."""
    grid = grid_of(A1=cell or Cell("before"), A2="keeps the row in the sheet")
    correct([grid], [Correction("订单", 1, "A", text)])
    left = grid.get(1, 0)
    return None if left is None else left.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0), ("2.50", 2.5), (" 0.035 ", 0.035), ("-3", -3.0), ("2,5", 2.5), ("١٢", 12.0), ("１２", 12.0),
        ("0912", "0912"), ("1,200", "1,200"), ("1.234", "1.234"), ("1-12", "1-12"), ("12 pcs", "12 pcs"),
        ("¥3.5", "¥3.5"), ("1E5", "1E5"), ("12345678901234567", "12345678901234567"), ("=1+1", "=1+1"), ("杯", "杯"),
        ("", None), ("  ", None),
    ],
)  # fmt: skip
def test_a_number_is_one_only_where_every_office_reads_the_same(text: str, value: CellValue) -> None:
    assert typed(text) == value


def test_what_stood_there_is_told_at_its_cell() -> None:
    grid = grid_of(A1="货号", B1="箱数", B2=5.0)
    (finding,) = correct([grid], [Correction("订单", 2, "B", "8")])
    assert (str(finding.severity), finding.row, finding.column, finding.value) == ("note", 2, "B", "8")
    assert finding.details["before"] == "5"


def test_a_formula_and_a_line_through_go_and_a_currency_stays() -> None:
    grid = grid_of(A1=Cell(3.0, "B1*2", "[$US$-409]0.00", strike=True), B1=Cell(9.0, None, "yyyy-mm-dd"))
    correct([grid], [Correction("订单", 1, "A", "4"), Correction("订单", 1, "B", "5")])
    dollars, number = grid.cells[1][0], grid.cells[1][1]
    assert (dollars.value, dollars.formula, dollars.strike) == (4.0, None, False)
    assert (dollars.number_format, number.number_format) == ("[$US$-409]0.00", "")


def test_an_empty_cell_that_would_show_dollars_shows_them() -> None:
    grid = grid_of(A1="价", A2="x", B2=1.0)
    grid.blank_formats[1, 1] = '"US$"0.00'
    correct([grid], [Correction("订单", 1, "B", "4")])
    assert grid.cells[1][1].number_format == '"US$"0.00'


def test_all_that_hangs_on_a_cell_is_computed_anew_and_nothing_else() -> None:
    orders = grid_of(
        D2=10.0, F2=2.5, H2=Cell(25.0, "D2*F2"), D3=4.0, F3=1.0, H3=Cell(4.0, "D3*F3"), H4=Cell(29.0, "SUM(H2:H3)"),
        H5=Cell(7.0, "VLOOKUP(D2,X:Z,2)"), H6=Cell(8.0, "VLOOKUP(D3,X:Z,2)"), H7=Cell(9.0, '"D2"&F3'),
    )  # fmt: skip
    summary = grid_of("汇总", A1=Cell(29.0, "订单!H4"), A2=Cell(3.0, "SUM('订单'!$D:$E)"), A3=Cell(1.0, "D2"))
    changed = corrected_cells([orders, summary], [Correction("订单", 2, "D", "12")])
    values = {place: cell and cell.value for place, cell in changed.items()}
    assert values == {
        ("订单", 2, 3): 12.0,
        ("订单", 2, 7): 30.0,
        ("订单", 4, 7): 34.0,
        ("订单", 5, 7): None,  # its kept value is no longer true, and we cannot compute it
        ("汇总", 1, 0): 34.0,
        ("汇总", 2, 0): None,
    }
    assert orders.cells[6][7].value == 8.0
    assert orders.cells[7][7].value == 9.0
    assert summary.cells[3][0].value == 1.0


def test_a_merged_range_is_one_cell() -> None:
    grid = grid_of(A1="S-1", B1=1.0, B2=2.0, B3=3.0)
    grid.merged.append((1, 0, 3, 0))
    (finding,) = correct([grid], [Correction("订单", 3, "A", "S-2")])
    assert grid.cells[1][0].value == "S-2"
    assert (finding.row, finding.column) == (1, "A")
    assert 0 not in grid.cells[3]


def test_rows_that_share_their_cells_part() -> None:
    """As .ods repeats a row."""
    grid = grid_of(A1="x", B1=Cell(2.0, "C1"), C1=2.0)
    grid.cells[2] = grid.cells[1]
    correct([grid], [Correction("订单", 1, "C", "5")])
    assert grid.cells[2][2].value == 2.0
    assert grid.cells[1][2].value == 5.0


def test_an_emptied_row_is_gone() -> None:
    grid = grid_of(A1="x", A2="y")
    correct([grid], [Correction("订单", 1, "A", "")])
    assert list(grid.cells) == [2]


@pytest.mark.parametrize(
    ("sheet", "row", "letters"),
    [("别的", 1, "A"), ("订单", 0, "A"), ("订单", 3, "A"), ("订单", 1, "C"), ("订单", 1, "a"), ("订单", 1, "AAAA")],
)
def test_a_place_outside_of_the_book_is_refused_by_name(sheet: str, row: int, letters: str) -> None:
    grid = grid_of(A1="x", B2="y")
    with pytest.raises(UsageError) as refused:
        correct([grid], [Correction("订单", 2, "B", "z"), Correction(sheet, row, letters, "1")])
    assert refused.value.rule == "correction_outside"
    assert f"{letters}{row}" in refused.value.message("ru")
    assert grid.cells[2][1].value == "y"  # nothing was done by halves


@pytest.mark.parametrize(("sheet", "row", "letters"), [("订单", 2, "A"), ("订单", 1, "B")])
def test_an_empty_cell_inside_of_the_book_can_be_filled(sheet: str, row: int, letters: str) -> None:
    grid = grid_of(A1="x", B2="y")
    correct([grid], [Correction(sheet, row, letters, "1")])
    assert grid.cells[row][column_number(letters)].value == 1.0
