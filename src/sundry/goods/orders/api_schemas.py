"""What the API takes for orders: baskets and their lines, what is placed, cancelled, repeated.

Money is in minor units of the order's currency, lengths are in millimetres, weights in grams. Names stand by language:
"zh", "en", "ar", "es", "fr", "ru".
"""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from sundry.base.access.endpoints import spelled_out
from sundry.goods.orders.order_rules import (
    LINES_MAX,
    NAME_MAX,
    NOTE_MAX,
    PIECES_MAX,
    PRICE_MINOR_MAX,
    PRICE_PER_MAX,
    REASON_MAX,
    Carton,
    Collector,
    Head,
    OrderState,
    Side,
    State,
    Supply,
    Wish,
)

SideTold = Annotated[Side, spelled_out(Side)]
StateTold = Annotated[State, spelled_out(State)]
SupplyTold = Annotated[Supply, spelled_out(Supply)]

AT_ONCE_MAX = 500  # lines of one request, sub-orders of one request
NUMBER_MAX = 2**63 - 1
TEXT_SHORT_MAX = 80
EXAMPLE_ID = "0198f6a2-7c1e-7d43-9b6a-2f8f1c5d7e90"

LanguageKey = Literal["zh", "en", "ar", "es", "fr", "ru"]
Names = dict[LanguageKey, Annotated[str, Field(max_length=200)]]
Number = Annotated[int, Field(ge=1, le=NUMBER_MAX)]
Pieces = Annotated[int, Field(ge=1, le=PIECES_MAX)]
PriceMinor = Annotated[int, Field(ge=1, le=PRICE_MINOR_MAX)]
PricePer = Annotated[int, Field(ge=1, le=PRICE_PER_MAX)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])]
Reason = Annotated[str, Field(min_length=1, max_length=REASON_MAX)]
Key = Annotated[
    uuid.UUID | None, Field(description="One's own id of it: sent twice, it is done once.", examples=[None])
]


class OrderBody(Schema):
    """A body: what it does not know is refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")


# What is asked ------------------------------------------------------------------------------------------------------


class OrderCartonIO(OrderBody):
    """The outer carton of a line; what is not known is null."""

    pieces: Annotated[int, Field(ge=1, le=100_000)] | None = Field(None, examples=[120])
    length_mm: Annotated[int, Field(ge=1, le=100_000)] | None = Field(None, examples=[600])
    width_mm: Annotated[int, Field(ge=1, le=100_000)] | None = Field(None, examples=[400])
    height_mm: Annotated[int, Field(ge=1, le=100_000)] | None = Field(None, examples=[300])
    gross_g: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(None, examples=[9500])
    net_g: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(None, examples=[8800])

    def carton(self) -> Carton:
        return Carton(**self.dict())


class LineIn(OrderBody):
    """A line as it is asked for: a good of the catalogue by its number; where it is in none, a stall, a name, a price.
    Without a price it is the stall's ladder that says it; with one that differs it is an offer."""

    pieces: Pieces = Field(examples=[600])
    good: Number | None = Field(None, examples=[20114])
    variant: uuid.UUID | None = Field(None, examples=[None])
    stall: Number | None = Field(None, description="Of a line that is in no catalogue.", examples=[None])
    names: Names = Field({}, description="Of a line that is in no catalogue.")
    language: LanguageKey = "zh"
    item_number: str = Field("", max_length=TEXT_SHORT_MAX)
    unit: str = Field("piece", max_length=16)
    price_minor: PriceMinor | None = Field(None, description="For `price_per` pieces.", examples=[None])
    price_per: PricePer = 1
    carton: OrderCartonIO = Field(default_factory=lambda: OrderCartonIO())  # type: ignore[call-arg]
    hs_code: str = Field("", max_length=10)
    collector: Collector | None = Field(
        None, description="Who collects the foreign exchange of it; null: as the order."
    )
    mark: str = Field("", max_length=TEXT_SHORT_MAX, description="The shipping mark.")
    note: str = Field("", max_length=NOTE_MAX)
    quotation_line: uuid.UUID | None = Field(None, description="In which its price was quoted.", examples=[None])

    def wish(self, row: int) -> Wish:
        values = {name: getattr(self, name) for name in LineIn.model_fields if name not in ("carton", "names")}
        return Wish(**values, carton=self.carton.carton(), names=dict(self.names), row=row)  # type: ignore[arg-type]


