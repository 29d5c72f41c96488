"""When, where, on what basis."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of, one, sentence_of

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


@pytest.mark.parametrize(
    ("text", "aimed"),
    [
        ("力争出口增长5%左右，工业投资增长9%以上，城镇新增就业突破2万人", [True, True, True]),
        ("今年确保出口增长5%，实际利用外资达3亿美元", [True, True]),
        ("到2034年，全市高新技术企业达到95家，城镇化率达到70%", [True, True]),
        ("明年展览面积将扩大到7万平方米", [True]),
        ("大豆目标设定为播种面积9万亩，总产量1.6万吨以上", [True, True]),
        ("力争出口增长5%，一季度已增长6%，进口增长7%", [True, False, False]),  # what was reached
        ("力争全年出口增长5%，一季度进口增长7%", [True, False]),  # another period
        ("完成年度目标的43%，出口增长5%", [False]),
        ("截至4月末，高新技术企业达到95家，出口增长5%", [False, False]),
    ],
)
def test_a_target_word_governs_the_list_behind_it(text: str, aimed: list[bool]) -> None:
    drafts = [draft for draft in drafts_of(text) if draft.named is not None]
    assert ["target" in draft.kind for draft in drafts] == aimed


@pytest.mark.parametrize(
    ("text", "name", "period"),
    [
        ("力争地区生产总值增长5%", "地区生产总值", None),
        ("到2034年，全市高新技术企业达到95家", "国家高新技术企业", "until 2034"),
        ("到2034年，全市出口达到95亿元", "外贸出口额", "2034"),
    ],
)
def test_a_target_has_its_name_and_its_year(text: str, name: str, period: str | None) -> None:
    (draft,) = drafts_of(text)
    assert (draft.name, draft.period and draft.period.code) == (name, period)
    assert draft.named is not None
    assert draft.named.indicator is not None


def test_the_first_year_of_a_plan_said_by_the_way_is_no_period() -> None:
    context = Context().with_period(Period("2031-01/2031-02", is_cumulative=True), (0, 5))
    after = sentence_of("“十六五”开局之年，青禾迎来好兆头。", context).context
    assert after.period == context.period
    (draft,) = drafts_of("“十六五”开局之年出口增长5%。", context)
    assert draft.period == Period("2031")


def test_with_whom_a_town_trades_is_the_towns() -> None:
    (draft,) = drafts_of("对南美洲出口7.7亿元")
    assert draft.name == "对南美洲出口"
    assert draft.region is not None
    assert draft.region.code == "350999"


@pytest.mark.parametrize(("text", "is_revised"), [("修订后，出口增长5%", True), ("出口增长5%", False)])
def test_what_was_revised_says_so(text: str, is_revised: bool) -> None:
    assert ("revised" in one(text, Type.GROWTH).kind) == is_revised


def test_the_fair_before_this_one_has_no_period_here_and_a_day_is_its_own() -> None:
    fair = Context(event=Period("2031-05-02/2031-05-09"), event_span=(0, 9), is_fair=True)
    last = drafts_of("580家企业参展，上届为510家", fair)
    assert [draft.period.code if draft.period else None for draft in last] == ["2031-05-02/2031-05-09", ""]
    (day,) = drafts_of("5月4日单日入园7.7万人次", fair)
    assert day.period is not None
    assert day.period.code == "2031-05-04"
