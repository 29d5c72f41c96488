"""The trade ticket: what stands on it, who has confirmed which version of it, and that nothing is exported without."""

from __future__ import annotations

import uuid

import pytest
from orders_market import NOON, Market

from sundry.goods.orders import actions_answering, actions_tickets, queries_dealings, queries_orders
from sundry.goods.orders.actions_tickets import digest_of, in_capitals
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Stale
from sundry.goods.orders.order_rules import Collector, Head, State, TicketView, Wish


class Sale:
    """600 cups at 3.20 for which the agent collects, and what is described, for which the stall does."""

    def __init__(self, market: Market) -> None:
        from sundry.goods.orders.actions_placing import place_wishes

        self.market = market
        self.li, self.agent = self.market.seller(), self.market.agent()
        stall = self.market.stall(self.li)
        held = self.market.mandate(self.agent, None)
        box = Wish(
            pieces=1000,
            stall=stall.number,
            names={"zh": "发夹"},
            price_minor=8500,
            price_per=1000,
            collector=Collector.STALL,
        )
        wishes = [Wish(pieces=600, good=self.market.good(stall)), box]
        placed = place_wishes(actor=self.agent, head=Head(destination="SN"), wishes=wishes, mandate=held, now=NOON)
        self.order = placed.order
        (self.sub,) = self.market.subs(self.order)

    def draw(self) -> TicketView:
        found = queries_dealings.ticket(actions_tickets.draw(actor=self.li, sub=self.sub, now=NOON))
        assert found is not None
        return found

    def why_not(self) -> str | None:
        return queries_dealings.exportable([self.sub])[self.sub]


@pytest.fixture
def sale(market: Market) -> Sale:
    made = Sale(market)
    made.market.confirm(made.li, made.order)
    return made


@pytest.mark.django_db
def test_what_stands_on_it(sale: Sale) -> None:
    ticket = sale.draw()
    content = ticket.content
    assert (ticket.number, ticket.version) == (f"{sale.order}-1/1", 1)
    assert {name: content[name] for name in ("supplier", "buyer", "agent", "day", "currency", "destination")} == {
        "supplier": "Li",
        "buyer": "Diallo",
        "agent": "Zhou",
        "day": "2026-11-22",
        "currency": "CNY",
        "destination": "SN",
    }
    assert (content["value_minor"], content["capitals"]) == (200_500, "贰仟零伍元整")
    assert [
        (line["price"], line["price_per"], line["value_minor"], line["collector"]) for line in content["lines"]
    ] == [
        ("3.20", 1, 192_000, "agent"),
        ("85.00", 1000, 8_500, "stall"),
    ]
    assert "*" in content["supplier_phone"]  # masked: the paper goes through many hands
    assert ticket.digest == digest_of(content)


@pytest.mark.django_db
def test_both_confirm_what_they_have_read_and_then_it_may_be_exported(sale: Sale) -> None:
    assert sale.why_not() == "orders_export_no_ticket"
    ticket = sale.draw()
    assert sale.why_not() == "orders_export_both_missing"
    actions_tickets.confirm_ticket(actor=sale.agent, ticket=ticket.id, digest=ticket.digest, now=NOON)
    assert sale.why_not() == "orders_export_stall_missing"
    with pytest.raises(AlreadyDone):
        actions_tickets.confirm_ticket(actor=sale.agent, ticket=ticket.id, digest=ticket.digest, now=NOON)
    found = queries_orders.sub(sale.sub)
    assert found is not None
    assert found.ticket == "buyer"
    actions_tickets.confirm_ticket(actor=sale.li, ticket=ticket.id, digest=ticket.digest, now=NOON)
    assert sale.why_not() is None
    (whole,) = queries_dealings.tickets(sale.sub)
    assert whole.is_complete
    assert sale.draw().id == ticket.id  # nothing has changed: no new one


@pytest.mark.django_db
def test_another_digest_is_another_ticket(sale: Sale) -> None:
    ticket = sale.draw()
    with pytest.raises(Stale) as stale:
        actions_tickets.confirm_ticket(actor=sale.agent, ticket=ticket.id, digest="0" * 64, now=NOON)
    assert (stale.value.rule, stale.value.who, stale.value.at) == ("orders_ticket_newer", "Li", NOON)
    assert sale.why_not() == "orders_export_both_missing"


@pytest.mark.django_db
def test_who_has_nothing_to_do_with_it(sale: Sale) -> None:
    ticket = sale.draw()
    for actor in (sale.market.buyer("Bob"), sale.market.seller("Wang")):
        with pytest.raises(NotThere):
            actions_tickets.confirm_ticket(actor=actor, ticket=ticket.id, digest=ticket.digest, now=NOON)
        with pytest.raises(NotThere):
            actions_tickets.draw(actor=actor, sub=sale.sub, now=NOON)
    with pytest.raises(NotThere):
        actions_tickets.confirm_ticket(actor=sale.li, ticket=uuid.uuid4(), digest="", now=NOON)


@pytest.mark.django_db
def test_nothing_is_drawn_up_of_what_is_not_sold(market: Market) -> None:
    sale = Sale(market)
    assert sale.why_not() == "orders_export_not_sold"
    with pytest.raises(NotNow):
        sale.draw()
    actions_answering.decline(actor=sale.li, sub=sale.sub, reason="sold out", now=NOON)
    with pytest.raises(NotNow):
        sale.draw()
    assert sale.why_not() == "orders_export_not_sold"


@pytest.mark.parametrize(
    ("ticket", "rule"),
    [
        ("none", "orders_export_no_ticket"),
        ("drawn", "orders_export_both_missing"),
        ("buyer", "orders_export_stall_missing"),
        ("stall", "orders_export_buyer_missing"),
        ("both", None),
    ],
)
def test_what_export_waits_for(ticket: str, rule: str | None) -> None:
    assert queries_dealings.not_exportable(State.HANDED_OVER, ticket) == rule
    assert queries_dealings.not_exportable(State.CANCELLED, ticket) == "orders_export_not_sold"


def test_capitals_are_of_yuan_alone() -> None:
    assert (in_capitals(100, "CNY"), in_capitals(100, "USD"), in_capitals(10**14, "CNY")) == ("壹元整", "", "")
