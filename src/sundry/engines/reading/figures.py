"""A statement as a figure that can be reckoned with: an interval in one base unit, with its sign, name and months.

Problem: 3.2万亩 and 41公顷, 降幅5.1% and 增长5.1%, 用电量增速 and 用电量 cannot be set against each other as printed.
And money of two currencies never can.

    同比下降5.1%       -> [-5.15, -5.05] of %, because the word before the number says down
    5500余万元         -> [55,000,000, 56,000,000) of 元
    2026-01/2026-02    -> months 24312 to 24313 (year x 12 + month - 1), so that Q1 surely begins with it

Therefore each statement with a number becomes a `Figure`. The sign is read from the words before the number, up to the
clause for a growth, up to the sentence for a gap (in 高于甲1.2个百分点、乙0.9个百分点 the word is said once).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from sundry.engines.reading.intervals import Interval, exactly, rounded
from sundry.engines.reading.model import Number, Statement, Type

_MULTIPLIERS = {"万亿": 12, "亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}
_LEADING = re.compile("^(十|百|千)?(万亿|亿|万)?")
_SIGNED = {Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.PULL, Type.CONTRIBUTION}
_DOWN = re.compile(
    "(?:下降|减少|下滑|下跌|降低|萎缩|缩减|减)(?!至|到|为|少至|少到)|降幅|跌幅|负增长|低于|慢于|落后|少于"
)
_UP = re.compile("增长|上升|提高|提升|增加|增幅|增速|上涨|涨|增|高于|快于|高出|领先|多于|回落(?=至|到)|降(?=至|到)")
_CLAUSE_MAX = 80  # characters
_COUNTED = {Type.LEVEL, Type.COUNT, Type.GROWTH, Type.GROWTH_DELTA}
_OF_GROWTH = {"同比", "环比", "上月", "上季", "上季度", "年初", "年均", "两年平均", "当月", "单月"}
_OF_BOTH = {"当月", "单月"}
_SAME_WAY = {"同比": "", "单月": "当月", "上月": "环比", "上季": "环比", "上季度": "环比", "两年平均": "年均"}
_WAYS = re.compile(
    "同比|环比|(?<=[比较])(?:上月|上季度|上季|年初)|年均|两年平均|新增|净增|新签|新建|新设|新引进|新登记|日均|月均|人均|户均|平均"
    "|单日|单月|当月|最高|最低|计划|剩余|上述"
)
_FASTER = re.compile(r"提高|加快|上升|提升|回升|扩大|增加|高于|快于|高出|领先|反弹|[高快多]$")
_SLOWER = re.compile(r"回落|下降|放缓|收窄|减慢|趋缓|低于|慢于|缩小|降低|下滑|减少|落后|[低慢少]$")
_FALLING = re.compile("降幅|跌幅")  # 降幅收窄: what falls falls less, so the growth is higher
_SENTENCE_ENDS = "。；！？\n"
_DIGITS_MAX = 20
_SENTENCE_MAX = 1000  # characters; a text without full stops has no sentences worth searching
_AFFIXES = re.compile(r"^(?:全市|我市|全县|全区|全省|全国|本市)|(?:增速|增幅|增长率|增长速度|增长)$|[\s（）()]")


@lru_cache(maxsize=4096)
def _name(indicator: str) -> str:
    before = ""
    while before != indicator:
        before, indicator = indicator, _AFFIXES.sub("", indicator)
    return indicator


@cache
def tables() -> dict[str, Any]:
    """checks.yaml, read once."""
    loaded: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("checks.yaml").read_text("utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Figure:
    """`interval` and `point` in `base` units, with sign; `point` None: no one value. A printed unit is `factor` bases.

    `way`: how it is counted, in the words beside it (环比, 新增, 日均): figures of other ways are other figures.
    `months`: first and last, as year x 12 + month - 1; None for a stock, a day or none. `decimals`: as printed.
    """

    index: int
    statement: Statement
    interval: Interval
    point: Decimal | None
    base: str
    factor: Decimal
    decimals: int
    name: str
    months: tuple[int, int] | None
    way: str = ""

    @property
    def place(self) -> str:
        """Whose it is: the region's code, else the subject."""
        return self.statement.region_code or self.statement.subject

    @property
    def is_target(self) -> bool:
        return "target" in self.statement.kind


