"""What of a series is drawn: which figures stand beside each other, and what may be derived between them.

Problem: nine places, four kinds of growth and three years make a picture of nothing. And what is not printed tempts:

    growth of the town to March, of the province to March, of the country to February        three bars? two
    exports to February 14.2, to April 31.5, none to March        March lies between, since exports only add up

Therefore growth is compared within one period and one way of counting only, the latest that the place itself has; the
year is the latest one, of its latest vintages; and what lies between is derived only of a flow that cannot fall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from sundry.engines.reading.figures import base_of
from sundry.engines.reading.intervals import rounded
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory.periods import SINGLE, YTD
from sundry.insight.observatory.rules import (
    RUNS_ON,
    Actuality,
    Card,
    CheckView,
    Observation,
    SeriesView,
    StatementView,
    TargetView,
)

# The fields of the dictionary, each with the indicator with which it begins there.
FIELDS: Final[Mapping[str, str]] = {
    "output": "gdp",
    "trade": "trade",
    "consumption": "retail_sales",
    "money": "investment",
    "farming": "farm_output_total",
    "people": "science_input",
    "transport": "freight",
    "fairs": "fair_orders",
}
_AMOUNTS: Final = (Type.LEVEL, Type.COUNT)


@dataclass(frozen=True, slots=True)
class GrowthBar:
    """The growth of a place. `observation` None: nobody printed it, and it lies within `low` and `high`."""

    region_code: str
    region: str
    observation: Observation | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Months:
    """What nobody printed: cumulative figures between the ends of two months lie within `low` and `high`."""

    after: int
    before: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class YearPath:
    """The cumulative figures of a year, by their last months, and what lies between."""

    year: int
    unit: str
    steps: tuple[tuple[int, Observation], ...]
    between: tuple[Months, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What lies between the latest figure and the target, in base units; `high` None: at least. Derived by us."""

    low: Decimal
    high: Decimal | None
    unit: str


def fields_of(keys: Iterable[str], every: Iterable[str]) -> dict[str, str]:
    """For each of `keys` its field; `every`: all keys in the order of the dictionary."""
    starts = {key: field for field, key in FIELDS.items()}
    fields, field = {}, next(iter(FIELDS))
    for key in every:
        field = starts.get(key, field)
        fields[key] = field
    return {key: fields[key] for key in keys if key in fields}


def by_field(cards: Iterable[Card], every: Iterable[str]) -> dict[str, list[Card]]:
    """Cards under their fields, both in the order of the dictionary."""
    order = list(every)
    given = list(cards)
    fields = fields_of((card.indicator_key for card in given), order)
    known = [card for card in given if card.indicator_key in fields]
    return {
        field: found for field in FIELDS if (found := [card for card in known if fields[card.indicator_key] == field])
    }


def home_of(series: Iterable[SeriesView], usual: str) -> str:
    """The place whose figures are shown: the usual one, and where nothing is said of it, the one of which most is."""
    counts = Counter[str]()
    for one in series:
        counts[one.key.region_code] += len(one.observations)
    if usual in counts:
        return usual
    return max(counts, key=lambda code: (counts[code], not code.endswith("00"), code), default="")


# Growth ------------------------------------------------------------------------------------------------------------


def growth_bars(series: Sequence[SeriesView], own: Observation, implied: Iterable[CheckView] = ()) -> list[GrowthBar]:
    """What each place has in the period of `own`, the growth of the home, counted in the same way: the home first, then
    the wider ones. `implied`: checks that give the growth of other places.
    """
    home = own.key.region_code
    names = {one.key.region_code: one.region for one in series}
    bars: dict[str, GrowthBar] = {}
    for one in series:
        key = one.key
        if (key.measure, key.accumulation, key.versus) != (Type.GROWTH, own.key.accumulation, ""):
            continue
        found = next((seen for seen in one.observations if _is_drawn(seen, own.period)), None)
        if found is not None and (key.region_code not in bars or key.basis == own.key.basis):
            bars[key.region_code] = GrowthBar(key.region_code, one.region, found, found.value, found.low, found.high)
    for check in implied:
        place, guess = check.values.get("place", ""), check.values.get("guess")
        if (check.kind, check.outcome) == ("gap", Outcome.IMPLIED) and check.derived is not None:
            is_other = bool(place) and place not in bars and check.values.get("period") == own.period
            if is_other:
                value = Decimal(guess) if guess else None
                bars[place] = GrowthBar(place, names.get(place, ""), None, value, *check.derived)
    return sorted(bars.values(), key=lambda bar: _distance(bar.region_code, home))


def own_growths(series: Sequence[SeriesView], home: str) -> list[Observation]:
    """The growths of `home` that can be drawn, one a period, the latest first; of two that end together the longer."""
    found = [
        seen
        for one in series
        if (one.key.measure, one.key.region_code, one.key.versus) == (Type.GROWTH, home, "")
        for seen in one.observations
        if _is_drawn(seen) and seen.ends_on is not None
    ]
    found.sort(key=lambda seen: (seen.ends_on, seen.key.accumulation == YTD, seen.vintage or date.min), reverse=True)
    return list({seen.period: seen for seen in reversed(found)}.values())[::-1]


def places_in(series: Sequence[SeriesView], own: Observation) -> int:
    """How many places have a printed growth beside `own`."""
    return len(growth_bars(series, own))


