"""Verification finds nothing in sound books, and each broken promise in books that somebody has changed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from histories import open_accounts
from psycopg import errors

from sundry.base.ledger import actions, executor
from sundry.base.ledger.rules import WHOLE, Account, Event, Kind, Outcome, Transfer
from sundry.base.ledger.verification import CHECKS, GUARDS, look, verify, verify_own

HISTORIES = int(os.environ.get("HISTORIES", "300"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNER = UUID(int=77)
NOBODY = UUID(int=999)
A, B, STALL, QUOTA, FOLDED, ABROAD, DOLLARS, T_OUTSIDE, OWNED, C_OUTSIDE, HELD, UNUSED = (
    UUID(int=n) for n in range(12)
)
ACCOUNTS = (
    Account(A, None, "outside", "currency:CNY"),
    Account(B, OWNER, "fees", "currency:CNY"),
    Account(STALL, OWNER, "stall", "currency:CNY", floor=0),
    Account(QUOTA, OWNER, "quota", "currency:CNY", ceiling=100),
    Account(FOLDED, OWNER, "clearing", "currency:CNY"),
    Account(ABROAD, None, "outside", "currency:USD"),
    Account(DOLLARS, OWNER, "fees", "currency:USD"),
    Account(T_OUTSIDE, None, "outside", "title:lot 7"),
    Account(OWNED, OWNER, "owned", "title:lot 7", floor=0),
    Account(C_OUTSIDE, None, "outside", "custody:lot 7"),
    Account(HELD, OWNER, "held", "custody:lot 7", floor=0),
    Account(UNUSED, OWNER, "never used", "currency:USD", floor=0),
)


def e(number: int) -> UUID:
    """The id of an event of the small book."""
    return UUID(int=1000 + number)


def t(number: int, line: int = 0) -> UUID:
    """The id of one of its transfers."""
    return UUID(int=2000 + 10 * number + line)


def small_book() -> list[tuple[datetime, Event]]:
    """Each thing that may happen once, with the time at which it does."""

    def move(debit: UUID, credit: UUID, amount: int) -> tuple[Any, ...]:
        return debit, credit, amount

    def promise(amount: int, expiry_s: int = 0) -> tuple[Any, ...]:
        return A, B, amount, Kind.PENDING, None, expiry_s

    def resolve(kind: Kind, pending: UUID, amount: int = WHOLE) -> tuple[Any, ...]:
        return None, None, amount, kind, pending

    told: list[tuple[tuple[Any, ...], ...]] = [
        (move(A, STALL, 50),),
        (move(A, B, 10),),
        (promise(30, expiry_s=60),),
        (resolve(Kind.POST, t(3), 20),),
        (promise(5),),
        (move(B, A, 10),),
        (move(T_OUTSIDE, OWNED, 12), move(C_OUTSIDE, HELD, 12)),
        (move(A, QUOTA, 60),),
        (move(A, FOLDED, 7),),
        (move(ABROAD, DOLLARS, 3),),
        (move(STALL, A, 20),),
        (promise(4, expiry_s=60),),
        (move(A, B, 20),),
        (resolve(Kind.EXPIRE, t(12)),),
        (move(A, STALL, 5), move(STALL, A, 35)),
    ]
    book = []
    for number, moved in enumerate(told, start=1):
        transfers = tuple(Transfer(t(number, line), *one) for line, one in enumerate(moved))
        event = Event(e(number), "sale", "ticket 1", "clerk", NOON, transfers, e(2) if number == 6 else None)
        book.append((NOON + timedelta(seconds=61 if number >= 14 else 0), event))
    return book


@pytest.fixture
def books(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The small book, posted by the application, with one subtotal."""
    open_accounts(conn, ACCOUNTS)
    for now, event in small_book():
        assert [answer.outcome for answer in executor.post(conn, [event], now)] == [Outcome.POSTED]
    conn.execute(
        "INSERT INTO ledger_fold SELECT %s, position, 0, 0, 0, 7 FROM ledger_event WHERE id = %s", [FOLDED, e(9)]
    )
    return conn


INDEXES = {"ledger_transfer_is_resolved_once", "ledger_event_is_corrected_once"}
KEPT = {"account_counters_are_not_negative", "account_starts_within_its_limits", "unit_kind_is_known"}
LOOSENED = {name for names in GUARDS.values() for name in names} - KEPT
LOOSEN = "SET LOCAL ROLE none;" + "".join(
    f"DROP INDEX {name};" if name in INDEXES else f"ALTER TABLE {table} DROP CONSTRAINT {name};"
    for table, names in GUARDS.items()
    for name in names
    if name in LOOSENED
)


def moved(number: int, change: str, line: int = 0) -> str:
    return f"UPDATE ledger_transfer SET {change} WHERE id = '{t(number, line)}'"


