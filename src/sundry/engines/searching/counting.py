"""How many goods a query finds, and how many in each choice of a facet, counted by the embedded engine.

Problem: a buyer who has chosen "kitchen" wants to see how many there are in "bathroom", so each facet is counted
without its own filter. Counting each apart reads the postings five times. Therefore facets without a filter of their
own are counted together, with the whole query, and only the others by themselves.

The bands of the minimum order are always counted with the whole query: every good is in one, so they add up to all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import tantivy

from sundry.engines.searching.asking import Plan
from sundry.engines.searching.bands import (
    MINIMUM_BOUNDS,
    PRICE_BOUNDS_MINOR,
    key_buckets,
    path_counts,
    range_buckets,
)
from sundry.engines.searching.model import Bucket, Facet, Query, quantity_step
from sundry.engines.searching.schema import band_field

_CHOICES_MAX: Final = 65_000  # of one facet: more than any market has categories or areas


def counted(searcher: tantivy.Searcher, query: Query, plan: Plan) -> tuple[int, dict[Facet, tuple[Bucket, ...]]]:
    """All goods that are found, and the facets that were asked for, in the order they were."""
    own = [facet for facet in query.facets if any(facet is of for of, _ in plan.filters)]
    together = [facet for facet in query.facets if facet not in own]
    counts = _counts(searcher, plan.counted(), query, {*together, Facet.MINIMUM})
    found = sum(counts[Facet.MINIMUM].values())
    for facet in own:
        counts[facet] = _counts(searcher, plan.counted(without=facet), query, (facet,))[facet]
    return found, {facet: _buckets(facet, counts[facet]) for facet in query.facets}


def _counts(
    searcher: tantivy.Searcher, counted: tantivy.Query, query: Query, facets: Iterable[Facet]
) -> dict[Facet, Mapping[Any, int]]:
    asked = {facet: {"terms": {"field": _field(facet, query), "size": _CHOICES_MAX}} for facet in facets}
    answer = searcher.aggregate(counted, {str(facet): terms for facet, terms in asked.items()})
    return {facet: {bucket["key"]: bucket["doc_count"] for bucket in answer[str(facet)]["buckets"]} for facet in asked}


def _field(facet: Facet, query: Query) -> str:
    return {
        Facet.CATEGORY: "category_path",
        Facet.PRICE: band_field(quantity_step(query.filters.quantity)),
        Facet.MINIMUM: "minimum_band",
        Facet.AREA: "area",
        Facet.READY: "ready",
    }[facet]


def _buckets(facet: Facet, counts: Mapping[Any, int]) -> tuple[Bucket, ...]:
    if facet is Facet.PRICE:
        return range_buckets({int(at): count for at, count in counts.items()}, PRICE_BOUNDS_MINOR)
    if facet is Facet.MINIMUM:
        return range_buckets({int(at): count for at, count in counts.items()}, MINIMUM_BOUNDS)
    if facet is Facet.READY:
        ready = sum(count for key, count in counts.items() if key)
        return key_buckets({"ready": ready})
    named = {path: count for path, count in counts.items() if path}
    return key_buckets(path_counts(named) if facet is Facet.CATEGORY else named)
