"""The worker: does the jobs of the queue, in one process, until it is told to stop.

Problem: a job whose worker was killed stays `doing` for ever, and a job that kills its worker would do so again and
again. Therefore jobs that nobody does go back into the queue: all of them at the start where the database is our own
(only one worker belongs to it, and that is this one), else those whose worker has given no sign of life for half a
minute. After the third try a job counts as failed. Not so readings and plans: for the queue a clean stop and a "busy"
are tries too, so they count for themselves what was really begun, and tell the person when it was too often.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sundry.web import logs
from sundry.web.configuration import Configuration, configuration

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

TRIES_MAX = 3
LOOK_S = 30.0
STOP_S = 5.0  # for running jobs to notice that they shall stop

log = logging.getLogger("sundry.worker")


def main() -> None:
    """`python -m sundry.web.worker [FD]`: started by `sundry run`; FD gives a byte when the database is ready."""
    own = configuration()
    logs.begin(own, "worker")

    import django

    django.setup()
    from procrastinate.contrib.django import app

    if sys.argv[1:] and not os.read(int(sys.argv[1]), 1):
        return  # it will not become ready

    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        asyncio.run(work(ready, own))


async def work(app: App, own: Configuration) -> None:
    """Do jobs until SIGINT or SIGTERM."""
    async with app.open_async():
        manager = app.job_manager
        await take_back(manager, await _abandoned(manager, everything=own.embedded))
        looking = asyncio.create_task(_look_after(manager))
        try:
            await app.run_worker_async(
                concurrency=own.worker_concurrency, shutdown_graceful_timeout=STOP_S, delete_jobs="successful"
            )
        finally:
            looking.cancel()


async def take_back(manager: JobManager, jobs: Iterable[Job]) -> None:
    """Put jobs that nobody does any more into the queue again.

    One that was tried too often fails; one whose like waits there already (with its `queueing_lock`) is dropped.
    """
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.jobs import Status

    from sundry.goods.shipping.job_actions import PLAN_TASK, READ_TASK

    for job in jobs:
        assert job.id is not None
        if job.task_name not in (READ_TASK, PLAN_TASK) and job.attempts + 1 >= TRIES_MAX:
            log.error("Job %s was left undone; after %d tries it is given up", job.call_string, job.attempts + 1)
            await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
            log.warning("Job %s was left undone; it goes back into the queue", job.call_string)
        except UniqueViolation:
            await manager.finish_job_by_id_async(job.id, status=Status.ABORTED, delete_job=True)
            log.warning("Job %s was left undone; another one like it waits already", job.call_string)


async def _abandoned(manager: JobManager, *, everything: bool) -> Iterable[Job]:
    if everything:
        return await manager.list_jobs_async(status="doing")
    return await manager.get_stalled_jobs(seconds_since_heartbeat=LOOK_S)


async def _look_after(manager: JobManager) -> None:
    """Other workers of the same database may be killed while this one lives."""
    from procrastinate.exceptions import ConnectorException

    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await take_back(manager, await _abandoned(manager, everything=False))
        except ConnectorException:
            log.exception("Could not look after jobs that were left undone; it is tried again")


if __name__ == "__main__":
    main()
