"""Endpoints come and go, modules announce, and what is asked for is told again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.models import AuditEntry
from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.actions import announce, announce_many
from sundry.base.webhooks.models import Delivery, Endpoint, Event
from sundry.base.webhooks.rules import (
    ENDPOINTS_MAX,
    TEST_KIND,
    AlreadySo,
    Announcement,
    DeliveryState,
    EndpointRefused,
    IsOff,
    ReplayRefused,
)
from sundry.base.webhooks.sealing import unlocked
from sundry.kernel.identifiers import first_id, new_id

pytestmark = pytest.mark.django_db

Offices = Callable[..., Any]
Jobs = Callable[[], list[tuple[str, dict[str, Any]]]]


def listed(organisation: UUID | None = None, kind: str = "good.listed", **data: Any) -> UUID:
    return announce(kind=kind, subject=new_id(), organisation=organisation, data=data, at=timezone.now())


def spread() -> int:
    return delivering.spread(now=timezone.now())


def statements(do: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        do()
    return len(asked)


# Endpoints ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_told_once_and_kept_locked(office: Offices) -> None:
    mine = office()
    endpoint = mine.endpoint(kinds=("good.withdrawn", "good.listed"), says="Our   shop\n<b>")
    row = Endpoint.objects.get(id=endpoint)
    assert mine.secrets[endpoint] not in (row.secret, row.old_secret)
    assert unlocked(row.secret) == mine.secrets[endpoint]
    (shown,) = queries.endpoints(mine.organisation)
    assert (shown.kinds, shown.description, shown.state) == (("good.listed", "good.withdrawn"), "Our shop <b>", "on")
    assert mine.secrets[endpoint] not in str(shown)
    (entry,) = AuditEntry.objects.filter(object_id=str(endpoint))
    assert (entry.operation, entry.organisation) == ("webhooks.endpoint.create", mine.organisation)
    assert "whsec" not in str(entry.details)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"address": "http://hooks.example/"}, "webhook_address_scheme"),
        ({"address": "https://10.0.0.7/"}, "webhook_address_private"),
        ({"kinds": ()}, "webhook_kinds_missing"),
        ({"kinds": ("good.sold",)}, "webhook_kind_unknown"),
        ({"kinds": (TEST_KIND,)}, "webhook_kind_unknown"),
    ],
)
def test_what_cannot_be_an_endpoint_leaves_no_trace(office: Offices, asked: Any, rule: str) -> None:
    mine = office()
    endpoint = mine.endpoint()
    before = list(Endpoint.objects.values()), AuditEntry.objects.count()
    with pytest.raises(EndpointRefused) as refused:
        mine.endpoint(**asked)
    assert refused.value.rule == rule
    asked = {"address": "https://hooks.example/", "kinds": ("good.listed",), "description": ""} | asked
    with pytest.raises(EndpointRefused):
        actions.change(actor=mine.actor, endpoint=endpoint, **asked)
    assert (list(Endpoint.objects.values()), AuditEntry.objects.count()) == before


def test_an_organisation_has_so_many_endpoints_and_no_more(office: Offices) -> None:
    mine, other = office(), office()
    made = [mine.endpoint() for _ in range(ENDPOINTS_MAX)]
    with pytest.raises(EndpointRefused, match=str(ENDPOINTS_MAX)):
        mine.endpoint()
    other.endpoint()
    actions.remove(actor=mine.actor, endpoint=made[0])
    mine.endpoint()


def test_a_renewed_secret_leaves_the_one_before_good_for_a_day(office: Offices) -> None:
    mine, now = office(), timezone.now()
    endpoint = mine.endpoint()
    made = actions.rotate(actor=mine.actor, endpoint=endpoint, now=now)
    row = Endpoint.objects.get(id=endpoint)
    both = [made.secret, mine.secrets[endpoint]]
    assert queries.secrets_of(row, now=now + timedelta(hours=24, seconds=-1)) == both
    assert queries.secrets_of(row, now=now + timedelta(hours=24)) == both[:1]
    again = actions.rotate(actor=mine.actor, endpoint=endpoint, now=now)
    assert queries.secrets_of(Endpoint.objects.get(id=endpoint), now=now) == [again.secret, made.secret]


def test_secrets_stand_in_no_log(office: Offices, caplog: pytest.LogCaptureFixture, sending: None) -> None:
    caplog.set_level(logging.DEBUG)
    mine = office()
    endpoint = mine.endpoint()
    secret = actions.rotate(actor=mine.actor, endpoint=endpoint, now=timezone.now())
    listed()
    spread()
    said = "\n".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "django.db.backends"
    )
    assert mine.secrets[endpoint] not in said
    assert secret.secret not in said
    assert secret.secret not in repr(secret)


def test_who_is_switched_off_is_told_nothing_and_what_waited_is_given_up(office: Offices, sending: None) -> None:
    mine = office()
    endpoint = mine.endpoint()
    listed()
    assert spread() == 1
    actions.switch(actor=mine.actor, endpoint=endpoint, on=False)
    (delivery,) = queries.deliveries(endpoint)
    assert (delivery.state, delivery.trouble, delivery.next_try_at) == ("failed", "off", None)
    listed()
    assert spread() == 0
    for told in (
        lambda: actions.send_test(actor=mine.actor, endpoint=endpoint, now=timezone.now()),
        lambda: actions.replay_failed(actor=mine.actor, endpoint=endpoint, now=timezone.now()),
        lambda: actions.replay_delivery(actor=mine.actor, delivery=delivery.id, now=timezone.now()),
    ):
        with pytest.raises(IsOff):
            told()
    with pytest.raises(AlreadySo):
        actions.switch(actor=mine.actor, endpoint=endpoint, on=False)
    Endpoint.objects.update(failures=7, failing_since=timezone.now(), rests_until=timezone.now())
    actions.switch(actor=mine.actor, endpoint=endpoint, on=True)
    assert Endpoint.objects.values_list("state", "failures", "rests_until").get() == ("on", 0, None)
    assert actions.replay_failed(actor=mine.actor, endpoint=endpoint, now=timezone.now()) == 1


def test_who_is_removed_is_seen_by_nobody_and_deleted_when_it_is_tidied(office: Offices) -> None:
    mine = office()
    endpoint, other = mine.endpoint(), mine.endpoint()
    listed()
    assert spread() == 2
    delivery = queries.deliveries(endpoint)[0].id
    actions.remove(actor=mine.actor, endpoint=endpoint)
    assert [one.id for one in queries.endpoints(mine.organisation)] == [other]
    assert queries.endpoint(endpoint) is None
    assert queries.delivery(delivery) is None
    delivering.tidy(now=timezone.now())
    assert list(Endpoint.objects.values_list("id", flat=True)) == [other]
    assert Delivery.objects.count() == 1


# Announcing ---------------------------------------------------------------------------------------------------------


def test_an_event_is_told_to_whoever_wants_it_and_may_know_it(office: Offices, sending: None) -> None:
    mine, other = office(), office()
    wants, no_such, foreign = mine.endpoint(), mine.endpoint(kinds=("good.withdrawn",)), other.endpoint()
    public, own = listed(), listed(mine.organisation)
    assert spread() == 3
    told = {endpoint: {one.event for one in queries.deliveries(endpoint)} for endpoint in (wants, no_such, foreign)}
    assert told == {wants: {public, own}, no_such: set(), foreign: {public}}
    assert spread() == 0


def test_what_is_rolled_back_is_told_to_nobody(office: Offices, sending: None, jobs: Jobs) -> None:
    office().endpoint()
    with transaction.atomic():
        listed()
        transaction.set_rollback(True)
    assert (spread(), Event.objects.count(), jobs()) == (0, 0, [])


def test_where_nobody_wants_to_know_no_job_runs(office: Offices, sending: None, jobs: Jobs) -> None:
    mine = office()
    off = mine.endpoint()
    actions.switch(actor=mine.actor, endpoint=off, on=False)
    mine.endpoint(kinds=("good.withdrawn",))
    listed()
    assert jobs() == []
    assert Event.objects.get().is_spread


def test_a_kind_that_nobody_declares_and_a_body_too_large_are_mistakes_of_the_author(office: Offices) -> None:
    wrongs: tuple[dict[str, Any], ...] = ({"kind": "good.sold"}, {"kind": TEST_KIND}, {"text": "a" * 20_001})
    for wrong in wrongs:
        with pytest.raises(ValueError, match=r"no module declares|20000"):
            listed(**wrong)
    assert announce_many(announcements=[]) == []
    assert Event.objects.count() == 0


def test_ten_thousand_events_to_five_endpoints_take_as_many_statements_as_one(
    office: Offices, sending: None, jobs: Jobs
) -> None:
    endpoints = [office().endpoint() for _ in range(5)]

    def tell(count: int) -> tuple[int, int]:
        at, subject = timezone.now(), new_id()
        many = [Announcement("good.listed", subject, None, {"number": number}, at) for number in range(count)]
        return statements(lambda: announce_many(announcements=many)), statements(spread)

    one, many = tell(1), tell(10_000)
    assert one == many
    assert Delivery.objects.count() == 5 * 10_001
    ids = [delivery.event for delivery in queries.deliveries(endpoints[0], limit=10_001)]
    assert ids == sorted(ids, reverse=True)
    assert [name for name, _ in jobs()].count(actions.DELIVER) == 2 * 5


# Telling again ------------------------------------------------------------------------------------------------------


def test_a_market_that_keeps_its_events_puts_no_job_in_the_queue(office: Offices, jobs: Jobs) -> None:
    mine, now = office(), timezone.now()
    endpoint = mine.endpoint()
    listed()
    assert spread() == 1
    actions.send_test(actor=mine.actor, endpoint=endpoint, now=now)
    test, event = queries.deliveries(endpoint)
    assert {test.state, event.state} == {DeliveryState.KEPT}
    actions.replay_delivery(actor=mine.actor, delivery=event.id, now=now)
    assert [name for name, _ in jobs()] == [actions.SPREAD]
    whole = queries.delivery(event.id)
    assert whole is not None
    headers = queries.sent_headers(whole, now=now)
    assert headers is not None
    assert headers["webhook-id"] == str(event.event)
    assert str(event.event) in whole.body


def test_a_test_event_is_for_one_endpoint_alone(office: Offices, sending: None, jobs: Jobs) -> None:
    mine = office()
    endpoint, other = mine.endpoint(), mine.endpoint()
    made = actions.send_test(actor=mine.actor, endpoint=endpoint, now=timezone.now())
    assert [one.id for one in queries.deliveries(endpoint)] == [made]
    assert queries.deliveries(other) == ()
    assert spread() == 0
    assert jobs() == [(actions.DELIVER, {"endpoint": str(endpoint)})]


def test_what_failed_is_told_again_and_nothing_else(office: Offices, sending: None) -> None:
    mine, now = office(), timezone.now()
    endpoint, other = mine.endpoint(), mine.endpoint()
    for _ in range(3):
        listed()
    spread()
    failed, done, waits = (one.id for one in queries.deliveries(endpoint))
    Delivery.objects.filter(id=failed).update(state="failed", next_try_at=None, attempts=10, trouble="status")
    Delivery.objects.filter(id=done).update(state="delivered", next_try_at=None, attempts=1)
    Delivery.objects.filter(endpoint=other).update(state="failed", next_try_at=None)
    assert actions.replay_failed(actor=mine.actor, endpoint=endpoint, now=now) == 1
    again = {one.id: (one.state, one.attempts) for one in queries.deliveries(endpoint)}
    assert again == {failed: ("waiting", 0), done: ("delivered", 1), waits: ("waiting", 0)}
    assert {one.state for one in queries.deliveries(other)} == {"failed"}


def test_a_time_span_is_told_again_also_what_was_never_told(office: Offices, sending: None) -> None:
    mine, now = office(), timezone.now()
    before = listed()
    endpoint = mine.endpoint()
    told = listed()
    listed(office().organisation)  # another's
    listed(kind="good.withdrawn")
    spread()
    Delivery.objects.update(state="delivered", next_try_at=None)
    late = Event.objects.create(
        id=UUID(int=first_id(now + timedelta(seconds=30)).int + 1),
        kind="good.listed",
        subject=new_id(),
        at=now,
        body="{}",
        is_spread=True,
    )

    def replay(since: timedelta, until: timedelta) -> int:
        return actions.replay_span(actor=mine.actor, endpoint=endpoint, since=now + since, until=now + until, now=now)

    second = timedelta(seconds=1)
    assert replay(-20 * second, -10 * second) == 0
    assert replay(-10 * second, 30 * second) == 2
    assert {one.event: one.state for one in queries.deliveries(endpoint)} == {before: "waiting", told: "waiting"}
    assert replay(-10 * second, 31 * second) == 1  # two wait anyhow
    assert late.id in {one.event for one in queries.deliveries(endpoint)}
    assert replay(timedelta(days=-20_000), timedelta(days=20_000)) == 0
    with pytest.raises(ReplayRefused, match="ends after"):
        replay(second, second)


def test_a_time_span_with_too_much_in_it_is_refused_whole(
    office: Offices, sending: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "REPLAY_EVENTS_MAX", 3)
    mine, now = office(), timezone.now()
    for count, refused in ((3, False), (1, True)):
        for _ in range(count):
            listed()
        endpoint = mine.endpoint()
        values = {
            "actor": mine.actor,
            "endpoint": endpoint,
            "since": now - timedelta(hours=1),
            "until": now + timedelta(hours=1),
        }
        if refused:
            with pytest.raises(ReplayRefused, match="more than 3"):
                actions.replay_span(**values, now=now)
        else:
            assert actions.replay_span(**values, now=now) == 3
        assert len(queries.deliveries(endpoint)) == (0 if refused else 3)


def test_replay_takes_as_many_statements_for_a_hundred_as_for_one(office: Offices, sending: None) -> None:
    mine, now = office(), timezone.now()

    def replay() -> int:
        endpoint = mine.endpoint()
        span = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}
        return statements(lambda: actions.replay_span(actor=mine.actor, endpoint=endpoint, **span, now=now))

    listed()
    first = replay()
    for _ in range(99):
        listed()
    assert replay() == first
