"""What is said before an order: an enquiry to many stalls, a conversation with each, quotations in versions.

Problem: a buyer asks thirty stalls the same question in Spanish; each answers between two customers, in Chinese, with a
price that holds until Friday for so many pieces. Told by thirty messengers, nobody can lay the answers side by side,
and a price that was changed since is sold at the old one. Therefore one `Enquiry` opens one `Conversation` a stall;
what is quoted is a `Quotation` with lines, in versions of which only the newest counts; and what somebody writes stays
in her words, beside which the terms of the trade stand in the reader's language (and a translation, where the market
has somebody who translates).

Worked case: 12,000 hair clips for Casablanca, asked of three stalls. Two quote, one asks back. The first quotes 0.085
from 10,000 on, valid until the 27th, then 0.082: version 2, and version 1 cannot be accepted any more. On the 28th
nothing can: the buyer is told so, and may ask for it anew.

    enquiry        open -> closed
    quotation      draft -> sent -> accepted | declined | withdrawn | expired | superseded (by the next version)
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders.order_rules import Carton, Part, Side
from sundry.kernel.findings import Finding

# Technical limits; how long a quotation may hold is the market's to set (parameters/orders.yaml).
ASKED_MAX: Final = 100  # stalls of one enquiry
TEXT_MAX: Final = 4_000  # characters of a message
ATTACHMENTS_MAX: Final = 6  # of a message
ATTACHMENT_BYTES_MAX: Final = 10_000_000
QUOTED_LINES_MAX: Final = 500
STEPS_MAX: Final = 5  # of a quoted ladder
COMPARED_MAX: Final = 12  # quotations side by side


class EnquiryState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class QuotationState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


QUOTATION_NEXT: Final[Mapping[QuotationState, frozenset[QuotationState]]] = {
    QuotationState.DRAFT: frozenset({QuotationState.SENT}),  # or it is thrown away, and is no more
    QuotationState.SENT: frozenset(
        {
            QuotationState.ACCEPTED,
            QuotationState.DECLINED,
            QuotationState.WITHDRAWN,
            QuotationState.EXPIRED,
            QuotationState.SUPERSEDED,
        }
    ),
    QuotationState.ACCEPTED: frozenset(),
    QuotationState.DECLINED: frozenset(),
    QuotationState.WITHDRAWN: frozenset(),
    QuotationState.EXPIRED: frozenset(),
    QuotationState.SUPERSEDED: frozenset(),
}


class MessageKind(StrEnum):
    TEXT = "text"
    TEMPLATE = "template"  # a phrase of the market, written in all six languages
    QUOTATION = "quotation"  # a version of a quotation was sent
    NOTE = "note"  # of the market: closed, expired, ordered


@dataclass(frozen=True, slots=True)
class Question:
    """What a buyer asks. `goods`: numbers of the catalogue, whose stalls are asked; `stalls`: further ones, by their
    numbers. `wanted`: the request for quotation that it answers, if any."""

    text: str
    language: str
    goods: tuple[int, ...] = ()
    stalls: tuple[int, ...] = ()
    quantity: int | None = None
    unit: str = "piece"
    target_price_minor: int | None = None
    currency: str = "CNY"
    destination: str = ""
    photos: tuple[str, ...] = ()  # attachments, as they are kept
    wanted: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """`file`: the SHA-256 of what is kept; `kind`: "picture", "pdf", "sheet" or "file"."""

    file: str
    name: str
    kind: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade in a text: characters [start, end) of it, its concept, and its name for the reader."""

    start: int
    end: int
    concept: str
    name: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """`text` in `language`, as it was written, or of a template in the reader's. `translation`: by whom the market has
    for it, "" where there is none. `is_own`: the reader's side wrote it. `is_read`: the other side has seen it."""

    id: uuid.UUID
    kind: MessageKind
    side: Side
    who: str
    text: str
    language: str
    translation: str
    terms: tuple[Term, ...]
    attachments: tuple[Attachment, ...]
    quotation: int | None
    quotation_version: int | None
    sent_at: datetime
    is_own: bool
    is_read: bool
    number: int = 0  # from 1, in its conversation: what `mark_read` and the next page are asked with
    quotation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """A conversation in a list. `unread`: messages that the reader's side has not seen. `last`: the beginning of the
    newest message. `waits_for`: the side that has to answer; the market where nobody has to. To a stall an agent's
    buyer is a country and no name. `quotation`: the number of the newest that was sent."""

    id: uuid.UUID
    enquiry: int | None
    order: int | None
    stall: int
    stall_names: Mapping[str, str]
    buyer: Part
    agent: Part
    subject: str
    language: str
    last: str
    last_at: datetime
    unread: int
    waits_for: Side
    quotation: int | None
    country: str = ""  # the buyer's
    seller: uuid.UUID | None = None
    messages: int = 0


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation and what it is about, for the side that reads it: of an enquiry to thirty stalls a stall sees the
    goods that are its own."""

    card: ConversationCard
    side: Side
    question: Question | None
    photos: tuple[Attachment, ...]
    is_closed: bool
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnquiryCard:
    """An enquiry in a list. `asked`: how many stalls; `answered`: how many of them wrote back; `unread`: messages."""

    number: int
    id: uuid.UUID
    text: str
    language: str
    buyer: Part
    agent: Part
    state: EnquiryState
    asked_at: datetime
    asked: int
    answered: int
    quotations: int
    unread: int


@dataclass(frozen=True, slots=True)
class EnquiryView:
    number: int
    id: uuid.UUID
    question: Question
    buyer: Part
    agent: Part
    state: EnquiryState
    asked_at: datetime
    conversations: tuple[ConversationCard, ...]
    quotations: int
    photos: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What `ask` answers. `left_out`: the stalls that were not asked, and why."""

    number: int
    asked: int
    left_out: tuple[Finding, ...] = ()
    again: bool = False  # it had been asked before, by the same key


