"""Figures, periods and names of the observatory in the reader's words.

Problem: a page prints 5500余万元 for 2026-01/2026-02, and a reader in Madrid knows neither 万 nor the code. Whoever
writes 55,000,000 for her has invented six digits.

    12.50亿元       zh  12.50亿元            en  1.250 billion yuan      as many digits as printed, none more
    5500余万元      zh  5,500–5,600万元      en  55–56 million yuan      a band stays a band
    突破620亿元     zh  >620亿元             en  >62.0 billion yuan      a limit stays a limit
    2026-Q1         January – March 2026: a quarter begins at other times elsewhere

Therefore a number keeps its printed digits: Chinese readers get the printed unit, others thousands, millions and
billions of the base unit; what is counted by a word of Chinese grammar (家 户 个) is a number alone in other languages.
How digits and days are written in a language is the caller's (`Writing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from babel.dates import format_date, format_interval, format_skeleton
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.engines.reading.figures import base_of
from sundry.engines.reading.indicators import names_in
from sundry.engines.reading.model import Basis, BasisSource, Bound, Outcome, Type
from sundry.insight.observatory import units
from sundry.insight.observatory.periods import days_of
from sundry.insight.observatory.rules import Actuality, Standing, StatementView
from sundry.kernel.messages import RIGHT_TO_LEFT

DECIMALS_MAX: Final = 4
_SIGNS: Final = {Bound.GE: "≥", Bound.GT: ">", Bound.LE: "≤", Bound.LT: "<", Bound.ABOUT: "≈"}
_MIRRORED: Final = {Bound.GE: Bound.LE, Bound.GT: Bound.LT, Bound.LE: Bound.GE, Bound.LT: Bound.GT}
TYPES: Final = {
    Type.LEVEL: pgettext_lazy("type of a statement", "Level"),
    Type.COUNT: pgettext_lazy("type of a statement", "Number of things"),
    Type.GROWTH: pgettext_lazy("type of a statement", "Growth"),
    Type.GAP: pgettext_lazy("type of a statement", "Gap to another place"),
    Type.GROWTH_DELTA: pgettext_lazy("type of a statement", "Change of growth"),
    Type.RANK: pgettext_lazy("type of a statement", "Rank"),
    Type.SHARE: pgettext_lazy("type of a statement", "Share"),
    Type.CONTRIBUTION: pgettext_lazy("type of a statement", "Contribution to growth"),
    Type.PULL: pgettext_lazy("type of a statement", "Points of growth"),
    Type.RANGE: pgettext_lazy("type of a statement", "Range"),
    Type.QUALITATIVE: pgettext_lazy("type of a statement", "In words"),
    Type.DURATION: pgettext_lazy("type of a statement", "Duration"),
    Type.ORDINAL: pgettext_lazy("type of a statement", "Place in a row"),
    Type.ENUMERATION: pgettext_lazy("type of a statement", "Length of a list"),
}
BASES: Final = {
    Basis.REAL: gettext_lazy("Real: at comparable prices"),
    Basis.NOMINAL: gettext_lazy("Nominal: at current prices"),
}
BASES_SHORT: Final = {
    Basis.REAL: pgettext_lazy("basis of a growth", "Real"),
    Basis.NOMINAL: pgettext_lazy("basis of a growth", "Nominal"),
}
BASIS_SOURCES: Final = {
    BasisSource.STATED: gettext_lazy("The page says so."),
    BasisSource.BY_CONVENTION: gettext_lazy("The page does not say; this is the convention of the statistical office."),
    BasisSource.UNKNOWN: gettext_lazy("The page does not say, and there is no convention."),
}
STANDINGS: Final = {
    Standing.PUBLISHED: pgettext_lazy("standing of a statement", "Published"),
    Standing.REVIEW: pgettext_lazy("standing of a statement", "Waits for review"),
    Standing.REJECTED: pgettext_lazy("standing of a statement", "Rejected"),
}
ACTUALITIES: Final = {
    Actuality.ACTUAL: pgettext_lazy("observation", "Actual"),
    Actuality.TARGET: pgettext_lazy("observation", "Target"),
    Actuality.PRELIMINARY: pgettext_lazy("observation", "Preliminary"),
}
ACCUMULATIONS: Final = {
    "ytd": gettext_lazy("Cumulative from January"),
    "single": gettext_lazy("Of the period alone"),
    "stock": gettext_lazy("At a point in time"),
}
OUTCOMES: Final = {
    Outcome.FAILS: pgettext_lazy("outcome of a check", "Fails"),
    Outcome.EXPLAINED: pgettext_lazy("outcome of a check", "Explained"),
    Outcome.HOLDS: pgettext_lazy("outcome of a check", "Holds"),
    Outcome.IMPLIED: pgettext_lazy("outcome of a check", "Gives a new figure"),
}
CHECKS: Final[Mapping[str, Any]] = {
    "gap": gettext_lazy("Gap between two places"),
    "delta": gettext_lazy("Change since another period"),
    "growth": gettext_lazy("Growth from two levels"),
    "base": gettext_lazy("Level of a year ago"),
    "sum": gettext_lazy("Sum of the parts"),
    "part": gettext_lazy("No part is more than the whole"),
    "share": gettext_lazy("Share of the whole"),
    "contribution": gettext_lazy("Contribution to growth"),
    "pull": gettext_lazy("Points of growth"),
    "sign": gettext_lazy("Words of rise and fall"),
    "repeat": gettext_lazy("The same figure said again"),
    "headline": gettext_lazy("Headline and text"),
    "path": gettext_lazy("Path through the year"),
    "yield": gettext_lazy("One figure for each unit of another"),
    "enumeration": gettext_lazy("Count and list"),
    "list": gettext_lazy("Names and values of a list"),
    "date": gettext_lazy("Dates"),
}
_COUNTRY, _PROVINCE, _PREFECTURE, _COUNTY = range(4)
_LEVELS: Final = (
    pgettext_lazy("region", "Country"),
    pgettext_lazy("region", "Province"),
    pgettext_lazy("region", "Prefecture"),
    pgettext_lazy("region", "Town or county"),
)


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language writes. `number`: a number with exactly so many decimals; `locale`: of CLDR, for periods."""

    language: str
    number: Callable[[Decimal, int], str]
    locale: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a printed unit, with its sign. `decimals`: as printed."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    bound: Bound = Bound.EQ
    decimals: int = 0


