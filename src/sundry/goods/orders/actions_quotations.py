"""What happens to quotations: a stall writes, sends, revises and withdraws them; a buyer declines or accepts them.

Problem: a stall lowers its price at the moment in which the buyer accepts the old one. Whoever looks first and writes
later sells at a price that is not there any more. Therefore each of these holds the conversation and all versions of
the quotation, in this order, until it is done; who comes second sees what the first has made of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import events
from sundry.goods.orders.accepting import accept_quotations, expire_quotations
from sundry.goods.orders.enquiry_rules import MessageKind, QuotationState, QuotedLine, Terms
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused, is_of_key
from sundry.goods.orders.models import Conversation, Quotation, QuotationLine
from sundry.goods.orders.order_rules import REASON_MAX, Side
from sundry.goods.orders.phrases import Turn
from sundry.goods.orders.quoting import (
    COPIED,
    become,
    copies,
    digest_of,
    line_rows,
    of_goods,
    plain_line,
    plain_terms,
    terms_of,
)
from sundry.goods.orders.talk_checks import quotation_findings, quotation_value, sending_findings
from sundry.goods.orders.talking import (
    OTHER,
    check_open,
    drawn_number,
    held_one,
    message,
    tell,
    tell_message,
    write,
)
from sundry.kernel.findings import error
from sundry.kernel.identifiers import new_id
from sundry.kernel.money import Money

__all__ = [
    "accept_quotations",
    "decline_quotation",
    "expire_quotations",
    "revise",
    "save_quotation",
    "send",
    "withdraw_quotation",
]


# Written --------------------------------------------------------------------------------------------------------------


def save_quotation(
    *,
    actor: Actor,
    conversation: uuid.UUID,
    terms: Terms,
    lines: Sequence[QuotedLine],
    quotation: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """A draft, new or (`quotation`) written anew, which only the stall sees. The same key again: the same draft; it
    means nothing where a draft is named. NotThere; NotNow: it is no draft any more, or the key made another; Refused:
    what is wrong, by line (row = its place from 1)."""
    terms, lines = plain_terms(terms), [plain_line(line) for line in lines]
    try:
        with transaction.atomic():
            talk, side = held_one(actor, conversation)
            if side is not Side.STALL:
                raise NotThere("talk_not_there")
            said = digest_of(terms=asdict(terms), lines=[asdict(line) for line in lines])
            if quotation is None and (before := _saved_before(key, talk, said)) is not None:
                return before
            check_open(talk)
            row = _draft_of(talk, quotation) if quotation is not None else _new_draft(talk, actor, key, said)
            _fill(row, terms, lines)
            return row.id
    except IntegrityError as fault:
        if is_of_key(fault):
            raise NotNow("talk_key_taken") from None
        raise


def _saved_before(key: uuid.UUID | None, talk: Conversation, said: str) -> uuid.UUID | None:
    told = ("id", "conversation_id", "key_said")
    row = Quotation.objects.filter(key=key).only(*told).first() if key is not None else None
    if row is not None and (row.conversation_id, row.key_said) != (talk.id, said):
        raise NotNow("talk_key_taken")
    return None if row is None else row.id


def _draft_of(talk: Conversation, quotation: uuid.UUID) -> Quotation:
    row = Quotation.objects.select_for_update(no_key=True).filter(id=quotation, conversation=talk).first()
    if row is None:
        raise NotThere("talk_not_there")
    if row.state != QuotationState.DRAFT.value:
        raise _not_now(row)
    return row


def _new_draft(talk: Conversation, actor: Actor, key: uuid.UUID | None, said: str) -> Quotation:
    return Quotation(
        number=drawn_number(),
        conversation=talk,
        stall_id=talk.stall_id,
        seller_id=talk.seller_id,
        buyer_id=talk.buyer_id,
        agent_id=talk.agent_id,
        mandate_id=talk.mandate_id,
        made_by_id=actor.person,
        key=key,
        key_said="" if key is None else said,
    )


def _fill(row: Quotation, terms: Terms, lines: Sequence[QuotedLine]) -> None:
    goods = orderable({line.good for line in lines if line.good is not None}, lock=False)
    known, missing = of_goods(lines, goods, row.stall_id)
    wrong = [*missing, *quotation_findings(terms, lines)]
    if wrong:
        raise Refused(sorted(wrong, key=lambda finding: finding.row))
    for name in Terms.__slots__:
        setattr(row, name, getattr(terms, name))
    row.value_minor = quotation_value(known)
    row.save()
    QuotationLine.objects.filter(quotation=row).delete()
    QuotationLine.objects.bulk_create(line_rows(row.id, known, goods))


# Sent -----------------------------------------------------------------------------------------------------------------


def send(*, actor: Actor, quotation: uuid.UUID, now: datetime) -> None:
    """To the buyer; the version before counts no more. NotThere; AlreadyDone; Refused: it cannot be sent as it is (no
    line, valid until yesterday)."""
    with transaction.atomic():
        talk, row, versions = _held(actor, quotation, Side.STALL)
        check_open(talk)
        if row.state == QuotationState.SENT.value:
            raise AlreadyDone("quotation_is_sent", quotation=row.number)
        if row.state != QuotationState.DRAFT.value:
            raise _not_now(row)
        lines = (
            QuotationLine.objects.filter(quotation=row).order_by("-position").values_list("position", flat=True).first()
        )
        if wrong := sending_findings(terms_of(row), lines or 0, today=timezone.localdate(now)):
            raise Refused(wrong)
        before = next((one for one in versions if one.is_newest and one.id != row.id), None)
        if before is not None:
            _supersede(before)
        become(row, QuotationState.SENT)
        row.is_newest, row.sent_at = True, now
        row.save(update_fields=["state", "is_newest", "sent_at"])
        talk.quotation = row.number
        told = {
            "quotation": row.number,
            "version": row.version,
            "lines": lines,
            "value": str(Money(row.value_minor, row.currency)),
            "day": str(row.valid_until),
        }
        template = "talk_note_quotation"
        if before is not None and before.currency != row.currency:
            template, told = "talk_note_quotation_currency", told | {"before": before.currency}
        said = _note(talk, Side.STALL, actor, now, template, told, quotation=row, turn=Turn.PASSES)
        write([talk], [said])
        values = {talk.id: {"quotation": row.number, "version": row.version}}
        tell(kind=events.QUOTATION_SENT, rows=[talk], to=Side.BUYER, now=now, values=values)


def _supersede(before: Quotation) -> None:
    if before.state == QuotationState.ACCEPTED.value:
        raise _not_now(before)
    if before.state == QuotationState.SENT.value:
        become(before, QuotationState.SUPERSEDED)
    before.is_newest = False
    before.save(update_fields=["state", "is_newest"])


def revise(*, actor: Actor, quotation: uuid.UUID, now: datetime) -> uuid.UUID:
    """A draft of the next version, a copy to be changed and sent; the one that is there already, if it is. NotNow: it
    was accepted, or its enquiry is closed."""
    with transaction.atomic():
        talk, _, versions = _held(actor, quotation, Side.STALL)
        check_open(talk)
        newest = max(versions, key=lambda one: one.version)
        if newest.state == QuotationState.DRAFT.value:
            return newest.id
        if accepted := next((one for one in versions if one.state == QuotationState.ACCEPTED.value), None):
            raise _not_now(accepted)
        made = Quotation(
            version=newest.version + 1,
            is_newest=False,
            made_by_id=actor.person,
            **{name: getattr(newest, name) for name in COPIED},
        )
        made.save(force_insert=True)
        lines = QuotationLine.objects.filter(quotation=newest).order_by("position")
        QuotationLine.objects.bulk_create(copies(made.id, lines))
        return made.id


# Taken back, and declined ---------------------------------------------------------------------------------------------


def withdraw_quotation(*, actor: Actor, quotation: uuid.UUID, reason: str = "", now: datetime) -> None:
    """By the stall. A draft is thrown away. NotThere; NotNow; AlreadyDone."""
    with transaction.atomic():
        talk, row, _ = _held(actor, quotation, Side.STALL)
        if row.state == QuotationState.DRAFT.value:
            row.delete()
        else:
            _end(talk, row, Side.STALL, QuotationState.WITHDRAWN, reason, actor, now)


def decline_quotation(*, actor: Actor, quotation: uuid.UUID, reason: str = "", now: datetime) -> None:
    """By the buyer. NotThere; NotNow; AlreadyDone."""
    with transaction.atomic():
        talk, row, _ = _held(actor, quotation, Side.BUYER)
        _end(talk, row, Side.BUYER, QuotationState.DECLINED, reason, actor, now)


def _end(
    talk: Conversation, row: Quotation, side: Side, state: QuotationState, reason: str, actor: Actor, now: datetime
) -> None:
    if row.state == state.value:
        raise AlreadyDone(f"quotation_is_{row.state}", quotation=row.number)
    if row.state != QuotationState.SENT.value:
        raise _not_now(row)
    said = clean(reason)
    if len(said) > REASON_MAX:
        details = {"count": len(said), "most": REASON_MAX}
        raise Refused([error("talk_text_too_long", header="reason", details=details)])
    become(row, state)
    row.reason, row.decided_at, row.decided_by_id = said, now, actor.person
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    template = f"talk_note_{state.value}_because" if said else f"talk_note_{state.value}"
    told = {"quotation": row.number, "version": row.version} | ({"reason": said} if said else {})
    write([talk], [_note(talk, side, actor, now, template, told, quotation=row, turn=Turn.ENDS)])
    tell_message([talk], to=OTHER[side], now=now)


# Held -----------------------------------------------------------------------------------------------------------------


def _held(actor: Actor, quotation: uuid.UUID, side: Side) -> tuple[Conversation, Quotation, list[Quotation]]:
    """Its conversation, itself, and all its versions. NotThere: she stands on the other side, or on none."""
    talk_id = Quotation.objects.filter(id=quotation).values_list("conversation_id", flat=True).first()
    if talk_id is None:
        raise NotThere("talk_not_there")
    talk, own = held_one(actor, talk_id)
    rows = Quotation.objects.select_for_update(no_key=True).filter(conversation=talk).order_by("id")
    found = {row.id: row for row in rows}
    row = found.get(quotation)
    if row is None or own is not side or (own is Side.BUYER and row.state == QuotationState.DRAFT.value):
        raise NotThere("talk_not_there")
    return talk, row, [one for one in found.values() if one.number == row.number]


def _not_now(row: Quotation) -> NotNow:
    return NotNow(f"quotation_is_{row.state}", quotation=row.number, day=str(row.valid_until or ""))


def _note(
    talk: Conversation,
    side: Side,
    actor: Actor,
    now: datetime,
    template: str,
    values: Mapping[str, Any],
    *,
    quotation: Quotation,
    turn: Turn,
) -> Any:
    kind = MessageKind.QUOTATION if turn is Turn.PASSES else MessageKind.NOTE
    return message(
        talk,
        side,
        person=actor.person,
        now=now,
        kind=kind,
        turn=turn,
        template=template,
        values=dict(values),
        quotation=quotation.id,
        id=new_id(),
    )
