"""What people said, laid over what was read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sundry.engines.reading.model import Basis, BasisSource, Bound, Number, Region, Statement, Type
from sundry.insight.observatory.corrections import (
    FIELDS,
    CorrectionWrong,
    checked_changes,
    corrected,
    found_again,
    merged,
    standing_corrections,
    standing_of,
    supported,
)
from sundry.insight.observatory.rules import Anchor, Correction, Standing, Verdict
from sundry.kernel.identifiers import new_id

HOME = Region("990182", "雾湖市", (Region("990100", "岚江市"), Region("990000", "苍原省")))
NOW = datetime(2031, 6, 10, tzinfo=UTC)
GROWTH = Statement(
    spans=((10, 18),),
    quote="出口增长6.5%",
    type=Type.GROWTH,
    indicator="外贸出口额",
    indicator_key="exports",
    subject="雾湖市",
    region_code="990182",
    period="2031-Q1",
    value=Decimal("6.5"),
    low=None,
    high=None,
    unit="%",
    kind=("approximate:约", "cumulative", "actual"),
    confidence=0.55,
    is_published=False,
    number=Number(Decimal("6.5"), None, None, Bound.ABOUT, ("约",), 1),
    basis=Basis.NOMINAL,
    basis_source=BasisSource.BY_CONVENTION,
    inherited={"indicator": (0, 4), "period": (2, 5), "region": (5, 7)},
)


def said(verdict: Verdict, anchor: Anchor | None = None, **changes: str) -> Correction:
    anchor = anchor or Anchor(10, 18, Type.GROWTH)
    return Correction(anchor, verdict, changes, uuid.uuid4(), "Li", NOW, new_id())


def test_an_indicator_brings_its_name_and_its_price_basis() -> None:
    made = corrected(GROWTH, said(Verdict.INDICATOR, indicator_key="gdp"), HOME)
    assert (made.indicator, made.indicator_key) == ("地区生产总值", "gdp")
    assert (made.basis, made.basis_source) == (Basis.REAL, BasisSource.BY_CONVENTION)
    assert made.inherited == {"period": (2, 5), "region": (5, 7)}  # what a person said is inherited from nowhere
    assert (made.value, made.period, made.quote) == (GROWTH.value, GROWTH.period, GROWTH.quote)


def test_a_stated_price_basis_stays() -> None:
    stated = replace(GROWTH, basis_source=BasisSource.STATED)
    made = corrected(stated, said(Verdict.INDICATOR, indicator_key="gdp"), HOME)
    assert (made.basis, made.basis_source) == (Basis.NOMINAL, BasisSource.STATED)


def test_an_indicator_may_be_none_of_the_dictionary() -> None:
    made = corrected(GROWTH, said(Verdict.INDICATOR, indicator_key="", indicator="夜市摊位"), HOME)
    assert (made.indicator, made.indicator_key) == ("夜市摊位", "")
    assert (made.basis, made.basis_source) == (None, BasisSource.UNKNOWN)


def test_a_period_brings_its_kinds() -> None:
    made = corrected(GROWTH, said(Verdict.PERIOD, period="2031-03"), HOME)
    assert (made.period, made.kind) == ("2031-03", ("approximate:约", "actual"))
    assert corrected(GROWTH, said(Verdict.PERIOD, period=""), HOME).period is None


def test_a_region_brings_its_name() -> None:
    made = corrected(GROWTH, said(Verdict.REGION, region_code="990000"), HOME)
    assert (made.region_code, made.subject) == ("990000", "苍原省")
    gone = corrected(GROWTH, said(Verdict.REGION, region_code=""), HOME)
    assert (gone.region_code, gone.subject) == (None, "")


def test_a_value_alone_is_exact() -> None:
    made = corrected(GROWTH, said(Verdict.VALUE, value="7.25"), HOME)
    assert (made.value, made.low, made.high) == (Decimal("7.25"), None, None)
    assert made.number == Number(Decimal("7.25"), None, None, Bound.EQ, decimals=2)
    assert made.kind == ("cumulative", "actual")


@pytest.mark.parametrize(
    ("changes", "bound"),
    [
        ({"low": "5", "high": "6"}, Bound.BAND),
        ({"low": "5"}, Bound.GE),
        ({"value": "6", "high": "6"}, Bound.LE),
    ],
)
def test_limits_say_what_a_value_may_be(changes: dict[str, str], bound: Bound) -> None:
    made = corrected(GROWTH, said(Verdict.VALUE, **changes), HOME)
    assert made.number is not None
    assert made.number.bound is bound
    assert made.value == (Decimal(changes["value"]) if "value" in changes else None)


def test_a_unit_alone_leaves_the_number() -> None:
    made = corrected(GROWTH, said(Verdict.VALUE, unit="百分点"), HOME)
    assert (made.unit, made.number) == ("百分点", GROWTH.number)


@pytest.mark.parametrize(
    ("verdict", "changes", "rule"),
    [
        (Verdict.RIGHT, {"value": "5"}, "correction_field"),
        (Verdict.PERIOD, {"region_code": "990182"}, "correction_field"),
        (Verdict.NOT_A_QUANTITY, {"value": "5"}, "correction_field"),
        (Verdict.INDICATOR, {}, "correction_empty"),
        (Verdict.VALUE, {"value": " "}, "correction_empty"),
        (Verdict.INDICATOR, {"indicator_key": "gpd"}, "correction_indicator"),
        (Verdict.INDICATOR, {"indicator": "长" * 101}, "correction_long"),
        (Verdict.INDICATOR, {"indicator": "出口\u202e额"}, "correction_unseen"),
        (Verdict.VALUE, {"unit": "亿\u200f元"}, "correction_unseen"),
        (Verdict.PERIOD, {"period": "2031-Q7"}, "correction_period"),
        (Verdict.PERIOD, {"period": "２０３１"}, "correction_period"),
        (Verdict.REGION, {"region_code": "990199"}, "correction_region"),
        (Verdict.VALUE, {"value": "12,5"}, "correction_number"),
        (Verdict.VALUE, {"value": "NaN"}, "correction_number"),
        (Verdict.VALUE, {"value": "Infinity"}, "correction_number"),
        (Verdict.VALUE, {"value": "1e400"}, "correction_number"),
        (Verdict.VALUE, {"value": "1e-11"}, "correction_number"),
        (Verdict.VALUE, {"low": "6", "high": "5"}, "correction_range"),
    ],
)
def test_what_makes_no_sense_is_refused(verdict: Verdict, changes: Mapping[str, str], rule: str) -> None:
    with pytest.raises(CorrectionWrong) as refused:
        checked_changes(verdict, changes, HOME)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("verdict", "changes"),
    [
        (Verdict.RIGHT, {}),
        (Verdict.INDICATOR, {"indicator_key": "exports"}),
        (Verdict.PERIOD, {"period": " 2031-Q1 "}),
        (Verdict.PERIOD, {"period": ""}),
        (Verdict.REGION, {"region_code": "990100"}),
        (Verdict.REGION, {"region_code": "330000"}),
        (Verdict.REGION, {"region_code": "CN"}),
        (Verdict.VALUE, {"value": "-3.5", "unit": "%"}),
        (Verdict.NOT_A_QUANTITY, {}),
    ],
)
def test_what_makes_sense_is_kept_without_spaces(verdict: Verdict, changes: Mapping[str, str]) -> None:
    assert checked_changes(verdict, changes, HOME) == {field: value.strip() for field, value in changes.items()}


def test_every_verdict_says_what_it_changes() -> None:
    assert set(FIELDS) == set(Verdict)


def test_what_was_changed_before_stays_changed() -> None:
    first = said(Verdict.INDICATOR, indicator_key="gdp")
    second = merged(first, Verdict.PERIOD, {"period": "2031-03"})
    assert second == {"indicator_key": "gdp", "period": "2031-03"}
    right = merged(said(Verdict.PERIOD, **second), Verdict.RIGHT, {})
    assert right == second  # right as it stands now


def test_a_new_number_takes_the_place_of_the_whole_old_one() -> None:
    first = said(Verdict.VALUE, low="5", high="6", unit="%")
    assert merged(first, Verdict.VALUE, {"value": "5.5"}) == {"value": "5.5", "unit": "%"}


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_QUANTITY, Verdict.WITHDRAWN])
def test_what_is_withdrawn_or_rejected_leaves_nothing_to_carry_on(verdict: Verdict) -> None:
    assert merged(said(Verdict.PERIOD, period="2031"), verdict, {}) == {}
    assert merged(said(verdict), Verdict.VALUE, {"value": "5"}) == {"value": "5"}


def test_of_a_place_the_latest_counts() -> None:
    first, second = said(Verdict.RIGHT), said(Verdict.NOT_A_QUANTITY)
    assert standing_corrections([second, first]) == {second.anchor: second}
    assert standing_corrections([first, second, said(Verdict.WITHDRAWN)]) == {}


def test_a_correction_finds_its_statement_again() -> None:
    here, there = Anchor(10, 18, Type.GROWTH), Anchor(30, 34, Type.LEVEL)
    one = said(Verdict.RIGHT, here)
    assert found_again([there, here], {here: one}) == {1: one}


def test_a_correction_finds_its_statement_though_another_word_is_quoted() -> None:
    one = said(Verdict.RIGHT, Anchor(10, 18, Type.GROWTH))
    assert found_again([Anchor(12, 18, Type.GROWTH)], {one.anchor: one}) == {0: one}


@pytest.mark.parametrize(
    "left",
    [
        [Anchor(10, 18, Type.LEVEL)],  # of another type
        [Anchor(18, 20, Type.GROWTH)],  # beside it
        [Anchor(9, 12, Type.GROWTH), Anchor(13, 18, Type.GROWTH)],  # which of two nobody knows
    ],
)
def test_a_correction_of_which_nothing_is_left_counts_for_nothing(left: list[Anchor]) -> None:
    one = said(Verdict.NOT_A_QUANTITY, Anchor(10, 18, Type.GROWTH))
    assert found_again(left, {one.anchor: one}) == {}


def test_two_statements_of_one_place_are_told_apart() -> None:
    first, second = Anchor(10, 18, Type.RANK, 0), Anchor(10, 18, Type.RANK, 1)
    one = said(Verdict.NOT_A_QUANTITY, second)
    assert found_again([first, second], {second: one}) == {1: one}


@pytest.mark.parametrize(
    ("confidence", "passed", "failed", "after"),
    [(0.56, 1, 0, 0.616), (0.97, 0, 1, 0.7275), (0.78, 0, 1, 0.585), (0.3, 3, 0, 0.363), (0.97, 0, 5, 0.7275)],
)
def test_checks_raise_and_lower(confidence: float, passed: int, failed: int, after: float) -> None:
    assert supported(confidence, passed, failed) == pytest.approx(after)


def test_nothing_becomes_certain() -> None:
    assert supported(0.97, 9, 0) == 0.99
    assert supported(1.0, 9, 0) == 1.0


@pytest.mark.parametrize(
    ("confidence", "verdict", "standing"),
    [
        (0.6, None, Standing.PUBLISHED),
        (0.5999, None, Standing.REVIEW),
        (0.1, Verdict.RIGHT, Standing.PUBLISHED),
        (0.1, Verdict.PERIOD, Standing.PUBLISHED),
        (0.99, Verdict.NOT_A_QUANTITY, Standing.REJECTED),
    ],
)
def test_what_a_person_said_counts_more(confidence: float, verdict: Verdict | None, standing: Standing) -> None:
    assert standing_of(confidence, said(verdict) if verdict else None) is standing
