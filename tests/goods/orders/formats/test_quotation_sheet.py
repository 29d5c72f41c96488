"""The market's quotation sheet: as Excel shows it, as our reader reads it, to the last minor unit."""

from __future__ import annotations

import uuid
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from sundry.goods.orders.formats.opening import read_workbook
from sundry.goods.orders.formats.quotation_sheet import (
    HASH_HEADER,
    LINE_HEADER,
    OWN_SHEET,
    SheetLine,
    digest,
    shown_price,
    write_quotation,
)
from sundry.goods.orders.order_rules import Carton, value_of
from sundry.goods.orders.reading.book import ReadOptions, understand_wishes
from sundry.goods.orders.reading.own_sheet import own_sheet
from sundry.goods.orders.rules import OrderBook

DAY = date(2026, 11, 22)
BOX = Carton(120, 600, 400, 300, 12_000, 11_000)


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 200), (200, 80, 90)).save(out, "JPEG")
    return out.getvalue()


def line(number: int, stall: str = "1-F2-C-1205 红星", **fields: Any) -> SheetLine:
    given: dict[str, Any] = {
        "id": uuid.UUID(int=number),
        "stall": stall,
        "item_number": f"K-{number}",
        "name": "牙刷杯",
        "name_translated": "Vaso",
        "pieces": 600,
        "price_minor": 320,
        "price_per": 1,
        "carton": BOX,
    }
    return SheetLine(**(given | fields))


LINES = (
    line(1, picture=jpeg()),
    line(2, item_number="=cmd|' /C calc'!A0", name="+杯", name_translated="@Vaso", price_minor=8500, price_per=1000),
    line(3, pieces=250),
    line(4, "1-F2-C-1206 宏达", price_minor=10_000, price_per=12, pieces=120, carton=Carton()),
    line(5, "1-F2-C-1206 宏达", price_minor=8500, price_per=1000, pieces=7, carton=Carton()),
    line(6, "-宏达", price_minor=10_000, price_per=13, pieces=60, carton=Carton()),
)


@pytest.fixture(scope="module")
def sheet() -> Any:
    data = write_quotation(LINES, title="10234 [x]: y?", currency="CNY", language="es", day=DAY, order=10234)
    return openpyxl.load_workbook(BytesIO(data)).worksheets[0]


def test_it_is_laid_out_as_the_market_has_it(sheet: Any) -> None:
    heads = [sheet.cell(1, column).value for column in range(1, 15)]
    chinese = "店面 工厂货号 图片 中文描述 西班牙语描述 件数 装箱量 总数量 单价 总金额 立方 总立方"
    assert [head.split("\n")[0] for head in heads[:12]] == chinese.split()
    assert heads[0].split("\n")[1] == "Puesto"
    assert heads[12:] == [LINE_HEADER, HASH_HEADER]
    assert sheet["A1"].font.name == "宋体"
    assert sheet["A1"].font.size == 11
    assert sheet["A1"].fill.start_color.rgb == "FFF2F2F2"
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A2:A4", "A5:A6"}
    assert sheet.row_dimensions[2].height == 78
    assert sheet.freeze_panes == "A2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet["I2"].number_format == "¥#,##0.00"
    assert sheet["K2"].number_format == "0.000"
    total = sheet["A8"]
    assert (total.value, total.font.bold, total.font.color.rgb) == ("合计", True, "FFFF0000")
    assert [sheet.cell(8, column).value for column in (6, 8, 10, 12)] == [
        f"=SUM({letter}2:{letter}7)" for letter in "FHJL"
    ]


def test_the_picture_lies_in_its_row(sheet: Any) -> None:
    (image,) = sheet._images
    assert (image.anchor._from.row, image.anchor._from.col) == (1, 2)
    extent = image.anchor.to
    assert extent.row == 1, "no picture reaches into the next row"
    assert extent.col == 2


def test_formulas_stand_where_excel_comes_to_the_same(sheet: Any) -> None:
    assert [sheet[f"{letter}2"].value for letter in "FGHIJKL"] == [5, 120, "=F2*G2", 3.2, "=H2*I2", 0.072, "=F2*K2"]
    assert sheet["I3"].value == 0.085
    assert sheet["I3"].number_format == "¥#,##0.000"
    assert [sheet[f"{letter}4"].value for letter in "FGH"] == [3, None, 250], "the last carton is not full"
    assert [sheet[f"{letter}5"].value for letter in "IJ"] == ["100.00/打", 1000], "no exact price of one piece"
    assert sheet["J6"].value == 0.6, "59.5 fen: Excel rounds a half another way than we do"
    assert [sheet[f"{letter}7"].value for letter in "IJ"] == [7.692308, 461.54]


