"""What people are told of enquiries, quotations and orders: one digest of all of them, as each of them wants it.

The sentences stand in messages/notifications_orders.yaml. Their blanks: `codes` (of sub-orders, "10234-1, 10234-3"),
`order`, `enquiry` and `quotation` (numbers), `amount` (with its currency).
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sundry.base.notifications.rules import Group, NoticeKind

ORDERS: Final = Group("orders", _("Orders"))
TALK: Final = Group("talk", _("Enquiries and quotations"))
MONEY: Final = Group("payments", _("Payments of orders"))

KINDS: Final = (
    NoticeKind("order.placed", ORDERS, ngettext_lazy("%(count)d new order", "%(count)d new orders", "count")),
    NoticeKind("order.confirmed", ORDERS, ngettext_lazy("%(count)d confirmation", "%(count)d confirmations", "count")),
    NoticeKind("order.declined", ORDERS, ngettext_lazy("%(count)d refusal", "%(count)d refusals", "count")),
    NoticeKind("order.cancelled", ORDERS, ngettext_lazy("%(count)d cancellation", "%(count)d cancellations", "count")),
    NoticeKind(
        "order.lapsed",
        ORDERS,
        ngettext_lazy("%(count)d order without an answer", "%(count)d orders without an answer", "count"),
    ),
    NoticeKind("order.changed", ORDERS, ngettext_lazy("%(count)d change", "%(count)d changes", "count")),
    NoticeKind("order.ready", ORDERS, ngettext_lazy("%(count)d order ready", "%(count)d orders ready", "count")),
    NoticeKind("order.handed_over", ORDERS, ngettext_lazy("%(count)d hand-over", "%(count)d hand-overs", "count")),
    NoticeKind("order.late", ORDERS, ngettext_lazy("%(count)d late order", "%(count)d late orders", "count"), True),
    NoticeKind(
        "ticket.confirmed",
        ORDERS,
        ngettext_lazy("%(count)d trade ticket confirmed", "%(count)d trade tickets confirmed", "count"),
    ),
    NoticeKind("enquiry.asked", TALK, ngettext_lazy("%(count)d enquiry", "%(count)d enquiries", "count")),
    NoticeKind("message.sent", TALK, ngettext_lazy("%(count)d message", "%(count)d messages", "count")),
    NoticeKind("quotation.sent", TALK, ngettext_lazy("%(count)d quotation", "%(count)d quotations", "count")),
    NoticeKind(
        "quotation.accepted",
        TALK,
        ngettext_lazy("%(count)d quotation accepted", "%(count)d quotations accepted", "count"),
    ),
    NoticeKind("payment.told", MONEY, ngettext_lazy("%(count)d payment told", "%(count)d payments told", "count")),
    NoticeKind(
        "payment.acknowledged",
        MONEY,
        ngettext_lazy("%(count)d payment acknowledged", "%(count)d payments acknowledged", "count"),
    ),
)
