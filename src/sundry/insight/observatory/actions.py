"""What happens in the observatory: pages come in, are read, dated, put right, and go. Each is one transaction.

Whatever changes what pages say takes the lock of the observatory first and the page's row second: a page is compared
with others, and two that were written at once would not see each other. Reading itself, the long part, is done before
the lock is taken; what was read is looked at again under it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor, Operation
from sundry.engines.reading.issue_date import YEARS, infer_issue_date
from sundry.engines.reading.model import Region
from sundry.engines.reading.reader import LONGEST, Reading
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.corrections import checked_changes, merged
from sundry.insight.observatory.models import Correction, File, Import, Page, Statement
from sundry.insight.observatory.opening import Opened, Problem, opened_all
from sundry.insight.observatory.operations import CORRECT, DATE, IMPORT, IMPORT_STOP, REMOVE
from sundry.insight.observatory.reckoning import reading_of, reckoned
from sundry.insight.observatory.related import statements_of
from sundry.insight.observatory.rules import FILES_MAX, READER, DateSource, State, Verdict
from sundry.insight.observatory.telling import About
from sundry.insight.observatory.views import article_json, correction_views, home_of
from sundry.insight.observatory.writing import compared_with, forget_readings, reconcile, write
from sundry.kernel.errors import SundryError, UsageError

READ_TASK: Final = "observatory.read"  # in jobs.py, which imports this
QUEUE: Final = "read"
TRIES_MAX: Final = 3  # readings of one page that a worker begins
TAKEN_UP_MAX: Final = 100  # imports at once
HEADLINES: Final = 3  # that a list shows
_LOCK: Final = 0x0B5E  # of pg_advisory_xact_lock
# What the reader found of a page, as the observatory's pages tell it.
_TOLD: Final[Mapping[str, str]] = {
    "empty_page": "observatory_page_empty",
    "too_long": "observatory_page_too_long",
    "not_chinese": "observatory_page_not_chinese",
    "no_issue_date": "observatory_page_undated",
}
_FAILED: Final = "observatory_page_failed"
_OF_READING: Final = frozenset({*_TOLD.values(), _FAILED})

log = logging.getLogger("sundry.observatory")


class NotThere(SundryError):
    """No such page, statement or import: it may have been removed meanwhile."""


class NotNow(SundryError):
    """What was asked for does not fit what is there: a statement of a page that waits to be read."""


class AlreadyDone(SundryError):
    """It is so already."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A page's text read, and the day and home with which it was."""

    issued: date | None
    home: Region
    reading: Reading


# Pages come in --------------------------------------------------------------------------------------------------------


def import_files(
    *, actor: Actor, files: Sequence[tuple[str, bytes]], issued: date | None, home: Region, then_read: bool = True
) -> uuid.UUID:
    """Take the pages of `files` in, to be read by the worker; the id of the import.

    `issued`: the day of all of them, where it is known; else each page says its own, as far as it does. `home`: the
    paper's town. What cannot be used, or was imported before, is a problem of the import and stops nothing else.
    SundryError: no file, or too many; a day of issue that cannot be.
    """
    if not files:
        raise SundryError("observatory_no_file")
    if len(files) > FILES_MAX:
        raise SundryError("observatory_too_many_files", count=len(files), most=FILES_MAX)
    _check_day(issued)
    good, problems = opened_all(files)
    with transaction.atomic():
        _lock()  # so that no page goes meanwhile to which a file that is known leads
        made = Import.objects.create(person_id=actor.person)
        new, known = _kept(good)
        pages = [page for one in new for page in _pages(one, made, issued, home, actor.person)]
        Page.objects.bulk_create(pages)
        told = [*problems, *known]
        Import.objects.filter(id=made.id).update(total=len(pages), problems=[one.to_json() for one in told])
        if then_read and pages:
            _defer(made.id)
        _record(actor, IMPORT, "import", made.id, pages=len(pages), problems=len(told))
    return made.id


def _check_day(issued: date | None) -> None:
    """UsageError: a year that no newspaper has, which is a slip of the keyboard (0226 for 2026)."""
    if issued is not None and issued.year not in YEARS:
        raise UsageError("observatory_day_impossible", field="issued", day=issued, first=YEARS[0], last=YEARS[-1])


