"""Fairs: which events are some, what is told of each, and in which order."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from sundry.engines.reading.model import Bound
from sundry.insight.observatory.fairs import Count, fairs_of, ordered
from sundry.insight.observatory.rules import EntityView


def event(name: str, day: int = 1, **details: str) -> EntityView:
    return EntityView("event", name, uuid.UUID(int=day), date(2026, 5, day), ((0, 4),), details)


def test_only_events_with_figures_are_fairs() -> None:
    assert fairs_of([event("座谈会"), event("展会", period="2026-05-12/2026-05-14")]) == []
    (fair,) = fairs_of([event("展会", visitors="12000+", period="2026-05-12/2026-05-14", days="3")])
    assert fair.figures == {"visitors": Count(Decimal(12000), Bound.GE)}
    assert fair.period == "2026-05-12/2026-05-14"


def test_a_figure_keeps_its_bound_and_its_unit() -> None:
    (fair,) = fairs_of(
        [event("展会", exhibitors="300~", visitors="500-", amount_deals="23000000.5", amount_deals_unit="美元")]
    )
    assert fair.figures["exhibitors"] == Count(Decimal(300), Bound.ABOUT)
    assert fair.figures["visitors"] == Count(Decimal(500), Bound.LT)
    assert fair.figures["amount_deals"] == Count(Decimal("23000000.5"), Bound.EQ, "美元")


def test_what_is_no_figure_is_left_out() -> None:
    assert fairs_of([event("展会", visitors="many"), event("展会", visitors="1e9"), event("展会", visitors="")]) == []


def test_a_fair_of_several_pages_stands_once_as_the_newest_tells() -> None:
    (fair,) = fairs_of([event("展会", 9, visitors="90"), event("展会", 1, visitors="10", deals="4")])
    assert (fair.issued, fair.value("visitors")) == (date(2026, 5, 9), Decimal(90))


def test_the_largest_first_and_what_was_not_told_last() -> None:
    fairs = fairs_of([event("甲", 3, visitors="10"), event("乙", 2, visitors="30"), event("丙", 1, deals="0")])
    assert [fair.name for fair in ordered(fairs, "visitors")] == ["乙", "甲", "丙"]
    assert [fair.name for fair in ordered(fairs, "deals")] == ["丙", "甲", "乙"]
    assert [fair.name for fair in ordered(fairs, "")] == ["甲", "乙", "丙"]
