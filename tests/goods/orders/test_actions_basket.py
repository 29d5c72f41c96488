"""A basket over many stalls: what is put in, changed and taken out, and that its totals are those of its lines."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, Market
from refusals import refused

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.models import Good
from sundry.goods.catalogue.rules import Step, Supply, Variant
from sundry.goods.orders import actions_basket, queries_orders
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.models import Mandate, Order, OrderLine, SubOrder
from sundry.goods.orders.order_rules import (
    Carton,
    Collector,
    Head,
    LineView,
    MandateState,
    OrderView,
    Wish,
    deposit_of,
    sums_agree,
)
from sundry.goods.orders.viewing import totals_of

pytestmark = pytest.mark.django_db


def view(number: int) -> OrderView:
    found = queries_orders.order(number)
    assert found is not None
    return found


def lines(number: int) -> tuple[LineView, ...]:
    return queries_orders.lines(number)


def check_sums(number: int) -> None:
    """The order is the sum of its sub-orders, and those of their lines."""
    from sundry.goods.orders.order_rules import line_totals

    order = view(number)
    assert sums_agree(order.card.totals, [sub.totals for sub in order.subs])
    assert order.card.stalls == len(order.subs)
    for sub in order.subs:
        mine = [
            line_totals(line.pieces, line.value_minor, line.carton) for line in queries_orders.lines(number, sub=sub.id)
        ]
        told = totals_of({name: getattr(sub.totals, name) for name in sub.totals.__slots__} | {"deposit_minor": 0})
        assert sums_agree(told, mine)
        assert sub.totals.deposit_minor == deposit_of(sub.totals.value_minor, sub.deposit_bp)


def started(actor: Actor, **head: Any) -> int:
    return actions_basket.start(actor=actor, head=Head(**head), now=NOON)


def put(actor: Actor, order: int, *wishes: Wish, version: int | None = None) -> int:
    return actions_basket.put(actor=actor, order=order, wishes=wishes, version=version, now=NOON)


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def test_a_basket_over_two_stalls_comes_to_what_its_lines_come_to(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    first, second = market.stall(li, deposit_stock_bp=1000), market.stall(li, deposit_made_bp=3000)
    cup = market.good(first, stock_pieces=500)
    made = market.good(second, supply=Supply.MADE, lead_time_days=7, ladder=(Step(10, 333),))
    order = started(amina)
    put(amina, order, Wish(pieces=7, good=cup), Wish(pieces=11, good=made), Wish(pieces=2, good=cup, price_minor=300))
    found = view(order)
    assert [(sub.stall, sub.totals.value_minor, sub.totals.deposit_minor) for sub in found.subs] == [
        (first.number, 7 * 320 + 2 * 300, 284),
        (second.number, 3663, 1099),
    ]
    assert found.card.totals.value_minor == 6503
    assert [line.list_price_minor for line in lines(order)] == [320, 333, 320]
    check_sums(order)


def test_the_same_thing_again_is_more_of_it_at_the_ladders_price(market: Market) -> None:
    amina, cup = market.buyer(), market.good(market.stall(market.seller()))
    order = started(amina)
    put(amina, order, Wish(pieces=700, good=cup, note="red lid"))
    put(amina, order, Wish(pieces=300, good=cup), Wish(pieces=200, good=cup), Wish(pieces=5, good=cup, mark="B"))
    whole, marked = lines(order)
    assert (whole.pieces, whole.price_minor, whole.note, whole.version) == (1200, 285, "red lid", 2)
    assert (marked.pieces, marked.mark) == (5, "B")
    check_sums(order)


def test_an_offered_price_is_another_line(market: Market) -> None:
    amina, cup = market.buyer(), market.good(market.stall(market.seller()))
    order = started(amina)
    put(amina, order, Wish(pieces=10, good=cup), Wish(pieces=10, good=cup, price_minor=8500, price_per=1000))
    put(amina, order, Wish(pieces=4, good=cup, price_minor=8500, price_per=1000))
    assert [(line.pieces, line.price_minor, line.value_minor) for line in lines(order)] == [
        (10, 320, 3200),
        (14, 8500, 119),
    ]
    check_sums(order)


def test_all_that_is_wrong_is_told_and_nothing_is_put_in(market: Market) -> None:
    amina, cup = market.buyer(), market.good(market.stall(market.seller()))
    closed = market.good(market.stall(market.seller("Wang"), is_open=False))
    order = started(amina)
    with pytest.raises(Refused) as refusal:
        put(
            amina,
            order,
            *[
                Wish(pieces=0, good=cup, row=1),
                Wish(pieces=5, good=closed, row=2),
                Wish(pieces=5, good=99, row=3),
                Wish(pieces=5, good=cup, price_minor=0, row=4),
                Wish(pieces=2**70, good=cup, row=5),
                Wish(pieces=5, good=cup, row=6),
            ],
        )
    assert [(found.row, found.rule) for found in refusal.value.findings] == [
        (1, "orders_pieces_impossible"),
        (2, "orders_stall_closed"),
        (3, "orders_good_not_there"),
        (4, "orders_price_impossible"),
        (5, "orders_pieces_impossible"),
    ]
    assert lines(order) == ()
    assert view(order).card.version == 1


def test_what_is_in_no_catalogue(market: Market) -> None:
    amina, stall = market.buyer(), market.stall(market.seller())
    order = started(amina)
    box = Wish(
        pieces=30,
        stall=stall.number,
        names={"zh": "礼盒\u200b"},
        price_minor=950,
        carton=Carton(12, 400, 300, 200, 9000),
    )
    put(amina, order, box)
    (line,) = lines(order)
    assert (line.good, line.names, line.cartons, line.value_minor) == (None, {"zh": "礼盒"}, 3, 28_500)
    actions_basket.change_line(actor=amina, order=order, line=line.id, pieces=12, version=None, now=NOON)
    assert view(order).card.totals.cartons == 1
    check_sums(order)


def test_a_line_is_changed_and_stays_at_the_listed_price(market: Market) -> None:
    li = market.seller()
    amina, cup = market.buyer(), market.good(market.stall(li))
    order = started(amina)
    version = put(amina, order, Wish(pieces=10, good=cup))
    (line,) = lines(order)
    version = actions_basket.change_line(
        actor=amina,
        order=order,
        line=line.id,
        pieces=1300,
        collector=Collector.AGENT,
        note="no box",
        version=version,
        now=NOON,
    )
    (line,) = lines(order)
    assert (line.pieces, line.price_minor, line.collector, line.note) == (1300, 285, Collector.AGENT, "no box")
    actions_basket.change_line(
        actor=amina, order=order, line=line.id, price_minor=250, note="", version=version, now=NOON
    )
    (line,) = lines(order)
    assert (line.price_minor, line.list_price_minor, line.note) == (250, 285, "")
    actions_basket.change_pieces(actor=amina, order=order, pieces={line.id: 10}, version=None, now=NOON)
    (line,) = lines(order)
    assert (line.pieces, line.price_minor, line.list_price_minor) == (10, 250, 320)
    check_sums(order)


def test_who_comes_too_late_is_told_who_was_faster_and_when(market: Market) -> None:
    amina, cup = market.buyer(), market.good(market.stall(market.seller()))
    order = started(amina)
    seen = put(amina, order, Wish(pieces=10, good=cup))
    put(amina, order, Wish(pieces=1, good=cup))
    with pytest.raises(Stale) as stale:
        put(amina, order, Wish(pieces=5, good=cup), version=seen)
    assert (stale.value.who, stale.value.at) == ("Amina", NOON)
    assert "Amina" in stale.value.message("zh")
    assert [line.pieces for line in lines(order)] == [11]


def test_nobody_else_has_anything_to_do_with_it(market: Market) -> None:
    li, amina, bob = market.seller(), market.buyer(), market.buyer("Bob")
    cup = market.good(market.stall(li))
    order, other = started(amina), started(bob)
    put(amina, order, Wish(pieces=10, good=cup))
    (line,) = lines(order)
    for stranger in (bob, li):
        with pytest.raises(NotThere):
            put(stranger, order, Wish(pieces=10, good=cup))
    with pytest.raises(NotThere, match="no such line"):
        actions_basket.change_line(actor=bob, order=other, line=line.id, pieces=3, version=None, now=NOON)
    with pytest.raises(NotThere, match="no such line"):
        actions_basket.remove(actor=amina, order=order, lines=[line.id, uuid.uuid4()], version=None, now=NOON)
    assert [found.id for found in lines(order)] == [line.id]


def test_what_is_taken_out_takes_its_stall_along(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup, lid = market.good(market.stall(li)), market.good(market.stall(li))
    order = started(amina)
    put(amina, order, Wish(pieces=10, good=cup), Wish(pieces=10, good=lid), Wish(pieces=10, good=lid, mark="B"))
    first, second, third = lines(order)
    actions_basket.remove(actor=amina, order=order, lines=[first.id, second.id], version=None, now=NOON)
    assert [line.id for line in lines(order)] == [third.id]
    assert len(view(order).subs) == 1
    check_sums(order)
    put(amina, order, Wish(pieces=1, good=cup))
    check_sums(order)
    actions_basket.discard(actor=amina, order=order, now=NOON)
    assert queries_orders.order(order) is None
    assert not OrderLine.objects.exists()


def test_a_thousand_lines_take_as_many_statements_as_few(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    goods = [number for _ in range(5) for number in market.goods(market.stall(li), 40)]
    few, many = started(amina), started(amina)
    put(amina, few, Wish(pieces=1, good=goods[0]))
    put(amina, many, *[Wish(pieces=1, good=number) for number in goods[:100]])
    small = statements(lambda: put(amina, few, Wish(pieces=2, good=goods[0]), Wish(pieces=2, good=goods[41])))
    large = statements(lambda: put(amina, many, *[Wish(pieces=2, good=number) for number in goods]))
    assert small == large
    assert large <= 12 + 2  # the test itself is a transaction: a savepoint and its end
    marks = [Wish(pieces=1, good=number, mark=f"{mark}") for mark in range(4) for number in goods]
    put(amina, many, *marks)
    assert view(many).card.totals.lines == 1000
    check_sums(many)
    line, only = lines(many)[0].id, lines(few)[0].id

    def change(order: int, line: uuid.UUID) -> object:
        return actions_basket.change_line(actor=amina, order=order, line=line, pieces=9, version=None, now=NOON)

    of_many = statements(lambda: change(many, line))
    assert of_many == statements(lambda: change(few, only))
    assert of_many <= 8
    check_sums(many)


def test_what_is_said_of_the_whole(market: Market) -> None:
    agent, amina, li = market.agent(), market.buyer(), market.seller()
    held = market.mandate(agent, amina)
    cup = market.good(market.stall(li))
    order = actions_basket.start(actor=agent, head=Head(destination="MA"), mandate=held, now=NOON)
    put(agent, order, Wish(pieces=10, good=cup), Wish(pieces=1, good=cup, collector=Collector.STALL))
    assert [line.collector for line in lines(order)] == [Collector.AGENT, Collector.STALL]
    head = Head(name="Spring ", destination="SN", collector=Collector.STALL)
    actions_basket.change_head(actor=amina, order=order, head=head, version=None, now=NOON)
    assert {line.collector for line in lines(order)} == {Collector.STALL}
    assert set(OrderLine.objects.values_list("collecting", flat=True)) == {li.organisation}
    found = view(order)
    assert (found.card.name, found.card.destination, found.card.buyer.name, found.card.agent.name) == (
        "Spring",
        "SN",
        "Amina",
        "Zhou",
    )
    with pytest.raises(NotNow, match="USD"):
        actions_basket.change_head(actor=amina, order=order, head=Head(currency="USD"), version=None, now=NOON)
    with refused("orders_currency_unknown"):
        actions_basket.change_head(actor=amina, order=order, head=Head(currency="XXX"), version=None, now=NOON)


def test_who_collects_where_nobody_says(market: Market) -> None:
    cup = market.good(market.stall(market.seller()))
    for buyer, collector in ((market.buyer(), Collector.STALL), (market.agent(), Collector.AGENT)):
        assert view(started(buyer)).collector is collector
        (line,) = lines(market.order(buyer, {cup: 1}).order)
        assert line.collector is collector


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"state": MandateState.OFFERED.value}, "orders_mandate_not_in_force"),
        ({"state": MandateState.ENDED.value}, "orders_mandate_not_in_force"),
        ({"valid_from": "2026-11-23"}, "orders_mandate_not_yet"),
        ({"valid_from": "2026-01-01", "valid_until": "2026-11-21"}, "orders_mandate_over"),
    ],
)
def test_a_mandate_must_be_in_force(market: Market, fields: dict[str, Any], rule: str) -> None:
    agent = market.agent()
    held = market.mandate(agent, market.buyer(), **fields)
    with pytest.raises(NotNow) as refusal:
        actions_basket.start(actor=agent, head=Head(), mandate=held, now=NOON)
    assert refusal.value.rule == rule


def test_a_mandate_of_another_is_not_there(market: Market) -> None:
    held = market.mandate(market.agent(), None)
    with pytest.raises(NotThere):
        actions_basket.start(actor=market.agent("Qian"), head=Head(), mandate=held, now=NOON)
    assert Mandate.objects.filter(id=held).exists()


def test_how_many_baskets_lie_about(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_basket, "DRAFTS_MAX", 2)
    amina = market.buyer()
    started(amina), started(amina)
    with pytest.raises(NotNow, match="2 baskets"):
        started(amina)
    assert Order.objects.count() == 2


def test_too_many_stalls_and_lines(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    from sundry.goods.orders import checks

    amina, li = market.buyer(), market.seller()
    goods = [market.good(market.stall(li)) for _ in range(3)]
    monkeypatch.setattr(checks, "STALLS_MAX", 2)
    order = started(amina)
    with refused("orders_too_many_stalls"):
        put(amina, order, *[Wish(pieces=1, good=number) for number in goods])
    monkeypatch.setattr(checks, "LINES_MAX", 1)
    with refused("orders_too_many_lines"):
        put(amina, order, *[Wish(pieces=1, good=number) for number in goods[:2]])
    assert (view(order).card.totals.lines, SubOrder.objects.count()) == (0, 0)


def test_the_same_order_again_at_todays_prices(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li)
    cup, dear, gone = market.goods(stall, 3)
    red = market.good(stall, variants=(Variant({"zh": "红"}, difference_minor=10),))
    (colour,) = market.variants(red)
    order = actions_basket.start_with(
        actor=amina,
        head=Head(name="Spring"),
        wishes=[
            Wish(pieces=5, good=cup),
            Wish(pieces=6, good=dear),
            Wish(pieces=7, good=gone),
            Wish(pieces=8, good=red, variant=colour, note="wrapped"),
            Wish(pieces=9, stall=stall.number, names={"zh": "礼盒"}, price_minor=95, price_per=10),
        ],
        now=NOON,
    ).order
    Good.objects.filter(number=dear).update(ladder_prices_minor=[330, 290])
    Good.objects.filter(number=gone).update(state="withdrawn")
    again = actions_basket.repeat(actor=amina, order=order, now=NOON)
    assert [(line.pieces, line.price_minor, line.note) for line in lines(again.order)] == [
        (5, 320, ""),
        (6, 330, ""),
        (8, 330, "wrapped"),
        (9, 95, ""),
    ]
    assert [(found.rule, found.row) for found in again.findings] == [
        ("orders_repeat_price_changed", 2),
        ("orders_good_not_there", 3),
    ]
    assert (view(again.order).repeats, view(again.order).card.name) == (order, "Spring")
    check_sums(again.order)
    with pytest.raises(NotThere):
        actions_basket.repeat(actor=li, order=order, now=NOON)
