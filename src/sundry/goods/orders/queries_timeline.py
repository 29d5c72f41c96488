"""What happened to an order, as each side may see it."""

from __future__ import annotations

import uuid
from typing import Final

from django.db.models import Q

from sundry.goods.orders.models import OrderEvent
from sundry.goods.orders.order_rules import EventKind, Side, State, TimelineEntry
from sundry.goods.orders.viewing import code_of

PAGE: Final = 200


def timeline(
    order: int, *, organisation: uuid.UUID | None, before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[TimelineEntry, ...]:
    """The newest first, from before `before` on. One statement. `organisation`: who reads; a stall sees what happened
    to its own part once that was placed, and nothing else; None: all of it, for who looks on. Persons are named to
    their own organisation only."""
    if not 0 < order < 2**63:
        return ()
    rows = OrderEvent.objects.filter(order__number=order).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = rows.values(
        *("id", "kind", "at", "side", "details", "organisation_id", "organisation__name", "person__name"),
        "sub__position",
    )
    if organisation is not None:
        found = found.filter(_seen_by(organisation))
    return tuple(
        TimelineEntry(
            id=row["id"],
            kind=EventKind(row["kind"]),
            at=row["at"],
            sub=code_of(order, row["sub__position"]) if row["sub__position"] else "",
            side=Side(row["side"]),
            who=_who(row["person__name"], row["organisation_id"], organisation),
            organisation=row["organisation__name"] or "",
            details=row["details"],
        )
        for row in found[:limit]
    )


def _seen_by(organisation: uuid.UUID) -> Q:
    """The buyer's side all of it; a stall what is of its own part, once that was placed."""
    bought = Q(order__buyer=organisation) | Q(order__agent=organisation)
    sold = Q(sub__seller=organisation) & ~Q(sub__state=State.DRAFT.value)
    return bought | sold


def _who(name: str | None, of: uuid.UUID | None, reader: uuid.UUID | None) -> str:
    return name or "" if reader is None or of == reader else ""
