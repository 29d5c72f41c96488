"""What is agreed is changed by both sides, what is not answered by the buyer alone; stock, claims, totals go along."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from orders_market import NOON, Market
from refusals import refused

from sundry.base.access.rules import Actor
from sundry.base.ledger.verification import look
from sundry.goods.catalogue.rules import Step, Supply
from sundry.goods.orders import (
    actions_answering,
    actions_changes,
    actions_payments,
    actions_tickets,
    queries_dealings,
    queries_orders,
)
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.order_rules import (
    ChangeKind,
    ChangeState,
    LineChange,
    LineView,
    OrderState,
    PaymentKind,
    State,
    SubView,
    sums_agree,
)

pytestmark = pytest.mark.django_db


def is_sound() -> bool:
    """Whether the ledger keeps all that it promises."""
    return not look(connection.connection).violations


class Sale:
    """Ten cups and twenty lids, at 3.20 each, of a stall that has 50 of each."""

    def __init__(self, market: Market, *, confirmed: bool = True) -> None:
        self.market = market
        self.li, self.amina = self.market.seller(), self.market.buyer()
        self.stall = self.market.stall(self.li, deposit_stock_bp=3000)
        self.cup, self.lid = self.market.goods(self.stall, 2, stock_pieces=50)
        self.order = self.market.order(self.amina, {self.cup: 10, self.lid: 20}).order
        (self.id,) = self.market.subs(self.order)
        if confirmed:
            self.market.confirm(self.li, self.order)

    @property
    def lines(self) -> tuple[LineView, ...]:
        return queries_orders.lines(self.order)

    @property
    def sub(self) -> SubView:
        found = queries_orders.sub(self.id)
        assert found is not None
        return found

    def stocks(self) -> Mapping[int, tuple[int | None, int]]:
        """By good: (the stall's count, what the ledger has on the shelf)."""
        return {good: (self.market.stock(good), self.market.shelf(good)) for good in (self.cup, self.lid)}

    def propose(
        self, *changes: LineChange, actor: Actor | None = None, kind: ChangeKind = ChangeKind.AMEND, **more: Any
    ) -> uuid.UUID:
        given: dict[str, Any] = {"reason": "as agreed on the telephone", "version": None, "now": NOON} | more
        return actions_changes.propose(actor=actor or self.amina, sub=self.id, kind=kind, changes=changes, **given)

    def accept(self, change: uuid.UUID, *, actor: Actor | None = None) -> None:
        actions_changes.accept(actor=actor or self.li, change=change, now=NOON)

    def amend(self, *changes: LineChange, version: int | None = None) -> uuid.UUID:
        return actions_changes.amend(
            actor=self.amina, sub=self.id, changes=changes, reason="too many", version=version, now=NOON
        )

    def hand_over(self, lines: Mapping[uuid.UUID, int] | None) -> None:
        key = uuid.uuid4()
        actions_answering.hand_over(actor=self.li, sub=self.id, lines=lines, cartons=None, note="", key=key, now=NOON)

    def state(self, change: uuid.UUID) -> ChangeState:
        found = queries_dealings.change(change)
        assert found is not None
        return found.state

    def check(self) -> None:
        """Sums agree everywhere, and the ledger is sound."""
        order, sub = queries_orders.order(self.order), self.sub
        assert order is not None
        if sub.state is not State.CANCELLED:
            assert sums_agree(order.card.totals, [sub.totals])
        assert sub.totals.value_minor == sum(line.value_minor for line in self.lines)
        assert sub.totals.lines == sum(line.pieces > 0 for line in self.lines)
        assert is_sound()


@pytest.fixture
def sale(market: Market) -> Sale:
    return Sale(market)


def test_both_sides_agree_on_fewer_and_more(sale: Sale) -> None:
    cups, lids = sale.lines
    change = sale.propose(LineChange(cups.id, pieces=4), LineChange(lids.id, pieces=25, price_minor=300))
    assert sale.sub.has_proposal
    assert sale.sub.totals.pieces == 30  # nothing is otherwise yet
    sale.accept(change)
    cups, lids = sale.lines
    assert (cups.pieces, cups.cancelled_pieces, cups.value_minor) == (4, 6, 1280)
    assert (lids.pieces, lids.price_minor, lids.list_price_minor, lids.value_minor) == (25, 300, 320, 7500)
    assert sale.stocks() == {sale.cup: (46, 46), sale.lid: (25, 25)}
    assert (sale.market.reserved(sale.cup), sale.market.reserved(sale.lid)) == (4, 25)
    assert sale.market.claims(sale.id) == 8780
    assert (sale.sub.totals.value_minor, sale.sub.totals.deposit_minor) == (8780, 2634)
    (told,) = queries_dealings.changes(sale.id)
    assert (told.state, told.value_minor, [line.pieces for line in told.before]) == (
        ChangeState.ACCEPTED,
        -820,
        [10, 20],
    )
    assert told.changes == (LineChange(cups.id, pieces=4), LineChange(lids.id, pieces=25, price_minor=300))
    sale.check()


def test_a_buyer_amends_what_is_not_answered_yet(market: Market) -> None:
    sale = Sale(market, confirmed=False)
    cups, lids = sale.lines
    version = sale.sub.version
    sale.amend(LineChange(cups.id, pieces=3), LineChange(lids.id, pieces=26), version=version)
    assert sale.stocks() == {sale.cup: (47, 47), sale.lid: (24, 24)}
    assert (sale.sub.version, sale.sub.state) == (version + 1, State.PLACED)
    with pytest.raises(Stale, match="Amina"):
        sale.amend(LineChange(cups.id, pieces=2), version=version)
    sale.market.confirm(sale.li, sale.order)
    assert (sale.market.reserved(sale.cup), sale.market.reserved(sale.lid)) == (3, 26)
    assert sale.market.claims(sale.id) == 29 * 320
    sale.check()
    with pytest.raises(NotNow, match="Propose a change"):
        sale.amend(LineChange(cups.id, pieces=2))


def test_what_is_amended_comes_to_nothing_with_the_rest(market: Market) -> None:
    sale = Sale(market, confirmed=False)
    cups, _ = sale.lines
    sale.amend(LineChange(cups.id, pieces=3))
    sale.amend(LineChange(cups.id, pieces=8))
    actions_answering.decline(actor=sale.li, sub=sale.id, reason="sold out", now=NOON)
    assert sale.stocks() == {sale.cup: (50, 50), sale.lid: (50, 50)}
    sale_order = queries_orders.order(sale.order)
    assert sale_order is not None
    assert sale_order.card.totals.value_minor == 0
    assert is_sound()


def test_another_good_in_its_place(sale: Sale) -> None:
    cups, _ = sale.lines
    red = sale.market.good(sale.stall, stock_pieces=8, ladder=(Step(1, 350),))
    change = sale.propose(LineChange(cups.id, substitute=red, pieces=8), actor=sale.li, kind=ChangeKind.SUBSTITUTE)
    sale.accept(change, actor=sale.amina)
    gone, _, new = sale.lines
    assert (gone.good, gone.pieces, gone.cancelled_pieces) == (sale.cup, 0, 10)
    assert (new.good, new.pieces, new.price_minor, new.position) == (red, 8, 350, 3)
    assert sale.stocks()[sale.cup] == (50, 50)
    assert (sale.market.stock(red), sale.market.reserved(red)) == (0, 8)
    (told,) = queries_dealings.changes(sale.id)
    assert [line.good for line in told.before] == [sale.cup]
    assert [one.substitute for one in told.changes] == [red]
    sale.check()


def test_a_substitute_that_is_sold_out_meanwhile_leaves_everything_as_it_was(sale: Sale) -> None:
    cups, _ = sale.lines
    red = sale.market.good(sale.stall, stock_pieces=10)
    change = sale.propose(LineChange(cups.id, substitute=red), kind=ChangeKind.SUBSTITUTE)
    sale.market.order(sale.market.buyer("Bob"), {red: 1})
    before = (sale.lines, sale.sub, sale.stocks(), sale.market.claims(sale.id))
    with pytest.raises(Refused) as refusal:
        sale.accept(change)
    assert [(found.rule, found.details["left"]) for found in refusal.value.findings] == [("orders_stock_short", 9)]
    assert (sale.lines, sale.sub, sale.stocks(), sale.market.claims(sale.id)) == before
    assert sale.state(change) is ChangeState.PROPOSED
    sale.check()


def test_a_substitute_is_of_the_same_stall_and_there(sale: Sale) -> None:
    cups, _ = sale.lines
    other = sale.market.good(sale.market.stall(sale.li))
    for substitute, rule in ((other, "orders_substitute_of_another"), (999, "orders_good_not_there")):
        with pytest.raises(Refused) as refusal:
            sale.propose(LineChange(cups.id, substitute=substitute), kind=ChangeKind.SUBSTITUTE)
        assert [found.rule for found in refusal.value.findings] == [rule]


def test_a_part_and_then_all_is_cancelled(sale: Sale) -> None:
    cups, lids = sale.lines
    with refused("orders_change_not_fewer"):
        sale.propose(LineChange(cups.id, pieces=12), kind=ChangeKind.PART_CANCEL)
    sale.accept(sale.propose(LineChange(cups.id, pieces=0), kind=ChangeKind.PART_CANCEL))
    assert sale.sub.totals.lines == 1
    sale.check()
    sale.accept(sale.propose(LineChange(lids.id, pieces=0), kind=ChangeKind.PART_CANCEL))
    assert (sale.sub.state, sale.sub.reason) == (State.CANCELLED, "as agreed on the telephone")
    assert sale.stocks() == {sale.cup: (50, 50), sale.lid: (50, 50)}
    assert sale.market.claims(sale.id) == 0
    order = queries_orders.order(sale.order)
    assert order is not None
    assert (order.card.state, order.card.totals.value_minor) == (OrderState.CANCELLED, 0)
    sale.check()


def test_what_is_handed_over_stays(sale: Sale) -> None:
    cups, lids = sale.lines
    sale.hand_over({cups.id: 4})
    with refused("orders_below_handed"):
        sale.propose(LineChange(cups.id, pieces=3))
    sale.accept(sale.propose(LineChange(cups.id, pieces=4), LineChange(lids.id, pieces=0)))
    assert sale.sub.state is State.HANDED_OVER
    assert sale.stocks() == {sale.cup: (46, 46), sale.lid: (50, 50)}
    sale.check()


def test_another_day(sale: Sale) -> None:
    day, first = date(2026, 12, 24), sale.sub.promised_day
    with refused("orders_change_needs_day"):
        sale.propose(kind=ChangeKind.PROMISE)
    with refused("orders_day_past"):
        sale.propose(kind=ChangeKind.PROMISE, promised_day=date(2026, 11, 21))
    sale.accept(sale.propose(kind=ChangeKind.PROMISE, promised_day=day, actor=sale.li), actor=sale.amina)
    assert (sale.sub.promised_day, sale.sub.first_promised_day) == (day, first)
    assert {line.promised_day for line in sale.lines} == {day}


def test_a_proposal_is_overtaken_by_whatever_happens_meanwhile(sale: Sale) -> None:
    cups, _ = sale.lines
    change = sale.propose(LineChange(cups.id, pieces=4))
    sale.hand_over({cups.id: 1})
    with pytest.raises(Stale) as stale:
        sale.accept(change)
    assert (stale.value.rule, stale.value.who, stale.value.at) == ("orders_change_overtaken", "Li", NOON)
    assert sale.state(change) is ChangeState.OVERTAKEN
    with pytest.raises(Stale):
        sale.accept(change)
    with pytest.raises(NotNow, match="does not hold"):
        actions_changes.decline_change(actor=sale.li, change=change, now=NOON)
    again = sale.propose(LineChange(cups.id, pieces=4))
    sale.hand_over(None)
    with pytest.raises(Stale):
        sale.accept(again)
    with pytest.raises(NotNow, match="handed over"):
        sale.propose(LineChange(cups.id, pieces=4))


def test_one_change_waits_at_a_time_and_is_the_other_sides_to_answer(sale: Sale) -> None:
    cups, _ = sale.lines
    change = sale.propose(LineChange(cups.id, pieces=4))
    with pytest.raises(NotNow, match="waits"):
        sale.propose(LineChange(cups.id, pieces=5), actor=sale.li)
    with pytest.raises(NotNow, match="Your own side"):
        sale.accept(change, actor=sale.amina)
    with pytest.raises(NotNow, match="other side"):
        actions_changes.withdraw_change(actor=sale.li, change=change, now=NOON)
    with pytest.raises(NotThere):
        sale.accept(change, actor=sale.market.seller("Wang"))
    actions_changes.decline_change(actor=sale.li, change=change, reason="packed", now=NOON)
    with pytest.raises(NotNow, match="declined"):
        sale.accept(change)
    change = sale.propose(LineChange(cups.id, pieces=4))
    actions_changes.withdraw_change(actor=sale.amina, change=change, now=NOON)
    assert sale.state(change) is ChangeState.WITHDRAWN
    assert [line.pieces for line in sale.lines] == [10, 20]


def test_two_people_who_saw_another_state(sale: Sale) -> None:
    cups, lids = sale.lines
    seen = sale.sub.version
    sale.accept(sale.propose(LineChange(cups.id, pieces=4), version=seen))
    with pytest.raises(Stale) as stale:
        sale.propose(LineChange(lids.id, pieces=4), version=seen)
    assert (stale.value.who, stale.value.at) == ("Li", NOON)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"pieces": -1}, "orders_pieces_impossible"),
        ({"pieces": 2**63}, "orders_pieces_impossible"),
        ({"price_minor": 0}, "orders_price_impossible"),
        ({"pieces": 10}, "orders_change_of_nothing"),
    ],
)
def test_figures_that_cannot_be(sale: Sale, fields: dict[str, Any], rule: str) -> None:
    with refused(rule):
        sale.propose(LineChange(sale.lines[0].id, **fields))


