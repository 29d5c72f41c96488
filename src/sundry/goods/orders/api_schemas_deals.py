"""What the API takes and answers beside the order itself: sales, changes, payments, trade tickets, mandates."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from sundry.goods.orders.api_schemas import (
    AT_ONCE_MAX,
    EXAMPLE_ID,
    Currency,
    Key,
    Number,
    OrderBody,
    PriceMinor,
    PricePer,
    Reason,
    SideTold,
    StateTold,
)
from sundry.goods.orders.api_schemas_orders import OrderLineOut, PartOut, SubOrderOut
from sundry.goods.orders.order_rules import (
    NAME_MAX,
    NOTE_MAX,
    PIECES_MAX,
    REASON_MAX,
    VALUE_MINOR_MAX,
    WHOLE_BP,
    ChangeKind,
    ChangeState,
    LineChange,
    MandateState,
    PaymentKind,
    PaymentState,
)

Version = Annotated[int | None, Field(ge=1, description="Of the sub-order as it was read: a changed one is refused.")]

# Sales --------------------------------------------------------------------------------------------------------------


class SalesIn(Schema):
    """Which sales are looked for."""

    state: StateTold | None = None
    stall: Number | None = Field(None, examples=[None])
    late: bool = False


class SubOrdersIn(OrderBody):
    subs: list[uuid.UUID] = Field(min_length=1, max_length=AT_ONCE_MAX, examples=[[EXAMPLE_ID]])


class ConfirmIn(SubOrdersIn):
    """Yes to these parts of orders, all of them or none."""

    promised_day: date | None = Field(None, description="Another day than the one reckoned.", examples=[None])
    versions: dict[uuid.UUID, Annotated[int, Field(ge=1, le=2**31 - 1)]] | None = Field(
        None, max_length=AT_ONCE_MAX, description="Of each as it was read: a changed one is refused.", examples=[None]
    )
    key: Key = None


class CodesOut(Schema):
    """The sub-orders with which it was done."""

    codes: list[str] = Field(examples=[["10234-1", "10234-3"]])


class DeclineIn(OrderBody):
    reason: Reason = Field(examples=["Sold out"])


class HandOverIn(OrderBody):
    """What is handed over now."""

    lines: dict[uuid.UUID, Annotated[int, Field(ge=1, le=PIECES_MAX)]] | None = Field(
        None, max_length=AT_ONCE_MAX, description="Pieces by line; null: all that is open.", examples=[None]
    )
    cartons: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(None, examples=[5])
    note: str = Field("", max_length=NOTE_MAX)
    key: uuid.UUID = Field(description="One's own id of it: sent twice, it is handed over once.", examples=[EXAMPLE_ID])


class SaleOut(Schema):
    """A stall's part of an order in a list, with who buys."""

    sub: SubOrderOut
    buyer: str
    country: str
    currency: str


class TodayOut(Schema):
    """What waits for the stall today."""

    enquiries: int
    to_confirm: int
    to_hand_over: int
    late: int
    payments: int


class StallTermsIO(OrderBody):
    """What a stall asks of every order, unless a quotation says otherwise."""

    deposit_stock_bp: int = Field(ge=0, le=WHOLE_BP, description="In advance for stock, hundredths of a percent.")
    deposit_made_bp: int = Field(ge=0, le=WHOLE_BP, description="In advance for what is made to order.")
    confirms_stock: bool = Field(
        description="Orders of counted stock at listed prices are confirmed as they are placed."
    )
    version: int = Field(ge=0, le=2**31 - 1, description="As it was read; 0: nothing was said yet.")


# Changes ------------------------------------------------------------------------------------------------------------


class LineChangeIO(OrderBody):
    """What becomes of one line; null: as it is. No pieces take it out."""

    line: uuid.UUID = Field(examples=[EXAMPLE_ID])
    pieces: Annotated[int, Field(ge=0, le=PIECES_MAX)] | None = Field(None, examples=[480])
    price_minor: PriceMinor | None = Field(None, examples=[None])
    price_per: PricePer | None = Field(None, examples=[None])
    substitute: Number | None = Field(None, description="The good that comes in its place.", examples=[None])
    variant: uuid.UUID | None = Field(None, examples=[None])

    def change(self) -> LineChange:
        return LineChange(**{name: getattr(self, name) for name in LineChangeIO.model_fields})


