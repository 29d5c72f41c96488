"""Questions to the ledger: balances now and at any position, statements, trial balances, why a figure is what it is.

Every figure is a sum of transfers. For an account with a limit the executor keeps the sums of now; else they are summed
from the newest fold before the position that is asked for. Positions are the order of the ledger: (position, line)
names one transfer, and what was true after it stays true, whatever date a later event claims: at once up to a
`stable_position`, above it as soon as those who still write there have ended.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from sundry.base.ledger.rules import Event, Kind, Transfer, Unit, UnitKind

KINDS: Final = tuple(Kind)
END: Final = 2**63 - 1  # as a position: after all that is recorded
LAST_LINE: Final = 2**31 - 1  # as a line: after all transfers of its event
PAGE: Final = 50

SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""The first statement of a transaction whose questions are all answered of one moment."""

AccountName = tuple[UUID | None, str, str]
"""Owner, purpose, unit: by which an account is known."""


class Key(NamedTuple):
    """One transfer in the order of the ledger."""

    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The four counters of an account, and what they say; in the unit's smallest parts."""

    debits_pending: int = 0
    debits_posted: int = 0
    credits_pending: int = 0
    credits_posted: int = 0

    @property
    def balance(self) -> int:
        """What has arrived for good, less what has left for good."""
        return self.credits_posted - self.debits_posted

    @property
    def available(self) -> int:
        """What may still be given: the balance without what is promised to others."""
        return self.balance - self.debits_pending

    @property
    def expected(self) -> int:
        """The balance if all that is promised to this account arrives."""
        return self.balance + self.credits_pending


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account that is open. `owner` None: the market's."""

    id: UUID
    owner: UUID | None
    purpose: str
    unit: str
    kind: UnitKind
    code: str
    exponent: int
    floor: int | None
    ceiling: int | None
    opened_at: datetime


class Side(StrEnum):
    DEBIT = "debit"  # the account gave
    CREDIT = "credit"  # it took


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement. `after`: the account's counters when it was posted; `other`: who took or gave.

    `amount` is that of the transfer; a void or an expiry moves nothing, and releases as much.
    """

    key: Key
    event: UUID
    event_kind: str
    document: str
    event_at: datetime
    recorded_at: datetime
    corrects: UUID | None
    transfer: UUID
    kind: Kind
    side: Side
    other: UUID
    other_purpose: str
    amount: int
    after: Balance

    @property
    def change(self) -> int:
        """By how much the balance changed."""
        if self.kind not in (Kind.PLAIN, Kind.POST):
            return 0
        return self.amount if self.side is Side.CREDIT else -self.amount


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines of an account, in the order asked for. `opening`: its counters before the oldest of them; `more`:
    whether there are further lines."""

    opening: Balance
    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as it is recorded. `corrected_by`: the event that put it right.

    Asked for an organisation, `event` has the transfers that touch it, and the events that it corrects and that
    correct it are named where they touch it too. `is_whole`: all transfers touch it; `is_own`: nobody else takes part.
    `more`: there are transfers after these, which were asked from number `start` on.
    """

    event: Event
    position: int
    recorded_at: datetime
    corrected_by: UUID | None
    is_whole: bool = True
    is_own: bool = True
    start: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class TrialRow:
    """All accounts of one purpose in one unit: how many there are, and the sums of their counters."""

    purpose: str
    accounts: int
    sums: Balance


@dataclass(frozen=True, slots=True)
class Due:
    """A promise whose time is up."""

    id: UUID
    document: str
    expires_at: datetime


# The counters of the accounts that a SELECT of `id` names, after the transfer %(position)s, `last_line`.
# `fold`: the last position whose fold may be used.
_TAIL: Final = """
  SELECT base.id, {debits} AS debits_pending, {posted_d} AS debits_posted, {credits} AS credits_pending,
    {posted_c} AS credits_posted
  FROM base JOIN ledger_transfer t ON t.{side} = base.id AND t.position > base.position
    AND (t.position, t.line) <= (%(position)s, {last_line})
  LEFT JOIN ledger_transfer p ON p.id = t.pending