def _kept(opened: Sequence[Opened]) -> tuple[list[tuple[File, Opened]], list[Problem]]:
    """The files that are new, written; and the problems of those that are there already."""
    rows = [
        File(sha256=one.sha256, name=one.name, media_type=one.media_type, bytes=len(one.data), data=one.data)
        for one in sorted(opened, key=lambda one: one.sha256)  # so that two imports of the same files cannot lock up
    ]
    File.objects.bulk_create(rows, ignore_conflicts=True)
    there = dict(File.objects.filter(sha256__in=[row.sha256 for row in rows]).values_list("sha256", "id"))
    ours = {row.sha256: row for row in rows if there[row.sha256] == row.id}
    others = [file for digest, file in there.items() if digest not in ours]
    first = dict(Page.objects.filter(file__in=others).order_by("file", "-page_number").values_list("file", "id"))
    new = [(ours[one.sha256], one) for one in opened if one.sha256 in ours]
    known = [
        Problem(one.name, "observatory_file_known", {"file": one.name, "page": str(first[there[one.sha256]])})
        for one in opened
        if one.sha256 not in ours
    ]
    return new, known


def _pages(
    new: tuple[File, Opened], made: Import, issued: date | None, home: Region, person: uuid.UUID | None
) -> list[Page]:
    file, one = new
    return [
        Page(
            file=file,
            page_number=number,
            pages=len(one.texts),
            imported_in=made,
            text=text,
            encoding=one.encoding,
            home_code=home.code,
            home_name=home.name,
            home_parents=[[region.code, region.name] for region in home.parents],
            issued=issued,
            date_source=DateSource.GIVEN.value if issued else DateSource.UNKNOWN.value,
            date_reason="given" if issued else "",
            findings=list(findings),
            imported_by_id=person,
        )
        for number, (text, findings) in enumerate(zip(one.texts, one.findings, strict=True), start=1)
    ]


def stop_import(*, actor: Actor, import_id: uuid.UUID) -> None:
    """The page that is being read is still read; the others wait. NotThere; AlreadyDone."""
    with transaction.atomic():
        row = _locked_import(import_id)
        if row.is_stopped:
            raise AlreadyDone("observatory_import_stopped")
        if row.done + row.failed >= row.total:
            raise AlreadyDone("observatory_import_over")
        Import.objects.filter(id=import_id).update(is_stopped=True)
        _record(actor, IMPORT_STOP, "import", import_id, stopped=True)


def resume_import(*, actor: Actor, import_id: uuid.UUID) -> None:
    """NotThere; AlreadyDone: it is not stopped."""
    with transaction.atomic():
        row = _locked_import(import_id)
        if not row.is_stopped:
            raise AlreadyDone("observatory_import_runs")
        Import.objects.filter(id=import_id).update(is_stopped=False)
        _defer(import_id)
        _record(actor, IMPORT_STOP, "import", import_id, stopped=False)


def next_page(*, import_id: uuid.UUID) -> uuid.UUID | None:
    """The page of the import that is read next; None: there is none, or it was stopped."""
    return (
        Page.objects.filter(imported_in=import_id, imported_in__is_stopped=False, state=State.WAITING.value)
        .order_by("id")
        .values_list("id", flat=True)
        .first()
    )


def take_up() -> int:
    """Imports with pages that wait, of which nothing stands in the queue, go back into it; how many there were.

    Three SQL statements, and one for each of them.
    """
    waiting = Page.objects.filter(state=State.WAITING.value, imported_in=OuterRef("pk"))
    queued = ProcrastinateJob.objects.filter(task_name=READ_TASK, status__in=("todo", "doing"))
    with transaction.atomic():
        known = {job["import_id"] for job in queued.values_list("args", flat=True)}
        left = Import.objects.filter(Exists(waiting), is_stopped=False).exclude(id__in=known)
        found = list(left.order_by("id").values_list("id", flat=True)[:TAKEN_UP_MAX])
        for one in found:
            _defer(one)
    return len(found)


# Pages are read -------------------------------------------------------------------------------------------------------


def begin_page(*, page: uuid.UUID) -> bool:
    """Before a page is read for an import; False: the worker has died of it TRIES_MAX times already."""
    Page.objects.filter(id=page).update(tries=F("tries") + 1)
    return Page.objects.filter(id=page, tries__lte=TRIES_MAX).exists()


def read_page(*, page: uuid.UUID, now: datetime) -> None:
    """Read the page and write all that it says anew, with what people said of it. Doing it again changes nothing.

    NotThere: it was removed.
    """
    read = _read(page)
    with transaction.atomic():
        row, name = _locked(page)
        _write(row, name, read)


