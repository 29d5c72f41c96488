"""The date that a page prints of itself: the line under its name, at the head or the foot.

Problem: the same day stands in five spellings, and a page also prints dates that are not its own.

    2026年4月25日 星期六 农历三月初九      二〇二六年四月二十五日      2026-04-25      云溪日报 2026.4.25
    《办法》自2026年7月1日起施行           inside a sentence: a day that is spoken of

Therefore a date is the page's own where its weekday, its lunar day or the number of the issue stands beside it, or
where it has a line for itself among the first or the last. A weekday that is not that day's is told, since one of the
two is misprinted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sundry.engines.reading.model import Span
from sundry.engines.reading.numerals import read_chinese

LINES_AT_THE_HEAD, LINES_AT_THE_FOOT = 12, 4  # a date alone in its line counts among these only

_DIGITS = {**{each: number for number, each in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0}
_DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?:年|(?P<mark>[-./])) ?(?P<month>1[0-2]|0?[1-9])(?:月|(?P=mark)) ?"
    r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?:日|(?![0-9年月]))"
    r"|(?P<han_year>[一二][〇○零一二三四五六七八九]{3})年(?P<han_month>十?[一二三四五六七八九十])月"
    r"(?P<han_day>[一二三四五六七八九十]{1,3})日"
)
_WEEKDAY = re.compile(r"^[ ，,（(]{0,3}(?:星期|周)(?P<weekday>[一二三四五六日天])")
_BESIDE = re.compile(r"^[^。；\n]{0,16}?(?:农历|第[0-9]+期|总第|今日[0-9一二四八十]+版)")
_BEFORE = re.compile(
    r"(?:农历[^。；\n]{0,8}|(?:星期|周)[一二三四五六日天]"
    r"|[\u4e00-\u9fff]年[\u4e00-\u9fff]{1,2}月(?:初|十|廿|三十)[\u4e00-\u9fff]?) ?$"
)
_ALONE_BEFORE = re.compile(r"^[ #*（(]*(?:[\u4e00-\u9fff]{1,8}(?:报|刊|新闻)(?:社)?|发布(?:时间|日期)?[：:]?)?[ ]*$")
_ALONE_AFTER = re.compile(r"^[^，。；、\u4e00-\u9fff]{0,12}(?:发布|出版|[\u4e00-\u9fff]{1,8}(?:报|刊))?[ *）)]*$")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """`is_right` None: no weekday beside it. `is_sure`: not only a date in a line of its own."""

    day: date
    span: Span
    is_right: bool | None
    is_sure: bool


def printed_dates(view: str) -> tuple[PrintedDate, ...]:
    """The dates that a page prints of itself, in the order of the file; only the sure ones, if there are any."""
    found = list(_all(view))
    return tuple(one for one in found if one.is_sure) or tuple(found)


def _all(view: str) -> Iterator[PrintedDate]:
    ends = _ends(view)
    for match in _DATE.finditer(view):
        day = _day(match)
        if day is None:
            continue
        line_start = view.rfind("\n", 0, match.start()) + 1
        line_end = view.find("\n", match.end())
        before, after = view[line_start : match.start()], view[match.end() : line_end if line_end >= 0 else None]
        weekday = _WEEKDAY.match(after)
        if weekday:
            wanted = "一二三四五六日".find(weekday["weekday"].replace("天", "日"))
            yield PrintedDate(day, (match.start(), match.end() + weekday.end()), day.weekday() == wanted, True)
        elif _BESIDE.match(after) or _BEFORE.search(before[-16:]):
            yield PrintedDate(day, match.span(), None, True)
        elif (match.start() < ends[0] or match.start() >= ends[1]) and _is_alone(before, after):
            yield PrintedDate(day, match.span(), None, False)


def _is_alone(before: str, after: str) -> bool:
    """Nothing but the paper's name stands in the line."""
    return max(len(before), len(after)) <= 24 and bool(_ALONE_BEFORE.match(before) and _ALONE_AFTER.match(after))


def _ends(view: str) -> tuple[int, int]:
    """Where the head of the page is over, and where its foot begins."""
    lines = [match.span() for match in re.finditer(r"[^\n]*[^\s][^\n]*", view)]
    if not lines:
        return 0, len(view)
    return lines[:LINES_AT_THE_HEAD][-1][1], lines[-LINES_AT_THE_FOOT:][0][0]


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["year"]:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        year = int("".join(str(_DIGITS[each]) for each in match["han_year"]))
        return date(year, read_chinese(match["han_month"]) or 0, read_chinese(match["han_day"]) or 0)
    except ValueError:  # the 31st of a month that has 30 days: a slip of the scan
        return None
