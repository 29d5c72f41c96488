"""Everything that the ledger promises, worked out again from its transfers.

Problem: counters, constraints and locks say that the books are right, and they are what an auditor doubts. Therefore
each promise is asked of the transfers alone, in one query that names the first event that breaks it:

    stall A12-3 got 500, gave 300, and its row says that it gave 200     counters_differ    event of the last transfer

Nothing is repaired: what is recorded stays, and a person finds out who changed it.

Not asked is whether `recorded_at` only grows: two writers whose clocks differ may record in the order B, A, and
positions, not times, are the order of the ledger (rules.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from sundry.base.ledger.queries import SNAPSHOT, snapshot
from sundry.base.ledger.rules import AMOUNT_MAX, UnitKind
from sundry.kernel.outcome import Progress, silent

_KNOWN_KINDS: Final = ", ".join(f"'{kind}'" for kind in UnitKind)

# Each side of each transfer as what it adds to the four counters of its account: a resolution takes back what its
# promise had added.
_SIDES: Final = """
WITH moved AS MATERIALIZED (
  SELECT t.position, t.line, t.debit, t.credit, CASE WHEN t.kind = 1 THEN t.amount ELSE 0 END - coalesce(p.amount, 0)
    AS pending, CASE WHEN t.kind IN (0, 2) THEN t.amount ELSE 0 END AS posted
  FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.pending AND p.kind = 1
), sides AS (
  SELECT position, line, debit AS account, pending AS debits_pending, posted AS debits_posted,
    0::bigint AS credits_pending, 0::bigint AS credits_posted FROM moved
  UNION ALL
  SELECT position, line, credit, 0, 0, pending, posted FROM moved
)
"""

# For each rule the first event that breaks it: its position (None: something to which nothing has happened), and what
# it is about: a transfer, an account, a unit or an event.
CHECKS: Final[dict[str, str]] = {
    "event_without_transfers": """
        SELECT e.position, e.id FROM ledger_event e LEFT JOIN ledger_transfer t ON t.position = e.position
        WHERE t.position IS NULL ORDER BY 1 LIMIT 1""",
    "transfer_without_event": """
        SELECT t.position, t.id FROM ledger_transfer t LEFT JOIN ledger_event e ON e.position = t.position
        WHERE e.position IS NULL ORDER BY 1 LIMIT 1""",
    "lines_are_missing": """
        SELECT t.position, e.id FROM (
          SELECT position FROM ledger_transfer GROUP BY position
          HAVING max(line) <> count(*) - 1 OR min(line) <> 0 OR count(DISTINCT line) <> count(*)
        ) AS t LEFT JOIN ledger_event e USING (position) ORDER BY 1 LIMIT 1""",
    "position_was_not_drawn": """
        SELECT e.position, e.id FROM ledger_event e, ledger_position drawn
        WHERE e.position <= 0 OR e.position > drawn.last_value OR NOT drawn.is_called ORDER BY 1 LIMIT 1""",
    "event_id_used_twice": """
        SELECT max(position), id FROM ledger_event GROUP BY id HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "transfer_id_used_twice": """
        SELECT max(position), id FROM ledger_transfer GROUP BY id HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "transfer_is_malformed": f"""
        SELECT position, id FROM ledger_transfer
        WHERE amount NOT BETWEEN 1 AND {AMOUNT_MAX} OR kind NOT BETWEEN 0 AND 4 OR debit = credit
          OR (kind >= 2) <> (pending IS NOT NULL) OR expiry_s < 0 OR (expiry_s > 0 AND kind <> 1)
        ORDER BY 1, line LIMIT 1""",
    "account_is_not_open": """
        SELECT t.position, CASE WHEN d.id IS NULL THEN t.debit ELSE t.credit END FROM ledger_transfer t
        LEFT JOIN ledger_account d ON d.id = t.debit LEFT JOIN ledger_account c ON c.id = t.credit
        WHERE d.id IS NULL OR c.id IS NULL ORDER BY 1, t.line LIMIT 1""",
    "account_opened_twice": """
        SELECT NULL, max(id::text) FROM ledger_account GROUP BY owner, purpose, unit HAVING count(*) > 1
        ORDER BY 2 LIMIT 1""",
    "unit_is_unknown": f"""
        SELECT NULL, a.unit FROM (SELECT DISTINCT unit FROM ledger_account) AS a
        LEFT JOIN ledger_unit u ON u.key = a.unit
        WHERE u.key IS NULL OR u.key <> u.kind || ':' || u.code OR u.kind NOT IN ({_KNOWN_KINDS})
          OR u.exponent NOT BETWEEN 0 AND 6
        ORDER BY 2 LIMIT 1""",
    "units_differ": """
        SELECT t.position, t.id FROM ledger_transfer t
        JOIN ledger_account d ON d.id = t.debit JOIN ledger_account c ON c.id = t.credit
        WHERE d.unit <> c.unit ORDER BY 1, t.line LIMIT 1""",
    "expiry_is_wrong": """
        SELECT t.position, t.id FROM ledger_transfer t JOIN ledger_event e USING (position)
        WHERE t.expires_at IS DISTINCT FROM
          CASE WHEN t.expiry_s > 0 THEN e.recorded_at + t.expiry_s * interval '1 second' END
        ORDER BY 1, t.line LIMIT 1""",
    "promise_is_not_there": """
        SELECT t.position, t.id FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.pending
        WHERE t.pending IS NOT NULL
          AND (p.id IS NULL OR p.kind <> 1 OR (p.position, p.line) >= (t.position, t.line))
        ORDER BY 1, t.line LIMIT 1""",
    "promise_is_badly_resolved": """
        SELECT t.position, t.id FROM ledger_transfer t JOIN ledger_transfer p ON p.id = t.pending
        WHERE (p.debit, p.credit) <> (t.debit, t.credit) OR t.amount > p.amount
          OR (t.kind <> 2 AND t.amount <> p.amount)
        ORDER BY 1, t.line LIMIT 1""",
    "promise_is_resolved_twice": """
        SELECT max(position), pending FROM ledger_transfer WHERE pending IS NOT NULL GROUP BY pending
        HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "promise_is_resolved_out_of_time": """
        SELECT t.position, t.id FROM ledger_transfer t JOIN ledger_event te ON te.position = t.position
        JOIN ledger_transfer p ON p.id = t.pending JOIN ledger_event pe ON pe.position = p.position
        WHERE (t.kind = 4) <> (p.expiry_s > 0 AND pe.recorded_at + p.expiry_s * interval '1 second' <= te.recorded_at)
        ORDER BY 1, t.line LIMIT 1""",
    "corrected_event_is_not_there": """
        SELECT c.position, c.id FROM ledger_event c LEFT JOIN ledger_event e ON e.id = c.corrects
        WHERE c.corrects IS NOT NULL AND (e.position IS NULL OR e.position >= c.position) ORDER BY 1 LIMIT 1""",
    "event_is_corrected_twice": """
        SELECT max(position), corrects FROM ledger_event WHERE corrects IS NOT NULL GROUP BY corrects
        HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "floor_is_broken": _SIDES
    + """
        SELECT position, account FROM (
          SELECT s.position, s.line, s.account, a.floor, sum(s.credits_posted - s.debits_posted - s.debits_pending)
            OVER (PARTITION BY s.account ORDER BY s.position, s.line) AS available
          FROM sides s JOIN ledger_account a ON a.id = s.account WHERE a.floor IS NOT NULL
        ) AS walked WHERE available < floor ORDER BY position, line LIMIT 1""",
    "ceiling_is_broken": _SIDES
    + """
        SELECT position, account FROM (
          SELECT s.position, s.line, s.account, a.ceiling, sum(s.credits_posted + s.credits_pending - s.debits_posted)
            OVER (PARTITION BY s.account ORDER BY s.position, s.line) AS expected
          FROM sides s JOIN ledger_account a ON a.id = s.account WHERE a.ceiling IS NOT NULL
        ) AS walked WHERE expected > ceiling ORDER BY position, line LIMIT 1""",
    "counters_differ": _SIDES
    + """
        SELECT last, id FROM ledger_account a LEFT JOIN (
          SELECT account, max(position) AS last, sum(debits_pending) AS dp, sum(debits_posted) AS d,
            sum(credits_pending) AS cp, sum(credits_posted) AS c FROM sides GROUP BY account
        ) AS summed ON summed.account = a.id
        WHERE ARRAY[a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted]::numeric[] <>
          CASE WHEN a.limited AND last IS NOT NULL THEN ARRAY[dp, d, cp, c] ELSE '{0,0,0,0}'::numeric[] END
        ORDER BY 1, 2 LIMIT 1""",
    "fold_differs": _SIDES
    + """
        SELECT position, account FROM (
          SELECT account, position, wanted, ARRAY[sum(debits_pending) OVER so_far, sum(debits_posted) OVER so_far,
            sum(credits_pending) OVER so_far, sum(credits_posted) OVER so_far] AS found
          FROM (
            SELECT account, position, line, debits_pending, debits_posted, credits_pending, credits_posted,
              NULL::numeric[] AS wanted FROM sides WHERE account IN (SELECT account FROM ledger_fold)
            UNION ALL
            SELECT account, position, 2147483647, 0, 0, 0, 0,
              ARRAY[debits_pending, debits_posted, credits_pending, credits_posted] FROM ledger_fold
          ) AS steps WINDOW so_far AS (PARTITION BY account ORDER BY position, line)
        ) AS walked WHERE wanted <> found ORDER BY 1, 2 LIMIT 1""",
    "unit_is_not_conserved": _SIDES
    + """
        SELECT s.position, a.unit FROM sides s JOIN ledger_account a ON a.id = s.account GROUP BY s.position, a.unit
        HAVING sum(s.debits_posted) <> sum(s.credits_posted) OR sum(s.debits_pending) <> sum(s.credits_pending)
        ORDER BY 1, 2 LIMIT 1""",
    "title_differs_from_custody": _SIDES
    + """
        , lots AS (
          SELECT code FROM ledger_unit WHERE kind IN ('title', 'custody') GROUP BY code HAVING count(*) = 2
        ), changed AS (
          SELECT u.code, s.position, sum(CASE u.kind WHEN 'title' THEN 1 ELSE -1 END
            * (s.debits_posted - s.credits_posted)) AS change
          FROM sides s JOIN ledger_account a ON a.id = s.account AND a.owner IS NULL
          JOIN ledger_unit u ON u.key = a.unit JOIN lots USING (code) GROUP BY u.code, s.position
        ), walked AS (
          SELECT code, position, sum(change) OVER (PARTITION BY code ORDER BY position) AS apart
          FROM changed WHERE change <> 0
        ), lasting AS (
          SELECT code, position, max(position) FILTER (WHERE apart = 0) OVER (PARTITION BY code) AS even_at FROM walked
        )
        SELECT min(position), code FROM lasting WHERE even_at IS NULL OR position > even_at
        GROUP BY code ORDER BY 1, 2 LIMIT 1""",
}
_COUNTS: Final = """
SELECT (SELECT count(*) FROM ledger_event), (SELECT count(*) FROM ledger_transfer),
  (SELECT count(*) FROM ledger_account)
