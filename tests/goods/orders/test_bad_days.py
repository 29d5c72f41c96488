"""What an attacker tries, and what goes wrong on a bad day: prices that are over, keys used twice, hidden letters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor
from sundry.base.ledger.verification import look
from sundry.goods.catalogue import queries as catalogue
from sundry.goods.catalogue.actions_many import OtherGood, change_goods
from sundry.goods.catalogue.models import Good, GoodVariant
from sundry.goods.catalogue.rules import QUANTITY_MAX, Variant
from sundry.goods.orders import actions_answering as answering
from sundry.goods.orders import actions_basket, actions_changes, actions_mandates, actions_placing, queries_sales
from sundry.goods.orders.enquiry_rules import QuotationState, QuotedLine
from sundry.goods.orders.errors import NotNow, Refused, Stale
from sundry.goods.orders.models import HandOver, Order, OrderLine, Quotation, QuotationLine, SubOrder
from sundry.goods.orders.order_rules import ChangeKind, Head, LineChange, Placed, Wish
from sundry.goods.orders.quoting import plain_line
from sundry.kernel.identifiers import new_id


@pytest.fixture(autouse=True)
def sound(db: None) -> Iterator[None]:
    """Whatever is tried, the books are right afterwards."""
    yield
    assert not look(connection.connection).violations


def rules(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.rule for finding in refusal.value.findings}


def place(market: Market, buyer: Actor, *wishes: Wish, **more: Any) -> Placed:
    return actions_placing.place_wishes(actor=buyer, wishes=wishes, **{"head": Head(), "now": NOON, **more})


# Prices that are over -------------------------------------------------------------------------------------------------


def quoted(stall: Any, seller: Actor, buyer: Actor, good: int | None, price_minor: int, **more: Any) -> QuotationLine:
    """One line: from 100 pieces on, and from 1,000 on a tenth less."""
    given = {"state": QuotationState.ACCEPTED.value, "valid_until": TODAY, "deposit_bp": 0, "number": stall.number}
    quotation = Quotation.objects.create(
        stall_id=stall.id, seller_id=seller.organisation, buyer_id=buyer.organisation, currency="CNY", **given | more
    )
    return QuotationLine.objects.create(
        quotation=quotation,
        position=1,
        good_number=good,
        good_id=Good.objects.get(number=good).id if good else None,
        names={"zh": "杯"},
        pieces=100,
        price_per=1,
        ladder_quantities=[100, 1000],
        ladder_prices_minor=[price_minor, price_minor * 9 // 10],
    )


def test_a_price_that_was_accepted_is_no_price_for_ever(market: Market) -> None:
    """Into the order into which it was accepted it holds; a new one next year is a new one."""
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li, confirms_stock=True)
    cup = market.good(stall, stock_pieces=5_000)
    line = quoted(stall, li, amina, cup, 100)
    wish = Wish(pieces=100, good=cup, quotation_line=line.id)
    place(market, amina, wish)
    later = NOON + timedelta(days=365)
    with pytest.raises(Refused) as refusal:
        place(market, amina, wish, now=later)
    assert rules(refusal) == {"orders_quotation_expired"}
    basket = actions_basket.start_with(
        actor=amina, head=Head(), wishes=[Wish(pieces=100, good=cup, price_minor=100, quotation_line=line.id)], now=NOON
    )
    with pytest.raises(Refused):
        actions_placing.place(actor=amina, order=basket.order, version=None, key=None, now=later)
    Quotation.objects.update(order=Order.objects.get(number=basket.order))
    actions_placing.place(actor=amina, order=basket.order, version=None, key=None, now=later)


def test_a_price_is_of_the_stall_that_quoted_it(market: Market) -> None:
    """Also of what is in no catalogue: its deposit is not another stall's."""
    li, chen, amina = market.seller("Li"), market.seller("Chen"), market.buyer()
    line = quoted(market.stall(li), li, amina, None, 100)
    other = market.stall(chen)
    with pytest.raises(Refused) as refusal:
        place(
            market,
            amina,
            Wish(pieces=100, stall=other.number, names={"zh": "杯"}, price_minor=100, quotation_line=line.id),
        )
    assert rules(refusal) == {"orders_quotation_not_there"}


def test_a_quoted_price_follows_the_pieces_in_a_basket(market: Market) -> None:
    """The price for a thousand is none for a hundred; what was quoted to nobody, or to another, is no price at all."""
    li, amina, omar = market.seller(), market.buyer(), market.buyer("Omar")
    stall = market.stall(li)
    cup = market.good(stall, stock_pieces=5_000)
    line = quoted(stall, li, amina, cup, 100)
    wish = Wish(pieces=1_000, good=cup, quotation_line=line.id)
    basket = actions_basket.start_with(actor=amina, head=Head(), wishes=[wish], now=NOON).order
    lying = OrderLine.objects.get(order__number=basket)
    assert lying.price_minor == 90
    change: dict[str, Any] = {"actor": amina, "order": basket, "line": lying.id, "version": None, "now": NOON}
    actions_basket.change_line(pieces=100, **change)
    assert OrderLine.objects.get(id=lying.id).price_minor == 100
    with pytest.raises(Refused) as refusal:
        actions_basket.change_line(pieces=99, **change)
    assert rules(refusal) == {"orders_below_minimum"}
    actions_basket.change_line(pieces=1_000, price_minor=80, **change)
    assert OrderLine.objects.get(id=lying.id).price_minor == 80  # her offer
    for actor, told in ((omar, line.id), (amina, new_id())):
        wish = Wish(pieces=100, good=cup, quotation_line=told)
        with pytest.raises(Refused) as refusal:
            actions_basket.start_with(actor=actor, head=Head(), wishes=[wish], now=NOON)
        assert rules(refusal) == {"orders_quotation_not_there"}


