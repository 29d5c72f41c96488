"""What the tables refuse, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.base.webhooks import actions
from sundry.base.webhooks.models import Delivery, Endpoint
from sundry.base.webhooks.rules import ATTEMPTS_MAX

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # the same in every process that collects these tests


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "asleep"}, "endpoint_state_is_known"),
        ({"secret": ""}, "endpoint_has_a_secret"),
        ({"old_secret": "x"}, "old_secret_ends"),
        ({"failures": 1}, "failures_began_at_a_time"),
        ({"failing_since": NOON}, "failures_began_at_a_time"),
    ],
    ids=str,
)
def test_an_endpoint_that_makes_no_sense(office: Callable[..., Any], values: Any, constraint: str) -> None:
    endpoint = office().endpoint()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Endpoint.objects.filter(id=endpoint).update(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "lost"}, "delivery_state_is_known"),
        ({"trouble": "bad luck"}, "trouble_is_known"),
        ({"state": "waiting"}, "only_a_waiting_delivery_is_tried_again"),
        ({"next_try_at": NOON}, "only_a_waiting_delivery_is_tried_again"),
        ({"attempts": ATTEMPTS_MAX + 1}, "delivery_attempts_are_limited"),
    ],
    ids=str,
)
def test_a_delivery_that_makes_no_sense(office: Callable[..., Any], values: Any, constraint: str) -> None:
    mine = office()
    made = actions.send_test(actor=mine.actor, endpoint=mine.endpoint(), now=timezone.now())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delivery.objects.filter(id=made).update(**values)


def test_one_event_is_delivered_once_to_an_endpoint(office: Callable[..., Any]) -> None:
    mine = office()
    actions.send_test(actor=mine.actor, endpoint=mine.endpoint(), now=timezone.now())
    had = Delivery.objects.get()
    with pytest.raises(IntegrityError, match="one_delivery_of_an_event"), transaction.atomic():
        Delivery.objects.create(endpoint=had.endpoint, event=had.event, state="kept")


def test_what_lands_in_a_log_is_an_id(office: Callable[..., Any]) -> None:
    mine = office()
    actions.send_test(actor=mine.actor, endpoint=mine.endpoint(), now=timezone.now())
    delivery = Delivery.objects.get()
    for row in (delivery, delivery.endpoint, delivery.event):
        assert str(row) == str(row.id)
