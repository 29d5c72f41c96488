"""The load test: a real wholesale buyer's best month, boxed by rule, becomes a shipment."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from online_retail import CARTON_G, Lent, Packed, available, best_month, packed, write_book

from sundry.goods.shipping.actions import ShipOptions, ship
from sundry.goods.shipping.rules import Shipment

with_data = pytest.mark.skipif(not available(), reason="the orders and products lie beside the repository, not in it")


@pytest.fixture(scope="module")
def month() -> list[Packed]:
    return best_month()


@pytest.fixture(scope="module")
def shipment(month: list[Packed], tmp_path_factory: pytest.TempPathFactory) -> Shipment:
    folder = tmp_path_factory.mktemp("month")
    write_book(folder / "month.xlsx", month)
    options = ShipOptions(day=date(2026, 4, 20), rates=("USDGBP=0.64",), seconds=2.0)
    return ship(folder / "month.xlsx", folder / "out", options)


def test_the_worked_case_of_the_rule() -> None:
    line = packed("85123A", "HEART HOLDER", Decimal("2.55"), 30, [Lent((20, 13, 9), 400)])
    assert (line.cartons, line.per_carton, line.size_cm) == (1, 30, (61, 40, 37))
    assert line.content_g + CARTON_G == 12_500
    assert line.value_minor == 30 * 255


def test_the_last_carton_is_filled_up() -> None:
    line = packed("85123A", "HEART HOLDER", Decimal("2.55"), 50, [Lent((20, 13, 9), 400)])
    assert (line.cartons, line.per_carton, line.pieces) == (2, 25, 50)
    odd = packed("85123A", "HEART HOLDER", Decimal("2.55"), 51, [Lent((20, 13, 9), 400)])
    assert (odd.cartons, odd.per_carton, odd.pieces) == (2, 26, 52)


@with_data
def test_the_month_is_a_load_worth_testing(month: list[Packed]) -> None:
    assert (len(month), sum(line.cartons for line in month)) == (577, 1744)
    assert sum(line.value_minor for line in month) == 22_097_43
    assert max(max(line.size_cm) for line in month) <= 106
    assert best_month() == month


@with_data
def test_every_line_ships_as_it_was_ordered(month: list[Packed], shipment: Shipment) -> None:
    assert shipment.set_aside == ()
    assert [(line.item, line.cartons, line.pieces, line.value_minor, line.currency) for line in shipment.lines] == [
        (line.item, line.cartons, line.pieces, line.value_minor, "GBP") for line in month
    ]
    assert [line.carton_mm for line in shipment.lines] == [tuple(10 * side for side in line.size_cm) for line in month]
    assert sum(line.gross_g or 0 for line in shipment.lines) == sum(
        line.cartons * (line.content_g + CARTON_G) for line in month
    )


@with_data
def test_every_carton_stands_in_exactly_one_container(month: list[Packed], shipment: Shipment) -> None:
    assert shipment.loaded_cartons() == [line.cartons for line in month]
    assert shipment.left_out == ()
    for container in shipment.containers:
        length, width, height = container.inside_mm
        for box in container.placements:
            sides = shipment.lines[box.line].carton_mm
            assert sides is not None
            assert sorted((box.dx, box.dy, box.dz)) == sorted(sides)
            assert box.x >= 0
            assert box.y >= 0
            assert box.z >= 0
            assert box.x + box.dx <= length
            assert box.y + box.dy <= width
            assert box.z + box.dz <= height
        assert container.known_gross_g <= container.payload_g


@with_data
def test_the_money_is_the_same_from_the_line_to_the_form(month: list[Packed], shipment: Shipment) -> None:
    cents = [int((Decimal(line.value_minor) / Decimal("0.64")).quantize(Decimal(1), ROUND_HALF_EVEN)) for line in month]
    assert list(shipment.value_usd_cents) == cents
    parts = [part for form in shipment.declarations for item in form.items for part in item.parts]
    declared = [0] * len(month)
    for part in parts:
        declared[part.line] += part.value_usd_cents
    assert declared == cents
    assert sum(form.value_usd_cents for form in shipment.declarations) == sum(cents)
    assert all(form.value_usd_cents <= 15_000_000 and len(form.items) <= 50 for form in shipment.declarations)
    assert all(form.incomplete for form in shipment.declarations)  # the data tell no HS codes, and none is invented
