"""Which points of which series statements are, and what a card is made of."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sundry.engines.reading.model import Basis, BasisSource, Bound, Type
from sundry.insight.observatory.rules import Actuality, Standing, StatementView
from sundry.insight.observatory.series_rules import card_of, observations_of, wider_than

PAGE, OTHER = uuid.uuid4(), uuid.uuid4()
DAY = date(2031, 4, 24)


def said(context: str, quote: str, value: str = "12.5", **more: Any) -> StatementView:
    """A statement of exports in the first quarter, quoted from its sentence."""
    start = context.index(quote)
    values: dict[str, Any] = {
        "id": uuid.uuid4(), "page": PAGE, "page_name": "a.txt", "issued": DAY, "article": 0,
        "spans": ((start, start + len(quote)),), "quote": quote, "context": context, "context_start": 0,
        "type": Type.LEVEL, "indicator": "外贸出口额", "indicator_key": "exports", "subject": "麓泽市",
        "region_code": "990182", "region": "麓泽市", "period": "2031-Q1", "starts_on": date(2031, 1, 1),
        "ends_on": date(2031, 3, 31), "value": Decimal(value), "low": None, "high": None, "unit": "亿元",
        "base_value": Decimal(value) * 100_000_000, "base_unit": "元", "bound": Bound.EQ,
        "kinds": ("cumulative", "actual"), "basis": None, "basis_source": BasisSource.UNKNOWN, "versus": None,
        "confidence": 0.9, "standing": Standing.PUBLISHED, "inherited": {}, "passed": 0, "failed": 0, "decimals": 1,
    }  # fmt: skip
    return StatementView(**values | more)


def growth(context: str, quote: str, value: str = "8.1", **more: Any) -> StatementView:
    base = {"type": Type.GROWTH, "unit": "%", "base_unit": "%", "base_value": Decimal(value), "basis": Basis.NOMINAL}
    return said(context, quote, value, **base | more)


LEVEL = said("一季度，全市出口12.5亿元。", "出口12.5亿元")


def test_a_figure_said_three_times_is_one_point_supported_thrice() -> None:
    again = replace(LEVEL, id=uuid.uuid4(), confidence=0.95)
    (point,) = observations_of([LEVEL, again, again])
    assert (point.value, point.supports, point.confidence, point.statement) == (
        Decimal(1_250_000_000), 3, 0.95, LEVEL.id,
    )  # fmt: skip
    assert (point.period, point.vintage, point.decimals) == ("2031-Q1", DAY, 1)
    assert (point.key.accumulation, point.key.basis, point.key.unit) == ("ytd", "", "元")


def test_two_numbers_are_two_points() -> None:
    other = said("一季度，全市出口12.8亿元。", "出口12.8亿元", "12.8")
    assert [one.value for one in observations_of([LEVEL, other])] == [1_250_000_000, 1_280_000_000]


@pytest.mark.parametrize(
    "left_out",
    [
        {"standing": Standing.REVIEW},
        {"standing": Standing.REJECTED},
        {"indicator_key": ""},
        {"region_code": None},
        {"period": None},
        {"type": Type.DURATION},
        {"type": Type.ENUMERATION},
        {"value": None, "base_value": None},
    ],
)
def test_what_is_of_no_series(left_out: dict[str, Any]) -> None:
    assert observations_of([replace(LEVEL, **left_out)]) == ()


def test_a_decline_turns_the_number_and_its_bound() -> None:
    down = growth("一季度，全市出口下降超5%。", "下降超5%", "5", bound=Bound.GT, low=Decimal(5), base_value=Decimal(-5))
    (point,) = observations_of([down])
    assert (point.value, point.low, point.high, point.bound) == (Decimal(-5), None, Decimal(-5), Bound.LT)


def test_what_is_not_exact_has_limits_in_the_base_unit() -> None:
    band = said(
        "一季度，全市出口5500余万元。", "出口5500余万元", "5500", unit="万元", bound=Bound.BAND, low=Decimal(5500),
        high=Decimal(5600), base_value=Decimal(55_000_000), decimals=0,
    )  # fmt: skip
    (point,) = observations_of([band])
    assert (point.value, point.low, point.high) == (Decimal(55_000_000), Decimal(55_000_000), Decimal(56_000_000))
    exact = observations_of([LEVEL])[0]
    assert (exact.low, exact.high) == (None, None)


def test_what_is_compared_with_another_thing_is_another_series() -> None:
    yearly = growth("一季度，全市出口同比增长8.1%。", "同比增长8.1%")
    monthly = growth("一季度，全市出口环比增长2.1%。", "环比增长2.1%", "2.1")
    assert [one.key.versus for one in observations_of([yearly, monthly])] == ["", "环比"]
    gap = growth("增速高于全省1.2个百分点。", "高于全省1.2个百分点", "1.2", type=Type.GAP, versus="990000")
    assert observations_of([gap])[0].key.versus == "990000"


def test_a_way_of_counting_that_the_name_says_is_none() -> None:
    jobs = said(
        "一季度，城镇新增就业1.3万人。", "新增就业1.3万人", "1.3", indicator="城镇新增就业", indicator_key="new_jobs"
    )
    assert observations_of([jobs])[0].key.versus == ""


def test_the_rank_of_a_growth_is_another_than_that_of_the_level() -> None:
    text = "总量、增速均居岑江第一。"
    level = said(text, "居岑江第一", "1", type=Type.RANK, unit="位", base_value=Decimal(1), versus="岑江")
    pace = replace(level, indicator="外贸出口额增速")
    assert [one.key.versus for one in observations_of([level, pace])] == ["岑江", "岑江 增速"]


@pytest.mark.parametrize(
    ("kinds", "actuality"),
    [
        (("actual",), Actuality.ACTUAL),
        (("target",), Actuality.TARGET),
        (("preliminary", "actual"), Actuality.PRELIMINARY),
    ],
)
def test_what_is_aimed_at_has_not_happened(kinds: tuple[str, ...], actuality: Actuality) -> None:
    assert observations_of([replace(LEVEL, kinds=kinds)])[0].actuality is actuality


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "actuality"),
    [
        (date(2031, 4, 24), date(2031, 4, 30), Actuality.ACTUAL),  # a stock of this month
        (date(2031, 4, 25), date(2031, 4, 30), Actuality.TARGET),
        (date(2031, 1, 1), date(2031, 12, 31), Actuality.ACTUAL),  # this year, as far as it has come
        (None, date(2033, 12, 31), Actuality.TARGET),  # until 2033
        (date(2018, 7, 1), None, Actuality.ACTUAL),  # since 2018
    ],
)
def test_what_is_to_come_has_not_happened(starts_on: date | None, ends_on: date | None, actuality: Actuality) -> None:
    (point,) = observations_of([replace(LEVEL, period="asof 2031-04", starts_on=starts_on, ends_on=ends_on)])
    assert point.actuality is actuality
    undated = replace(LEVEL, period="asof 2031-04", starts_on=starts_on, ends_on=ends_on, issued=None)
    assert observations_of([undated])[0].actuality is Actuality.ACTUAL


def test_a_real_and_a_nominal_growth_are_two_series() -> None:
    one = growth("一季度，全市出口增长8.1%。", "增长8.1%")
    keys = {point.key for point in observations_of([one, replace(one, id=uuid.uuid4(), basis=Basis.REAL)])}
    assert {key.basis for key in keys} == {"nominal", "real"}


@pytest.mark.parametrize(
    ("code", "wider"),
    [
        ("990182", {"990100", "990000", "CN"}),
        ("990100", {"990000", "CN"}),
        ("990000", {"CN"}),
        ("CN", set()),
        ("", set()),
    ],
)
def test_what_a_place_lies_in(code: str, wider: set[str]) -> None:
    assert wider_than(code) == wider


def test_a_card_leaves_out_targets_and_other_ways_of_counting() -> None:
    aim = replace(LEVEL, id=uuid.uuid4(), kinds=("target",), value=Decimal(60))
    monthly = growth("一季度，全市出口环比增长2.1%。", "环比增长2.1%", "2.1")
    yearly = growth("一季度，全市出口同比增长8.1%。", "同比增长8.1%")
    card = card_of("exports", "990182", [aim, LEVEL, monthly, yearly])
    assert (card.level, card.growth) == (LEVEL, yearly)


def test_a_card_takes_the_newest_page_and_of_it_the_surest() -> None:
    newest = replace(LEVEL, id=uuid.uuid4(), page=OTHER, confidence=0.7, value=Decimal("12.6"))
    sure = replace(newest, id=uuid.uuid4(), confidence=0.8)
    card = card_of("exports", "990182", [newest, sure, LEVEL])
    assert card.level == sure


def test_a_card_says_who_says_the_same() -> None:
    elsewhere = replace(LEVEL, id=uuid.uuid4(), page=OTHER)
    here_again = replace(LEVEL, id=uuid.uuid4())
    card = card_of("exports", "990182", [LEVEL, here_again, elsewhere], shown=LEVEL)
    assert card.same == (elsewhere,)
    assert card_of("exports", "990182", []).same == ()
