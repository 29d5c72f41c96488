"""What becomes of jobs that nobody does any more; the worker itself is tried in test_run.py."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from sundry.goods.shipping.job_actions import PLAN_TASK, READ_TASK
from sundry.web import worker


class Queue:
    """Writes down what becomes of each job. `alike`: of these another one waits already."""

    def __init__(self, *alike: int) -> None:
        self.alike = alike
        self.done: dict[int, str] = {}

    async def retry_job_by_id_async(self, job_id: int, *, retry_at: datetime) -> None:
        if job_id in self.alike:
            raise UniqueViolation("alike", constraint_name="alike", queueing_lock="alike")
        assert retry_at <= datetime.now(UTC)
        self.done[job_id] = "again"

    async def finish_job_by_id_async(self, job_id: int, *, status: Status, delete_job: bool) -> None:
        self.done[job_id] = status.value


def left_undone(number: int, task: str, attempts: int) -> Job:
    return Job(id=number, queue="default", lock=None, queueing_lock=None, task_name=task, attempts=attempts)


def taken_back(jobs: list[Job], *alike: int) -> dict[int, str]:
    queue: Any = Queue(*alike)
    # In a thread: a browser of another test keeps a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(lambda: asyncio.run(worker.take_back(queue, jobs))).result()
    return dict(queue.done)


def test_the_third_try_is_the_last(caplog: pytest.LogCaptureFixture) -> None:
    jobs = [left_undone(tries, "outbox.deliver", tries) for tries in range(5)]
    assert taken_back(jobs) == {0: "again", 1: "again", 2: "failed", 3: "failed", 4: "failed"}
    assert "after 5 tries" in caplog.text


@pytest.mark.parametrize("task", [READ_TASK, PLAN_TASK])
def test_what_counts_its_tries_itself_goes_back_however_often_it_was_stopped(task: str) -> None:
    """Three clean stops of the worker, then a kill: the queue has counted three, and none of them was the job's."""
    assert taken_back([left_undone(1, task, 7)]) == {1: "again"}


def test_one_of_two_alike_is_enough() -> None:
    assert taken_back([left_undone(1, "tidy", 0), left_undone(2, "tidy", 0)], 2) == {1: "again", 2: "aborted"}
