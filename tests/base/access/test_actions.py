"""The audit log keeps what it was told, and limits count exactly, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from sundry.base.access.actions import TooMany, forget_counters, record, take
from sundry.base.access.models import AuditEntry, Counter
from sundry.base.access.rules import Actor, Kind, Operation, Position, Taken, Through, role_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENT = Actor(
    role=role_of(Kind.AGENT, Position.MEMBER),
    person=UUID(int=1),
    organisation=UUID(int=2),
    through=Through.PAGE,
    address="203.0.113.0/24",
)
EXPORT = Operation("access.audit.export", own=frozenset())


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_thing() -> None:
    record(actor=AGENT, operation=EXPORT, object_kind="job", object_id=UUID(int=3), details={"files": 4})
    entry = AuditEntry.objects.get()
    assert (entry.person, entry.organisation, entry.role) == (UUID(int=1), UUID(int=2), "agent")
    assert (entry.operation, entry.object_kind, entry.object_id) == ("access.audit.export", "job", str(UUID(int=3)))
    assert (entry.outcome, entry.through, entry.address) == ("done", "page", "203.0.113.0/24")
    assert entry.details == {"files": 4}
    assert entry.at is not None


@pytest.mark.django_db
def test_an_entry_of_an_action_that_fails_is_gone_with_it() -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        record(actor=AGENT, operation="x.y.z")
        _ = 1 // 0
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_an_outcome_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="sort of"):
        record(actor=AGENT, operation="x.y.z", outcome="sort of")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_auditentry SET role = 'auditor'", "DELETE FROM access_auditentry", "TRUNCATE access_auditentry"],
)
def test_the_database_refuses_to_change_the_log(statement: str) -> None:
    record(actor=AGENT, operation="x.y.z")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_auditentry ENABLE TRIGGER audit_is_never_emptied")  # tests/conftest.py
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.get().role == "agent"


@pytest.mark.django_db
def test_the_limit_holds_at_the_limit_and_refuses_one_over() -> None:
    assert take("code:+8613800000000", 2, 60, NOW) == Taken(limit=2, remaining=1, seconds=60)
    assert take("code:+8613800000000", 2, 60, NOW + timedelta(seconds=10)).remaining == 0
    with pytest.raises(TooMany) as refused:
        take("code:+8613800000000", 2, 60, NOW + timedelta(seconds=59.5))
    assert refused.value.details == {"seconds": 1}
    assert take("code:+8613900000000", 2, 60, NOW).remaining == 1, "another key has a count of its own"
    assert take("code:+8613800000000", 2, 60, NOW + timedelta(seconds=60)) == Taken(limit=2, remaining=1, seconds=60)


@pytest.mark.django_db
def test_trying_on_does_not_lengthen_the_window_and_never_overflows() -> None:
    for _ in range(5):
        with pytest.raises(TooMany):
            take("a", 0, 60, NOW)
    assert Counter.objects.get().count == 1
    assert Counter.objects.get().ends_at == NOW + timedelta(seconds=60)


@pytest.mark.django_db
def test_the_key_is_not_kept_in_clear() -> None:
    take("code:+8613800000000", 1, 60, NOW)
    assert "13800000000" not in Counter.objects.get().key


@pytest.mark.django_db
def test_only_counters_whose_window_is_over_are_forgotten() -> None:
    take("old", 1, 60, NOW)
    take("new", 1, 61, NOW)
    assert forget_counters(NOW + timedelta(seconds=60)) == 1
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_taking_is_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        take("a", 1, 60, NOW)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_take_exactly_what_the_limit_allows() -> None:
    def attempt(_number: int) -> bool:
        try:
            take("together", 20, 60, NOW)
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(attempt, range(50)))
    assert sum(allowed) == 20
