"""A stall's day, and its sales: each a row with a photo, and what is to be done about it.

To a stall an order that an agent placed is the agent's; whom she buys for is a country and no name.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.contrib.postgres.aggregates import BoolAnd
from django.db.models import Case, F, Q, QuerySet, Value, When

from sundry.base.parties.queries import organisation_names
from sundry.goods.orders.models import Change, HandOver, OrderLine, Payment, SubOrder, TradeTicket
from sundry.goods.orders.order_rules import (
    BINDING,
    UNDONE,
    ChangeKind,
    ChangeState,
    PaymentKind,
    PaymentState,
    Side,
    State,
    Supply,
)


class Pile(StrEnum):
    """The sales of a stall, as they are filtered: by what is to be done about them."""

    TO_CONFIRM = "to_confirm"
    TO_HAND_OVER = "to_hand_over"  # both sides have said yes
    LATE = "late"
    HANDED_OVER = "handed_over"
    ENDED = "ended"  # without goods


_STATES: Final[Mapping[Pile, Collection[State]]] = {
    Pile.TO_CONFIRM: (State.PLACED,),
    Pile.TO_HAND_OVER: BINDING,
    Pile.LATE: BINDING,
    Pile.HANDED_OVER: (State.HANDED_OVER, State.CLOSED),
    Pile.ENDED: UNDONE,
}


@dataclass(frozen=True, slots=True)
class Sale:
    """A stall's part of an order in a list. `partner`: who bought. `names`, `photo`: of its first line.
    `is_in_stock`: all of it was counted and reserved, at the listed price, a better one or a quoted one: the stall can
    say yes without a look at it."""

    id: uuid.UUID
    code: str
    state: State
    partner: str
    country: str
    currency: str
    names: Mapping[str, str]
    language: str
    item_number: str
    good: int | None
    photo: str
    lines: int
    pieces: int
    value_minor: int
    paid_minor: int
    promised_day: date | None
    placed_at: datetime | None
    answer_by: datetime | None
    is_late: bool
    is_in_stock: bool
    version: int

    @property
    def is_waiting(self) -> bool:
        """For the stall's yes or no."""
        return self.state is State.PLACED

    @property
    def is_confirmed(self) -> bool:
        return self.state in BINDING


@dataclass(frozen=True, slots=True)
class Told:
    """A payment that a buyer told of, and the stall has not answered."""

    id: uuid.UUID
    sub: uuid.UUID
    code: str
    partner: str
    kind: PaymentKind
    amount_minor: int
    currency: str
    paid_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that a buyer proposed, or a trade ticket (`kind` None) that the stall has not confirmed."""

    id: uuid.UUID
    sub: uuid.UUID
    code: str
    partner: str
    kind: ChangeKind | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """What a stall has to do, at most `limit` + 1 of each: what is one more says that there are more."""

    to_confirm: tuple[Sale, ...]
    to_hand_over: tuple[Sale, ...]
    late: tuple[Sale, ...]
    payments: tuple[Told, ...]
    changes: tuple[Asked, ...]
    tickets: tuple[Asked, ...]

    @property
    def is_free(self) -> bool:
        return not any((self.to_confirm, self.to_hand_over, self.late, self.payments, self.changes, self.tickets))


def day(*, organisation: uuid.UUID, today: date, limit: int = 20) -> Day:
    """Nine statements, however much there is. To be handed over: what was promised for today, and what is ready."""
    hers = SubOrder.objects.filter(seller=organisation)
    binding = hers.filter(state__in=BINDING)
    groups = (
        hers.filter(state=State.PLACED).order_by("answer_by", "id"),
        binding.filter(
            Q(promised_day=today) | Q(state=State.READY, promised_day__gt=today) | Q(promised_day=None)
        ).order_by("promised_day", "id"),
        binding.filter(promised_day__lt=today).order_by("promised_day", "id"),
    )
    rows = [list(group.select_related("order__mandate")[: limit + 1]) for group in groups]
    payments = _waiting(Payment.objects.filter(state=PaymentState.TOLD), organisation, limit)
    changes = _waiting(Change.objects.filter(state=ChangeState.PROPOSED, side=Side.BUYER), organisation, limit)
    tickets = _waiting(TradeTicket.objects.filter(is_void=False, stall_confirmed_at=None), organisation, limit)
    names = _names([*(sub for group in rows for sub in group), *(one.sub for one in (*payments, *changes, *tickets))])
    shown = _sales([sub for group in rows for sub in group], names, today)
    to_confirm, to_hand_over, late = (tuple(shown[sub.id] for sub in group) for group in rows)
    return Day(
        to_confirm,
        to_hand_over,
        late,
        tuple(
            Told(
                one.id,
                one.sub_id,
                _code(one.sub),
                _partner(one.sub, names),
                PaymentKind(one.kind),
                one.amount_minor,
                one.sub.order.currency,
                one.paid_on,
            )
            for one in payments
        ),
        tuple(_asked(one, ChangeKind(one.kind), one.proposed_at, names) for one in changes),
        tuple(_asked(one, None, one.drawn_at, names) for one in tickets),
    )


def sales(
    *,
    organisation: uuid.UUID,
    today: date,
    pile: Pile | None = None,
    before: uuid.UUID | None = None,
    limit: int = 30,
) -> tuple[Sale, ...]:
    """Of all stalls of an organisation, the latest placed first; `before`: the last that was shown. Four statements."""
    found = SubOrder.objects.filter(seller=organisation).exclude(state=State.DRAFT)
    if pile is not None:
        found = found.filter(state__in=_STATES[pile])
    if pile is Pile.LATE:
        found = found.filter(promised_day__lt=today)
    if before is not None:
        last = SubOrder.objects.filter(seller=organisation, id=before).values_list("placed_at", "id").first()
        if last is not None:
            found = found.filter(Q(placed_at__lt=last[0]) | Q(placed_at=last[0], id__lt=last[1]))
    rows = list(found.select_related("order__mandate").order_by("-placed_at", "-id")[:limit])
    return tuple(_sales(rows, _names(rows), today).values())


def sales_of(*, organisation: uuid.UUID, subs: Collection[uuid.UUID], today: date) -> tuple[Sale, ...]:
    """Those of these that are the organisation's, the first to be answered first. Three statements."""
    found = SubOrder.objects.filter(seller=organisation, id__in=subs).exclude(state=State.DRAFT)
    rows = list(found.select_related("order__mandate").order_by("answer_by", "id"))
    return tuple(_sales(rows, _names(rows), today).values())


