"""The books of five offices, with the truth that another hand wrote: every line, value and mistake."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from sundry.goods.orders.queries import (
    book_of_pasted,
    field_choices,
    header_key,
    known_fields,
    preview,
    read_orders,
    row_texts,
    write_checked,
)
from sundry.goods.orders.rules import Correction, OrderBook
from sundry.kernel.errors import UsageError
from sundry.kernel.findings import error
from sundry.kernel.messages import LANGUAGES, render

BOOKS = Path(__file__).parents[3].parent / "shared" / "data" / "workbooks"
TRUTHS = sorted(BOOKS.glob("*.truth.json"))
DAY = date(2026, 4, 20)
# What no cell of the book says (the box is ours), and what the truth leaves open.
OURS = {"carton_mm"}

NONE = pytest.param(None, marks=pytest.mark.skip(reason="the books of the five offices are not on this machine"))


@pytest.fixture(scope="module", params=TRUTHS or [NONE], ids=lambda path: path.name[:2] if path else "none")
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
    assert said(again) == said(book)


def said(book: OrderBook) -> list[dict[str, Any]]:
    """What the lines say; a checked copy has a sheet's name of its own, and no picture."""
    return [{k: v for k, v in line.to_json().items() if k not in ("sheet", "picture")} for line in book.lines]


def test_a_mended_book_reads_as_its_checked_copy(read: tuple[dict[str, Any], OrderBook], tmp_path: Path) -> None:
    """Cartons, prices and codes typed anew all over the book, with all formulas that hang on them."""
    truth, book = read
    source = BOOKS / truth["file"]
    typed = {"cartons": "7", "price": "2.50", "hs": "0912100000", "name": "杯 <b>&\"'", "item": ""}
    corrections = [
        Correction(line.sheet, line.row, place["column"], text)
        for number, line in enumerate(book.lines)
        for slot, text in typed.items()
        if number % len(typed) == list(typed).index(slot) and (place := book.cell(line, slot))["column"]
    ]
    mended = read_orders(source, day=DAY, remembered={}, corrections=corrections)
    checked = tmp_path / "checked.xlsx"
    write_checked(source, checked, mended.findings, language="es", corrections=corrections)
    again = read_orders(checked, day=DAY, remembered={})
    assert said(again) == said(mended) != said(book)
    assert sum(finding.rule == "cell_corrected" for finding in mended.findings) == len(corrections)
    left = [(f.rule, f.row, f.column, f.value) for f in mended.findings if f.rule != "cell_corrected"]
    assert sorted(left) == sorted((f.rule, f.row, f.column, f.value) for f in again.findings)


UNKNOWN = "Kodas,Prekė,Dėžės,Dėžėje,Kaina,Tūris\nK1,Puodelis,4,36,2.5,0.05\nK2,Lempa,3,20,11,0.06\n"
COLUMNS = {
    "Kodas": "item",
    "Prekė": "name",
    "Dėžės": "cartons",
    "Dėžėje": "pieces_per_carton",
    "Kaina": "price",
    "Tūris": "volume",
}


