"""The books of five offices, with the truth that another hand wrote: every line, value and mistake."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.orders.queries import read_orders, write_checked
from sundry.goods.orders.rules import OrderBook
from sundry.kernel.errors import UsageError
from sundry.kernel.findings import error

BOOKS = Path(__file__).parents[3].parent / "shared" / "data" / "workbooks"
TRUTHS = sorted(BOOKS.glob("*.truth.json"))
DAY = date(2026, 4, 20)
# What no cell of the book says (the box is ours), and what the truth leaves open.
OURS = {"carton_mm"}

pytestmark = pytest.mark.skipif(not TRUTHS, reason="the books of the five offices are not on this machine")


@pytest.fixture(scope="module", params=TRUTHS, ids=lambda path: path.name[:2])
def read(request: pytest.FixtureRequest) -> tuple[dict[str, Any], OrderBook]:
    truth = json.loads(request.param.read_text("utf-8"))
    return truth, read_orders(BOOKS / truth["file"], day=DAY)


def test_every_line_is_as_the_truth_says(read: tuple[dict[str, Any], OrderBook]) -> None:
    truth, book = read
    got = {(line.sheet, line.row): line.to_json() for line in book.lines}
    assert sorted(got) == sorted((line["sheet"], line["row"]) for line in truth["lines"])
    for line in truth["lines"]:
        mine = got[line["sheet"], line["row"]]
        for key, value in line.items():
            if key in OURS and value is None:
                assert mine["carton_mm_from"] in ("default_box", None)
            else:
                assert mine[key] == value, (line["row"], key)


def test_errors_set_aside_just_their_rows(read: tuple[dict[str, Any], OrderBook]) -> None:
    truth, book = read
    wrong = {(m["sheet"], m["row"]) for m in truth["mistakes"] if m["severity"] == "error"}
    assert {(aside.sheet, aside.row) for aside in book.set_aside} == wrong


def test_every_mistake_is_told_at_its_cell_and_no_other_row_is_blamed(read: tuple[dict[str, Any], OrderBook]) -> None:
    truth, book = read
    told = {(f.sheet, f.row, f.header, str(f.severity)) for f in book.findings}
    for mistake in truth["mistakes"]:
        assert (mistake["sheet"], mistake["row"], mistake["column_header"], mistake["severity"]) in told
    mistaken = {(m["sheet"], m["row"]) for m in truth["mistakes"]}
    headers = {(row["sheet"], row["row"]) for row in truth["not_lines"]}
    blamed = {(f.sheet, f.row) for f in book.findings if f.severity != "note"}
    assert blamed <= mistaken | headers


def test_the_sheets_own_totals_are_believed(read: tuple[dict[str, Any], OrderBook]) -> None:
    _, book = read
    assert not [finding for finding in book.findings if finding.rule == "total_disagrees"]


def test_a_checked_book_reads_as_the_book_itself(read: tuple[dict[str, Any], OrderBook], tmp_path: Path) -> None:
    truth, book = read
    first = book.lines[0]
    findings = [*book.findings, error("cartons_missing", sheet=first.sheet, row=first.row, column="A")]
    checked = tmp_path / "checked.xlsx"
    write_checked(BOOKS / truth["file"], checked, findings, language="zh")
    again = read_orders(checked, day=DAY)

    def said(of: OrderBook) -> list[dict[str, Any]]:
        return [{k: v for k, v in line.to_json().items() if k not in ("sheet", "picture")} for line in of.lines]

    assert said(again) == said(book)


def test_a_column_map_is_remembered_for_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUNDRY_DATA_DIR", str(tmp_path / "memory"))
    text = "Kodas,Prekė,Dėžės,Dėžėje,Kaina,Tūris\nK1,Puodelis,4,36,2.5,0.05\nK2,Lempa,3,20,11,0.06\n"
    book = tmp_path / "užsakymas.csv"
    book.write_text(text, "utf-8")
    unread = read_orders(book, day=DAY)
    assert not unread.lines
    assert any(f.rule == "header_not_found" and "Kodas" in f.value for f in unread.findings)
    columns = "{Kodas: item, Prekė: name, Dėžės: cartons, Dėžėje: pieces_per_carton, Kaina: price, Tūris: volume}"
    told = tmp_path / "map.yaml"
    told.write_text(f"header_row: 1\ncolumns: {columns}\n", "utf-8")
    named = read_orders(book, day=DAY, map_file=told)
    assert [(line.item, line.pieces, line.value_minor) for line in named.lines] == [
        ("K1", 144, 36000),
        ("K2", 60, 66000),
    ]
    later = tmp_path / "kitas.csv"
    later.write_text(text.replace("K1", "K9"), "utf-8")
    assert [line.item for line in read_orders(later, day=DAY).lines] == ["K9", "K2"]


def test_a_map_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("a,b\n1,2\n", "utf-8")
    told = tmp_path / "map.yaml"
    told.write_text("columns: {a: colour_of_lid}\n", "utf-8")
    with pytest.raises(UsageError, match="colour_of_lid"):
        read_orders(book, day=DAY, map_file=told)
