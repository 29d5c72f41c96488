"""What happens to the ledger through Django's connection: accounts are opened, events posted, corrected, expired."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from histories import wait_until_somebody_waits

from sundry.base.ledger import actions, executor, queries
from sundry.base.ledger.actions import (
    LimitsDiffer,
    NewAccount,
    Refused,
    correct,
    expire,
    fold,
    open_account,
    open_accounts,
    open_goods,
    open_units,
    post,
    post_or_raise,
)
from sundry.base.ledger.models import Account, Fold
from sundry.base.ledger.models import Event as EventRow
from sundry.base.ledger.models import Unit as UnitRow
from sundry.base.ledger.rules import AMOUNT_MAX, WHOLE, Event, Kind, Outcome, Transfer, Unit, UnitKind
from sundry.base.ledger.verification import verify
from sundry.kernel.identifiers import new_id

NOON = datetime(2020, 11, 22, 12, tzinfo=UTC)  # long before the clock of the server
CNY = Unit(UnitKind.CURRENCY, "CNY", 2)
USD = Unit(UnitKind.CURRENCY, "USD", 2)
STALL, AGENT = new_id(), new_id()


def move(debit: UUID, credit: UUID, amount: int) -> Transfer:
    return Transfer(new_id(), debit, credit, amount)


def promise(debit: UUID, credit: UUID, amount: int, expiry_s: int = 0) -> Transfer:
    return Transfer(new_id(), debit, credit, amount, Kind.PENDING, expiry_s=expiry_s)


def event(*transfers: Transfer, document: str = "order:1", corrects: UUID | None = None) -> Event:
    return Event(new_id(), "payout", document, "clerk", NOON, transfers, corrects)


@pytest.fixture
def outside(db: None) -> UUID:
    """The world outside, from which money comes."""
    open_units(units=[CNY, USD])
    return open_account(owner=None, purpose="outside", unit=CNY.key)


@pytest.fixture
def payable(outside: UUID) -> UUID:
    """What is owed to a stall: 500.00 yuan, and it never falls below 0."""
    opened = open_account(owner=STALL, purpose="payable", unit=CNY.key, floor=0)
    post_or_raise(event=event(move(outside, opened, 50_000)), now=NOON)
    return opened


def in_threads(*tasks: Callable[[], Any]) -> list[Any]:
    """The answers of tasks that begin at the same moment, each with a connection of its own."""
    ready = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        ready.wait(30)
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


# Units and accounts


@pytest.mark.django_db
def test_a_unit_is_known_once_and_keeps_its_decimals(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        open_units(units=[CNY, Unit(UnitKind.CURRENCY, "JPY"), CNY])
    with django_assert_num_queries(1):
        open_units(units=[Unit(UnitKind.CURRENCY, "JPY"), CNY])
    with pytest.raises(ValueError, match="currency:CNY"):
        open_units(units=[Unit(UnitKind.CURRENCY, "CNY")])
    assert dict(queries.units()) == {"currency:CNY": 2, "currency:JPY": 0}
    open_units(units=[])


@pytest.mark.django_db
def test_accounts_are_opened_once_and_answered_in_the_order_asked(django_assert_num_queries: Any) -> None:
    open_units(units=[CNY, USD])
    wanted = [
        NewAccount(STALL, "payable", CNY.key, floor=0),
        NewAccount(None, "fees", CNY.key),
        NewAccount(STALL, "payable", USD.key, floor=0, ceiling=9),
        NewAccount(STALL, "payable", CNY.key, floor=0),
    ]
    first = open_accounts(accounts=wanted)
    assert first[0] == first[3]
    assert len(set(first)) == 3
    with django_assert_num_queries(1):
        assert open_accounts(accounts=wanted[::-1]) == first[::-1]
    later = open_accounts(accounts=[NewAccount(AGENT, "fees", CNY.key), *wanted])
    assert later[1:] == first
    assert open_account(owner=None, purpose="fees", unit=CNY.key) == first[1]
    assert open_accounts(accounts=[]) == []
    seen = queries.account(first[2])
    assert seen is not None
    assert (seen.owner, seen.purpose, seen.unit, seen.floor, seen.ceiling) == (STALL, "payable", USD.key, 0, 9)


@pytest.mark.django_db
def test_five_thousand_accounts_at_once(django_assert_max_num_queries: Any) -> None:
    open_units(units=[CNY])
    wanted = [NewAccount(STALL, f"shelf {number}", CNY.key, floor=0) for number in range(5_000)]
    with django_assert_max_num_queries(6):  # four, and a savepoint
        opened = open_accounts(accounts=wanted)
    assert len(set(opened)) == 5_000
    assert open_accounts(accounts=wanted[2_500:]) == opened[2_500:]


@pytest.mark.django_db
@pytest.mark.parametrize(("floor", "ceiling"), [(None, None), (0, 5), (-1, None), (0, 0)])
def test_limits_never_change(floor: int | None, ceiling: int | None) -> None:
    """Neither those of an open account, nor within one list; and nothing of the list is opened."""
    open_units(units=[CNY])
    new = NewAccount(STALL, "fees", CNY.key)
    known, other = NewAccount(STALL, "payable", CNY.key, 0), NewAccount(STALL, "payable", CNY.key, floor, ceiling)
    with pytest.raises(LimitsDiffer, match="payable"):
        open_accounts(accounts=[new, known, other])
    assert not Account.objects.exists()
    open_accounts(accounts=[known])
    with pytest.raises(LimitsDiffer) as caught:
        open_accounts(accounts=[new, other])
    assert caught.value.details == {"purpose": "payable", "unit": "currency:CNY"}
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_opened() -> None:
    with pytest.raises(ValueError, match="no such unit: currency:CNY"):
        open_account(owner=None, purpose="fees", unit=CNY.key)
    for floor, ceiling in ((1, None), (None, -1), (-AMOUNT_MAX - 1, None), (0, AMOUNT_MAX + 1)):
        with pytest.raises(ValueError, match="cannot start at 0"):
            NewAccount(None, "fees", CNY.key, floor, ceiling)


@pytest.mark.django_db
def test_goods_have_an_owner_and_a_holder() -> None:
    lot = open_goods(lot="lot-7", owner=STALL, holder=AGENT)
    assert open_goods(lot="lot-7", owner=STALL, holder=AGENT) == lot
    title, custody = queries.account(lot.title), queries.account(lot.custody)
    assert title is not None
    assert custody is not None
    assert (title.owner, title.unit, title.floor) == (STALL, "title:lot-7", 0)
    assert (custody.owner, custody.unit, custody.floor) == (AGENT, "custody:lot-7", 0)


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_somebody_makes_known_while_we_wait(conn: psycopg.Connection[Any]) -> None:
    def attempt(exponent: int) -> str:
        begun.wait(30)
        try:
            open_units(units=[Unit(UnitKind.CURRENCY, "KWD", exponent)])
        except ValueError as fault:
            return str(fault)
        return "known"

    def other() -> None:
        with conn.transaction():
            conn.execute("INSERT INTO ledger_unit VALUES ('currency:KWD', 'currency', 'KWD', 3)")
            begun.set()
            wait_until_somebody_waits(conn, 2)

    begun = threading.Event()
    answers = in_threads(other, lambda: attempt(3), lambda: attempt(2))
    assert answers == [None, "known", "known with another number of decimals: currency:KWD"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1], ids=["forward", "backward"])
def test_two_who_open_the_same_at_once_do_not_wait_in_a_circle(conn: psycopg.Connection[Any], order: int) -> None:
    """One has opened the first of two and is about to open the second, while the other opens both."""
    units = [Unit(UnitKind.QUOTA, code) for code in "ab"]
    ids = [new_id(), new_id()]

    def one() -> None:
        with conn.transaction():
            for number, unit in enumerate(units):
                conn.execute("INSERT INTO ledger_unit VALUES (%s, 'quota', %s, 0)", [unit.key, unit.code])
                if not number:
                    first.set()
                    wait_until_somebody_waits(conn)
        with conn.transaction():
            for number, (id_, unit) in enumerate(zip(ids, units, strict=True)):
                conn.execute("INSERT INTO ledger_account (id, purpose, unit) VALUES (%s, 'quota', %s)", [id_, unit.key])
                if not number:
                    second.set()
                    wait_until_somebody_waits(conn)

    def other() -> list[UUID]:
        first.wait(30)
        open_units(units=units[::order])
        second.wait(30)
        return open_accounts(accounts=[NewAccount(None, "quota", unit.key) for unit in units[::order]])

    first, second = threading.Event(), threading.Event()
    assert in_threads(one, other) == [None, ids[::order]]


# Posting beside the caller's own rows


@pytest.fixture(params=[True, False], ids=["quickly", "by-the-machine"])
def way(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of posting one event."""
    if not request.param:
        monkeypatch.setattr(executor, "_is_usual", lambda event: False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "rolled back"])
