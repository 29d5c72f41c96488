"""What happens to a shipping job: each function is one thing, in one transaction.

People's actions take the job as they saw it (for its id) and lock its row; workers' take the token of their attempt.
What a worker has to do is put in the queue in the same transaction.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app

from sundry.base.access.actions import record, take
from sundry.base.access.rules import Actor, Operation, Owner
from sundry.goods.orders.formats.opening import sniff
from sundry.goods.orders.queries import checked_map
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_files
from sundry.goods.shipping.job_files import WriteBook
from sundry.goods.shipping.job_queries import forsaken, job_from, lock_of
from sundry.goods.shipping.job_rules import (
    ATTEMPTS_MAX,
    AWAITED,
    BOOK_BYTES_MAX,
    CHANGE,
    CLAIM,
    DELETE,
    JOBS_WAITING_ANONYMOUS_MAX,
    JOBS_WAITING_MAX,
    LINES_CHOSEN_MAX,
    PLAN,
    UPLOAD,
    AlreadyDone,
    Fault,
    Job,
    JobOptions,
    LinePlace,
    NotNow,
    OptionsWrong,
    Run,
    State,
    Work,
    check_seen,
    checked,
    expiry,
    merged_corrections,
    options_from,
    seconds_most,
    state_after_change,
)
from sundry.goods.shipping.models import ColumnMap, ShippingJob, new_key
from sundry.kernel.errors import EnvironmentFault, UnusableInput

READ_TASK, MARK_TASK, PLAN_TASK = "shipping.read", "shipping.mark", "shipping.plan"  # in jobs.py, which imports this
_TASKS = {Work.READ: READ_TASK, Work.PLAN: PLAN_TASK}
QUEUES = {Work.READ: "read", Work.PLAN: "plan"}
_PRIORITY = {Work.READ: 10, Work.PLAN: 0}  # a reading takes a second and is waited for
_MARK_PRIORITY = 5

UPLOADS_AN_HOUR = 60
UPLOADS_AN_HOUR_ANONYMOUS = 30  # of one network
PLANS_AN_HOUR = 120
FREE_BYTES_MIN = 100_000_000
"""So much stays free for the results of books that are there already; below it no book is taken."""
FORSAKEN_AFTER = timedelta(minutes=1)
TOLD_MAP = ""
"""The key of the map for tables whose header we do not recognise: it names the header's row."""


# What a person does.


def upload(
    *,
    actor: Actor,
    job: uuid.UUID,
    name: str,
    write: WriteBook,
    options: JobOptions,
    language: str,
    now: datetime,
    then_plan: bool = False,
) -> Job:
    """A new job for the book that `write` writes; it is read as soon as a worker is free, and `then_plan`, planned.

    `job` is the id that the form or the request brought, so that sending it twice makes one job: AlreadyDone.
    TooMany, NotNow: too many uploads, or jobs that wait. UnusableInput: no book; nothing is left of it.
    """
    owner = actor.owner()
    if ShippingJob.objects.filter(id=job).exists():
        raise AlreadyDone
    _take("upload", actor, UPLOADS_AN_HOUR, UPLOADS_AN_HOUR_ANONYMOUS, now)
    path = _put_book(job, name, write)
    try:
        with transaction.atomic():
            _check_waiting(owner)
            row = ShippingJob.objects.create(
                id=job,
                key=new_key(),
                person_id=owner.person,
                organisation_id=owner.organisation,
                file_name=path.name,
                book_bytes=path.stat().st_size,
                language=language,
                options=options.to_json(),
                plan_when_read=then_plan,
                made_at=now,
                changed_at=now,
                queued_at=now,
                expires_at=expiry(owner, now),
            )
            _defer(row, Work.READ)
            _record(actor, UPLOAD, row, file_bytes=row.book_bytes)
    except IntegrityError as fault:
        if not ShippingJob.objects.filter(id=job).exists():
            job_files.take_back_book(path)
            raise
        job_files.take_back_book(path)  # the other one of two clicks was faster
        raise AlreadyDone from fault
    except BaseException:
        job_files.take_back_book(path)
        raise
    return job_from(row)


