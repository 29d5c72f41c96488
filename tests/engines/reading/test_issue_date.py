"""The day of issue is read from the page with the words that say so, or told to be unknown."""

from __future__ import annotations

from datetime import date

import pytest
from reading.article_score import NOT_THERE, PRESS

from sundry.engines.reading.issue_date import infer_issue_date

NEWS = "本报讯 4月8日，东溪县举行春茶采摘比赛，三十名选手参加。昨天的雨没有影响大家的兴致。昨日上午，桥头镇也办了一场。"
PLAN = "今年是“十六五”开局之年，各乡镇正在编制规划。"


@pytest.mark.parametrize(
    ("text", "day", "rule"),
    [
        ("2027年4月9日 星期五 农历三月初三\n\n" + NEWS, date(2027, 4, 9), "date-line year:printed"),
        ("2027年4月9日\n\n" + NEWS, date(2027, 4, 9), "date-line year:printed"),
        (NEWS + PLAN, date(2031, 4, 9), "dateline+1 year:plan"),
        (NEWS.replace("昨", "前") + PLAN, date(2031, 4, 9), "dateline+1 earliest year:plan"),
        ("今日（10日）起，东溪老桥封闭施工。\n\n" + NEWS + PLAN, date(2031, 4, 10), "today year:plan"),
        ("从2011年办厂至今，十六年间他没有换过地方。\n" + NEWS, date(2027, 4, 9), "dateline+1 year:sum"),
        ("2028东溪茶博会四月开馆。\n" + NEWS, date(2028, 4, 9), "dateline+1 year:event"),
        ("2025年全县茶叶产值12.5亿元，比上年增长6%。\n" + NEWS, date(2026, 4, 9), "dateline+1 year:last-year"),
        ("去年的水灾发生在2025年9月。\n" + NEWS, date(2026, 4, 9), "dateline+1 year:month"),
        ("2026年1至2月全县茶叶产值增长6%。2026年2月如此。\n" + NEWS, date(2026, 4, 9), "dateline+1 year:month"),
        ("2026年是质量年，县里将开展检查。\n" + NEWS, date(2026, 4, 9), "dateline+1 year:this-year"),
        ("2026年度的检查已经开始。\n" + NEWS, date(2026, 4, 9), "dateline+1 year:this-year"),
        ("东山社5月31日电 茶叶专列今天发车。\n2028茶博会开馆。", date(2028, 6, 1), "dateline+1 earliest year:event"),
        ("本报讯 12月31日，东溪跨年灯会亮灯。\n2028东溪灯会", date(2028, 1, 1), "dateline+1 earliest year:event"),
        (
            "茶山马拉松倒计时12天\n\n茶山马拉松4月21日鸣枪，选手开始领取物资。\n\n本报讯 4月5日，县里检查备赛。" + PLAN,
            date(2031, 4, 9),
            "countdown year:plan",
        ),
        (
            "距离茶博会开幕还有五天。茶博会将于4月14日至16日举行。\n\n" + NEWS + PLAN,
            date(2031, 4, 9),
            "countdown year:plan",
        ),
        (
            "茶王赛倒计时 5 天\n4月14-16日 东溪县城\n\n赛前培训4月7日，已经结束。" + PLAN,
            date(2031, 4, 9),
            "countdown year:plan",
        ),
        (
            "### 茶山马拉松倒计时\n\n12\n\n天\n\n茶山马拉松定在4月21日。\n\n县里已在4月5日，检查过一次备赛。" + PLAN,
            date(2031, 4, 9),
            "countdown year:plan",
        ),
        ("上周村里修好了水渠，4月5日下午，水流进了田。" + PLAN, date(2031, 4, 6), "event+1 earliest year:plan"),
        ("本 報 訊 4月8日,東溪縣開會.\n" + PLAN, date(2031, 4, 9), "dateline+1 earliest year:plan"),
    ],
)
def test_days(text: str, day: date, rule: str) -> None:
    issue = infer_issue_date(text)
    assert (issue.day, issue.reason) == (day, rule)
    assert issue.spans
    assert all(0 <= start < end <= len(text) for start, end in issue.spans)


