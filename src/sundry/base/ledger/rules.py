"""The ledger: every movement of goods, money and quota, decided in one place.

Problem: a lot is loaded twice, a stall is paid twice, a quota is used twice. Each time the cause is the same: somebody
read how much was left, and somebody else took it before the first one wrote. Written as checks in every module, the
same rule is forgotten in one of them. Therefore everything that moves is a `Transfer` of a whole number of one unit
from one account (the debit side: it gives) to another (the credit side: it takes), everything that happens is an
`Event` that owns its transfers, all of which are posted or none, and "must never happen" is one sentence: no account
falls below its floor.

Worked case: stall A12-3 delivers 60 cartons of 12 pieces to the warehouse, and a clerk loads 700 pieces, then 30.

    event    transfer                     debits  credits    warehouse: balance, floor 0      answer
    intake   stall A12-3 -> warehouse        720      720    0 + 720 = 720                    posted
    loading  warehouse -> container          700      700    720 - 700 = 20                   posted
    loading  warehouse -> container           30        -    20 - 30 < 0                      exceeds_balance

An account keeps four counters that only grow (a pending one also shrinks when its transfer is resolved): debits and
credits, pending and posted. Its balance is credits minus debits. What is pending has left the giver's hands and has not
reached the taker's: it counts against the floor of the one and the ceiling of the other, and for neither.

    pending 100 of a stall's payable    balance 500, available 400     a payout is on its way to the bank
    post 80                             balance 420, available 420     the bank paid 80, the rest of 20 came back
    or void                             balance 500, available 500     the bank refused
    or expire, after its interval       balance 500, available 500     nobody heard from the bank

The model is TigerBeetle's, and so are the order of outcomes and what each means, but for what docs/decisions tells.
This file is the specification: the tests hold the executor in PostgreSQL to it, answer by answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

AMOUNT_MAX: Final = 2**63 - 1
"""The largest amount of one transfer, and of one counter of an account with a limit: what int64 holds."""

EXPIRY_S_MAX: Final = 2**31 - 1  # 68 years

WHOLE: Final = 0
"""As the amount of a post, a void or an expiry: all that is pending. Every other transfer moves at least 1."""

LONG_AGO: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class UnitKind(StrEnum):
    """What is counted. Goods are counted twice: who owns them, and who holds them."""

    CURRENCY = "currency"
    TITLE = "title"
    CUSTODY = "custody"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Unit:
    """What an account counts: minor units of a currency, pieces of one lot, parts of a quota. Never mixed."""

    kind: UnitKind
    code: str  # CNY; the lot's id; the quota's name
    exponent: int = 0  # decimals of the figure a person reads: JPY 0, CNY 2, KWD 3, pieces 0

    @property
    def key(self) -> str:
        """`currency:CNY`: what accounts compare."""
        return f"{self.kind}:{self.code}"


@dataclass(slots=True)
class Account:
    """Where goods, money or quota stand. Balance = credits - debits; it starts at 0.

    `floor` <= 0: the available balance never falls below it; `ceiling` >= 0: the expected balance never rises above it;
    None: no limit. Only an account with a limit is overflowed by more than `AMOUNT_MAX`; others are sums without bound.
    """

    id: UUID
    owner: UUID | None  # None: the world outside
    purpose: str
    unit: str  # Unit.key
    floor: int | None = None
    ceiling: int | None = None
    debits_pending: int = 0
    debits_posted: int = 0
    credits_pending: int = 0
    credits_posted: int = 0

    @property
    def limited(self) -> bool:
        return self.floor is not None or self.ceiling is not None

    @property
    def balance(self) -> int:
        """What has arrived for good, less what has left for good."""
        return self.credits_posted - self.debits_posted

    @property
    def available(self) -> int:
        """What may still be given: the balance without what is promised to others."""
        return self.credits_posted - self.debits_posted - self.debits_pending

    @property
    def expected(self) -> int:
        """The balance if all that is promised to this account arrives."""
        return self.credits_posted + self.credits_pending - self.debits_posted


class Kind(StrEnum):
    """How a transfer moves: at once, or first promised (`pending`) and then resolved once."""

    PLAIN = "plain"
    PENDING = "pending"
    POST = "post"
    VOID = "void"
    EXPIRE = "expire"


_PLAIN: Final = Kind.PLAIN  # a member of an enum is found slowly
_PENDING: Final = Kind.PENDING


@dataclass(frozen=True, slots=True)
class Transfer:
    """`amount` of the accounts' unit from `debit` to `credit`; the id is the caller's.

    A post, void or expiry names the transfer it resolves as `pending`. It may leave out the accounts and give `WHOLE`:
    recorded are those of the pending transfer. `expiry_s`: how long a pending transfer waits, 0 for ever; an interval
    and not a time, because the caller's clock is not the ledger's.
    """

    id: UUID
    debit: UUID | None
    credit: UUID | None
    amount: int
    kind: Kind = Kind.PLAIN
    pending: UUID | None = None
    expiry_s: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and all that moved by it. `event_at` is business time and orders nothing.

    `corrects`: the event that this one puts right, usually by `reversal`; an event is corrected at most once.
    """

    id: UUID
    kind: str  # intake, loading, payout ...
    document: str
    actor: str
    event_at: datetime
    transfers: tuple[Transfer, ...]
    corrects: UUID | None = None


