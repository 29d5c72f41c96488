"""Questions about quotations: each a fixed number of statements. A buyer never sees a draft, a stall never the name of
an agent's buyer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from sundry.base.access.rules import Actor, Owner
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.orders.comparing import compared
from sundry.goods.orders.enquiry_rules import (
    COMPARED_MAX,
    Compared,
    QuotationCard,
    QuotationState,
    QuotationView,
    QuotedLine,
)
from sundry.goods.orders.models import Quotation, QuotationLine
from sundry.goods.orders.order_rules import Part, Side
from sundry.goods.orders.queries_enquiries import NUMBER_MAX, buyer_of, of_buyer, owner_among
from sundry.goods.orders.quoting import quoted_line, terms_of

VERSIONS_MAX: Final = 100

Row = Mapping[str, Any]

_OWN: Final = (
    *("id", "number", "version", "is_newest", "conversation_id", "stall__number", "stall__names", "seller_id"),
    *("buyer_id", "buyer__name", "agent_id", "agent__name", "mandate__client_name", "state", "currency", "valid_until"),
    *("lead_time_days", "value_minor", "sent_at", "decided_at"),
)
_CARD: Final = (*_OWN, "conversation__enquiry__number", "conversation__country")
_WHOLE: Final = (*_OWN, "incoterm", "place", "packing", "deposit_bp", "note", "reason")


def owner_of_quotation(quotation: uuid.UUID, actor: Actor) -> Owner | None:
    """The organisation of the side on which the actor stands, else the seller's; None: there is none, or it is a draft
    and she is not the stall. One statement."""
    row = Quotation.objects.filter(id=quotation).values_list("seller_id", "buyer_id", "agent_id", "state").first()
    if row is None:
        return None
    *sides, state = row
    return owner_among(sides[:1] if state == QuotationState.DRAFT.value else sides, actor)


def quotation(quotation: uuid.UUID, *, side: Side) -> QuotationView | None:
    """With its lines. `side` BUYER: None for a draft; STALL: without the name of an agent's buyer. Two statements,
    three where goods are quoted."""
    return next(iter(_views(Quotation.objects.filter(id=quotation), side)), None)


def _seen_by(found: QuerySet[Quotation], side: Side) -> QuerySet[Quotation]:
    return found if side is Side.STALL else found.exclude(state=QuotationState.DRAFT.value)


def _views(found: QuerySet[Quotation], side: Side) -> list[QuotationView]:
    rows = list(_seen_by(found, side).values(*_WHOLE))
    lines = _lines([row["id"] for row in rows]) if rows else {}
    return [_view(row, lines.get(row["id"], []), side) for row in rows]


def _lines(quotations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[QuotedLine]]:
    found: dict[uuid.UUID, list[QuotedLine]] = defaultdict(list)
    for line in QuotationLine.objects.filter(quotation__in=quotations).order_by("quotation", "position"):
        found[line.quotation_id].append(quoted_line(line))
    goods = {line.good for lines in found.values() for line in lines if line.good is not None}
    offers = orderable(goods, lock=False)
    return {id_: [_with_variants(line, offers) for line in lines] for id_, lines in found.items()}


def _with_variants(line: QuotedLine, offers: Mapping[int, Orderable]) -> QuotedLine:
    """Of its good as it is now: what the variant is called, or among which the buyer chooses."""
    offer = offers.get(line.good) if line.good is not None else None
    if offer is None or not offer.variants:
        return line
    if line.variant is None:
        return replace(line, choices=tuple(offer.variants.values()))
    named = offer.variants.get(line.variant)
    return line if named is None else replace(line, variant_names=named.names)


def _view(row: Row, lines: Sequence[QuotedLine], side: Side) -> QuotationView:
    return QuotationView(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        is_newest=row["is_newest"],
        conversation=row["conversation_id"],
        stall=row["stall__number"],
        stall_names=row["stall__names"],
        seller=row["seller_id"],
        buyer=buyer_of(row, side),
        agent=Part(row["agent_id"], row["agent__name"] or ""),
        state=QuotationState(row["state"]),
        terms=terms_of(row),
        lines=tuple(lines),
        value_minor=row["value_minor"],
        sent_at=row["sent_at"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )


def versions(quotation: uuid.UUID, *, side: Side) -> tuple[QuotationCard, ...]:
    """All versions of its number, the newest first. One statement."""
    number = Quotation.objects.filter(id=quotation).values("number")
    return _cards(Quotation.objects.filter(number__in=number).order_by("-version"), side, VERSIONS_MAX)


def quotations(
    *,
    organisation: uuid.UUID,
    side: Side,
    state: QuotationState | None = None,
    conversation: uuid.UUID | None = None,
    enquiry: int | None = None,
    words: str = "",
    before: uuid.UUID | None = None,
    limit: int = 20,
) -> tuple[QuotationCard, ...]:
    """Of an organisation on one side, the newest first; `words`: a number, a name of the other side as this one may see
    it, a name or an item number of a line; `before`: the id of the last one of the page before. One statement."""
    mine = of_buyer(organisation) if side is Side.BUYER else Q(seller=organisation)
    found = Quotation.objects.filter(mine)
    if state is not None:
        found = found.filter(state=state.value)
    if conversation is not None:
        found = found.filter(conversation=conversation)
    if enquiry is not None:
        found = found.filter(conversation__enquiry__number=min(enquiry, NUMBER_MAX))
    if said := words.strip():
        called = Cast("stall__names", TextField())
        found = found.alias(stall_called=called).filter(_worded(said, side))
    if before is not None:
        found = found.filter(id__lt=before)
    return _cards(found.order_by("-id"), side, limit)


def _worded(words: str, side: Side) -> Q:
    """An agent's buyer is found by nobody who may not see who she is."""
    of_buyer = Q(buyer__name__icontains=words) | Q(mandate__client_name__icontains=words)
    lines = QuotationLine.objects.filter(quotation=OuterRef("id")).alias(called=Cast("names", TextField()))
    found = (
        Q(agent__name__icontains=words)
        | (Q(agent__isnull=True) & of_buyer if side is Side.STALL else of_buyer)
        | Q(Exists(lines.filter(Q(called__icontains=words) | Q(item_number__icontains=words))))
    )
    if side is Side.BUYER:
        found |= Q(stall_called__icontains=words)
    if words.isascii() and words.isdigit() and len(words) < 19:
        found |= Q(number=int(words))
    return found


