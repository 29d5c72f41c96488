"""Excel, and LibreOffice, read the figures as they were printed, and nothing of a page is carried out."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from sundry.engines.reading.model import BasisSource, Bound, Type
from sundry.insight.observatory.formats import statements_xlsx
from sundry.insight.observatory.formats.statements_xlsx import BOUND_SIGNS, write_workbook
from sundry.insight.observatory.rules import Actuality
from sundry.kernel.messages import LANGUAGES, render

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://a.example", "0012", "a\x01b", "货款 ٣ <b>&", "x" * 40_000)


def workbook(statements: Iterable[Any], observations: Iterable[Any] = (), language: str = "en") -> BytesIO:
    file = BytesIO()
    about: Any = {"market": "https://market.example", "language": language, "now": NOW}
    write_workbook(file, statements=statements, observations=observations, **about)
    return file


def rows(file: BytesIO, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the heads of its columns, as a program reads them."""
    book = CalamineWorkbook.from_filelike(BytesIO(file.getvalue()))
    head, *body = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_a_statement_stands_as_it_was_printed(said: Any) -> None:
    [row] = rows(workbook([said(corrected_by="Wang Li", corrected=("indicator", "period"))]), "Statements")
    assert (row["Page"], row["Issue date"]) == ("lakeside-0411.txt", date(2026, 4, 11))
    assert (row["Indicator"], row["Indicator in English"], row["Key of the indicator"]) == (
        "外贸出口额",
        "Exports",
        "exports",
    )
    assert (row["Region"], row["Code of the region"]) == ("湖滨县", "990100")
    assert (row["Period"], row["First day"], row["Last day"]) == ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))
    assert (row["Kind of figure"], row["Bound"]) == ("Level", ">")
    assert (row["Value"], row["Lower end"], row["Upper end"], row["Unit"]) == (12.5, 12.5, "", "亿元")
    assert (row["Value in the base unit"], row["Base unit"]) == (1_250_000_000.0, "元")
    assert (row["Price basis"], row["Basis known from"]) == ("Nominal", "By convention")
    assert (row["Marks"], row["Confidence"]) == ("cumulative, approximate:突破", 0.94)
    assert (row["Corrected by"], row["Corrected fields"]) == ("Wang Li", "indicator, period")
    assert row["Id of the statement"] == str(UUID(int=1))


def test_a_figure_keeps_the_decimals_that_were_printed(said: Any) -> None:
    sheet = openpyxl.load_workbook(workbook([said(), said(value=Decimal(300), decimals=0)])).worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Value") + 1
    assert [(sheet.cell(row, column).value, sheet.cell(row, column).number_format) for row in (2, 3)] == [
        (12.5, "#,##0.00"),
        (300, "#,##0"),
    ]


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("999999999999999", 999_999_999_999_999.0),
        ("1000000000000001", "1000000000000001"),  # a float would be read as another number
        ("-0.1234567890123456", "-0.1234567890123456"),
        ("10000000000000000000000000", "1" + "0" * 25),
    ],
)
def test_a_figure_is_exact(said: Any, number: str, read: Any) -> None:
    [row] = rows(workbook([said(value=Decimal(number))]), "Statements")
    assert row["Value"] == read


def test_what_was_not_printed_is_empty(said: Any) -> None:
    bare = said(
        **dict.fromkeys(("value", "low", "high", "base_value", "issued", "period", "starts_on", "ends_on", "basis")),
        region_code=None,
        region="",
        indicator_key="",
        basis_source=BasisSource.UNKNOWN,
    )
    [row] = rows(workbook([bare]), "Statements")
    empty = {name for name, cell in row.items() if cell == ""}
    assert {"Value", "Lower end", "Upper end", "Issue date", "Period", "First day", "Price basis", "Region"} <= empty
    assert row["Basis known from"] == "Unknown"


