"""What the worker does for notices."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.notifications import actions, sending


@app.periodic(cron="* * * * *")
@app.task(name="notifications.tell", queueing_lock="notifications.tell", pass_context=False)
def tell(timestamp: int) -> None:
    """Every minute: each new notice to whom it concerns, and to each who is due her digest."""
    sending.spread(now=timezone.now())
    sending.send_digests(now=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="notifications.tidy", queueing_lock="notifications.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Every night."""
    actions.tidy(now=timezone.now())
