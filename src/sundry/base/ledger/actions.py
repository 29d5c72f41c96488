"""What happens to the ledger: accounts are opened, events are posted, corrected, and their promises expire.

    with transaction.atomic():
        ticket = ...save the document...
        post_or_raise(event=Event(new_id(), "intake", f"ticket:{ticket.id}", actor, now, (Transfer(...), ...)))

Post once in a transaction, as its last step: whoever posts twice may wait in a circle with somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count as count_from
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg
from django.db import connection, transaction

from sundry.base.ledger import executor, queries
from sundry.base.ledger.models import Unit
from sundry.base.ledger.rules import AMOUNT_MAX, WHOLE, Answer, Event, Kind, Outcome, Transfer, UnitKind, reversal
from sundry.base.ledger.rules import Unit as UnitOf
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import new_id

EXPIRED_AT_ONCE: Final = 1_000  # promises; each batch is a transaction of its own
_NOBODY: Final = UUID(int=0)
FOLD_FROM: Final = 1_000  # transfers that are summed each time; twice as many are read in 2 ms


class Refused(SundryError):
    """An event was not recorded. `outcome` says why, `line` of which transfer, from 0; None: the event itself."""

    def __init__(self, outcome: Outcome, event: Event, line: int | None) -> None:
        self.outcome, self.event, self.line = outcome, event, line
        moved = event.transfers[line] if line is not None else None
        super().__init__(
            f"ledger_{outcome}",
            document=event.document,
            transfer=line + 1 if line is not None else 0,
            amount=moved.amount if moved is not None else 0,
        )


class LimitsDiffer(SundryError):
    """The account is open already, with other limits: they never change."""

    def __init__(self, purpose: str, unit: str) -> None:
        super().__init__("ledger_limits_differ", purpose=purpose, unit=unit)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened. `owner`: an organisation, None for the market and the world outside.

    It is known by `owner`, `purpose` and `unit`: there is one such account. `floor` <= 0, `ceiling` >= 0; None: no
    limit.
    """

    owner: UUID | None
    purpose: str
    unit: str
    floor: int | None = None
    ceiling: int | None = None

    def __post_init__(self) -> None:
        if not -AMOUNT_MAX <= (self.floor or 0) <= 0 <= (self.ceiling or 0) <= AMOUNT_MAX:
            raise ValueError(f"{self.purpose} cannot start at 0 between {self.floor} and {self.ceiling}")

    @property
    def name(self) -> queries.AccountName:
        return self.owner, self.purpose, self.unit


@dataclass(frozen=True, slots=True)
class Lot:
    """The two accounts of a lot of goods in one place: who owns it, and who holds it."""

    title: UUID
    custody: UUID


def open_units(*, units: Iterable[UnitOf]) -> None:
    """Make units known. One statement, three where one is new.

    ValueError: one is known already with another number of decimals, which is a fault of the caller.
    """
    wanted = {unit.key: unit for unit in units}
    if new := [wanted[key] for key in sorted(wanted.keys() - _known(wanted))]:
        rows = [Unit(key=unit.key, kind=unit.kind, code=unit.code, exponent=unit.exponent) for unit in new]
        Unit.objects.bulk_create(rows, ignore_conflicts=True)
        _known(wanted)  # somebody may have been faster


def _known(wanted: Mapping[str, UnitOf]) -> set[str]:
    """Which of these units are known, by their keys; ValueError as above."""
    known = dict(Unit.objects.filter(key__in=wanted).values_list("key", "exponent"))
    if differ := [key for key in sorted(known) if known[key] != wanted[key].exponent]:
        raise ValueError(f"known with another number of decimals: {', '.join(differ)}")
    return set(known)


