"""What is read from a page, and the pieces in between. The stored text is never changed.

Problem: a figure without its place on the page cannot be trusted, and a text that was tidied up has other places.

    text = "一季度全市出口12.5亿元"            # code points, as stored
    text[7:11] == "12.5", and a statement that quotes it holds the span (7, 11), not the words alone

Therefore every piece carries spans of the stored text, and what reads works on a view of it in which each character has
exactly one other in its place (view.py), so that places are the same in both.

Periods are written as in official statistics: 2026-Q1, 2025-H1, 2025, 2026-05; 2026-01/2026-02 for January to February
together; a day or days 2026-04-24, 2026-05-12/2026-05-14; 2018-07/ open; "asof 2026-04" for a stock without a period of
its own; None where none is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Span = tuple[int, int]


class Role(StrEnum):
    """What a paragraph is on the page."""

    HEADLINE = "headline"
    KICKER = "kicker"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    BODY = "body"
    CAPTION = "caption"
    JUMP = "jump"  # "continued on page 2"
    SOURCE = "source"
    INDEX = "index"  # a box that says what stands elsewhere
    ADVERT = "advert"
    BANNER = "banner"


@dataclass(frozen=True, slots=True)
class Paragraph:
    span: Span
    role: Role


@dataclass(frozen=True, slots=True)
class Join:
    """Two body pieces, read one after the other. `certainty` 0 to 1: no number is read across an uncertain one."""

    before: Span
    after: Span
    certainty: float


@dataclass(frozen=True, slots=True)
class Article:
    """Body spans in reading order; `headline` None where the page has none for it."""

    headline: Span | None
    body: tuple[Span, ...]
    kickers: tuple[Span, ...] = ()
    subheads: tuple[Span, ...] = ()
    bylines: tuple[Span, ...] = ()
    joins: tuple[Join, ...] = ()
    role: Role = Role.BODY  # INDEX and ADVERT for boxes
    jumps: tuple[Span, ...] = ()  # "continued on page 2"


class Bound(StrEnum):
    """How a printed number limits the true one: 突破, 超, 以上 GE or GT, 近 LT, 约 ABOUT, 余 and 多 a BAND."""

    EQ = "eq"
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    ABOUT = "about"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed. `low`, `high`: what it may be, both of the printed unit; None: no limit on that side.

    12.5 is [12.45, 12.55); 7300多 is [7300, 7400); 突破200 is [200, None); 数十 is [20, 99] and has no value.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    bound: Bound = Bound.EQ
    marks: tuple[str, ...] = ()  # the words that make it approximate, as printed: 余, 突破
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """`code` as in the head of this file. `is_cumulative`: from January, or over the period, not at its end."""

    code: str
    is_cumulative: bool = False
    is_comparison: bool = False  # 同比 去年同期 较上年: what is compared with, never what is spoken of


@dataclass(frozen=True, slots=True)
class Region:
    code: str  # six digits of the national standard GB/T 2260, or a country's two letters
    name: str
    parents: tuple[Region, ...] = ()  # of a home: what it lies in, where that is not in regions.yaml


class Kind(StrEnum):
    """What a token is."""

    QUANTITY = "quantity"  # number with its unit, if it has one
    PERIOD = "period"
    REGION = "region"
    INDICATOR = "indicator"
    DIRECTION = "direction"  # 增长 下降 提高 回落
    COMPARATOR = "comparator"  # 高于 低于 较 比 同比 环比
    RANK = "rank"  # 第一 首位 第4位 with 居 位列
    SHARE = "share"  # 占 比重
    CONTRIBUTION = "contribution"  # 贡献率
    PULL = "pull"  # 拉动
    DISTRIBUTIVE = "distributive"  # 分别
    QUALITATIVE = "qualitative"  # 两位数增长 由负转正 创历史新高 持平
    TARGET = "target"  # 目标 计划 力争 确保 到2030年
    BASIS = "basis"  # 按可比价 现价 名义 实际
    AMONG = "among"  # 其中
    CONJUNCTION = "conjunction"  # 、 和 及 以及
    BREAK = "break"  # ， ； 。 brackets, quotation marks
    REJECT = "reject"  # looks like a quantity and is none


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a sentence. Which of the fields are set depends on `kind`."""

    kind: Kind
    start: int
    end: int
    number: Number | None = None
    unit: str = ""  # as printed, multiplier with it: 亿元, 万户, 百分点
    period: Period | None = None
    region: Region | None = None
    key: str = ""  # the indicator of the dictionary, the reason of a reject, +1 or -1 of a direction


class Type(StrEnum):
    """What a statement says of its indicator."""

    LEVEL = "level"
    COUNT = "count"
    GROWTH = "growth"
    GAP = "gap"  # a difference to another region, in percentage points
    GROWTH_DELTA = "growth_delta"  # a difference to another period's growth, in percentage points
    RANK = "rank"
    SHARE = "share"
    CONTRIBUTION = "contribution"
    PULL = "pull"
    RANGE = "range"
    QUALITATIVE = "qualitative"
    DURATION = "duration"
    ORDINAL = "ordinal"
    ENUMERATION = "enumeration"


class Basis(StrEnum):
    REAL = "real"
    NOMINAL = "nominal"


class BasisSource(StrEnum):
    STATED = "stated"
    BY_CONVENTION = "by_convention"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the page says, not what is true. `quote` is the text of the spans, one after the other."""

    spans: tuple[Span, ...]
    quote: str
    type: Type
    indicator: str  # the words of the page, or the dictionary's name
    indicator_key: str  # of the dictionary, "" where it is not in it
    subject: str
    region_code: str | None
    period: str | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    kind: tuple[str, ...]  # cumulative, stock, actual, target, preliminary, revised, approximate:余
    confidence: float
    is_published: bool
    number: Number | None = None
    basis: Basis | None = None
    basis_source: BasisSource = BasisSource.UNKNOWN
    inherited: dict[str, Span] = field(default_factory=dict)  # field -> where it was said
    versus: str | None = None  # the other region or period of a gap or a delta; the whole of a share or a contribution
    article: int = 0


class Outcome(StrEnum):
    HOLDS = "holds"
    EXPLAINED = "explained"
    FAILS = "fails"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Check:
    """One piece of arithmetic over what the page says. `derived`: the interval that the other figures give."""

    kind: str  # gap, delta, sum, share, contribution, pull, sign, repeat, headline, enumeration, date, part, path, ...
    outcome: Outcome
    spans: tuple[Span, ...]
    stated: str
    derived: tuple[Decimal | None, Decimal | None] | None
    note: str  # a key of checking.Note, made into words by the caller with `values`, never shown as it is
    repair: str = ""  # "10.6->1.06; 18.5->1.85"
    values: dict[str, str] = field(default_factory=dict)  # what the words of the note are filled with: unit, estimate
    statements: tuple[int, ...] = ()  # which statements are compared, by their place in the list
    pages: tuple[int, ...] = ()  # of a check across pages: the page of each span


@dataclass(frozen=True, slots=True)
class Entity:
    """A programme, target, commitment, organisation, place, person or event that the page names."""

    type: str
    name: str
    spans: tuple[Span, ...]
    details: dict[str, str] = field(default_factory=dict)
