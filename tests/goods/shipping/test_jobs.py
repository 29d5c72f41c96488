"""What the worker does, for real: books are read and planned in children, killed, stopped, resumed."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import psutil
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as QueuedJob

from sundry.base.access.rules import Actor
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_actions, job_files, job_parts, job_views, jobs
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_rules import Job, JobOptions, LinePlace, State, Work
from sundry.goods.shipping.models import ColumnMap
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import new_id
from sundry.web.worker import take_back

VISITOR = Actor(open_desk=True, address="192.0.2.0/24")
MakeJob = Callable[..., Job]
WriteOrders = Callable[..., Path]


def fresh(job: Job) -> Job:
    found = job_by_id(job.id)
    assert found is not None
    return found


def upload(book: Path, made: Any, actor: Actor = VISITOR) -> Job:
    return job_actions.upload(
        actor=actor,
        job=new_id(),
        name=book.name,
        write=lambda path: path.write_bytes(book.read_bytes()) and None,
        options=JobOptions(day=made.options.day, rates=("USDCNY=7.1",), seconds=1),
        language="en",
        now=timezone.now(),
    )


@pytest.mark.django_db
def test_a_book_becomes_papers_and_what_she_chose_counts(
    orders: WriteOrders, files: Path, made: Any, work: Callable[[], int]
) -> None:
    """Read, corrected, read again; a line left out; planned: every file is there and says so."""
    job = upload(orders({}, {"箱数": None}, {}), made)
    assert work() == 2, "a reading, and its marked copy"
    job = fresh(job)
    assert (job.state, job.has_reading) == (State.READ, True)
    assert job.read_summary is not None
    assert (job.read_summary["lines"], job.read_summary["errors"]) == (2, 1)
    reading = job_files.reading_folder(job.id, 1)
    assert (reading / "checked.xlsx").is_file()

    corrections = [Correction("订单", 3, "D", "12")]
    job = job_actions.correct_cells(actor=VISITOR, job=job, corrections=corrections, now=timezone.now())
    work()
    job = fresh(job)
    assert job.read_summary is not None
    assert (job.read_summary["lines"], job.read_summary["cartons"]) == (3, 32)
    assert not reading.exists(), "what no longer counts is gone"

    places = [LinePlace("订单", 4, "K3"), LinePlace("订单", 2, "not that item")]
    job = job_actions.choose_lines(actor=VISITOR, job=job, leave_out=places, now=timezone.now())
    job_actions.plan(actor=VISITOR, job=job, now=timezone.now())
    work()
    job = fresh(job)
    assert (job.state, job.has_plan, job.error_rule) == (State.PLANNED, True, "")
    assert job.plan_summary is not None
    assert (job.plan_summary["lines"], job.plan_summary["cartons"], job.plan_summary["excluded"]) == (2, 22, 1)
    plan = job_files.plan_folder(job.id, job.revision)
    names = {entry.name for entry in plan.iterdir()}
    assert names >= {"loading.html", "loading.pdf", "packing-list.xlsx", "declarations.xlsx", "invoice.pdf"}
    assert names >= {"shipment.json", "checked.xlsx", "parts", "layers-01.svg"}
    lines = job_parts.part(job_files.parts_of_plan(plan), job_parts.LINES)
    assert [(line["item"], line["loaded"]) for line in lines] == [("K1", 10), ("K2", 12), ("K3", 0)]
    assert {entry.name for entry in job_files.folder_of(job.id).iterdir()} == {"book", "read", "plan"}


def test_the_worker_stays_small() -> None:
    """numba comes with the child that plans, and goes with it."""
    program = "import django, sys; django.setup(); import sundry.goods.shipping.jobs; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.django_db
def test_a_book_that_is_damaged_inside_says_so(files: Path, tmp_path: Path, made: Any, work: Callable[[], int]) -> None:
    """From outside it looks like a book, so that it is taken."""
    book = tmp_path / "a.xlsx"
    with ZipFile(book, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook")
    job = upload(book, made)
    work()
    failed = fresh(job)
    assert (failed.state, failed.error_rule) == (State.FAILED, "book_damaged")
    assert "a.xlsx" in failed.error_message("ar")
    assert {entry.name for entry in job_files.folder_of(job.id).iterdir()} == {"book"}


@pytest.mark.django_db
def test_an_office_explains_its_columns_once(
    files: Path, tmp_path: Path, made: Any, work: Callable[[], int], desk: Callable[..., Any]
) -> None:
    """A header in a language we do not know: pointed at for one book, understood in the next of that office."""
    actor = desk("agent").actor
    book = tmp_path / "a.csv"
    book.write_text("Kodas;Prekė;Dėžės;Po;Kaina\nK1;Puodelis;3;10;2\nK2;Lėkštė;4;10;2\n")
    job = upload(book, made, actor)
    work()
    job = fresh(job)
    assert job.read_summary is not None
    assert job.read_summary["header_missing"]
    fields = {"Kodas": "item", "Prekė": "name", "Dėžės": "cartons", "Po": "pieces_per_carton", "Kaina": "price"}
    told = {job_actions.TOLD_MAP: {"columns": fields, "header_row": 1}}
    job_actions.set_columns(actor=actor, job=job, maps=told, now=timezone.now())
    work()
    job = fresh(job)
    assert job.read_summary is not None
    assert job.read_summary["lines"] == 2
    assert ColumnMap.objects.count() == 1

    book.write_text("Kodas;Prekė;Dėžės;Po;Kaina\nK9;Šaukštas;7;10;2\n")
    following, of_others = upload(book, made, actor), upload(book, made, desk("agent").actor)
    work()
    summaries = [fresh(one).read_summary for one in (following, of_others)]
    assert [(one or {})["lines"] for one in summaries] == [1, 0]


@pytest.mark.django_db
def test_what_an_office_says_meanwhile_is_not_for_lines_she_has_seen(
    files: Path, orders: WriteOrders, made: Any, work: Callable[[], int], desk: Callable[..., Any]
) -> None:
    """The plan reads the book as the reading did, whatever a colleague says of the same header in between."""
    actor = desk("agent").actor
    book = orders({}, {})
    opened = openpyxl.load_workbook(book)
    opened.worksheets[0]["D1"], opened.worksheets[0]["E1"] = "Kiek", "Po"
    opened.save(book)
    job = upload(book, made, actor)
    work()
    (table,) = job_views.all_tables(fresh(job))
    said = {"Kiek": "cartons", "Po": "pieces_per_carton"}
    job_actions.set_columns(actor=actor, job=job, maps={table["key"]: {"columns": said}}, now=timezone.now())
    following = upload(book, made, actor)
    work()
    ColumnMap.objects.update(columns={"Kiek": "pieces_per_carton", "Po": "cartons"})
    job_actions.plan(actor=actor, job=fresh(following), now=timezone.now())
    work()
    after = fresh(following)
    assert after.read_summary is not None
    assert after.plan_summary is not None
    assert (after.read_summary["cartons"], after.plan_summary["cartons"]) == (20, 20)


@pytest.mark.django_db
def test_a_book_that_is_dropped_while_another_ends_stays(
    files: Path, orders: WriteOrders, made: Any, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the reading counts and before what no longer counts is removed, she puts another book in its place."""
    job = upload(orders({}), made)
    second = orders({}, {}, name="second.xlsx")
    finish = job_actions.finish_reading

    def replace_first(**told: Any) -> bool:
        done = finish(**told)
        monkeypatch.setattr(job_actions, "finish_reading", finish)
        job_actions.replace_book(
            actor=VISITOR,
            job=fresh(job),
            name=second.name,
            write=lambda path: path.write_bytes(second.read_bytes()) and None,
            now=timezone.now(),
        )
        return done

    monkeypatch.setattr(job_actions, "finish_reading", replace_first)
    work()
    after = fresh(job)
    assert (after.state, after.error_rule, (after.read_summary or {})["lines"]) == (State.READ, "", 2)
    folder = job_files.folder_of(job.id)
    assert (folder / "book" / "second.xlsx").is_file()
    assert [entry.name for entry in (folder / "read").iterdir()] == ["2"]
    assert (folder / "read" / "2" / "checked.xlsx").is_file()


