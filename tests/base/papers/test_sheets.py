"""Sheets read back: text stays text, a blank stays a blank, and every sum is a formula beside its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from sundry.base.papers.sheets import (
    MISSING,
    Column,
    Kind,
    Partial,
    Row,
    Sheet,
    Subtotal,
    cubic_metres,
    display_width,
    dollars,
    kilograms,
    kilograms_together,
    label,
    sentence,
    unit_label,
    workbook,
)

DAY = date(2026, 4, 20)
YELLOW = "FFFFE699"
COLUMNS = (
    Column("paper_stall", 12),
    Column("paper_cartons", 8, Kind.WHOLE, summed=True),
    Column("paper_gross_kg", 8, Kind.KG, summed=True),
    Column("", 3),
    Column("paper_remark", 10),
)


@contextmanager
def sheet_at(path: Path, columns: Sequence[Column] = COLUMNS, language: str = "en") -> Iterator[Sheet]:
    with workbook(path, title="Paper", day=DAY) as book:
        yield book.sheet("One", columns, language)


def table(path: Path, rows: Sequence[Row], **options: Any) -> tuple[Any, Any]:
    """(the sheet with formulas, with the values beside them) of a table that starts in the first row."""
    with sheet_at(path) as sheet:
        sheet.table(rows, **options)
    return openpyxl.load_workbook(path)["One"], openpyxl.load_workbook(path, data_only=True)["One"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "paper.xlsx"


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "=1+1",
        "+1",
        "-x",
        "@SUM(A1)",
        "\t=1+1",
        "{=1+1}",
        "007",
        "1.50",
        "1e5",
        "https://example.org",
        "mailto:a@example.org",
        "TRUE",
        "#N/A",
        " two  spaces ",
        "两\n行",
        "<b>&amp;</b>",
    ],
)
def test_text_is_the_text_it_was(path: Path, text: str) -> None:
    formulas, values = table(path, [[text, 1, Decimal(1), None, ""]])
    assert formulas["A2"].value == values["A2"].value == text
    assert formulas["A2"].data_type == "s"
    assert formulas["A2"].hyperlink is None
    assert formulas["A2"].quotePrefix == (text[0] in "=+-@\t")


def test_a_text_longer_than_a_cell_is_cut_visibly(path: Path) -> None:
    formulas, _ = table(path, [["=" + "长" * 40_000, 1, Decimal(1), None, ""]])
    assert len(formulas["A2"].value) == 32_767
    assert formulas["A2"].value.endswith("长…")
    assert formulas["A2"].data_type == "s"


def test_a_sum_is_a_formula_with_its_exact_value_beside_it(path: Path) -> None:
    """0.1 + 0.2 is 0.3 here, and not 0.30000000000000004."""
    formulas, values = table(path, [["A", 1, Decimal("0.1"), None, ""], ["B", 2, Decimal("0.2"), None, "x"]])
    assert [formulas[cell].value for cell in ("A4", "B4", "C4")] == ["Total 合计", "=SUM(B2:B3)", "=SUM(C2:C3)"]
    assert [values[cell].value for cell in ("B4", "C4", "D4", "E4")] == [3, 0.3, None, None]
    assert values["C2"].number_format == values["C4"].number_format == "#,##0.000"
    assert values["C4"].fill.fgColor.rgb != YELLOW


def test_subtotals_are_not_counted_twice(path: Path) -> None:
    rows: list[Row] = [
        ["A", 1, Decimal(1), None, ""],
        ["B", 2, Decimal(2), None, ""],
        Subtotal("A and B", 2),
        ["C", 4, Decimal(4), None, ""],
        Subtotal("C", 1),
        Subtotal("all", 5),
    ]
    formulas, values = table(path, rows, nested=True)
    sums = {row: (formulas[f"B{row}"].value, values[f"B{row}"].value) for row in (4, 6, 7, 8)}
    assert sums == {
        4: ("=SUBTOTAL(9,B2:B3)", 3),
        6: ("=SUBTOTAL(9,B5)", 4),
        7: ("=SUBTOTAL(9,B2:B6)", 7),
        8: ("=SUBTOTAL(9,B2:B7)", 7),
    }
    assert [formulas[f"A{row}"].value for row in (4, 6, 7)] == ["A and B", "C", "all"]


def test_what_is_missing_is_a_marked_blank_and_marks_its_sum(path: Path) -> None:
    formulas, values = table(path, [["A", 1, Decimal("0.1"), None, ""], ["B", 2, MISSING, None, MISSING]])
    assert values["C3"].value is None
    assert values["E3"].value is None
    marked = [cell.coordinate for row in values.iter_rows() for cell in row if cell.fill.fgColor.rgb == YELLOW]
    assert marked == ["C3", "E3", "C4"]
    assert (formulas["C4"].value, values["C4"].value) == ("=SUM(C2:C3)", 0.1)


def test_a_partly_known_number_is_marked_and_counts(path: Path) -> None:
    _, values = table(path, [["A", 1, Partial(Decimal("0.1")), None, ""], ["B", 2, Decimal("0.2"), None, ""]])
    assert [(values[cell].value, values[cell].fill.fgColor.rgb == YELLOW) for cell in ("C2", "C3", "C4")] == [
        (0.1, True),
        (0.2, False),
        (0.3, True),
    ]


def test_the_sum_of_nothing_known_is_empty_until_something_is(path: Path) -> None:
    formulas, values = table(path, [["A", 1, MISSING, None, ""], ["B", 2, MISSING, None, ""]])
    assert formulas["C4"].value == '=IF(COUNT(C2:C3)=0,"",SUM(C2:C3))'
    assert values["C4"].value is None
    assert values["C4"].fill.fgColor.rgb == YELLOW
    assert values["B4"].value == 3


def test_a_subtotal_is_empty_where_its_own_rows_are_unknown(path: Path) -> None:
    rows: list[Row] = [["A", 1, MISSING, None, ""], Subtotal("A", 1), ["B", 2, Decimal(2), None, ""], Subtotal("B", 1)]
    formulas, values = table(path, rows, nested=True)
    assert formulas["C3"].value == '=IF(SUBTOTAL(2,C2)=0,"",SUBTOTAL(9,C2))'
    assert [values[f"C{row}"].value for row in (3, 5, 6)] == [None, 2, 2]
    assert [values[f"C{row}"].fill.fgColor.rgb == YELLOW for row in (3, 5, 6)] == [True, False, True]


def test_an_unknown_without_a_mark_does_not_blank_the_sum(path: Path) -> None:
    _, values = table(path, [["A", None, Decimal(1), None, ""]])
    assert values["B2"].value is None
    assert values["B3"].value == 0
    assert values["B3"].fill.fgColor.rgb != YELLOW


def test_a_table_without_rows_has_its_header_and_zeros(path: Path) -> None:
    formulas, values = table(path, [])
    assert formulas["A1"].value == "Stall\n档口"
    assert [values[cell].value for cell in ("A2", "B2", "C2")] == ["Total 合计", 0, 0]
    assert formulas["B2"].data_type == "n"


def test_a_gap_stands_above_the_total(path: Path) -> None:
    formulas, _ = table(path, [["A", 1, Decimal(1), None, ""]], gap=2)
    assert [formulas[f"A{row}"].value for row in (2, 3, 4, 5)] == ["A", None, None, "Total 合计"]
    assert formulas["B5"].value == "=SUM(B2)"


def test_a_table_may_do_without_a_total(path: Path) -> None:
    formulas, _ = table(path, [["A", 1, Decimal(1), None, ""]], total=False)
    assert formulas.max_row == 2


def test_no_text_is_an_empty_cell(path: Path) -> None:
    formulas, _ = table(path, [["A", 1, Decimal(1), None, ""]])
    assert formulas["E2"].value is None
    assert formulas["E2"].border.left.style == "thin"
    assert formulas["D2"].border.left.style is None


def test_a_column_grows_with_its_numbers_and_a_row_with_its_texts(path: Path) -> None:
    formulas, _ = table(path, [["A", 1, Decimal("12345678.9"), None, "one two three\nfour"]])
    assert formulas.column_dimensions["C"].width > len("12,345,678.900")
    assert formulas.column_dimensions["B"].width < 10
    assert formulas.row_dimensions[2].height == pytest.approx(2 + 14 * 3, abs=0.5)  # of three lines


def test_the_header_stays_in_sight_and_on_every_printed_page(path: Path) -> None:
    with sheet_at(path) as sheet:
        sheet.title("Title")
        sheet.space()
        sheet.table([["A", 1, Decimal(1), None, ""]])
    page = openpyxl.load_workbook(path)["One"]
    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$3:$3"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0  # as many pages as it takes, one wide


def test_a_footer_may_hold_an_ampersand(path: Path) -> None:
    with workbook(path, title="Amal & Sons", day=DAY) as book:
        book.sheet("One", COLUMNS, "en")
    with ZipFile(path) as parts:
        assert "Amal &amp;&amp; Sons" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_facts_stand_two_in_a_row_and_an_empty_one_is_to_fill_in(path: Path) -> None:
    with sheet_at(path) as sheet:
        sheet.facts([("paper_date", "2026-04-20"), ("paper_buyer", ""), ("paper_marks", "=1+1")])
    page = openpyxl.load_workbook(path)["One"]
    texts = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]
    assert texts == [
        ["Date 日期", "2026-04-20", "Buyer 采购商", "________ to fill in / 待填写"],
        ["Shipping marks 唛头", "=1+1"],
    ]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value == "=1+1"} == {"s"}
    blank = [cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("____")]
    assert [cell.fill.fgColor.rgb for cell in blank] == [YELLOW]


def test_a_note_takes_the_whole_width_and_as_many_lines_as_it_needs(path: Path) -> None:
    with sheet_at(path) as sheet:
        sheet.note("字" * 50)
    page = openpyxl.load_workbook(path)["One"]
    assert [str(merged) for merged in page.merged_cells.ranges] == ["A1:E1"]
    assert page.row_dimensions[1].height == pytest.approx(4 + 14 * 3, abs=0.5)  # 100 digits over 41 - 1


def test_a_column_of_the_platform_is_chinese_alone_with_the_english_beside_it(path: Path) -> None:
    with sheet_at(path, [Column("networked_stall", 10, platform=True), Column("paper_cartons", 8)]) as sheet:
        sheet.table([], total=False)
    page = openpyxl.load_workbook(path)["One"]
    assert page["A1"].value == "商户"
    assert page["A1"].comment.text == "Stall"
    assert page["B1"].comment is None


def test_labels_and_sentences_stand_in_both_languages_the_chosen_first() -> None:
    assert label("paper_cartons", "en") == "Cartons\n箱数"
    assert label("paper_cartons", "zh", " / ") == "箱数 / Cartons"
    assert sentence("form_cartons", "zh", count=3) == "3 箱\n3 cartons"


def test_a_unit_without_a_word_of_ours_stands_as_the_book_says_it() -> None:
    assert unit_label("pair", "en") == "pair 双"
    assert unit_label("捆", "en") == "捆"


def test_units_are_exact() -> None:
    assert kilograms(1) == Decimal("0.001")
    assert kilograms(0) == 0
    assert kilograms(None) is MISSING
    assert cubic_metres(66_042_770) == Decimal("0.06604277")
    assert dollars(15_000_001) == Decimal("150000.01")


def test_kilograms_together_know_what_they_lack() -> None:
    assert kilograms_together([100, 200]) == Decimal("0.3")
    assert kilograms_together([100, None]) == Partial(Decimal("0.1"))
    assert kilograms_together([0, None]) == Partial(Decimal(0))
    assert kilograms_together([None, None]) is MISSING
    assert kilograms_together([]) == 0


def test_a_chinese_character_is_as_wide_as_two_digits() -> None:
    assert display_width("a箱\n箱箱") == 4


def test_the_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    rows: list[Row] = [["A", 1, Decimal(1), None, ""]]
    table(tmp_path / "first.xlsx", rows)
    table(tmp_path / "second.xlsx", rows)
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_a_fault_on_the_way_leaves_no_file(path: Path) -> None:
    with pytest.raises(ValueError, match="half-way"), sheet_at(path):
        raise ValueError("half-way")
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"), sheet_at(tmp_path / "nowhere" / "paper.xlsx") as sheet:
        sheet.title("Title")
