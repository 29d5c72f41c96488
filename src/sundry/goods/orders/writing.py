"""What every action on orders does alike: who buys, holding rows in one order, saying who was faster, writing totals.

Rows are held in one order everywhere, so that nobody waits in a circle: the order, its sub-orders by their ids, then
goods, then the ledger. Totals are kept by difference: a change of one line of a thousand touches the line, its
sub-order and its order, and reads none of the others.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from sundry.base.access.rules import Actor, Kind
from sundry.base.parties.queries import names_of
from sundry.goods.orders.drafting import LineDraft
from sundry.goods.orders.errors import NotNow, NotThere, Stale
from sundry.goods.orders.models import Mandate, Order, OrderEvent, SubOrder
from sundry.goods.orders.order_rules import (
    Collector,
    EventKind,
    Head,
    MandateState,
    OrderState,
    Side,
    State,
    Totals,
    deposit_of,
)

NUMBER_MAX: Final = 2**63 - 1
_TOTALS: Final = tuple(field.name for field in fields(Totals))


@dataclass(frozen=True, slots=True)
class Buying:
    """Who buys: the organisation, the agent who does it for her (or for herself), and under which mandate."""

    buyer: uuid.UUID | None
    agent: uuid.UUID | None
    mandate: uuid.UUID | None = None
    currency: str = ""
    limit_minor: int | None = None

    def said(self, head: Head) -> Head:
        """What is said of an order of theirs: where no agent buys, the stalls collect the foreign exchange."""
        return replace(head, collector=Collector.STALL) if self.agent is None else head


def buying(*, actor: Actor, mandate: uuid.UUID | None, day: date) -> Buying:
    """Who buys when `actor` orders, under `mandate` or for herself. At most one statement.

    NotThere: no such mandate of hers; NotNow: it is not in force on `day`."""
    if actor.organisation is None:
        raise NotThere("orders_mandate_not_there")
    is_agent = actor.role.kind is Kind.AGENT
    if mandate is None:
        return Buying(actor.organisation, actor.organisation if is_agent else None)
    row = Mandate.objects.filter(id=mandate, agent=actor.organisation).first()
    if row is None:
        raise NotThere("orders_mandate_not_there")
    check_mandate(row, day)
    return Buying(row.buyer_id, row.agent_id, row.id, row.currency, row.limit_minor)


def check_mandate(row: Mandate, day: date) -> None:
    """NotNow: it is not in force, not yet, or not any more."""
    until = row.valid_until
    if row.state != MandateState.IN_FORCE.value:
        raise NotNow("orders_mandate_not_in_force")
    if day < row.valid_from:
        raise NotNow("orders_mandate_not_yet", day=str(row.valid_from))
    if until is not None and until < day:
        raise NotNow("orders_mandate_over", day=str(until))


# Rows that are held ---------------------------------------------------------------------------------------------------


def held_order(*, actor: Actor, number: int, version: int | None = None) -> Order:
    """Her order, held until the transaction ends. NotThere; Stale: it is of another version than she looked at."""
    rows = Order.objects.select_for_update(no_key=True, of=("self",))
    order = rows.filter(number=number).first() if 0 < number <= NUMBER_MAX else None
    if order is None or actor.organisation is None or actor.organisation not in (order.buyer_id, order.agent_id):
        raise NotThere("orders_order_not_there", number=number)
    if version is not None and version != order.version:
        raise _too_late(order)
    return order


def held_basket(*, actor: Actor, number: int, version: int | None = None) -> Order:
    """The same of a basket. NotNow: it is placed."""
    order = held_order(actor=actor, number=number, version=version)
    if order.state != OrderState.DRAFT.value:
        raise NotNow("orders_order_is_placed", number=number)
    return order


@dataclass(frozen=True, slots=True)
class Held:
    """A sub-order and its order, both held, and on which side of it the actor is."""

    order: Order
    sub: SubOrder
    side: Side

    @property
    def code(self) -> str:
        return f"{self.order.number}-{self.sub.position}"

    @property
    def state(self) -> State:
        return State(self.sub.state)

    @property
    def accounts(self) -> tuple[uuid.UUID, uuid.UUID]:
        """(claims, debts) of a sub-order that is placed."""
        if self.sub.claims is None or self.sub.debts is None:
            raise ValueError(f"{self.code} is not placed")
        return self.sub.claims, self.sub.debts

    @property
    def buyers(self) -> tuple[uuid.UUID, ...]:
        """The organisations of the buyer's side."""
        return tuple({one: None for one in (self.order.buyer_id, self.order.agent_id) if one is not None})

    @property
    def others(self) -> tuple[uuid.UUID, ...]:
        """Those of the side that did not do it, who are told."""
        return (self.sub.seller_id,) if self.side is Side.BUYER else self.buyers


