"""The order is the sum of its sub-orders, these of their lines; deposits and balances make the value: to the last minor
unit, in currencies with no, two and three decimals, whatever is done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor
from sundry.goods.orders import (
    actions_answering,
    actions_basket,
    actions_changes,
    actions_payments,
    actions_placing,
    queries_orders,
)
from sundry.goods.orders.order_rules import (
    UNDONE,
    WHOLE_BP,
    Carton,
    ChangeKind,
    Head,
    LineChange,
    PaymentKind,
    State,
    SubView,
    Totals,
    Wish,
    deposit_of,
    line_totals,
    sums_agree,
    value_of,
)
from sundry.goods.orders.writing import minus
from sundry.kernel.errors import SundryError
from sundry.kernel.money import Money

CURRENCIES = ("JPY", "CNY", "KWD")
FIGURES = st.integers(1, 10_000)


@given(st.lists(st.tuples(FIGURES, FIGURES, st.sampled_from([1, 12, 1000])), max_size=30), st.integers(0, WHOLE_BP))
def test_totals_kept_by_difference_are_those_that_are_counted(lines: list[tuple[int, int, int]], bp: int) -> None:
    made = [
        line_totals(pieces, value_of(pieces, price, per), Carton(7, 10, 20, 30, 400)) for pieces, price, per in lines
    ]
    kept = Totals()
    for line in made:
        kept += line
    for line in made[::2]:
        kept += minus(line)
    assert sums_agree(kept, made[1::2])
    deposit = deposit_of(kept.value_minor, bp)
    assert 0 <= deposit <= kept.value_minor
    for currency in CURRENCIES:
        rest = kept.value_minor - deposit
        assert Money(deposit, currency) + Money(rest, currency) == Money(kept.value_minor, currency)


class Empty(Exception):
    """Everything was taken out: there is nothing that could be chosen."""


class Trade:
    """One order over two stalls, and all that can be done to it; what is refused is refused."""

    def __init__(self, market: Market, seller: Actor, stalls: list[int], goods: list[int], currency: str) -> None:
        self.market, self.seller, self.stalls, self.goods = market, seller, stalls, goods
        self.buyer = market.buyer()
        head = Head(currency=currency)
        self.number = actions_basket.start(actor=self.buyer, head=head, now=NOON)

    def act(self, what: str, which: int, figure: int) -> None:
        try:
            getattr(self, what)(which, figure)
        except Empty:
            return
        except SundryError as refusal:
            if not refusal.rule.startswith("orders_"):
                raise

    @property
    def subs(self) -> tuple[SubView, ...]:
        found = queries_orders.order(self.number)
        assert found is not None
        return found.subs

    def sub(self, which: int) -> SubView:
        if not (subs := self.subs):
            raise Empty
        return subs[which % len(subs)]

    def line(self, which: int) -> uuid.UUID:
        lines = queries_orders.lines(self.number)
        if not lines:
            raise Empty
        return lines[which % len(lines)].id

    def put(self, which: int, figure: int) -> None:
        """A price is named: the catalogue's are in yuan."""
        good = self.goods[which % len(self.goods)]
        wish = Wish(pieces=figure % 50 + 1, good=good, price_minor=figure, price_per=(1, 12, 1000)[which % 3])
        actions_basket.put(actor=self.buyer, order=self.number, wishes=[wish], version=None, now=NOON)

    def describe(self, which: int, figure: int) -> None:
        stall = self.stalls[which % len(self.stalls)]
        wish = Wish(
            pieces=figure,
            stall=stall,
            names={"zh": "礼盒"},
            price_minor=333,
            price_per=10,
            carton=Carton(9, 1, 2, 3, 4),
        )
        actions_basket.put(actor=self.buyer, order=self.number, wishes=[wish], version=None, now=NOON)

    def change(self, which: int, figure: int) -> None:
        given: dict[str, Any] = {"order": self.number, "line": self.line(which), "pieces": figure % 60}
        actions_basket.change_line(actor=self.buyer, version=None, now=NOON, **given)

    def remove(self, which: int, figure: int) -> None:
        lines = [self.line(which)]
        actions_basket.remove(actor=self.buyer, order=self.number, lines=lines, version=None, now=NOON)

    def place(self, which: int, figure: int) -> None:
        actions_placing.place(actor=self.buyer, order=self.number, version=None, key=None, now=NOON)

    def amend(self, which: int, figure: int) -> None:
        changes = [LineChange(self.line(which), pieces=figure % 30)]
        sub = self.sub_of(changes[0].line)
        actions_changes.amend(actor=self.buyer, sub=sub, changes=changes, reason="r", version=None, now=NOON)

    def agree(self, which: int, figure: int) -> None:
        changes = [LineChange(self.line(which), pieces=figure % 30, price_minor=figure)]
        sub, kind = self.sub_of(changes[0].line), ChangeKind.AMEND
        change = actions_changes.propose(
            actor=self.buyer, sub=sub, kind=kind, changes=changes, reason="r", version=None, now=NOON
        )
        actions_changes.accept(actor=self.seller, change=change, now=NOON)

    def sub_of(self, line: uuid.UUID) -> uuid.UUID:
        found = queries_orders.line(self.number, line)
        assert found is not None
        return found.sub

    def confirm(self, which: int, figure: int) -> None:
        actions_answering.confirm(actor=self.seller, subs=[self.sub(which).id], now=NOON)

    def decline(self, which: int, figure: int) -> None:
        actions_answering.decline(actor=self.seller, sub=self.sub(which).id, reason="r", now=NOON)

    def cancel(self, which: int, figure: int) -> None:
        actions_answering.cancel(actor=self.buyer, sub=self.sub(which).id, reason="r", now=NOON)

    def hand_over(self, which: int, figure: int) -> None:
        sub = self.sub(which).id
        actions_answering.hand_over(
            actor=self.seller, sub=sub, lines=None, cartons=None, note="", key=uuid.uuid4(), now=NOON
        )

    def pay(self, which: int, figure: int) -> None:
        sub = self.sub(which).id
        payment = actions_payments.tell(
            actor=self.buyer, sub=sub, kind=PaymentKind.DEPOSIT, amount_minor=figure, paid_on=TODAY, now=NOON
        )
        actions_payments.acknowledge(actor=self.seller, payment=payment, now=NOON)

    def check(self) -> None:
        order = queries_orders.order(self.number)
        assert order is not None
        living = [sub for sub in order.subs if sub.state not in UNDONE]
        assert sums_agree(order.card.totals, [sub.totals for sub in living])
        for sub in living:
            lines = queries_orders.lines(self.number, sub=sub.id)
            mine = [line_totals(one.pieces, one.value_minor, one.carton) for one in lines]
            money = Totals(deposit_minor=sub.totals.deposit_minor, paid_minor=sub.totals.paid_minor)
            assert sums_agree(sub.totals, [*mine, money])
            assert sub.totals.deposit_minor == deposit_of(sub.totals.value_minor, sub.deposit_bp)
            assert sub.totals.paid_minor + sub.totals.balance_minor == sub.totals.value_minor
            assert all(one.value_minor == value_of(one.pieces, one.price_minor, one.price_per) for one in lines)
            if sub.state in (State.CONFIRMED, State.READY, State.HANDED_OVER, State.CLOSED):
                assert self.market.claims(sub.id) == sub.totals.balance_minor


