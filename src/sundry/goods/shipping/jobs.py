"""What the worker does for shipping jobs: it reads, plans and tidies up.

A worker process stays small: books are read and shipments planned in child processes that end with it. An attempt has a
token (see job_rules.py); twice a second it writes how far it is, and learns whether its result is still wanted.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as QueuedJob

from sundry.goods.orders.queries import row_texts
from sundry.goods.orders.rules import RowTexts
from sundry.goods.shipping import job_actions, job_files, job_parts
from sundry.goods.shipping.actions import Row, ShipOptions
from sundry.goods.shipping.job_queries import remembered_maps
from sundry.goods.shipping.job_reading import (
    CHECKED,
    PARTS,
    Marking,
    Reading,
    ReadingStopped,
    mark_in_process,
    read_in_process,
)
from sundry.goods.shipping.job_rules import Job, LinePlace, Run, Work
from sundry.goods.shipping.process import ship_in_process
from sundry.goods.shipping.queries import Result
from sundry.goods.shipping.rules import Stopped
from sundry.kernel.errors import SundryError

WRITE_EVERY_S = 0.5
BUSY_AGAIN_S = 3
DATABASE_AGAIN_S = 5

log = logging.getLogger("sundry.shipping")


class Busy(Exception):
    """Another attempt of the same job still runs: its worker was thought dead and is not."""


class Overtaken(Exception):
    """Somebody changed, stopped or deleted the job: nobody wants this attempt's result."""


