"""What a check found, as a sentence in the reader's words.

Problem: the reader of pages notes a check as a program does, with the names, units and periods of the page.

    {"key": "exports", "period": "2026-01/2026-05"}, 118.9亿元     of whom, when, and how much, asks a reader in Madrid
    exports, January – May 2026, 11.89 billion yuan              as everywhere else in the observatory

Therefore each blank of the sentence (engines/reading/wording.py) is filled as cards tell it: indicators of the
dictionary by their names, periods by their months, figures in the units of the language, what we derived with no more
decimals than anybody reads. What none of this makes sense of stays as it was noted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from sundry.engines.reading.model import Bound, Check, Region
from sundry.engines.reading.regions import name_of
from sundry.engines.reading.wording import note_of
from sundry.insight.observatory import words
from sundry.insight.observatory.rules import CheckView
from sundry.insight.observatory.words import Amount, Writing

NEEDED: Final = -99  # decimals: as many as a number has
_CENT: Final = Decimal("0.01")
_RATES: Final = frozenset({"%", "百分点", "个百分点"})
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_ONE: Final = re.compile(rf"({_NUMBER})(\D*)")
_BAND: Final = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?(\D*)")


def note(check: CheckView, writing: Writing, places: Mapping[str, str]) -> str:
    """`places`: names by code, of places that are in no list."""
    values = check.values
    found = Check(
        kind=check.kind,
        outcome=check.outcome,
        spans=check.spans,
        stated=check.stated,
        derived=check.derived,
        note=check.note,
        repair=check.repair,
        values=dict(values),
    )
    place = values.get("place", "")
    home = Region(place, places.get(place) or name_of(place) or words.region_level(place) or place)
    return note_of(found, writing.language, home, _told(check, writing))


def _told(check: CheckView, writing: Writing) -> dict[str, str]:
    """The blanks of the sentence that read differently in the words of a language."""
    values = check.values
    told = {
        "indicator": words.indicator(values.get("key", ""), values.get("indicator", ""), writing.language),
        "period": words.period(values.get("period"), writing),
        "stated": printed(check.stated, writing),
    }
    if check.kind == "date":
        return {key: text for key, text in (told | {"given": _day(values.get("guess", ""), writing)}).items() if text}
    unit, guess = values.get("unit", ""), values.get("guess", "")
    if check.derived is not None:
        told["derived"] = told["given"] = derived(*check.derived, unit, writing)
    if _ONE.fullmatch(guess):
        told["given"] = derived(Decimal(guess), Decimal(guess), unit, writing)
    return {key: text for key, text in told.items() if text}


def derived(low: Decimal | None, high: Decimal | None, unit: str, writing: Writing) -> str:
    """What we derived, as an interval: [1.0, 1.2] percentage points; None on the side that has no limit."""
    low, high = (None if end is None else _rounded(end, unit) for end in (low, high))
    return words.amount(Amount(None, low, high, unit, Bound.BAND, NEEDED), writing, is_interval=True)


def _rounded(end: Decimal, unit: str) -> Decimal:
    """Of rates, which are printed with one or two decimals, three would tell nobody more."""
    return words.rounded(end.quantize(_CENT) if unit in _RATES else end)


def printed(stated: str, writing: Writing) -> str:
    """A figure as a check notes it, 118.9亿元 or 55..60万元, in the units of the language; other words as they are."""
    if one := _ONE.fullmatch(stated):
        return words.amount(Amount(Decimal(one[1]), None, None, one[2], Bound.EQ, _decimals(one[1])), writing)
    if band := _BAND.fullmatch(stated):
        low, high = (Decimal(end) if end else None for end in (band[1], band[2]))
        if low is not None or high is not None:
            decimals = max(_decimals(end or "") for end in (band[1], band[2]))
            return words.amount(Amount(None, low, high, band[3], Bound.BAND, decimals), writing)
    return stated


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _day(guess: str, writing: Writing) -> str:
    """A day that follows from others; a year stands as it is."""
    try:
        return words.period(date.fromisoformat(guess).isoformat(), writing)
    except ValueError:
        return ""
