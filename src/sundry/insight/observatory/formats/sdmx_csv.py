"""Observations as SDMX-CSV 2.0, with bounds, places and quotations as attributes of our own.

Problem: statistical offices exchange series by a key of codes, one value to a key, while pages say a figure again and
otherwise, in millions or in ten thousands, as "more than", and of one thing in yuan and in dollars.

    2026-04-11   一季度 出口突破12.50亿元    exports, 990100, CNY, 2026-Q1      OBS_VALUE 12.50, UNIT_MULT 8, BOUND GT
    2026-04-09   一季度 出口12.4亿元         the same key                      left out: a later page says otherwise
    2026-01-08   全年出口目标52亿元           KIND TARGET, 2026                 beside the actual one, not instead of it
    1-2月 增长8.1%                         GROWTH, ACCUM YTD                 TIME_PERIOD 2026-01-01/P2M

Therefore of each key the latest vintage is written, its day in VINTAGE. A dimension for it would have kept all of them,
but then no program that expects one value a period could read the file; every vintage stands in Parquet and the
workbook. UNIT_MEASURE and KIND are dimensions, since yuan and dollars, and target and actual, would else share a key.
The value is as it was printed, with the power of ten in UNIT_MULT: 12.50 has four digits, 1250000000 would claim ten.
Periods without an end ("since 2018-07") have no form in SDMX and are left out.

Lines are written as they come, because pysdmx writes through a table in memory whose decimals are floats; the structure
that they follow is made by pysdmx (sdmx_structure.py), and it reads them.

Source: SDMX-CSV 2.0 field guide (sdmx-twg/sdmx-csv), SDMX 3.0 section 6 (time ranges), RFC 4180.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from io import TextIOWrapper
from itertools import groupby
from typing import IO, Final

from sundry.engines.reading.model import Bound, Type
from sundry.insight.observatory.formats.citing import Sourced, address, plain
from sundry.insight.observatory.rules import Actuality, Observation, StatementView, Verdict

AGENCY, STRUCTURE, VERSION = "SUNDRY", "OBSERVATORY", "1.0.0"
STRUCTURE_ID: Final = f"{AGENCY}:{STRUCTURE}({VERSION})"
MEDIA_TYPE: Final = "application/vnd.sdmx.data+csv; version=2.0.0"
NOT_APPLICABLE: Final = "_Z"

UNITS: Final = {
    "元": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "港元": "HKD",
    "%": "PT",
    "百分点": "PP",
}
_EXACT: Final = Context(prec=80)
_AREA: Final = re.compile(r"\d{6}|[A-Z]{2}")


class Role(StrEnum):
    DIMENSION = "dimension"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Component:
    """A column of the data. `codes`: what may stand in it, by code; None: any text or number."""

    id: str
    role: Role
    name: str
    codes: Mapping[str, str] | None = None
    is_number: bool = False


FREQUENCIES: Final = {
    "A": "Annual",
    "S": "Half-yearly",
    "Q": "Quarterly",
    "M": "Monthly",
    "_O": "Other: a day, or a range of days, months or years",
}
MEASURES: Final = {word.name: f"{word.value.replace('_', ' ')}".capitalize() for word in Type}
COMPONENTS: Final = (
    Component("FREQ", Role.DIMENSION, "Length of the period", FREQUENCIES),
    Component("REF_AREA", Role.DIMENSION, "Region: GB/T 2260, or two letters of a country"),
    Component("INDICATOR", Role.DIMENSION, "Key of the dictionary of indicators"),
    Component("MEASURE", Role.DIMENSION, "What is said of the indicator", MEASURES),
    Component("UNIT_MEASURE", Role.DIMENSION, "Unit: a currency, PT percent, PP percentage points, or as printed"),
    Component(
        "PRICE",
        Role.DIMENSION,
        "Price basis of a growth",
        {"REAL": "Comparable prices", "NOMINAL": "Current prices", NOT_APPLICABLE: "None, or not known"},
    ),
    Component("COUNTERPART_AREA", Role.DIMENSION, "Region that it is compared with"),
    Component("VERSUS", Role.DIMENSION, "What else it is compared with: a period, a whole"),
    Component(
        "ACCUM",
        Role.DIMENSION,
        "Accumulation",
        {"YTD": "Since January", "SINGLE": "Of the period alone", "STOCK": "At its end"},
    ),
    Component("KIND", Role.DIMENSION, "Whether it has happened", {"ACTUAL": "Actual", "TARGET": "Target"}),
    Component("TIME_PERIOD", Role.DIMENSION, "Period"),
    Component("OBS_VALUE", Role.MEASURE, "Value, as printed", is_number=True),
    Component("UNIT_MULT", Role.ATTRIBUTE, "Power of ten of the value and its limits", is_number=True),
    Component("DECIMALS", Role.ATTRIBUTE, "Decimals of the value", is_number=True),
    Component(
        "OBS_STATUS",
        Role.ATTRIBUTE,
        "Observation status",
        {"A": "Normal", "P": "Provisional", "O": "No single value was printed"},
    ),
    Component("BOUND", Role.ATTRIBUTE, "How the value limits the true one", {one.name: one.value for one in Bound}),
    Component("OBS_LOW", Role.ATTRIBUTE, "The least that it may be", is_number=True),
    Component("OBS_HIGH", Role.ATTRIBUTE, "The most that it may be", is_number=True),
    Component("VINTAGE", Role.ATTRIBUTE, "Day of issue of the page"),
    Component("SRC_DOC", Role.ATTRIBUTE, "Name of the page"),
    Component("SRC_SPAN", Role.ATTRIBUTE, "Code points of the page, from 0, end excluded"),
    Component("SRC_URI", Role.ATTRIBUTE, "Where the page is read"),
    Component("QUOTE", Role.ATTRIBUTE, "The words that say it"),
    Component("CONF", Role.ATTRIBUTE, "Confidence of the reading, 0 to 1", is_number=True),
    Component(
        "REVIEW",
        Role.ATTRIBUTE,
        "Whether a person looked at it",
        {"READ": "As it was read", "CONFIRMED": "A person said that it is right", "CORRECTED": "A person put it right"},
    ),
)


def write_csv(file: IO[bytes], observations: Iterable[Sourced], *, market: str) -> int:
    """SDMX-CSV 2.0 into `file`, UTF-8; how many lines of data.

    The observations of one series and last day stand together in what is given; it may come from a stream.
    """
    text = TextIOWrapper(file, "utf-8", newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(("STRUCTURE", "STRUCTURE_ID", "ACTION", *(one.id for one in COMPONENTS)))
    count = 0
    for row in _latest(observations, market):
        lines.writerow(("datastructure", STRUCTURE_ID, "I", *(row[one.id] for one in COMPONENTS)))
        count += 1
    text.detach()  # flushes, and leaves the file to whoever opened it
    return count


def _latest(observations: Iterable[Sourced], market: str) -> Iterator[Mapping[str, str]]:
    """One row of each key: the latest vintage, then what most statements say, then what was read most surely."""
    for _, alike in groupby(observations, key=lambda pair: (pair[0].key, pair[0].ends_on)):
        best: dict[tuple[str, ...], Sourced] = {}
        for observation, source in alike:
            key = _key(observation)
            if key is not None and (key not in best or _weight(observation) > _weight(best[key][0])):
                best[key] = (observation, source)
        for key, (observation, source) in best.items():
            yield _row(key, observation, source, market)


def _weight(one: Observation) -> tuple[date, int, float, int]:
    return one.vintage or date.min, one.supports, one.confidence, -one.statement.int


def _key(one: Observation) -> tuple[str, ...] | None:
    """The codes of the dimensions, in their order; None: the period has no form in SDMX."""
    period = time_period(one.starts_on, one.ends_on)
    if period is None:
        return None
    is_area = _AREA.fullmatch(one.key.versus) is not None
    return (
        frequency(period),
        one.key.region_code,
        one.key.indicator_key,
        one.key.measure.name,
        unit_code(one.key.unit),
        one.key.basis.upper() or NOT_APPLICABLE,
        one.key.versus if is_area else NOT_APPLICABLE,
        NOT_APPLICABLE if is_area or not one.key.versus else one.key.versus,
        one.key.accumulation.upper(),
        "TARGET" if one.actuality is Actuality.TARGET else "ACTUAL",
        period,
    )


def unit_code(unit: str) -> str:
    """The code of a unit, else the unit as it is printed; what is printed as one of our codes is told apart: _CNY."""
    if unit in UNITS:
        return UNITS[unit]
    return f"_{unit}" if unit in UNITS.values() or unit.startswith("_") else unit or NOT_APPLICABLE


def _row(key: tuple[str, ...], one: Observation, source: StatementView, market: str) -> Mapping[str, str]:
    power, decimals = printed_form(one, source)
    value = _scaled(one.value, power, decimals)
    dimensions = (component.id for component in COMPONENTS if component.role is Role.DIMENSION)
    status = "P" if one.actuality is Actuality.PRELIMINARY else "A"
    return dict(zip(dimensions, key, strict=True)) | {
        "OBS_VALUE": value,
        "UNIT_MULT": str(power),
        "DECIMALS": str(len(value.partition(".")[2])) if value else "",
        "OBS_STATUS": status if value else "O",
        "BOUND": one.bound.name,
        "OBS_LOW": _scaled(one.low, power, decimals),
        "OBS_HIGH": _scaled(one.high, power, decimals),
        "VINTAGE": one.vintage.isoformat() if one.vintage is not None else "",
        "SRC_DOC": source.page_name,
        "SRC_SPAN": ";".join(f"{start}-{end}" for start, end in source.spans),
        "SRC_URI": address(source, market),
        "QUOTE": source.quote,
        "CONF": f"{one.confidence:.2f}",
        "REVIEW": _review(source),
    }


def _review(source: StatementView) -> str:
    if source.verdict is None or source.verdict is Verdict.WITHDRAWN:
        return "READ"
    return "CONFIRMED" if source.verdict is Verdict.RIGHT else "CORRECTED"


def printed_form(one: Observation, source: StatementView) -> tuple[int, int]:
    """The power of ten of the printed unit, and the decimals that were printed in it: (8, 2) of 12.50亿元.

    (0, 0) where the units are in no power of ten (dozens), so that the number stands in the unit of the series.
    """
    pairs = ((one.value, source.value), (one.low, source.low), (one.high, source.high))
    for ours, printed in pairs:
        if ours and printed:
            ratio = _EXACT.divide(ours, printed).copy_abs().normalize(_EXACT)
            power = int(ratio.as_tuple().exponent)
            return (power, source.decimals) if ratio.as_tuple().digits == (1,) and power >= 0 else (0, 0)
    return 0, 0


def _scaled(number: Decimal | None, power: int, decimals: int) -> str:
    """In the printed unit, with the decimals that were printed, or with all that it has where those are more."""
    if number is None:
        return ""
    short = plain(number.scaleb(-power, _EXACT))
    return f"{short:.{max(decimals, -int(short.as_tuple().exponent))}f}"


def time_period(starts_on: date | None, ends_on: date | None) -> str | None:
    """A period as SDMX writes it, by its first and last day.

    2026, 2026-S1, 2026-Q1, 2026-03, 2026-03-15; else a range, start/duration: 2026-01-01/P2M, 2006-01-01/P21Y,
    2026-05-12/P3D. By an end alone (until 2028) the day. None: it has no end.
    """
    if ends_on is None:
        return None
    if starts_on is None or starts_on == ends_on:
        return ends_on.isoformat()
    after = ends_on + timedelta(days=1) if ends_on < date.max else None
    if after is None or starts_on.day != 1 or after.day != 1:
        return f"{starts_on}/P{(ends_on - starts_on).days + 1}D"
    months = 12 * (after.year - starts_on.year) + after.month - starts_on.month
    year, place = f"{starts_on.year:04}", starts_on.month - 1
    if months in (1, 3, 6, 12) and place % months == 0:
        part = place // months + 1
        return {1: f"{year}-{part:02}", 3: f"{year}-Q{part}", 6: f"{year}-S{part}", 12: year}[months]
    return f"{starts_on}/P{months // 12}Y" if months % 12 == 0 and place == 0 else f"{starts_on}/P{months}M"


def frequency(period: str) -> str:
    """The code of FREQ for a period as SDMX writes it."""
    for code, form in (("A", r"\d{4}"), ("S", r"\d{4}-S\d"), ("Q", r"\d{4}-Q\d"), ("M", r"\d{4}-\d\d")):
        if re.fullmatch(form, period):
            return code
    return "_O"