def test_a_document_and_its_postings_are_one(payable: UUID, outside: UUID, kept: bool) -> None:
    class Regret(Exception):
        pass

    with pytest.raises(Regret) if not kept else nullcontext(), transaction.atomic():
        open_units(units=[Unit(UnitKind.TITLE, "lot-7")])  # the document
        post_or_raise(event=event(move(payable, outside, 700)))
        if not kept:
            raise Regret
    connection.close()
    assert UnitRow.objects.filter(key="title:lot-7").exists() == kept
    assert queries.balance(payable).balance == (49_300 if kept else 50_000)
    assert queries.balance(outside).balance == -(49_300 if kept else 50_000)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("inside", [transaction.atomic, nullcontext], ids=["in a transaction", "in none"])
def test_after_a_refusal_the_caller_goes_on(
    payable: UUID, outside: UUID, inside: Callable[[], AbstractContextManager[Any]]
) -> None:
    with inside():
        open_units(units=[Unit(UnitKind.TITLE, "lot-7")])
        with pytest.raises(Refused) as refused:
            post_or_raise(event=event(move(outside, payable, 1), move(payable, outside, 50_002), document="payout:9"))
        open_units(units=[Unit(UnitKind.TITLE, "lot-8")])
        done = event(move(payable, outside, 50_000))
        assert post_or_raise(event=done) == (Outcome.POSTED, None)
        assert post_or_raise(event=done) == (Outcome.EXISTS, None)
    connection.close()
    assert (refused.value.outcome, refused.value.line) == (Outcome.EXCEEDS_BALANCE, 1)
    assert refused.value.details == {"document": "payout:9", "transfer": 2, "amount": 50_002}
    assert UnitRow.objects.filter(key__in=["title:lot-7", "title:lot-8"]).count() == 2
    assert queries.balance(payable).balance == 0
    assert EventRow.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_the_caller_undoes_to_a_savepoint_was_never_posted(payable: UUID, outside: UUID) -> None:
    with transaction.atomic():
        with transaction.atomic():
            post_or_raise(event=event(move(payable, outside, 50_000)))
            transaction.set_rollback(True)
        post_or_raise(event=event(move(payable, outside, 20_000)))
    assert queries.balance(payable).balance == 30_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("way")
