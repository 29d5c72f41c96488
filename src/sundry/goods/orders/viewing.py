"""Rows of orders, sub-orders and lines as what pages and programs are shown.

Every list of sub-orders, a buyer's or a stall's, reads the same columns by the same joins, so that both sides see the
same figures. Stalls, organisations and clients are read along: no row asks for its names by itself.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from sundry.goods.catalogue.rules import Place
from sundry.goods.orders.models import Change, OrderLine, SubOrder, TotalsOfLines, TradeTicket
from sundry.goods.orders.order_rules import (
    BINDING,
    Carton,
    ChangeState,
    Collector,
    LineView,
    Part,
    State,
    SubView,
    Supply,
    Totals,
)

TOTALS: Final = (
    *("lines", "pieces", "cartons", "value_minor", "deposit_minor", "paid_minor"),
    *("volume_mm3", "gross_g", "unmeasured"),
)
CARTON: Final = (
    *("carton_pieces", "carton_length_mm", "carton_width_mm", "carton_height_mm", "carton_gross_g", "carton_net_g"),
)
_SUB: Final = (
    *("id", "order__number", "position", "seller_id", "state", "deposit_bp", "promised_day", "first_promised_day"),
    *("placed_at", "answer_by", "confirmed_at", "handed_over_at", "ended_at", "reason", "note", "version"),
    *("stall__number", "stall__names", "stall__hall_id", "stall__floor", "stall__street", "stall__booth"),
    *TOTALS,
)
_SUB_AS_IT_IS: Final = tuple(
    name for name in SubView.__slots__ if name in _SUB and name not in ("id", "state", "position", "totals")
)
_LINE: Final = (
    *("id", "position", "sub_id", "good_number", "variant", "names", "variant_names", "language", "item_number"),
    *("unit", "photo", "pieces", "price_minor", "price_per", "list_price_minor", "value_minor", "hs_code", "supply"),
    *("collector", "promised_day", "handed_pieces", "cancelled_pieces", "mark", "note", "version"),
    *CARTON,
)
_LINE_AS_IT_IS: Final = tuple(
    name for name in _LINE if name in LineView.__slots__ and name not in ("supply", "collector")
)


def totals_of(row: Mapping[str, Any] | TotalsOfLines) -> Totals:
    """Of a row with these columns, or of the row of a model."""
    figures = row if isinstance(row, Mapping) else {name: getattr(row, name) for name in TOTALS}
    return Totals(**{name: int(figures[name]) for name in TOTALS})


def carton_of(row: Mapping[str, Any] | OrderLine) -> Carton:
    return Carton(*(row[name] if isinstance(row, Mapping) else getattr(row, name) for name in CARTON))


def part(organisation: uuid.UUID | None, name: str | None, client: str | None = None) -> Part:
    """Who takes part; a client who is not in the market goes by the name in her mandate."""
    return Part(organisation, name or client or "")


def late(today: date) -> Q:
    """Sub-orders that were to be handed over before `today`."""
    return Q(state__in=[state.value for state in BINDING], promised_day__lt=today)


def subs(rows: QuerySet[SubOrder], *more: str) -> list[tuple[SubView, Mapping[str, Any]]]:
    """The sub-orders of a query as views, each beside the `more` columns that were asked for. One statement."""
    tickets = TradeTicket.objects.filter(sub=OuterRef("id"), is_void=False)
    buyer, stall = Q(buyer_confirmed_at__isnull=False), Q(stall_confirmed_at__isnull=False)
    said = Case(
        When(buyer & stall, then=Value("both")),
        When(buyer, then=Value("buyer")),
        When(stall, then=Value("stall")),
        default=Value("drawn"),
    )
    proposed = Exists(Change.objects.filter(sub=OuterRef("id"), state=ChangeState.PROPOSED.value))
    found = rows.annotate(
        has_proposal=Case(When(proposed, then=True), default=False, output_field=BooleanField()),
        ticket=tickets.values_list(said)[:1],
    ).values(*_SUB, *more, "has_proposal", "ticket")
    return [(_sub(row), row) for row in found]


def _sub(row: Mapping[str, Any]) -> SubView:
    number = row["order__number"]
    place = Place(row["stall__hall_id"], row["stall__floor"], row["stall__street"], row["stall__booth"])
    return SubView(
        code=code_of(number, row["position"]),
        order=number,
        stall=row["stall__number"],
        stall_names=row["stall__names"],
        place=place.code,
        seller=row["seller_id"],
        id=row["id"],
        state=State(row["state"]),
        totals=totals_of(row),
        has_proposal=row["has_proposal"],
        ticket=row["ticket"] or "none",
        **{name: row[name] for name in _SUB_AS_IT_IS},
    )


def code_of(order: int, position: int) -> str:
    """What people call a sub-order: "10234-3"."""
    return f"{order}-{position}"


def lines(rows: QuerySet[OrderLine]) -> tuple[LineView, ...]:
    """The lines of a query. One statement."""
    return tuple(_line(row) for row in rows.values(*_LINE))


def _line(row: Mapping[str, Any]) -> LineView:
    carton = carton_of(row)
    return LineView(
        sub=row["sub_id"],
        good=row["good_number"],
        carton=carton,
        cartons=carton.cartons(row["pieces"]),
        supply=Supply(row["supply"]),
        collector=Collector(row["collector"]),
        **{name: row[name] for name in _LINE_AS_IT_IS},
    )


def line_json(line: LineView) -> dict[str, Any]:
    """A line as a proposed change keeps it."""
    kept: dict[str, Any] = json.loads(json.dumps({name: _plain(getattr(line, name)) for name in LineView.__slots__}))
    return kept


def line_from(kept: Mapping[str, Any]) -> LineView:
    """`line_json` undone."""
    values = dict(kept)
    values["carton"] = Carton(**values["carton"])
    values["supply"], values["collector"] = Supply(values["supply"]), Collector(values["collector"])
    for name in ("id", "sub", "variant"):
        values[name] = uuid.UUID(values[name]) if values[name] else None
    if values["promised_day"]:
        values["promised_day"] = date.fromisoformat(values["promised_day"])
    return LineView(**values)


def _plain(value: object) -> Any:
    if isinstance(value, Carton):
        return {name: getattr(value, name) for name in Carton.__slots__}
    if isinstance(value, uuid.UUID | date):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value