# Keys used twice ------------------------------------------------------------------------------------------------------


def test_a_key_that_has_placed_another_order_is_told(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    key = new_id()
    placed = place(market, amina, Wish(pieces=10, good=cup), key=key)
    for wish, head in ((Wish(pieces=11, good=cup), Head()), (Wish(pieces=10, good=cup, price_minor=9), Head("JPY"))):
        with pytest.raises(NotNow, match="has placed another order"):
            place(market, amina, wish, head=head, key=key)
    answering.cancel(actor=amina, order=placed.order, reason="no", now=NOON)
    again = place(market, amina, Wish(pieces=10, good=cup), key=key)
    assert (again.order, again.again, market.stock(cup)) == (placed.order, True, 500)


def test_a_key_that_has_handed_other_goods_over_is_told(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    (sub,) = market.confirm(li, market.order(amina, {cup: 10}).order)
    line, key = OrderLine.objects.get(sub=sub).id, new_id()
    given: dict[str, Any] = {"actor": li, "sub": sub, "cartons": None, "key": key, "now": NOON}
    answering.hand_over(lines={line: 4}, note="", **given)
    with pytest.raises(NotNow, match="has handed other goods over"):
        answering.hand_over(lines={line: 5}, note="", **given)
    assert OrderLine.objects.get(id=line).handed_pieces == 4


# Changed between two looks --------------------------------------------------------------------------------------------


def test_a_stall_does_not_confirm_what_it_has_not_seen(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    (sub,) = market.subs(market.order(amina, {cup: 10}).order)
    seen = {sub: SubOrder.objects.get(id=sub).version}
    less = [LineChange(OrderLine.objects.get(sub=sub).id, price_minor=1)]
    actions_changes.amend(actor=amina, sub=sub, changes=less, reason="cheaper", version=None, now=NOON)
    with pytest.raises(Stale, match="Amina"):
        answering.confirm(actor=li, subs=[sub], versions=seen, now=NOON)
    now = {sub: SubOrder.objects.get(id=sub).version}
    answering.confirm(actor=li, subs=[sub], versions=now, now=NOON)
    assert market.claims(sub) == 10


def test_what_was_more_meanwhile_is_not_asked_for_again(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    placed = market.order(amina, {cup: 10})
    (sub,) = market.subs(placed.order)
    line = OrderLine.objects.get(sub=sub).id
    for pieces in (5, 10, 5, 8):
        change = [LineChange(line, pieces=pieces)]
        actions_changes.amend(actor=amina, sub=sub, changes=change, reason="so", version=None, now=NOON)
    again = actions_basket.repeat(actor=amina, order=placed.order, now=NOON).order
    assert OrderLine.objects.get(order__number=again).pieces == 10


def test_pieces_of_a_variant_that_is_gone_are_not_counted_as_others(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    kinds = (Variant({"zh": "红"}, stock_pieces=20), Variant({"zh": "蓝"}, stock_pieces=None))
    cup = market.good(market.stall(li), stock_pieces=7, variants=kinds)
    red, _ = market.variants(cup)
    placed = place(market, amina, Wish(pieces=5, good=cup, variant=red))
    GoodVariant.objects.filter(id=red).delete()
    answering.cancel(actor=amina, order=placed.order, reason="no", now=NOON)
    assert market.stock(cup) == 7


def test_a_count_that_can_rise_no_further_keeps_no_order_from_ending(market: Market) -> None:
    """Else nothing of any stall would lapse any more: they lapse together."""
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=QUANTITY_MAX)
    for _ in range(3):
        place(market, amina, Wish(pieces=QUANTITY_MAX, good=cup, price_minor=1))
        Good.objects.filter(number=cup).update(stock_pieces=QUANTITY_MAX)
    assert answering.lapse(now=NOON + timedelta(days=4)) == 3
    assert market.stock(cup) == QUANTITY_MAX
    place(market, amina, Wish(pieces=1, good=cup))
    assert market.shelf(cup) == QUANTITY_MAX - 1


@pytest.mark.parametrize("recounts", [False, True])
def test_a_list_that_was_looked_at_before_goods_were_ordered_puts_nothing_back(market: Market, recounts: bool) -> None:
    """Unless the stall wrote another count into it."""
    li, amina = market.seller(), market.buyer()
    stall = market.stall(li)
    cup = market.good(stall, stock_pieces=30, variants=(Variant({"zh": "红"}, stock_pieces=9),))
    seen = catalogue.good(cup)
    assert seen is not None
    place(market, amina, Wish(pieces=4, good=cup, variant=market.variants(cup)[0]))
    Good.objects.filter(number=cup).update(stock_pieces=20)
    other = OtherGood(cup, seen.draft, seen.version, recounts=recounts, recounts_variants=recounts)
    (outcome,) = change_goods(actor=li, stall=stall.id, goods={1: other}, now=NOON).values()
    assert not outcome.findings
    assert (market.stock(cup), GoodVariant.objects.get().stock_pieces) == ((30, 9) if recounts else (20, 5))


def test_what_is_late_is_told_to_both_sides_and_to_nobody_else(market: Market) -> None:
    li, amina, zhou, omar = market.seller(), market.buyer(), market.agent(), market.buyer("Omar")
    cup = market.good(market.stall(li), stock_pieces=500)
    mandate = market.mandate(zhou, amina)
    market.confirm(li, market.order(zhou, {cup: 10}, mandate=mandate).order)
    later = TODAY + timedelta(days=40)

    def late(actor: Actor) -> int:
        return len(queries_sales.late(organisation=actor.organisation, today=later))

    assert [late(actor) for actor in (li, amina, zhou, omar)] == [1, 1, 1, 0]


# Mandates -------------------------------------------------------------------------------------------------------------


def test_an_agent_whose_mandate_ended_orders_no_more_by_changes(market: Market) -> None:
    """The buyer herself may, whatever she had let the agent do."""
    li, amina, zhou = market.seller(), market.buyer(), market.agent()
    cup = market.good(market.stall(li), stock_pieces=500)
    mandate = market.mandate(zhou, amina, limit_minor=5_000)
    (sub,) = market.subs(market.order(zhou, {cup: 10}, mandate=mandate).order)
    line = OrderLine.objects.get(sub=sub).id

    def amend(actor: Actor, pieces: int) -> uuid.UUID:
        change = [LineChange(line, pieces=pieces)]
        return actions_changes.amend(actor=actor, sub=sub, changes=change, reason="more", version=None, now=NOON)

    with pytest.raises(Refused) as refusal:
        amend(zhou, 16)
    assert rules(refusal) == {"orders_beyond_mandate"}
    amend(zhou, 11)
    actions_mandates.end_mandate(actor=amina, mandate=mandate, now=NOON)
    with pytest.raises(NotNow, match="not in force"):
        amend(zhou, 12)
    amend(zhou, 10)
    amend(amina, 20)
    market.confirm(li, Order.objects.get().number)
    given: dict[str, Any] = {"sub": sub, "reason": "more", "version": None, "now": NOON}
    change = actions_changes.propose(actor=zhou, kind=ChangeKind.AMEND, changes=[LineChange(line, pieces=21)], **given)
    with pytest.raises(NotNow, match="not in force"):
        actions_changes.accept(actor=li, change=change, now=NOON)


# Texts ----------------------------------------------------------------------------------------------------------------

UNSEEN = "a\x00b\u202egnp.exe\u2066 𠮷"


def test_texts_are_kept_without_what_nobody_sees(market: Market) -> None:
    """NUL, which no database keeps; marks that turn a line round; characters of four bytes stay."""
    li, amina = market.seller(), market.buyer()
    cup = market.good(market.stall(li), stock_pieces=500)
    head = Head(name=UNSEEN, note=UNSEEN)
    placed = place(market, amina, Wish(pieces=10, good=cup, note=UNSEEN, mark=UNSEEN), head=head)
    (sub,) = market.confirm(li, placed.order)
    answering.hand_over(actor=li, sub=sub, lines=None, cartons=None, note=UNSEEN, key=new_id(), now=NOON)
    other = market.subs(place(market, amina, Wish(pieces=10, good=cup)).order)[0]
    answering.decline(actor=li, sub=other, reason=UNSEEN, now=NOON)
    third = market.confirm(li, place(market, amina, Wish(pieces=10, good=cup)).order)[0]
    later = ChangeKind.PROMISE, TODAY + timedelta(days=9)
    given: dict[str, Any] = {"sub": third, "kind": later[0], "promised_day": later[1], "version": None, "now": NOON}
    change = actions_changes.propose(actor=li, reason=UNSEEN, **given)
    actions_changes.decline_change(actor=amina, change=change, reason=UNSEEN, now=NOON)
    order, row = Order.objects.get(number=placed.order), OrderLine.objects.get(order__number=placed.order)
    kept = [order.name, order.note, row.note, row.mark, HandOver.objects.get().note]
    assert {*kept, SubOrder.objects.get(id=other).reason} == {"abgnp.exe 𠮷"}
    line = plain_line(QuotedLine((), 1, names={"zh": UNSEEN}, photo=UNSEEN, note=UNSEEN))
    assert {line.names["zh"], line.photo, line.note} == {"abgnp.exe 𠮷"}
