"""What the worker does for webhooks."""

from __future__ import annotations

import uuid

from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.webhooks import actions, delivering


@app.task(name=actions.SPREAD)
def spread() -> None:
    """After something was announced that somebody wants to know."""
    delivering.spread(now=timezone.now())


@app.task(name=actions.DELIVER)
def deliver(endpoint: str) -> None:
    """Tell one endpoint what is due."""
    delivering.deliver(endpoint=uuid.UUID(endpoint), clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.follow", queueing_lock="webhooks.follow", pass_context=False)
def follow(timestamp: int) -> None:
    """Every minute; `timestamp` is when it was due."""
    delivering.follow(now=timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name="webhooks.tidy", queueing_lock="webhooks.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Every hour."""
    delivering.tidy(now=timezone.now())