def held_sub(*, actor: Actor, sub: uuid.UUID, version: int | None = None, side: Side | None = None) -> Held:
    """A sub-order and its order, held in this order. Two statements. `side`: only somebody of it may.

    NotThere: no such one for her; Stale: it is of another version than she looked at."""
    of = SubOrder.objects.filter(id=sub).values("order_id")
    order = Order.objects.select_for_update(no_key=True, of=("self",)).filter(id__in=of).first()
    row = SubOrder.objects.select_for_update(no_key=True, of=("self",)).filter(id=sub).first()
    if order is None or row is None or actor.organisation is None:
        raise NotThere("orders_sub_not_there")
    is_buyer = actor.organisation in (order.buyer_id, order.agent_id)
    is_seller = actor.organisation == row.seller_id and row.state != State.DRAFT.value
    if not (is_buyer or is_seller):
        raise NotThere("orders_sub_not_there")
    acts = Side.BUYER if is_buyer and side is not Side.STALL else Side.STALL
    if (side or acts) is not acts or (acts is Side.STALL and not is_seller):
        raise NotThere("orders_sub_not_there")
    held = Held(order, row, acts)
    if version is not None and version != row.version:
        raise sub_changed(held, actor)
    return held


def _too_late(order: Order) -> Stale:
    """Somebody of the buyer's side was faster: who, and when."""
    by = order.changed_by_id
    who = names_of([by]).get(by, "") if by is not None else ""
    return Stale("orders_order_changed", who=who or "—", at=order.changed_at, number=order.number)


def sub_changed(held: Held, actor: Actor, rule: str = "orders_sub_changed") -> Stale:
    """Somebody was faster: who, and when. Of the other side one hears which organisation it was. One statement."""
    events = OrderEvent.objects.filter(order=held.order, sub=held.sub).order_by("-id")
    row = events.values_list("organisation_id", "organisation__name", "person__name").first()
    who = "" if row is None else row[2] if row[0] == actor.organisation else row[1]
    return Stale(rule, who=who or "—", at=held.sub.changed_at, code=held.code)


# Totals ---------------------------------------------------------------------------------------------------------------


def minus(totals: Totals) -> Totals:
    return Totals(**{name: -getattr(totals, name) for name in _TOTALS})


def totals_of(row: Order | SubOrder) -> Totals:
    return Totals(**{name: int(getattr(row, name)) for name in _TOTALS})


def add_totals(row: Order | SubOrder, more: Totals) -> None:
    """On the object; `save_totals` writes it."""
    for name in _TOTALS:
        setattr(row, name, int(getattr(row, name)) + getattr(more, name))


def add_to_sub(sub: SubOrder, more: Totals) -> Totals:
    """Add what lines add; what its order has to add then. The deposit is a part of the new value, rounded once."""
    before = totals_of(sub)
    add_totals(sub, more)
    sub.deposit_minor = deposit_of(sub.value_minor, sub.deposit_bp)
    return totals_of(sub) + minus(before)


def touch(row: Order | SubOrder, actor: Actor, now: datetime) -> None:
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now, actor.person


TOUCHED: Final = ("version", "changed_at", "changed_by")
WITH_TOTALS: Final = (*_TOTALS, *TOUCHED)


# Rows that are written ------------------------------------------------------------------------------------------------

