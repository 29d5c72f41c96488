"""Rows of anybody's list, read: what may be missing, what is mended, what is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from sundry.goods.orders.formats.grid import Cell, Grid
from sundry.goods.orders.queries import read_wishes
from sundry.goods.orders.reading.book import ReadOptions, understand, understand_wishes
from sundry.goods.orders.sheets_reading import FIELDS, cells_of, columns_of, raw_rows, read_again, script_of
from sundry.kernel.errors import UnusableInput

DAY = date(2026, 11, 22)
OPTIONS = ReadOptions(day=DAY)


def grid(*rows: tuple[str | float | None, ...], name: str = "S") -> Grid:
    made = Grid(name)
    for number, row in enumerate(rows, 1):
        made.cells[number] = {at: Cell(value) for at, value in enumerate(row) if value is not None}
    return made


HEAD = ("店面", "货号", "品名", "数量", "单价")


def test_a_list_of_wishes_needs_no_cartons_where_an_order_book_does() -> None:
    book = [grid(HEAD, ("1-F2-C-1205", "K-1", "杯", "12件", "¥3.5"))]
    assert not understand("a", book, OPTIONS).lines
    (line,) = understand_wishes("a", book, OPTIONS).lines
    assert (line.cartons, line.pieces, line.unit_price, line.value_minor) == (0, 12, "3.5", 4200)


def test_a_list_without_prices_is_one_where_no_sheet_has_any() -> None:
    bare = grid(HEAD[:4], ("1205", "K-1", "杯", 12.0))
    (line,) = understand_wishes("a", [bare], OPTIONS).lines
    assert (line.pieces, line.unit_price, line.value_minor) == (12, "", 0)
    priced = grid(HEAD, ("1205", "K-2", "杯", 5.0, 2.0), name="P")
    lines = understand_wishes("a", [bare, priced], OPTIONS).lines
    assert [one.item for one in lines] == ["K-2"], "the other is a packing list"


def test_cartons_and_what_is_in_them_still_have_to_agree() -> None:
    head = ("货号", "箱数", "装箱量", "总数量", "单价")
    book = understand_wishes("a", [grid(head, ("K-1", 5.0, 120.0, 601.0, 3.2))], OPTIONS)
    assert not book.lines
    assert [one.rule for one in book.findings if one.row == 2] == ["pieces_disagree"]
    odd = grid(("货号", "装箱量", "总数量", "单价"), ("K-1", 120.0, 250.0, 3.2))
    (line,) = understand_wishes("a", [odd], OPTIONS).lines
    assert (line.cartons, line.pieces, line.pieces_per_carton) == (0, 250, 120)


@pytest.mark.parametrize(
    ("price", "per", "value"), [("100/打", "dozen", 20_000), ("5.50/套", "set", 13_200), ("0.085", "piece", 204)]
)
def test_a_price_keeps_what_it_is_for(price: str, per: str, value: int) -> None:
    (line,) = understand_wishes("a", [grid(HEAD, ("1205", "K-1", "杯", 24.0, price))], OPTIONS).lines
    assert (line.price_per, line.value_minor) == (per, value)
    again, told = read_again(cells_of(line), day=DAY, currency="CNY", row=9)
    assert again is not None
    assert (again.row, again.price_per, again.unit_price, again.pieces) == (9, per, line.unit_price, 24)
    assert told == []


def write(path: Path, rows: list[tuple[Any, ...]], name: str = "Sheet1") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_every_row_is_there_with_its_cells_and_what_is_wrong(tmp_path: Path) -> None:
    rows = [HEAD, ("1205", "K-1", "杯", 12, 3.5), ("1205", "K-2", "碗", "abc", 2), ("合计", "", "", 12, "")]
    staged = read_wishes(write(tmp_path / "a.xlsx", rows), day=DAY)
    found, _ = raw_rows(staged)
    assert [(one.row, one.line is not None) for one in found] == [(2, True), (3, False)]
    assert found[1].cells == {"stall": "1205", "item": "K-2", "name": "碗", "pieces": "abc", "price": "2"}
    (finding,) = found[1].findings
    assert (finding.rule, finding.header, finding.value) == ("not_a_number", "pieces", "abc")
    assert columns_of(staged.book.tables)["pieces"] == ("D", "数量")


def test_a_mended_cell_is_read_by_the_reader_of_the_book() -> None:
    cells = {"item": "K-2", "pieces": "12件/箱", "price": "３．５元"}
    line, told = read_again(cells, day=DAY, currency="CNY", row=3)
    assert line is not None
    assert (line.pieces, line.unit_price, told) == (12, "3.5", [])
    line, told = read_again({**cells, "pieces": "abc"}, day=DAY, currency="CNY", row=3)
    assert line is None
    assert [(one.rule, one.header, one.row) for one in told] == [("not_a_number", "pieces", 3)]
    assert [one.rule for one in read_again({}, day=DAY, currency="CNY", row=3)[1]] == ["order_sheet_row_empty"]
    assert read_again({"mark": "x"}, day=DAY, currency="CNY", row=3)[0] is None


def test_a_formula_that_nobody_computed_is_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["货号", "箱数", "装箱量", "总数量", "单价"])
    book.active.append(["K-1", 5, 120, "=B2*C2", 3.2])
    book.save(tmp_path / "a.xlsx")
    (row,), _ = raw_rows(read_wishes(tmp_path / "a.xlsx", day=DAY))
    assert row.line is not None
    assert row.line.pieces == 600


@pytest.mark.parametrize("name", ["bomb", "docx", "locked", "text"])
def test_what_is_no_book_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    if name == "bomb":
        with ZipFile(path, "w", compression=8) as package:
            package.writestr("[Content_Types].xml", "<Types/>")
            package.writestr("xl/workbook.xml", b"0" * 60_000_000)
        rule = "book_is_bomb"
    elif name == "docx":
        with ZipFile(path, "w") as package:
            package.writestr("word/document.xml", "<w/>")
        rule = "not_a_workbook"
    elif name == "locked":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))
        rule = "book_locked"
    else:
        path.write_text("hello")
        rule = "not_a_workbook"
    with pytest.raises(UnusableInput) as refusal:
        read_wishes(path, day=DAY)
    assert refusal.value.rule == rule


def test_letters_tell_some_languages() -> None:
    assert [script_of(text) for text in ("杯", "كوب", "чашка", "cup")] == ["zh", "ar", "ru", ""]
    assert len(set(FIELDS)) == len(FIELDS)


def test_a_range_merged_over_two_columns_is_a_figure_of_its_first_alone() -> None:
    """600 pieces, merged with the price beside them, are no price of 600; down its own column a merged price holds."""
    merged = grid(HEAD, ("1205", "K-1", "杯", 600.0), ("1205", "K-2", "碗", 600.0, 3.2), ("1205", "K-3", "盘", 600.0))
    merged.cells[4].pop(3)
    merged.merged = [(2, 3, 4, 4), (3, 4, 4, 4)]
    book = understand_wishes("a", [merged], OPTIONS)
    assert [(line.item, line.unit_price) for line in book.lines if line.unit_price == "600"] == []
    priced = grid(HEAD, ("1205", "K-1", "杯", 600.0, 3.2), ("1205", "K-2", "碗", 700.0))
    priced.merged = [(2, 4, 3, 4)]
    assert [line.unit_price for line in understand_wishes("a", [priced], OPTIONS).lines] == ["3.2", "3.2"]


def test_a_letter_that_no_database_keeps_is_in_no_cell(tmp_path: Path) -> None:
    """`_x0000_` in a workbook is NUL; written as it stands (`_x005F_x0000_`) it is text."""
    path = tmp_path / "wishes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("1205", "K-1", "红 QQQ 杯", 600, 3.2))
        sheet.write_row(2, 0, ("1205", "K-2", "QQQ", "QQQ", 3.2))
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data.replace(b"QQQ", b"_x0000_!\\u0000"))
    staged = read_wishes(path, day=DAY)
    rows, problems = raw_rows(staged)
    assert "\0" not in repr([*rows, *problems]).replace("\\x00", "\0")
    assert rows[0].cells["name"] == "红 !\\u0000 杯"
