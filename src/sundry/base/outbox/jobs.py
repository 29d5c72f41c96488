"""What the worker does for the outbox."""

from __future__ import annotations

import uuid

from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.outbox import actions


@app.task(name=actions.DELIVER)
def deliver(message: str) -> None:
    """Hand a message over; the action itself puts the next try in the queue."""
    actions.deliver(message=uuid.UUID(message), now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="outbox.tidy", queueing_lock="outbox.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Every ten minutes; `timestamp` is when it was due."""
    actions.tidy(now=timezone.now())
