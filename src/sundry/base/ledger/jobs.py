"""What the worker does for the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.ledger import actions

LATELY: Final = timedelta(days=1)


@app.periodic(cron="* * * * *")
@app.task(name="ledger.expire", queueing_lock="ledger.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """Every minute: what was promised until now, of the last day; `timestamp` is when it was due."""
    actions.expire(since=timezone.now() - LATELY)


@app.periodic(cron="30 3 * * *")
@app.task(name="ledger.expire_all", queueing_lock="ledger.expire_all", pass_context=False)
def expire_all(timestamp: int) -> None:
    """Every night: what no minute came to, because no worker ran for longer than a day."""
    actions.expire()


@app.periodic(cron="15 * * * *")
@app.task(name="ledger.fold", queueing_lock="ledger.fold", pass_context=False)
def fold(timestamp: int) -> None:
    """Every hour."""
    actions.fold()
