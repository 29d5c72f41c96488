"""`sundry ledger verify`, called as the command line calls it."""

from __future__ import annotations

import argparse
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from histories import NOON, open_accounts
from rich.console import Console

from sundry.base.ledger import commands, executor
from sundry.base.ledger.rules import Account, Event, Transfer
from sundry.base.ledger.verification import CHECKS
from sundry.kernel.messages import LANGUAGES, catalogue

STALL, OUTSIDE, SALE = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
def books(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    open_accounts(conn, [Account(STALL, None, "stall", "currency:CNY", 0), Account(OUTSIDE, None, "", "currency:CNY")])
    executor.post(conn, [Event(SALE, "sale", "ticket 1", "clerk", NOON, (Transfer(UUID(int=4), OUTSIDE, STALL, 500),))])
    return conn


def run(*words: str) -> tuple[Any, str]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["ledger", "verify", *words])
    assert arguments.needs_database
    printed = StringIO()
    return arguments.handler(arguments, Console(file=printed, width=80)), printed.getvalue()


def test_a_sound_ledger(books: psycopg.Connection[Any]) -> None:
    outcome, printed = run()
    assert outcome.exit_code == 0
    assert outcome.data == {"events": 1, "transfers": 1, "accounts": 2, "violations": []}
    assert printed.startswith(f"Events: 1; transfers: 1; accounts: 2. Checks: {len(CHECKS)}, in ")
    assert printed.endswith("The ledger is sound.\n")


def test_a_ledger_that_somebody_has_changed(books: psycopg.Connection[Any]) -> None:
    books.execute("SET ROLE none")
    books.execute("UPDATE ledger_account SET credits_posted = 501 WHERE id = %s", [STALL])
    books.execute("DELETE FROM ledger_unit")
    outcome, printed = run()
    assert outcome.exit_code == 1
    told = f"The counters kept for account {STALL} are not the sums of its transfers."
    assert outcome.data["violations"][1] == {"rule": "counters_differ", "event": str(SALE), "message": told}
    assert outcome.data["violations"][0]["event"] is None
    assert f"counters_differ: {told}\n  First event: {SALE}\n" in printed
    assert "Checks failed: 2." in printed


def test_it_speaks_the_language_that_is_asked_for(books: psycopg.Connection[Any]) -> None:
    assert "Книга в порядке" in run("--language", "ru")[1]


def test_every_broken_promise_has_words_of_its_own() -> None:
    texts = {rule: catalogue()[f"ledger_broken_{rule}"] for rule in CHECKS}
    for language in LANGUAGES:
        assert len({text[language] for text in texts.values()}) == len(CHECKS)
    assert {key for key in catalogue() if key.startswith("ledger_broken_")} == {
        f"ledger_broken_{rule}" for rule in CHECKS
    }


def test_a_terminal_is_told_which_check_is_under_way() -> None:
    assert commands._under_way("counters_differ", 2, 24, "fr") == "Contrôle 3 sur 24: counters_differ"
