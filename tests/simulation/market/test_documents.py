"""A simulated market as search is told of it."""

import pytest

from sundry.engines.searching.model import QUANTITIES
from sundry.goods.catalogue import categories
from sundry.simulation.market import Market, composing, documents
from sundry.simulation.market import documents as documents_of_market

TOLD = list(documents(400, 20, 9))


def test_what_is_on_show_is_told_and_nothing_else():
    goods = list(composing.goods(Market(400, 20, 9)))
    shown = {number: good for number, good in enumerate(goods, start=1) if good.state == "listed"}
    assert [one.number for one in TOLD] == list(shown)
    for one in TOLD:
        draft = shown[one.number].draft
        assert one.titles == draft.names
        assert one.category == categories.path(draft.category)
        assert one.minimum == draft.ladder[0].quantity
        assert one.ready == bool(draft.stock_pieces)
        assert one.codes[0] == draft.item_number
        assert len(one.codes) == 1 + len(draft.variants)


def test_prices_fall_and_places_are_told():
    for one in TOLD:
        assert len(one.prices_minor) == len(QUANTITIES)
        assert list(one.prices_minor) == sorted(one.prices_minor, reverse=True)
        assert one.stall > 400
        hall, floor = one.area.split("-F")
        assert hall in "12345"
        assert floor.isdigit()
    assert len({one.stall for one in TOLD}) == 20
    assert any(one.collections for one in TOLD)
    assert all(type(name) is str for one in TOLD for name in one.collections)


def test_numbers_that_give_no_market_are_refused():
    with pytest.raises(ValueError, match="stalls"):
        next(documents_of_market(1, 2, 3))
