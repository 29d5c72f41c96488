"""Gaps, changes, turned signs and the levels of a year ago, on invented pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.invented import COUNTY, NOMINAL, PROVINCE, REAL, TOWN, said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import checks_of
from sundry.engines.reading.model import Basis, Bound, Check, Outcome

GAP = "用电量增长{a}%，分别高于全省（{b}%）{c}个百分点、潮平市{d}个百分点。"


def gap(a: str, b: str, c: str) -> list[Check]:
    text = GAP.format(a=a, b=b, c=c, d="0.8")
    statements = [
        said(text, f"增长{a}%", "growth", "用电量", a, "%"),
        said(text, f"（{b}%）", "growth", "用电量", b, "%", region_code=PROVINCE),
        said(text, f"{c}个百分点", "gap", "用电量增速", c, "百分点", versus=PROVINCE),
    ]
    return [check for check in checks_of(text, statements) if check.kind == "gap"]


@pytest.mark.parametrize(
    ("a", "b", "c", "outcome", "note"),
    [
        ("6.4", "5.6", "0.8", Outcome.HOLDS, Note.AGREES),
        ("6.4", "5.6", "0.9", Outcome.EXPLAINED, Note.WITHIN_ROUNDING),
        ("6.4", "5.6", "1.1", Outcome.FAILS, Note.CANNOT_BE),
        ("6.4", "5.6", "8.0", Outcome.FAILS, Note.CANNOT_BE),  # a lost decimal point
        ("6.4", "56", "0.8", Outcome.FAILS, Note.CANNOT_BE),
        ("4.6", "5.6", "0.8", Outcome.FAILS, Note.CANNOT_BE),  # two digits exchanged
    ],
)
def test_a_gap_between_two_printed_rates(a: str, b: str, c: str, outcome: Outcome, note: Note) -> None:
    (check,) = gap(a, b, c)
    assert (check.outcome, check.note) == (outcome, note)
    assert check.stated == f"{c}百分点"
    assert len(check.spans) == 3


def test_below_is_the_other_way_round() -> None:
    text = "零售额增长3.1%，低于全省1.2个百分点；全省增长4.3%。"
    statements = [
        said(text, "增长3.1%", "growth", "零售额", "3.1", "%"),
        said(text, "1.2个百分点", "gap", "零售额增速", "1.2", "百分点", versus=PROVINCE),
        said(text, "增长4.3%", "growth", "零售额", "4.3", "%", region_code=PROVINCE),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.outcome) == ("gap", Outcome.HOLDS)
    assert check.derived == (Decimal("-1.3"), Decimal("-1.1"))


def test_the_other_region_is_implied_and_the_word_above_said_once_serves_both() -> None:
    text = "用电量增长6.4%，高于全省0.8个百分点、潮平市2.1个百分点。"
    statements = [
        said(text, "增长6.4%", "growth", "用电量", "6.4", "%"),
        said(text, "0.8个百分点", "gap", "用电量增速", "0.8", "百分点", versus=PROVINCE),
        said(text, "2.1个百分点", "gap", "用电量增速", "2.1", "百分点", versus=COUNTY),
    ]
    found = {check.values["place"]: check for check in checks_of(text, statements)}
    assert {place: check.values["guess"] for place, check in found.items()} == {PROVINCE: "5.6", COUNTY: "4.3"}
    assert {check.outcome for check in found.values()} == {Outcome.IMPLIED}
    assert found[PROVINCE].derived == (Decimal("5.5"), Decimal("5.7"))
    assert found[PROVINCE].stated == ""  # nobody has printed it


DELTAS = [
    # the words of growth and change, growth, before (None: not printed), change, guess or outcome
    ("增长9.2%", "9.2", "8.1", "较去年全年加快1.1个百分点", "1.1", Outcome.HOLDS),
    ("增长9.2%", "9.2", "8.1", "较去年全年加快11个百分点", "11", Outcome.FAILS),
    ("增长9.2%", "9.2", "10.6", "较去年全年回落1.4个百分点", "1.4", Outcome.HOLDS),
    ("增长9.2%", "9.2", "10.6", "较去年全年提高1.4个百分点", "1.4", Outcome.FAILS),
    ("下降3.5%", "3.5", "-5.8", "降幅较去年全年收窄2.3个百分点", "2.3", Outcome.HOLDS),
    ("下降3.5%", "3.5", "-1.2", "降幅较去年全年扩大2.3个百分点", "2.3", Outcome.HOLDS),
    ("下降3.5%", "3.5", "-1.2", "降幅较去年全年收窄2.3个百分点", "2.3", Outcome.FAILS),
    ("增速回落至4.4%", "4.4", "6.0", "较去年全年放缓1.6个百分点", "1.6", Outcome.HOLDS),
]


@pytest.mark.parametrize(("growth", "now", "then", "change", "by", "outcome"), DELTAS)
def test_a_change_against_another_period(
    growth: str, now: str, then: str, change: str, by: str, outcome: Outcome
) -> None:
    text = f"渔业捕捞量{growth}，{change}。去年捕捞量为{then}%。"
    statements = [
        said(text, growth, "growth", "捕捞量", now, "%"),
        said(text, change, "growth_delta", "捕捞量增速", by, "百分点", versus="2030"),
        said(text, f"为{then}%", "growth", "捕捞量", then, "%", period="2030"),
    ]
    (check,) = [check for check in checks_of(text, statements) if check.kind == "delta"]
    assert check.outcome == outcome


def test_a_change_without_the_earlier_rate_implies_it_and_an_odd_one_is_told() -> None:
    for by, guess, note in (("1.1", "8.1", Note.EARLIER_GROWTH), ("41.1", "-31.9", Note.UNUSUAL)):
        text = f"捕捞量增长9.2%，较去年全年加快{by}个百分点。"
        statements = [
            said(text, "增长9.2%", "growth", "捕捞量", "9.2", "%"),
            said(text, f"加快{by}个百分点", "growth_delta", "捕捞量增速", by, "百分点", versus="2030"),
        ]
        (check,) = checks_of(text, statements)
        assert (check.outcome, check.note, check.values["guess"]) == (Outcome.IMPLIED, note, guess)
        assert (check.values["period"], check.values["unit"]) == ("2030", "%")


@pytest.mark.parametrize(
    ("now", "by", "words", "outcome"),
    [
        ("9.2", "11.0", "由负转正", Outcome.HOLDS),
        ("9.2", "1.1", "由负转正", Outcome.FAILS),  # it was positive before
        ("-0.4", "2.0", "由负转正", Outcome.FAILS),  # it is not positive now
        ("9.2", "11.0", "由正转负", Outcome.FAILS),
    ],
)
def test_a_turned_sign_needs_both_signs(now: str, by: str, words: str, outcome: Outcome) -> None:
    text = f"外贸增速{words}，今年为{now}%，较上年同期提高{by}个百分点。"
    statements = [
        said(text, f"外贸增速{words}", "qualitative", "外贸增速", None, ""),
        said(text, f"为{now}%", "growth", "外贸", now, "%"),
        said(text, f"{by}个百分点", "growth_delta", "外贸增速", by, "百分点", versus="2030-Q1"),
    ]
    (check,) = [check for check in checks_of(text, statements) if check.kind == "sign"]
    assert check.outcome == outcome


LEVELS = [
    ("46", "40", "15.0", NOMINAL, Outcome.HOLDS),
    ("46", "40", "25.0", NOMINAL, Outcome.FAILS),
    ("46", "40", "12.0", NOMINAL, Outcome.FAILS),
    ("46", "40", "12.0", REAL, Outcome.EXPLAINED),  # prices rose by 3%
    ("46", "40", "120", REAL, Outcome.FAILS),  # no prices do that
]


@pytest.mark.parametrize(("now", "then", "growth", "basis", "outcome"), LEVELS)
def test_growth_of_two_printed_levels(now: str, then: str, growth: str, basis: Basis, outcome: Outcome) -> None:
    text = f"快递收入{now}.0亿元，增长{growth}%，去年同期{then}.0亿元。"
    statements = [
        said(text, f"{now}.0亿元", "level", "快递收入", f"{now}.0", "亿元", basis=basis),
        said(text, f"增长{growth}%", "growth", "快递收入", growth, "%", basis=basis),
        said(text, f"{then}.0亿元", "level", "快递收入", f"{then}.0", "亿元", period="2030-Q1", basis=basis),
    ]
    (check,) = [check for check in checks_of(text, statements) if check.kind == "growth"]
    assert check.outcome == outcome
    assert check.note == {Outcome.EXPLAINED: Note.PRICE_BASIS}.get(outcome, check.note)


def test_the_level_of_a_year_ago_follows_from_nominal_growth_only() -> None:
    text = "出口突破300亿元，增长20%。"
    for basis, count in ((NOMINAL, 1), (REAL, 0), (None, 0)):
        statements = [
            said(text, "突破300亿元", "level", "出口", "300", "亿元", bound=Bound.GE, basis=basis),
            said(text, "增长20%", "growth", "出口", "20", "%", basis=basis),
        ]
        found = checks_of(text, statements)
        assert len(found) == count
    statements = [
        said(text, "突破300亿元", "level", "出口", "300", "亿元", bound=Bound.GE, basis=NOMINAL),
        said(text, "增长20%", "growth", "出口", "20", "%", basis=NOMINAL),
    ]
    (check,) = checks_of(text, statements)
    assert (check.outcome, check.values["guess"], check.values["unit"]) == (Outcome.IMPLIED, "250", "亿元")
    assert check.derived is not None
    assert check.derived[1] is None  # more than 300 of today may be any number of a year ago
    assert check.values["period"] == "2030-Q1"


def test_what_is_counted_has_no_prices() -> None:
    text = "出栏肉羊2.3万只，增长15.0%。"
    statements = [
        said(text, "2.3万只", "level", "肉羊出栏", "2.3", "万只"),
        said(text, "增长15.0%", "growth", "肉羊出栏", "15.0", "%"),
    ]
    (check,) = checks_of(text, statements)
    assert (check.kind, check.values["guess"]) == ("base", "2")


def test_nothing_is_above_itself() -> None:
    text = "用电量增长6.4%，高于全市0.8个百分点。"
    statements = [
        said(text, "增长6.4%", "growth", "用电量", "6.4", "%"),
        said(text, "0.8个百分点", "gap", "用电量增速", "0.8", "百分点", versus=TOWN),
    ]
    assert checks_of(text, statements) == ()


def test_a_change_against_its_own_period_is_none() -> None:
    """The change of a share against the year before, misread as one of the growth: it would be against itself."""
    text = "投入增长11.9%，占比比上年提高0.2个百分点。"
    statements = [
        said(text, "增长11.9%", "growth", "投入", "11.9", "%", period="2030"),
        said(text, "0.2个百分点", "growth_delta", "投入", "0.2", "百分点", period="2030", versus="2030"),
    ]
    assert [check for check in checks_of(text, statements) if check.kind == "delta"] == []
