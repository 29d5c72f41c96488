"""Sums, parts, shares, contributions and pulls, on invented pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.invented import NOMINAL, REAL, TOWN, said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import checks_of
from sundry.engines.reading.model import Basis, Bound, Check, Outcome, Statement


def levels(whole: str, parts: dict[str, str], name: str, unit: str = "亿元") -> tuple[str, list[Statement]]:
    listed = "，".join(f"{part}{value}{unit}" for part, value in parts.items())
    text = f"一季度，全县{name}{whole}{unit}，其中{listed}。"
    statements = [said(text, f"{name}{whole}{unit}", "level", name, whole, unit)]
    statements += [said(text, f"{part}{value}{unit}", "level", part, value, unit) for part, value in parts.items()]
    return text, statements


SUMS = [
    ("进出口总额", "48.2", {"出口": "41.7", "进口": "6.5"}, Outcome.HOLDS, Note.AGREES, ""),
    ("进出口总额", "48.2", {"出口": "41.72", "进口": "6.51"}, Outcome.HOLDS, Note.AGREES, ""),
    ("进出口总额", "48.3", {"出口": "41.7", "进口": "6.5"}, Outcome.EXPLAINED, Note.WITHIN_ROUNDING, ""),
    ("进出口总额", "48.2", {"出口": "41.7", "进口": "65"}, Outcome.FAILS, Note.CANNOT_BE, "65->6.5"),
    ("进出口总额", "48.2", {"出口": "4.17", "进口": "6.5"}, Outcome.FAILS, Note.CANNOT_BE, "4.17->41.7"),
    ("进出口总额", "68.2", {"出口": "41.7", "进口": "6.5"}, Outcome.FAILS, Note.CANNOT_BE, "41.7->61.7"),
    ("社会消费品零售总额", "90.4", {"城镇": "70.1", "乡村": "20.3"}, Outcome.HOLDS, Note.AGREES, ""),
    ("一般公共预算收入", "12.0", {"税收收入": "9.1", "非税收入": "3.9"}, Outcome.FAILS, Note.CANNOT_BE, "12.0->13.0"),
    (
        "农林牧渔业总产值",
        "51.4",
        {"农业": "27.3", "林业": "2.41", "牧业": "18.8", "渔业": "12.6"},
        Outcome.FAILS,
        Note.SUM_OVER_WHOLE,
        "",
    ),
]


@pytest.mark.parametrize(("name", "whole", "parts", "outcome", "note", "repair"), SUMS)
def test_sums(name: str, whole: str, parts: dict[str, str], outcome: Outcome, note: Note, repair: str) -> None:
    text, statements = levels(whole, parts, name)
    (check,) = [check for check in checks_of(text, statements) if check.kind == "sum"]
    assert (check.outcome, check.note) == (outcome, note)
    assert check.repair == repair
    assert check.statements == tuple(range(len(statements)))


def test_two_shifted_points_among_five_parts() -> None:
    parts = {"农业": "27.3", "林业": "2.41", "牧业": "18.8", "渔业": "12.6", "农林牧渔专业及辅助性活动": "16.4"}
    text, statements = levels("51.4", parts, "农林牧渔业总产值")
    first, *_ = checks_of(text, statements)
    assert (first.kind, first.outcome, first.repair) == ("sum", Outcome.FAILS, "12.6->1.26; 16.4->1.64")
    assert first.values["repaired_sum"] == "51.41"


def test_parts_of_another_unit_are_added_and_another_currency_never_is() -> None:
    text = "一季度，全县进出口总额4.82亿元，其中出口41700万元、进口6500万元。"
    statements = [
        said(text, "4.82亿元", "level", "进出口总额", "4.82", "亿元"),
        said(text, "41700万元", "level", "出口", "41700", "万元"),
        said(text, "6500万元", "level", "进口", "6500", "万元"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.outcome) == ("sum", Outcome.HOLDS)
    assert check.values["guess"] == "4.82"
    text = text.replace("6500万元", "6500万美元")
    statements[2] = said(text, "6500万美元", "level", "进口", "6500", "万美元")
    assert all("2" not in str(check.statements) for check in checks_of(text, statements))


def test_a_missing_part_is_implied() -> None:
    text, statements = levels("48.2", {"出口": "41.7"}, "进出口总额")
    implied = [check for check in checks_of(text, statements) if check.outcome == Outcome.IMPLIED]
    assert [(check.note, check.values["guess"]) for check in implied] == [(Note.MISSING_PART, "6.5")]


def test_a_part_above_its_whole_fails_whatever_its_name() -> None:
    text, statements = levels("18.4", {"省级平台投入": "19.9"}, "研发投入")
    assert [(c.kind, c.outcome, c.note) for c in checks_of(text, statements)] == [
        ("part", Outcome.FAILS, Note.PART_OVER_WHOLE)
    ]
    text, statements = levels("18.4", {"省级平台投入": "9.9"}, "研发投入")
    assert [(c.kind, c.outcome) for c in checks_of(text, statements)] == [("part", Outcome.HOLDS)]


def test_kinds_that_overlap_are_not_added() -> None:
    text, statements = levels("18.4", {"高新技术产业": "11.9", "装备制造业": "10.2"}, "园区产值")
    assert not [check for check in checks_of(text, statements) if check.outcome == Outcome.FAILS]


def test_a_bound_never_fails_where_the_true_figure_may_fit() -> None:
    text = "全市培育平台100多个，其中县级40余个、镇级90余个。"
    statements = [
        said(text, "100多个", "count", "平台", "100", "个", bound=Bound.BAND),
        said(text, "40余个", "count", "县级平台", "40", "个", bound=Bound.BAND),
        said(text, "90余个", "count", "镇级平台", "90", "个", bound=Bound.BAND),
    ]
    assert [check.outcome for check in checks_of(text, statements)] == [Outcome.HOLDS]  # 100 to 199


SHARES = [
    ("24.0", "96.0", "25.0", Outcome.HOLDS),
    ("24.0", "96.0", "25.1", Outcome.EXPLAINED),
    ("24.0", "96.0", "28.0", Outcome.FAILS),
    ("24.0", "96.0", "2.50", Outcome.FAILS),
]


@pytest.mark.parametrize(("part", "whole", "share", "outcome"), SHARES)
def test_shares(part: str, whole: str, share: str, outcome: Outcome) -> None:
    text = f"全县快递收入{whole}万元，村镇站点收入{part}万元，占快递收入的{share}%。"
    statements = [
        said(text, f"{whole}万元", "level", "快递收入", whole, "万元"),
        said(text, f"{part}万元", "level", "村镇站点收入", part, "万元"),
        said(text, f"占快递收入的{share}%", "share", "村镇站点收入", share, "%", versus="快递收入"),
    ]
    (check,) = [check for check in checks_of(text, statements) if check.kind == "share"]
    assert check.outcome == outcome


def test_a_share_and_its_part_give_the_whole_and_no_share_is_above_all() -> None:
    text = "村镇站点收入24.0万元，占25.0%。"
    statements = [
        said(text, "24.0万元", "level", "村镇站点收入", "24.0", "万元"),
        said(text, "占25.0%", "share", "村镇站点收入", "25.0", "%", versus="快递收入"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.outcome, check.note, check.values["guess"]) == (Outcome.IMPLIED, Note.MISSING_WHOLE, "96")
    assert check.values["indicator"] == "快递收入"
    text = "占125.0%。"
    (check,) = checks_of(text, [said(text, "占125.0%", "share", "村镇站点收入", "125.0", "%")])
    assert (check.outcome, check.note) == (Outcome.FAILS, Note.OUT_OF_BAND)


def grown(contribution: str, basis: Basis | None, kind: str = "contribution") -> Check:
    """3.1 of 9.0 grew by 14%, all by 6%: the levels give a contribution of 74.7% and a pull of 4.5 points."""
    unit = "%" if kind == "contribution" else "百分点"
    text = f"水产业总产值9.0亿元，增长6.0%；养殖产值3.1亿元，增长14.0%，对水产总产值增长{contribution}{unit}。"
    statements = [
        said(text, "9.0亿元", "level", "水产业总产值", "9.0", "亿元"),
        said(text, "增长6.0%", "growth", "水产业总产值", "6.0", "%", basis=basis),
        said(text, "3.1亿元", "level", "养殖产值", "3.1", "亿元"),
        said(text, "增长14.0%", "growth", "养殖产值", "14.0", "%", basis=basis),
        said(text, f"对水产总产值增长{contribution}{unit}", kind, "养殖产值", contribution, unit),
    ]
    return next(check for check in checks_of(text, statements) if check.kind == kind)


@pytest.mark.parametrize(
    ("contribution", "basis", "outcome"),
    [
        ("74.7", NOMINAL, Outcome.HOLDS),
        ("77.0", NOMINAL, Outcome.EXPLAINED),  # rounding
        ("82.0", NOMINAL, Outcome.FAILS),  # customs figures have no other prices to blame
        ("82.0", REAL, Outcome.EXPLAINED),
        ("82.0", None, Outcome.EXPLAINED),
        ("40.0", REAL, Outcome.FAILS),
        ("182.0", REAL, Outcome.FAILS),
    ],
)
def test_contributions_by_price_basis(contribution: str, basis: Basis | None, outcome: Outcome) -> None:
    check = grown(contribution, basis)
    assert check.outcome == outcome
    if contribution == "82.0" and outcome == Outcome.EXPLAINED:
        assert check.note == Note.PRICE_BASIS
        assert (check.values["weight_asked"], check.values["weight_of_levels"]) == ("35.1", "32.0")


@pytest.mark.parametrize(
    ("pull", "basis", "outcome"),
    [("4.5", NOMINAL, Outcome.HOLDS), ("5.4", NOMINAL, Outcome.FAILS), ("5.0", REAL, Outcome.EXPLAINED)],
)
def test_pulls(pull: str, basis: Basis, outcome: Outcome) -> None:
    assert grown(pull, basis, "pull").outcome == outcome


def test_a_contribution_without_levels_gives_a_weight_or_cannot_be() -> None:
    for contribution, outcome in (("30.0", Outcome.IMPLIED), ("90.0", Outcome.FAILS)):
        text = f"工业增长8.0%，电子行业增长4.0%，贡献率{contribution}%。"
        statements = [
            said(text, "工业增长8.0%", "growth", "工业增加值", "8.0", "%", basis=REAL),
            said(text, "电子行业增长4.0%", "growth", "电子行业", "4.0", "%", basis=REAL),
            said(text, f"贡献率{contribution}%", "contribution", "电子行业", contribution, "%", versus="工业增加值"),
        ]
        (check,) = checks_of(text, statements)
        assert check.outcome == outcome  # 90 x 8 / 4 = 180% of all


def test_a_target_is_no_part_of_what_was_reached() -> None:
    text, statements = levels("18.4", {"省级平台投入": "19.9"}, "研发投入")
    aimed = said(text, "省级平台投入19.9亿元", "level", "省级平台投入", "19.9", "亿元", kind=("target",))
    assert checks_of(text, [statements[0], aimed]) == ()
    assert aimed.region_code == TOWN
    assert Decimal("19.9") == aimed.value


@pytest.mark.parametrize(("share", "outcome"), [("30.0", Outcome.HOLDS), ("45.0", Outcome.FAILS)])
def test_the_part_of_a_target_that_was_reached(share: str, outcome: Outcome) -> None:
    text = f"渔港投资2.4亿元，完成年度目标的{share}%。全年目标8亿元。"
    statements = [
        said(text, "投资2.4亿元", "level", "渔港投资", "2.4", "亿元"),
        said(text, f"{share}%", "share", "渔港投资", share, "%", versus="target"),
        said(text, "目标8亿元", "level", "渔港投资", "8.0", "亿元", kind=("target",), period="2031"),
    ]
    assert [check.outcome for check in checks_of(text, statements)] == [outcome]
    (check,) = checks_of(text, statements[:2])
    assert check.note == Note.MISSING_TARGET


def test_a_whole_is_found_by_its_key() -> None:
    text = "全县出口5.0亿元，市场采购出口2.0亿元，占比40.0%。"
    statements = [
        said(text, "出口5.0亿元", "level", "外贸出口额", "5.0", "亿元", indicator_key="exports"),
        said(text, "市场采购出口2.0亿元", "level", "市场采购出口", "2.0", "亿元"),
        said(text, "占比40.0%", "share", "市场采购出口", "40.0", "%", versus="exports"),
    ]
    shares = [check for check in checks_of(text, statements) if check.kind == "share"]
    assert [check.outcome for check in shares] == [Outcome.HOLDS]
    (check,) = [c for c in checks_of(text, statements[1:]) if c.kind == "share"]
    assert (check.values["indicator"], check.values["key"], check.values["guess"]) == ("外贸出口额", "exports", "5")


ODD = st.sampled_from(["0", "-100", "100", "-100.0", "0.0"])
NUMBERS = ODD | st.integers(-3000, 3000).map(lambda tenths: str(Decimal(tenths) / 10))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["contribution", "pull", "share"]))
@settings(max_examples=300)
def test_no_numbers_break_the_identities(whole: str, growth: str, part: str, rise: str, value: str, kind: str) -> None:
    text = f"水产业总产值{whole}亿元，增长{growth}%；养殖产值{part}亿元，增长{rise}%，对水产总产值{value}%。"
    statements = [
        said(text, f"总产值{whole}亿元", "level", "水产业总产值", whole, "亿元"),
        said(text, f"增长{growth}%；", "growth", "水产业总产值", growth, "%"),
        said(text, f"养殖产值{part}亿元", "level", "养殖产值", part, "亿元"),
        said(text, f"增长{rise}%，对", "growth", "养殖产值", rise, "%"),
        said(text, f"对水产总产值{value}%", kind, "养殖产值", value, "%"),
    ]
    assert all(check.note in set(Note) for check in checks_of(text, statements))
    assert all(check.note in set(Note) for check in checks_of(text, [statements[1], *statements[3:]]))


@pytest.mark.parametrize(
    ("shares", "outcomes", "repair"),
    [
        ("10.0：40.0：50.0", [Outcome.HOLDS, Outcome.HOLDS], ""),
        ("10.0：40.0：50.1", [Outcome.EXPLAINED, Outcome.HOLDS], ""),
        ("10.0：4.0：50.0", [Outcome.FAILS, Outcome.FAILS], "4.0->40"),
        ("40.0：10.0：50.0", [Outcome.FAILS, Outcome.HOLDS], ""),  # exchanged
    ],
)
def test_the_structure_of_three_industries(shares: str, outcomes: list[Outcome], repair: str) -> None:
    text = "全县地区生产总值80.0亿元，一产8.0亿元，二产32.0亿元，三产40.0亿元，"
    text += f"三次产业结构由去年的9：41：50变为{shares}。"
    statements = [
        said(text, "80.0亿元", "level", "地区生产总值", "80.0", "亿元"),
        said(text, "一产8.0亿元", "level", "一产", "8.0", "亿元"),
        said(text, "32.0亿元", "level", "二产", "32.0", "亿元"),
        said(text, "40.0亿元", "level", "三产", "40.0", "亿元"),
    ]
    found = [check for check in checks_of(text, statements) if check.stated == shares]
    assert [check.outcome for check in found] == outcomes
    assert [check.repair for check in found if check.kind == "sum"] == [repair]


def test_the_dictionary_knows_wholes_too() -> None:
    text = "第二产业增加值6.5亿元，工业增加值4.0亿元，建筑业增加值2.5亿元。"
    statements = [
        said(text, "第二产业增加值6.5亿元", "level", "第二产业增加值", "6.5", "亿元", indicator_key="va_secondary"),
        said(text, "工业增加值4.0亿元", "level", "工业增加值", "4.0", "亿元", indicator_key="va_industry"),
        said(text, "建筑业增加值2.5亿元", "level", "建筑业增加值", "2.5", "亿元", indicator_key="va_building"),
    ]
    assert [(check.kind, check.outcome) for check in checks_of(text, statements)] == [("sum", Outcome.HOLDS)]


@pytest.mark.parametrize("name", ["人均收入", "出厂价格", "平均单产"])
def test_a_mean_is_no_sum_of_its_parts(name: str) -> None:
    """58 of all, 67 of the town and 39 of the country: nothing is wrong."""
    text = f"全体{name}58元，其中城里{name}67元、乡下{name}39元。"
    statements = [
        said(text, f"{whose}{name}{value}元", "level", f"{whose}{name}", value, "元")
        for whose, value in (("全体", "58"), ("城里", "67"), ("乡下", "39"))
    ]
    assert [check for check in checks_of(text, statements) if check.kind in ("sum", "part")] == []


def test_a_difference_in_number_is_not_the_whole_of_what_follows() -> None:
    text = "稻田38万亩，比上年增加0.6万亩，其中早稻11万亩，占29%，糯稻2万亩。"
    statements = [
        said(text, "稻田38万亩", "level", "稻田面积", "38", "万亩"),
        said(text, "增加0.6万亩", "level", "稻田面积增加数", "0.6", "万亩"),
        said(text, "早稻11万亩", "level", "早稻面积", "11", "万亩", region_code=None),
        said(text, "29%", "share", "早稻面积", "29", "%", region_code=None, versus="稻田面积"),
        said(text, "糯稻2万亩", "level", "糯稻面积", "2", "万亩", region_code=None),
    ]
    found = {check.kind: check for check in checks_of(text, statements)}
    assert (found["part"].outcome, found["part"].statements) == (Outcome.HOLDS, (0, 2, 4))
    assert (found["share"].outcome, found["share"].statements) == (Outcome.HOLDS, (3, 2, 0))


def test_a_share_of_a_target_need_not_say_again_how_it_is_counted() -> None:
    text = "新增就业3300人，完成年度目标的30.0%。"
    statements = [
        said(text, "新增就业3300人", "count", "新增就业", "3300", "人"),
        said(text, "30.0%", "share", "新增就业", "30.0", "%", versus="target"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.outcome, check.note, check.values["guess"]) == (Outcome.IMPLIED, Note.MISSING_TARGET, "11000")
