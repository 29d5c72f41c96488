"""Each morning both sides of an order hear what of it is late: once an order and day, however many stalls are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.utils.timezone import localdate

from sundry.base.notifications.actions import notify
from sundry.base.notifications.rules import Notice
from sundry.goods.orders.models import SubOrder
from sundry.goods.orders.order_rules import BINDING
from sundry.goods.orders.telling import told_codes

ORDER_LATE: Final = "order.late"
TOLD_AT_ONCE: Final = 1_000  # notices


def tell_late(*, now: datetime) -> int:
    """How many orders are late today; their buyers, agents and stalls are told, TOLD_AT_ONCE at a time."""
    today = localdate(now)
    late: dict[tuple[int, uuid.UUID, bool], list[dict[str, Any]]] = defaultdict(list)
    orders = set()
    for row in _late(today):
        orders.add(row["order__number"])
        for organisation in {row["order__buyer_id"], row["order__agent_id"]} - {None}:
            late[row["order__number"], organisation, True].append(row)
        late[row["order__number"], row["seller_id"], False].append(row)
    notices = (_notice(*key, rows, today) for key, rows in late.items())
    while part := list(islice(notices, TOLD_AT_ONCE)):
        notify(notices=part, now=now)
    return len(orders)


def _late(today: date) -> Iterator[dict[str, Any]]:
    rows = SubOrder.objects.filter(state__in=[state.value for state in BINDING], promised_day__lt=today)
    columns = ("id", "position", "seller_id", "order__number", "order__buyer_id", "order__agent_id")
    yield from rows.order_by("promised_day", "id").values(*columns)


def _notice(number: int, organisation: uuid.UUID, is_buyer: bool, rows: list[dict[str, Any]], today: date) -> Notice:
    codes = [f"{number}-{position}" for position in sorted(row["position"] for row in rows)]
    link = f"/orders/{number}/" if is_buyer else f"/my/sales/{rows[0]['id']}/"
    return Notice(
        organisation, ORDER_LATE, {"order": number, "codes": told_codes(codes)}, link, key=f"{number}:{today}"
    )
