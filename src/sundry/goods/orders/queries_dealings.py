"""What the two sides of a sub-order deal out: changes, payments, trade tickets; mandates; and what a stall asks for.

`exportable` is what whoever exports goods asks first: without a trade ticket that both sides have confirmed nothing of
a sub-order is exported under 市场采购. Each question is one statement.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders import viewing
from sundry.goods.orders.models import (
    Change,
    HandOver,
    Mandate,
    Payment,
    SavedView,
    StallTerms,
    SubOrder,
    TradeTicket,
)
from sundry.goods.orders.order_rules import (
    BINDING,
    ChangeKind,
    ChangeState,
    ChangeView,
    LineChange,
    MandateState,
    MandateView,
    PaymentKind,
    PaymentState,
    PaymentView,
    Side,
    State,
    TicketView,
)
from sundry.goods.orders.queries_orders import owner_of

OF_SUB_MAX: Final = 200  # changes, payments or tickets of one sub-order that are shown, the newest
MANDATES_PAGE: Final = 100
VIEWS_MAX: Final = 50
_CODE: Final = ("sub__order__number", "sub__position")


def _code(row: Mapping[str, Any]) -> str:
    return viewing.code_of(row["sub__order__number"], row["sub__position"])


# Changes --------------------------------------------------------------------------------------------------------------


def changes(sub: uuid.UUID) -> tuple[ChangeView, ...]:
    """The proposed changes of a sub-order, the newest first."""
    return _changes(Change.objects.filter(sub=sub).order_by("-id")[:OF_SUB_MAX])


def change(id: uuid.UUID) -> ChangeView | None:
    found = _changes(Change.objects.filter(id=id))
    return found[0] if found else None


def owner_of_change(id: uuid.UUID, actor: Actor) -> Owner | None:
    return owner_of(Change.objects.filter(id=id), actor)


def _changes(rows: QuerySet[Change]) -> tuple[ChangeView, ...]:
    found = rows.values(
        *("id", "sub_id", "kind", "state", "side", "reason", "base_version", "promised_day", "lines", "before"),
        *("value_minor", "proposed_at", "decided_at", *_CODE),
    )
    return tuple(
        ChangeView(
            id=row["id"],
            sub=row["sub_id"],
            sub_code=_code(row),
            kind=ChangeKind(row["kind"]),
            state=ChangeState(row["state"]),
            side=Side(row["side"]),
            reason=row["reason"],
            base_version=row["base_version"],
            promised_day=row["promised_day"],
            changes=tuple(change_from(kept) for kept in row["lines"]),
            before=tuple(viewing.line_from(kept) for kept in row["before"]),
            value_minor=row["value_minor"],
            proposed_at=row["proposed_at"],
            decided_at=row["decided_at"],
        )
        for row in found
    )


def change_json(change: LineChange) -> dict[str, Any]:
    """What a proposed change keeps of one line."""
    kept = {name: getattr(change, name) for name in LineChange.__slots__}
    return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in kept.items()}


def change_from(kept: Mapping[str, Any]) -> LineChange:
    """`change_json` undone."""
    variant = kept["variant"]
    return LineChange(**{**kept, "line": uuid.UUID(kept["line"]), "variant": uuid.UUID(variant) if variant else None})


# Payments -------------------------------------------------------------------------------------------------------------


def payments(sub: uuid.UUID) -> tuple[PaymentView, ...]:
    """The payments of a sub-order, the newest first."""
    return _payments(Payment.objects.filter(sub=sub).order_by("-id")[:OF_SUB_MAX])


def payment(id: uuid.UUID) -> PaymentView | None:
    found = _payments(Payment.objects.filter(id=id))
    return found[0] if found else None


def owner_of_payment(id: uuid.UUID, actor: Actor) -> Owner | None:
    return owner_of(Payment.objects.filter(id=id), actor)


def _payments(rows: QuerySet[Payment]) -> tuple[PaymentView, ...]:
    found = rows.values(
        *("id", "sub_id", "kind", "state", "amount_minor", "paid_on", "reference", "reason", "told_at", "decided_at"),
        *("sub__order__currency", *_CODE),
    )
    return tuple(
        PaymentView(
            id=row["id"],
            sub=row["sub_id"],
            sub_code=_code(row),
            kind=PaymentKind(row["kind"]),
            state=PaymentState(row["state"]),
            amount_minor=row["amount_minor"],
            currency=row["sub__order__currency"],
            paid_on=row["paid_on"],
            reference=row["reference"],
            reason=row["reason"],
            told_at=row["told_at"],
            decided_at=row["decided_at"],
        )
        for row in found
    )


# Trade tickets --------------------------------------------------------------------------------------------------------


def tickets(sub: uuid.UUID) -> tuple[TicketView, ...]:
    """The versions of the trade ticket of a sub-order, the newest first; all but that one are void."""
    return _tickets(TradeTicket.objects.filter(sub=sub).order_by("-version")[:OF_SUB_MAX])


def ticket(id: uuid.UUID) -> TicketView | None:
    found = _tickets(TradeTicket.objects.filter(id=id))
    return found[0] if found else None


def owner_of_ticket(id: uuid.UUID, actor: Actor) -> Owner | None:
    return owner_of(TradeTicket.objects.filter(id=id), actor)


def _tickets(rows: QuerySet[TradeTicket]) -> tuple[TicketView, ...]:
    found = rows.values(
        *("id", "sub_id", "version", "content", "digest", "drawn_at", "buyer_confirmed_at", "stall_confirmed_at"),
        *("is_void", *_CODE),
    )
    return tuple(
        TicketView(
            id=row["id"],
            number=row["content"].get("number") or _code(row),
            sub=row["sub_id"],
            version=row["version"],
            content=row["content"],
            digest=row["digest"],
            drawn_at=row["drawn_at"],
            buyer_confirmed_at=row["buyer_confirmed_at"],
            stall_confirmed_at=row["stall_confirmed_at"],
            is_void=row["is_void"],
        )
        for row in found
    )


def exportable(subs: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str | None]:
    """May goods of these sub-orders be exported? None: yes; else the rule that says why not, a key of the messages with
    the one blank `code`. Of what is no sub-order nothing is said."""
    rows = viewing.subs(SubOrder.objects.filter(id__in=list(subs)).order_by("id"))
    return {view.id: not_exportable(view.state, view.ticket) for view, _ in rows}


def not_exportable(state: State, ticket: str) -> str | None:
    """Why nothing of a sub-order in this state is exported, with its ticket in that (`SubView.ticket`)."""
    if state not in _SOLD:
        return "orders_export_not_sold"
    if ticket == "none":
        return "orders_export_no_ticket"
    return {"both": None, "buyer": "orders_export_stall_missing", "stall": "orders_export_buyer_missing"}.get(
        ticket, "orders_export_both_missing"
    )


_SOLD: Final = BINDING | {State.HANDED_OVER, State.CLOSED}


# Mandates, terms, views -----------------------------------------------------------------------------------------------


def mandates(
    organisation: uuid.UUID | None, *, before: uuid.UUID | None = None, limit: int = MANDATES_PAGE
) -> tuple[MandateView, ...]:
    """Those in which an organisation is the agent or the buyer, the newest first; None: everybody's."""
    rows = Mandate.objects.order_by("-id")
    if organisation is not None:
        rows = rows.filter(Q(agent=organisation) | Q(buyer=organisation))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _mandates(rows[:limit])


