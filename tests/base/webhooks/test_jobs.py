"""The worker's part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.webhooks import actions, queries
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db


def test_what_is_put_in_the_queue_is_what_the_worker_does(
    office: Callable[..., Any], receiver: Any, sending: None, jobs: Callable[[], Any]
) -> None:
    endpoint = office().endpoint(receiver.address)
    done = before = len(jobs())  # what other tests left there is not ours
    actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={}, at=timezone.now())
    while len(jobs()) > done:
        for name, values in jobs()[done:]:
            app.tasks[name].func(**values)
            done += 1
    assert done - before == 2
    assert [one.state for one in queries.deliveries(endpoint)] == ["delivered"]
    assert len(receiver.heard) == 1


def test_it_is_followed_each_minute_and_tidied_each_hour() -> None:
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["webhooks.follow"] == "* * * * *"
    assert periodic["webhooks.tidy"] == "20 * * * *"
    app.tasks["webhooks.follow"].func(timestamp=0)
    app.tasks["webhooks.tidy"].func(timestamp=0)