def fail_page(*, page: uuid.UUID) -> None:
    """The reader could not: the page says so, what was read of it before goes, and its import goes on."""
    with transaction.atomic():
        row, _ = _locked(page)
        compared, pages = compared_with(page)
        forget_readings(page)
        reconcile(statements_of(compared, apart_from=page), pages)
        _count(row, State.FAILED)
        row.state, row.reader = State.FAILED.value, READER
        row.published = row.to_review = row.failing = 0
        row.findings = [*_of_decoding(row), [_FAILED, None]]
        row.articles, row.headlines = [], []
        _save(row)


def set_issue_date(*, actor: Actor, page: uuid.UUID, issued: date | None, now: datetime) -> None:
    """The day of issue as a person says; None: as the page itself says. The page is read with it at once.

    NotThere; AlreadyDone: it is that day, and a person has confirmed it. UsageError: no paper has such a day.
    """
    _check_day(issued)
    with transaction.atomic():
        row, name = _locked(page)
        was = row.issued
        if issued is None:
            row.issued, row.date_source = None, DateSource.UNKNOWN.value
        elif (issued, DateSource.CONFIRMED.value) == (row.issued, row.date_source):
            raise AlreadyDone("observatory_date_is_so")
        else:
            row.issued, row.date_source, row.date_reason = issued, DateSource.CONFIRMED.value, ""
            row.date_spans = []
        _write(row, name, None)
        _record(actor, DATE, "page", page, was=str(was or ""), issued=str(row.issued or ""))


def read_or_fail(*, page: uuid.UUID, now: datetime) -> bool:
    """As `read_page`; a page of which the reader breaks says so, and nobody else has to wait for it.

    False: it broke, or the page was removed meanwhile. What the database raises when it is gone is raised.
    """
    try:
        read_page(page=page, now=now)
    except NotThere:
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("page not read", extra={"page": str(page)})
        fail_page(page=page)
        return False
    return True


def reread(*, limit: int, now: datetime) -> int:
    """Read up to `limit` pages again that an older reader read or broke of, each in its own transaction; how many."""
    old = Page.objects.exclude(state=State.WAITING.value).filter(reader__lt=READER).order_by("id")
    pages = list(old.values_list("id", flat=True)[:limit])
    for page in pages:
        read_or_fail(page=page, now=now)
    return len(pages)


def remove_page(*, actor: Actor, page: uuid.UUID) -> None:
    """The page goes with all that was read and said of it, and its file with its last page. NotThere."""
    with transaction.atomic():
        row, name = _locked(page)
        compared, pages = compared_with(page)
        forget_readings(page)
        Correction.objects.filter(page=page).delete()
        if row.state == State.WAITING.value and row.imported_in_id:
            Import.objects.filter(id=row.imported_in_id).update(total=F("total") - 1)
        Page.objects.filter(id=page).delete()
        if not Page.objects.filter(file=row.file_id).exists():
            File.objects.filter(id=row.file_id).delete()
        reconcile(statements_of(compared, apart_from=page), pages - {page})
        _record(actor, REMOVE, "page", page, name=name)


# People put right -----------------------------------------------------------------------------------------------------


def correct(*, actor: Actor, statement: uuid.UUID, verdict: Verdict, changes: Mapping[str, str], now: datetime) -> None:
    """What a person says of a statement: it counts at once, and whenever the page is read again.

    `changes` as in `corrections.FIELDS`. CorrectionWrong: a value that makes no sense. NotThere; AlreadyDone: the
    last thing that was said is just this.
    """
    page = _page_of(statement)
    with transaction.atomic():
        row, name = _locked(page)
        said = Statement.objects.select_related("correction").filter(id=statement, page=page).defer("grams").first()
        if said is None:
            raise NotThere("observatory_statement_gone")
        known = said.correction or said  # where the reader has moved it since, it is known by the place of then
        place = {"page_id": page, "start": known.start, "end": known.end, "type": known.type, "nth": known.nth}
        before = correction_views(list(Correction.objects.filter(**place).order_by("-id")[:1]))
        last = before[0] if before else None
        told = checked_changes(verdict, changes, home_of(row))
        kept = merged(last, verdict, told)
        if verdict is Verdict.WITHDRAWN and (last is None or last.verdict is Verdict.WITHDRAWN):
            raise AlreadyDone("correction_none")
        if last is not None and (last.verdict, dict(last.changes)) == (verdict, kept):
            raise AlreadyDone("correction_is_so")
        Correction.objects.create(**place, verdict=verdict.value, changes=kept, person_id=actor.person, made_at=now)
        _write(row, name, None)
        _record(actor, CORRECT, "statement", statement, verdict=verdict.value, **told)


