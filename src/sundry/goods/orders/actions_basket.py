"""What happens to a basket: it is started, lines are put in, changed and taken out, it is thrown away.

Problem: a buyer puts a thousand things of forty stalls together in two days, from three places at once (a page, a
sheet, the API), and each thing that she changes must answer at once. Therefore totals are kept by difference: a line
that is changed touches itself, its stall's part and the order, and nothing else is read. What is put in as a set is
written as a set: 2,000 lines take as many statements as one.

Worked case: 5 of a good lie in the basket, 3 more of the same variant, at the same price, are put in: one line of 8.
At the listed price it is the ladder's price for 8, so a step that is reached by both together is given.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.checks import head_findings, wish_findings
from sundry.goods.orders.drafting import LineDraft, draft_line
from sundry.goods.orders.errors import NotNow, NotThere
from sundry.goods.orders.filling import (
    as_wished,
    check,
    delete_rows,
    fill,
    following,
    grow,
    line_sum,
    offered,
    refigure,
)
from sundry.goods.orders.models import Order, OrderLine, SubOrder
from sundry.goods.orders.order_rules import (
    DRAFTS_MAX,
    Carton,
    Collector,
    EventKind,
    Head,
    OrderState,
    Side,
    Totals,
    Wish,
)
from sundry.goods.orders.quoted_prices import QuotedPrices
from sundry.goods.orders.viewing import carton_of
from sundry.goods.orders.writing import NUMBER_MAX, TOUCHED, buying, held_basket, minus, record_event, touch
from sundry.kernel.findings import Finding, note


def start(*, actor: Actor, head: Head, mandate: uuid.UUID | None = None, now: datetime) -> int:
    """A new basket; its number. Five statements at most.

    Refused: what is said of it is wrong; NotThere, NotNow: no such mandate, or it is not in force; NotNow: too many
    baskets."""
    buyer = buying(actor=actor, mandate=mandate, day=localdate(now))
    check(head_findings(head))
    with transaction.atomic():
        _check_baskets(actor)
        made = Order(
            number=_draw_number(),
            buyer_id=buyer.buyer,
            agent_id=buyer.agent,
            mandate_id=buyer.mandate,
            person_id=actor.person,
            changed_at=now,
            changed_by_id=actor.person,
            **_head_fields(buyer.said(head)),
        )
        made.save(force_insert=True)
        record_event(order=made.id, kind=EventKind.STARTED, side=Side.BUYER, actor=actor, now=now)
    return made.number


def _check_baskets(actor: Actor) -> None:
    mine = Q(buyer=actor.organisation) | Q(agent=actor.organisation)
    baskets = Order.objects.filter(mine, state=OrderState.DRAFT.value).values_list("id")[:DRAFTS_MAX]
    if len(baskets) >= DRAFTS_MAX:
        raise NotNow("orders_too_many_baskets", most=DRAFTS_MAX)


def _draw_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number')")
        return int(cursor.fetchone()[0])


def _head_fields(head: Head) -> dict[str, Any]:
    return {
        "currency": head.currency,
        "name": clean(head.name),
        "destination": head.destination,
        "port": head.port,
        "collector": head.collector.value,
        "note": clean(head.note, lines=True),
    }


@dataclass(frozen=True, slots=True)
class Basket:
    order: int
    version: int


def start_with(
    *, actor: Actor, head: Head, wishes: Sequence[Wish], mandate: uuid.UUID | None = None, now: datetime
) -> Basket:
    """A new basket with these lines in it, or none at all. As `start` and `put`."""
    with transaction.atomic():
        number = start(actor=actor, head=head, mandate=mandate, now=now)
        return Basket(number, put(actor=actor, order=number, wishes=wishes, version=None, now=now))


# Lines that are put in ------------------------------------------------------------------------------------------------


def put(*, actor: Actor, order: int, wishes: Sequence[Wish], version: int | None, now: datetime) -> int:
    """Put lines into a basket; its new version. A line that lies there already (the same thing, at the same price, with
    the same collector) gets the more pieces. At most twelve statements, however many lines and stalls; a few more where
    they were quoted.

    `version`: of the basket that was looked at, None: whatever it is by now. Refused: all that is wrong with them, and
    nothing is put in; NotThere; NotNow: it is placed; Stale."""
    with transaction.atomic():
        held = held_basket(actor=actor, number=order, version=version)
        if wishes:
            fill(held, wishes, actor, now)
    return held.version


# Lines that are changed and taken out ---------------------------------------------------------------------------------


def change_line(
    *,
    actor: Actor,
    order: int,
    line: uuid.UUID,
    pieces: int | None = None,
    note: str | None = None,
    collector: Collector | None = None,
    price_minor: int | None = None,
    price_per: int | None = None,
    version: int | None,
    now: datetime,
) -> int:
    """Another quantity, note, collector or price of a line in a basket; its new version. None: as it is. A line at the
    listed price stays at it, whatever the ladder says for so many. Eight statements, however long it is.

    Refused; NotThere: no such line in it; NotNow: it is placed; Stale."""
    given: dict[str, Any] = {
        "pieces": pieces,
        "note": note,
        "collector": collector,
        "price_minor": price_minor,
        "price_per": price_per,
    }
    with transaction.atomic():
        held = held_basket(actor=actor, number=order, version=version)
        (row,) = _lines(held, [line])
        wish = replace(as_wished(row), **{name: value for name, value in given.items() if value is not None})
        refigure(held, [(row, wish)], actor, now)
    return held.version


def change_pieces(
    *, actor: Actor, order: int, pieces: Mapping[uuid.UUID, int], version: int | None, now: datetime
) -> int:
    """Other quantities of lines in a basket, all of them or none; its new version. As many statements as for one.

    Refused: a finding's row counts the lines as they are given, from 1; NotThere; NotNow; Stale."""
    with transaction.atomic():
        held = held_basket(actor=actor, number=order, version=version)
        rows = _lines(held, list(pieces))
        if rows:
            wishes = [
                replace(as_wished(row), pieces=pieces[row.id], row=number) for number, row in enumerate(rows, start=1)
            ]
            refigure(held, list(zip(rows, wishes, strict=True)), actor, now)
    return held.version


