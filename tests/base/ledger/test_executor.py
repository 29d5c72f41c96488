"""The executor answers as the state machine does, whatever the history, and keeps the same balances."""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count as count_from
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import transaction
from histories import empty, open_accounts, wait_until_somebody_waits

from sundry.base.ledger import actions, executor
from sundry.base.ledger.rules import AMOUNT_MAX, WHOLE, Account, Answer, Event, Kind, Outcome, State, Transfer, apply
from sundry.base.ledger.verification import verify

HISTORIES = int(os.environ.get("HISTORIES", "120"))  # in each of four ways of writing; nightly 2,500: 10,000 in all
NOON = datetime(2020, 11, 22, 12, tzinfo=UTC)
GIVES, TAKES, FREE, YUAN, YEN = (UUID(int=n) for n in range(1, 6))
NASTY = [
    "", " ", "\\", "\\N", "\\.", "\\n", "a\tb", "a\nb", "a\r\nb", "\x01\x0b\x1f\x7f\x85\u2028", "it's \"so\", {a,NULL}",
    "%s %(x)s $1", "\N{BOX DRAWINGS LIGHT HORIZONTAL}\U0001f6a2 \u4e49\u4e4c", "\u0627\u0644", "\ufeff", "e\u0301",
    "".join(map(chr, range(0x20000, 0x20000 + executor.DOCUMENT_MAX))),
]  # fmt: skip

BALANCES = """
SELECT a.id,
  coalesce(sum(t.amount) FILTER (WHERE t.debit = a.id AND t.kind = 1), 0)
    - coalesce(sum(p.amount) FILTER (WHERE t.debit = a.id), 0),
  coalesce(sum(t.amount) FILTER (WHERE t.debit = a.id AND t.kind IN (0, 2)), 0),
  coalesce(sum(t.amount) FILTER (WHERE t.credit = a.id AND t.kind = 1), 0)
    - coalesce(sum(p.amount) FILTER (WHERE t.credit = a.id), 0),
  coalesce(sum(t.amount) FILTER (WHERE t.credit = a.id AND t.kind IN (0, 2)), 0)
FROM ledger_account a
LEFT JOIN ledger_transfer t ON a.id IN (t.debit, t.credit)
LEFT JOIN ledger_transfer p ON p.id = t.pending
GROUP BY a.id
"""


def in_database(conn: psycopg.Connection[Any]) -> dict[int, tuple[int, ...]]:
    """The four counters folded from the transfers, and compared with those kept."""
    folded = {row[0].int: tuple(int(figure) for figure in row[1:]) for row in conn.execute(BALANCES)}
    for id_, *kept in conn.execute(
        "SELECT id, debits_pending, debits_posted, credits_pending, credits_posted FROM ledger_account WHERE limited"
    ):
        assert tuple(kept) == folded[id_.int]
    return folded


@pytest.fixture(params=["quickly", "by-the-machine"])
def quickly(request: Any, monkeypatch: pytest.MonkeyPatch) -> bool:
    """The usual event in one call, or as any other."""
    if request.param != "quickly":
        monkeypatch.setattr(executor, "QUICKLY_TO", 0)
    return bool(request.param == "quickly")


@pytest.fixture(params=["inserted", "copied"])
def copied(request: Any, monkeypatch: pytest.MonkeyPatch) -> bool:
    """How rows are written."""
    if request.param == "copied":
        monkeypatch.setattr(executor, "COPY_FROM", 1)
    return bool(request.param == "copied")


class Undone(Exception):
    """The caller changed its mind."""