def replace_book(*, actor: Actor, job: Job, name: str, write: WriteBook, now: datetime) -> Job:
    """Another book in the place of the job's, as the marked copy after she mended it in Excel.

    What was typed in place of cells is forgotten: it stands in the marked copy. What was chosen for lines stays where
    the row still has that item. The book that was there is removed: whoever still reads it is overtaken. Errors as
    `upload`.
    """
    _take("upload", actor, UPLOADS_AN_HOUR, UPLOADS_AN_HOUR_ANONYMOUS, now)
    path = _put_book(job.id, name, write)
    try:
        with transaction.atomic():
            row = _locked(job)
            old = job_files.book_of(job.id, row.file_name)
            row.file_name, row.book_bytes = path.name, path.stat().st_size
            row.corrections = []
            _changed(row, rereads=True, now=now)
            _record(actor, UPLOAD, row, file_bytes=row.book_bytes)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    transaction.on_commit(lambda: old.unlink(missing_ok=True))
    return job_from(row)


# What is said of cells, columns and lines is said of a book that somebody has looked at: `seen` is the revision of the
# job that she was shown. NotNow: the book reads otherwise since, and nothing was done.


def correct_cells(
    *, actor: Actor, job: Job, corrections: Sequence[Correction], now: datetime, seen: int | None = None
) -> Job:
    """Values typed in place of cells. AlreadyDone: they stand already; OptionsWrong: one makes no sense; NotNow."""
    with transaction.atomic():
        row = _locked(job)
        before = tuple(Correction(*one) for one in row.corrections)
        merged = merged_corrections(before, corrections)
        if merged == before:
            raise AlreadyDone
        check_seen(row.book_revision, seen)
        row.corrections = [[one.sheet, one.row, one.column_letter, one.value] for one in merged]
        _changed(row, rereads=True, now=now)
        _record(actor, CHANGE, row, corrections=len(corrections))
    return job_from(row)


def take_back_corrections(
    *, actor: Actor, job: Job, places: Sequence[tuple[str, int, str]], now: datetime, seen: int | None = None
) -> Job:
    """What the book says counts again in these cells: (sheet, row, column letter). AlreadyDone: none was corrected;
    NotNow."""
    with transaction.atomic():
        row = _locked(job)
        gone = set(places)
        left = [one for one in row.corrections if (one[0], one[1], one[2]) not in gone]
        if left == row.corrections:
            raise AlreadyDone
        check_seen(row.book_revision, seen)
        row.corrections = left
        _changed(row, rereads=True, now=now)
        _record(actor, CHANGE, row, taken_back=len(places))
    return job_from(row)


def set_columns(
    *, actor: Actor, job: Job, maps: Mapping[str, Mapping[str, Any]], now: datetime, seen: int | None = None
) -> Job:
    """What the columns are: by the key of each header row, or under TOLD_MAP with the row of a header that was not
    recognised; a map without columns is forgotten. Those of an organisation are remembered for its next book.

    AlreadyDone: nothing new. UsageError: a field that does not exist. NotNow.
    """
    with transaction.atomic():
        row = _locked(job)
        told = {key: checked_map(data) for key, data in maps.items() if data.get("columns")}
        kept = {key: data for key, data in row.column_maps.items() if key not in maps}
        if row.column_maps == kept | told:
            raise AlreadyDone
        check_seen(row.book_revision, seen)
        row.column_maps = kept | told
        _remember(row, {key: data["columns"] for key, data in told.items() if key != TOLD_MAP}, now)
        forgotten = [key for key in maps if key not in told]
        if row.organisation_id is not None and forgotten:
            ColumnMap.objects.filter(organisation_id=row.organisation_id, key__in=forgotten).delete()
        _changed(row, rereads=True, now=now)
        _record(actor, CHANGE, row, column_maps=len(maps))
    return job_from(row)


def choose_lines(
    *,
    actor: Actor,
    job: Job,
    now: datetime,
    leave_out: Sequence[LinePlace] = (),
    take_in: Sequence[LinePlace] = (),
    must_travel: Sequence[LinePlace] = (),
    may_wait: Sequence[LinePlace] = (),
    seen: int | None = None,
) -> Job:
    """Lines that shall not travel and are taken in again, or must travel and may wait again. AlreadyDone, NotNow."""
    with transaction.atomic():
        row = _locked(job)
        left, must = row.left_out, row.must_travel
        row.left_out = _chosen(left, leave_out, (*take_in, *must_travel))
        row.must_travel = _chosen(must, must_travel, (*may_wait, *leave_out))
        if (left, must) == (row.left_out, row.must_travel):
            raise AlreadyDone
        check_seen(row.book_revision, seen)
        _changed(row, rereads=False, now=now)
        _record(actor, CHANGE, row, left_out=len(row.left_out), must_travel=len(row.must_travel))
    return job_from(row)