def amount_of(view: StatementView) -> Amount:
    """What a statement says, with the sign of its base value: what is printed as a fall is less than nothing."""
    turned = view.value is not None and view.base_value is not None and (view.value < 0) != (view.base_value < 0)
    if not turned or view.value is None:
        return Amount(view.value, view.low, view.high, view.unit, view.bound, view.decimals)
    low, high = (None if view.high is None else -view.high), (None if view.low is None else -view.low)
    return Amount(-view.value, low, high, view.unit, _MIRRORED.get(view.bound, view.bound), view.decimals)


# Figures -----------------------------------------------------------------------------------------------------------


def figure(view: StatementView, writing: Writing) -> str:
    """What a statement says, as a figure; words that are no number (两位数增长) as they are printed."""
    if view.type is Type.QUALITATIVE or (view.value is None and view.low is None and view.high is None):
        return view.quote
    if view.type is Type.RANK and view.value is not None:
        return gettext("No. %(number)s") % {"number": writing.number(view.value, 0)}
    return amount(amount_of(view), writing)


def amount(given: Amount, writing: Writing, *, is_interval: bool = False) -> str:
    """>620亿元, ≥62.0 billion yuan, 5,500–5,600万元; as an interval of arithmetic [5,500, 5,600]万元."""
    factor, base = base_of(given.unit)
    is_printed = writing.language == "zh" or factor <= 1
    unit = given.unit if is_printed else base
    word = units.word(unit)
    power = 0 if is_printed else _power(given, factor, word)
    ends = [_digits(end, factor, power, given.decimals, unit == given.unit) for end in _ends(given)]
    if len(ends) == 2 and unit != given.unit:  # a band is no more exact than its ends
        needed = max(max(0, -int(end.normalize().as_tuple().exponent)) for end, _ in ends)
        ends = [(end, needed) for end, _ in ends]
    told = "–".join(_unspaced(writing.number(end, decimals)) for end, decimals in ends)
    told = f"{_sign(given)}{told}" if len(ends) == 1 else told
    if is_interval and len(ends) == 2:
        told = f"[{told.replace('–', ', ')}]"
    if writing.language in RIGHT_TO_LEFT:
        told = f"\u2066{told}\u2069"
    if writing.language == "zh":
        return f"{told}{unit}"
    return units.told(told, unit, power, units.counted(*ends[-1], writing.locale))


