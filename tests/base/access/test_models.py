"""What the tables refuse by themselves, whatever the code does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from sundry.base.access.models import ApiToken, AuditEntry, DeviceRequest, KeptAnswer
from sundry.base.access.rules import DeviceState

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENTRY: dict[str, Any] = {"role": "agent", "operation": "x.y.z", "outcome": "done", "through": "page"}
DEVICE: dict[str, Any] = {
    "hash": "h",
    "user_code": "BBBBBBBB",
    "name": "Scales",
    "scopes": [],
    "state": DeviceState.WAITING,
    "created_at": NOW,
    "expires_at": NOW,
    "interval_seconds": 5,
}


def refused(model: Any, **values: Any) -> str:
    """The constraint that refuses such a row."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        model.objects.create(**values)
    cause = fault.value.__cause__
    return str(getattr(cause, "diag").constraint_name)  # noqa: B009 - psycopg's own attribute


@pytest.fixture
def person() -> Any:
    return get_user_model().objects.create(name="Li", email="li@example.com")


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"outcome": "so so"}, "audit_outcome_is_known"), ({"through": "window"}, "audit_through_is_known")],
)
def test_an_entry_has_an_outcome_and_a_door_that_we_know(wrong: dict[str, str], constraint: str) -> None:
    assert refused(AuditEntry, **ENTRY | wrong) == constraint


def test_a_token_expires_after_it_is_made(person: Any) -> None:
    values = {"name": "a", "prefix": "sundry_a", "person": person, "scopes": [], "created_at": NOW}
    assert refused(ApiToken, hash="h", expires_at=NOW, **values) == "token_expires_after_it_is_made"
    ApiToken.objects.create(hash="h", expires_at=NOW + timedelta(microseconds=1), **values)


def test_a_device_is_decided_by_a_person_and_by_nobody_else(person: Any) -> None:
    for state in (DeviceState.ALLOWED, DeviceState.REFUSED, DeviceState.TAKEN):
        assert refused(DeviceRequest, **DEVICE | {"state": state}) == "device_is_decided_by_a_person"
    assert refused(DeviceRequest, **DEVICE, person=person) == "device_is_decided_by_a_person"
    assert refused(DeviceRequest, **DEVICE | {"state": "asleep"}, person=person) == "device_state_is_known"
    DeviceRequest.objects.create(**DEVICE)


def test_a_key_has_one_answer() -> None:
    values: dict[str, Any] = {"owner": "li", "key": "k", "request": "r", "status": 200, "body": b"", "expires_at": NOW}
    KeptAnswer.objects.create(**values)
    assert refused(KeptAnswer, **values) == "one_answer_a_key"


def test_counters_cost_no_log_of_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'access_counter'")
        assert cursor.fetchone() == ("u",)


def test_rows_name_themselves_without_what_they_hide(person: Any) -> None:
    token = ApiToken(name="Scales", prefix="sundry_abcdef", hash="secret")
    assert str(token) == "sundry_abcdef"
    assert "secret" not in repr(token)
    device = DeviceRequest(**DEVICE)
    assert str(device) == str(device.id)