Lines = Annotated[list[LineIn], Field(max_length=AT_ONCE_MAX)]


def wishes(lines: list[LineIn]) -> tuple[Wish, ...]:
    """With rows from 1 on, by which a refusal names them."""
    return tuple(line.wish(row) for row, line in enumerate(lines, 1))


class HeadIn(OrderBody):
    """What is said of an order as a whole."""

    currency: Currency = "CNY"
    name: str = Field("", max_length=NAME_MAX, examples=["Spring, first container"])
    destination: str = Field("", max_length=2, description="A country, ISO 3166-1.", examples=["MA"])
    port: str = Field("", max_length=5, description="UN/LOCODE.", examples=["MACAS"])
    collector: Collector = Collector.AGENT
    note: str = Field("", max_length=NOTE_MAX)

    def head(self) -> Head:
        return Head(**{name: getattr(self, name) for name in HeadIn.model_fields})


class NewBasketIn(OrderBody):
    """A new basket, with its first lines."""

    head: HeadIn = Field(default_factory=lambda: HeadIn())  # type: ignore[call-arg]
    lines: Lines = []
    mandate: uuid.UUID | None = Field(None, description="Under which an agent buys.", examples=[None])


class NewOrderIn(OrderBody):
    """An order that is placed at once."""

    head: HeadIn = Field(default_factory=lambda: HeadIn())  # type: ignore[call-arg]
    lines: list[LineIn] = Field(min_length=1, max_length=LINES_MAX)
    mandate: uuid.UUID | None = Field(None, description="Under which an agent buys.", examples=[None])
    key: Key = None


class ChangedHeadIn(HeadIn):
    """What is said of an order, whole, as it shall be."""

    version: int | None = Field(None, ge=1, description="Of the order as it was read.")


class MoreLinesIn(OrderBody):
    """Further lines. One of the same good at the same price adds its pieces to the line that there is."""

    lines: list[LineIn] = Field(min_length=1, max_length=AT_ONCE_MAX)
    version: int | None = Field(None, ge=1, description="Of the order as it was read; null: whatever it is.")


class ChangedLineIn(OrderBody):
    """What changes of a line; null: as it is."""

    pieces: Pieces | None = Field(None, examples=[720])
    note: Annotated[str, Field(max_length=NOTE_MAX)] | None = None
    collector: Collector | None = None
    price_minor: PriceMinor | None = Field(None, examples=[None])
    price_per: PricePer | None = None
    version: int | None = Field(None, ge=1, description="Of the order as it was read.")


class RemovedLinesIn(OrderBody):
    lines: list[uuid.UUID] = Field(min_length=1, max_length=AT_ONCE_MAX, examples=[[EXAMPLE_ID]])
    version: int | None = Field(None, ge=1, description="Of the order as it was read.")


class PlaceOrderIn(OrderBody):
    version: int | None = Field(None, ge=1, description="Of the basket as it was read: another is not placed.")
    key: Key = None


class CancelOrderIn(OrderBody):
    reason: Reason = Field(examples=["The buyer's shop is closed"])
    sub: uuid.UUID | None = Field(None, description="This stall's part of it only.", examples=[None])


class RepeatOrderIn(OrderBody):
    subs: list[uuid.UUID] | None = Field(
        None, max_length=AT_ONCE_MAX, description="These parts of it only.", examples=[None]
    )


class OrdersIn(Schema):
    """Which orders are looked for."""

    state: OrderState | None = None
    late: bool = Field(False, description="With a part that should have been handed over.")
    stall: Number | None = Field(None, description="With a part of this stall.", examples=[None])
    currency: str = Field("", max_length=3)
    destination: str = Field("", max_length=2)
    words: str = Field("", max_length=120, description="In the name of it, or its number.")
    mandate: uuid.UUID | None = Field(None, examples=[None])