def base_of(unit: str) -> tuple[Decimal, str]:
    """How many base units one printed unit is, and their name. 万公顷 -> 150,000 亩; 万美元 -> 10,000 美元."""
    known: dict[str, list[str]] = tables()["units"]
    unit = unit.removeprefix("个")
    power = 0
    for _ in range(3):
        if unit in known:
            factor, base = known[unit]
            return Decimal(factor).scaleb(power), base
        match = _LEADING.match(unit)
        head = next((part for part in match.groups() if part), "") if match else ""
        if not head:
            break
        power += _MULTIPLIERS[head]
        unit = unit[len(head) :].removeprefix("个")
    return Decimal(1).scaleb(power), unit


def number_of(statement: Statement) -> Number | None:
    """The number of a statement; made of its value where the reader gave none."""
    if statement.number is not None:
        return statement.number
    if statement.value is None:
        return None if statement.low is None and statement.high is None else Number(None, statement.low, statement.high)
    exponent = statement.value.as_tuple().exponent
    return Number(statement.value, None, None, decimals=max(0, -exponent) if isinstance(exponent, int) else 0)


def interval_of(statement: Statement) -> Interval | None:
    """What the number may be, in the printed unit, without its sign. None: it has no number, or one that cannot be."""
    number = number_of(statement)
    if number is None:
        return None
    low, high = number.low, number.high
    if any(end is not None and abs(end.adjusted()) > _DIGITS_MAX for end in (number.value, low, high)):
        return None  # a row of digits that no office has printed as a number
    if low is None and high is None:
        if number.value is None:
            return None
        is_count = statement.type in (Type.COUNT, Type.ENUMERATION, Type.RANK, Type.ORDINAL, Type.DURATION)
        if is_count and base_of(statement.unit)[0] == 1 and number.decimals == 0:
            return exactly(number.value)
        low, high = rounded(number.value, number.decimals).ends
    if low is not None and high is not None and low > high:
        return None
    # Closed at both ends: who rounds half to even, or cuts off, is no liar.
    return Interval(low, high)


def figure_of(index: int, statement: Statement, text: str) -> Figure | None:
    """The figure of a statement in a view; None where it has no number."""
    interval, number = interval_of(statement), number_of(statement)
    if interval is None or number is None:
        return None
    factor, base = base_of(statement.unit)
    point = number.value if number.bound.value == "eq" and not _is_vague(statement) else None
    if statement.type in _SIGNED and (number.value or Decimal(0)) >= 0 and is_downward(statement, text):
        interval, point = -interval, None if point is None else -point
    scale = exactly(factor)
    return Figure(
        index,
        statement,
        interval * scale,
        None if point is None else point * factor,
        base,
        factor,
        number.decimals,
        name_of(statement.indicator),
        months_of(statement.period),
        _way(statement, text),
    )


def figures_of(text: str, statements: Sequence[Statement]) -> tuple[Figure, ...]:
    made = (figure_of(index, statement, text) for index, statement in enumerate(statements))
    return tuple(figure for figure in made if figure is not None)


def _way(statement: Statement, text: str) -> str:
    """同比 is the usual way of a growth and not told; 环比, 比年初, 新增, 日均, 其中 make another figure of it."""
    if statement.type not in _COUNTED:
        return ""
    place = place_of_number(statement, text)
    start = max(sentence_of(text, place)[0], text.rfind("，", max(0, place - _CLAUSE_MAX), place) + 1)
    found = _WAYS.findall(text, start, place)
    if statement.type in _SIGNED:
        # 当月…同比: the month is told, 同比 is not.
        ways = [_SAME_WAY.get(word, word) for word in reversed(found) if word in _OF_GROWTH]
        return next((way for way in ways if way), "") if "当月" in ways or "单月" in ways else next(iter(ways), "")
    return " ".join(
        sorted({_SAME_WAY.get(word, word) for word in found if word not in _OF_GROWTH or word in _OF_BOTH} - {""})
    )