def test_a_server_that_ends_the_connection_is_djangos_error_and_the_next_post_reconnects(
    payable: UUID, outside: UUID, settings: Any
) -> None:
    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        post_or_raise(event=event(move(payable, outside, 1)))
    connection.close_if_unusable_or_obsolete()  # as at the end of a request
    post_or_raise(event=event(move(payable, outside, 1)))
    assert queries.balance(payable).balance == 49_999


@pytest.mark.usefixtures("way")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_posted_in_a_transaction_that_will_be_rolled_back(payable: UUID, outside: UUID) -> None:
    """As Django refuses a statement of its own there: an answer "posted" would be a lie."""
    sale = event(move(outside, payable, 5))
    with transaction.atomic():
        with suppress(KeyError), transaction.atomic(savepoint=False):
            raise KeyError
        with pytest.raises(TransactionManagementError):
            post_or_raise(event=sale)
    assert queries.event(sale.id) is None


def test_nothing_is_posted_by_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert post(events=[]) == []


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.POSTED, Outcome.EXISTS}))
def test_each_refusal_says_why(outcome: Outcome) -> None:
    refused = Refused(outcome, event(move(STALL, AGENT, 7)), 0)
    said = {refused.message(language) for language in ("zh", "en", "ar", "es", "fr", "ru")}
    assert len(said) == 6
    assert not any("{" in text for text in said)


