"""A sample is made anew: what its buyers and agents have asked, been quoted and ordered goes, as if it had never been.

Only a sample does this: what people trade is never deleted. The ledger keeps what was posted, as it always does.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from sundry.goods.orders.models import (
    Conversation,
    Enquiry,
    HandOver,
    Mandate,
    Order,
    OrderImport,
    Payment,
    Quotation,
    TradeTicket,
)


@transaction.atomic
def forget_orders(*, buyers: Collection[uuid.UUID]) -> int:
    """Delete the orders of these organisations, for themselves or for others, with all that belongs to them, and what
    was said before; how many orders. What others have ordered at their stalls stays."""
    theirs = Q(buyer__in=buyers) | Q(agent__in=buyers)
    orders = Order.objects.filter(theirs)
    count = orders.count()
    for table in (Payment, HandOver, TradeTicket):
        table.objects.filter(sub__order__in=orders).delete()
    OrderImport.objects.filter(organisation__in=buyers).delete()
    orders.update(repeats=None)
    orders.delete()
    Quotation.objects.filter(theirs).delete()
    Conversation.objects.filter(theirs).delete()
    Enquiry.objects.filter(theirs).delete()
    Mandate.objects.filter(theirs).delete()
    return count
