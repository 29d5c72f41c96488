"""What the API answers of orders: the shapes of order_rules, field by field.

Money is in minor units of the order's currency, lengths are in millimetres, weights in grams, volumes in cubic
millimetres. Names stand by language.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from sundry.goods.orders.api_schemas import OrderCartonIO, SideTold, StateTold, SupplyTold
from sundry.goods.orders.order_rules import Collector, EventKind, OrderState


class TotalsOut(Schema):
    """Sums of lines. Volume and weight are of the lines whose carton is known; `unmeasured` counts the others."""

    lines: int
    pieces: int
    cartons: int
    value_minor: int
    deposit_minor: int
    paid_minor: int
    balance_minor: int = Field(description="What is still to be paid.")
    volume_mm3: int
    gross_g: int
    unmeasured: int


class PartOut(Schema):
    """An organisation that takes part."""

    organisation: uuid.UUID | None
    name: str


class SubOrderOut(Schema):
    """A stall's part of an order, with a life of its own."""

    id: uuid.UUID
    code: str = Field(examples=["10234-3"])
    order: int
    stall: int
    stall_names: dict[str, str]
    place: str
    state: StateTold
    totals: TotalsOut
    deposit_bp: int = Field(description="Paid in advance, in hundredths of a percent.")
    promised_day: date | None
    first_promised_day: date | None
    placed_at: datetime | None
    answer_by: datetime | None
    confirmed_at: datetime | None
    handed_over_at: datetime | None
    ended_at: datetime | None
    reason: str
    note: str
    version: int
    has_proposal: bool = Field(description="A change waits for an answer.")
    ticket: str = Field(description="Of the trade ticket: none, drawn, buyer, stall or both have confirmed it.")


class OrderCardOut(Schema):
    """An order in a list."""

    id: uuid.UUID
    number: int = Field(examples=[10234])
    name: str
    state: OrderState
    buyer: PartOut
    agent: PartOut
    currency: str
    destination: str
    totals: TotalsOut
    stalls: int
    states: dict[str, int] = Field(description="How many of its sub-orders are in which state.")
    late: int
    promised_day: date | None
    placed_at: datetime | None
    changed_at: datetime
    version: int


class FillOut(Schema):
    """How much of a container an order would fill, in hundredths of a percent: 7100 is 71 %."""

    container: str = Field(examples=["40HC"])
    volume_bp: int = Field(description="Of the room that crews usually reach.")
    weight_bp: int = Field(description="Of what it may be loaded with.")


class OrderOut(Schema):
    """An order whole, but for its lines."""

    card: OrderCardOut
    port: str
    collector: Collector
    note: str
    mandate: uuid.UUID | None
    subs: list[SubOrderOut]
    repeats: int | None = Field(description="The number of the order that it repeats.")
    fills: list[FillOut] = Field(description="By the lines that are measured; empty where none is.")


class OrderLineOut(Schema):
    id: uuid.UUID
    position: int
    sub: uuid.UUID
    good: int | None
    variant: uuid.UUID | None
    names: dict[str, str]
    variant_names: dict[str, str]
    language: str
    item_number: str
    unit: str
    pieces: int
    price_minor: int = Field(description="For `price_per` pieces.")
    price_per: int
    list_price_minor: int | None = Field(description="What the ladder said when it was placed.")
    value_minor: int
    carton: OrderCartonIO
    cartons: int | None
    hs_code: str
    supply: SupplyTold
    collector: Collector
    promised_day: date | None
    handed_pieces: int
    open_pieces: int
    cancelled_pieces: int
    mark: str
    note: str
    version: int


class TimelineEntryOut(Schema):
    id: uuid.UUID
    kind: EventKind
    at: datetime
    sub: str = Field(description="The code of the sub-order; nothing: of the order.")
    side: SideTold
    who: str
    organisation: str
    details: dict[str, Any]


class BasketOut(Schema):
    order: int = Field(description="The number of it.", examples=[10234])
    version: int


class OrderVersionOut(Schema):
    version: int = Field(description="Of the order, from now on.")


class PlacedOut(Schema):
    """An order that was placed."""

    order: int = Field(examples=[10234])
    codes: list[str] = Field(description="Of its sub-orders.", examples=[["10234-1", "10234-2"]])
    value_minor: int
    currency: str
    again: bool = Field(description="It had been placed before, by the same key.")


class OrderFindingOut(Schema):
    """What became of a line that could not be taken as it was, or what is wrong with one."""

    rule: str
    row: int
    field: str
    value: str
    message: str


class RepeatedOut(Schema):
    order: int = Field(description="The number of the new basket.")
    findings: list[OrderFindingOut] = Field(description="What changed since, and what was left out.")


class ExportableOut(Schema):
    """Whether a stall's part may be exported: its trade ticket needs both confirmations."""

    sub: uuid.UUID
    code: str
    rule: str | None = Field(description="Why not; null: it may.")
    message: str | None
