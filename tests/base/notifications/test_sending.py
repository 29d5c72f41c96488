"""From notices to messages: one for each person, once, at her time, in her language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.notifications import actions, jobs, queries, sending
from sundry.base.notifications.models import Notice, Reader, Told
from sundry.base.notifications.rules import PAUSE, Choice, Frequency, Quiet, Way
from sundry.base.parties.models import Membership, Person

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in Shanghai
EVENING = datetime(2026, 11, 23, 10, tzinfo=UTC)  # 18:00
NIGHT = datetime(2026, 11, 23, 15, 10, tzinfo=UTC)  # 23:10
SEVEN = datetime(2026, 11, 23, 23, tzinfo=UTC)  # 07:00 of the day after


def run(now: datetime) -> int:
    sending.spread(now=now)
    return sending.send_digests(now=now)


def choose(office: Any, frequency: Frequency, way: Way = Way.EMAIL, quiet: Quiet | None = None) -> None:
    chosen = {"orders": Choice(way, frequency)}
    actions.choose(actor=office.actor, person=office.person.id, choices=chosen, quiet=quiet or Quiet(), now=MORNING)


def test_thirty_notices_are_one_message(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office()
    for number in range(30):
        mine.tell(values={"codes": f"10234-{number}"})
    assert run(MORNING) == 0
    assert run(EVENING - timedelta(minutes=1)) == 0
    assert run(EVENING) == 1
    (message,) = posted()
    assert message.recipient == mine.person.email
    assert message.subject == "30 confirmations"
    assert message.body.count("Order 10234 is confirmed") == 5
    assert "25 more stand on your page." in message.body
    assert message.stop_link in message.body
    assert message.state == "kept"  # nothing leaves a laptop


def test_each_member_is_told_once_and_nobody_else(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine, other = office("en", "en", "en"), office()
    mine.tell()
    run(MORNING)
    run(EVENING)
    assert {message.recipient for message in posted()} == {person.email for person in mine.people}
    assert not Told.objects.filter(person=other.person.id).exists()


def test_one_person_of_them_is_told_alone(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine, other = office("en", "en"), office()
    mine.tell(person=mine.people[1].id)
    mine.tell(person=other.person.id)  # not of them: nobody
    run(MORNING)
    run(EVENING)
    assert [message.recipient for message in posted()] == [mine.people[1].email]


def test_a_second_run_sends_nothing_more(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    office().tell()
    run(MORNING)
    assert run(EVENING) == 1
    assert run(EVENING) == 0
    assert run(EVENING + timedelta(days=1)) == 0
    assert len(posted()) == 1


def test_a_run_that_fails_half_way_sends_nothing_and_the_next_one_sends_once(
    office: Callable[..., Any], posted: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = office()
    mine.tell()
    run(MORNING)
    with monkeypatch.context() as broken:
        broken.setattr(sending, "_put_off", lambda *_: (_ for _ in ()).throw(ConnectionError("the server is gone")))
        with pytest.raises(ConnectionError):
            sending.send_digests(now=EVENING)
    assert posted() == []
    assert run(EVENING) == 1
    assert len(posted()) == 1


def test_nothing_is_sent_at_night(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office()
    mine.tell("order.late", at=NIGHT)
    assert run(NIGHT) == run(SEVEN - timedelta(minutes=1)) == 0
    assert run(SEVEN) == 1
    assert [message.subject for message in posted()] == ["Order 10234 is late: 10234-3."]


def test_a_worker_that_comes_late_does_not_wake_her(
    office: Callable[..., Any], posted: Callable[[], list[Any]]
) -> None:
    """What was due at 18:00 and was not sent, for the machine was off until 23:10."""
    office().tell()
    run(MORNING)
    assert run(NIGHT) == 0
    assert Reader.objects.get(next_due_at__isnull=False).next_due_at == SEVEN
    assert run(SEVEN) == 1


def test_who_is_told_at_once_is_told_again_after_a_pause(
    office: Callable[..., Any], posted: Callable[[], list[Any]]
) -> None:
    mine = office()
    choose(mine, Frequency.AT_ONCE)
    mine.tell()
    assert run(MORNING) == 1
    mine.tell(count=3)
    assert run(MORNING + timedelta(minutes=1)) == 0
    assert run(MORNING + PAUSE) == 1
    assert [message.subject for message in posted()] == ["Order 10234 is confirmed: 10234-3.", "3 confirmations"]


def test_a_second_one_of_a_key_takes_the_place_of_the_first(
    office: Callable[..., Any], posted: Callable[[], list[Any]]
) -> None:
    mine = office()
    mine.tell(key="10234", values={"codes": "10234-1"})
    mine.tell(key="10234", values={"codes": "10234-1, 10234-2"})
    run(MORNING)
    mine.tell(key="10234", values={"codes": "10234-1, 10234-2, 10234-3"})
    run(MORNING)
    assert Told.objects.get(person=mine.person.id).times == 3
    run(EVENING)
    mine.tell(key="10234", values={"codes": "10234-9"})  # the first are sent: this one stands for itself
    run(EVENING)
    run(EVENING + timedelta(hours=14))
    assert [message.subject for message in posted()] == [
        "Order 10234 is confirmed: 10234-1, 10234-2, 10234-3.",
        "Order 10234 is confirmed: 10234-9.",
    ]


def test_who_has_left_is_told_nothing(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office("en", "en")
    mine.tell()
    run(MORNING)
    Membership.objects.filter(person=mine.people[1]).update(ended_at=MORNING)
    mine.tell()
    run(EVENING)
    assert {message.recipient for message in posted()} == {mine.person.email}
    assert Told.objects.filter(person=mine.people[1].id, sent_at=None, due_at=None).count() == 1


def test_whose_account_is_closed_is_told_nothing(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office()
    mine.tell()
    run(MORNING)
    Person.objects.filter(id=mine.person.id).update(is_active=False)
    assert run(EVENING) == 0
    assert posted() == []


def test_what_is_read_is_not_sent(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office()
    mine.tell(count=2)
    run(MORNING)
    (newest, first) = queries.told(mine.person.id, {mine.organisation: "Mine"}).notices
    assert actions.mark_read(person=mine.person.id, up_to=first.id, now=MORNING) == 1
    run(EVENING)
    assert [message.subject for message in posted()] == ["Order 10234 is confirmed: 10234-3."]
    assert newest.read_at is None


def test_everybody_reads_her_own_language(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office("zh-hans", "ru", "")
    mine.tell()
    run(MORNING)
    run(EVENING)
    told = {message.recipient: (message.language, message.subject) for message in posted()}
    assert [told[person.email] for person in mine.people] == [
        ("zh", "订单 10234 已确认：10234-3。"),
        ("ru", "Заказ 10234 подтверждён: 10234-3."),
        ("en", "Order 10234 is confirmed: 10234-3."),
    ]


def test_a_choice_holds_for_what_waits(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office()
    mine.tell()
    run(MORNING)
    choose(mine, Frequency.HOURLY)
    assert run(MORNING + timedelta(hours=1)) == 1
    choose(mine, Frequency.NEVER)
    mine.tell()
    mine.tell("order.late")
    assert run(EVENING) == run(EVENING + timedelta(days=1)) == 0
    assert len(queries.told(mine.person.id, {mine.organisation: "Mine"}).notices) == 3  # her page has it all


def test_a_text_message_is_short_and_goes_to_a_confirmed_phone(
    office: Callable[..., Any], posted: Callable[[], list[Any]]
) -> None:
    mine = office()
    Person.objects.filter(id=mine.person.id).update(phone="+8613800138000", phone_verified_at=MORNING)
    choose(mine, Frequency.DAILY, Way.SMS, Quiet("Asia/Shanghai", time(0), time(0)))
    mine.tell(count=7)
    mine.tell("message.sent")
    run(MORNING)
    run(MORNING + timedelta(days=1))
    by_channel = {message.channel: message for message in posted()}
    assert by_channel["sms"].recipient == "+8613800138000"
    assert by_channel["sms"].body.startswith("7 confirmations\nhttp")
    assert by_channel["email"].recipient == mine.person.email  # of what she has chosen nothing for


def test_statements_do_not_grow_with_people_or_notices(office: Callable[..., Any]) -> None:
    def statements(people: int, notices: int) -> tuple[int, int]:
        office(*["en"] * people).tell(count=notices)
        with CaptureQueriesContext(connection) as spread:
            sending.spread(now=MORNING)
        with CaptureQueriesContext(connection) as sent:
            assert sending.send_digests(now=EVENING) == people
        return len(spread), len(sent)

    few_spread, few_sent = statements(1, 2)
    many_spread, many_sent = statements(9, 20)
    assert many_spread == few_spread
    a_message = 6  # a savepoint and its end, a key seldom seen, the row, and the row again
    assert many_sent <= few_sent + 8 * a_message


def test_old_notices_are_forgotten_for_everybody(office: Callable[..., Any]) -> None:
    office("en", "en").tell()
    jobs.tell(0)
    assert actions.tidy(now=MORNING + timedelta(days=80)) == 0
    assert actions.tidy(now=MORNING + timedelta(days=91)) == 1
    assert not Notice.objects.exists()
    assert not Told.objects.exists()
    jobs.tidy(0)
