"""A text becomes a query, and a query that finds nothing may become a milder one.

Problem: "hello kitty umbrella" names an umbrella and a brand that no lexicon knows; "frobnitz" names nothing that is
known, and is perhaps typed wrongly. Therefore (`querying.py`) words beside a known noun only lift goods, words without
one must be in the name; and where those find nothing, they are asked for once more with a letter wrong.

A cursor belongs to the query that gave it, so it says which of the two that was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sundry.engines.searching.lexicon import LANGUAGES
from sundry.engines.searching.model import Facet, Filters, Page, Query, Sort
from sundry.engines.searching.port import SearchIndex
from sundry.engines.searching.querying import query_of
from sundry.engines.searching.understanding import Understanding, Understood
from sundry.engines.searching.words import tokens

_FUZZY = "~"  # before a cursor of words with a letter wrong


@dataclass(frozen=True, slots=True)
class Answer:
    """`is_near`: nothing has the words as they are; these have one with a letter different."""

    understood: Understood
    page: Page
    is_near: bool


def answer(
    index: SearchIndex,
    understanding: Understanding,
    text: str,
    *,
    language: str | None = None,
    filters: Filters | None = None,
    sort: Sort = Sort.RELEVANCE,
    cursor: str | None = None,
    limit: int = 20,
    facets: tuple[Facet, ...] = (Facet.CATEGORY, Facet.PRICE, Facet.MINIMUM),
    words_only: bool = False,
) -> Answer:
    """What `index` has for `text`, typed on a page in `language`. `words_only`: no concept is looked for, the words
    must stand in a name as they are. BadCursor, IndexUnusable."""
    asked = language if language in LANGUAGES else None
    understood = understanding.understand(text, language=asked)
    if words_only:
        words = tuple(dict.fromkeys(tokens(understood.text, understood.language)))
        understood = replace(understood, head=(), modifiers=(), words=words, corrected=None)
    query = query_of(understood, filters=filters or Filters(), sort=sort, facets=facets, limit=limit, cursor=cursor)
    if cursor is not None and cursor.startswith(_FUZZY):
        return _near(index, understood, replace(query, cursor=cursor.removeprefix(_FUZZY)))
    page = index.search(query)
    if page.count or not query.words:
        return Answer(understood, page, False)
    return _near(index, understood, query)


def _near(index: SearchIndex, understood: Understood, query: Query) -> Answer:
    page = index.search(replace(query, fuzzy=True))
    told = None if page.cursor is None else _FUZZY + page.cursor
    return Answer(understood, replace(page, cursor=told), bool(page.count))