def _is_drawn(seen: Observation, period: str = "") -> bool:
    has_number = any(end is not None for end in (seen.value, seen.low, seen.high))
    return has_happened(seen) and has_number and period in ("", seen.period)


def has_happened(seen: Observation) -> bool:
    """Whether it is no aim. A page tells of a month before it is over, but not of a year in its March."""
    if seen.actuality is Actuality.TARGET:
        return False
    return seen.ends_on is None or seen.vintage is None or seen.ends_on - seen.vintage <= RUNS_ON


def _distance(code: str, home: str) -> tuple[int, str]:
    """The home, its prefecture, its province, the country, then others by their codes."""
    wider = (home, f"{home[:4]}00", f"{home[:2]}0000", "CN")
    return (wider.index(code) if code in wider else len(wider)), code


# The year ----------------------------------------------------------------------------------------------------------


def year_path(series: Sequence[SeriesView], home: str) -> YearPath | None:
    """The latest year of which `home` has cumulative levels; None where there are fewer than two."""
    paths = [path for unit in _units(series, home) if (path := _path(series, home, unit)) is not None]
    return max(paths, key=lambda path: (path.year, len(path.steps)), default=None)


def _units(series: Sequence[SeriesView], home: str) -> list[str]:
    return list(dict.fromkeys(one.key.unit for one in series if _adds_up(one, home)))


def _adds_up(one: SeriesView, home: str) -> bool:
    key = one.key
    is_of_year = key.accumulation in (YTD, SINGLE)
    return key.measure in _AMOUNTS and key.region_code == home and is_of_year and not key.versus


def _path(series: Sequence[SeriesView], home: str, unit: str) -> YearPath | None:
    years: dict[int, dict[int, Observation]] = {}
    for one in series:
        if not _adds_up(one, home) or one.key.unit != unit:
            continue
        for seen in one.observations:
            month = _month(seen)
            if month and seen.ends_on is not None and _is_drawn(seen):
                known = years.setdefault(seen.ends_on.year, {})
                if month not in known or (seen.vintage or date.min) > (known[month].vintage or date.min):
                    known[month] = seen
    if not years or len(years[max(years)]) < 2:
        return None
    year = max(years)
    steps = tuple(sorted(years[year].items()))
    return YearPath(year, unit, steps, _between(steps))


def _month(seen: Observation) -> int:
    """The last month of a figure that counts from January, else 0."""
    if seen.starts_on is None or seen.ends_on is None or seen.starts_on.year != seen.ends_on.year:
        return 0
    return seen.ends_on.month if (seen.starts_on.month, seen.starts_on.day) == (1, 1) else 0


def _between(steps: Sequence[tuple[int, Observation]]) -> tuple[Months, ...]:
    """None where any figure may be below zero: what can fall has no bounds between two months."""
    ends = [(month, *ends_of(seen)) for month, seen in steps]
    if any(low is None or low < 0 for _, low, _ in ends):
        return ()
    found = []
    for (after, low, _), (before, _, high) in zip([(0, Decimal(0), None), *ends], ends, strict=False):
        if before - after > 1 and low is not None and high is not None and high >= low:
            found.append(Months(after, before, low, high))
    return tuple(found)


def ends_of(seen: Observation) -> tuple[Decimal | None, Decimal | None]:
    """What an observation may be: its band, or the value that was printed."""
    if seen.low is not None or seen.high is not None:
        return seen.low, seen.high
    return seen.value, seen.value


# Targets -----------------------------------------------------------------------------------------------------------


def reached(view: TargetView) -> TargetView:
    """Without an actual figure that cannot have been reached yet."""
    actual = view.actual
    if actual is None or actual.ends_on is None or actual.issued is None:
        return view
    return view if actual.ends_on - actual.issued <= RUNS_ON else replace(view, actual=None)


def missing_of(view: TargetView) -> Missing | None:
    """What is still missing to a target; None where it is reached, or the two are not of one kind.

    Levels of one unit only: the growth of three months says nothing of what is missing to the growth of a year.
    """
    target, actual = view.target, view.actual
    if actual is None or target.type not in _AMOUNTS or target.base_unit != actual.base_unit:
        return None
    aim, reached = base_ends(target), base_ends(actual)
    if aim[0] is None or reached[1] is None or reached[0] is None or aim[0] <= reached[1]:
        return None
    return Missing(aim[0] - reached[1], None if aim[1] is None else aim[1] - reached[0], target.base_unit)


def differ(one: StatementView, other: StatementView) -> bool:
    """Whether two pages cannot both be right: what their printed digits leave does not meet."""
    (low, high), (other_low, other_high) = base_ends(one), base_ends(other)
    is_below = high is not None and other_low is not None and high < other_low
    return is_below or (low is not None and other_high is not None and low > other_high)


def base_ends(view: StatementView) -> tuple[Decimal | None, Decimal | None]:
    """What a statement's figure may be, in base units: its band, or what its printed digits leave."""
    factor = base_of(view.unit)[0]
    if view.low is not None or view.high is not None:
        low, high = view.low, view.high
    elif view.value is not None:
        is_counted = factor == 1 and view.decimals == 0
        low, high = (view.value, view.value) if is_counted else rounded(view.value, view.decimals).ends
    else:
        return None, None
    is_turned = view.value is not None and view.base_value is not None and (view.value < 0) != (view.base_value < 0)
    if is_turned:
        low, high = (None if high is None else -high), (None if low is None else -low)
    return (None if low is None else low * factor), (None if high is None else high * factor)
