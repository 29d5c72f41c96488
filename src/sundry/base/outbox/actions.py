"""What happens to a message: it is posted, handed over, and in the end forgotten."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.outbox.adapters import adapter_for, keeps
from sundry.base.outbox.models import OutgoingMessage
from sundry.base.outbox.rules import (
    CODES_ARE_KEPT_FOR,
    MESSAGES_ARE_KEPT_FOR,
    Channel,
    KeyReused,
    Message,
    NoCarrier,
    State,
    next_try,
)

DELIVER = "outbox.deliver"  # the task's name: it stands in jobs.py, which imports this file
OVERDUE = timedelta(minutes=10)  # a message whose job is that late has lost it (a worker was killed)

_SAID = ("channel", "recipient", "subject")

log = logging.getLogger("sundry.outbox")


@transaction.atomic
def post(
    *,
    channel: str,
    recipient: str,
    body: str,
    subject: str = "",
    key: str | None = None,
    language: str = "",
    secret: bool = False,
    stop_link: str = "",
) -> uuid.UUID:
    """Have a message sent once the transaction around this call is committed; its id.

    `channel`: `email`, `sms`, or a message channel that has an adapter. `key` makes it happen once: a second call with
    the same key and words returns the first one's id and sends nothing; KeyReused where the words differ. `secret`: the
    body holds a one-time code. `stop_link`: by which its reader wants no more of such messages, "" where there is none.
    """
    kept = keeps()
    made = OutgoingMessage(
        channel=Channel(channel),
        recipient=recipient,
        subject=subject,
        body=body,
        language=language,
        stop_link=stop_link,
        secret=secret,
        state=State.KEPT if kept else State.WAITING,
        next_try_at=None if kept else timezone.now(),
    )
    made.key = str(made.id) if key is None else key
    OutgoingMessage.objects.bulk_create([made], ignore_conflicts=key is not None)
    if key is not None:
        first = OutgoingMessage.objects.get(key=key)
        if first.id != made.id:
            forgotten = first.state in (State.SENT, State.FAILED)
            if any(getattr(first, name) != getattr(made, name) for name in _SAID) or (
                first.body != body and not forgotten
            ):
                raise KeyReused(key)
            return first.id
    if not kept:
        _try_later(made.id, None)
    log.info("message posted", extra={"message_id": str(made.id), "channel": channel, "state": made.state})
    return made.id


@transaction.atomic
def deliver(*, message: uuid.UUID, now: datetime) -> State | None:
    """Try to hand a waiting message over; its state afterwards. None: it is not waiting, or somebody else has it.

    The row is locked meanwhile, so that two workers never send it twice. An adapter's fault is written down and the
    next try put in the queue: this never raises because of it. What is sent or given up loses its words.
    """
    row = OutgoingMessage.objects.select_for_update(skip_locked=True).filter(id=message, state=State.WAITING).first()
    if row is None:
        return None
    row.attempts += 1
    try:
        _hand_over(row)
    except Exception as fault:
        _failed(row, fault, now)
    else:
        row.state, row.sent_at, row.next_try_at, row.fault = State.SENT, now, None, ""
    if row.state != State.WAITING:
        row.body = row.stop_link = ""
    row.save(update_fields=["attempts", "state", "sent_at", "next_try_at", "fault", "body", "stop_link"])
    log.info("message tried", extra={"message_id": str(row.id), "state": row.state, "attempts": row.attempts})
    return State(row.state)


@transaction.atomic
def tidy(*, now: datetime) -> tuple[int, int]:
    """Delete old messages that still hold words, and put lost waiting ones in the queue again.

    Those with codes go after a day, the kept ones after seven. (deleted, queued). Two statements and one more for each
    that was lost.
    """
    deleted, _ = OutgoingMessage.objects.filter(
        Q(secret=True, created_at__lt=now - CODES_ARE_KEPT_FOR)
        | Q(state=State.KEPT, created_at__lt=now - MESSAGES_ARE_KEPT_FOR)
    ).delete()
    lost = OutgoingMessage.objects.filter(state=State.WAITING, next_try_at__lt=now - OVERDUE)
    queued = list(lost.values_list("id", flat=True))
    for message in queued:
        _try_later(message, None)
    return deleted, len(queued)


def _hand_over(row: OutgoingMessage) -> None:
    channel = Channel(row.channel)
    adapter = adapter_for(channel)
    if adapter is None:
        raise NoCarrier(channel)
    adapter.send(
        Message(
            id=row.id,
            channel=channel,
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
            language=row.language,
            secret=row.secret,
            created_at=row.created_at,
            stop_link=row.stop_link,
        )
    )


def _failed(row: OutgoingMessage, fault: Exception, now: datetime) -> None:
    row.fault = f"{type(fault).__name__}: {fault}".replace(row.recipient, "***")[:200]
    row.next_try_at = next_try(attempts=row.attempts, now=now, created_at=row.created_at, secret=row.secret)
    row.state = State.WAITING if row.next_try_at else State.FAILED
    if row.next_try_at:
        _try_later(row.id, row.next_try_at)


def _try_later(message: uuid.UUID, at: datetime | None) -> None:
    """Put the delivery in the queue; the job is seen when the transaction around it is committed."""
    app.configure_task(DELIVER, allow_unknown=True, schedule_at=at).defer(message=str(message))
