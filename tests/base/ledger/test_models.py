"""The tables refuse by themselves what the executor would never write, and the application can take nothing back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from sundry.base.ledger.models import Account, Event, Fold, Transfer, Unit

NOON = "2026-11-22 12:00+00"
GIVES, TAKES, OTHER = (UUID(int=n) for n in (1, 2, 3))
TABLES = ("ledger_unit", "ledger_account", "ledger_event", "ledger_transfer", "ledger_fold")


@pytest.mark.django_db
def test_each_row_says_which_it_is() -> None:
    unit = Unit.objects.create(key="currency:CNY", kind="currency", code="CNY", exponent=2)
    account = Account.objects.create(id=GIVES, purpose="payable", unit=unit.key, floor=0)
    account.refresh_from_db()
    assert (str(unit), str(account), account.limited, account.credits_posted) == ("currency:CNY", str(GIVES), True, 0)
    assert str(Event(id=GIVES)) == str(Transfer(id=GIVES)) == str(GIVES)
    assert str(Fold(account=GIVES, position=7)) == f"{GIVES} 7"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("unit_kind_is_known", {"key": "shells:A", "kind": "shells", "code": "A"}),
        ("unit_key_says_what_it_is", {"key": "currency:CNY", "kind": "currency", "code": "USD"}),
        ("unit_has_0_to_6_decimals", {"key": "currency:CNY", "kind": "currency", "code": "CNY", "exponent": 7}),
        ("unit_has_0_to_6_decimals", {"key": "currency:CNY", "kind": "currency", "code": "CNY", "exponent": -1}),
    ],
)
def test_a_unit_that_is_none(constraint: str, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Unit.objects.create(**row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("account_starts_within_its_limits", {"floor": 1, "credits_posted": 5}),
        ("account_starts_within_its_limits", {"ceiling": -1, "debits_posted": 5}),
        ("account_starts_within_its_limits", {"floor": -5, "ceiling": -1, "debits_posted": 3}),
        ("account_counters_are_not_negative", {"debits_pending": -1}),
        ("account_counters_are_not_negative", {"debits_posted": -1}),
        ("account_counters_are_not_negative", {"credits_pending": -1}),
        ("account_counters_are_not_negative", {"credits_posted": -1}),
        ("account_keeps_its_floor", {"floor": -5, "credits_posted": 4, "debits_posted": 6, "debits_pending": 4}),
        ("account_keeps_its_ceiling", {"ceiling": 5, "credits_posted": 4, "credits_pending": 4, "debits_posted": 2}),
    ],
)
def test_an_account_outside_its_limits(constraint: str, row: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Account.objects.create(purpose="payable", unit="currency:CNY", **row)


@pytest.mark.django_db
def test_an_account_at_its_limits() -> None:
    at_its_edge = {"credits_posted": 4, "debits_posted": 6, "debits_pending": 3, "credits_pending": 7}
    Account.objects.create(purpose="payable", unit="currency:CNY", floor=-5, ceiling=5, **at_its_edge)


@pytest.mark.django_db
@pytest.mark.parametrize("owner", [None, OTHER])
def test_an_account_is_opened_once_also_by_the_market(owner: UUID | None) -> None:
    Account.objects.create(owner=owner, purpose="payable", unit="currency:CNY")
    Account.objects.create(owner=owner, purpose="payable", unit="currency:USD")
    Account.objects.create(owner=owner, purpose="fees", unit="currency:CNY")
    with pytest.raises(IntegrityError, match="account_is_opened_once"):
        Account.objects.create(owner=owner, purpose="payable", unit="currency:CNY", floor=0)


def transfer(**changed: Any) -> None:
    row = {"position": 1, "line": 0, "id": OTHER, "debit": GIVES, "credit": TAKES, "amount": 1, "kind": 0} | changed
    Transfer.objects.create(**row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("transfer_moves_something", {"amount": 0}),
        ("transfer_moves_something", {"amount": -1}),
        ("transfer_kind_is_known", {"kind": -1}),
        ("transfer_kind_is_known", {"kind": 5, "pending": GIVES}),
        ("transfer_accounts_differ", {"credit": GIVES}),
        ("transfer_names_what_it_resolves", {"kind": 2}),
        ("transfer_names_what_it_resolves", {"kind": 1, "pending": GIVES}),
        ("transfer_expires_when_pending", {"kind": 0, "expiry_s": 5, "expires_at": NOON}),
        ("transfer_expires_when_pending", {"kind": 1, "expiry_s": 5}),
        ("transfer_expires_when_pending", {"kind": 1, "expires_at": NOON}),
        ("transfer_expires_when_pending", {"kind": 1, "expiry_s": -5, "expires_at": NOON}),
        ("ledger_transfer_is_resolved_once", {"kind": 3, "pending": TAKES}),
        ("ledger_transfer_pkey", {"position": 9, "line": 9}),
        ("ledger_transfer_id", {"id": GIVES}),
    ],
)
def test_a_transfer_that_is_none(constraint: str, changed: dict[str, Any]) -> None:
    transfer(id=GIVES, position=9, line=9, kind=2, pending=TAKES)
    with pytest.raises(IntegrityError, match=constraint):
        transfer(**changed)


@pytest.mark.django_db
def test_an_event_is_recorded_once_and_corrected_once() -> None:
    told = {"kind": "sale", "document": "order:1", "actor": "clerk", "event_at": NOON, "recorded_at": NOON}
    Event.objects.create(position=1, id=GIVES, corrects=OTHER, **told)
    for again, constraint in (
        ({"position": 2, "id": TAKES, "corrects": OTHER}, "ledger_event_is_corrected_once"),
        ({"position": 1, "id": TAKES}, "ledger_event_pkey"),
        ({"position": 2, "id": GIVES}, "ledger_event_id"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Event.objects.create(**again, **told)


@pytest.mark.parametrize("table", TABLES)
def test_the_application_takes_nothing_out(conn: psycopg.Connection[Any], table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement.encode())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_unit SET exponent = 3",
        "UPDATE ledger_account SET floor = NULL",
        "UPDATE ledger_account SET ceiling = 5",
        "UPDATE ledger_account SET owner = NULL",
        "UPDATE ledger_event SET document = 'order:2'",
        "UPDATE ledger_event SET recorded_at = now()",
        "UPDATE ledger_transfer SET amount = 5",
        "UPDATE ledger_transfer SET expires_at = NULL",
        "UPDATE ledger_fold SET credits_posted = 5",
        "SELECT setval('ledger_position', 1)",
    ],
)
def test_the_application_changes_nothing_but_counters(conn: psycopg.Connection[Any], change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(change.encode())
    conn.execute("UPDATE ledger_account SET credits_posted = credits_posted + 1")


@pytest.mark.django_db
def test_no_table_of_the_ledger_was_forgotten() -> None:
    """Somebody who adds a table to the ledger has to take the application's rights to it away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name::text, array_agg(privilege_type::text ORDER BY privilege_type) "
            "FROM information_schema.role_table_grants WHERE grantee = 'sundry_app' AND table_name LIKE 'ledger%' "
            "GROUP BY table_name"
        )
        assert dict(cursor.fetchall()) == {table: ["INSERT", "SELECT"] for table in TABLES}
