"""What programs elsewhere can be told of enquiries, quotations and orders; each only those who have a part in it."""

from __future__ import annotations

from typing import Final

from sundry.base.webhooks.rules import Kind

ORDER_PLACED: Final = "order.placed"
ORDER_CONFIRMED: Final = "order.confirmed"
ORDER_DECLINED: Final = "order.declined"
ORDER_CANCELLED: Final = "order.cancelled"
ORDER_LAPSED: Final = "order.lapsed"
ORDER_CHANGED: Final = "order.changed"
ORDER_READY: Final = "order.ready"
ORDER_HANDED_OVER: Final = "order.handed_over"
ENQUIRY_ASKED: Final = "enquiry.asked"
MESSAGE_SENT: Final = "message.sent"
QUOTATION_SENT: Final = "quotation.sent"
QUOTATION_ACCEPTED: Final = "quotation.accepted"
PAYMENT_TOLD: Final = "payment.told"
PAYMENT_ACKNOWLEDGED: Final = "payment.acknowledged"
TICKET_CONFIRMED: Final = "ticket.confirmed"

_SUB: Final = {"order": 10234, "code": "10234-3", "sub": "019ab000-0000-7000-8000-000000000003", "version": 2}
_TALK: Final = {"conversation": "019ab000-0000-7000-8000-000000000004", "enquiry": 10233}
_QUOTATION: Final = {"quotation": 10235, "version": 1}
_PAYMENT: Final = _SUB | {"payment": "019ab000-0000-7000-8000-000000000005", "amount_minor": 16950, "currency": "CNY"}

KINDS: Final = (
    Kind(ORDER_PLACED, "A buyer has placed an order: the stall answers its part of it.", _SUB),
    Kind(ORDER_CONFIRMED, "A stall has confirmed its part of an order.", _SUB),
    Kind(ORDER_DECLINED, "A stall does not deliver its part of an order.", _SUB),
    Kind(ORDER_CANCELLED, "A part of an order was cancelled.", _SUB),
    Kind(ORDER_LAPSED, "A stall did not answer in time: its part of an order has lapsed.", _SUB),
    Kind(ORDER_CHANGED, "A part of an order was changed, or a change of it was proposed.", _SUB),
    Kind(ORDER_READY, "A stall has made its part of an order ready.", _SUB),
    Kind(ORDER_HANDED_OVER, "A stall has handed goods of an order over.", _SUB),
    Kind(ENQUIRY_ASKED, "A buyer asks a stall.", _TALK),
    Kind(MESSAGE_SENT, "The other side of a conversation has written.", _TALK),
    Kind(QUOTATION_SENT, "A stall has sent a quotation, or a new version of it.", _QUOTATION),
    Kind(QUOTATION_ACCEPTED, "A buyer has accepted a quotation.", _QUOTATION),
    Kind(PAYMENT_TOLD, "A buyer says that she has paid.", _PAYMENT),
    Kind(PAYMENT_ACKNOWLEDGED, "A stall has acknowledged a payment.", _PAYMENT),
    Kind(TICKET_CONFIRMED, "The other side has confirmed a trade ticket.", _SUB),
)