def withdraw(*, actor: Actor, statement: uuid.UUID, now: datetime) -> None:
    """What was said of the statement counts no longer: it is as the reader left it. NotThere; AlreadyDone."""
    correct(actor=actor, statement=statement, verdict=Verdict.WITHDRAWN, changes={}, now=now)


# What they have in common ---------------------------------------------------------------------------------------------


def _locked(page: uuid.UUID) -> tuple[Page, str]:
    """The page under the lock of the observatory and its own, and the name of its file. NotThere."""
    _lock()
    row = Page.objects.select_for_update(of=("self",)).annotate(name=F("file__name")).filter(id=page).first()
    if row is None:
        raise NotThere("observatory_page_gone")
    return row, row.name


def _lock() -> None:
    """The lock of the observatory, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _locked_import(import_id: uuid.UUID) -> Import:
    row = Import.objects.select_for_update().filter(id=import_id).first()
    if row is None:
        raise NotThere("observatory_import_gone")
    return row


def _page_of(statement: uuid.UUID) -> uuid.UUID:
    page = Statement.objects.filter(id=statement).values_list("page_id", flat=True).first()
    if page is None:
        raise NotThere("observatory_statement_gone")
    return page


def _read(page: uuid.UUID) -> _Read:
    """The long part, before any lock. NotThere."""
    row = Page.objects.filter(id=page).first()
    if row is None:
        raise NotThere("observatory_page_gone")
    _date(row)
    return _Read(row.issued, home_of(row), reading_of(row.text, row.issued, home_of(row)))


def _date(row: Page) -> None:
    """The day that the page itself says, where no person gave one."""
    if row.date_source in (DateSource.GIVEN.value, DateSource.CONFIRMED.value):
        return
    issue = infer_issue_date(row.text[:LONGEST])
    row.issued, row.date_reason, row.date_spans = issue.day, issue.reason[:60], list(issue.spans)
    row.date_source = DateSource.INFERRED.value if issue.day else DateSource.UNKNOWN.value


def _write(row: Page, name: str, read: _Read | None) -> None:
    """The page read, reckoned and written, under its lock. `read`: what was read before the lock, if it still fits."""
    _date(row)
    home = home_of(row)
    fits = read is not None and (read.issued, read.home) == (row.issued, home)
    reading = read.reading if read is not None and fits else reading_of(row.text, row.issued, home)
    about = About(row.id, name, row.issued, row.text, view_of(row.text), home)
    corrections = correction_views(list(Correction.objects.filter(page=row.id)))
    write(row, name, reckoned(about, reading, corrections))
    _count(row, State.READ)
    row.state, row.reader = State.READ.value, READER
    row.articles = [article_json(one) for one in reading.articles]
    heads = [one.headline for one in reading.articles if one.headline]
    row.headlines = [row.text[slice(*head)] for head in heads[:HEADLINES]]
    row.findings = [*_of_decoding(row), *([_TOLD[one.rule], one.span] for one in reading.findings)]
    _save(row)


def _of_decoding(row: Page) -> list[Any]:
    """What was found before the page was read, which no reading changes."""
    return [one for one in row.findings if one[0] not in _OF_READING]


def _save(row: Page) -> None:
    row.revision += 1
    row.tries = 0
    row.save(
        update_fields=[
            "issued", "date_source", "date_reason", "date_spans", "state", "revision", "reader", "articles",
            "headlines", "findings", "published", "to_review", "tries",
        ]
    )  # fmt: skip


def _count(row: Page, state: State) -> None:
    """A page that waited is done: its import has one more."""
    if row.state == State.WAITING.value and row.imported_in_id is not None:
        counter = "done" if state is State.READ else "failed"
        Import.objects.filter(id=row.imported_in_id).update(**{counter: F(counter) + 1})


def _defer(import_id: uuid.UUID) -> None:
    """Into the queue, in the transaction of whoever calls; only one job of an import runs at a time."""
    app.configure_task(READ_TASK, queue=QUEUE, lock=f"observatory:{import_id}").defer(import_id=str(import_id))


def _record(actor: Actor, operation: Operation, kind: str, id: object, **details: Any) -> None:
    record(actor=actor, operation=operation, object_kind=kind, object_id=id, details=details)