def test_a_line_of_another_order_twice_or_without_a_reason(sale: Sale) -> None:
    other = sale.market.order(sale.market.buyer("Bob"), {sale.cup: 1}).order
    (foreign,) = queries_orders.lines(other)
    with pytest.raises(NotThere):
        sale.propose(LineChange(foreign.id, pieces=3))
    line = sale.lines[0].id
    with refused("orders_change_twice"):
        sale.propose(LineChange(line, pieces=3), LineChange(line, pieces=4))
    with refused("orders_reason_needed"):
        sale.propose(LineChange(line, pieces=3), reason=" ")


def test_never_less_than_is_paid(sale: Sale) -> None:
    pay: dict[str, Any] = {"kind": PaymentKind.DEPOSIT, "paid_on": NOON.date(), "now": NOON}
    payment = actions_payments.tell(actor=sale.amina, sub=sale.id, amount_minor=9000, **pay)
    actions_payments.acknowledge(actor=sale.li, payment=payment, now=NOON)
    cups, _ = sale.lines
    change = sale.propose(LineChange(cups.id, pieces=0), kind=ChangeKind.PART_CANCEL)
    with refused("orders_change_below_paid"):
        sale.accept(change)
    sale.check()


def test_the_limit_of_a_mandate_holds_for_changes_too(market: Market) -> None:
    li, agent = market.seller(), market.agent()
    held = market.mandate(agent, market.buyer(), limit_minor=3300)
    cup = market.good(market.stall(li))
    order = market.order(agent, {cup: 10}, mandate=held).order
    (sub,) = market.subs(order)
    (line,) = queries_orders.lines(order)

    def amend(pieces: int) -> None:
        changes: Sequence[LineChange] = [LineChange(line.id, pieces=pieces)]
        actions_changes.amend(actor=agent, sub=sub, changes=changes, reason="more", version=None, now=NOON)

    with refused("orders_beyond_mandate"):
        amend(11)
    amend(9)


