"""Questions about enquiries and conversations: each a fixed number of statements, each for the side that asks.

A buyer sees whom she asked and what they wrote; a stall sees its own conversation and nothing of the others, of an
enquiry only the goods that are its own, and of an agent's buyer the country and no name.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders.enquiry_rules import (
    Attachment,
    ConversationCard,
    ConversationView,
    EnquiryCard,
    EnquiryState,
    EnquiryView,
    MessageKind,
    MessageView,
    Question,
)
from sundry.goods.orders.models import Conversation, ConversationMessage, Enquiry
from sundry.goods.orders.order_rules import Part, Side
from sundry.goods.orders.phrases import said
from sundry.goods.orders.terms import terms_in
from sundry.kernel.messages import render

NUMBER_MAX: Final = 2**63 - 1
UNREAD_MAX: Final = 99  # told: what is more reads as "99+"
LAST_MAX: Final = 200  # characters of the newest message in a list

Row = Mapping[str, Any]
Mark = tuple[datetime, uuid.UUID]  # (last_at, id) of the last card of a page: the next one begins behind it

_CARD: Final = (
    *("id", "enquiry__number", "order__number", "stall__number", "stall__names", "seller_id", "seller__name"),
    *("buyer_id", "buyer__name", "agent_id", "agent__name", "mandate__client_name", "country", "subject", "language"),
    *("last_at", "waits_for", "quotation", "messages", "buyer_unread", "stall_unread", "buyer_seen", "stall_seen"),
)
_QUESTION: Final = (
    *("text", "language", "goods", "quantity", "unit", "target_price_minor", "currency", "destination"),
    *("attachments", "wanted", "state", "asked_at"),
)
_ENQUIRY: Final = (
    *("id", "number", "buyer_id", "buyer__name", "agent_id", "agent__name", "mandate__client_name"),
    *_QUESTION,
)
_MESSAGE: Final = (
    *("id", "conversation_id", "number", "kind", "side", "person__name", "text", "language", "template", "values"),
    *("translations", "attachments", "quotation", "sent_at"),
)
_IN_USE: Final = """
SELECT file FROM unnest(%s::text[]) AS file WHERE EXISTS (
  SELECT 1 FROM orders_conversationmessage AS message
  WHERE message.attachments @> jsonb_build_array(jsonb_build_object('file', file))
)
"""


# Whose ----------------------------------------------------------------------------------------------------------------


def owner_of_enquiry(number: int, actor: Actor) -> Owner | None:
    """Whose it is for the one who asks: her organisation where it is the buyer or the agent, else the buyer's; None:
    there is none."""
    if not 0 < number <= NUMBER_MAX:
        return None
    return owner_among(Enquiry.objects.filter(number=number).values_list("buyer_id", "agent_id").first(), actor)


def owner_of_conversation(conversation: uuid.UUID, actor: Actor) -> Owner | None:
    """The organisation of the side on which the actor stands, else the buyer's; None: there is none."""
    found = Conversation.objects.filter(id=conversation).values_list("buyer_id", "agent_id", "seller_id")
    return owner_among(found.first(), actor)


def owner_among(sides: Sequence[uuid.UUID | None] | None, actor: Actor) -> Owner | None:
    """Her organisation where it is one of these, else the first of them; None for nothing."""
    if sides is None:
        return None
    if actor.organisation is not None and actor.organisation in sides:
        return Owner(organisation=actor.organisation)
    return Owner(organisation=next(filter(None, sides), None))


# Enquiries ------------------------------------------------------------------------------------------------------------


def enquiries(*, organisation: uuid.UUID, before: int | None = None, limit: int = 20) -> tuple[EnquiryCard, ...]:
    """Of a buyer or an agent, the newest first. `before`: the number of the last one of the page before. Two
    statements."""
    found = Enquiry.objects.filter(of_buyer(organisation))
    if before is not None:
        found = found.filter(number__lt=min(before, NUMBER_MAX))
    rows = list(found.order_by("-number").values(*_ENQUIRY)[:limit])
    counts = {
        row["enquiry"]: row
        for row in Conversation.objects.filter(enquiry__in=[row["id"] for row in rows])
        .values("enquiry")
        .annotate(
            asked=Count("id"),
            answered=Count("id", filter=Q(is_answered=True)),
            quotations=Count("quotation"),
            unread=Sum("buyer_unread"),
        )
    }
    return tuple(_enquiry_card(row, counts.get(row["id"], {})) for row in rows)


def _enquiry_card(row: Row, counts: Row) -> EnquiryCard:
    return EnquiryCard(
        number=row["number"],
        id=row["id"],
        text=row["text"],
        language=row["language"],
        buyer=buyer_of(row, Side.BUYER),
        agent=Part(row["agent_id"], row["agent__name"] or ""),
        state=EnquiryState(row["state"]),
        asked_at=row["asked_at"],
        asked=counts.get("asked", 0),
        answered=counts.get("answered", 0),
        quotations=counts.get("quotations", 0),
        unread=counts.get("unread", 0),
    )


