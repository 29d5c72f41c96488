"""Which days a period has, and whether figures of it add up along the year.

Problem: a series is ordered by time, yet a page writes periods in words of statistics, and two figures that end on one
day may be of different lengths: the first quarter and its last month both end on 31 March.

    2026-Q1            2026-01-01 to 2026-03-31     ytd: from January on
    2026-03            2026-03-01 to 2026-03-31     single
    asof 2026-04       2026-04-01 to 2026-04-30     stock: no day is said within the month
    until 2028         to 2028-12-31                stock: a target, to be reached by then
    2018-07/           2018-07-01 to nothing        single: it still runs

Therefore each code is read into its first and last day, and a series holds periods of one accumulation only.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date
from typing import Final

YTD: Final = "ytd"
SINGLE: Final = "single"
STOCK: Final = "stock"

Days = tuple[date | None, date | None]

_CODE = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|H([12])|([0-9]{2})(?:-([0-9]{2}))?))?")
_STOCK = ("asof ", "until ")


def days_of(code: str | None) -> Days:
    """First and last day of a period, None where it is open or says nothing. ValueError: no period."""
    if not code:
        return None, None
    if code.startswith("until "):
        return None, _days(code.removeprefix("until "))[1]
    first, slash, last = code.removeprefix("asof ").partition("/")
    if not slash:
        return _days(first)
    start, end = _days(first)[0], _days(last)[1] if last else None
    if end is not None and end < start:
        raise ValueError(f"{code} ends before it begins")
    return start, end


def is_period(code: str) -> bool:
    """Whether a person may write it: a code as in the head of this file."""
    try:
        days_of(code)
    except ValueError:
        return False
    return bool(code)


def accumulation_of(code: str | None, kinds: Collection[str]) -> str:
    """`kinds` are the statement's: a stock of a whole year says so there, and January is cumulative if it is told."""
    if code is None or code.startswith(_STOCK) or "stock" in kinds:
        return STOCK
    start, end = days_of(code)
    if start is None or end is None or (start.month, start.day) != (1, 1) or start.year != end.year:
        return SINGLE
    if (end.year, end.month, end.day) != (end.year, end.month, monthrange(end.year, end.month)[1]):
        return SINGLE
    return YTD if end.month > 1 or "cumulative" in kinds else SINGLE


def kinds_for(code: str | None, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of a statement whose period a person has set to `code`."""
    rest = [kind for kind in kinds if kind not in ("cumulative", "stock")]
    if code is None:
        return tuple(rest)
    if code.startswith(_STOCK):
        return (*rest, "stock")
    return (*rest, "cumulative") if accumulation_of(code, ()) == YTD else tuple(rest)


def _days(code: str) -> tuple[date, date]:
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"{code!r} is no period")
    year, quarter, half, month, day = found.groups()
    if day:
        one = date(int(year), int(month), int(day))
        return one, one
    first, last = 1, 12
    if quarter:
        first, last = 3 * int(quarter) - 2, 3 * int(quarter)
    elif half:
        first, last = 6 * int(half) - 5, 6 * int(half)
    elif month:
        first = last = int(month)
    return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])