"""
_HELD: Final = "CASE WHEN t.kind = 1 THEN t.amount ELSE 0 END - coalesce(p.amount, 0)"
_MOVED: Final = "CASE WHEN t.kind IN (0, 2) THEN t.amount ELSE 0 END"


def _sums(accounts: str, last_line: str, fold: str) -> str:
    debit = _TAIL.format(debits=_HELD, posted_d=_MOVED, credits="0", posted_c="0", side="debit", last_line=last_line)
    credit = _TAIL.format(debits="0", posted_d="0", credits=_HELD, posted_c=_MOVED, side="credit", last_line=last_line)
    return f"""
WITH wanted AS ({accounts}), base AS (
  SELECT wanted.id, coalesce(folded.position, 0) AS position,
    coalesce(folded.debits_pending, 0) AS debits_pending, coalesce(folded.debits_posted, 0) AS debits_posted,
    coalesce(folded.credits_pending, 0) AS credits_pending, coalesce(folded.credits_posted, 0) AS credits_posted
  FROM wanted LEFT JOIN LATERAL (
    SELECT * FROM ledger_fold f WHERE f.account = wanted.id AND f.position <= {fold} ORDER BY f.position DESC LIMIT 1
  ) AS folded ON true
), parts AS (
  SELECT id, debits_pending, debits_posted, credits_pending, credits_posted FROM base
  UNION ALL {debit} UNION ALL {credit}
)
SELECT id, sum(debits_pending), sum(debits_posted), sum(credits_pending), sum(credits_posted) FROM parts GROUP BY id
"""


SUMS: Final = _sums("{accounts}", str(LAST_LINE), "%(position)s")
"""The counters of `{accounts}` (a SELECT of their `id`) after the whole event at %(position)s."""
_AT: Final = _sums("SELECT DISTINCT unnest(%(accounts)s::uuid[]) AS id", "%(line)s", "%(fold)s")
_NOW: Final = (
    "SELECT id, debits_pending, debits_posted, credits_pending, credits_posted FROM ledger_account "
    "WHERE id = ANY(%(accounts)s::uuid[]) AND limited UNION ALL SELECT * FROM ("
    + _sums(
        "SELECT id FROM ledger_account WHERE id = ANY(%(accounts)s::uuid[]) AND NOT limited", str(LAST_LINE), str(END)
    ).replace("%(position)s", str(END))
    + ") AS summed"
)
_ACCOUNT: Final = """
SELECT a.id, a.owner, a.purpose, a.unit, u.kind, u.code, u.exponent, a.floor, a.ceiling, a.opened_at
FROM ledger_account a JOIN ledger_unit u ON u.key = a.unit
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Whatever is asked inside is answered of one moment, also while others post; nothing can be written.

    Positions are drawn before they commit, so that two statements may see different lines below the newest: a balance
    and its lines, or a statement read in parts, agree only in here. RuntimeError: called inside a transaction, which
    has its own moments.
    """
    with transaction.atomic(durable=True):
        if not connection.savepoint_ids:  # a test that is one transaction is alone, and is let in
            with connection.cursor() as cursor:
                cursor.execute(SNAPSHOT)
        yield


def balances(accounts: Collection[UUID], *, at: Key | int | None = None) -> dict[UUID, Balance]:
    """The counters of accounts: now, after all of a position (int), or after one transfer (Key). One statement.

    An account that was never opened has no balance: it is not in the answer when asked for now.
    """
    if at is None:
        rows = _rows(_NOW, {"accounts": list(accounts)})
    else:
        rows = _rows(_AT, _place(accounts, at if isinstance(at, Key) else Key(at, LAST_LINE)))
    return {id_: Balance(*map(int, sums)) for id_, *sums in rows}


def _place(accounts: Collection[UUID], at: Key) -> dict[str, Any]:
    """What `_AT` wants to know. The fold of a position holds the whole event, so it says nothing of a line before."""
    fold = at.position if at.line == LAST_LINE else at.position - 1
    return {"accounts": list(accounts), "position": at.position, "line": at.line, "fold": fold}


def balance(account: UUID, *, at: Key | int | None = None) -> Balance:
    """The counters of one account. One statement."""
    return balances([account], at=at).get(account, Balance())


def account(account: UUID) -> AccountView | None:
    """One account. One statement."""
    return next((_account(row) for row in _rows(f"{_ACCOUNT} WHERE a.id = %s", [account])), None)


def accounts_of(ids: Collection[UUID]) -> dict[UUID, AccountView]:
    """Accounts by their ids. One statement."""
    return {row[0]: _account(row) for row in _rows(f"{_ACCOUNT} WHERE a.id = ANY(%s)", [list(ids)])}


def accounts_named(accounts: Collection[AccountName]) -> dict[AccountName, AccountView]:
    """The accounts of these owners, purposes and units, those that are open. One statement."""
    owners, purposes, units = ([name[i] for name in accounts] for i in range(3))
    wanted = "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS wanted (owner, purpose, unit)"
    named = (
        f"{_ACCOUNT} JOIN ({wanted}) AS wanted ON a.unit = wanted.unit AND a.purpose = wanted.purpose "
        "AND a.owner = wanted.owner UNION ALL "
        f"{_ACCOUNT} JOIN ({wanted}) AS wanted ON a.unit = wanted.unit AND a.purpose = wanted.purpose "
        "AND a.owner IS NULL AND wanted.owner IS NULL"
    )
    found = (_account(row) for row in _rows(named, [owners, purposes, units] * 2))
    return {(one.owner, one.purpose, one.unit): one for one in found}


def accounts(
    owner: UUID | None,
    *,
    kind: UnitKind | None = None,
    after: tuple[str, str] | None = None,
    limit: int = PAGE,
) -> tuple[AccountView, ...]:
    """The accounts of an organisation (None: the market's), by unit and purpose, from after (unit, purpose) on.

    One statement. `kind`: of money, of goods by title or custody, of quota; None: all.
    """
    whose = "a.owner = %(owner)s" if owner is not None else "a.owner IS NULL"
    of_kind = "AND a.unit >= %(from)s AND a.unit < %(until)s" if kind is not None else ""
    behind = "AND (a.unit, a.purpose) > (%(unit)s, %(purpose)s)" if after is not None else ""
    unit, purpose = after or ("", "")
    values = {
        "owner": owner,
        "from": f"{kind}:",
        "until": f"{kind};",  # the character after the colon: unit keys are compared as in C
        "unit": unit,
        "purpose": purpose,
        "limit": limit,
    }
    query = f"{_ACCOUNT} WHERE {whose} {of_kind} {behind} ORDER BY a.unit, a.purpose LIMIT %(limit)s"
    return tuple(_account(row) for row in _rows(query, values))


# Transfers with both accounts, each by its key: so a large event takes as long whatever else an organisation has.
_SIDES: Final = (
    "ledger_transfer o JOIN ledger_account d ON d.id = o.debit JOIN ledger_account k ON k.id = o.credit "
    "WHERE o.position = {position}"
)
_MINE: Final = "(d.owner IS NOT DISTINCT FROM %(of)s OR k.owner IS NOT DISTINCT FROM %(of)s)"
_ONLY_MINE: Final = "(d.owner IS NOT DISTINCT FROM %(of)s AND k.owner IS NOT DISTINCT FROM %(of)s)"
_TOUCHES: Final = f"EXISTS (SELECT FROM {_SIDES} AND {_MINE})"
_IS_WHOLE: Final = f"NOT EXISTS (SELECT FROM {_SIDES} AND NOT {_MINE})"
_IS_OWN: Final = f"NOT EXISTS (SELECT FROM {_SIDES} AND NOT {_ONLY_MINE})"
_CORRECTS: Final = (
    "CASE WHEN %(of)s::uuid IS NULL THEN e.corrects "
    f"ELSE (SELECT w.id FROM ledger_event w WHERE w.id = e.corrects AND {_TOUCHES.format(position='w.position')}) END"
)


def _lines(newest_first: bool) -> str:
    order = "DESC" if newest_first else "ASC"
    beyond = "<" if newest_first else ">"
    side = (
        "(SELECT t.position, t.line, t.id, t.kind, t.amount, t.pending, {other} AS other, '{side}' AS side "
        "FROM ledger_transfer t WHERE t.{side} = %(account)s "
        f"AND (t.position, t.line) {beyond} (%(from_position)s, %(from_line)s) "
        f"ORDER BY t.position {order}, t.line {order} LIMIT %(limit)s)"
    )
    return f"""
SELECT counted.*, page.* FROM ({_AT}) AS counted LEFT JOIN (
  SELECT page.position, page.line, e.id, e.kind, e.document, e.event_at, e.recorded_at, {_CORRECTS} AS corrects,
    page.id, page.kind, page.side, page.other, a.purpose, page.amount, p.amount
  FROM (
    {side.format(side="debit", other="t.credit")} UNION ALL {side.format(side="credit", other="t.debit")}
    ORDER BY position {order}, line {order} LIMIT %(limit)s
  ) AS page JOIN ledger_event e ON e.position = page.position JOIN ledger_account a ON a.id = page.other
  LEFT JOIN ledger_transfer p ON p.id = page.pending
) AS page ON true ORDER BY page.position {order}, page.line {order}
"""


_FORWARD: Final = _lines(newest_first=False)
_BACKWARD: Final = _lines(newest_first=True)


def statement(
    account: UUID, *, after: Key | None = None, before: Key | None = None, limit: int = PAGE, of: UUID | None = None
) -> Statement:
    """Lines of an account with its counters after each: from the first on, from `after` on, or back from `before`.

    Given `before` (Key(END, 0): from now), the newest comes first. One statement: lines and counters are of one moment.
    `of`: the events that were put right are named where they touched this organisation; None: always.
    """
    if after is not None and before is not None:
        raise ValueError("a page of a statement begins after one line or before one, not both")
    newest_first = before is not None
    start = before or after or Key(0, -1)
    at = _just_before(start) if newest_first else start
    values = _place([account], at) | {
        "account": account,
        "from_position": start.position,
        "from_line": start.line,
        "limit": limit + 1,
        "of": of,
    }
    rows = [row[1:] for row in _rows(_BACKWARD if newest_first else _FORWARD, values)]
    opening = counters = Balance(*map(int, rows[0][:4]))
    lines: list[Line] = []
    for row in rows[:limit] if rows[0][4] is not None else ():
        position, line, *told, number, side, other, purpose, amount, promised = row[4:]
        event, event_kind, document, event_at, recorded_at, corrects, transfer = told
        key, kind, gave_or_took = Key(position, line), KINDS[number], Side(side)
        moved = _moved(counters, kind, gave_or_took, amount, promised or 0, back=newest_first)
        lines.append(
            Line(
                key,
                event,
                event_kind,
                document,
                event_at,
                recorded_at,
                corrects,
                transfer,
                kind,
                gave_or_took,
                other,
                purpose,
                amount,
                counters if newest_first else moved,
            )
        )
        counters = moved
    return Statement(counters if newest_first else opening, tuple(lines), len(rows) > limit)


def statement_stream(account: UUID, *, lines_at_once: int = 1_000, of: UUID | None = None) -> Iterator[Line]:
    """All lines of an account, from the first on, without ever holding them all. Read them inside one `snapshot`."""
    after: Key | None = None
    while True:
        part = statement(account, after=after, limit=lines_at_once, of=of)
        yield from part.lines
        if not part.more:
            return
        after = part.lines[-1].key


def why(account: UUID, *, at: Key | int | None = None, limit: int = PAGE, before: Key | None = None) -> Statement:
    """Why the balance of an account is what it is at `at` (None: now): the lines that made it, the newest first, each
    with its event and document; `opening` is what the older ones had made of it. One statement."""
    if before is None:
        key = at if isinstance(at, Key) else Key(at if at is not None else END, LAST_LINE)
        before = Key(key.position, key.line + 1)
    return statement(account, before=before, limit=limit)


def _just_before(key: Key) -> Key:
    return Key(key.position, key.line - 1)


def _moved(was: Balance, kind: Kind, side: Side, amount: int, promised: int, *, back: bool) -> Balance:
    """The counters after one more transfer, or `back` before it; `promised`: what was pending, where it resolves."""
    sign = -1 if back else 1
    held = sign * ((amount if kind is Kind.PENDING else 0) - promised)
    moved = sign * (amount if kind in (Kind.PLAIN, Kind.POST) else 0)
    if side is Side.DEBIT:
        return Balance(was.debits_pending + held, was.debits_posted + moved, was.credits_pending, was.credits_posted)
    return Balance(was.debits_pending, was.debits_posted, was.credits_pending + held, was.credits_posted + moved)


def _events_where(condition: str, *, of: UUID | None = None, cut: bool = False, oldest_first: bool = False) -> str:
    """Some events with their transfers: of an organisation those that touch it; `cut`: a part of each event's."""
    order = "ASC" if oldest_first else "DESC"
    is_whole, is_own, touched, by = "true", "true", "", ""
    transfers = "SELECT o.* FROM ledger_transfer o WHERE o.position = e.position"
    if of is not None:
        is_whole, is_own = _IS_WHOLE.format(position="e.position"), _IS_OWN.format(position="e.position")
        touched = f"AND {_TOUCHES.format(position='e.position')}"
        by = f"AND {_TOUCHES.format(position='c.position')}"
        transfers = f"SELECT o.* FROM {_SIDES.format(position='e.position')} AND {_MINE}"
    part = "ORDER BY o.line LIMIT %(transfers)s + 1 OFFSET %(start)s" if cut else ""  # of one event: it ends
    return f"""
SELECT e.*, c.id, t.id, t.debit, t.credit, t.amount, t.kind, t.pending, t.expiry_s
FROM (
  SELECT e.position, e.id, e.kind, e.document, e.actor, e.event_at, e.recorded_at, {_CORRECTS} AS corrects,
    {is_whole} AS is_whole, {is_own} AS is_own
  FROM ledger_event e WHERE {condition} {touched} ORDER BY e.position {order} LIMIT %(limit)s
) AS e LEFT JOIN ledger_event c ON c.corrects = e.id {by}
LEFT JOIN LATERAL ({transfers} {part}) AS t ON true
ORDER BY e.position {order}, t.line
"""


def _events_found(
    condition: str, values: Mapping[str, Any], *, of: UUID | None, limit: int, transfers: int | None, start: int = 0
) -> tuple[EventView, ...]:
    query = _events_where(condition, of=of, cut=transfers is not None)
    rows = _rows(query, {**values, "of": of, "limit": limit, "transfers": transfers, "start": start})
    return tuple(_events(rows, start=start, transfers=transfers))


def event(event: UUID, *, of: UUID | None = None, start: int = 0, transfers: int | None = None) -> EventView | None:
    """One event with its transfers, or `transfers` of them from the one numbered `start` on. One statement.

    `of`: as this organisation sees it; None also where it moved nothing of it.
    """
    values = {"event": event}
    found = _events_found("e.id = %(event)s", values, of=of, limit=1, transfers=transfers, start=start)
    return next(iter(found), None)


def events_of(
    document: str, *, of: UUID | None = None, before: int = END, limit: int = PAGE, transfers: int | None = None
) -> tuple[EventView, ...]:
    """The events of a document, the newest first, those before a position, each with all transfers or the first ones.

    `of`: only those that moved something of this organisation, as it sees them. One statement.
    """
    values = {"document": document, "before": before}
    condition = "e.document = %(document)s AND e.position < %(before)s"
    return _events_found(condition, values, of=of, limit=limit, transfers=transfers)


def newest_events(*, before: int = END, limit: int = PAGE, transfers: int | None = None) -> tuple[EventView, ...]:
    """The events of everybody, the newest first, each with all transfers or the first ones. One statement."""
    condition = "e.position < %(before)s"
    return _events_found(condition, {"before": before}, of=None, limit=limit, transfers=transfers)


def event_stream(*, until: int = END, unit: str | None = None, events_at_once: int = 1_000) -> Iterator[EventView]:
    """All events in the order of the ledger, without ever holding them all. One statement a thousand events.

    `until`: the last position; up to a stable one nothing is missing, also while others post. `unit`: only those that
    moved something of it.
    """
    of_unit = (
        "AND EXISTS (SELECT FROM ledger_transfer t JOIN ledger_account a ON a.id = t.debit "
        "WHERE t.position = e.position AND a.unit = %(unit)s)"
    )
    condition = f"e.position > %(after)s AND e.position <= %(until)s {of_unit if unit is not None else ''}"
    found = _events_where(condition, oldest_first=True)
    after = 0
    values = {"until": until, "unit": unit, "of": None, "limit": events_at_once}
    while rows := _rows(found, {**values, "after": after}):
        yield from _events(rows)
        after = rows[-1][0]


def account_stream(*, unit: str | None = None, accounts_at_once: int = 1_000) -> Iterator[AccountView]:
    """All accounts, or those of a unit, by their ids, without ever holding them all. One statement a thousand."""
    query = f"{_ACCOUNT} WHERE a.id > %(after)s {'AND a.unit = %(unit)s' if unit is not None else ''}"
    query += " ORDER BY a.id LIMIT %(limit)s"
    after = UUID(int=0)
    while rows := _rows(query, {"after": after, "unit": unit, "limit": accounts_at_once}):
        yield from (_account(row) for row in rows)
        after = rows[-1][0]


_TRIAL: Final = """
SELECT a.purpose, count(*), sum(s.debits_pending), sum(s.debits_posted), sum(s.credits_pending), sum(s.credits_posted)
FROM ledger_account a JOIN (
  {sums}
) AS s (id, debits_pending, debits_posted, credits_pending, credits_posted) ON s.id = a.id
WHERE a.unit = %(unit)s GROUP BY a.purpose ORDER BY a.purpose
"""
_TRIAL_NOW: Final = _TRIAL.format(
    sums="SELECT id, debits_pending, debits_posted, credits_pending, credits_posted FROM ledger_account "
    "WHERE unit = %(unit)s AND limited UNION ALL SELECT * FROM ("
    + _sums("SELECT id FROM ledger_account WHERE unit = %(unit)s AND NOT limited", str(LAST_LINE), str(END)).replace(
        "%(position)s", str(END)
    )
    + ") AS summed"
)
_TRIAL_AT: Final = _TRIAL.format(sums=SUMS.format(accounts="SELECT id FROM ledger_account WHERE unit = %(unit)s"))


def trial_balance(unit: str, *, position: int | None = None) -> tuple[TrialRow, ...]:
    """The sums of all accounts of a unit by their purpose, now or after a position: debits equal credits.

    One statement, which reads every account of the unit.
    """
    query = _TRIAL_NOW if position is None else _TRIAL_AT
    rows = _rows(query, {"unit": unit, "position": position})
    return tuple(TrialRow(purpose, count, Balance(*map(int, sums))) for purpose, count, *sums in rows)


def total(rows: Sequence[TrialRow]) -> Balance:
    """The sums of all rows of a trial balance."""
    return Balance(*(sum(getattr(row.sums, counter.name) for row in rows) for counter in fields(Balance)))


def units(*, kind: UnitKind | None = None, after: str = "", limit: int = PAGE) -> tuple[tuple[str, int], ...]:
    """The keys and exponents of units, by key, from after `after` on. One statement."""
    query = (
        "SELECT key, exponent FROM ledger_unit WHERE key > %s AND (%s::text IS NULL OR kind = %s) ORDER BY key LIMIT %s"
    )
    return tuple((key, exponent) for key, exponent in _rows(query, [after, kind, kind, limit]))


def unit(key: str) -> Unit | None:
    """The unit of a key. One statement."""
    found = _rows("SELECT kind, code, exponent FROM ledger_unit WHERE key = %s", [key])
    return next((Unit(UnitKind(kind), code, exponent) for kind, code, exponent in found), None)


def due(*, now: datetime | None = None, since: datetime | None = None) -> list[Due]:
    """The promises whose time was up after `since` (None: ever) and by `now` (None: the clock of the server),
    unresolved. One statement."""
    query = (
        "SELECT t.id, e.document, t.expires_at FROM ledger_transfer t JOIN ledger_event e USING (position) "
        # as the machine decides: a clock that was set back does not make the ledger's time go back
        "WHERE t.expires_at <= greatest(coalesce(%(now)s::timestamptz, statement_timestamp()), "
        "(SELECT recorded_at FROM ledger_event ORDER BY position DESC LIMIT 1)) "
        "AND (%(since)s::timestamptz IS NULL OR t.expires_at > %(since)s) "
        "AND NOT EXISTS (SELECT FROM ledger_transfer r WHERE r.pending = t.id) ORDER BY t.position, t.line"
    )
    return [Due(*row) for row in _rows(query, {"now": now, "since": since})]


def resolved(transfers: Collection[UUID]) -> set[UUID]:
    """Which of these promises were posted, voided or expired. One statement."""
    query = "SELECT pending FROM ledger_transfer WHERE pending = ANY(%s)"
    return {row[0] for row in _rows(query, [list(transfers)])}


def promised(transfers: Collection[UUID]) -> dict[UUID, int]:
    """How much these promises were of. One statement."""
    query = "SELECT id, amount FROM ledger_transfer WHERE id = ANY(%s)"
    return dict(_rows(query, [list(transfers)]))


def stable_position(*, wait_s: float = 10) -> int | None:
    """A position up to which nothing can appear any more: everybody who could have drawn one below has ended.

    The position is read first, so that whoever drew it has a smaller transaction id than the one we take then; we wait
    until all those have ended. None: somebody's transaction lasted longer than `wait_s`. RuntimeError: called inside a
    transaction, which would wait for itself.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a stable position is waited for outside of transactions")
    [(drawn,)] = _rows("SELECT coalesce((SELECT last_value FROM ledger_position WHERE is_called), 0)", [])
    [(mine,)] = _rows("SELECT pg_current_xact_id()::text::bigint", [])
    until = time.monotonic() + wait_s
    while _rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])[0][0] <= mine:
        if time.monotonic() > until:
            return None
        time.sleep(0.01)
    return int(drawn)


def _rows(query: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _account(row: Sequence[Any]) -> AccountView:
    id_, owner, purpose, unit, kind, *rest = row
    return AccountView(id_, owner, purpose, unit, UnitKind(kind), *rest)


def _events(rows: Sequence[Sequence[Any]], *, start: int = 0, transfers: int | None = None) -> Iterator[EventView]:
    """Rows of `_events_where` as events: those of one event follow each other, one more than `transfers` if cut."""
    first = 0
    for end in range(1, len(rows) + 1):
        if end < len(rows) and rows[end][0] == rows[first][0]:
            continue
        position, id_, kind, document, actor, event_at, recorded_at, corrects, *others = rows[first][:11]
        moved = tuple(
            Transfer(transfer, debit, credit, amount, KINDS[number], pending, expiry_s)
            for transfer, debit, credit, amount, number, pending, expiry_s in (row[11:] for row in rows[first:end])
            if transfer is not None  # nothing is left from `start` on
        )
        is_whole, is_own, corrected_by = others
        made = Event(id_, kind, document, actor, event_at, moved[:transfers], corrects)
        more = len(made.transfers) < len(moved)
        yield EventView(made, position, recorded_at, corrected_by, is_whole, is_own, start, more)
        first = end
