"""What the API takes and answers before there is an order: enquiries, conversations, quotations."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from sundry.goods.orders.api_schemas import (
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
from sundry.goods.orders.api_schemas_orders import OrderFindingOut, PartOut
from sundry.goods.orders.enquiry_rules import (
    ASKED_MAX,
    ATTACHMENTS_MAX,
    COMPARED_MAX,
    QUOTED_LINES_MAX,
    STEPS_MAX,
    TEXT_MAX,
    Attachment,
    EnquiryState,
    MessageKind,
    Question,
    QuotationState,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.order_rules import NOTE_MAX, PIECES_MAX, REASON_MAX, WHOLE_BP, Side

# Enquiries ----------------------------------------------------------------------------------------------------------


class QuestionIO(OrderBody):
    """The same question to many stalls: those of the goods, and further ones."""

    text: str = Field(min_length=1, max_length=TEXT_MAX, examples=["12,000 of these for Casablanca: your best price?"])
    language: LanguageKey = "en"
    goods: list[Number] = Field([], max_length=ASKED_MAX, examples=[[20114, 20207]])
    stalls: list[Number] = Field([], max_length=ASKED_MAX, examples=[[]])
    quantity: Annotated[int, Field(ge=1, le=PIECES_MAX)] | None = Field(None, examples=[12000])
    unit: str = Field("piece", max_length=16)
    target_price_minor: PriceMinor | None = Field(None, examples=[None])
    currency: Currency = "CNY"
    destination: str = Field("", max_length=2, examples=["MA"])
    photos: list[Annotated[str, Field(max_length=64)]] = Field([], max_length=ATTACHMENTS_MAX)
    wanted: uuid.UUID | None = Field(None, description="The request for quotation that it follows.", examples=[None])

    def question(self) -> Question:
        values = {name: getattr(self, name) for name in QuestionIO.model_fields}
        return Question(**values | {name: tuple(values[name]) for name in ("goods", "stalls", "photos")})


class EnquiryIn(QuestionIO):
    """A question that is asked."""

    mandate: uuid.UUID | None = Field(None, description="Under which an agent asks.", examples=[None])
    key: Key = None


class AskedOut(Schema):
    """An enquiry that was sent out."""

    number: int = Field(examples=[10301])
    asked: int = Field(description="How many stalls.")
    left_out: list[OrderFindingOut] = Field(description="Stalls that were not asked, and why.")
    again: bool = Field(description="It had been asked before, by the same key.")


class EnquiryCardOut(Schema):
    """An enquiry in a list."""

    number: int
    id: uuid.UUID
    text: str
    language: str
    buyer: PartOut
    agent: PartOut
    state: EnquiryState
    asked_at: datetime
    asked: int
    answered: int
    quotations: int
    unread: int


class AttachmentIO(OrderBody):
    """A file that was sent before, as `/conversations/attachments` answered."""

    file: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(max_length=200)
    kind: str = Field(max_length=10)
    bytes: int = Field(ge=0)

    def attachment(self) -> Attachment:
        return Attachment(self.file, self.name, self.kind, self.bytes)


class ConversationCardOut(Schema):
    """A conversation in a list. `last`, and every text of a message, is the words of whoever wrote it."""

    id: uuid.UUID
    enquiry: int | None
    order: int | None
    stall: int
    stall_names: dict[str, str]
    buyer: PartOut
    agent: PartOut
    country: str
    subject: str
    language: str
    last: str
    last_at: datetime
    unread: int
    waits_for: Side
    quotation: int | None


class EnquiryOut(Schema):
    number: int
    id: uuid.UUID
    question: QuestionIO
    buyer: PartOut
    agent: PartOut
    state: EnquiryState
    asked_at: datetime
    conversations: list[ConversationCardOut]
    quotations: int
    photos: list[AttachmentIO]


# Conversations ------------------------------------------------------------------------------------------------------


class ConversationOut(Schema):
    card: ConversationCardOut
    side: Side = Field(description="On which one stands.")
    question: QuestionIO | None
    photos: list[AttachmentIO]
    is_closed: bool
    asked_at: datetime | None


class OpenIn(OrderBody):
    """About which part of an order one wants to talk."""

    order: Number = Field(examples=[10234])
    sub: uuid.UUID
    language: LanguageKey = "en"


class MessageIn(OrderBody):
    """Words, or a phrase of the market with its values."""

    text: str = Field("", max_length=TEXT_MAX, examples=["When can you deliver 12,000?"])
    template: str = Field("", max_length=40, description="A phrase of `/conversations/phrases`.")
    values: dict[str, str | int] = Field({}, max_length=20, description="What fills the phrase.")
    language: LanguageKey = "en"
    attachments: list[AttachmentIO] = Field([], max_length=ATTACHMENTS_MAX)
    key: Key = None


class TermOut(Schema):
    """A term of the trade in a text, characters [start, end) of it."""

    start: int
    end: int
    concept: str
    name: str


class MessageOut(Schema):
    id: uuid.UUID
    number: int
    kind: MessageKind
    side: Side
    who: str
    text: str
    language: str
    translation: str
    terms: list[TermOut]
    attachments: list[AttachmentIO]
    quotation: int | None
    quotation_version: int | None
    quotation_id: uuid.UUID | None
    sent_at: datetime
    is_own: bool
    is_read: bool


class MessageSaidOut(Schema):
    """A message that was sent."""

    id: uuid.UUID


class ReadIn(OrderBody):
    up_to: int = Field(ge=1, le=2**31 - 1, description="The number of the newest message that was read.")


class PhraseOut(Schema):
    """A message that the market has written in six languages."""

    key: str
    text: str = Field(description="In the language of the reader, with a sign where something is filled in.")
    values: list[str] = Field(description="What is to be filled in, by name.")
    sides: list[Side] = Field(description="Who may say it.")


# Quotations ---------------------------------------------------------------------------------------------------------


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

    conversation: uuid.UUID
    terms: QuotationTermsIO
    lines: list[QuotedLineIO] = Field(min_length=1, max_length=QUOTED_LINES_MAX)
    key: Key = None


class QuotationReasonIn(OrderBody):
    reason: str = Field("", max_length=REASON_MAX, examples=["Bought elsewhere"])


class AcceptIn(OrderBody):
    """Put the lines of quotations in a basket, at the quoted prices; all or none."""

    quotations: list[uuid.UUID] = Field(min_length=1, max_length=COMPARED_MAX)
    pieces: dict[uuid.UUID, Annotated[int, Field(ge=0, le=PIECES_MAX)]] | None = Field(
        None, max_length=5_000, description="By quoted line; none leaves it out.", examples=[None]
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
    value_minor: int
    sent_at: datetime | None
    decided_at: datetime | None
    reason: str


class ComparedRowOut(Schema):
    """One thing that is asked for, with what each quotation says of it; null: nothing."""

    name: str
    lines: list[QuotedLineIO | None]
    best: int | None = Field(description="Which of them is the cheapest a piece, counted from 0.")


class ComparedOut(Schema):
    quotations: list[QuotationOut]
    rows: list[ComparedRowOut]
