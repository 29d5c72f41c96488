"""Whom a reminder would reach: the stalls' parts that were chosen, and which stalls had one today."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Q

from sundry.goods.orders import viewing
from sundry.goods.orders.models import ConversationMessage, SubOrder
from sundry.goods.orders.order_rules import State
from sundry.goods.orders.reminder_rules import Waiting, key_of

_WITH: Final = (
    *("order_id", "stall_id", "order__buyer_id", "order__agent_id", "order__mandate_id"),
    *("order__buyer__country", "order__mandate__client_country"),
)


def waiting(*, organisation: uuid.UUID, orders: Collection[int], subs: Collection[uuid.UUID]) -> tuple[Waiting, ...]:
    """These parts, and all of these orders, that the organisation buys; others' are passed over. One statement."""
    hers = Q(order__buyer=organisation) | Q(order__agent=organisation)
    rows = SubOrder.objects.filter(hers, Q(order__number__in=orders) | Q(id__in=subs))
    found = viewing.subs(rows.exclude(state=State.DRAFT.value).order_by("id"), *_WITH)
    return tuple(
        Waiting(
            sub=sub,
            order=row["order_id"],
            stall=row["stall_id"],
            buyer=row["order__buyer_id"],
            agent=row["order__agent_id"],
            mandate=row["order__mandate_id"],
            country=row["order__buyer__country"] or row["order__mandate__client_country"] or "",
        )
        for sub, row in found
    )


def reminded(*, organisation: uuid.UUID, stalls: Collection[uuid.UUID], day: date) -> frozenset[uuid.UUID]:
    """Those of these stalls that had their reminder of the day from this organisation. One statement."""
    keys = {key_of(organisation=organisation, stall=stall, day=day): stall for stall in stalls}
    found = ConversationMessage.objects.filter(key__in=list(keys)).values_list("key", flat=True)
    return frozenset(keys[key] for key in found if key is not None)