class ChangeIn(OrderBody):
    """A change that the other side accepts or declines."""

    kind: ChangeKind = ChangeKind.AMEND
    changes: list[LineChangeIO] = Field([], max_length=AT_ONCE_MAX)
    promised_day: date | None = Field(None, examples=[None])
    reason: Reason = Field(examples=["Two cartons were wet"])
    version: Version = None


class AmendIn(OrderBody):
    """A change by the buyer of what the stall has not answered yet: it holds at once."""

    changes: list[LineChangeIO] = Field(min_length=1, max_length=AT_ONCE_MAX)
    reason: Reason = Field(examples=["The container is full"])
    version: Version = None


class ChangeRefusalIn(OrderBody):
    reason: str = Field("", max_length=REASON_MAX, examples=["The goods are packed"])


class ChangeOut(Schema):
    """A proposed change; `value_minor` is the difference it makes."""

    id: uuid.UUID
    sub: uuid.UUID
    sub_code: str
    kind: ChangeKind
    state: ChangeState
    side: SideTold = Field(description="Who proposed it.")
    reason: str
    base_version: int
    promised_day: date | None
    changes: list[LineChangeIO]
    before: list[OrderLineOut] = Field(description="Those lines as they were.")
    value_minor: int
    proposed_at: datetime
    decided_at: datetime | None


class MadeOut(Schema):
    """What was made."""

    id: uuid.UUID


# Payments -----------------------------------------------------------------------------------------------------------


class PaymentIn(OrderBody):
    """That a deposit or a balance was paid, as the buyer tells it."""

    kind: PaymentKind = PaymentKind.DEPOSIT
    amount_minor: int = Field(ge=1, le=VALUE_MINOR_MAX, examples=[16950])
    paid_on: date = Field(examples=["2026-11-22"])
    reference: str = Field("", max_length=80, description="Of the bank.")
    key: Key = None


class PaymentRefusalIn(OrderBody):
    reason: Reason = Field(examples=["Nothing has arrived"])


class PaymentOut(Schema):
    id: uuid.UUID
    sub: uuid.UUID
    sub_code: str
    kind: PaymentKind
    state: PaymentState
    amount_minor: int
    currency: str
    paid_on: date
    reference: str
    reason: str
    told_at: datetime
    decided_at: datetime | None


# Trade tickets ------------------------------------------------------------------------------------------------------


class TicketOut(Schema):
    """A trade ticket. What is confirmed is `content`, of which `digest` is the SHA-256."""

    id: uuid.UUID
    number: str
    sub: uuid.UUID
    version: int
    content: dict[str, Any]
    digest: str
    drawn_at: datetime
    buyer_confirmed_at: datetime | None
    stall_confirmed_at: datetime | None
    is_void: bool = Field(description="The order was changed since: a later one holds.")
    is_complete: bool = Field(description="Both sides have confirmed it: it may be exported.")


class TicketConfirmIn(OrderBody):
    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the ticket as it was read.", examples=["0" * 64])


# Mandates -----------------------------------------------------------------------------------------------------------


class MandateIn(OrderBody):
    """Under which an agent buys for a buyer: one of the market (`buyer`), who has to grant it, or a client who is not
    in it (`client_name`)."""

    buyer: uuid.UUID | None = Field(None, description="An organisation of the market.", examples=[None])
    client_name: str = Field("", max_length=NAME_MAX, examples=["Atlas Import SARL"])
    client_country: str = Field("", max_length=2, examples=["MA"])
    reference: str = Field("", max_length=80, description="Of the paper that says so.")
    currency: Currency = "CNY"
    limit_minor: Annotated[int, Field(ge=1, le=VALUE_MINOR_MAX)] | None = Field(None, description="Of one order.")
    valid_from: date = Field(examples=["2026-11-22"])
    valid_until: date | None = Field(None, examples=[None])


class MandateOut(Schema):
    id: uuid.UUID
    agent: PartOut
    buyer: PartOut
    client_country: str
    state: MandateState
    reference: str
    currency: str
    limit_minor: int | None
    valid_from: date
    valid_until: date | None
