"""What happens in conversations: somebody says something, or has read what was said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sundry.base.access.rules import Actor
from sundry.goods.orders.enquiry_rules import Attachment


def say(
    *,
    actor: Actor,
    conversation: uuid.UUID,
    text: str = "",
    template: str = "",
    values: Mapping[str, str | int] | None = None,
    language: str,
    attachments: Sequence[Attachment] = (),
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """One message: words in `language`, or a phrase of `phrases.PHRASES` with its values (or attachments alone). The
    same key again: the same message. NotThere; NotNow: the enquiry is closed; Refused: what is wrong with it."""
    raise NotImplementedError


def open_with_stall(*, actor: Actor, order: int, sub: uuid.UUID, language: str, now: datetime) -> uuid.UUID:
    """The conversation about a stall's part of an order, made when somebody of either side first asks for it. NotThere;
    NotNow: it is still in the basket."""
    raise NotImplementedError


def mark_read(*, actor: Actor, conversation: uuid.UUID, up_to: int, now: datetime) -> None:
    """The actor's side has seen the messages up to that number. NotThere."""
    raise NotImplementedError
