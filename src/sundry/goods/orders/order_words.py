"""What pages call the states and happenings of orders, enquiries and quotations: one word and one badge everywhere.

    badge, word = STATES[sub.state]            {% badge badge word %}

A timeline tells by whole sentences with named blanks. Of each kind of event there are several, the fullest first:
`sentence_of` takes the first whose blanks are all filled, so that an event that says less is told by less, and never
with a hole in it. What an event's `details` may hold: `day` (ISO date), `reason`, `amount_minor` with `currency`,
`pieces`, `cartons`, `ticket` (its number), `change` (a ChangeKind), `payment` (a PaymentKind).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from sundry.goods.orders.enquiry_rules import EnquiryState, QuotationState
from sundry.goods.orders.mark_rules import Mark
from sundry.goods.orders.order_rules import (
    ChangeKind,
    ChangeState,
    Collector,
    EventKind,
    MandateState,
    OrderState,
    PaymentKind,
    PaymentState,
    Side,
    State,
    Supply,
)

Word = str | Promise
Badge = tuple[str, Word]  # what {% badge %} takes: kind and word

# States -------------------------------------------------------------------------------------------------------------

STATES: Final[Mapping[State, Badge]] = {
    State.DRAFT: ("neutral", pgettext_lazy("state of a stall's part", "In the basket")),
    State.PLACED: ("waiting", pgettext_lazy("state of a stall's part", "Waits for the stall")),
    State.CONFIRMED: ("working", pgettext_lazy("state of a stall's part", "Confirmed")),
    State.READY: ("working", pgettext_lazy("state of a stall's part", "Ready")),
    State.HANDED_OVER: ("ok", pgettext_lazy("state of a stall's part", "Handed over")),
    State.CLOSED: ("ok", pgettext_lazy("state of a stall's part", "Closed")),
    State.DECLINED: ("error", pgettext_lazy("state of a stall's part", "Declined")),
    State.LAPSED: ("attention", pgettext_lazy("state of a stall's part", "Not answered in time")),
    State.CANCELLED: ("neutral", pgettext_lazy("state of a stall's part", "Cancelled")),
}
LATE: Final[Badge] = ("attention", pgettext_lazy("state of a stall's part", "Late"))
PROPOSED: Final[Badge] = ("attention", pgettext_lazy("state of a stall's part", "A change is proposed"))

ORDER_STATES: Final[Mapping[OrderState, Badge]] = {
    OrderState.DRAFT: ("neutral", pgettext_lazy("state of an order", "Basket")),
    OrderState.OPEN: ("working", pgettext_lazy("state of an order", "Open")),
    OrderState.DONE: ("ok", pgettext_lazy("state of an order", "Done")),
    OrderState.CANCELLED: ("neutral", pgettext_lazy("state of an order", "Cancelled")),
}

ENQUIRY_STATES: Final[Mapping[EnquiryState, Badge]] = {
    EnquiryState.OPEN: ("working", pgettext_lazy("state of an enquiry", "Open")),
    EnquiryState.CLOSED: ("neutral", pgettext_lazy("state of an enquiry", "Closed")),
}

QUOTATION_STATES: Final[Mapping[QuotationState, Badge]] = {
    QuotationState.DRAFT: ("neutral", pgettext_lazy("state of a quotation", "Draft")),
    QuotationState.SENT: ("waiting", pgettext_lazy("state of a quotation", "Can be accepted")),
    QuotationState.ACCEPTED: ("ok", pgettext_lazy("state of a quotation", "Accepted")),
    QuotationState.DECLINED: ("error", pgettext_lazy("state of a quotation", "Declined")),
    QuotationState.WITHDRAWN: ("neutral", pgettext_lazy("state of a quotation", "Taken back")),
    QuotationState.EXPIRED: ("attention", pgettext_lazy("state of a quotation", "Expired")),
    QuotationState.SUPERSEDED: ("neutral", pgettext_lazy("state of a quotation", "Replaced by a newer one")),
}

CHANGE_STATES: Final[Mapping[ChangeState, Badge]] = {
    ChangeState.PROPOSED: ("waiting", pgettext_lazy("state of a change", "Proposed")),
    ChangeState.ACCEPTED: ("ok", pgettext_lazy("state of a change", "Accepted")),
    ChangeState.DECLINED: ("error", pgettext_lazy("state of a change", "Declined")),
    ChangeState.WITHDRAWN: ("neutral", pgettext_lazy("state of a change", "Taken back")),
    ChangeState.OVERTAKEN: ("attention", pgettext_lazy("state of a change", "Overtaken by another change")),
}

PAYMENT_STATES: Final[Mapping[PaymentState, Badge]] = {
    PaymentState.TOLD: ("waiting", pgettext_lazy("state of a payment", "Waits for the stall")),
    PaymentState.ACKNOWLEDGED: ("ok", pgettext_lazy("state of a payment", "Received")),
    PaymentState.REFUSED: ("error", pgettext_lazy("state of a payment", "Not received")),
    PaymentState.WITHDRAWN: ("neutral", pgettext_lazy("state of a payment", "Taken back")),
}

MANDATE_STATES: Final[Mapping[MandateState, Badge]] = {
    MandateState.OFFERED: ("waiting", pgettext_lazy("state of a mandate", "Waits for the buyer")),
    MandateState.IN_FORCE: ("ok", pgettext_lazy("state of a mandate", "In force")),
    MandateState.DECLINED: ("error", pgettext_lazy("state of a mandate", "Declined")),
    MandateState.ENDED: ("neutral", pgettext_lazy("state of a mandate", "Ended")),
}

TICKETS: Final[Mapping[str, Badge]] = {  # SubView.ticket
    "none": ("neutral", pgettext_lazy("state of a trade ticket", "Not drawn up yet")),
    "drawn": ("waiting", pgettext_lazy("state of a trade ticket", "Waits for both")),
    "buyer": ("waiting", pgettext_lazy("state of a trade ticket", "Waits for the stall")),
    "stall": ("waiting", pgettext_lazy("state of a trade ticket", "Waits for the buyer")),
    "both": ("ok", pgettext_lazy("state of a trade ticket", "Confirmed by both")),
}
TICKET_VOID: Final[Badge] = ("neutral", pgettext_lazy("state of a trade ticket", "Void"))

MARKS: Final[Mapping[str, Badge]] = {  # mark_rules.Mark
    Mark.CHASE.value: ("attention", pgettext_lazy("mark on the desk", "To chase")),
    Mark.ASK.value: ("waiting", pgettext_lazy("mark on the desk", "Ask again")),
    Mark.PAID.value: ("ok", pgettext_lazy("mark on the desk", "Paid")),
    Mark.CHECK.value: ("working", pgettext_lazy("mark on the desk", "To check")),
}


def mark_badge(word: str) -> Badge:
    """Of a mark on the desk; a word of her own is said as she wrote it."""
    return MARKS.get(word, ("neutral", word))


def marks_to_choose(own: Collection[str]) -> list[tuple[str, Word]]:
    """Those that everybody has, then her own."""
    return [*((mark, word) for mark, (_badge, word) in MARKS.items()), *((word, word) for word in own)]


# Words without a badge ----------------------------------------------------------------------------------------------

SIDES: Final[Mapping[Side, Word]] = {
    Side.BUYER: pgettext_lazy("side of an order", "The buyer"),
    Side.STALL: pgettext_lazy("side of an order", "The stall"),
    Side.MARKET: pgettext_lazy("side of an order", "The market"),
}
CHANGE_KINDS: Final[Mapping[ChangeKind, Word]] = {
    ChangeKind.AMEND: pgettext_lazy("kind of a change", "Other quantities or prices"),
    ChangeKind.PART_CANCEL: pgettext_lazy("kind of a change", "Fewer pieces, or none"),
    ChangeKind.SUBSTITUTE: pgettext_lazy("kind of a change", "Another good instead"),
    ChangeKind.PROMISE: pgettext_lazy("kind of a change", "Another day"),
}
PAYMENT_KINDS: Final[Mapping[PaymentKind, Word]] = {
    PaymentKind.DEPOSIT: pgettext_lazy("kind of a payment", "Deposit"),
    PaymentKind.BALANCE: pgettext_lazy("kind of a payment", "Balance"),
}
SUPPLIES: Final[Mapping[Supply, Word]] = {
    Supply.STOCK: pgettext_lazy("supply of a line", "From stock"),
    Supply.MADE: pgettext_lazy("supply of a line", "Made to order"),
    Supply.UNLISTED: pgettext_lazy("supply of a line", "As agreed with the stall"),
}
COLLECTORS: Final[Mapping[Collector, Word]] = {
    Collector.AGENT: gettext_lazy("The agent collects the foreign exchange"),
    Collector.STALL: gettext_lazy("The stall collects the foreign exchange"),
}

ORDER_SORTS: Final[Mapping[str, Word]] = {  # queries_orders.Sort
    "newest": pgettext_lazy("order of orders", "Newest first"),
    "value": pgettext_lazy("order of orders", "Largest value first"),
    "changed": pgettext_lazy("order of orders", "Changed last"),
}

# Timeline -----------------------------------------------------------------------------------------------------------

TIMELINE: Final[Mapping[EventKind, tuple[Word, ...]]] = {
    EventKind.STARTED: (gettext_lazy("%(who)s began this basket."),),
    EventKind.PLACED: (
        gettext_lazy("%(who)s placed the order for %(amount)s."),
        gettext_lazy("%(who)s placed the order."),
    ),
    EventKind.CONFIRMED: (
        gettext_lazy("%(who)s confirmed %(code)s and promised it for %(day)s."),
        gettext_lazy("%(who)s confirmed %(code)s."),
        gettext_lazy("%(who)s confirmed the order."),
    ),
    EventKind.DECLINED: (
        gettext_lazy("%(who)s declined %(code)s: %(reason)s"),
        gettext_lazy("%(who)s declined %(code)s."),
        gettext_lazy("%(who)s declined the order."),
    ),
    EventKind.LAPSED: (
        gettext_lazy("Nobody answered %(code)s in time. It has ended, and what it had reserved is free again."),
        gettext_lazy("Nobody answered in time. The order has ended, and what it had reserved is free again."),
    ),
    EventKind.CANCELLED: (
        gettext_lazy("%(who)s cancelled %(code)s: %(reason)s"),
        gettext_lazy("%(who)s cancelled %(code)s."),
        gettext_lazy("%(who)s cancelled the order: %(reason)s"),
        gettext_lazy("%(who)s cancelled the order."),
    ),
    EventKind.READY: (
        gettext_lazy("%(who)s has %(code)s ready to be handed over."),
        gettext_lazy("%(who)s has the goods ready to be handed over."),
    ),
    EventKind.HANDED_OVER: (
        gettext_lazy("%(who)s handed over goods of %(code)s. Pieces: %(pieces)s. Cartons: %(cartons)s."),
        gettext_lazy("%(who)s handed over goods of %(code)s. Pieces: %(pieces)s."),
        gettext_lazy("%(who)s handed over goods of %(code)s."),
        gettext_lazy("%(who)s handed over goods."),
    ),
    EventKind.CLOSED: (
        gettext_lazy("%(code)s is handed over and paid, and so closed."),
        gettext_lazy("All is handed over and paid, and so closed."),
    ),
    EventKind.CHANGE_PROPOSED: (
        gettext_lazy("%(who)s proposed a change of %(code)s: %(reason)s"),
        gettext_lazy("%(who)s proposed a change of %(code)s."),
        gettext_lazy("%(who)s proposed a change."),
    ),
    EventKind.CHANGE_ACCEPTED: (
        gettext_lazy("%(who)s accepted the change of %(code)s. It now comes to %(amount)s."),
        gettext_lazy("%(who)s accepted the change of %(code)s."),
        gettext_lazy("%(who)s accepted the change."),
    ),
    EventKind.CHANGE_DECLINED: (
        gettext_lazy("%(who)s declined the change of %(code)s: %(reason)s"),
        gettext_lazy("%(who)s declined the change of %(code)s."),
        gettext_lazy("%(who)s declined the change."),
    ),
    EventKind.CHANGE_WITHDRAWN: (
        gettext_lazy("%(who)s took back the change of %(code)s."),
        gettext_lazy("%(who)s took back the change."),
    ),
    EventKind.TICKET_DRAWN: (
        gettext_lazy("%(who)s drew up the trade ticket %(ticket)s of %(code)s."),
        gettext_lazy("%(who)s drew up the trade ticket of %(code)s."),
        gettext_lazy("%(who)s drew up a trade ticket."),
    ),
    EventKind.TICKET_CONFIRMED: (
        gettext_lazy("%(who)s confirmed the trade ticket %(ticket)s of %(code)s."),
        gettext_lazy("%(who)s confirmed the trade ticket of %(code)s."),
        gettext_lazy("%(who)s confirmed a trade ticket."),
    ),
    EventKind.PAYMENT_TOLD: (
        gettext_lazy("%(who)s told of a payment of %(amount)s for %(code)s."),
        gettext_lazy("%(who)s told of a payment for %(code)s."),
        gettext_lazy("%(who)s told of a payment."),
    ),
    EventKind.PAYMENT_ACKNOWLEDGED: (
        gettext_lazy("%(who)s has received %(amount)s for %(code)s."),
        gettext_lazy("%(who)s has received a payment for %(code)s."),
        gettext_lazy("%(who)s has received a payment."),
    ),
    EventKind.PAYMENT_REFUSED: (
        gettext_lazy("%(who)s has not received the payment of %(amount)s for %(code)s: %(reason)s"),
        gettext_lazy("%(who)s has not received the payment for %(code)s."),
        gettext_lazy("%(who)s has not received the payment."),
    ),
    EventKind.PAYMENT_WITHDRAWN: (
        gettext_lazy("%(who)s took back what was told of a payment of %(amount)s for %(code)s."),
        gettext_lazy("%(who)s took back what was told of a payment for %(code)s."),
        gettext_lazy("%(who)s took back what was told of a payment."),
    ),
}
TIMELINE_ICONS: Final[Mapping[EventKind, str]] = {  # what stands before the sentence
    EventKind.STARTED: "plus",
    EventKind.PLACED: "arrow-end",
    EventKind.CONFIRMED: "check",
    EventKind.DECLINED: "close",
    EventKind.LAPSED: "clock",
    EventKind.CANCELLED: "stop",
    EventKind.READY: "box",
    EventKind.HANDED_OVER: "truck",
    EventKind.CLOSED: "mark",
    EventKind.CHANGE_PROPOSED: "edit",
    EventKind.CHANGE_ACCEPTED: "check",
    EventKind.CHANGE_DECLINED: "close",
    EventKind.CHANGE_WITHDRAWN: "undo",
    EventKind.TICKET_DRAWN: "document",
    EventKind.TICKET_CONFIRMED: "check",
    EventKind.PAYMENT_TOLD: "bank",
    EventKind.PAYMENT_ACKNOWLEDGED: "check",
    EventKind.PAYMENT_REFUSED: "close",
    EventKind.PAYMENT_WITHDRAWN: "undo",
}

_BLANK: Final = re.compile(r"%\((\w+)\)s")


def blanks_of(sentence: Word) -> frozenset[str]:
    """The names of its blanks."""
    return frozenset(_BLANK.findall(str(sentence)))


def sentence_of(kind: EventKind, filled: Collection[str]) -> str:
    """The fullest sentence of an event whose blanks are all among `filled`, in the reader's language.

    ValueError: the event lacks even what the shortest needs.
    """
    known = frozenset(filled)
    for sentence in TIMELINE[kind]:
        if blanks_of(sentence) <= known:
            return str(sentence)
    raise ValueError(f"{kind}: nothing can be told with {sorted(known)}")
