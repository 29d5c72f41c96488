"""A second engine behind the same port: goods in dictionaries, looked at one after the other.

It is what the other engines are held to: nothing here is quick, and everything can be read. Each question looks at
every good, so it serves tests, and a few thousand goods where nothing native may be installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sundry.engines.searching.bands import (
    MINIMUM_BOUNDS,
    PRICE_BOUNDS_MINOR,
    key_buckets,
    path_counts,
    range_buckets,
)
from sundry.engines.searching.entries import KEPT_WORDS_MAX, Analyser, Entry, entries
from sundry.engines.searching.fitting import fit, why
from sundry.engines.searching.model import (
    DEPTH_MAX,
    QUANTITIES,
    Bucket,
    Checkpoint,
    Document,
    Facet,
    Filters,
    Hit,
    Page,
    Query,
    Sort,
    Stats,
    Suggestion,
    quantity_step,
)
from sundry.engines.searching.near import edits_allowed, near_words
from sundry.engines.searching.paging import cursor_of, lay, limit_of, page_of, per_stall_of
from sundry.engines.searching.ranking import FIT_ANY, lift_of_weight
from sundry.engines.searching.suggesting import Names, suggestions


class PlainIndex:
    """An index in memory, of one process and one thread."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._live: dict[int, Entry] = {}
        self._written: dict[int, Entry] = {}
        self._version = self._committed_version = 0

    def index(self, documents: Iterable[Document], *, version: int = 0) -> int:
        count = 0
        for entry in entries(documents, self._analyser):
            self._written[entry.document.number] = entry
            version = max(version, entry.document.version)
            count += 1
        self._version = max(self._version, version)
        return count

    def delete(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._written.pop(number, None)

    def commit(self) -> Checkpoint:
        self._live, self._committed_version = dict(self._written), self._version
        return Checkpoint(self._committed_version, len(self._live))

    def rebuild(self, documents: Iterable[Document], *, version: int = 0) -> Checkpoint:
        before = self._written, self._version
        self._written, self._version = {}, 0
        try:
            self.index(documents, version=version)
        except BaseException:
            self._written, self._version = before
            raise
        return self.commit()

    def search(self, query: Query) -> Page:
        page = page_of(query)
        words = self._words_meant(query)
        fits = {number: fit(entry, query, words) for number, entry in self._live.items()}
        fitting = [self._live[number] for number, fits_by in fits.items() if fits_by]
        found = [entry for entry in fitting if passes(entry, query.filters, None)]
        ranked = sorted(
            ((_score(entry, query, fits[entry.document.number]), entry) for entry in found),
            key=lambda pair: (-pair[0], pair[1].document.number),
        )[:DEPTH_MAX]
        laid = lay(
            [entry.document.stall for _, entry in ranked],
            page=page,
            limit=limit_of(query),
            per_stall_max=per_stall_of(query),
            is_whole=True,
        )
        hits = tuple(
            Hit(entry.document.number, entry.document.stall, score, why(entry, query, words) if query.explained else ())
            for score, entry in (ranked[place] for place in laid.places)
        )
        facets = {facet: _buckets(facet, query, fitting) for facet in query.facets}
        return Page(hits, len(found), facets, cursor_of(query, page + 1) if laid.more else None)

    def _words_meant(self, query: Query) -> tuple[tuple[str, ...], ...]:
        goods = Counter(word for entry in self._live.values() for word in entry.words) if query.fuzzy else Counter()
        return tuple(
            (near_words(word, goods.items()) or (word,))
            if query.fuzzy and edits_allowed(word) and word not in goods
            else (word,)
            for word in query.words
        )

    def suggest(self, prefix: str, language: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
        typed = self._analyser.normal(prefix)
        goods = Counter(word for entry in self._live.values() for word in entry.words if word.startswith(typed))
        words = sorted(goods.items(), key=lambda pair: (-pair[1], pair[0]))
        return suggestions(Names(self._analyser.names(language)), typed, language, words, limit)

    def similar(self, number: int, *, limit: int = 12) -> tuple[int, ...]:
        one = self._live.get(number)
        if one is None:
            return ()
        scores = {entry.document.number: _likeness(one, entry) for entry in self._live.values() if entry is not one}
        ranked = sorted(
            (self._live[other].document.stall == one.document.stall, -score, other)
            for other, score in scores.items()
            if score
        )
        return tuple(other for _, _, other in ranked[:limit])

    def stats(self) -> Stats:
        return Stats(
            documents=len(self._live),
            segments=1,
            size_bytes=0,
            version=self._committed_version,
            lexicon=self._analyser.lexicon,
            segmenter=self._analyser.segmenter,
        )


def passes(entry: Entry, filters: Filters, without: Facet | None) -> bool:
    """Whether a good passes the filters, that of the facet `without` left out."""
    good = entry.document
    price_minor = entry.prices_minor[QUANTITIES.index(quantity_step(filters.quantity))]
    least, most = filters.price_min_minor, filters.price_max_minor
    checks: Mapping[Facet | None, bool] = {
        Facet.CATEGORY: filters.category is None or filters.category in good.category,
        Facet.AREA: not filters.area or good.area in filters.area,
        Facet.READY: not filters.ready or good.ready,
        Facet.PRICE: (least is None or price_minor >= least) and (most is None or price_minor <= most),
        Facet.MINIMUM: filters.minimum_max is None or good.minimum <= filters.minimum_max,
        None: (filters.stall is None or good.stall == filters.stall)
        and (filters.collection is None or filters.collection in good.collections),
    }
    return all(passed for facet, passed in checks.items() if facet is None or facet is not without)


def _score(entry: Entry, query: Query, fits: float) -> float:
    good = entry.document
    if query.sort is Sort.PRICE:
        return -float(entry.prices_minor[QUANTITIES.index(quantity_step(query.filters.quantity))])
    if query.sort is Sort.NEWEST:
        return float(good.listed_day)
    if query.sort is Sort.MINIMUM:
        return -float(good.minimum)
    return fits * lift_of_weight(entry.weight)


def _buckets(facet: Facet, query: Query, fitting: Collection[Entry]) -> tuple[Bucket, ...]:
    counted = [entry for entry in fitting if passes(entry, query.filters, facet)]
    step = QUANTITIES.index(quantity_step(query.filters.quantity))
    if facet is Facet.PRICE:
        return range_buckets(Counter(entry.price_bands[step] for entry in counted), PRICE_BOUNDS_MINOR)
    if facet is Facet.MINIMUM:
        return range_buckets(Counter(entry.minimum_band for entry in counted), MINIMUM_BOUNDS)
    if facet is Facet.AREA:
        return key_buckets(Counter(entry.document.area for entry in counted if entry.document.area))
    if facet is Facet.READY:
        return key_buckets({"ready": sum(entry.document.ready for entry in counted)})
    return key_buckets(
        path_counts(Counter("/".join(entry.document.category) for entry in counted if entry.document.category))
    )


def _likeness(one: Entry, other: Entry) -> float:
    shared: Sequence[bool] = [key in other.near for key in one.named if key not in one.heads[:1]]
    if not one.heads:
        shared = [*shared, *(word in other.words for word in one.words[:KEPT_WORDS_MAX])]
        is_like = any(shared)
    else:
        is_like = one.heads[0] in other.heads
    return FIT_ANY * (1 + sum(shared)) * lift_of_weight(other.weight) if is_like else 0.0
