"""`sundry operator`, called as the command line calls it."""

from __future__ import annotations

import argparse
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sundry.base.access.models import AuditEntry
from sundry.base.outbox.queries import messages
from sundry.base.parties import commands, queries
from sundry.base.parties.rules import AddressUnreadable
from sundry.kernel.errors import UsageError


def run(*words: str) -> tuple[Any, str]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["operator", *words])
    assert arguments.needs_database
    printed = StringIO()
    return arguments.handler(arguments, Console(file=printed, width=400)), printed.getvalue()


def test_the_first_administrator_of_a_market_comes_in_by_a_link(town: Any) -> None:
    outcome, printed = run("Market Office", "zhou@market.example", "--language", "fr")
    assert "Market Office est créée" in printed
    assert outcome.data["link"] in printed
    (posted,) = messages().messages
    assert outcome.data["link"] in posted.message.body
    shown = queries.invitation_of(outcome.data["link"].split("/")[-2], now=town.now)
    assert shown is not None
    assert (str(shown.organisation), shown.position) == (outcome.data["organisation"], "administrator")
    assert set(AuditEntry.objects.values_list("through", flat=True)) == {"command"}


def test_a_second_operator_is_wanted_expressly(db: None) -> None:
    run("Market Office", "zhou@market.example")
    with pytest.raises(UsageError, match="--another"):
        run("Market Office", "gao@market.example")
    run("Market Office", "gao@market.example", "--another")


def test_an_operator_whom_nobody_could_invite_is_not_founded(db: None) -> None:
    with pytest.raises(AddressUnreadable):
        run("Market Office", "zhou@")
    assert not queries.has_operator()
