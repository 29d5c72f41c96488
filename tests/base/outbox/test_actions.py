"""A message is posted with what it tells of, and handed over once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from sundry.base.outbox.actions import deliver, post, tidy
from sundry.base.outbox.models import OutgoingMessage
from sundry.base.outbox.queries import messages
from sundry.base.outbox.rules import ATTEMPTS_MAX, KeyReused, State

pytestmark = pytest.mark.django_db

Jobs = Callable[[], list[dict[str, Any]]]
HELLO = {"channel": "email", "recipient": "li@market.example", "subject": "Hello", "body": "A container is full."}


def now() -> datetime:
    return datetime.now(UTC)


def test_on_a_laptop_a_message_is_kept_and_no_job_runs(jobs: Jobs) -> None:
    post(**HELLO)
    (posted,) = messages().messages
    assert (posted.state, posted.attempts, posted.message.recipient) == (State.KEPT, 0, "li@market.example")
    assert jobs() == []


def test_the_same_key_sends_once(sending: None, jobs: Jobs) -> None:
    first = post(**HELLO, key="job-7-done")
    assert post(**HELLO, key="job-7-done") == first
    assert len(messages().messages) == len(jobs()) == 1


def test_the_same_key_with_other_words_is_refused(sending: None, jobs: Jobs) -> None:
    post(**HELLO, key="job-7-done")
    with pytest.raises(KeyReused):
        post(**HELLO | {"body": "Two containers are full."}, key="job-7-done")
    assert len(messages().messages) == len(jobs()) == 1


def test_what_is_rolled_back_sends_nothing(sending: None, jobs: Jobs) -> None:
    with transaction.atomic():
        post(**HELLO)
        transaction.set_rollback(True)
    assert messages().messages == []
    assert jobs() == []


def test_a_waiting_message_is_handed_over_once(adapter: Any, jobs: Jobs) -> None:
    message = post(**HELLO)
    assert jobs() == [{"args": {"message": str(message)}, "scheduled_at": None}]
    assert deliver(message=message, now=now()) is State.SENT
    assert deliver(message=message, now=now()) is None
    (taken,) = adapter.taken
    assert (taken.id, taken.body) == (message, HELLO["body"])


def test_what_was_never_posted_is_not_handed_over(adapter: Any) -> None:
    assert deliver(message=uuid.uuid4(), now=now()) is None


def test_a_failed_message_is_tried_again_later_and_says_why_without_the_recipient(adapter: Any, jobs: Jobs) -> None:
    message = post(**HELLO)
    adapter.faults = [ConnectionRefusedError("li@market.example: no one is at home")]
    moment = now()
    assert deliver(message=message, now=moment) is State.WAITING
    (posted,) = messages().messages
    assert posted.next_try_at == moment + timedelta(seconds=30)
    assert posted.fault == "ConnectionRefusedError: ***: no one is at home"
    assert [job["scheduled_at"] for job in jobs()] == [None, moment + timedelta(seconds=30)]
    assert deliver(message=message, now=moment + timedelta(seconds=30)) is State.SENT
    assert messages().messages[0].fault == ""


def test_a_message_is_given_up_in_the_end(adapter: Any, jobs: Jobs) -> None:
    message = post(**HELLO)
    adapter.faults = [OSError("down")] * (ATTEMPTS_MAX + 1)
    states = [deliver(message=message, now=now()) for _ in range(ATTEMPTS_MAX)]
    assert states == [State.WAITING] * (ATTEMPTS_MAX - 1) + [State.FAILED]
    assert deliver(message=message, now=now()) is None
    assert len(jobs()) == ATTEMPTS_MAX
    assert adapter.taken == []


def test_a_channel_without_an_adapter_says_what_to_install(adapter: Any) -> None:
    message = post(channel="sms", recipient="+8613800138000", body="Hello")
    deliver(message=message, now=now())
    assert "base/outbox/README.md" in messages().messages[0].fault


def test_codes_are_forgotten_after_a_day_and_all_that_is_kept_after_seven() -> None:
    for secret, days in ((True, 1), (False, 7)):
        for age in (timedelta(days=days, hours=-1), timedelta(days=days, hours=1)):
            message = post(**HELLO, secret=secret)
            OutgoingMessage.objects.filter(id=message).update(created_at=now() - age)
    assert tidy(now=now()) == (2, 0)
    assert sorted(posted.message.secret for posted in messages().messages) == [False, True]


def test_what_is_sent_or_given_up_is_no_longer_written_anywhere(adapter: Any) -> None:
    stop = "https://market.example/notifications/stop/a/"
    sent, failed = post(**HELLO, key="job-7-done", stop_link=stop), post(**HELLO, stop_link=stop)
    deliver(message=sent, now=now())
    adapter.faults = [OSError("down")] * ATTEMPTS_MAX
    for _ in range(ATTEMPTS_MAX):
        deliver(message=failed, now=now())
    assert (adapter.taken[0].body, adapter.taken[0].stop_link) == (HELLO["body"], stop)
    assert set(OutgoingMessage.objects.values_list("id", "state", "body", "stop_link")) == {
        (sent, State.SENT, "", ""),
        (failed, State.FAILED, "", ""),
    }
    assert post(**HELLO, key="job-7-done") == sent  # the same key sends once, though its words are gone


def test_a_message_whose_job_was_lost_is_queued_again(sending: None, jobs: Jobs) -> None:
    lost, fresh = post(**HELLO), post(**HELLO)
    OutgoingMessage.objects.filter(id=lost).update(next_try_at=now() - timedelta(minutes=11))
    assert tidy(now=now()) == (0, 1)
    assert [job["args"]["message"] for job in jobs()] == [str(lost), str(fresh), str(lost)]
