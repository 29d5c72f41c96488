"""What may be asked of enquiries, quotations and orders, by a page or the API.

An order is its buyer's and the agent's who buys for her: both see all of it. A stall sees its own sub-orders, and of
the rest of the order nothing: not that there is one. So an order is asked for with the owner that the asking side has
in it (`queries_orders.owner_of_order`, `owner_of_sub`), and for everybody else it is not there. The operator and the
auditor look on, and write nobody's orders.
"""

from __future__ import annotations

from typing import Final

from sundry.base.access.rules import Kind, Operation, of_kinds

BUYING: Final = of_kinds(Kind.BUYER, Kind.AGENT, Kind.MERCHANT)
SELLING: Final = of_kinds(Kind.STALL, Kind.MERCHANT)
AGENTS: Final = of_kinds(Kind.AGENT)
TRADING: Final = BUYING | SELLING
LOOKING_ON: Final = of_kinds(Kind.OPERATOR, Kind.AUDITOR)

# The buyer's.
BASKET_WRITE: Final = Operation("orders.basket.write", own=BUYING)
ORDER_LIST: Final = Operation("orders.order.list", own=BUYING, foreign=LOOKING_ON)
ORDER_READ: Final = Operation("orders.order.read", own=BUYING, foreign=LOOKING_ON)
ORDER_PLACE: Final = Operation("orders.order.place", own=BUYING, audited=True)
ORDER_CANCEL: Final = Operation("orders.order.cancel", own=BUYING, audited=True)
ORDER_EXPORT: Final = Operation("orders.order.export", own=BUYING, foreign=LOOKING_ON, audited=True)
SHEET_READ: Final = Operation("orders.sheet.read", own=BUYING)
SHEET_WRITE: Final = Operation("orders.sheet.write", own=BUYING)
ENQUIRY_ASK: Final = Operation("orders.enquiry.ask", own=BUYING)
ENQUIRY_READ: Final = Operation("orders.enquiry.read", own=BUYING, foreign=LOOKING_ON)
QUOTATION_ACCEPT: Final = Operation("orders.quotation.accept", own=BUYING, audited=True)
PAYMENT_TELL: Final = Operation("orders.payment.tell", own=BUYING, audited=True)
VIEW_SAVE: Final = Operation("orders.view.save", own=BUYING)
MARK_WRITE: Final = Operation("orders.mark.write", own=BUYING)
STALL_REMIND: Final = Operation("orders.stall.remind", own=BUYING)

# The stall's.
SALES_LIST: Final = Operation("orders.sale.list", own=SELLING, foreign=LOOKING_ON)
SALE_READ: Final = Operation("orders.sale.read", own=SELLING, foreign=LOOKING_ON)
SALE_ANSWER: Final = Operation("orders.sale.answer", own=SELLING, audited=True)  # confirm, decline
HAND_OVER: Final = Operation("orders.sale.hand_over", own=SELLING, audited=True)
QUOTATION_WRITE: Final = Operation("orders.quotation.write", own=SELLING)
PAYMENT_DECIDE: Final = Operation("orders.payment.decide", own=SELLING, audited=True)
TERMS_READ: Final = Operation("orders.terms.read", own=SELLING, foreign=LOOKING_ON)
TERMS_WRITE: Final = Operation("orders.terms.write", own=SELLING)

# Both sides'.
CONVERSATION_READ: Final = Operation("orders.conversation.read", own=TRADING, foreign=LOOKING_ON)
CONVERSATION_WRITE: Final = Operation("orders.conversation.write", own=TRADING)
ATTACHMENT_READ: Final = Operation("orders.attachment.read", own=TRADING, foreign=LOOKING_ON)
QUOTATION_READ: Final = Operation("orders.quotation.read", own=TRADING, foreign=LOOKING_ON)
CHANGE_READ: Final = Operation("orders.change.read", own=TRADING, foreign=LOOKING_ON)
CHANGE_PROPOSE: Final = Operation("orders.change.propose", own=TRADING)
CHANGE_DECIDE: Final = Operation("orders.change.decide", own=TRADING, audited=True)
PAYMENT_READ: Final = Operation("orders.payment.read", own=TRADING, foreign=LOOKING_ON)
TICKET_READ: Final = Operation("orders.ticket.read", own=TRADING, foreign=LOOKING_ON)
TICKET_CONFIRM: Final = Operation("orders.ticket.confirm", own=TRADING, audited=True)
MANDATE_READ: Final = Operation("orders.mandate.read", own=BUYING, foreign=LOOKING_ON)
MANDATE_OFFER: Final = Operation("orders.mandate.offer", own=AGENTS, audited=True)
MANDATE_DECIDE: Final = Operation("orders.mandate.decide", own=BUYING, audited=True)
