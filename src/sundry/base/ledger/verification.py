"""Everything that the ledger promises, worked out again from its transfers.

Problem: counters, constraints and locks say that the books are right, and they are what an auditor doubts. Therefore
each promise is asked of the transfers alone, in one query that names the first event that breaks it:

    stall A12-3 got 500, gave 300, and its row says that it gave 200     counters_differ    event of the last transfer

Nothing is repaired: what is recorded stays, and a person finds out who changed it. Asked as well is whether what keeps
the promises is still there: the constraints, and the rights of the application.

Not asked is whether `recorded_at` only grows: two writers whose clocks differ may record in the order B, A, and
positions, not times, are the order of the ledger (rules.py). Nor whether a lot that is only owned, or only held, should
be both: of the others as much must have come in from outside, less what left, by title as by custody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from sundry.base.ledger.queries import SNAPSHOT, snapshot
from sundry.base.ledger.rights import ROLE
from sundry.base.ledger.rules import AMOUNT_MAX, UnitKind
from sundry.kernel.outcome import Progress, silent

GUARDS: Final[dict[str, tuple[str, ...]]] = {
    "ledger_unit": (
        "ledger_unit_pkey",
        "unit_kind_is_known",
        "unit_key_says_what_it_is",
        "unit_has_0_to_6_decimals",
    ),
    "ledger_account": (
        "ledger_account_pkey",
        "account_is_opened_once",
        "account_starts_within_its_limits",
        "account_counters_are_not_negative",
        "account_keeps_its_floor",
        "account_keeps_its_ceiling",
    ),
    "ledger_event": ("ledger_event_pkey", "ledger_event_id_key", "ledger_event_is_corrected_once"),
    "ledger_transfer": (
        "ledger_transfer_pkey",
        "ledger_transfer_id_key",
        "ledger_transfer_is_resolved_once",
        "transfer_moves_something",
        "transfer_kind_is_known",
        "transfer_accounts_differ",
        "transfer_names_what_it_resolves",
        "transfer_expires_when_pending",
    ),
    "ledger_fold": ("ledger_fold_pkey",),
}
"""For each table of the ledger the constraints and unique indexes that the models declare, by name."""

_GUARDS: Final = ", ".join(f"('{table}', '{name}')" for table, names in GUARDS.items() for name in names)
_TABLES: Final = ", ".join(f"('{table}')" for table in GUARDS)
_COUNTERS: Final = "('debits_pending', 'debits_posted', 'credits_pending', 'credits_posted')"

_TIMES: Final = "'0001-01-02 UTC' AND '9999-12-30 UTC'"  # beyond them no reader of ours knows a date
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
# it is about: a transfer, an account, a unit or an event. Guards and rights are about no event, and named in one row.
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
    "position_used_twice": """
        SELECT position, max(id::text) FROM ledger_event GROUP BY position HAVING count(*) > 1 ORDER BY 1 LIMIT 1""",
    "time_is_not_finite": f"""
        SELECT position, id FROM ledger_event
        WHERE recorded_at NOT BETWEEN {_TIMES} OR event_at NOT BETWEEN {_TIMES} ORDER BY 1 LIMIT 1""",
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
        ) AS walked, ledger_position drawn
        WHERE wanted <> found OR (wanted IS NOT NULL AND (position > drawn.last_value OR NOT drawn.is_called))
        ORDER BY 1, 2 LIMIT 1""",
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
          FROM sides s JOIN ledger_account a ON a.id = s.account AND a.owner IS NULL AND a.purpose = 'outside'
          JOIN ledger_unit u ON u.key = a.unit JOIN lots USING (code) GROUP BY u.code, s.position
        ), walked AS (
          SELECT code, position, sum(change) OVER (PARTITION BY code ORDER BY position) AS apart
          FROM changed WHERE change <> 0
        ), lasting AS (
          SELECT code, position, max(position) FILTER (WHERE apart = 0) OVER (PARTITION BY code) AS even_at FROM walked
        )
        SELECT min(position), code FROM lasting WHERE even_at IS NULL OR position > even_at
        GROUP BY code ORDER BY 1, 2 LIMIT 1""",
    "guard_is_missing": f"""
        SELECT NULL, string_agg(name, ', ' ORDER BY name) FROM (VALUES {_GUARDS}) AS wanted (relation, name)
        WHERE NOT EXISTS (
          SELECT FROM pg_constraint WHERE conrelid = to_regclass(relation) AND conname = name AND convalidated
        ) AND NOT EXISTS (
          SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
          WHERE indrelid = to_regclass(relation) AND relname = name AND indisunique AND indisvalid AND indisready
        ) HAVING count(*) > 0""",
    "rights_are_missing": f"""
        SELECT NULL, '{ROLE}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')""",
    "rights_are_too_wide": f"""
        SELECT NULL, string_agg(relation, ', ' ORDER BY relation) FROM (
          SELECT relation FROM (VALUES {_TABLES}) AS ours (relation) JOIN pg_class t ON t.oid = to_regclass(relation)
          JOIN pg_roles app ON app.rolname = '{ROLE}'
          WHERE pg_has_role(app.oid, t.relowner, 'MEMBER')
            OR has_table_privilege(app.oid, t.oid, 'DELETE, TRUNCATE, TRIGGER') OR EXISTS (
              SELECT FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped
                AND NOT (relation = 'ledger_account' AND attname IN {_COUNTERS})
                AND has_column_privilege(app.oid, t.oid, attnum, 'UPDATE'))
          UNION ALL
          SELECT 'ledger_position' FROM pg_roles app
          WHERE app.rolname = '{ROLE}' AND has_sequence_privilege(app.oid, 'ledger_position', 'UPDATE')
        ) AS found HAVING count(*) > 0""",
}
_COUNTS: Final = """
SELECT (SELECT count(*) FROM ledger_event), (SELECT count(*) FROM ledger_transfer),
  (SELECT count(*) FROM ledger_account)
"""
_EVENT_AT: Final = "SELECT id FROM ledger_event WHERE position = %s ORDER BY id DESC LIMIT 1"
# Everything is read once, so a plan that looks rows up one by one, chosen for want of statistics, would take hours.
_SETTINGS: Final = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_nestloop = off"


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that is broken, and the first event at which it is; None: nothing that happened shows it.

    `what` it is about: the id of a transfer, an account or an event, a unit; or the names of constraints, of
    tables or of a role.
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
            found = conn.execute(_EVENT_AT, [position]).fetchone()
            broken.append(Violation(rule, position, found[0] if found is not None else None, str(what)))
    return Verification(events, transfers, accounts, broken)
