"""Orders as their buyers, and the agents who buy for them, ask for them. Each question is a fixed number of statements.

Whose an order is, is asked first: `owner_of_order`, `owner_of_sub` answer with the owner that the asking side has in
it, so that a guard compares it with who asks, and another's order is not there. Lists go on after the last row that was
shown: nothing is counted, nothing skipped.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders import viewing
from sundry.goods.orders.mark_rules import Marked
from sundry.goods.orders.models import Order, OrderLine, SubOrder
from sundry.goods.orders.order_rules import (
    BINDING,
    Collector,
    LineView,
    OrderCard,
    OrderState,
    OrderView,
    Side,
    State,
    SubView,
)
from sundry.goods.orders.queries_marks import order_is_marked

PAGE: Final = 50
LINES_PAGE: Final = 200
NUMBER_MAX: Final = 2**63 - 1


class Sort(StrEnum):
    """How a list of orders stands; each from above to below."""

    NEWEST = "newest"
    VALUE = "value"
    CHANGED = "changed"


_SORTED: Final[Mapping[Sort, str]] = {Sort.VALUE: "value_minor", Sort.CHANGED: "changed_at"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders are looked for; what is left empty does not matter. `state`: of the order; `sub_state`: one of its
    stalls is in it; `stall`: its number; `words`: a number, a name, an item number, a mark, or a buyer's name;
    `marked`: what somebody has noted by it on her desk."""

    state: OrderState | None = None
    sub_state: State | None = None
    late: bool = False
    stall: int | None = None
    currency: str = ""
    destination: str = ""
    words: str = ""
    mandate: uuid.UUID | None = None
    buyer: uuid.UUID | None = None
    marked: Marked | None = None


_CARD: Final = (
    *("id", "number", "name", "state", "currency", "destination", "stalls", "placed_at", "changed_at", "version"),
    *("buyer_id", "agent_id", "buyer__name", "agent__name", "mandate__client_name"),
    *viewing.TOTALS,
)
_WHOLE: Final = ("port", "collector", "note", "mandate_id", "person_id", "repeats__number", "repeats__placed_at")


# Lists ----------------------------------------------------------------------------------------------------------------


def orders(
    *,
    organisation: uuid.UUID | None,
    filters: Filters = Filters(),
    sort: Sort = Sort.NEWEST,
    before: int | None = None,
    limit: int = PAGE,
    today: date | None = None,
) -> tuple[OrderCard, ...]:
    """Orders that an organisation buys, for itself or for another; None: everybody's, for who looks on. Two statements.

    `before`: the number of the last order that was shown. `today`: whose lateness is told, None: the market's day now.
    """
    day = today or localdate()
    rows = _after(matching(organisation, filters, day), _bought(organisation), sort, before)
    found = list(rows.values(*_CARD)[:limit])
    told = _of_subs([row["id"] for row in found], day)
    return tuple(_card(row, told[row["id"]]) for row in found)


def matching(organisation: uuid.UUID | None, filters: Filters, today: date) -> QuerySet[Order]:
    """The orders of such a list, for another question about them."""
    return _filtered(_bought(organisation), filters, today)


def _bought(organisation: uuid.UUID | None) -> QuerySet[Order]:
    rows = Order.objects.all()
    return rows if organisation is None else rows.filter(Q(buyer=organisation) | Q(agent=organisation))


