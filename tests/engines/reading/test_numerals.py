"""Numbers in words are read back as they were written, and what is no number in full is none in part."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.numerals import band, match, power, read_chinese

SIGNS = "零一二三四五六七八九"


def in_words(number: int) -> str:
    """`number`, 0 to 99,999,999, as it is written out in full: 30500 is 三万零五百."""
    if number < 10_000:
        return _below_a_myriad(number) or "零"
    head, rest = divmod(number, 10_000)
    gap = "零" if rest and rest < 1000 else ""
    return f"{_below_a_myriad(head)}万{gap}{_below_a_myriad(rest)}"


def _below_a_myriad(number: int) -> str:
    words, is_gap = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if is_gap and words else "") + SIGNS[digit] + sign
            is_gap = False
        else:
            is_gap = True
    return words.removeprefix("一") if words.startswith("一十") else words


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert read_chinese(in_words(number)) == number


def test_every_number_below_twenty_thousand_is_read_back() -> None:
    assert [number for number in range(20_000) if read_chinese(in_words(number)) != number] == []


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿", max_size=9))
def test_no_run_of_numerals_stops_the_reader(words: str) -> None:
    number = read_chinese(words)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    "words", ["十五五", "十四五", "三三", "百千", "二十十", "万", "", "零零五", "五百六百", "三零五十"]
)
def test_what_is_no_numeral_in_full_is_none(words: str) -> None:
    assert read_chinese(words) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("两万三", 23_000),
        ("三千五", 3500),
        ("一百零八", 108),
        ("二〇三一", 2031),
        ("一亿零三百", 100_000_300),
        ("二", 2),
    ],
)
def test_spoken_forms(words: str, number: int) -> None:
    assert read_chinese(words) == number


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "multiplier", "marks"),
    [
        ("3700多亿元", 3700, 3700, 3800, "亿", ("多",)),
        ("6400余万", 6400, 6400, 6500, "万", ("余",)),
        ("三十多座", 30, 30, 40, "", ("多",)),
        ("百余人", 100, 100, 200, "", ("余",)),
        ("千余份", 1000, 1000, 2000, "", ("余",)),
        ("1.3万余户", "1.3", "1.3", "1.4", "万", ("余",)),
        ("数十年", None, 20, 99, "", ("数",)),
        ("数千家", None, 2000, 9999, "", ("数",)),
        ("数百万元", None, 200, 999, "万", ("数",)),
        ("十几种", None, 11, 19, "", ("几",)),
        ("二十几种", None, 21, 29, "", ("几",)),
        ("上百名", 100, 100, None, "", ("上",)),
        ("三四百人", None, 300, 400, "", ("三四百",)),
        ("十六七岁", None, 16, 17, "", ("十六七",)),
        ("百万人次", 100, None, None, "万", ()),
        ("万亿元", 1, None, None, "万亿", ()),
        ("半年", "0.5", None, None, "", ()),
        ("2亿5000万元", 25_000, None, None, "万", ()),
        ("1,234.5万吨", "1234.5", None, None, "万", ()),
        ("三分之一", "0.3333333333333333333333333333", None, None, "", ()),
    ],
)
def test_what_is_printed(
    text: str, value: object, low: object, high: object, multiplier: str, marks: tuple[str, ...]
) -> None:
    found = match(text, 0)
    assert found is not None
    known = tuple(None if one is None else Decimal(str(one)) for one in (value, low, high))
    assert (found.value, found.low, found.high, found.multiplier, found.marks) == (*known, multiplier, marks)


def test_a_percentage_in_words_has_its_unit_and_its_decimals() -> None:
    found = match("百分之六点五", 0)
    assert found is not None
    assert (found.value, found.unit, found.decimals) == (Decimal("6.5"), "%", 1)


def test_decimals_are_kept_where_they_are_noughts() -> None:
    found = match("14.0%", 0)
    assert found is not None
    assert (found.value, found.decimals) == (Decimal("14.0"), 1)


@pytest.mark.parametrize("text", ["5千克", "3千米", "8百分点", "2千瓦"])
def test_a_unit_that_begins_with_a_multiplier_keeps_it(text: str) -> None:
    found = match(text, 0)
    assert found is not None
    assert (found.end, found.multiplier) == (1, "")


@pytest.mark.parametrize("text", ["十五五", "一二三产业", "数种", "几乎", "上海", "", "甲"])
def test_no_number_begins_here(text: str) -> None:
    assert match(text, 0) is None


@given(st.integers(min_value=1, max_value=10**9))
def test_a_vague_number_reaches_to_the_next_step(number: int) -> None:
    low, high = band(Decimal(number))
    step = high - low
    assert low == number
    assert number % int(step) == 0
    assert number // int(step) % 10 != 0


def test_powers_of_multipliers() -> None:
    assert [power(sign) for sign in ("十", "千万", "万亿", "千亿")] == [10, 10**7, 10**12, 10**11]
