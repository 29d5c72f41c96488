"""Lines of one quoted line have the price of all of them together, in a basket and when it is placed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from orders_market import NOON, Market
from quoting_desk import Desk

from sundry.goods.catalogue.models import GoodVariant
from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders import actions_basket, actions_placing
from sundry.goods.orders.enquiry_rules import QuotedLine, QuotedStep
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.models import Order, OrderLine, QuotationLine
from sundry.goods.orders.order_rules import Head, Wish


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(Market())


class Cups:
    """Red and blue, at 2.80 from 500 on and 2.50 from 1,000 on: 700 red and 400 blue lie in Amina's basket."""

    def __init__(self, desk: Desk) -> None:
        kinds = (Variant({"zh": "红"}, stock_pieces=900), Variant({"zh": "蓝"}, stock_pieces=450))
        self.desk, self.cup = desk, desk.market.good(desk.stall, stock_pieces=0, variants=kinds)
        self.kinds = desk.market.variants(self.cup)
        ladder = (QuotedStep(500, 280), QuotedStep(1_000, 250))
        sent = desk.sent(QuotedLine(ladder, 600, good=self.cup))
        self.quoted = QuotationLine.objects.get(quotation=sent).id
        wishes = [
            Wish(some, self.cup, kind, quotation_line=self.quoted)
            for kind, some in zip(self.kinds, (700, 400), strict=True)
        ]
        self.basket = actions_basket.start_with(actor=desk.amina, head=Head(), wishes=wishes, now=NOON).order

    def lying(self) -> list[tuple[int, int]]:
        """(pieces, price)"""
        found = OrderLine.objects.filter(order__number=self.basket).order_by("position")
        return list(found.values_list("pieces", "price_minor"))

    def lines(self) -> list[uuid.UUID]:
        return list(
            OrderLine.objects.filter(order__number=self.basket).order_by("position").values_list("id", flat=True)
        )

    def does(self, act: Callable[..., Any], **given: Any) -> Any:
        return act(actor=self.desk.amina, order=self.basket, version=None, now=NOON, **given)


def test_the_price_is_that_of_all_together(desk: Desk) -> None:
    cups = Cups(desk)
    assert cups.lying() == [(700, 250), (400, 250)]
    red, blue = cups.lines()
    cups.does(actions_basket.change_line, line=red, pieces=300)
    assert cups.lying() == [(300, 280), (400, 280)]
    with pytest.raises(Refused) as refusal:
        cups.does(actions_basket.change_line, line=red, pieces=50)
    assert [(one.rule, one.value) for one in refusal.value.findings] == [("orders_below_minimum", "450")]
    cups.does(actions_basket.change_line, line=blue, price_minor=270)  # her offer
    cups.does(actions_basket.put, wishes=[Wish(600, cups.cup, cups.kinds[0], quotation_line=cups.quoted)])
    assert cups.lying() == [(900, 250), (400, 270)]
    cups.does(actions_basket.remove, lines=[blue])
    assert cups.lying() == [(900, 280)]
    view = Order.objects.get(number=cups.basket)
    assert (view.value_minor, view.lines, view.pieces) == (900 * 280, 1, 900)


def test_it_is_placed_by_what_all_of_them_come_to_and_draws_each_on_its_own(desk: Desk) -> None:
    cups = Cups(desk)
    key: dict[str, Any] = {"key": None}
    placed = cups.does(actions_placing.place, **key)
    assert placed.value_minor == 1_100 * 250
    stock = list(
        GoodVariant.objects.filter(id__in=cups.kinds).order_by("position").values_list("stock_pieces", flat=True)
    )
    assert stock == [200, 50]
    few = [Wish(200, cups.cup, kind, quotation_line=cups.quoted) for kind in cups.kinds]
    again: dict[str, Any] = {"actor": desk.amina, "head": Head(), "now": NOON + timedelta(hours=1)}
    with pytest.raises(Refused) as refusal:
        actions_placing.place_wishes(wishes=few, **again)
    assert {(one.rule, one.value) for one in refusal.value.findings} == {("orders_below_minimum", "400")}
    with pytest.raises(Refused) as refusal:
        actions_placing.place_wishes(wishes=[Wish(500, cups.cup, cups.kinds[0], quotation_line=cups.quoted)], **again)
    assert [one.rule for one in refusal.value.findings] == ["orders_stock_short"]
