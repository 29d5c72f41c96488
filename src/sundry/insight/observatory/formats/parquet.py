"""Published statements and observations as Parquet: typed columns, exact decimals, every vintage.

Problem: whoever computes with the figures reads a table into a program. In a text file the program guesses the types:
a region code 010100 becomes a number, 0.1 a float that is not 0.1, and a date whatever the locale says.

    value  decimal128(38, 10)   12.5000000000     exact; null where the page gives a band or no number
    issued date32               2026-04-11
    spans  list<struct>         [{start: 106, end: 109}, {start: 113, end: 122}]

Therefore the types stand in the file, each column says in its metadata what it is, and the file says where it comes
from. Rows are written in groups and forgotten. A number of more than 28 digits before the point, which no printed
page means, is null: its words are in `quote`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from importlib.metadata import version
from itertools import islice
from typing import IO, Any, Final, Generic, TypeVar

from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Span
from sundry.insight.observatory.formats.citing import LICENCE, SOURCE, Sourced, address, citation
from sundry.insight.observatory.formats.figures_extra import package
from sundry.insight.observatory.rules import StatementView

ROWS_IN_A_GROUP: Final = 10_000
DIGITS, DECIMALS = 38, 10  # of decimal128, the widest that every reader of Parquet knows

_EXACT: Final = Context(prec=80)
_LAST_PLACE: Final = Decimal(1).scaleb(-DECIMALS)
_TOO_LARGE: Final = Decimal(10) ** (DIGITS - DECIMALS)

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`kind` is a key of `_types`. `text` says what the column is, in the file's own metadata."""

    name: str
    kind: str
    get: Callable[[Row], Any]
    text: str


def _types(arrow: Any) -> dict[str, Any]:
    span = arrow.struct([("start", arrow.int32()), ("end", arrow.int32())])
    return {
        "text": arrow.string(),
        "day": arrow.date32(),
        "number": arrow.decimal128(DIGITS, DECIMALS),
        "count": arrow.int32(),
        "share": arrow.float64(),
        "texts": arrow.list_(arrow.string()),
        "spans": arrow.list_(span),
    }


def number(value: Decimal | None) -> Decimal | None:
    """As decimal128 holds it; None for what does not fit."""
    if value is None:
        return None
    exact = value.quantize(_LAST_PLACE, context=_EXACT)
    return exact if exact.copy_abs() < _TOO_LARGE else None


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]


def _english(key: str) -> str | None:
    indicator = dictionary().get(key)
    return indicator.en if indicator is not None else None


def statement_columns(market: str) -> tuple[Column[StatementView], ...]:
    """The columns of statements.parquet. `market`: the address at which the pages are read."""
    of = Column[StatementView]
    return (
        of(
            "statement",
            "text",
            lambda one: str(one.id),
            "Id of the statement; the same after every reading of its page.",
        ),
        of("page", "text", lambda one: str(one.page), "Id of the page."),
        of("page_name", "text", lambda one: one.page_name, "Name of the file that was imported."),
        of("issued", "day", lambda one: one.issued, "Day of issue of the page; null where it is not known."),
        of("article", "count", lambda one: one.article, "Article of the page, from 0."),
        of("type", "text", lambda one: one.type.value, "What is said of the indicator: level, growth, rank, ..."),
        of("indicator", "text", lambda one: one.indicator, "Name of the indicator, or the words of the page."),
        of("indicator_key", "text", lambda one: one.indicator_key or None, "Key in the dictionary of indicators."),
        of("indicator_en", "text", lambda one: _english(one.indicator_key), "Name in English."),
        of("subject", "text", lambda one: one.subject or None, "Whose it is, where that is no region."),
        of("region_code", "text", lambda one: one.region_code, "GB/T 2260, or two letters of a country."),
        of("region", "text", lambda one: one.region or None, "Name of the region."),
        of("period", "text", lambda one: one.period, "2026-Q1, 2026-01/2026-02, asof 2026-04, ..."),
        of("starts_on", "day", lambda one: one.starts_on, "First day of the period."),
        of("ends_on", "day", lambda one: one.ends_on, "Last day of the period."),
        of("value", "number", lambda one: number(one.value), "As printed, of `unit`."),
        of("low", "number", lambda one: number(one.low), "The least that it may be, of `unit`; null: no limit."),
        of("high", "number", lambda one: number(one.high), "The most that it may be, of `unit`; null: no limit."),
        of("decimals", "count", lambda one: one.decimals, "Decimals that were printed."),
        of("unit", "text", lambda one: one.unit or None, "As printed, with its multiplier: 亿元."),
        of("base_value", "number", lambda one: number(one.base_value), "Of `base_unit`."),
        of("base_unit", "text", lambda one: one.base_unit or None, "Without a multiplier: 元."),
        of("bound", "text", lambda one: one.bound.value, "eq, ge, gt, le, lt, about, band."),
        of("kinds", "texts", lambda one: list(one.kinds), "cumulative, stock, target, approximate:余, ..."),
        of("basis", "text", lambda one: one.basis.value if one.basis else None, "Of a growth: real or nominal."),
        of("basis_source", "text", lambda one: one.basis_source.value, "stated, by_convention or unknown."),
        of("versus", "text", lambda one: one.versus, "What it is compared with: a region, a period, a whole."),
        of("confidence", "share", lambda one: one.confidence, "Of the reading, from 0 to 1."),
        of("passed", "count", lambda one: one.passed, "Checks that it passed."),
        of("failed", "count", lambda one: one.failed, "Checks that it failed."),
        of("corrected", "texts", lambda one: list(one.corrected), "Fields that a person changed."),
        of("corrected_by", "text", lambda one: one.corrected_by or None, "Who changed them."),
        of("quote", "text", lambda one: one.quote, "The words of `spans`, one after the other."),
        of("spans", "spans", lambda one: _spans(one.spans), "Code points of the page's text, from 0, end excluded."),
        of("sentence", "text", lambda one: one.context, "The sentence that says it."),
        of("citation", "text", citation, "Page, day of issue, characters."),
        of("address", "text", lambda one: address(one, market), "Where the page is read."),
    )


