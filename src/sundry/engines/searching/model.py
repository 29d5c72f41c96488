"""What is searched, how it is asked, what is answered: the same for every engine behind the port.

Problem: an engine's own query string ties every page to that engine, and each engine has traps of its own. Therefore a
query is a value: words and concepts that were understood, filters, an order, a place to go on from. `port.py` says what
an engine must do with it; the suite of `tests/engines/searching` holds every engine to the same answers.

Worked case: "pink toothbrush cups under 5 yuan, for 100 pieces, ready stock" becomes

    Query(
        head=("toothbrush_cup",),
        modifiers=(("pink",),),
        filters=Filters(quantity=100, price_max_minor=500, ready=True),
    )

and is answered by a `Page`: the hits of this page, how many there are in all, and the facets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

QUANTITIES: Final = (1, 10, 50, 100, 500, 1_000, 5_000, 10_000)
"""The quantities at which a price can be asked for: for each, the price of the ladder is kept in the index. Any other
quantity is answered by the price at the next lower one (`quantity_step`), which is never too low a price."""

LIMIT_MAX: Final = 100  # hits on one page
DEPTH_MAX: Final = 2_000  # hits that can be paged through: nobody reads further, only copiers do
PER_STALL_MAX: Final = 3  # hits of one stall on a page, so that one stall does not fill it


def quantity_step(quantity: int) -> int:
    """The largest of QUANTITIES that is not above `quantity` (at least 1)."""
    return max((step for step in QUANTITIES if step <= quantity), default=QUANTITIES[0])


class Sort(StrEnum):
    RELEVANCE = "relevance"
    PRICE = "price"  # at the quantity asked for, the lowest first
    NEWEST = "newest"
    MINIMUM = "minimum"  # the smallest minimum order first


class Facet(StrEnum):
    """What is counted beside the hits; each without its own filter, so that another choice stays in sight."""

    CATEGORY = "category"
    PRICE = "price"
    MINIMUM = "minimum"
    AREA = "area"  # hall and floor of the stall
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Document:
    """One good as it is indexed. `number` names it; a document of the same number takes the place of the one before.

    `titles`: language -> name (zh, en, ar, es, fr, ru; at least one). `codes`: item numbers. `category`: its path of
    keys, the widest first. `area`: hall and floor, "1-F1". `prices_minor`: the price of a piece at each of QUANTITIES,
    in `currency`; a quantity below the minimum order has the price at the minimum. `minimum`: pieces. `sold`: pieces
    sold lately, for the order. `listed_day`: days since 1970-01-01. `collections`: new, hot, seasonal.
    """

    number: int
    stall: int
    titles: Mapping[str, str]
    category: tuple[str, ...] = ()
    area: str = ""
    prices_minor: tuple[int, ...] = ()
    currency: str = "CNY"
    minimum: int = 1
    ready: bool = False
    sold: int = 0
    listed_day: int = 0
    codes: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold besides the words. Prices in minor units of the market's currency, at `quantity` pieces."""

    category: str | None = None
    area: tuple[str, ...] = ()
    stall: int | None = None
    quantity: int = 1
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    minimum_max: int | None = None
    ready: bool = False
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question. `head`: concept keys, any of which the good must be (or be a narrower one of); `modifiers`: groups of
    keys that lift a good; `words`: words of `language` that are no concept and must be in a name; `wishes`: words that
    lift a good where they are in its name; `codes`: item numbers. A query without any of them finds everything that
    passes the filters. `fuzzy`: words may have a letter wrong. `cursor`: of the page before. `explained`: each hit says
    which parts of the query it has."""

    head: tuple[str, ...] = ()
    modifiers: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    language: str = "zh"
    fuzzy: bool = False
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    facets: tuple[Facet, ...] = (Facet.CATEGORY, Facet.PRICE, Facet.MINIMUM)
    limit: int = 20
    cursor: str | None = None
    per_stall_max: int = PER_STALL_MAX
    explained: bool = False


class Hit(NamedTuple):
    """`why`: which parts of the query it has, where that was asked for: "head", "modifier:pink", "word:usb"."""

    number: int
    stall: int
    score: float
    why: tuple[str, ...] = ()


class Bucket(NamedTuple):  # not a dataclass: a wide query has hundreds
    """One choice of a facet. Of a category its key, of an area its code, of READY "ready"; of PRICE and MINIMUM the
    range `low` <= value < `high` (None: open)."""

    key: str
    count: int  # type: ignore[assignment]
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`count`: all goods that the query finds, exactly, those beyond three of a stall too. `cursor`: of the next page,
    None at the end or at DEPTH_MAX."""

    hits: tuple[Hit, ...]
    count: int
    facets: Mapping[Facet, tuple[Bucket, ...]]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a prefix may become. `concept`: "" where it is a word of names only."""

    text: str
    concept: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the index is: the highest version that was written, and when everything before it became visible."""

    version: int
    documents: int


@dataclass(frozen=True, slots=True)
class Stats:
    """`lexicon` and `segmenter`: with which words were cut and concepts found; a query by another one does not fit."""

    documents: int
    segments: int
    size_bytes: int
    version: int
    lexicon: str
    segmenter: str
