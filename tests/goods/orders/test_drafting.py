"""A line is made in one place, of what is asked for and what is offered."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.rules import Carton as GoodsCarton
from sundry.goods.catalogue.rules import Step, Supply, Variant
from sundry.goods.orders.drafting import draft_described, draft_line
from sundry.goods.orders.order_rules import Collector, Head, Wish
from sundry.goods.orders.order_rules import Supply as LineSupply

RED = uuid.UUID(int=7)
YUAN, DOLLARS = Head(), Head(currency="USD")


CUP = Orderable(
    id=uuid.UUID(int=1),
    number=20114,
    stall=uuid.UUID(int=2),
    stall_number=12,
    seller=uuid.UUID(int=3),
    is_listed=True,
    is_open=True,
    language="zh",
    names={"zh": "牙刷杯"},
    item_number="A-1",
    unit="piece",
    cover="ab",
    hs_code="392410",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=GoodsCarton(120, 500, 400, 300, 12000, 11000),
    supply=Supply.STOCK,
    stock_pieces=500,
    lead_time_days=None,
    weekly_capacity_pieces=None,
    variants={},
)
"""A cup at 3.20 from 120 on, 2.85 from 1,200."""
OF_COLOURS = replace(CUP, variants={RED: Variant({"zh": "红"}, "A-1R", 10, 40, RED)})
STALL = OrderableStall(CUP.stall, 12, {"zh": "日用"}, "1-F2-C-1205", CUP.seller, is_open=True)
DESCRIBED = Wish(pieces=10, stall=12, names={"zh": "定制礼盒"}, price_minor=900)


def test_a_line_is_made_of_the_good() -> None:
    line = draft_line(Wish(pieces=600, good=20114, variant=RED), OF_COLOURS, YUAN)
    assert (line.price_minor, line.list_price_minor, line.value_minor, line.item_number) == (330, 330, 198_000, "A-1R")
    assert (line.totals.cartons, line.supply, line.collector) == (5, LineSupply.STOCK, Collector.AGENT)
    offered = draft_line(Wish(pieces=600, good=20114, variant=RED, price_minor=300), OF_COLOURS, YUAN)
    assert (offered.price_minor, offered.list_price_minor) == (300, 330)


def test_a_line_is_made_of_what_is_described() -> None:
    line = draft_described(DESCRIBED, STALL, Head(collector=Collector.STALL))
    assert (line.good, line.value_minor, line.supply, line.collector) == (
        None,
        9_000,
        LineSupply.UNLISTED,
        Collector.STALL,
    )


def test_a_line_that_cannot_be_made_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="20114"):
        draft_line(Wish(pieces=120, good=20114), CUP, DOLLARS)
    with pytest.raises(ValueError, match="row 3"):
        draft_described(replace(DESCRIBED, price_minor=None, row=3), STALL, YUAN)
