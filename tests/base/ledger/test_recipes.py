"""The recipes of the ledger are played as they are written: their tables are posted, and everything they tell holds.

Each docs/recipes/ledger-*.md is read as a list of tables. Accounts are opened, each event is posted on its own through
`actions.post` (or `actions.correct`) and given to `rules.apply`, and at each table of balances or lines both ledgers
are asked. So a recipe is true today, or this file fails. The code of docs/ledger.md is run, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction

from sundry.base.ledger import actions, queries
from sundry.base.ledger.actions import NewAccount
from sundry.base.ledger.rules import (
    Account,
    Answer,
    Event,
    Kind,
    Outcome,
    State,
    Transfer,
    Unit,
    UnitKind,
    apply,
    reversal,
)
from sundry.base.ledger.verification import look
from sundry.kernel.money import Money, exponent

DOCS = Path(__file__).parents[3] / "docs"
RECIPES = sorted((DOCS / "recipes").glob("ledger-*.md"))
NAMES = [page.stem.removeprefix("ledger-") for page in RECIPES]
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
BASE = UUID("019b7a00-0000-7000-8000-000000000000")
RESOLVING = {"post": Kind.POST, "void": Kind.VOID, "expire": Kind.EXPIRE}
INTERVALS = {"hours": 3600, "days": 86_400}

ACCOUNTS = ("account", "unit", "floor", "ceiling")
EVENTS = ("no.", "event", "document", "debit", "credit", "unit", "amount", "kind", "answer")
TIMED = (*EVENTS[:3], "when", *EVENTS[3:])
DATED = (*EVENTS[:3], "corrects", "business day", *EVENTS[3:])
BALANCES = ("account", "unit", "balance", "available", "expected")
LINES = ("account", "event", "document", "business day", "change", "balance")
KNOWN = (ACCOUNTS, EVENTS, TIMED, DATED, BALANCES, LINES)

Row = dict[str, str]
Named = tuple[str, str]  # the account as the page calls it, and its unit


def tables(page: Path) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Header and rows of each table of a page."""
    for block in re.findall(r"(?:^\|.*\n)+", page.read_text("utf-8"), re.MULTILINE):
        header, _, *rows = (
            [cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()
        )
        yield tuple(header), [dict(zip(header, row, strict=True)) for row in rows]


def all_rows(page: Path, *headers: tuple[str, ...]) -> list[Row]:
    return [row for header, rows in tables(page) if header in headers for row in rows]


def exponents(page: Path) -> dict[str, int]:
    """Decimals of each unit: those of the currency, else as many as the page writes, each time the same."""
    written: dict[str, set[int]] = {}
    for row in all_rows(page, EVENTS, TIMED, DATED):
        written.setdefault(row["unit"], set()).add(len(row["amount"].partition(".")[2]))
    for key, found in written.items():
        kind, _, code = key.partition(":")
        assert len(found) == 1, key
        assert kind != "currency" or found == {exponent(code)}, key
    return {key: found.pop() for key, found in written.items()}


def owner(account: str) -> UUID | None:
    """`buyer Haddad: funds` is the buyer's; the market's, and the world outside's, have no owner."""
    whose = account.partition(": ")[0]
    return None if whose == "market" else uuid5(BASE, whose)


@dataclass
class Played:
    """A recipe while it is played: what the page calls the accounts and transfers, and the ledger of `rules.apply`."""

    exponents: dict[str, int]
    accounts: dict[Named, UUID] = field(default_factory=dict)
    state: State = field(default_factory=State)
    transfers: dict[str, Transfer] = field(default_factory=dict)  # by their number on the page
    events: dict[str, Event] = field(default_factory=dict)  # by the number of their first transfer
    now: datetime = NOON

    def minor(self, text: str, unit: str) -> int:
        whole, _, decimals = text.replace(",", "").partition(".")
        assert len(decimals) == self.exponents[unit], f"{text} {unit}"
        return int(whole + decimals)

    def limit(self, text: str, unit: str) -> int | None:
        return None if text == "none" else self.minor(text, unit)

    def open(self, rows: list[Row]) -> None:
        """Open the accounts of the page in the database, and the same in the state."""
        places = dict.fromkeys(row["unit"] for row in rows)
        units = [Unit(UnitKind(key.partition(":")[0]), key.partition(":")[2], self.exponents[key]) for key in places]
        actions.open_units(units=units)
        wanted = [
            NewAccount(
                owner(row["account"]),
                row["account"].partition(": ")[2],
                row["unit"],
                self.limit(row["floor"], row["unit"]),
                self.limit(row["ceiling"], row["unit"]),
            )
            for row in rows
        ]
        for row, id_, new in zip(rows, actions.open_accounts(accounts=wanted), wanted, strict=True):
            self.accounts[row["account"], row["unit"]] = id_
            self.state.accounts[id_.int] = Account(id_, new.owner, new.purpose, new.unit, new.floor, new.ceiling)

    def transfer(self, row: Row) -> Transfer:
        """What a row asks for. A number that stood before is a retry, and has the same id."""
        id_ = uuid5(BASE, f"transfer {row['no.']}")
        debit, credit = (self.accounts[row[side], row["unit"]] for side in ("debit", "credit"))
        amount = self.minor(row["amount"], row["unit"])
        kind, _, rest = row["kind"].partition(" ")
        if kind in RESOLVING:
            resolves = self.transfers[rest.removeprefix("of ")]
            return Transfer(id_, debit, credit, amount, RESOLVING[kind], resolves.id)
        if rest:
            number, interval = rest.split()
            return Transfer(id_, debit, credit, amount, Kind(kind), None, int(number) * INTERVALS[interval])
        return Transfer(id_, debit, credit, amount, Kind(kind))

    def post(self, rows: list[Row]) -> None:
        """Post one event by both ledgers; each row's answer is that of its transfer."""
        first = rows[0]
        self.now = _at(first["when"]) if "when" in first else self.now + timedelta(minutes=1)
        happened = _at(first["business day"]) if "business day" in first else NOON
        asked = tuple(self.transfer(row) for row in rows)
        corrects = self.events[first["corrects"]].id if first.get("corrects") else None
        id_ = uuid5(BASE, f"event {first['no.']}")
        event = Event(id_, first["event"], first["document"], "the clerk", happened, asked, corrects)
        if corrects is not None and _moves(asked) == _moves(reversal(self.events[first["corrects"]], lambda: BASE)):
            event, answer = self.undo(event)
        else:
            [answer] = actions.post(events=[event], now=self.now)
        before = deepcopy(self.state)
        assert apply(self.state, [event], self.now) == [answer]
        assert [str(outcome) for outcome in answer.of_transfers(event)] == [row["answer"] for row in rows], first
        if answer.outcome is not Outcome.POSTED:
            assert self.state == before
            return
        self.events[first["no."]] = event
        self.transfers |= {row["no."]: one for row, one in zip(rows, event.transfers, strict=True)}

    def undo(self, event: Event) -> tuple[Event, Answer]:
        """Post a whole reversal the way an action does: by `actions.correct`, which makes the transfers itself."""
        assert event.corrects is not None
        try:
            done = actions.correct(
                event=event.corrects,
                by=event.id,
                actor=event.actor,
                event_at=event.event_at,
                document=event.document,
                now=self.now,
            )
        except actions.Refused as refused:
            done, answer = refused.event, Answer(refused.outcome, refused.line)
        else:
            answer = Answer(Outcome.POSTED)
        assert _moves(done.transfers) == _moves(event.transfers)
        return done, answer

    def check_balances(self, rows: list[Row]) -> None:
        """Every account of the page, in the database and in the state."""
        assert {(row["account"], row["unit"]) for row in rows} == set(self.accounts)
        found = queries.balances(list(self.accounts.values()))
        for row in rows:
            id_ = self.accounts[row["account"], row["unit"]]
            told = [self.minor(row[column], row["unit"]) for column in BALANCES[2:]]
            for ledger in (found[id_], self.state.accounts[id_.int]):
                assert [ledger.balance, ledger.available, ledger.expected] == told, row

    def check_lines(self, rows: list[Row]) -> None:
        """The statement of one account, from its first line on."""
        [(name, unit)] = [named for named in self.accounts if named[0] == rows[0]["account"]]
        assert {row["account"] for row in rows} == {name}
        told = [
            (row["event"], row["document"], _at(row["business day"]), *(self.minor(row[c], unit) for c in LINES[4:]))
            for row in rows
        ]
        lines = queries.statement(self.accounts[name, unit]).lines
        assert told == [(one.event_kind, one.document, one.event_at, one.change, one.after.balance) for one in lines]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _moves(transfers: tuple[Transfer, ...]) -> list[tuple[Any, ...]]:
    return [(one.debit, one.credit, one.amount, one.kind) for one in transfers]


def _events(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of each event: those below the first have an empty cell for it."""
    starts = [number for number, row in enumerate(rows) if row["event"]]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield rows[start:end]


@pytest.mark.django_db
@pytest.mark.parametrize("page", RECIPES, ids=NAMES)
def test_a_recipe_goes_as_it_is_written(page: Path) -> None:
    played = Played(exponents(page))
    for header, rows in tables(page):
        if header == ACCOUNTS:
            played.open(rows)
        elif header == BALANCES:
            played.check_balances(rows)
        elif header == LINES:
            played.check_lines(rows)
        else:
            for event in _events(rows):
                played.post(event)
    recorded = [view.event.id for view in queries.event_stream()]
    assert recorded == [event.id for event in played.state.events.values()]
    assert not look(connection.connection).violations


@pytest.mark.parametrize("page", RECIPES, ids=NAMES)
def test_a_recipe_is_whole(page: Path) -> None:
    """Every table can be read; balances stand at the end; each refusal is explained, and none that is not shown."""
    text = page.read_text("utf-8")
    headers = [header for header, _ in tables(page)]
    assert set(headers) <= set(KNOWN)
    assert headers[0] == ACCOUNTS
    assert headers[-1] in (BALANCES, LINES)
    explained = re.findall(r"^- `(\w+)`", text.partition("## What is refused")[2], re.MULTILINE)
    shown = {row["answer"] for row in all_rows(page, EVENTS, TIMED, DATED)}
    assert len(explained) == len(set(explained))
    assert set(explained) == shown - {Outcome.POSTED, Outcome.LINKED_EVENT_FAILED}
    assert "`tests/base/ledger/test_recipes.py`" in text


@pytest.mark.parametrize("page", RECIPES, ids=NAMES)
def test_what_a_recipe_converts_is_worked_out_as_the_house_does(page: Path) -> None:
    """`1,234.56 USD x 7.1043 = 8,770.68 CNY`, and that is what the table moves."""
    told = re.findall(r"([\d,.]+) ([A-Z]{3}) × ([\d.]+) = ([\d,.]+) ([A-Z]{3})", page.read_text("utf-8"))
    assert told or page.stem != "ledger-exchange"
    moved = {(row["unit"], row["amount"]) for row in all_rows(page, EVENTS, TIMED, DATED)}
    for amount, currency, rate, product, into in told:
        given = Money.parse(amount.replace(",", ""), currency)
        assert given.convert(into, Decimal(rate)).format() == product.replace(",", "")
        assert {(f"currency:{currency}", amount), (f"currency:{into}", product)} <= moved


def test_the_eight_recipes_are_there_and_listed() -> None:
    assert set(NAMES) == {"escrow", "partial-delivery", "exchange", "fee", "refund", "pledge", "quota", "correction"}
    listed = (DOCS / "recipes" / "README.md").read_text("utf-8")
    assert not [page.name for page in RECIPES if f"({page.name})" not in listed]


@dataclass(frozen=True)
class Ticket:
    """The document of the example: what an intake is about."""

    id: UUID
    pieces: int
    stall: UUID
    warehouse: UUID
    number: int = 501
    clerk: str = "Sun Qiang"
    taken_in_at: datetime = NOON
    lot: str = "lamps-4711"

    def save(self) -> None:
        """A real one writes its row here."""


@pytest.mark.django_db
def test_the_code_on_the_page_of_the_ledger_runs() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", (DOCS / "ledger.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = vars(actions) | {"transaction": transaction, "uuid5": uuid5}
    exec(code, names)
    stall, warehouse = uuid5(BASE, "stall A12-3"), uuid5(BASE, "warehouse East")
    ticket = Ticket(uuid5(BASE, "ticket 501"), 720, stall, warehouse)
    empty_handed = Ticket(uuid5(BASE, "ticket 502"), 0, stall, warehouse)
    for _ in range(2):  # the second time is a retry
        names["take_in"](ticket=ticket)
    with pytest.raises(actions.Refused) as refused:
        names["take_in"](ticket=empty_handed)
    assert refused.value.outcome is Outcome.AMOUNT_OUT_OF_RANGE
    lot = actions.open_goods(lot=ticket.lot, owner=ticket.stall, holder=ticket.warehouse)
    assert [queries.balance(one).balance for one in (lot.title, lot.custody)] == [720, 720]
    assert [view.event.document for view in queries.event_stream()] == ["ticket:501"]
