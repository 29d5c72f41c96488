"""Years since, countdowns, the days of a fair, the day of the week."""

from __future__ import annotations

from datetime import date

import pytest
from reading.invented import said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import checks_of
from sundry.engines.reading.model import Outcome

ISSUED = date(2031, 3, 11)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("从2017年开店至今，14年间换了三次招牌。", Outcome.HOLDS),
        ("从2017年开店至今，13年间换了三次招牌。", Outcome.EXPLAINED),
        ("从2017年开店至今，24年间换了三次招牌。", Outcome.FAILS),
        ("自1998年以来，三十多年来从未停业。", Outcome.HOLDS),
        ("自1998年以来，四十多年来从未停业。", Outcome.FAILS),
        ("公司2001年成立，迎来三十周年。", Outcome.HOLDS),
        ("公司2001年成立，迎来29周年。", Outcome.FAILS),  # of an anniversary no year is lost
    ],
)
def test_years_since(text: str, outcome: Outcome) -> None:
    (check,) = checks_of(text, [], issued=ISSUED)
    assert (check.kind, check.outcome) == ("date", outcome)


def test_without_a_date_the_years_give_the_year_of_the_page() -> None:
    (check,) = checks_of("从2017年开店至今，14年间换了三次招牌。", [])
    assert (check.outcome, check.note, check.values["guess"]) == (Outcome.IMPLIED, Note.ISSUE_YEAR, "2031")


FAIR = "海货节将于3月{day}日启幕，倒计时{count}天。"


@pytest.mark.parametrize(
    ("day", "count", "outcome", "note"),
    [
        ("20", "9", Outcome.HOLDS, Note.DATES_AGREE),
        (" 20 ", " 9 ", Outcome.HOLDS, Note.DATES_AGREE),
        ("20", "十", Outcome.EXPLAINED, Note.WITHIN_ROUNDING),
        ("20", "19", Outcome.FAILS, Note.DATES_DIFFER),
        ("2", "9", Outcome.FAILS, Note.DATES_DIFFER),  # a digit lost
    ],
)
def test_countdowns(day: str, count: str, outcome: Outcome, note: Note) -> None:
    (check,) = checks_of(FAIR.format(day=day, count=count), [], issued=ISSUED)
    assert (check.outcome, check.note) == (outcome, note)


def test_any_mention_of_the_day_confirms_a_countdown() -> None:
    text = "倒计时9天！\n\n3月20日，来海货节。3月30日将于码头举行拍卖。"
    assert [check.outcome for check in checks_of(text, [], issued=ISSUED)] == [Outcome.HOLDS]
    text = "倒计时9天！\n\n3月20-23日，来海货节。"
    assert [check.outcome for check in checks_of(text, [], issued=ISSUED)] == [Outcome.HOLDS]


def test_a_countdown_alone_gives_the_day_and_a_day_alone_gives_the_issue() -> None:
    (check,) = checks_of("倒计时9天，海货节就要来了。", [], issued=ISSUED)
    assert (check.note, check.values["guess"]) == (Note.EVENT_DATE, "2031-03-20")
    text = "海货节将于3月20日启幕，还有9天。"
    assert checks_of(text, []) == ()  # nobody knows the year
    text += "去年产值9亿元。"
    (check,) = checks_of(text, [said(text, "9亿元", "level", "产值", "9", "亿元", period="2031")])
    assert (check.note, check.values["guess"]) == (Note.ISSUE_DATE, "2031-03-11")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("3月20日至23日，为期四天的海货节举行。", Outcome.HOLDS),
        ("3月20日至23日，为期三天的海货节举行。", Outcome.FAILS),
        ("2月27日—3月2日，海货节历时4天。", Outcome.HOLDS),
        ("2028年2月27日—3月2日，海货节历时5天。", Outcome.HOLDS),  # a leap year
    ],
)
def test_the_days_of_a_fair(text: str, outcome: Outcome) -> None:
    assert [check.outcome for check in checks_of(text, [], issued=ISSUED)] == [outcome]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("3月20日（星期四）开幕。", [Outcome.HOLDS]),
        ("3月20日（周五）开幕。", [Outcome.FAILS]),
        ("6月31日（周五）开幕。", []),
    ],
)
def test_weekdays(text: str, outcome: list[Outcome]) -> None:
    assert [check.outcome for check in checks_of(text, [], issued=ISSUED)] == outcome