@pytest.fixture
def unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of which no word is known, and a memory that is empty."""
    monkeypatch.setenv("SUNDRY_DATA_DIR", str(tmp_path / "memory"))
    book = tmp_path / "užsakymas.csv"
    book.write_text(UNKNOWN, "utf-8")
    return book


def test_a_person_may_be_shown_the_rows_of_which_one_is_the_header(unknown: Path) -> None:
    (sheet,) = preview(unknown)
    assert (sheet.sheet, sheet.rows_used, sheet.header_row, sheet.likely_row, sheet.hidden) == ("", 3, 0, 1, False)
    assert sheet.rows[1].row == 2
    assert sheet.rows[1].cells[:3] == (("A", "K1"), ("B", "Puodelis"), ("C", "4"))


def test_a_map_may_come_as_data_and_nothing_is_written_down(unknown: Path, tmp_path: Path) -> None:
    told = {"columns": COLUMNS, "header_row": 1}
    book = read_orders(unknown, day=DAY, column_map=told, remembered={})
    assert [(line.item, line.pieces) for line in book.lines] == [("K1", 144), ("K2", 60)]
    assert not (tmp_path / "memory").exists()
    (table,) = book.tables
    assert table.key == header_key(list(COLUMNS))
    assert read_orders(unknown, day=DAY, remembered={table.key: {"columns": COLUMNS}}).lines == book.lines
    assert not read_orders(unknown, day=DAY, remembered={}).lines


def test_a_map_as_data_is_remembered_where_the_persons_own_memory_counts(unknown: Path) -> None:
    book = read_orders(unknown, day=DAY, column_map={"columns": COLUMNS, "header_row": 1})
    assert read_orders(unknown, day=DAY).lines == book.lines


def test_a_header_of_two_rows_is_remembered_too(unknown: Path) -> None:
    header = ["Kodas,Prekė,Dėžės,,Kaina,Tūris", "Nr,,vnt,dėžėje,EUR,m3"]
    unknown.write_text("\n".join([*header, "K1,Puodelis,4,36,2.5,0.05", "K2,Lempa,3,20,11,0.06"]), "utf-8")
    letters = dict(zip("ABCDEF", ("item", "name", "cartons", "pieces_per_carton", "price", "volume"), strict=True))
    book = read_orders(unknown, day=DAY, column_map={"columns": letters, "header_row": 1}, remembered={})
    assert [line.item for line in book.lines] == ["K1", "K2"]
    (table,) = book.tables
    assert table.header_row == 2
    assert read_orders(unknown, day=DAY, remembered={table.key: {"columns": letters}}).lines == book.lines


SENSELESS: list[dict[str, Any]] = [
    {},
    {"columns": []},
    {"columns": {"a": 1}},
    {"columns": {"a": "colour"}},
    {"columns": {"a": "item"}, "header_row": "1"},
]


@pytest.mark.parametrize("told", SENSELESS)
def test_a_senseless_map_is_refused(unknown: Path, told: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        read_orders(unknown, day=DAY, column_map=told, remembered={})
    with pytest.raises(UsageError):
        read_orders(unknown, day=DAY, remembered={"key": told})


def test_a_map_is_given_once(unknown: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="both"):
        read_orders(unknown, day=DAY, map_file=tmp_path / "map.yaml", column_map={"columns": COLUMNS})


def test_every_column_of_a_table_is_there_to_be_mapped(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    rows = ["货号,品名,箱数,Kiekis,单价,Spalva,", "K1,杯,4,36,2.5,red,x", "K2,灯,3,20,11,blue,", "K3,门,1,1,1,red,y"]
    book.write_text("\n".join(rows), "utf-8")
    (table,) = read_orders(book, day=DAY, remembered={}).tables
    seen = [(column.letter, column.header, column.slot) for column in table.seen]
    assert seen[:3] == [("A", "货号", "item"), ("B", "品名", "name"), ("C", "箱数", "cartons")]
    assert seen[3:] == [("D", "Kiekis", None), ("E", "单价", "price"), ("F", "Spalva", None), ("G", "", None)]
    assert table.seen[5].samples == ("red", "blue")
    assert table.seen[6].samples == ("x", "y")
    assert table.is_list


def test_a_table_that_lacks_a_column_is_shown_too(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("货号,品名,箱数,装箱数,Kaina\nK1,杯,4,36,2.5\n", "utf-8")
    unread = read_orders(book, day=DAY, remembered={})
    assert not unread.lines
    (table,) = unread.tables
    assert not table.is_list
    named = read_orders(book, day=DAY, column_map={"columns": {"E": "price"}}, remembered={})
    assert [line.unit_price for line in named.lines] == ["2.5"]


def test_dozens_may_be_told(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("货号,品名,箱数,Tuzinai,单价\nK1,杯,4,6,2.5\n", "utf-8")
    told = {"columns": {"Tuzinai": "dozens"}}
    (line,) = read_orders(book, day=DAY, column_map=told, remembered={}).lines
    assert line.pieces == 72


def test_the_fields_to_choose_from_stand_in_order_and_have_a_text() -> None:
    choices = field_choices()
    names = [choice.name for choice in choices]
    assert names[:4] == ["stall", "item", "name", "cartons"]
    assert names[-1] == "other"
    assert names.index("gross") + 2 == names.index("gross_total")
    assert set(names) < set(known_fields())
    for language in LANGUAGES:
        texts = [render(choice.text, language, {}) for choice in choices]
        assert len(set(texts)) == len(texts)


def test_rows_are_shown_as_a_person_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("订单")
    sheet.write_row(0, 0, ["摊位", "货号", "箱数", "单价", "金额"])
    sheet.merge_range(1, 0, 2, 0, "S-1")
    for row, cartons in ((1, 5), (2, 6)):
        sheet.write_row(row, 1, [f"K{row}", cartons, 2.5])
        sheet.write_formula(row, 4, f"=C{row + 1}*D{row + 1}", None, "")
    workbook.close()
    places = [("订单", 3), ("订单", 2), ("订单", 99), ("别的", 1), ("订单", 3)]
    rows = row_texts(path, places, corrections=[Correction("订单", 3, "C", "8")])
    assert set(rows) == {("订单", 2), ("订单", 3)}
    assert [text for _, text in rows["订单", 2].cells] == ["S-1", "K1", "5", "2.5", "12.5"]
    assert rows["订单", 3].cells == (("A", "S-1"), ("B", "K2"), ("C", "8"), ("D", "2.5"), ("E", "20"))


def test_a_correction_outside_of_the_book_is_refused_by_name(unknown: Path, tmp_path: Path) -> None:
    wrong = [Correction("", 9, "A", "1")]
    for ask in (
        lambda: read_orders(unknown, day=DAY, remembered={}, corrections=wrong),
        lambda: row_texts(unknown, [("", 1)], corrections=wrong),
        lambda: write_checked(unknown, tmp_path / "checked.xlsx", [], language="en", corrections=wrong),
    ):
        with pytest.raises(UsageError, match="A9"):
            ask()


def test_pasted_rows_are_read_as_a_book(tmp_path: Path) -> None:
    target = tmp_path / "pasted.xlsx"
    rows = [
        ("货号", "品名", "箱数", "装箱数", "单价", "HS编码"),
        ("001", "杯", "4", "36", "2,50", "0912100000"),
        ("002", "灯", "3", "20", "¥11", "9405"),
    ]
    assert book_of_pasted("\n".join("\t".join(row) for row in rows), target) == 3
    first, second = read_orders(target, day=DAY, remembered={}).lines
    assert (first.row, first.item, first.unit_price, first.hs) == (2, "001", "2.5", "0912100000")
    assert (second.item, second.unit_price) == ("002", "11")


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