@pytest.mark.django_db
def test_a_marked_copy_comes_even_if_its_worker_ends(
    files: Path, orders: WriteOrders, made: Any, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told to end between the reading and its copy, or a fault of ours: the reading counts, the copy is done again."""
    job = upload(orders({}, {"箱数": None}), made)
    jobs.attempt(job.id, Work.READ, 1)
    assert fresh(job).state is State.READ
    copy = job_files.reading_folder(job.id, 1) / "checked.xlsx"
    for _ in range(50):
        with suppress(JobAborted):
            jobs.mark_copy(job.id, 1, is_ending=lambda: True)
        if not copy.exists():
            break
        copy.unlink()  # it was whole before anybody looked
    assert not copy.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        assert ("shipping.mark",) in cursor.fetchall()
    jobs.mark_copy(job.id, 1)
    assert copy.is_file()
    assert {entry.name for entry in job_files.folder_of(job.id).iterdir()} == {"book", "read"}


@pytest.mark.django_db
def test_a_copy_that_nobody_wants_is_not_made(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = make_job("read")
    copy = job_files.reading_folder(job.id, 1) / "checked.xlsx"
    copy.unlink()
    jobs.mark_copy(job.id, 2)
    mark_in_process = jobs.mark_in_process

    def change_first(*told: Any, **how: Any) -> None:
        job_actions.set_options(actor=VISITOR, job=job, given={"currency": "USD"}, now=timezone.now())
        mark_in_process(*told, **how)

    monkeypatch.setattr(jobs, "mark_in_process", change_first)
    jobs.mark_copy(job.id, 1)
    assert not copy.exists()
    assert not caplog.records


@pytest.mark.django_db
def test_a_fault_of_the_copy_is_logged_and_the_reading_counts(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = make_job("read")

    def crash(*_: Any, **__: Any) -> None:
        raise SundryError("reading_crashed")

    monkeypatch.setattr(jobs, "mark_in_process", crash)
    jobs.mark_copy(job.id, 1)
    assert fresh(job).state is State.READ
    assert "marked copy failed" in caplog.text


@pytest.mark.django_db
def test_books_that_were_replaced_do_not_stay_where_none_can_be_read(
    files: Path, tmp_path: Path, made: Any, work: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    book = tmp_path / "a.xlsx"
    with ZipFile(book, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook")
    job = upload(book, made)
    work()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            job_actions.replace_book(
                actor=VISITOR,
                job=fresh(job),
                name="a.xlsx",
                write=lambda path: path.write_bytes(book.read_bytes()) and None,
                now=timezone.now(),
            )
        work()
    assert [entry.name for entry in (job_files.folder_of(job.id) / "book").iterdir()] == [fresh(job).file_name]


@pytest.mark.django_db
def test_a_change_in_the_middle_throws_the_result_away(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    job = make_job("planning")
    write = job_actions.progress

    def change_first(**told: Any) -> bool:
        if fresh(job).revision == 1:
            job_actions.set_options(actor=VISITOR, job=job, given={"container": "20GP"}, now=timezone.now())
        return write(**told)

    monkeypatch.setattr(job_actions, "progress", change_first)
    jobs.attempt(job.id, Work.PLAN, 1)
    after = fresh(job)
    assert (after.state, after.plan_revision, after.revision) == (State.READ, None, 2)
    assert not job_files.plan_folder(job.id, 1).exists()


def _children(kind: str) -> list[psutil.Process]:
    """The processes that this one has started for `kind` (not the database)."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error, FileNotFoundError):  # it has ended meanwhile
            found += [one] if any(kind in word for word in one.cmdline()) else []
    return found


@pytest.mark.django_db
def test_a_killed_child_ends_the_job_with_a_reason(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("planning")
    write = job_actions.progress

    def kill(**told: Any) -> bool:
        for child in _children("shipping.process"):
            child.send_signal(signal.SIGKILL)
        return write(**told)

    monkeypatch.setattr(job_actions, "progress", kill)
    jobs.attempt(job.id, Work.PLAN, 1)
    failed = fresh(job)
    assert (failed.state, failed.error_rule) == (State.FAILED, "shipping_crashed")
    assert not (job_files.folder_of(job.id) / "plan").exists()
    assert not list(job_files.folder_of(job.id).glob("unfinished-*"))


@pytest.mark.django_db
def test_who_stops_or_deletes_is_obeyed_within_two_seconds(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    write = job_actions.progress
    for act in (job_actions.stop, job_actions.delete):
        job = make_job("planning", options=JobOptions(day=timezone.localdate(), seconds=30).to_json())
        began: list[float] = []

        def act_first(act: Any = act, job: Job = job, began: list[float] = began, **told: Any) -> bool:
            if not began and told["stage"] == "loading":
                began.append(time.monotonic())
                act(actor=VISITOR, job=job, **({"now": timezone.now()} if act is job_actions.stop else {}))
            return write(**told)

        monkeypatch.setattr(job_actions, "progress", act_first)
        jobs.attempt(job.id, Work.PLAN, 1)
        assert time.monotonic() - began[0] < 2
        assert not _children("sundry.goods")
    assert not (files / str(job.id)).exists()


@pytest.mark.django_db
def test_a_worker_that_is_told_to_end_gives_the_job_back(make_job: MakeJob) -> None:
    job = make_job("planning")
    with pytest.raises(JobAborted):
        jobs.attempt(job.id, Work.PLAN, 1, is_ending=lambda: True)
    assert (fresh(job).state, fresh(job).is_waiting, fresh(job).attempts) == (State.PLANNING, True, 0)


@pytest.mark.django_db
def test_our_own_fault_fails_the_job_and_is_logged(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = make_job("planning")
    monkeypatch.setattr(jobs, "ship_in_process", lambda *_a, **_k: 1 / 0)
    jobs.attempt(job.id, Work.PLAN, 1)
    assert fresh(job).error_rule == "job_crashed"
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "job_not_written"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "job_results_gone"),
    ],
)
def test_a_disk_that_is_full_or_lost_something_is_no_fault_of_ours(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, fault: OSError, rule: str
) -> None:
    job = make_job("planning")

    def fail(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(jobs, "ship_in_process", lambda _book, out, *_a, **_k: out.mkdir())
    monkeypatch.setattr(job_parts, "write_plan", fail)
    monkeypatch.setattr(jobs, "_rows", lambda *_: {})
    jobs.attempt(job.id, Work.PLAN, 1)
    failed = fresh(job)
    assert (failed.state, failed.error_rule) == (State.FAILED, rule)
    assert "No space left" in failed.error_message("en") or rule == "job_results_gone"


@pytest.mark.django_db
def test_a_database_that_went_away_is_tried_again(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("planning")

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(jobs, "ship_in_process", gone)
    with pytest.raises(OperationalError):
        jobs.attempt(job.id, Work.PLAN, 1)
    assert fresh(job).state is State.PLANNING


def test_what_is_tried_again() -> None:
    again = jobs._Again()
    task = QueuedJob(id=1, queue="plan", lock=None, queueing_lock=None, task_name="x")
    for fault in (JobAborted(), jobs.Busy(), OperationalError()):
        assert again.get_retry_decision(exception=fault, job=task) is not None
    assert again.get_retry_decision(exception=ValueError(), job=task) is None


@pytest.mark.django_db
def test_the_words_written_are_the_last_ones_and_twice_a_second(make_job: MakeJob) -> None:
    job = make_job("planning")
    run = job_actions.begin(job=job.id, work=Work.PLAN, revision=1, now=timezone.now())
    assert run is not None
    watch = jobs._Watch(run, lambda: False)
    watch.progress("loading", 1, 9)
    assert not watch.should_stop()
    watch.progress("loading", 2, 9)
    assert not watch.should_stop()
    assert fresh(job).done == 1, "half a second has not passed"
    time.sleep(jobs.WRITE_EVERY_S)
    assert not watch.should_stop()
    assert fresh(job).done == 2


WORKER = """
import django
django.setup()
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(queues=["read", "plan"], wait=True, listen_notify=False, fetch_job_polling_interval=0.2)
"""


def _run_worker_here() -> None:
    """The real worker, until nothing is left to do. In a thread of its own: a browser may have its loop in this one."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(run).result()


def _take_back() -> None:
    """As `sundry run` does with what a killed worker had in hand."""

    async def look() -> None:
        async with ready.open_async():
            await take_back(ready.job_manager, await ready.job_manager.get_stalled_jobs())

    with (
        app.replace_connector(app.connector.get_worker_connector()) as ready,  # type: ignore[attr-defined]
        ThreadPoolExecutor(max_workers=1) as thread,
    ):
        thread.submit(lambda: asyncio.run(look())).result()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_and_another_one_goes_on(
    make_job: MakeJob, settings: Any, tmp_path: Path
) -> None:
    """kill -9 in the middle of a plan; the job is found, runs again from the book, and is planned."""
    options = JobOptions(day=timezone.localdate(), seconds=2).to_json()
    job = job_actions.plan(actor=VISITOR, job=make_job("read", options=options), now=timezone.now())
    place = connection.settings_dict
    surroundings = {
        **os.environ,
        "DATABASE_URL": f"postgres://{place['USER']}@/{place['NAME']}?host={place['HOST']}",
        "SUNDRY_MARKET": "sample",
        "SUNDRY_DATA_DIR": str(tmp_path),  # under which FILES_DIR is where the tests have theirs
        "DJANGO_SETTINGS_MODULE": "sundry.web.settings",
    }
    connection.close()
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", WORKER], env=surroundings) as worker:
        until = time.monotonic() + 30
        while fresh(job).stage != "loading" and time.monotonic() < until:
            time.sleep(0.1)
        family = psutil.Process(worker.pid).children(recursive=True)
        worker.kill()
    assert family, "it was not killed in the middle"
    _, alive = psutil.wait_procs(family, timeout=3)
    assert not alive, "nobody works for a dead worker"
    assert (fresh(job).state, fresh(job).attempts, fresh(job).has_plan) == (State.PLANNING, 1, False)
    assert not (job_files.folder_of(job.id) / "plan").exists()

    _run_worker_here()
    assert fresh(job).attempts == 1, "while it may still live, nobody takes its work away"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '40 seconds'")
    _take_back()
    _run_worker_here()
    after = fresh(job)
    assert (after.state, after.attempts, after.has_plan) == (State.PLANNED, 2, True)
    assert not list(job_files.folder_of(job.id).glob("unfinished-*"))


@pytest.mark.django_db(transaction=True)
def test_two_attempts_of_one_job_never_run_at_once(make_job: MakeJob) -> None:
    import psycopg

    job = make_job("planning")
    place = connection.settings_dict
    with psycopg.connect(host=place["HOST"], dbname=place["NAME"], user=place["USER"]) as other:
        (number,) = other.execute("SELECT %s::bigint", [jobs.lock_number(job.id)]).fetchone() or (0,)
        other.execute("SELECT pg_advisory_lock(%s)", [number])
        with pytest.raises(jobs.Busy):
            jobs.attempt(job.id, Work.PLAN, 1)
    assert fresh(job).attempts == 0


@pytest.mark.django_db
def test_every_ten_minutes_what_expired_goes(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job()
    monkeypatch.setattr(timezone, "now", lambda: job.expires_at)
    jobs.tidy(timestamp=0)
    assert job_by_id(job.id) is None
    periodic = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert periodic >= {"shipping.tidy", "shipping.give_up"}


@pytest.mark.django_db
def test_a_job_that_nothing_in_the_queue_stands_for_says_so(make_job: MakeJob) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    lost = make_job("planning", queued_at=long_ago, attempts=3, run=new_id(), started_at=long_ago)
    new = make_job("planning")
    waiting = make_job("read")
    job_actions.plan(actor=VISITOR, job=waiting, now=long_ago)
    jobs.give_up(timestamp=0)
    assert (fresh(lost).state, fresh(lost).error_rule) == (State.FAILED, "job_attempts")
    assert fresh(new).state is State.PLANNING
    assert fresh(waiting).state is State.PLANNING