class _Again(BaseRetryStrategy):
    """What is tried again: the worker was told to end, the job was busy, the database went away."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Busy):
            return RetryDecision(retry_in={"seconds": BUSY_AGAIN_S})
        if isinstance(exception, (OperationalError, InterfaceError)):
            return RetryDecision(retry_in={"seconds": DATABASE_AGAIN_S})
        return None


@app.task(name=job_actions.READ_TASK, queue=job_actions.QUEUES[Work.READ], pass_context=True, retry=_Again())
def read(context: JobContext, job: str, revision: int) -> None:
    attempt(uuid.UUID(job), Work.READ, revision, is_ending=context.should_abort)


@app.task(name=job_actions.MARK_TASK, queue=job_actions.QUEUES[Work.READ], pass_context=True, retry=_Again())
def mark(context: JobContext, job: str, revision: int) -> None:
    mark_copy(uuid.UUID(job), revision, is_ending=context.should_abort)


@app.task(name=job_actions.PLAN_TASK, queue=job_actions.QUEUES[Work.PLAN], pass_context=True, retry=_Again())
def plan(context: JobContext, job: str, revision: int) -> None:
    attempt(uuid.UUID(job), Work.PLAN, revision, is_ending=context.should_abort)


@app.periodic(cron="*/10 * * * *")
@app.task(name="shipping.tidy", queueing_lock="shipping.tidy")
def tidy(timestamp: int) -> None:
    """Every ten minutes; `timestamp` is when it was due."""
    with _closing():
        jobs, folders = job_actions.tidy(now=timezone.now())
    if jobs or folders:
        log.info("shipping tidied", extra={"jobs": jobs, "folders": folders})


@app.periodic(cron="* * * * *")
@app.task(name="shipping.give_up", queueing_lock="shipping.give_up")
def give_up(timestamp: int) -> None:
    """Every minute: a job for which nothing stands in the queue any more says so instead of waiting for ever."""
    with _closing():
        given_up = job_actions.give_up(now=timezone.now())
    if given_up:
        log.error("shipping jobs given up", extra={"jobs": given_up})


def attempt(job: uuid.UUID, work: Work, revision: int, *, is_ending: Callable[[], bool] = lambda: False) -> None:
    """One attempt of the work on a job, whatever becomes of it. `is_ending`: whether this worker is told to end.

    Raises what `_Again` tries again, and nothing else.
    """
    with _closing(), _alone(job):
        run = job_actions.begin(job=job, work=work, revision=revision, now=timezone.now())
        if run is None:
            return
        watch = _Watch(run, is_ending)
        try:
            {Work.READ: _read, Work.PLAN: _plan}[work](run, watch)
        except Overtaken:
            log.info("shipping attempt overtaken", extra={"job": str(job), "work": work})
        except JobAborted:
            job_actions.release(run=run)
            raise
        except SundryError as refusal:
            _fail(run, refusal.rule, refusal.details)
        except (OperationalError, InterfaceError):
            raise
        except FileNotFoundError:
            log.exception("shipping results gone", extra={"job": str(job), "work": work})
            _fail(run, "job_results_gone", {})
        except OSError as fault:
            log.exception("shipping results not written", extra={"job": str(job), "work": work})
            _fail(run, "job_not_written", {"fault": fault.strerror or str(fault)})
        except Exception:
            log.exception("shipping attempt failed", extra={"job": str(job), "work": work})
            _fail(run, "job_crashed", {})
        job_actions.sweep(job=job, now=timezone.now())


def mark_copy(job: uuid.UUID, revision: int, *, is_ending: Callable[[], bool] = lambda: False) -> None:
    """Put the marked copy of the book beside its reading of that revision, while that is the one that counts.

    Raises what `_Again` tries again, and nothing else: without a copy the findings are still there.
    """
    with _closing(), _alone(job):
        found = job_actions.to_mark(job=job, revision=revision)
        if found is None:
            return
        place = job_files.reading_folder(job, revision)
        marking = Marking(job_files.book_of(job, found.file_name), place, found.language, corrections=found.corrections)
        watch = _MarkWatch(job, revision, is_ending)
        try:
            with job_files.unfinished(job) as folder:
                mark_in_process(marking, folder, should_stop=watch.should_stop)
                os.replace(folder / CHECKED, place / CHECKED)
        except ReadingStopped as stopped:
            if not watch.is_unwanted:
                raise JobAborted from stopped
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            if job_actions.to_mark(job=job, revision=revision) is not None:  # else its files went under it
                log.exception("marked copy failed", extra={"job": str(job)})


def _fail(run: Run, rule: str, details: Mapping[str, Any]) -> None:
    plain = {key: value if isinstance(value, int) else str(value) for key, value in details.items()}
    job_actions.fail(run=run, rule=rule, details=plain, now=timezone.now())


def _read(run: Run, watch: _Watch) -> None:
    job = run.job
    reading = reading_of(job)
    watch.progress("reading", 0, 0)
    with job_files.unfinished(job.id) as folder, watch.stopping():
        told = read_in_process(reading, folder, should_stop=watch.should_stop)
        watch.check()
        job_files.keep(folder / PARTS, job_files.reading_folder(job.id, run.revision))
        summary, keys = told["read"], told["told_keys"]
        if not job_actions.finish_reading(run=run, summary=summary, told_keys=keys, now=timezone.now()):
            raise Overtaken


def _plan(run: Run, watch: _Watch) -> None:
    job = run.job
    book = job_files.book_of(job.id, job.file_name)
    reading = job_files.reading_folder(job.id, job.book_revision)
    lines, read_by = job_parts.part(reading, job_parts.LINES), job_parts.part(reading, job_parts.MAPS)
    with job_files.unfinished(job.id) as folder, watch.stopping():
        out = folder / "out"
        result = ship_in_process(
            book,
            out,
            ship_options(job, lines, read_by),
            on_progress=watch.progress,
            should_stop=watch.should_stop,
            at_a_time=settings.SUNDRY.worker_concurrency,
        )
        watch.check()
        parts = job_files.parts_of_plan(out)
        parts.mkdir()
        summary = job_parts.write_plan(parts, result, lines, _rows(job, result))
        watch.check()
        job_files.keep(out, job_files.plan_folder(job.id, run.revision))
        if not job_actions.finish_plan(run=run, summary=summary, now=timezone.now()):
            raise Overtaken


def _rows(job: Job, result: Result) -> dict[tuple[str, int], RowTexts]:
    """The rows of the book to which the findings belong; those that the reading found already are not looked up."""
    found = job_parts.part(job_files.reading_folder(job.id, job.book_revision), job_parts.ROWS)
    known = {(sheet, row): RowTexts(sheet, row, tuple(map(tuple, cells))) for sheet, row, cells in found}
    wanted = job_parts.places_of(result.findings)
    missing = [place for place in wanted if place not in known]
    if missing:
        book = job_files.book_of(job.id, job.file_name)
        known |= row_texts(book, missing, corrections=job.corrections)
    return {place: known[place] for place in wanted if place in known}


def reading_of(job: Job) -> Reading:
    """How the job's book is read: by what she said of its columns, and what her organisation said of others."""
    told = job.column_maps.get(job_actions.TOLD_MAP)
    own = {key: data for key, data in job.column_maps.items() if key != job_actions.TOLD_MAP}
    return Reading(
        book=job_files.book_of(job.id, job.file_name),
        day=job.options.day,
        currency=job.options.currency,
        language=job.language,
        maps=remembered_maps(job.owner.organisation) | own,
        told=told,
        corrections=job.corrections,
    )