def in_stock(*, organisation: uuid.UUID, today: date, limit: int = 200) -> tuple[Sale, ...]:
    """What waits for the stall's yes and is all there. Three statements."""
    found = SubOrder.objects.filter(seller=organisation, state=State.PLACED).order_by("answer_by", "id")
    rows = list(found.select_related("order__mandate")[:limit])
    return tuple(sale for sale in _sales(rows, _names(rows), today).values() if sale.is_in_stock)


def was_handed_over(*, sub: uuid.UUID, key: uuid.UUID) -> bool:
    """Whether the form of this key has arrived before. One statement."""
    return HandOver.objects.filter(sub=sub, key=key).exists()


# How rows become what is told ---------------------------------------------------------------------------------------


def _waiting(found: QuerySet[Any], organisation: uuid.UUID, limit: int) -> list[Any]:
    return list(
        found.filter(sub__seller=organisation).select_related("sub__order__mandate").order_by("id")[: limit + 1]
    )


def _names(subs: Sequence[SubOrder]) -> Mapping[uuid.UUID, str]:
    wanted = {id_ for sub in subs if (id_ := sub.order.agent_id or sub.order.buyer_id) is not None}
    return organisation_names(wanted) if wanted else {}


def _partner(sub: SubOrder, names: Mapping[uuid.UUID, str]) -> str:
    """Whoever placed the order: every one has a buyer or an agent."""
    whose = sub.order.agent_id or sub.order.buyer_id
    return names.get(whose, "") if whose is not None else ""


def _country(sub: SubOrder) -> str:
    """Where the goods go: of the order, else of the client for whom the agent buys."""
    mandate = sub.order.mandate
    return sub.order.destination or (mandate.client_country if mandate is not None else "")


def _code(sub: SubOrder) -> str:
    return f"{sub.order.number}-{sub.position}"


def _asked(row: Any, kind: ChangeKind | None, at: datetime, names: Mapping[uuid.UUID, str]) -> Asked:
    return Asked(row.id, row.sub_id, _code(row.sub), _partner(row.sub, names), kind, at)


def _sales(subs: Sequence[SubOrder], names: Mapping[uuid.UUID, str], today: date) -> dict[uuid.UUID, Sale]:
    """Two statements."""
    ids = [sub.id for sub in subs]
    lines = OrderLine.objects.filter(sub__in=ids, pieces__gt=0)
    first = {line.sub_id: line for line in lines.order_by("sub", "position").distinct("sub")}
    fair = Q(quotation_line__isnull=False) | Q(price_minor__gte=F("list_price_minor") * F("price_per"))
    is_ready = Case(When(Q(supply=Supply.STOCK, reserved__isnull=False) & fair, then=Value(True)), default=Value(False))
    ready = dict(lines.order_by().values_list("sub").annotate(ready=BoolAnd(is_ready)))
    return {
        sub.id: _sale(sub, first.get(sub.id), names, is_in_stock=ready.get(sub.id, False), today=today) for sub in subs
    }


def _sale(
    sub: SubOrder, line: OrderLine | None, names: Mapping[uuid.UUID, str], *, is_in_stock: bool, today: date
) -> Sale:
    return Sale(
        sub.id,
        _code(sub),
        State(sub.state),
        _partner(sub, names),
        _country(sub),
        sub.order.currency,
        line.names if line else {},
        line.language if line else "zh",
        line.item_number if line else "",
        line.good_number if line else None,
        line.photo if line else "",
        sub.lines,
        sub.pieces,
        sub.value_minor,
        sub.paid_minor,
        sub.promised_day,
        sub.placed_at,
        sub.answer_by,
        sub.state in BINDING and sub.promised_day is not None and sub.promised_day < today,
        is_in_stock,
        sub.version,
    )
