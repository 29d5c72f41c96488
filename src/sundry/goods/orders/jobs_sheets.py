"""What the worker does for order lists: a heavy one is read, a long one inserted, old ones are put away."""

from __future__ import annotations

import logging
import uuid

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as QueuedJob

from sundry.goods.orders import actions_sheets

AGAIN_S = 5

log = logging.getLogger("sundry.orders")


class _Again(BaseRetryStrategy):
    """The database went away: nothing of the chunk is written, and all of it is tried again."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, (OperationalError, InterfaceError)):
            return RetryDecision(retry_in={"seconds": AGAIN_S})
        return None


@app.task(name=actions_sheets.READ_TASK, retry=_Again())
def read_sheet(sheet: str) -> None:
    """A heavy list, kept when it came, is read."""
    try:
        actions_sheets.read_kept(uuid.UUID(sheet), now=timezone.now())
    finally:
        connection.close()


@app.task(name=actions_sheets.INSERT_TASK, retry=_Again())
def insert_sheet(sheet: str) -> None:
    """A long list, chunk after chunk, until it is done or somebody stops it."""
    try:
        actions_sheets.go_on(uuid.UUID(sheet), now=timezone.now())
    finally:
        connection.close()


@app.periodic(cron="50 3 * * *")
@app.task(name="orders.tidy_sheets", queueing_lock="orders.tidy_sheets")
def tidy(timestamp: int) -> None:
    """Every night."""
    try:
        sheets = actions_sheets.forget_old(now=timezone.now())
    finally:
        connection.close()
    log.info("order lists are tidy", extra={"sheets": sheets})
