"""The books themselves: every filled row has exactly one meaning, and the bad files are as bad as they say."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from books import abroad, bad, chinese, offices, structure
from books.large import large_book
from books.truth import Book
from python_calamine import CalamineWorkbook

BOOKS = (*chinese.BOOKS, *abroad.BOOKS, *structure.BOOKS, *offices.BOOKS)


def filled_rows(path: Path) -> set[tuple[str, int]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader, filled, line = csv.reader(file, delimiter=";"), set(), 1
            for cells in reader:
                filled |= {("", line)} if any(cells) else set()
                line = reader.line_num + 1
            return filled
    if path.suffix == ".xls":
        book = CalamineWorkbook.from_path(path)
        return {
            (name, number)
            for name in book.sheet_names
            for number, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
            if any(cell != "" for cell in cells)
        }
    return {
        (sheet.title, cells[0].row)
        for sheet in openpyxl.load_workbook(path)
        for cells in sheet.iter_rows()
        if any(cell.value is not None for cell in cells)
    }


@pytest.mark.parametrize("build", BOOKS, ids=lambda build: build.__name__)
def test_every_row_has_one_meaning(build: Callable[[Path], Book], tmp_path: Path) -> None:
    if build in (structure.old_excel_by_the_dozen, offices.old_excel_with_formulas):
        pytest.importorskip("xlwt")
    book = build(tmp_path)
    told = Counter((line["sheet"], line["row"]) for line in (*book.lines, *book.not_lines))
    told.update({(wrong["sheet"], wrong["row"]) for wrong in book.mistakes if wrong["severity"] == "error"})
    assert set(told) == filled_rows(book.path)
    assert set(told.values()) == {1}


@pytest.mark.parametrize("build", BOOKS, ids=lambda build: build.__name__)
def test_a_book_says_what_is_odd_about_it(build: Callable[[Path], Book]) -> None:
    assert build.__doc__
    assert len(build.__doc__) > 30


def test_the_bomb_is_small_outside_and_huge_inside(tmp_path: Path) -> None:
    path = bad.zip_bomb(tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
        assert sheet.file_size == 1 << 30
        with archive.open(sheet) as content:
            assert content.read(4096) == b" " * 4096
    assert path.stat().st_size < 2_000_000


def test_the_lying_bomb_says_that_it_is_small(tmp_path: Path) -> None:
    with zipfile.ZipFile(bad.zip_bomb(tmp_path, honest=False)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
        assert sheet.file_size == 900
        assert sheet.compress_size > 1_000_000


def test_the_locked_book_is_what_excel_writes_with_a_password(tmp_path: Path) -> None:
    data = bad.locked_by_password(tmp_path).read_bytes()
    assert data.startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert "EncryptedPackage".encode("utf-16-le") in data


def test_a_large_book_holds_what_it_promises(tmp_path: Path) -> None:
    expected = large_book(tmp_path / "large.xlsx", 500)
    rows = CalamineWorkbook.from_path(tmp_path / "large.xlsx").get_sheet_by_index(0).to_python()
    assert len(rows) == expected.lines + 2
    assert sum(row[4] for row in rows[1:-1]) == expected.cartons == rows[-1][4]
    assert round(sum(row[8] for row in rows[1:-1]) * 100) == expected.value_minor
