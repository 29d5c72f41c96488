"""Every file of a shipment is read back: cartons, weights and money agree across all of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from sundry.goods.orders.queries import read_orders
from sundry.goods.shipping.actions import ShipOptions, ship
from sundry.goods.shipping.papers import PAPERS
from sundry.goods.shipping.rules import Shipment
from sundry.simulation.order_book import write_sample

DAY = date(2026, 4, 20)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shipment, Path, Path]:
    """The sample in one container too few, so that some cartons are left out."""
    folder = tmp_path_factory.mktemp("shipped")
    book = folder / "orders.xlsx"
    write_sample(book)
    options = ShipOptions(day=DAY, rates=("USDCNY=7.10",), seconds=0.5, container="40HC", containers_max=1)
    return ship(book, folder / "out", options), folder / "out", book


def numbers(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The values of every sheet's rows."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def table(rows: list[tuple[Any, ...]], header: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(headers, rows with a number in the first cell or a name in the first two) of the table with `header`."""
    at = next(n for n, row in enumerate(rows) if any(header in str(cell) for cell in row if cell))
    return [str(cell or "") for cell in rows[at]], rows[at + 1 :]


def column(headers: list[str], word: str) -> int:
    return next(n for n, header in enumerate(headers) if word in header)


def test_there_is_a_file_for_everybody(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    names = {"checked.xlsx", "declarations.xlsx", "invoice.pdf", "loading.html", "loading.pdf", "packing-list.xlsx"}
    drawings = {f"layers-{number:02d}.svg" for number, _ in enumerate(shipment.containers, start=1)}
    assert {path.name for path in out.iterdir()} == names | drawings | {"shipment.json"}
    assert {name for name, _ in PAPERS} == names - {"checked.xlsx"}


def test_the_document_is_exact(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    document = json.loads((out / "shipment.json").read_text("utf-8"))
    placed = Counter(p["line"] for container in document["containers"] for p in container["placements"])
    left = Counter({entry["line"]: entry["cartons"] for entry in document["left_out"]})
    assert left
    for index, line in enumerate(document["lines"]):
        assert placed[index] + left[index] == line["cartons"]
    parts = Counter[int]()
    for form in document["declarations"]:
        assert form["value_usd_cents"] == sum(item["value_usd_cents"] for item in form["items"]) <= 15_000_000
        assert len(form["items"]) <= 50
        for item in form["items"]:
            for key in ("cartons", "pieces", "value_usd_cents"):
                assert item[key] == sum(part[key] for part in item["parts"])
            for part in item["parts"]:
                parts[part["line"]] += part["cartons"]
    assert parts == +placed
    assert shipment.totals()["cartons"] == sum(placed.values())


def test_the_packing_list_agrees(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    sheets = numbers(out / "packing-list.xlsx")
    (container,) = shipment.containers
    (name,) = (title for title in sheets if container.type in title)
    headers, rows = table(sheets[name], "Item no")
    rows = [row for row in rows if str(row[0] or "").isdecimal()]
    cartons, gross, pieces = (column(headers, word) for word in ("Cartons", "Gross", "Pieces"))
    assert sum(row[cartons] for row in rows) == len(container.placements)
    assert sum(Decimal(str(row[gross] or 0)) for row in rows) == Decimal(container.known_gross_g) / 1000
    assert sum(row[pieces] for row in rows) == shipment.totals()["pieces"]
    in_plan = Counter(shipment.lines[p.line].item for p in container.placements)
    assert {row[column(headers, "Item no")] for row in rows} == set(in_plan)


def test_the_declarations_agree(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    headers, rows = table(numbers(out / "declarations.xlsx")["联网清单"], "商户")
    value, cartons, name = column(headers, "货值"), column(headers, "包装数量"), column(headers, "商品名称")
    rows = [row for row in rows if isinstance(row[value], int | float) and row[name]]
    parts = [part for form in shipment.declarations for item in form.items for part in item.parts]
    assert len(rows) == len(parts)
    assert sum(round(Decimal(str(row[value])) * 100) for row in rows) == shipment.totals()["value_usd_cents"]
    assert sum(row[cartons] for row in rows) == shipment.totals()["cartons"]


def test_the_invoice_agrees(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    text = " ".join("".join(page.extract_text() for page in PdfReader(out / "invoice.pdf").pages).split())
    assert f"{shipment.totals()['value_usd_cents'] / 100:,.2f}" in text
    assert f"{shipment.totals()['cartons']:,}" in text
    loaded = shipment.loaded_cartons()
    assert all(line.item in text for line, cartons in zip(shipment.lines, loaded, strict=True) if cartons)


def test_the_loading_plans_agree(shipped: tuple[Shipment, Path, Path]) -> None:
    shipment, out, _ = shipped
    page = (out / "loading.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="loading-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    drawn = json.loads(found[1])["containers"]
    assert [len(container["columns"][0]) for container in drawn] == [
        len(container.placements) for container in shipment.containers
    ]
    text = "".join(sheet.extract_text() for sheet in PdfReader(out / "loading.pdf").pages)
    assert all(f"{len(container.placements):,}" in text for container in shipment.containers)
    for number, container in enumerate(shipment.containers, start=1):
        drawing = (out / f"layers-{number:02d}.svg").read_text("utf-8")
        assert f"Container {number} of {len(shipment.containers)}" in drawing
        assert f"{len(container.placements):,}" in drawing


def test_her_book_comes_back_and_can_be_shipped_again(shipped: tuple[Shipment, Path, Path]) -> None:
    _, out, book = shipped

    def said(path: Path) -> Iterator[tuple[Any, ...]]:
        for line in read_orders(path, day=DAY).lines:
            yield (line.sheet, line.row, line.item, line.cartons, line.value_minor, line.gross_g, line.carton_mm)

    assert list(said(out / "checked.xlsx")) == list(said(book))
