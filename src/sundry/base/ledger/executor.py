"""The ledger in PostgreSQL: events are decided by `rules.apply` and written, inside the caller's transaction.

Problem: a sale and its postings must be committed together or not at all, a thousand lines of an import must not cost a
thousand round trips, and two clerks who load the same lot at the same moment must not both hear that there is enough.
Therefore `post` locks what has a limit, in one order for everybody, loads the part of the ledger that the events name,
lets the state machine decide on it, and writes what was posted: as many statements for one event as for 8,000.

    read    the transfers that are to be resolved (they never change); only where there are any
    lock    the accounts with a limit, in the order of their ids; the others are looked at
    read    after the locks: what is recorded under these ids, new positions, the time, what was resolved meanwhile
    read    what tells a retry from another event under the same id; only where an id is known
    write   events, transfers, the counters of the accounts with a limit

An account without a limit has no counters in the database, so nobody waits for it: its balance is the sum of its
transfers. Two who submit one id at the same moment, on such accounts only, meet at a unique index; the second one goes
back to a savepoint, reads again and answers `exists`. So does who was to resolve a transfer that was recorded while he
waited. Everybody locks accounts first, then writes events in one order, then transfers: nobody waits in a circle, as
long as a transaction posts once.

It speaks to psycopg's connection and not to Django's cursors, which bind on the client: its statements are prepared.

The usual event comes alone and is right. It is written in one call as if it were (`ledger_post_quickly`), and the
constraints of the tables say whether it is; where they refuse, the way above tells why. Its transfers are written in
the order of its lines: only two events that both claim the same ids for their transfers could wait in a circle there,
which no right caller submits, and PostgreSQL ends one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import errors

from sundry.base.ledger.rules import (
    AMOUNT_MAX,
    EXPIRY_S_MAX,
    POSTED,
    Account,
    Answer,
    Event,
    Kind,
    Promise,
    State,
    Transfer,
    apply,
)

QUICKLY_TO: Final = 16  # transfers: a loop in the database is slower for more
COPY_FROM: Final = 100  # transfers: from so many on, COPY is the faster way of writing
COPIED_AT_ONCE: Final = 500  # rows
DOCUMENT_MAX: Final = 500  # characters: of much more an index can make no entry

_KINDS: Final = tuple(Kind)
_NUMBERS: Final = {kind: number for number, kind in enumerate(_KINDS)}

_NAMED: Final = """
SELECT t.id, t.debit, t.credit, t.amount, t.kind, t.pending, t.expiry_s, e.recorded_at
FROM ledger_transfer t JOIN ledger_event e USING (position) WHERE t.id = ANY(%(named)s::uuid[])
"""
_ACCOUNTS: Final = """
WITH locked AS MATERIALIZED (
  SELECT id, unit, floor, ceiling, debits_pending, debits_posted, credits_pending, credits_posted
  FROM ledger_account WHERE id = ANY(%(accounts)s::uuid[]) AND limited ORDER BY id FOR NO KEY UPDATE
)
SELECT * FROM locked
UNION ALL
SELECT id, unit, NULL, NULL, 0, 0, 0, 0 FROM ledger_account WHERE id = ANY(%(accounts)s::uuid[]) AND NOT limited
"""
_NEWS: Final = """
SELECT ARRAY(SELECT nextval('ledger_position') FROM generate_series(1, %(count)s)),
  coalesce(%(now)s::timestamptz, clock_timestamp()),
  (SELECT recorded_at FROM ledger_event ORDER BY position DESC LIMIT 1),
  ARRAY(SELECT id FROM ledger_event WHERE id = ANY(%(events)s::uuid[])),
  ARRAY(SELECT id FROM ledger_transfer WHERE id = ANY(%(transfers)s::uuid[])),
  current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')
FROM pg_current_xact_id()
"""
_LINKS: Final = """
SELECT 'resolved', pending, kind FROM ledger_transfer WHERE pending = ANY(%(named)s::uuid[])
UNION ALL SELECT 'corrected', corrects, 0 FROM ledger_event WHERE corrects = ANY(%(corrects)s::uuid[])
UNION ALL SELECT 'event', id, 0 FROM ledger_event WHERE id = ANY(%(corrects)s::uuid[])
"""
_KNOWN: Final = """
SELECT e.id, e.kind, e.document, e.actor, e.event_at, e.corrects,
  t.id, t.debit, t.credit, t.amount, t.kind, t.pending, t.expiry_s, p.amount
