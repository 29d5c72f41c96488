"""Questions about enquiries and conversations: each a fixed number of statements, each for the side that asks."""

from __future__ import annotations

import uuid
from datetime import datetime

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders.enquiry_rules import (
    Attachment,
    ConversationCard,
    ConversationView,
    EnquiryCard,
    EnquiryView,
    MessageView,
)
from sundry.goods.orders.order_rules import Side

Mark = tuple[datetime, uuid.UUID]  # (last_at, id) of the last card of a page: the next one begins behind it


def owner_of_enquiry(number: int, actor: Actor) -> Owner | None:
    """Whose it is for the one who asks: her organisation where it is the buyer or the agent, else the buyer's; None:
    there is none."""
    raise NotImplementedError


def owner_of_conversation(conversation: uuid.UUID, actor: Actor) -> Owner | None:
    """The organisation of the side on which the actor stands, else the buyer's; None: there is none."""
    raise NotImplementedError


def enquiries(*, organisation: uuid.UUID, before: int | None = None, limit: int = 20) -> tuple[EnquiryCard, ...]:
    """Of a buyer or an agent, the newest first. `before`: the number of the last one of the page before."""
    raise NotImplementedError


def enquiry(number: int, *, language: str) -> EnquiryView | None:
    """With its conversations, as the buyer's side sees them; those first that have news for her. `language`: the
    reader's, in which the beginning of a phrase is told."""
    raise NotImplementedError


def conversations(
    *,
    organisation: uuid.UUID,
    side: Side,
    language: str,
    unanswered: bool = False,
    before: Mark | None = None,
    limit: int = 20,
) -> tuple[ConversationCard, ...]:
    """Of an organisation on one side, the latest message first. `unanswered`: those that wait for that side, and then
    whoever has waited longest stands first (`before` is then the last card's mark all the same). `language`: the
    reader's."""
    raise NotImplementedError


def conversation(conversation: uuid.UUID, *, reader: Actor, language: str) -> ConversationView | None:
    """For the side on which the reader stands (an operator or auditor: the buyer's); None: there is none."""
    raise NotImplementedError


def messages(
    conversation: uuid.UUID, *, side: Side, language: str, before: int | None = None, limit: int = 50
) -> tuple[MessageView, ...]:
    """The newest `limit` messages before that number, the oldest of them first. `language`: the reader's."""
    raise NotImplementedError


def attachment(conversation: uuid.UUID, file: str) -> Attachment | None:
    """What was sent there under that name; None: nothing."""
    raise NotImplementedError


def unread(*, organisation: uuid.UUID, side: Side, most: int = 99) -> int:
    """How many conversations have something new for it, counted up to `most`."""
    raise NotImplementedError


def unanswered(*, organisation: uuid.UUID, most: int = 99) -> int:
    """How many conversations wait for that stall holder, counted up to `most`."""
    raise NotImplementedError
