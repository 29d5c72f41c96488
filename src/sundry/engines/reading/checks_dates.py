"""Arithmetic with dates: years since, anniversaries, countdowns, the length of a fair, the day of the week.

Problem: "倒计时9天" for a fair of the 20th was written on the 11th. A page that prints no date thus prints one; and
where the date is known, a countdown, an anniversary or a weekday that does not fit shows a misread figure or an old
text.

    从2011年开店至今, 14年间      2011 + 14 = 2025: the page is of 2025, or fails by it where that is known
    3月20日启幕, 倒计时9天        20 March less 9 days = 11 March
    3月20日至23日, 为期四天       4 days with both ends
    3月20日（星期五）             in 2026 it is a Friday

Therefore these are read from the text itself: the sentence holds both figures. One year more or less is "explained",
since nobody says which of the two ends is counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sundry.engines.reading.checking import Facts, Note
from sundry.engines.reading.checks_counts import numeral
from sundry.engines.reading.figures import sentence_of, year_of
from sundry.engines.reading.model import Check, Outcome, Span

_COUNT = r"(?P<n>\d{1,4}|[一二两三四五六七八九十百]{1,4})"
_SINCE = re.compile(
    rf"(?P<year>(?:19|20)\d\d)年[^。；！？\n]{{0,24}}?(?P<link>以来|至今|成立|创办|创建|建立|开业|开市|起)[^。；！？\n]{{0,10}}?"
    rf"(?<!第){_COUNT}(?P<vague>多|余)?(?P<unit>周年|年)(?:间|来|里|时间|[，。、的])"
)
_DAY = re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|0?[1-9])月(?P<day>[12]\d|3[01]|0?[1-9])日")
_DAY_OR_FIRST = re.compile(_DAY.pattern.removesuffix("日") + r"(?:日|(?=(?:至|到|—+|-|~)\d))")
_DAYS = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|0?[1-9])月(?P<day>[12]\d|3[01]|0?[1-9])日?(?:至|到|—+|-|~)"
    r"(?:(?P<month2>1[0-2]|0?[1-9])月)?(?P<day2>[12]\d|3[01]|0?[1-9])日"
)
_LASTS = re.compile(
    rf"(?:为期|历时|持续|共计?|展期)(?:达|共|为)?{_COUNT}天|{_COUNT.replace('<n>', '<m>')}天(?:的)?(?:展期|会期)"
)
_COUNTDOWN = re.compile(rf"(?:倒计时|还有|还剩|仅剩|只剩)(?:仅|不到|约|进入)?{_COUNT}天")
_COMING = re.compile("将于|将在|定于|启幕|开幕|举行|举办|开赛|开跑|鸣枪|召开|开展")
_WEEKDAY = re.compile(_DAY.pattern + r"（?(?:星期|周)(?P<weekday>[一二三四五六日天])）?")
_NEAR = 2000  # characters between a countdown and its day
_WEEKDAYS = "一二三四五六日"


def date_checks(facts: Facts) -> Iterator[Check]:
    year = facts.issued.year if facts.issued else _year_of_page(facts)
    # 倒计时 9 天: spaces are taken out for reading, and the places found are put back.
    text = facts.text.replace(" ", "")
    places: Sequence[int] = range(len(text))
    if len(text) < len(facts.text):
        places = [place for place, character in enumerate(facts.text) if character != " "]
    for check in (
        *_since(text, year),
        *_lengths(text, year),
        *_countdowns(text, year, facts.issued),
        *_weekdays(text, year),
    ):
        yield replace(check, spans=tuple((places[start], places[end - 1] + 1) for start, end in check.spans))


def _year_of_page(facts: Facts) -> int | None:
    """The latest year of what was reached: what a page reports on is of its year or of the one before."""
    years = [
        year
        for statement in facts.statements
        if "target" not in statement.kind and (year := year_of(statement.period)) is not None and year < 2100
    ]
    return max(years, default=None)


def _since(text: str, year: int | None) -> Iterator[Check]:
    for match in _SINCE.finditer(text):
        count = numeral(match["n"])
        if count is None or not 1 <= count <= 200:
            continue
        first = int(match["year"])
        # 30余年 is 30 to 39 years.
        low, high = first + count, first + count + (9 if match["vague"] else 0)
        spans = (match.span("year"), match.span("n"))
        ends = Decimal(low), Decimal(high)
        stated = f"{match['n']}{match['vague'] or ''}{match['unit']}"
        if year is None:
            yield _check(Outcome.IMPLIED, Note.ISSUE_YEAR, spans, stated, ends, guess=str(low))
        elif low <= year <= high:
            yield _check(Outcome.HOLDS, Note.DATES_AGREE, spans, stated, ends, year=str(year))
        elif match["unit"] == "年" and low - 1 <= year <= high + 1:
            yield _check(Outcome.EXPLAINED, Note.WITHIN_ROUNDING, spans, stated, ends, year=str(year))
        else:
            yield _check(Outcome.FAILS, Note.DATES_DIFFER, spans, stated, ends, year=str(year))


def _lengths(text: str, year: int | None) -> Iterator[Check]:
    for match in _DAYS.finditer(text):
        first = _day(match["year"], match["month"], match["day"], year or 2001)
        last = _day(match["year"], match["month2"] or match["month"], match["day2"], year or 2001)
        sentence = sentence_of(text, match.start())
        said = _LASTS.search(text, *sentence)
        if first is None or last is None or last < first or said is None:
            continue
        group = "n" if said["n"] else "m"
        count, days = numeral(said[group]), (last - first).days + 1
        if count is not None:
            outcome, note = _same(count == days)
            ends = Decimal(days), Decimal(days)
            yield _check(outcome, note, (match.span(), said.span(group)), f"{said[group]}天", ends)


def _countdowns(text: str, year: int | None, issued: date | None) -> Iterator[Check]:
    """With the date of issue: the day that the countdown ends on is a coming day of the page. Without: it gives it."""
    coming = list(_coming(text, year))
    starts = [span[0] for _, span in coming]
    for match in _COUNTDOWN.finditer(text):
        count = numeral(match["n"])
        if count is None:
            continue
        stated = f"{match['n']}天"
        at = match.start()
        around = coming[bisect_left(starts, at - _NEAR) : bisect_left(starts, at + _NEAR)]
        near = sorted(around, key=lambda entry: abs(entry[1][0] - at))
        if issued is None:
            if near and year is not None:
                day = near[0][0] - timedelta(days=count)
                spans = (match.span("n"), near[0][1])
                yield _check(Outcome.IMPLIED, Note.ISSUE_DATE, spans, stated, None, guess=day.isoformat())
            continue
        end = issued + timedelta(days=count)
        # Any mention of that day will do: 4月12日，来…… says in no word that something begins.
        fitting = [entry for entry in _days(text, end.year, max(0, at - _NEAR), at + _NEAR) if entry[0] == end]
        if fitting:
            spans = (match.span("n"), fitting[0][1])
            yield _check(Outcome.HOLDS, Note.DATES_AGREE, spans, stated, None, guess=end.isoformat())
        elif len(near) == 1:
            spans = (match.span("n"), near[0][1])
            is_near = abs((near[0][0] - end).days) == 1
            outcome, note = (Outcome.EXPLAINED, Note.WITHIN_ROUNDING) if is_near else (Outcome.FAILS, Note.DATES_DIFFER)
            yield _check(outcome, note, spans, stated, None, guess=end.isoformat())
        else:
            yield _check(Outcome.IMPLIED, Note.EVENT_DATE, (match.span("n"),), stated, None, guess=end.isoformat())


def _coming(text: str, year: int | None) -> Iterator[tuple[date, Span]]:
    """Days of which the same sentence says that something begins on them."""
    for day, span in _days(text, year or 2001, 0, len(text)):
        start, end = sentence_of(text, span[0])
        if _COMING.search(text, start, end) and not text.startswith("电", span[1]):
            yield day, span


def _days(text: str, year: int, start: int, end: int) -> Iterator[tuple[date, Span]]:
    """The days that are named, of several days (3月20日至23日, 3月20-23日) the first."""
    for match in _DAY_OR_FIRST.finditer(text, start, end):
        day = _dated(match, year)
        if day is not None:
            yield day, match.span()


def _weekdays(text: str, year: int | None) -> Iterator[Check]:
    for match in _WEEKDAY.finditer(text):
        if match["year"] is None and year is None:
            continue
        day = _day(match["year"], match["month"], match["day"], year or 2001)
        if day is None:
            continue
        true = _WEEKDAYS[day.weekday()]
        outcome, note = _same(match["weekday"].replace("天", "日") == true)
        yield _check(outcome, note, (match.span(),), f"星期{match['weekday']}", None, guess=f"星期{true}")


def _same(is_same: bool) -> tuple[Outcome, Note]:
    return (Outcome.HOLDS, Note.DATES_AGREE) if is_same else (Outcome.FAILS, Note.DATES_DIFFER)


def _dated(match: re.Match[str], year: int) -> date | None:
    return _day(match["year"], match["month"], match["day"], year)


def _day(year: str | None, month: str, day: str, default: int) -> date | None:
    try:
        return date(int(year) if year else default, int(month), int(day))
    except ValueError:
        return None  # 31 June: not a date


def _check(
    outcome: Outcome,
    note: Note,
    spans: Sequence[Span],
    stated: str,
    derived: tuple[Decimal, Decimal] | None,
    **values: str,
) -> Check:
    return Check("date", outcome, tuple(spans), stated, derived, note, values=values)
