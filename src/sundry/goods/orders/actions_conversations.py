"""What happens in conversations: somebody says something, or has read what was said.

A phone that loses the network in the middle of sending sends again with the same key: it is the same message. What was
typed and cannot be sent (too long, a file of a kind that is not taken) is refused with all that is wrong with it, and
nothing is written; the page has the words still.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import attachments as files
from sundry.goods.orders import translating
from sundry.goods.orders.enquiry_rules import Attachment, MessageKind, MessageView
from sundry.goods.orders.errors import NotNow, NotThere, Refused, is_of_key
from sundry.goods.orders.models import Conversation, ConversationMessage, SubOrder
from sundry.goods.orders.order_rules import Side, State
from sundry.goods.orders.phrases import PHRASES, Turn, filled
from sundry.goods.orders.talk_checks import text_findings
from sundry.goods.orders.talking import OTHER, check_open, country_of, held_one, message, tell_message, write
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id

TRANSLATE: Final = "orders.translate"  # a task by its name: it stands in jobs_talk.py, which imports this file
TRANSLATED_AT_ONCE: Final = 50  # messages

_TRANSLATED: Final = """
UPDATE orders_conversationmessage AS message SET translations = translations || jsonb_build_object(%s::text, given.text)
FROM unnest(%s::uuid[], %s::text[]) AS given (id, text) WHERE message.id = given.id
"""


def say(
    *,
    actor: Actor,
    conversation: uuid.UUID,
    text: str = "",
    template: str = "",
    values: Mapping[str, str | int] | None = None,
    language: str,
    attachments: Sequence[Attachment] = (),
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """One message: words in `language`, or a phrase of `phrases.PHRASES` with its values (or attachments alone). The
    same key again: the same message. NotThere; NotNow: the enquiry is closed; Refused: what is wrong with it."""
    try:
        with transaction.atomic():
            row, side = held_one(actor, conversation)
            sent: dict[str, Any] = {"values": values, "attachments": attachments}
            if (before := said_before(key, row, side, text=text, template=template, **sent)) is not None:
                return before
            check_open(row)
            said = saying(side, text=text, template=template, values=values, language=language, attachments=attachments)
            made = message(row, side, person=actor.person, now=now, key=key, **said)
            write([row], [made])
            tell_message([row], to=OTHER[side], now=now)
            return made.id
    except IntegrityError as fault:  # by the same key, in another conversation, at the same moment
        if is_of_key(fault):
            raise NotNow("talk_key_taken") from None
        raise


def saying(
    side: Side,
    *,
    text: str = "",
    template: str = "",
    values: Mapping[str, str | int] | None = None,
    language: str,
    attachments: Sequence[Attachment] = (),
) -> dict[str, Any]:
    """What `message` takes of what somebody says. Refused: all that is wrong with it."""
    told = clean(text, lines=True)
    kept, findings = kept_files(attachments)
    if template:
        turn, filling = _phrase(template, side, values or {}, findings)
        said: dict[str, Any] = {"kind": MessageKind.TEMPLATE, "template": template, "values": filling, "turn": turn}
    else:
        findings += text_findings(told, language, attachments=len(attachments))
        said = {"text": told, "language": language}
    if findings:
        raise Refused(findings)
    return said | {"attachments": kept}


def _phrase(
    template: str, side: Side, values: Mapping[str, str | int], findings: list[Finding]
) -> tuple[Turn, dict[str, str]]:
    phrase = PHRASES.get(template)
    if phrase is None or side not in phrase.sides:
        rule = "talk_phrase_unknown" if phrase is None else "talk_phrase_of_other_side"
        findings.append(error(rule, header="template", value=template[:60]))
        return Turn.STAYS, {}
    filling, wrong = filled(phrase, values)
    findings += wrong
    return phrase.turn, filling


def kept_files(attachments: Sequence[Attachment]) -> tuple[list[Attachment], list[Finding]]:
    """What is kept of what somebody says she sends along, as it is kept; and what is not there."""
    found = [files.known(one.file, one.name) for one in attachments]
    missing = [one.name for one, kept in zip(attachments, found, strict=True) if kept is None]
    wrong = [error("talk_attachment_not_there", header="attachments", value=name[:60]) for name in missing]
    return [kept for kept in found if kept is not None], wrong


def said_before(
    key: uuid.UUID | None,
    row: Conversation,
    side: Side,
    *,
    text: str,
    template: str,
    values: Mapping[str, str | int] | None = None,
    attachments: Sequence[Attachment] = (),
) -> uuid.UUID | None:
    """The message that this key names. NotNow: somebody else said it, it stands elsewhere, or says something else."""
    if key is None:
        return None
    found = ConversationMessage.objects.filter(key=key).first()
    if found is None:
        return None
    phrase = PHRASES.get(template)
    filling = filled(phrase, values or {})[0] if phrase is not None else {}
    asked = (row.id, side.value, template, "" if template else clean(text, lines=True), filling)
    files_ = [one["file"] for one in found.attachments]
    if (found.conversation_id, found.side, found.template, found.text, found.values) != asked or files_ != [
        one.file for one in attachments
    ]:
        raise NotNow("talk_key_taken")
    return found.id


# About an order -------------------------------------------------------------------------------------------------------


def open_with_stall(*, actor: Actor, order: int, sub: uuid.UUID, language: str, now: datetime) -> uuid.UUID:
    """The conversation about a stall's part of an order, made when somebody of either side first asks for it. NotThere;
    NotNow: it is still in the basket."""
    with transaction.atomic():
        part = SubOrder.objects.select_related("order").filter(id=sub, order__number=order).first()
        if part is None or actor.organisation is None:
            raise NotThere("talk_order_not_there", order=order)
        is_buyer = actor.organisation in (part.order.buyer_id, part.order.agent_id)
        is_draft = part.state == State.DRAFT.value
        if not is_buyer and (actor.organisation != part.seller_id or is_draft):
            raise NotThere("talk_order_not_there", order=order)
        if is_draft:
            raise NotNow("talk_order_not_placed", order=order)
        there = Conversation.objects.filter(order_id=part.order_id, stall_id=part.stall_id, enquiry=None)
        if (found := there.values_list("id", flat=True).first()) is not None:
            return found
        made = Conversation(
            id=new_id(),
            order_id=part.order_id,
            stall_id=part.stall_id,
            seller_id=part.seller_id,
            buyer_id=part.order.buyer_id,
            agent_id=part.order.agent_id,
            mandate_id=part.order.mandate_id,
            country=country_of(part.order.buyer_id, part.order.mandate_id),
            subject=f"{order}-{part.position}",
            language=language,
            last_at=now,
            waits_for=Side.MARKET.value,
        )
        Conversation.objects.bulk_create([made], ignore_conflicts=True)  # the other side may ask at this very moment
        return there.values_list("id", flat=True).get()


# Read -----------------------------------------------------------------------------------------------------------------


def mark_read(*, actor: Actor, conversation: uuid.UUID, up_to: int, now: datetime) -> None:
    """The actor's side has seen the messages up to that number. What she has seen stays seen. NotThere."""
    with transaction.atomic():
        row, side = held_one(actor, conversation)
        mine = "buyer" if side is Side.BUYER else "stall"
        seen = min(up_to, row.messages)
        if seen <= getattr(row, f"{mine}_seen"):
            return
        newer = ConversationMessage.objects.filter(conversation=row, number__gt=seen, side=OTHER[side].value)
        unread = newer.count() if seen < row.messages else 0
        Conversation.objects.filter(id=row.id).update(**{f"{mine}_seen": seen, f"{mine}_unread": unread})


