"""Everything that the ledger promises, worked out again from its transfers.

Problem: counters, constraints and locks say that the books are right, and they are what an auditor doubts. Therefore
each promise is asked of the transfers alone, in one query that names the first event that breaks it:

    stall A12-3 got 500, gave 300, and its row says that it gave 200     counters_differ    event of the last transfer
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg

# Each side of each transfer as what it adds to the four counters of its account, in the order of the ledger.
_SIDES: Final = """
WITH sides AS (
  SELECT t.position, t.line, t.debit AS account,
    CASE WHEN t.kind = 1 THEN t.amount ELSE 0 END - coalesce(p.amount, 0) AS debits_pending,
    CASE WHEN t.kind IN (0, 2) THEN t.amount ELSE 0 END AS debits_posted, 0 AS credits_pending, 0 AS credits_posted
  FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.pending
  UNION ALL
  SELECT t.position, t.line, t.credit, 0, 0, CASE WHEN t.kind = 1 THEN t.amount ELSE 0 END - coalesce(p.amount, 0),
    CASE WHEN t.kind IN (0, 2) THEN t.amount ELSE 0 END
  FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.pending
)
"""
CHECKS: Final[dict[str, str]] = {
    "event_without_transfers": """
        SELECT position FROM ledger_event e
        WHERE NOT EXISTS (SELECT FROM ledger_transfer t WHERE t.position = e.position) ORDER BY position LIMIT 1""",
    "transfer_without_event": """
        SELECT position FROM ledger_transfer t
        WHERE NOT EXISTS (SELECT FROM ledger_event e WHERE e.position = t.position) ORDER BY position LIMIT 1""",
    "lines_are_missing": """
        SELECT position FROM ledger_transfer GROUP BY position HAVING max(line) <> count(*) - 1
        ORDER BY position LIMIT 1""",
    "accounts_do_not_fit": """
        SELECT position FROM ledger_transfer t LEFT JOIN ledger_account d ON d.id = t.debit
        LEFT JOIN ledger_account c ON c.id = t.credit
        WHERE d.unit IS DISTINCT FROM c.unit OR d.unit IS NULL OR d.id = c.id OR t.amount <= 0
        ORDER BY position LIMIT 1""",
    "id_used_twice": """
        SELECT max(position) FROM (
          SELECT 'e', id, position FROM ledger_event UNION ALL SELECT 't', id, position FROM ledger_transfer
        ) AS used (what, id, position) GROUP BY what, id HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "promise_is_badly_resolved": """
        SELECT t.position FROM ledger_transfer t
        JOIN ledger_event te ON te.position = t.position
        LEFT JOIN ledger_transfer p ON p.id = t.pending LEFT JOIN ledger_event pe ON pe.position = p.position
        WHERE t.kind >= 2 AND (
          p.kind IS DISTINCT FROM 1 OR (p.debit, p.credit) <> (t.debit, t.credit) OR t.amount > p.amount
          OR (t.kind <> 2 AND t.amount <> p.amount) OR (p.position, p.line) >= (t.position, t.line)
          OR (t.kind = 4) <> (p.expiry_s > 0 AND pe.recorded_at + p.expiry_s * interval '1 second' <= te.recorded_at))
        ORDER BY t.position LIMIT 1""",
    "promise_is_resolved_twice": """
        SELECT max(position) FROM ledger_transfer WHERE pending IS NOT NULL GROUP BY pending HAVING count(*) > 1
        ORDER BY 1 LIMIT 1""",
    "correction_is_wrong": """
        SELECT max(c.position) FROM ledger_event c LEFT JOIN ledger_event e ON e.id = c.corrects
        WHERE c.corrects IS NOT NULL GROUP BY c.corrects
        HAVING count(*) > 1 OR bool_or(e.position IS NULL OR e.position >= c.position) ORDER BY 1 LIMIT 1""",
    "limit_is_broken": _SIDES
    + """
        SELECT position FROM (
          SELECT s.position, a.floor, a.ceiling,
            sum(credits_posted - debits_posted - debits_pending) OVER so_far AS available,
            sum(credits_posted + credits_pending - debits_posted) OVER so_far AS expected
          FROM sides s JOIN (SELECT id, floor, ceiling FROM ledger_account WHERE limited) a ON a.id = s.account
          WINDOW so_far AS (PARTITION BY s.account ORDER BY s.position, s.line)
        ) AS walked WHERE available < floor OR expected > ceiling ORDER BY position LIMIT 1""",
    "counters_differ": _SIDES
    + """
        SELECT coalesce(last, 0) FROM ledger_account a LEFT JOIN (
          SELECT account, max(position) AS last, sum(debits_pending) AS dp, sum(debits_posted) AS d,
            sum(credits_pending) AS cp, sum(credits_posted) AS c FROM sides GROUP BY account
        ) AS folded ON folded.account = a.id
        WHERE NOT (a.debits_pending = coalesce(dp, 0) AND a.debits_posted = coalesce(d, 0)
          AND a.credits_pending = coalesce(cp, 0) AND a.credits_posted = coalesce(c, 0)) AND a.limited
          OR NOT (a.debits_pending = 0 AND a.debits_posted = 0 AND a.credits_pending = 0 AND a.credits_posted = 0)
          AND NOT a.limited
        ORDER BY 1 LIMIT 1""",
    "unit_is_not_conserved": _SIDES
    + """
        SELECT max(position) FROM sides s JOIN ledger_account a ON a.id = s.account GROUP BY a.unit
        HAVING sum(s.debits_posted) <> sum(s.credits_posted) OR sum(s.debits_pending) <> sum(s.credits_pending)
        ORDER BY 1 LIMIT 1""",
}
_COUNTS: Final = """
SELECT (SELECT count(*) FROM ledger_event), (SELECT count(*) FROM ledger_transfer),
  (SELECT count(*) FROM ledger_account)
"""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that is broken, and the first event at which it is; None: an account at which nothing happened."""

    rule: str
    event: UUID | None


@dataclass(frozen=True, slots=True)
class Verification:
    events: int
    transfers: int
    accounts: int
    violations: Sequence[Violation]


def verify(conn: psycopg.Connection[Any]) -> Verification:
    """Every promise, asked of one snapshot. So many statements for any number of transfers."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        [(events, transfers, accounts)] = conn.execute(_COUNTS)
        broken: list[Violation] = []
        for rule, query in CHECKS.items():
            for (position,) in conn.execute(query.encode()):
                found = conn.execute("SELECT id FROM ledger_event WHERE position = %s", [position]).fetchone()
                broken.append(Violation(rule, found[0] if found is not None else None))
    return Verification(events, transfers, accounts, broken)
