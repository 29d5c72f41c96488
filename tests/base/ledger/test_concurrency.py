"""Many writers at once: nobody waits in a circle, nothing is posted twice, and the order of the ledger explains all.

WRITERS_S: for how many seconds they write; 6, and ten minutes in `make nightly`.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from histories import NOON, open_accounts, some_id

from sundry.base.ledger import executor, queries
from sundry.base.ledger.rules import LONG_AGO, WHOLE, Account, Event, Kind, Outcome, State, Transfer, apply
from sundry.base.ledger.verification import verify

SECONDS = float(os.environ.get("WRITERS_S", "6"))
WRITERS = 16
CNY = "currency:CNY"
LIMITED = [Account(UUID(int=n), None, f"stall {n}", CNY, floor=-500) for n in range(1, 9)]
CAPPED = [Account(UUID(int=n), None, f"container {n}", CNY, ceiling=700) for n in range(9, 11)]
FREE = [Account(UUID(int=n), None, f"fees {n}", CNY) for n in range(11, 17)]
ACCOUNTS = [*LIMITED, *CAPPED, *FREE]
SUMS = "SELECT count(*), sum(amount), max(position) FROM ledger_transfer WHERE position <= %s"

Connect = Callable[[], psycopg.Connection[Any]]


class Market:
    """What sixteen writers share: the events and promises of all, what became of them, and when to stop."""

    def __init__(self, connect: Connect) -> None:
        self.connect = connect
        self.until = time.monotonic() + SECONDS
        self.events: list[Event] = []
        self.promises: list[Transfer] = []
        self.posted: Counter[UUID] = Counter()
        self.met: Counter[str] = Counter()
        self.sealed: list[tuple[int, Any]] = []
        self.faults: list[BaseException] = []
        self.lock = threading.Lock()

    def run(self) -> None:
        jobs: list[Callable[[], None]] = [self.seal, *(lambda number=n: self.write(number) for n in range(WRITERS))]
        threads = [threading.Thread(target=self.guard, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.faults == []

    def guard(self, job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as fault:
            self.faults.append(fault)

    def write(self, number: int) -> None:
        rng = random.Random(number)
        with self.connect() as conn:
            while time.monotonic() < self.until:
                events = self.some_events(rng)
                if rng.random() < 0.3:  # a caller whose transaction holds more than the posting, and may yet fail
                    with conn.transaction(force_rollback=rng.random() < 0.2) as transaction:
                        answers = executor.post(conn, events)
                        time.sleep(rng.random() * 0.003)
                    if transaction.force_rollback:
                        continue
                else:
                    answers = executor.post(conn, events)
                with self.lock:
                    for event, answer in zip(events, answers, strict=True):
                        self.met[answer.outcome] += 1
                        self.posted[event.id] += answer.outcome is Outcome.POSTED

    def some_events(self, rng: random.Random) -> list[Event]:
        """New ones, and some that another writer submits at this moment too; in any order."""
        made: list[Event] = []
        for _ in range(rng.choice((1, 1, 1, 2, 20))):
            if self.events and rng.random() < 0.25:
                made.append(rng.choice(self.events[-50:]))
                continue
            transfers = tuple(self.some_transfer(rng) for _ in range(rng.choice((1, 1, 2, 4))))
            made.append(Event(some_id(rng), "sale", "ticket", "clerk", NOON, transfers))
            self.promises.extend(one for one in transfers if one.kind is Kind.PENDING)
            self.events.append(made[-1])
        rng.shuffle(made)
        return made

    def some_transfer(self, rng: random.Random) -> Transfer:
        if self.promises and rng.random() < 0.4:
            kind = rng.choice((Kind.POST, Kind.VOID, Kind.EXPIRE))
            of = rng.choice(self.promises[-rng.choice((40, 40, 4000)) :])  # some have expired
            return Transfer(some_id(rng), None, None, WHOLE, kind, of.id)
        debit, credit = rng.sample(FREE if rng.random() < 0.3 else ACCOUNTS, 2)
        if rng.random() < 0.4:
            expiry_s = rng.choice((0, 0, 1))
            return Transfer(some_id(rng), debit.id, credit.id, rng.randint(1, 90), Kind.PENDING, None, expiry_s)
        return Transfer(some_id(rng), debit.id, credit.id, rng.randint(1, 90))

    def seal(self) -> None:
        """Positions up to which nothing may appear any more, and what stood there when that was said."""
        with self.connect() as conn, closing(connection):
            while time.monotonic() < self.until:
                position = queries.stable_position()
                if position is not None:
                    self.sealed.append((position, conn.execute(SUMS, [position]).fetchone()))
                time.sleep(SECONDS / 300)


def test_many_writers(conn: psycopg.Connection[Any], as_application: Connect) -> None:
    open_accounts(conn, ACCOUNTS)
    log = server_log(conn)
    begun = log.stat().st_size
    market = Market(as_application)
    market.run()
    assert b"deadlock" not in log.read_bytes()[begun:]
    assert max(market.posted.values()) == 1, "posted once, whoever submitted it"
    assert {Outcome.EXISTS, Outcome.EXCEEDS_BALANCE, Outcome.EXCEEDS_CEILING, Outcome.PENDING_EXPIRED} <= set(
        market.met
    )
    posted = {id_ for id_, times in market.posted.items() if times}
    assert {row[0] for row in conn.execute("SELECT id FROM ledger_event")} == posted
    check_that_the_order_explains_it(conn)
    assert verify(conn).violations == []
    assert len(market.sealed) > 3
    for position, figures in market.sealed:
        assert conn.execute(SUMS, [position]).fetchone() == figures, "what was stable has changed"


def server_log(conn: psycopg.Connection[Any]) -> Path:
    conn.execute("SET ROLE none")
    [(data,)] = conn.execute("SHOW data_directory").fetchall()
    conn.execute("SET ROLE sundry_app")
    return Path(data).parent / "logs" / "postgres.log"


def check_that_the_order_explains_it(conn: psycopg.Connection[Any]) -> None:
    """Posted one by one in the order of the ledger, by the state machine, every event is posted again."""
    state = State.of(replace(account) for account in ACCOUNTS)
    events: dict[int, tuple[Any, Event]] = {}
    for row in conn.execute(
        "SELECT e.position, e.id, e.event_at, e.recorded_at, t.id, t.debit, t.credit, t.amount, t.kind, t.pending, "
        "t.expiry_s FROM ledger_event e JOIN ledger_transfer t USING (position) ORDER BY t.position, t.line"
    ):
        position, id_, event_at, recorded_at, *moved, number, pending, expiry_s = row
        one = Transfer(*moved, queries.KINDS[number], pending, expiry_s)
        earlier = events[position][1].transfers if position in events else ()
        events[position] = recorded_at, Event(id_, "sale", "ticket", "clerk", event_at, (*earlier, one))
    for recorded_at, event in events.values():
        state.recorded_at = LONG_AGO
        assert apply(state, [event], recorded_at)[0].outcome is Outcome.POSTED
    for id_, *kept in conn.execute(
        "SELECT id, debits_pending, debits_posted, credits_pending, credits_posted FROM ledger_account WHERE limited"
    ):
        a = state.accounts[id_.int]
        assert kept == [a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted]
