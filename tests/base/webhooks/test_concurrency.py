"""Several workers and pages at once, each with a connection of its own, on what is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.models import Delivery, Event
from sundry.base.webhooks.rules import ENDPOINTS_MAX, Answer, EndpointRefused, Trouble
from sundry.kernel.identifiers import new_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sending")]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each of them gave, or the fault that it raised."""

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        except Exception as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def listed(count: int = 1) -> None:
    for _ in range(count):
        actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={}, at=timezone.now())


def test_two_workers_tell_one_event_once_and_spread_it_once(office: Callable[..., Any], receiver: Any) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(20)

    def work() -> int:
        delivering.spread(now=timezone.now())
        return delivering.deliver(endpoint=endpoint, clock=timezone.now)

    at_once(*[work] * 4)
    delivering.follow(now=timezone.now())
    delivering.deliver(endpoint=endpoint, clock=timezone.now)  # what nobody got, because another one was at it
    ids = [heard.headers["webhook-id"] for heard in receiver.heard]
    assert len(ids) == len(set(ids)) == Event.objects.count() == 20
    assert {one.attempts for one in queries.deliveries(endpoint)} == {1}


def test_a_page_waits_for_no_receiver(office: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """While an event is on its way its endpoint is changed, renewed, switched off, and the rest is given up."""
    mine = office()
    endpoint = mine.endpoint()
    listed(3)
    delivering.spread(now=timezone.now())
    under_way, go_on = threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> Answer:
        under_way.set()
        assert go_on.wait(20)
        return Answer(500, Trouble.STATUS, 1)

    monkeypatch.setattr(delivering, "send", slow)

    def page() -> None:
        assert under_way.wait(20)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")  # whoever waits for the receiver fails by it
                actions.rotate(actor=mine.actor, endpoint=endpoint, now=timezone.now())
                actions.switch(actor=mine.actor, endpoint=endpoint, on=False)
        finally:
            go_on.set()

    told = at_once(lambda: delivering.deliver(endpoint=endpoint, clock=timezone.now), page)
    assert told == [1, None]
    assert sorted(Delivery.objects.values_list("state", "trouble")) == [
        ("failed", "off"),
        ("failed", "off"),
        ("failed", "status"),
    ]


def test_of_two_who_register_the_last_endpoint_one_is_refused(office: Callable[..., Any]) -> None:
    mine = office()
    for _ in range(ENDPOINTS_MAX - 1):
        mine.endpoint()
    answers = at_once(*[mine.endpoint] * 4)
    assert sum(isinstance(answer, EndpointRefused) for answer in answers) == 3
    assert len(queries.endpoints(mine.organisation)) == ENDPOINTS_MAX
