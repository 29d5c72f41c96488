"""The agent's desk: what she buys for all her buyers, as tables that go on and on, with what they come to.

Worked case: 400 open orders of ten buyers over 60 stalls. "Which stall is late?" is one table, the longest first; "what
do I still have to tell stalls that I paid?" another; both by the same filters as the table of orders, and the head of
each says what all its rows come to, by currency.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from sundry.goods.orders import viewing
from sundry.goods.orders.models import Payment, SubOrder, TradeTicket
from sundry.goods.orders.order_rules import BINDING, UNDONE, OrderState, PaymentState, State, Totals
from sundry.goods.orders.queries_marks import part_is_marked
from sundry.goods.orders.queries_orders import NUMBER_MAX, Filters, matching
from sundry.goods.orders.queries_sales import WITH_ORDER, SaleCard, card_of

_BINDING: Final = [state.value for state in BINDING]


class Table(StrEnum):
    ORDERS = "orders"
    PARTS = "parts"  # of all stalls
    LATE = "late"
    PAYMENTS = "payments"  # what is due, and was not told yet


class PartSort(StrEnum):
    """How a table of parts stands. What is late always stands the longest first."""

    NEWEST = "newest"
    PROMISED = "promised"  # the next day first, what has none last
    VALUE = "value"  # the largest first


@dataclass(frozen=True, slots=True)
class PartRow:
    """A stall's part on the desk. `due_minor`: what is to be paid now, without what was told already. `late_days`:
    since when it is late, 0: it is not."""

    card: SaleCard
    due_minor: int
    late_days: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows of a table come to, in one currency."""

    currency: str
    totals: Totals
    due_minor: int = 0


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A trade ticket that waits for the buyer's side. `digest`: of what she is shown."""

    id: uuid.UUID
    number: str
    code: str  # of the sub-order
    digest: str
    value_minor: int
    currency: str
    stall: int
    stall_names: dict[str, str]


def parts(
    *,
    organisation: uuid.UUID,
    table: Table,
    filters: Filters,
    today: date,
    sort: PartSort = PartSort.NEWEST,
    before: uuid.UUID | None = None,
    limit: int,
) -> tuple[PartRow, ...]:
    """Stalls' parts. `before`: the last one that was shown. One statement."""
    rows = _rows(organisation, table, filters, today)
    rows = _after(rows, organisation, PartSort.PROMISED if table is Table.LATE else sort, before)
    found = viewing.subs(rows[:limit], *WITH_ORDER, "due")
    return tuple(_part(card_of(view, row), int(row["due"]), today) for view, row in found)


def _after(
    rows: QuerySet[SubOrder], organisation: uuid.UUID, sort: PartSort, before: uuid.UUID | None
) -> QuerySet[SubOrder]:
    """From behind the row `before` on, which is one of hers: of another's she would learn the value. Ids are made in
    the order of time."""
    if sort is PartSort.NEWEST:
        rows = rows.order_by("-id")
        return rows if before is None else rows.filter(id__lt=before)
    key = -F("value_minor") if sort is PartSort.VALUE else Coalesce("promised_day", Value(date.max))
    rows = rows.alias(key=key).order_by("key", "id")
    if before is None:
        return rows
    hers = Q(order__buyer=organisation) | Q(order__agent=organisation)
    last = SubOrder.objects.filter(hers, id=before).annotate(key=key).values("key")[:1]
    return rows.alias(last=Subquery(last)).filter(Q(key__gt=F("last")) | Q(key=F("last"), id__gt=before))


def _part(card: SaleCard, due_minor: int, today: date) -> PartRow:
    promised = card.sub.promised_day
    late_days = (today - promised).days if promised is not None and card.sub.is_late(today) else 0
    return PartRow(card, due_minor, late_days)


