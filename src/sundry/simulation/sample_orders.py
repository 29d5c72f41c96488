"""What the sample's people have said to each other and ordered, through the same actions as theirs would be.

Problem: whoever signs in as a buyer, an agent or a stall holder would find empty desks, and could not see what a late
stall, a quotation or half a payment looks like. Therefore the sample has a story: nine days ago Layla Haddad ordered
for Ramadan at a dozen stalls; most have confirmed, one could not deliver, some have handed over, and one is late. Today
she placed a second order, which waits for the stalls' answers, and asked four of them in Arabic for better prices; Wang
Fang has quoted. Li Hua buys for Layla, who gave him a mandate, and for a client who is not in the market.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from sundry.base.access.rules import Actor
from sundry.goods.catalogue import queries, queries_stalls
from sundry.goods.catalogue.rules import GoodView, StallView, State, Supply
from sundry.goods.orders import (
    actions_answering,
    actions_basket,
    actions_conversations,
    actions_enquiries,
    actions_mandates,
    actions_payments,
    actions_placing,
    actions_quotations,
    actions_tickets,
    queries_dealings,
    queries_enquiries,
    queries_orders,
)
from sundry.goods.orders.enquiry_rules import Question, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.order_rules import Carton, Collector, Head, PaymentKind, Side, SubView, Wish

STALLS: Final = 12  # of the first order
GOODS_A_STALL: Final = 3
RAMADAN: Final = "Ramadan 2027"
_LONG_AGO: Final = timedelta(days=9)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part, each acting for her organisation. `own_stall`: the stall holder's."""

    buyer: Actor
    agent: Actor
    stall: Actor
    merchants: Actor
    own_stall: uuid.UUID


def is_there(cast: Cast) -> bool:
    """Whether the buyer has ordered, or filled a basket."""
    return bool(queries_orders.orders(organisation=cast.buyer.organisation, limit=1))


