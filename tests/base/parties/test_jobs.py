from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.access.rules import Actor
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Person
from sundry.base.parties.rules import Address


def test_every_night_who_never_proved_her_address_is_forgotten(town: Any) -> None:
    person = actions.register_person(actor=Actor(), address=Address(email="late@market.example"), name="Late")
    Person.objects.filter(id=person).update(created_at=timezone.now() - timedelta(days=8))
    periodic = [(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()]
    assert periodic.count(("parties.tidy", "17 3 * * *")) == 1
    app.tasks["parties.tidy"].func(timestamp=0)
    assert queries.person(person) is None


def test_every_night_sessions_that_are_over_are_forgotten(town: Any) -> None:
    for key, days in (("over", -1), ("goes-on", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(days=days))
    app.tasks["parties.tidy"].func(timestamp=0)
    assert [session.session_key for session in Session.objects.all()] == ["goes-on"]
