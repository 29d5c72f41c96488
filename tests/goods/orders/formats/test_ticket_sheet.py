"""The stall's trade ticket: what stands on it as Excel and as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from sundry.goods.orders.formats.ticket_sheet import TicketLine, TicketPaper, write_ticket_pdf, write_ticket_sheet

DAY = date(2026, 11, 22)
LINES = (
    TicketLine("K-1", "牙刷杯 / Cup", 120, 5, 600, "piece", "3.20", 1, 192_000, "agent"),
    TicketLine("=cmd|' /C calc'!A0", "#panic() $12_*", None, None, 1000, "piece", "85.00", 1000, 8_500, "stall"),
)
PAPER = TicketPaper(
    number="10234-3/1",
    market_number="",
    order="10234-3",
    supplier="红星玩具 (1-F2-C-1205)",
    supplier_phone="138****2211",
    buyer="Comercial Díaz",
    buyer_phone="+34 *** 22",
    agent="",
    day="2026-11-22",
    warehouse="",
    currency="CNY",
    lines=LINES,
    buyer_confirmed="2026-11-22 20:00",
    digest="a" * 64,
)


@pytest.fixture(scope="module")
def sheet() -> Any:
    return openpyxl.load_workbook(BytesIO(write_ticket_sheet(PAPER, language="zh", day=DAY))).worksheets[0]


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_sheet_has_the_market_s_columns_and_the_amount_in_capitals(sheet: Any) -> None:
    told = texts(sheet)
    assert "市场采购贸易交易单 Trade ticket (market procurement)  10234-3/1" in told
    heads = [one.split("\n")[0] for one in told if "\n" in one][:8]
    assert heads == ["货号", "商品名称", "装箱数", "箱数", "总数量", "单价", "金额", "收汇人"]
    assert "贰仟零伍元整" in told
    assert "CNY 2,005.00" in told
    assert "85.00 / 1,000" in told
    assert any("一式三联" in one for one in told)
    assert any("不得以市场采购贸易方式出口" in one for one in told)


def test_who_has_not_confirmed_has_a_blank(sheet: Any) -> None:
    told = texts(sheet)
    assert "2026-11-22 20:00" in told
    supplier = next(at for at, one in enumerate(told) if one.startswith("供货商确认"))
    assert told[supplier + 1].startswith("____")


def test_no_text_is_a_formula_and_each_line_says_who_collects(sheet: Any) -> None:
    (evil,) = (cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd"))
    assert evil.data_type == "s"
    assert evil.quotePrefix
    assert {"代理商 agent", "供货商 supplier"} <= set(texts(sheet))


def test_another_currency_has_no_capitals_and_its_own_decimals() -> None:
    dinars = replace(PAPER, currency="KWD", lines=(replace(LINES[0], price="0.320", value_minor=192_001),))
    assert dinars.in_capitals == ""
    sheet = openpyxl.load_workbook(BytesIO(write_ticket_sheet(dinars, language="en", day=DAY))).worksheets[0]
    (value,) = (c for row in sheet.iter_rows() for c in row if c.value == 192.001)
    assert value.number_format == "#,##0.000"
    assert "KWD 192.001" in texts(sheet)


def test_the_pdf_says_the_same_and_runs_nothing() -> None:
    data = write_ticket_pdf(PAPER, language="en")
    assert data == write_ticket_pdf(PAPER, language="en")
    (page,) = PdfReader(BytesIO(data)).pages
    text = page.extract_text()
    for told in ("贰仟零伍元整", "2,005.00", "#panic()", "=cmd|", "10234-3", "无此单据", "a" * 64):
        assert told in text, told