def load(cast: Cast, *, now: datetime) -> None:
    """The whole story, told at `now`. Refused, NotThere and others of the actions: a visitor has changed its places."""
    shelves = _shelves(cast)
    _first_order(cast, shelves[:STALLS], now - _LONG_AGO, now)
    head = Head(name="Shop windows", destination="AE", collector=Collector.STALL)
    actions_placing.place_wishes(
        actor=cast.buyer, head=head, wishes=_wishes(shelves[:5], first=GOODS_A_STALL, many=2), now=now - _DAY / 8
    )
    _enquiry(cast, shelves[:4], now)
    _for_others(cast, shelves, now)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A stall, and those of its goods that can be had at once."""

    stall: StallView
    goods: tuple[GoodView, ...]


def _shelves(cast: Cast) -> list[_Shelf]:
    """The stall holder's first, then the merchants' in the order of their numbers."""
    assert cast.merchants.organisation is not None
    own = queries_stalls.stall(cast.own_stall)
    others = sorted(queries_stalls.stalls_of(cast.merchants.organisation), key=lambda stall: stall.card.number)
    others = others[:: max(1, len(others) // (3 * STALLS))]  # of all halls
    found = (_Shelf(stall, _goods(stall)) for stall in [*([own] if own else []), *others] if stall.is_open)
    return list(islice((shelf for shelf in found if len(shelf.goods) > GOODS_A_STALL), STALLS + 2))


def _goods(stall: StallView) -> tuple[GoodView, ...]:
    cards = queries.goods_of_stall(stall.card.id, states=frozenset({State.LISTED}), limit=30)
    views = queries.goods([card.number for card in cards])
    return tuple(good for good in views if _can_be_had(good))


def _can_be_had(good: GoodView) -> bool:
    """Without variants, so that nothing has to be chosen, and enough of it."""
    draft = good.draft
    if draft.variants or not draft.minimum:
        return False
    return draft.supply is Supply.MADE or draft.stock_pieces is None or draft.stock_pieces >= 4 * draft.minimum


def _wishes(shelves: Iterable[_Shelf], *, first: int = 0, many: int = GOODS_A_STALL) -> list[Wish]:
    return [
        Wish(pieces=_pieces(good), good=good.card.number)
        for shelf in shelves
        for good in shelf.goods[first : first + many]
    ]


def _pieces(good: GoodView) -> int:
    """Whole cartons, at least the smallest order, where there are so many."""
    least, carton = good.draft.minimum or 1, good.draft.carton.pieces or 1
    whole = -(-least // carton) * carton
    stock = good.draft.stock_pieces
    return whole if stock is None or good.draft.supply is Supply.MADE or whole <= stock // 2 else least


def _first_order(cast: Cast, shelves: Sequence[_Shelf], then: datetime, now: datetime) -> None:
    head = Head(name=RAMADAN, destination="AE", port="AEJEA", collector=Collector.STALL)
    placed = actions_placing.place_wishes(actor=cast.buyer, head=head, wishes=_wishes(shelves), now=then)
    order = queries_orders.order(placed.order)
    assert order is not None
    own = [sub for sub in order.subs if sub.seller == cast.stall.organisation]
    others = [sub for sub in order.subs if sub.seller != cast.stall.organisation]
    refused = others[3:4]
    kept = [sub for sub in others if sub not in refused]
    answered = then + _DAY / 3
    for actor, subs in ((cast.stall, own), (cast.merchants, kept)):
        if subs:
            actions_answering.confirm(actor=actor, subs=[sub.id for sub in subs], now=answered)
    for sub in refused:
        reason = "蓝色卖完了，工厂下个月才开工。"
        actions_answering.decline(actor=cast.merchants, sub=sub.id, reason=reason, now=answered)
    for actor, subs in ((cast.stall, own), (cast.merchants, kept[: len(kept) // 2])):
        for sub in subs:
            _pay(cast, actor, sub, then + _DAY)
            _hand_over(cast, actor, sub, now - _DAY)


def _pay(cast: Cast, seller: Actor, sub: SubView, then: datetime) -> None:
    """All of it in advance, as is the custom for what lies at the stall; the stall has it."""
    told = actions_payments.tell(
        actor=cast.buyer,
        sub=sub.id,
        kind=PaymentKind.BALANCE,
        amount_minor=sub.totals.value_minor,
        paid_on=then.date(),
        reference=f"TT {sub.code}",
        now=then,
    )
    actions_payments.acknowledge(actor=seller, payment=told, now=then + _DAY / 6)


def _hand_over(cast: Cast, seller: Actor, sub: SubView, then: datetime) -> None:
    """The ticket is drawn and confirmed by both, and the goods are fetched."""
    ticket = actions_tickets.draw(actor=seller, sub=sub.id, now=then)
    drawn = queries_dealings.tickets(sub.id)[0]
    for actor in (seller, cast.buyer):
        actions_tickets.confirm_ticket(actor=actor, ticket=ticket, digest=drawn.digest, now=then)
    actions_answering.hand_over(
        actor=seller, sub=sub.id, lines=None, cartons=None, note="", key=uuid.uuid5(sub.id, "all of it"), now=then
    )


def _enquiry(cast: Cast, shelves: Sequence[_Shelf], now: datetime) -> None:
    goods = [shelf.goods[0] for shelf in shelves]
    question = Question(
        text="السلام عليكم، نريد 5 كراتين من كل صنف إلى جبل علي. ما أفضل سعر، ومتى يكون التسليم؟",
        language="ar",
        goods=tuple(good.card.number for good in goods),
        quantity=600,
        destination="AE",
    )
    asked = actions_enquiries.ask(actor=cast.buyer, question=question, now=now - _DAY / 12)
    enquiry = queries_enquiries.enquiry(asked.number, language="zh")
    assert enquiry is not None
    assert cast.stall.organisation is not None
    hers = queries_enquiries.conversations(organisation=cast.stall.organisation, side=Side.STALL, language="zh")
    for talk in hers:
        if talk.enquiry == asked.number:
            _answer(cast, talk.id, goods[0], now)


def _answer(cast: Cast, conversation: uuid.UUID, good: GoodView, now: datetime) -> None:
    """The stall holder thanks, and quotes a price for more."""
    actions_conversations.say(
        actor=cast.stall,
        conversation=conversation,
        text="您好！这款现货充足，五箱可以优惠，报价单马上发给您。",
        language="zh",
        now=now - _DAY / 16,
    )
    least, listed = good.draft.ladder[0].quantity, good.draft.ladder[-1].price_minor
    line = QuotedLine(
        ladder=(QuotedStep(least, listed), QuotedStep(10 * least, max(1, listed * 92 // 100))),
        pieces=max(600, 10 * least),
        good=good.card.number,
        names=good.draft.names,
        language=good.draft.language,
        item_number=good.draft.item_number,
        unit=good.draft.unit,
        carton=_carton(good),
        photo=good.card.cover,
    )
    terms = Terms(valid_until=(now + 10 * _DAY).date(), lead_time_days=7, incoterm="EXW", place="义乌", deposit_bp=3000)
    saved = actions_quotations.save_quotation(
        actor=cast.stall, conversation=conversation, terms=terms, lines=[line], now=now - _DAY / 20
    )
    actions_quotations.send(actor=cast.stall, quotation=saved, now=now - _DAY / 24)


def _carton(good: GoodView) -> Carton:
    """As the order writes it down."""
    of = good.draft.carton
    return Carton(of.pieces, of.length_mm, of.width_mm, of.height_mm, of.gross_g, of.net_g)


def _for_others(cast: Cast, shelves: Sequence[_Shelf], now: datetime) -> None:
    """The agent buys for Layla and for a client of his own: an order on its way, and a basket for each."""
    assert cast.buyer.organisation is not None
    then = now - _LONG_AGO
    day = then.date()
    mandate = actions_mandates.offer_mandate(
        actor=cast.agent, buyer=cast.buyer.organisation, valid_from=day, reference="LH-2026-17", now=then
    )
    actions_mandates.grant(actor=cast.buyer, mandate=mandate, now=then)
    client = actions_mandates.client(
        actor=cast.agent, name="Casa Norte S.L.", country="ES", valid_from=day, reference="CN-8", now=then
    )
    head = Head(name="Casa Norte, no. 7", destination="ES", port="ESVLC", collector=Collector.AGENT)
    placed = actions_placing.place_wishes(
        actor=cast.agent, head=head, wishes=_wishes(shelves[-6:], first=2, many=1), mandate=client, now=then
    )
    order = queries_orders.order(placed.order)
    assert order is not None
    theirs = [sub.id for sub in order.subs if sub.seller == cast.merchants.organisation]
    if theirs:
        actions_answering.confirm(actor=cast.merchants, subs=theirs, now=then + _DAY / 4)
    for of, name, part in ((mandate, "Spring for Layla", shelves[1:6]), (client, "Casa Norte, no. 8", shelves[2:5])):
        head = Head(name=name, destination="AE" if of == mandate else "ES", collector=Collector.AGENT)
        basket = actions_basket.start(actor=cast.agent, head=head, mandate=of, now=now)
        wishes = _wishes(part, first=1, many=2)
        if wishes:
            actions_basket.put(actor=cast.agent, order=basket, wishes=wishes, version=None, now=now)
