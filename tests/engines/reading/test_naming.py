"""What a number is of."""

from __future__ import annotations

import pytest
from reading.saying import drafts_of, one

from sundry.engines.reading.context import Context
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
        ("来自32个国家和地区", "来源国家和地区", ""),
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


@pytest.mark.parametrize(
    ("text", "key"),
    [("民营企业前4个月进出口9亿元", "private_trade"), ("市场采购前两月出口9亿元", "procurement_export")],
)
def test_a_name_may_have_its_period_in_the_middle(text: str, key: str) -> None:
    (draft,) = drafts_of(text)
    assert draft.named is not None
    assert draft.named.indicator is not None
    assert draft.named.indicator.key == key


def test_the_countries_of_a_fair_are_those_of_its_buyers() -> None:
    text = "共吸引27个国家和地区的客商到场"
    (draft,) = drafts_of(text, Context(is_fair=True))
    assert (draft.name, draft.region) == ("来源国家和地区", None)
    (other,) = drafts_of("产品覆盖27个国家和地区", Context(is_fair=True))
    assert other.named is not None
    assert other.named.indicator is not None


def test_what_was_sown_and_what_was_reaped() -> None:
    sown, reaped = drafts_of("全村种花生700亩，收了154吨")
    assert (sown.name, reaped.name) == ("花生种植面积", "花生产量")
    assert [draft.name for draft in drafts_of("全村种子田30亩")] == ["全村种子田"]


def test_a_correction_is_no_part_of_the_name() -> None:
    assert one("乡镇零售额应为7.7亿元", Type.LEVEL).name == "乡镇零售额"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("来自国内14个省（区、市）的参会者", ["来源省"]),
        ("标准展位1500个，比上届多出130个", ["展位", "展位增加数"]),
        ("580家企业参展，上届这一数字为510家", ["参展企业数", "参展企业数"]),
        ("18个项目集中签约", ["签约项目"]),
        ("累计开播120场次，成交1.7万单", ["开播场次", "成交单数"]),
        ("南坡村有290户1130人", ["户数", "人口"]),
        ("稻谷已收购18万吨", ["稻谷收购量"]),
        ("项目用地85亩", ["项目用地面积"]),
        ("达产后年产各类阀门70万台", ["各类阀门年产量"]),
        ("400米长的连廊", ["连廊长度"]),
        ("展示种植模式70种", ["种植模式"]),
        ("海外收入占比达40%", ["海外收入"]),
        ("苇席产销量、出口量均占全国七成以上", ["苇席产销量", "出口量"]),
    ],
)
def test_names_in_the_report_on_a_fair_or_a_company(text: str, names: list[str]) -> None:
    found = [draft.name for draft in drafts_of(text) if draft.rule != "nameless"]
    assert len(found) == len(names)
    assert all(name in one for name, one in zip(names, found, strict=True)), found
