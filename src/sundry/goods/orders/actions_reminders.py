"""Many stalls are reminded at once: one message to each, in a conversation of the order that waits longest.

A stall hears of it as of every message, in its digest. What keeps it to one a day is the message's key, which is made
of the organisation, the stall and the market's day: of two colleagues who press the button at once, one is first, and
the other learns that it was done.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from sundry.base.access.rules import Actor
from sundry.goods.orders.enquiry_rules import MessageKind
from sundry.goods.orders.errors import AlreadyDone, NotNow
from sundry.goods.orders.models import Conversation
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.queries_reminders import reminded, waiting
from sundry.goods.orders.reminder_rules import REMINDED_MAX, Plan, Reminder, Waiting, key_of, plan
from sundry.goods.orders.talking import held, message, tell_message, write
from sundry.goods.orders.telling import told_codes
from sundry.kernel.identifiers import new_id

TRIES: Final = 2  # a colleague who reminds the same stalls is faster at most once: then they have their message


@dataclass(frozen=True, slots=True)
class Reminded:
    """`stalls`: how many have the message; `parts`: of how many parts it tells. `other`, `again`: as in Plan."""

    stalls: int
    parts: int
    other: int
    again: int


def remind(
    *,
    actor: Actor,
    organisation: uuid.UUID,
    reminder: Reminder,
    orders: Collection[int] = (),
    subs: Collection[uuid.UUID] = (),
    language: str,
    now: datetime,
) -> Reminded:
    """Remind the stalls of these parts, and of all parts of these orders, that the organisation buys. `language`: in
    which its buyer writes. NotNow: too many rows, or none of them waits for this; AlreadyDone: every stall that it
    would reach had a reminder today. A fixed number of statements."""
    if (count := len(orders) + len(subs)) > REMINDED_MAX:
        raise NotNow("orders_rows_too_many", count=count, most=REMINDED_MAX)
    for rest in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _remind(actor, organisation, reminder, orders, subs, language, now)
        except IntegrityError:
            if not rest:
                raise
    raise AssertionError("the last try answers or raises")


def _remind(
    actor: Actor,
    organisation: uuid.UUID,
    reminder: Reminder,
    orders: Collection[int],
    subs: Collection[uuid.UUID],
    language: str,
    now: datetime,
) -> Reminded:
    planned = planned_for(organisation=organisation, orders=orders, subs=subs, reminders=[reminder], now=now)[reminder]
    if not planned.parts:
        if planned.again:
            raise AlreadyDone("orders_reminded_today", count=planned.again)
        raise NotNow("orders_nothing_to_remind")
    talks = _talks([parts[0] for parts in planned.parts.values()], language, now)
    rows, said = [], []
    for stall, parts in planned.parts.items():
        row = talks[parts[0].order, stall]
        rows.append(row)
        said.append(
            message(
                row,
                Side.BUYER,
                person=actor.person,
                now=now,
                kind=MessageKind.TEMPLATE,
                template=reminder.phrase,
                values={"codes": told_codes([one.sub.code for one in parts])},
                key=key_of(organisation=organisation, stall=stall, day=localdate(now)),
            )
        )
    write(rows, said)
    tell_message(rows, to=Side.STALL, now=now)
    return Reminded(planned.stalls, sum(map(len, planned.parts.values())), planned.other, planned.again)


def planned_for(
    *,
    organisation: uuid.UUID,
    orders: Collection[int],
    subs: Collection[uuid.UUID],
    reminders: Sequence[Reminder] = tuple(Reminder),
    now: datetime,
) -> Mapping[Reminder, Plan]:
    """What each reminder would come to now, before anything is said. Two statements."""
    today = localdate(now)
    chosen = waiting(organisation=organisation, orders=orders, subs=subs)
    already = reminded(organisation=organisation, stalls={one.stall for one in chosen}, day=today)
    return {one: plan(chosen, one, reminded=already, today=today) for one in reminders}


def _talks(
    parts: Sequence[Waiting], language: str, now: datetime
) -> Mapping[tuple[uuid.UUID, uuid.UUID], Conversation]:
    """The conversation about each of these parts by its order and stall, locked; made where nobody has asked for it
    yet."""
    found = _known(parts)
    missing = [one for one in parts if (one.order, one.stall) not in found]
    made = [
        Conversation(
            id=new_id(),
            order_id=one.order,
            stall_id=one.stall,
            seller_id=one.sub.seller,
            buyer_id=one.buyer,
            agent_id=one.agent,
            mandate_id=one.mandate,
            country=one.country,
            subject=one.sub.code,
            language=language,
            last_at=now,
            waits_for=Side.MARKET.value,
        )
        for one in missing
    ]
    if made:
        Conversation.objects.bulk_create(made, ignore_conflicts=True)  # the stall may ask at this very moment
        found = _known(parts)
    locked = held(found.values())
    return {pair: locked[talk] for pair, talk in found.items()}


def _known(parts: Sequence[Waiting]) -> dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID]:
    """The conversations that there are about these parts."""
    wanted = {(one.order, one.stall) for one in parts}
    there = Conversation.objects.filter(
        order__in={order for order, _ in wanted}, stall__in={stall for _, stall in wanted}, enquiry=None
    )
    pairs = there.values_list("order_id", "stall_id", "id")
    return {(order, stall): talk for order, stall, talk in pairs if (order, stall) in wanted}
