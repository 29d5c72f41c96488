"""Goods for what somebody typed: understood, asked of the index, and shown as the database knows them now.

Problem: an index tells numbers, and is a moment late. A page shows names and prices, and must not show what is gone.
Therefore the index says which goods and in what order, and one statement fetches them: whatever is not on show any more
falls out on the way.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection

from sundry.engines.searching.answering import answer
from sundry.engines.searching.lexicon import LANGUAGES, Language
from sundry.engines.searching.model import Facet, Filters, Page, Sort, Suggestion
from sundry.engines.searching.port import IndexUnusable
from sundry.engines.searching.understanding import Understood
from sundry.goods.catalogue import indexing, queries
from sundry.goods.catalogue.rules import GoodCard

log = logging.getLogger("sundry.catalogue")


@dataclass(frozen=True, slots=True)
class Meant:
    """A concept that was searched for, by its name for the reader and in Chinese."""

    concept: str
    name: str
    zh: str


@dataclass(frozen=True, slots=True)
class Found:
    """`meant`: what was understood, the head noun first; empty where only words were looked for. `is_near`: no
    good has the words as they are, these have one with a letter different. `corrected`: what was read in place of what
    was typed. `cards`: the goods of the page that are on show, in its order. `milliseconds`: of index and database."""

    understood: Understood
    meant: tuple[Meant, ...]
    is_near: bool
    corrected: str | None
    page: Page
    cards: tuple[GoodCard, ...]
    milliseconds: float


def search(
    text: str,
    *,
    language: str,
    reader: str,
    filters: Filters | None = None,
    sort: Sort = Sort.RELEVANCE,
    cursor: str | None = None,
    limit: int = 20,
    facets: tuple[Facet, ...] = (Facet.CATEGORY, Facet.PRICE, Facet.MINIMUM),
    words_only: bool = False,
) -> Found:
    """`language`: of the page on which it was typed; `reader`: in which concepts are named. BadCursor, IndexUnusable.
    One statement, and one more each half minute."""
    begun = time.perf_counter()
    live = indexing.live()
    answered = answer(
        live.index,
        live.understanding,
        text,
        language=language,
        filters=filters,
        sort=sort,
        cursor=cursor,
        limit=limit,
        facets=facets,
        words_only=words_only,
    )
    cards = queries.cards([hit.number for hit in answered.page.hits])
    understood = answered.understood
    told = understood.told(live.lexicon)
    return Found(
        understood=understood,
        meant=tuple(Meant(one.concept, live.lexicon.name(one.concept, _language(reader)), one.zh) for one in told),
        is_near=answered.is_near,
        corrected=understood.corrected,
        page=answered.page,
        cards=cards,
        milliseconds=(time.perf_counter() - begun) * 1000,
    )


def suggest(prefix: str, language: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """What somebody may be typing. IndexUnusable."""
    return indexing.live().index.suggest(prefix, language, limit=limit)


def similar(number: int, *, limit: int = 12) -> tuple[int, ...]:
    """Goods like this one, by number; () where there is no index yet: a page of a good is whole without them."""
    try:
        return indexing.live().index.similar(number, limit=limit)
    except IndexUnusable:
        return ()


def warm() -> None:
    """Make what the first query of each language would wait for, up to a second each: for a thread of a new process."""
    try:
        indexing.live().understanding.warm()
    except (DatabaseError, InterfaceError):
        log.info("queries are not made ready before they come: the database does not answer")
    finally:
        connection.close()


def _language(reader: str) -> Language:
    return reader if reader in LANGUAGES else "en"