def test_what_is_made_to_order_goes_back_to_its_weeks(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    mug = market.good(market.stall(li), supply=Supply.MADE, lead_time_days=7, weekly_capacity_pieces=300)
    order = market.order(amina, {mug: 500}).order
    (sub,) = market.subs(order)
    (line,) = queries_orders.lines(order)
    change = [LineChange(line.id, pieces=250)]
    actions_changes.amend(actor=amina, sub=sub, changes=change, reason="fewer", version=None, now=NOON)
    later = market.order(market.buyer("Bob"), {mug: 50}).order
    (other,) = queries_orders.lines(later)
    assert other.promised_day == date(2026, 11, 29)  # of the first week 50 are free again
    market.confirm(li, order)
    again = actions_changes.propose(
        actor=amina,
        sub=sub,
        kind=ChangeKind.AMEND,
        changes=[LineChange(line.id, pieces=100)],
        reason="fewer",
        version=None,
        now=NOON,
    )
    actions_changes.accept(actor=li, change=again, now=NOON)
    assert is_sound()
    last = market.order(market.buyer("Eve"), {mug: 150}).order
    assert queries_orders.lines(last)[0].promised_day == date(2026, 11, 29)


def test_the_trade_ticket_is_drawn_up_anew_when_the_order_changes(sale: Sale) -> None:
    first = actions_tickets.draw(actor=sale.li, sub=sale.id, now=NOON)
    cups, _ = sale.lines
    sale.accept(sale.propose(LineChange(cups.id, pieces=4)))
    newest, old = queries_dealings.tickets(sale.id)
    assert (old.id, old.is_void, newest.version, newest.is_void) == (first, True, 2, False)
    assert newest.content["value_minor"] == 24 * 320