class OfPsycopg:
    """The application posts on a connection of its own."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self.conn = conn

    def transaction(self) -> AbstractContextManager[Any]:
        return self.conn.transaction()

    def post(self, events: Sequence[Event], now: datetime) -> list[Answer]:
        return executor.post(self.conn, events, now)


class OfDjango(OfPsycopg):
    """An action posts on Django's connection, beside the caller's own rows."""

    def transaction(self) -> AbstractContextManager[Any]:
        return transaction.atomic()

    def post(self, events: Sequence[Event], now: datetime) -> list[Answer]:
        return actions.post(events=events, now=now)


@pytest.mark.parametrize("poster", [OfPsycopg, OfDjango])
def test_executor_and_machine_agree(
    conn: psycopg.Connection[Any],
    make_history: Callable[[random.Random], Any],
    poster: type[OfPsycopg],
    quickly: bool,
    copied: bool,
) -> None:
    """Alone or in company; in a transaction of the caller, or in none; after the caller undid the same before."""
    met: Counter[Outcome] = Counter()
    ledger = poster(conn)
    count = HISTORIES // 2
    for seed in range(count):
        rng = random.Random(f"{seed} {quickly} {copied} {poster.__name__}")
        history = make_history(rng)
        empty(conn)
        open_accounts(conn, history.accounts)
        state = State.of(deepcopy(history.accounts))
        alone = rng.random() < 0.6
        for now, events in history.batches:
            expected = apply(state, events, now)
            answers: list[Answer] = []
            for group in [[event] for event in events] if alone else [events]:
                if rng.random() < 0.1:
                    with suppress(Undone), ledger.transaction():
                        ledger.post(group, now)
                        raise Undone
                with ledger.transaction() if rng.random() < 0.5 else nullcontext():
                    answers += ledger.post(group, now)
            assert answers == expected, f"seed {seed}"
            met.update(answer.outcome for answer in answers)
        counters = {
            key: (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted)
            for key, a in state.accounts.items()
        }
        assert in_database(conn) == counters, f"seed {seed}"
        check_what_is_recorded(conn, state)
    logging.getLogger(__name__).info("%d histories: %s", count, {str(one): n for one, n in met.most_common()})
    assert met[Outcome.POSTED] > count


def check_what_is_recorded(conn: psycopg.Connection[Any], state: State) -> None:
    lines = [
        (event.id, event.corrects, line, one.id, one.debit, one.credit, one.amount, one.kind, one.pending, one.expiry_s)
        for event in state.events.values()
        for line, one in enumerate(event.transfers)
    ]
    rows = conn.execute(
        "SELECT e.id, e.corrects, t.line, t.id, t.debit, t.credit, t.amount, t.kind, t.pending, t.expiry_s "
        "FROM ledger_event e JOIN ledger_transfer t USING (position) ORDER BY t.position, t.line"
    )
    assert [(*row[:7], executor._KINDS[row[7]], *row[8:]) for row in rows] == lines


# One by one

ids = count_from(1_000)


def some_id() -> UUID:
    return UUID(int=next(ids))


def move(debit: UUID, credit: UUID, amount: int = 1, kind: Kind = Kind.PLAIN, expiry_s: int = 0) -> Transfer:
    return Transfer(some_id(), debit, credit, amount, kind, expiry_s=expiry_s)


def event(*transfers: Transfer, text: str = "order:1", event_at: datetime = NOON) -> Event:
    return Event(some_id(), text, text, text, event_at, transfers)


@pytest.fixture
def ledger(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Accounts with limits and without, of yuan and of yen."""
    accounts = [
        Account(GIVES, None, "gives", "currency:CNY", floor=0),
        Account(TAKES, None, "takes", "currency:CNY", floor=0, ceiling=AMOUNT_MAX),
        Account(FREE, None, "free", "currency:CNY"),
        Account(YUAN, None, "free, too", "currency:CNY"),
        Account(YEN, None, "yen", "currency:JPY"),
    ]
    open_accounts(conn, accounts)
    return conn


def outcomes(conn: psycopg.Connection[Any], *events: Event, now: datetime | None = None) -> list[Outcome]:
    return [answer.outcome for answer in executor.post(conn, events, now)]


@pytest.mark.usefixtures("quickly", "copied")
@pytest.mark.parametrize("in_company", [False, True], ids=["alone", "in company"])
def test_texts_come_back_as_they_were(ledger: psycopg.Connection[Any], in_company: bool) -> None:
    events = [event(move(FREE, YUAN), text=text) for text in NASTY]
    for group in [events] if in_company else [[one] for one in events]:
        assert set(outcomes(ledger, *group)) == {Outcome.POSTED}
        assert set(outcomes(ledger, *group)) == {Outcome.EXISTS}
    rows = ledger.execute("SELECT kind, document, actor FROM ledger_event ORDER BY position").fetchall()
    assert rows == [(text, text, text) for text in NASTY]
    other = [replace(one, actor=one.actor + " ") for one in events]
    assert set(outcomes(ledger, *other)) == {Outcome.EXISTS_WITH_DIFFERENT_CONTENT}


WRONG: list[dict[str, Any]] = [
    {"kind": "a\0"},
    {"document": "\0"},
    {"actor": "\0b"},
    {"document": "\ud800"},
    {"document": "x" * (executor.DOCUMENT_MAX + 1)},
    {"event_at": datetime(2026, 11, 22)},  # noqa: DTZ001
    {"event_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))},
    {"event_at": datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=8)))},
]


