"""What is fixed before the first good: the same everywhere, in bounds, and nobody offers one product twice."""

import numpy as np
import pytest

from sundry.simulation.market.plan import GOODS_MAX, OFFERS, SHARED, Market, Part, spread
from sundry.simulation.market.words import TRADES

MARKET = Market(20_000, 1_000, 1)


@pytest.mark.parametrize(
    "numbers", [(0, 0, 1), (10, 11, 1), (GOODS_MAX + 1, 5, 1), (10, 0, 1), (10, 2, -1), (10, 2, 2**32)]
)
def test_numbers_that_give_no_market(numbers):
    with pytest.raises(ValueError, match=r"seed|goods"):
        Market(*numbers)


def test_chance_is_the_same_on_every_machine():
    told = MARKET.draws(Part.GOOD, 7, 2, 3)
    assert told.shape == (2, 3)
    assert [round(number, 12) for number in told[0].tolist()] == [0.159173857232, 0.080215741345, 0.763515220403]
    assert float(told.min()) >= 0
    assert float(told.max()) < 1


def test_each_stall_and_each_market_has_chance_of_its_own():
    drawn = [MARKET.draws(Part.GOOD, 7, 1, 4), MARKET.draws(Part.GOOD, 8, 1, 4), MARKET.draws(Part.STALL, 7, 1, 4)]
    drawn.append(Market(20_000, 1_000, 2).draws(Part.GOOD, 7, 1, 4))
    assert len({tuple(one[0].tolist()) for one in drawn}) == 4


def test_ids_are_uuids_of_version_seven_that_sort_by_part_and_index():
    ids = [MARKET.id(part, index) for part in (Part.STALL, Part.GOOD) for index in (0, 1, 999, GOODS_MAX)]
    assert sorted(ids) == ids
    assert {one.version for one in ids} == {7}
    assert [MARKET.index(one) for one in ids[:4]] == [0, 1, 999, GOODS_MAX]
    assert MARKET.id(Part.GOOD, 0) != Market(20_000, 1_000, 2).id(Part.GOOD, 0)


def test_every_stall_has_goods_and_some_have_many():
    sizes = np.diff(MARKET.bounds)
    assert (len(sizes), int(sizes.sum())) == (1_000, 20_000)
    assert int(sizes.min()) >= 1
    assert int(sizes.max()) > 4 * int(np.median(sizes))


@pytest.mark.parametrize("stalls", [1, 3, 28, 1_000])
def test_every_stall_has_a_trade_and_trades_stand_together(stalls):
    trades = Market(10_000, stalls, 1).trades
    assert len(trades) == stalls
    assert list(dict.fromkeys(trades)) == [trade for trade in TRADES if trade in trades]
    assert trades[0] == "toys"


def test_a_share_of_goods_is_offered_by_two_to_six_stalls():
    offers: dict[int, list[int]] = {}
    for good, product in MARKET.products.items():
        offers.setdefault(product, []).append(int(np.searchsorted(MARKET.bounds, good, side="right")) - 1)
    assert 0.8 * SHARED < len(MARKET.products) / MARKET.goods < 1.2 * SHARED
    assert {len(stalls) for stalls in offers.values()} == set(range(OFFERS[0], OFFERS[1] + 1))
    assert all(len(set(stalls)) == len(stalls) for stalls in offers.values())
    assert all(len({MARKET.trades[stall] for stall in stalls}) == 1 for stalls in offers.values())
    assert sorted(offers) == list(range(len(offers)))


def test_a_spread_lies_around_one():
    factors = spread(0.5, np.linspace(0, 0.9999, 2_000))
    assert float(np.median(factors)) == pytest.approx(1, abs=0.01)
    assert np.all(np.diff(factors) >= 0)
    assert float(factors[-1]) == pytest.approx(1 / float(factors[0]), rel=0.01)
