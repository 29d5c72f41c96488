"""What a stall asks for, views that somebody keeps, hand-overs; the rest is tried where it is done."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, Market

from sundry.goods.orders import actions_answering, queries_dealings, queries_orders
from sundry.goods.orders.models import SavedView
from sundry.goods.orders.order_rules import LineChange
from sundry.goods.orders.queries_dealings import SavedViewView, TermsView, change_from, change_json

pytestmark = pytest.mark.django_db


def test_what_a_stall_asks_for(market: Market) -> None:
    silent, strict = market.stall(), market.stall(deposit_stock_bp=5000, confirms_stock=True)
    assert queries_dealings.terms_of(silent.id) == TermsView(0, 3000, False, 0)
    assert queries_dealings.terms_of(strict.id) == TermsView(5000, 3000, True, 1)


def test_views_that_somebody_keeps(market: Market) -> None:
    first, other = market.person("Amina"), market.person("Bob")
    for person, page, name in (
        (first, "orders", "late"),
        (first, "orders", "all"),
        (first, "subs", "x"),
        (other, "orders", "y"),
    ):
        SavedView.objects.create(person_id=person, page=page, name=name, query="late=1")
    found = queries_dealings.saved_views(first, "orders")
    assert [(one.name, one.query) for one in found] == [("all", "late=1"), ("late", "late=1")]
    assert all(isinstance(one, SavedViewView) for one in found)


def test_what_was_handed_over_and_a_fixed_number_of_statements(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    cup, lid = market.goods(market.stall(li), 2, stock_pieces=50)
    order = market.order(amina, {cup: 10, lid: 5}).order
    (sub,) = market.confirm(li, order)
    cups, _ = queries_orders.lines(order)
    for lines in ({cups.id: 4}, None):
        actions_answering.hand_over(
            actor=li, sub=sub, lines=lines, cartons=2, note="at the gate", key=uuid.uuid4(), now=NOON
        )
    whole, part = queries_dealings.hand_overs(sub)
    assert (part.lines, part.cartons, part.note, part.at) == ({cups.id: 4}, 2, "at the gate", NOON)
    assert sum(whole.lines.values()) == 11
    asked: list[Callable[[uuid.UUID], object]] = [
        *(queries_dealings.changes, queries_dealings.payments, queries_dealings.tickets, queries_dealings.hand_overs),
        lambda id: queries_dealings.exportable([id]),
    ]
    for ask in asked:
        with CaptureQueriesContext(connection) as seen:
            ask(sub)
        assert len(seen) == 1
    assert queries_dealings.exportable([]) == {}
    assert queries_dealings.exportable([uuid.uuid4()]) == {}


@pytest.mark.parametrize(
    "change",
    [LineChange(uuid.UUID(int=1), pieces=0), LineChange(uuid.UUID(int=1), None, 5, 10, 20114, uuid.UUID(int=2))],
    ids=["taken out", "another good"],
)
def test_a_change_is_kept_as_it_was_proposed(change: LineChange) -> None:
    assert change_from(change_json(change)) == change
