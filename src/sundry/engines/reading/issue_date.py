"""When a page was printed, read from the page, with the words that say so.

Problem: "yesterday", "this year", "the first quarter" mean nothing without the day of issue, and the line with the date
is cut off the scan more often than not.

    本报讯 4月8日，……          it happened on the 8th, and a morning paper prints it the day after
    距开幕还有12天；4月21日开幕   21 - 12 = the 9th: that is the day of issue itself
    从2011年办厂至今，15年间      2011 + 15 = 2026

Therefore, in this order: a date line; "today (the 9th)"; a countdown to a day that the page names; the latest day on
which something had happened, and the day after it ("at the earliest" where the page does not say "yesterday"). The year
is weighed from what the page says of years: a plan's opening year, a sum of years, an event named after its year,
months already past, the last full year of statistics, a weekday. Where nothing says the year there is no date; the
reason then tells the month and day. The person who sets a date is always right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from sundry.engines.reading.model import Span
from sundry.engines.reading.numerals import read_chinese
from sundry.engines.reading.printed_date import PrintedDate, printed_dates
from sundry.engines.reading.view import view_of

_NUMBER = "(?:[0-9]{1,3}|[零一二三四五六七八九十百两]{1,4})"
_DAY = r"(?P<month>1[0-2]|[1-9])月(?P<day>3[01]|[12][0-9]|[1-9])(?:日|(?=[-—~至到、][0-9]{1,2}日))"
_DAY_2, _DAY_3 = (_DAY.replace("month", f"month{number}").replace("<day", f"<day{number}") for number in (2, 3))
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})年"
_TODAY = re.compile(rf"今[天日][（(]?(?:{_DAY}|(?P<only>3[01]|[12][0-9]|[1-9])日)")
_YESTERDAY = re.compile(rf"昨[天日晚][（(](?:{_DAY}|(?P<only>3[01]|[12][0-9]|[1-9])日)")
_IS_YESTERDAY = re.compile(r"昨(?:天|日|晚)(?!的)")
_COUNTDOWN = re.compile(
    rf"(?:距|离)[^。；\n]{{0,40}}?(?:还有|还剩|仅剩|只剩|剩下?|倒计时) ?(?P<left>{_NUMBER}) ?天"
    # A box often stands on lines of its own: the words, the number and the unit one under the other.
    rf"|倒计时[^。；0-9]{{0,12}}?(?P<bare>{_NUMBER})[\s#*]{{0,8}}(?:天|日(?!电|讯)|DAYS?)"
    rf"|(?P<front>{_NUMBER})[\s#*]{{0,8}}天[^。；0-9]{{0,8}}倒计时"
    rf"|(?:还有|仅剩|只剩|最后)[\s#*]{{0,8}}(?P<last>{_NUMBER})[\s#*]{{0,8}}天"
)
_HAPPENED = re.compile(
    rf"^[ #*\u3000]*(?:[^，。；\n]{{0,16}}?[ ]?{_DAY}(?:电|讯)"
    rf"|(?:本 ?报|本台|本网)[^，。；\n]{{0,8}}?讯[ （(]?[^，。；\n]{{0,16}}?{_DAY_2}"
    rf"|{_DAY_3}(?:上午|下午|晚|中午|凌晨|傍晚|清晨|[，至]))",
    re.MULTILINE,
)
_ANY_DAY = re.compile(_DAY)
_BEGINNING = "(?:举行|举办|开幕|开赛|开跑|开放|开业|鸣枪|启幕|开馆|开考)"
_OPENING_DAY = re.compile(
    rf"{_DAY}(?:[至到~—、-]+(?:(?:1[0-2]|[1-9])月)?[0-9]{{1,2}}日)?(?=[^。；\n]{{0,30}}{_BEGINNING})"
)
_TO_COME = re.compile(r"将|拟|前(?:完成|报名)|截止|预计|届时|报名|计划|力争|确保|起施行|起执行")
_DONE = re.compile(r"^(?:上午|下午|晚上?|中午|凌晨|清晨|傍晚|夜里)?[，至]|^(?:上午|下午|晚上?)|了")
_WHOLE_YEAR = re.compile(
    r"全年|增长|下降|达|完成|实现|突破|超过|接待|出口|产值|收入|总额|居|累计|年底|年末|以来|共有|被评|获评|入选|评为|建成|荣获"
)
_WEEKDAY = re.compile(rf"{_DAY}[（(](?:星期|周)(?P<weekday>[一二三四五六日天])[）)]")
_PLAN_NUMBER = "([一二三四五六七八九]|十[一二三四五六七八九]?)五"
_PLAN = re.compile(
    rf"[“‘]?{_PLAN_NUMBER}[”’]?(?:规划|时期)?的?[^，。；“”]{{0,6}}(?:开局|首年|第一年)"
    rf"|(?:开局|起步)[^，。；]{{0,4}}[“‘]{_PLAN_NUMBER}[”’]"
)
_SUM = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})年[^。\n]{{0,24}}至今[，的、]?[^。\n]{{0,4}}?(?P<years>{_NUMBER})[多余]?年"
)
_NAMED = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})[\u4e00-\u9fff“]{1,10}?(?:会|展|节|赛|论坛|马拉松)(?![计员场区馆])")
_ANY_YEAR = re.compile(
    r"(?<![0-9—~至-])(?P<year>20[0-9]{2})年"
    r"(?P<next>(?:1[0-2]|[1-9])(?:[-—~至到](?:1[0-2]|[1-9]))?月|一季度|第一季度|上半年|[^，。]{0,1})"
)
_FUTURE = re.compile(r"(?:到|至|力争|目标|规划|展望|预计|明年|计划|将于|将在)[^，。；]{0,6}$")
YEARS = range(1800, 3000)  # in which a newspaper may be issued
NEWS_LATER_MAX = 180  # days; later in the same year is last year's
NEWS_BEFORE_MAX = 3  # days from the latest news to the paper
_ONLY_COMPARED = re.compile(r"(?:[比较从自由于在至到过破超]|早在|始于)$")  # no sign that this year is the last full one
_YEAR_GUESS_MIN = 1.0  # a year that less speaks for is not told


class Issue(NamedTuple):
    """`day` None: the page does not say; `reason` is rule keys, the words are made of them by the caller."""

    day: date | None
    spans: tuple[Span, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    month: int
    day: int
    after: int  # days from that day to the day of issue
    span: Span


def infer_issue_date(text: str, year_given: int | None = None) -> Issue:
    """The day of issue, the spans of `text` that say so, and the reason as rule keys: "dateline+1 year:plan".

    "earliest" is added where the paper may also be later; "no-year 04-09" stands for a day without a year, which
    `year_given` (of the file, of the person) fills: "year:given".
    """
    view = view_of(text)
    if printed := printed_dates(view):
        return _printed(view, printed)
    rule, found = _day_found(view)
    if not found:
        return Issue(None, (), "nothing")
    year, year_spans, year_rule = _year(view, found)
    if year is None and year_given is not None:
        year, year_rule = year_given, "given"
    spans = tuple(sorted({found.span, *year_spans}))
    issue = _dated(year or 2000, found)
    if issue and year and issue.year != year:  # news of 31 December, printed on New Year's Day
        issue = _dated(2 * year - issue.year, found)
    if issue is None:
        return Issue(None, (), "nothing")
    if year is None:
        return Issue(None, spans, f"{rule} no-year {issue:%m-%d}")
    return Issue(issue, spans, f"{rule} year:{year_rule}")


def _printed(view: str, printed: Sequence[PrintedDate]) -> Issue:
    """The printed date, if the page is of one mind about it: its weekday is right, and nothing happened after it."""
    days = {one.day for one in printed}
    spans = tuple(sorted(one.span for one in printed))
    day = min(days)
    happened = _latest(view)
    news = _dated(day.year, replace(happened, after=0)) if happened else None
    if news and happened and 0 < (news - day).days <= NEWS_LATER_MAX:
        return Issue(None, tuple(sorted((*spans, happened.span))), "contradictory")
    is_near = news is not None and 0 <= (day - news).days <= NEWS_BEFORE_MAX
    if len(days) > 1 or (any(one.is_right is False for one in printed) and not is_near):
        return Issue(None, spans, "contradictory")
    return Issue(day, spans[:1], "date-line year:printed")


def _dated(year: int, found: _Evidence) -> date | None:
    try:
        return date(year, found.month, found.day) + timedelta(days=found.after)
    except ValueError:  # the 31st of a month that has 30 days: a slip of the scan
        return None


def _number(words: str) -> int | None:
    return int(words) if words.isdigit() else read_chinese(words)


def _day_found(view: str) -> tuple[str, _Evidence | None]:
    """(rule, the day from which the day of issue is counted)."""
    for rule, evidence in (("today", _today(view)), ("countdown", _countdown(view))):
        if evidence:
            return rule, evidence
    latest = _latest(view)
    if latest is None:
        return "event+1 earliest", _latest_of(list(_told(view)))
    # A paper that says "yesterday" of its news is the next morning's; the others may come later.
    return ("dateline+1" if _IS_YESTERDAY.search(view) else "dateline+1 earliest"), latest


def _today(view: str) -> _Evidence | None:
    """今天（9日）, 昨日（8日）: the month, where it is left out, is that of the latest day named."""
    for pattern, after in ((_TODAY, 0), (_YESTERDAY, 1)):
        for match in pattern.finditer(view):
            if match["month"]:
                return _Evidence(int(match["month"]), int(match["day"]), after, match.span())
            latest = _latest(view)
            if latest:
                only = int(match["only"])
                month = latest.month % 12 + 1 if latest.day > only + 1 else latest.month
                return _Evidence(month, only, after, match.span())
    return None


def _countdown(view: str) -> _Evidence | None:
    """N days to a day that the page names; the one named nearest in the text.

    It must begin something there ("opens on the 21st"), or lead to a day just after the latest news.
    """
    happened = _latest(view)
    for match in _COUNTDOWN.finditer(view):
        left = _number(next(filter(None, match.groups()), ""))
        if left is None:
            continue
        for pattern, days_max in ((_OPENING_DAY, 40), (_ANY_DAY, 5)):
            found = [
                _Evidence(int(day["month"]), int(day["day"]), -left, match.span())
                for day in sorted(pattern.finditer(view), key=lambda day: abs(day.start() - match.start()))
            ]
            fitting = [each for each in found if _fits(each, happened, days_max)]
            supported = [each for each in fitting if _has_news_before(each, view)] if not happened else fitting
            if supported or (fitting and pattern is _OPENING_DAY):
                return (supported or fitting)[0]
    return None


def _has_news_before(evidence: _Evidence, view: str) -> bool:
    """Some day that the text names lies in the ten days before."""
    issue = _dated(2001, evidence)
    days = (_Evidence(int(day["month"]), int(day["day"]), 0, day.span()) for day in _ANY_DAY.finditer(view))
    return issue is not None and any(
        0 <= (issue - day).days <= 10 for each in days if (day := _dated(2001, each)) is not None
    )


def _fits(evidence: _Evidence, happened: _Evidence | None, days_max: int) -> bool:
    """The day of issue is not before the news that the page tells, and not long after it."""
    issue, news = _dated(2001, evidence), _dated(2001, happened) if happened else None
    if issue is None:
        return False
    return news is None or 0 <= (issue - news).days + 1 <= days_max + 1


def _latest(view: str) -> _Evidence | None:
    """The latest day on which something had happened."""
    return _latest_of(list(_happened(view)))


def _latest_of(days: list[_Evidence]) -> _Evidence | None:
    if not days:
        return None
    months = {evidence.month for evidence in days}
    turn = 6 if {12, 1} <= months else 0  # around New Year January comes after December
    return max(days, key=lambda each: ((each.month + turn - 1) % 12, each.day))


def _happened(view: str) -> Iterator[_Evidence]:
    """Days of datelines and of news that begin a line; a day with "will" after it has not come yet."""
    for match in _HAPPENED.finditer(view):
        month = match["month"] or match["month2"] or match["month3"]
        day = match["day"] or match["day2"] or match["day3"]
        sentence = re.split(r"[。；\n]", view[match.end() : match.end() + 60])[0]
        if _TO_COME.search(sentence[:12]) or view[match.start() : match.end()].strip()[:4].isdigit():
            continue
        yield _Evidence(int(month), int(day), 1, match.span())


def _told(view: str) -> Iterator[_Evidence]:
    """Days inside sentences that tell of something past: not those of a year that is named, nor days to come."""
    for match in _ANY_DAY.finditer(view):
        before = re.split(r"[。；\n]", view[max(0, match.start() - 12) : match.start()])[-1]
        after = re.split(r"[。；\n]", view[match.end() : match.end() + 30])[0]
        if before.endswith("年") or _TO_COME.search(before + after) or not _DONE.search(after):
            continue
        yield _Evidence(int(match["month"]), int(match["day"]), 1, match.span())


def _year(view: str, found: _Evidence) -> tuple[int | None, tuple[Span, ...], str]:
    """(year, where it shows, by which rule): the year that most speaks for."""
    votes: dict[int, float] = defaultdict(float)
    shown: dict[int, list[tuple[float, str, Span]]] = defaultdict(list)
    for year, weight, rule, span in _years(view, found):
        # Said ten times is said once: a rule speaks for a year with its strongest place only.
        votes[year] += max(0.0, weight - max((known for known, other, _ in shown[year] if other == rule), default=0.0))
        shown[year].append((weight, rule, span))
    for match in _WEEKDAY.finditer(view):
        wanted = "一二三四五六日".find(match["weekday"].replace("天", "日"))
        for year in list(votes):
            day = _dated(year, _Evidence(int(match["month"]), int(match["day"]), 0, match.span()))
            votes[year] += 1.0 if day and day.weekday() == wanted else -1.0
    best = max(votes, key=lambda year: (votes[year], year), default=None)
    if best is None or votes[best] < _YEAR_GUESS_MIN:
        return None, (), ""
    _, rule, span = max(shown[best], key=lambda each: each[0])
    return best, (span,), rule


def _years(view: str, found: _Evidence) -> Iterator[tuple[int, float, str, Span]]:
    """(year, weight, rule, span) of all that speaks for a year."""
    for match in _PLAN.finditer(view):
        number = read_chinese(match[1] or match[2])
        if number is not None and number >= 10:  # the tenth plan began in 2001
            yield 1951 + 5 * number, 3.0, "plan", match.span()
    for match in _SUM.finditer(view):
        years = _number(match["years"])
        if years is not None and years < 90:
            yield int(match["year"]) + years, 3.0, "sum", match.span()
    for match in _NAMED.finditer(view):
        yield int(match["year"]), 1.5, "event", match.span()
    issue = _dated(2000, found)
    month = issue.month if issue else found.month
    mentions = [match for match in _ANY_YEAR.finditer(view) if not _is_future(view, match.start())]
    if not mentions:
        return
    latest = max(int(match["year"]) for match in mentions)
    for match in mentions:
        if int(match["year"]) == latest:
            yield from _of_latest(view, match, latest, month)


def _is_future(view: str, place: int) -> bool:
    return bool(_FUTURE.search(view[max(0, place - 8) : place]))


def _of_latest(view: str, match: re.Match[str], latest: int, month: int) -> Iterator[tuple[int, float, str, Span]]:
    """What the latest year that the page names says: a month to come is last year's, a whole year told of is over."""
    after = match["next"]
    clause = re.split(r"[。；\n]", view[match.end("year") : match.end() + 40])[0]
    if after.endswith("月"):
        last = int(re.findall("[0-9]+", after)[-1])
        yield (latest, 1.0, "month", match.span()) if last <= month else (latest + 1, 1.5, "month", match.span())
    elif after.endswith(("季度", "半年")):
        yield (latest, 1.0, "part", match.span()) if month <= 9 else (latest + 1, 0.4, "part", match.span())
    elif _TO_COME.search(clause) or after in ("度", "是", "春", "新"):
        yield latest, 1.0, "this-year", match.span()
    elif _WHOLE_YEAR.search(clause) and not _ONLY_COMPARED.search(view[max(0, match.start() - 4) : match.start()]):
        yield latest + (month <= 8), 1.0, "last-year", match.span()
    else:
        yield latest, 0.3, "named", match.span()
