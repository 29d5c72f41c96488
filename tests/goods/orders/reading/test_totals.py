"""Totals decide about hidden rows, and are told when they disagree."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.goods.orders.formats.grid import Cell, CellValue, Grid
from sundry.goods.orders.reading.book import ReadOptions, understand
from sundry.goods.orders.rules import OrderBook

HEADER: tuple[CellValue, ...] = ("货号", "品名", "箱数", "装箱数", "单价", "金额", "体积")


def book(total: float, hidden: tuple[int, ...], *, folded: tuple[int, ...] = (), with_total: bool = True) -> OrderBook:
    """Four lines of 100.00 each in rows 2 to 5, a total in row 6."""
    rows: list[tuple[CellValue, ...]] = [HEADER]
    rows += [(f"K{row}", "杯", 5.0, 10.0, 2.0, 100.0, 0.05) for row in range(2, 6)]
    if with_total:
        rows.append((None, "合计", None, None, None, total, None))
    grid = Grid("单")
    for number, values in enumerate(rows, 1):
        grid.cells[number] = {c: Cell(v) for c, v in enumerate(values) if v is not None}
    grid.hidden_rows.update(hidden)
    grid.folded_rows.update(folded)
    return understand("book", [grid], ReadOptions(date(2026, 4, 20)))


def rows(read: OrderBook) -> list[int]:
    return [line.row for line in read.lines]


def rules(read: OrderBook) -> set[str]:
    return {finding.rule for finding in read.findings}


@pytest.mark.parametrize(
    ("total", "shipped"),
    [(400.0, [2, 3, 4, 5]), (300.0, [2, 4, 5])],
)
def test_the_total_decides_whether_a_hidden_row_ships(total: float, shipped: list[int]) -> None:
    read = book(total, hidden=(3,))
    assert rows(read) == shipped
    assert "total_disagrees" not in rules(read)
    assert ("row_hidden_but_counted" in rules(read)) == (total == 400.0)
    assert ("row_hidden_not_counted" in rules(read)) == (total == 300.0)


def test_groups_of_hidden_rows_are_told_apart() -> None:
    read = book(300.0, hidden=(2, 5))
    assert len(rows(read)) == 3
    assert {3, 4} <= set(rows(read))


def test_without_a_total_only_folded_groups_ship() -> None:
    assert rows(book(0, hidden=(3,), with_total=False)) == [2, 4, 5]
    assert rows(book(0, hidden=(3,), folded=(3,), with_total=False)) == [2, 3, 4, 5]


@pytest.mark.parametrize(("total", "told"), [(400.0, False), (400.01, False), (400.05, True), (399.0, True)])
def test_a_total_that_is_the_sum_of_nothing_is_told(total: float, told: bool) -> None:
    read = book(total, hidden=())
    assert ("total_disagrees" in rules(read)) is told
    if told:
        finding = next(f for f in read.findings if f.rule == "total_disagrees")
        assert (finding.row, finding.column, finding.header) == (6, "F", "金额")
        assert finding.details["computed"] == "400"