# Django's bulk_create resolves each default of each row, and names each value: at 200 lines six times the CPU.
_LINE_COLUMNS: Final = {
    "id": "uuid",
    "order_id": "uuid",
    "sub_id": "uuid",
    "position": "int",
    "good_id": "uuid",
    "good_number": "bigint",
    "variant": "uuid",
    "names": "jsonb",
    "variant_names": "jsonb",
    "language": "text",
    "item_number": "text",
    "unit": "text",
    "photo": "text",
    "pieces": "int",
    "price_minor": "bigint",
    "price_per": "int",
    "list_price_minor": "bigint",
    "value_minor": "bigint",
    "carton_pieces": "int",
    "carton_length_mm": "int",
    "carton_width_mm": "int",
    "carton_height_mm": "int",
    "carton_gross_g": "int",
    "carton_net_g": "int",
    "hs_code": "text",
    "supply": "text",
    "collector": "text",
    "collecting_id": "uuid",
    "quotation_line_id": "uuid",
    "mark": "text",
    "note": "text",
}
_INSERT_LINES: Final = (
    f"INSERT INTO orders_orderline ({', '.join(_LINE_COLUMNS)}, promises, handed_pieces, cancelled_pieces, version) "
    f"SELECT *, '{{}}'::uuid[], 0, 0, 1 FROM unnest({', '.join(f'%s::{kind}[]' for kind in _LINE_COLUMNS.values())})"
)


def insert_lines(rows: Sequence[Sequence[Any]]) -> None:
    """Lines as `line_row` makes them. One statement, however many."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_LINES, [list(column) for column in zip(*rows, strict=True)])


def line_row(
    draft: LineDraft, *, id: uuid.UUID, order: uuid.UUID, sub: uuid.UUID, position: int, agent: uuid.UUID | None
) -> tuple[Any, ...]:
    """A line for `insert_lines`. `agent`: of the order."""
    carton = draft.carton
    return (
        *(id, order, sub, position, draft.good, draft.good_number, draft.variant),
        *(json.dumps(draft.names), json.dumps(draft.variant_names)),
        *(draft.language, draft.item_number, draft.unit, draft.photo, draft.pieces),
        *(draft.price_minor, draft.price_per, draft.list_price_minor, draft.value_minor),
        *(carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g),
        *(draft.hs_code, draft.supply.value, draft.collector.value),
        collecting(draft.collector, agent, draft.seller),
        *(draft.quotation_line, draft.mark, draft.note),
    )


_SAVE_SUBS: Final = (
    f"UPDATE orders_suborder AS sub SET {', '.join(f'{name} = now.{name}' for name in (*_TOTALS, 'deposit_bp'))}, "
    "version = sub.version + 1, changed_at = %s, changed_by_id = %s "
    f"FROM unnest(%s::uuid[], {', '.join('%s::numeric[]' for _ in (*_TOTALS, 'deposit_bp'))}) "
    f"AS now(id, {', '.join((*_TOTALS, 'deposit_bp'))}) WHERE sub.id = now.id"
)


def save_subs(subs: Sequence[SubOrder], actor: Actor, now: datetime) -> None:
    """The totals and the part in advance of sub-orders that are held, each a version on. One statement."""
    if not subs:
        return
    columns = [[int(getattr(sub, name)) for sub in subs] for name in (*_TOTALS, "deposit_bp")]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_SUBS, [now, actor.person, [sub.id for sub in subs], *columns])
    for sub in subs:
        touch(sub, actor, now)


def collecting(collector: Collector, agent: uuid.UUID | None, seller: uuid.UUID) -> uuid.UUID | None:
    """The organisation that collects; None: an agent who is not named yet."""
    return agent if collector is Collector.AGENT else seller


def record_event(
    *,
    order: uuid.UUID,
    kind: EventKind,
    side: Side,
    actor: Actor,
    now: datetime,
    sub: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """A line of the timeline. One statement."""
    OrderEvent.objects.create(
        order_id=order,
        sub_id=sub,
        kind=kind.value,
        side=side.value,
        person_id=actor.person,
        organisation_id=actor.organisation,
        at=now,
        details=dict(details or {}),
    )
