"""Random histories of a small market, and a ledger that is slow and plain: it folds all that is recorded each time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from sundry.base.ledger.rules import (
    AMOUNT_MAX,
    EXPIRY_S_MAX,
    LONG_AGO,
    WHOLE,
    Account,
    Event,
    Kind,
    Outcome,
    State,
    Transfer,
    apply,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RESOLVING = (Kind.POST, Kind.VOID, Kind.EXPIRE)


@dataclass(frozen=True)
class History:
    """Accounts, and batches of events with the time at which each batch is applied."""

    accounts: tuple[Account, ...]
    batches: tuple[tuple[datetime, tuple[Event, ...]], ...]


def some_id(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128))


def random_history(rng: random.Random) -> History:
    """Mostly sensible, with every kind of mistake among it; ids repeat, so that retries and links happen.

    What was recorded so far is looked up in a ledger that runs along, so that most of what follows refers to it.
    """
    accounts = [
        Account(some_id(rng), None, f"stall {number}", unit, floor, ceiling)
        for unit in ("currency:CNY", "title:lot-7")
        for number, (floor, ceiling) in enumerate(
            ((None, None), (None, None), (0, None), (-20, None), (None, 60), (0, 100))
        )
    ]
    known = [account.id for account in accounts]
    stranger = some_id(rng)
    seen_events: list[Event] = []
    seen: list[Transfer] = []
    state = State.of(deepcopy(accounts))

    def amount() -> int:
        if rng.random() < 0.95:
            return rng.choice((1, 2, 5, 10, 30, 30, 50, 60, 100))
        return rng.choice((AMOUNT_MAX, AMOUNT_MAX, 0, -1, 2**63))

    def move() -> Transfer:
        half = rng.choice((known[:6], known[6:]))
        debit, credit = rng.sample(half, 2)
        if rng.random() < 0.04:
            debit = rng.choice((stranger, credit, rng.choice(known), None))
        if rng.random() < 0.02:
            credit = rng.choice((stranger, rng.choice(known), None))
        pending = rng.random() < 0.4
        link = rng.choice(seen).id if seen and rng.random() < 0.01 else None
        expiry_s = 0
        if pending or rng.random() < 0.02:
            expiry_s = rng.choice((0, 0, 10, 60, 60, EXPIRY_S_MAX)) if rng.random() < 0.98 else rng.choice((-1, 2**31))
        made = some_id(rng) if not seen or rng.random() < 0.98 else rng.choice(seen).id
        return Transfer(made, debit, credit, amount(), Kind.PENDING if pending else Kind.PLAIN, link, expiry_s)

    def resolution() -> Transfer:
        recorded = list(state.transfers.values()) or seen
        promises = [one for one in recorded if one.kind is Kind.PENDING] or recorded
        waiting = [one for one in promises if _waits(state, one)] or promises
        of = rng.choice(rng.choices((waiting, promises, recorded, seen), (80, 10, 5, 5))[0])
        kind = rng.choice((Kind.POST, Kind.POST, Kind.VOID, Kind.EXPIRE))
        how_much = rng.choice((WHOLE, of.amount, of.amount // 2, of.amount + 1 if rng.random() < 0.2 else WHOLE))
        debit, credit = rng.choice(((None, None), (of.debit, of.credit), (None, of.credit)))
        if rng.random() < 0.03:
            debit = rng.choice((*known, stranger))
        made = some_id(rng)
        link: UUID | None = of.id
        if rng.random() < 0.03:
            link = rng.choice((None, made, stranger))
        return Transfer(made, debit, credit, how_much, kind, link, 5 if rng.random() < 0.01 else 0)

    def event() -> Event:
        if seen_events and rng.random() < 0.08:
            again = rng.choice(list(state.events.values()) if state.events and rng.random() < 0.8 else seen_events)
            return again if rng.random() < 0.7 else _changed(again, rng)
        transfers: list[Transfer] = []
        for _ in range(rng.choice((1, 1, 1, 2, 3)) if rng.random() < 0.99 else 0):
            waits = 0.4 if state.promises else 0.04
            transfers.append(resolution() if seen and rng.random() < waits else move())
            seen.append(transfers[-1])
        corrects = None
        if rng.random() < 0.05:
            corrected = rng.choices((list(state.events.values()), seen_events), (8, 1))[0]
            corrects = rng.choice(corrected).id if corrected and rng.random() < 0.9 else stranger
        if not state.events and rng.random() < 0.8:  # something to give
            transfers = [
                Transfer(some_id(rng), known[half], known[half + to], 40) for half in (0, 6) for to in (2, 3, 5)
            ]
        made = Event(some_id(rng), "sale", "ticket 1", "clerk", NOON, tuple(transfers), corrects)
        seen_events.append(made)
        return made

    now, batches = NOON, []
    for _ in range(rng.randint(1, 6)):
        now += timedelta(seconds=rng.choice((0, 1, 10, 30, 60, -45)))
        batch: list[Event] = []
        for _ in range(rng.randint(1, 8)):
            batch.append(event())
            apply(state, batch[-1:], now)
        batches.append((now, tuple(batch)))
    return History(tuple(accounts), tuple(batches))


def _waits(state: State, one: Transfer) -> bool:
    promise = state.promises.get(one.id.int)
    return promise is not None and promise.resolution is None


def _changed(event: Event, rng: random.Random) -> Event:
    if rng.random() < 0.5 or not event.transfers:
        return replace(event, document="ticket 2")
    first = event.transfers[0]
    changed = rng.choice(
        (replace(first, amount=first.amount + 1), replace(first, debit=first.credit), replace(first, amount=WHOLE))
    )
    return replace(event, transfers=(changed, *event.transfers[1:]))


@dataclass
class Counters:
    debits_pending: int = 0
    debits_posted: int = 0
    credits_pending: int = 0
    credits_posted: int = 0


@dataclass
class PlainLedger:
    """The same ledger told as a list of sentences, one an outcome, of which the first that holds is the answer.

    Nothing is kept but what was recorded: counters, promises and limits are folded from the first transfer on, for
    each transfer anew.
    """

    accounts: dict[UUID, Account]
    recorded: list[tuple[Event, datetime]] = field(default_factory=list)
    now: datetime = LONG_AGO

    def post(self, event: Event, now: datetime) -> tuple[Outcome, int | None]:
        self.now = max([now, *(at for _, at in self.recorded)])
        for outcome, holds in self._of_event(event):
            if holds():
                return outcome, None
        done: list[Transfer] = []
        for line, transfer in enumerate(event.transfers):
            for outcome, holds in self._of_transfer(transfer, done):
                if holds():
                    return outcome, line
            done.append(self._filled(transfer, done))
        self.recorded.append((replace(event, transfers=tuple(done)), self.now))
        return Outcome.POSTED, None

    def _of_event(self, event: Event) -> Iterator[tuple[Outcome, Callable[[], bool]]]:
        known = {one.id: one for one, _ in self.recorded}
        before = known.get(event.id)
        yield Outcome.EXISTS, lambda: before is not None and before == self._refilled(event)
        yield Outcome.EXISTS_WITH_DIFFERENT_CONTENT, lambda: before is not None
        yield Outcome.EVENT_WITHOUT_TRANSFERS, lambda: not event.transfers
        yield Outcome.CORRECTED_EVENT_NOT_FOUND, lambda: event.corrects not in (None, *known)
        yield (
            Outcome.ALREADY_CORRECTED,
            lambda: event.corrects is not None and event.corrects in [one.corrects for one in known.values()],
        )

    def _of_transfer(self, new: Transfer, done: list[Transfer]) -> Iterator[tuple[Outcome, Callable[[], bool]]]:
        earlier = {one.id: one for one in self._all(done)}
        resolves = new.kind in RESOLVING
        debit = self.accounts.get(new.debit) if new.debit else None
        credit = self.accounts.get(new.credit) if new.credit else None
        yield Outcome.EXISTS_WITH_DIFFERENT_CONTENT, lambda: new.id in earlier
        yield Outcome.PENDING_LINK_MISSING, lambda: resolves and new.pending is None
        yield Outcome.PENDING_LINK_TO_ITSELF, lambda: resolves and new.pending == new.id
        yield Outcome.ACCOUNTS_MUST_BE_NAMED, lambda: not resolves and None in (new.debit, new.credit)
        yield Outcome.ACCOUNTS_MUST_BE_DIFFERENT, lambda: not resolves and new.debit == new.credit
        yield Outcome.PENDING_LINK_NOT_ALLOWED, lambda: not resolves and new.pending is not None
        yield Outcome.EXPIRY_RESERVED_FOR_PENDING, lambda: new.kind is not Kind.PENDING and new.expiry_s != 0
        least = WHOLE if resolves else 1
        yield Outcome.AMOUNT_OUT_OF_RANGE, lambda: new.amount not in range(least, AMOUNT_MAX + 1)
        yield Outcome.EXPIRY_OUT_OF_RANGE, lambda: new.expiry_s not in range(EXPIRY_S_MAX + 1)
        yield Outcome.DEBIT_ACCOUNT_NOT_FOUND, lambda: not resolves and debit is None
        yield Outcome.CREDIT_ACCOUNT_NOT_FOUND, lambda: not resolves and credit is None
        if not resolves:
            assert debit is not None
            assert credit is not None
            yield Outcome.UNIT_MISMATCH, lambda: debit.unit != credit.unit
            after = self.counters([*done, new])
            gives, takes = after[debit.id], after[credit.id]
            yield (
                Outcome.COUNTER_OVERFLOW,
                lambda: (
                    (debit.limited and gives.debits_posted + gives.debits_pending > AMOUNT_MAX)
                    or (credit.limited and takes.credits_posted + takes.credits_pending > AMOUNT_MAX)
                ),
            )
            available = gives.credits_posted - gives.debits_posted - gives.debits_pending
            expected = takes.credits_posted + takes.credits_pending - takes.debits_posted
            yield Outcome.EXCEEDS_BALANCE, lambda: debit.floor is not None and available < debit.floor
            yield Outcome.EXCEEDS_CEILING, lambda: credit.ceiling is not None and expected > credit.ceiling
            return
        yield Outcome.PENDING_NOT_FOUND, lambda: new.pending not in earlier
        assert new.pending is not None
        of = earlier[new.pending]
        yield Outcome.PENDING_NOT_PENDING, lambda: of.kind is not Kind.PENDING
        others = new.debit not in (None, of.debit) or new.credit not in (None, of.credit)
        yield Outcome.PENDING_HAS_DIFFERENT_ACCOUNTS, lambda: others
        yield Outcome.EXCEEDS_PENDING_AMOUNT, lambda: new.amount > of.amount
        less = new.kind is not Kind.POST and new.amount not in (WHOLE, of.amount)
        yield Outcome.PENDING_HAS_DIFFERENT_AMOUNT, lambda: less
        yield Outcome.PENDING_ALREADY_RESOLVED, lambda: of.id in [one.pending for one in earlier.values()]
        passed = bool(of.expiry_s) and self._recorded_at(of) + timedelta(seconds=of.expiry_s) <= self.now
        yield Outcome.PENDING_EXPIRED, lambda: passed and new.kind is not Kind.EXPIRE
        yield Outcome.PENDING_NOT_EXPIRED, lambda: not passed and new.kind is Kind.EXPIRE

    def counters(self, done: list[Transfer] | None = None) -> dict[UUID, Counters]:
        """The counters of all accounts, from the first transfer on."""
        found = {key: Counters() for key in self.accounts}
        transfers = list(self._all(done or []))
        by_id = {one.id: one for one in transfers}
        for one in transfers:
            assert one.debit is not None
            assert one.credit is not None
            gives, takes = found[one.debit], found[one.credit]
            if one.kind is Kind.PENDING:
                gives.debits_pending += one.amount
                takes.credits_pending += one.amount
                continue
            if one.pending is not None:
                gives.debits_pending -= by_id[one.pending].amount
                takes.credits_pending -= by_id[one.pending].amount
            if one.kind in (Kind.PLAIN, Kind.POST):
                gives.debits_posted += one.amount
                takes.credits_posted += one.amount
        return found

    def _all(self, done: list[Transfer]) -> Iterator[Transfer]:
        for event, _ in self.recorded:
            yield from event.transfers
        yield from done

    def _recorded_at(self, transfer: Transfer) -> datetime:
        return next((at for event, at in self.recorded if transfer in event.transfers), self.now)

    def _filled(self, new: Transfer, done: list[Transfer]) -> Transfer:
        of = next((one for one in self._all(done) if one.id == new.pending), None)
        if of is None or new.kind not in RESOLVING:
            return new
        amount = of.amount if new.amount == WHOLE else new.amount
        return replace(new, debit=new.debit or of.debit, credit=new.credit or of.credit, amount=amount)

    def _refilled(self, event: Event) -> Event:
        return replace(event, transfers=tuple(self._filled(one, []) for one in event.transfers))


def empty(conn: psycopg.Connection[Any]) -> None:
    """Take everything out of the ledger, which the application itself could not."""
    conn.execute(
        "SET ROLE none; TRUNCATE ledger_transfer, ledger_event, ledger_account, ledger_fold, ledger_unit; "
        "SET ROLE sundry_app"
    )


def open_accounts(conn: psycopg.Connection[Any], accounts: Iterable[Account]) -> None:
    """The accounts of a history, by the ids they have there; and their units."""
    accounts = list(accounts)
    keys = sorted({account.unit for account in accounts})
    for key in keys:
        kind, _, code = key.partition(":")
        conn.execute(
            "INSERT INTO ledger_unit (key, kind, code, exponent) VALUES (%s, %s, %s, 0) ON CONFLICT DO NOTHING",
            [key, kind, code],
        )
    with conn.cursor().copy("COPY ledger_account (id, owner, purpose, unit, floor, ceiling) FROM STDIN") as copy:
        for one in accounts:
            copy.write_row((one.id, one.owner, one.purpose, one.unit, one.floor, one.ceiling))


def wait_until_somebody_waits(conn: psycopg.Connection[Any], count: int = 1) -> None:
    """Until so many sessions wait, for what `conn` holds."""
    for _ in range(1_000):
        waiting = conn.execute(
            "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        ).fetchall()
        if len(waiting) >= count:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
