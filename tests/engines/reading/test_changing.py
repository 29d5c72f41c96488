"""Changes: what they are of, in what unit, against what, and over which time."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.saying import drafts_of

from sundry.engines.reading.model import Type


@pytest.mark.parametrize(
    ("text", "type_", "name", "unit"),
    [
        ("常住人口98.7万人，比上年末增加0.6万人", Type.LEVEL, "常住人口增加数", "万人"),
        ("出口12亿元，比上年同期多1.4亿元", Type.LEVEL, "外贸出口额增加额", "亿元"),
        ("共有312家企业参展，较上届多26家", Type.COUNT, "参展企业增加数", "家"),
        ("粮食亩产425公斤，比上年增加6公斤", Type.LEVEL, "粮食亩产增加数", "公斤/亩"),
        ("出口12亿元，同比减少1.4亿元", Type.LEVEL, "外贸出口额减少额", "亿元"),
    ],
)
def test_an_increase_is_a_figure_of_its_own(text: str, type_: Type, name: str, unit: str) -> None:
    draft = drafts_of(text)[-1]
    assert (draft.rule, draft.type, draft.name, draft.unit) == ("increase", type_, name, unit)


def test_what_follows_an_increase_is_of_the_whole() -> None:
    drafts = drafts_of("出口12亿元，比上年同期多1.4亿元，增长13.2%")
    assert [draft.name for draft in drafts] == ["外贸出口额", "外贸出口额增加额", "外贸出口额"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("截至3月末，存款余额310亿元，比年初增加14亿元", "2031-Q1"),
        ("截至4月末，存款余额310亿元，比年初增加14亿元", "2031-01/2031-04"),
        ("截至2030年12月末，存款余额310亿元，比年初增加14亿元", "2030"),
        ("截至4月末，存款余额310亿元，比年初增加14亿元，同比少增2亿元", "2031-01/2031-04"),
    ],
)
def test_since_the_new_year(text: str, period: str) -> None:
    draft = drafts_of(text)[-1]
    assert draft.period is not None
    assert draft.period.code == period


@pytest.mark.parametrize(
    ("text", "versus"),
    [
        ("一季度，出口增长9%，增速比上年同期加快1.2个百分点", "2030-Q1"),
        ("1-4月，出口增长9%，增速比去年同期加快1.2个百分点", "2030-01/2030-04"),
        ("1-4月，出口增长9%，增速较一季度提高1.2个百分点", "2031-Q1"),
        ("出口增长9%，增速比去年同期加快1.2个百分点", None),
    ],
)
def test_what_a_difference_is_against(text: str, versus: str | None) -> None:
    assert drafts_of(text)[-1].versus == versus


def test_a_mean_growth_is_of_its_years() -> None:
    draft = drafts_of("出口由2025年的31亿元增加到2030年的41亿元，年均增长5.8%")[-1]
    assert draft.period is not None
    assert (draft.value, draft.period.code) == (Decimal("5.8"), "2026/2030")
