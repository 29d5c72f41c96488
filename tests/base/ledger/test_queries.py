"""Each figure that is read equals what is told anew from what was recorded: for any history, folded or not.

The writes of a ledger are tried by everybody who uses it; a published one failed on its reads. Therefore every read is
asked for every account, every position and every size of page, and compared with a plain walk over the events.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from histories import History, some_id
from histories import open_accounts as open_by_id

from sundry.base.ledger import actions, executor, queries
from sundry.base.ledger.actions import NewAccount, open_account, open_accounts, open_units
from sundry.base.ledger.models import Fold
from sundry.base.ledger.queries import END, Balance, EventView, Key, Line, Side
from sundry.base.ledger.rules import AMOUNT_MAX, Account, Event, Kind, Outcome, State, Transfer, Unit, UnitKind, apply
from sundry.kernel.identifiers import new_id

HISTORIES = max(1, int(os.environ.get("HISTORIES", "200")) // 20)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CNY = Unit(UnitKind.CURRENCY, "CNY", 2)
NOBODY = UUID(int=1)
START = Key(0, -1)
DOCUMENTS = ("order:1", "order:2", "order:3")


@dataclass
class Told:
    """A history that was posted, and what it says: events in their order, and the counters after each transfer."""

    state: State
    owners: tuple[UUID | None, ...]
    views: list[EventView]
    counters: list[tuple[Key, dict[UUID, Balance]]]  # from (0, -1) on

    def at(self, key: Key) -> dict[UUID, Balance]:
        return next(found for at, found in reversed(self.counters) if at <= key)

    def lines(self, account: UUID) -> list[Line]:
        """The statement of an account, told from the events."""
        found = []
        for view in self.views:
            for line, one in enumerate(view.event.transfers):
                if account not in (one.debit, one.credit):
                    continue
                gave = one.debit == account
                other = one.credit if gave else one.debit
                assert other is not None
                key = Key(view.position, line)
                purpose = self.state.accounts[other.int].purpose
                said = view.event
                side = Side.DEBIT if gave else Side.CREDIT
                told = (key, said.id, said.kind, said.document, said.event_at, view.recorded_at, said.corrects)
                after = self.at(key)[account]
                found.append(Line(*told, one.id, one.kind, side, other, purpose, one.amount, after))
        return found


def counted(account: Account) -> Balance:
    return Balance(account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted)


def walk(accounts: tuple[Account, ...], views: list[EventView]) -> Iterator[tuple[Key, dict[UUID, Balance]]]:
    """The counters of all accounts before everything, and after each transfer."""
    figures = {account.id: [0, 0, 0, 0] for account in accounts}
    promised = {one.id: one.amount for view in views for one in view.event.transfers if one.kind is Kind.PENDING}

    def now() -> dict[UUID, Balance]:
        return {id_: Balance(*each) for id_, each in figures.items()}

    yield START, now()
    for view in views:
        for line, one in enumerate(view.event.transfers):
            assert one.debit is not None
            assert one.credit is not None
            for side, place in ((one.debit, 0), (one.credit, 2)):
                if one.kind is Kind.PENDING:
                    figures[side][place] += one.amount
                if one.pending is not None:
                    figures[side][place] -= promised[one.pending]
                if one.kind in (Kind.PLAIN, Kind.POST):
                    figures[side][place + 1] += one.amount
            yield Key(view.position, line), now()


def varied(history: History, rng: random.Random) -> History:
    """The same history of three owners and the market, on three documents."""
    owners = (None, None, *(some_id(rng) for _ in range(3)))
    accounts = tuple(replace(one, owner=rng.choice(owners)) for one in history.accounts)
    batches = tuple(
        (now, tuple(replace(one, document=DOCUMENTS[one.id.int % 3]) for one in events))
        for now, events in history.batches
    )
    return History(accounts, batches)


def tell(history: History, rng: random.Random, fold: Callable[[int], None]) -> Told:
    """Post a history, alone or in company, and fold it at some positions."""
    open_by_id(actions._connection(), history.accounts)
    state = State.of(deepcopy(history.accounts))
    recorded_at: dict[UUID, datetime] = {}
    for now, events in history.batches:
        expected = apply(state, events, now)
        groups = [[event] for event in events] if rng.random() < 0.5 else [list(events)]
        assert [answer for group in groups for answer in actions.post(events=group, now=now)] == expected
        for event in state.events.values():
            recorded_at.setdefault(event.id, state.recorded_at)
        fold(rng.choice((0, 1, 3)))
    corrected = {event.corrects: event.id for event in state.events.values() if event.corrects}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, position FROM ledger_event")
        positions = dict(cursor.fetchall())
    views = [
        EventView(event, positions[event.id], recorded_at[event.id], corrected.get(event.id))
        for event in state.events.values()
    ]
    owners = tuple({account.owner for account in history.accounts})
    return Told(state, owners, views, list(walk(history.accounts, views)))


@pytest.fixture(params=[False, True], ids=["summed", "folded"])
def histories(
    db: None, make_history: Callable[[random.Random], History], monkeypatch: pytest.MonkeyPatch, request: Any
) -> Iterator[tuple[random.Random, Told]]:
    """Histories one by one, each in an empty ledger."""
    monkeypatch.setattr(actions, "FOLD_FROM", 1)

    def fold(back: int) -> None:
        """At a position that is up to `back` events ago: nobody else writes here, so all are stable."""
        newest = [view.position for view in queries.newest_events(limit=4)]
        if request.param and newest:
            monkeypatch.setattr(queries, "stable_position", lambda wait_s: newest[min(back, len(newest) - 1)])
            actions.fold()

    def each() -> Iterator[tuple[random.Random, Told]]:
        folds = 0
        for seed in range(HISTORIES):
            rng = random.Random(seed)
            with transaction.atomic():
                yield rng, tell(varied(make_history(rng), rng), rng, fold)
                folds += Fold.objects.count()
                transaction.set_rollback(True)
        assert bool(folds) == request.param

    return each()


def test_balances_now_and_at_every_place(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for _, told in histories:
        everybody = [account.id for account in told.state.accounts.values()]
        now = {account.id: counted(account) for account in told.state.accounts.values()}
        assert queries.balances(everybody) == now
        assert queries.balances(everybody * 2, at=END) == now
        assert told.counters[-1][1] == now
        for key, expected in told.counters:
            assert queries.balances([*everybody, *everybody[:2]], at=key) == expected
            assert queries.balance(everybody[0], at=key) == expected[everybody[0]]
        for position in {place for view in told.views for place in (view.position - 1, view.position)}:
            assert queries.balances(everybody, at=position) == told.at(Key(position, queries.LAST_LINE))
            assert queries.balances(everybody, at=Key(position, -1)) == told.at(Key(position, -1))


def test_statements_of_every_page_size(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for rng, told in histories:
        for account in told.state.accounts.values():
            lines, limit = told.lines(account.id), rng.randint(1, 5)
            assert list(queries.statement_stream(account.id, lines_at_once=limit)) == lines
            assert forward(told, account.id, limit) == lines
            assert backward(told, account.id, limit) == lines[::-1]
            assert sum(line.change for line in lines) == account.balance


def forward(told: Told, account: UUID, limit: int) -> list[Line]:
    found: list[Line] = []
    after: Key | None = None
    while True:
        page = queries.statement(account, after=after, limit=limit)
        assert page.opening == (found[-1].after if found else Balance())
        assert page.more == (len(found) + limit < len(told.lines(account)))
        found += page.lines
        if not page.more:
            return found
        after = found[-1].key


def backward(told: Told, account: UUID, limit: int) -> list[Line]:
    found: list[Line] = []
    before = Key(END, 0)
    while True:
        page = queries.statement(account, before=before, limit=limit)
        if page.lines:
            oldest = page.lines[-1].key
            assert page.opening == told.at(Key(oldest.position, oldest.line - 1))[account]
        else:
            assert page.opening == Balance()
        assert page.more == (len(found) + limit < len(told.lines(account)))
        found += page.lines
        if not page.more:
            return found
        before = found[-1].key


def test_statements_from_every_place(histories: Iterator[tuple[random.Random, Told]]) -> None:
    """From places at which this account did nothing, too."""
    for rng, told in histories:
        account = rng.choice(list(told.state.accounts.values())).id
        lines = told.lines(account)
        for key, expected in told.counters:
            since = queries.statement(account, after=key)
            assert (since.opening, list(since.lines)) == (expected[account], [one for one in lines if one.key > key])
            made = queries.why(account, at=key)
            assert (made.opening, list(made.lines)) == (Balance(), [one for one in lines if one.key <= key][::-1])
            if made.lines:
                assert made.lines[0].after == queries.balance(account, at=key)
            until = Key(key.position, queries.LAST_LINE)
            assert list(queries.why(account, at=key.position).lines) == [o for o in lines if o.key <= until][::-1]
        assert list(queries.why(account).lines) == lines[::-1]
        assert list(queries.why(account, limit=2).lines) == lines[::-1][:2]


def test_trial_balances_now_and_at_every_position(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for _, told in histories:
        accounts = list(told.state.accounts.values())
        for unit in {account.unit for account in accounts}:
            here = [account for account in accounts if account.unit == unit]
            places = {None, 0, *(view.position for view in told.views)}
            for position in places:
                rows = queries.trial_balance(unit, position=position)
                figures = told.at(Key(END if position is None else position, queries.LAST_LINE))
                assert [(row.purpose, row.accounts, row.sums) for row in rows] == [
                    (account.purpose, 1, figures[account.id]) for account in here
                ]
                assert sum(row.sums.debits_posted - row.sums.credits_posted for row in rows) == 0
                assert sum(row.sums.debits_pending - row.sums.credits_pending for row in rows) == 0


def test_events_one_by_one_and_in_pages(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for rng, told in histories:
        limit = rng.randint(1, 5)
        assert list(queries.event_stream(events_at_once=limit)) == told.views
        assert paged(lambda before, n=limit: queries.newest_events(before=before, limit=n)) == told.views[::-1]
        for unit in {account.unit for account in told.state.accounts.values()}:
            of_unit = [view for view in told.views if unit in units_of(told, view)]
            assert list(queries.event_stream(unit=unit, events_at_once=limit)) == of_unit
        for view in told.views:
            assert queries.event(view.event.id) == view
            assert list(queries.event_stream(until=view.position)) == [
                one for one in told.views if one.position <= view.position
            ]
    assert queries.event(NOBODY) is None


def units_of(told: Told, view: EventView) -> set[str]:
    return {told.state.accounts[one.debit.int].unit for one in view.event.transfers if one.debit is not None}


def paged(page: Callable[[int], tuple[EventView, ...]]) -> list[EventView]:
    found = list(page(END))
    while found and (more := page(found[-1].position)):
        found += more
    return found


def test_events_of_a_document_and_of_an_organisation(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for rng, told in histories:
        owner_of = {account.id: account.owner for account in told.state.accounts.values()}
        for document in (*DOCUMENTS, "order:4"):
            of_it = [view for view in told.views[::-1] if view.event.document == document]
            limit = rng.randint(1, 5)
            assert pages_of(document, limit) == of_it
            for owner in {*told.owners, NOBODY} - {None}:
                mine = [one for view in of_it if (one := as_seen(told, view, owner_of, owner)) is not None]
                assert pages_of(document, limit, of=owner) == mine
                most = rng.randint(1, 3)
                assert pages_of(document, limit, of=owner, transfers=most) == [cut(view, 0, most) for view in mine]
            for view in of_it:
                owner, start, most = rng.choice((*told.owners, NOBODY)), rng.randint(0, 3), rng.randint(1, 3)
                seen = view if owner is None else as_seen(told, view, owner_of, owner)
                found = queries.event(view.event.id, of=owner, start=start, transfers=most)
                assert found == (seen and cut(seen, start, most))


def as_seen(told: Told, view: EventView, owner_of: dict[UUID | None, UUID | None], owner: UUID) -> EventView | None:
    """What there is of an event for an organisation, by the history."""
    sides = {one.id: (owner_of[one.debit], owner_of[one.credit]) for one in view.event.transfers}
    mine = tuple(one for one in view.event.transfers if owner in sides[one.id])
    if not mine:
        return None
    touched = {
        other.event.id
        for other in told.views
        if any(owner in (owner_of[one.debit], owner_of[one.credit]) for one in other.event.transfers)
    }
    return replace(
        view,
        event=replace(
            view.event, transfers=mine, corrects=view.event.corrects if view.event.corrects in touched else None
        ),
        corrected_by=view.corrected_by if view.corrected_by in touched else None,
        is_whole=len(mine) == len(sides),
        is_own={owner} == {of for both in sides.values() for of in both},
    )


def cut(view: EventView, start: int, most: int) -> EventView:
    moved = view.event.transfers
    part = replace(view.event, transfers=moved[start : start + most])
    return replace(view, event=part, start=start, more=len(moved) > start + most)


def pages_of(document: str, limit: int, of: UUID | None = None, transfers: int | None = None) -> list[EventView]:
    return paged(lambda before: queries.events_of(document, of=of, before=before, limit=limit, transfers=transfers))


def test_what_is_due_and_what_is_resolved(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for _, told in histories:
        transfers = [(view, one) for view in told.views for one in view.event.transfers]
        done = {one.pending for _, one in transfers if one.pending is not None}
        assert queries.resolved([one.id for _, one in transfers]) == done
        amounts = {one.id: one.amount for _, one in transfers}
        assert queries.promised(list(done)) == {id_: amounts[id_] for id_ in done}
        ends = {
            one.id: view.recorded_at + timedelta(seconds=one.expiry_s)
            for view, one in transfers
            if one.expiry_s and one.id not in done
        }
        for now in {told.state.recorded_at, *ends.values()}:
            found = [(due.id, due.expires_at) for due in queries.due(now=now)]
            assert found == [(id_, end) for id_, end in ends.items() if end <= now]
            since = now - timedelta(seconds=10)
            late = [(id_, end) for id_, end in ends.items() if since < end <= now]
            assert [(due.id, due.expires_at) for due in queries.due(now=now, since=since)] == late


def test_accounts_by_owner_kind_name_and_id(histories: Iterator[tuple[random.Random, Told]]) -> None:
    for rng, told in histories:
        accounts = list(told.state.accounts.values())
        by_id = queries.accounts_of([account.id for account in accounts])
        assert {(one.id, one.owner, one.purpose, one.unit, one.floor, one.ceiling) for one in by_id.values()} == {
            (one.id, one.owner, one.purpose, one.unit, one.floor, one.ceiling) for one in accounts
        }
        names = [(one.owner, one.purpose, one.unit) for one in accounts]
        assert {name: one.id for name, one in queries.accounts_named([*names, (NOBODY, "", "")]).items()} == {
            name: account.id for name, account in zip(names, accounts, strict=True)
        }
        for owner in {*told.owners, NOBODY}:
            own = sorted((one.unit, one.purpose, one.id) for one in accounts if one.owner == owner)
            found: list[queries.AccountView] = []
            limit = rng.randint(1, 4)
            last: tuple[str, str] | None = None
            while page := queries.accounts(owner, after=last, limit=limit):
                found += page
                last = page[-1].unit, page[-1].purpose
            assert [(one.unit, one.purpose, one.id) for one in found] == own
            for kind in UnitKind:
                of_kind = [each for each in own if each[0].startswith(f"{kind}:")]
                assert [(o.unit, o.purpose, o.id) for o in queries.accounts(owner, kind=kind)] == of_kind
        assert queries.account(accounts[0].id) == by_id[accounts[0].id]
        in_order = [by_id[one.id] for one in sorted(accounts, key=lambda one: one.id)]
        assert list(queries.account_stream(accounts_at_once=rng.randint(1, 5))) == in_order
        assert list(queries.account_stream(unit="title:lot-7")) == [o for o in in_order if o.unit == "title:lot-7"]
    assert queries.account(NOBODY) is None


@pytest.mark.django_db
def test_the_accounts_of_a_kind_are_those_of_no_other() -> None:
    """Keys stand side by side in an index: neighbours of a kind's first and last code are of other kinds."""
    kinds = [Unit(kind, code) for kind in UnitKind for code in ("", "!", "~", "\u6d4b")]
    open_units(units=kinds)
    open_accounts(accounts=[NewAccount(NOBODY, "held", unit.key) for unit in kinds])
    for kind in UnitKind:
        assert {one.code for one in queries.accounts(NOBODY, kind=kind)} == {"", "!", "~", "\u6d4b"}
        assert [key for key, _ in queries.units(kind=kind)] == [unit.key for unit in kinds if unit.kind is kind]
    assert [key for key, _ in queries.units(after="quota:!", limit=1)] == ["quota:~"]
    assert queries.unit("quota:~") == Unit(UnitKind.QUOTA, "~")
    assert queries.unit("quota:") != queries.unit("quota: ")