def enquiry(number: int, *, language: str) -> EnquiryView | None:
    """With its conversations, as the buyer's side sees them; those first that have news for her. `language`: the
    reader's, in which the beginning of a phrase is told. Three statements."""
    if not 0 < number <= NUMBER_MAX:
        return None
    row = Enquiry.objects.filter(number=number).values(*_ENQUIRY).first()
    if row is None:
        return None
    found = Conversation.objects.filter(enquiry=row["id"]).order_by("-last_at", "-id")
    cards = _cards(found.values(*_CARD), Side.BUYER, language)
    return EnquiryView(
        number=row["number"],
        id=row["id"],
        question=_question(row, row["goods"], [card.stall for card in cards]),
        buyer=buyer_of(row, Side.BUYER),
        agent=Part(row["agent_id"], row["agent__name"] or ""),
        state=EnquiryState(row["state"]),
        asked_at=row["asked_at"],
        conversations=tuple(sorted(cards, key=lambda card: not card.unread)),
        quotations=sum(card.quotation is not None for card in cards),
        photos=_attachments(row["attachments"]),
    )


def _question(row: Row, goods: Sequence[int], stalls: Sequence[int]) -> Question:
    return Question(
        text=row["text"],
        language=row["language"],
        goods=tuple(goods),
        stalls=tuple(stalls),
        quantity=row["quantity"],
        unit=row["unit"],
        target_price_minor=row["target_price_minor"],
        currency=row["currency"],
        destination=row["destination"],
        photos=tuple(one["file"] for one in row["attachments"]),
        wanted=row["wanted"],
    )


def of_buyer(organisation: uuid.UUID) -> Q:
    return Q(buyer=organisation) | Q(agent=organisation)


def buyer_of(row: Row, side: Side) -> Part:
    """An agent's buyer is nobody's name to a stall; a client outside the market is the one whom the mandate names."""
    if row["agent_id"] is not None and side is Side.STALL:
        return Part(None, "")
    return Part(row["buyer_id"], row["buyer__name"] or row["mandate__client_name"] or "")


# Conversations --------------------------------------------------------------------------------------------------------


def conversations(
    *,
    organisation: uuid.UUID,
    side: Side,
    language: str,
    unanswered: bool = False,
    unread: bool = False,
    before: Mark | None = None,
    limit: int = 20,
) -> tuple[ConversationCard, ...]:
    """Of an organisation on one side, the latest message first. `unanswered`: those that wait for that side, and then
    whoever has waited longest stands first (`before` is then the last card's mark all the same). `unread`: only those
    with something new for it. `language`: the reader's. Two statements."""
    found = Conversation.objects.filter(_of(organisation, side))
    if unread:
        found = found.filter(Q(stall_unread__gt=0) if side is Side.STALL else Q(buyer_unread__gt=0))
    if unanswered:
        found = found.filter(waits_for=side.value)
    if before is not None:
        at, last = before
        behind = Q(last_at=at, id__gt=last) if unanswered else Q(last_at=at, id__lt=last)
        found = found.filter((Q(last_at__gt=at) if unanswered else Q(last_at__lt=at)) | behind)
    order = ("last_at", "id") if unanswered else ("-last_at", "-id")
    return tuple(_cards(found.order_by(*order).values(*_CARD)[:limit], side, language))


def _of(organisation: uuid.UUID, side: Side) -> Q:
    return Q(seller=organisation) if side is Side.STALL else of_buyer(organisation)


def _cards(found: QuerySet[Any, Any], side: Side, language: str) -> list[ConversationCard]:
    rows = list(found)
    newest = ConversationMessage.objects.filter(
        conversation__in=[row["id"] for row in rows], number=F("conversation__messages")
    )
    last = {row["conversation_id"]: row for row in newest.values(*_MESSAGE)}
    return [_card(row, last.get(row["id"]), side, language) for row in rows]


def _card(row: Row, last: Row | None, side: Side, language: str) -> ConversationCard:
    return ConversationCard(
        id=row["id"],
        enquiry=row["enquiry__number"],
        order=row["order__number"],
        stall=row["stall__number"],
        stall_names=row["stall__names"],
        buyer=buyer_of(row, side),
        agent=Part(row["agent_id"], row["agent__name"] or ""),
        subject=row["subject"],
        language=row["language"],
        last=_words(last, language)[:LAST_MAX] if last else "",
        last_at=row["last_at"],
        unread=row["stall_unread" if side is Side.STALL else "buyer_unread"],
        waits_for=Side(row["waits_for"]),
        quotation=row["quotation"],
        country=row["country"],
        seller=row["seller_id"],
        messages=row["messages"],
    )