def sums(*, organisation: uuid.UUID, table: Table, filters: Filters, today: date) -> tuple[Sums, ...]:
    """What all rows of a table come to, by currency; what ended without goods is not counted. One statement."""
    figures = {f"sum_{name}": Sum(name) for name in viewing.TOTALS}
    rows: QuerySet[Any]
    if table is Table.ORDERS:
        rows = matching(organisation, filters, today)
        currency = "currency"
    else:
        undone = [state.value for state in UNDONE]
        rows = _rows(organisation, table, filters, today).exclude(state__in=undone)
        figures["sum_due"] = Sum("due")
        currency = "order__currency"
    found = rows.order_by().values(currency).annotate(**figures).order_by(currency)
    return tuple(
        Sums(
            row[currency],
            Totals(**{name: int(row[f"sum_{name}"]) for name in viewing.TOTALS}),
            int(row.get("sum_due") or 0),
        )
        for row in found
    )


def tickets_to_confirm(*, organisation: uuid.UUID, subs: Collection[uuid.UUID]) -> tuple[TicketRow, ...]:
    """Of these sub-orders, the tickets that wait for her side. One statement."""
    rows = TradeTicket.objects.filter(
        Q(sub__order__buyer=organisation) | Q(sub__order__agent=organisation),
        sub__in=list(subs),
        is_void=False,
        buyer_confirmed_at__isnull=True,
    )
    columns = ("id", "digest", "content__number", "sub__position", "sub__order__number", "sub__value_minor")
    more = ("sub__order__currency", "sub__stall__number", "sub__stall__names")
    return tuple(
        TicketRow(
            id=row["id"],
            number=row["content__number"],
            code=viewing.code_of(row["sub__order__number"], row["sub__position"]),
            digest=row["digest"],
            value_minor=row["sub__value_minor"],
            currency=row["sub__order__currency"],
            stall=row["sub__stall__number"],
            stall_names=row["sub__stall__names"],
        )
        for row in rows.order_by("sub__order__number", "sub__position").values(*columns, *more)
    )


def _rows(organisation: uuid.UUID, table: Table, filters: Filters, today: date) -> QuerySet[SubOrder]:
    """A part is meant by what is asked of parts, and its order by the rest."""
    of_order = replace(filters, sub_state=None, late=False, stall=None, marked=None)
    orders = matching(organisation, of_order, today)
    rows = SubOrder.objects.filter(order__in=orders).exclude(order__state=OrderState.DRAFT.value)
    if filters.sub_state is not None:
        rows = rows.filter(state=filters.sub_state.value)
    if filters.stall is not None:
        rows = rows.filter(stall__number=filters.stall) if 0 < filters.stall <= NUMBER_MAX else rows.none()
    if filters.marked is not None:
        rows = rows.filter(part_is_marked(filters.marked))
    if filters.late or table is Table.LATE:
        rows = rows.filter(viewing.late(today), order__state=OrderState.OPEN.value)
    rows = rows.annotate(due=_DUE)
    return rows.filter(_UNPAID, due__gt=0) if table is Table.PAYMENTS else rows


# Asked before what is due is reckoned: that asks for the payments of each part.
_UNPAID: Final = Q(state__in=_BINDING, deposit_minor__gt=F("paid_minor")) | Q(
    state=State.HANDED_OVER.value, value_minor__gt=F("paid_minor")
)
_TOLD: Final = (
    Payment.objects.filter(sub=OuterRef("id"), state=PaymentState.TOLD.value)
    .order_by()
    .values("sub")
    .annotate(sum=Sum("amount_minor"))
    .values("sum")
)
# The deposit while a part is binding, all of it once it is handed over.
_DUE: Final = (
    Case(
        When(state__in=_BINDING, then=F("deposit_minor")),
        When(state=State.HANDED_OVER.value, then=F("value_minor")),
        default=F("paid_minor"),
    )
    - F("paid_minor")
    - Coalesce(Subquery(_TOLD), Value(0), output_field=BigIntegerField())
)