def test_a_page_begins_at_one_end() -> None:
    with pytest.raises(ValueError, match="not both"):
        queries.statement(NOBODY, after=START, before=Key(END, 0))


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [1, 10, 1_000])
def test_the_number_of_statements_does_not_grow(lines: int, django_assert_num_queries: Any) -> None:
    open_units(units=[CNY])
    names = [NewAccount(None, f"stall {number}", CNY.key, floor=0 if number % 2 else None) for number in range(lines)]
    stalls = open_accounts(accounts=names)
    outside = open_account(owner=None, purpose="outside", unit=CNY.key)
    events = [sale(outside, stall) for stall in stalls]
    assert {answer.outcome for answer in actions.post(events=events)} == {Outcome.POSTED}
    many = tuple(one for event in events for one in event.transfers)
    big = Event(new_id(), "sale", "order:2", "clerk", NOON, tuple(replace(one, id=new_id()) for one in many))
    actions.post_or_raise(event=big)
    asked: list[tuple[int, Callable[[], Any]]] = [
        (1, lambda: queries.balances([*stalls, outside])),
        (1, lambda: queries.balances([*stalls, outside], at=5)),
        (1, lambda: queries.accounts_of(stalls)),
        (1, lambda: queries.accounts_named([one.name for one in names])),
        (1, lambda: queries.accounts(None, limit=lines)),
        (1, lambda: queries.statement(outside, limit=2 * lines)),
        (1, lambda: queries.why(outside, limit=2 * lines)),
        (1, lambda: queries.event(big.id)),
        (1, lambda: queries.event(big.id, of=NOBODY, transfers=3)),
        (1, lambda: queries.newest_events(limit=lines)),
        (1, lambda: queries.events_of("order:1", limit=lines)),
        (1, lambda: queries.trial_balance(CNY.key)),
        (1, lambda: queries.trial_balance(CNY.key, position=5)),
        (1, lambda: queries.due()),
        (1, lambda: queries.resolved([one.id for one in many])),
    ]
    for statements, ask in asked:
        with django_assert_num_queries(statements):
            ask()


