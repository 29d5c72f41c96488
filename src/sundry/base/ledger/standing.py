"""Accounts as they stand, opened where they are not open yet: one statement, for one account or for 5,000.

Problem: an order over five stalls moves goods of twenty units and money to five claims; half of these accounts were
never used. `actions.open_accounts` looks, looks for the units, opens, and looks again, and says nothing of how the
accounts stand. Therefore `standing` makes units known, opens accounts and reads the counters at once; only where
somebody else opened one of them at that very moment does it look a second time.

What it tells is what is committed, or written in this transaction. Whoever acts on a balance holds a lock under which
nobody else moves it (of the good, of the order), or lets the ledger's floor decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from sundry.base.access.prepared import run
from sundry.base.ledger.actions import LimitsDiffer, NewAccount
from sundry.base.ledger.queries import AccountName
from sundry.base.ledger.rules import Unit, UnitKind
from sundry.kernel.identifiers import new_id

# Units before accounts, both in one order for everybody: nobody waits in a circle. Each account is looked up by its
# key (LIMIT): joined, a plan that was made while there were few of them would read all of them for ever after.
_TRIES: Final = 5  # one, and one where somebody was faster: what he opened is there then
_STANDING: Final = """
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
    WITH ORDINALITY AS wanted (id, owner, purpose, unit, floor, ceiling, place)
), counted AS MATERIALIZED (
  SELECT counted.*, (SELECT unit.exponent FROM ledger_unit AS unit WHERE unit.key = counted.key) AS known_exponent
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::smallint[])
    WITH ORDINALITY AS counted (key, kind, code, exponent, place)
), found AS MATERIALIZED (
  SELECT wanted.place, account.* FROM wanted CROSS JOIN LATERAL (
    SELECT * FROM ledger_account AS account
    WHERE account.owner = wanted.owner AND account.unit = wanted.unit AND account.purpose = wanted.purpose LIMIT 1
  ) AS account
  UNION ALL
  SELECT wanted.place, account.* FROM wanted CROSS JOIN LATERAL (
    SELECT * FROM ledger_account AS account
    WHERE account.owner IS NULL AND account.unit = wanted.unit AND account.purpose = wanted.purpose LIMIT 1
  ) AS account
  WHERE wanted.owner IS NULL
), known AS (
  INSERT INTO ledger_unit (key, kind, code, exponent)
  SELECT key, kind, code, exponent FROM counted WHERE known_exponent IS NULL ORDER BY place
  ON CONFLICT DO NOTHING RETURNING key
), opened AS (
  INSERT INTO ledger_account (id, owner, purpose, unit, floor, ceiling)
  SELECT id, owner, purpose, unit, floor, ceiling FROM wanted
  WHERE NOT EXISTS (SELECT FROM found WHERE found.place = wanted.place) AND (SELECT count(*) FROM known) >= 0
  ORDER BY place ON CONFLICT DO NOTHING RETURNING id
)
SELECT place, id, floor, ceiling, credits_posted, credits_pending, debits_posted, debits_pending FROM found
UNION ALL
SELECT wanted.place, id, floor, ceiling, 0, 0, 0, 0 FROM opened JOIN wanted USING (id)
UNION ALL
SELECT 0, NULL, NULL, NULL, 0, 0, 0, 0 FROM counted WHERE known_exponent <> exponent
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An open account. The figures are those of `rules.Account`; of one without a limit they are 0, whatever it has
    moved: its balance is a sum of transfers (`queries.balances`)."""

    id: UUID
    balance: int
    available: int
    expected: int


def standing(*, units: Collection[Unit], accounts: Sequence[NewAccount]) -> list[Standing]:
    """These accounts in their order; those that are not open yet are opened, and their `units` made known.

    LimitsDiffer: one of them is open with other limits. ValueError: an account of a unit that is not among `units`, or
    one that is known with another number of decimals: a fault of the caller.
    """
    kinds = {unit.key: unit for unit in units}
    names = {account.name: account for account in accounts}
    if strange := {account.unit for account in accounts} - kinds.keys():
        raise ValueError(f"no such unit: {', '.join(sorted(strange))}")
    in_order = sorted(names.values(), key=_place)
    found: dict[int, Any] = {}
    for _ in range(_TRIES):
        if len(found) == len(in_order):
            break
        found = {row[0]: row for row in _asked(kinds, in_order)}
        if 0 in found:
            raise ValueError("a unit is known with another number of decimals")
    stands: dict[Any, Standing] = {}
    for place, account in enumerate(in_order, start=1):
        _, id_, floor, ceiling, credits_posted, credits_pending, debits_posted, debits_pending = found[place]
        if (floor, ceiling) != (account.floor, account.ceiling):
            raise LimitsDiffer(account.purpose, account.unit)
        balance = credits_posted - debits_posted
        stands[account.name] = Standing(id_, balance, balance - debits_pending, balance + credits_pending)
    return [stands[account.name] for account in accounts]


def _place(account: NewAccount) -> tuple[str, str, int]:
    """The order in which `actions.open_accounts` opens, too."""
    return account.unit, account.purpose, account.owner.int if account.owner is not None else 0


def _asked(kinds: dict[str, Unit], accounts: Sequence[NewAccount]) -> Sequence[Any]:
    units = [kinds[key] for key in sorted(kinds)]
    values: list[Any] = [
        _ids(new_id() for _ in accounts),
        _ids(one.owner for one in accounts),
        [one.purpose for one in accounts],
        [one.unit for one in accounts],
        _ints(one.floor for one in accounts),
        _ints(one.ceiling for one in accounts),
        [unit.key for unit in units],
        [unit.kind.value for unit in units],
        [unit.code for unit in units],
        _ints(unit.exponent for unit in units),
    ]
    return run(_STANDING, values).fetchall()


def _ids(ids: Iterable[UUID | None]) -> str:
    """An array as PostgreSQL reads it: three times as fast as handing over the elements."""
    return "{" + ",".join(["NULL" if id_ is None else f"{id_.int:032x}" for id_ in ids]) + "}"


def _ints(numbers: Iterable[int | None]) -> str:
    return "{" + ",".join(["NULL" if number is None else str(number) for number in numbers]) + "}"


_OF_UNITS: Final = """
SELECT account.owner, account.purpose, account.unit, account.id, account.credits_posted, account.credits_pending,
  account.debits_posted, account.debits_pending
