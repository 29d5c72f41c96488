"""What happens to a job, and that what is refused leaves no trace."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from sundry.base.access.actions import TooMany
from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_actions, job_files
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_rules import (
    ATTEMPTS_MAX,
    JOBS_WAITING_MAX,
    AlreadyDone,
    Job,
    JobOptions,
    LinePlace,
    NotNow,
    OptionsWrong,
    State,
    Work,
)
from sundry.goods.shipping.models import ColumnMap, ShippingJob
from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

VISITOR = Actor(open_desk=True, address="192.0.2.0/24")
OPTIONS = JobOptions(day=date(2026, 4, 20))
CSV = "货号,品名,箱数,单价\nK1,杯,3,2\n"
MakeJob = Callable[..., Job]


def written(text: str = CSV) -> job_files.WriteBook:
    return lambda path: path.write_text(text) and None


def upload(actor: Actor = VISITOR, job: uuid.UUID | None = None, **changes: Any) -> Job:
    usual = {"name": "orders.csv", "write": written(), "options": OPTIONS, "language": "en", "now": timezone.now()}
    return job_actions.upload(actor=actor, job=job or new_id(), **{**usual, **changes})  # type: ignore[arg-type]


def fresh(job: Job) -> Job:
    found = job_by_id(job.id)
    assert found is not None
    return found


def queued() -> list[tuple[str, str, str]]:
    """(task, lock, job) of what waits for a worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, lock, args->>'job' FROM procrastinate_jobs WHERE status='todo' ORDER BY id")
        return cursor.fetchall()


# Uploads.


def test_an_uploaded_book_waits_to_be_read(files: Path) -> None:
    job = upload()
    assert (job.state, job.revision, job.is_waiting, job.is_anonymous) == (State.UPLOADED, 1, True, True)
    assert job_files.book_of(job.id, job.file_name).read_text() == CSV
    assert queued() == [("shipping.read", f"ship {job.id}", str(job.id))]
    assert AuditEntry.objects.get().object_id == str(job.id)


def test_a_form_that_is_sent_twice_makes_one_job(files: Path) -> None:
    job = upload()
    with pytest.raises(AlreadyDone):
        upload(job=job.id, name="other.csv")
    assert [entry.name for entry in (files / str(job.id) / "book").iterdir()] == ["orders.csv"]
    assert len(queued()) == 1


