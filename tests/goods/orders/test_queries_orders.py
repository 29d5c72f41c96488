"""Orders as their buyers ask for them: whose they are, lists that go on where they ended, so many statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders import actions_answering, actions_basket, queries_orders, queries_sales, queries_timeline
from sundry.goods.orders.models import SubOrder
from sundry.goods.orders.order_rules import EventKind, Head, OrderState, Side, State, Wish
from sundry.goods.orders.queries_orders import Filters, Sort

pytestmark = pytest.mark.django_db


class Town:
    """Amina has bought of two stalls of Li's and one of Wang's, and keeps a basket; Zhou buys on her behalf."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.li, self.wang = market.seller(), market.seller("Wang")
        self.amina, self.zhou = market.buyer(), market.agent()
        self.first, self.second, self.third = market.stall(self.li), market.stall(self.li), market.stall(self.wang)
        cup, lid, toy = (market.good(booth, stock_pieces=500) for booth in (self.first, self.second, self.third))
        self.big = market.order(self.amina, {cup: 20, lid: 3, toy: 4}, Head(name="Spring", destination="MA")).order
        held = market.mandate(self.zhou, self.amina)
        self.small = market.order(self.zhou, {toy: 1}, Head(destination="SN"), mandate=held).order
        self.basket = actions_basket.start(actor=self.amina, head=Head(currency="USD"), now=NOON)
        self.mandate = held
        market.confirm(self.li, self.big)

    def found(self, actor: Actor | None = None, **filters: Any) -> list[int]:
        asked = Filters(**filters)
        organisation = (actor or self.amina).organisation
        return [card.number for card in queries_orders.orders(organisation=organisation, filters=asked, today=TODAY)]


@pytest.fixture(scope="module")
def standing_town(standing_market: Market) -> Town:
    return Town(standing_market)


@pytest.fixture
def town(standing_town: Town, market: Market) -> Town:
    return standing_town


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


def test_an_order_whole(town: Town) -> None:
    view = queries_orders.order(town.big, today=TODAY + timedelta(days=9))
    assert view is not None
    card = view.card
    assert (card.name, card.state, card.buyer.name, card.stalls, card.late) == (
        "Spring",
        OrderState.OPEN,
        "Amina",
        3,
        2,
    )
    assert card.states == {State.CONFIRMED: 2, State.PLACED: 1}
    assert card.promised_day == date(2026, 11, 25)
    assert [(sub.code, sub.stall, sub.state, sub.ticket, sub.has_proposal) for sub in view.subs] == [
        (f"{town.big}-1", town.first.number, State.CONFIRMED, "none", False),
        (f"{town.big}-2", town.second.number, State.CONFIRMED, "none", False),
        (f"{town.big}-3", town.third.number, State.PLACED, "none", False),
    ]
    assert view.subs[0].place.startswith("1-F2-C-")
    assert view.subs[0].is_late(TODAY + timedelta(days=9))
    lines = queries_orders.lines(town.big)
    assert [line.position for line in queries_orders.lines(town.big, after=1)] == [2, 3]
    assert queries_orders.lines(town.big, sub=view.subs[1].id) == (lines[1],)
    assert queries_orders.line(town.big, lines[0].id) == lines[0]
    assert queries_orders.line(town.small, lines[0].id) is None
    assert queries_orders.sub(view.subs[0].id) == view.subs[0]
    for none in (0, -1, 2**63, 99):
        assert queries_orders.order(none) is None
        assert queries_orders.lines(none) == ()
    assert queries_orders.sub(uuid.uuid4()) is None


