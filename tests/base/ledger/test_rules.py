"""Each outcome of the ledger by one small story, and the edge of each limit."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from sundry.base.ledger.rules import (
    AMOUNT_MAX,
    EXPIRY_S_MAX,
    WHOLE,
    Account,
    Event,
    Kind,
    Outcome,
    State,
    Transfer,
    Unit,
    UnitKind,
    apply,
    reversal,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PIECES = Unit(UnitKind.CUSTODY, "lot-7").key
CNY = Unit(UnitKind.CURRENCY, "CNY", 2).key
USD_EXPORTED = Unit(UnitKind.QUOTA, "1039-usd-cents", 2).key

STALL, WAREHOUSE, CONTAINER, BUYER, PAYABLE, STALL_BANK, FEES, RELEASED, MATCHED, PLATFORM, NOBODY = (
    UUID(int=n) for n in range(1, 12)
)
ACCOUNTS = (
    Account(STALL, None, "a stall's shelf, not counted", PIECES),
    Account(WAREHOUSE, None, "warehouse lot", PIECES, floor=0),
    Account(CONTAINER, None, "room for 600 pieces", PIECES, floor=0, ceiling=600),
    Account(BUYER, None, "the world outside", CNY),
    Account(PAYABLE, None, "payable to a stall", CNY, floor=0),
    Account(STALL_BANK, None, "paid out", CNY),
    Account(FEES, None, "the agent's fees", CNY),
    Account(PLATFORM, None, "customs' releases", USD_EXPORTED),
    Account(RELEASED, None, "export quota", USD_EXPORTED, floor=0),
    Account(MATCHED, None, "remittances matched", USD_EXPORTED, ceiling=15_000_000),
)
ids = count(100)


def move(debit: UUID | None, credit: UUID | None, amount: int, **more: object) -> Transfer:
    return replace(Transfer(UUID(int=next(ids)), debit, credit, amount), **more)


def promise(debit: UUID, credit: UUID, amount: int, expiry_s: int = 0) -> Transfer:
    return move(debit, credit, amount, kind=Kind.PENDING, expiry_s=expiry_s)


def resolve(kind: Kind, of: Transfer, amount: int = WHOLE, **more: object) -> Transfer:
    return replace(Transfer(UUID(int=next(ids)), None, None, amount, kind, of.id), **more)


def event(*transfers: Transfer, kind: str = "payout", **more: object) -> Event:
    return replace(Event(UUID(int=next(ids)), kind, "ticket 1", "clerk", NOON, transfers), **more)


INTAKE = event(move(STALL, WAREHOUSE, 720), kind="intake")
SALE = event(move(BUYER, PAYABLE, 50_000), kind="remittance")
PAYOUT = promise(PAYABLE, STALL_BANK, 40_000)
HELD = promise(PAYABLE, FEES, 1_000, expiry_s=3600)
SENT = event(PAYOUT)
PAID = event(resolve(Kind.POST, PAYOUT, 39_000))
RESERVED = event(HELD)
QUOTA = event(move(PLATFORM, RELEASED, 15_000_000), kind="release")
MISTAKE = event(move(BUYER, PAYABLE, 5), kind="remittance")
CORRECTION = event(move(PAYABLE, BUYER, 5), corrects=MISTAKE.id)
BEFORE = (INTAKE, SALE, SENT, RESERVED, QUOTA, MISTAKE, CORRECTION)
OPEN = promise(BUYER, STALL_BANK, 9)

TABLE: list[tuple[str, Outcome, Event]] = [
    ("part of the lot is loaded", Outcome.POSTED, event(move(WAREHOUSE, CONTAINER, 600))),
    ("the intake is sent again after a cut line", Outcome.EXISTS, INTAKE),
    (
        "the intake's id comes with another ticket",
        Outcome.EXISTS_WITH_DIFFERENT_CONTENT,
        replace(INTAKE, document="ticket 2"),
    ),
    (
        "a new intake carries a transfer of the old one",
        Outcome.EXISTS_WITH_DIFFERENT_CONTENT,
        event(*INTAKE.transfers),
    ),
    ("an intake of nothing", Outcome.EVENT_WITHOUT_TRANSFERS, event(kind="intake")),
    (
        "a correction of what never was",
        Outcome.CORRECTED_EVENT_NOT_FOUND,
        event(move(WAREHOUSE, STALL, 1), corrects=NOBODY),
    ),
    (
        "a second correction of one remittance",
        Outcome.ALREADY_CORRECTED,
        event(move(PAYABLE, BUYER, 5), corrects=MISTAKE.id),
    ),
    (
        "the bank confirms, and does not say what",
        Outcome.PENDING_LINK_MISSING,
        event(move(PAYABLE, STALL_BANK, 1, kind=Kind.POST)),
    ),
    (
        "a void of itself",
        Outcome.PENDING_LINK_TO_ITSELF,
        event(Transfer(UUID(int=98), None, None, WHOLE, Kind.VOID, UUID(int=98))),
    ),
    ("money from somewhere", Outcome.ACCOUNTS_MUST_BE_NAMED, event(move(None, PAYABLE, 1))),
    ("from the warehouse to itself", Outcome.ACCOUNTS_MUST_BE_DIFFERENT, event(move(WAREHOUSE, WAREHOUSE, 1))),
    (
        "a plain payment that names a promise",
        Outcome.PENDING_LINK_NOT_ALLOWED,
        event(move(PAYABLE, FEES, 1, pending=PAYOUT.id)),
    ),
    ("a plain payment that expires", Outcome.EXPIRY_RESERVED_FOR_PENDING, event(move(PAYABLE, FEES, 1, expiry_s=5))),
    (
        "a confirmation that expires",
        Outcome.EXPIRY_RESERVED_FOR_PENDING,
        event(resolve(Kind.POST, PAYOUT, expiry_s=5)),
    ),
    ("no pieces at all", Outcome.AMOUNT_OUT_OF_RANGE, event(move(WAREHOUSE, CONTAINER, 0))),
    ("fewer than none", Outcome.AMOUNT_OUT_OF_RANGE, event(move(WAREHOUSE, CONTAINER, -1))),
    ("more than there can be", Outcome.AMOUNT_OUT_OF_RANGE, event(move(STALL, WAREHOUSE, AMOUNT_MAX + 1))),
    ("a promise that ended before", Outcome.EXPIRY_OUT_OF_RANGE, event(promise(PAYABLE, FEES, 1, expiry_s=-1))),
    (
        "a promise for a century",
        Outcome.EXPIRY_OUT_OF_RANGE,
        event(promise(PAYABLE, FEES, 1, expiry_s=EXPIRY_S_MAX + 1)),
    ),
    ("a stall that does not exist gives", Outcome.DEBIT_ACCOUNT_NOT_FOUND, event(move(NOBODY, WAREHOUSE, 1))),
    ("a stall that does not exist takes", Outcome.CREDIT_ACCOUNT_NOT_FOUND, event(move(WAREHOUSE, NOBODY, 1))),
    ("pieces paid into an account of yuan", Outcome.UNIT_MISMATCH, event(move(WAREHOUSE, PAYABLE, 1))),
    (
        "the bank confirms an unknown payout",
        Outcome.PENDING_NOT_FOUND,
        event(Transfer(UUID(int=97), None, None, WHOLE, Kind.POST, NOBODY)),
    ),
    ("an intake is voided", Outcome.PENDING_NOT_PENDING, event(resolve(Kind.VOID, INTAKE.transfers[0]))),
    (
        "the payout arrives at another bank",
        Outcome.PENDING_HAS_DIFFERENT_ACCOUNTS,
        event(resolve(Kind.POST, PAYOUT, credit=FEES)),
    ),
    (
        "the bank paid a fen more than was sent",
        Outcome.EXCEEDS_PENDING_AMOUNT,
        event(resolve(Kind.POST, PAYOUT, 40_001)),
    ),
    ("half a payout is voided", Outcome.PENDING_HAS_DIFFERENT_AMOUNT, event(resolve(Kind.VOID, PAYOUT, 20_000))),
    (
        "the payout fails after it was paid",
        Outcome.PENDING_ALREADY_RESOLVED,
        event(OPEN, resolve(Kind.POST, OPEN), resolve(Kind.VOID, OPEN)),
    ),
    ("a payout without a limit of time expires", Outcome.PENDING_NOT_EXPIRED, event(resolve(Kind.EXPIRE, PAYOUT))),
    (
        "a quota counter overflows",
        Outcome.COUNTER_OVERFLOW,
        event(move(STALL, WAREHOUSE, AMOUNT_MAX - 719)),
    ),
    ("a stall is paid what is promised to the bank", Outcome.EXCEEDS_BALANCE, event(move(PAYABLE, FEES, 9_001))),
    (
        "one remittance more than customs released",
        Outcome.EXCEEDS_BALANCE,
        event(move(RELEASED, MATCHED, 15_000_000), move(RELEASED, MATCHED, 1)),
    ),
    ("a piece more than the container holds", Outcome.EXCEEDS_CEILING, event(move(WAREHOUSE, CONTAINER, 601))),
    (
        "matched above the form's limit",
        Outcome.EXCEEDS_CEILING,
        event(move(PLATFORM, MATCHED, 15_000_001)),
    ),
]


@pytest.fixture
def state() -> State:
    state = State.of(deepcopy(ACCOUNTS))
    assert {answer.outcome for answer in apply(state, BEFORE, NOON)} == {Outcome.POSTED}
    return state


@pytest.mark.parametrize(("story", "expected", "tried"), TABLE, ids=[story for story, _, _ in TABLE])
def test_each_outcome(state: State, story: str, expected: Outcome, tried: Event) -> None:
    before = deepcopy(state)
    [answer] = apply(state, [tried], NOON)
    assert answer.outcome is expected
    if expected is not Outcome.POSTED:
        assert state == before, "what is refused leaves no trace"


def test_an_expired_promise_is_only_expired(state: State) -> None:
    """At the end of its hour, not a microsecond before; and the other transfers of the event fall with it."""
    end = NOON + timedelta(seconds=3600)
    early, late = end - timedelta(microseconds=1), end
    assert apply(state, [event(resolve(Kind.EXPIRE, HELD))], early)[0].outcome is Outcome.PENDING_NOT_EXPIRED
    both = event(move(BUYER, PAYABLE, 1), resolve(Kind.POST, HELD))
    [answer] = apply(state, [both], late)
    assert answer == (Outcome.PENDING_EXPIRED, 1)
    assert answer.of_transfers(both) == [Outcome.LINKED_EVENT_FAILED, Outcome.PENDING_EXPIRED]
    assert apply(state, [event(resolve(Kind.EXPIRE, HELD))], late)[0].outcome is Outcome.POSTED
    assert state.accounts[PAYABLE.int].available == 10_000
    assert apply(state, [event(resolve(Kind.VOID, HELD))], late)[0].outcome is Outcome.PENDING_ALREADY_RESOLVED


def test_the_table_has_every_outcome() -> None:
    elsewhere = {Outcome.PENDING_EXPIRED, Outcome.LINKED_EVENT_FAILED}
    assert {expected for _, expected, _ in TABLE} | elsewhere == set(Outcome)


def test_less_than_promised_is_posted_and_the_rest_comes_back(state: State) -> None:
    payable, bank = state.accounts[PAYABLE.int], state.accounts[STALL_BANK.int]
    assert (payable.balance, payable.available, payable.expected) == (50_000, 9_000, 50_000)
    assert (bank.balance, bank.available, bank.expected) == (0, 0, 40_000)
    assert apply(state, [PAID], NOON)[0].outcome is Outcome.POSTED
    assert (payable.balance, payable.available) == (11_000, 10_000)
    assert (bank.balance, bank.available, bank.expected) == (39_000, 39_000, 39_000)


@pytest.mark.parametrize(
    ("at_the_edge", "over", "expected"),
    [
        (
            lambda: move(PAYABLE, FEES, 9_000),
            lambda: move(PAYABLE, FEES, 9_001),
            Outcome.EXCEEDS_BALANCE,
        ),
        (
            lambda: promise(WAREHOUSE, CONTAINER, 600),
            lambda: promise(WAREHOUSE, CONTAINER, 601),
            Outcome.EXCEEDS_CEILING,
        ),
        (
            lambda: move(STALL, WAREHOUSE, AMOUNT_MAX - 720),
            lambda: move(STALL, WAREHOUSE, AMOUNT_MAX - 719),
            Outcome.COUNTER_OVERFLOW,
        ),
    ],
)
def test_the_edge_pair(
    state: State, at_the_edge: Callable[[], Transfer], over: Callable[[], Transfer], expected: Outcome
) -> None:
    other = deepcopy(state)
    assert apply(state, [event(at_the_edge())], NOON)[0].outcome is Outcome.POSTED
    assert apply(other, [event(over())], NOON)[0].outcome is expected


def test_the_limits_are_those_of_the_columns() -> None:
    assert (AMOUNT_MAX, EXPIRY_S_MAX) == (9_223_372_036_854_775_807, 2_147_483_647)


def test_an_account_without_a_limit_is_a_sum_without_bound(state: State) -> None:
    twice = [event(move(BUYER, FEES, AMOUNT_MAX)), event(move(BUYER, FEES, AMOUNT_MAX))]
    assert {answer.outcome for answer in apply(state, twice, NOON)} == {Outcome.POSTED}
    assert state.accounts[FEES.int].balance == 2 * AMOUNT_MAX


def test_a_retry_may_name_what_it_left_open_before(state: State) -> None:
    transfer = resolve(Kind.POST, PAYOUT)
    confirmed = event(transfer)
    assert apply(state, [confirmed], NOON)[0].outcome is Outcome.POSTED
    filled = replace(confirmed, transfers=(replace(transfer, debit=PAYABLE, credit=STALL_BANK, amount=40_000),))
    other = replace(confirmed, transfers=(replace(transfer, amount=39_999),))
    assert [answer.outcome for answer in apply(state, [filled, other], NOON)] == [
        Outcome.EXISTS,
        Outcome.EXISTS_WITH_DIFFERENT_CONTENT,
    ]


def test_a_retry_of_a_plain_transfer_does_not_become_a_resolution(state: State) -> None:
    plain, changed = INTAKE.transfers[0], resolve(Kind.POST, PAYOUT)
    for transfer in (changed, replace(plain, pending=PAYOUT.id)):
        again = replace(INTAKE, transfers=(replace(transfer, id=plain.id),))
        assert apply(state, [again], NOON)[0].outcome is Outcome.EXISTS_WITH_DIFFERENT_CONTENT


def test_a_clock_set_back_makes_no_promise_longer(state: State) -> None:
    apply(state, [event(move(BUYER, FEES, 1))], NOON + timedelta(hours=2))
    assert apply(state, [event(resolve(Kind.POST, HELD))], NOON)[0].outcome is Outcome.PENDING_EXPIRED


def test_a_reversal_gives_everything_back(state: State) -> None:
    before = {account.id: (account.balance, account.available) for account in state.accounts.values()}
    wrong = event(move(BUYER, PAYABLE, 700), promise(PAYABLE, STALL_BANK, 600), move(PAYABLE, FEES, 50))
    right = event(*reversal(wrong, lambda: UUID(int=next(ids))), kind="correction", corrects=wrong.id)
    assert {answer.outcome for answer in apply(state, [wrong, right], NOON)} == {Outcome.POSTED}
    assert {a.id: (a.balance, a.available) for a in state.accounts.values()} == before


def test_a_reversal_leaves_what_was_resolved(state: State) -> None:
    assert apply(state, [PAID], NOON)[0].outcome is Outcome.POSTED
    assert reversal(SENT, lambda: UUID(int=next(ids)), resolved={PAYOUT.id}) == ()
    [back] = reversal(state.events[PAID.id.int], lambda: UUID(int=next(ids)))
    assert (back.debit, back.credit, back.amount, back.kind) == (STALL_BANK, PAYABLE, 39_000, Kind.PLAIN)