class Outcome(StrEnum):
    """What became of an event or a transfer. Where several apply, the first of this list is the answer."""

    POSTED = "posted"
    """It is recorded, with all its transfers."""
    LINKED_EVENT_FAILED = "linked_event_failed"
    """The transfer itself may be right, but another one of its event is not, so none is recorded."""

    EXISTS = "exists"
    """It was recorded before, with this very content: the answer to a retry. Nothing is recorded twice."""
    EXISTS_WITH_DIFFERENT_CONTENT = "exists_with_different_content"
    """The id was used before, for something else: a mistake of the caller."""
    EVENT_WITHOUT_TRANSFERS = "event_without_transfers"
    """Nothing moves by it, so it is no event of the ledger."""
    CORRECTED_EVENT_NOT_FOUND = "corrected_event_not_found"
    """It corrects an event that is not recorded."""
    ALREADY_CORRECTED = "already_corrected"
    """It corrects an event that another one has corrected: correct that other one."""

    PENDING_LINK_MISSING = "pending_link_missing"
    """A post, void or expiry that does not say of which pending transfer."""
    PENDING_LINK_TO_ITSELF = "pending_link_to_itself"
    """A transfer cannot resolve itself."""
    ACCOUNTS_MUST_BE_NAMED = "accounts_must_be_named"
    """A transfer that leaves open who gives or who takes."""
    ACCOUNTS_MUST_BE_DIFFERENT = "accounts_must_be_different"
    """Nothing moves from an account to itself."""
    PENDING_LINK_NOT_ALLOWED = "pending_link_not_allowed"
    """Only a post, void or expiry resolves a pending transfer."""
    EXPIRY_RESERVED_FOR_PENDING = "expiry_reserved_for_pending"
    """Only what is pending can expire."""
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    """Less than 1, or more than `AMOUNT_MAX`."""
    EXPIRY_OUT_OF_RANGE = "expiry_out_of_range"
    """Less than 0, or more than `EXPIRY_S_MAX` seconds."""
    DEBIT_ACCOUNT_NOT_FOUND = "debit_account_not_found"
    """The giving account was never opened."""
    CREDIT_ACCOUNT_NOT_FOUND = "credit_account_not_found"
    """The taking account was never opened."""
    UNIT_MISMATCH = "unit_mismatch"
    """Yuan into an account of dollars, pieces of one lot into another lot, title into custody."""

    PENDING_NOT_FOUND = "pending_not_found"
    """The transfer to be resolved is not recorded."""
    PENDING_NOT_PENDING = "pending_not_pending"
    """The transfer to be resolved was never pending."""
    PENDING_HAS_DIFFERENT_ACCOUNTS = "pending_has_different_accounts"
    """The resolution names other accounts than the pending transfer."""
    EXCEEDS_PENDING_AMOUNT = "exceeds_pending_amount"
    """More is to be posted than was pending."""
    PENDING_HAS_DIFFERENT_AMOUNT = "pending_has_different_amount"
    """Less is to be voided than was pending: post the part that is kept instead."""
    PENDING_ALREADY_RESOLVED = "pending_already_resolved"
    """It was posted, voided or expired before."""
    PENDING_EXPIRED = "pending_expired"
    """Its interval has passed. It can only be expired now."""
    PENDING_NOT_EXPIRED = "pending_not_expired"
    """Its interval has not passed, or it has none, so it cannot be expired."""

    COUNTER_OVERFLOW = "counter_overflow"
    """A counter of an account with a limit would leave int64."""
    EXCEEDS_BALANCE = "exceeds_balance"
    """The giving account would fall below its floor: more is given than is there and not promised to others."""
    EXCEEDS_CEILING = "exceeds_ceiling"
    """The taking account would rise above its ceiling: more than the quota grants, or than the place holds."""


