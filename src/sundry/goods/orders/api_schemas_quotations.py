"""What the API takes and answers of quotations: drafts, terms, versions, comparisons."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders.api_schemas import (
    EXAMPLE_ID,
    NUMBER_MAX,
    Currency,
    Key,
    LanguageKey,
    Names,
    Number,
    OrderBody,
    OrderCartonIO,
    Pieces,
    PriceMinor,
    PricePer,
)
from sundry.goods.orders.api_schemas_orders import PartOut
from sundry.goods.orders.enquiry_rules import (
    COMPARED_MAX,
    QUOTED_LINES_MAX,
    STEPS_MAX,
    QuotationState,
    QuotationView,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.order_rules import NOTE_MAX, PIECES_MAX, REASON_MAX, WHOLE_BP


class QuotedStepIO(OrderBody):
    quantity: Pieces = Field(examples=[10000])
    price_minor: PriceMinor = Field(examples=[8500])


class QuotedLineIO(OrderBody):
    """What is quoted of one thing; the prices are for `price_per` pieces."""

    ladder: list[QuotedStepIO] = Field(min_length=1, max_length=STEPS_MAX)
    pieces: Pieces = Field(examples=[12000])
    price_per: PricePer = Field(1, examples=[1000])
    good: Number | None = Field(None, examples=[20114])
    variant: uuid.UUID | None = Field(None, examples=[None])
    names: Names = {}
    language: LanguageKey = "zh"
    item_number: str = Field("", max_length=80)
    unit: str = Field("piece", max_length=16)
    carton: OrderCartonIO = Field(default_factory=lambda: OrderCartonIO())  # type: ignore[call-arg]
    photo: str = Field("", max_length=64)
    note: str = Field("", max_length=NOTE_MAX)
    id: uuid.UUID | None = Field(None, description="Of a line that was quoted.", examples=[None])

    def line(self) -> QuotedLine:
        values = {name: getattr(self, name) for name in QuotedLineIO.model_fields}
        ladder = tuple(QuotedStep(step.quantity, step.price_minor) for step in self.ladder)
        return QuotedLine(**values | {"ladder": ladder, "carton": self.carton.carton(), "names": dict(self.names)})


class QuotationTermsIO(OrderBody):
    """What goes with a quotation."""

    currency: Currency = "CNY"
    valid_until: date | None = Field(None, examples=["2026-12-06"])
    lead_time_days: Annotated[int, Field(ge=0, le=365)] | None = Field(None, examples=[20])
    incoterm: str = Field("", max_length=3, description="Incoterms 2020.", examples=["FOB"])
    place: str = Field("", max_length=80, description="The place that the Incoterm names.", examples=["Ningbo"])
    packing: str = Field("", max_length=NOTE_MAX)
    deposit_bp: int = Field(0, ge=0, le=WHOLE_BP, description="In advance, hundredths of a percent.")
    note: str = Field("", max_length=NOTE_MAX)

    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in QuotationTermsIO.model_fields})


class QuotationIn(OrderBody):
    """A draft, which only the stall sees until it sends it."""

    conversation: uuid.UUID = Field(examples=[EXAMPLE_ID])
    terms: QuotationTermsIO
    lines: list[QuotedLineIO] = Field(min_length=1, max_length=QUOTED_LINES_MAX)
    key: Key = None


class QuotationReasonIn(OrderBody):
    reason: str = Field("", max_length=REASON_MAX, examples=["Bought elsewhere"])


class AcceptIn(OrderBody):
    """Put the lines of quotations in a basket, at the quoted prices; all or none."""

    quotations: list[uuid.UUID] = Field(min_length=1, max_length=COMPARED_MAX, examples=[[EXAMPLE_ID]])
    pieces: dict[uuid.UUID, Annotated[int, Field(ge=0, le=PIECES_MAX)]] | None = Field(
        None, max_length=5_000, description="By quoted line; none leaves it out.", examples=[None]
    )
    variants: dict[uuid.UUID, dict[uuid.UUID, Annotated[int, Field(ge=0, le=PIECES_MAX)]]] | None = Field(
        None,
        max_length=5_000,
        description="By quoted line that has `choices`: how many of which variant. Together they make its quantity.",
        examples=[None],
    )
    order: Annotated[int, Field(ge=1, le=NUMBER_MAX)] | None = Field(None, description="A basket.", examples=[None])
    place: bool = Field(False, description="Place it at once. Needs the right to place orders.")
    key: Key = None


class AcceptedOut(Schema):
    order: int = Field(description="The basket, or the order that was placed.")
    quotations: list[int]
    placed: bool
    again: bool


class QuotationCardOut(Schema):
    """A version of a quotation in a list."""

    id: uuid.UUID
    number: int
    version: int
    is_newest: bool
    conversation: uuid.UUID | None
    enquiry: int | None
    stall: int
    stall_names: dict[str, str]
    buyer: PartOut
    agent: PartOut
    country: str
    state: QuotationState
    currency: str
    valid_until: date | None
    lead_time_days: int | None
    value_minor: int
    lines: int
    sent_at: datetime | None
    decided_at: datetime | None


class QuotedVariantOut(Schema):
    """A variant of a quoted good."""

    id: uuid.UUID
    names: dict[str, str]
    item_number: str


class QuotationOut(Schema):
    """A version of a quotation. Words in it are the stall's."""

    id: uuid.UUID
    number: int
    version: int
    is_newest: bool
    conversation: uuid.UUID | None
    stall: int
    stall_names: dict[str, str]
    buyer: PartOut
    agent: PartOut
    state: QuotationState
    terms: QuotationTermsIO
    lines: list[QuotedLineIO]
    choices: dict[str, list[QuotedVariantOut]] = Field(
        description="By line whose good comes in variants and which names none: who accepts it chooses among these."
    )
    value_minor: int
    sent_at: datetime | None
    decided_at: datetime | None
    reason: str

    @staticmethod
    def resolve_choices(view: QuotationView) -> dict[str, tuple[Variant, ...]]:
        return {str(line): kinds for line, kinds in view.choices.items()}


class ComparedIn(Schema):
    q: list[uuid.UUID] = Field([], max_length=COMPARED_MAX, description="The quotations, by their ids.")


class ComparedRowOut(Schema):
    """One thing that is asked for, with what each quotation says of it; null: nothing."""

    name: str
    lines: list[QuotedLineIO | None]
    best: int | None = Field(description="Which of them is the cheapest a piece, counted from 0.")


class ComparedOut(Schema):
    quotations: list[QuotationOut]
    rows: list[ComparedRowOut]