def observation_columns(market: str) -> tuple[Column[Sourced], ...]:
    """The columns of observations.parquet: an observation, and the statement that it is of."""
    of = Column[Sourced]
    return (
        of("indicator_key", "text", lambda one: one[0].key.indicator_key, "Key in the dictionary of indicators."),
        of("indicator", "text", lambda one: one[1].indicator, "Name of the indicator."),
        of("indicator_en", "text", lambda one: _english(one[0].key.indicator_key), "Name in English."),
        of("measure", "text", lambda one: one[0].key.measure.value, "level, growth, gap, rank, ..."),
        of("region_code", "text", lambda one: one[0].key.region_code, "GB/T 2260, or two letters of a country."),
        of("region", "text", lambda one: one[1].region or None, "Name of the region."),
        of("unit", "text", lambda one: one[0].key.unit or None, "Of the numbers, without a multiplier: 元, %."),
        of("accumulation", "text", lambda one: one[0].key.accumulation, "ytd, single, stock."),
        of("basis", "text", lambda one: one[0].key.basis or None, "Of a growth: real or nominal."),
        of("versus", "text", lambda one: one[0].key.versus or None, "What it is compared with."),
        of("period", "text", lambda one: one[0].period, "2026-Q1, 2026-01/2026-02, ..."),
        of("starts_on", "day", lambda one: one[0].starts_on, "First day of the period."),
        of("ends_on", "day", lambda one: one[0].ends_on, "Last day of the period."),
        of("value", "number", lambda one: number(one[0].value), "Of `unit`; null where a band was printed."),
        of("low", "number", lambda one: number(one[0].low), "The least that it may be; null: no limit."),
        of("high", "number", lambda one: number(one[0].high), "The most that it may be; null: no limit."),
        of("bound", "text", lambda one: one[0].bound.value, "eq, ge, gt, le, lt, about, band."),
        of("decimals", "count", lambda one: one[0].decimals, "Decimals that were printed, of `printed_unit`."),
        of("printed_value", "number", lambda one: number(one[1].value), "As printed, of `printed_unit`."),
        of("printed_unit", "text", lambda one: one[1].unit or None, "As printed, with its multiplier: 亿元."),
        of("actuality", "text", lambda one: one[0].actuality.value, "actual, target or preliminary."),
        of("vintage", "day", lambda one: one[0].vintage, "Day of issue of the page that says it."),
        of("supports", "count", lambda one: one[0].supports, "How many statements of the page say it."),
        of("confidence", "share", lambda one: one[0].confidence, "Of the reading, from 0 to 1."),
        of("statement", "text", lambda one: str(one[0].statement), "The first statement of the page that says it."),
        of("page", "text", lambda one: str(one[0].page), "Id of the page."),
        of("quote", "text", lambda one: one[1].quote, "The words that say it."),
        of("spans", "spans", lambda one: _spans(one[1].spans), "Code points of the page's text, end excluded."),
        of("citation", "text", lambda one: citation(one[1]), "Page, day of issue, characters."),
        of("address", "text", lambda one: address(one[1], market), "Where the page is read."),
    )


def write_statements(file: IO[bytes], statements: Iterable[StatementView], *, market: str, now: datetime) -> int:
    """statements.parquet into `file`; how many rows. `now` has its zone. FiguresMissing."""
    return _write(file, statement_columns(market), statements, market, now)


def write_observations(file: IO[bytes], observations: Iterable[Sourced], *, market: str, now: datetime) -> int:
    """observations.parquet into `file`, with every vintage; how many rows. FiguresMissing."""
    return _write(file, observation_columns(market), observations, market, now)


def _write(file: IO[bytes], columns: Sequence[Column[Row]], rows: Iterable[Row], market: str, now: datetime) -> int:
    arrow, parquet = package("pyarrow"), package("pyarrow.parquet")
    types = _types(arrow)
    fields = [arrow.field(one.name, types[one.kind], metadata={"description": one.text}) for one in columns]
    about = {
        "sundry.version": version("sundry"),
        "sundry.market": market,
        "sundry.written_at": now.isoformat(),
        "sundry.source": SOURCE,
        "sundry.licence": LICENCE,
    }
    schema = arrow.schema(fields, metadata=about)
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            arrays = [arrow.array(map(one.get, group), types[one.kind]) for one in columns]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            count += len(group)
    return count


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while group := list(islice(left, ROWS_IN_A_GROUP)):
        yield group