class Answer(NamedTuple):
    """What became of an event; `line`: the transfer to which it is due, counted from 0, None for the event itself."""

    outcome: Outcome
    line: int | None = None

    def of_transfers(self, event: Event) -> list[Outcome]:
        """The outcome of each transfer of `event`."""
        if self.line is None:
            return [self.outcome] * len(event.transfers)
        others = [Outcome.LINKED_EVENT_FAILED] * len(event.transfers)
        others[self.line] = self.outcome
        return others


POSTED: Final = Answer(Outcome.POSTED)
EXISTS: Final = Answer(Outcome.EXISTS)


@dataclass(slots=True)
class Promise:
    """A pending transfer as the ledger knows it: its accounts, its amount, and what became of it."""

    debit: Account
    credit: Account
    amount: int
    expires_at: datetime | None
    resolution: Kind | None = None


@dataclass(slots=True)
class State:
    """All that decides, keyed by the numbers of the ids (`UUID.int`: hashing a UUID costs four times as much).

    `events` is the ledger: what was recorded, in ledger order, resolutions with the accounts and the amount they had.
    A state may be a part of a ledger, as long as it holds all accounts, events, transfers and promises that the events
    to be applied name.
    """

    accounts: dict[int, Account] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    transfers: dict[int, Transfer] = field(default_factory=dict)
    promises: dict[int, Promise] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)
    recorded_at: datetime = LONG_AGO

    @classmethod
    def of(cls, accounts: Iterable[Account]) -> State:
        """A ledger in which `accounts` are open and nothing has happened."""
        return cls(accounts={account.id.int: account for account in accounts})


def apply(state: State, events: Iterable[Event], now: datetime) -> list[Answer]:
    """Record each of `events` with all its transfers, or not at all; the answers, one an event, in the same order.

    `state` changes; nothing else does. `now` is the ledger's time for all of them. Where it stands before the time of
    what was recorded last (somebody set the clock back), that one is taken: an interval never grows longer by it.
    """
    now = max(now, state.recorded_at)
    recorded = state.events
    answers: list[Answer] = []
    for event in events:
        key = event.id.int
        if key in recorded:
            same = _is_same(state, recorded[key], event)
            answers.append(EXISTS if same else Answer(Outcome.EXISTS_WITH_DIFFERENT_CONTENT))
            continue
        transfers = event.transfers
        if not transfers:
            answers.append(Answer(Outcome.EVENT_WITHOUT_TRANSFERS))
            continue
        if event.corrects is not None and (refused := _refuse_correction(state, event.corrects)):
            answers.append(Answer(refused))
            continue
        resolves = False
        line = 0
        for transfer in transfers:
            kind = transfer.kind
            if kind is _PLAIN or kind is _PENDING:
                outcome = _move(state, transfer, now)
            else:
                resolves = True
                outcome = _resolve(state, transfer, now)
            if outcome is not None:
                break
            line += 1
        else:
            if resolves:
                event = replace(event, transfers=tuple(state.transfers[transfer.id.int] for transfer in transfers))
            if event.corrects is not None:
                state.corrected.add(event.corrects.int)
            recorded[key] = event
            state.recorded_at = now
            answers.append(POSTED)
            continue
        _undo(state, transfers[:line])
        answers.append(Answer(outcome, line))
    return answers


