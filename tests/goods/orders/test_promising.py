"""What an order takes from shelves and weeks, looked at by itself: what is short, and what goes back to which week."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor
from sundry.base.ledger.actions import Refused
from sundry.base.ledger.models import Account
from sundry.base.ledger.rules import Event, Transfer
from sundry.base.ledger.verification import look
from sundry.goods.catalogue.models import Good
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.catalogue.rules import Supply, Variant
from sundry.goods.orders.models import OrderLine
from sundry.goods.orders.promising import (
    Promising,
    Take,
    capacity_unit,
    claimed,
    counters_of,
    given_back,
    goods_of,
    money_unit,
    post,
    told,
)
from sundry.kernel.identifiers import new_id

NOBODY = Actor()


@pytest.fixture
def market(db: None) -> Any:
    yield Market()
    assert not look(connection.connection).violations


def promising() -> Promising:
    return Promising(actor=NOBODY, document="order:1", now=NOON, today=TODAY)


def take(market: Market, good: int, pieces: int, **more: Any) -> Take:
    return Take(new_id(), "1-1", orderable([good], lock=True)[good], more.pop("variant", None), pieces, **more)


def free(good: int) -> dict[str, int]:
    unit = capacity_unit(Good.objects.get(number=good).id).key
    weeks = Account.objects.filter(unit=unit, purpose__startswith="capacity")
    return {one.purpose[9:]: one.credits_posted - one.debits_posted - one.debits_pending for one in weeks}


def test_what_nobody_counts_takes_nothing(market: Market) -> None:
    stall = market.stall(market.seller())
    shelf, factory = market.good(stall), market.good(stall, supply=Supply.MADE, lead_time_days=20)
    unknown = market.good(stall, supply=Supply.MADE)
    wanted = promising()
    takes = [take(market, good, 10**6) for good in (shelf, factory, unknown)]
    for one in takes:
        wanted.take(one)
    assert wanted.look() == []
    wanted.open()
    days = [wanted.taken[one.line] for one in takes]
    assert [one.promised_day for one in days] == [date(2026, 11, 25), date(2026, 12, 12), None]
    assert {one.promises for one in days} == {()}
    wanted.post({})


def test_several_lines_share_the_weeks(market: Market) -> None:
    mug = market.good(market.stall(market.seller()), supply=Supply.MADE, weekly_capacity_pieces=100)
    wanted = promising()
    takes = [take(market, mug, pieces) for pieces in (60, 60, 100)]
    for one in takes:
        wanted.take(one)
    assert wanted.look() == []
    wanted.open()
    wanted.post({})
    assert [wanted.taken[one.line].promised_day for one in takes] == [
        date(2026, 11, 22),
        date(2026, 11, 29),
        date(2026, 12, 6),
    ]
    assert free(mug) == {"2026-11-16": 0, "2026-11-23": 0, "2026-11-30": 80}


def test_a_factory_that_makes_less_now_takes_its_free_weeks_back(market: Market) -> None:
    stall, amina = market.stall(market.seller()), market.buyer()
    mug = market.good(stall, supply=Supply.MADE, weekly_capacity_pieces=100, lead_time_days=7)
    market.order(amina, {mug: 30})
    Good.objects.filter(number=mug).update(weekly_capacity_pieces=50)
    market.order(amina, {mug: 30})
    assert free(mug) == {"2026-11-23": 0, "2026-11-30": 40}
    Good.objects.filter(number=mug).update(weekly_capacity_pieces=0)
    wanted = promising()
    wanted.take(take(market, mug, 1, row=7))
    (finding,) = wanted.look()
    assert (finding.rule, finding.row, finding.details["left"]) == ("orders_capacity_short", 7, 0)


def test_the_last_weeks_go_back_first_and_no_week_twice(market: Market) -> None:
    chen = market.seller()
    mug = market.good(market.stall(chen), supply=Supply.MADE, weekly_capacity_pieces=100, lead_time_days=7)
    placed = market.order(market.buyer(), {mug: 250})
    market.confirm(chen, placed.order)
    line = OrderLine.objects.get(order__number=placed.order)
    for pieces, left in ((20, [0, 0, 70]), (60, [0, 30, 100]), (170, [100, 100, 100])):
        moved = given_back([(line, pieces)])
        post([Event(new_id(), "amendment", "order:1", told(NOBODY), NOON, tuple(moved))], now=NOON)
        line.pieces -= pieces
        assert sorted(free(mug).values()) == left
    assert given_back([(line, 0)]) == []


def test_a_shelf_gets_back_what_it_counts_now(market: Market) -> None:
    li = market.seller()
    red = Variant({"zh": "红"}, "R", 0, 4)
    cup, lamp = market.good(market.stall(li), stock_pieces=9, variants=(red,)), market.good(market.stall(li))
    (of_red,) = market.variants(cup)
    shelf = uuid.uuid4()
    lines: list[Any] = [
        OrderLine(good_number=cup, variant=of_red, shelf=shelf, pieces=3),
        OrderLine(good_number=cup, shelf=shelf, pieces=2),
        OrderLine(good_number=lamp, shelf=shelf, pieces=1),
        OrderLine(good_number=None, pieces=1),
    ]
    offers = orderable(goods_of(lines), lock=True)
    assert set(offers) == {cup, lamp}
    good = offers[cup].id
    assert counters_of([(line, line.pieces) for line in lines], offers) == {(good, of_red): 3, (good, None): 2}


def test_what_would_fall_below_nought_is_refused(market: Market) -> None:
    wanted = promising()
    wanted.owe(code="1-1", debtor=new_id(), creditor=new_id(), currency="JPY")
    wanted.open()
    claims, debts = wanted.accounts["1-1"]
    assert money_unit("JPY").exponent == 0
    assert claimed(claims=claims, debts=debts, value_minor=0) == []
    (less,) = claimed(claims=claims, debts=debts, value_minor=-5)
    assert (less.debit, less.credit, less.amount) == (claims, debts, 5)
    with pytest.raises(Refused):
        post([Event(new_id(), "sale", "order:1", "li", NOON, (Transfer(new_id(), claims, debts, 5),))], now=NOON)
    post([], now=NOON)