FROM ledger_event e JOIN ledger_transfer t USING (position) LEFT JOIN ledger_transfer p ON p.id = t.pending
WHERE e.id = ANY(%(known)s::uuid[]) ORDER BY t.position, t.line
"""
_EVENT_COLUMNS: Final = "(position, id, kind, document, actor, event_at, recorded_at, corrects)"
_TRANSFER_COLUMNS: Final = "(position, line, id, debit, credit, amount, kind, pending, expiry_s, expires_at)"
_COUNT: Final = """
UPDATE ledger_account SET debits_pending = new.debits_pending, debits_posted = new.debits_posted,
  credits_pending = new.credits_pending, credits_posted = new.credits_posted
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
  AS new (id, debits_pending, debits_posted, credits_pending, credits_posted)
WHERE ledger_account.id = new.id
"""
_WRITE: Final = f"""
WITH recorded AS (
  INSERT INTO ledger_event {_EVENT_COLUMNS}
  SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
    %s::timestamptz[], %s::uuid[])
  RETURNING id
), moved AS (
  INSERT INTO ledger_transfer {_TRANSFER_COLUMNS}
  SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[],
    %s::smallint[], %s::uuid[], %s::integer[], %s::timestamptz[])
  WHERE (SELECT count(*) FROM recorded) > 0  -- or PostgreSQL would write transfers first, and meet others in a circle
)
{_COUNT}
"""
_COPY_EVENTS: Final = f"COPY ledger_event {_EVENT_COLUMNS} FROM STDIN"
_COPY_TRANSFERS: Final = f"COPY ledger_transfer {_TRANSFER_COLUMNS} FROM STDIN"
_QUICKLY: Final = "SELECT ledger_post_quickly(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"

_Line = tuple[int, int, Transfer]  # position, line, transfer


class _TooEarly(Exception):
    """A transfer that is to be resolved was recorded after we had looked for it."""


def post(
    conn: psycopg.Connection[Any],
    events: Sequence[Event],
    now: datetime | None = None,
    savepoint: Callable[[], AbstractContextManager[Any]] | None = None,
    *,
    held: bool = False,
    copy_from: int = COPY_FROM,
) -> list[Answer]:
    """Record `events` in the transaction that is open on `conn`; the answers are those of `rules.apply`.

    `now`: the ledger's time; None: the clock of the server. `savepoint`: how whoever owns `conn` opens one (Django:
    `transaction.atomic`; psycopg's own would commit Django's transaction). ValueError, before anything is sent: a
    value that PostgreSQL could not hold or give back. RuntimeError: the transaction is repeatable read or serializable,
    so that it would not see what others have recorded meanwhile; a usual event that is new is posted there, too.
    """
    if not events:
        return []
    _check_values(events, now)
    savepoint = savepoint or conn.transaction
    if len(events) == 1 and _is_usual(events[0]) and _posted_quickly(conn, events[0], now):
        return [POSTED]
    if held:
        return _post(conn, events, now, copy_from)
    # Who loses sees next time what somebody has recorded: one more event is refused, or one more promise known.
    for _ in range(sum(1 + len(event.transfers) for event in events)):
        with suppress(errors.UniqueViolation, _TooEarly), savepoint():
            return _post(conn, events, now, copy_from)
    with savepoint():
        return _post(conn, events, now, copy_from)


def _check_values(events: Sequence[Event], now: datetime | None) -> None:
    texts = "".join([text for event in events for text in (event.kind, event.document, event.actor)])
    if "\0" in texts:
        raise ValueError("a NUL character in the kind, the document or the actor of an event")
    texts.encode()  # half a character: UnicodeEncodeError, which is a ValueError
    if now is not None and now.tzinfo is None:
        raise ValueError(f"a time without a zone: {now}")
    for event in events:
        if len(event.document) > DOCUMENT_MAX:
            raise ValueError(f"a document of more than {DOCUMENT_MAX} characters: {event.document[:50]}...")
        if event.event_at.tzinfo is None or not 1 < event.event_at.year < 9999:
            raise ValueError(f"a time without a zone, or outside of the years 2 to 9998: {event.event_at}")


def _is_usual(event: Event) -> bool:
    """Whether it is short, and every value fits its column, so that nothing but a constraint can refuse it."""
    return (
        event.corrects is None
        and 0 < len(event.transfers) <= QUICKLY_TO
        and all(
            one.kind in (Kind.PLAIN, Kind.PENDING)
            and one.pending is None
            and one.debit is not None
            and one.credit is not None
            and 0 < one.amount <= AMOUNT_MAX
            and 0 <= one.expiry_s <= EXPIRY_S_MAX
            for one in event.transfers
        )
    )


def _posted_quickly(conn: psycopg.Connection[Any], event: Event, now: datetime | None) -> bool:
    transfers = event.transfers
    [(position,)] = _run(
        conn,
        _QUICKLY,
        [
            event.id,
            event.kind,
            event.document,
            event.actor,
            event.event_at,
            now,
            _ids(one.id for one in transfers),
            _ids(one.debit for one in transfers),
            _ids(one.credit for one in transfers),
            _ints(one.amount for one in transfers),
            _ints(_NUMBERS[one.kind] for one in transfers),
            _ints(one.expiry_s for one in transfers),
        ],
    )
    return position is not None


def _post(conn: psycopg.Connection[Any], events: Sequence[Event], now: datetime | None, copy_from: int) -> list[Answer]:
    transfers = [one for event in events for one in event.transfers]
    accounts = {id_ for one in transfers for id_ in (one.debit, one.credit) if id_ is not None}
    named = {one.pending for one in transfers if one.pending is not None}
    old: Sequence[Any] = _run(conn, _NAMED, {"named": _ids(named)}).fetchall() if named else ()
    unseen = named - {row[0] for row in old}
    for _, debit, credit, *_ in old:
        accounts |= {debit, credit}
    asked = {
        "accounts": _ids(accounts),
        "count": len(events),
        "now": now,
        "events": _ids(event.id for event in events),
        "transfers": _ids([*(one.id for one in transfers), *unseen]),
        "named": _ids(named),
        "corrects": _ids(event.corrects for event in events if event.corrects is not None),
    }
    with conn.pipeline():
        found = _run(conn, _ACCOUNTS, asked)
        linked = asked["named"] != _NONE or asked["corrects"] != _NONE
        links: Iterable[Any] = _run(conn, _LINKS, asked) if linked else ()
        news = _run(conn, _NEWS, asked)
    state = State.of(Account(id_, None, "", *rest) for id_, *rest in found)
    [(positions, clock, last, known_events, known_transfers, read_committed)] = news
    if not read_committed:
        raise RuntimeError("the ledger is posted at read committed, and in no other isolation")
    if not unseen.isdisjoint(known_transfers):
        raise _TooEarly
    if last is not None:
        state.recorded_at = last.astimezone(UTC)  # Python compares and adds by the clock on the wall, else
    _load_links(state, old, links)
    _load_known(conn, state, known_events, known_transfers)
    limited = [account for account in state.accounts.values() if account.limited]
    before = [_counters(account) for account in limited]
    loaded = len(state.events)
    answers = apply(state, events, clock.astimezone(UTC))
    posted = list(islice(state.events.values(), loaded, None))
    if posted:
        changed = [account for account, was in zip(limited, before, strict=True) if _counters(account) != was]
        _write(conn, posted, positions, state.recorded_at, changed, copy_from)
    return answers


_SOMETHING: Final[Any] = None
"""Stands for an event or a transfer that is recorded, and of which nothing else is asked."""


def _load_links(state: State, old: Iterable[Sequence[Any]], links: Iterable[Sequence[Any]]) -> None:
    """Promises with what became of them, and events that are to be corrected."""
    resolved: dict[UUID, Kind] = {}
    for what, id_, kind in links:
        if what == "resolved":
            resolved[id_] = _KINDS[kind]
        elif what == "corrected":
            state.corrected.add(id_.int)
        else:
            state.events[id_.int] = _SOMETHING
    for id_, debit, credit, amount, number, _, expiry_s, recorded_at in old:
        state.transfers[id_.int] = _SOMETHING
        if _KINDS[number] is Kind.PENDING:
            expires_at = recorded_at.astimezone(UTC) + timedelta(seconds=expiry_s) if expiry_s else None
            both = state.accounts[debit.int], state.accounts[credit.int]
            state.promises[id_.int] = Promise(*both, amount, expires_at, resolved.get(id_))


def _load_known(conn: psycopg.Connection[Any], state: State, events: Sequence[UUID], transfers: Sequence[UUID]) -> None:
    """What is recorded under the ids of the events and transfers that are submitted now."""
    for id_ in transfers:
        state.transfers.setdefault(id_.int, _SOMETHING)
    if not events:
        return
    nobody = Account(events[0], None, "", "")
    for told, rows in groupby(_run(conn, _KNOWN, {"known": _ids(events)}), key=lambda row: row[:6]):
        id_, kind, document, actor, event_at, corrects = told
        lines: list[Transfer] = []
        for moved, debit, credit, amount, number, pending, expiry_s, promised in (row[6:] for row in rows):
            lines.append(Transfer(moved, debit, credit, amount, _KINDS[number], pending, expiry_s))
            if pending is not None and pending.int not in state.promises:
                state.promises[pending.int] = Promise(nobody, nobody, promised, None, _KINDS[number])
        state.events[id_.int] = Event(id_, kind, document, actor, event_at, tuple(lines), corrects)


def _counters(account: Account) -> tuple[int, int, int, int]:
    return account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted


def _write(
    conn: psycopg.Connection[Any],
    posted: Sequence[Event],
    positions: Sequence[int],
    recorded_at: datetime,
    accounts: Sequence[Account],
    copy_from: int,
) -> None:
    """Events in the order of what they correct and of their ids, transfers in that of what they resolve and of theirs:
    no two writers wait in a circle."""
    placed = sorted(zip(positions, posted, strict=False), key=lambda both: both[1].id.int)
    placed.sort(key=lambda both: both[1].corrects.int if both[1].corrects is not None else 0)
    lines = [(at, line, one) for at, event in placed for line, one in enumerate(event.transfers)]
    lines.sort(key=lambda line: line[2].id.int)
    lines.sort(key=lambda line: line[2].pending.int if line[2].pending is not None else 0)
    counters = (
        [
            _ids(account.id for account in accounts),
            *(_ints(column) for column in zip(*(_counters(account) for account in accounts), strict=True)),
        ]
        if accounts
        else [_NONE] * 5
    )
    if len(lines) < copy_from:
        _run(conn, _WRITE, [*_event_columns(placed, recorded_at), *_transfer_columns(lines, recorded_at), *counters])
        return
    _copy(conn, _COPY_EVENTS, _event_rows(placed, recorded_at))
    _copy(conn, _COPY_TRANSFERS, _transfer_rows(lines, recorded_at))
    _run(conn, _COUNT, counters)


def _event_columns(placed: Sequence[tuple[int, Event]], recorded_at: datetime) -> list[object]:
    events = [event for _, event in placed]
    return [
        _ints(position for position, _ in placed),
        _ids(event.id for event in events),
        [event.kind for event in events],
        [event.document for event in events],
        [event.actor for event in events],
        _moments(event.event_at for event in events),
        _moments([recorded_at] * len(events)),
        _ids(event.corrects for event in events),
    ]


def _transfer_columns(lines: Sequence[_Line], recorded_at: datetime) -> list[object]:
    transfers = [one for _, _, one in lines]
    return [
        _ints(position for position, _, _ in lines),
        _ints(line for _, line, _ in lines),
        _ids(one.id for one in transfers),
        _ids(one.debit for one in transfers),
        _ids(one.credit for one in transfers),
        _ints(one.amount for one in transfers),
        _ints(_NUMBERS[one.kind] for one in transfers),
        _ids(one.pending for one in transfers),
        _ints(one.expiry_s for one in transfers),
        _moments(_expires_at(one, recorded_at) for one in transfers),
    ]


def _expires_at(one: Transfer, recorded_at: datetime) -> datetime | None:
    return recorded_at + timedelta(seconds=one.expiry_s) if one.expiry_s else None


def _run(conn: psycopg.Connection[Any], statement: LiteralString, values: Any) -> psycopg.Cursor[Any]:
    return psycopg.Cursor(conn).execute(statement, values, prepare=True)


def _copy(conn: psycopg.Connection[Any], statement: LiteralString, rows: Iterable[str]) -> None:
    rows = iter(rows)
    with psycopg.Cursor(conn).copy(statement) as copy:
        while part := "".join(islice(rows, COPIED_AT_ONCE)):  # the server reads while we write
            copy.write(part)


def _event_rows(placed: Iterable[tuple[int, Event]], recorded_at: datetime) -> Iterator[str]:
    now = recorded_at.isoformat()
    for position, event in placed:
        corrects = "\\N" if event.corrects is None else f"{event.corrects.int:032x}"
        yield (
            f"{position}\t{event.id.int:032x}\t{_escaped(event.kind)}\t{_escaped(event.document)}\t"
            f"{_escaped(event.actor)}\t{event.event_at.isoformat()}\t{now}\t{corrects}\n"
        )


def _transfer_rows(lines: Iterable[_Line], recorded_at: datetime) -> Iterator[str]:
    for position, line, one in lines:
        assert one.debit is not None
        assert one.credit is not None
        pending = "\\N" if one.pending is None else f"{one.pending.int:032x}"
        expires_at = _expires_at(one, recorded_at) or "\\N"
        yield (
            f"{position}\t{line}\t{one.id.int:032x}\t{one.debit.int:032x}\t{one.credit.int:032x}\t{one.amount}\t"
            f"{_NUMBERS[one.kind]}\t{pending}\t{one.expiry_s}\t{expires_at}\n"
        )


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escaped(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


_NONE: Final = "{}"


def _ids(ids: Iterable[UUID | None]) -> str:
    """An array of uuid as PostgreSQL reads it: three times as fast as handing over the elements."""
    return "{" + ",".join(["NULL" if id_ is None else f"{id_.int:032x}" for id_ in ids]) + "}"


def _ints(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _moments(times: Iterable[datetime | None]) -> str:
    return "{" + ",".join(["NULL" if one is None else f'"{one.isoformat()}"' for one in times]) + "}"
