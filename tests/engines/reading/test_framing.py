"""When, where, on what basis."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of, one

from sundry.engines.reading.context import Context
from sundry.engines.reading.model import Basis, BasisSource, Period, Type


def period_of(text: str, type_: Type = Type.GROWTH, context: Context | None = None) -> str | None:
    period = one(text, type_, context).period
    return period.code if period else None


def test_the_day_of_the_report_is_not_that_of_the_figure() -> None:
    assert period_of("5月8日，记者从市商务局获悉，一季度全市出口增长3%") == "2031-Q1"
    assert period_of("5月8日，记者从市商务局获悉，全市出口增长3%") is None


@pytest.mark.parametrize("said", ["较去年全年", "比上年", "较上年同期"])
def test_what_is_compared_with_does_not_enter_the_context(said: str) -> None:
    text = f"一季度，出口增长9%，{said}提高2个百分点，进口增长4%"
    assert [draft.period.code for draft in drafts_of(text) if draft.period] == ["2031-Q1"] * 3


def test_the_year_it_came_from_is_that_of_the_first_value_only() -> None:
    first, second = drafts_of("今年前4个月，民营企业出口占出口总额的比重由去年的71%提高到75%")
    assert first.period is not None
    assert first.period.code == "2030"
    assert second.period is not None
    assert second.period.code == "2031-01/2031-04"


def test_the_year_of_a_target_is_not_that_of_what_was_done() -> None:
    draft = one("1-4月，实际使用外资8600万美元，完成年度目标的43%", Type.SHARE)
    assert draft.period is not None
    assert draft.period.code == "2031-01/2031-04"
    assert "target" not in draft.kind


def test_a_stock_is_counted_at_the_end_of_its_period_and_else_now() -> None:
    assert period_of("2030年，全市常住人口98万人", Type.LEVEL) == "asof 2030-12"
    assert period_of("全市常住人口98万人", Type.LEVEL) == "asof 2031-05"
    assert "stock" in one("全市常住人口98万人", Type.LEVEL).kind


def test_what_a_policy_offers_has_no_period() -> None:
    assert period_of("一季度，对新办工作室一次性奖励30万元", Type.LEVEL) is None
    assert period_of("一季度，已发放奖励30万元", Type.LEVEL) == "2031-Q1"


def test_the_days_of_a_fair_count_for_what_it_counted() -> None:
    context = Context(event=Period("2031-05-13/2031-05-16"), event_span=(0, 3))
    assert period_of("吸引采购商2万人次", Type.LEVEL, context) == "2031-05-13/2031-05-16"
    assert period_of("5月16日，吸引采购商2万人次", Type.LEVEL, context) == "2031-05-13/2031-05-16"
    assert period_of("去年，吸引采购商2万人次", Type.LEVEL, context) == "2030"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("全省出口增长3%", "350000"),
        ("全市出口增长3%，全省增长2%", "350000"),  # the last
        ("对日本出口增长3%", "350999"),
        ("出口居全省前列，增长3%", "350999"),
        ("与全国持平，出口增长3%", "350999"),
    ],
)
def test_the_place_is_the_one_the_figure_is_of(text: str, code: str) -> None:
    draft = [draft for draft in drafts_of(text) if draft.type is Type.GROWTH][-1]
    assert (draft.region.code if draft.region else "350999") == code


@pytest.mark.parametrize(
    ("text", "basis", "source"),
    [
        ("生产总值按不变价格计算，同比增长5%", Basis.REAL, BasisSource.STATED),
        ("出口同比名义增长5%", Basis.NOMINAL, BasisSource.STATED),
        ("工业增加值增长5%", Basis.REAL, BasisSource.BY_CONVENTION),
        ("出口增长5%", Basis.NOMINAL, BasisSource.BY_CONVENTION),
        ("订单指数增长5%", None, BasisSource.UNKNOWN),
    ],
)
def test_the_price_basis_and_its_source(text: str, basis: Basis | None, source: BasisSource) -> None:
    draft = one(text, Type.GROWTH)
    assert (draft.basis, draft.basis_source) == (basis, source)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("力争出口增长5%", "target"), ("出口环比增长5%", "on_previous_period"),
     ("一季度出口增长5%", "cumulative"), ("初步核算，生产总值增长5%", "preliminary")],
)  # fmt: skip
def test_the_kind(text: str, kind: str) -> None:
    assert kind in one(text, Type.GROWTH).kind


def test_a_clause_without_a_number_may_say_of_what() -> None:
    assert one("陶瓷产业投资快速增长，同比增长21%", Type.GROWTH).name == "陶瓷产业投资"
