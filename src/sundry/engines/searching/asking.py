"""A neutral query in the embedded engine's own queries.

Worked case: head ("cup",), modifiers (("pink",),), ready stock only. What is counted:

    +marks:cup +marks:ready:yes

and what is ranked, in layers by how well a good fits (`ranking.py` says the numbers, `finding.py` what is done with
them); each with +marks:ready:yes:

    250  +marks:=cup +marks:pink     180  +marks:^cup +marks:pink     100  +marks:=cup     30  +marks:^cup
      6  +marks:+cup +marks:pink       4  +marks:cup +marks:pink        4  +marks:+cup      2  +marks:cup

Whatever is in a layer fits by at least its number, and what fits by no more than that is in it: a pink cup is in all of
the first four. So no query weighs one thing against another, and each is an intersection of few lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

import tantivy

from sundry.engines.searching.fitting import CODE_PREFIX_MIN, codes_of, finds_by_lifts
from sundry.engines.searching.model import Facet, Filters, Query, quantity_step
from sundry.engines.searching.near import edits_allowed, near_words
from sundry.engines.searching.ranking import (
    FIT_ANY,
    FIT_CODE,
    FIT_HEAD,
    FIT_HEAD_LATER,
    FIT_NAMED,
    FIT_NAMED_NARROWER,
    FIT_NARROWER,
    FIT_NARROWER_LATER,
    LIFT,
    LIFT_HEAD,
)
from sundry.engines.searching.schema import (
    READY,
    category_mark,
    code_mark,
    collection_mark,
    price_field,
    schema,
)

CODES_MAX = 500  # item numbers that one beginning may stand for

Terms = Callable[[str, str], Sequence[tuple[str, int]]]

_Q = tantivy.Query
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should
_INTEGER = tantivy.FieldType.Integer
_MOST = 2**62  # of any whole number in the index
_NEAREST: Final = (
    "=",
    "^",
)  # signs of a good that is a head concept, or a narrower one


@dataclass(frozen=True, slots=True)
class Limit:
    """A filter by a column of whole numbers; both ends belong to it, None is open."""

    facet: Facet
    field: str
    low: int | None
    high: int | None

    def query(self) -> tantivy.Query:
        return between(self.field, self.low, self.high)

    def holds(self, value: int) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Layer(NamedTuple):
    """What fits by `fit` or better: goods with one of `marks` (any good where there are none), with so many of the
    lifts, and `is_whole`: with a whole item number."""

    fit: float
    marks: tuple[str, ...]
    lifted: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A query in the engine's terms. `found`: what every good must have besides a mark of its layer; `lifts`,
    `whole`: what lifts a good; `layers`: the best fitting first, and the last is all that is found; `filters` by terms
    and `limits` by columns, each of a facet, which is counted without its own."""

    found: tuple[tantivy.Query, ...]
    lifts: tuple[tantivy.Query, ...]
    whole: tantivy.Query | None
    layers: tuple[Layer, ...]
    filters: tuple[tuple[Facet | None, tantivy.Query], ...]
    limits: tuple[Limit, ...]

    def counted(self, without: Facet | None = None, *, limited: bool = True) -> tantivy.Query:
        """What is counted, by all filters but those of the facet `without`; not `limited`: by no column either."""
        filters = [each for facet, each in self.filters if without is None or facet is not without]
        limits = [each.query() for each in self.limits if limited and each.facet is not without]
        return both(*self._least(self.layers[-1]), *filters, *limits)

    def within(self, layer: Layer, *more: tantivy.Query, limited: bool = True) -> tantivy.Query:
        """A layer, within the filters and `more`; not `limited`: whatever the columns say."""
        limits = [each.query() for each in self.limits] if limited else []
        return both(*self._least(layer), *[each for _, each in self.filters], *more, *limits)

    def _least(self, layer: Layer) -> Iterable[tantivy.Query]:
        """What the goods of a layer have at least."""
        if layer.marks:
            yield any_of("marks", layer.marks)
        yield from self.found
        if layer.lifted:
            yield from _at_least(layer.lifted, self.lifts)
        if layer.is_whole and self.whole is not None:
            yield self.whole


def plan(query: Query, terms: Terms) -> Plan:
    """`terms`: all terms of a field that begin so, with how many goods each has, the most frequent first."""
    found = [any_of("words", group) for group in words_meant(query, terms)]
    codes = codes_of(query)
    whole = None
    if codes:
        found.append(either([coded(code, terms) for code in codes]))
        whole = either([any_of("marks", map(code_mark, codes)), any_of("words", codes)])
    lifts = [any_of("marks", group) for group in query.modifiers] + [any_of("words", (word,)) for word in query.wishes]
    return Plan(
        tuple(found),
        tuple(lifts),
        whole,
        tuple(_layers(query, len(lifts), bool(codes))),
        tuple(_filters(query.filters)),
        tuple(_limits(query.filters)),
    )


