"""How full a container would be, what a mixed order lacks, what an order is called and for whom it waits."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sundry.goods.catalogue.rules import MixedBatch
from sundry.goods.orders.order_rules import LineView, State, SubView, Totals
from sundry.goods.orders.showing_orders import fills, groups, line_told, missing, stall_told, waits_for_buyer

DAY = date(2026, 11, 22)
CUBIC_METRE = 10**9


def sub(**fields: Any) -> SubView:
    given = dict.fromkeys(SubView.__slots__) | {
        "id": uuid.UUID(int=1),
        "stall": 7,
        "stall_names": {"zh": "日用百货"},
        "place": "1-F2-C-1205",
        "state": State.CONFIRMED,
        "totals": Totals(lines=2, pieces=100, value_minor=10_000),
        "ticket": "none",
    }
    return SubView(**(given | fields))


def line(**fields: Any) -> LineView:
    given = dict.fromkeys(LineView.__slots__) | {"names": {}, "language": "zh", "item_number": "", "good": None}
    return LineView(**(given | fields))


def test_a_container_is_as_full_as_the_fuller_of_room_and_load() -> None:
    light = {one.name: one for one in fills(Totals(volume_mm3=30 * CUBIC_METRE, gross_g=1_000_000), DAY)}
    assert set(light) == {"20GP", "40GP", "40HC"}
    assert light["20GP"].bp == light["20GP"].volume_bp > light["40GP"].bp > light["40HC"].bp
    assert not light["20GP"].is_by_weight
    heavy = fills(Totals(volume_mm3=5 * CUBIC_METRE, gross_g=25_000_000), DAY)[0]
    assert heavy.is_by_weight
    assert heavy.bp == heavy.weight_bp


def test_more_than_one_container_is_said_and_its_bar_is_full() -> None:
    box = fills(Totals(volume_mm3=100 * CUBIC_METRE), DAY)[-1]
    assert box.bp > 10_000
    assert (box.percent, box.needed) == (100, 2)
    tight = fills(Totals(volume_mm3=box.volume_mm3), DAY)[-1]
    assert (tight.bp, tight.percent, tight.needed) == (10_000, 100, 1)


def test_what_nobody_measured_fills_nothing() -> None:
    assert fills(Totals(lines=3, unmeasured=3), DAY) == ()


@pytest.mark.parametrize(
    ("batch", "totals", "amount_minor", "pieces"),
    [
        (MixedBatch(50_000, None), Totals(lines=2, value_minor=20_000), 30_000, None),
        (MixedBatch(None, 500), Totals(lines=2, pieces=120), None, 380),
        (MixedBatch(50_000, 500), Totals(lines=2, pieces=120, value_minor=20_000), 30_000, 380),
    ],
    ids=["money", "pieces", "either"],
)
def test_a_mixed_order_lacks_what_the_stall_asks(
    batch: MixedBatch, totals: Totals, amount_minor: int | None, pieces: int | None
) -> None:
    lacks = missing(batch, totals)
    assert lacks is not None
    assert (lacks.amount_minor, lacks.pieces) == (amount_minor, pieces)


def test_a_mixed_order_that_is_large_enough_lacks_nothing() -> None:
    large = Totals(lines=2, pieces=120, value_minor=50_000)
    assert missing(MixedBatch(50_000, 500), large) is None, "one of both is enough"
    assert missing(MixedBatch(50_000, None), replace(large, lines=1, value_minor=5)) is None, "one kind is not mixed"
    assert missing(MixedBatch(90_000, None), large, is_in_yuan=False) is None, "yuan are not compared with dollars"
    assert missing(None, large) is None


def test_a_thing_without_a_name_is_called_by_what_there_is() -> None:
    assert line_told(line(names={"en": "cup"}), "en").text == "cup"
    assert line_told(line(item_number="K-17"), "en").text == "K-17"
    assert line_told(line(good=20114), "en").text == "#20114"
    assert stall_told(sub(), "ar").text == "日用百货"
    assert stall_told(sub(stall_names={}), "ar").text == "1-F2-C-1205"


def test_lines_stand_by_their_stall() -> None:
    first, second, bare = (sub(id=uuid.UUID(int=at), stall=at) for at in (1, 2, 3))
    lines = [line(sub=second.id), line(sub=first.id), line(sub=second.id)]
    shown = groups([first, second, bare], lines, {2: MixedBatch(None, 500)}, language="en", currency="CNY")
    assert [(one.sub.stall, len(one.lines), one.missing is None) for one in shown] == [(1, 1, True), (2, 2, False)]


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, False),
        ({"totals": Totals(value_minor=100, deposit_minor=30)}, True),
        ({"totals": Totals(value_minor=100, deposit_minor=30, paid_minor=30)}, False),
        ({"ticket": "stall"}, True),
        ({"ticket": "buyer"}, False),
        ({"state": State.HANDED_OVER}, True),
        ({"state": State.PLACED, "ticket": "stall"}, False),
    ],
    ids=["nothing", "deposit", "deposit paid", "ticket", "ticket of the stall", "balance", "the stall first"],
)
def test_a_part_waits_for_the_buyer(fields: dict[str, Any], waits: bool) -> None:
    assert waits_for_buyer(sub(**fields)) is waits