# Translated -----------------------------------------------------------------------------------------------------------


def ask_translation(*, conversation: uuid.UUID, messages: Sequence[MessageView], language: str) -> None:
    """Have what others wrote translated for a reader of `language`, if this market has a translator and one of these
    messages has no translation yet. It is there when she looks next; asked twice it is done once."""
    lacks = any(one.text and not (one.is_own or one.translation or one.language == language) for one in messages)
    if not lacks or not translating.is_on():
        return
    job = app.configure_task(TRANSLATE, allow_unknown=True, queueing_lock=f"{TRANSLATE} {conversation} {language}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(conversation=str(conversation), language=language)


def translate(*, conversation: uuid.UUID, language: str) -> int:
    """Have the newest messages that lack it translated into `language`; how many now have it. For a job: the translator
    is asked outside of any transaction, and what it fails at stays as it was written."""
    written = ConversationMessage.objects.filter(conversation=conversation, kind=MessageKind.TEXT.value)
    lacking = written.exclude(text="").exclude(language=language).exclude(translations__has_key=language)
    rows = list(lacking.order_by("-number").values_list("id", "text", "language")[:TRANSLATED_AT_ONCE])
    told: dict[uuid.UUID, str] = {}
    for source in sorted({row[2] for row in rows}):
        some = [(id_, text) for id_, text, of in rows if of == source]
        answers = translating.translated([text for _, text in some], source=source, target=language)
        told |= {id_: answer for (id_, _), answer in zip(some, answers, strict=True) if answer}
    if told:
        with connection.cursor() as cursor:
            cursor.execute(_TRANSLATED, [language, list(told), list(told.values())])
    return len(told)