# Corrections


def test_a_correction_gives_everything_back_and_names_what_it_corrects(payable: UUID, outside: UUID) -> None:
    wrong = event(move(payable, outside, 700), promise(payable, outside, 600), promise(outside, payable, 5, 60))
    post_or_raise(event=wrong, now=NOON)
    by = new_id()
    for _ in range(2):  # the second time the promises are void, and the answer is the same
        done = correct(event=wrong.id, by=by, actor="li", event_at=NOON, now=NOON)
        assert (done.id, done.corrects, done.document, done.actor) == (by, wrong.id, "order:1", "li")
        seen = queries.event(by)
        assert seen is not None
        assert seen.event == done
        assert [one.kind for one in done.transfers] == [Kind.VOID, Kind.VOID, Kind.PLAIN]
    assert queries.balance(payable) == queries.Balance(0, 700, 0, 50_700)
    was = queries.event(wrong.id)
    assert was is not None
    assert (was.event, was.corrected_by) == (wrong, by)


def test_a_correction_leaves_promises_that_were_resolved(payable: UUID, outside: UUID) -> None:
    sent = event(promise(payable, outside, 600), promise(payable, outside, 50))
    post_or_raise(event=sent)
    post_or_raise(event=event(Transfer(new_id(), None, None, 599, Kind.POST, sent.transfers[0].id)))
    done = correct(event=sent.id, by=new_id(), actor="li", event_at=NOON, document="letter:3")
    assert (done.document, len(done.transfers)) == ("letter:3", 1)
    assert queries.balance(payable) == queries.Balance(0, 599, 0, 50_000)


def test_what_cannot_be_corrected(payable: UUID, outside: UUID) -> None:
    def refused(event: UUID, by: UUID) -> tuple[Outcome, int | None]:
        with pytest.raises(Refused) as caught:
            correct(event=event, by=by, actor="li", event_at=NOON)
        return caught.value.outcome, caught.value.line

    arrived = event(move(outside, payable, 10), move(outside, payable, 20))
    post_or_raise(event=arrived)
    assert refused(new_id(), new_id()) == (Outcome.CORRECTED_EVENT_NOT_FOUND, None)
    assert refused(arrived.id, arrived.id) == (Outcome.EXISTS_WITH_DIFFERENT_CONTENT, None)
    spent = event(move(payable, outside, 50_011))
    post_or_raise(event=spent)
    assert refused(arrived.id, new_id()) == (Outcome.EXCEEDS_BALANCE, 0)
    back = correct(event=spent.id, by=new_id(), actor="li", event_at=NOON)
    right = correct(event=arrived.id, by=new_id(), actor="li", event_at=NOON)
    assert refused(arrived.id, new_id()) == (Outcome.ALREADY_CORRECTED, None)
    assert refused(arrived.id, spent.id) == (Outcome.EXISTS_WITH_DIFFERENT_CONTENT, None)
    correct(event=right.id, by=new_id(), actor="li", event_at=NOON)  # a correction is corrected by another one
    assert queries.balance(payable).balance == 50_030
    assert back.transfers[0].amount == 50_011