def happened(number: int, change: str) -> str:
    return f"UPDATE ledger_event SET {change} WHERE id = '{e(number)}'"


def account(which: UUID, change: str) -> str:
    return f"UPDATE ledger_account SET {change} WHERE id = '{which}'"


def of(number: int) -> str:
    return f"(SELECT position FROM ledger_event WHERE id = '{e(number)}')"


def gone(*also: str) -> str:
    """The guards that are missing in every case, and `also`."""
    return ", ".join(sorted({*LOOSENED, *also}))


FAR = f"position = position + {10**9}"
# What somebody changes; for each rule that is broken then, the first event that breaks it and what it is about.
CASES: dict[str, tuple[list[str], dict[str, tuple[UUID | None, object]]]] = {
    "the transfers of an event are gone": (
        [f"DELETE FROM ledger_transfer WHERE id = '{t(5)}'"],
        {"event_without_transfers": (e(5), e(5))},
    ),
    "an event is gone": (
        [f"DELETE FROM ledger_event WHERE id = '{e(5)}'"],
        {"transfer_without_event": (None, t(5))},
    ),
    "lines begin with 1": ([moved(13, "line = 1")], {"lines_are_missing": (e(13), e(13))}),
    "a line is there twice": ([moved(7, "line = 0", line=1)], {"lines_are_missing": (e(7), e(7))}),
    "an event stands far ahead": (
        [f"UPDATE ledger_transfer SET {FAR} WHERE position = {of(15)}", happened(15, FAR)],
        {"position_was_not_drawn": (e(15), e(15))},
    ),
    "two events at one position": (
        [
            happened(2, f"position = {of(1)}"),
            f"UPDATE ledger_transfer SET position = {of(1)}, line = 1 WHERE id = '{t(2)}'",
        ],
        {"position_used_twice": (e(2), e(2))},
    ),
    "recorded at the end of time": (
        [happened(15, "recorded_at = 'infinity'")],
        {"time_is_not_finite": (e(15), e(15))},
    ),
    "before all time": ([happened(2, "event_at = '-infinity'")], {"time_is_not_finite": (e(2), e(2))}),
    "a year of five digits": (
        [happened(15, "recorded_at = '10000-01-01 UTC'")],
        {"time_is_not_finite": (e(15), e(15))},
    ),
    "two events of one id": ([happened(10, f"id = '{e(1)}'")], {"event_id_used_twice": (e(1), e(1))}),
    "two transfers of one id": ([moved(10, f"id = '{t(1)}'")], {"transfer_id_used_twice": (e(10), t(1))}),
    "nothing moves": ([moved(5, "amount = 0")], {"transfer_is_malformed": (e(5), t(5))}),
    "a kind that there is not": ([moved(2, "kind = 9")], {"transfer_is_malformed": (e(2), t(2))}),
    "from an account to itself": ([moved(2, "debit = credit")], {"transfer_is_malformed": (e(2), t(2))}),
    "a post of nothing": ([moved(4, "pending = NULL")], {"transfer_is_malformed": (e(4), t(4))}),
    "an interval of what is not pending": (
        [moved(2, f"expiry_s = 5, expires_at = '{NOON + timedelta(seconds=5)}'")],
        {"transfer_is_malformed": (e(2), t(2))},
    ),
    "an account that nobody opened": (
        [moved(2, f"credit = '{NOBODY}'")],
        {"account_is_not_open": (e(2), NOBODY), "unit_is_not_conserved": (e(2), "currency:CNY")},
    ),
    "an account twice": (
        [account(FOLDED, "purpose = 'fees'")],
        {"account_opened_twice": (None, FOLDED)},
    ),
    "a unit is gone": (
        ["DELETE FROM ledger_unit WHERE key = 'currency:USD'"],
        {"unit_is_unknown": (None, "currency:USD")},
    ),
    "a unit that is not what it is called": (
        ["UPDATE ledger_unit SET code = 'EUR' WHERE key = 'currency:USD'"],
        {"unit_is_unknown": (None, "currency:USD")},
    ),
    "a unit of too many decimals": (
        ["UPDATE ledger_unit SET exponent = 7 WHERE key = 'currency:USD'"],
        {"unit_is_unknown": (None, "currency:USD")},
    ),
    "yuan arrive as dollars": (
        [moved(2, f"credit = '{DOLLARS}'")],
        {"units_differ": (e(2), t(2)), "unit_is_not_conserved": (e(2), "currency:CNY")},
    ),
    "another time of expiry": (
        [moved(3, "expires_at = expires_at + interval '1 second'")],
        {"expiry_is_wrong": (e(3), t(3))},
    ),
    "no time of expiry": ([moved(12, "expires_at = NULL")], {"expiry_is_wrong": (e(12), t(12))}),
    "a promise that nobody made": ([moved(4, f"pending = '{NOBODY}'")], {"promise_is_not_there": (e(4), t(4))}),
    "a promise that was none": (
        [moved(3, "kind = 0, expiry_s = 0, expires_at = NULL")],
        {"promise_is_not_there": (e(4), t(4))},
    ),
    "a promise that came later": (
        [moved(4, f"pending = '{t(5)}', amount = 5")],
        {"promise_is_not_there": (e(4), t(4))},
    ),
    "more than was promised": ([moved(4, "amount = 31")], {"promise_is_badly_resolved": (e(4), t(4))}),
    "given back in part": ([moved(14, "amount = 3")], {"promise_is_badly_resolved": (e(14), t(14))}),
    "between others": (
        [moved(4, "debit = credit, credit = debit")],
        {"promise_is_badly_resolved": (e(4), t(4))},
    ),
    "resolved twice": (
        [moved(13, f"kind = 2, pending = '{t(3)}'")],
        {"promise_is_resolved_twice": (e(13), t(3))},
    ),
    "resolved too late": (
        [happened(4, "recorded_at = recorded_at + interval '60 seconds'")],
        {"promise_is_resolved_out_of_time": (e(4), t(4))},
    ),
    "expired too early": (
        [happened(14, "recorded_at = recorded_at - interval '2 seconds'")],
        {"promise_is_resolved_out_of_time": (e(14), t(14))},
    ),
}
CASES |= {
    "a correction of nothing": (
        [happened(6, f"corrects = '{NOBODY}'")],
        {"corrected_event_is_not_there": (e(6), e(6))},
    ),
    "a correction of itself": (
        [happened(6, f"corrects = '{e(6)}'")],
        {"corrected_event_is_not_there": (e(6), e(6))},
    ),
    "corrected twice": (
        [happened(8, f"corrects = '{e(2)}'")],
        {"event_is_corrected_twice": (e(8), e(2))},
    ),
    "below the floor": (
        [moved(11, "amount = 51"), account(STALL, "debits_posted = 86")],
        {"floor_is_broken": (e(11), STALL)},
    ),
    "below the floor inside an event": (
        [f"UPDATE ledger_transfer SET line = 1 - line WHERE position = {of(15)}"],
        {"floor_is_broken": (e(15), STALL)},
    ),
    "above the ceiling": (
        [moved(8, "amount = 101"), account(QUOTA, "credits_posted = 101")],
        {"ceiling_is_broken": (e(8), QUOTA)},
    ),
    "a counter": ([account(STALL, "credits_posted = 56")], {"counters_differ": (e(15), STALL)}),
    "a counter where nothing has happened": (
        [account(UNUSED, "credits_pending = 1")],
        {"counters_differ": (None, UNUSED)},
    ),
    "a counter of an account that keeps none": (
        [account(FOLDED, "credits_posted = 7")],
        {"counters_differ": (e(9), FOLDED)},
    ),
    "a subtotal": (["UPDATE ledger_fold SET credits_posted = 8"], {"fold_differs": (e(9), FOLDED)}),
    "a subtotal of what has not happened": (
        [f"UPDATE ledger_fold SET {FAR}"],
        {"fold_differs": (None, FOLDED)},
    ),
    "an account counts in something else": (
        [account(FOLDED, "unit = 'currency:USD'")],
        {"units_differ": (e(9), t(9)), "unit_is_not_conserved": (e(9), "currency:CNY")},
    ),
    "fewer pieces are held than owned": (
        [moved(7, "amount = 11", line=1), account(HELD, "credits_posted = 11")],
        {"title_differs_from_custody": (e(7), "lot 7")},
    ),
    "the market owns what others hold": ([account(OWNED, "owner = NULL, purpose = 'escrow'")], {}),
    "a guard is gone": (
        ["ALTER TABLE ledger_unit DROP CONSTRAINT unit_kind_is_known"],
        {"guard_is_missing": (None, gone("unit_kind_is_known"))},
    ),
    "a guard is not in force": (
        [
            "ALTER TABLE ledger_unit DROP CONSTRAINT unit_kind_is_known",
            "ALTER TABLE ledger_unit ADD CONSTRAINT unit_kind_is_known CHECK (kind <> '') NOT VALID",
        ],
        {"guard_is_missing": (None, gone("unit_kind_is_known"))},
    ),
    "an index that lets through what is there twice": (
        ["CREATE INDEX ledger_event_is_corrected_once ON ledger_event (corrects)"],
        {},
    ),
    "a guard of the same name elsewhere": (
        ["ALTER TABLE ledger_unit ADD CONSTRAINT account_keeps_its_floor CHECK (kind <> '')"],
        {},
    ),
    "no role": (["ALTER ROLE sundry_app RENAME TO somebody_else"], {"rights_are_missing": (None, "sundry_app")}),
    "rights to change and to remove": (
        ["GRANT UPDATE ON ledger_event TO sundry_app", "GRANT DELETE ON ledger_transfer TO sundry_app"],
        {"rights_are_too_wide": (None, "ledger_event, ledger_transfer")},
    ),
    "rights to empty and to have a hand in": (
        ["GRANT TRUNCATE ON ledger_fold TO sundry_app", "GRANT TRIGGER ON ledger_account TO PUBLIC"],
        {"rights_are_too_wide": (None, "ledger_account, ledger_fold")},
    ),
    "the right to change a limit": (
        ["GRANT UPDATE (floor) ON ledger_account TO sundry_app"],
        {"rights_are_too_wide": (None, "ledger_account")},
    ),
    "the right to set the order": (
        ["GRANT UPDATE ON SEQUENCE ledger_position TO sundry_app"],
        {"rights_are_too_wide": (None, "ledger_position")},
    ),
    "the rights of the owner": (
        ["CREATE ROLE an_owner", "ALTER TABLE ledger_unit OWNER TO an_owner", "GRANT an_owner TO sundry_app"],
        {"rights_are_too_wide": (None, "ledger_unit")},
    ),
}


