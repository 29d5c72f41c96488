"""What the worker does for the observatory: it reads the pages of an import, one after the other.

Each page is a transaction of its own. Between two pages the worker looks whether it shall end, or the import shall
stop; whoever goes on later, after a stop, a restart or a crash, begins with the first page that still waits. A page at
which the worker dies again and again is given up after a few tries, and the pages behind it are read.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from contextlib import suppress

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as QueuedJob

from sundry.insight.observatory import actions

DATABASE_AGAIN_S = 5
REREAD_AT_ONCE = 20  # pages of an older reader, each ten minutes

log = logging.getLogger("sundry.observatory")


class _Again(BaseRetryStrategy):
    """What is tried again: the worker was told to end, or the database went away."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, (OperationalError, InterfaceError)):
            return RetryDecision(retry_in={"seconds": DATABASE_AGAIN_S})
        return None


@app.task(name=actions.READ_TASK, queue=actions.QUEUE, pass_context=True, retry=_Again())
def read(context: JobContext, import_id: str) -> None:
    try:
        read_import(uuid.UUID(import_id), is_ending=context.should_abort)
    finally:
        connection.close()


@app.periodic(cron="* * * * *")
@app.task(name="observatory.carry_on", queueing_lock="observatory.carry_on")
def carry_on(timestamp: int) -> None:
    """Every minute: imports with pages that wait, for which nothing stands in the queue any more, go back into it."""
    try:
        taken_up = actions.take_up()
    finally:
        connection.close()
    if taken_up:
        log.warning("imports taken up again", extra={"imports": taken_up})


@app.periodic(cron="*/10 * * * *")
@app.task(name="observatory.reread", queueing_lock="observatory.reread")
def reread(timestamp: int) -> None:
    """Every ten minutes: some pages that an older reader read are read again."""
    try:
        pages = actions.reread(limit=REREAD_AT_ONCE, now=timezone.now())
    finally:
        connection.close()
    if pages:
        log.info("pages read again", extra={"pages": pages})


def read_import(import_id: uuid.UUID, *, is_ending: Callable[[], bool] = lambda: False) -> int:
    """Read the pages of an import that wait, until there are none or it is stopped; how many were read.

    Raises JobAborted between two pages when this worker is told to end, and what the database raises when it is gone.
    """
    read_pages = 0
    while (page := actions.next_page(import_id=import_id)) is not None:
        if is_ending():
            raise JobAborted
        read_pages += _read(page)
    return read_pages


def _read(page: uuid.UUID) -> bool:
    """One page, whatever becomes of it."""
    if actions.begin_page(page=page):
        return actions.read_or_fail(page=page, now=timezone.now())
    log.error("page given up: the worker died of it", extra={"page": str(page)})
    with suppress(actions.NotThere):
        actions.fail_page(page=page)
    return False
