"""What the worker does for people and organisations."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.parties import actions


@app.periodic(cron="17 3 * * *")
@app.task(name="parties.tidy", queueing_lock="parties.tidy")
def tidy(timestamp: int) -> None:
    """Every night; `timestamp` is when it was due."""
    actions.tidy(now=timezone.now())
    SessionStore.clear_expired()