def _is_vague(statement: Statement) -> bool:
    return any(kind.startswith("approximate") for kind in statement.kind)


def name_of(indicator: str) -> str:
    """The indicator without whose it is and without 增速: a thing, its growth and a gap of its growth share a name."""
    indicator = indicator.replace("规上", "规模以上").replace("限上", "限额以上")
    return _name(indicator)


def place_of_number(statement: Statement, text: str) -> int:
    """Where in the text the number stands: its last writing inside the spans, else the end of the last one."""
    if statement.value is not None:
        written = format(abs(statement.value).normalize(), "f")
        for start, end in reversed(statement.spans):
            place = text.rfind(written, start, end)
            if place >= 0:
                return place
    return statement.spans[-1][1] if statement.spans else 0


def sentence_of(text: str, place: int) -> tuple[int, int]:
    """The sentence that holds `place`, without its end mark."""
    least, most = max(0, place - _SENTENCE_MAX), min(len(text), place + _SENTENCE_MAX)
    start = max(least, *(text.rfind(mark, least, place) + 1 for mark in _SENTENCE_ENDS))
    ends = [end for mark in _SENTENCE_ENDS if (end := text.find(mark, place, most)) >= 0]
    return start, min(ends, default=most)


def is_downward(statement: Statement, text: str) -> bool:
    """Whether the words before the number say that it is below, fell or slowed down."""
    place = place_of_number(statement, text)
    start = sentence_of(text, place)[0]
    if statement.type == Type.GROWTH:
        before = text[max(start, text.rfind("，", start, place) + 1) : place]
        # A bracketed value is another's: what is said before the bracket is not said of it.
        before = before.rpartition("（")[2]
        return _last(_DOWN, before) > _last(_UP, before)
    before = text[start:place]
    if statement.type in (Type.GAP, Type.GROWTH_DELTA):
        is_slower = _last(_SLOWER, before) > _last(_FASTER, before)
        clause = before[before.rfind("，") + 1 :]
        return is_slower != bool(_FALLING.search(clause))
    return _last(_DOWN, text[max(start, text.rfind("，", start, place) + 1) : place]) >= 0


def with_sign(statement: Statement, text: str) -> Statement:
    """The statement with a fall as what it is: 下降4.6% is a growth of -4.6, 低0.3个百分点 a gap of -0.3.

    Its `number` stays as printed.
    """
    limits = statement.value, statement.low, statement.high
    if statement.type not in _SIGNED or any(one is not None and one < 0 for one in limits):
        return statement
    if all(one is None for one in limits) or not is_downward(statement, text):
        return statement
    value, low, high = (None if one is None else -one for one in limits)
    return replace(statement, value=value, low=high, high=low)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def months_of(period: str | None) -> tuple[int, int] | None:
    """First and last month of a period of whole months. None: a day, a stock, an open one, or none."""
    if not period or period.startswith(("asof", "until")):
        return None
    first, slash, last = period.partition("/")
    if slash and not last:
        return None
    ends = _months(first), _months(last or first)
    if ends[0] is None or ends[1] is None:
        return None
    return ends[0][0], ends[1][1]


def _months(code: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})))?", code)
    if match is None:
        return None
    january = int(match[1]) * 12
    if match[2]:
        return january + 3 * int(match[2]) - 3, january + 3 * int(match[2]) - 1
    if match[3]:
        return january + 6 * int(match[3]) - 6, january + 6 * int(match[3]) - 1
    if match[4]:
        return january + int(match[4]) - 1, january + int(match[4]) - 1
    return january, january + 11


def year_of(period: str | None) -> int | None:
    """The year in which a period begins, of `asof 2026-04` 2026."""
    match = re.match(r"(?:asof |until )?(\d{4})", period or "")
    return int(match[1]) if match else None