def test_an_event_that_only_released_needs_no_correction(payable: UUID, outside: UUID) -> None:
    sent = event(promise(payable, outside, 600))
    void = event(Transfer(new_id(), None, None, WHOLE, Kind.VOID, sent.transfers[0].id))
    post(events=[sent, void])
    with pytest.raises(Refused) as caught:
        correct(event=void.id, by=new_id(), actor="li", event_at=NOON)
    assert caught.value.outcome is Outcome.EVENT_WITHOUT_TRANSFERS


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_one_event_at_once(payable: UUID, outside: UUID) -> None:
    wrong = event(move(payable, outside, 700), promise(outside, payable, 600))
    post_or_raise(event=wrong)

    def attempt(by: UUID) -> Any:
        try:
            return correct(event=wrong.id, by=by, actor="li", event_at=NOON).id
        except Refused as refused:
            return refused.outcome

    ids = [new_id(), new_id()]
    answers = in_threads(*(lambda by=by: attempt(by) for by in ids))
    assert answers in ([ids[0], Outcome.ALREADY_CORRECTED], [Outcome.ALREADY_CORRECTED, ids[1]])
    assert queries.balance(payable) == queries.Balance(0, 700, 0, 50_700)


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_the_same_events_do_not_wait_in_a_circle(outside: UUID, conn: psycopg.Connection[Any]) -> None:
    """No account has a limit, so nobody waits before the events are written; and the ids are in the other order."""
    fees = open_account(owner=None, purpose="fees", unit=CNY.key)
    wrong = [event(move(fees, outside, 1)) for _ in "ab"]
    post(events=wrong)
    begun = threading.Event()
    later, earlier = (event(move(outside, fees, 1), corrects=one.id) for one in wrong[::-1])
    assert later.id < earlier.id

    def one() -> None:
        with conn.transaction():
            executor.post(conn, [event(move(outside, fees, 1), corrects=wrong[0].id)])
            begun.set()
            wait_until_somebody_waits(conn)
            executor.post(conn, [event(move(outside, fees, 1), corrects=wrong[1].id)])

    def other() -> list[Outcome]:
        begun.wait(30)
        return [answer.outcome for answer in post(events=[earlier, later])]

    assert in_threads(one, other) == [None, [Outcome.ALREADY_CORRECTED] * 2]
    assert queries.balance(fees).balance == 0


# Expiry


def test_a_promise_expires_at_its_end(payable: UUID, outside: UUID) -> None:
    sent = event(promise(payable, outside, 600, expiry_s=60), promise(payable, outside, 50), document="payout:3")
    post_or_raise(event=sent, now=NOON)
    end = NOON + timedelta(seconds=60)
    assert expire(now=end - timedelta(microseconds=1)) == 0
    assert expire(now=end, since=end) == 0
    assert queries.balance(payable).available == 50_000 - 650
    assert expire(now=end) == 1
    assert expire(now=end) == 0
    assert queries.balance(payable).available == 50_000 - 50
    expiry = queries.newest_events(limit=1)[0]
    assert (expiry.event.kind, expiry.event.document, expiry.event.actor) == ("expiry", "payout:3", "ledger")
    assert (expiry.event.event_at, expiry.recorded_at) == (end, end)


def test_a_promise_whose_time_is_up_by_the_ledger_expires_though_the_clock_was_set_back(
    payable: UUID, outside: UUID
) -> None:
    """Nobody can post or void it any more, so whoever promised must get it back."""
    before = queries.balance(payable).available
    post_or_raise(event=event(promise(payable, outside, 100, expiry_s=3600)), now=NOON)
    post_or_raise(event=event(move(outside, payable, 1)), now=NOON + timedelta(days=365))  # somebody's clock is wrong
    assert expire(now=NOON + timedelta(minutes=1)) == 1
    assert queries.balance(payable).available == before + 1


def test_by_the_clock_of_the_server(payable: UUID, outside: UUID) -> None:
    now = datetime.now(UTC)
    for begun in (now - timedelta(seconds=61), now):
        post_or_raise(event=event(promise(payable, outside, 600, expiry_s=60)), now=begun)
    assert expire() == 1
    assert queries.balance(payable).available == 50_000 - 600


def promises(gives: UUID, takes: UUID, count: int) -> None:
    events = [event(promise(gives, takes, 1, expiry_s=60)) for _ in range(count)]
    assert {answer.outcome for answer in post(events=events, now=NOON)} == {Outcome.POSTED}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limited", [True, False])
