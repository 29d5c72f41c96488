"""The reader understands the order books of other offices as a careful person does, and refuses what is no book.

Every field that a book's truth states is compared, and which rows are set aside, and where each mistake is found.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from books import abroad, bad, chinese, offices, structure
from books.truth import Book

from sundry.goods.orders.formats.opening import read_workbook
from sundry.goods.orders.queries import read_orders
from sundry.goods.orders.reading.book import ReadOptions, understand
from sundry.goods.orders.rules import OrderBook
from sundry.kernel.errors import UnusableInput

DAY = date(2026, 4, 11)
BOOKS = (*chinese.BOOKS, *abroad.BOOKS, *structure.BOOKS, *offices.BOOKS)


def read(path: Path) -> OrderBook:
    """The book, read in this process: quick, and a fault shows its traceback."""
    _kind, grids = read_workbook(path)
    return understand(path.name, grids, ReadOptions(day=DAY))


def disagreements(truth: Book, got: OrderBook) -> list[str]:
    """One sentence for each thing that the reader understood otherwise."""
    found = []
    lines = {(line.sheet, line.row): line for line in got.lines}
    for wanted in truth.lines:
        place = (wanted["sheet"], wanted["row"])
        line = lines.pop(place, None)
        if line is None:
            found.append(f"{place} is no line")
            continue
        said = line.to_json() | {"pictured": bool(line.picture)}
        if line.carton_mm_from == "default_box":
            said["carton_mm"] = None
        found += [
            f"{place} {key}: {said[key]!r} and not {value!r}" for key, value in wanted.items() if said[key] != value
        ]
    found += [f"{place} is a line" for place in lines]
    errors = {(wrong["sheet"], wrong["row"]) for wrong in truth.mistakes if wrong["severity"] == "error"}
    aside = {(row.sheet, row.row) for row in got.set_aside}
    found += [f"{place} is not set aside" for place in errors - aside]
    found += [f"{place} is set aside" for place in aside - errors]
    told = {(f.sheet, f.row, " ".join(f.header.split()), str(f.severity)) for f in got.findings}
    for wrong in truth.mistakes:
        if (wrong["sheet"], wrong["row"], wrong["column_header"], wrong["severity"]) not in told:
            found.append(f"({wrong['sheet']!r}, {wrong['row']}) nobody says: {wrong['why']}")
    return found


@pytest.mark.parametrize("build", BOOKS, ids=lambda build: build.__name__)
def test_a_book_is_understood(build: Callable[[Path], Book], tmp_path: Path) -> None:
    if build in (structure.old_excel_by_the_dozen, offices.old_excel_with_formulas):
        pytest.importorskip("xlwt")
    truth = build(tmp_path)
    assert disagreements(truth, read(truth.path)) == []


@pytest.mark.parametrize("suffix", [".xlsm", ".XLSX", ".xls"])
def test_the_name_of_a_file_does_not_matter(suffix: str, tmp_path: Path) -> None:
    truth = chinese.header_under_a_long_letterhead(tmp_path)
    renamed = truth.path.rename(truth.path.with_suffix(suffix))
    assert disagreements(truth, read(renamed)) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_book_says_the_same_as_ods_and_xls(tmp_path: Path) -> None:
    builders = (chinese.header_under_a_long_letterhead, chinese.one_item_over_several_rows, structure.collapsed_groups)
    truths = [build(tmp_path) for build in builders]
    for kind in ("ods", "xls"):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / kind)]
        subprocess.run(command + [str(truth.path) for truth in truths], check=True, capture_output=True, timeout=100)
        for truth in truths:
            got = read(tmp_path / kind / truth.path.with_suffix("." + kind).name)
            assert disagreements(truth, got) == []


@pytest.mark.parametrize("build", bad.REFUSED, ids=lambda build: build.__name__)
def test_what_is_no_workbook_is_refused_by_name(build: Callable[[Path], Path], tmp_path: Path) -> None:
    path = build(tmp_path)
    with pytest.raises(UnusableInput) as refusal:
        read_orders(path, day=DAY)
    assert path.name in refusal.value.message("en")
    assert path.name in refusal.value.message("zh")


@pytest.mark.parametrize("build", bad.WITHOUT_LINES, ids=lambda build: build.__name__)
def test_a_workbook_without_an_order_gives_no_line(build: Callable[[Path], Path], tmp_path: Path) -> None:
    got = read(build(tmp_path))
    assert got.lines == ()
    assert any(finding.rule == "no_lines_found" for finding in got.findings)


def test_a_bomb_whose_directory_lies_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput):
        read_orders(bad.zip_bomb(tmp_path, honest=False), day=DAY)


def test_a_sheet_cannot_fetch_a_file_of_this_machine(tmp_path: Path) -> None:
    got = read_orders(bad.entity_from_outside(tmp_path), day=DAY)
    assert got.lines == ()
    assert "SECRET" not in str(got)