def words_meant(query: Query, terms: Terms) -> tuple[tuple[str, ...], ...]:
    """What each word of a query may stand for: itself, or where it is not known and may have a letter wrong, the words
    near it. Never empty, so that an unknown word finds nothing."""
    meant = []
    for word in query.words:
        group: tuple[str, ...] = (word,)
        if query.fuzzy and edits_allowed(word) and not any(term == word for term, _ in terms("words", word)):
            group = near_words(word, terms("words", word[0])) or (word,)
        meant.append(group)
    return tuple(meant)


def _layers(query: Query, lifts: int, has_codes: bool) -> Iterable[Layer]:
    """The best fitting first: every level, with every number of lifts, with a whole item number or without."""
    if finds_by_lifts(query) and lifts == len(query.modifiers) == 1:
        return [Layer(FIT_ANY + LIFT + LIFT_HEAD, query.modifiers[0], 0, False)]
    least = 1 if finds_by_lifts(query) else 0
    layers = []
    for sign, keys, fit in _levels(query.head):
        lift = LIFT if query.head and sign not in _NEAREST else LIFT + LIFT_HEAD
        marks = tuple([sign + key for key in keys])
        for lifted in range(least, lifts + 1):
            layers.append(Layer(fit + lifted * lift, marks, lifted, False))
            if has_codes:
                layers.append(Layer(fit + lifted * lift + FIT_CODE, marks, lifted, True))
    return sorted(layers, key=itemgetter(0), reverse=True)


def _levels(head: Sequence[str]) -> Sequence[tuple[str, Sequence[str], float]]:
    """How near a good may be to the head concepts, the first of which is the likeliest: sign, keys, fit."""
    if not head:
        return (("", (), FIT_ANY),)
    levels = [("=", head[:1], FIT_HEAD), ("^", head[:1], FIT_NARROWER), ("+", head, FIT_NAMED)]
    levels.append(("", head, FIT_NAMED_NARROWER))
    if later := head[1:]:
        levels += [("=", later, FIT_HEAD_LATER), ("^", later, FIT_NARROWER_LATER)]
    return levels


def _at_least(number: int, queries: Sequence[tantivy.Query]) -> Sequence[tantivy.Query]:
    """What asks for so many of `queries`, of which there are as many or more."""
    if number == len(queries):
        return queries
    if number == 1:
        return (either(queries),)
    return (_Q.boolean_query([(_SHOULD, each) for each in queries], minimum_number_should_match=number),)


def coded(code: str, terms: Terms) -> tantivy.Query:
    """Goods of this item number, of one that begins so, or with it in their name."""
    whole = code_mark(code)
    begun = [term for term, _ in terms("marks", whole)[:CODES_MAX]] if len(code) >= CODE_PREFIX_MIN else []
    return either([any_of("marks", {whole: None, **dict.fromkeys(begun)}), any_of("words", (code,))])


def _filters(filters: Filters) -> Iterable[tuple[Facet | None, tantivy.Query]]:
    if filters.category is not None:
        yield Facet.CATEGORY, any_of("marks", (category_mark(filters.category),))
    if filters.area:
        yield Facet.AREA, any_of("area", filters.area)
    if filters.ready:
        yield Facet.READY, any_of("marks", (READY,))
    if filters.stall is not None:
        yield None, between("stall", filters.stall, filters.stall)
    if filters.collection is not None:
        yield None, any_of("marks", (collection_mark(filters.collection),))


def _limits(filters: Filters) -> Iterable[Limit]:
    if filters.price_min_minor is not None or filters.price_max_minor is not None:
        field = price_field(quantity_step(filters.quantity))
        yield Limit(Facet.PRICE, field, filters.price_min_minor, filters.price_max_minor)
    if filters.minimum_max is not None:
        yield Limit(Facet.MINIMUM, "minimum", None, filters.minimum_max)


def between(field: str, low: int | None, high: int | None) -> tantivy.Query:
    """Both ends belong to it; None is open. An end that is too large for the engine stands for its largest."""
    least, most = (None if end is None else max(-_MOST, min(end, _MOST)) for end in (low, high))
    return _Q.range_query(schema(), field, _INTEGER, least, most)


def any_of(field: str, values: Iterable[str]) -> tantivy.Query:
    """Goods with any of the terms."""
    return either([_term(field, value) for value in values])


@lru_cache(maxsize=10_000)
def _term(field: str, value: str) -> tantivy.Query:
    """Half a character, which no text of ours has, is asked for as a question mark."""
    return _Q.term_query(schema(), field, value.encode("utf-8", "replace").decode(), "basic")


def either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else _Q.boolean_query([(_SHOULD, each) for each in queries])


def both(*queries: tantivy.Query) -> tantivy.Query:
    """All of them; everything where there is none."""
    if not queries:
        return _Q.all_query()
    return queries[0] if len(queries) == 1 else _Q.boolean_query([(_MUST, each) for each in queries])