def test_a_changed_row_is_found_and_nothing_else(books: psycopg.Connection[Any]) -> None:
    for case, (changes, expected) in CASES.items():
        with books.transaction(force_rollback=True):
            books.execute(LOOSEN.encode())
            for change in changes:
                assert books.execute(change.encode()).rowcount != 0, case
            found = {one.rule: (one.event, one.what) for one in look(books).violations}
        wanted = {"guard_is_missing": (None, gone()), **expected}
        assert found == {rule: (event, str(what)) for rule, (event, what) in wanted.items()}, case


def test_every_check_finds_something() -> None:
    assert {rule for _, expected in CASES.values() for rule in expected} == set(CHECKS)


def test_the_guards_are_those_of_the_models() -> None:
    declared = {}
    for model in apps.get_app_config("ledger").get_models():
        table = model._meta.db_table
        unique = [f"{table}_{field.name}_key" for field in model._meta.fields if field.unique and not field.primary_key]
        declared[table] = sorted([f"{table}_pkey", *unique, *(one.name for one in model._meta.constraints)])
    assert {table: sorted(names) for table, names in GUARDS.items()} == declared


def test_the_small_book_is_sound(books: psycopg.Connection[Any]) -> None:
    asked: list[str] = []
    found = verify(books, progress=lambda rule, done, total: asked.append(f"{rule} {done}/{total}"))
    assert (found.events, found.transfers, found.accounts, found.violations) == (15, 17, 12, [])
    assert asked[0] == f"{next(iter(CHECKS))} 0/{len(CHECKS)}"
    assert len(asked) == len(CHECKS)
    assert verify_own() == found


