"""Rows copied from a sheet become a book that says the same."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sundry.goods.orders.formats import pasted
from sundry.goods.orders.formats.pasted import book_of_pasted
from sundry.goods.orders.formats.xlsx import read_xlsx
from sundry.kernel.errors import UnusableInput


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "pasted.xlsx"


def cells(path: Path) -> dict[int, list[object]]:
    """Row -> its cells, None where one is empty."""
    (grid,) = read_xlsx(path)
    return {
        row: [found.value if (found := grid.get(row, column)) else None for column in range(max(grid.cells[row]) + 1)]
        for row in grid.cells
    }


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_a_clipboard_is_read_cell_by_cell(book: Path, line_end: str) -> None:
    rows = [
        "货号\t品名\t箱数",
        'K1\t"big\ncup ""blue"""\t0012'.replace("\n", line_end),
        'K2\t5" plate\t3',
        'K3\t"good" cup\t1',
        "\t\t",
        "K4\t\t2.50",
    ]
    assert book_of_pasted(line_end.join(rows) + line_end, book) == 5
    assert cells(book) == {
        1: ["货号", "品名", "箱数"],
        2: ["K1", 'big\ncup "blue"', "0012"],  # one row, and its zeros are there
        3: ["K2", '5" plate', "3"],
        4: ["K3", '"good" cup', "1"],
        6: ["K4", None, "2.50"],
    }


def test_a_ditto_mark_swallows_no_row(book: Path) -> None:
    book_of_pasted('A\t杯\t1\n"\t"\t2\n"\t灯\t3\nB\t"\n"\t"', book)
    assert cells(book) == {1: ["A", "杯", "1"], 2: ['"', '"', "2"], 3: ['"', "灯", "3"], 4: ["B", '"'], 5: ['"', '"']}


def test_csv_is_read_as_csv(book: Path) -> None:
    book_of_pasted('item;name;price\nK1;"cup; blue";1,50\n', book)
    assert cells(book) == {1: ["item", "name", "price"], 2: ["K1", "cup; blue", "1,50"]}


def test_a_formula_and_a_control_character_are_only_text(book: Path) -> None:
    book_of_pasted("=cmd|' /C calc'!A0\ta\x00b\n", book)
    (grid,) = read_xlsx(book)
    assert grid.cells[1][0].formula is None
    assert cells(book) == {1: ["=cmd|' /C calc'!A0", "a\N{REPLACEMENT CHARACTER}b"]}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "pasted_empty"),
        (" \r\n\t\n", "pasted_empty"),
        ("a\tb\n" * (pasted.PASTED_ROWS_MAX + 1), "pasted_too_long"),
        ("x" * (pasted.PASTED_BYTES_MAX + 1), "pasted_too_large"),
        ("杯" * (pasted.PASTED_BYTES_MAX // 3 + 1), "pasted_too_large"),  # bytes count, not characters
        ("\t".join("a" * (pasted.PASTED_COLUMNS_MAX + 1)), "pasted_too_wide"),
        ("a\t" + "x" * (pasted.CELL_CHARACTERS_MAX + 1), "pasted_too_wide"),
        ('"' + "x," * 100_000, "pasted_too_wide"),
    ],
)
def test_what_is_no_paste_is_refused_and_leaves_nothing(book: Path, text: str, rule: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        book_of_pasted(text, book)
    assert refused.value.rule == rule
    assert not book.exists()


def test_as_many_rows_as_allowed_are_taken(book: Path) -> None:
    assert book_of_pasted("a\tb\n" * pasted.PASTED_ROWS_MAX, book) == pasted.PASTED_ROWS_MAX


@pytest.mark.parametrize("line", ['"' + '""' * 100 + '"x', '"', '""', '"x"y', '"' * 333])
def test_nothing_but_quotes_takes_no_time(book: Path, line: str) -> None:
    text = "\t\n" + "\n".join([line] * min(19_000, 4_000_000 // len(line)))
    started = time.process_time()
    book_of_pasted(text, book)
    assert time.process_time() - started < 10  # seconds; searched again and again it would be minutes
