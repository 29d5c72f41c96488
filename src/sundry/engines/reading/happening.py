"""The days of the event that an article tells of: a fair, a job market, a meeting.

Problem: 共有80余家企业参会 stands three paragraphs below 5月9日，招聘会在体育馆举行, and the article ends with
活动为期两天; what was counted there was counted on these two days, and not in the month of issue.

    5月9日，青禾春季招聘会启动。……活动为期两天。     2031-05-09/2031-05-10
    为期三天的陶博会5月9日闭幕。                    2031-05-07/2031-05-09: it has ended
    本报讯 5月9日，记者从招聘会获悉……               none: the day of the report

Therefore the day is that of the first sentence that has a day, an event and a verb for its taking place; how long it
took may be said anywhere in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from sundry.engines.reading.context import Line
from sundry.engines.reading.model import Period, Span, Token
from sundry.engines.reading.patterns import masked

FAIR = re.compile(r"展会|博览会|参展|展位|展馆|展区|交易会|展览|展销|[^发拓开施进]展(?=[，。、]|上|期|闭幕|开幕)")
_ENDED = re.compile(r"收官|闭幕|落幕|结束|落下帷幕|圆满收")
_BEGUN = re.compile(r"开幕|启幕|开展|拉开|启动|开馆|举行|举办|开赛|开跑|亮相")
_EVENT = re.compile(
    r"(?:活动|仪式|大会|博览会|交易会|[^开发拓施进]展|招聘会|推介会|洽谈会|对接会|论坛|峰会|比赛|大赛"
    r"|锦标赛|马拉松|节|讲座|培训班|现场会|运动会)"
)
_NOT_ONE = re.compile(r"发布会|通报会|分析会|记者|获悉|了解到|数据显示|常务会|全体会议|工作会议")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")
_TOOK = re.compile(r"(?:为期|历时|会期|展期)")


def event_of(lines: tuple[Line, ...], tokens: list[tuple[Token, ...]]) -> tuple[Period | None, Span | None]:
    """The event's days and the place that says so; None where the article tells of none."""
    days: tuple[Period, Span, str] | None = None
    many = 0
    for line, said in zip(lines, tokens, strict=True):
        for start, end, inside in with_tokens(line, said):
            told = masked(line.text[start:end])
            length = _length(told, start, inside)
            day = _days(inside, told, is_long=length > 0)
            if day is not None and (days is None or length):
                days = (day, line.spans(start, end)[0], told)
                many = length or many
            elif length and not many:
                many = length
        if days is not None and many:
            break
    if days is None:
        return None, None
    period, span, told = days
    return _over(period, many, has_ended=_ENDED.search(told) is not None), span


def _length(told: str, start: int, inside: tuple[Token, ...]) -> int:
    """How many days it took, 0 where the sentence does not say."""
    took = _TOOK.search(told)
    if took is None:
        return 0
    for one in inside:
        if one.unit in ("天", "日") and one.number is not None and 0 <= one.start - start - took.end() < 4:
            value = one.number.value
            return int(value) if value is not None and 1 < value < 200 else 0
    return 0


def _days(inside: tuple[Token, ...], told: str, *, is_long: bool) -> Period | None:
    found = next((one.period for one in inside if one.period is not None and _DAY.fullmatch(one.period.code)), None)
    if found is None or found.is_comparison or _NOT_ONE.search(told):
        return None
    takes_place = _BEGUN.search(told) or _ENDED.search(told)
    return found if takes_place and (is_long or _EVENT.search(told)) else None


def _over(period: Period, many: int, *, has_ended: bool) -> Period:
    """The day with as many more as it took, backwards where it has ended."""
    if "/" in period.code or many < 2:
        return period
    day, more = date.fromisoformat(period.code), timedelta(days=many - 1)
    first, last = (day - more, day) if has_ended else (day, day + more)
    return Period(f"{first}/{last}")


def with_tokens(line: Line, said: tuple[Token, ...]) -> Iterator[tuple[int, int, tuple[Token, ...]]]:
    """Start and end of each sentence with the tokens that lie wholly in it."""
    at = 0
    for start, end in line.sentences():
        first = at
        while at < len(said) and said[at].start < end:
            at += 1
        yield start, end, tuple(one for one in said[first:at] if one.start >= start and one.end <= end)
