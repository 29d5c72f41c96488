"""The sample's people have ordered: something waits, something is late, something was quoted; a reset tells it anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils.timezone import localdate

from sundry.base.access.rules import Kind
from sundry.base.ledger.verification import verify_own
from sundry.goods.orders import queries_enquiries, queries_orders, queries_quotations, queries_sales
from sundry.goods.orders.enquiry_rules import QuotationState
from sundry.goods.orders.order_rules import OrderState, Side, State
from sundry.simulation import sample_market, sample_orders

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_everybody_finds_something_on_her_desk(tmp_path, settings):
    settings.FILES_DIR = tmp_path
    loading = sample_market.load(now=NOON)
    assert loading.left_out == []
    today = localdate(NOON)
    layla = sample_market.actor("buyer", Kind.BUYER).organisation
    agent = sample_market.actor("agent", Kind.AGENT).organisation
    windows, ramadan = (
        order for order in queries_orders.orders(organisation=layla, today=today) if order.state is not OrderState.DRAFT
    )
    assert (ramadan.name, ramadan.state, ramadan.stalls) == (sample_orders.RAMADAN, OrderState.OPEN, 3)
    assert ramadan.late == 1
    assert State.CLOSED in ramadan.states
    assert set(windows.states) == {State.PLACED}
    baskets = queries_orders.orders(organisation=agent, today=today)
    assert [basket.state for basket in baskets] == [OrderState.DRAFT, OrderState.DRAFT, OrderState.OPEN]
    assert all(basket.totals.lines for basket in baskets)
    stall = sample_market.actor("stall", Kind.STALL).organisation
    assert [sale.sub.state for sale in queries_sales.sales(organisation=stall)] == [State.PLACED] * 2 + [State.CLOSED]
    (talk,) = queries_enquiries.conversations(organisation=stall, side=Side.STALL, language="zh")
    assert talk.quotation is not None
    (quotation,) = queries_quotations.quotations(organisation=layla, side=Side.BUYER)
    assert quotation.state is QuotationState.SENT
    assert verify_own().violations == []

    again = sample_market.load(now=NOON, reset=True)
    assert sample_market.ORDERS in again.removed
    assert sample_market.ORDERS in again.made
    assert again.left_out == []
