"""Her own book with the findings marked: everything else is as it was, marks do not pile up, texts stay texts."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from sundry.goods.orders.formats.checked_book import FINDINGS_SHEET_PREFIX, write_checked_book, write_checked_from_grid
from sundry.goods.orders.formats.grid import Cell, CellError, Grid
from sundry.goods.orders.formats.xlsx import read_xlsx
from sundry.goods.orders.reading.corrections import corrected_cells
from sundry.goods.orders.rules import Correction
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, error, note, warning

FINDINGS = (
    error("cartons_missing", sheet="订单", row=3, column="C", header="箱数"),
    warning("price_zero", sheet="订单", row=2, column="D", header="单价", value="0"),
    note("row_struck_through", sheet="订单", row=4, value="<b>&\"'"),
    warning("hs_missing_everywhere", sheet="订单", row=1),
    warning("profile_incomplete", details={"fields": "buyer"}),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A sheet with a picture, a comment and a fill of her own, a kept formula value, and a second sheet."""
    path = tmp_path / "hers.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("订单")
    navy = workbook.add_format({"bg_color": "#102040", "font_color": "#FFFFFF"})
    sheet.write_row(0, 0, ["货号", "品名", "箱数", "单价"])
    sheet.write_row(1, 0, ["K1", "杯", 5])
    sheet.write_number(1, 3, 0, navy)
    sheet.write_formula(1, 4, "=C2*2", None, 10)
    sheet.write_row(2, 0, ["K2", "灯"])
    sheet.write_row(3, 0, ["K3", "门"])
    sheet.write_comment(1, 3, "ask Wang", {"author": "Li"})
    png = BytesIO()
    Picture.new("RGB", (6, 6), (200, 30, 30)).save(png, "PNG")
    sheet.insert_image(1, 5, "cup.png", {"image_data": png})
    workbook.add_worksheet("别的").write(0, 0, "untouched")
    workbook.close()
    return path


def opened(path: Path, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=values)


def marked(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    """Cell -> (fill, comment) of every cell with a comment of ours."""
    return {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.comment.text)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and "Sundry" in (cell.comment.author or "") + cell.comment.text
    }


