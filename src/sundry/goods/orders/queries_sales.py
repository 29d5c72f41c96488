"""Sub-orders in lists: what a stall has sold, what a buyer or an agent has bought of whom, and what waits today.

A list goes on after the last row that was shown; of a stall's morning only "how many, up to a hundred" is told, so that
no page counts a year of sales. Each question is a fixed number of statements.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from sundry.goods.orders import viewing
from sundry.goods.orders.models import Conversation, Order, Payment, SubOrder
from sundry.goods.orders.order_rules import BINDING, OrderState, Part, PaymentState, Side, State, SubView

PAGE: Final = 50
COUNTED_MAX: Final = 100
"""What waits is counted so far; 100 reads as "100 or more"."""
LATE_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class SaleCard:
    """A sub-order in a list, with whose order it is. `country`: the buyer's, or her client's; `destination`: of the
    goods."""

    sub: SubView
    buyer: Part
    agent: Part
    country: str
    currency: str
    name: str  # of the order
    destination: str


@dataclass(frozen=True, slots=True)
class Today:
    """What waits for a stall, each up to COUNTED_MAX."""

    enquiries: int
    to_confirm: int
    to_hand_over: int
    late: int
    payments: int


WITH_ORDER: Final = (
    *("order__buyer_id", "order__buyer__name", "order__buyer__country", "order__agent_id", "order__agent__name"),
    *("order__mandate__client_name", "order__mandate__client_country"),
    *("order__currency", "order__name", "order__destination"),
)


def sales(
    *,
    organisation: uuid.UUID | None,
    state: State | None = None,
    stall: int | None = None,
    late: bool = False,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
    today: date | None = None,
) -> tuple[SaleCard, ...]:
    """What the stalls of an organisation have sold, the newest first; None: everybody's, for who looks on. One
    statement. `before`: the last one that was shown; `stall`: its number; `late`: only those."""
    rows = SubOrder.objects.exclude(state=State.DRAFT.value)
    if organisation is not None:
        rows = rows.filter(seller=organisation)
    return _cards(_narrowed(rows, state, stall, late, today), before, limit)


def bought(
    *,
    organisation: uuid.UUID | None,
    state: State | None = None,
    stall: int | None = None,
    late: bool = False,
    mandate: uuid.UUID | None = None,
    buyer: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
    today: date | None = None,
) -> tuple[SaleCard, ...]:
    """The same from the other side: what an organisation has bought, for itself or for another."""
    rows = SubOrder.objects.exclude(order__state=OrderState.DRAFT.value)
    if organisation is not None:
        rows = rows.filter(Q(order__buyer=organisation) | Q(order__agent=organisation))
    if mandate is not None:
        rows = rows.filter(order__mandate=mandate)
    if buyer is not None:
        rows = rows.filter(order__buyer=buyer)
    return _cards(_narrowed(rows, state, stall, late, today), before, limit)


def late(*, organisation: uuid.UUID | None, today: date, limit: int = LATE_MAX) -> tuple[SaleCard, ...]:
    """What an organisation waits for, or owes, since before `today`: the longest first. One statement."""
    rows = SubOrder.objects.filter(viewing.late(today)).order_by("promised_day", "id")
    if organisation is not None:
        # Each side by its own index: asked for with an "or" the database reads all that is late in the market.
        hers = Order.objects.filter(Q(buyer=organisation) | Q(agent=organisation), state=OrderState.OPEN.value)
        sides = (rows.filter(seller=organisation), rows.filter(order__in=hers))
        sold, bought = (side.values("id")[:limit] for side in sides)
        rows = rows.filter(id__in=sold.union(bought))
    return _shown(rows[:limit])


def sale(id: uuid.UUID) -> SaleCard | None:
    """One of them. One statement."""
    found = _shown(SubOrder.objects.filter(id=id))
    return found[0] if found else None


def today(*, organisation: uuid.UUID, today: date) -> Today:
    """What waits for the stalls of an organisation. Five statements, each of which ends at a hundred."""
    mine = SubOrder.objects.filter(seller=organisation)
    asked = Conversation.objects.filter(seller=organisation, waits_for=Side.STALL.value)
    binding = [state.value for state in BINDING]
    return Today(
        enquiries=_some(asked),
        to_confirm=_some(mine.filter(state=State.PLACED.value)),
        to_hand_over=_some(mine.filter(state__in=binding, promised_day=today)),
        late=_some(mine.filter(viewing.late(today))),
        payments=_some(Payment.objects.filter(sub__seller=organisation, state=PaymentState.TOLD.value)),
    )


def _some(rows: QuerySet[SubOrder] | QuerySet[Conversation] | QuerySet[Payment]) -> int:
    return len(rows.order_by().values_list("pk")[:COUNTED_MAX])


def _narrowed(
    rows: QuerySet[SubOrder], state: State | None, stall: int | None, late: bool, today: date | None
) -> QuerySet[SubOrder]:
    if state is not None:
        rows = rows.filter(state=state.value)
    if stall is not None:
        rows = rows.filter(stall__number=stall) if 0 < stall < 2**63 else rows.none()
    return rows.filter(viewing.late(today or localdate())) if late else rows


def _cards(rows: QuerySet[SubOrder], before: uuid.UUID | None, limit: int) -> tuple[SaleCard, ...]:
    """Ids are made in the order of time: they are the order of the list, too."""
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _shown(rows.order_by("-id")[:limit])


def _shown(rows: QuerySet[SubOrder]) -> tuple[SaleCard, ...]:
    return tuple(card_of(view, row) for view, row in viewing.subs(rows, *WITH_ORDER))


def card_of(view: SubView, row: Mapping[str, Any]) -> SaleCard:
    """Of a sub-order that was read with the columns WITH_ORDER."""
    return SaleCard(
        sub=view,
        buyer=viewing.part(row["order__buyer_id"], row["order__buyer__name"], row["order__mandate__client_name"]),
        agent=viewing.part(row["order__agent_id"], row["order__agent__name"]),
        country=row["order__buyer__country"] or row["order__mandate__client_country"] or "",
        currency=row["order__currency"],
        name=row["order__name"],
        destination=row["order__destination"],
    )