def test_the_sentence_has_its_quoted_words_in_bold(said: Any) -> None:
    file = workbook([said()])
    sheet = openpyxl.load_workbook(file, rich_text=True)["Quotations"]
    cell = sheet.cell(2, 4).value
    assert isinstance(cell, CellRichText)
    assert str(cell) == said().context
    assert [part.text for part in cell if not isinstance(part, str) and part.font.b] == ["一季度", "突破12.50亿元"]
    [row] = rows(file, "Quotations")
    assert (row["Quoted words"], row["Characters from–to"]) == ("一季度突破12.50亿元", "106-109; 113-122")
    assert row["Citation"] == "lakeside-0411.txt, 2026-04-11, char=106,122"
    assert row["Address"] == f"https://market.example/observatory/pages/{UUID(int=77)}/#char=106,122"


@pytest.mark.parametrize(
    ("context", "start", "spans"),
    [
        ("增长8.1%", 50, ((50, 56),)),  # the whole sentence
        ("增长8.1%", 50, ((10, 20),)),  # said elsewhere, as a headline
        ("", 50, ((50, 56),)),
        ("增长8.1%", 50, ((48, 54),)),  # begins before the sentence was cut off
        ("长" * 40_000, 0, ((3, 5),)),
        ("=长8.1%", 50, ((51, 56),)),
    ],
)
def test_a_sentence_is_written_whatever_is_marked_in_it(said: Any, context: str, start: int, spans: Any) -> None:
    [row] = rows(workbook([said(context=context, context_start=start, spans=spans)]), "Quotations")
    assert row["Sentence"][:20] == context[:20]


