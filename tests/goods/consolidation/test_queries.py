"""From lines to containers: weights to the gram, payloads, and what a line's cartons may not do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from sundry.goods.consolidation.queries import carton_weight_g, plan_load, unloadable
from sundry.goods.orders.rules import Line
from sundry.kernel.containers import ContainerType, container_types, lane_prices

DAY = date(2026, 4, 20)
TYPES = container_types(DAY)
PRICES = lane_prices(DAY)


def line(**differs: object) -> Line:
    whole = Line(
        sheet="订单",
        row=2,
        stall="A1-1001",
        item="K1",
        name="杯",
        cartons=10,
        pieces_per_carton=36,
        pieces=360,
        unit="piece",
        unit_price="2.5",
        unit_price_minor=250,
        price_per="piece",
        value_minor=90_000,
        currency="CNY",
        gross_g=120_000,
        net_g=110_000,
        carton_mm=(500, 400, 300),
        carton_mm_from="stated",
        carton_volume_mm3=60_000_000,
        carton_volume_from="LxWxH",
        hs="6912001000",
    )
    return replace(whole, **differs)  # type: ignore[arg-type]


def test_every_carton_is_loaded_and_every_gram_is_somewhere() -> None:
    lines = [
        line(cartons=700, gross_g=700 * 11_000 + 1),
        line(cartons=333, gross_g=1_000_000, carton_mm=(610, 430, 350)),
    ]
    plan = plan_load(lines, types=list(TYPES.values()), prices=PRICES, seconds=0.3)
    counted = Counter(p.line for container in plan.containers for p in container.placements)
    assert counted == {0: 700, 1: 333}
    assert sum(container.gross_g or 0 for container in plan.containers) == 700 * 11_000 + 1 + 1_000_000
    assert plan.price_bound_minor <= sum(container.price_minor for container in plan.containers)


def test_a_container_of_unknown_weight_says_what_is_known() -> None:
    lines = [line(), line(gross_g=None)]
    plan = plan_load(lines, types=[TYPES["20GP"]], prices=PRICES, seconds=0.1)
    (container,) = plan.containers
    assert container.gross_g is None
    assert container.known_gross_g == 120_000
    assert any(finding.rule == "container_weight_unknown" for finding in plan.findings)


def test_the_payload_is_never_exceeded() -> None:
    heavy = line(cartons=60, gross_g=60 * 900_000)
    plan = plan_load([heavy], types=[TYPES["20GP"]], prices=PRICES, seconds=0.1)
    assert len(plan.containers) == 2
    assert all((container.gross_g or 0) <= container.payload_g for container in plan.containers)


def test_a_plan_above_what_a_crew_reaches_is_told() -> None:
    plan = plan_load([line(cartons=500)], types=[TYPES["20GP"]], prices=PRICES, seconds=0.1)
    usual = TYPES["20GP"].usual_volume_mm3
    assert usual is not None
    above = [container for container in plan.containers if container.volume_mm3 > usual]
    assert len([f for f in plan.findings if f.rule == "container_above_usual_volume"]) == len(above)
    assert above


@pytest.mark.parametrize(
    ("differs", "rule"),
    [
        ({"carton_mm": None}, "carton_size_unknown"),
        ({"carton_mm": (13_557, 300, 300)}, "carton_too_large"),
        ({"carton_mm": (50_000, 300, 300)}, "carton_too_large"),
        ({"carton_mm": (3000, 2345, 2345)}, "carton_not_through_door"),
        ({"cartons": 1, "gross_g": 28_200_001}, "carton_too_heavy"),
        ({"cartons": 30_001}, "cartons_too_many"),
    ],
)
def test_what_no_container_takes_is_told_with_its_reason(differs: dict[str, object], rule: str) -> None:
    found = unloadable([line(), line(**differs)], list(TYPES.values()))
    assert {index: finding.rule for index, finding in found.items()} == {1: rule}


def test_what_is_too_much_for_one_plan_is_told_line_by_line() -> None:
    """200,000 cartons in all; a line that is refused anyway does not count."""
    lines = [*[line(cartons=30_000)] * 6, line(cartons=30_001), line(cartons=20_001), line(cartons=20_000), line()]
    found = unloadable(lines, list(TYPES.values()))
    assert {index: finding.rule for index, finding in found.items()} == {
        6: "cartons_too_many",
        7: "cartons_too_many_in_all",
        9: "cartons_too_many_in_all",
    }


def test_what_is_too_various_for_one_plan_is_told_line_by_line() -> None:
    many = [line(cartons=1, carton_mm=(200 + k // 100, 200 + k % 100, 20)) for k in range(10_000)]
    found = unloadable([*many, line(cartons=1), many[7]], list(TYPES.values()))
    assert {index: finding.rule for index, finding in found.items()} == {10_000: "cartons_too_various"}


@pytest.mark.parametrize(
    "differs",
    [{"carton_mm": (13_556, 300, 300)}, {"carton_mm": (3000, 2340, 2340)}, {"cartons": 1, "gross_g": 28_200_000}],
)
def test_what_just_fits_is_not_refused(differs: dict[str, object]) -> None:
    assert not unloadable([line(**differs)], list(TYPES.values()))


def test_an_upright_carton_may_need_another_door() -> None:
    tall = line(carton_mm=(600, 500, 2400), this_side_up=True)
    low_door: ContainerType = TYPES["40GP"]
    assert unloadable([tall], [low_door])[0].rule in ("carton_too_large", "carton_not_through_door")
    assert not unloadable([replace(tall, this_side_up=False)], [low_door])
    assert not unloadable([tall], [TYPES["40HC"]])


def test_a_cartons_weight_is_rounded_up() -> None:
    assert carton_weight_g(line(cartons=3, gross_g=100)) == 34
    assert carton_weight_g(line(gross_g=None)) == 0


def test_nothing_to_load_is_an_empty_plan() -> None:
    assert plan_load([], types=list(TYPES.values()), prices=PRICES, seconds=1).containers == ()