def test_no_text_is_a_formula(sheet: Any) -> None:
    for cell in (sheet["B3"], sheet["D3"], sheet["E3"], sheet["A7"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix, cell.value


def test_the_columns_of_the_way_back_are_hidden_and_take_no_typing(sheet: Any) -> None:
    assert sheet.column_dimensions["M"].hidden
    assert sheet["M2"].value == str(LINES[0].id)
    assert sheet["N2"].value == digest(uuid.UUID(int=1), 600, 320, 1)
    assert sheet["M2"].protection.locked
    assert not sheet["F2"].protection.locked
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("M2:N7", "FALSE")
    assert sheet.parent[OWN_SHEET].sheet_state == "veryHidden"


def test_the_same_values_give_the_same_bytes() -> None:
    twice = [write_quotation(LINES, title="a", currency="CNY", language="ar", day=DAY, order=1) for _ in range(2)]
    assert twice[0] == twice[1]


def test_what_is_of_no_order_has_no_way_back() -> None:
    data = write_quotation([line(1, id=None, price_minor=None)], title="", currency="CNY", language="zh", day=DAY)
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["Sheet1"]
    assert book.worksheets[0].max_column == 12
    assert book.worksheets[0]["E1"].value.startswith("英语描述")
    assert book.worksheets[0]["J2"].value is None
    empty = openpyxl.load_workbook(BytesIO(write_quotation([], title="a", currency="CNY", language="en", day=DAY)))
    assert empty.worksheets[0]["A2"].value == "合计"


@pytest.mark.parametrize(
    ("currency", "number_format", "price", "value"),
    [("JPY", "¥#,##0", 320, 192_000), ("KWD", '"KWD "#,##0.000', 0.32, 192), ("USD", "$#,##0.00", 3.2, 1920)],
)
def test_money_has_the_decimals_of_its_currency(currency: str, number_format: str, price: float, value: float) -> None:
    data = write_quotation(LINES[:1], title="a", currency=currency, language="en", day=DAY)
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0]
    assert (sheet["I2"].value, sheet["I2"].number_format, sheet["J2"].value) == (price, number_format, value)


def read(data: bytes, folder: Path) -> tuple[OrderBook, list[Any]]:
    path = folder / "a.xlsx"
    path.write_bytes(data)
    _, grids = read_workbook(path)
    return understand_wishes("a", grids, ReadOptions(day=DAY)), grids


@pytest.mark.parametrize("language", ["zh", "en", "ar", "es", "fr", "ru"])
def test_it_is_read_as_it_was_written_in_every_language(language: str, tmp_path: Path) -> None:
    lines = [line(1), line(2, price_minor=8500, price_per=1000), line(3, "-宏达", pieces=250, picture=jpeg())]
    data = write_quotation(lines, title="a", currency="CNY", language=language, day=DAY, order=7)
    book, grids = read(data, tmp_path)
    told = [(one.stall, one.item, one.pieces, one.unit_price, one.value_minor) for one in book.lines]
    assert told == [
        ("1-F2-C-1205 红星", "K-1", 600, "3.2", 192_000),
        ("1-F2-C-1205 红星", "K-2", 600, "0.085", 5_100),
        ("-宏达", "K-3", 250, "3.2", 80_000),
    ]
    assert book.lines[0].names["zh"] == "牙刷杯"
    assert book.lines[0].names[language if language != "zh" else "en"] == "Vaso"
    assert book.lines[2].picture
    own = own_sheet(grids)
    assert own is not None
    assert (own.order, own.lines) == (7, tuple(str(one.id) for one in lines))
    assert own.rows[3] == (str(uuid.UUID(int=2)), digest(uuid.UUID(int=2), 600, 8500, 1000))


def test_values_add_up_to_the_order(tmp_path: Path) -> None:
    data = write_quotation(LINES, title="a", currency="CNY", language="es", day=DAY, order=10234)
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0]
    values = [round(sheet[f"J{row}"].value * 100) for row in range(2, 8)]
    assert values == [value_of(one.pieces, one.price_minor or 0, one.price_per) for one in LINES]
    assert round(sheet["J8"].value * 100) == sum(values)


def test_a_price_says_when_it_is_not_exact() -> None:
    assert shown_price(10_000, 36, 36, "CNY").per == "carton"
    assert shown_price(10_000, 36, 36, "CNY").is_exact
    assert not shown_price(10_000, 13, None, "CNY").is_exact
    assert str(shown_price(320, 1, None, "KWD").number) == "0.320"