def test_the_slower_of_two_clicks_takes_nothing_from_the_faster(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both write their book; the faster one becomes the job; the slower one is refused, and only its own book goes."""
    monkeypatch.setattr(job_actions, "JOBS_WAITING_ANONYMOUS_MAX", 1)
    job = new_id()

    def write(path: Path) -> None:
        path.write_text(CSV)
        upload(job=job, name="first.csv")

    with pytest.raises(NotNow):
        upload(job=job, name="second.csv", write=write)
    assert [entry.name for entry in (files / str(job) / "book").iterdir()] == ["first.csv"]

    def fail(path: Path) -> None:
        upload(job=other, name="first.csv")
        path.write_text("")

    monkeypatch.setattr(job_actions, "JOBS_WAITING_ANONYMOUS_MAX", 2)
    other = new_id()
    with pytest.raises(UnusableInput):
        upload(job=other, name="second.csv", write=fail)
    assert [entry.name for entry in (files / str(other) / "book").iterdir()] == ["first.csv"]


@pytest.mark.parametrize(
    ("write", "refusal", "rule"),
    [
        (written(""), UnusableInput, "book_empty"),
        (lambda path: path.write_bytes(b"%PDF-1.7") and None, UnusableInput, "not_a_workbook"),
        (lambda path: path.write_bytes(b"x," * 10_000_001) and None, UnusableInput, "upload_too_large"),
        (lambda path: path.joinpath("a").write_text("x") and None, EnvironmentFault, "upload_not_kept"),
    ],
)
def test_what_is_no_book_leaves_nothing(files: Path, write: Any, refusal: type[Exception], rule: str) -> None:
    with pytest.raises(refusal) as refused:
        upload(write=write)
    assert refused.value.rule == rule  # type: ignore[attr-defined]
    assert not list(files.glob("*"))
    assert not ShippingJob.objects.exists()
    assert not queued()


def test_the_largest_book_is_taken(files: Path) -> None:
    job = upload(write=lambda path: path.write_bytes(b"x," * 10_000_000) and None)
    assert job.book_bytes == 20_000_000


def test_so_many_jobs_of_an_owner_wait_and_not_one_more(files: Path, desk: Callable[..., Any]) -> None:
    agent, other = desk("agent").actor, desk("agent").actor
    for _ in range(JOBS_WAITING_MAX):
        upload(agent)
    with pytest.raises(NotNow) as refused:
        upload(agent)
    assert refused.value.rule == "jobs_too_many"
    upload(other)
    ShippingJob.objects.filter(organisation=agent.organisation).first().delete()  # type: ignore[union-attr]
    upload(agent)
    assert len(list(files.iterdir())) == JOBS_WAITING_MAX + 2


def test_a_visitor_may_upload_so_often_in_an_hour(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_actions, "UPLOADS_AN_HOUR_ANONYMOUS", 2)
    now = timezone.now()
    upload(now=now)
    upload(now=now)
    with pytest.raises(TooMany):
        upload(now=now)
    upload(replace(VISITOR, address="198.51.100.0/24"), now=now)
    upload(now=now + timedelta(hours=1, seconds=1))


def test_another_book_is_read_and_the_old_corrections_are_forgotten(make_job: MakeJob) -> None:
    place = LinePlace("S", 3, "K1")
    job = make_job(corrections=[["S", 2, "D", "3"]], left_out=[place.to_json()])
    after = job_actions.replace_book(actor=VISITOR, job=job, name="mended.csv", write=written(), now=timezone.now())
    assert (after.state, after.revision, after.book_revision) == (State.UPLOADED, 2, 2)
    assert (after.corrections, after.left_out, after.file_name) == ((), (place,), "mended.csv")
    assert not after.has_reading
    assert not after.has_plan


def test_a_wrong_book_in_its_place_changes_nothing(make_job: MakeJob) -> None:
    job = make_job()
    with pytest.raises(UnusableInput):
        job_actions.replace_book(actor=VISITOR, job=job, name="a.xlsx", write=written("no"), now=timezone.now())
    assert fresh(job) == job
    assert [path.name for path in job_files.book_of(job.id, "").iterdir()] == [job.file_name]


def test_a_full_disk_takes_no_book(files: Path, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job()
    monkeypatch.setattr(job_files, "free_bytes", lambda: job_actions.FREE_BYTES_MIN - 1)
    for act in (
        upload,
        lambda: job_actions.replace_book(actor=VISITOR, job=job, name="a.csv", write=written(), now=timezone.now()),
    ):
        with pytest.raises(EnvironmentFault) as refused:
            act()
        assert refused.value.rule == "upload_not_kept"
    assert [entry.name for entry in files.iterdir()] == [str(job.id)]
    monkeypatch.setattr(job_files, "free_bytes", lambda: job_actions.FREE_BYTES_MIN)
    upload()


# Changes.


def change(name: str, job: Job, **given: Any) -> Job:
    changed = getattr(job_actions, name)(actor=VISITOR, job=job, now=timezone.now(), **given)
    assert isinstance(changed, Job)
    return changed


CHANGES: list[tuple[str, dict[str, Any], State]] = [
    ("correct_cells", {"corrections": [Correction("S", 2, "D", "3")]}, State.UPLOADED),
    ("set_columns", {"maps": {"k": {"columns": {"A": "item"}}}}, State.UPLOADED),
    ("set_options", {"given": {"currency": "USD"}}, State.UPLOADED),
    ("set_options", {"given": {"day": "2026-04-21"}}, State.UPLOADED),
    ("set_options", {"given": {"container": "40HC"}}, State.READ),
    ("set_options", {"given": {"buyer": "Ali"}}, State.READ),
    ("choose_lines", {"leave_out": [LinePlace("S", 2, "K1")]}, State.READ),
    ("choose_lines", {"must_travel": [LinePlace("S", 2, "K1")]}, State.READ),
]


@pytest.mark.parametrize(("name", "given", "state"), CHANGES)
@pytest.mark.parametrize("before", ["read", "planning", "planned"])
def test_a_change_takes_the_plan_away_and_twice_changes_nothing(
    make_job: MakeJob, before: str, name: str, given: dict[str, Any], state: State
) -> None:
    after = change(name, make_job(before), **given)
    assert (after.state, after.revision) == (state, 2)
    assert after.book_revision == (2 if state is State.UPLOADED else 1)
    assert not after.has_plan
    assert len(queued()) == (state is State.UPLOADED)
    with pytest.raises(AlreadyDone):
        change(name, after, **given)
    assert fresh(after) == after


SAID: list[tuple[str, dict[str, Any]]] = [
    ("correct_cells", {"corrections": [Correction("S", 2, "D", "3")]}),
    ("take_back_corrections", {"places": [("S", 9, "D")]}),
    ("set_columns", {"maps": {"k": {"columns": {"A": "item"}}}}),
    ("choose_lines", {"leave_out": [LinePlace("S", 2, "K1")]}),
]


@pytest.mark.parametrize(("name", "given"), SAID)
def test_what_was_said_of_another_book_is_not_done(make_job: MakeJob, name: str, given: dict[str, Any]) -> None:
    """An old tab: the book was replaced, or read otherwise, since it was shown."""
    job = make_job("read", corrections=[["S", 9, "D", "1"]])
    changed = change("set_options", job, given={"currency": "USD"})
    with pytest.raises(NotNow) as refused:
        change(name, job, seen=job.book_revision, **given)
    assert refused.value.rule == "job_book_changed"
    assert fresh(job) == changed
    assert change(name, job, seen=changed.book_revision, **given).revision == 3


def test_what_was_said_of_the_same_book_is_done(make_job: MakeJob) -> None:
    job = make_job("read")
    change("set_options", job, given={"container": "40HC"})
    assert change("choose_lines", job, leave_out=[LinePlace("S", 2, "K1")], seen=job.book_revision).revision == 3


def test_save_and_plan_plans_also_where_the_book_is_read_again(make_job: MakeJob) -> None:
    job = change("set_options", make_job("read"), given={"day": "2026-04-21"}, plan_when_read=True)
    again = {"given": {"day": "2026-04-21"}, "plan_when_read": True}
    with pytest.raises(AlreadyDone):
        change("set_options", job, **again)
    assert job_actions.finish_reading(run=begin(job, Work.READ), summary={"lines": 1}, now=timezone.now())
    assert fresh(job).state is State.PLANNING


def test_save_and_plan_counts_while_the_book_is_being_read(make_job: MakeJob) -> None:
    """Nothing else was changed, or nothing that has the book read again: it is planned as soon as it is read."""
    for given in ({}, {"container": "40HC"}):
        job = make_job("uploaded")
        change("set_options", job, given=given, plan_when_read=True)
        run = job_actions.begin(job=job.id, work=Work.READ, revision=1, now=timezone.now())
        assert run is not None
        assert job_actions.finish_reading(run=run, summary={"lines": 1}, now=timezone.now())
        assert fresh(job).state is State.PLANNING
    planned = make_job()
    with pytest.raises(AlreadyDone):
        change("set_options", planned, given={}, plan_when_read=True)


def test_what_makes_no_sense_changes_nothing(make_job: MakeJob) -> None:
    job = make_job()
    for name, given in (
        ("set_options", {"given": {"container": "x"}}),
        ("correct_cells", {"corrections": [Correction("S", 0, "D", "3")]}),
    ):
        with pytest.raises(OptionsWrong):
            change(name, job, **given)
    with pytest.raises(UsageError):
        change("set_columns", job, maps={"k": {"columns": {"A": "no such field"}}})
    assert fresh(job) == job


def test_corrections_are_taken_back(make_job: MakeJob) -> None:
    job = make_job(corrections=[["S", 2, "D", "3"], ["S", 2, "E", "4"]])
    after = change("take_back_corrections", job, places=[("S", 2, "D")])
    assert after.corrections == (Correction("S", 2, "E", "4"),)
    with pytest.raises(AlreadyDone):
        change("take_back_corrections", after, places=[("S", 2, "D")])


def test_a_line_cannot_be_left_out_and_have_to_travel(make_job: MakeJob) -> None:
    place = LinePlace("S", 2, "K1")
    left = change("choose_lines", make_job(), leave_out=[place])
    must = change("choose_lines", left, must_travel=[place])
    assert (must.left_out, must.must_travel) == ((), (place,))
    left = change("choose_lines", must, leave_out=[place])
    assert (left.left_out, left.must_travel) == ((place,), ())
    assert change("choose_lines", left, take_in=[place]).left_out == ()


def test_a_change_while_the_book_is_read_does_not_read_it_twice(make_job: MakeJob) -> None:
    job = make_job("uploaded")
    run = job_actions.begin(job=job.id, work=Work.READ, revision=1, now=timezone.now())
    assert run is not None
    after = change("set_options", job, given={"container": "40HC"})
    assert (after.state, after.revision, after.book_revision) == (State.READING, 2, 1)
    assert job_actions.finish_reading(run=run, summary={"lines": 1}, now=timezone.now())


def test_columns_are_remembered_for_the_organisation_only(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    agent = desk("agent")
    told = {"key1": {"columns": {"Kodas": "item"}}, job_actions.TOLD_MAP: {"columns": {"A": "item"}, "header_row": 3}}
    change("set_columns", make_job(owner=agent.owner), maps=told)
    assert [(one.organisation_id, one.key, one.columns) for one in ColumnMap.objects.all()] == [
        (agent.owner.organisation, "key1", {"Kodas": "item"})
    ]
    change("set_columns", make_job(), maps=told)
    change("set_columns", make_job(owner=desk("person").owner), maps=told)
    assert ColumnMap.objects.count() == 1


def test_a_map_without_columns_is_forgotten(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    job = change("set_columns", make_job(owner=desk("agent").owner), maps={"k": {"columns": {"A": "item"}}})
    after = change("set_columns", job, maps={"k": {"columns": {}}})
    assert after.column_maps == {}
    assert not ColumnMap.objects.exists()


# Plan, stop, the last container.


def test_a_plan_is_asked_for_once(make_job: MakeJob) -> None:
    job = change("plan", make_job("read"))
    assert (job.state, job.is_waiting) == (State.PLANNING, True)
    with pytest.raises(AlreadyDone):
        change("plan", job)
    with pytest.raises(AlreadyDone):
        change("plan", make_job("planned"))
    assert [task for task, _, _ in queued()] == ["shipping.plan"]


def test_without_lines_or_a_reading_there_is_nothing_to_plan(make_job: MakeJob) -> None:
    for job, rule in (
        (make_job("uploaded"), "job_not_read"),
        (make_job("read", read_summary={"lines": 0}), "job_without_lines"),
    ):
        with pytest.raises(NotNow) as refused:
            change("plan", job)
        assert refused.value.rule == rule


def test_who_stops_is_obeyed_at_once_and_may_plan_again(make_job: MakeJob) -> None:
    job = change("plan", make_job("read"))
    run = job_actions.begin(job=job.id, work=Work.PLAN, revision=1, now=timezone.now())
    assert run is not None
    stopped = change("stop", job)
    assert (stopped.state, stopped.is_awaited) == (State.STOPPED, False)
    assert not job_actions.progress(run=run, stage="loading", done=1, total=2)
    assert not job_actions.finish_plan(run=run, summary={}, now=timezone.now())
    with pytest.raises(AlreadyDone):
        change("stop", stopped)
    assert change("plan", stopped).state is State.PLANNING


def test_a_stopped_reading_is_taken_up_again(make_job: MakeJob) -> None:
    stopped = change("stop", make_job("uploaded"))
    assert change("read_again", stopped).state is State.UPLOADED
    with pytest.raises(AlreadyDone):
        change("read_again", make_job("planned"))


def test_who_stops_a_reading_stops_the_plan_after_it(files: Path) -> None:
    stopped = change("stop", upload(then_plan=True))
    again = change("read_again", stopped)
    assert job_actions.finish_reading(run=begin(again, Work.READ), summary={"lines": 1}, now=timezone.now())
    assert fresh(again).state is State.READ


@pytest.mark.parametrize("lost", ["read", "plan"])
def test_what_is_gone_from_the_disk_may_be_read_again(make_job: MakeJob, lost: str) -> None:
    job = make_job()
    shutil.rmtree(job_files.folder_of(job.id) / lost)
    again = change("read_again", job)
    assert (again.state, again.has_reading, again.has_plan) == (State.UPLOADED, False, False)
    assert job_actions.finish_reading(run=begin(again, Work.READ), summary={"lines": 1}, now=timezone.now())
    assert change("plan", again).state is State.PLANNING


def test_leaving_the_last_container_plans_with_one_less(make_job: MakeJob, made: Any) -> None:
    job = make_job(plan_summary={**made.plan_summary, "containers": 3})
    after = change("leave_last", job)
    assert (after.state, after.options.containers_max) == (State.PLANNING, 2)
    with pytest.raises(AlreadyDone):
        change("leave_last", after)
    with pytest.raises(NotNow):
        change("leave_last", make_job(plan_summary={**made.plan_summary, "containers": 1}))
    with pytest.raises(NotNow):
        change("leave_last", make_job("read"))


def test_keeping_it_is_remembered_for_this_plan(make_job: MakeJob) -> None:
    kept = change("keep_last", make_job())
    assert kept.kept_revision == kept.revision
    assert kept.has_plan
    with pytest.raises(AlreadyDone):
        change("keep_last", kept)
    with pytest.raises(NotNow):
        change("keep_last", make_job("read"))


# Deleted, claimed.


def test_what_is_deleted_is_gone_with_its_files(make_job: MakeJob, files: Path) -> None:
    job = make_job()
    job_actions.delete(actor=VISITOR, job=job)
    assert job_by_id(job.id) is None
    assert not (files / str(job.id)).exists()
    with pytest.raises(job_actions.JobGone):
        job_actions.delete(actor=VISITOR, job=job)
    assert AuditEntry.objects.filter(object_id=str(job.id), operation="shipping.job.delete").count() == 1


def test_a_job_of_nobodys_may_be_kept(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    agent = desk("agent").actor
    mine = job_actions.claim(actor=agent, job=make_job(), now=timezone.now())
    assert (mine.owner, mine.expires_at) == (agent.owner(), None)
    with pytest.raises(AlreadyDone):
        job_actions.claim(actor=desk("agent").actor, job=mine, now=timezone.now())
    with pytest.raises(ValueError, match="visitor"):
        job_actions.claim(actor=VISITOR, job=make_job(), now=timezone.now())


def test_what_has_expired_is_deleted_and_nothing_else(make_job: MakeJob, files: Path, desk: Callable[..., Any]) -> None:
    job, kept = make_job(), make_job(owner=desk("agent").owner)
    assert job.expires_at is not None
    assert job_actions.tidy(now=job.expires_at - timedelta(seconds=1))[0] == 0
    assert job_actions.tidy(now=job.expires_at)[0] == 1
    assert job_by_id(kept.id) == kept
    assert [entry.name for entry in files.iterdir()] == [str(kept.id)]


def test_what_was_claimed_a_moment_before_it_is_deleted_keeps_its_files(
    make_job: MakeJob, files: Path, desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two have expired by the worker's clock; while the first is removed, somebody whose clock is behind claims the
    other."""
    first, second = make_job(), make_job()
    assert first.expires_at is not None
    now = max(first.expires_at, second.expires_at or first.expires_at)
    remove = job_files.remove
    claimed: list[uuid.UUID] = []

    def claim_first(job: uuid.UUID) -> None:
        remove(job)
        if not claimed:
            other = second if job == first.id else first
            claimed.append(other.id)
            early = now - timedelta(minutes=1)
            job_actions.claim(actor=desk("agent").actor, job=other, now=early)

    monkeypatch.setattr(job_files, "remove", claim_first)
    assert job_actions.tidy(now=now) == (1, 0)
    assert [entry.name for entry in files.iterdir()] == [str(claimed[0])]


def test_what_has_expired_cannot_be_claimed(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    job = make_job()
    with pytest.raises(job_actions.JobGone):
        job_actions.claim(actor=desk("agent").actor, job=job, now=job.expires_at)


def test_a_folder_without_a_job_is_removed(make_job: MakeJob, files: Path) -> None:
    job = make_job()
    job_files.put_book(new_id(), "a.csv", written())
    assert job_actions.tidy(now=timezone.now() + timedelta(hours=2)) == (0, 1)
    assert [entry.name for entry in files.iterdir()] == [str(job.id)]


# What a worker does.


def begin(job: Job, work: Work = Work.PLAN) -> Any:
    return job_actions.begin(job=job.id, work=work, revision=fresh(job).revision, now=timezone.now())


def test_an_attempt_writes_how_far_it_is(make_job: MakeJob) -> None:
    job = make_job("planning")
    run = begin(job)
    assert not fresh(job).is_waiting
    assert job_actions.progress(run=run, stage="loading", done=3, total=9)
    assert (fresh(job).stage, fresh(job).done, fresh(job).total) == ("loading", 3, 9)
    assert job_actions.progress(run=run, stage="writing", done=12, total=9)
    assert fresh(job).done == 9


def test_what_was_overtaken_does_not_begin(make_job: MakeJob) -> None:
    job = make_job("planning")
    for work, revision in ((Work.PLAN, 2), (Work.READ, 1)):
        assert job_actions.begin(job=job.id, work=work, revision=revision, now=timezone.now()) is None
    assert job_actions.begin(job=new_id(), work=Work.PLAN, revision=1, now=timezone.now()) is None
    assert fresh(job).attempts == 0


def test_of_two_attempts_the_later_one_counts(make_job: MakeJob) -> None:
    job = make_job("planning")
    dead, living = begin(job), begin(job)
    assert not job_actions.progress(run=dead, stage="loading", done=1, total=2)
    assert not job_actions.finish_plan(run=dead, summary={"who": "dead"}, now=timezone.now())
    assert not job_actions.fail(run=dead, rule="job_crashed", details={}, now=timezone.now())
    assert not job_actions.release(run=dead)
    assert job_actions.finish_plan(run=living, summary={"who": "living"}, now=timezone.now())
    assert fresh(job).plan_summary == {"who": "living"}
    assert fresh(job).has_plan


def test_after_three_attempts_it_has_failed_and_says_so(make_job: MakeJob) -> None:
    job = make_job("planning")
    for _ in range(ATTEMPTS_MAX):
        assert begin(job) is not None
    assert begin(job) is None
    failed = fresh(job)
    assert (failed.state, failed.error_rule) == (State.FAILED, "job_attempts")
    assert "3" in failed.error_message("fr")
    assert change("plan", failed).attempts == 0


def test_an_attempt_whose_worker_ends_does_not_count(make_job: MakeJob) -> None:
    job = make_job("uploaded")
    for _ in range(ATTEMPTS_MAX + 2):
        assert job_actions.release(run=begin(job, Work.READ))
    assert (fresh(job).state, fresh(job).is_waiting) == (State.UPLOADED, True)


def test_a_failed_job_says_why_until_something_is_changed(make_job: MakeJob) -> None:
    job = make_job("planning")
    assert job_actions.fail(run=begin(job), rule="job_crashed", details={}, now=timezone.now())
    assert fresh(job).error_message("zh")
    after = change("set_options", fresh(job), given={"container": "40HC"})
    assert (after.state, after.error_rule) == (State.READ, "")


def test_a_header_that_was_pointed_at_becomes_a_map_by_its_words(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    told = {job_actions.TOLD_MAP: {"columns": {"Kodas": "item"}, "header_row": 3}}
    job = change("set_columns", make_job(owner=desk("agent").owner), maps=told)
    run = begin(job, Work.READ)
    assert job_actions.finish_reading(run=run, summary={"lines": 1}, told_keys=["k"], now=timezone.now())
    assert fresh(job).column_maps == {"k": {"columns": {"Kodas": "item"}, "header_row": None}}
    assert ColumnMap.objects.get().key == "k"


def test_who_asks_for_both_at_once_gets_both(files: Path) -> None:
    job = upload(then_plan=True)
    assert job_actions.finish_reading(run=begin(job, Work.READ), summary={"lines": 1}, now=timezone.now())
    assert (fresh(job).state, fresh(job).is_waiting) == (State.PLANNING, True)
    empty = upload(then_plan=True)
    assert job_actions.finish_reading(run=begin(empty, Work.READ), summary={"lines": 0}, now=timezone.now())
    assert fresh(empty).state is State.READ
    changed = change("set_options", fresh(job), given={"currency": "USD"})
    assert job_actions.finish_reading(run=begin(changed, Work.READ), summary={"lines": 1}, now=timezone.now())
    assert fresh(job).state is State.READ, "what was asked for once is done once"


def test_nobody_owns_what_a_visitor_made() -> None:
    assert VISITOR.owner() == Owner()
