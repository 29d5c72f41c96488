"""What access does by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from sundry.base.access.actions import forget


@app.periodic(cron="*/10 * * * *")
@app.task(name="access.forget", queueing_lock="access.forget", pass_context=False)
def forget_what_ran_out(timestamp: int) -> None:
    """Every ten minutes."""
    forget(datetime.fromtimestamp(timestamp, UTC))
