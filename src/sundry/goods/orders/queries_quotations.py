"""Questions about quotations: each a fixed number of statements. A buyer never sees a draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders.enquiry_rules import Compared, QuotationCard, QuotationState, QuotationView
from sundry.goods.orders.order_rules import Side


def owner_of_quotation(quotation: uuid.UUID, actor: Actor) -> Owner | None:
    """The organisation of the side on which the actor stands, else the seller's; None: there is none, or it is a draft
    and she is not the stall."""
    raise NotImplementedError


def quotation(quotation: uuid.UUID, *, side: Side) -> QuotationView | None:
    """With its lines. `side` BUYER: None for a draft; STALL: without the name of an agent's buyer."""
    raise NotImplementedError


def versions(quotation: uuid.UUID, *, side: Side) -> tuple[QuotationCard, ...]:
    """All versions of its number, the newest first."""
    raise NotImplementedError


def quotations(
    *,
    organisation: uuid.UUID,
    side: Side,
    state: QuotationState | None = None,
    conversation: uuid.UUID | None = None,
    enquiry: int | None = None,
    before: uuid.UUID | None = None,
    limit: int = 20,
) -> tuple[QuotationCard, ...]:
    """Of an organisation on one side, the newest first; `before`: the id of the last one of the page before."""
    raise NotImplementedError


def compare(quotations: Sequence[uuid.UUID], *, organisation: uuid.UUID) -> Compared | None:
    """Quotations to that buyer or agent side by side, in the order given; None: one of them is not hers, or a draft, or
    there are more than COMPARED_MAX."""
    raise NotImplementedError
