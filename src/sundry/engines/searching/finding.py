"""The best of what a query finds, in one order that never hangs on how the index is stored.

Problem 1: ranking weighs every good that is found, though twenty are shown. Therefore goods are looked for in layers of
those that fit equally well or better (`asking.py`), the heaviest of each first, which needs no weighing of one part of
a query against another; and a layer is left out, or read only among the goods that sell much (`ranking.TIERS`), as soon
as nothing else in it can be among the best. Worked case: twenty are wanted. Of those that are cups, fitting by 100, the
twentieth heaviest weighs 62: it scores 100 * log2(64) = 600. A narrower good fits by 30, so it would have to weigh
2 ** (600 / 30) - 2, a million: those of the highest tier are read, a few at most. One that only names a cup, fitting
by 4, would have to weigh more than any good does.

A good is in each layer down to its own, and whatever stands before it in its own layer fits as well or better and
weighs more; so the best twenty are among the twenty heaviest of each layer, and the first layer that has a good says
how well it fits.

Problem 2: among equals the engine returns whichever lies first in its segments, and a merge moves them. Therefore a
group of equals that the end of a list cuts through is not used before it is whole; equals are put in the order of their
numbers. Goods of one price may be thousands: those are asked for by their number.

Problem 3: a limit of the price is a look into a column for each good that is found. Therefore the best are ranked
first, whatever they cost, and sieved; only where too few pass is the limit made part of the question.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Final, NamedTuple, cast

import tantivy

from sundry.engines.searching.asking import Layer, Plan, any_of, between, both
from sundry.engines.searching.model import Query, Sort, quantity_step
from sundry.engines.searching.ranking import TIERS, lift_of_weight, weight_needed
from sundry.engines.searching.reader import View
from sundry.engines.searching.schema import price_field, tier_mark

ENOUGH: Final = 4  # times as many as are wanted: among so many goods of a tier there are enough, if it is a usual one
TIERED_FROM: Final = 2_000  # goods: the heaviest of fewer are found in no time
SIEVED_FROM: Final = 2_000  # goods: of fewer, the engine looks at each one's price in no time
SIEVED_MAX: Final = 500  # goods that are ranked to be sieved by price and minimum order afterwards
EXACTLY: Final = 1 - 1e-9  # what a bound may be off by that was computed backwards

_ORDER: Final = {
    Sort.NEWEST: ("listed_day", tantivy.Order.Desc),
    Sort.MINIMUM: ("minimum", tantivy.Order.Asc),
}


class Ranked(NamedTuple):
    """A good's place: `score` higher is better, whatever was sorted by."""

    number: int
    stall: int
    score: float


Scored = list[tuple[float, tantivy.DocAddress]]  # the best first, equals in any order


def best(view: View, query: Query, plan: Plan, *, wanted: int, count: int) -> list[Ranked]:
    """The `wanted` best of the `count` goods that are found, or all of them where there are fewer."""
    wanted = min(wanted, count)
    if wanted == 0:
        return []
    if query.sort is Sort.RELEVANCE:
        return _best_fitting(view, plan, wanted, count)[:wanted]
    return _first_by_field(view.searcher, query, plan, wanted)


def _best_fitting(view: View, plan: Plan, wanted: int, count: int) -> list[Ranked]:
    upper = _upper(view.searcher, plan.layers[-1], view.searcher.num_docs) if plan.limits else count
    asked = wanted * upper // count * 3 // 2 + wanted
    if plan.limits and upper >= SIEVED_FROM and asked <= SIEVED_MAX:
        found = _layered(view, plan, asked, upper, limited=False)
        sieved = _passing(view.searcher, plan, found)
        if len(sieved) >= wanted:
            return _named(view.searcher, _whole(sieved, wanted))
    return _named(view.searcher, _whole(_layered(view, plan, wanted, count), wanted))


def _upper(searcher: tantivy.Searcher, layer: Layer, most: int) -> int:
    """No more goods than so many are in a layer, of which there are `most` at most."""
    return min(most, sum(searcher.doc_freq("marks", mark) for mark in layer.marks)) if layer.marks else most


