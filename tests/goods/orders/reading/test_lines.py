"""Single rules of a line that whole books seldom meet: what is ambiguous is told, never guessed in silence."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.goods.orders.formats.grid import Cell, CellValue, Grid
from sundry.goods.orders.reading.book import ReadOptions, understand
from sundry.goods.orders.rules import OrderBook

HEADER: tuple[CellValue, ...] = ("店面", "货号", "品名", "箱数", "装箱数", "单价", "立方", "毛重", "HS编码", "备注")
LINE: tuple[CellValue, ...] = ("A1-1001", "K1", "杯", 10.0, 36.0, 2.5, 0.06, 12.0, "6912001000", None)


def book(*lines: dict[str, CellValue], header: tuple[CellValue, ...] = HEADER) -> OrderBook:
    """A sheet of lines that differ from LINE by what is given."""
    grid = Grid("单", {1: dict(enumerate(map(Cell, header)))})
    for number, line in enumerate(lines, 2):
        values = dict(zip(HEADER, LINE, strict=True)) | {"货号": f"K{number}"} | line
        cells = {column: Cell(values[str(name)]) for column, name in enumerate(header) if values[str(name)] is not None}
        grid.cells[number] = cells
    return understand("book", [grid], ReadOptions(date(2026, 4, 20)))


def rules(read: OrderBook) -> set[str]:
    return {finding.rule for finding in read.findings}


def test_one_price_in_dollars_does_not_turn_the_others() -> None:
    read = book({"单价": "US$10"}, *({"单价": 10.0} for _ in range(19)))
    assert [line.currency for line in read.lines] == ["USD"] + ["CNY"] * 19
    assert "currency_assumed" in rules(read)


def test_most_prices_in_dollars_speak_for_the_rest_and_that_is_told() -> None:
    read = book({"单价": "US$10"}, {"单价": "$9"}, {"单价": 8.0})
    assert [line.currency for line in read.lines] == ["USD"] * 3
    assert "currency_assumed" in rules(read)


@pytest.mark.parametrize("name", ["小计算器", "合计数器", "Total Gym mini", "Sum 41 doll"])
def test_goods_whose_name_begins_like_a_total_are_goods(name: str) -> None:
    read = book({"货号": None, "品名": name})
    assert [line.name for line in read.lines] == [name]


@pytest.mark.parametrize("cartons", ["10+2", "3+1赠", "12/13", "3-4", "2*3", "1.2.3", "=1+2"])
def test_a_count_that_is_a_sum_or_a_range_is_no_number(cartons: str) -> None:
    read = book({"箱数": cartons}, {})
    assert [row.row for row in read.set_aside] == [2]
    assert "not_a_number" in rules(read)


@pytest.mark.parametrize("price", ["3..5", "3.5-4", "3.5+0.2", "99折3.5"])
def test_a_price_that_is_two_is_no_number(price: str) -> None:
    assert [row.row for row in book({"单价": price}, {}).set_aside] == [2]


def test_a_packing_may_be_a_product() -> None:
    read = book({"装箱数": "12*3"})
    assert read.lines[0].pieces_per_carton == 36


def test_volumes_of_whole_lines_are_seen_by_the_weight_of_a_carton() -> None:
    read = book(*({"立方": 1.2, "箱数": 20.0, "毛重": 12.5} for _ in range(6)))
    assert {line.carton_volume_mm3 for line in read.lines} == {60_000_000}
    assert "measure_read_as_total" in rules(read)


@pytest.mark.parametrize(
    ("note", "inspection", "restricted"),
    [("需商检", True, False), ("无需商检", False, False), ("不需要商检", False, False), ("违禁品", False, True)],
)
def test_a_remark_says_so_or_says_not(note: str, inspection: bool, restricted: bool) -> None:
    read = book({"备注": note})
    assert bool(read.set_aside) is restricted
    assert [line.inspection for line in read.lines] == ([] if restricted else [inspection])


@pytest.mark.parametrize(("stated", "told"), [("900", False), ("900.01", True), ("899.99", True)])
def test_a_typed_total_agrees_to_the_cent(stated: str, told: bool) -> None:
    header = (*HEADER[:6], "金额", *HEADER[6:])
    grid = Grid("单", {1: dict(enumerate(map(Cell, header)))})
    values: tuple[CellValue, ...] = (*LINE[:6], stated, *LINE[6:])
    grid.cells[2] = {column: Cell(value) for column, value in enumerate(values) if value is not None}
    read = understand("book", [grid], ReadOptions(date(2026, 4, 20)))
    assert ("value_disagrees" in rules(read)) is told


def test_a_code_that_is_a_word_is_no_code() -> None:
    (line,) = book({"HS编码": "待定编码"}).lines
    assert (line.hs, line.hs_given) == (None, "待定编码")


def test_a_unit_of_length_that_nobody_wrote_is_one_for_the_column_and_told() -> None:
    header: tuple[CellValue, ...] = ("品名", "箱数", "装箱数", "单价", "长", "宽", "高")
    rows = [(50.0, 40.0, 30.0), (60.0, 45.0, 35.0), (500.0, 400.0, 300.0)]
    grid = Grid("单", {1: dict(enumerate(map(Cell, header)))})
    for number, sides in enumerate(rows, 2):
        grid.cells[number] = dict(enumerate(map(Cell, ("杯", 5.0, 10.0 + number, 2.5, *sides))))
    read = understand("book", [grid], ReadOptions(date(2026, 4, 20)))
    assert [line.carton_mm for line in read.lines] == [(500, 400, 300), (600, 450, 350), (5000, 4000, 3000)]
    told = {finding.rule: (finding.row, finding.column) for finding in read.findings}
    assert told["length_unit_guessed"] == (1, "E")
    assert told["length_unit_departs"] == (4, "E")
