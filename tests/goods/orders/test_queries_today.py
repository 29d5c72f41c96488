"""A stall's day: what waits for it, each with a photo and one next step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import TODAY, Market

from sundry.goods.orders import queries_today
from sundry.goods.orders.models import OrderLine, SubOrder
from sundry.goods.orders.order_rules import Head, State
from sundry.goods.orders.queries_today import Pile

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def sold(market: Market, *, price: int | None = None, stock: int | None = 500) -> tuple[Any, Any, int]:
    """(the seller, the buyer, the order) of twelve cups."""
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=stock)
    placed = market.order(amina, {cup: 12})
    if price is not None:
        OrderLine.objects.update(price_minor=price)
    return li, amina, placed.order


def test_an_order_waits_for_the_yes_of_its_stall_alone(market: Market) -> None:
    li, _, order = sold(market)
    zhang = market.seller("Zhang")
    (sale,) = queries_today.day(organisation=li.organisation, today=TODAY).to_confirm
    assert (sale.code, sale.partner, sale.pieces, sale.value_minor) == (f"{order}-1", "Amina", 12, 12 * 320)
    assert sale.names["zh"] == "牙刷杯"
    assert sale.is_waiting
    assert queries_today.day(organisation=zhang.organisation, today=TODAY).is_free


@pytest.mark.parametrize(
    ("price", "stock", "is_in_stock"), [(None, 500, True), (400, 500, True), (319, 500, False), (None, None, False)]
)
def test_what_is_counted_and_at_the_listed_price_or_a_better_one_can_be_confirmed_unseen(
    market: Market, price: int | None, stock: int | None, is_in_stock: bool
) -> None:
    li, _, _ = sold(market, price=price, stock=stock)
    assert bool(queries_today.in_stock(organisation=li.organisation, today=TODAY)) is is_in_stock


@pytest.mark.parametrize(
    ("state", "days", "where"),
    [
        (State.CONFIRMED, 0, "to_hand_over"),
        (State.CONFIRMED, -1, "late"),
        (State.CONFIRMED, 1, ""),
        (State.READY, 5, "to_hand_over"),
        (State.READY, -1, "late"),
        (State.HANDED_OVER, -1, ""),
    ],
)
def test_what_was_promised_stands_where_its_day_puts_it(market: Market, state: State, days: int, where: str) -> None:
    li, _, _ = sold(market)
    SubOrder.objects.update(state=state.value, promised_day=TODAY + timedelta(days=days))
    day = queries_today.day(organisation=li.organisation, today=TODAY)
    assert [name for name in ("to_confirm", "to_hand_over", "late") if getattr(day, name)] == ([where] if where else [])


def test_an_agents_buyer_is_a_country_and_no_name(market: Market) -> None:
    li, zhou = market.seller(), market.agent()
    cup = market.good(market.stall(li))
    mandate = market.mandate(zhou, None)
    market.order(zhou, {cup: 3}, Head(destination="SN"), mandate=mandate)
    (sale,) = queries_today.sales(organisation=li.organisation, today=TODAY)
    assert (sale.partner, sale.country) == ("Zhou", "SN")


def test_sales_go_on_after_the_last_that_was_shown(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li))
    orders = [market.order(amina, {cup: 1}, now=market.now + timedelta(minutes=minute)).order for minute in range(3)]
    seen: list[str] = []
    before = None
    while found := queries_today.sales(organisation=li.organisation, today=TODAY, before=before, limit=2):
        seen += [sale.code for sale in found]
        before = found[-1].id
    assert seen == [f"{order}-1" for order in reversed(orders)]
    assert queries_today.sales(organisation=li.organisation, today=TODAY, pile=Pile.TO_HAND_OVER) == ()
    assert len(queries_today.sales(organisation=li.organisation, today=TODAY, pile=Pile.TO_CONFIRM)) == 3


def test_a_day_of_thirty_orders_costs_as_many_statements_as_one_of_three(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cups = market.goods(market.stall(li), 3)
    counted = []
    for orders in (3, 12):
        for _ in range(orders):
            market.order(amina, dict.fromkeys(cups, 2))
        with CaptureQueriesContext(connection) as asked:
            day = queries_today.day(organisation=li.organisation, today=TODAY)
        counted.append(len(asked))
    assert len(day.to_confirm) == 15
    assert counted[0] == counted[1] <= 9
