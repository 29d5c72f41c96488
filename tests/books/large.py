"""Order books of any length, quickly written: what the benchmarks read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import xlsxwriter

HEADER = (
    "摊位",
    "货号",
    "中文品名",
    "English",
    "箱数",
    "装箱数",
    "总数量",
    "单价",
    "金额",
    "单箱毛重(KG)",
    "单箱净重(KG)",
    "长(CM)",
    "宽(CM)",
    "高(CM)",
    "单箱体积(m³)",
    "HS编码",
    "备注",
)
_NAMES = (("发夹", "Hair clip"), ("笔记本", "Notebook"), ("雨伞", "Umbrella"), ("陶瓷杯", "Mug"), ("门垫", "Door mat"))
_CODES = ("9615110000", "4820100000", "6601910000", "6912001000", "5703900000")


class Expected(NamedTuple):
    """What a reader must find."""

    lines: int
    cartons: int
    value_minor: int


def large_book(path: Path, rows: int) -> Expected:
    """An order of `rows` lines, 25 a stall, with formulas, their values and a total; written in constant memory."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("订单")
    sheet.write_row(0, 0, HEADER)
    cartons_total = value_minor = 0
    for row in range(rows):
        zh, en = _NAMES[row % 5]
        cartons, per_carton, price_fen = 1 + row % 9, 12 * (1 + row % 10), 55 + row * 7 % 1900
        length, width, height = 40 + row % 30, 30 + row % 17, 25 + row % 13
        pieces, litres = cartons * per_carton, length * width * height // 1000
        at = row + 2
        sheet.write_string(row + 1, 0, f"A{row // 25 + 1001}")
        sheet.write_string(row + 1, 1, f"N{row:06}")
        sheet.write_string(row + 1, 2, zh)
        sheet.write_string(row + 1, 3, en)
        sheet.write_number(row + 1, 4, cartons)
        sheet.write_number(row + 1, 5, per_carton)
        sheet.write_formula(row + 1, 6, f"=E{at}*F{at}", None, pieces)
        sheet.write_number(row + 1, 7, price_fen / 100)
        sheet.write_formula(row + 1, 8, f"=G{at}*H{at}", None, pieces * price_fen / 100)
        sheet.write_number(row + 1, 9, litres * 2 // 10 + 1)
        sheet.write_number(row + 1, 10, litres * 2 // 10)
        sheet.write_number(row + 1, 11, length)
        sheet.write_number(row + 1, 12, width)
        sheet.write_number(row + 1, 13, height)
        sheet.write_number(row + 1, 14, litres / 1000)
        sheet.write_string(row + 1, 15, _CODES[row % 5])
        cartons_total += cartons
        value_minor += pieces * price_fen
    sheet.write_string(rows + 1, 0, "合计")
    sheet.write_formula(rows + 1, 4, f"=SUM(E2:E{rows + 1})", None, cartons_total)
    sheet.write_formula(rows + 1, 8, f"=SUM(I2:I{rows + 1})", None, value_minor / 100)
    book.close()
    return Expected(rows, cartons_total, value_minor)
