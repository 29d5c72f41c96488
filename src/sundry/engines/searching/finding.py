"""The best of what a query finds, in one order that never hangs on how the index is stored.

Problem 1: among equals the engine returns whichever lies first in its segments, and a merge moves them. Therefore a
group of equals that the end of a list cuts through is not used before it is whole; the whole ones are put in the order
of their numbers. Goods of one price may be thousands: those are asked for by their number.

Problem 2: ranking weighs every good that is found, though twenty are shown. Therefore goods that sell much are marked
(`ranking.TIERS`), and the best are looked for among them first. Worked case: a query fits by at most 250. Among the
goods of weight 64 and more, the sixtieth best scores 1,700. A good outside weighs less than 64, so it scores less than
250 * log2(66) = 1,511: the sixty are the best of all. Had the sixtieth scored 1,000, one outside might have been
better, but none that weighs less than 2 ** (1000 / 250) - 2 = 14: one more look, from tier 4 on, is enough.

Problem 3: a limit of the price is a look into a column for each good that is found. Therefore the best are ranked
first, whatever they cost, and sieved; only where too few pass is the limit made part of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, cast

import tantivy

from sundry.engines.searching.asking import Plan, any_of, between, both
from sundry.engines.searching.fitting import finds_by_lifts, fit_max
from sundry.engines.searching.model import Query, Sort, quantity_step
from sundry.engines.searching.ranking import TIERS, lift_of_weight, weight_needed
from sundry.engines.searching.schema import price_field, tier_mark

ENOUGH: Final = 1_000  # goods of a tier that are ranked: fewer would seldom hold the best
WORTH: Final = 4  # meeting two lists costs so many times as much a good as reading one
SIEVED_FROM: Final = 4_000  # goods: of fewer, the engine looks at each one's price in no time
SIEVED_MAX: Final = 1_000  # goods that are ranked to be sieved by price and minimum order afterwards
EXACTLY: Final = 1 - 1e-5  # scores are floats of 32 bits

_ORDER: Final = {
    Sort.NEWEST: ("listed_day", tantivy.Order.Desc),
    Sort.MINIMUM: ("minimum", tantivy.Order.Asc),
}


class Ranked(NamedTuple):
    """A good's place: `score` higher is better, whatever was sorted by."""

    number: int
    stall: int
    score: float
    place: tantivy.DocAddress


def best(searcher: tantivy.Searcher, query: Query, plan: Plan, *, wanted: int, count: int) -> list[Ranked]:
    """The `wanted` best of the `count` goods that are found, or all of them where there are fewer."""
    wanted = min(wanted, count)
    if wanted == 0:
        return []
    if query.sort is Sort.RELEVANCE:
        return _best_fitting(searcher, query, plan, wanted, count)
    return _first_by_field(searcher, query, plan, wanted)


def _best_fitting(searcher: tantivy.Searcher, query: Query, plan: Plan, wanted: int, count: int) -> list[Ranked]:
    upper = _upper(searcher, query) if plan.limits else count
    asked = wanted * upper // count * 3 // 2 + wanted
    if plan.limits and upper >= SIEVED_FROM and asked <= SIEVED_MAX:
        found = _best_of(searcher, query, lambda *more: plan.ranked_among(*more, limited=False), asked, upper)
        sieved = _within(searcher, plan, found)
        if len(sieved) >= wanted:
            return sieved[:wanted]
    return _best_of(searcher, query, plan.ranked_among, wanted, count)


def _upper(searcher: tantivy.Searcher, query: Query) -> int:
    """No more goods than so many are found, if no column is looked at."""
    keys = query.head or (
        query.modifiers[0] if finds_by_lifts(query) and len(query.modifiers) == 1 and not query.wishes else ()
    )
    if not keys:
        return searcher.num_docs
    return min(searcher.num_docs, sum(searcher.doc_freq("marks", key) for key in keys))


def _within(searcher: tantivy.Searcher, plan: Plan, found: Sequence[Ranked]) -> list[Ranked]:
    """Those within the limits, in the same order."""
    places = [each.place for each in found]
    passing = set(range(len(found)))
    for limit in plan.limits:
        values = searcher.fast_field_values(limit.field, places)
        passing = {at for at in passing if limit.holds(int(values[at] or 0))}
    return [each for at, each in enumerate(found) if at in passing]


def _best_of(
    searcher: tantivy.Searcher,
    query: Query,
    among: Callable[..., tantivy.Query],
    wanted: int,
    count: int,
) -> list[Ranked]:
    """The `wanted` best of about `count` goods. `among`: the query that ranks them, within further queries."""
    most = fit_max(query)
    tier = _first_tier(searcher, count, wanted)
    while tier is not None:
        found = _whole_groups(searcher, among(any_of("marks", (tier_mark(tier),))), wanted)
        if len(found) < wanted:
            break
        reached = found[wanted - 1].score * EXACTLY
        if reached > most * lift_of_weight(tier):
            return found[:wanted]
        needed = weight_needed(reached, most)
        tier = max((lower for lower in TIERS if lower <= needed and lower < tier), default=None)
    return _whole_groups(searcher, among(), wanted)[:wanted]


def _first_tier(searcher: tantivy.Searcher, count: int, wanted: int) -> int | None:
    """The highest tier that holds enough of what is found, if it holds the same share of it as of all goods; None where
    the engine would look at no fewer."""
    goods = max(searcher.num_docs, 1)
    enough = max(ENOUGH, 10 * wanted)
    if count < enough * WORTH:
        return None
    for tier in reversed(TIERS):
        among = count * searcher.doc_freq("marks", tier_mark(tier)) // goods
        if among >= enough:
            return tier if among * WORTH <= count else None
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
    rows = zip([-score for score, _ in hits], numbers, stalls, places, strict=True)
    return [Ranked(cast(int, number), cast(int, stall), -less, place) for less, number, stall, place in sorted(rows)]


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
