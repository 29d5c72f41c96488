"""The best of what a query finds, in one order that never hangs on how the index is stored.

Problem 1: among equals the engine returns whichever lies first in its segments, and a merge moves them. Therefore a
group of equals that the end of a list cuts through is not used before it is whole; the whole ones are put in the order
of their numbers. Goods of one price may be thousands: those are asked for by their number.

Problem 2: ranking weighs every good that is found, though twenty are shown. Therefore goods that sell much are marked
(`ranking.TIERS`), and the best are looked for among them first. Worked case: a query fits by at most 250. Among the
goods of weight 64 and more, the sixtieth best scores 1,700. A good outside weighs less than 64, so it scores less than
250 * log2(66) = 1,511: the sixty are the best of all. Had the sixtieth scored 1,000, one outside might have been
better, but none that weighs less than 2 ** (1000 / 250) - 2 = 14: one more look, from tier 4 on, is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

from sundry.engines.searching.asking import Plan, any_of, between, both
from sundry.engines.searching.fitting import fit_max
from sundry.engines.searching.model import Query, Sort, quantity_step
from sundry.engines.searching.ranking import TIERS, lift_of_weight, weight_needed
from sundry.engines.searching.schema import price_field

FEW: Final = 6_000  # goods that are ranked at once: looking among tiers would cost as much
EXACTLY: Final = 1 - 1e-5  # scores are floats of 32 bits

_ORDER: Final = {
    Sort.NEWEST: ("listed_day", tantivy.Order.Desc),
    Sort.MINIMUM: ("minimum", tantivy.Order.Asc),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A good's place: `score` higher is better, whatever was sorted by."""

    number: int
    stall: int
    score: float


def best(searcher: tantivy.Searcher, query: Query, plan: Plan, *, wanted: int, count: int) -> list[Ranked]:
    """The `wanted` best of the `count` goods that are found, or all of them where there are fewer."""
    wanted = min(wanted, count)
    if wanted == 0:
        return []
    if query.sort is Sort.RELEVANCE:
        return _best_fitting(searcher, query, plan, wanted, count)
    return _first_by_field(searcher, query, plan, wanted)


def _best_fitting(searcher: tantivy.Searcher, query: Query, plan: Plan, wanted: int, count: int) -> list[Ranked]:
    most = fit_max(query)
    tier = _first_tier(searcher, count, wanted)
    while tier is not None:
        among = plan.ranked_among(any_of("marks", (f"tier:{tier}",)))
        found = _whole_groups(searcher, among, wanted)
        if len(found) < wanted:
            break
        reached = found[wanted - 1].score
        if reached * EXACTLY > most * lift_of_weight(tier):
            return found[:wanted]
        needed = weight_needed(reached * EXACTLY, most)
        tier = max((lower for lower in TIERS if lower <= needed and lower < tier), default=None)
    return _whole_groups(searcher, plan.ranked_among(), wanted)[:wanted]


def _first_tier(searcher: tantivy.Searcher, count: int, wanted: int) -> int | None:
    """The highest tier that holds enough of what is found, if it holds the same share of it as of all goods."""
    goods = max(searcher.num_docs, 1)
    enough = max(FEW, 50 * wanted)
    if count <= enough:
        return None
    for tier in reversed(TIERS):
        if count * searcher.doc_freq("marks", f"tier:{tier}") / goods >= enough:
            return tier
    return None


def _whole_groups(searcher: tantivy.Searcher, query: tantivy.Query, wanted: int) -> list[Ranked]:
    """At least the `wanted` best (all where there are fewer), with none of equal score left out."""
    ask = wanted + 8
    while True:
        hits = searcher.search(query, ask, count=False, weight_by_field="weight").hits
        if len(hits) < ask:
            whole = len(hits)
        else:
            whole = next((at for at in range(len(hits), 0, -1) if hits[at - 1][0] > hits[-1][0]), 0)
        if whole >= wanted or len(hits) < ask:
            return _named(searcher, hits[:whole])
        ask *= 4


def _named(searcher: tantivy.Searcher, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[Ranked]:
    places = [place for _, place in hits]
    numbers = searcher.fast_field_values("number", places)
    stalls = searcher.fast_field_values("stall", places)
    ranked = [
        Ranked(int(number or 0), int(stall or 0), float(score))
        for (score, _), number, stall in zip(hits, numbers, stalls, strict=True)
    ]
    return sorted(ranked, key=lambda each: (-each.score, each.number))


def _first_by_field(searcher: tantivy.Searcher, query: Query, plan: Plan, wanted: int) -> list[Ranked]:
    """The first by a whole number, equals by their number: the last group is asked for again, by number."""
    if query.sort is Sort.PRICE:
        field, order = price_field(quantity_step(query.filters.quantity)), tantivy.Order.Asc
    else:
        field, order = _ORDER[query.sort]
    sign = -1.0 if order is tantivy.Order.Asc else 1.0
    found = plan.counted()
    hits = searcher.search(found, wanted, count=False, order_by_field=field, order=order).hits
    last = hits[-1][0]
    before = _named(searcher, [(sign * value, place) for value, place in hits if value != last])
    equals = both(found, between(field, last, last))
    more = searcher.search(
        equals, wanted - len(before), count=False, order_by_field="number", order=tantivy.Order.Asc
    ).hits
    return before + _named(searcher, [(sign * last, place) for _, place in more])
