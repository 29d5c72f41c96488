"""A shipment read back says what the shipment said, to the cell."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sundry.goods.orders.rules import ColumnSeen, Line, TableColumns
from sundry.goods.shipping.queries import RESULT_FILE, Result, load_result
from sundry.goods.shipping.rules import Excluded, Shipment
from sundry.kernel.findings import note, warning


def written(shipment: Shipment, folder: Path) -> Result:
    folder.mkdir(exist_ok=True)
    (folder / RESULT_FILE).write_text(json.dumps(shipment.to_json(), ensure_ascii=False), "utf-8")
    return load_result(folder)


def test_everything_comes_back(shipment: Shipment, tmp_path: Path) -> None:
    result = written(shipment, tmp_path)
    assert (result.file, result.day, result.totals) == (shipment.file, shipment.day, shipment.totals())
    assert [one.line for one in result.lines] == list(shipment.lines)
    assert [one.loaded for one in result.lines] == shipment.loaded_cartons()
    assert tuple(one.value_usd_cents for one in result.lines) == shipment.value_usd_cents
    assert result.containers == shipment.containers
    assert result.declarations == shipment.declarations
    assert result.left_out == shipment.left_out
    assert result.set_aside == shipment.set_aside
    assert result.tables == shipment.tables
    assert [(rate.pair, rate.units) for rate in result.rates] == [(rate.pair, rate.units) for rate in shipment.rates]


def test_a_finding_can_be_told_in_another_language(real: Shipment, tmp_path: Path) -> None:
    assert real.findings
    for found, told in zip(real.findings, written(real, tmp_path).findings, strict=True):
        for language in ("zh", "en"):
            assert told.message(language) == found.message(language)
        assert (told.severity, told.sheet, told.row, told.column) == (
            found.severity, found.sheet, found.row, found.column,
        )  # fmt: skip


def test_every_line_says_where_its_cartons_are(small: Shipment, tmp_path: Path) -> None:
    first, second, *_ = written(small, tmp_path).lines
    assert (first.loaded, first.left_out, first.containers) == (4, 1, (1, 2))
    assert (second.loaded, second.left_out, second.containers) == (3, 0, (1,))


def test_an_item_leads_to_its_lines_and_their_cells(real: Shipment, tmp_path: Path) -> None:
    result = written(real, tmp_path)
    for form in result.declarations:
        for index, item in enumerate(form.items):
            parts = result.lineage(form.number, index)
            assert tuple(one.part for one in parts) == item.parts
            assert sum(one.part.value_usd_cents for one in parts) == item.value_usd_cents
            for one in parts:
                assert one.line == real.lines[one.part.line]
                assert one.cells["price"] == f"J{one.line.row}"
                assert one.cells["name"] == f"D{one.line.row}"


@pytest.mark.parametrize("place", [(0, 0), (99, 0), (1, -1), (1, 999)])
def test_an_item_that_is_none_is_refused(small: Shipment, tmp_path: Path, place: tuple[int, int]) -> None:
    with pytest.raises(KeyError):
        written(small, tmp_path).lineage(*place)


def test_cells_are_those_of_the_table_above_the_line(small: Shipment, tmp_path: Path) -> None:
    def table(header_row: int, letter: str, sheet: str = "订单") -> TableColumns:
        seen = (ColumnSeen(letter, "单价", ("1",), "price"), ColumnSeen("Z", "备", (), None))
        return TableColumns(sheet, header_row, {"price": (letter, "单价")}, ("单价", "备"), "key", True, seen)

    tables = (table(1, "C"), table(5, "D"), table(2, "E", sheet="别的"))
    result = written(replace(small, tables=tables), tmp_path)
    assert result.tables == tables
    rows = {one.line.row: result.cells(one.line) for one in result.lines}
    assert (rows[2], rows[5], rows[6]) == ({"price": "C2"}, {"price": "C5"}, {"price": "D6"})
    assert result.cells(replace(small.lines[0], sheet="nowhere")) == {}


def test_what_was_left_out_by_a_person_comes_back(small: Shipment, tmp_path: Path) -> None:
    excluded = (Excluded("订单", 20, "A1", "K9", "杯", 4), Excluded("订单", 21))
    findings = (note("row_excluded", sheet="订单", row=20), warning("price_zero", line=0))
    result = written(replace(small, excluded=excluded, findings=findings), tmp_path)
    assert result.excluded == excluded
    assert result.findings == findings
    assert result.totals["excluded"] == 2


def test_a_last_container_that_holds_little_is_offered_by_the_parameters(small: Shipment, tmp_path: Path) -> None:
    offer = written(small, tmp_path).offer()
    assert offer is not None
    assert (offer.container, offer.cartons) == (2, len(small.containers[1].placements))
    assert offer.stalls == tuple(small.lines[index].stall for index in offer.lines)
    alone = replace(small, containers=(), lines=(), value_usd_cents=(), left_out=(), declarations=())
    assert written(alone, tmp_path).offer() is None


def test_five_thousand_lines_are_read_at_once(small: Shipment, tmp_path: Path) -> None:
    """Compared with reading the JSON alone, so that a busy machine does not matter: about twice as long."""
    line: Line = replace(small.lines[1], cartons=5)
    container = small.containers[0]
    placements = tuple(replace(container.placements[0], line=number // 5) for number in range(25_000))
    many = replace(
        small,
        lines=tuple(replace(line, row=row) for row in range(2, 5002)),
        value_usd_cents=(1,) * 5000,
        containers=(replace(container, placements=placements),),
        declarations=(),
        left_out=(),
    )
    text = json.dumps(many.to_json())
    (tmp_path / RESULT_FILE).write_text(text, "utf-8")
    alone, whole = [], []
    for _ in range(3):
        started = time.process_time()
        json.loads(text)
        alone.append(time.process_time() - started)
        started = time.process_time()
        assert load_result(tmp_path).lines[4999].loaded == 5
        whole.append(time.process_time() - started)
    assert min(whole) < 6 * min(alone)
