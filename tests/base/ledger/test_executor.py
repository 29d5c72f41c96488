"""The executor answers as the state machine does, whatever the history, and keeps the same balances."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from histories import empty, open_accounts

from sundry.base.ledger import executor
from sundry.base.ledger.rules import Outcome, State, apply

HISTORIES = int(os.environ.get("HISTORIES", "200"))

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


@pytest.mark.parametrize("quickly", [True, False], ids=["quickly", "by-the-machine"])
@pytest.mark.parametrize("copied", [False, True], ids=["inserted", "copied"])
def test_executor_and_machine_agree(
    conn: psycopg.Connection[Any],
    make_history: Callable[[random.Random], Any],
    monkeypatch: pytest.MonkeyPatch,
    quickly: bool,
    copied: bool,
) -> None:
    if not quickly:
        monkeypatch.setattr(executor, "_is_usual", lambda event: False)
    if copied:
        monkeypatch.setattr(executor, "COPY_FROM", 1)
    met: Counter[Outcome] = Counter()
    for seed in range(HISTORIES):
        rng = random.Random(seed * 4 + quickly * 2 + copied)
        history = make_history(rng)
        empty(conn)
        open_accounts(conn, history.accounts)
        state = State.of(deepcopy(history.accounts))
        alone = rng.random() < 0.6
        for now, events in history.batches:
            expected = apply(state, events, now)
            groups = [[event] for event in events] if alone else [events]
            answers = [answer for group in groups for answer in executor.post(conn, group, now)]
            assert answers == expected, f"seed {seed}"
            met.update(answer.outcome for answer in answers)
        counters = {
            key: (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted)
            for key, a in state.accounts.items()
        }
        assert in_database(conn) == counters, f"seed {seed}"
        check_what_is_recorded(conn, state)
    assert met[Outcome.POSTED] > HISTORIES


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
