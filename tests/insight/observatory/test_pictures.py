"""What is drawn beside what, and what may be derived between printed figures."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Bound, Outcome, Type
from sundry.insight.observatory import pictures
from sundry.insight.observatory.periods import YTD, accumulation_of, days_of
from sundry.insight.observatory.pictures import Missing, Months
from sundry.insight.observatory.rules import (
    Actuality,
    Card,
    CheckView,
    Observation,
    SeriesKey,
    SeriesView,
    StatementView,
    TargetView,
)

Make = Callable[..., StatementView]
HOME, PREFECTURE, PROVINCE = "330782", "330700", "330000"


def seen(key: SeriesKey, period: str, value: str | None, **fields: Any) -> Observation:
    starts_on, ends_on = days_of(period)
    given: dict[str, Any] = {
        "key": key, "period": period, "starts_on": starts_on, "ends_on": ends_on,
        "value": None if value is None else Decimal(value), "low": None, "high": None, "bound": Bound.EQ, "decimals": 1,
        "actuality": Actuality.ACTUAL, "vintage": (ends_on or date(2026, 5, 1)) + timedelta(days=20),
        "page": uuid.UUID(int=1), "statement": uuid.uuid4(), "supports": 1, "confidence": 0.9,
    }  # fmt: skip
    return Observation(**(given | fields))


def series(
    region: str, measure: Type, *points: tuple[Any, ...], unit: str = "%", accumulation: str = YTD, versus: str = ""
) -> SeriesView:
    """`points`: (period, value) or (period, value, other fields)."""
    key = SeriesKey("exports", measure, region, unit, accumulation, versus=versus)
    observations = tuple(seen(key, *point[:2], **(point[2] if len(point) > 2 else {})) for point in points)
    return SeriesView(uuid.uuid4(), key, "出口", "Exports", f"place {region}", observations)


# Fields ------------------------------------------------------------------------------------------------------------


def test_every_field_begins_with_an_indicator_of_the_dictionary_in_its_order() -> None:
    order = list(dictionary())
    places = [order.index(key) for key in pictures.FIELDS.values()]
    assert places[0] == 0
    assert places == sorted(set(places))
    fields = pictures.fields_of(order, order)
    assert list(fields) == order
    assert set(fields.values()) == set(pictures.FIELDS)
    assert (fields["imports"], fields["fair_booths"], fields["va_primary"]) == ("trade", "fairs", "output")


def test_cards_stand_under_their_fields() -> None:
    cards = [Card(key, "", "", HOME, "", None, None) for key in ("exports", "gdp", "imports", "unheard-of")]
    found = pictures.by_field(cards, dictionary())
    assert {field: [card.indicator_key for card in cards] for field, cards in found.items()} == {
        "output": ["gdp"],
        "trade": ["exports", "imports"],
    }


def test_the_usual_place_is_shown_where_anything_is_said_of_it() -> None:
    points = [("2026-Q1", "1"), ("2026-H1", "2")]
    known = [series(HOME, Type.GROWTH, points[0]), series(PREFECTURE, Type.GROWTH, *points)]
    assert pictures.home_of(known, HOME) == HOME
    assert pictures.home_of(known, "110000") == PREFECTURE
    assert pictures.home_of([], HOME) == ""


# Growth ------------------------------------------------------------------------------------------------------------


def test_growth_is_compared_within_the_latest_period_of_the_home() -> None:
    known = [
        series(PROVINCE, Type.GROWTH, ("2026-Q1", "6.0"), ("2026-H1", "6.5")),
        series(HOME, Type.GROWTH, ("2026-01/2026-02", "9.0"), ("2026-Q1", "8.0")),
        series("CN", Type.GROWTH, ("2026-01/2026-02", "5.0")),
        series(PREFECTURE, Type.GROWTH, ("2026-Q1", "7.0")),
        series(PREFECTURE, Type.GROWTH, ("2026-Q1", "1.0"), versus="环比"),
        series(PREFECTURE, Type.LEVEL, ("2026-Q1", "700"), unit="元"),
    ]
    latest, earlier = pictures.own_growths(known, HOME)
    bars = pictures.growth_bars(known, latest)
    assert (latest.period, earlier.period) == ("2026-Q1", "2026-01/2026-02")
    assert (pictures.places_in(known, latest), pictures.places_in(known, earlier)) == (3, 2)
    assert [(bar.region_code, bar.value) for bar in bars] == [
        (HOME, Decimal("8.0")),
        (PREFECTURE, Decimal("7.0")),
        (PROVINCE, Decimal("6.0")),
    ]
    assert pictures.own_growths(known, "110000") == []


@pytest.mark.parametrize(
    "fields", [{"actuality": Actuality.TARGET}, {"vintage": date(2026, 3, 21)}, {"value": None}], ids=str
)
def test_an_aim_and_what_has_no_number_are_not_drawn(fields: dict[str, Any]) -> None:
    value = "8.0" if "value" not in fields else None
    extra = {name: one for name, one in fields.items() if name != "value"}
    known = [series(HOME, Type.GROWTH, ("2026-Q1", "7.0"), ("2026", value, extra))]
    assert [one.period for one in pictures.own_growths(known, HOME)] == ["2026-Q1"]


def test_a_month_may_be_told_of_before_it_is_over() -> None:
    key = SeriesKey("exports", Type.GROWTH, HOME, "%", YTD)
    assert pictures.has_happened(seen(key, "2026-04", "1", vintage=date(2026, 4, 24)))
    assert not pictures.has_happened(seen(key, "2026", "1", vintage=date(2026, 3, 21)))
    assert pictures.has_happened(seen(key, "2026", "1", vintage=None))


def test_what_follows_from_a_gap_stands_beside_what_was_printed() -> None:
    known = [series(HOME, Type.GROWTH, ("2026-Q1", "8.0")), series(PROVINCE, Type.GAP, ("2026-Q1", "1.0"))]

    def check(place: str, period: str, outcome: Outcome = Outcome.IMPLIED) -> CheckView:
        values = {"place": place, "period": period, "guess": "6.9", "unit": "%"}
        return CheckView(
            uuid.uuid4(), uuid.uuid4(), "p", None, "gap", outcome, (), (), (), (), "",
            (Decimal("6.8"), Decimal("7.0")), "other_region", values, "",
        )  # fmt: skip

    given = [
        check(PROVINCE, "2026-Q1"),
        check("CN", "2026-H1"),
        check("CN", "2026-Q1", Outcome.HOLDS),
        check(HOME, "2026-Q1"),
    ]
    own, derived = pictures.growth_bars(known, pictures.own_growths(known, HOME)[0], given)
    assert (own.region_code, own.observation is None) == (HOME, False)
    assert (derived.region_code, derived.region, derived.observation) == (PROVINCE, f"place {PROVINCE}", None)
    assert (derived.value, derived.low, derived.high) == (Decimal("6.9"), Decimal("6.8"), Decimal("7.0"))


# The year ----------------------------------------------------------------------------------------------------------


def year(*points: tuple[Any, ...]) -> Any:
    ytd = [point for point in points if accumulation_of(point[0], ()) == YTD]
    rest = [point for point in points if point not in ytd]
    return pictures.year_path(
        [
            series(HOME, Type.LEVEL, *ytd, unit="元"),
            series(HOME, Type.LEVEL, *rest, unit="元", accumulation="single"),
        ],
        HOME,
    )


def test_a_cumulative_figure_lies_between_those_around_it() -> None:
    found = year(("2026-01/2026-02", "14.2"), ("2026-01/2026-04", "31.5"), ("2026-01/2026-05", "40"), ("2026-03", "9"))
    assert [month for month, _ in found.steps] == [2, 4, 5]
    assert found.between == (
        Months(0, 2, Decimal(0), Decimal("14.2")),
        Months(2, 4, Decimal("14.2"), Decimal("31.5")),
    )


def test_of_several_years_and_vintages_the_latest_count() -> None:
    late = {"vintage": date(2026, 8, 1)}
    found = year(("2025-Q1", "1"), ("2025-H1", "2"), ("2026-Q1", "3"), ("2026-Q1", "4", late), ("2026-H1", "5"))
    assert found.year == 2026
    assert [one.value for _, one in found.steps] == [Decimal(4), Decimal(5)]


def test_january_alone_is_the_year_so_far() -> None:
    assert [month for month, _ in year(("2026-01", "3"), ("2026-Q1", "9")).steps] == [1, 3]


def test_one_figure_is_no_path() -> None:
    assert year(("2026-Q1", "3")) is None
    assert year(("2025-Q1", "3"), ("2026-H1", "9")) is None
    assert pictures.year_path([], HOME) is None


def test_what_may_be_below_zero_or_has_no_limit_bounds_nothing() -> None:
    assert year(("2026-Q1", "-3"), ("2026-H1", "9")).between == ()
    open_ = {"low": Decimal(9), "bound": Bound.GE}
    assert year(("2026-Q1", "3"), ("2026-H1", "9", open_)).between == (Months(0, 3, Decimal(0), Decimal(3)),)
    assert year(("2026-Q1", "3"), ("2026-H1", "2")).between == (Months(0, 3, Decimal(0), Decimal(3)),)


# Targets and vintages ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_what_both_printed_figures_leave(make_statement: Make) -> None:
    aim = make_statement("620", "亿元", low=Decimal(620), bound=Bound.GT)
    reached = make_statement("88.3", "亿元")
    assert pictures.missing_of(TargetView(aim, reached)) == Missing(Decimal("53165000000.00"), None, "元")
    exact = pictures.missing_of(TargetView(make_statement("800", "家"), make_statement("612", "家")))
    assert exact == Missing(Decimal(188), Decimal(188), "家")


def test_nothing_is_missing_where_it_is_reached_or_cannot_be_compared(make_statement: Make) -> None:
    aim = make_statement("800", "家")
    for actual in (None, make_statement("812", "家"), make_statement("88.3", "亿元")):
        assert pictures.missing_of(TargetView(aim, actual)) is None
    growth = make_statement("6.5", "%", type=Type.GROWTH)
    assert pictures.missing_of(TargetView(growth, make_statement("6.1", "%", type=Type.GROWTH))) is None
    most = make_statement("300", "家", high=Decimal(300), bound=Bound.LE)
    assert pictures.missing_of(TargetView(most, make_statement("100", "家"))) is None


def test_what_lies_ahead_has_not_been_reached(make_statement: Make) -> None:
    aim, ahead = (
        make_statement("360", "家"),
        make_statement("420", "家", ends_on=date(2028, 12, 31), issued=date(2026, 3, 21)),
    )
    assert pictures.reached(TargetView(aim, ahead)).actual is None
    known = TargetView(aim, replace(ahead, ends_on=date(2026, 3, 31)))
    assert pictures.reached(known) == known
    assert pictures.reached(TargetView(aim, None)).actual is None


def test_of_one_period_the_latest_vintage_is_drawn() -> None:
    late = {"vintage": date(2026, 9, 1)}
    known = [series(HOME, Type.GROWTH, ("2026-Q1", "8.1", late), ("2026-Q1", "8.0"))]
    (own,) = pictures.own_growths(known, HOME)
    assert own.value == Decimal("8.1")


def test_pages_differ_only_where_rounding_does_not_explain_it(make_statement: Make) -> None:
    one = make_statement("12.5", "亿元")
    assert not pictures.differ(one, make_statement("12.46", "亿元"))
    assert not pictures.differ(one, make_statement("125000", "万元"))
    assert not pictures.differ(one, make_statement("12", "亿元", low=Decimal(12), bound=Bound.GT))
    assert pictures.differ(one, make_statement("12.6", "亿元", decimals=2))
    assert pictures.differ(make_statement("13", "亿元", low=Decimal(13), bound=Bound.GT), one)


def test_a_decline_is_below_zero(make_statement: Make) -> None:
    fall = make_statement("5.1", "%", base_value=Decimal("-5.1"))
    assert pictures.base_ends(fall) == (Decimal("-5.15"), Decimal("-5.05"))
    assert pictures.base_ends(make_statement(None, "")) == (None, None)
