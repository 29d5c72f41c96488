"""Two at the same moment change, pay and accept: each of it happens once, and sums and the ledger agree afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from orders_market import NOON, TODAY, Market

from sundry.base.ledger.verification import verify
from sundry.goods.orders import (
    actions_answering,
    actions_basket,
    actions_changes,
    actions_payments,
    actions_tickets,
    queries_dealings,
    queries_orders,
)
from sundry.goods.orders.errors import AlreadyDone, NotNow, Refused, Stale
from sundry.goods.orders.order_rules import ChangeKind, Head, LineChange, PaymentKind, Wish, sums_agree

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them answers, or what it raises; all begin together, each on a connection of its own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            together.wait(30)
            return act()
        except Exception as raised:
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def kinds(answers: list[Any]) -> list[str]:
    return sorted(type(one).__name__ for one in answers)


def test_each_of_it_happens_once() -> None:
    market = Market()
    li, amina = market.seller(), market.buyer()
    cup, lid = market.goods(market.stall(li), 2, stock_pieces=500)

    basket = actions_basket.start(actor=amina, head=Head(), now=NOON)

    def put(good: int) -> int:
        wishes = [Wish(pieces=3, good=good)]
        return actions_basket.put(actor=amina, order=basket, wishes=wishes, version=None, now=NOON)

    assert sorted(at_once(partial(put, cup), partial(put, lid), partial(put, cup))) == [2, 3, 4]
    view = queries_orders.order(basket)
    assert view is not None
    assert sums_agree(view.card.totals, [sub.totals for sub in view.subs])
    assert sorted(line.pieces for line in queries_orders.lines(basket)) == [3, 6]

    order = market.order(amina, {cup: 10, lid: 10}).order
    (sub,) = market.confirm(li, order)
    pay = partial(
        actions_payments.tell,
        actor=amina,
        sub=sub,
        kind=PaymentKind.DEPOSIT,
        amount_minor=6000,
        paid_on=TODAY,
        now=NOON,
    )
    key = uuid.UUID(int=5)
    same = at_once(*[partial(pay, key=key)] * 3)
    assert len(set(same)) == 1
    assert kinds(at_once(pay, pay)) == [Refused.__name__] * 2  # 4.00 are owed beside what is told
    acknowledge = partial(actions_payments.acknowledge, actor=li, payment=same[0], now=NOON)
    assert kinds(at_once(acknowledge, acknowledge)) == [AlreadyDone.__name__, "NoneType"]
    assert market.claims(sub) == 400

    cups, lids = queries_orders.lines(order)
    propose = partial(
        actions_changes.propose, actor=amina, sub=sub, kind=ChangeKind.AMEND, reason="more", version=None, now=NOON
    )
    proposed = at_once(
        partial(propose, changes=[LineChange(cups.id, pieces=12)]),
        partial(propose, changes=[LineChange(lids.id, pieces=12)]),
    )
    assert kinds(proposed) == [NotNow.__name__, "UUID"]
    (change,) = (one for one in proposed if isinstance(one, uuid.UUID))
    accept = partial(actions_changes.accept, actor=li, change=change, now=NOON)
    assert kinds(at_once(accept, accept)) == ["NoneType", NotNow.__name__]
    assert market.claims(sub) == 400 + 640

    ticket = actions_tickets.draw(actor=li, sub=sub, now=NOON)
    found = queries_dealings.ticket(ticket)
    assert found is not None
    confirm = partial(actions_tickets.confirm_ticket, ticket=ticket, digest=found.digest, now=NOON)
    assert kinds(at_once(partial(confirm, actor=li), partial(confirm, actor=amina))) == ["NoneType", "NoneType"]
    assert queries_dealings.exportable([sub]) == {sub: None}

    fewer = propose(changes=[LineChange(cups.id, pieces=11)])
    hand_over = partial(
        actions_answering.hand_over,
        actor=li,
        sub=sub,
        lines=None,
        cartons=None,
        note="",
        key=uuid.UUID(int=6),
        now=NOON,
    )
    accepted, handed = at_once(partial(actions_changes.accept, actor=li, change=fewer, now=NOON), hand_over)
    assert isinstance(handed, str)
    assert accepted is None or isinstance(accepted, Stale)
    view = queries_orders.order(order)
    assert view is not None
    assert sums_agree(view.card.totals, [sub.totals for sub in view.subs])
    assert market.claims(sub) == view.card.totals.balance_minor
    connection.ensure_connection()
    assert not verify(connection.connection).violations
