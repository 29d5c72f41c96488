"""How quotations become lines of an order: at the quoted prices, while they are open, and once.

Problem: a price holds until Friday. On Friday night the buyer presses "accept" while the stall withdraws it, while her
colleague accepts it too, while midnight passes. Each of them has seen it open. Therefore the quotations are held first
and looked at then; what they are at that moment counts, and all that is accepted goes into the basket, or nothing.

Worked case: 12,000 clips at 85.00 for 1,000 from 10,000 on, and 40 of a box at 3.20. Accepted for 8,000 clips: refused,
the prices begin at 10,000. For 12,000 and without the box: one line of 1,020.00 in a new basket.

Held in this order: conversations by id, quotations by id, then the basket.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.base.parties import queries as parties
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.orders import actions_basket, actions_placing, events
from sundry.goods.orders.checks import shown
from sundry.goods.orders.choosing import Chosen
from sundry.goods.orders.enquiry_rules import (
    COMPARED_MAX,
    QUOTATION_NEXT,
    Accepted,
    MessageKind,
    QuotationState,
    QuotedLine,
)
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.models import Conversation, Order, Quotation, QuotationLine
from sundry.goods.orders.operations import QUOTATION_ACCEPT
from sundry.goods.orders.order_rules import PIECES_MAX, Head, OrderState, Side, Wish
from sundry.goods.orders.phrases import Turn
from sundry.goods.orders.quoting import become, digest_of, quoted_line
from sundry.goods.orders.talking import held, message, side_of, tell, write
from sundry.kernel.findings import Finding, error

Lines = Mapping[uuid.UUID, Sequence[QuotedLine]]  # by their quotation

ACCEPTED_MAX: Final = COMPARED_MAX


def accept_quotations(
    *,
    actor: Actor,
    quotations: Sequence[uuid.UUID],
    pieces: Mapping[uuid.UUID, int] | None = None,
    variants: Mapping[uuid.UUID, Mapping[uuid.UUID, int]] | None = None,
    order: int | None = None,
    place: bool = False,
    key: uuid.UUID | None = None,
    now: datetime,
) -> Accepted:
    """Put the lines of quotations in a basket (`order`, else a new one) at the quoted prices, and place it if asked to.
    `pieces`: by the id of a quoted line, 0 leaves it out; else as many as it is laid out for. `variants`: by the id of
    a line whose good comes in variants and which names none, how many of each. The same key again: the same answer;
    NotNow: it accepted others, or otherwise. All or nothing: Refused (expired, superseded, withdrawn, another currency,
    too few pieces, no variant), Stale (somebody accepted it meanwhile: who, and when). NotThere: a quotation, or a
    basket, that is not hers."""
    taken = Chosen(pieces or {}, variants or {})
    chosen = list(dict.fromkeys(quotations))
    if not 1 <= len(chosen) <= ACCEPTED_MAX:
        rule = "quotation_too_many_at_once" if chosen else "quotation_nothing_chosen"
        details = {"most": ACCEPTED_MAX}
        raise Refused([error(rule, header="quotations", value=str(len(chosen)), details=details)])
    said = digest_of(
        quotations=sorted(map(str, chosen)),
        pieces={str(line): count for line, count in (pieces or {}).items()},
        variants={str(line): {str(one): some for one, some in of.items()} for line, of in taken.variants.items()},
        order=order,
        place=place,
    )
    with transaction.atomic():
        talks, rows = _held(actor, chosen)
        if (before := _accepted_before(rows, key, said)) is not None:
            return before
        basket = _basket(actor, order)
        lines = _lines(rows)
        _check(rows, lines, taken, basket, timezone.localdate(now))
        wishes = _wishes(rows, lines, taken)
        number = _put(actor, rows, wishes, basket, talks, now)
        for row in rows:
            become(row, QuotationState.ACCEPTED)
        order_id = Order.objects.values_list("id", flat=True).get(number=number)
        Quotation.objects.filter(id__in=chosen).update(
            state=QuotationState.ACCEPTED.value,
            decided_at=now,
            decided_by=actor.person,
            accept_key=key,
            accept_said="" if key is None else said,
            order=order_id,
        )
        _tell(actor, rows, talks, now)
        numbers = tuple(row.number for row in rows)
        told = {"quotations": list(numbers)}
        record(actor=actor, operation=QUOTATION_ACCEPT, object_kind="order", object_id=number, details=told)
        if place:
            actions_placing.place(actor=actor, order=number, version=None, key=key, now=now)
        return Accepted(number, numbers, placed=place)


def expire_quotations(*, now: datetime) -> int:
    """What was valid until yesterday is expired; how many. For a job. What is held just now is left to the next."""
    open_ones = [state.value for state, to in QUOTATION_NEXT.items() if QuotationState.EXPIRED in to]
    over = Quotation.objects.select_for_update(skip_locked=True).filter(
        state__in=open_ones, valid_until__lt=timezone.localdate(now)
    )
    with transaction.atomic():
        found = Quotation.objects.filter(id__in=over.values("id"))
        return found.update(state=QuotationState.EXPIRED.value, decided_at=now)


# Held and looked at ---------------------------------------------------------------------------------------------------


def _held(actor: Actor, chosen: Sequence[uuid.UUID]) -> tuple[dict[uuid.UUID, Conversation], list[Quotation]]:
    """In the order in which they were chosen. NotThere: one of them is not hers, or was never sent."""
    named = Quotation.objects.filter(id__in=chosen).values_list("conversation_id", flat=True)
    talks = held([talk for talk in named if talk is not None])
    rows = Quotation.objects.select_for_update(no_key=True).filter(id__in=chosen).order_by("id")
    found = {row.id: row for row in rows}
    for id_ in chosen:
        row = found.get(id_)
        if row is None or row.state == QuotationState.DRAFT.value or side_of(actor, row) is not Side.BUYER:
            raise NotThere("talk_not_there")
    return talks, [found[id_] for id_ in chosen]


def _accepted_before(rows: Sequence[Quotation], key: uuid.UUID | None, said: str) -> Accepted | None:
    """What this key accepted. NotNow: it accepted others, or otherwise. Stale: somebody accepted one of them by no such
    key."""
    accepted = [row for row in rows if row.state == QuotationState.ACCEPTED.value]
    is_same = all((row.accept_key, row.accept_said) == (key, said) for row in rows)
    if key is not None and not is_same and Quotation.objects.filter(accept_key=key).exists():
        raise NotNow("talk_key_taken")
    if not accepted:
        return None
    if key is not None and is_same and len(accepted) == len(rows):
        order = (
            Order.objects.filter(id__in=[row.order_id for row in rows if row.order_id])
            .values_list("number", "state")
            .first()
        )
        if order is not None:
            placed = order[1] != OrderState.DRAFT.value
            return Accepted(order[0], tuple(row.number for row in rows), placed=placed, again=True)
    (first, *_) = accepted
    who = parties.names_of([first.decided_by_id]).get(first.decided_by_id, "") if first.decided_by_id else ""
    raise Stale("quotation_accepted_by", who=who, at=first.decided_at, quotation=first.number)


def _basket(actor: Actor, order: int | None) -> Order | None:
    if order is None:
        return None
    row = Order.objects.filter(number=order, state=OrderState.DRAFT.value).first() if 0 < order < 1 << 63 else None
    if row is None or actor.organisation is None or actor.organisation not in (row.buyer_id, row.agent_id):
        raise NotThere("talk_order_not_there", order=order)
    return row


def _lines(rows: Sequence[Quotation]) -> Lines:
    """Of all of them, by one statement."""
    found: dict[uuid.UUID, list[QuotedLine]] = defaultdict(list)
    for line in QuotationLine.objects.filter(quotation__in=[row.id for row in rows]).order_by("quotation", "position"):
        found[line.quotation_id].append(quoted_line(line))
    return found


def _check(rows: Sequence[Quotation], lines: Lines, taken: Chosen, basket: Order | None, today: date) -> None:
    """Refused: all that is in the way."""
    found: list[Finding] = []
    every = [line for some in lines.values() for line in some]
    offers = orderable({line.good for line in every if line.good is not None}, lock=False)
    first = basket or rows[0]
    for row in rows:
        expired = row.valid_until is not None and row.valid_until < today
        state = QuotationState.EXPIRED.value if row.state == QuotationState.SENT.value and expired else row.state
        if state != QuotationState.SENT.value or not row.is_newest:
            state = state if state != QuotationState.SENT.value else QuotationState.SUPERSEDED.value
            details: dict[str, Any] = {"quotation": row.number, "day": str(row.valid_until)}
            found.append(error(f"quotation_is_{state}", header="quotations", value=str(row.number), details=details))
        if row.currency != first.currency:
            details = {"quotation": row.number, "currency": first.currency}
            found.append(error("quotation_other_currency", header="quotations", value=row.currency, details=details))
        found += _of_lines(row, lines.get(row.id, ()), taken, offers)
    if any((row.buyer_id, row.mandate_id) != (first.buyer_id, first.mandate_id) for row in rows):
        found.append(error("quotation_buyers_differ", header="quotations"))
    if not taken.lines() <= {line.id for line in every}:
        found.append(error("quotation_line_not_there", header="pieces"))
    elif not any(taken.pieces_of(line) for line in every):
        found.append(error("quotation_nothing_chosen", header="pieces"))
    if found:
        raise Refused(found)


def _of_lines(
    row: Quotation, lines: Sequence[QuotedLine], taken: Chosen, offers: Mapping[int, Orderable]
) -> list[Finding]:
    found = []
    for place, line in enumerate(lines, 1):
        wanted = taken.pieces_of(line)
        if wanted and not 1 <= wanted <= PIECES_MAX:
            details: dict[str, Any] = {"most": PIECES_MAX}
            found.append(
                error("orders_pieces_impossible", header="pieces", value=shown(wanted), row=place, details=details)
            )
        elif wanted and line.price_at(wanted) is None:
            details = {"quotation": row.number, "least": line.ladder[0].quantity}
            found.append(
                error("quotation_pieces_below", header="pieces", value=str(wanted), row=place, details=details)
            )
        elif wanted:
            offer = offers.get(line.good) if line.good is not None else None
            found += taken.findings(line, offer, quotation=row.number, row=place)
    return found


# Put in ---------------------------------------------------------------------------------------------------------------


def _wishes(rows: Sequence[Quotation], lines: Lines, taken: Chosen) -> list[Wish]:
    """A line of a good in several variants is as many wishes, all at the price for all of it."""
    stalls = dict(Quotation.objects.filter(id__in=[row.id for row in rows]).values_list("id", "stall__number"))
    wishes: list[Wish] = []
    place = 0
    for row in rows:
        for line in lines.get(row.id, ()):
            wanted = taken.pieces_of(line)
            step = line.price_at(wanted) if wanted else None
            if step is not None:
                place += 1
                wishes += (
                    _wish(line, variant, pieces, step.price_minor, stalls[row.id], place)
                    for variant, pieces in taken.shares(line).items()
                )
    return wishes


def _wish(line: QuotedLine, variant: uuid.UUID | None, pieces: int, price_minor: int, stall: int, row: int) -> Wish:
    return Wish(
        pieces=pieces,
        good=line.good,
        variant=variant,
        stall=None if line.good is not None else stall,
        names=line.names if line.names else {line.language: line.item_number},
        language=line.language,
        item_number=line.item_number,
        unit=line.unit,
        price_minor=price_minor,
        price_per=line.price_per,
        carton=line.carton,
        note=line.note,
        photo=line.photo,
        quotation_line=line.id,
        row=row,
    )


def _put(
    actor: Actor,
    rows: Sequence[Quotation],
    wishes: Sequence[Wish],
    basket: Order | None,
    talks: Mapping[uuid.UUID, Conversation],
    now: datetime,
) -> int:
    if basket is not None:
        actions_basket.put(actor=actor, order=basket.number, wishes=wishes, version=None, now=now)
        return basket.number
    first = rows[0]
    enquiries = [talk.enquiry for row in rows if row.conversation_id and (talk := talks[row.conversation_id]).enquiry]
    destination = next((one.destination for one in enquiries if one and one.destination), "")
    head = Head(currency=first.currency, destination=destination)
    mandate = first.mandate_id if actor.organisation == first.agent_id else None
    return actions_basket.start_with(actor=actor, head=head, wishes=wishes, mandate=mandate, now=now).order


def _tell(actor: Actor, rows: Sequence[Quotation], talks: Mapping[uuid.UUID, Conversation], now: datetime) -> None:
    """In each conversation, to each stall; of two quotations in one conversation the notice names the later."""
    notes, values = [], {}
    for row in rows:
        if row.conversation_id is None:
            continue
        told = {"quotation": row.number, "version": row.version}
        values[row.conversation_id] = told
        notes.append(
            message(
                talks[row.conversation_id],
                Side.BUYER,
                person=actor.person,
                now=now,
                kind=MessageKind.NOTE,
                turn=Turn.ENDS,
                template="talk_note_accepted",
                values=told,
                quotation=row.id,
            )
        )
    held_talks = [talks[id_] for id_ in values]
    write(held_talks, notes)
    tell(kind=events.QUOTATION_ACCEPTED, rows=held_talks, to=Side.STALL, now=now, values=values)