def set_options(
    *, actor: Actor, job: Job, given: Mapping[str, Any], now: datetime, plan_when_read: bool = False
) -> Job:
    """New options; what is not given stays. AlreadyDone: they are so already; OptionsWrong: what makes no sense.

    `plan_when_read`: where the book is being read, or is to be read again because of them, it is planned after that.
    """
    with transaction.atomic():
        row = _locked(job)
        try:
            _set_options(row, given, now)
        except AlreadyDone:
            if not (plan_when_read and _awaits_reading(row)) or row.plan_when_read:
                raise
        if plan_when_read and _awaits_reading(row):
            row.plan_when_read = True
            row.save(update_fields=["plan_when_read"])
        _record(actor, CHANGE, row, fields=sorted(given)[:40])
    return job_from(row)


def plan(*, actor: Actor, job: Job, now: datetime) -> Job:
    """Have the job planned. AlreadyDone: it is planned, or asked for. NotNow: it is not read, or no line is left."""
    _take("plan", actor, PLANS_AN_HOUR, PLANS_AN_HOUR, now)
    with transaction.atomic():
        row = _locked(job)
        _plan(row, now)
        _record(actor, PLAN, row, revision=row.revision)
    return job_from(row)


def read_again(*, actor: Actor, job: Job, now: datetime) -> Job:
    """Have a job read whose reading was stopped or failed, or whose results are gone from the disk. AlreadyDone: it is
    read, or will be."""
    with transaction.atomic():
        row = _locked(job)
        seen = job_from(row)
        if seen.is_awaited or (seen.has_reading and not job_files.has_lost_results(seen)):
            raise AlreadyDone
        row.read_revision = None
        _await(row, Work.READ, now)
        _record(actor, CHANGE, row)
    return job_from(row)


def leave_last(*, actor: Actor, job: Job, now: datetime) -> Job:
    """Yes, leave what stands in the last container: planned anew with one container less. AlreadyDone, NotNow."""
    with transaction.atomic():
        row = _locked(job)
        seen = job_from(row)
        if seen.state is State.PLANNING:
            raise AlreadyDone
        containers = (seen.plan_summary or {}).get("containers", 0)
        if not seen.has_plan or containers < 2:
            raise NotNow("job_has_no_plan")
        _set_options(row, {"containers_max": containers - 1}, now)
        _plan(row, now)
        _record(actor, PLAN, row, containers_max=containers - 1)
    return job_from(row)


def keep_last(*, actor: Actor, job: Job, now: datetime) -> Job:
    """No, the last container travels: the question is not asked again for this plan. AlreadyDone, NotNow."""
    with transaction.atomic():
        row = _locked(job)
        if not job_from(row).has_plan:
            raise NotNow("job_has_no_plan")
        if row.kept_revision == row.revision:
            raise AlreadyDone
        row.kept_revision = row.revision
        row.save(update_fields=["kept_revision"])
        _record(actor, CHANGE, row, kept_last=True)
    return job_from(row)


def stop(*, actor: Actor, job: Job, now: datetime) -> Job:
    """Stop what is done for the job, or waits to be. The worker notices within a second. AlreadyDone: nothing is."""
    with transaction.atomic():
        row = _locked(job)
        if State(row.state) not in AWAITED:
            raise AlreadyDone
        row.state, row.run, row.ended_at, row.stage = State.STOPPED, None, now, ""
        row.plan_when_read = False
        row.save(update_fields=["state", "run", "ended_at", "stage", "plan_when_read"])
        _record(actor, CHANGE, row, stopped=True)
    return job_from(row)


def delete(*, actor: Actor, job: Job) -> None:
    """The job and all its files are gone."""
    with transaction.atomic():
        row = _locked(job)
        _record(actor, DELETE, row)
        row.delete()
    job_files.remove(job.id)