def _move(state: State, transfer: Transfer, now: datetime) -> Outcome | None:
    """Post a plain or a pending transfer; None, or why not. Nothing has changed then."""
    kind, amount = transfer.kind, transfer.amount
    key = transfer.id.int
    if key in state.transfers:
        return Outcome.EXISTS_WITH_DIFFERENT_CONTENT  # another event owns it
    if transfer.debit is None or transfer.credit is None:
        return Outcome.ACCOUNTS_MUST_BE_NAMED
    debit_key, credit_key = transfer.debit.int, transfer.credit.int
    if debit_key == credit_key:
        return Outcome.ACCOUNTS_MUST_BE_DIFFERENT
    if transfer.pending is not None:
        return Outcome.PENDING_LINK_NOT_ALLOWED
    is_pending = kind is _PENDING
    if transfer.expiry_s and not is_pending:
        return Outcome.EXPIRY_RESERVED_FOR_PENDING
    if not 0 < amount <= AMOUNT_MAX:
        return Outcome.AMOUNT_OUT_OF_RANGE
    if is_pending and not 0 <= transfer.expiry_s <= EXPIRY_S_MAX:
        return Outcome.EXPIRY_OUT_OF_RANGE
    accounts = state.accounts
    if (debit := accounts.get(debit_key)) is None:
        return Outcome.DEBIT_ACCOUNT_NOT_FOUND
    if (credit := accounts.get(credit_key)) is None:
        return Outcome.CREDIT_ACCOUNT_NOT_FOUND
    if debit.unit != credit.unit:
        return Outcome.UNIT_MISMATCH
    given = debit.debits_posted + debit.debits_pending + amount
    taken = credit.credits_posted + credit.credits_pending + amount
    if (given > AMOUNT_MAX and debit.limited) or (taken > AMOUNT_MAX and credit.limited):
        return Outcome.COUNTER_OVERFLOW
    if (floor := debit.floor) is not None and debit.credits_posted - given < floor:
        return Outcome.EXCEEDS_BALANCE
    if (ceiling := credit.ceiling) is not None and taken - credit.debits_posted > ceiling:
        return Outcome.EXCEEDS_CEILING
    if is_pending:
        debit.debits_pending += amount
        credit.credits_pending += amount
        expires_at = now + timedelta(seconds=transfer.expiry_s) if transfer.expiry_s else None
        state.promises[key] = Promise(debit, credit, amount, expires_at)
    else:
        debit.debits_posted += amount
        credit.credits_posted += amount
    state.transfers[key] = transfer
    return None


def _resolve(state: State, transfer: Transfer, now: datetime) -> Outcome | None:
    """Post, void or expire a pending transfer; None, or why not. Nothing has changed then."""
    pending = transfer.pending
    if transfer.id.int in state.transfers:
        return Outcome.EXISTS_WITH_DIFFERENT_CONTENT
    if pending is None:
        return Outcome.PENDING_LINK_MISSING
    if pending == transfer.id:
        return Outcome.PENDING_LINK_TO_ITSELF
    if transfer.expiry_s:
        return Outcome.EXPIRY_RESERVED_FOR_PENDING
    if not WHOLE <= transfer.amount <= AMOUNT_MAX:
        return Outcome.AMOUNT_OUT_OF_RANGE
    if pending.int not in state.transfers:
        return Outcome.PENDING_NOT_FOUND
    if (promise := state.promises.get(pending.int)) is None:
        return Outcome.PENDING_NOT_PENDING
    debit, credit = promise.debit, promise.credit
    if transfer.debit not in (None, debit.id) or transfer.credit not in (None, credit.id):
        return Outcome.PENDING_HAS_DIFFERENT_ACCOUNTS
    amount = transfer.amount if transfer.amount != WHOLE else promise.amount
    if amount > promise.amount:
        return Outcome.EXCEEDS_PENDING_AMOUNT
    if amount < promise.amount and transfer.kind is not Kind.POST:
        return Outcome.PENDING_HAS_DIFFERENT_AMOUNT
    if promise.resolution is not None:
        return Outcome.PENDING_ALREADY_RESOLVED
    has_passed = promise.expires_at is not None and promise.expires_at <= now
    if has_passed and transfer.kind is not Kind.EXPIRE:
        return Outcome.PENDING_EXPIRED
    if not has_passed and transfer.kind is Kind.EXPIRE:
        return Outcome.PENDING_NOT_EXPIRED
    promise.resolution = transfer.kind
    debit.debits_pending -= promise.amount
    credit.credits_pending -= promise.amount
    if transfer.kind is Kind.POST:  # at most what was pending, so no limit can break and no counter overflow
        debit.debits_posted += amount
        credit.credits_posted += amount
    state.transfers[transfer.id.int] = replace(transfer, debit=debit.id, credit=credit.id, amount=amount)
    return None


