"""One number by itself: the way of saying decides its type, and what fits none is kept back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.saying import drafts_of

from sundry.engines.reading.confidence import confidence, is_published
from sundry.engines.reading.context import Context
from sundry.engines.reading.model import Bound, Type


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("出口增长3.1%", Type.GROWTH),
        ("出口下降3.1%", Type.GROWTH),
        ("民营企业出口占出口总额的31%", Type.SHARE),
        ("机电产品出口对出口增长的贡献率达31%", Type.CONTRIBUTION),
        ("机电产品出口拉动出口增长3.1个百分点", Type.PULL),
        ("出口增速高于全省3.1个百分点", Type.GAP),
        ("出口增速比全省高3.1个百分点", Type.GAP),
        ("出口增速较上月提高3.1个百分点", Type.GROWTH_DELTA),
        ("城镇化率达71.3%", Type.LEVEL),
        ("城镇化率提高到71.3%", Type.LEVEL),
        ("行业增长面达71.3%", Type.LEVEL),
        ("出口增长1.3倍", Type.GROWTH),
        ("出口312亿元", Type.LEVEL),
        ("拥有高新技术企业312家", Type.COUNT),
        ("接待游客3.2万人次", Type.LEVEL),
        ("每套售价400元至900元", Type.RANGE),
        ("为期四天", Type.DURATION),
        ("六成以上的商户做网店", Type.SHARE),
    ],
)
def test_the_type(text: str, type_: Type) -> None:
    draft = drafts_of(text)[-1]
    assert draft.type is type_
    assert is_published(confidence(draft.rule, ()))


@pytest.mark.parametrize(
    "text",
    [
        "新技术让产量提高50%",  # over no period
        "出口较去年增加3亿元",  # a change, and no level
        "排名较去年前移3位",
        "3年行动计划出台",
        "三年一小步，走得稳",
        "第3年开展活动",
        "63岁的老陶工",
        "聚焦三项重点",
        "“两高三强”有新内容",
        "组织5公里健康跑",
        "销售312。",
    ],
)
def test_what_is_no_figure_is_not_published(text: str) -> None:
    assert not [draft for draft in drafts_of(text) if is_published(confidence(draft.rule, draft.penalties))]


def test_a_bracket_belongs_to_the_name_before_it() -> None:
    region, year, branch, part = (
        drafts_of(text)[index]
        for text, index in [
            ("出口增速高于全省（2.0%）1.1个百分点", 0),
            ("出口增速较去年全年（2.0%）提高1.1个百分点", 0),
            ("带动大的是医药制造业（增长9%，贡献率为12%）", 0),
            ("带动大的是医药制造业（增长9%，贡献率为12%）", 1),
        ]
    )
    assert region.region is not None
    assert region.region.code == "350000"
    assert year.period is not None
    assert year.period.code == "2030"
    assert (branch.type, part.type) == (Type.GROWTH, Type.CONTRIBUTION)
    assert branch.name == part.name == "医药制造业增加值"


def test_the_gap_is_carried_to_the_next_region() -> None:
    drafts = drafts_of("出口增长9%，高于全省3.7个百分点、全国5.0个百分点")
    assert [(draft.type, draft.versus) for draft in drafts[1:]] == [(Type.GAP, "350000"), (Type.GAP, "CN")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("出口下降3.1%", "-3.1"), ("出口由降转升，增长3.1%", "3.1"), ("出口降幅为3.1%", "-3.1"), ("出口下降近三成", "-30"),
     ("出口翻了两番", "300"), ("出口增速比全省低3.1个百分点", "-3.1"), ("出口增速回落3.1个百分点", "-3.1"),
     ("出口降幅收窄3.1个百分点", "3.1"), ("贷款利率比年初下降25个基点", "-25")],
)  # fmt: skip
def test_downwards_is_negative(text: str, value: str) -> None:
    assert drafts_of(text)[-1].value == Decimal(value)


def test_the_ends_of_a_fall_change_places() -> None:
    (draft,) = drafts_of("出口下降超过3%")
    assert draft.number is not None
    assert (draft.number.low, draft.number.high, draft.number.bound) == (None, Decimal(-3), Bound.LT)


def test_a_vague_number_has_ends_and_no_value() -> None:
    (draft,) = drafts_of("走访企业数十家")
    assert draft.value is None
    assert draft.low is not None
    assert draft.high is not None


def test_per_day_is_in_the_unit() -> None:
    (draft,) = drafts_of("智能窑炉日产2万片瓷砖")
    assert draft.unit == "万片/日"
    assert draft.name == "智能窑炉日产量"


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [("境外采购商比上届多了两成", 20, "境外采购商"), ("展位数量比去年少了一成", -10, "展位")],
)
def test_tenths_more_than_before_are_a_growth(text: str, value: int, name: str) -> None:
    (draft,) = drafts_of(text)
    assert (draft.type, draft.value, draft.unit) == (Type.GROWTH, value, "%")
    assert draft.name.startswith(name)


@pytest.mark.parametrize("text", ["货不满一箱的先不发", "饭香飘满半条巷", "他第一次来青禾"])
def test_a_way_of_speaking_counts_nothing(text: str) -> None:
    assert not [draft for draft in drafts_of(text) if is_published(confidence(draft.rule, draft.penalties))]


def test_trade_alone_is_what_a_contribution_is_to() -> None:
    (draft,) = drafts_of("民营企业进出口对全市外贸增长的贡献率为81.2%")
    assert (draft.type, draft.versus) == (Type.CONTRIBUTION, "trade")


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("国内市场占有率达23%", [Type.SHARE]),
        ("良品率从最初的52%提高到如今的97.5%", [Type.LEVEL, Type.LEVEL]),
        ("稻谷总产量9万吨，比上年减产一成", [Type.LEVEL, Type.GROWTH]),
        ("大果占到五成半", [Type.SHARE]),
        ("国内市场占有率达23%，位居第三，全球第五", [Type.SHARE, Type.RANK, Type.RANK]),
        ("公司争取2到4年内跻身全球前两名", [Type.DURATION]),  # nobody says of what
    ],
)
def test_percentages_of_a_company_and_a_village(text: str, types: list[Type]) -> None:
    drafts = [draft for draft in drafts_of(text) if is_published(confidence(draft.rule, draft.penalties))]
    assert [draft.type for draft in drafts] == types


@pytest.mark.parametrize(
    "text",
    ["收购价才5块6", "村里的收入涨了，霜冻让全村减产两成", "开展头一天签了7单", "我们有‘4个20’目标", "给社员二次返利"],
)
def test_what_is_said_in_passing_is_kept_back(text: str) -> None:
    assert not [draft for draft in drafts_of(text) if is_published(confidence(draft.rule, draft.penalties))]


def test_how_long_a_fair_took() -> None:
    fair = Context(is_fair=True)
    (took,) = drafts_of("为期9天的渔具博览会落幕", fair)
    (inside,) = drafts_of("两天里订单不断", fair)
    assert (took.name, inside.name) == ("展期", "展期")


def test_the_quote_of_a_thing_far_behind_its_maker_is_the_number_with_its_noun() -> None:
    text = "公司从一家不大的本地机床企业拿到了380台的试订单"
    (draft,) = [draft for draft in drafts_of(text) if draft.unit == "台"]
    assert text[draft.start : draft.end].startswith("380台")