def claim(*, actor: Actor, job: Job, now: datetime) -> Job:
    """A job of nobody's becomes the actor's, and does not expire. AlreadyDone: it has an owner; JobGone: too late."""
    owner = actor.owner()
    if owner == Owner():
        raise ValueError("a visitor cannot own anything")
    with transaction.atomic():
        row = _locked(job)
        if row.expires_at is None:
            raise AlreadyDone
        if row.expires_at <= now:
            raise JobGone
        row.person_id, row.organisation_id, row.expires_at = owner.person, owner.organisation, None
        row.save(update_fields=["person", "organisation", "expires_at"])
        _record(actor, CLAIM, row)
    return job_from(row)


# What a worker does.


@transaction.atomic
def begin(*, job: uuid.UUID, work: Work, revision: int, now: datetime) -> Run | None:
    """A new attempt; None: somebody changed, stopped or deleted the job meanwhile, so that there is nothing to do.

    After ATTEMPTS_MAX attempts the job has failed.
    """
    row = ShippingJob.objects.select_for_update().filter(id=job).first()
    awaited = (State.UPLOADED, State.READING) if work is Work.READ else (State.PLANNING,)
    if row is None or State(row.state) not in awaited or revision != _revision(row, work):
        return None
    if row.attempts >= ATTEMPTS_MAX:
        _failed(row, "job_attempts", {"attempts": ATTEMPTS_MAX}, now)
        return None
    row.attempts += 1
    row.run, row.started_at = uuid.uuid4(), now
    row.state = State.READING if work is Work.READ else State.PLANNING
    row.stage, row.done, row.total = "", 0, 0
    row.save(update_fields=["attempts", "run", "started_at", "state", "stage", "done", "total"])
    return Run(row.run, job_from(row), work)


def progress(*, run: Run, stage: str, done: int, total: int) -> bool:
    """Write how far it is; False: the attempt was overtaken and must stop. One statement."""
    total = max(total, 0)
    values = {"stage": stage[:16], "done": min(max(done, 0), total) if total else max(done, 0), "total": total}
    return ShippingJob.objects.filter(id=run.job.id, run=run.token).update(**values) == 1


@transaction.atomic
def finish_reading(*, run: Run, summary: Mapping[str, Any], told_keys: Sequence[str] = (), now: datetime) -> bool:
    """The reading in the job's folder counts from now on; False: the attempt was overtaken, and its result does not.

    `told_keys`: of the headers at which she pointed. The map with the row of the header becomes one by their words, as
    any other, by which the next book of her office is understood, too.
    """
    row = _of_run(run)
    if row is None:
        return False
    row.state, row.read_revision, row.read_summary = State.READ, run.revision, dict(summary)
    if TOLD_MAP in row.column_maps and told_keys:
        columns = row.column_maps.pop(TOLD_MAP)["columns"]
        row.column_maps |= {key: {"columns": columns, "header_row": None} for key in told_keys}
        _remember(row, dict.fromkeys(told_keys, columns), now)
    wants_plan, row.plan_when_read = row.plan_when_read, False
    _ended(row, now, "state", "read_revision", "read_summary", "column_maps", "plan_when_read")
    _queue(row, MARK_TASK, QUEUES[Work.READ], _MARK_PRIORITY, run.revision)
    if wants_plan and summary.get("lines"):
        _await(row, Work.PLAN, now)
    return True


def to_mark(*, job: uuid.UUID, revision: int) -> Job | None:
    """The job while its reading of that revision is the one that counts; None: nobody wants its marked copy."""
    row = ShippingJob.objects.filter(id=job, read_revision=revision, book_revision=revision).first()
    return None if row is None else job_from(row)


@transaction.atomic
def sweep(*, job: uuid.UUID, now: datetime) -> None:
    """Remove the files of the job that no longer count, as the row says now: a book dropped meanwhile does."""
    row = ShippingJob.objects.select_for_update().filter(id=job).first()
    if row is not None:
        job_files.keep_only(job, book=row.file_name, reading=row.read_revision, plan=row.plan_revision, now=now)


@transaction.atomic
def finish_plan(*, run: Run, summary: Mapping[str, Any], now: datetime) -> bool:
    """The plan in the job's folder counts from now on; False as above."""
    row = _of_run(run)
    if row is None:
        return False
    row.state, row.plan_revision, row.plan_summary = State.PLANNED, run.revision, dict(summary)
    _ended(row, now, "state", "plan_revision", "plan_summary")
    return True


