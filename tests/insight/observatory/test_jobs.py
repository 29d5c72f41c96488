"""The worker reads an import page by page, stops between two pages, and takes up what was left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from sundry.base.access.rules import Actor
from sundry.engines.reading.model import Region
from sundry.insight.observatory import actions, jobs, queries
from sundry.insight.observatory.models import Observation, Page, Statement
from sundry.insight.observatory.rules import ImportView, State

pytestmark = pytest.mark.django_db
TEXT = "本报讯 4月23日，2031年一季度，全市外贸出口额{}.5亿元。\n"


@pytest.fixture
def queued() -> uuid.UUID:
    """An import of three pages, put into the queue."""
    files = [(f"{number}.txt", TEXT.format(number).encode()) for number in (11, 12, 13)]
    home = Region("990182", "麓泽市")
    return actions.import_files(actor=Actor(), files=files, issued=date(2031, 4, 24), home=home)


def told(import_id: uuid.UUID) -> ImportView:
    found = queries.import_of(import_id)
    assert found is not None
    return found


def in_the_queue() -> list[str]:
    return [job.args["import_id"] for job in ProcrastinateJob.objects.filter(task_name=actions.READ_TASK)]


def test_the_worker_knows_its_tasks() -> None:
    assert {actions.READ_TASK, "observatory.carry_on", "observatory.reread"} <= set(app.tasks)


def test_all_pages_are_read_one_by_one(queued: uuid.UUID) -> None:
    assert jobs.read_import(queued) == 3
    found = told(queued)
    assert (found.done, found.failed, found.is_over) == (3, 0, True)
    assert jobs.read_import(queued) == 0


def test_the_worker_ends_between_two_pages(queued: uuid.UUID) -> None:
    asked: list[int] = []

    def is_ending() -> bool:
        asked.append(told(queued).done)
        return told(queued).done == 2

    with pytest.raises(JobAborted):
        jobs.read_import(queued, is_ending=is_ending)
    assert asked == [0, 1, 2]
    assert [page.state for page in told(queued).pages] == [State.READ, State.READ, State.WAITING]
    assert jobs.read_import(queued) == 1


def test_a_stop_is_noticed_between_two_pages(queued: uuid.UUID) -> None:
    def is_ending() -> bool:
        if told(queued).done == 1 and not told(queued).stopped:
            actions.stop_import(actor=Actor(), import_id=queued)
        return False

    assert jobs.read_import(queued, is_ending=is_ending) == 2  # the one that was begun is still read
    assert told(queued).done == 2
    actions.resume_import(actor=Actor(), import_id=queued)
    assert jobs.read_import(queued) == 1


def test_a_page_that_breaks_the_reader_does_not_stop_the_others(
    queued: uuid.UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reading_of = actions.reading_of

    def breaks(text: str, issued: date | None, home: Region) -> Any:
        if "12.5" in text:
            raise ZeroDivisionError("a fault of ours")
        return reading_of(text, issued, home)

    monkeypatch.setattr(actions, "reading_of", breaks)
    assert jobs.read_import(queued) == 2
    found = told(queued)
    assert (found.done, found.failed, found.is_over) == (2, 1, True)
    assert [page.state for page in found.pages] == [State.READ, State.FAILED, State.READ]
    assert "page not read" in caplog.text


def test_a_page_of_which_the_worker_dies_is_given_up(queued: uuid.UUID) -> None:
    first = actions.next_page(import_id=queued)
    assert first is not None
    for _ in range(actions.TRIES_MAX):
        assert actions.begin_page(page=first)  # and then it was killed
    assert jobs.read_import(queued) == 2
    assert [page.state for page in told(queued).pages] == [State.FAILED, State.READ, State.READ]


def test_a_page_that_was_read_has_all_its_tries_again(queued: uuid.UUID) -> None:
    jobs.read_import(queued)
    assert set(Page.objects.values_list("tries", flat=True)) == {0}


def test_a_page_that_goes_meanwhile_is_passed_over(queued: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = actions.begin_page

    def removed(*, page: uuid.UUID) -> bool:
        begun = begin(page=page)
        if told(queued).done == 1:
            actions.remove_page(actor=Actor(), page=page)
        return begun

    monkeypatch.setattr(actions, "begin_page", removed)
    assert jobs.read_import(queued) == 1
    found = told(queued)
    assert (found.total, found.done, found.failed, found.is_over) == (1, 1, 0, True)


def test_what_stands_in_no_queue_is_taken_up(queued: uuid.UUID) -> None:
    assert in_the_queue() == [str(queued)]
    assert actions.take_up() == 0
    ProcrastinateJob.objects.all().delete()
    assert actions.take_up() == 1
    assert in_the_queue() == [str(queued)]
    assert actions.take_up() == 0


def test_what_is_stopped_or_read_is_not_taken_up(queued: uuid.UUID) -> None:
    ProcrastinateJob.objects.all().delete()
    actions.stop_import(actor=Actor(), import_id=queued)
    assert actions.take_up() == 0
    actions.resume_import(actor=Actor(), import_id=queued)
    jobs.read_import(queued)
    ProcrastinateJob.objects.all().delete()
    assert actions.take_up() == 0


@pytest.mark.parametrize(
    ("fault", "is_again"),
    [(JobAborted(), True), (OperationalError("the server went away"), True), (ValueError(), False)],
)
def test_what_is_tried_again(fault: BaseException, is_again: bool) -> None:
    job = Job(id=1, queue="read", lock=None, queueing_lock=None, task_name=actions.READ_TASK)
    decision = jobs._Again().get_retry_decision(exception=fault, job=job)
    assert (decision is not None) == is_again


def test_a_database_that_is_gone_is_no_fault_of_the_page(queued: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> None:
        raise OperationalError("the server went away")

    monkeypatch.setattr(actions, "read_page", gone)
    with pytest.raises(OperationalError):
        jobs.read_import(queued)
    assert told(queued).failed == 0


# The real worker ------------------------------------------------------------------------------------------------------

WORKER = """
import django
django.setup()
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(queues=["read"], wait=True, listen_notify=False, fetch_job_polling_interval=0.1)
"""


def run_worker_here() -> None:
    """Until nothing is left to do. In a thread of its own: a browser may have its loop in this one."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(queues=["read"], wait=False, listen_notify=False, install_signal_handlers=False)

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_what_is_imported(queued: uuid.UUID) -> None:
    run_worker_here()
    assert (told(queued).done, told(queued).is_over) == (3, True)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_and_another_one_goes_on(tmp_path: Path) -> None:
    """kill -9 between or within two pages: what was read is whole, what was not is read later, and once."""
    sentences = "".join(f"2030年{month}月，全市税收收入{month}.5亿元。\n" for month in range(1, 13))
    files = [(f"{number}.txt", f"{TEXT.format(number)}{sentences * 4}".encode()) for number in range(12)]
    home = Region("990182", "麓泽市")
    made = actions.import_files(actor=Actor(), files=files, issued=date(2031, 4, 24), home=home)
    place = connection.settings_dict
    surroundings = {
        **os.environ,
        "DATABASE_URL": f"postgres://{place['USER']}@/{place['NAME']}?host={place['HOST']}",
        "SUNDRY_MARKET": "sample",
        "SUNDRY_DATA_DIR": str(tmp_path),
    }
    connection.close()
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", WORKER], env=surroundings) as worker:
        until = time.monotonic() + 40
        while told(made).done < 2 and time.monotonic() < until:
            time.sleep(0.02)
        worker.kill()
    done = told(made).done
    assert 2 <= done < 12, "it was not killed in the middle"
    states = list(Page.objects.order_by("id").values_list("state", flat=True))
    assert states == ["read"] * done + ["waiting"] * (12 - done)
    for rows in (Statement.objects.all(), Observation.objects.all()):
        assert set(rows.values_list("page__state", flat=True)) == {"read"}

    ProcrastinateJob.objects.all().delete()  # as if it had been given up after too many tries
    assert actions.take_up() == 1
    run_worker_here()
    assert (told(made).done, told(made).failed) == (12, 0)
    assert Statement.objects.values("page").distinct().count() == 12
