"""One order of one buyer over many stalls: what it is made of, what it comes to, and what may become of it.

Problem: a buyer walks past thirty stalls and wants one order and one total; each stall knows only its own part of it,
is fast or slow by itself, and is paid by itself. Where the order has one state, the slowest stall holds up all others;
where sums are counted twice, they differ. Therefore an `Order` is the sum of `SubOrder`s, one a stall, each with a life
of its own; a sub-order is the sum of its `Line`s; money is a whole number of minor units of the order's one currency;
and whatever can be divided (a value, a deposit) is rounded once, where it is made, and added up from there on.

Worked case: 5 dozen scarves at 96.00 a dozen and 1,000 clips at 0.085 a piece, written as 85.00 a thousand, are
60 x 9600 / 12 = 48000 and 1000 x 8500 / 1000 = 8500 fen: 565.00 yuan. Of it 30 % in advance is 16950 fen, the balance
is what is left: 39550. With 7 clips at 85.00 a thousand: 7 x 8500 / 1000 = 59.5, half-even, 60 fen.

    draft -> placed -> confirmed -> ready -> handed_over -> closed
                    -> declined            (by the stall)
                    -> lapsed              (nobody answered in time)
             placed, confirmed, ready -> cancelled

A line's pieces are promised when the order is placed (ledger: pending from the stall's shelf, or from the weeks of a
factory), reserved when the stall confirms, and the buyer's own when they are handed over.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

# Technical limits: for so much the tables, the pages and the benchmark are made, and int64 and the ledger hold it. They
# are no rule of the trade: what a market sets for itself stands in parameters/orders.yaml (trade_limits.py).
LINES_MAX: Final = 5_000  # of an order
STALLS_MAX: Final = 500
DRAFTS_MAX: Final = 200  # baskets of one organisation that are not placed
PIECES_MAX: Final = 100_000_000  # of a line; as the catalogue's QUANTITY_MAX
PRICE_MINOR_MAX: Final = 10_000_000_00
PRICE_PER_MAX: Final = 100_000
VALUE_MINOR_MAX: Final = 2**63 - 1  # of an order: what the ledger and int64 hold
NAME_MAX: Final = 120
NOTE_MAX: Final = 1_000
REASON_MAX: Final = 500
WHOLE_BP: Final = 10_000  # of a deposit: a hundredth of a percent


class State(StrEnum):
    """Of a sub-order."""

    DRAFT = "draft"  # in the basket
    PLACED = "placed"  # the stall has to answer
    CONFIRMED = "confirmed"
    READY = "ready"  # made and packed, waits to be handed over
    HANDED_OVER = "handed_over"  # all of it
    CLOSED = "closed"  # handed over, and paid
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({State.CLOSED, State.DECLINED, State.LAPSED, State.CANCELLED})
UNDONE: Final = frozenset({State.DECLINED, State.LAPSED, State.CANCELLED})
"""Ended without goods: they count in no total of an order."""
BINDING: Final = frozenset({State.CONFIRMED, State.READY})
"""Both sides have said yes, and something is still to be handed over: a change needs both again."""

NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.PLACED}),
    State.PLACED: frozenset({State.CONFIRMED, State.DECLINED, State.LAPSED, State.CANCELLED}),
    # Closed at once where it is paid before it is handed over.
    State.CONFIRMED: frozenset({State.READY, State.HANDED_OVER, State.CLOSED, State.CANCELLED}),
    State.READY: frozenset({State.HANDED_OVER, State.CLOSED, State.CANCELLED}),
    State.HANDED_OVER: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset(),
    State.CANCELLED: frozenset(),
}


class OrderState(StrEnum):
    """Of an order, as its sub-orders make it."""

    DRAFT = "draft"
    OPEN = "open"
    DONE = "done"  # every stall has handed over what it had to
    CANCELLED = "cancelled"  # nothing of it came about


def order_state(states: Collection[State]) -> OrderState:
    """What an order is, given its sub-orders; ValueError: there is none."""
    if not states:
        raise ValueError("an order without sub-orders")
    if State.DRAFT in states:
        return OrderState.DRAFT
    if all(state in UNDONE for state in states):
        return OrderState.CANCELLED
    if all(state in UNDONE or state in (State.HANDED_OVER, State.CLOSED) for state in states):
        return OrderState.DONE
    return OrderState.OPEN


class Side(StrEnum):
    """On which side of an order somebody acts."""

    BUYER = "buyer"  # or who buys under a mandate
    STALL = "stall"
    MARKET = "market"  # the market itself: what lapses, what is late


class Supply(StrEnum):
    """Out of what a line is delivered."""

    STOCK = "stock"
    MADE = "made"
    UNLISTED = "unlisted"  # no good of the catalogue, or one whose stock nobody counts: nothing is drawn


class Collector(StrEnum):
    """Who collects the foreign exchange of a line (isAgencyReceipt of the platform's trade ticket): exactly one."""

    AGENT = "agent"
    STALL = "stall"


class MandateState(StrEnum):
    OFFERED = "offered"  # by the agent; the buyer has to grant it
    IN_FORCE = "in_force"
    DECLINED = "declined"
    ENDED = "ended"


class ChangeKind(StrEnum):
    """What a proposed change of a confirmed sub-order is."""

    AMEND = "amend"  # pieces or price of lines
    PART_CANCEL = "part_cancel"  # fewer pieces, or none, of lines
    SUBSTITUTE = "substitute"  # another good in place of one
    PROMISE = "promise"  # another day


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # the sub-order has changed or ended meanwhile


class PaymentKind(StrEnum):
    DEPOSIT = "deposit"
    BALANCE = "balance"


class PaymentState(StrEnum):
    TOLD = "told"  # by the buyer; counts for nothing yet
    ACKNOWLEDGED = "acknowledged"  # the stall has it
    REFUSED = "refused"  # the stall has not
    WITHDRAWN = "withdrawn"


class EventKind(StrEnum):
    """What stands in the timeline of an order."""

    STARTED = "started"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    READY = "ready"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    CHANGE_PROPOSED = "change_proposed"
    CHANGE_ACCEPTED = "change_accepted"
    CHANGE_DECLINED = "change_declined"
    CHANGE_WITHDRAWN = "change_withdrawn"
    TICKET_DRAWN = "ticket_drawn"
    TICKET_CONFIRMED = "ticket_confirmed"
    PAYMENT_TOLD = "payment_told"
    PAYMENT_ACKNOWLEDGED = "payment_acknowledged"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_WITHDRAWN = "payment_withdrawn"


# Sums ---------------------------------------------------------------------------------------------------------------


def value_of(pieces: int, price_minor: int, price_per: int = 1) -> int:
    """What `pieces` cost in minor units at `price_minor` for `price_per` pieces, rounded once, half-even.

    >>> value_of(7, 8500, 1000)
    60
    """
    return round(Fraction(pieces * price_minor, price_per))


def deposit_of(value_minor: int, deposit_bp: int) -> int:
    """What of a value is paid in advance, `deposit_bp` hundredths of a percent of it; the balance is the rest.

    >>> deposit_of(56500, 3000)
    16950
    """
    return round(Fraction(value_minor * deposit_bp, WHOLE_BP))


@dataclass(frozen=True, slots=True)
class Carton:
    """The outer carton of a line; what is not known is None."""

    pieces: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    gross_g: int | None = None
    net_g: int | None = None

    @property
    def volume_mm3(self) -> int | None:
        if self.length_mm is None or self.width_mm is None or self.height_mm is None:
            return None
        return self.length_mm * self.width_mm * self.height_mm

    def cartons(self, pieces: int) -> int | None:
        """How many cartons `pieces` fill, the last one perhaps in part."""
        return None if self.pieces is None else -(-pieces // self.pieces)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a sub-order or an order. Volume and weight are of the lines whose carton is known; `unmeasured` is how many
    lines are not, so that nobody takes a part for the whole."""

    lines: int = 0
    pieces: int = 0
    cartons: int = 0
    value_minor: int = 0
    deposit_minor: int = 0
    paid_minor: int = 0
    volume_mm3: int = 0
    gross_g: int = 0
    unmeasured: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.lines + other.lines,
            self.pieces + other.pieces,
            self.cartons + other.cartons,
            self.value_minor + other.value_minor,
            self.deposit_minor + other.deposit_minor,
            self.paid_minor + other.paid_minor,
            self.volume_mm3 + other.volume_mm3,
            self.gross_g + other.gross_g,
            self.unmeasured + other.unmeasured,
        )

    @property
    def balance_minor(self) -> int:
        """What is still to be paid."""
        return self.value_minor - self.paid_minor


def line_totals(pieces: int, value_minor: int, carton: Carton) -> Totals:
    """What one line adds. A carton counts as measured when its volume, weight and pieces are known.

    >>> line_totals(250, 80000, Carton(120, 500, 400, 300, 12000, 11000)).cartons
    3
    """
    cartons = carton.cartons(pieces)
    volume = carton.volume_mm3
    measured = cartons is not None and volume is not None and carton.gross_g is not None
    return Totals(
        lines=1 if pieces else 0,
        pieces=pieces,
        cartons=cartons or 0,
        value_minor=value_minor,
        volume_mm3=(cartons or 0) * (volume or 0),
        gross_g=(cartons or 0) * (carton.gross_g or 0),
        unmeasured=int(bool(pieces) and not measured),
    )


def fill_bp(volume_mm3: int, inside_mm3: int) -> int:
    """How full a container would be, in hundredths of a percent, rounded down: 7100 is 71 %.

    `inside_mm3`: what can be used of it (base/reference container types)."""
    return volume_mm3 * WHOLE_BP // inside_mm3


# What is asked for --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """A line as somebody asks for it. Either a good of the catalogue (`good`, its number; `variant` where it has some)
    or one that is described: then `stall`, `names` and `price_minor` are needed.

    `price_minor` None: what the ladder says for so many pieces. `price_per`: for how many pieces the price is. A price
    below the ladder's, or any other than it, is the buyer's offer: the stall sees both before it confirms.
    `quotation_line`: what the price was quoted in. `row`: of the sheet it came from, for messages.
    """

    pieces: int
    good: int | None = None
    variant: uuid.UUID | None = None
    stall: int | None = None  # its number
    names: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh"
    item_number: str = ""
    unit: str = "piece"
    price_minor: int | None = None
    price_per: int = 1
    carton: Carton = field(default_factory=Carton)
    hs_code: str = ""
    collector: Collector | None = None  # None: as the order says
    mark: str = ""
    note: str = ""
    photo: str = ""
    quotation_line: uuid.UUID | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of an order as a whole. `destination`: a country, ISO 3166; `port`: UN/LOCODE."""

    currency: str = "CNY"
    name: str = ""
    destination: str = ""
    port: str = ""
    collector: Collector = Collector.AGENT
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineChange:
    """What a proposed change makes of one line; None: as it is. `pieces` 0 takes it out. `substitute`: the good, by its
    number (and variant), that comes in its place."""

    line: uuid.UUID
    pieces: int | None = None
    price_minor: int | None = None
    price_per: int | None = None
    substitute: int | None = None
    variant: uuid.UUID | None = None


# What queries answer ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation that takes part, by name."""

    organisation: uuid.UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class LineView:
    id: uuid.UUID
    position: int
    sub: uuid.UUID
    good: int | None  # its number
    variant: uuid.UUID | None
    names: Mapping[str, str]
    variant_names: Mapping[str, str]
    language: str
    item_number: str
    unit: str
    photo: str
    pieces: int
    price_minor: int
    price_per: int
    list_price_minor: int | None  # the ladder's for so many pieces, when it was placed; None: there is no ladder
    value_minor: int
    carton: Carton
    cartons: int | None
    hs_code: str
    supply: Supply
    collector: Collector
    promised_day: date | None
    handed_pieces: int
    cancelled_pieces: int
    mark: str
    note: str
    version: int

    @property
    def open_pieces(self) -> int:
        return self.pieces - self.handed_pieces


@dataclass(frozen=True, slots=True)
class SubView:
    """A stall's part of an order. `code`: "10234-3", what people call it. `seller`: the organisation that holds the
    stall. `answer_by`: until when the stall may confirm."""

    id: uuid.UUID
    code: str
    order: int
    stall: int  # its number
    stall_names: Mapping[str, str]
    place: str
    seller: uuid.UUID
    state: State
    totals: Totals
    deposit_bp: int
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
    has_proposal: bool
    ticket: str  # "none", "drawn", "buyer", "stall" (who has confirmed), "both"

    @property
    def is_undone(self) -> bool:
        """Whether it came to nothing: nothing is owed for it."""
        return self.state in UNDONE

    def is_late(self, today: date) -> bool:
        """Whether it was to be handed over before `today`, and has not been."""
        return self.state in BINDING and self.promised_day is not None and self.promised_day < today


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a list. `states`: how many of its sub-orders are in which state. `late`: how many are late."""

    id: uuid.UUID
    number: int
    name: str
    state: OrderState
    buyer: Part
    agent: Part
    currency: str
    destination: str
    totals: Totals
    stalls: int
    states: Mapping[State, int]
    late: int
    promised_day: date | None
    placed_at: datetime | None
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order whole, but for its lines: they come by pages (`queries_orders.lines`)."""

    card: OrderCard
    port: str
    collector: Collector
    note: str
    mandate: uuid.UUID | None
    person: uuid.UUID | None
    subs: tuple[SubView, ...]
    repeats: int | None
    repeated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`sub`: the code of the sub-order, "" for the order. `who`: the person's name, "" where another's person did it
    (then `organisation` is what is shown)."""

    id: uuid.UUID
    kind: EventKind
    at: datetime
    sub: str
    side: Side
    who: str
    organisation: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposed change with the lines before and after; `value_minor` is the difference it makes."""

    id: uuid.UUID
    sub: uuid.UUID
    sub_code: str
    kind: ChangeKind
    state: ChangeState
    side: Side  # that proposed it
    reason: str
    base_version: int
    promised_day: date | None
    changes: tuple[LineChange, ...]
    before: tuple[LineView, ...]
    value_minor: int
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentView:
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


@dataclass(frozen=True, slots=True)
class TicketView:
    """A trade ticket (交易单): what one stall sold one buyer, as both have confirmed it. `content` is what is signed,
    `digest` its SHA-256. Without both confirmations of its newest version nothing of it is exported."""

    id: uuid.UUID
    number: str
    sub: uuid.UUID
    version: int
    content: Mapping[str, Any]
    digest: str
    drawn_at: datetime
    buyer_confirmed_at: datetime | None
    stall_confirmed_at: datetime | None
    is_void: bool

    @property
    def is_complete(self) -> bool:
        return not self.is_void and self.buyer_confirmed_at is not None and self.stall_confirmed_at is not None


@dataclass(frozen=True, slots=True)
class MandateView:
    """An agent buys on behalf of a buyer. `buyer` None: a client who is not in the market herself; the agent keeps her
    paper, and says so. `limit_minor`: of one order, None: no limit."""

    id: uuid.UUID
    agent: Part
    buyer: Part
    client_country: str
    state: MandateState
    reference: str
    currency: str
    limit_minor: int | None
    valid_from: date
    valid_until: date | None

    def holds(self, day: date) -> bool:
        return (
            self.state is MandateState.IN_FORCE
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """What `place` answers."""

    order: int
    codes: tuple[str, ...]  # of its sub-orders
    value_minor: int
    currency: str
    again: bool = False  # it had been placed before, by the same key


def sums_agree(whole: Totals, parts: Iterable[Totals]) -> bool:
    """Whether a whole is what its parts come to, to the last minor unit."""
    return sum(parts, Totals()) == whole


def weeks_for(
    pieces: int, *, first_week: date, capacity: int, taken: Sequence[int]
) -> tuple[tuple[date, int], ...] | None:
    """In which weeks (their Mondays) a factory makes `pieces`, the earliest first; None: not within `taken`'s weeks.

    `capacity` pieces a week, of which `taken[i]` are promised in the i-th week from `first_week` on.

    >>> weeks_for(500, first_week=date(2026, 11, 23), capacity=300, taken=[100, 0, 0])
    ((datetime.date(2026, 11, 23), 200), (datetime.date(2026, 11, 30), 300))
    """
    drawn: list[tuple[date, int]] = []
    for index, used in enumerate(taken):
        free = min(max(capacity - used, 0), pieces)
        if free:
            drawn.append((first_week + timedelta(weeks=index), free))
            pieces -= free
        if not pieces:
            return tuple(drawn)
    return None


def monday(day: date) -> date:
    """Of the week in which `day` is."""
    return day - timedelta(days=day.weekday())