def ship_options(job: Job, lines: list[Mapping[str, Any]], read_by: Mapping[str, Any]) -> ShipOptions:
    """What the job asks of the engine. `lines` and `read_by` (MAPS): of its reading."""
    items = {(line["sheet"], line["row"]): line["item"] for line in lines}
    return ShipOptions(
        day=job.options.day,
        container=job.options.container,
        containers_max=job.options.containers_max,
        rates=job.options.rates,
        currency=job.options.currency,
        profile=job.options.profile,
        seconds=float(job.options.seconds),
        split_lines=job.options.split_lines,
        upright=job.options.upright,
        language=job.options.language,
        corrections=job.corrections,
        column_map_data=read_by["told"],
        remembered=read_by["maps"],
        excluded=_still_there(job.left_out, items),
        pinned=_still_there(job.must_travel, items),
    )


def _still_there(places: tuple[LinePlace, ...], items: Mapping[Row, str]) -> frozenset[Row]:
    """The places that hold the item that was chosen: a book that was replaced may have other rows there."""
    return frozenset((place.sheet, place.row) for place in places if items.get((place.sheet, place.row)) == place.item)


class _Watch:
    """Writes how far an attempt is, at most twice a second, and notices when it does not count any more."""

    def __init__(self, run: Run, is_ending: Callable[[], bool]) -> None:
        self.run = run
        self.is_ending = is_ending
        self.is_overtaken = False
        self._state: tuple[str, int, int] = ("", 0, 0)
        self._written_at = 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        self._state = stage, done, total

    def should_stop(self) -> bool:
        """Whether to stop: asked often, answered from the database twice a second."""
        if self.is_ending():
            return True
        if time.monotonic() - self._written_at >= WRITE_EVERY_S:
            stage, done, total = self._state
            self.is_overtaken = not job_actions.progress(run=self.run, stage=stage, done=done, total=total)
            self._written_at = time.monotonic()
        return self.is_overtaken

    def check(self) -> None:
        """Overtaken; JobAborted: this worker is told to end."""
        self._written_at = 0.0
        if self.should_stop():
            raise Overtaken if self.is_overtaken else JobAborted

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Tell why the child was stopped: Overtaken, or JobAborted."""
        try:
            yield
        except (Stopped, ReadingStopped) as stopped:
            raise (Overtaken if self.is_overtaken else JobAborted) from stopped
        except OSError as fault:
            with suppress(Overtaken):
                self.check()
                raise
            raise Overtaken from fault  # its folder went under it: the job was deleted


class _MarkWatch:
    """Notices, at most twice a second, that nobody wants the marked copy any more."""

    def __init__(self, job: uuid.UUID, revision: int, is_ending: Callable[[], bool]) -> None:
        self.job = job
        self.revision = revision
        self.is_ending = is_ending
        self.is_unwanted = False
        self._looked_at = 0.0

    def should_stop(self) -> bool:
        if self.is_ending():
            return True
        if time.monotonic() - self._looked_at >= WRITE_EVERY_S:
            self.is_unwanted = job_actions.to_mark(job=self.job, revision=self.revision) is None
            self._looked_at = time.monotonic()
        return self.is_unwanted


def lock_number(job: uuid.UUID) -> int:
    """Of the database's lock that an attempt holds."""
    return int.from_bytes(hashlib.sha256(b"shipping" + job.bytes).digest()[:8], "big", signed=True)


@contextmanager
def _alone(job: uuid.UUID) -> Iterator[None]:
    """Busy: somebody else is at this job. The lock goes with the connection, however this process ends."""
    number = lock_number(job)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise Busy(job)
    try:
        yield
    finally:
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _closing() -> Iterator[None]:
    """A worker's thread keeps no connection between two tasks."""
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            connection.close()