def test_each_finding_stands_at_its_cell_and_in_the_list(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    write_checked_book(book, target, FINDINGS, language="en")
    workbook = opened(target)
    sheet = workbook["订单"]
    for reference, words in (("C3", "cartons is missing"), ("D2", "price is 0"), ("A4", "struck through")):
        assert words in sheet[reference].comment.text
        assert sheet[reference].fill.patternType == "solid"
    assert sheet["C3"].fill.fgColor.rgb != sheet["D2"].fill.fgColor.rgb != sheet["A4"].fill.fgColor.rgb
    (listed,) = (name for name in workbook.sheetnames if name.startswith(FINDINGS_SHEET_PREFIX))
    texts = [str(cell.value) for row in workbook[listed].iter_rows() for cell in row if cell.value]
    for finding in FINDINGS:
        assert finding.message("en") in texts


def test_everything_else_is_as_it_was(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    write_checked_book(book, target, FINDINGS, language="zh")
    sheet = opened(target, values=True)["订单"]
    assert sheet["E2"].value == 10  # the formula's kept value
    assert opened(target)["订单"]["E2"].value == "=C2*2"
    assert len(sheet._images) == 1
    assert "ask Wang" in sheet["D2"].comment.text  # her comment and ours in one
    assert opened(target)["别的"]["A1"].value == "untouched"
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(target) as after:
        picture = next(name for name in before.namelist() if name.endswith(".png"))
        assert before.read(picture) == after.read(picture)
        assert after.testzip() is None


def test_checked_twice_is_checked_once(book: Path, tmp_path: Path) -> None:
    once, twice, clean = (tmp_path / name for name in ("once.xlsx", "twice.xlsx", "clean.xlsx"))
    write_checked_book(book, once, FINDINGS, language="en")
    write_checked_book(once, twice, FINDINGS[:1], language="en")
    sheet = opened(twice)["订单"]
    assert set(marked(sheet)) == {"C3"}
    assert sheet["D2"].fill.fgColor.rgb == "FF102040"  # her navy is back
    assert sheet["D2"].comment.text.strip().endswith("ask Wang")
    assert sum(name.startswith(FINDINGS_SHEET_PREFIX) for name in opened(twice).sheetnames) == 1
    write_checked_book(twice, clean, (), language="en")
    assert not marked(opened(clean)["订单"])


def test_a_book_that_openpyxl_saved_is_marked_too(tmp_path: Path) -> None:
    source, target = tmp_path / "plain.xlsx", tmp_path / "checked.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "订单"
    sheet["A1"], sheet["D2"] = "货号", 0
    sheet["D2"].fill = PatternFill("solid", fgColor="FFEEDDCC")
    sheet["A1"].comment = Comment("hers", "Li")
    png = BytesIO()
    Picture.new("RGB", (4, 4)).save(png, "PNG")
    sheet.add_image(Image(png), "F2")
    workbook.save(source)
    write_checked_book(source, target, FINDINGS, language="en")
    checked = opened(target)["订单"]
    assert "hers" in checked["A1"].comment.text
    assert "price is 0" in checked["D2"].comment.text
    assert len(checked._images) == 1


def test_cells_of_a_csv_become_a_book_in_which_names_stay_names(tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    grid = Grid("", {1: {0: Cell("货号"), 1: Cell("摊位")}, 2: {0: Cell("K1"), 1: Cell("=cmd|' /C calc'!A0")}})
    found = Finding(FINDINGS[0].severity, "cartons_missing", row=2, column="A")
    write_checked_from_grid([grid], target, [found], language="en")
    sheet = opened(target).worksheets[0]
    assert sheet["B2"].value == "=cmd|' /C calc'!A0"
    assert sheet["B2"].data_type == "s"
    assert "cartons is missing" in sheet["A2"].comment.text


def test_a_book_of_nothing_but_findings(tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    write_checked_from_grid([], target, [error("book_empty", details={"file": "orders.xlsx"})], language="zh")
    texts = [str(cell.value) for sheet in opened(target) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("orders.xlsx" in text for text in texts)


@pytest.mark.parametrize(("language", "turned"), [("ar", True), ("ru", None)])
def test_the_list_runs_as_its_language_and_her_sheets_as_they_did(
    book: Path, tmp_path: Path, language: str, turned: bool | None
) -> None:
    write_checked_book(book, tmp_path / "checked.xlsx", FINDINGS, language=language)
    *hers, listed = opened(tmp_path / "checked.xlsx")
    assert listed.sheet_view.rightToLeft == turned
    assert not any(sheet.sheet_view.rightToLeft for sheet in hers)


def test_a_damaged_package_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UnusableInput, match="broken"):
        write_checked_book(broken, tmp_path / "checked.xlsx", FINDINGS, language="en")


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """A book with all that a typed cell may meet: a shared formula, a list of formulas, a date, a line through."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "mended.xlsx"
    workbook = xlsxwriter.Workbook(plain)
    sheet = workbook.add_worksheet("订单")
    sheet.write_row(0, 0, ["货号", "箱数", "单价", "金额"])
    for row, (cartons, price) in enumerate([(5, 2), (6, 3), (7, 4)], 1):
        sheet.write_row(row, 0, [f"K{row}", cartons, price])
        sheet.write_formula(row, 3, f"=B{row + 1}*C{row + 1}", None, cartons * price)
    sheet.write_formula(4, 3, "=SUM(D2:D4)", None, 56)
    sheet.write_datetime(5, 1, datetime(2026, 1, 12), workbook.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    sheet.write_string(7, 0, "after a row that is not there")
    sheet.write_string(5, 0, "K9", workbook.add_format({"font_strikeout": True, "bold": True}))
    workbook.close()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"<f>B2*C2</f>", b'<f t="shared" ref="D2:D4" si="0">B2*C2</f>')
                for row in (3, 4):
                    text = text.replace(b"<f>B%d*C%d</f>" % (row, row), b'<f t="shared" si="0"/>')
            elif name == "xl/_rels/workbook.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
                link = b'<Relationship Id="rId99" Type="%s" Target="calcChain.xml"/></Relationships>' % kind
                text = text.replace(b"</Relationships>", link)
            new.writestr(name, text)
        namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/calcChain.xml", f'<calcChain xmlns="{namespace}"><c r="D2" i="1"/></calcChain>')
    return path


def mend(source: Path, target: Path, *corrections: Correction) -> None:
    """As the reading process writes a checked book."""
    values = corrected_cells(read_xlsx(source), corrections)
    write_checked_book(source, target, FINDINGS[:1], language="en", values=values)


def test_what_was_typed_stands_in_the_book_with_all_that_hangs_on_it(mended: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    mend(mended, target, Correction("订单", 2, "B", "10"), Correction("订单", 3, "C", "<2>"))
    values, formulas = opened(target, values=True)["订单"], opened(target)["订单"]
    assert (values["B2"].value, values["D2"].value, values["D5"].value) == (10, 20, "#VALUE!")
    assert values["C3"].value == "<2>"
    assert formulas["D2"].value == "=B2*C2"
    assert formulas["D5"].value == "=SUM(D2:D4)"
    assert values["B4"].value == 7  # and nothing else


def test_formulas_that_shared_the_text_of_a_typed_cell_get_their_own(mended: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    mend(mended, target, Correction("订单", 2, "D", "99"))
    values, formulas = opened(target, values=True)["订单"], opened(target)["订单"]
    assert [formulas[f"D{row}"].value for row in (2, 3, 4)] == [99, "=B3*C3", "=B4*C4"]
    assert [values[f"D{row}"].value for row in (2, 3, 4, 5)] == [99, 18, 28, 145]
    with zipfile.ZipFile(target) as package:
        assert "xl/calcChain.xml" not in package.namelist()  # it named D2 as a formula
        assert b"calcChain" not in package.read("xl/_rels/workbook.xml.rels")
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")


def test_a_typed_cell_is_no_date_and_not_struck_through(mended: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    mend(mended, target, Correction("订单", 6, "B", "12"), Correction("订单", 6, "A", "K10"))
    sheet = opened(target)["订单"]
    assert (sheet["B6"].value, sheet["B6"].number_format) == (12, "General")
    assert (sheet["A6"].value, sheet["A6"].font.strike, sheet["A6"].font.bold) == ("K10", None, True)


def test_cells_and_rows_that_were_not_there_are_made(mended: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    typed = {(5, "A"): "sum", (6, "D"): "5", (7, "B"): "in no row", (2, "C"): ""}
    mend(mended, target, *(Correction("订单", row, letter, text) for (row, letter), text in typed.items()))
    values = opened(target, values=True)["订单"]
    assert (values["A5"].value, values["D6"].value, values["B7"].value) == ("sum", 5, "in no row")
    assert values["C2"].value is None
    assert values["D2"].value == 0  # 5 x nothing


def test_a_mended_book_is_marked_and_checked_again_as_any_other(mended: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    mend(mended, once, Correction("订单", 3, "C", "2.50"))
    assert set(marked(opened(once)["订单"])) == {"C3"}
    write_checked_book(once, twice, (), language="en")
    sheet = opened(twice)["订单"]
    assert (sheet["C3"].value, sheet["C3"].fill.patternType, sheet["C3"].comment) == (2.5, None, None)


def test_another_kind_of_book_keeps_what_its_rows_say(tmp_path: Path) -> None:
    """Struck through, hidden, folded, an error, a hidden sheet: all of it decides what ships when it comes back."""
    target = tmp_path / "checked.xlsx"
    hidden = Grid("备注", {1: {0: Cell("secret")}}, hidden=True)
    grid = Grid("订单", {row: {0: Cell(f"K{row}"), 1: Cell(float(row))} for row in (1, 2, 3)})
    grid.cells[1][0].strike = True
    grid.cells[2][1] = Cell(CellError("#REF!"), "A9*2")
    grid.hidden_rows, grid.folded_rows = {2}, {2, 3}
    write_checked_from_grid([hidden, grid], target, [], language="en")
    again = {found.name: found for found in read_xlsx(target)}
    assert again["备注"].hidden
    assert not again["订单"].hidden
    assert again["订单"].cells[1][0].strike
    assert isinstance(again["订单"].cells[2][1].value, CellError)
    assert (again["订单"].hidden_rows, again["订单"].folded_rows) == ({2}, {2, 3})


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_keeps_the_marks(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "checked.xlsx"
    write_checked_book(book, target, FINDINGS, language="en")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again")]
    subprocess.run([*command, str(target)], check=True, capture_output=True, timeout=100)
    sheet = opened(tmp_path / "again" / "checked.xlsx")["订单"]
    assert "cartons is missing" in sheet["C3"].comment.text
    assert sheet["C3"].fill.patternType == "solid"