@pytest.mark.usefixtures("quickly", "copied")
def test_what_the_database_cannot_hold_is_never_sent(ledger: psycopg.Connection[Any]) -> None:
    for wrong in WRONG:
        with ledger.transaction():
            right, bad = event(move(FREE, YUAN)), replace(event(move(FREE, YUAN)), **wrong)
            for group in ([bad], [right, bad]):
                with pytest.raises(ValueError, match=r"NUL|surrogate|zone|years|characters"):
                    executor.post(ledger, group)
            assert ledger.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS
            assert outcomes(ledger, right) == [Outcome.POSTED]
    with pytest.raises(ValueError, match="zone"):
        executor.post(ledger, [event(move(FREE, YUAN))], datetime(2026, 11, 22))  # noqa: DTZ001


TIMES = [
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),  # twice that night
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),  # never
    datetime(2026, 11, 22, 20, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=8))),
    datetime(1900, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),  # 8:05:43 ahead
    datetime(2, 1, 2, tzinfo=timezone(timedelta(hours=14))),
    datetime(9998, 12, 30, 23, tzinfo=timezone(-timedelta(hours=12))),
]


@pytest.mark.usefixtures("quickly", "copied")
def test_a_retry_exists_whatever_the_zone_of_its_time(ledger: psycopg.Connection[Any]) -> None:
    for event_at in TIMES:
        sent = event(move(FREE, YUAN), event_at=event_at)
        assert outcomes(ledger, sent) == [Outcome.POSTED]
        again = replace(sent, event_at=event_at.astimezone(UTC))
        assert outcomes(ledger, sent, again) == [Outcome.EXISTS, Outcome.EXISTS]
        later = replace(sent, event_at=again.event_at + timedelta(microseconds=1))
        assert outcomes(ledger, later) == [Outcome.EXISTS_WITH_DIFFERENT_CONTENT]


@pytest.mark.usefixtures("quickly", "copied")
def test_amounts_at_the_limits_of_int64(ledger: psycopg.Connection[Any]) -> None:
    """An account with a limit holds what int64 holds, and not one more; what is free, and a sum of all, is larger."""
    assert outcomes(ledger, event(move(FREE, GIVES, AMOUNT_MAX))) == [Outcome.POSTED]
    assert outcomes(ledger, event(move(FREE, GIVES, 1))) == [Outcome.COUNTER_OVERFLOW]
    assert outcomes(ledger, event(move(GIVES, TAKES, AMOUNT_MAX - 1, Kind.PENDING))) == [Outcome.POSTED]
    assert outcomes(ledger, event(move(FREE, TAKES, 2))) == [Outcome.COUNTER_OVERFLOW]
    assert outcomes(ledger, event(move(FREE, TAKES, 1), move(GIVES, FREE, 1))) == [Outcome.POSTED]
    assert outcomes(ledger, event(move(GIVES, FREE, 1))) == [Outcome.COUNTER_OVERFLOW]
    for amount in (0, -1, AMOUNT_MAX + 1, 10**30):
        assert outcomes(ledger, event(move(FREE, YUAN, amount))) == [Outcome.AMOUNT_OUT_OF_RANGE]
    big = [event(move(FREE, YUAN, AMOUNT_MAX), move(FREE, YUAN, AMOUNT_MAX, Kind.PENDING)) for _ in range(3)]
    assert outcomes(ledger, *big) == [Outcome.POSTED] * 3
    folded = in_database(ledger)
    assert folded[FREE.int] == (3 * AMOUNT_MAX, 4 * AMOUNT_MAX + 1, 0, 1)
    assert folded[YUAN.int] == (0, 0, 3 * AMOUNT_MAX, 3 * AMOUNT_MAX)
    assert folded[GIVES.int] == (AMOUNT_MAX - 1, 1, 0, AMOUNT_MAX)
    assert folded[TAKES.int] == (0, 0, AMOUNT_MAX - 1, 1)
    assert verify(ledger).violations == []