def _undo(state: State, transfers: Sequence[Transfer]) -> None:
    """Take back what the first transfers of a refused event did, the last one first."""
    for transfer in reversed(transfers):
        done = state.transfers.pop(transfer.id.int)
        if done.pending is not None:
            promise = state.promises[done.pending.int]
            debit, credit = promise.debit, promise.credit
            promise.resolution = None
            debit.debits_pending += promise.amount
            credit.credits_pending += promise.amount
            if done.kind is Kind.POST:
                debit.debits_posted -= done.amount
                credit.credits_posted -= done.amount
            continue
        assert done.debit is not None
        assert done.credit is not None
        debit, credit = state.accounts[done.debit.int], state.accounts[done.credit.int]
        if done.kind is Kind.PENDING:
            del state.promises[done.id.int]
            debit.debits_pending -= done.amount
            credit.credits_pending -= done.amount
        else:
            debit.debits_posted -= done.amount
            credit.credits_posted -= done.amount


def _refuse_correction(state: State, corrects: UUID) -> Outcome | None:
    if corrects.int not in state.events:
        return Outcome.CORRECTED_EVENT_NOT_FOUND
    return Outcome.ALREADY_CORRECTED if corrects.int in state.corrected else None


def _is_same(state: State, recorded: Event, again: Event) -> bool:
    """Whether `again` asks for what is recorded: what it leaves open was filled in from the pending transfer."""
    return (
        (recorded.kind, recorded.document, recorded.actor, recorded.corrects)
        == (again.kind, again.document, again.actor, again.corrects)
        and recorded.event_at.astimezone(UTC) == again.event_at.astimezone(UTC)  # or an hour that is told twice differs
        and len(recorded.transfers) == len(again.transfers)
        and all(_asks_for(state, *both) for both in zip(recorded.transfers, again.transfers, strict=True))
    )


def _asks_for(state: State, recorded: Transfer, again: Transfer) -> bool:
    if again.pending is None or recorded.pending is None:
        return recorded == again
    whole = state.promises[recorded.pending.int].amount
    filled = replace(
        again,
        debit=again.debit or recorded.debit,
        credit=again.credit or recorded.credit,
        amount=again.amount if again.amount != WHOLE else whole,
    )
    return recorded == filled


def reversal(event: Event, new_id: Callable[[], UUID], *, resolved: Collection[UUID] = ()) -> tuple[Transfer, ...]:
    """The transfers that undo a recorded `event`, the last one first; ids are made by `new_id`.

    What was posted goes back the same way, what is pending is voided unless it is one of the `resolved`. A void or an
    expiry moved nothing and needs nothing: what it released may be promised to somebody else by now.
    """
    return tuple(
        Transfer(new_id(), done.debit, done.credit, done.amount, Kind.VOID, done.id)
        if done.kind is Kind.PENDING
        else Transfer(new_id(), done.credit, done.debit, done.amount)
        for done in reversed(event.transfers)
        if done.kind not in (Kind.VOID, Kind.EXPIRE) and done.id not in resolved
    )
