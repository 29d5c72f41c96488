"""A neutral query in the embedded engine's own queries.

Worked case: head ("cup",), modifiers (("pink",),), ready stock only. What is counted:

    +marks:cup +marks:ready:yes

and what is ranked, each clause with a constant score (`ranking.py` says the numbers):

    +best_of(marks:cup 2, marks:+cup 4, marks:^cup 30, marks:=cup 100)
    +marks:ready:yes 0   marks:pink 2   (+marks:^cup +marks:pink) 148
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Plan:
    """A query in the engine's terms. `found`: the goods that it finds without filters; `ranked`: the same, each with
    its fit; `filters` by terms and `limits` by columns, each of a facet, which is counted without its own."""

    found: tuple[tantivy.Query, ...]
    ranked: tantivy.Query
    filters: tuple[tuple[Facet | None, tantivy.Query], ...]
    limits: tuple[Limit, ...]

    def counted(self, without: Facet | None = None, *, limited: bool = True) -> tantivy.Query:
        """What is counted, by all filters but those of the facet `without`; not `limited`: by no column either."""
        limits = [each.query() for each in self.limits if limited and each.facet is not without]
        filters = [each for facet, each in self.filters if without is None or facet is not without]
        return both(*self.found, *filters, *limits)

    def ranked_among(self, *more: tantivy.Query, limited: bool = True) -> tantivy.Query:
        """What is ranked, within the filters and `more`; not `limited`: whatever the columns say."""
        within = [each for _, each in self.filters] + list(more)
        within += [each.query() for each in self.limits if limited]
        if not within:
            return self.ranked
        return _Q.boolean_query([(_MUST, self.ranked), *((_MUST, _Q.const_score_query(each, 0.0)) for each in within)])


def plan(query: Query, terms: Terms) -> Plan:
    """`terms`: all terms of a field that begin so, with how many goods each has, the most frequent first."""
    words = words_meant(query, terms)
    codes = codes_of(query)
    found: list[tantivy.Query] = []
    if query.head:
        found.append(any_of("marks", query.head))
    found += [any_of("words", group) for group in words]
    if codes:
        found.append(either([coded(code, terms) for code in codes]))
    if finds_by_lifts(query):
        found.append(either(lifts(query)))
    return Plan(tuple(found), _ranked(query, found), tuple(_filters(query.filters)), tuple(_limits(query.filters)))


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


def _ranked(query: Query, found: Sequence[tantivy.Query]) -> tantivy.Query:
    must = [_Q.const_score_query(each, 0.0) for each in found[1:]]
    if query.head:
        must.insert(0, _fit(query.head))
    else:
        must.insert(0, _Q.const_score_query(found[0] if found else _Q.all_query(), FIT_ANY))
    lifted_by = lifts(query)
    if finds_by_lifts(query) and len(lifted_by) == 1:  # then it lifts whatever is found
        return _Q.const_score_query(found[0], FIT_ANY + LIFT + LIFT_HEAD)
    should = []
    for lifted in lifted_by:
        if query.head:
            is_it = any_of("marks", [f"^{key}" for key in query.head])
            should += [_Q.const_score_query(lifted, LIFT), _Q.const_score_query(both(is_it, lifted), LIFT_HEAD)]
        else:
            should.append(_Q.const_score_query(lifted, LIFT + LIFT_HEAD))
    if codes := codes_of(query):
        whole = either([any_of("marks", map(code_mark, codes)), any_of("words", codes)])
        should.append(_Q.const_score_query(whole, FIT_CODE))
    if len(must) == 1 and not should:
        return must[0]
    return _Q.boolean_query([*((_MUST, each) for each in must), *((_SHOULD, each) for each in should)])


def lifts(query: Query) -> list[tantivy.Query]:
    """What lifts a good: any concept of each modifier, each word that is wished for."""
    groups = [any_of("marks", group) for group in query.modifiers]
    return groups + [any_of("words", (word,)) for word in query.wishes]


def coded(code: str, terms: Terms) -> tantivy.Query:
    """Goods of this item number, of one that begins so, or with it in their name."""
    whole = code_mark(code)
    begun = [term for term, _ in terms("marks", whole)[:CODES_MAX]] if len(code) >= CODE_PREFIX_MIN else []
    return either([any_of("marks", {whole: None, **dict.fromkeys(begun)}), any_of("words", (code,))])


def _fit(head: Sequence[str]) -> tantivy.Query:
    """The nearest that a good is to any of the head concepts, the first of which is the likeliest."""
    likeliest, later = head[:1], head[1:]
    levels = [("", head, FIT_NAMED_NARROWER), ("+", head, FIT_NAMED)]
    levels += [("^", likeliest, FIT_NARROWER), ("=", likeliest, FIT_HEAD)]
    if later:
        levels += [("^", later, FIT_NARROWER_LATER), ("=", later, FIT_HEAD_LATER)]
    return _Q.disjunction_max_query(
        [_Q.const_score_query(any_of("marks", [mark + key for key in keys]), fit) for mark, keys, fit in levels]
    )


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
    """Goods with any of the terms. Half a character, which no text of ours has, is asked for as a question mark."""
    whole = [value.encode("utf-8", "replace").decode() for value in values]
    return either([_Q.term_query(schema(), field, value, "basic") for value in whole])


def either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else _Q.boolean_query([(_SHOULD, each) for each in queries])


def both(*queries: tantivy.Query) -> tantivy.Query:
    """All of them; everything where there is none."""
    if not queries:
        return _Q.all_query()
    return queries[0] if len(queries) == 1 else _Q.boolean_query([(_MUST, each) for each in queries])