def _cards(found: QuerySet[Quotation], side: Side, limit: int) -> tuple[QuotationCard, ...]:
    """Lines are numbered from 1: the last one's place is how many there are."""
    of_it = QuotationLine.objects.filter(quotation=OuterRef("id")).order_by().values("quotation")
    seen = _seen_by(found, side).annotate(lines=Subquery(of_it.annotate(last=Max("position")).values("last")))
    return tuple(_card(row, side) for row in seen.values(*_CARD, "lines")[:limit])


def _card(row: Row, side: Side) -> QuotationCard:
    return QuotationCard(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        is_newest=row["is_newest"],
        conversation=row["conversation_id"],
        enquiry=row["conversation__enquiry__number"],
        stall=row["stall__number"],
        stall_names=row["stall__names"],
        buyer=buyer_of(row, side),
        agent=Part(row["agent_id"], row["agent__name"] or ""),
        country=row["conversation__country"] or "",
        state=QuotationState(row["state"]),
        currency=row["currency"],
        valid_until=row["valid_until"],
        lead_time_days=row["lead_time_days"],
        value_minor=row["value_minor"],
        lines=row["lines"] or 0,
        sent_at=row["sent_at"],
        decided_at=row["decided_at"],
    )


def compare(quotations: Sequence[uuid.UUID], *, organisation: uuid.UUID) -> Compared | None:
    """Quotations to that buyer or agent side by side, in the order given; None: one of them is not hers, or a draft, or
    there are more than COMPARED_MAX. Two statements, three where goods are quoted."""
    chosen = list(dict.fromkeys(quotations))
    if not 1 <= len(chosen) <= COMPARED_MAX:
        return None
    found = Quotation.objects.filter(of_buyer(organisation), id__in=chosen)
    views = {view.id: view for view in _views(found, Side.BUYER)}
    return compared([views[id_] for id_ in chosen]) if len(views) == len(chosen) else None