def test_random_books_are_sound(
    conn: psycopg.Connection[Any], make_history: Callable[[random.Random], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FOLD_FROM", 1)
    folded = 0
    for seed in range(HISTORIES):
        history = make_history(random.Random(seed))
        for account in history.accounts:
            account.purpose = f"{account.purpose} of {seed}"
        open_accounts(conn, history.accounts)
        for now, events in history.batches:
            executor.post(conn, events, now)
        folded += actions.fold() if seed % 60 == 59 else 0
    found = verify(conn)
    assert found.violations == []
    assert found.events > HISTORIES
    assert found.transfers > found.events
    assert folded > HISTORIES


def test_others_post_while_it_looks(books: psycopg.Connection[Any], as_application: Callable[[], Any]) -> None:
    """One snapshot: what is recorded after it began is neither counted nor awaited."""
    again = Transfer(NOBODY, A, STALL, 1)
    with as_application() as other:

        def post(rule: str, done: int, total: int) -> None:
            if done == 1:
                executor.post(other, [Event(NOBODY, "sale", "ticket 2", "clerk", NOON, (again,))])

        found = verify(books, progress=post)
    assert (found.events, found.violations) == (15, [])
    assert verify(books).events == 16


def test_the_application_cannot_change_what_is_recorded(books: psycopg.Connection[Any]) -> None:
    for statement in (
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "UPDATE ledger_event SET document = ''",
        "DELETE FROM ledger_event",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET floor = NULL",
        "UPDATE ledger_fold SET position = 0",
        "UPDATE ledger_unit SET code = ''",
        "ALTER TABLE ledger_account DROP CONSTRAINT account_keeps_its_floor",
        "SELECT setval('ledger_position', 1)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            books.execute(statement.encode())
