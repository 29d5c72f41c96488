"""A text becomes a query, and a query that finds nothing becomes a milder one.

Problem: "pink umbrella frobnitz" names an umbrella and a word that no good has. To insist on every word finds nothing,
to insist on none finds everything. Therefore a text is asked in steps, and the first that finds something answers:

    0  its head noun and all its other words
    1  its head noun alone, where there is one: the other words only lifted goods before
    2  its words with a letter wrong, where there is no head noun

Worked case: "umbrella frobnitz" is answered by step 1, and `step` tells the page to say which word was left aside.
A cursor is of one step, so the next page is of the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sundry.engines.searching.lexicon import LANGUAGES
from sundry.engines.searching.model import Facet, Filters, Page, Query, Sort
from sundry.engines.searching.port import BadCursor, SearchIndex
from sundry.engines.searching.understanding import Understanding, Understood
from sundry.engines.searching.words import tokens

ALL_WORDS, HEAD_ALONE, WRONG_LETTERS = range(3)
_APART = "~"  # between the step and the engine's own cursor


@dataclass(frozen=True, slots=True)
class Answer:
    """`step`: by which of the three it was answered."""

    understood: Understood
    page: Page
    step: int


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
    whole = Query(
        head=understood.head,
        modifiers=understood.modifiers,
        words=understood.words,
        codes=understood.codes,
        language=understood.language,
        filters=filters or Filters(),
        sort=sort,
        facets=facets,
        limit=limit,
    )
    steps = dict(_steps(whole))
    if cursor is not None:
        named, _, own = cursor.partition(_APART)
        step = next((one for one in steps if str(one) == named), None)
        if step is None or not own:
            raise BadCursor("search_bad_cursor")
        return Answer(understood, _told(index.search(replace(steps[step], cursor=own)), step), step)
    for step, query in steps.items():
        page = index.search(query)
        if page.count:
            return Answer(understood, _told(page, step), step)
    return Answer(understood, page, ALL_WORDS)  # the page of the last step: nothing


def _steps(whole: Query) -> Iterator[tuple[int, Query]]:
    yield ALL_WORDS, whole
    if whole.head and (whole.words or whole.codes):
        yield HEAD_ALONE, replace(whole, words=(), codes=())
    if whole.words and not whole.head:
        yield WRONG_LETTERS, replace(whole, fuzzy=True)


def _told(page: Page, step: int) -> Page:
    return page if page.cursor is None else replace(page, cursor=f"{step}{_APART}{page.cursor}")
