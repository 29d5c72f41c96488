"""Cards, series with their vintages, targets and what pages name."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor
from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Region, Type
from sundry.insight.observatory import actions, queries, queries_figures
from sundry.insight.observatory.rules import Card, Sought, Standing

pytestmark = pytest.mark.django_db

HOME = Region("990182", "麓泽市", (Region("990100", "岑江市"), Region("990000", "苍原省")))
NOW = datetime(2031, 6, 10, 8, tzinfo=UTC)
QUARTER = (
    "本报讯 4月23日，记者从统计部门获悉，2031年一季度，全市地区生产总值186.4亿元，增长6.8%，"
    "高于全省（5.9%）0.9个百分点，增速居岑江各县（市、区）第2位。全市外贸进出口总值88.4亿元，增长8.2%。\n"
)
MONTHS = "本报讯 6月18日，记者从统计部门获悉，2031年1至5月，全市外贸进出口总值151.6亿元，增长9.4%。\n"
REVISED = "本报讯 6月18日，经核实，2031年一季度，全市地区生产总值187.1亿元，增长6.9%。\n"
AIM = "本报讯 1月15日，根据政府工作报告，2031年全市外贸进出口总值力争达到400亿元。\n"


def take(text: str, issued: date | None, name: str = "page.txt") -> uuid.UUID:
    made = actions.import_files(actor=Actor(), files=[(name, text.encode())], issued=issued, home=HOME, then_read=False)
    page = actions.next_page(import_id=made)
    assert page is not None
    actions.read_page(page=page, now=NOW)
    return page


@pytest.fixture
def spring() -> list[uuid.UUID]:
    return [
        take(AIM, date(2031, 1, 16)),
        take(QUARTER, date(2031, 4, 24)),
        take(MONTHS, date(2031, 6, 19)),
        take(REVISED, date(2031, 6, 20)),
    ]


def sql(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def card_of(key: str) -> Card:
    (found,) = [one for one in queries_figures.cards() if one.indicator_key == key]
    return found


# Cards ----------------------------------------------------------------------------------------------------------------


def test_a_card_has_the_latest_period(spring: list[uuid.UUID]) -> None:
    trade = card_of("trade")
    assert (trade.indicator, trade.region_code, trade.region) == (dictionary()["trade"].zh, "990182", "麓泽市")
    assert trade.level is not None
    assert trade.growth is not None
    assert (trade.level.period, trade.level.value) == ("2031-01/2031-05", Decimal("151.6"))
    assert (trade.growth.period, trade.growth.value) == ("2031-01/2031-05", Decimal("9.4"))


def test_a_card_has_the_latest_vintage(spring: list[uuid.UUID]) -> None:
    gdp = card_of("gdp")
    assert gdp.level is not None
    assert (gdp.level.value, gdp.level.page) == (Decimal("187.1"), spring[3])


def test_a_card_stands_beside_wider_regions_and_ranks(spring: list[uuid.UUID]) -> None:
    gdp = card_of("gdp")
    assert {(one.type, one.value) for one in gdp.against} == {
        (Type.GROWTH, Decimal("5.9")),
        (Type.GAP, Decimal("0.9")),
    }
    assert [one.value for one in gdp.ranks] == [Decimal(2)]


def test_cards_come_in_the_order_of_the_dictionary(spring: list[uuid.UUID]) -> None:
    keys = [one.indicator_key for one in queries_figures.cards()]
    assert keys == sorted(keys, key=list(dictionary()).index)
    assert queries_figures.cards(limit=1)[0].indicator_key == keys[0]


def test_cards_take_a_fixed_number_of_statements(spring: list[uuid.UUID]) -> None:
    few = sql(queries_figures.cards)
    take("本报讯 4月23日，2031年一季度，全市税收收入11.7亿元。一般公共预算收入14.2亿元。\n", date(2031, 4, 25))
    assert sql(queries_figures.cards) == few <= 4


def test_a_target_is_no_figure_of_a_card(spring: list[uuid.UUID]) -> None:
    trade = card_of("trade")
    assert trade.level is not None
    assert "target" not in trade.level.kinds


PLANS = (
    "记者获悉，2033年全市专利授权量500件，到2033年末规上工业企业800家，今年全市工业增加值90亿元。"
    "3月末，全市本外币存款余额1284.6亿元。\n"
)


@pytest.mark.parametrize("issued", [date(2025, 4, 24), None])
def test_what_is_to_come_or_not_over_is_no_figure_of_a_card(issued: date | None) -> None:
    take(PLANS, issued)
    shown = {one.indicator_key for one in queries_figures.cards()}
    assert shown == ({"deposits"} if issued else set())
    every = {one.indicator_key: one for one in queries_figures.cards(also_empty=True)}
    assert {"patents", "industry_firms_scale"} <= set(every)
    assert [(every[key].level, every[key].growth) for key in ("patents", "industry_firms_scale")] == [(None, None)] * 2


def test_a_target_is_not_set_beside_a_year_that_is_not_over() -> None:
    take("本报讯 4月23日，今年全市工业增加值90亿元，2024年全市工业增加值80亿元。\n", date(2025, 4, 24))
    take("本报讯 5月23日，2025年全市工业增加值力争达到95亿元。\n", date(2025, 5, 24))
    (target,) = queries_figures.targets()
    assert target.actual is not None
    assert target.actual.value == 80


def test_what_was_counted_stands_beside_a_target_in_tens_of_thousands() -> None:
    take("本报讯 1至4月，全市城镇新增就业4420人。\n", date(2025, 5, 18))
    take("本报讯 5月23日，今年力争全市城镇新增就业1.3万人。\n", date(2025, 5, 24))
    (target,) = queries_figures.targets()
    assert target.actual is not None
    assert (target.actual.value, target.actual.unit) == (4420, "人")


def test_without_pages_there_are_no_cards() -> None:
    assert queries_figures.cards() == ()
    assert queries_figures.card(uuid.uuid4(), unpublished=True) is None


def test_the_card_of_a_statement_is_of_its_own_period(spring: list[uuid.UUID]) -> None:
    (one,) = [one for one in queries.statements(Sought(page=spring[1])) if one.value == Decimal("88.4")]
    card = queries_figures.card(one.id, unpublished=False)
    assert card is not None
    assert card.level is not None
    assert card.growth is not None
    assert (card.level.id, card.growth.value) == (one.id, Decimal("8.2"))


def test_a_statement_without_an_indicator_has_a_card_too(spring: list[uuid.UUID]) -> None:
    page = take("本报讯 4月23日，老街上新挂出28盏灯笼。\n", date(2031, 4, 24))
    (one,) = queries.statements(Sought(page=page, standing=None))
    card = queries_figures.card(one.id, unpublished=True)
    assert card is not None
    assert (card.indicator_key, card.indicator) == ("", one.indicator)
    assert card.level == one


def test_what_waits_has_a_card_for_the_offices_only(spring: list[uuid.UUID]) -> None:
    page = take("本报讯 4月23日，巷口的小店里，老板娘一口气端出三碗面。\n", date(2031, 4, 24))
    (one,) = queries.statements(Sought(page=page, standing=Standing.REVIEW))
    assert queries_figures.card(one.id, unpublished=False) is None
    assert queries_figures.card(one.id, unpublished=True) is not None


# Series ---------------------------------------------------------------------------------------------------------------


def test_a_series_has_its_periods_in_order_and_the_latest_vintage_first(spring: list[uuid.UUID]) -> None:
    (gdp,) = [one for one in queries_figures.series_of("gdp") if one.key.measure is Type.LEVEL]
    assert [(one.period, one.value, one.vintage) for one in gdp.observations] == [
        ("2031-Q1", Decimal(18_710_000_000), date(2031, 6, 20)),
        ("2031-Q1", Decimal(18_640_000_000), date(2031, 4, 24)),
    ]
    (trade,) = [one for one in queries_figures.series_of("trade") if one.key.measure is Type.GROWTH]
    assert [one.period for one in trade.observations] == ["2031-Q1", "2031-01/2031-05"]
    assert (trade.key.unit, trade.key.accumulation, trade.key.basis) == ("%", "ytd", "nominal")
    assert (trade.indicator_en, trade.region) == (dictionary()["trade"].en, "麓泽市")


def test_a_series_is_found_by_its_id(spring: list[uuid.UUID]) -> None:
    for listed in queries_figures.series_list():
        found = queries_figures.series(listed.id)
        assert found is not None
        assert found.key == listed.key
        assert found.observations
        assert listed.observations == ()
    assert queries_figures.series(uuid.uuid4()) is None


def test_series_are_listed_by_indicator_and_each_once(spring: list[uuid.UUID]) -> None:
    whole = queries_figures.series_list()
    found: list[Any] = []
    after = None
    while part := queries_figures.series_list(after=after, limit=2):
        found += part
        after = (part[-1].key.indicator_key, part[-1].id)
    assert found == list(whole)
    keys = [one.key.indicator_key for one in whole]
    assert keys == sorted(keys)


def test_series_are_of_a_place(spring: list[uuid.UUID]) -> None:
    assert {one.key.region_code for one in queries_figures.series_list(region_code="990000")} == {"990000"}
    (province,) = queries_figures.series_of("gdp", region_code="990000")
    assert province.region == "苍原省"


def test_a_series_keeps_its_id_and_goes_from_the_list_with_its_last_point(spring: list[uuid.UUID]) -> None:
    before = {one.key: one.id for one in queries_figures.series_list()}
    for page in spring:
        actions.read_page(page=page, now=NOW)
    assert {one.key: one.id for one in queries_figures.series_list()} == before
    for page in spring:
        actions.remove_page(actor=Actor(), page=page)
    assert queries_figures.series_list() == ()
    assert queries_figures.series_of("gdp") == ()


def test_of_a_long_series_the_latest_points_are_shown(spring: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries_figures, "OBSERVATIONS_MAX", 1)
    for one in queries_figures.series_of("trade"):
        (point,) = one.observations
        assert point.ends_on in (date(2031, 5, 31), date(2031, 12, 31))


def test_series_take_two_statements(spring: list[uuid.UUID]) -> None:
    assert sql(lambda: queries_figures.series_of("gdp")) == 2
    assert sql(lambda: queries_figures.series_list()) == 1


# Targets, entities, the town ------------------------------------------------------------------------------------------


def test_a_target_stands_beside_what_was_reached(spring: list[uuid.UUID]) -> None:
    (found,) = [one for one in queries_figures.targets() if one.target.indicator_key == "trade"]
    assert found.target.value == Decimal(400)
    assert found.actual is not None
    assert (found.actual.period, found.actual.value) == ("2031-01/2031-05", Decimal("151.6"))
    last = found.target
    assert queries_figures.targets(before=(last.issued, last.id)) == ()
    assert sql(queries_figures.targets) <= 3


def test_what_pages_name_comes_newest_first() -> None:
    fair = "本报讯 {}，第{}届麓泽五金工具博览会在会展中心开幕，468家企业参展。\n"
    take(fair.format("4月23日", "八"), date(2031, 4, 24))
    take(fair.format("5月20日", "九"), date(2031, 5, 21))
    found = queries_figures.entities("event")
    assert [one.issued for one in found] == [date(2031, 5, 21), date(2031, 4, 24)]
    first = found[0]
    assert first.id is not None
    assert queries_figures.entities("event", before=(first.issued, first.id)) == found[1:]
    assert queries_figures.entities("commitment") == ()


def test_the_town_is_that_of_the_page_imported_last() -> None:
    assert queries_figures.latest_home() == queries_figures.default_home() == Region("330782", "义乌市")
    take(QUARTER, date(2031, 4, 24))
    assert queries_figures.latest_home() == HOME
