"""An agent buys on behalf of a buyer: only while the mandate holds, up to its limit."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from orders_market import NOON, TODAY, Market
from refusals import refused

from sundry.base.access.rules import Actor, Owner
from sundry.goods.orders import actions_mandates, queries_dealings
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere
from sundry.goods.orders.order_rules import MandateState, MandateView

pytestmark = pytest.mark.django_db


def offered(agent: Actor, buyer: Actor, **more: Any) -> uuid.UUID:
    assert buyer.organisation is not None
    given: dict[str, Any] = {"valid_from": TODAY, "now": NOON} | more
    return actions_mandates.offer_mandate(actor=agent, buyer=buyer.organisation, **given)


def view(mandate: uuid.UUID) -> MandateView:
    found = queries_dealings.mandate(mandate)
    assert found is not None
    return found


def test_a_buyer_grants_it_and_only_then_it_holds(market: Market) -> None:
    agent, amina = market.agent(), market.buyer()
    until = date(2026, 12, 31)
    mandate = offered(agent, amina, limit_minor=5_000_000, valid_until=until, reference=" POA 7 ")
    assert (view(mandate).state, view(mandate).holds(TODAY)) == (MandateState.OFFERED, False)
    for other in (agent, market.buyer("Bob")):
        with pytest.raises(NotThere):
            actions_mandates.grant(actor=other, mandate=mandate, now=NOON)
    actions_mandates.grant(actor=amina, mandate=mandate, now=NOON)
    granted = view(mandate)
    assert (granted.agent.name, granted.buyer.name, granted.reference) == ("Zhou", "Amina", "POA 7")
    assert [granted.holds(day) for day in (TODAY, until, date(2027, 1, 1), date(2026, 11, 21))] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(NotNow, match="in force already"):
        actions_mandates.grant(actor=amina, mandate=mandate, now=NOON)
    with pytest.raises(AlreadyDone, match="Amina"):
        offered(agent, amina)
    actions_mandates.end_mandate(actor=amina, mandate=mandate, now=NOON)
    with pytest.raises(NotNow, match="ended"):
        actions_mandates.end_mandate(actor=agent, mandate=mandate, now=NOON)
    offered(agent, amina)


def test_it_may_be_declined(market: Market) -> None:
    agent, amina = market.agent(), market.buyer()
    mandate = offered(agent, amina)
    actions_mandates.decline_mandate(actor=amina, mandate=mandate, now=NOON)
    with pytest.raises(NotNow, match="declined"):
        actions_mandates.grant(actor=amina, mandate=mandate, now=NOON)


def test_a_client_who_is_not_in_the_market_is_the_agents_word(market: Market) -> None:
    agent = market.agent()
    mandate = actions_mandates.client(actor=agent, name=" Diallo ", country="SN", valid_from=TODAY, now=NOON)
    found = view(mandate)
    assert (found.buyer.organisation, found.buyer.name, found.client_country) == (None, "Diallo", "SN")
    assert found.holds(TODAY)
    assert queries_dealings.mandates(agent.organisation) == (found,)
    assert queries_dealings.mandates(agent.organisation, before=mandate) == ()
    assert queries_dealings.mandates(market.buyer().organisation) == ()
    assert queries_dealings.mandates(None) == (found,)
    assert queries_dealings.owner_of_mandate(mandate, agent) == Owner(organisation=agent.organisation)
    assert queries_dealings.owner_of_mandate(mandate, market.agent("Qian")) == Owner(organisation=agent.organisation)
    assert queries_dealings.owner_of_mandate(uuid.uuid4(), agent) is None


def test_all_that_is_wrong_is_told(market: Market) -> None:
    agent = market.agent()
    given: dict[str, Any] = {"valid_from": TODAY, "now": NOON}
    with refused("orders_currency_unknown", "orders_mandate_limit_impossible", "orders_mandate_ends_first"):
        offered(agent, market.buyer(), currency="XXX", limit_minor=0, valid_until=date(2026, 1, 1))
    with refused("orders_text_too_long", "orders_client_name_wrong", "orders_country_unknown"):
        actions_mandates.client(actor=agent, name="", country="Senegal", reference="x" * 81, **given)
    assert queries_dealings.mandates(None) == ()


def test_whom_an_agent_may_ask(market: Market) -> None:
    agent = market.agent()
    for nobody in (market.seller(), agent):
        with pytest.raises(NotThere):
            offered(agent, nobody)
    with pytest.raises(NotThere):
        offered(market.buyer("Bob"), market.buyer())
    with pytest.raises(NotThere):
        actions_mandates.end_mandate(actor=agent, mandate=uuid.uuid4(), now=NOON)