def _lines(held: Order, ids: Sequence[uuid.UUID]) -> list[OrderLine]:
    """Lines of a basket, in the order of `ids`. NotThere: one is not in it. One statement."""
    rows = OrderLine.objects.select_related("sub__stall").in_bulk(list(ids))
    if any(id not in rows or rows[id].order_id != held.id for id in ids):
        raise NotThere("orders_line_not_there")
    return [rows[id] for id in ids]


def remove(*, actor: Actor, order: int, lines: Collection[uuid.UUID], version: int | None, now: datetime) -> int:
    """Take lines out of a basket; its new version. A stall of which nothing is left goes with them. Seven statements.

    NotThere: one is not in it, and none is taken out then; NotNow: it is placed; Stale."""
    with transaction.atomic():
        held = held_basket(actor=actor, number=order, version=version)
        ids = list(dict.fromkeys(lines))
        rows = _lines(held, ids)
        if not rows:
            return held.version
        prices = QuotedPrices(held, [(row, replace(as_wished(row), pieces=0)) for row in rows])
        if beside := following(prices):
            refigure(held, beside, actor, now)
            rows = _lines(held, ids)
        less: dict[uuid.UUID, Totals] = {}
        for row in rows:
            less[row.sub_id] = less.get(row.sub_id, Totals()) + minus(line_sum(row))
        subs = {row.sub_id: row.sub for row in rows}
        empty = [id for id, totals in less.items() if subs[id].lines + totals.lines == 0]
        held.stalls -= len(empty)
        delete_rows("orders_orderline", [row.id for row in rows])
        grow(held, subs, less, actor, now)
        if empty:
            delete_rows("orders_suborder", empty)
    return held.version


# The whole ------------------------------------------------------------------------------------------------------------


