"""The audit log keeps what it was told, and limits count exactly, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from sundry.base.access.actions import (
    DeviceAnswer,
    TooMany,
    begin_device,
    create_token,
    decide_device,
    forget,
    listening,
    record,
    revoke_token,
    take,
    take_device_token,
    touch_token,
)
from sundry.base.access.models import ApiToken, AuditEntry, Counter
from sundry.base.access.rules import PERSON, Actor, DeviceCodes, Kind, Operation, Position, Taken, Through, role_of
from sundry.kernel.errors import SundryError

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
    forget(NOW + timedelta(seconds=60))
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


# Tokens and devices -------------------------------------------------------------------------------------------------


@pytest.fixture
def li(db: None) -> Actor:
    person = get_user_model().objects.create(name="Li", email="li@example.com")
    return Actor(role=PERSON, person=person.pk, through=Through.PAGE)


def test_making_and_revoking_a_token_is_written_down_without_its_secret(li: Actor) -> None:
    made = create_token(actor=li, name="Scales", scopes={"a.b"}, days=30, now=NOW)
    revoke_token(actor=li, token=made.id, now=NOW)
    with pytest.raises(SundryError) as again:
        revoke_token(actor=li, token=made.id, now=NOW)
    assert again.value.rule == "token_revoked_already"
    created, revoked = AuditEntry.objects.order_by("id")
    assert (created.operation, revoked.operation) == ("access.token.create", "access.token.revoke")
    assert created.details == {"prefix": made.secret[:13], "scopes": ["a.b"]}
    assert made.secret not in str(created.details)


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lasts_a_year_at_most(li: Actor, days: int) -> None:
    with pytest.raises(SundryError) as refused:
        create_token(actor=li, name="Scales", scopes={"a"}, days=days, now=NOW)
    assert refused.value.rule == "token_days"


def test_that_a_token_is_used_is_written_once_a_minute(li: Actor) -> None:
    token = create_token(actor=li, name="Scales", scopes={"a"}, days=1, now=NOW).id

    def used(last: datetime | None, seconds: int) -> datetime | None:
        touch_token(token=token, last_used_at=last, now=NOW + timedelta(seconds=seconds))
        return ApiToken.objects.get().last_used_at

    assert (first := used(None, 0)) == NOW
    assert used(first, 60) == NOW
    assert used(first, 61) == NOW + timedelta(seconds=61)


def ask(codes: DeviceCodes, seconds: float) -> str:
    """What the device hears `seconds` after it began."""
    try:
        take_device_token(actor=Actor(), device_code=codes.device_code, now=NOW + timedelta(seconds=seconds), days=90)
    except DeviceAnswer as answer:
        return answer.rule
    return "token"


def test_a_device_that_is_let_in_gets_its_token_once(li: Actor) -> None:
    codes = begin_device(name="Scales", scopes={"a.b", "c.d"}, address="", now=NOW)
    assert ask(codes, 0) == "authorization_pending"
    assert ask(codes, 4.9) == "slow_down"
    assert ask(codes, 10) == "slow_down", "ten seconds are wanted now"
    decide_device(actor=li, user_code=codes.user_code, allowed=True, scopes={"a.b", "x.y"}, now=NOW)
    made = take_device_token(actor=Actor(), device_code=codes.device_code, now=NOW + timedelta(seconds=11), days=90)
    token = ApiToken.objects.get()
    assert (token.id, token.person_id, token.scopes, token.name) == (made.id, li.person, ["a.b"], "Scales")
    assert ask(codes, 30) == "expired_token"
    decided, taken = AuditEntry.objects.order_by("id")
    assert decided.details == {"allowed": True, "scopes": ["a.b"], "network": ""}
    assert (taken.operation, taken.object_id, taken.role) == ("access.token.create", str(token.id), "device")
    assert (taken.person, taken.organisation) == (li.person, li.organisation)
    assert taken.details == {"prefix": token.prefix, "scopes": ["a.b"], "device": decided.object_id}


def test_a_device_that_is_refused_hears_it(li: Actor) -> None:
    codes = begin_device(name="Scales", scopes={"a"}, address="", now=NOW)
    decide_device(actor=li, user_code=codes.user_code, allowed=False, scopes=set(), now=NOW)
    assert ask(codes, 5) == "access_denied"
    assert not ApiToken.objects.exists()


def test_a_code_is_decided_once_and_in_time(li: Actor) -> None:
    codes = begin_device(name="Scales", scopes={"a"}, address="", now=NOW)
    for user_code, seconds in ((codes.user_code, 600), ("BBBBBBBB", 0)):
        with pytest.raises(SundryError) as refused:
            decide_device(
                actor=li, user_code=user_code, allowed=True, scopes={"a"}, now=NOW + timedelta(seconds=seconds)
            )
        assert refused.value.rule == "device_code_unknown"
    assert ask(codes, 600) == "expired_token"
    assert ask(DeviceCodes("nonsense", ""), 0) == "expired_token"


def test_what_an_action_told_is_known_to_whoever_listens(li: Actor) -> None:
    with listening() as told:
        create_token(actor=li, name="Scales", scopes={"a"}, days=1, now=NOW)
    assert told == {"access.token.create"}
