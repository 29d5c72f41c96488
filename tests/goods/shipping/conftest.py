"""Order lists for the tests of shipping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sundry.goods.shipping.actions import ShipOptions

HEADER = [
    "摊位",
    "货号",
    "品名",
    "箱数",
    "装箱数",
    "单价",
    "毛重KG",
    "净重KG",
    "长cm",
    "宽cm",
    "高cm",
    "HS编码",
    "备注",
]
LINE: dict[str, Any] = {
    "摊位": "A1-1001",
    "货号": "K1",
    "品名": "杯",
    "箱数": 10,
    "装箱数": 36,
    "单价": 2.5,
    "毛重KG": 12,
    "净重KG": 11,
    "长cm": 50,
    "宽cm": 40,
    "高cm": 30,
    "HS编码": "6912001000",
    "备注": None,
}

WriteOrders = Callable[..., Path]


@pytest.fixture
def orders(tmp_path: Path) -> WriteOrders:
    """orders({...}, {...}) writes a book of lines that differ from LINE by what is given; item numbers count up."""

    def write(*lines: dict[str, Any], name: str = "orders.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "订单"
        sheet.append(HEADER)
        for number, line in enumerate(lines, 1):
            whole = LINE | {"货号": f"K{number}"} | line
            for column, header in enumerate(HEADER, 1):
                cell = sheet.cell(number + 1, column)
                cell.value = whole[header]
                if isinstance(whole[header], str):
                    cell.data_type = "s"  # `=cmd` is a name here, not a formula
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture(scope="session")
def options() -> ShipOptions:
    return ShipOptions(day=date(2026, 4, 20), rates=("USDCNY=7.10",), seconds=0.2)
