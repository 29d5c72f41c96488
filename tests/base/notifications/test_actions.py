"""Giving notices and choosing how one is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor
from sundry.base.notifications import actions, queries
from sundry.base.notifications.models import Notice as Row
from sundry.base.notifications.models import Reader
from sundry.base.notifications.rules import Choice, Frequency, Notice, PreferencesRefused, Quiet, Way
from sundry.base.parties.models import Person
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
LATE = {"order": 10234, "codes": "10234-3"}


def test_many_notices_are_one_statement() -> None:
    given = [Notice(new_id(), "order.late", LATE, "/orders/10234/", key=str(number)) for number in range(40)]
    with CaptureQueriesContext(connection) as statements:
        actions.notify(notices=given, now=MORNING)
        actions.notify(notices=[], now=MORNING)
    assert len(statements) == 1
    assert Row.objects.filter(is_spread=False, at=MORNING).count() == 40


@pytest.mark.parametrize(("kind", "values", "said"), [("order.sung", LATE, "order.sung"), ("order.late", {}, "codes")])
def test_a_notice_that_nobody_could_word_is_refused_at_once(kind: str, values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        actions.notify(notices=[Notice(new_id(), kind, values, "/")], now=MORNING)
    assert not Row.objects.exists()


def test_what_is_chosen_is_kept_and_recorded(office: Callable[..., Any]) -> None:
    mine = office()
    quiet = Quiet("Africa/Cairo", time(23), time(6, 30))
    actions.choose(
        actor=mine.actor,
        person=mine.person.id,
        choices={"talk": Choice(Way.EMAIL, Frequency.HOURLY)},
        quiet=quiet,
        now=MORNING,
    )
    chosen, _ = queries.preferences(mine.person.id)
    assert chosen.quiet == quiet
    assert chosen.of("talk") == Choice(Way.EMAIL, Frequency.HOURLY)
    assert chosen.of("orders") == Choice(Way.EMAIL, Frequency.MORNING_AND_EVENING)
    assert AuditEntry.objects.get(operation="notifications.preferences.change").object_id == str(mine.person.id)


@pytest.mark.parametrize(
    ("choices", "zone", "said"),
    [
        ({"songs": Choice(Way.EMAIL)}, "Asia/Shanghai", "songs"),
        ({"orders": Choice(Way.SMS)}, "Asia/Shanghai", "sms"),
        ({"orders": Choice(Way.WECHAT)}, "Asia/Shanghai", "wechat"),
        ({}, "Asia/Yiwu", "Asia/Yiwu"),
    ],
    ids=["group", "phone", "channel", "zone"],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    office: Callable[..., Any], choices: dict[str, Choice], zone: str, said: str
) -> None:
    mine = office()
    with pytest.raises(PreferencesRefused, match=said):
        actions.choose(actor=mine.actor, person=mine.person.id, choices=choices, quiet=Quiet(zone), now=MORNING)
    assert not Reader.objects.filter(zone=zone, pk=mine.person.id).exclude(choices={}).exists()


def test_an_unconfirmed_phone_is_no_way(office: Callable[..., Any]) -> None:
    mine = office()
    Person.objects.filter(id=mine.person.id).update(phone="+8613800138000")
    assert queries.ways(queries.preferences(mine.person.id)[1]) == (Way.EMAIL, Way.NONE)
    Person.objects.filter(id=mine.person.id).update(phone_verified_at=MORNING)
    assert queries.ways(queries.preferences(mine.person.id)[1]) == (Way.EMAIL, Way.SMS, Way.NONE)


def test_who_acts_for_nobody_has_her_page_only() -> None:
    person = Person.objects.create(name="Li", email="nobody@market.example")
    chosen, found = queries.preferences(person.id)
    assert found is None
    assert queries.ways(found) == (Way.NONE,)
    assert chosen.of("orders").is_silent


def test_stopping_twice_is_as_once(office: Callable[..., Any]) -> None:
    mine = office()
    for _ in range(2):
        actions.stop(actor=Actor(), person=mine.person.id, way=Way.EMAIL, now=MORNING)
    chosen, _ = queries.preferences(mine.person.id)
    assert all(chosen.of(group.name).is_silent for group in queries.groups())


def test_a_page_of_notices_goes_on_where_the_one_before_ended(office: Callable[..., Any]) -> None:
    from sundry.base.notifications import sending

    mine, other = office(), office()
    mine.tell(count=5)
    other.tell()
    sending.spread(now=MORNING)
    names = {mine.organisation: "Mine"}
    first = queries.told(mine.person.id, names, limit=3)
    second = queries.told(mine.person.id, names, before=first.next, limit=3)
    assert [len(first.notices), len(second.notices)] == [3, 2]
    assert second.next is None
    assert len({one.id for one in (*first.notices, *second.notices)}) == 5
    assert queries.told(mine.person.id, {other.organisation: "Other"}).notices == ()