def open_accounts(*, accounts: Sequence[NewAccount]) -> list[UUID]:
    """The ids of these accounts, in their order; those that are not open yet are opened.

    One statement where all are open, four where some are not. LimitsDiffer: one of them is open with other limits, and
    none is opened then. ValueError: a unit is not known, or limits that 0 is outside of: a fault of the caller.
    """
    names = {account.name: account for account in accounts}
    open_now = queries.accounts_named(list(names))
    for account in accounts:
        _check_limits(account, open_now.get(account.name) or names[account.name])
    if missing := [account for name, account in names.items() if name not in open_now]:
        with transaction.atomic():
            open_now |= _opened(missing)
    return [open_now[account.name].id for account in accounts]


def _opened(accounts: Sequence[NewAccount]) -> dict[queries.AccountName, queries.AccountView]:
    """Accounts that were not open when we looked; somebody may have been faster."""
    units = {account.unit for account in accounts}
    if strange := units - set(Unit.objects.filter(key__in=units).values_list("key", flat=True)):
        raise ValueError(f"no such unit: {', '.join(sorted(strange))}")
    # Everybody opens in this order, so that nobody waits in a circle.
    in_order = sorted(accounts, key=lambda one: (one.unit, one.purpose, one.owner or _NOBODY))
    columns = zip(*((new_id(), a.owner, a.purpose, a.unit, a.floor, a.ceiling) for a in in_order), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(column) for column in columns])
    opened = queries.accounts_named([account.name for account in accounts])
    for account in accounts:
        _check_limits(account, opened[account.name])
    return opened


# Django's bulk_create resolves each default of each row: 27 times the CPU for 16,000 accounts.
_OPEN: Final = """
INSERT INTO ledger_account (id, owner, purpose, unit, floor, ceiling)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING
"""


def _check_limits(wanted: NewAccount, found: NewAccount | queries.AccountView) -> None:
    if (wanted.floor, wanted.ceiling) != (found.floor, found.ceiling):
        raise LimitsDiffer(wanted.purpose, wanted.unit)


def open_account(
    *, owner: UUID | None, purpose: str, unit: str, floor: int | None = None, ceiling: int | None = None
) -> UUID:
    """The id of one account, opened if need be."""
    return open_accounts(accounts=[NewAccount(owner, purpose, unit, floor, ceiling)])[0]


def open_goods(*, lot: str, owner: UUID, holder: UUID) -> Lot:
    """The accounts in which `lot` (its id) stands that `owner` owns and `holder` holds; neither falls below 0.

    Where goods come from and go to is the market's account of the purpose "outside", in both units.
    """
    title, custody = UnitOf(UnitKind.TITLE, lot), UnitOf(UnitKind.CUSTODY, lot)
    open_units(units=[title, custody])
    opened = open_accounts(
        accounts=[NewAccount(owner, "owned", title.key, floor=0), NewAccount(holder, "held", custody.key, floor=0)]
    )
    return Lot(*opened)


def post(
    *,
    events: Sequence[Event],
    now: datetime | None = None,
    held: bool = False,
    copy_from: int = executor.COPY_FROM,
) -> list[Answer]:
    """Record `events` in the caller's transaction, or in one of their own; the answers are those of `rules.apply`.

    As many statements for one event as for 8,000. `now`: the ledger's time; None: the clock of the server. `held`,
    `copy_from`: `executor.post` tells.
    """
    with connection.wrap_database_errors:
        return executor.post(_connection(), events, now, transaction.atomic, held=held, copy_from=copy_from)


def post_or_raise(*, event: Event, now: datetime | None = None) -> Answer:
    """Record `event`; posted or, on a retry, exists. Refused: anything else."""
    [answer] = post(events=[event], now=now)
    if answer.outcome not in (Outcome.POSTED, Outcome.EXISTS):
        raise Refused(answer.outcome, event, answer.line)
    return answer