@pytest.mark.usefixtures("quickly", "copied")
def test_a_clock_that_is_set_back(ledger: psycopg.Connection[Any]) -> None:
    """No later event is recorded before an earlier one, and no promise lasts longer than it said."""
    held, open_ = (event(move(FREE, GIVES, 5, Kind.PENDING, expiry_s=seconds)) for seconds in (60, 61))
    assert outcomes(ledger, held, now=NOON) == [Outcome.POSTED]
    assert outcomes(ledger, open_, now=NOON - timedelta(days=1)) == [Outcome.POSTED]
    assert outcomes(ledger, event(move(FREE, YUAN)), now=NOON + timedelta(seconds=60)) == [Outcome.POSTED]
    assert outcomes(ledger, event(move(FREE, YUAN)), now=NOON - timedelta(days=1)) == [Outcome.POSTED]
    late = [event(Transfer(some_id(), None, None, WHOLE, Kind.POST, one.transfers[0].id)) for one in (held, open_)]
    assert outcomes(ledger, *late, now=NOON) == [Outcome.PENDING_EXPIRED, Outcome.POSTED]
    times = [row[0] for row in ledger.execute("SELECT recorded_at FROM ledger_event ORDER BY position")]
    assert times == [NOON, NOON, *[NOON + timedelta(seconds=60)] * 3]
    ends = ledger.execute("SELECT expires_at FROM ledger_transfer WHERE expires_at IS NOT NULL ORDER BY position")
    assert [row[0] for row in ends] == [NOON + timedelta(seconds=60), NOON + timedelta(seconds=61)]
    assert verify(ledger).violations == []


@pytest.mark.usefixtures("quickly", "copied")
def test_in_the_night_in_which_an_hour_is_told_twice(ledger: psycopg.Connection[Any]) -> None:
    """The session's zone is nothing to the ledger: a day has 24 hours, and 2:55 may be before 2:50."""
    ledger.execute("SET timezone = 'Europe/Berlin'")
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    first, second = (event(move(FREE, GIVES, 5, Kind.PENDING, expiry_s=86_400)) for _ in "ab")
    assert outcomes(ledger, first, now=before) == [Outcome.POSTED]
    assert outcomes(ledger, second, event(move(FREE, YUAN)), now=before) == [Outcome.POSTED] * 2
    ends = ledger.execute("SELECT expires_at FROM ledger_transfer WHERE expires_at IS NOT NULL").fetchall()
    assert [end.astimezone(UTC) for (end,) in ends] == [before + timedelta(days=1)] * 2
    later, earlier = datetime(2026, 10, 25, 1, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 55, tzinfo=UTC)
    for now in (later, earlier):
        assert outcomes(ledger, event(move(FREE, YUAN)), event(move(FREE, YUAN)), now=now) == [Outcome.POSTED] * 2
    times = ledger.execute("SELECT recorded_at FROM ledger_event ORDER BY position DESC LIMIT 4").fetchall()
    assert [time.astimezone(UTC) for (time,) in times] == [later] * 4
    late = event(Transfer(some_id(), None, None, WHOLE, Kind.POST, first.transfers[0].id))
    assert outcomes(ledger, late, now=before + timedelta(days=1)) == [Outcome.PENDING_EXPIRED]
    assert verify(ledger).violations == []


@pytest.mark.usefixtures("quickly", "copied")
def test_units_never_mix(ledger: psycopg.Connection[Any]) -> None:
    assert outcomes(ledger, event(move(YEN, FREE))) == [Outcome.UNIT_MISMATCH]
    assert outcomes(ledger, event(move(FREE, YUAN), move(FREE, YEN))) == [Outcome.UNIT_MISMATCH]


def test_an_event_of_very_many_transfers(ledger: psycopg.Connection[Any]) -> None:
    """An import is one event, whatever its length."""
    long = event(*(move(FREE, GIVES) for _ in range(40_000)))
    assert outcomes(ledger, long) == [Outcome.POSTED]
    assert outcomes(ledger, long) == [Outcome.EXISTS]
    assert ledger.execute("SELECT max(line), sum(amount) FROM ledger_transfer").fetchone() == (39_999, 40_000)
    assert in_database(ledger)[GIVES.int] == (0, 0, 0, 40_000)


# Two at once

Connect = Callable[[], psycopg.Connection[Any]]


@pytest.mark.usefixtures("copied")
def test_a_promise_that_is_recorded_while_we_wait(ledger: psycopg.Connection[Any], as_application: Connect) -> None:
    promised = event(move(FREE, GIVES, 5, Kind.PENDING))
    kept = event(Transfer(some_id(), None, None, WHOLE, Kind.POST, promised.transfers[0].id))
    with as_application() as other, ThreadPoolExecutor() as pool:
        with other.transaction():
            assert outcomes(other, promised) == [Outcome.POSTED]
            waiting = pool.submit(outcomes, ledger, promised, kept)
            wait_until_somebody_waits(other)
        assert waiting.result() == [Outcome.EXISTS, Outcome.POSTED]