def change_head(*, actor: Actor, order: int, head: Head, version: int | None, now: datetime) -> int:
    """What is said of a basket as a whole; its new version. Lines that were collected as the order said go along.

    Refused; NotThere; NotNow: it is placed, or has lines whose prices are in another currency; Stale."""
    check(head_findings(head))
    with transaction.atomic():
        held = held_basket(actor=actor, number=order, version=version)
        if head.currency != held.currency and held.lines:
            raise NotNow("orders_currency_has_lines", currency=held.currency, other=head.currency)
        if head.collector.value != held.collector:
            going = OrderLine.objects.filter(order=held, collector=held.collector)
            of_stall = SubOrder.objects.filter(id=OuterRef("sub")).values("seller")[:1]
            to = Subquery(of_stall) if head.collector is Collector.STALL else held.agent_id
            going.update(collector=head.collector.value, collecting=to, version=F("version") + 1)
        given = _head_fields(head)
        for name, value in given.items():
            setattr(held, name, value)
        touch(held, actor, now)
        held.save(update_fields=[*given, *TOUCHED])
    return held.version


def discard(*, actor: Actor, order: int, now: datetime) -> None:
    """Throw a basket away with all that is in it. NotThere; NotNow: it is placed."""
    with transaction.atomic():
        held_basket(actor=actor, number=order).delete()


# The same again -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Repeated:
    """`order`: the new basket. `findings`: what is otherwise than it was; an error is of a line that was left out."""

    order: int
    findings: tuple[Finding, ...]


def repeat(*, actor: Actor, order: int, subs: Collection[uuid.UUID] | None = None, now: datetime) -> Repeated:
    """A new basket of what was ordered, of all stalls or of some, at the prices of today. A finding's row is the line's
    position in the past order. NotThere; NotNow: the mandate of it is over, or too many baskets."""
    past = Order.objects.filter(number=order).first() if 0 < order <= NUMBER_MAX else None
    if past is None or actor.organisation is None or actor.organisation not in (past.buyer_id, past.agent_id):
        raise NotThere("orders_order_not_there", number=order)
    rows = OrderLine.objects.select_related("sub__stall").filter(order=past).order_by("position")
    if subs is not None:
        rows = rows.filter(sub__in=list(subs))
    head = Head(past.currency, past.name, past.destination, past.port, Collector(past.collector), past.note)
    wishes, findings = _again(list(rows), head)
    with transaction.atomic():
        mandate = past.mandate_id if past.agent_id == actor.organisation else None
        number = start_with(actor=actor, head=head, wishes=wishes, mandate=mandate, now=now).order
        Order.objects.filter(number=number).update(repeats=past)
    return Repeated(number, tuple(findings))


def _again(rows: Sequence[OrderLine], head: Head) -> tuple[list[Wish], list[Finding]]:
    """(what can be asked for again, what is otherwise). Of what is in no catalogue the price is the one that it had."""
    asked = [
        replace(
            as_wished(row),
            pieces=row.pieces + row.cancelled_pieces,
            price_minor=None if row.good_number is not None else row.price_minor,
            price_per=1 if row.good_number is not None else row.price_per,
            carton=Carton() if row.good_number is not None else carton_of(row),
            quotation_line=None,
        )
        for row in rows
    ]
    offers, stalls = offered(asked)
    wishes: list[Wish] = []
    findings: list[Finding] = []
    for wish, row in zip(asked, rows, strict=True):
        offer = offers.get(wish.good) if wish.good is not None else None
        stall = stalls.get(wish.stall) if wish.stall is not None else None
        if wrong := wish_findings(wish, offer, head, stall=stall):
            findings += wrong
            continue
        wishes.append(wish)
        if offer is not None and (told := _otherwise(row, draft_line(wish, offer, head))):
            findings.append(told)
    return wishes, findings


def _otherwise(row: OrderLine, draft: LineDraft) -> Finding | None:
    if draft.price_minor * row.price_per == row.price_minor * draft.price_per:
        return None
    details = {"before": row.price_minor, "per": row.price_per, "now": draft.price_minor}
    value = str(row.good_number)
    return note("orders_repeat_price_changed", header="price_minor", value=value, row=row.position, details=details)
