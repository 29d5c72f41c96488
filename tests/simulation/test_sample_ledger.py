"""The book of the sample market: sound, the same however often it is loaded, and with something for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from sundry.base.access.rules import Kind as Party
from sundry.base.ledger import queries
from sundry.base.ledger.actions import Refused
from sundry.base.ledger.rules import Kind, Outcome
from sundry.base.ledger.verification import look
from sundry.simulation import sample_ledger as sample

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
OWNERS = {kind: UUID(int=number) for number, kind in enumerate(sample.PARTIES, start=1)}
PEOPLE = {kind: f"{kind} 李" for kind in sample.PARTIES}

pytestmark = pytest.mark.django_db


def load(now: datetime = NOON, people: dict[Party, str] = PEOPLE) -> int:
    return sample.load(owners=OWNERS, people=people, now=now)


def figures(party: Party | None) -> dict[tuple[str, str], queries.Balance]:
    found = queries.accounts(OWNERS[party] if party else None)
    known = queries.balances([one.id for one in found])
    return {(one.purpose, one.unit): known[one.id] for one in found}


def test_everything_is_posted_once() -> None:
    assert not sample.is_posted()
    assert load() == len(sample.STORY)
    assert sample.is_posted()
    assert load(NOON + timedelta(days=40)) == 0
    assert len(list(queries.event_stream())) == len(sample.STORY)


def test_what_somebody_else_put_there_is_not_passed_over() -> None:
    load()
    with pytest.raises(Refused) as refused:
        load(people=PEOPLE | {Party.BANK: "somebody else"})
    assert refused.value.outcome is Outcome.EXISTS_WITH_DIFFERENT_CONTENT


def test_verification_finds_nothing_wrong() -> None:
    load()
    connection.ensure_connection()
    found = look(connection.connection)
    assert (found.events, list(found.violations)) == (len(sample.STORY), [])


def test_everybody_has_an_account_with_something_in_it() -> None:
    load()
    assert set(sample.PARTIES) == set(Party) - {Party.OPERATOR, Party.AUDITOR}  # these two see all of it
    for party in (None, *sample.PARTIES):
        assert any(counters.balance for counters in figures(party).values()), party


def test_what_the_book_shows() -> None:
    load()
    stall, warehouse, agent = (figures(party) for party in (Party.STALL, Party.WAREHOUSE, Party.AGENT))
    payable: Any = stall["payable", "currency:CNY"]
    assert (payable.balance, payable.available) == (47_320_00, 32_320_00)  # a payout of 15,000 is on its way
    assert stall["owned", "title:lamps-4711"].balance == 200
    assert stall["pledged to the bank", "title:lamps-4711"].balance == 300
    assert warehouse["held", "custody:lamps-4711"].balance == 200
    assert figures(Party.BUYER)["escrow order:4711", "currency:USD"].balance == 3_000_00
    assert figures(Party.BANK)["liquidity", "currency:USD"].balance == 9_000_00
    assert agent["export quota", "quota:1039-2026"].balance == 51_000_00
    assert agent["collected", "currency:CNY"].balance == 491_13
    assert sum(view.event.corrects is not None for view in queries.event_stream()) == 1
    kinds = {transfer.kind for view in queries.event_stream() for transfer in view.event.transfers}
    assert kinds == {Kind.PLAIN, Kind.PENDING, Kind.POST}
