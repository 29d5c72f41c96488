"""What every dealing between the two sides of a sub-order does alike: the other side is told.

Both sides of a sub-order read the same code ("10234-3"); the links lead each to its own page of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sundry.base.notifications.actions import notify
from sundry.base.notifications.rules import Notice
from sundry.base.webhooks.actions import announce_many
from sundry.base.webhooks.rules import Announcement
from sundry.goods.orders.models import Order, SubOrder
from sundry.goods.orders.order_rules import OrderState, State, order_state
from sundry.goods.orders.telling import sub_data
from sundry.goods.orders.writing import Held
from sundry.kernel.money import Money


def tell_others(
    *,
    held: Held,
    kind: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    link: str = "",
) -> None:
    """The side that did not do it: its programs and its people. `kind`: of the event, which is that of the notice too;
    `link`: "" for the page of the sub-order."""
    number, code = held.order.number, held.code
    told = {**sub_data(order=number, code=code, sub=held.sub.id, version=held.sub.version), **(data or {})}
    announce_many(announcements=[Announcement(kind, held.sub.id, one, told, now) for one in held.others])
    blanks = {"order": number, "codes": code, **(values or {})}
    notices = [
        Notice(
            one,
            kind,
            blanks,
            link or (f"/my/sales/{held.sub.id}/" if one == held.sub.seller_id else f"/orders/{number}/"),
        )
        for one in held.others
    ]
    notify(notices=notices, now=now)


def amount(amount_minor: int, currency: str) -> str:
    """For a sentence: "CNY 169.50"."""
    return str(Money(amount_minor, currency))


def state_of(order: Order, changed: Mapping[uuid.UUID, State]) -> OrderState:
    """What an order is once these of its sub-orders are in these states. One statement."""
    states = dict(SubOrder.objects.filter(order=order).values_list("id", "state"))
    return order_state({changed.get(id) or State(state) for id, state in states.items()})
