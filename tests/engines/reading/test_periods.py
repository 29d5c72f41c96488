"""Words for a time are resolved by the day of issue, and never by another one."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.periods import match, since

ISSUED = date(2031, 5, 10)
WORDS = {
    "一季度": "2031-Q1", "三季度": "2030-Q3", "第四季度": "2030-Q4", "1-2月": "2031-01/2031-02",
    "1至2月": "2031-01/2031-02", "1到4月份": "2031-01/2031-04", "1—2月": "2031-01/2031-02",
    "1月-10月": "2030-01/2030-10", "前两月": "2031-01/2031-02", "前4个月": "2031-01/2031-04", "上半年": "2031-H1",
    "下半年": "2030-H2", "前三季度": "2030-01/2030-09", "今年以来": "2031-01/", "去年全年": "2030", "今年": "2031",
    "上年": "2030", "明年一季度": "2032-Q1", "2029年": "2029", "2029年上半年": "2029-H1", "二〇二九年": "2029",
    "2029年6月": "2029-06", "4月12-14日": "2031-04-12/2031-04-14", "4月28日至5月3日": "2031-04-28/2031-05-03",
    "5月9日": "2031-05-09", "昨日": "2031-05-09", "8日": "2031-05-08", "28日": "2031-04-28",
    "截至4月底": "asof 2031-04", "截至2030年底": "asof 2030-12", "截至2030年": "asof 2030-12",
    "2030年末": "asof 2030-12", "去年底": "asof 2030-12", "近五年": "2026/2031", "过去十年": "2021/2031",
    "“十七五”期间": "2036/2040", "“十四五”时期": "2021/2025", "到2035年": "2035", "到2035年底": "until 2035-12",
    "2029年以来": "2029-01/", "2028年7月至今": "2028-07/", "自2027年起": "2027-01/", "2021-2025年": "2021/2025",
    "2030年11月至2031年2月": "2030-11/2031-02", "11月": "2030-11", "6月": "2031-06", "二季度以来": "2031-04/",
    "年底前": "until 2031-12", "9月底前": "until 2031-09", "3月底前": "until 2032-03", "上月": "2031-04",
    "2031.4.12": "2031-04-12", "今年的一季度": "2031-Q1", "年初": "asof 2031-01",
}  # fmt: skip


@pytest.mark.parametrize(("words", "code"), WORDS.items())
def test_the_words_and_their_code(words: str, code: str) -> None:
    found = match(words, 0, ISSUED)
    assert found is not None
    assert (words[: found.end], found.period.code) == (words, code)


@pytest.mark.parametrize(("words", "code"), WORDS.items())
def test_spaces_around_digits_change_nothing(words: str, code: str) -> None:
    spaced = re.sub(r"(?<=[0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9])", " ", words)
    found = match(spaced, 0, ISSUED)
    assert found is not None
    assert (spaced[: found.end], found.period.code) == (spaced, code)


@pytest.mark.parametrize("text", ["1 5月", "3.5月", "2 2029年"])
def test_digits_torn_apart_are_no_period(text: str) -> None:
    assert match(text, 2, ISSUED) is None


@pytest.mark.parametrize("words", ["去年同期", "上年同期", "2029年同期"])
def test_the_same_period_is_what_is_compared_with(words: str) -> None:
    found = match(words, 0, ISSUED)
    assert found is not None
    assert found.period.is_comparison
    assert found.key == "same_period"


@pytest.mark.parametrize(
    "words", ["昨日", "今年", "一季度", "5月9日", "截至4月底", "近三年", "去年同期", "8日", "年底"]
)
def test_without_a_day_of_issue_nothing_is_made_up(words: str) -> None:
    found = match(words, 0, None)
    assert found is not None
    assert found.period.code == ""


@pytest.mark.parametrize("words", ["2029年", "2029年6月8日", "2029年上半年", "到2035年", "“十四五”期间"])
def test_what_is_printed_in_full_needs_no_day_of_issue(words: str) -> None:
    found, other = match(words, 0, None), match(words, 0, ISSUED)
    assert found is not None
    assert other is not None
    assert (found.end, found.period.code.split()[-1]) == (other.end, other.period.code.split()[-1])


@pytest.mark.parametrize(
    "words", ["13月", "2月30日是", "月饼", "近几个人", "年轻", "5月饼", "20年", "3个月", "日产", "1980年代", "近年来"]
)
def test_what_is_no_period(words: str) -> None:
    found = match(words, 0, ISSUED)
    assert found is None or words[: found.end] in {"2月", "5月"}


def test_a_horizon_lies_ahead_and_a_stock_behind() -> None:
    assert [match(words, 0, ISSUED).key for words in ("到2035年", "到2029年")] == ["horizon", ""]  # type: ignore[union-attr]


def test_the_article_after_a_year_is_no_part_of_it() -> None:
    found = match("去年的4.5%", 0, ISSUED)
    assert found is not None
    assert found.end == 2


@given(st.dates(min_value=date(2001, 1, 2), max_value=date(2098, 12, 31)))
def test_yesterday_is_the_day_before(issued: date) -> None:
    found = match("昨日", 0, issued)
    assert found is not None
    assert found.period.code == (issued - timedelta(days=1)).isoformat()


@given(st.dates(min_value=date(2001, 1, 2), max_value=date(2098, 12, 31)), st.integers(1, 12))
def test_the_months_from_january_have_ended_or_are_under_way(issued: date, last: int) -> None:
    found = match(f"1-{last}月" if last > 1 else "1月份", 0, issued)
    assert found is not None
    year = int(found.period.code[:4])
    assert year in (issued.year - 1, issued.year, issued.year + 1)
    if last > 1:
        assert (year, last) <= (issued.year, issued.month + 3)


def test_the_last_months_end_with_the_month_of_issue() -> None:
    assert since(6, "个月", ISSUED).code == "2030-11/2031-05"


@pytest.mark.parametrize(
    ("text", "month", "code"),
    [
        ("全年粮食产量", 3, "2030"),
        ("力争全年粮食产量", 3, "2031"),
        ("预计全年粮食产量", 1, "2030"),  # the estimate of a year that has just ended
        ("年度目标", 4, "2031"),
        ("全年粮食产量", 12, "2031"),
        ("1—3月用电量", 5, "2031-Q1"),
        ("1至6月用电量", 8, "2031-H1"),
        ("1—5月用电量", 8, "2031-01/2031-05"),
    ],
)
def test_the_whole_year_and_its_parts(text: str, month: int, code: str) -> None:
    found = next(filter(None, (match(text, at, date(2031, month, 20)) for at in range(len(text)))))
    assert found.period.code == code
