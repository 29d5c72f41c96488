"""From what the engine found to what is kept, and back."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sundry.engines.reading.model import Bound, Number, Region, Statement, Type
from sundry.engines.reading.reader import read
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.rules import Anchor, Standing
from sundry.insight.observatory.telling import (
    CONTEXT_MAX,
    About,
    anchors_of,
    context_of,
    grams_in,
    grams_of,
    id_of,
    kept,
    region_name,
    said,
    told,
)

HOME = Region("990182", "麓泽市", (Region("990100", "岑江市"),))
PAGE = uuid.UUID(int=7)


def about(text: str) -> About:
    return About(PAGE, "a.txt", date(2031, 4, 24), text, view_of(text), HOME)


def statement(text: str, quote: str, value: str | None = "12.5", unit: str = "亿元", **more: Any) -> Statement:
    start = text.index(quote)
    number = Decimal(value) if value is not None else None
    values: dict[str, Any] = {
        "spans": ((start, start + len(quote)),), "quote": quote, "type": Type.LEVEL, "indicator": "外贸出口额",
        "indicator_key": "exports", "subject": "麓泽市", "region_code": "990182", "period": "2031-Q1", "value": number,
        "low": None, "high": None, "unit": unit, "kind": ("actual",), "confidence": 0.9, "is_published": True,
    }  # fmt: skip
    return Statement(**values | more)


TEXT = "头一句。一季度，全市出口12.5亿元，下降5.1%。末一句。"


def view(one: Statement, text: str = TEXT) -> Any:
    return told(about(text), one, anchors_of([one])[0])


def test_a_level_is_kept_as_printed_and_in_base_units() -> None:
    made = view(statement(TEXT, "出口12.5亿元"))
    assert (made.value, made.unit, made.base_value, made.base_unit) == (
        Decimal("12.5"), "亿元", Decimal(1_250_000_000), "元",
    )  # fmt: skip
    assert (made.starts_on, made.ends_on) == (date(2031, 1, 1), date(2031, 3, 31))
    assert (made.decimals, made.bound, made.region, made.standing) == (1, Bound.EQ, "麓泽市", Standing.PUBLISHED)
    assert made.context == "一季度，全市出口12.5亿元，下降5.1%"


def test_the_words_beside_a_number_turn_it() -> None:
    made = view(statement(TEXT, "下降5.1%", "5.1", "%", type=Type.GROWTH))
    assert (made.value, made.base_value) == (Decimal("5.1"), Decimal("-5.1"))
    already = view(statement(TEXT, "下降5.1%", "-5.1", "%", type=Type.GROWTH))
    assert (already.value, already.base_value) == (Decimal("-5.1"), Decimal("-5.1"))


def test_things_that_are_counted_are_of_a_unit() -> None:
    text = "全市有海外仓1.8万个。"
    made = view(statement(text, "1.8万个", "1.8", "万个", type=Type.COUNT), text)
    assert (made.base_value, made.base_unit) == (Decimal(18_000), "个")


def test_what_has_no_number_has_no_base() -> None:
    made = view(statement(TEXT, "出口12.5亿元", None, type=Type.QUALITATIVE))
    assert (made.value, made.base_value, made.low, made.high) == (None, None, None, None)


def test_limits_are_those_of_a_number_that_is_not_exact() -> None:
    more = Number(Decimal("12.5"), Decimal("12.5"), None, Bound.GE, ("突破",), 1)
    exact = Number(Decimal("12.5"), Decimal("12.45"), Decimal("12.55"), Bound.EQ, (), 1)
    made = view(statement(TEXT, "出口12.5亿元", number=more))
    assert (made.low, made.high) == (Decimal("12.5"), None)
    assert view(statement(TEXT, "出口12.5亿元", number=exact)).low is None


def test_a_row_of_digits_is_no_number() -> None:
    assert kept(Decimal("1e28")) is None
    assert kept(Decimal("1e27")) == Decimal("1e27")
    assert kept(Decimal("0.12345678901")) == Decimal("0.1234567890")
    assert kept(None) is None
    text = f"全市出口{'9' * 60}元。"
    made = view(statement(text, "9" * 60, "9" * 60, "元"), text)
    assert (made.value, made.base_value) == (None, None)


def test_a_period_that_is_none_has_no_days() -> None:
    made = view(statement(TEXT, "出口12.5亿元", period="2031-02-30"))
    assert (made.starts_on, made.ends_on) == (None, None)


@pytest.mark.parametrize("sentences", [1, 40])
def test_of_a_long_sentence_what_lies_around_the_number_is_kept(sentences: int) -> None:
    text = "前文，" * 300 * sentences + "全市出口12.5亿元" + "，后文" * 300
    made = view(statement(text, "出口12.5亿元"), text)
    assert len(made.context) <= CONTEXT_MAX
    assert "出口12.5亿元" in made.context
    assert text[made.context_start : made.context_start + len(made.context)] == made.context


def test_a_quotation_longer_than_a_sentence_is_kept_whole() -> None:
    text = "全市出口" + "长" * 900 + "12.5亿元。"
    one = statement(text, text[2:-1])
    start, end = context_of(view_of(text), one)
    assert start <= 2
    assert end >= len(text) - 1


def test_the_same_place_and_type_is_the_same_id_on_its_page_only() -> None:
    one = Anchor(3, 9, Type.LEVEL)
    assert id_of(PAGE, one) == id_of(PAGE, Anchor(3, 9, Type.LEVEL))
    others = [
        Anchor(3, 9, Type.COUNT),
        Anchor(3, 10, Type.LEVEL),
        Anchor(4, 9, Type.LEVEL),
        Anchor(3, 9, Type.LEVEL, 1),
    ]
    assert len({id_of(PAGE, one), *(id_of(PAGE, other) for other in others), id_of(uuid.UUID(int=8), one)}) == 6


def test_two_of_one_place_and_type_are_numbered() -> None:
    one = statement(TEXT, "出口12.5亿元")
    other = statement(TEXT, "下降5.1%", type=Type.GROWTH)
    assert [(anchor.type, anchor.nth) for anchor in anchors_of([one, other, one])] == [
        (Type.LEVEL, 0), (Type.GROWTH, 0), (Type.LEVEL, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "subject", "name"),
    [
        (None, "甲", ""),
        ("990182", "", "麓泽市"),
        ("990100", "", "岑江市"),
        ("330000", "", "浙江省"),
        ("CN", "中国", "中国"),
        ("999999", "乙", "乙"),
    ],
)
def test_a_place_is_called_by_its_name(code: str | None, subject: str, name: str) -> None:
    assert region_name(code, subject, HOME) == name


def test_words_are_kept_as_small_letters_and_their_pairs() -> None:
    assert grams_of("GDP增", "DP") == ["d", "dp", "g", "gd", "p", "p增", "增"]
    assert grams_of("") == []


def test_words_are_sought_by_pairs_and_a_character_by_itself() -> None:
    assert grams_in("GDP") == ["dp", "gd"]
    assert (grams_in("长"), grams_in("")) == (["长"], [])


def test_what_is_kept_says_what_was_read() -> None:
    text = "本报讯 4月23日，2031年一季度，全市外贸进出口总值88.4亿元，同比增长8.2%；其中出口突破73亿元，下降6.5%。\n"
    reading = read(text, issued=date(2031, 4, 24), home=HOME)
    assert len(reading.statements) >= 4
    for one, anchor in zip(reading.statements, anchors_of(reading.statements), strict=True):
        back = said(told(about(text), one, anchor))
        assert (back.spans, back.quote, back.type, back.indicator_key) == (
            one.spans,
            one.quote,
            one.type,
            one.indicator_key,
        )
        assert (back.period, back.value, back.unit, back.kind) == (one.period, one.value, one.unit, one.kind)
        assert (back.basis, back.versus, back.article) == (one.basis, one.versus, one.article)
