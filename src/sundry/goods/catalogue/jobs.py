"""What the worker does for the catalogue: it tells search what has changed.

Each transaction that changes goods queues one job; they run one after the other, and the first takes along what all of
them are about, so the others find nothing to do. Each minute somebody looks whether anything was left, and whether the
index is there and was made with today's lexicon. Each night what no longer holds, or nobody uses, is put away.
"""

from __future__ import annotations

import logging
import uuid

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as QueuedJob

from sundry.engines.searching.port import IndexUnusable, WriterBusy
from sundry.goods.catalogue import actions_papers, actions_photos, actions_sheets, actions_wanted, indexing
from sundry.goods.catalogue.writing import FEED_LOCK, FEED_TASK

AGAIN_S = 5

log = logging.getLogger("sundry.catalogue")


class _Again(BaseRetryStrategy):
    """What is tried again: somebody else writes the index, or the database went away."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, (WriterBusy, OperationalError, InterfaceError)):
            return RetryDecision(retry_in={"seconds": AGAIN_S})
        return None


@app.task(name=FEED_TASK, lock=FEED_LOCK, retry=_Again())
def feed() -> None:
    """What changed goes into the index; where there is none yet, the look of each minute makes it."""
    try:
        indexing.feed()
    except IndexUnusable:
        log.info("there is no index of goods that could be fed; it is made anew")
    finally:
        connection.close()


@app.task(name=actions_sheets.READ_TASK)
def read_sheet(sheet: str) -> None:
    """A heavy sheet of goods, kept when it came, is read."""
    try:
        actions_sheets.read_kept(uuid.UUID(sheet), now=timezone.now())
    finally:
        connection.close()


@app.task(name=actions_sheets.INSERT_TASK, retry=_Again())
def insert_sheet(sheet: str) -> None:
    """A long sheet of goods, chunk after chunk, until it is done or somebody stops it."""
    try:
        actions_sheets.go_on(uuid.UUID(sheet), now=timezone.now())
    finally:
        connection.close()


@app.periodic(cron="* * * * *")
@app.task(name="catalogue.look_after", lock=FEED_LOCK, queueing_lock="catalogue.look_after")
def look_after(timestamp: int) -> None:
    """Every minute."""
    try:
        written = indexing.bring_up_to_date()
    except WriterBusy:
        log.info("the index of goods is being written by another process")
        return
    finally:
        connection.close()
    if written:
        log.info("goods written into the index", extra={"goods": written})


@app.periodic(cron="40 3 * * *")
@app.task(name="catalogue.tidy", queueing_lock="catalogue.tidy")
def tidy(timestamp: int) -> None:
    """Every night: papers that have ended, photos that nothing shows, words that nobody looked for again."""
    try:
        now = timezone.now()
        sheets = actions_sheets.forget_old(now=now)
        ended, photos = actions_papers.end_papers(now=now), actions_photos.forget_photos(now=now)
        misses = actions_wanted.forget_misses(now=now)
    finally:
        connection.close()
    log.info(
        "the catalogue is tidy", extra={"goods_off_show": ended, "photos": photos, "misses": misses, "sheets": sheets}
    )
