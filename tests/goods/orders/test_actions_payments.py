"""Deposits and balances: told by the buyer, whole when the stall has them, never more than is owed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from orders_market import NOON, TODAY, Market
from refusals import refused

from sundry.base.access.rules import Actor
from sundry.goods.orders import actions_answering, actions_payments, queries_dealings, queries_orders, queries_timeline
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.order_rules import EventKind, PaymentKind, PaymentState, State

pytestmark = pytest.mark.django_db


class Sale:
    """Ten cups at 3.20, confirmed: 32.00 are owed."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.li, self.amina = self.market.seller(), self.market.buyer()
        cup = self.market.good(self.market.stall(self.li, deposit_stock_bp=3000), stock_pieces=500)
        self.order = self.market.order(self.amina, {cup: 10}).order
        (self.sub,) = self.market.subs(self.order)

    def confirm(self) -> None:
        self.market.confirm(self.li, self.order)

    def tell(self, amount_minor: int, *, actor: Actor | None = None, **more: Any) -> uuid.UUID:
        given: dict[str, Any] = {"kind": PaymentKind.DEPOSIT, "paid_on": TODAY, "now": NOON} | more
        return actions_payments.tell(actor=actor or self.amina, sub=self.sub, amount_minor=amount_minor, **given)

    def acknowledge(self, payment: uuid.UUID) -> None:
        actions_payments.acknowledge(actor=self.li, payment=payment, now=NOON)

    def state(self) -> tuple[State, int, int]:
        """(state, paid, what the stall may still claim in the ledger)."""
        found = queries_orders.sub(self.sub)
        assert found is not None
        return found.state, found.totals.paid_minor, self.market.claims(self.sub)


@pytest.fixture
def sale(market: Market) -> Sale:
    made = Sale(market)
    made.confirm()
    return made


def test_a_deposit_and_the_balance(sale: Sale) -> None:
    sale.acknowledge(sale.tell(960))
    assert sale.state() == (State.CONFIRMED, 960, 2240)
    rest = sale.tell(2240, kind=PaymentKind.BALANCE, reference="BOC 118")
    assert sale.state() == (State.CONFIRMED, 960, 2240)
    actions_answering.hand_over(actor=sale.li, sub=sale.sub, lines=None, cartons=1, note="", key=uuid.uuid4(), now=NOON)
    assert sale.state()[0] is State.HANDED_OVER
    sale.acknowledge(rest)
    assert sale.state() == (State.CLOSED, 3200, 0)
    order = queries_orders.order(sale.order)
    assert order is not None
    assert (order.card.totals.paid_minor, order.card.totals.balance_minor) == (3200, 0)
    told = [entry.kind for entry in queries_timeline.timeline(sale.order, organisation=sale.li.organisation)]
    assert told.count(EventKind.PAYMENT_ACKNOWLEDGED) == 2
    assert EventKind.CLOSED in told
    assert [(one.kind, one.amount_minor) for one in queries_dealings.payments(sale.sub)] == [
        (PaymentKind.BALANCE, 2240),
        (PaymentKind.DEPOSIT, 960),
    ]


def test_no_more_than_is_owed_and_how_much_that_is_is_told(sale: Sale) -> None:
    with pytest.raises(Refused) as refusal:
        sale.tell(3201)
    (found,) = refusal.value.findings
    assert (found.rule, found.details["owed"]) == ("orders_payment_too_much", "CNY 32.00")
    first = sale.tell(3200)
    with refused("orders_payment_too_much"):
        sale.tell(1)
    sale.acknowledge(first)
    assert sale.state() == (State.CONFIRMED, 3200, 0)


@pytest.mark.parametrize(
    ("amount_minor", "more", "rule"),
    [
        (0, {}, "orders_payment_impossible"),
        (-5, {}, "orders_payment_impossible"),
        (2**70, {}, "orders_payment_too_much"),
        (5, {"currency": "USD"}, "orders_payment_currency"),
        (5, {"paid_on": date(2026, 11, 23)}, "orders_payment_day_to_come"),
        (5, {"reference": "x" * 81}, "orders_text_too_long"),
    ],
)
def test_what_is_no_payment(sale: Sale, amount_minor: int, more: dict[str, Any], rule: str) -> None:
    with refused(rule):
        sale.tell(amount_minor, **more)
    assert queries_dealings.payments(sale.sub) == ()


def test_the_same_key_pays_once(sale: Sale) -> None:
    key = uuid.UUID(int=5)
    first = sale.tell(960, key=key)
    assert sale.tell(960, key=key) == first
    others: tuple[dict[str, Any], ...] = ({"kind": PaymentKind.BALANCE}, {"paid_on": TODAY - timedelta(days=1)})
    for amount_minor, more in ((961, {}), *((960, other) for other in (*others, {"reference": "TT 2"}))):
        with pytest.raises(NotNow, match="another payment"):
            sale.tell(amount_minor, key=key, **more)
    sale.acknowledge(first)
    with pytest.raises(AlreadyDone):
        sale.acknowledge(first)
    assert sale.state() == (State.CONFIRMED, 960, 2240)
    assert len(queries_dealings.payments(sale.sub)) == 1


def test_refused_and_withdrawn_count_for_nothing(sale: Sale) -> None:
    denied, withdrawn = sale.tell(960), sale.tell(100)
    with refused("orders_reason_needed"):
        actions_payments.refuse_payment(actor=sale.li, payment=denied, reason=" ", now=NOON)
    actions_payments.refuse_payment(actor=sale.li, payment=denied, reason="nothing came", now=NOON)
    actions_payments.withdraw_payment(actor=sale.amina, payment=withdrawn, now=NOON)
    for gone in (denied, withdrawn):
        with pytest.raises(NotNow):
            sale.acknowledge(gone)
    states = {one.id: (one.state, one.reason) for one in queries_dealings.payments(sale.sub)}
    assert states == {denied: (PaymentState.REFUSED, "nothing came"), withdrawn: (PaymentState.WITHDRAWN, "")}
    assert sale.state() == (State.CONFIRMED, 0, 3200)


def test_who_may_do_what(sale: Sale) -> None:
    payment = sale.tell(960)
    stranger = sale.market.buyer("Bob")
    for actor in (stranger, sale.li):
        with pytest.raises(NotThere):
            sale.tell(5, actor=actor)
    for actor in (stranger, sale.amina):
        with pytest.raises(NotThere):
            actions_payments.acknowledge(actor=actor, payment=payment, now=NOON)
    with pytest.raises(NotThere):
        actions_payments.withdraw_payment(actor=sale.li, payment=payment, now=NOON)
    with pytest.raises(NotThere):
        actions_payments.acknowledge(actor=sale.li, payment=uuid.uuid4(), now=NOON)
    owners = [queries_dealings.owner_of_payment(payment, actor) for actor in (sale.amina, sale.li, stranger)]
    assert [owner and owner.organisation for owner in owners] == [
        sale.amina.organisation,
        sale.li.organisation,
        sale.amina.organisation,
    ]


def test_nothing_is_owed_before_the_stall_has_confirmed_or_after_it_is_over(market: Market) -> None:
    sale = Sale(market)
    with pytest.raises(NotNow, match="not confirmed"):
        sale.tell(5)
    actions_answering.decline(actor=sale.li, sub=sale.sub, reason="sold out", now=NOON)
    with pytest.raises(NotNow, match="has ended"):
        sale.tell(5)
