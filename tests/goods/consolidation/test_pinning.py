"""Pinned lines travel, whatever else must stay; only what does not fit alone is left out, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sundry.engines.packing.rules import BoxType, Container, Load, Loaded, Placed
from sundry.goods.consolidation.pinning import Pinning
from sundry.goods.consolidation.queries import Plan, plan_load
from sundry.goods.orders.rules import Line
from sundry.kernel.containers import container_types, lane_prices
from sundry.kernel.outcome import Progress, silent

DAY = date(2026, 4, 20)
TYPES, PRICES = container_types(DAY), lane_prices(DAY)


def line(cartons: int, box: tuple[int, int, int] = (600, 400, 400), **differs: object) -> Line:
    whole = Line(
        sheet="订单", row=2, stall="A1", item="K1", name="杯", cartons=cartons, pieces_per_carton=9, pieces=9 * cartons,
        unit="piece", unit_price="2.5", unit_price_minor=250, price_per="piece", value_minor=9000 * cartons,
        currency="CNY", gross_g=12_000 * cartons, net_g=11_000 * cartons, carton_mm=box, carton_mm_from="stated",
        carton_volume_mm3=box[0] * box[1] * box[2], carton_volume_from="LxWxH", hs="6912001000",
    )  # fmt: skip
    return replace(whole, **differs)  # type: ignore[arg-type]


def planned(lines: Sequence[Line], pinned: set[int], *, containers_max: int | None = 1, seconds: float = 0.6) -> Plan:
    return plan_load(
        lines,
        types=[TYPES["20GP"]],
        prices=PRICES,
        seconds=seconds,
        containers_max=containers_max,
        pinned=pinned,
        worth=[line.value_minor for line in lines],
    )


def left_out(plan: Plan) -> dict[int, int]:
    return {left.line: left.cartons for left in plan.left_out}


# About 60 m3 in twelve lines of many sizes; a 20GP holds about 30.
SIZES = [(410 + 40 * n, 330 + 23 * n, 260 + 17 * n) for n in range(12)]
CARGO = [line(5_000_000_000 // (x * y * z), (x, y, z)) for x, y, z in SIZES]


def test_pinned_lines_travel_and_others_stay() -> None:
    without = planned(CARGO, set())
    pinned = {number for number, cartons in left_out(without).items() if cartons == CARGO[number].cartons}
    pinned = set(sorted(pinned)[:3]) or {max(left_out(without))}
    plan = planned(CARGO, pinned)
    assert not left_out(plan).keys() & pinned
    (container,) = plan.containers
    assert container.fill > 0.7
    assert sum(left_out(plan).values()) + len(container.placements) == sum(line.cartons for line in CARGO)
    assert plan.price_bound_minor == 0
    rules = {finding.rule for finding in plan.findings}
    assert "cartons_left_out" in rules
    assert "pinned_left_out" not in rules


def test_what_does_not_even_fit_alone_is_an_error() -> None:
    pinned = set(range(1, 12))
    plan = planned(CARGO, pinned)
    assert left_out(plan)[0] == CARGO[0].cartons
    wrong = [finding for finding in plan.findings if finding.rule == "pinned_left_out"]
    assert {finding.line: finding.details["cartons"] for finding in wrong} == {
        number: cartons for number, cartons in left_out(plan).items() if number in pinned
    }
    assert {str(finding.severity) for finding in wrong} == {"error"}


def test_pins_change_nothing_where_everything_travels() -> None:
    assert not planned(CARGO, {0}, containers_max=None).left_out
    assert not planned(CARGO[:3], {0}).left_out


class Shelf:
    """A loader that puts cartons onto a shelf of so much volume: those that count most first, the rest in order; a
    favour below `tempted_below` is not enough to move it."""

    def __init__(self, room_mm3: int, tempted_below: float = 0.0, clumsy: bool = False) -> None:
        self.room_mm3, self.tempted_below, self.clumsy = room_mm3, tempted_below, clumsy
        self.asked: list[tuple[float, list[int]]] = []

    def __call__(
        self, boxes: Sequence[BoxType], *, seconds: float, favours: Sequence[float] | None, progress: Progress
    ) -> Load:
        favours = favours or [1.0] * len(boxes)
        self.asked.append((max(favours), [box.quantity for box in boxes]))
        order = sorted(range(len(boxes)), key=lambda n: -favours[n] if favours[n] >= self.tempted_below else 0)
        offered = sum(box.quantity * box.volume_mm3 for box in boxes)
        room = self.room_mm3 * (0.8 if self.clumsy and offered > self.room_mm3 else 1)
        placed, left = [], [box.quantity for box in boxes]
        for number in order:
            while left[number] and room >= boxes[number].volume_mm3:
                placed.append(Placed(number, 0, 0, 0, *boxes[number].edges_mm))
                left[number] -= 1
                room -= boxes[number].volume_mm3
        return Load((Loaded(0, tuple(placed)),), tuple(left), (0,) * len(boxes), 1, 1, 0.0)


BOXES = [BoxType(10, 10, 10, 50, weight_g=1), BoxType(10, 10, 10, 50, weight_g=1), BoxType(10, 10, 10, 30, weight_g=1)]


def pinning(shelf: Shelf, *, payload_g: int | None = None, progress: Progress = silent) -> Load:
    """The third line is pinned; the second is worth most, the first fills the shelf first."""
    containers = [Container("shelf", 1000, 10, 10, payload_g=payload_g)]
    return Pinning(shelf, BOXES, {2}, worth=(1, 9, 0), containers=containers, seconds=60, progress=progress).run()


def test_no_more_is_favoured_than_needed() -> None:
    shelf = Shelf(100_000, tempted_below=3)
    load = pinning(shelf)
    assert load.left_out == (0, 30, 0)
    favours = [round(favour, 1) for favour, _ in shelf.asked]
    assert favours == [1.0, 6.0, 2.4, 3.8, 3.1]
    assert load.price_bound_minor == 0


def test_a_stubborn_search_is_favoured_more() -> None:
    shelf = Shelf(100_000, tempted_below=50)
    assert pinning(shelf).left_out == (0, 30, 0)
    assert [round(favour, 1) for favour, _ in shelf.asked] == [1.0, 6.0, 100.0, 24.5, 49.5]


def test_where_no_favour_helps_fewer_others_are_offered_worth_most_first() -> None:
    """This loader does not listen, and packs worse the more it is offered."""
    shelf = Shelf(100_000, tempted_below=1e9, clumsy=True)
    load = pinning(shelf)
    assert load.left_out[2] == 0
    offers = [quantities for favour, quantities in shelf.asked if quantities[0] < 50]
    assert offers[0] == [0, 0, 30]  # alone
    assert offers[1:] == [[0, 25, 30], [0, 37, 30], [0, 43, 30]]  # the dearer line first; 80 had room at first
    assert load.left_out == (50, 7, 0)
    assert [(line.type, line.cartons) for line in load.left_behind] == [(0, 50), (1, 7)]
    assert load.containers_bound == 0


def test_the_payload_bounds_what_is_offered() -> None:
    shelf = Shelf(100_000, tempted_below=1e9)
    pinning(shelf, payload_g=40)
    offers = [quantities for _, quantities in shelf.asked if quantities[0] < 50]
    assert all(sum(quantities) <= 40 for quantities in offers)


def test_what_does_not_fit_alone_is_left_out_with_all_others() -> None:
    load = pinning(Shelf(20_000))
    assert load.left_out == (50, 50, 10)


def test_progress_has_real_counts_and_ends() -> None:
    told: list[tuple[str, int, int]] = []
    pinning(Shelf(100_000), progress=lambda *counts: told.append(counts))
    counts = [done for stage, done, _ in told if stage == "pinning"]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == told[-1][2]
