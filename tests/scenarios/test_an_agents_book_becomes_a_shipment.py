"""The story of the main job, from an agent's book to the papers of a shipment.

Lin buys for an importer. In four days she has ordered three hundred goods at forty stalls, and her book is as such
books are: pictures, merged cells, subtotals, and a score of slips. She ships it, reads what is wrong, mends one thing,
and ships again.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sundry.goods.shipping.actions import ShipOptions, plan_shipment, ship
from sundry.goods.shipping.papers import PAPERS
from sundry.goods.shipping.rules import Shipment
from sundry.simulation.order_book import SHEET, SampleTruth, write_sample

DAY = date(2026, 4, 20)
OPTIONS = ShipOptions(day=DAY, rates=("USDCNY=7.10",), seconds=2.0)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lin's desk: her book lies on it, and the papers will."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def book(desk: Path) -> SampleTruth:
    """What Lin has written, and what it means."""
    return write_sample(desk / "book.xlsx")


@pytest.fixture(scope="module")
def shipment(book: SampleTruth, desk: Path) -> Shipment:
    """Lin ships her book."""
    return ship(book.path, desk / "papers", OPTIONS)


def test_the_goods_without_a_slip_all_ship(book: SampleTruth, shipment: Shipment) -> None:
    assert [(line.row, line.stall, line.item, line.name) for line in shipment.lines] == [
        (line.row, line.stall, line.item, line.name) for line in book.lines
    ]
    assert [(line.cartons, line.pieces, line.value_minor) for line in shipment.lines] == [
        (line.cartons, line.pieces, line.value_minor) for line in book.lines
    ]
    assert [line.gross_g for line in shipment.lines] == [line.gross_g for line in book.lines]


def test_the_goods_with_a_bad_slip_stay_behind(book: SampleTruth, shipment: Shipment) -> None:
    bad = [(mistake.sheet, mistake.row) for mistake in book.mistakes if mistake.severity == "error"]
    assert [(row.sheet, row.row) for row in shipment.set_aside] == sorted(bad)


def test_she_is_told_every_slip_at_once_and_where_it_is(book: SampleTruth, shipment: Shipment) -> None:
    told = {(f.sheet, f.row, f.header, str(f.severity)) for f in shipment.findings}
    untold = [m.rule for m in book.mistakes if (m.sheet, m.row, m.header, m.severity) not in told]
    assert untold == []


def test_nobody_is_accused_wrongly(book: SampleTruth, shipment: Shipment) -> None:
    guilty = {mistake.row for mistake in book.mistakes}
    cancelled = {row for sheet, row, why in book.not_lines if sheet == SHEET and why.startswith("cancelled")}
    assert {f.row for f in shipment.findings if f.sheet == SHEET and f.row > 6} <= guilty | cancelled


def test_every_carton_has_its_place(shipment: Shipment) -> None:
    assert shipment.loaded_cartons() == [line.cartons for line in shipment.lines]
    assert shipment.left_out == ()
    assert len(shipment.containers) in (2, 3)


def test_what_is_declared_is_what_is_loaded(shipment: Shipment) -> None:
    declared: dict[int, list[int]] = {}
    for form in shipment.declarations:
        assert form.value_usd_cents <= 150_000_00
        for item in form.items:
            for part in item.parts:
                sums = declared.setdefault(part.line, [0, 0, 0])
                sums[0] += part.cartons
                sums[1] += part.pieces
                sums[2] += part.value_usd_cents
    assert declared == {
        number: [line.cartons, line.pieces, cents]
        for number, (line, cents) in enumerate(zip(shipment.lines, shipment.value_usd_cents, strict=True))
    }


def test_every_paper_lies_on_her_desk(desk: Path, shipment: Shipment) -> None:
    papers = {file.name for file in (desk / "papers").iterdir()}
    drawings = {f"layers-{number:02d}.svg" for number in range(1, len(shipment.containers) + 1)}
    assert papers == {"shipment.json", "checked.xlsx"} | {name for name, _write in PAPERS} | drawings
    written = json.loads((desk / "papers" / "shipment.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(shipment.to_json()))


def test_she_mends_one_slip_and_ships_again(book: SampleTruth, shipment: Shipment, desk: Path) -> None:
    slip = next(mistake for mistake in book.mistakes if mistake.rule == "the carton count is missing")
    hers = openpyxl.load_workbook(book.path)
    sheet = hers[SHEET]
    column = next(cell.column for cell in sheet[6] if cell.value == slip.header)
    sheet.cell(slip.row, column).value = 4
    hers.save(desk / "mended.xlsx")  # without the formulas' values: they are computed anew
    again = plan_shipment(desk / "mended.xlsx", OPTIONS)
    assert len(again.lines) == len(shipment.lines) + 1
    assert slip.row in {line.row for line in again.lines}
    assert sum(again.loaded_cartons()) == sum(shipment.loaded_cartons()) + 4