def sale(gives: UUID, takes: UUID, amount: int = 5) -> Event:
    return Event(new_id(), "sale", "order:1", "clerk", NOON, (Transfer(new_id(), gives, takes, amount),))


@pytest.mark.django_db(transaction=True)
def test_a_stable_position_waits_for_who_may_still_write_below_it(conn: psycopg.Connection[Any]) -> None:
    before = queries.stable_position()
    assert before is not None
    with conn.transaction():
        conn.execute("SELECT pg_current_xact_id(), nextval('ledger_position')")
        assert queries.stable_position(wait_s=0.05) is None
    assert queries.stable_position() == before + 1


def test_a_stable_position_is_not_waited_for_by_itself(db: None) -> None:
    with pytest.raises(RuntimeError):
        queries.stable_position()


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_is_one_moment_and_is_only_read(conn: psycopg.Connection[Any]) -> None:
    open_units(units=[CNY])
    bank, till = open_accounts(accounts=[NewAccount(None, purpose, CNY.key) for purpose in ("bank", "till")])
    with queries.snapshot():
        assert queries.balance(till).balance == 0
        executor.post(conn, [sale(bank, till)])
        assert queries.balance(till).balance == 0
        with pytest.raises(DatabaseError, match="read-only transaction"), transaction.atomic():
            actions.post(events=[sale(bank, till)])
    assert queries.balance(till).balance == 5
    with pytest.raises(RuntimeError), transaction.atomic(), queries.snapshot():
        pass


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "exponent"), [("JPY", 0), ("CNY", 2), ("KWD", 3)])
def test_amounts_are_of_the_smallest_part_whatever_its_decimals(code: str, exponent: int) -> None:
    unit = Unit(UnitKind.CURRENCY, code, exponent)
    open_units(units=[unit])
    bank, till = open_accounts(accounts=[NewAccount(None, purpose, unit.key) for purpose in ("bank", "till")])
    actions.post(events=[sale(bank, till)])
    assert queries.unit(unit.key) == unit
    assert [one.exponent for one in queries.accounts(None)] == [exponent] * 2
    assert queries.balance(till).balance == 5


@pytest.mark.django_db
@pytest.mark.parametrize("folded", [False, True])
def test_a_sum_may_be_larger_than_a_counter(folded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FOLD_FROM", 1)
    open_units(units=[CNY])
    bank, till = open_accounts(accounts=[NewAccount(None, purpose, CNY.key) for purpose in ("bank", "till")])
    for _ in range(3):
        actions.post(events=[sale(bank, till, AMOUNT_MAX)])
        if folded:
            monkeypatch.setattr(queries, "stable_position", lambda wait_s: queries.newest_events()[0].position)
            assert actions.fold() == 2
    most = 3 * AMOUNT_MAX
    last = queries.newest_events()[0].position
    assert queries.balance(till) == queries.balance(till, at=last) == Balance(0, 0, 0, most)
    assert [line.after.balance for line in queries.statement(bank, before=Key(END, 0), limit=2).lines] == [
        -most,
        -2 * AMOUNT_MAX,
    ]
    for position in (None, last):
        rows = queries.trial_balance(CNY.key, position=position)
        assert [row.sums for row in rows] == [Balance(0, most, 0, 0), Balance(0, 0, 0, most)]
