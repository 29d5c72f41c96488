"""Amounts and durations: their unit and name, and what is kept back."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of

from sundry.engines.reading.confidence import confidence, is_published
from sundry.engines.reading.model import Type


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("高铁站日均发送旅客1.2万人次", "万人次/日"),
        ("柴油每升6.4元", "元/升"),
        ("茶叶每500克120元", "元/500克"),
        ("补贴每月300元", "元/月"),
        ("早稻亩产425公斤", "公斤/亩"),
        ("日均交易额3亿元", "亿元"),
        ("展会设8大展区", "个"),
    ],
)
def test_what_stands_before_a_number_is_in_its_unit(text: str, unit: str) -> None:
    assert drafts_of(text)[-1].unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "王女士花3万元",
        "昨天就卖出47台",
        "我们有30个",
        "全省90个县（市、区）",
        "380家民宿入住率达92%",
        "按2000元",
    ],
)
def test_a_number_of_nobody_is_kept_back(text: str) -> None:
    draft = drafts_of(text)[0]
    assert not is_published(confidence(draft.rule, draft.penalties))


def test_per_head_is_no_number_of_them() -> None:
    (draft,) = drafts_of("每万人拥有经营主体1100户")
    assert draft.name == "每万人市场经营主体"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("整体通关时间压缩至0.8小时", "整体通关时间"),
        ("两地车程由52分钟缩短至18分钟", "车程"),
        ("为期4天的展会", "展期"),
    ],
)
def test_how_long_it_takes(text: str, name: str) -> None:
    draft = drafts_of(text)[-1]
    assert draft.type is Type.DURATION
    assert name in draft.name