def correct(
    *, event: UUID, by: UUID, actor: str, event_at: datetime, document: str = "", now: datetime | None = None
) -> Event:
    """Undo a recorded event by a new one of the id `by`, which names it: nothing recorded ever changes.

    `document`: the paper that says why; else that of the event. The same `by` again gives the correction that is there.
    Refused: it is corrected already, or what it moved is no longer where it went.
    """
    found = queries.event(event)
    if found is None:
        raise Refused(Outcome.CORRECTED_EVENT_NOT_FOUND, Event(by, "correction", document, actor, event_at, ()), None)
    if found.corrected_by == by and (again := queries.event(by)) is not None:
        return again.event
    resolved = queries.resolved(transfers=[one.id for one in found.event.transfers if one.kind is Kind.PENDING])
    correction = Event(
        by,
        "correction",
        document or found.event.document,
        actor,
        event_at,
        reversal(found.event, _ids_after(by), resolved=resolved),
        event,
    )
    post_or_raise(event=correction, now=now)
    return correction


def expire(*, now: datetime | None = None, since: datetime | None = None) -> int:
    """Give back what was promised until `now` (None: the clock of the server) and never resolved; how many promises.

    `since`: those whose time was up before it were looked at before. Each promise is an event of its own, all of which
    follows from the promise: two who expire at the same moment do it once.
    """
    count = 0
    for due in _in_parts(queries.due(now=now, since=since)):
        events = [_expiry(one) for one in due]
        count += sum(answer.outcome is Outcome.POSTED for answer in post(events=events, now=now))
    return count


def _expiry(promise: queries.Due) -> Event:
    made = _ids_after(promise.id)
    expired = Transfer(made(), None, None, WHOLE, Kind.EXPIRE, promise.id)
    return Event(made(), "expiry", promise.document, "ledger", promise.expires_at, (expired,))


def fold(*, wait_s: float = 10) -> int:
    """Keep the sums of busy accounts up to the stable position: no balance is summed from the first transfer on.

    How many accounts; 0 too where somebody's transaction lasted longer than `wait_s`: the next time will do. Not inside
    a transaction.
    """
    stable = queries.stable_position(wait_s=wait_s)
    if stable is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"position": stable, "from": FOLD_FROM})
        return int(cursor.rowcount)


_FOLD = f"""
WITH lately AS (
  SELECT coalesce((SELECT position FROM ledger_fold ORDER BY position DESC LIMIT 1), 0) AS position
), touched AS (
  SELECT debit AS account FROM ledger_transfer t, lately
  WHERE t.position > lately.position AND t.position <= %(position)s
  UNION
  SELECT credit FROM ledger_transfer t, lately
  WHERE t.position > lately.position AND t.position <= %(position)s
), busy AS (
  SELECT account FROM touched, LATERAL (
    SELECT coalesce(max(position), 0) AS position FROM ledger_fold f WHERE f.account = touched.account
  ) AS folded
  WHERE (SELECT count(*) FROM (
    (SELECT 1 FROM ledger_transfer t WHERE t.debit = touched.account
      AND t.position > folded.position AND t.position <= %(position)s LIMIT %(from)s)
    UNION ALL
    (SELECT 1 FROM ledger_transfer t WHERE t.credit = touched.account
      AND t.position > folded.position AND t.position <= %(position)s LIMIT %(from)s)
  ) AS unfolded) >= %(from)s
)
INSERT INTO ledger_fold (account, position, debits_pending, debits_posted, credits_pending, credits_posted)
SELECT account, %(position)s, debits_pending, debits_posted, credits_pending, credits_posted
FROM ({queries.SUMS.format(accounts="SELECT account AS id FROM busy")}) AS summed(
  account, debits_pending, debits_posted, credits_pending, credits_posted)
ON CONFLICT DO NOTHING
"""


def _ids_after(first: UUID) -> Callable[[], UUID]:
    """Ids that follow from `first`: who tries again makes the same."""
    numbers = count_from(1)
    return lambda: uuid5(first, str(next(numbers)))


def _in_parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while part := list(islice(rows, EXPIRED_AT_ONCE)):
        yield part


def _connection() -> psycopg.Connection[Any]:
    """Django's connection, as psycopg knows it; a new one where the old one was cut, as for Django's own statements."""
    connection.validate_no_broken_transaction()  # as before each of Django's: what is posted now would be rolled back
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    return found