# Quotations ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuotedStep:
    """From `quantity` pieces on, `price_per` of them (as the line says) cost `price_minor`."""

    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What is quoted of one thing. `pieces`: for how many it is laid out (the buyer's quantity). As it is read: of its
    variant the names in the catalogue; `choices`: where its good comes in variants and none is quoted, those among
    which the buyer chooses."""

    ladder: tuple[QuotedStep, ...]
    pieces: int
    price_per: int = 1
    good: int | None = None
    variant: uuid.UUID | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh"
    item_number: str = ""
    unit: str = "piece"
    carton: Carton = field(default_factory=Carton)
    photo: str = ""
    note: str = ""
    id: uuid.UUID | None = None
    variant_names: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Variant, ...] = ()

    def price_at(self, pieces: int) -> QuotedStep | None:
        """The step that holds for so many; None: fewer than are sold."""
        return next((step for step in reversed(self.ladder) if step.quantity <= pieces), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What goes with a quotation. `incoterm` and the `place` it names (Incoterms 2020); `deposit_bp`: hundredths of a
    percent of the value that are paid in advance."""

    currency: str = "CNY"
    valid_until: date | None = None
    lead_time_days: int | None = None
    incoterm: str = ""
    place: str = ""
    packing: str = ""
    deposit_bp: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuotationView:
    """A version of a quotation. `number` is of all its versions; `value_minor` at the pieces laid out."""

    id: uuid.UUID
    number: int
    version: int
    is_newest: bool
    conversation: uuid.UUID | None
    stall: int
    stall_names: Mapping[str, str]
    seller: uuid.UUID
    buyer: Part
    agent: Part
    state: QuotationState
    terms: Terms
    lines: tuple[QuotedLine, ...]
    value_minor: int
    sent_at: datetime | None
    decided_at: datetime | None
    reason: str

    @property
    def choices(self) -> Mapping[uuid.UUID, tuple[Variant, ...]]:
        """Of which lines the buyer chooses the variants, and among which."""
        return {line.id: line.choices for line in self.lines if line.choices and line.id is not None}

    def is_open(self, day: date) -> bool:
        """Whether it can be accepted on `day`."""
        return (
            self.state is QuotationState.SENT
            and self.is_newest
            and (self.terms.valid_until is None or day <= self.terms.valid_until)
        )


@dataclass(frozen=True, slots=True)
class QuotationCard:
    """A version of a quotation in a list."""

    id: uuid.UUID
    number: int
    version: int
    is_newest: bool
    conversation: uuid.UUID | None
    enquiry: int | None
    stall: int
    stall_names: Mapping[str, str]
    buyer: Part
    agent: Part
    country: str
    state: QuotationState
    currency: str
    valid_until: date | None
    lead_time_days: int | None
    value_minor: int
    lines: int
    sent_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What `accept_quotations` answers: the order (a basket, or placed) in which their lines stand now."""

    order: int
    quotations: tuple[int, ...]
    placed: bool = False
    again: bool = False  # they had been accepted before, by the same key


@dataclass(frozen=True, slots=True)
class Compared:
    """Quotations side by side: one row a thing that is asked for, one cell a quotation (None: it has no such line).
    The last of a row is the place (from 0) of the quotation whose line is cheapest per piece at the pieces laid out;
    None where only one quotes it, or in several currencies."""

    quotations: tuple[QuotationView, ...]
    rows: tuple[tuple[str, tuple[QuotedLine | None, ...], int | None], ...]
