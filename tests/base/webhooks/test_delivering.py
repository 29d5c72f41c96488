"""An event reaches its endpoints at least once, with one id, however often somebody fails on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.models import AuditEntry
from sundry.base.outbox.queries import messages
from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.models import Delivery, Endpoint, Event
from sundry.base.webhooks.queries import DeliveryView
from sundry.base.webhooks.rules import (
    ATTEMPTS_MAX,
    EVENTS_ARE_KEPT_FOR,
    OFF_AFTER,
    PAUSES,
    DeliveryState,
    Trouble,
    verify,
)
from sundry.kernel.identifiers import first_id, new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sending")]

Offices = Callable[..., Any]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def listed(clock: Clock, count: int = 1) -> None:
    for number in range(count):
        actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={"number": number}, at=clock.now)
    delivering.spread(now=clock.now)


def deliver(endpoint: UUID, clock: Clock) -> int:
    return delivering.deliver(endpoint=endpoint, clock=clock)


def only(endpoint: UUID) -> DeliveryView:
    (found,) = queries.deliveries(endpoint)
    return found


def test_a_receiver_can_check_what_it_hears(office: Offices, receiver: Any, clock: Clock) -> None:
    mine = office()
    endpoint = mine.endpoint(receiver.address)
    listed(clock)
    assert deliver(endpoint, clock) == 1
    assert deliver(endpoint, clock) == 0
    (heard,) = receiver.heard
    delivery = only(endpoint)
    assert verify(mine.secrets[endpoint], heard.headers, heard.body, now=clock.now)
    assert heard.headers["webhook-id"] == str(delivery.event)
    assert heard.body == Event.objects.get().body
    assert (delivery.state, delivery.status, delivery.trouble, delivery.attempts) == ("delivered", 204, None, 1)
    assert delivery.tried_at == clock.now
    assert delivery.took_ms is not None
    whole = queries.delivery(delivery.id)
    assert whole is not None
    shown = queries.sent_headers(whole, now=clock.now + timedelta(hours=1))
    assert shown is not None
    assert shown.items() <= heard.headers.items()  # the page shows the very signature that was sent


def test_events_come_in_the_order_in_which_they_were_announced(office: Offices, receiver: Any, clock: Clock) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock, 5)
    assert deliver(endpoint, clock) == 5
    ids = [heard.headers["webhook-id"] for heard in receiver.heard]
    assert ids == sorted(ids)


def test_while_a_secret_is_renewed_both_sign(office: Offices, receiver: Any, clock: Clock) -> None:
    mine = office()
    endpoint = mine.endpoint(receiver.address)
    new = actions.rotate(actor=mine.actor, endpoint=endpoint, now=clock.now).secret
    old = mine.secrets[endpoint]
    for moved, good in ((timedelta(), [True, True]), (timedelta(hours=24), [True, False])):
        clock.now += moved
        listed(clock)
        deliver(endpoint, clock)
        heard = receiver.heard[-1]
        assert [verify(one, heard.headers, heard.body, now=clock.now) for one in (new, old)] == good
    delivering.tidy(now=clock.now)
    assert Endpoint.objects.values_list("old_secret", "old_until").get() == ("", None)


def test_what_failed_is_tried_again_with_the_same_id_and_body(office: Offices, receiver: Any, clock: Clock) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock)
    receiver.answers = [(500, b"<script>alert(1)</script>\x1b[2J\x00")]
    deliver(endpoint, clock)
    delivery = only(endpoint)
    assert (delivery.state, delivery.status, delivery.trouble) == ("waiting", 500, "status")
    assert delivery.next_try_at == clock.now + PAUSES[0]
    assert delivery.answer == "<script>alert(1)</script>\ufffd[2J\ufffd"
    clock.now += PAUSES[0] - timedelta(seconds=1)
    assert deliver(endpoint, clock) == 0
    clock.now += timedelta(seconds=1)
    assert deliver(endpoint, clock) == 1
    first, second = receiver.heard
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert only(endpoint).state == "delivered"
    assert Endpoint.objects.values_list("failures", "failing_since", "rests_until").get() == (0, None, None)


def test_after_ten_tries_it_is_given_up_and_can_be_told_again(office: Offices, receiver: Any, clock: Clock) -> None:
    mine = office()
    endpoint = mine.endpoint(receiver.address)
    listed(clock)
    begun = clock.now
    receiver.answers = [(503, b"")] * ATTEMPTS_MAX
    while (delivery := only(endpoint)).state == DeliveryState.WAITING:
        assert delivery.next_try_at is not None
        rests = queries.endpoint(endpoint).rests_until  # type: ignore[union-attr]
        clock.now = max(delivery.next_try_at, rests or delivery.next_try_at)
        deliver(endpoint, clock)
    assert (delivery.state, delivery.attempts) == ("failed", ATTEMPTS_MAX)
    assert timedelta(days=2) < clock.now - begun < OFF_AFTER
    assert len(receiver.heard) == ATTEMPTS_MAX
    assert queries.endpoint(endpoint).state == "on"  # type: ignore[union-attr]
    clock.now += timedelta(days=1)
    assert actions.replay_failed(actor=mine.actor, endpoint=endpoint, now=clock.now) == 1
    deliver(endpoint, clock)
    assert only(endpoint).state == "delivered"
    assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1


def test_an_endpoint_at_which_everything_fails_rests(office: Offices, receiver: Any, clock: Clock) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock, 10)
    receiver.answers = [(500, b"")] * 4
    assert deliver(endpoint, clock) == 3
    assert delivering.follow(now=clock.now) == 0
    clock.now += PAUSES[0]
    assert deliver(endpoint, clock) == 1  # the eldest is tried; it fails, and the endpoint rests for longer
    clock.now += PAUSES[1]
    assert deliver(endpoint, clock) == 10
    assert {one.state for one in queries.deliveries(endpoint)} == {DeliveryState.DELIVERED}


def test_after_five_days_of_failure_it_is_switched_off_and_its_administrators_are_told(
    office: Offices, receiver: Any, clock: Clock
) -> None:
    mine = office("fr")
    endpoint = mine.endpoint(receiver.address)
    listed(clock, 2)
    receiver.answers = [(500, b"")] * 9
    deliver(endpoint, clock)
    clock.now += OFF_AFTER - timedelta(seconds=1)
    deliver(endpoint, clock)
    assert queries.endpoint(endpoint).state == "on"  # type: ignore[union-attr]
    assert messages().messages == []
    clock.now += timedelta(seconds=1)
    Endpoint.objects.update(rests_until=None)
    Delivery.objects.filter(state="waiting").update(next_try_at=clock.now)
    assert deliver(endpoint, clock) == 1
    assert queries.endpoint(endpoint).state == "failing"  # type: ignore[union-attr]
    assert {one.state for one in queries.deliveries(endpoint)} == {DeliveryState.FAILED}
    (told,) = messages().messages
    assert told.message.language == "fr"
    assert told.message.body.startswith("Depuis 5 jours")
    assert f"/webhooks/{endpoint}/" in told.message.body
    assert AuditEntry.objects.filter(operation="webhooks.endpoint.give_up", object_id=str(endpoint)).count() == 1
    listed(clock)
    assert deliver(endpoint, clock) == 0


def test_410_ends_it_at_once(office: Offices, receiver: Any, clock: Clock) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock, 3)
    receiver.answers = [(410, b"")]
    assert deliver(endpoint, clock) == 1
    assert queries.endpoint(endpoint).state == "gone"  # type: ignore[union-attr]
    assert sorted(str(one.trouble) for one in queries.deliveries(endpoint)) == ["off", "off", "status"]
    assert {one.state for one in queries.deliveries(endpoint)} == {DeliveryState.FAILED}
    (told,) = messages().messages
    assert "410" in told.message.body


def test_who_is_killed_between_sending_and_writing_it_down_sends_it_again_with_the_same_id(
    office: Offices, receiver: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_settle", killed)
        with pytest.raises(SystemExit):
            deliver(endpoint, clock)
    assert (only(endpoint).state, only(endpoint).attempts) == ("waiting", 0)
    clock.now += timedelta(seconds=1)
    deliver(endpoint, clock)
    first, second = receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_market_that_sends_nothing_sends_nothing_of_what_waits_either(
    office: Offices, receiver: Any, clock: Clock, settings: Any
) -> None:
    import dataclasses

    endpoint = office().endpoint(receiver.address)
    listed(clock)
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, webhooks="keep")
    assert deliver(endpoint, clock) == 0
    assert receiver.heard == []


def test_a_real_market_tells_nobody_on_its_own_machine(
    office: Offices, receiver: Any, clock: Clock, settings: Any
) -> None:
    """Though the endpoint was registered while it was a sample."""
    import dataclasses

    endpoint = office().endpoint(receiver.address)
    listed(clock)
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, market="real")
    deliver(endpoint, clock)
    assert only(endpoint).trouble is Trouble.ADDRESS
    assert receiver.heard == []


def test_a_secret_that_cannot_be_read_is_said_so(office: Offices, receiver: Any, clock: Clock, settings: Any) -> None:
    mine = office()
    endpoint = mine.endpoint(receiver.address)
    listed(clock)
    settings.SECRET_KEY = "another key, of at least thirty-two characters"
    deliver(endpoint, clock)
    assert only(endpoint).trouble is Trouble.SECRET
    whole = queries.delivery(only(endpoint).id)
    assert whole is not None
    assert queries.sent_headers(whole, now=clock.now) is None
    new = actions.rotate(actor=mine.actor, endpoint=endpoint, now=clock.now).secret
    clock.now += timedelta(hours=25)
    deliver(endpoint, clock)
    (heard,) = receiver.heard
    assert verify(new, heard.headers, heard.body, now=clock.now)


def test_a_job_ends_in_time_and_another_goes_on(office: Offices, receiver: Any, clock: Clock, jobs: Any) -> None:
    endpoint = office().endpoint(receiver.address)
    listed(clock, 3)
    before = len(jobs())
    assert delivering.deliver(endpoint=endpoint, clock=clock, job_s=0) == 1
    assert jobs()[before:] == [(actions.DELIVER, {"endpoint": str(endpoint)})]
    assert deliver(endpoint, clock) == 2


def test_a_try_takes_a_fixed_number_of_statements(office: Offices, receiver: Any, clock: Clock) -> None:
    endpoint = office().endpoint(receiver.address)

    def statements(count: int) -> int:
        listed(clock, count)
        with CaptureQueriesContext(connection) as asked:
            deliver(endpoint, clock)
        return len(asked)

    one, two, three = (statements(count) for count in (1, 2, 3))
    assert two - one == three - two <= 7


def test_each_minute_what_is_due_and_what_lost_its_job_goes_on(office: Offices, clock: Clock, jobs: Any) -> None:
    due, later = office().endpoint(), office().endpoint()
    listed(clock)
    Delivery.objects.filter(endpoint_id=later).update(next_try_at=clock.now + timedelta(minutes=5))
    actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={}, at=clock.now)
    before = len(jobs())
    Delivery.objects.filter(endpoint_id=later).update(next_try_at=clock.now + timedelta(minutes=5))
    assert delivering.follow(now=clock.now) == 2  # the lost event is due to both
    assert Event.objects.filter(is_spread=False).count() == 0
    queued = [args["endpoint"] for name, args in jobs()[before:] if name == actions.DELIVER]
    assert set(queued) == {str(due), str(later)}
    Delivery.objects.filter(endpoint_id=later).update(next_try_at=clock.now + timedelta(minutes=5))
    assert delivering.follow(now=clock.now) == 1


def test_events_are_kept_for_thirty_days(office: Offices, clock: Clock) -> None:
    endpoint = office().endpoint()
    listed(clock, 2)
    with CaptureQueriesContext(connection) as few:
        assert delivering.tidy(now=clock.now + EVENTS_ARE_KEPT_FOR - timedelta(minutes=1)) == 0
    assert len(queries.deliveries(endpoint)) == 2
    assert Event.objects.filter(id__gte=first_id(clock.now - timedelta(minutes=1))).count() == 2
    with CaptureQueriesContext(connection) as many:
        assert delivering.tidy(now=clock.now + EVENTS_ARE_KEPT_FOR + timedelta(minutes=1)) == 2
    assert queries.deliveries(endpoint) == ()
    assert len(many) == len(few)


def test_no_address_and_no_word_of_an_answer_stands_in_a_log(
    office: Offices, receiver: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    endpoint = office().endpoint(receiver.address)
    listed(clock)
    receiver.answers = [(500, b"a word of theirs")]
    deliver(endpoint, clock)
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "webhook tried" in said
    assert receiver.address not in said
    assert "a word of theirs" not in said