FROM unnest(%s::uuid[], %s::text[]) AS wanted (owner, unit)
JOIN ledger_account AS account ON account.owner = wanted.owner AND account.unit = wanted.unit
"""


def standing_of(wanted: Collection[tuple[UUID | None, str]]) -> dict[AccountName, Standing]:
    """All accounts of these owners in these units, by their names: those that are open. One statement."""
    owners, units = [owner for owner, _ in wanted], [unit for _, unit in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_OF_UNITS, [owners, units])
        rows = cursor.fetchall()
    found = {}
    for owner, purpose, unit, id_, credits_posted, credits_pending, debits_posted, debits_pending in rows:
        balance = credits_posted - debits_posted
        found[owner, purpose, unit] = Standing(id_, balance, balance - debits_pending, balance + credits_pending)
    return found


def givers(transfers: Collection[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """From which accounts these transfers came, and of how much they were. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, debit, amount FROM ledger_transfer WHERE id = ANY(%s::uuid[])", [list(transfers)])
        return {id_: (debit, amount) for id_, debit, amount in cursor.fetchall()}


def units_of(accounts: Collection[UUID]) -> dict[UUID, Unit]:
    """What these accounts count. One statement."""
    query = """SELECT account.id, unit.kind, unit.code, unit.exponent
FROM ledger_account AS account JOIN ledger_unit AS unit ON unit.key = account.unit WHERE account.id = ANY(%s::uuid[])"""
    with connection.cursor() as cursor:
        cursor.execute(query, [list(accounts)])
        return {id_: Unit(UnitKind(kind), code, exponent) for id_, kind, code, exponent in cursor.fetchall()}
