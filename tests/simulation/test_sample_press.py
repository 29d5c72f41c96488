"""The sample pages are read as they say, and their figures agree but for the one that was spoilt on purpose."""

from __future__ import annotations

from functools import cache

import pytest
from simulation.press_truth import Row, is_said, rows_of, truth

from sundry.engines.reading.checks import Page, checks_across
from sundry.engines.reading.issue_date import infer_issue_date
from sundry.engines.reading.model import Check, Entity, Outcome, Role, Statement
from sundry.engines.reading.reader import Reading, read
from sundry.engines.reading.regions import name_of
from sundry.simulation.sample_press import SamplePage, home, pages, paper

NAMES = [f"page-{number}" for number in range(1, 5)]
RIGHT_MIN = 0.95  # of the statements of a page in every field
PRECISION_MIN = 0.95


@cache
def page(name: str) -> SamplePage:
    return next(one for one in pages() if one.name == name)


@cache
def reading(name: str) -> Reading:
    return read(page(name).text, issued=page(name).issued, home=home())


def labelled(name: str, key: str = "statements") -> list[Row]:
    return rows_of(page(name).text, truth()[name][key])


def published(name: str) -> list[Statement]:
    return [one for one in reading(name).statements if one.is_published]


def not_yet(name: str, key: str) -> list[str]:
    """What the engine is known to read otherwise than the page says, so that anything else is seen at once."""
    known: list[str] = truth()["not_yet"].get(name, {}).get(key, [])
    return known


def shown(check: Check) -> str:
    return f"{check.kind} {check.outcome} {check.stated or check.values.get('guess', '')}"


def test_there_are_four_short_pages_of_a_place_that_is_nowhere() -> None:
    assert [one.name for one in pages()] == NAMES
    assert [one.issued for one in pages()] == sorted(one.issued for one in pages())
    assert all(1400 < len(one.text) < 3000 for one in pages())
    assert all(one.deliberate for one in pages())
    assert paper().startswith(home().name[:2])
    assert not any(name_of(place.code) for place in (home(), *home().parents))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_looks_like_one_that_was_recognised(name: str) -> None:
    roles = {article.role for article in reading(name).articles}
    assert Role.ADVERT in roles
    assert any(article.jumps for article in reading(name).articles)
    assert any(article.bylines for article in reading(name).articles)
    assert any(article.joins for article in reading(name).articles)
    assert not reading(name).findings


def test_a_headline_stands_below_its_text() -> None:
    below = [
        article
        for name in NAMES
        for article in reading(name).articles
        if article.role is Role.BODY and article.headline and article.headline > article.body[-1]
    ]
    assert len(below) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_its_day_or_not_as_the_manifest_has_it(name: str) -> None:
    found = infer_issue_date(page(name).text).day
    assert found == (page(name).issued if page(name).tells_issue else None)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_says_is_read(name: str) -> None:
    rows = [row for row in labelled(name) if row.words not in not_yet(name, "missed")]
    missed = [row for row in rows if not any(is_said(row, one) for one in published(name))]
    assert len(missed) <= (1 - RIGHT_MIN) * len(rows), [row.words for row in missed]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_said_by_the_page(name: str) -> None:
    rows = labelled(name) + labelled(name, "also")
    told = [one for one in published(name) if one.quote not in not_yet(name, "misread")]
    wrong = [one for one in told if not any(is_said(row, one) for row in rows)]
    assert len(wrong) <= (1 - PRECISION_MIN) * len(told), [(one.quote, one.indicator, one.period) for one in wrong]


@pytest.mark.parametrize("name", NAMES)
def test_codes_models_and_telephones_are_no_figures(name: str) -> None:
    text = page(name).text
    for reject in truth()[name]["rejects"]:
        start = text.index(str(reject))
        end = start + len(str(reject))
        taken = [
            one.quote
            for one in published(name)
            if one.value is not None and any(a >= start and b <= end for a, b in one.spans)
        ]
        assert not taken, reject


@pytest.mark.parametrize("name", NAMES)
def test_the_checks_of_a_page(name: str) -> None:
    wanted = set(truth()[name]["checks"]) - set(not_yet(name, "checks"))
    assert wanted <= {shown(check) for check in reading(name).checks}


def test_only_the_misprint_fails_and_its_repair_is_proposed() -> None:
    failed = [
        (shown(check), check.repair)
        for name in NAMES
        for check in reading(name).checks
        if check.outcome is Outcome.FAILS and shown(check) not in not_yet(name, "fails")
    ]
    assert failed == [("sum fails 74.6亿元", "1.28->12.8")]


def test_the_contribution_of_livestock_is_explained_by_prices() -> None:
    (check,) = (check for check in reading("page-2").checks if check.outcome is Outcome.EXPLAINED)
    assert (check.kind, check.note) == ("contribution", "price_basis")


def test_figures_of_several_pages() -> None:
    """One said again, one revised, one along the year."""
    read_pages = [Page(page(name).text, reading(name).statements, reading(name).articles) for name in NAMES]
    found = checks_across(read_pages)
    said = {(check.kind, check.outcome, check.values.get("indicator"), check.values.get("period")) for check in found}
    assert ("repeat", Outcome.HOLDS, "市场经营主体", "asof 2026-02") in said
    assert ("repeat", Outcome.EXPLAINED, "地区生产总值", "2026-Q1") in said
    assert ("repeat", Outcome.EXPLAINED, "乡村消费品零售额", "2026-Q1") in said
    assert not [check for check in found if check.outcome is Outcome.FAILS]
    assert ("path", Outcome.IMPLIED, "规模以上工业增加值", "2026-03") in said
    assert ("path", Outcome.IMPLIED, "外贸出口额", "2026-04/2026-05") in said
    vintages = {
        (name, one.value)
        for name in NAMES
        for one in reading(name).statements
        if one.indicator_key == "gdp" and one.type == "level" and one.period == "2026-Q1"
    }
    assert {(name, str(value)) for name, value in vintages} == {("page-2", "186.4"), ("page-4", "187.1")}


@pytest.mark.parametrize("line", [line for line in truth()["entities"] if line not in truth()["not_yet"]["entities"]])
def test_whom_and_what_the_pages_name(line: str) -> None:
    kind_and_name, *details = line.split(" | ")
    kind, _, name = kind_and_name.partition(" ")
    wanted = dict(detail.split(" ", 1) for detail in details)
    entities = [one for each in NAMES for one in reading(each).entities]
    assert any(_is_entity(one, kind, name, wanted) for one in entities)


def _is_entity(one: Entity, kind: str, name: str, wanted: dict[str, str]) -> bool:
    return one.type == kind and one.name == name and wanted.items() <= one.details.items()
