"""Figures of lists and pictures in the reader's words: as printed, what we derived as intervals, with their bounds."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.template import engines
from django.utils import translation

from sundry.engines.reading.checking import Note
from sundry.engines.reading.figures import base_of
from sundry.engines.reading.model import BasisSource, Bound, Outcome, Type
from sundry.insight.observatory.arithmetic import Line, Term, line_of
from sundry.insight.observatory.fairs import Count, Fair
from sundry.insight.observatory.pages_figures import RANKS
from sundry.insight.observatory.pictures import FIELDS, GrowthBar, Missing, Months, YearPath
from sundry.insight.observatory.rules import (
    Actuality,
    CheckView,
    Observation,
    SeriesKey,
    Standing,
    StatementView,
    TargetView,
)
from sundry.web.templatetags import observatory_figures as tags


def said(value: str | None, unit: str, **fields: Any) -> StatementView:
    number = None if value is None else Decimal(value)
    factor, base_unit = base_of(unit)
    given: dict[str, Any] = {
        "id": uuid.uuid4(), "page": uuid.UUID(int=1), "page_name": "page.txt", "issued": None, "article": 0,
        "spans": ((0, 4),), "quote": f"{value}{unit}", "context": f"{value}{unit}。", "context_start": 0,
        "type": Type.LEVEL, "indicator": "出口", "indicator_key": "exports", "subject": "", "region_code": "330782",
        "region": "某市", "period": "2026-Q1", "starts_on": None, "ends_on": None, "value": number, "low": None,
        "high": None, "unit": unit, "base_value": None if number is None else number * factor, "base_unit": base_unit,
        "bound": Bound.EQ, "kinds": (), "basis": None, "basis_source": BasisSource.UNKNOWN, "versus": None,
        "confidence": 0.9, "standing": Standing.PUBLISHED, "inherited": {}, "passed": 0, "failed": 0,
        "decimals": 0 if number is None else max(0, -int(number.as_tuple().exponent)),
    }  # fmt: skip
    return StatementView(**(given | fields))


def point(statement: StatementView, month: int) -> Observation:
    return Observation(
        SeriesKey("exports", Type.LEVEL, "330782", statement.base_unit, "ytd"), f"2026-01/2026-{month:02}",
        date(2026, 1, 1), date(2026, month, 28), statement.base_value, statement.low, statement.high, statement.bound,
        statement.decimals, Actuality.ACTUAL, None, statement.page, statement.id, 1, 0.9,
    )  # fmt: skip


def texts(svg: str) -> list[str]:
    import re

    return re.findall(r"<text[^>]*>(.*?)</text>", svg)


# Words -------------------------------------------------------------------------------------------------------------


def test_every_word_of_a_list_is_there() -> None:
    assert set(tags.FIELDS) == set(FIELDS)
    from sundry.engines.reading.indicators import UNITS
    from sundry.insight.observatory.fairs import MEASURES

    assert set(tags.MEASURES) == set(MEASURES)
    assert set(tags.INDICATOR_UNITS) == set(UNITS)
    for field in FIELDS:
        assert tags.dictionary_field_word(field)
    assert [tags.accumulation_word(one) for one in ("ytd", "single", "stock")]
    assert [tags.actuality_word(one) for one in Actuality]
    assert tags.series_basis_word("") == ""
    assert tags.series_basis_word("real") == "at comparable prices"
    assert tags.unit_class_word("money") == "Money"
    assert tags.measure_word("visitors") == "Visitors"


def test_a_place_stands_with_its_level() -> None:
    levels = [tags.level_word(code) for code in ("330782", "330700", "330000", "CN", "")]
    assert levels == ["Town or county", "Prefecture", "Province", "Country", ""]
    assert 'lang="zh" dir="ltr">某市</bdi>' in tags.place_name("330782", "某市")
    assert "浙江省" in tags.place_name("330000", "")


# Figures -----------------------------------------------------------------------------------------------------------


def test_what_we_derived_is_an_interval_with_few_decimals() -> None:
    assert tags.derived_text(Decimal("1.000000"), Decimal("1.200000"), "百分点") == "[1, 1.2] percentage points"
    assert tags.derived_text(Decimal("70.263812"), Decimal("75.291634"), "%") == "[70.26, 75.29]%"
    assert tags.derived_text(Decimal(5), Decimal(5), "家") == "5"
    assert tags.derived_text(Decimal("531.65"), None, "亿元") == "≥53.165 billion yuan"
    assert tags.derived_text(None, Decimal(3), "%") == "≤3%"
    with translation.override("zh-hans"):
        assert tags.derived_text(Decimal("531.65"), Decimal("532"), "亿元") == "[531.65, 532]亿元"
    with translation.override("ar"):
        assert "\u2066[1, 1.2]\u2069" in tags.derived_text(Decimal(1), Decimal("1.2"), "百分点")


def test_amounts_of_a_fair_stand_in_the_units_of_papers() -> None:
    amount = Count(Decimal(240_000_000), Bound.GE, "元")
    assert tags.count_text(amount) == "≥240 million yuan"
    assert tags.count_text(Count(Decimal(52_000), Bound.EQ)) == "52,000"
    with translation.override("zh-hans"):
        assert tags.count_text(amount) == "≥2.4亿元"
        assert tags.count_text(Count(Decimal(35_000), Bound.EQ, "美元")) == "3.5万美元"
        assert tags.count_text(Count(Decimal(52_000), Bound.ABOUT)) == "≈52,000"


def test_a_figure_in_a_drawing_is_as_printed() -> None:
    assert tags.figure_text(said("12.50", "亿元")) == "1.250 billion yuan"
    assert tags.figure_text(said(None, "", type=Type.QUALITATIVE, quote="两位数增长")) == "两位数增长"
    assert tags.observation_text(point(said("12.5", "亿元"), 3)) == "1,250,000,000 yuan"


def check(**fields: Any) -> CheckView:
    given: dict[str, Any] = {
        "id": uuid.UUID(int=1), "page": uuid.UUID(int=2), "page_name": "p", "issued": None, "kind": "gap",
        "outcome": Outcome.HOLDS, "spans": (), "quotes": (), "pages": (), "statements": (), "stated": "1.1百分点",
        "derived": (Decimal("1.000000"), Decimal("1.200000")), "note": Note.AGREES, "values": {"unit": "百分点"},
        "repair": "",
    }  # fmt: skip
    return CheckView(**(given | fields))


def test_the_line_of_a_check_can_be_followed() -> None:
    operands = [said("1.1", "百分点", type=Type.GAP), said("7.1", "%"), said("6.0", "%")]
    line = line_of(check(), operands)
    assert line is not None
    assert tags.line_text(line) == "[7.05, 7.15]% − [5.95, 6.05]% = [1, 1.2] percentage points"


def test_a_growth_inside_a_bracket_is_written_as_the_language_writes_it() -> None:
    growth = Term("", (Decimal("4.95"), Decimal("5.05")), "%")
    line = Line((Term("", (Decimal("9.95"), Decimal("10.05")), "亿元"),), "÷ (1 + {})", inside=growth)
    assert tags.line_text(line) == "[0.995, 1.005] billion yuan ÷ (1 + [4.95, 5.05]%)"
    with translation.override("es"):
        assert "÷ (1 + [4,95, 5,05]" in tags.line_text(line)


def test_what_is_missing_stands_in_the_unit_of_the_target() -> None:
    missing = Missing(Decimal(53_165_000_000), None, "元")
    assert tags.missing_text(missing, said("620", "亿元")) == "≥53.165 billion yuan to go"


# Pictures ----------------------------------------------------------------------------------------------------------


def test_growth_is_drawn_as_its_statements_say_it() -> None:
    own = said("8.3", "%", type=Type.GROWTH)
    seen = point(own, 5)
    bars = [
        GrowthBar("330782", "某市", seen, seen.value, None, None),
        GrowthBar("330000", "", None, Decimal("6.9"), Decimal("6.8"), Decimal("7.0")),
    ]
    svg = tags.growth_picture(bars, {own.id: own}, "330782", "Growth")
    assert texts(svg) == ["某市 Town or county", "8.3%", "浙江省 Province", "[6.8, 7]%"]
    assert svg.count("is-own") == 1
    assert "url(#growth-hatch)" in svg
    assert texts(tags.growth_picture(bars, {}, "330782", "Growth"))[1] == "8.3%"


def test_the_labels_of_a_year_share_their_unit() -> None:
    first, last = said("73.6", "亿元"), said("206.3", "亿元")
    path = YearPath(
        2026, "元", ((2, point(first, 2)), (5, point(last, 5))),
        (Months(2, 5, Decimal(7_360_000_000), Decimal(20_630_000_000)),),
    )  # fmt: skip
    known = {first.id: first, last.id: last}
    svg = tags.year_picture(path, known, "Exports")
    assert texts(svg)[0] == "billion yuan"
    assert texts(svg)[-2:] == ["7.36", "20.63"]
    assert "[7.36, 20.63] billion yuan" in svg
    with translation.override("zh-hans"):
        assert texts(tags.year_picture(path, known, "Exports"))[0] == "亿元"
        assert tags.months_text(path.between[0], path, known) == "[73.6, 206.3]亿元"
    mixed = {first.id: said("73.6", "%"), last.id: last}
    assert texts(tags.year_picture(path, mixed, "Exports"))[-1] == "20.63 billion yuan"


def test_a_target_is_drawn_with_a_figure_of_its_own_kind_only() -> None:
    target = said("620", "亿元", low=Decimal(620), bound=Bound.GT, period="2026")
    rows = [
        (TargetView(target, said("88.3", "亿元")), Missing(Decimal(53_165_000_000), None, "元")),
        (TargetView(target, said("8.3", "%", type=Type.GROWTH)), None),
        (TargetView(said(None, "", quote="翻番"), None), None),
    ]
    svg = tags.targets_picture(rows, "Targets")
    assert texts(svg).count("Target: &gt;62.0 billion yuan") == 2
    assert "Latest: 8.83 billion yuan" in texts(svg)
    assert "8.3%" not in svg
    assert "≥53.165 billion yuan to go" in texts(svg)


def test_fairs_of_one_currency_are_drawn_beside_each_other() -> None:
    def fair(name: str, **figures: Count) -> Fair:
        return Fair(name, uuid.UUID(int=1), None, (), "", figures)

    rows = [
        fair("甲", amount_deals=Count(Decimal(10**8), Bound.EQ, "元"), visitors=Count(Decimal(9000), Bound.GE)),
        fair("乙", amount_deals=Count(Decimal(10**6), Bound.EQ, "美元")),
        fair("丙", visitors=Count(Decimal(400), Bound.LT)),
    ]
    assert texts(tags.fairs_picture(rows, "amount_deals", "Amount")) == ["甲", "100 million yuan"]
    svg = tags.fairs_picture(rows, "visitors", "Visitors")
    assert texts(svg) == ["甲", "≥9,000", "丙", "&lt;400"]
    assert svg.count("chart-band") == 2
    assert tags.has_measure(rows, "visitors")
    assert not tags.has_measure(rows, "deals")
    assert tags.told_of(rows[2], "visitors") == Count(Decimal(400), Bound.LT)
    assert tags.told_of(rows[2], "deals") is None


def test_a_template_draws_and_escapes() -> None:
    source = "{% load observatory_figures %}{% fairs_picture rows 'visitors' title %}"
    rows = [Fair("<b>", uuid.UUID(int=1), None, (), "", {"visitors": Count(Decimal(1), Bound.EQ)})]
    svg = engines["django"].from_string(source).render({"rows": rows, "title": "<i>"})
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert svg.startswith("<svg")


def test_outcomes_stand_in_the_order_of_the_list() -> None:
    from sundry.insight.observatory.views import LIST_ORDER

    assert {outcome.value: rank for outcome, rank in RANKS.items()} == LIST_ORDER
