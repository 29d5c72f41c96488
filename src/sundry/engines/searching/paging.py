"""Pages of a ranking: at most three goods of a stall on each, nothing lost and nothing shown twice.

Problem: a stall with forty cups that sell well fills the first two pages, and a buyer sees one stall where there are
four hundred. Leaving the rest out would lose goods. Therefore a page is filled from the ranking in order, a stall that
has its three waits for the next page, and those who wait come first there.

Worked case: limit 4, two of a stall, the ranking's stalls A A A B A C. Page 1: A A B C; page 2: A A.

A cursor is the number of a page and a mark of the query it belongs to; the ranking is walked from its beginning, which
DEPTH_MAX keeps short. Goods that change between two pages move as they would in any list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from operator import attrgetter

from sundry.engines.searching.model import DEPTH_MAX, LIMIT_MAX, Filters, Query
from sundry.engines.searching.port import BadCursor


@dataclass(frozen=True, slots=True)
class Laid:
    """The places in the ranking of the goods on a page. `certain`: no more of the ranking could change it;
    `more`: something is left for the pages after."""

    places: tuple[int, ...]
    certain: bool
    more: bool


def lay(stalls: Sequence[int], *, page: int, limit: int, per_stall_max: int, is_whole: bool) -> Laid:
    """Page `page` (from 0) of a ranking, given by the stall of each good. `is_whole`: nothing comes after `stalls`.
    `per_stall_max` 0: any number."""
    waiting = list(range(len(stalls)))
    for number in range(page + 1):
        shown: list[int] = []
        passed: list[int] = []
        of_stall: dict[int, int] = {}
        end = 0
        for end, place in enumerate(waiting, 1):  # noqa: B007 - how far it came is used below
            stall = stalls[place]
            if per_stall_max and of_stall.get(stall, 0) == per_stall_max:
                passed.append(place)
                continue
            of_stall[stall] = of_stall.get(stall, 0) + 1
            shown.append(place)
            if len(shown) == limit:
                break
        waiting = passed + waiting[end:]
        if len(shown) < limit and not is_whole:
            return Laid((), certain=False, more=True)
        if number == page:
            return Laid(tuple(shown), certain=bool(waiting) or is_whole, more=bool(waiting))
    raise AssertionError("page is at least 0")


def limit_of(query: Query) -> int:
    return max(1, min(query.limit, LIMIT_MAX))


def per_stall_of(query: Query) -> int:
    """0, any number, where one stall is looked at."""
    return 0 if query.filters.stall is not None else max(0, query.per_stall_max)


def page_of(query: Query) -> int:
    """The page that the cursor asks for, from 0. BadCursor."""
    if query.cursor is None:
        return 0
    number, _, mark = query.cursor.partition(".")
    if not _NUMBER.fullmatch(number) or int(number) > DEPTH_MAX or mark != _mark(query):
        raise BadCursor("search_bad_cursor")
    return int(number)


def cursor_of(query: Query, page: int) -> str:
    return f"{page}.{_mark(query)}"


_NUMBER = re.compile("[1-9][0-9]{0,3}", re.ASCII)
_ASKED = attrgetter(
    *(each.name for each in fields(Query) if each.name not in ("cursor", "facets", "filters", "explained"))
)
_FILTERS = attrgetter(*(each.name for each in fields(Filters)))


def _mark(query: Query) -> str:
    """The same for the pages of one question, whatever is counted beside it."""
    asked = repr((_ASKED(query), _FILTERS(query.filters)))
    return blake2b(asked.encode("utf-8", "backslashreplace"), digest_size=9).hexdigest()