def test_the_evidence_is_quoted_from_the_stored_text() -> None:
    text = NEWS + PLAN
    quotes = [text[slice(*span)] for span in infer_issue_date(text).spans]
    assert quotes[0].endswith("4月8日")
    assert "十六五" in quotes[1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2019年他回到村里种茶。\n" + NEWS, "dateline+1 no-year 04-09"),  # a year long past says nothing
        ("", "nothing"),
        ("一篇没有日子的文章。", "nothing"),
        ("The harvest festival opened yesterday.", "nothing"),
        ("本报讯 2月31日，开会。2025年产值三亿元。", "nothing"),  # a slip of the scan: no such day
        (NEWS, "dateline+1 no-year 04-09"),
    ],
)
def test_what_is_not_said_is_not_told(text: str, reason: str) -> None:
    issue = infer_issue_date(text)
    assert issue.day is None
    assert issue.reason == reason


def test_a_day_to_come_is_not_news() -> None:
    assert infer_issue_date("茶王赛将于4月28日，在县城举行。").reason == "nothing"
    assert infer_issue_date("2024年4月28日，他回到了村里。").reason == "nothing"
    assert infer_issue_date("4月28日，将举行茶王赛，报名截止前一天。").reason == "nothing"


def test_a_year_that_is_given_fills_the_gap_and_no_more() -> None:
    assert infer_issue_date(NEWS, 2029) == (date(2029, 4, 9), infer_issue_date(NEWS).spans, "dateline+1 year:given")
    assert infer_issue_date(NEWS + PLAN, 2029).day == date(2031, 4, 9)


def test_a_weekday_decides_between_years() -> None:
    said = "2025年产值三亿元。2025年一季度增长两成。\n" + NEWS  # speaks for 2026 and for 2025 alike
    assert infer_issue_date(said + "比赛4月8日（星期二）开始。").day == date(2025, 4, 9)
    assert infer_issue_date(said + "比赛4月8日（星期三）开始。").day == date(2026, 4, 9)


@pytest.mark.skipif(not PRESS.exists(), reason=NOT_THERE)
@pytest.mark.parametrize(("page", "day"), [("000", (4, 25)), ("001", (4, 24)), ("002", (5, 16))])
def test_the_labelled_pages(page: str, day: tuple[int, int]) -> None:
    path = next(PRESS.glob(f"{page}_*.txt"))
    with path.open(encoding="utf-8", newline="") as file:
        assert infer_issue_date(file.read()).day == date(2026, *day)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027年3月9日 星期二\n\n" + NEWS, ["2027年3月9日 星期二", "本报讯 4月8日"]),
        ("2027年3月9日 星期五\n\n本报讯 昨日，县里开会。", ["2027年3月9日 星期五"]),
        ("2027年4月9日 星期五\n\n县里开会。\n\n2027年4月16日 星期五", ["2027年4月9日 星期五", "2027年4月16日 星期五"]),
    ],
)
def test_a_page_that_contradicts_itself_has_no_day(text: str, shown: list[str]) -> None:
    issue = infer_issue_date(text, 2027)
    assert (issue.day, issue.reason) == (None, "contradictory")
    assert [text[slice(*span)] for span in issue.spans] == shown


def test_a_wrong_weekday_counts_little_where_the_news_agree() -> None:
    assert infer_issue_date("2027年4月9日 星期二\n\n" + NEWS).day == date(2027, 4, 9)


@pytest.mark.parametrize(
    "history",
    [
        "茶会自2000年创办以来年年增长。",
        "产值比2024年增长一倍。",
        "突破2024年全年的纪录。",
        "从2019年的3亿元增长到现在的5亿元。",
    ],
)
def test_a_year_that_is_only_compared_with_says_nothing(history: str) -> None:
    assert infer_issue_date(history + "\n" + NEWS)[::2] == (None, "dateline+1 no-year 04-09")
