"""What a placed order writes: its own row, those of its sub-orders, its lines and its timeline, in one statement.

Problem: an order of 20 lines over 5 stalls is 27 rows of 140 columns. Django's bulk_create asks each value of each row
what it is, three times over, in four statements. Therefore the rows go to PostgreSQL as JSON, which knows its columns
itself: 20 lines or 5,000, one statement.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, LiteralString

import psycopg

from sundry.base.access.prepared import run
from sundry.goods.orders.drafting import LineDraft
from sundry.goods.orders.order_rules import Totals

Row = dict[str, Any]

_INSERT: Final = """
WITH made AS (
  INSERT INTO orders_order SELECT * FROM json_populate_record(NULL::orders_order, %s::json)
  ON CONFLICT (key) DO NOTHING RETURNING id
), subs AS (
  INSERT INTO orders_suborder SELECT sub.* FROM made, json_populate_recordset(NULL::orders_suborder, %s::json) AS sub
), lines AS (
  INSERT INTO orders_orderline SELECT line.* FROM made, json_populate_recordset(NULL::orders_orderline, %s::json)
    AS line
), told AS (
  INSERT INTO orders_orderevent SELECT event.* FROM made, json_populate_recordset(NULL::orders_orderevent, %s::json)
    AS event
)
SELECT count(*) FROM made
"""
_PLACE: Final = """
WITH placed AS (
  UPDATE orders_order SET state = new.state, key = new.key, placed_at = new.placed_at, changed_at = new.changed_at,
    changed_by_id = new.changed_by_id, person_id = new.person_id, version = orders_order.version + 1,
    deposit_minor = new.deposit_minor
  FROM json_populate_record(NULL::orders_order, %s::json) AS new WHERE orders_order.id = new.id
), subs AS (
  UPDATE orders_suborder SET state = new.state, seller_id = new.seller_id, deposit_bp = new.deposit_bp,
    deposit_minor = new.deposit_minor, promised_day = new.promised_day, first_promised_day = new.first_promised_day,
    placed_at = new.placed_at, answer_by = new.answer_by, confirmed_at = new.confirmed_at, claims = new.claims,
    debts = new.debts, changed_at = new.changed_at, changed_by_id = new.changed_by_id,
    version = orders_suborder.version + 1
  FROM json_populate_recordset(NULL::orders_suborder, %s::json) AS new WHERE orders_suborder.id = new.id
), lines AS (
  UPDATE orders_orderline SET list_price_minor = new.list_price_minor, supply = new.supply,
    promised_day = new.promised_day, promises = new.promises, shelf = new.shelf, reserved = new.reserved
  FROM json_populate_recordset(NULL::orders_orderline, %s::json) AS new WHERE orders_orderline.id = new.id
)
INSERT INTO orders_orderevent SELECT * FROM json_populate_recordset(NULL::orders_orderevent, %s::json)
"""


def insert(*, order: Row, subs: Sequence[Row], lines: Sequence[Row], events: Sequence[Row]) -> bool:
    """A new order with all that it has; False: there is one of that key, and nothing was written. One statement."""
    row = _run(_INSERT, order, subs, lines, events).fetchone()
    return bool(row and row[0])


def place(*, order: Row, subs: Sequence[Row], lines: Sequence[Row], events: Sequence[Row]) -> None:
    """A basket is an order now. One statement."""
    _run(_PLACE, order, subs, lines, events)


def _run(statement: LiteralString, *rows: Any) -> psycopg.Cursor[Any]:
    values = [json.dumps(one, ensure_ascii=False, default=str) for one in rows]
    return run(statement, values)


_TOTALS: Final = tuple(field.name for field in fields(Totals))


def total_columns(totals: Totals) -> Row:
    return {name: getattr(totals, name) for name in _TOTALS}


def line_columns(draft: LineDraft) -> Row:
    """The columns that a line's draft fills."""
    carton = draft.carton
    return {
        "good_id": text(draft.good),
        "good_number": draft.good_number,
        "variant": text(draft.variant),
        "names": draft.names,
        "variant_names": draft.variant_names,
        "language": draft.language,
        "item_number": draft.item_number,
        "unit": draft.unit,
        "photo": draft.photo,
        "pieces": draft.pieces,
        "price_minor": draft.price_minor,
        "price_per": draft.price_per,
        "list_price_minor": draft.list_price_minor,
        "value_minor": draft.value_minor,
        "carton_pieces": carton.pieces,
        "carton_length_mm": carton.length_mm,
        "carton_width_mm": carton.width_mm,
        "carton_height_mm": carton.height_mm,
        "carton_gross_g": carton.gross_g,
        "carton_net_g": carton.net_g,
        "hs_code": draft.hs_code,
        "supply": draft.supply.value,
        "collector": draft.collector.value,
        "quotation_line_id": text(draft.quotation_line),
        "mark": draft.mark,
        "note": draft.note,
        "handed_pieces": 0,
        "cancelled_pieces": 0,
        "version": 1,
    }


def event_row(
    *, id: uuid.UUID, order: uuid.UUID, kind: str, side: str, at: str, by: Mapping[str, str | None], **more: Any
) -> Row:
    """A line of the timeline. `by`: person_id and organisation_id. `more`: sub_id, details."""
    return {"id": str(id), "order_id": str(order), "kind": kind, "side": side, "at": at, "details": {}, **by, **more}


def text(id_: uuid.UUID | None) -> str | None:
    """An id as JSON has it."""
    return None if id_ is None else str(id_)