@pytest.mark.usefixtures("copied")
def test_a_batch_that_loses_to_one_after_the_other(ledger: psycopg.Connection[Any], as_application: Connect) -> None:
    """Each of its events is about to be recorded by somebody else."""
    events = [event(move(FREE, YUAN)) for _ in range(8)]
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor())
        others = [stack.enter_context(as_application()) for _ in events]
        for other, one in zip(others, events, strict=True):
            other.autocommit = False
            assert outcomes(other, one) == [Outcome.POSTED]
        waiting = pool.submit(outcomes, ledger, *events)
        for other in others:
            wait_until_somebody_waits(other)
            other.commit()
        assert waiting.result() == [Outcome.EXISTS] * len(events)


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_who_does_not_see_what_was_recorded_is_told(
    ledger: psycopg.Connection[Any], as_application: Connect, isolation: str
) -> None:
    one = event(move(FREE, YUAN))
    with as_application() as other, other.transaction():
        other.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        other.execute("SELECT count(*) FROM ledger_event")
        assert outcomes(ledger, one) == [Outcome.POSTED]
        for group in ([one], [one, event(move(FREE, YUAN))]):
            with pytest.raises(RuntimeError, match="read committed"):
                executor.post(other, group)
        assert other.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS


@pytest.mark.usefixtures("copied")
def test_two_who_claim_the_same_transfers_do_not_wait_in_a_circle(
    ledger: psycopg.Connection[Any], as_application: Connect
) -> None:
    """In opposite orders, under events of their own; a third one keeps both waiting, after their first transfer."""
    y, first, x, second = (move(FREE, YUAN) for _ in range(4))
    groups = [[event(one) for one in group] for group in ((first, x, second), (second, y, first))]
    with as_application() as one, as_application() as other, ThreadPoolExecutor() as pool:
        with ledger.transaction(force_rollback=True):
            assert outcomes(ledger, event(x, y)) == [Outcome.POSTED]
            waiting = [pool.submit(outcomes, at, *group) for at, group in zip((one, other), groups, strict=True)]
            wait_until_somebody_waits(ledger, 2)
        answers = sorted(answer for task in waiting for answer in task.result())
    assert answers == [Outcome.EXISTS_WITH_DIFFERENT_CONTENT] * 2 + [Outcome.POSTED] * 4
    assert verify(ledger).violations == []


@pytest.mark.usefixtures("quickly")
def test_the_same_event_in_another_order_waits_at_the_event(
    ledger: psycopg.Connection[Any], as_application: Connect
) -> None:
    """So it never waits in a circle at a transfer."""
    sent = event(move(FREE, YUAN), move(FREE, YUAN, 2))
    with as_application() as other, ThreadPoolExecutor() as pool:
        with other.transaction():
            assert outcomes(other, sent) == [Outcome.POSTED]
            waiting = pool.submit(outcomes, ledger, replace(sent, transfers=sent.transfers[::-1]))
            wait_until_somebody_waits(other)
        assert waiting.result() == [Outcome.EXISTS_WITH_DIFFERENT_CONTENT]


def test_as_many_statements_for_one_as_for_a_thousand(
    ledger: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of transfer, retries and corrections, one of each or a thousand; written row by row or copied."""
    sent: list[str] = []
    for way in ("execute", "copy"):
        real = getattr(psycopg.Cursor, way)

        def counted(self: Any, statement: str, *rest: Any, real: Any = real, **more: Any) -> Any:
            sent.append(statement)
            return real(self, statement, *rest, **more)

        monkeypatch.setattr(psycopg.Cursor, way, counted)

    def statements(events: Sequence[Event]) -> int:
        sent.clear()
        assert set(outcomes(ledger, *events, now=NOON)) <= {Outcome.POSTED, Outcome.EXISTS}
        return len(sent)

    def everything(count: int) -> list[Event]:
        """Of `count` each: retries, plain ones, promises, what resolves old ones, corrections."""
        old = [event(move(FREE, TAKES), move(FREE, GIVES, 1, Kind.PENDING)) for _ in range(count)]
        assert set(outcomes(ledger, *old)) == {Outcome.POSTED}
        posts = (event(Transfer(some_id(), None, None, WHOLE, Kind.POST, one.transfers[1].id)) for one in old)
        corrections = (replace(event(move(TAKES, FREE)), corrects=one.id) for one in old)
        return [*old, *(event(move(FREE, YUAN)) for _ in old), *posts, *corrections]

    assert statements([event(move(FREE, GIVES))]) == 1
    assert [statements(everything(count)) for count in (1, 10, 30)] == [6, 6, 6]
    assert [statements(everything(count)) for count in (100, 1_000)] == [8, 8]
    plain = [event(move(FREE, GIVES)) for _ in range(1_000)]
    assert [statements(plain[:50]), statements(plain)] == [3, 6]
