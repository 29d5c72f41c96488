"""What holds of every history: the ten invariants of the ledger."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.base.ledger.rules import Account, Event, Kind, Outcome, State, apply

SEED = st.integers(0, 2**32)


def counters(account: Account) -> tuple[int, int, int, int]:
    return account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted


@settings(max_examples=400)
@given(seed=SEED)
def test_the_machine_answers_as_the_plain_ledger(
    make_history: Callable[[random.Random], Any], plain_ledger: Any, seed: int
) -> None:
    """Answers, counters (I2), what is recorded and its order, for a machine that keeps and takes back what it did."""
    history = make_history(random.Random(seed))
    state = State.of(deepcopy(history.accounts))
    plain = plain_ledger({account.id: account for account in history.accounts})
    for now, events in history.batches:
        answers = apply(state, events, now)
        assert [tuple(answer) for answer in answers] == [plain.post(event, now) for event in events]
        assert list(state.events.values()) == [event for event, _ in plain.recorded]
        folded = plain.counters()
        for account in state.accounts.values():
            of = folded[account.id]
            assert counters(account) == (of.debits_pending, of.debits_posted, of.credits_pending, of.credits_posted)


@settings(max_examples=200)
@given(seed=SEED)
def test_the_invariants_hold_after_every_batch(make_history: Callable[[random.Random], Any], seed: int) -> None:
    history = make_history(random.Random(seed))
    state = State.of(deepcopy(history.accounts))
    for now, events in history.batches:
        before = list(state.events.values())
        answers = apply(state, events, now)
        recorded = list(state.events.values())
        posted = [event.id for event, answer in zip(events, answers, strict=True) if answer.outcome == "posted"]
        assert recorded[: len(before)] == before  # I8, I10: it only grows, at its end
        assert [event.id for event in recorded[len(before) :]] == posted  # I7, I8: whole events, in their order
        check_conservation(state)
        check_floors_over_every_prefix(state, recorded)
        check_ids_and_promises(state, recorded)


def check_conservation(state: State) -> None:
    """I1: what was given is what was taken, in every unit; and nothing is less than nothing."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for account in state.accounts.values():
        assert min(counters(account)) >= 0
        sums[account.unit][0] += account.debits_posted - account.credits_posted
        sums[account.unit][1] += account.debits_pending - account.credits_pending
    assert set(map(tuple, sums.values())) <= {(0, 0)}


def check_floors_over_every_prefix(state: State, recorded: list[Event]) -> None:
    """I3: told from what is recorded, limits hold after each single transfer; I6: accounts differ, and share a unit."""
    balance: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])  # balance, promised away, promised here
    amounts = {one.id: one.amount for event in recorded for one in event.transfers}
    for event in recorded:
        for one in event.transfers:
            assert one.debit is not None
            assert one.credit is not None
            gives, takes = state.accounts[one.debit.int], state.accounts[one.credit.int]
            assert gives.id != takes.id
            assert gives.unit == takes.unit
            promised = {Kind.PENDING: one.amount, Kind.PLAIN: 0}.get(one.kind, -amounts.get(one.pending, 0))
            moved = one.amount if one.kind in (Kind.PLAIN, Kind.POST) else 0
            balance[gives.id][0] -= moved
            balance[gives.id][1] += promised
            balance[takes.id][0] += moved
            balance[takes.id][2] += promised
            for account in (gives, takes):
                now, away, here = balance[account.id]
                assert account.floor is None or now - away >= account.floor
                assert account.ceiling is None or now + here <= account.ceiling


def check_ids_and_promises(state: State, recorded: list[Event]) -> None:
    """I4: an id is used once; I5: a promise is resolved at most once, and never by more than was promised."""
    transfers = [one for event in recorded for one in event.transfers]
    assert len({one.id for one in transfers}) == len(transfers)
    by_id = {one.id: one for one in transfers}
    resolved = Counter(one.pending for one in transfers if one.pending is not None)
    assert set(resolved.values()) <= {1}
    for one in transfers:
        if one.pending is not None:
            assert by_id[one.pending].kind is Kind.PENDING
            assert 0 < one.amount <= by_id[one.pending].amount


@settings(max_examples=100)
@given(seed=SEED)
def test_everything_submitted_again_changes_nothing(make_history: Callable[[random.Random], Any], seed: int) -> None:
    """I4: a retry of what was posted says `exists`, in whatever order, alone or in company."""
    history = make_history(random.Random(seed))
    state = State.of(deepcopy(history.accounts))
    posted = [
        event
        for now, events in history.batches
        for event, answer in zip(events, apply(state, events, now), strict=True)
        if answer.outcome is Outcome.POSTED
    ]
    before = deepcopy(state.accounts)
    random.Random(seed).shuffle(posted)
    answers = apply(state, posted, state.recorded_at)
    assert {answer.outcome for answer in answers} <= {Outcome.EXISTS}
    assert state.accounts == before


@settings(max_examples=100)
@given(seed=SEED)
def test_one_batch_or_many_are_the_same(make_history: Callable[[random.Random], Any], seed: int) -> None:
    history = make_history(random.Random(seed))
    together, alone = State.of(deepcopy(history.accounts)), State.of(deepcopy(history.accounts))
    for now, events in history.batches:
        assert apply(together, events, now) == [answer for event in events for answer in apply(alone, [event], now)]
    assert together == alone


def test_the_histories_meet_every_outcome(make_history: Callable[[random.Random], Any]) -> None:
    """Otherwise the properties above would prove less than they say."""
    met: Counter[Outcome] = Counter()
    for seed in range(1500):
        history = make_history(random.Random(seed))
        state = State.of(deepcopy(history.accounts))
        for now, events in history.batches:
            for event, answer in zip(events, apply(state, events, now), strict=True):
                met[answer.outcome] += 1
                met.update(set(answer.of_transfers(event)) - {answer.outcome})
    assert set(Outcome) - set(met) == set()
