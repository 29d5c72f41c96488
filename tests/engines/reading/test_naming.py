"""What a number is of."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of, one

from sundry.engines.reading.model import Type
from sundry.engines.reading.naming import stock_of


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("竹笋产量3万吨", "竹笋产量", ""),  # a plain word with another noun before it
        ("粮食产量3万吨", "粮食总产量", "grain"),
        ("规上工业企业实现增加值68亿元", "规模以上工业增加值", "va_industry_scale"),
        ("会展业实现营业收入4亿元", "会展业营业收入", ""),
        ("新增上市公司3家", "新增上市公司", ""),
        ("拥有上市公司3家", "上市公司", "listed_firms"),
        ("86家本地企业携新品亮相", "参展企业数", "fair_exhibitors"),
        ("产品销往32个国家和地区", "贸易往来国家和地区数", "trading_partners"),
        ("来自32个国家和地区", "国家和地区", ""),
        ("签下近40万元的合同", "合同", ""),
        ("近4万外籍常住人口", "外籍常住人口", "population_foreign"),
        ("网店销售额从2万元增长到26万元", "网店销售额", ""),
    ],
)
def test_the_name_of_an_amount(text: str, name: str, key: str) -> None:
    draft = drafts_of(text)[-1]
    assert draft.named is not None
    assert (draft.named.name, draft.named.indicator.key if draft.named.indicator else "") == (name, key)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("房地产业工资总额增长3%", "房地产业工资总额"),
        ("房地产业增加值增长3%", "房地产业增加值"),
        ("陶瓷产业投资快速增长，同比增长21%", "陶瓷产业投资"),
    ],
)
def test_the_name_of_a_growth(text: str, name: str) -> None:
    assert one(text, Type.GROWTH).name == name


def test_the_share_and_the_contribution_are_of_who_has_them() -> None:
    share = one("民营企业出口占全市出口总额的81%", Type.SHARE)
    assert share.name == "民营企业出口"
    assert share.versus == "exports"
    part = one("机电产品出口对出口增长的贡献率为54%", Type.CONTRIBUTION)
    assert part.named is not None
    assert part.named.indicator is not None
    assert (part.named.indicator.key, part.versus) == ("mechanical_export", "exports")


def test_the_stock_of_what_is_new() -> None:
    (draft,) = drafts_of("新增上市公司3家")
    assert draft.named is not None
    stock = stock_of(draft.named)
    assert stock.indicator is not None
    assert stock.indicator.key == "listed_firms"


def test_a_number_without_a_noun_is_named_by_nobody() -> None:
    assert [draft.rule for draft in drafts_of("累计达到3万吨。")] == ["nameless"]


def test_a_unit_outside_the_class_is_not_taken() -> None:
    assert all(draft.rule != "level" for draft in drafts_of("出口12亩。"))