@transaction.atomic
def fail(*, run: Run, rule: str, details: Mapping[str, Any], now: datetime) -> bool:
    """The job has failed, and says why; False as above."""
    row = _of_run(run)
    if row is None:
        return False
    _failed(row, rule, details, now)
    return True


@transaction.atomic
def release(*, run: Run) -> bool:
    """The attempt ends because its worker does; the job waits for another one, and the attempt does not count."""
    row = _of_run(run)
    if row is None:
        return False
    row.run, row.started_at, row.stage = None, None, ""
    row.attempts -= 1
    if run.work is Work.READ:
        row.state = State.UPLOADED
    row.save(update_fields=["run", "started_at", "stage", "attempts", "state"])
    return True


def give_up(*, now: datetime) -> int:
    """Fail the jobs that wait for a worker and stand in no queue: what they had there was tried too often, or was lost.

    How many there were.
    """
    found = forsaken(before=now - FORSAKEN_AFTER)
    for job in found:
        with transaction.atomic():
            row = ShippingJob.objects.select_for_update().filter(id=job, state__in=AWAITED).first()
            if row is not None:
                _failed(row, "job_attempts", {"attempts": max(row.attempts, 1)}, now)
    return len(found)


def tidy(*, now: datetime) -> tuple[int, int]:
    """Delete the jobs that have expired, and folders without a job. (jobs, folders)."""
    expired = list(ShippingJob.objects.filter(expires_at__lte=now).values_list("id", flat=True)[:500])
    deleted = 0
    for job in expired:
        with transaction.atomic():  # one at a time: an attempt that is just finishing holds its row for a moment
            is_gone = ShippingJob.objects.filter(id=job, expires_at__lte=now).delete()[0] > 0
        if is_gone:  # else somebody claimed it a moment ago
            job_files.remove(job)
            deleted += 1
    old = job_files.folders_older_than(now)
    known = set(ShippingJob.objects.filter(id__in=old).values_list("id", flat=True))
    orphans = [job for job in old if job not in known]
    for job in orphans:
        job_files.remove(job)
    return deleted, len(orphans)


# Parts of the above.


def _take(name: str, actor: Actor, limit: int, limit_anonymous: int, now: datetime) -> None:
    owner = actor.owner()
    if owner == Owner():
        take(f"ship.{name}.network:{actor.address}", limit_anonymous, 3600, now)
    else:
        take(f"ship.{name}:{owner.organisation or owner.person}", limit, 3600, now)


