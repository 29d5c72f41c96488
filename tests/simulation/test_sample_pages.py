"""The sample paper in the observatory: what whoever looks around finds there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sundry.base.access.rules import Actor
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory import queries, queries_exports, queries_figures
from sundry.insight.observatory.rules import DateSource, Sought, Verdict
from sundry.simulation import sample_pages, sample_press

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)


@pytest.fixture
def press() -> None:
    for page in sample_press.pages():
        sample_pages.add(page, actor=Actor(), now=NOON)


def test_the_pages_are_there_with_their_days(press: None) -> None:
    rows = queries.pages()
    assert [row.issued for row in rows] == sorted((page.issued for page in sample_press.pages()), reverse=True)
    sources = {row.name: row.date_source for row in rows}
    for page in sample_press.pages():
        expected = DateSource.INFERRED if page.tells_issue else DateSource.GIVEN
        assert sources[sample_pages.file_name(page)] is expected


def test_there_is_something_to_see_in_every_corner(press: None) -> None:
    cards = queries_figures.cards()
    assert len(cards) > 20
    assert {card.region for card in cards} == {sample_press.home().name}
    assert any(card.against for card in cards)
    assert any(card.ranks for card in cards)
    levels = [one for one in queries_figures.series_of("gdp") if one.key.measure is Type.LEVEL]
    vintages = {one.vintage for series in levels for one in series.observations if one.period == "2026-Q1"}
    assert len(vintages) == 2  # the revision
    assert queries.review(before=None)
    assert queries_figures.targets()
    assert queries_figures.entities("event")


def test_everybody_sees_the_misprint_and_its_repair(press: None) -> None:
    failing = queries.checks(outcome=Outcome.FAILS, limit=100)
    assert [one.repair for one in failing if one.kind == "sum"] == ["1.28->12.8"]


def test_some_statements_were_looked_at(press: None) -> None:
    said = [one for one in queries.statements(Sought(standing=None), limit=500) if one.verdict is not None]
    assert {one.verdict for one in said} == {Verdict.RIGHT, Verdict.NOT_A_QUANTITY}
    assert len(said) == len(sample_pages.SAID)


def test_they_go_without_a_trace(press: None) -> None:
    for page in sample_press.pages():
        assert sample_pages.is_there(page)
        sample_pages.take_away(page, actor=Actor())
        assert not sample_pages.is_there(page)
        sample_pages.take_away(page, actor=Actor())  # and nothing happens
    assert queries.pages() == ()
    assert list(queries_exports.observed(Sought())) == []
