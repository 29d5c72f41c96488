"""Formulas without kept values are computed; what we do not compute stays unknown."""

from __future__ import annotations

import pytest

from sundry.goods.orders.formats.grid import Cell, CellError, CellValue, Grid
from sundry.goods.orders.reading.formulas import fill_missing_values

VALUES: dict[tuple[int, int], CellValue] = {(1, 0): 5.0, (1, 1): 36.0, (2, 0): "12", (2, 1): 0.5, (3, 0): "text"}


def computed(formula: str, other: Grid | None = None) -> CellValue:
    grid = Grid("List")
    for (row, column), value in VALUES.items():
        grid.cells.setdefault(row, {})[column] = Cell(value)
    grid.cells.setdefault(9, {})[9] = Cell(None, formula)
    fill_missing_values([grid, *([other] if other else [])])
    return grid.cells[9][9].value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("A1*B1", 180.0),
        ("=A1*$B$1+2", 182.0),
        ("SUM(A1:B2)", 41.5),
        ("PRODUCT(A1,B1)", 180.0),
        ("ROUND(2.345*A1,2)", 11.73),
        ("ROUND(A1*B1*70*46/1000000,3)", 0.58),
        ("-A1^2", 25.0),  # Excel's way: the sign binds closer than the power
        ("A2*2", 24.0),
        ("10%*A1", 0.5),
        ('IF(C1="","none",1)', "none"),
        ('A1&"-"&B1', "5-36"),
        ("SUMPRODUCT(A1:A1,B1:B1)", 180.0),
        ("C7+1", 1.0),
    ],
)
def test_simple_formulas_have_their_value(formula: str, value: CellValue) -> None:
    assert computed(formula) == value


def test_a_reference_to_another_sheet_is_followed() -> None:
    other = Grid("T-4714 (1)", {3: {1: Cell(7.5)}})
    assert computed("'T-4714 (1)'!B3*2", other) == 15.0


def test_errors_are_values_and_the_unknown_stays_unknown() -> None:
    assert computed("A1/C1") == CellError("#DIV/0!")
    assert computed("#REF!*2") == CellError("#REF!")
    assert computed("VLOOKUP(A1,B:C,2)") is None


def test_a_circle_ends() -> None:
    grid = Grid("List", {1: {0: Cell(None, "B1"), 1: Cell(None, "A1")}})
    assert fill_missing_values([grid]) == 2


def test_a_program_that_writes_zero_into_every_formula_is_seen_through() -> None:
    grid = Grid("List", {1: {0: Cell(5.0), 1: Cell(2.0), 2: Cell(0.0, "A1*B1"), 3: Cell(0.0, "C1+1")}})
    fill_missing_values([grid])
    assert [grid.cells[1][column].value for column in (2, 3)] == [10.0, 11.0]


def test_subtotals_leave_hidden_rows_out() -> None:
    grid = Grid("List", {row: {0: Cell(float(row))} for row in (1, 2, 3)})
    grid.cells[4] = {0: Cell(None, "SUBTOTAL(109,A1:A3)"), 1: Cell(None, "SUBTOTAL(9,A1:A3)")}
    grid.hidden_rows.add(2)
    fill_missing_values([grid])
    assert [grid.cells[4][column].value for column in (0, 1)] == [4.0, 6.0]