def conversation(conversation: uuid.UUID, *, reader: Actor, language: str) -> ConversationView | None:
    """For the side on which the reader stands (an operator or auditor: the buyer's); None: there is none. At most three
    statements."""
    row = Conversation.objects.filter(id=conversation).values(*_CARD, "goods", "enquiry_id").first()
    if row is None:
        return None
    is_stall = reader.organisation is not None and reader.organisation == row["seller_id"]
    side = Side.STALL if is_stall else Side.BUYER
    last = (
        ConversationMessage.objects.filter(conversation=conversation, number=row["messages"]).values(*_MESSAGE).first()
    )
    asked = Enquiry.objects.filter(id=row["enquiry_id"]).values(*_QUESTION).first() if row["enquiry_id"] else None
    return ConversationView(
        card=_card(row, last, side, language),
        side=side,
        question=_question(asked, row["goods"], [row["stall__number"]]) if asked else None,
        photos=_attachments(asked["attachments"]) if asked else (),
        is_closed=asked is not None and asked["state"] == EnquiryState.CLOSED.value,
        asked_at=asked["asked_at"] if asked else None,
    )


# Messages -------------------------------------------------------------------------------------------------------------


def messages(
    conversation: uuid.UUID, *, side: Side, language: str, before: int | None = None, limit: int = 50
) -> tuple[MessageView, ...]:
    """The newest `limit` messages before that number, the oldest of them first. `language`: the reader's. Two
    statements."""
    talk = Conversation.objects.filter(id=conversation).values(*_CARD).first()
    if talk is None:
        return ()
    found = ConversationMessage.objects.filter(conversation=conversation)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found.order_by("-number").values(*_MESSAGE)[:limit])
    return tuple(_message(row, talk, side, language) for row in reversed(rows))


def _message(row: Row, talk: Row, side: Side, language: str) -> MessageView:
    kind, said_by = MessageKind(row["kind"]), Side(row["side"])
    is_own, is_text = said_by is side, kind is MessageKind.TEXT
    told = row["values"] if kind is MessageKind.QUOTATION else {}
    return MessageView(
        id=row["id"],
        kind=kind,
        side=said_by,
        who=(row["person__name"] or "") if is_own else _name(talk, said_by),
        text=_words(row, language),
        language=row["language"] if is_text else language,
        translation=row["translations"].get(language, "") if is_text and row["language"] != language else "",
        terms=terms_in(row["text"], language=row["language"], reader=language) if is_text else (),
        attachments=_attachments(row["attachments"]),
        quotation=told.get("quotation"),
        quotation_version=told.get("version"),
        sent_at=row["sent_at"],
        is_own=is_own,
        is_read=row["number"] <= talk["stall_seen" if said_by is Side.BUYER else "buyer_seen"],
        number=row["number"],
        quotation_id=row["quotation"],
    )


def _name(talk: Row, side: Side) -> str:
    """Of the other side, as it is known to this one: an agent speaks for her buyer."""
    return (talk["seller__name"] if side is Side.STALL else talk["agent__name"] or talk["buyer__name"]) or ""


def _words(row: Row, language: str) -> str:
    """As it was written, or of a phrase or a note in the reader's language."""
    match MessageKind(row["kind"]):
        case MessageKind.TEXT:
            return str(row["text"])
        case MessageKind.TEMPLATE:
            return said(row["template"], language, row["values"])
        case _:
            return render(row["template"], language, row["values"])


def _attachments(kept: Sequence[Row]) -> tuple[Attachment, ...]:
    return tuple(Attachment(**one) for one in kept)


def attachment(conversation: uuid.UUID, file: str) -> Attachment | None:
    """What was sent there under that name; None: nothing. One statement."""
    found = ConversationMessage.objects.filter(conversation=conversation, attachments__contains=[{"file": file}])
    kept = found.values_list("attachments", flat=True).first() or ()
    return next((one for one in _attachments(kept) if one.file == file), None)


def files_in_use(names: Collection[str]) -> frozenset[str]:
    """Those of these files that stand in a message. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, [list(names)])
        return frozenset(row[0] for row in cursor.fetchall())


# What is new ----------------------------------------------------------------------------------------------------------


_UNREAD: Final = """(SELECT coalesce(sum(news.unread), 0)::int FROM (
  (SELECT stall_unread AS unread FROM orders_conversation
   WHERE seller_id = {organisation} AND stall_unread > 0 LIMIT {most})
  UNION ALL
  (SELECT buyer_unread FROM orders_conversation
   WHERE buyer_id = {organisation} AND buyer_unread > 0 LIMIT {most})
  UNION ALL
  (SELECT buyer_unread FROM orders_conversation
   WHERE agent_id = {organisation} AND agent_id IS NOT NULL AND buyer_unread > 0
     AND buyer_id IS DISTINCT FROM agent_id LIMIT {most})
) AS news)"""
# One conversation more than are told, so that "more than 99" stays so when one of them has just been read.
_LOOKED_AT: Final = UNREAD_MAX + 2


def unread_of(organisation: str) -> str:
    """SQL that counts the new messages for an organisation, on whichever side it stands, for a statement that asks for
    the organisation anyway. `organisation`: its column there. Of each kind at most 101 conversations are looked at, by
    the indexes of those that have news."""
    return _UNREAD.format(organisation=organisation, most=_LOOKED_AT)


def unanswered(*, organisation: uuid.UUID, most: int = 99) -> int:
    """How many conversations wait for that stall holder, counted up to `most`. One statement."""
    waiting = Conversation.objects.filter(seller=organisation, waits_for=Side.STALL.value)
    return len(waiting.values_list("id")[:most])
