"""Statements as figures: units to one base, signs from the words, months of periods, names of one thing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.invented import said

from sundry.engines.reading.figures import base_of, figures_of, months_of, name_of, sentence_of, with_sign, year_of
from sundry.engines.reading.intervals import Interval
from sundry.engines.reading.model import Bound, Type


@pytest.mark.parametrize(
    ("unit", "factor", "base"),
    [
        ("亿元", 10**8, "元"),
        ("万亿元", 10**12, "元"),
        ("百万美元", 10**6, "美元"),
        ("万美金", 10**4, "美元"),
        ("个百分点", 1, "百分点"),
        ("百分点", 1, "百分点"),  # not a hundred 分点
        ("亿千瓦时", 10**8, "千瓦时"),  # not a hundred thousand million 瓦时
        ("万公顷", 150_000, "亩"),
        ("万户", 10**4, "户"),
        ("万人次", 10**4, "人次"),
        ("家", 1, "家"),
        ("", 1, ""),
        ("亿", 10**8, ""),
    ],
)
def test_units_come_to_one_base(unit: str, factor: int, base: str) -> None:
    assert base_of(unit) == (Decimal(factor), base)


def test_a_unit_by_weight() -> None:
    assert base_of("万公斤") == (Decimal(10), "吨")


@pytest.mark.parametrize(
    ("text", "words", "what", "value", "low", "high"),
    [
        ("产量12.5%", "12.5%", "growth", "12.5", "12.45", "12.55"),
        ("产量下降12.5%", "下降12.5%", "growth", "12.5", "-12.55", "-12.45"),
        ("产量下降，价格涨12.5%", "涨12.5%", "growth", "12.5", "12.45", "12.55"),
        ("产量下降为12.5%", "12.5%", "growth", "12.5", "12.45", "12.55"),  # down to, still growth
        ("降幅为12.5%", "12.5%", "growth", "12.5", "-12.55", "-12.45"),
        ("较下降的去年（12.5%）", "（12.5%）", "growth", "12.5", "12.45", "12.55"),
        ("低于全国0.5个百分点", "0.5个百分点", "gap", "0.5", "-0.55", "-0.45"),
        ("降幅收窄0.5个百分点", "0.5个百分点", "growth_delta", "0.5", "0.45", "0.55"),
        ("工厂498家", "498家", "count", "498", "498", "498"),
        ("工厂49.8家", "49.8家", "count", "49.8", "49.75", "49.85"),
    ],
)
def test_signs_and_ends(text: str, words: str, what: str, value: str, low: str, high: str) -> None:
    (figure,) = figures_of(text, [said(text, words, what, "产量", value, "家" if what == "count" else "%")])
    assert figure.interval.ends == (Decimal(low), Decimal(high))


def test_a_band_has_no_point_and_its_ends_in_the_base_unit() -> None:
    text = "订单3200余万元"
    (figure,) = figures_of(text, [said(text, "3200余万元", "level", "订单", "3200", "万元", bound=Bound.BAND)])
    assert figure.point is None
    assert figure.interval == Interval(Decimal(32_000_000), Decimal(33_000_000))


def test_what_has_no_number_or_no_possible_one_is_no_figure() -> None:
    text = "创历史新高"
    assert figures_of(text, [said(text, text, "qualitative", "产量", None, "")]) == ()
    text = "产量" + "9" * 40
    assert figures_of(text, [said(text, text, "level", "产量", "9" * 40, "吨")]) == ()


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2031-Q1", (24372, 24374)),
        ("2031-H2", (24378, 24383)),
        ("2031", (24372, 24383)),
        ("2031-05", (24376, 24376)),
        ("2031-01/2031-02", (24372, 24373)),
        ("2031-05-12", None),
        ("asof 2031-05", None),
        ("2031-05/", None),
        (None, None),
    ],
)
def test_months(period: str | None, months: tuple[int, int] | None) -> None:
    assert months_of(period) == months


def test_names_years_and_sentences() -> None:
    assert name_of("全市用电量增速") == name_of("用电量") == "用电量"
    assert name_of("规上工业增加值") == name_of("规模以上工业增加值") != name_of("工业增加值")
    assert (year_of("asof 2031-05"), year_of("2031-Q1"), year_of(None)) == (2031, 2031, None)
    assert sentence_of("甲。乙丙。丁", 3) == (2, 4)
    assert sentence_of("没有句号" * 1000, 2000) == (1000, 3000)  # an endless one is cut


@pytest.mark.parametrize(
    ("text", "number", "kind", "value"),
    [
        ("全县用电量同比下降4.6%", "4.6", Type.GROWTH, "-4.6"),
        ("全县用电量同比增长4.6%", "4.6", Type.GROWTH, "4.6"),
        ("比全省平均低0.3个百分点", "0.3", Type.GAP, "-0.3"),
        ("降幅比上半年收窄3.4个百分点", "3.4", Type.GROWTH_DELTA, "3.4"),
        ("全县用电量下降至4.6亿千瓦时", "4.6", Type.LEVEL, "4.6"),
    ],
)
def test_a_fall_is_a_negative_number(text: str, number: str, kind: Type, value: str) -> None:
    plain = said(text, number, kind.value, "用电量", number, "%")
    assert with_sign(plain, text).value == Decimal(value)
    assert with_sign(with_sign(plain, text), text) == with_sign(plain, text)
