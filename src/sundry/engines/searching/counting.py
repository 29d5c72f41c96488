"""How many goods a query finds, and how many in each choice of a facet, counted by the embedded engine.

Problem: a buyer who has chosen "kitchen" wants to see how many there are in "bathroom", so each facet is counted
without its own filter. Counting each apart reads the postings five times. Therefore facets without a filter of their
own are counted together, with the whole query, and only the others by themselves. Prices and minimum orders, the usual
filters, are counted in one more reading together, each split by the limit of the other. (Split so, categories would
come for the goods within the limit and for those outside it, twice as many as there are: two readings cost less.)

The bands of the minimum order are always counted with the whole query: every good is in one, so they add up to all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import tantivy

from sundry.engines.searching.asking import Limit, Plan, any_of, both
from sundry.engines.searching.bands import (
    MINIMUM_BOUNDS,
    PRICE_BOUNDS_MINOR,
    band_counts,
    key_buckets,
    path_counts,
    range_buckets,
)
from sundry.engines.searching.model import QUANTITIES, Bucket, Facet, Query, quantity_step
from sundry.engines.searching.schema import READY

_MOST: Final = 2**53  # what the engine's ranges, which are floats, hold exactly
_CHOICES_MAX: Final = 65_000  # of one facet: more than any market has categories or areas


def counted(searcher: tantivy.Searcher, query: Query, plan: Plan) -> tuple[int, dict[Facet, tuple[Bucket, ...]]]:
    """All goods that are found, and the facets that were asked for, in the order they were."""
    filtered = {facet for facet, _ in plan.filters}
    limited = {limit.facet for limit in plan.limits}
    together = {facet for facet in query.facets if facet not in filtered | limited | {Facet.READY}} | {Facet.MINIMUM}
    counts = _counts(searcher.aggregate(plan.counted(), {str(facet): _terms(facet) for facet in together}))
    found = sum(counts[Facet.MINIMUM].values())
    if limited and (own := [facet for facet in query.facets if facet in limited]):
        asked = {str(facet): _split(facet, plan.limits) for facet in own}
        counts |= _counts(searcher.aggregate(plan.counted(limited=False), asked), plan.limits)
    for facet in (facet for facet in query.facets if facet in filtered - {Facet.READY}):
        counts |= _counts(searcher.aggregate(plan.counted(without=facet), {str(facet): _terms(facet)}))
    if Facet.READY in query.facets:
        ready = both(plan.counted(without=Facet.READY), any_of("marks", (READY,)))
        told = _counts(searcher.aggregate(ready, {str(Facet.MINIMUM): _terms(Facet.MINIMUM)}))
        counts[Facet.READY] = {"ready": sum(told[Facet.MINIMUM].values())}
    return found, {facet: _buckets(facet, query, counts[facet]) for facet in query.facets}


def _terms(facet: Facet) -> dict[str, Any]:
    return {"terms": {"field": _field(facet), "size": _CHOICES_MAX}}


def _split(facet: Facet, limits: Iterable[Limit]) -> dict[str, Any]:
    """The bands of a facet among the goods within the limit of the other one, if there is one."""
    for limit in limits:
        if limit.facet is not facet:
            within = {key: end for key, end in zip(("from", "to"), _ends(limit), strict=True) if end is not None}
            return {
                "range": {"field": limit.field, "ranges": [within]},
                "aggs": {"within": _terms(facet)},
            }
    return _terms(facet)


def _ends(limit: Limit) -> tuple[int | None, int | None]:
    """From the first on, to the second without it: as the engine's ranges are."""
    low, high = (None if end is None else max(-_MOST, min(end, _MOST)) for end in (limit.low, limit.high))
    if low is not None and high is not None and low > high:  # nothing is in it, and no good costs so little
        return -_MOST, 1 - _MOST
    return low, None if high is None else high + 1


def _counts(answer: Mapping[str, Any], limits: Iterable[Limit] = ()) -> dict[Facet, Mapping[Any, int]]:
    counts: dict[Facet, Mapping[Any, int]] = {}
    for name, told in answer.items():
        buckets = told["buckets"]
        if buckets and "within" in buckets[0]:
            (ends,) = (_ends(limit) for limit in limits if limit.facet is not Facet(name))
            (inside,) = (each for each in buckets if (each.get("from"), each.get("to")) == ends)
            buckets = inside["within"]["buckets"]
        counts[Facet(name)] = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    return counts


def _field(facet: Facet) -> str:
    return {
        Facet.CATEGORY: "category_path",
        Facet.PRICE: "price_bands",
        Facet.MINIMUM: "minimum_band",
        Facet.AREA: "area",
    }[facet]


def _buckets(facet: Facet, query: Query, counts: Mapping[Any, int]) -> tuple[Bucket, ...]:
    if facet is Facet.PRICE:
        place = QUANTITIES.index(quantity_step(query.filters.quantity))
        return range_buckets(band_counts(counts, place), PRICE_BOUNDS_MINOR)
    if facet is Facet.MINIMUM:
        return range_buckets({int(at): count for at, count in counts.items()}, MINIMUM_BOUNDS)
    if facet is Facet.READY:
        return key_buckets(counts)
    named = {path: count for path, count in counts.items() if path} if "" in counts else counts
    return key_buckets(path_counts(named) if facet is Facet.CATEGORY else named)