def _sign(given: Amount) -> str:
    if given.value is None and given.low is None:
        return _SIGNS[Bound.LE]
    if given.value is None and given.high is None:
        return _SIGNS[Bound.GE]
    return _SIGNS.get(given.bound, "")


def _ends(given: Amount) -> list[Decimal]:
    """One number, or the two ends of a band."""
    is_band = given.bound is Bound.BAND or given.value is None
    ends = dict.fromkeys([given.low, given.high] if is_band else [given.value])
    known = [end for end in ends if end is not None]
    return known or [given.value or Decimal(0)]


def _power(given: Amount, factor: Decimal, word: str) -> int:
    largest = max(abs(end) for end in _ends(given)) * factor
    return next((power for power in units.powers(word) if largest >= Decimal(1).scaleb(power)), 0)


def _digits(end: Decimal, factor: Decimal, power: int, decimals: int, is_printed: bool) -> tuple[Decimal, int]:
    """The number in its new unit, and the decimals that the printed digits have there."""
    shown = end if is_printed else (end * factor).scaleb(-power)
    moved = decimals if is_printed else decimals + power - (factor.adjusted() if factor == 1 or _is_ten(factor) else 0)
    needed = max(0, -int(shown.normalize().as_tuple().exponent))
    return shown, min(max(moved, needed, 0), 10)


def _is_ten(factor: Decimal) -> bool:
    return factor.normalize().as_tuple().digits == (1,)


def _unspaced(text: str) -> str:
    return text.replace("\u200e", "")


def rounded(value: Decimal) -> Decimal:
    """What we derived, with no more decimals than anybody reads."""
    short = value.quantize(Decimal(1).scaleb(-DECIMALS_MAX), ROUND_HALF_EVEN)
    return Decimal(format(short.normalize(), "f"))


# Names -------------------------------------------------------------------------------------------------------------


def indicator(key: str, printed: str, language: str) -> str:
    """The dictionary's name in the reader's language, else the words of the page."""
    return names_in(language).get(key, printed)


def region_level(code: str | None) -> str:
    """What kind of place a code of the national standard is of."""
    if not code:
        return ""
    if not code.isdigit():
        return str(_LEVELS[_COUNTRY])
    return str(_LEVELS[_PROVINCE if code.endswith("0000") else _PREFECTURE if code.endswith("00") else _COUNTY])


def check(kind: str) -> str:
    return str(CHECKS[kind]) if kind in CHECKS else kind


# Periods -----------------------------------------------------------------------------------------------------------

_YEAR: Final = re.compile(r"\d{4}(?:/\d{4})?")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")


def period(code: str | None, writing: Writing) -> str:
    """2026-Q1 as "January – March 2026"; what is no code stands as it is; "" for none."""
    if not code:
        return ""
    for prefix, pattern in (
        ("asof ", gettext_lazy("as of %(period)s")),
        ("until ", gettext_lazy("by %(period)s")),
    ):
        if code.startswith(prefix):
            return str(pattern) % {"period": _time(code.removeprefix(prefix), writing.locale)}
    if code.endswith("/"):
        return gettext("since %(period)s") % {"period": _time(code.removesuffix("/"), writing.locale)}
    return _time(code, writing.locale)


def period_of(view: StatementView, writing: Writing) -> str:
    """The same, and whether it adds up the months: "January – March 2026, cumulative"."""
    code = view.period or ""
    adds_up = "cumulative" in view.kinds and ("/" in code or "-Q" in code or "-H" in code)
    told = period(code, writing)
    return gettext("%(period)s, cumulative") % {"period": told} if adds_up else told


def _time(code: str, locale: str) -> str:
    """From the first to the last day, as the language writes such a time; what is no code stands as it is."""
    try:
        first, last = days_of(code)
    except ValueError:
        return code
    if first is None or last is None:
        return code
    if first == last:
        return str(format_date(first, "long", locale=locale))
    skeleton = "yMMMMd" if _DAY.fullmatch(code) else "y" if _YEAR.fullmatch(code) else "yMMMM"
    of_one = {"y": first.year == last.year, "yMMMM": (first.year, first.month) == (last.year, last.month)}
    if of_one.get(skeleton, False):
        return str(format_skeleton(skeleton, first, locale=locale))
    return str(format_interval(first, last, skeleton, locale=locale))