def _put_book(job: uuid.UUID, name: str, write: WriteBook) -> Path:
    """The book, on the disk and looked at from outside."""

    def write_checked(path: Path) -> None:
        write(path)
        if path.stat().st_size > BOOK_BYTES_MAX:
            raise UnusableInput("upload_too_large", megabytes=BOOK_BYTES_MAX // 1_000_000)
        sniff(path)

    try:
        if job_files.free_bytes() < FREE_BYTES_MIN:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return job_files.put_book(job, name, write_checked)
    except OSError as fault:
        raise EnvironmentFault("upload_not_kept", fault=fault.strerror or str(fault)) from fault


def _check_waiting(owner: Owner) -> None:
    """NotNow: too many jobs of this owner wait. Uploads of one owner stand in line here, so that none slips through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ship {owner.organisation or owner.person}"]
        )
    waiting = ShippingJob.objects.filter(state__in=AWAITED, queued_at__isnull=False)
    if owner == Owner():
        most, waiting = JOBS_WAITING_ANONYMOUS_MAX, waiting.filter(expires_at__isnull=False)
    elif owner.organisation is not None:
        most, waiting = JOBS_WAITING_MAX, waiting.filter(organisation=owner.organisation)
    else:
        most, waiting = JOBS_WAITING_MAX, waiting.filter(organisation=None, person=owner.person)
    if waiting[: most + 1].count() >= most:
        raise NotNow("jobs_too_many", most=most)


def _locked(job: Job) -> ShippingJob:
    """The row, until the transaction ends. JobGone."""
    row = ShippingJob.objects.select_for_update().filter(id=job.id).first()
    if row is None:
        raise JobGone
    return row


class JobGone(Exception):
    """The job was deleted meanwhile: answered like one that never was."""


def _changed(row: ShippingJob, *, rereads: bool, now: datetime) -> None:
    """Count up the revision after something was changed; what is done for the old one is overtaken."""
    row.revision += 1
    row.changed_at = now
    state = state_after_change(State(row.state), rereads=rereads, has_reading=row.read_revision == row.book_revision)
    if rereads:
        row.book_revision = row.revision
        row.state = state
        _await(row, Work.READ, now)
        return
    if state is State.READ:
        row.run, row.stage, row.error_rule, row.error_details = None, "", "", {}
    row.state = state
    row.save()


def _await(row: ShippingJob, work: Work, now: datetime) -> None:
    """The job waits for a worker."""
    row.state = checked(State(row.state), State.UPLOADED if work is Work.READ else State.PLANNING)
    row.run, row.started_at, row.ended_at, row.queued_at = None, None, None, now
    row.attempts, row.stage, row.done, row.total = 0, "", 0, 0
    row.error_rule, row.error_details = "", {}
    row.save()
    _defer(row, work)


def _plan(row: ShippingJob, now: datetime) -> None:
    seen = job_from(row)
    if seen.has_plan or seen.state is State.PLANNING:
        raise AlreadyDone
    if not seen.has_reading:
        raise NotNow("job_not_read")
    if not (seen.read_summary or {}).get("lines"):
        raise NotNow("job_without_lines")
    _await(row, Work.PLAN, now)


def _set_options(row: ShippingJob, given: Mapping[str, Any], now: datetime) -> None:
    before = JobOptions.from_json(row.options)
    options = options_from(given, before, seconds_max=seconds_most(Owner(row.person_id, row.organisation_id)))
    if options == before:
        raise AlreadyDone
    row.options = options.to_json()
    _changed(row, rereads=not options.reads_like(before), now=now)


def _awaits_reading(row: ShippingJob) -> bool:
    return State(row.state) in (State.UPLOADED, State.READING)


def _chosen(before: Sequence[Any], more: Sequence[LinePlace], fewer: Sequence[LinePlace]) -> list[Any]:
    chosen = {(sheet, row): [sheet, row, item] for sheet, row, item in before}
    for place in fewer:
        chosen.pop((place.sheet, place.row), None)
    chosen |= {(place.sheet, place.row): place.to_json() for place in more}
    if len(chosen) > LINES_CHOSEN_MAX:
        raise OptionsWrong([Fault("lines", "lines_too_many", {"most": LINES_CHOSEN_MAX})])
    return sorted(chosen.values())


def _remember(row: ShippingJob, columns_by_key: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Column maps of an organisation's job are the organisation's, too."""
    if row.organisation_id is None or not columns_by_key:
        return
    ColumnMap.objects.bulk_create(
        [
            ColumnMap(organisation_id=row.organisation_id, key=key, columns=dict(columns), changed_at=now)
            for key, columns in columns_by_key.items()
        ],
        update_conflicts=True,
        unique_fields=["organisation", "key"],
        update_fields=["columns", "changed_at"],
    )


def _revision(row: ShippingJob, work: Work) -> int:
    return row.book_revision if work is Work.READ else row.revision


def _defer(row: ShippingJob, work: Work) -> None:
    """Put the work in the queue; a worker sees it when the transaction is committed. One at a time for a job."""
    _queue(row, _TASKS[work], QUEUES[work], _PRIORITY[work], _revision(row, work))


def _queue(row: ShippingJob, task: str, queue: str, priority: int, revision: int) -> None:
    app.configure_task(task, allow_unknown=True, queue=queue, lock=lock_of(row.id), priority=priority).defer(
        job=str(row.id), revision=revision
    )


def _of_run(run: Run) -> ShippingJob | None:
    """The row while the attempt is the one that counts, locked."""
    return ShippingJob.objects.select_for_update().filter(id=run.job.id, run=run.token).first()


def _failed(row: ShippingJob, rule: str, details: Mapping[str, Any], now: datetime) -> None:
    row.state, row.error_rule, row.error_details = State.FAILED, rule, dict(details)
    _ended(row, now, "state", "error_rule", "error_details")


def _ended(row: ShippingJob, now: datetime, *changed: str) -> None:
    row.run, row.ended_at, row.stage = None, now, ""
    row.save(update_fields=["run", "ended_at", "stage", *changed])


def _record(actor: Actor, operation: Operation, row: ShippingJob, **details: Any) -> None:
    record(actor=actor, operation=operation, object_kind="shipping_job", object_id=row.id, details=details)
