"""分别: so many names and so many values."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of

from sundry.engines.reading.model import Type


def told(text: str) -> list[tuple[str, str]]:
    return [(draft.name, str(draft.value)) for draft in drafts_of(text) if draft.rule == "distributive"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("出口、进口分别增长12.9%、9.6%", [("外贸出口额", "12.9"), ("外贸进口额", "9.6")]),
        ("出口和进口分别为20亿元和6亿元", [("外贸出口额", "20"), ("外贸进口额", "6")]),
        (
            "第一、二、三产业增加值分别增长2%、5%和6%",
            [("第一产业增加值", "2"), ("第二产业增加值", "5"), ("第三产业增加值", "6")],
        ),
        (
            "交通运输、仓储和邮政业，金融业2个行业增加值分别增长7%、8%",
            [("交通运输、仓储和邮政业增加值", "7"), ("金融业增加值", "8")],
        ),
        ("餐饮业、住宿业营业额分别增长7%和8%", [("餐饮业营业额", "7"), ("住宿业营业额", "8")]),
        ("瓷砖、洁具等产品产量分别增长7%、8%", [("瓷砖产量", "7"), ("洁具产量", "8")]),
        ("对非洲、中东分别出口7亿元、8亿元", [("非洲出口", "7"), ("中东出口", "8")]),
    ],
)
def test_each_to_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_the_names_may_stand_before() -> None:
    text = "接待游客30万人次，旅游收入2亿元，分别增长7%和8%"
    assert told(text) == [("接待游客", "7"), ("旅游总收入", "8")]


def test_where_the_numbers_differ_none_is_published() -> None:
    drafts = [draft for draft in drafts_of("出口、进口分别增长12.9%、9.6%、3.3%") if draft.type is Type.GROWTH]
    assert [draft.rule for draft in drafts] == ["lengths"] * 3


def test_several_regions_and_one_name() -> None:
    drafts = drafts_of("出口增长9%，分别高于全国、全省1.4个、0.6个百分点")
    gaps = [(draft.versus, str(draft.value), draft.unit) for draft in drafts if draft.type is Type.GAP]
    assert gaps == [("CN", "1.4", "百分点"), ("350000", "0.6", "百分点")]


def test_the_unit_of_the_last_is_that_of_all() -> None:
    drafts = drafts_of("出口增速、进口增速分别提高1.4个和0.6个百分点")
    assert {draft.unit for draft in drafts} == {"百分点"}
