"""Verification finds nothing in sound books, and each broken promise in books that somebody has changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from histories import open_accounts
from psycopg import errors

from sundry.base.ledger import executor
from sundry.base.ledger.verification import CHECKS, verify

LOOSEN = """
ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_id_key, DROP CONSTRAINT transfer_names_what_it_resolves,
  DROP CONSTRAINT transfer_expires_when_pending;
DROP INDEX ledger_transfer_is_resolved_once;
ALTER TABLE ledger_account DROP CONSTRAINT account_keeps_its_floor, DROP CONSTRAINT account_keeps_its_ceiling;
DROP INDEX ledger_event_is_corrected_once
"""
LAST = "(SELECT max(position) FROM ledger_event)"
PROMISE = "(SELECT pending FROM ledger_transfer WHERE kind = 2 ORDER BY position, line LIMIT 1)"
BREAK = {
    "event_without_transfers": f"DELETE FROM ledger_transfer WHERE position = {LAST}",
    "transfer_without_event": f"DELETE FROM ledger_event WHERE position = {LAST}",
    "lines_are_missing": f"UPDATE ledger_transfer SET line = line + 1 WHERE position = {LAST}",
    "accounts_do_not_fit": "UPDATE ledger_account SET unit = 'currency:USD' WHERE id = "
    "(SELECT debit FROM ledger_transfer LIMIT 1)",
    "id_used_twice": f"UPDATE ledger_transfer SET id = (SELECT min(id::text)::uuid FROM ledger_transfer) "
    f"WHERE position = {LAST} AND line = 0",
    "promise_is_badly_resolved": f"UPDATE ledger_transfer SET kind = 0, expiry_s = 0 WHERE id = {PROMISE}",
    "promise_is_resolved_twice": f"UPDATE ledger_transfer SET kind = 3, expiry_s = 0, pending = {PROMISE} "
    f"WHERE position = {LAST}",
    "correction_is_wrong": f"UPDATE ledger_event SET corrects = id WHERE position = {LAST}",
    "limit_is_broken": "UPDATE ledger_account SET floor = 0 WHERE id = (SELECT debit FROM ledger_transfer t JOIN "
    "ledger_account a ON a.id = debit WHERE t.kind = 0 AND floor IS NULL ORDER BY position LIMIT 1)",
    "counters_differ": "UPDATE ledger_account SET credits_posted = credits_posted + 1 "
    "WHERE limited AND credits_posted < 1000",
    "unit_is_not_conserved": "UPDATE ledger_account SET unit = 'title:other' WHERE id = (SELECT credit FROM "
    "ledger_transfer WHERE kind = 0 LIMIT 1)",
}


@pytest.fixture
def books(conn: psycopg.Connection[Any], make_history: Callable[[random.Random], Any]) -> psycopg.Connection[Any]:
    """Thirty histories, each on its own accounts."""
    for seed in range(30):
        history = make_history(random.Random(seed))
        for account in history.accounts:
            account.purpose = f"{account.purpose} of {seed}"
        open_accounts(conn, history.accounts)
        for now, events in history.batches:
            executor.post(conn, events, now)
    return conn


def test_sound_books(books: psycopg.Connection[Any]) -> None:
    found = verify(books)
    assert found.violations == []
    assert found.events > 100
    assert found.transfers > found.events


@pytest.mark.parametrize("rule", CHECKS)
def test_a_changed_row_is_found(books: psycopg.Connection[Any], rule: str) -> None:
    with books.transaction(force_rollback=True):
        books.execute("SET LOCAL ROLE none")
        books.execute(LOOSEN.encode())
        assert books.execute(BREAK[rule].encode()).rowcount > 0
        assert list(books.execute(CHECKS[rule].encode())) != []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "UPDATE ledger_event SET document = ''",
        "DELETE FROM ledger_event",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET floor = NULL",
        "ALTER TABLE ledger_account DROP CONSTRAINT account_keeps_its_floor",
    ],
)
def test_the_application_cannot_change_what_is_recorded(books: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        books.execute(statement.encode())