def mandate(id: uuid.UUID) -> MandateView | None:
    found = _mandates(Mandate.objects.filter(id=id))
    return found[0] if found else None


def owner_of_mandate(id: uuid.UUID, actor: Actor) -> Owner | None:
    row = Mandate.objects.filter(id=id).values_list("agent_id", "buyer_id").first()
    if row is None:
        return None
    return Owner(organisation=actor.organisation if actor.organisation and actor.organisation in row else row[0])


def _mandates(rows: QuerySet[Mandate]) -> tuple[MandateView, ...]:
    found = rows.values(
        *("id", "agent_id", "agent__name", "buyer_id", "buyer__name", "client_name", "client_country", "state"),
        *("reference", "currency", "limit_minor", "valid_from", "valid_until"),
    )
    return tuple(
        MandateView(
            id=row["id"],
            agent=viewing.part(row["agent_id"], row["agent__name"]),
            buyer=viewing.part(row["buyer_id"], row["buyer__name"], row["client_name"]),
            client_country=row["client_country"],
            state=MandateState(row["state"]),
            reference=row["reference"],
            currency=row["currency"],
            limit_minor=row["limit_minor"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for row in found
    )


@dataclass(frozen=True, slots=True)
class TermsView:
    """What a stall asks of every order. `version` 0: nobody has said anything yet, these are the market's."""

    deposit_stock_bp: int = 0
    deposit_made_bp: int = 3000
    confirms_stock: bool = False
    version: int = 0


def terms_of(stall: uuid.UUID) -> TermsView:
    row = StallTerms.objects.filter(stall=stall).values(*TermsView.__slots__).first()
    return TermsView(**row) if row else TermsView()


@dataclass(frozen=True, slots=True)
class SavedViewView:
    """Filters of a table that somebody keeps by a name; `query`: what stands behind the address's `?`."""

    id: uuid.UUID
    name: str
    query: str


def saved_views(person: uuid.UUID, page: str) -> tuple[SavedViewView, ...]:
    """Those that a person keeps of a page, by name."""
    rows = SavedView.objects.filter(person=person, page=page).order_by("name", "id").values("id", "name", "query")
    return tuple(SavedViewView(**row) for row in rows[:VIEWS_MAX])


@dataclass(frozen=True, slots=True)
class HandOverView:
    """What was handed over at once: pieces by line."""

    id: uuid.UUID
    lines: Mapping[uuid.UUID, int]
    cartons: int | None
    note: str
    at: datetime


def hand_overs(sub: uuid.UUID) -> tuple[HandOverView, ...]:
    """Those of a sub-order, the newest first."""
    rows = HandOver.objects.filter(sub=sub).order_by("-id").values("id", "lines", "cartons", "note", "at")
    return tuple(
        HandOverView(
            id=row["id"],
            lines={uuid.UUID(line): pieces for line, pieces in row["lines"].items()},
            cartons=row["cartons"],
            note=row["note"],
            at=row["at"],
        )
        for row in rows[:OF_SUB_MAX]
    )
