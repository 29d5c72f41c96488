"""Sub-orders that are held while something happens to many of them at once, their lines, and what is written of it.

Rows are locked in one order by everybody: orders by their ids, then sub-orders by theirs, then goods, then the ledger.
Whoever had to wait reads what the other has left. Each function is one statement, for one sub-order or for 500.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sundry.base.access.prepared import run
from sundry.goods.orders.order_rules import State, Totals
from sundry.goods.orders.placing_rows import Row

_SUB: Final = (
    "sub.id, sub.position, sub.seller_id, sub.state, sub.promised_day, sub.first_promised_day, sub.answer_by,"
    " sub.changed_at, sub.changed_by_id, sub.claims, sub.debts, sub.version, sub.lines, sub.pieces, sub.cartons,"
    " sub.value_minor, sub.deposit_minor, sub.paid_minor, sub.volume_mm3, sub.gross_g, sub.unmeasured"
)
# Goods of an order are only changed by who holds the order, but for its lines, which are read afterwards.
_HOLD: Final = f"""
WITH held AS MATERIALIZED (
  SELECT id, number, buyer_id, agent_id, currency FROM orders_order WHERE {{orders}} ORDER BY id FOR NO KEY UPDATE
), sub AS MATERIALIZED (
  SELECT * FROM orders_suborder WHERE {{subs}} ORDER BY id FOR NO KEY UPDATE
)
SELECT held.id, held.number, held.buyer_id, held.agent_id, held.currency, {_SUB}
FROM held JOIN sub ON sub.order_id = held.id ORDER BY held.number, sub.position
"""
_BY_SUBS: Final = _HOLD.format(
    orders="id IN (SELECT order_id FROM orders_suborder WHERE id = ANY(%s::uuid[]))",
    subs="id = ANY(%s::uuid[]) AND order_id IN (SELECT id FROM held)",
)
_BY_ORDER: Final = _HOLD.format(orders="number = %s", subs="order_id IN (SELECT id FROM held)")
_LINES: Final = """
SELECT id, sub_id, position, good_number, variant, supply, pieces, handed_pieces, promises, shelf, reserved
FROM orders_orderline WHERE sub_id = ANY(%s::uuid[]) ORDER BY sub_id, position
"""
_OTHERS: Final = """
SELECT order_id, array_agg(DISTINCT state) FROM orders_suborder
WHERE order_id = ANY(%s::uuid[]) AND id <> ALL(%s::uuid[]) GROUP BY order_id
"""
# Of a sub-order that ends, a change that waits is overtaken. An order's totals are given as differences.
_WRITE: Final = """
WITH new AS MATERIALIZED (
  SELECT * FROM json_populate_recordset(NULL::orders_suborder, %s::json)
), subs AS (
  UPDATE orders_suborder AS sub SET state = new.state, promised_day = new.promised_day,
    first_promised_day = new.first_promised_day, confirmed_at = coalesce(new.confirmed_at, sub.confirmed_at),
    ready_at = coalesce(new.ready_at, sub.ready_at), handed_over_at = coalesce(new.handed_over_at, sub.handed_over_at),
    ended_at = coalesce(new.ended_at, sub.ended_at), reason = coalesce(new.reason, sub.reason),
    changed_at = new.changed_at, changed_by_id = new.changed_by_id, version = sub.version + 1
  FROM new WHERE sub.id = new.id
), overtaken AS (
  UPDATE orders_change AS change SET state = 'overtaken', decided_at = new.changed_at
  FROM new WHERE change.sub_id = new.id AND change.state = 'proposed' AND new.state NOT IN ('confirmed', 'ready')
), orders AS (
  UPDATE orders_order AS whole SET state = coalesce(new.state, whole.state), changed_at = new.changed_at,
    changed_by_id = new.changed_by_id, version = whole.version + new.version, lines = whole.lines + new.lines,
    pieces = whole.pieces + new.pieces, cartons = whole.cartons + new.cartons,
    value_minor = whole.value_minor + new.value_minor, deposit_minor = whole.deposit_minor + new.deposit_minor,
    paid_minor = whole.paid_minor + new.paid_minor, volume_mm3 = whole.volume_mm3 + new.volume_mm3,
    gross_g = whole.gross_g + new.gross_g, unmeasured = whole.unmeasured + new.unmeasured
  FROM json_populate_recordset(NULL::orders_order, %s::json) AS new WHERE whole.id = new.id
)
INSERT INTO orders_orderevent SELECT * FROM json_populate_recordset(NULL::orders_orderevent, %s::json)
"""


@dataclass(frozen=True, slots=True)
class HeldSub:
    """A sub-order and what is needed of its order. `debtor`: who owes what it comes to."""

    order: uuid.UUID
    number: int
    buyer: uuid.UUID | None
    agent: uuid.UUID | None
    currency: str
    id: uuid.UUID
    position: int
    seller: uuid.UUID
    state: State
    promised_day: date | None
    first_promised_day: date | None
    answer_by: datetime | None
    changed_at: datetime
    changed_by: uuid.UUID | None
    claims: uuid.UUID | None
    debts: uuid.UUID | None
    version: int
    totals: Totals

    @property
    def code(self) -> str:
        return f"{self.number}-{self.position}"

    @property
    def buyers(self) -> tuple[uuid.UUID, ...]:
        """The organisations of the buyer's side."""
        return tuple({one: None for one in (self.buyer, self.agent) if one is not None})

    @property
    def debtor(self) -> uuid.UUID:
        return self.buyers[0]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What of a line was promised, and how."""

    id: uuid.UUID
    sub: uuid.UUID
    position: int
    good_number: int | None
    variant: uuid.UUID | None
    supply: str
    pieces: int
    handed_pieces: int
    promises: list[uuid.UUID]
    shelf: uuid.UUID | None
    reserved: uuid.UUID | None

    @property
    def open_pieces(self) -> int:
        return self.pieces - self.handed_pieces


def hold(subs: Collection[uuid.UUID]) -> list[HeldSub]:
    """These sub-orders and their orders, by number and position; those that are there."""
    ids = list(subs)
    return [_sub(row) for row in run(_BY_SUBS, [ids, ids]).fetchall()]


def hold_order(number: int) -> list[HeldSub]:
    """All sub-orders of an order."""
    return [_sub(row) for row in run(_BY_ORDER, [number]).fetchall()] if 0 < number < 1 << 63 else []


def _sub(row: Sequence[Any]) -> HeldSub:
    own, totals = list(row[:17]), list(row[17:])
    own[8] = State(own[8])
    totals[6] = int(totals[6])  # the volume is a numeric
    return HeldSub(*[*own, Totals(*totals)])


def lines_of(subs: Sequence[HeldSub]) -> list[HeldLine]:
    """Their lines, by sub-order and position."""
    rows = run(_LINES, [[sub.id for sub in subs]]).fetchall()
    return [HeldLine(*row) for row in rows]


def states_beside(subs: Sequence[HeldSub]) -> Mapping[uuid.UUID, frozenset[State]]:
    """In which states the other sub-orders of their orders are, by order."""
    rows = run(_OTHERS, [list({sub.order for sub in subs}), [sub.id for sub in subs]]).fetchall()
    return {order: frozenset(map(State, states)) for order, states in rows}


def write(*, subs: Sequence[Row], orders: Sequence[Row], events: Sequence[Row]) -> None:
    """What became of them. `orders`: totals as differences, `version` 1 where they differ."""
    run(_WRITE, [json.dumps(rows, ensure_ascii=False, default=str) for rows in (subs, orders, events)])