"""
# Everything is read once, so a plan that looks rows up one by one, chosen for want of statistics, would take hours.
_SETTINGS: Final = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_nestloop = off"


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that is broken, and the first event at which it is; None: nothing that happened shows it.

    `what` it is about: the id of a transfer, an account or an event, or a unit.
    """

    rule: str
    position: int | None
    event: UUID | None
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    events: int
    transfers: int
    accounts: int
    violations: Sequence[Violation]


def verify(conn: psycopg.Connection[Any], progress: Progress = silent) -> Verification:
    """Every promise, asked of one snapshot of the ledger that `conn` reaches. So many statements for any number of
    transfers; nobody who posts waits for them.

    No transaction is open on `conn`. `progress(rule, done, total)` is called before each check.
    """
    with conn.transaction():
        conn.execute(SNAPSHOT)
        return look(conn, progress)


def verify_own(progress: Progress = silent) -> Verification:
    """`verify` on Django's connection."""
    with snapshot():
        return look(connection.connection, progress)


def look(conn: psycopg.Connection[Any], progress: Progress = silent) -> Verification:
    """Every promise, asked in the transaction that is open on `conn`: for who sees one snapshot in it."""
    conn.execute(_SETTINGS)
    [(events, transfers, accounts)] = conn.execute(_COUNTS)
    broken: list[Violation] = []
    for done, (rule, query) in enumerate(CHECKS.items()):
        progress(rule, done, len(CHECKS))
        for position, what in conn.execute(query.encode()):
            found = conn.execute("SELECT id FROM ledger_event WHERE position = %s", [position]).fetchone()
            broken.append(Violation(rule, position, found[0] if found is not None else None, str(what)))
    return Verification(events, transfers, accounts, broken)