def _passing(searcher: tantivy.Searcher, plan: Plan, found: Scored) -> Scored:
    """Those within the limits, in the same order."""
    for limit in plan.limits:
        values = searcher.fast_field_values(limit.field, [place for _, place in found])
        found = [each for each, value in zip(found, values, strict=True) if limit.holds(int(value or 0))]
    return found


def _layered(view: View, plan: Plan, wanted: int, count: int, *, limited: bool = True) -> Scored:
    """The `wanted` best of the `count` goods that are found, and all that score as much as the last of them."""
    best: Scored = []
    reached = 0.0  # by the last of the wanted, once there are so many
    for layer in plan.layers:
        needed = weight_needed(reached * EXACTLY, layer.fit)
        if needed > view.heaviest:
            continue
        heaviest = _heaviest(view, plan, layer, wanted, count, needed, limited=limited)
        scored = [(layer.fit * lift_of_weight(weight), place) for weight, place in heaviest]
        if best and scored:
            seen = {(place.segment_ord, place.doc) for _, place in best}
            scored = [each for each in scored if (each[1].segment_ord, each[1].doc) not in seen]
        best = sorted(best + scored, key=itemgetter(0), reverse=True)
        if len(best) >= wanted:
            reached = best[wanted - 1][0]
        if len(best) >= count:
            break
    return [each for each in best if each[0] >= reached]


def _heaviest(
    view: View, plan: Plan, layer: Layer, wanted: int, count: int, needed: float, *, limited: bool
) -> list[tuple[float, tantivy.DocAddress]]:
    """Weight and place of the heaviest of a layer: at least as many as are `wanted`, if so many weigh what is `needed`,
    and none of equal weight left out."""
    tier = _tier_within(needed)
    if tier is not None:
        return _whole_groups(view.searcher, plan.within(layer, _of_tier(tier), limited=limited), wanted)
    tier = _promising_tier(view.searcher, layer, wanted, count)
    if tier is not None:
        found = _whole_groups(view.searcher, plan.within(layer, _of_tier(tier), limited=limited), wanted)
        if len(found) >= wanted:
            return found
    return _whole_groups(view.searcher, plan.within(layer, limited=limited), wanted)


def _of_tier(tier: int) -> tantivy.Query:
    return any_of("marks", (tier_mark(tier),))


def _tier_within(weight: float) -> int | None:
    """The highest tier that all goods of a weight are of."""
    return max((tier for tier in TIERS if tier <= weight), default=None)


def _promising_tier(searcher: tantivy.Searcher, layer: Layer, wanted: int, count: int) -> int | None:
    """The highest tier that holds enough of a layer, if it holds the same share of it as of all goods; None where the
    layer is small, or most of its goods would be read anyway."""
    count = _upper(searcher, layer, count)
    if count < TIERED_FROM:
        return None
    share = ENOUGH * wanted / count
    enough = share * searcher.num_docs
    return next((tier for tier in reversed(TIERS) if searcher.doc_freq("marks", tier_mark(tier)) >= enough), None)


def _whole_groups(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: int
) -> list[tuple[float, tantivy.DocAddress]]:
    """At least the `wanted` heaviest (all where there are fewer), with none of equal weight left out."""
    ask = wanted + 4
    while True:
        hits = searcher.search(query, ask, count=False, order_by_field="weight").hits
        if len(hits) < ask:
            return hits
        last = hits[-1][0]
        whole = next((at for at in range(ask, 0, -1) if hits[at - 1][0] > last), 0)
        if whole >= wanted:
            return hits[:whole]
        ask *= 4


def _whole(found: Scored, wanted: int) -> Scored:
    """The first `wanted`, and those that score as much as the last of them."""
    return [each for each in found if each[0] >= found[wanted - 1][0]]


def _named(searcher: tantivy.Searcher, found: Scored) -> list[Ranked]:
    places = [place for _, place in found]
    numbers = cast("list[int]", searcher.fast_field_values("number", places))
    stalls = cast("list[int]", searcher.fast_field_values("stall", places))
    rows = zip([-score for score, _ in found], numbers, stalls, strict=True)
    return [Ranked(number, stall, -less) for less, number, stall in sorted(rows)]


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
