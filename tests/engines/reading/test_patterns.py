"""Each way of saying, and the twin that means something else."""

from __future__ import annotations

import re

import pytest

from sundry.engines.reading import patterns
from sundry.engines.reading.model import Period
from sundry.engines.reading.patterns import as_stock, han_number, masked, other_growth


@pytest.mark.parametrize(
    ("pattern", "says", "twin"),
    [
        (patterns.GROW, "同比增长", "增加值"),
        (patterns.GROW, "增加", "增长面"),
        (patterns.RANK, "居全省第一", "居全省第一方阵"),
        (patterns.RANK, "位列第3位", "排名前10的行业"),
        (patterns.TO, "提高到", "提高"),
        (patterns.GAP, "高于全省", "较去年全年加快"),
        (patterns.GAP, "比全省平均水平高", "比上月提高"),
        (patterns.QUALITATIVE, "由负转正", "从正面看"),
        (patterns.QUALITATIVE, "创历史新高", "再创新业绩"),
        (patterns.DONE, "完成年度目标的", "明确年度目标，"),
        (patterns.NOW, "目前，全市", "目前形势"),
        (patterns.OFFER, "一次性奖励", "获得订单"),
    ],
)
def test_a_way_of_saying_and_its_twin(pattern: re.Pattern[str], says: str, twin: str) -> None:
    assert pattern.search(says)
    assert not pattern.search(twin)


@pytest.mark.parametrize(
    ("words", "number"), [("十", 10), ("十二", 12), ("二十三", 23), ("八", 8), ("17", 17), ("九十", 90)]
)
def test_numerals_of_places(words: str, number: int) -> None:
    assert han_number(words) == number


@pytest.mark.parametrize(
    ("code", "stock"),
    [
        ("2031", "asof 2031-12"), ("2031-Q2", "asof 2031-06"), ("2031-H1", "asof 2031-06"), ("2031-04", "asof 2031-04"),
        ("2031-01/2031-04", "asof 2031-04"), ("asof 2031-05", "asof 2031-05"), ("until 2035", "until 2035"),
    ],
)  # fmt: skip
def test_a_stock_is_counted_at_the_end(code: str, stock: str) -> None:
    assert as_stock(Period(code)).code == stock


def test_brackets_are_blank_and_keep_their_length() -> None:
    assert masked("高于全省（6.1%）1.2个百分点") == "高于全省（    ）1.2个百分点"


@pytest.mark.parametrize(
    ("head", "kinds"), [("同比增长", ()), ("环比增长", ("on_previous_period",)), ("两年平均增长", ("average",))]
)
def test_what_is_no_growth_over_the_year_before(head: str, kinds: tuple[str, ...]) -> None:
    assert other_growth(head) == kinds