def test_workers_who_expire_at_once_do_it_once(
    payable: UUID, outside: UUID, monkeypatch: pytest.MonkeyPatch, limited: bool
) -> None:
    monkeypatch.setattr(actions, "EXPIRED_AT_ONCE", 7)
    fees = open_account(owner=None, purpose="fees", unit=CNY.key)
    gives = payable if limited else fees
    promises(gives, outside, 60)
    late = NOON + timedelta(hours=1)
    assert sum(in_threads(*[lambda: expire(now=late)] * 3)) == 60
    assert queries.balance(gives).debits_pending == 0
    assert EventRow.objects.filter(kind="expiry").count() == 60
    assert verify(actions._connection()).violations == []


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_loses_nothing(payable: UUID, outside: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "EXPIRED_AT_ONCE", 10)
    promises(payable, outside, 25)
    works, calls = executor.post, []

    def second_fails(*args: Any, **more: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            works(*args, **more)
            raise psycopg.OperationalError("the disk is full")
        return works(*args, **more)

    monkeypatch.setattr(executor, "post", second_fails)
    late = NOON + timedelta(hours=1)
    with pytest.raises(OperationalError, match="the disk is full"):
        expire(now=late)
    assert expire(now=late) <= 15
    assert queries.balance(payable).debits_pending == 0
    assert EventRow.objects.filter(kind="expiry").count() == 25


# Folds


@pytest.fixture
def folding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FOLD_FROM", 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("folding")
def test_only_busy_accounts_are_folded_and_each_once(payable: UUID, outside: UUID) -> None:
    fees = open_account(owner=None, purpose="fees", unit=CNY.key)
    post(events=[event(move(outside, fees, 1)), event(move(outside, payable, 1))])
    assert fold() == 1  # outside gave three times
    assert fold() == 0
    post(events=[event(move(payable, fees, 1)), event(move(fees, outside, 1))])
    assert fold() == 2  # payable: once before, once now, and the 500 yuan; fees: three
    assert fold() == 0
    assert set(Fold.objects.values_list("account", flat=True)) == {outside, payable, fees}
    assert queries.balance(outside).balance == -50_001


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("folding")
def test_a_fold_is_not_made_below_somebody_who_is_writing(
    payable: UUID, outside: UUID, conn: psycopg.Connection[Any]
) -> None:
    with conn.transaction():
        executor.post(conn, [event(move(outside, payable, 1))])
        post(events=[event(move(outside, open_account(owner=None, purpose="fees", unit=CNY.key), 1)) for _ in "12345"])
        assert fold(wait_s=0.05) == 0
    assert fold() == 2
    assert queries.balance(outside).balance == -50_006


@pytest.mark.django_db(transaction=True)
def test_folds_among_writers_are_right_for_ever(
    outside: UUID, as_application: Callable[[], psycopg.Connection[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers who end in another order than they began, some of whom give up; three who fold meanwhile."""
    monkeypatch.setattr(actions, "FOLD_FROM", 1)
    shelves = open_accounts(accounts=[NewAccount(None, f"{n}", CNY.key, floor=0 if n % 2 else None) for n in range(6)])
    end = time.monotonic() + 1.5

    def writer(rng: random.Random) -> int:
        with as_application() as conn:
            while time.monotonic() < end:
                with conn.transaction(force_rollback=rng.random() < 0.2):
                    takes = rng.sample(shelves, rng.choice((1, 2)))
                    moved = (move(outside, one, rng.randint(1, 9)) for one in takes)
                    executor.post(conn, [event(*moved, promise(takes[0], outside, 1, expiry_s=1))])
                    time.sleep(rng.random() * 0.01)
        return 0

    def folder() -> int:
        count = 0
        while time.monotonic() < end:
            count += fold()
        return count

    folded = sum(in_threads(*(lambda n=n: writer(random.Random(n)) for n in range(5)), *[folder] * 3))
    assert folded == Fold.objects.count()
    assert folded > 6
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_fold f WHERE (f.debits_posted, f.credits_posted, f.debits_pending) <> ("
            "SELECT coalesce(sum(amount) FILTER (WHERE debit = f.account AND kind = 0), 0), "
            "coalesce(sum(amount) FILTER (WHERE credit = f.account AND kind = 0), 0), "
            "coalesce(sum(amount) FILTER (WHERE debit = f.account AND kind = 1), 0) "
            "FROM ledger_transfer t WHERE t.position <= f.position AND f.account IN (debit, credit))"
        )
        assert cursor.fetchone() == (0,)
    assert verify(actions._connection()).violations == []
