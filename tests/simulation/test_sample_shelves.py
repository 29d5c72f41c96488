"""The sample shows goods, and its stall holder has some."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sundry.base.access.rules import Kind
from sundry.goods.catalogue import queries, queries_stalls
from sundry.simulation import sample_market, sample_shelves

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_stall_that_is_given_away_is_a_toy_stall_with_many_goods():
    market = sample_shelves.market()
    assert market is not None
    assert (market.goods, market.stalls) == (60, 3)
    index = market.index(sample_shelves.own_stall(market))
    sizes = [int(end - start) for start, end in zip(market.bounds, market.bounds[1:], strict=False)]
    assert sizes[index] == max(size for size, trade in zip(sizes, market.trades, strict=True) if trade == "toys")


def test_a_sample_may_show_none(settings):
    settings.SUNDRY = replace(settings.SUNDRY, sample_goods=0)
    assert sample_shelves.market() is None


@pytest.mark.django_db
def test_the_stall_holder_has_goods_under_her_own_sign(tmp_path, settings):
    settings.FILES_DIR = tmp_path
    own = sample_market.actor("stall", Kind.STALL)
    step = next(step for step in sample_market.STEPS if step.name == "shelves")
    loading = sample_market.load(now=NOON)
    assert sample_market.SHELVES in loading.made
    (stall,) = queries_stalls.stalls_of(own.organisation)
    assert stall.card.names["zh"] == "王记玩具"
    goods = queries.goods_of_stall(stall.card.id)
    assert len(goods) >= 10
    assert all(good.cover for good in goods)
    again = sample_market.Loading(NOON)
    step.load(again)
    assert (again.made, again.kept) == ([], ["goods", "stall with goods", "stalls of the merchants"])
    merchants = sample_market.actor("merchant", Kind.MERCHANT)
    assert len(queries_stalls.stalls_of(merchants.organisation)) == 2  # the other two of three
