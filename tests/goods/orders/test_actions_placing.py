"""Orders are placed: what they take, what is wrong with them, and that nothing is ever half done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from orders_market import NOON, Market

from sundry.base.access.models import AuditEntry
from sundry.base.ledger import actions as ledger
from sundry.base.ledger.models import Account
from sundry.base.ledger.models import Event as LedgerEvent
from sundry.base.ledger.verification import look
from sundry.goods.catalogue.models import Change, Good, GoodVariant
from sundry.goods.catalogue.rules import State as GoodState
from sundry.goods.catalogue.rules import Step, Supply, Variant
from sundry.goods.orders import placing, placing_rows
from sundry.goods.orders.actions_placing import place, place_wishes
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.models import Order, OrderEvent, OrderLine, Quotation, QuotationLine, SubOrder
from sundry.goods.orders.order_rules import Collector, Head, MandateState, Wish
from sundry.kernel.identifiers import new_id


@pytest.fixture
def market(db: None) -> Market:
    return Market()


def traces() -> tuple[int, ...]:
    tables = (Order, SubOrder, OrderLine, OrderEvent, Account, LedgerEvent, AuditEntry, Change)
    counts = tuple(table.objects.count() for table in tables)
    return *counts, sum(one or 0 for one in Good.objects.values_list("stock_pieces", flat=True))


@pytest.fixture
def refused(market: Market) -> Callable[..., list[str]]:
    """refused(buyer, wish, ...) must be refused without a trace; the rules that are named, in order."""

    def expect(buyer: Any, *wishes: Wish, head: Head | None = None, **more: Any) -> list[str]:
        before = traces()
        with pytest.raises(Refused) as caught:
            place_wishes(actor=buyer, head=head or Head(), wishes=wishes, now=NOON, **more)
        assert traces() == before
        return [one.rule for one in caught.value.findings]

    return expect


def ledger_is_clean() -> bool:
    return not look(connection.connection).violations


# Placed ---------------------------------------------------------------------------------------------------------------


def test_an_order_over_two_stalls_is_placed(market: Market) -> None:
    li, chen, amina = market.seller("Li"), market.seller("Chen"), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    lamp = market.good(market.stall(chen), names={"en": "Lamp"})
    placed = market.order(amina, {cup: 10, lamp: 1200}, Head(name="Spring", destination="SN"))
    assert placed.codes == (f"{placed.order}-1", f"{placed.order}-2")
    assert (placed.value_minor, placed.currency, placed.again) == (10 * 320 + 1200 * 285, "CNY", False)
    order = Order.objects.get(number=placed.order)
    first, second = SubOrder.objects.filter(order=order).order_by("position")
    assert (order.state, order.buyer_id, order.agent_id, order.stalls) == ("open", amina.organisation, None, 2)
    assert (first.state, first.seller_id, first.value_minor) == ("placed", li.organisation, 3200)
    assert order.value_minor == first.value_minor + second.value_minor == placed.value_minor
    assert first.answer_by == NOON + timedelta(hours=72)
    assert first.promised_day == date(2026, 11, 25)
    (line,) = OrderLine.objects.filter(sub=first)
    assert (line.good_number, line.pieces, line.list_price_minor, line.names["en"]) == (cup, 10, 320, "Toothbrush cup")
    assert (len(line.promises), bool(line.shelf), bool(line.reserved)) == (1, True, True)
    (uncounted,) = OrderLine.objects.filter(sub=second)
    assert (uncounted.promises, uncounted.shelf) == ([], None)
    assert (market.stock(cup), market.shelf(cup), market.reserved(cup), market.stock(lamp)) == (490, 490, 0, None)
    assert list(OrderEvent.objects.values_list("kind", "side")) == [("placed", "buyer")]
    assert AuditEntry.objects.get(operation="orders.order.place").details["number"] == placed.order
    assert ledger_is_clean()


def test_the_statements_do_not_grow(market: Market, sent_to_the_database: Any) -> None:
    """Placing and confirming, by one merchant who holds the stalls: 23 where goods are ordered for the first time, 22
    afterwards, for 20 lines over 5 stalls and for 200 over 20. Counted is all but BEGIN, COMMIT and the savepoint that
    stands for them in a test."""
    li, amina = market.seller("Li"), market.buyer()
    goods = [market.goods(market.stall(li), 10, stock_pieces=10_000) for _ in range(20)]
    few = {good: 24 for of_stall in goods[:5] for good in of_stall[:4]}
    many = {good: 24 for of_stall in goods for good in of_stall}

    def statements(wanted: dict[int, int]) -> int:
        with sent_to_the_database() as sent:
            placed = market.order(amina, wanted)
        subs = market.subs(placed.order)
        with sent_to_the_database() as confirming:
            market_confirm(li, subs)
        return sum("SAVEPOINT" not in one for one in (*sent, *confirming))

    assert [statements(few), statements(many)] == [23, 23]
    assert [statements(few), statements(many)] == [22, 22]


def market_confirm(actor: Any, subs: list[uuid.UUID]) -> None:
    from sundry.goods.orders.actions_answering import confirm

    confirm(actor=actor, subs=subs, now=NOON)


def test_a_stalls_own_count_is_what_there_is(market: Market) -> None:
    """It counts its shelf anew between two orders: the difference is posted as a stocktaking."""
    cup = market.good(market.stall(market.seller()), stock_pieces=5)
    amina = market.buyer()
    market.order(amina, {cup: 3})
    for count in (40, 7):
        Good.objects.filter(number=cup).update(stock_pieces=count)
        market.order(amina, {cup: 1})
        assert market.stock(cup) == market.shelf(cup) == count - 1
    assert LedgerEvent.objects.filter(kind="stocktaking").count() == 3
    assert ledger_is_clean()


def test_search_hears_when_the_last_piece_goes(market: Market) -> None:
    cup = market.good(market.stall(market.seller()), stock_pieces=3)
    amina = market.buyer()
    market.order(amina, {cup: 1})
    assert not Change.objects.exists()
    market.order(amina, {cup: 2})
    assert list(Change.objects.values_list("number", flat=True)) == [cup]


def test_variants_are_counted_by_themselves(market: Market) -> None:
    red, blue = Variant({"zh": "红"}, "R", 10, 4), Variant({"zh": "蓝"})
    cup = market.good(market.stall(market.seller()), stock_pieces=9, variants=(red, blue))
    of_red, of_blue = market.variants(cup)
    wishes = [Wish(3, cup, of_red), Wish(2, cup, of_blue)]
    placed = place_wishes(actor=market.buyer(), head=Head(), wishes=wishes, now=NOON)
    assert placed.value_minor == 3 * 330 + 2 * 320
    assert market.stock(cup) == 7
    assert GoodVariant.objects.get(id=of_red).stock_pieces == 1


def test_what_is_made_to_order_takes_the_weeks_as_they_come(market: Market) -> None:
    """300 a week, ready after 7 days: the 29th is in the week of the 23rd."""
    mug = market.good(market.stall(market.seller()), supply=Supply.MADE, weekly_capacity_pieces=300, lead_time_days=7)
    amina = market.buyer()
    days = []
    for pieces in (100, 500, 300 * 50):
        placed = market.order(amina, {mug: pieces})
        days.append(OrderLine.objects.get(order__number=placed.order).promised_day)
    assert days == [date(2026, 11, 29), date(2026, 12, 6), date(2027, 11, 21)]
    with pytest.raises(Refused) as caught:
        market.order(amina, {mug: 1})
    assert caught.value.findings[0].details["left"] == 0
    Good.objects.filter(number=mug).update(weekly_capacity_pieces=310)
    placed = market.order(amina, {mug: 20})
    line = OrderLine.objects.get(order__number=placed.order)
    assert (line.promised_day, len(line.promises)) == (date(2026, 12, 6), 2)
    assert ledger_is_clean()


def test_a_stall_may_confirm_what_lies_on_its_shelf_as_it_is_placed(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li, confirms_stock=True)
    cup, plate = market.good(stall, stock_pieces=50), market.good(stall)
    at_once = market.order(amina, {cup: 10})
    (sub,) = market.subs(at_once.order)
    row = SubOrder.objects.get(id=sub)
    assert (row.state, row.confirmed_at, row.first_promised_day) == ("confirmed", NOON, row.promised_day)
    assert (market.reserved(cup), market.claims(sub)) == (10, 3200)
    cheaper = [Wish(10, cup, price_minor=319)]
    for placed in (market.order(amina, {plate: 1}), place_wishes(actor=amina, head=Head(), wishes=cheaper, now=NOON)):
        assert SubOrder.objects.get(order__number=placed.order).state == "placed"
    assert ledger_is_clean()


# Who buys -------------------------------------------------------------------------------------------------------------


def test_an_agent_buys_under_a_mandate(market: Market, refused: Callable[..., list[str]]) -> None:
    zhou, amina = market.agent(), market.buyer()
    cup = market.good(market.stall(market.seller()))
    mandate = market.mandate(zhou, amina, limit_minor=3200)
    placed = market.order(zhou, {cup: 10}, mandate=mandate)
    order = Order.objects.get(number=placed.order)
    assert (order.buyer_id, order.agent_id, order.mandate_id) == (amina.organisation, zhou.organisation, mandate)
    assert OrderLine.objects.get(order=order).collecting_id == zhou.organisation
    assert refused(zhou, Wish(11, cup), mandate=mandate) == ["orders_beyond_mandate"]
    own_price = Wish(1, cup, price_minor=100)
    assert refused(zhou, own_price, mandate=mandate, head=Head(currency="USD")) == ["orders_mandate_currency"]
    with pytest.raises(NotThere):
        market.order(amina, {cup: 1}, mandate=mandate)
    ended = market.mandate(zhou, None, state=MandateState.ENDED.value)
    with pytest.raises(NotNow):
        market.order(zhou, {cup: 1}, mandate=ended)


def test_who_collects_is_named_on_each_line(market: Market) -> None:
    zhou, li = market.agent(), market.seller()
    cup = market.good(market.stall(li))
    wishes = [Wish(1, cup), Wish(2, cup, collector=Collector.STALL)]
    place_wishes(actor=zhou, head=Head(), wishes=wishes, now=NOON)
    lines = OrderLine.objects.order_by("position").values_list("collector", "collecting_id")
    assert list(lines) == [("agent", zhou.organisation), ("stall", li.organisation)]


# What is wrong --------------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once(market: Market, refused: Callable[..., list[str]]) -> None:
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li)
    cup = market.good(stall, stock_pieces=3, ladder=(Step(2, 320),))
    gone = market.good(stall, state=GoodState.WITHDRAWN)
    closed, nobodys = market.good(market.stall(li, is_open=False)), market.good(market.stall(None))
    assert refused(
        amina,
        Wish(5, cup),
        Wish(0, cup),
        Wish(-1, cup),
        Wish(2**63, cup),
        Wish(2, cup, price_minor=0),
        Wish(1, cup),
        Wish(1, gone),
        Wish(1, 999_999),
        Wish(1, closed),
        Wish(1, nobodys),
        Wish(2, cup, variant=new_id()),
    ) == [
        "orders_stock_short",
        *["orders_pieces_impossible"] * 3,
        "orders_price_impossible",
        "orders_below_minimum",
        "orders_good_not_there",
        "orders_good_not_there",
        "orders_stall_closed",
        "orders_stall_closed",
        "orders_variant_not_there",
    ]
    with pytest.raises(Refused) as caught:
        market.order(amina, {cup: 5})
    assert "only 3 left, not 5" in caught.value.message("en")
    assert refused(amina) == ["orders_nothing_wanted"]
    assert refused(amina, *[Wish(1, cup)] * 5_001) == ["orders_too_many_lines"]
    assert refused(amina, Wish(2, cup), head=Head(currency="XXX")) != []


def test_two_lines_of_one_good_share_what_there_is(market: Market, refused: Callable[..., list[str]]) -> None:
    cup = market.good(market.stall(market.seller()), stock_pieces=5)
    assert refused(market.buyer(), Wish(3, cup), Wish(3, cup, price_minor=300)) == ["orders_stock_short"]


def test_an_order_has_five_hundred_stalls_at_most(market: Market, refused: Callable[..., list[str]]) -> None:
    cup = market.good(market.stall(market.seller()))
    with patch("sundry.goods.orders.checks.STALLS_MAX", 1):
        lamp = market.good(market.stall(market.seller("Chen")))
        assert refused(market.buyer(), Wish(1, cup), Wish(1, lamp)) == ["orders_too_many_stalls"]


def test_what_was_quoted_holds_until_its_day(market: Market, refused: Callable[..., list[str]]) -> None:
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li)
    cup = market.good(stall, stock_pieces=100, ladder=(Step(50, 320),))
    quotation = Quotation.objects.create(
        number=1,
        stall_id=stall.id,
        seller_id=li.organisation,
        buyer_id=amina.organisation,
        state="sent",
        valid_until=market.today,
        sent_at=NOON,
        lead_time_days=9,
        deposit_bp=2_000,
    )
    quoted = QuotationLine.objects.create(
        quotation=quotation,
        position=1,
        good_number=cup,
        pieces=20,
        ladder_quantities=[10],
        ladder_prices_minor=[250],
    )
    wish = Wish(20, cup, quotation_line=quoted.id)
    placed = place_wishes(actor=amina, head=Head(), wishes=[wish], now=NOON)
    sub = SubOrder.objects.get(order__number=placed.order)
    assert (placed.value_minor, sub.deposit_minor, sub.promised_day) == (5000, 1000, date(2026, 12, 1))
    assert refused(amina, replace(wish, pieces=9)) == ["orders_below_minimum"]
    assert refused(market.buyer("Kofi"), wish) == ["orders_quotation_not_there"]
    assert refused(amina, wish, head=Head(currency="USD"))[0] == "orders_quotation_currency"
    Quotation.objects.update(valid_until=market.today - timedelta(days=1))
    assert refused(amina, wish) == ["orders_quotation_expired"]
    Quotation.objects.update(state="withdrawn")
    assert refused(amina, wish) == ["orders_quotation_over"]


# Once -----------------------------------------------------------------------------------------------------------------


def test_the_same_key_places_once(market: Market) -> None:
    amina, key = market.buyer(), new_id()
    cup = market.good(market.stall(market.seller()), stock_pieces=3)
    first = market.order(amina, {cup: 3}, key=key)
    before = traces()
    assert market.order(amina, {cup: 3}, key=key) == replace(first, again=True)
    with pytest.raises(NotNow):
        market.order(market.buyer("Kofi"), {cup: 1}, key=key)
    other = market.good(market.stall(market.seller()), stock_pieces=3)
    with pytest.raises(NotNow):
        market.order(amina, {other: 3}, key=key)  # as many pieces of something else
    assert traces()[:4] == before[:4]


@pytest.mark.parametrize(
    "step",
    [
        "sundry.goods.orders.placing_rows.insert",
        "sundry.goods.orders.placing.draw",
        "sundry.goods.orders.placing.record",
        "sundry.goods.orders.placing.announce_many",
        "sundry.goods.orders.placing.notify",
        "sundry.base.ledger.actions.post",
    ],
)
def test_what_fails_in_the_middle_leaves_nothing(market: Market, step: str) -> None:
    """After each step, as it would be where the server is killed there."""
    cup = market.good(market.stall(market.seller()), stock_pieces=5)
    amina, before = market.buyer(), traces()
    module, _, name = step.rpartition(".")
    of = {"placing_rows": placing_rows, "placing": placing, "actions": ledger}[module.rpartition(".")[2]]
    real = getattr(of, name)

    def done_and_killed(*args: Any, **more: Any) -> Any:
        real(*args, **more)
        raise KeyboardInterrupt

    with patch(step, done_and_killed), pytest.raises(KeyboardInterrupt), transaction.atomic():
        market.order(amina, {cup: 3})
    assert traces() == before
    assert ledger_is_clean()


# A basket -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def basket(market: Market) -> Callable[..., int]:
    from sundry.goods.orders import actions_basket

    def fill(buyer: Any, wishes: list[Wish]) -> int:
        order = actions_basket.start(actor=buyer, head=Head(), now=NOON)
        actions_basket.put(actor=buyer, order=order, wishes=wishes, version=None, now=NOON)
        return order

    return fill


def test_a_basket_is_placed_at_the_prices_that_stand_in_it(market: Market, basket: Callable[..., int]) -> None:
    amina, stall = market.buyer(), market.stall(market.seller())
    cup, key = market.good(stall, stock_pieces=30), new_id()
    described = Wish(4, stall=stall.number, names={"en": "A box"}, language="en", price_minor=50)
    order = basket(amina, [Wish(10, cup), described])
    version = Order.objects.get(number=order).version
    Good.objects.filter(number=cup).update(ladder_prices_minor=[400, 390])
    with pytest.raises(Stale):
        place(actor=amina, order=order, version=version + 1, key=key, now=NOON)
    placed = place(actor=amina, order=order, version=version, key=key, now=NOON)
    assert (placed.order, placed.codes, placed.value_minor) == (order, (f"{order}-1",), 3400)
    first, second = OrderLine.objects.filter(order__number=order).order_by("position")
    assert (first.price_minor, first.list_price_minor, len(first.promises)) == (320, 400, 1)
    assert (second.promises, second.supply) == ([], "unlisted")
    row, sub = Order.objects.get(number=order), SubOrder.objects.get(order__number=order)
    assert (row.state, row.version, row.key, sub.state, sub.value_minor) == ("open", version + 1, key, "placed", 3400)
    assert (market.stock(cup), sub.promised_day, bool(sub.claims)) == (20, date(2026, 11, 25), True)
    assert place(actor=amina, order=order, version=version, key=key, now=NOON) == replace(placed, again=True)
    with pytest.raises(NotNow):
        place(actor=amina, order=order, version=None, key=None, now=NOON)
    with pytest.raises(NotThere):
        place(actor=market.buyer("Kofi"), order=order, version=None, key=None, now=NOON)


def test_a_basket_says_by_row_what_cannot_be_had_any_more(market: Market, basket: Callable[..., int]) -> None:
    amina, stall = market.buyer(), market.stall(market.seller())
    cup, plate = market.good(stall, stock_pieces=30), market.good(stall)
    order = basket(amina, [Wish(10, cup), Wish(5, plate)])
    Good.objects.filter(number=cup).update(stock_pieces=3)
    Good.objects.filter(number=plate).update(state="withdrawn")
    with pytest.raises(Refused) as caught:
        place(actor=amina, order=order, version=None, key=None, now=NOON)
    assert [(one.row, one.rule) for one in caught.value.findings] == [
        (1, "orders_stock_short"),
        (2, "orders_good_not_there"),
    ]
    assert Order.objects.get(number=order).state == "draft"