def test_lists_and_what_is_looked_for(town: Town) -> None:
    assert town.found() == [town.basket, town.small, town.big]
    assert town.found(town.zhou) == [town.small]
    assert town.found(town.li) == []
    assert town.found(state=OrderState.DRAFT) == [town.basket]
    assert town.found(sub_state=State.CONFIRMED) == [town.big]
    assert town.found(stall=town.third.number) == [town.small, town.big]
    assert town.found(stall=-1) == []
    assert town.found(destination="SN") == [town.small]
    assert town.found(currency="USD") == [town.basket]
    assert town.found(mandate=town.mandate) == [town.small]
    assert town.found(buyer=town.amina.organisation) == [town.basket, town.small, town.big]
    assert town.found(words="spri") == [town.big]
    assert town.found(words=f"{town.small}-1") == [town.small]
    assert town.found(words="0" * 30) == []
    assert town.found(late=True) == []
    everybody = queries_orders.orders(organisation=None)
    assert len(everybody) == 3


@pytest.mark.parametrize("sort", list(Sort))
def test_a_list_goes_on_after_the_last_one(town: Town, sort: Sort) -> None:
    organisation = town.amina.organisation
    whole = [card.number for card in queries_orders.orders(organisation=organisation, sort=sort)]
    parts: list[int] = []
    while page := queries_orders.orders(
        organisation=organisation, sort=sort, before=parts[-1] if parts else None, limit=2
    ):
        parts += [card.number for card in page]
    assert parts == whole
    assert len(set(parts)) == 3
    assert queries_orders.orders(organisation=organisation, sort=sort, before=-1) == ()


def test_behind_anothers_order_nothing_is_told_of_its_value(town: Town) -> None:
    """By orders of her own of known values she would find it out."""
    for sort in (Sort.VALUE, Sort.CHANGED):
        assert queries_orders.orders(organisation=town.zhou.organisation, sort=sort, before=town.big) == ()


def test_whose_an_order_is(town: Town) -> None:
    def owner(number: int, actor: Actor) -> uuid.UUID | None:
        found = queries_orders.owner_of_order(number, actor)
        return None if found is None else found.organisation

    assert [owner(town.small, actor) for actor in (town.amina, town.zhou, town.li)] == [
        town.amina.organisation,
        town.zhou.organisation,
        town.amina.organisation,
    ]
    assert owner(99, town.amina) is None
    sub = town.market.subs(town.big)[0]
    assert queries_orders.owner_of_sub(sub, town.li) == Owner(organisation=town.li.organisation)
    assert queries_orders.owner_of_sub(sub, town.wang) == Owner(organisation=town.amina.organisation)
    sides = [queries_orders.side_of(sub, actor) for actor in (town.amina, town.li, town.wang, Actor())]
    assert sides == [Side.BUYER, Side.STALL, None, None]
    assert queries_orders.seller_of_sub(sub) == Owner(organisation=town.li.organisation)


def test_a_stall_knows_nothing_of_a_basket(town: Town) -> None:
    good = town.market.good(town.first)
    wishes = [Wish(pieces=1, good=good, price_minor=5)]
    actions_basket.put(actor=town.amina, order=town.basket, wishes=wishes, version=None, now=NOON)
    (sub,) = town.market.subs(town.basket)
    assert queries_orders.owner_of_sub(sub, town.li) == Owner(organisation=town.amina.organisation)
    assert queries_orders.side_of(sub, town.li) is None
    assert queries_orders.seller_of_sub(sub) is None
    assert sub not in [card.sub.id for card in queries_sales.sales(organisation=town.li.organisation)]
    assert queries_timeline.timeline(town.basket, organisation=town.li.organisation) == ()


