"""What the observatory knows of a printed page, and the shapes in which its parts speak of it.

Problem: a county's figures are printed in prose. Whoever retypes them loses where each came from, and whoever lets a
program read them must be able to say "wrong" without touching what was printed.

    the page says       Q1 exports 12.5亿元, 增长8.1%           two statements, each with its place on the page
    a person says       the second is of imports                a correction beside the page, with her name and the time
    a later page says   Q1 exports 12.6亿元                     a second observation of one series: another vintage

Therefore a page is kept as it came; what is read of it can be thrown away and read again; corrections name the place
they speak of (`Anchor`), so that they outlive every reading; and a statement (what a page says) is not an observation
(a point of a series, with the day of issue as its vintage).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sundry.engines.reading.model import Basis, BasisSource, Bound, Outcome, Span, Type

BYTES_MAX: Final = 10_000_000  # of a file that is imported
PDF_PAGES_MAX: Final = 200  # of a PDF
FILES_MAX: Final = 50  # of one import
TEXT_MAX: Final = 400_000  # characters of a page, as the reader has it
RUNS_ON: Final = timedelta(days=31)  # that a period may go on after the day of issue: a stock of this month is told of
READER: Final = 1  # counted up when the reader reads differently: what was read before is then read again


class State(StrEnum):
    """How far a page is."""

    WAITING = "waiting"
    READ = "read"
    FAILED = "failed"  # the reader could not; the page says why


class Standing(StrEnum):
    """What a statement counts for. Only what is published goes into series and exports."""

    PUBLISHED = "published"
    REVIEW = "review"  # the reader is not sure enough: a person looks
    REJECTED = "rejected"  # a person said that it is no quantity


class Verdict(StrEnum):
    """What a person says of a statement, each with one key."""

    RIGHT = "right"
    INDICATOR = "indicator"  # it is of another indicator: `changes` says of which
    PERIOD = "period"
    REGION = "region"
    VALUE = "value"
    NOT_A_QUANTITY = "not_a_quantity"
    WITHDRAWN = "withdrawn"  # what was said before no longer counts


class DateSource(StrEnum):
    """Where a page's day of issue comes from."""

    GIVEN = "given"  # by who imported it
    INFERRED = "inferred"  # from what it says, with the evidence
    CONFIRMED = "confirmed"  # a person looked at the inferred day, or set another
    UNKNOWN = "unknown"


