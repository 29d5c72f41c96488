"""The audit log is read in pages and as a stream; tokens and devices as their people see them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from sundry.base.access import queries
from sundry.base.access.actions import begin_device, create_token, record, revoke_token
from sundry.base.access.models import ApiToken, AuditEntry
from sundry.base.access.queries import (
    AuditFilter,
    audit_entries,
    audit_stream,
    token_holder,
    token_of,
    tokens_of,
    waiting_device,
)
from sundry.base.access.rules import Actor, Owner

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LI, WANG = (Actor(person=uuid.UUID(int=n), organisation=uuid.UUID(int=10 + n)) for n in (1, 2))


@pytest.fixture
def person(db: None) -> Any:
    return get_user_model().objects.create(name="Li", email="li@example.com")


@pytest.mark.django_db
def test_entries_are_paged_from_the_newest_and_nothing_is_shown_twice() -> None:
    for number in range(5):
        record(actor=LI, operation="x.y.z", object_id=number)
    first = audit_entries(AuditFilter(), limit=2)
    second = audit_entries(AuditFilter(), limit=2, before=first[-1].id)
    assert [entry.object_id for entry in first + second] == ["4", "3", "2", "1"]
    assert [entry.object_id for entry in audit_stream(AuditFilter(), rows_at_once=2)] == ["4", "3", "2", "1", "0"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (AuditFilter(outcome="refused"), "audit_not_done"),
        (AuditFilter(operation="parties."), "audit_of_operation"),
        (AuditFilter(since=NOW + timedelta(days=36500)), "pkey"),
        (AuditFilter(until=NOW), "pkey"),
    ],
)
def test_a_filter_is_looked_up_and_does_not_read_the_whole_log(wanted: AuditFilter, index: str) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(role="x", operation="x.y.z", outcome="done", through="job") for _ in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE access_auditentry")
    plan = queries._audit(wanted)[:50].explain()
    assert index in plan
    assert "Index Cond" in plan


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(), 3),
        (AuditFilter(organisation=LI.organisation), 2),
        (AuditFilter(person=WANG.person), 1),
        (AuditFilter(operation="parties."), 1),
        (AuditFilter(operation="parties.organisation.rename"), 1),
        (AuditFilter(object_id="7"), 1),
        (AuditFilter(outcome="refused"), 1),
        (AuditFilter(until=NOW), 0),
        (AuditFilter(since=NOW), 3),
        (AuditFilter(operation="parties%"), 0),
    ],
)
def test_a_filter_lets_through_what_it_names(wanted: AuditFilter, found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    record(actor=LI, operation="parties.organisation.rename", object_id=7)
    record(actor=LI, operation="shipping.job.read", outcome="refused")
    record(actor=WANG, operation="shipping.job.read")
    entries = audit_entries(AuditFilter(), limit=10)
    if wanted.until:
        wanted = AuditFilter(until=min(entry.at for entry in entries))
    if wanted.since:
        wanted = AuditFilter(since=min(entry.at for entry in entries))
    assert len(audit_entries(wanted, limit=10)) == found


def test_a_token_is_found_by_its_secret_only(person: Any) -> None:
    made = create_token(actor=Actor(person=person.pk), name="Scales", scopes={"b.c", "a.b"}, days=1, now=NOW)
    holder = token_holder(made.secret, NOW)
    assert holder is not None
    assert (holder.token, holder.person, holder.organisation) == (made.id, person.pk, None)
    assert holder.scopes == {"a.b", "b.c"}
    assert token_holder(made.secret[:-1], NOW) is None
    kept = ApiToken.objects.get()
    assert made.secret not in [str(value) for value in vars(kept).values()]
    assert made.secret.startswith(kept.prefix)
    assert made.secret not in repr(made)


def test_a_token_ends_at_its_hour(person: Any) -> None:
    made = create_token(actor=Actor(person=person.pk), name="Scales", scopes={"a"}, days=1, now=NOW)
    assert token_holder(made.secret, NOW + timedelta(days=1) - timedelta(seconds=1))
    assert token_holder(made.secret, NOW + timedelta(days=1)) is None


def test_a_revoked_token_and_one_of_somebody_inactive_open_nothing(person: Any) -> None:
    first, second = (
        create_token(actor=Actor(person=person.pk), name=name, scopes={"a"}, days=1, now=NOW) for name in "ab"
    )
    revoke_token(actor=Actor(person=person.pk), token=first.id, now=NOW)
    assert token_holder(first.secret, NOW) is None
    assert token_holder(second.secret, NOW)
    person.is_active = False
    person.save()
    assert token_holder(second.secret, NOW) is None


def test_tokens_are_paged_and_know_their_owner(person: Any) -> None:
    made = [create_token(actor=Actor(person=person.pk), name=name, scopes={"a"}, days=1, now=NOW).id for name in "abc"]
    first = tokens_of(person.pk, limit=2)
    assert [token.name for token in first] == ["c", "b"]
    assert [token.name for token in tokens_of(person.pk, limit=2, before=first[-1].id)] == ["a"]
    found = token_of(made[0])
    assert found is not None
    assert found[0] == Owner(person=person.pk)
    assert token_of(uuid.UUID(int=1)) is None


@pytest.mark.django_db
def test_a_device_waits_for_ten_minutes() -> None:
    codes = begin_device(name="Scales", scopes={"a"}, address="203.0.113.0/24", now=NOW)
    found = waiting_device(codes.user_code, NOW + timedelta(seconds=599))
    assert found is not None
    assert (found.name, found.address, found.scopes) == ("Scales", "203.0.113.0/24", ("a",))
    assert waiting_device(codes.user_code, NOW + timedelta(seconds=600)) is None
    assert waiting_device("BBBBBBBB", NOW) is None
