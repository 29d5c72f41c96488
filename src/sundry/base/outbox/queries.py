"""Questions about messages."""

from __future__ import annotations

import uuid

from sundry.base.outbox.models import OutgoingMessage
from sundry.base.outbox.rules import Channel, Message, Page, Posted, State

PAGE = 50


def messages(*, after: uuid.UUID | None = None, recipient: str = "", limit: int = PAGE) -> Page:
    """The newest messages, before the key `after` and to `recipient` where these are given. One statement."""
    found = OutgoingMessage.objects.order_by("-id")
    if after is not None:
        found = found.filter(id__lt=after)
    if recipient:
        found = found.filter(recipient=recipient)
    rows = [_posted(row) for row in found[: limit + 1]]
    return Page(rows[:limit], rows[limit - 1].message.id if len(rows) > limit else None)


def _posted(row: OutgoingMessage) -> Posted:
    return Posted(
        message=Message(
            id=row.id,
            channel=Channel(row.channel),
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
            language=row.language,
            secret=row.secret,
            created_at=row.created_at,
            stop_link=row.stop_link,
        ),
        state=State(row.state),
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        fault=row.fault,
    )