def test_an_observation_says_which_statement_it_is_from(said: Any, seen: Any) -> None:
    early = seen(2, vintage=date(2026, 4, 9), value=Decimal(1_240_000_000), actuality=Actuality.PRELIMINARY)
    found = rows(workbook([], [(seen(1), said(1)), (early, said(2))]), "Observations")
    assert [(row["Vintage"], row["Value"], row["Actual or target"]) for row in found] == [
        (date(2026, 4, 11), 1_250_000_000.0, "Actual"),
        (date(2026, 4, 9), 1_240_000_000.0, "Preliminary"),
    ]
    assert (found[0]["Indicator"], found[0]["Region"], found[0]["Accumulation"]) == (
        "外贸出口额",
        "湖滨县",
        "Since January",
    )
    assert (found[0]["Bound"], found[0]["Said how often"], found[0]["Unit"]) == (">", 2.0, "元")
    assert found[0]["Citation"] == "lakeside-0411.txt, 2026-04-11, char=106,122"
    assert [row["Id of the statement"] for row in found] == [str(UUID(int=1)), str(UUID(int=2))]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(said: Any, text: str) -> None:
    one = said(page_name=text, indicator=text, subject=text, unit=text, quote=text, context=text, versus=text)
    for sheet in openpyxl.load_workbook(workbook([one])).worksheets[:2]:
        cells = [cell for row in sheet for cell in row if unescape(str(cell.value))[:3] == text[:3]]
        assert len(cells) >= 3
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
        assert not any(cell.hyperlink for cell in cells)
        named = [cell for cell in cells if cell.value != sheet.cell(1, cell.column).value]
        assert any(cell.quotePrefix for cell in named) == text.startswith(("=", "+", "-", "@", "\t"))
        assert all(len(cell.value) <= 32_767 for cell in cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words_and_its_direction(said: Any, seen: Any, language: str) -> None:
    book = openpyxl.load_workbook(workbook([said()], [(seen(), said())], language))
    titles = [
        render(f"observatory_sheet_{key}", language, {}) for key in ("statements", "quotes", "observations", "about")
    ]
    assert book.sheetnames == titles
    assert {bool(sheet.sheet_view.rightToLeft) for sheet in book} == {language == "ar"}
    for sheet in book.worksheets[:3]:
        heads = [cell.value for cell in sheet[1]]
        assert len(set(heads)) == len(heads)
    assert book.worksheets[0].cell(2, 12).value == render("observatory_sheet_type_level", language, {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_ours_has_another_text(language: str) -> None:
    for words in (Type, Actuality, BasisSource):
        key = {Type: "type", Actuality: "actuality", BasisSource: "source"}[words]
        assert len({render(f"observatory_sheet_{key}_{word}", language, {}) for word in words}) == len(words)
    assert len(set(BOUND_SIGNS.values())) == len(Bound)


def test_tables_can_be_filtered_and_keep_their_heads(said: Any, seen: Any) -> None:
    book = openpyxl.load_workbook(workbook([said(1), said(2)], [(seen(), said())]))
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:AA3", "A1:I3", "A1:W2", None]
    assert {sheet.freeze_panes for sheet in book.worksheets[:3]} == {"B2"}


def test_the_last_sheet_says_what_the_file_is(said: Any) -> None:
    sheet = openpyxl.load_workbook(workbook([said(1), said(2)])).worksheets[-1]
    told = {row[0].value: row[1].value for row in sheet}
    assert (told["Statements"], told["Observations"]) == ("2", "0")
    assert (told["Written at"], told["Times are those of"]) == ("2026-11-23 09:00:00", "Asia/Shanghai")
    assert told["Address of the market"] == "https://market.example"
    assert "evidence" in told["Rights"]


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements_xlsx, "ROWS_ON_A_SHEET", 10)
    file = workbook(said(number) for number in range(25))
    names = CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).sheet_names
    assert {f"{name}{end}" for name in ("Statements", "Quotations") for end in ("", " 2", " 3")} < set(names)
    found = [[row["Id of the statement"] for row in rows(file, f"Statements{end}")] for end in ("", " 2", " 3")]
    assert [len(part) for part in found] == [10, 10, 5]
    assert [one for part in found for one in part] == [str(UUID(int=number)) for number in range(25)]


def test_rows_are_not_kept(said: Any, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        with (tmp_path / "figures.xlsx").open("wb") as file:
            tracemalloc.start()
            about: Any = {"market": "https://market.example", "language": "en", "now": NOW, "observations": ()}
            write_workbook(file, statements=(said(number) for number in range(count)), **about)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    peak(10)  # what is made once
    assert peak(500) < peak(100) + 300_000  # 400 rows that are kept are more than a million bytes


def test_an_empty_export_is_a_workbook() -> None:
    assert [rows(workbook([]), name) for name in ("Statements", "Quotations", "Observations")] == [[], [], []]


def test_the_same_figures_give_the_same_bytes(said: Any) -> None:
    assert workbook([said()]).getvalue() == workbook([said()]).getvalue()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_suite_reads_the_same_figures(said: Any, seen: Any, tmp_path: Path) -> None:
    big = said(2, subject="=1+1", value=Decimal(2**62), bound=Bound.EQ, decimals=0)
    (tmp_path / "figures.xlsx").write_bytes(workbook([said(), big], [(seen(), said())], "ar").getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = ["soffice", profile, "--headless", "--convert-to", every_sheet, "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "figures.xlsx"], check=True, capture_output=True, timeout=90)

    def told(key: str) -> list[dict[str, str]]:
        name = render(f"observatory_sheet_{key}", "ar", {})
        with (tmp_path / f"figures-{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def head(key: str) -> str:
        return render(f"observatory_sheet_column_{key}", "ar", {})

    statements, quotes, observations = told("statements"), told("quotes"), told("observations")
    assert [row[head("value")] for row in statements] == ["12.5", "4611686018427387904"]
    assert [row[head("issued")] for row in statements] == ["2026-04-11"] * 2
    assert statements[1][head("subject")] == "=1+1"
    assert [row[head("sentence")] for row in quotes] == [said().context] * 2
    assert observations[0][head("value")] == "1250000000"
