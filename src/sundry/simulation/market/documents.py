"""The goods of a simulated market as search is told of them, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sundry.engines.searching.model import Document
from sundry.goods.catalogue import categories
from sundry.goods.catalogue.rules import State, Supply, prices_at_quantities
from sundry.simulation.market.composing import goods as composed
from sundry.simulation.market.places import stalls as standing
from sundry.simulation.market.plan import Market

_EPOCH = date(1970, 1, 1)


def documents(goods: int, stalls: int, seed: int) -> Iterator[Document]:
    """Those of the market that are on show, one after the other, in bounded memory. `number` counts from 1; stalls are
    numbered behind the goods. ValueError: numbers that give no market."""
    market = Market(goods, stalls, seed)
    places = {stall.id: (goods + 1 + at, stall.place.area) for at, stall in enumerate(standing(market))}
    for number, good in enumerate(composed(market), start=1):
        if good.state is not State.LISTED:
            continue
        draft = good.draft
        stall, area = places[good.stall]
        yield Document(
            number,
            stall,
            draft.names,
            categories.path(draft.category),
            area,
            prices_at_quantities(draft.ladder),
            minimum=draft.minimum or 1,
            ready=draft.supply is Supply.STOCK and draft.stock_pieces != 0,
            sold=good.sold_pieces,
            listed_day=(good.at.date() - _EPOCH).days,
            codes=(draft.item_number, *(variant.item_number for variant in draft.variants)),
            collections=tuple(sorted(one.value for one in draft.collections)),
        )
