"""The worker's part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from procrastinate.contrib.django import app

from sundry.base.outbox.actions import DELIVER, post
from sundry.base.outbox.queries import messages
from sundry.base.outbox.rules import State

pytestmark = pytest.mark.django_db


def test_what_is_put_in_the_queue_is_what_the_worker_does(
    adapter: Any, jobs: Callable[[], list[dict[str, Any]]]
) -> None:
    post(channel="email", recipient="li@market.example", body="Hello")
    for job in jobs():
        app.tasks[DELIVER].func(**job["args"])
    assert [shown.state for shown in messages().messages] == [State.SENT]
    assert len(adapter.taken) == 1


def test_the_outbox_is_tidied_every_ten_minutes() -> None:
    periodic = [(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()]
    assert periodic.count(("outbox.tidy", "*/10 * * * *")) == 1
    app.tasks["outbox.tidy"].func(timestamp=0)
