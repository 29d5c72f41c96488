"""A text that a buyer typed, as it was understood, made a query.

Problem: "hello kitty umbrella" names an umbrella and a brand that no lexicon knows. If the brand had to be in the name,
goods titled in another language would never be found; if it were left out, the buyer would wonder. Therefore words
beside a known noun are wishes: they lift. Words without one must all be in the name, for there is nothing else to go
by; and where they find nothing, they may have a letter wrong.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sundry.engines.searching.model import Page, Query
from sundry.engines.searching.port import SearchIndex
from sundry.engines.searching.understanding import Understood


def query_of(understood: Understood, **asked: Any) -> Query:
    """`asked`: the other fields of Query (filters, sort, facets, limit, cursor)."""
    is_known = bool(understood.head)
    return Query(
        head=understood.head,
        modifiers=understood.modifiers,
        words=() if is_known else understood.words,
        wishes=understood.words if is_known else (),
        codes=understood.codes,
        language=understood.language,
        **asked,
    )


def answered(index: SearchIndex, query: Query) -> tuple[Query, Page]:
    """The page of a query and the query that it answers: where nothing is found, the words may have a letter wrong.

    A cursor of the one asked second belongs to it: ask with `fuzzy` what was answered with it.
    """
    page = index.search(query)
    if page.count or query.fuzzy or not query.words:
        return query, page
    looser = replace(query, fuzzy=True)
    return looser, index.search(looser)