def test_the_same_number_of_statements_for_many(town: Town) -> None:
    organisation = town.amina.organisation
    goods = [number for _ in range(4) for number in town.market.goods(town.market.stall(town.li), 5)]
    large = town.market.order(town.amina, dict.fromkeys(goods, 1)).order
    (one,), two = town.market.subs(town.small), statements(lambda: queries_orders.orders(organisation=organisation))
    assert two == 2
    assert organisation is not None
    assert [statements(partial(queries_orders.order, number)) for number in (town.small, large)] == [3, 3]
    assert [statements(partial(queries_orders.lines, number)) for number in (town.small, large)] == [1, 1]
    assert statements(lambda: queries_orders.sub(one)) == 1
    assert statements(lambda: queries_sales.sales(organisation=town.li.organisation)) == 1
    assert statements(lambda: queries_sales.bought(organisation=organisation)) == 1
    assert statements(lambda: queries_sales.late(organisation=organisation, today=TODAY)) == 1
    assert statements(lambda: queries_sales.today(organisation=organisation, today=TODAY)) == 5
    assert statements(lambda: queries_timeline.timeline(large, organisation=organisation)) == 1


def test_sales_and_what_waits_today(town: Town) -> None:
    li, wang = town.li.organisation, town.wang.organisation
    assert li is not None
    assert wang is not None
    cards = queries_sales.sales(organisation=li)
    assert [card.sub.code for card in cards] == [f"{town.big}-2", f"{town.big}-1"]
    assert (cards[0].buyer.name, cards[0].currency, cards[0].name, cards[0].destination) == (
        "Amina",
        "CNY",
        "Spring",
        "MA",
    )
    assert queries_sales.sales(organisation=li, before=cards[0].sub.id) == cards[1:]
    assert queries_sales.sales(organisation=li, state=State.PLACED) == ()
    assert queries_sales.sales(organisation=li, stall=town.first.number) == cards[1:]
    assert queries_sales.sales(organisation=li, stall=-1) == ()
    assert len(queries_sales.sales(organisation=None)) == 4
    assert queries_sales.sale(cards[0].sub.id) == cards[0]
    bought = queries_sales.bought(organisation=town.zhou.organisation, mandate=town.mandate)
    assert [(card.sub.order, card.agent.name, card.buyer.name) for card in bought] == [(town.small, "Zhou", "Amina")]
    later = date(2026, 11, 26)
    late = queries_sales.late(organisation=town.amina.organisation, today=later)
    assert [card.sub.code for card in late] == [f"{town.big}-1", f"{town.big}-2"]
    assert queries_sales.late(organisation=wang, today=later) == ()
    assert queries_sales.sales(organisation=li, late=True, today=later) == cards
    waits = queries_sales.today(organisation=li, today=date(2026, 11, 25))
    assert (waits.to_confirm, waits.to_hand_over, waits.late, waits.payments) == (0, 2, 0, 0)
    assert queries_sales.today(organisation=wang, today=TODAY).to_confirm == 2
    assert queries_sales.today(organisation=li, today=later).late == 2


def test_what_happened_as_each_side_may_see_it(town: Town) -> None:
    sub = town.market.subs(town.big)[2]
    actions_answering.decline(actor=town.wang, sub=sub, reason="sold out", now=NOON)
    buyers = queries_timeline.timeline(town.big, organisation=town.amina.organisation)
    declined = buyers[0]
    assert (declined.kind, declined.sub, declined.who, declined.organisation) == (
        EventKind.DECLINED,
        f"{town.big}-3",
        "",
        "Wang",
    )
    assert buyers[-1].who == "Amina"
    wangs = queries_timeline.timeline(town.big, organisation=town.wang.organisation)
    assert {entry.sub for entry in wangs} == {f"{town.big}-3"}
    assert wangs[0].who == "Wang"
    assert queries_timeline.timeline(town.big, organisation=town.market.buyer("Bob").organisation) == ()
    assert (
        queries_timeline.timeline(town.big, organisation=None, before=buyers[0].id)
        == queries_timeline.timeline(town.big, organisation=None)[1:]
    )
    assert queries_timeline.timeline(2**63, organisation=None) == ()


def test_ids_of_sub_orders_are_their_order_in_time(town: Town) -> None:
    ids = list(SubOrder.objects.order_by("id").values_list("order__number", "position"))
    assert ids == sorted(ids)