BASKET = ("put", "put", "describe", "change", "remove")
PLACED = ("amend", "agree", "confirm", "confirm", "decline", "cancel", "pay", "pay", "hand_over")
STEP = (st.integers(0, 5), st.integers(1, 4_000))


@pytest.mark.django_db
def test_whatever_is_done(market: Market) -> None:
    seller = market.seller()
    booths = [market.stall(seller, deposit_stock_bp=3333), market.stall(seller, deposit_stock_bp=2500)]
    goods = [good for booth in booths for good in market.goods(booth, 2, stock_pieces=100_000)]
    numbers = [booth.number for booth in booths]

    @settings(max_examples=4, deadline=None, database=None)
    @given(
        st.sampled_from(CURRENCIES),
        st.lists(st.tuples(st.sampled_from(BASKET), *STEP), min_size=2, max_size=5),
        st.lists(st.tuples(st.sampled_from(PLACED), *STEP), min_size=3, max_size=8),
    )
    def trade(currency: str, before: list[tuple[str, int, int]], after: list[tuple[str, int, int]]) -> None:
        order = Trade(market, seller, numbers, goods, currency)
        order.act("put", 0, 7)
        for step in [*before, ("put", 1, 77), ("place", 0, 0), *after]:
            order.act(*step)
            order.check()

    run: Callable[[], None] = trade
    run()


def test_there_is_something_to_be_done_in_each_currency() -> None:
    assert [len(Money(1, currency).format()) for currency in CURRENCIES] == [1, 4, 5]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_third_in_advance_and_the_rest_are_the_whole(currency: str, market: Market) -> None:
    seller = market.seller()
    good = market.good(market.stall(seller, deposit_stock_bp=3333))
    order = Trade(market, seller, [], [good], currency)
    wishes = [Wish(pieces=7, good=good, price_minor=85, price_per=10)]
    actions_basket.put(actor=order.buyer, order=order.number, wishes=wishes, version=None, now=NOON)
    order.place(0, 0)
    order.confirm(0, 0)
    for figure in (20, 40):
        order.pay(0, figure)
        order.check()
    assert order.sub(0).totals.value_minor == 60  # 59.5, half-even
    assert order.sub(0).totals.balance_minor == 0