def _filtered(rows: QuerySet[Order], filters: Filters, day: date) -> QuerySet[Order]:
    exact = {
        "state": filters.state and filters.state.value,
        "currency": filters.currency,
        "destination": filters.destination,
        "mandate": filters.mandate,
        "buyer": filters.buyer,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    of_sub = Q()
    if filters.sub_state:
        of_sub &= Q(state=filters.sub_state.value)
    if filters.late:
        of_sub &= viewing.late(day)
        rows = rows.filter(state=OrderState.OPEN.value)  # what is late is open: far fewer are looked at
    if filters.stall is not None:
        of_sub &= Q(stall__number=filters.stall) if 0 < filters.stall <= NUMBER_MAX else Q(pk=None)
    if of_sub:
        rows = rows.filter(Exists(SubOrder.objects.filter(of_sub, order=OuterRef("id"))))
    if filters.marked:
        rows = rows.filter(order_is_marked(filters.marked))
    return rows.filter(_worded(filters.words.strip())) if filters.words.strip() else rows


def _worded(words: str) -> Q:
    of_line = Q(item_number__icontains=words) | Q(mark__icontains=words)
    found = (
        Q(name__icontains=words)
        | Q(buyer__name__icontains=words)
        | Q(mandate__client_name__icontains=words)
        | Q(Exists(OrderLine.objects.filter(of_line, order=OuterRef("id"))))
    )
    number = words.partition("-")[0]
    if number.isascii() and number.isdigit() and len(number) < 19:
        found |= Q(number=int(number))
    return found


def _after(rows: QuerySet[Order], of_hers: QuerySet[Order], sort: Sort, before: int | None) -> QuerySet[Order]:
    """From behind the order `before` on, which is one of hers: of another's she would learn the value."""
    column = _SORTED.get(sort)
    ordered = rows.order_by(F(column).desc(), "-number") if column else rows.order_by("-number")
    if before is None:
        return ordered
    if not 0 < before <= NUMBER_MAX:
        return ordered.none()
    if not column:
        return ordered.filter(number__lt=before)
    last = of_hers.filter(number=before).values(column)[:1]
    return ordered.alias(last=last).filter(
        Q(**{f"{column}__lt": F("last")}) | Q(**{column: F("last")}, number__lt=before)
    )


@dataclass(slots=True)
class _Told:
    """Of the sub-orders of one order."""

    states: dict[State, int]
    late: int = 0
    promised_day: date | None = None


def _of_subs(orders: Collection[uuid.UUID], day: date) -> Mapping[uuid.UUID, _Told]:
    """By order: how many sub-orders are in which state, how many are late, the first day that is promised."""
    told: defaultdict[uuid.UUID, _Told] = defaultdict(lambda: _Told({}))
    rows = SubOrder.objects.filter(order__in=orders).values("order_id", "state")
    counted = rows.annotate(count=Count("id"), late=Count("id", filter=viewing.late(day)), day=Min("promised_day"))
    for row in counted.order_by("order_id", "state"):
        of, state = told[row["order_id"]], State(row["state"])
        of.states[state] = row["count"]
        of.late += row["late"]
        if row["day"] and state in BINDING:
            of.promised_day = min(of.promised_day or row["day"], row["day"])
    return told


def _card(row: Mapping[str, Any], told: _Told) -> OrderCard:
    return OrderCard(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        state=OrderState(row["state"]),
        buyer=viewing.part(row["buyer_id"], row["buyer__name"], row["mandate__client_name"]),
        agent=viewing.part(row["agent_id"], row["agent__name"]),
        currency=row["currency"],
        destination=row["destination"],
        totals=viewing.totals_of(row),
        stalls=row["stalls"],
        states=told.states,
        late=told.late,
        promised_day=told.promised_day,
        placed_at=row["placed_at"],
        changed_at=row["changed_at"],
        version=row["version"],
    )


# One order ------------------------------------------------------------------------------------------------------------


def order(number: int, *, today: date | None = None) -> OrderView | None:
    """An order with its sub-orders, without its lines. Three statements, however many stalls there are."""
    if not 0 < number <= NUMBER_MAX:
        return None
    day = today or localdate()
    row = Order.objects.filter(number=number).values(*_CARD, *_WHOLE).first()
    if row is None:
        return None
    told = _of_subs([row["id"]], day)[row["id"]]
    parts = viewing.subs(SubOrder.objects.filter(order=row["id"]).order_by("position"))
    return OrderView(
        card=_card(row, told),
        port=row["port"],
        collector=Collector(row["collector"]),
        note=row["note"],
        mandate=row["mandate_id"],
        person=row["person_id"],
        subs=tuple(view for view, _ in parts),
        repeats=row["repeats__number"],
        repeated_at=row["repeats__placed_at"],
    )


def lines(order: int, *, sub: uuid.UUID | None = None, after: int = 0, limit: int = LINES_PAGE) -> tuple[LineView, ...]:
    """The lines of an order, of one stall or of all, by their position, from behind `after` on. One statement."""
    if not 0 < order <= NUMBER_MAX:
        return ()
    rows = OrderLine.objects.filter(order__number=order, position__gt=min(after, 2**31 - 1))
    if sub is not None:
        rows = rows.filter(sub=sub)
    return viewing.lines(rows.order_by("position")[:limit])


def line(order: int, line: uuid.UUID) -> LineView | None:
    """One line of this order. One statement."""
    found = viewing.lines(OrderLine.objects.filter(id=line, order__number=order)) if 0 < order <= NUMBER_MAX else ()
    return found[0] if found else None


def sub(id: uuid.UUID) -> SubView | None:
    """A stall's part of an order. One statement."""
    found = viewing.subs(SubOrder.objects.filter(id=id))
    return found[0][0] if found else None


def basket_of(*, actor: Actor) -> int | None:
    """The newest basket of hers that is not placed: its number. One statement."""
    if actor.organisation is None:
        return None
    drafts = _bought(actor.organisation).filter(state=OrderState.DRAFT.value)
    return drafts.order_by("-number").values_list("number", flat=True).first()


# Whose it is ----------------------------------------------------------------------------------------------------------


def owner_of_order(number: int, actor: Actor) -> Owner | None:
    """Whose an order is, as this actor is concerned: hers if she buys it, for herself or for another; else the buyer's.
    None: there is no such order. One statement."""
    if not 0 < number <= NUMBER_MAX:
        return None
    row = Order.objects.filter(number=number).values_list("buyer_id", "agent_id").first()
    return None if row is None else _owner(row, actor)


def owner_of_sub(id: uuid.UUID, actor: Actor) -> Owner | None:
    """The same of a sub-order: hers too if it is her stall's."""
    row = SubOrder.objects.filter(id=id).values_list("order__buyer_id", "order__agent_id", "seller_id", "state").first()
    return None if row is None else _owner(_sides(*row), actor)


def seller_of_sub(id: uuid.UUID) -> Owner | None:
    """Whose stall a sub-order is of. None: there is none, or it is still in a basket. One statement."""
    row = SubOrder.objects.filter(id=id).exclude(state=State.DRAFT.value).values_list("seller_id", flat=True).first()
    return None if row is None else Owner(organisation=row)


def owner_of(model_row: QuerySet[Any], actor: Actor) -> Owner | None:
    """Whose a thing of a sub-order is (a change, a payment, a ticket): both sides'. One statement."""
    columns = ("sub__order__buyer_id", "sub__order__agent_id", "sub__seller_id", "sub__state")
    row = model_row.values_list(*columns).first()
    return None if row is None else _owner(_sides(*row), actor)


def _sides(
    buyer: uuid.UUID | None, agent: uuid.UUID | None, seller: uuid.UUID, state: str
) -> tuple[uuid.UUID | None, ...]:
    """A stall knows nothing of what lies in a basket."""
    return (buyer, agent) if state == State.DRAFT.value else (buyer, agent, seller)


def _owner(sides: Collection[uuid.UUID | None], actor: Actor) -> Owner:
    if actor.organisation is not None and actor.organisation in sides:
        return Owner(organisation=actor.organisation)
    return Owner(organisation=next(filter(None, sides), None))


def side_of(id: uuid.UUID, actor: Actor) -> Side | None:
    """On which side of a sub-order somebody is; None: on none. One statement."""
    row = SubOrder.objects.filter(id=id).values_list("order__buyer_id", "order__agent_id", "seller_id", "state").first()
    if row is None or actor.organisation is None:
        return None
    *buyers, seller, state = row
    if actor.organisation in buyers:
        return Side.BUYER
    return Side.STALL if actor.organisation == seller and state != State.DRAFT.value else None