class Actuality(StrEnum):
    """Whether an observation has happened."""

    ACTUAL = "actual"
    TARGET = "target"
    PRELIMINARY = "preliminary"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Which statement of a page a correction speaks of: its place and its type, not its row.

    `nth`: where one place says two things of one type (总量、增速均居第一), which of them, from 0.
    """

    start: int
    end: int
    type: Type
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said. `changes`: field of the statement -> what it should be, "" for nothing."""

    anchor: Anchor
    verdict: Verdict
    changes: Mapping[str, str]
    person: uuid.UUID | None
    person_name: str
    made_at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in a list. `to_review`, `failing`: how many statements wait and checks fail, of those that may be seen."""

    id: uuid.UUID
    name: str
    page_number: int  # of a PDF, from 1
    pages: int
    issued: date | None
    date_source: DateSource
    state: State
    published: int
    to_review: int
    failing: int
    imported_at: datetime
    headlines: tuple[str, ...]  # the first three


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of a page, in reading order. Each span is of the page's text."""

    headline: Span | None
    body: tuple[Span, ...]
    kickers: tuple[Span, ...]
    subheads: tuple[Span, ...]
    bylines: tuple[Span, ...]
    jumps: tuple[Span, ...]
    uncertain: tuple[Span, ...]  # pieces whose join to the piece before is not sure
    role: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as it stands after corrections. Numbers are of the printed unit; `base_*` of `base_unit`."""

    id: uuid.UUID
    page: uuid.UUID
    page_name: str
    issued: date | None
    article: int
    spans: tuple[Span, ...]
    quote: str
    context: str  # the sentence that says it, of at most 400 characters
    context_start: int  # where on the page
    type: Type
    indicator: str
    indicator_key: str
    subject: str
    region_code: str | None
    region: str  # the name of the region, "" for none
    period: str | None
    starts_on: date | None
    ends_on: date | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    base_value: Decimal | None
    base_unit: str
    bound: Bound
    kinds: tuple[str, ...]
    basis: Basis | None
    basis_source: BasisSource
    versus: str | None
    confidence: float
    standing: Standing
    inherited: Mapping[str, Span]
    passed: int  # checks that it passed
    failed: int
    corrected: tuple[str, ...] = ()  # fields that a person changed
    verdict: Verdict | None = None
    corrected_by: str = ""
    corrected_at: datetime | None = None
    decimals: int = 0  # as printed
    nth: int = 0  # as in its anchor
    ordinal: int = 0  # among those of its page, in the order of reading


@dataclass(frozen=True, slots=True)
class CheckView:
    """A piece of arithmetic over what pages say. `derived` is ours and never exported as stated."""

    id: uuid.UUID
    page: uuid.UUID
    page_name: str
    issued: date | None
    kind: str
    outcome: Outcome
    spans: tuple[Span, ...]
    quotes: tuple[str, ...]  # the words of each span
    pages: tuple[uuid.UUID, ...]  # the page of each span
    statements: tuple[uuid.UUID, ...]
    stated: str
    derived: tuple[Decimal | None, Decimal | None] | None
    note: str  # a key of the messages, filled with `values`
    values: Mapping[str, str]
    repair: str


@dataclass(frozen=True, slots=True)
class EntityView:
    """What a page names."""

    type: str
    name: str
    page: uuid.UUID
    issued: date | None
    spans: tuple[Span, ...]
    details: Mapping[str, str]
    id: uuid.UUID | None = None  # where a list goes on after it


@dataclass(frozen=True, slots=True)
class PageView:
    """A page with all that was read of it, as somebody may see it."""

    row: PageRow
    text: str
    encoding: str
    home_code: str
    home_name: str
    date_reason: str
    date_spans: tuple[Span, ...]
    articles: tuple[ArticleView, ...]
    statements: tuple[StatementView, ...]
    checks: tuple[CheckView, ...]
    entities: tuple[EntityView, ...]
    findings: tuple[tuple[str, Span | None], ...]  # rule and place
    imported_by: str


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What a series is of. `basis`: of a growth; `versus`: the region or the whole that it is compared with."""

    indicator_key: str
    measure: Type
    region_code: str
    unit: str  # the base unit: 元, %, 百分点, 户
    accumulation: str  # ytd, single, stock
    basis: str = ""
    versus: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A point of a series: what one page says of one period. Numbers are of the series' unit."""

    key: SeriesKey
    period: str
    starts_on: date | None
    ends_on: date | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    decimals: int
    actuality: Actuality
    vintage: date | None  # the day of issue of its page
    page: uuid.UUID
    statement: uuid.UUID  # the first that says it
    supports: int  # how many statements of the page say it
    confidence: float


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its observations, the oldest period first, within a period the latest vintage first."""

    id: uuid.UUID
    key: SeriesKey
    indicator: str  # its name in Chinese
    indicator_en: str
    region: str
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """An indicator at its latest period: the level and growth, beside prefecture, province and country, and ranks."""

    indicator_key: str
    indicator: str
    indicator_en: str
    region_code: str
    region: str
    level: StatementView | None
    growth: StatementView | None
    against: tuple[StatementView, ...] = ()  # the growth of wider regions, gaps to them
    ranks: tuple[StatementView, ...] = ()
    same: tuple[StatementView, ...] = ()  # what says the same elsewhere


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target beside the latest actual figure of the same indicator, region and measure, None where there is none."""

    target: StatementView
    actual: StatementView | None


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import and how far it is."""

    id: uuid.UUID
    total: int
    done: int
    failed: int
    stopped: bool
    made_at: datetime
    pages: tuple[PageRow, ...] = ()
    problems: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()  # file, rule, values

    @property
    def is_over(self) -> bool:
        return self.stopped or self.done + self.failed >= self.total


@dataclass(frozen=True, slots=True)
class Sought:
    """What statements are asked for; "" and None: all. `words` stand in the sentence or the indicator's name."""

    words: str = ""
    indicator_key: str = ""
    region_code: str = ""
    type: Type | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    standing: Standing | None = Standing.PUBLISHED
    page: uuid.UUID | None = None
