"""How something is said: who speaks on which side, whose turn it is then, and who is told.

A conversation is written to by whoever holds its row; the messages of one action go in by one statement, however many
conversations they stand in.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from sundry.base.access.rules import Actor
from sundry.base.notifications.actions import notify
from sundry.base.notifications.rules import Notice
from sundry.base.parties import queries as parties
from sundry.base.webhooks.actions import announce_many
from sundry.base.webhooks.rules import Announcement
from sundry.goods.orders import events
from sundry.goods.orders.enquiry_rules import Attachment, EnquiryState, MessageKind
from sundry.goods.orders.errors import NotNow, NotThere
from sundry.goods.orders.models import Conversation, ConversationMessage, Mandate
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.phrases import Turn

WRITTEN = (
    *("messages", "waits_for", "is_answered", "last_at", "quotation"),
    *("buyer_unread", "stall_unread", "buyer_seen", "stall_seen"),
)
OTHER = {Side.BUYER: Side.STALL, Side.STALL: Side.BUYER}


def country_of(buyer: uuid.UUID | None, mandate: uuid.UUID | None) -> str:
    """Where a buyer is from, which is all that a stall learns of an agent's buyer. One statement."""
    if buyer is not None:
        known = parties.organisation(buyer)
        return known.country if known else ""
    return Mandate.objects.values_list("client_country", flat=True).get(id=mandate) if mandate else ""


def side_of(actor: Actor, row: Any) -> Side:
    """On which side of a conversation or a quotation she stands. NotThere: on none."""
    if actor.organisation is not None:
        if actor.organisation in (row.buyer_id, row.agent_id):
            return Side.BUYER
        if actor.organisation == row.seller_id:
            return Side.STALL
    raise NotThere("talk_not_there")


def held(conversations: Collection[uuid.UUID]) -> dict[uuid.UUID, Conversation]:
    """Conversations, locked in the order of their ids, with their enquiries as they stand then. Two statements."""
    found = Conversation.objects.select_for_update(no_key=True).prefetch_related("enquiry")
    return {row.id: row for row in found.filter(id__in=conversations).order_by("id")}


def held_one(actor: Actor, conversation: uuid.UUID) -> tuple[Conversation, Side]:
    """One of them, and the actor's side. NotThere."""
    row = held([conversation]).get(conversation)
    if row is None:
        raise NotThere("talk_not_there")
    return row, side_of(actor, row)


def check_open(row: Conversation) -> None:
    """NotNow: the buyer has closed its enquiry."""
    if row.enquiry is not None and row.enquiry.state == EnquiryState.CLOSED.value:
        raise NotNow("talk_enquiry_closed", enquiry=row.enquiry.number)


def told(row: Conversation, side: Side) -> uuid.UUID | None:
    """The organisation that hears of what is said to that side: an agent, where one asks for a buyer."""
    return row.seller_id if side is Side.STALL else row.agent_id or row.buyer_id


def message(
    row: Conversation,
    side: Side,
    *,
    person: uuid.UUID | None,
    now: datetime,
    kind: MessageKind = MessageKind.TEXT,
    turn: Turn = Turn.PASSES,
    attachments: Sequence[Attachment] = (),
    **more: Any,
) -> ConversationMessage:
    """The next message of a held conversation, which is changed as it makes it; neither is written yet."""
    row.messages += 1
    row.last_at = now
    if turn is not Turn.STAYS:
        row.waits_for = (OTHER[side] if turn is Turn.PASSES else Side.MARKET).value
    if side is Side.STALL:
        row.buyer_unread += 1
        row.is_answered = row.is_answered or turn is not Turn.STAYS
    else:
        row.stall_unread += 1
    return ConversationMessage(
        conversation=row,
        number=row.messages,
        kind=kind.value,
        side=side.value,
        person_id=person,
        attachments=[asdict(one) for one in attachments],
        sent_at=now,
        **more,
    )


def write(rows: Sequence[Conversation], messages: Sequence[ConversationMessage]) -> None:
    """Two statements. The conversations are held, or new and written by the caller (`rows` empty)."""
    ConversationMessage.objects.bulk_create(messages)
    Conversation.objects.bulk_update(rows, WRITTEN)


def tell(
    *,
    kind: str,
    rows: Sequence[Conversation],
    to: Side,
    now: datetime,
    values: Mapping[uuid.UUID, Mapping[str, Any]] | None = None,
) -> None:
    """Notices and announcements of what was said in conversations, each once. `values`: further ones, of some."""
    notices, announcements = [], []
    for row in rows:
        organisation = told(row, to)
        if organisation is None:
            continue
        enquiry = row.enquiry.number if row.enquiry is not None else None
        given = {"conversation": str(row.id), "enquiry": enquiry} | dict((values or {}).get(row.id, {}))
        known = {name: value for name, value in given.items() if value is not None}
        notices.append(Notice(organisation, kind, known, f"/talk/{row.id}/", key=str(row.id)))
        announcements.append(Announcement(kind, row.id, organisation, known, now))
    notify(notices=notices, now=now)
    announce_many(announcements=announcements)


def tell_message(rows: Sequence[Conversation], *, to: Side, now: datetime) -> None:
    tell(kind=events.MESSAGE_SENT, rows=rows, to=to, now=now)


def drawn_number() -> int:
    """The next of enquiries, quotations and orders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number')")
        return int(cursor.fetchone()[0])
