"""What the API takes and answers before there is an order: enquiries and conversations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from sundry.goods.orders.api_schemas import (
    EXAMPLE_ID,
    Currency,
    Key,
    LanguageKey,
    Number,
    OrderBody,
    PriceMinor,
    SideTold,
)
from sundry.goods.orders.api_schemas_orders import OrderFindingOut, PartOut
from sundry.goods.orders.enquiry_rules import (
    ASKED_MAX,
    ATTACHMENTS_MAX,
    TEXT_MAX,
    Attachment,
    EnquiryState,
    MessageKind,
    Question,
)
from sundry.goods.orders.order_rules import PIECES_MAX

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
    waits_for: SideTold
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
    side: SideTold = Field(description="On which one stands.")
    question: QuestionIO | None
    photos: list[AttachmentIO]
    is_closed: bool
    asked_at: datetime | None


class OpenIn(OrderBody):
    """About which part of an order one wants to talk."""

    order: Number = Field(examples=[10234])
    sub: uuid.UUID = Field(examples=[EXAMPLE_ID])
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
    side: SideTold
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


class MessagesReadIn(OrderBody):
    up_to: int = Field(ge=1, le=2**31 - 1, description="The number of the newest message that was read.")


class PhraseOut(Schema):
    """A message that the market has written in six languages."""

    key: str
    text: str = Field(description="In the language of the reader, with a sign where something is filled in.")
    values: list[str] = Field(description="What is to be filled in, by name.")
    sides: list[SideTold] = Field(description="Who may say it.")
