"""Pages come in, are read, dated, put right and go; what they say follows each time.

The pages are made here: an invented town, invented figures, sentences of our own.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from sundry.base.access.queries import AuditFilter, audit_entries
from sundry.base.access.rules import Actor
from sundry.base.parties.models import Person
from sundry.engines.reading.model import Outcome, Region, Type
from sundry.insight.observatory import actions, queries, queries_exports, queries_figures
from sundry.insight.observatory.actions import AlreadyDone, NotThere
from sundry.insight.observatory.corrections import CorrectionWrong
from sundry.insight.observatory.models import Correction, File, Import, Page
from sundry.insight.observatory.models import Observation as Row
from sundry.insight.observatory.rules import (
    DateSource,
    Observation,
    PageView,
    Sought,
    Standing,
    State,
    StatementView,
    Verdict,
)
from sundry.kernel.errors import SundryError

pytestmark = pytest.mark.django_db

HOME = Region("990182", "麓泽市", (Region("990100", "岑江市"), Region("990000", "苍原省")))
NOW = datetime(2031, 6, 10, 8, tzinfo=UTC)
DAY = date(2031, 4, 24)
TRADE = (
    "外贸数据公布\n\n"
    "本报讯 4月23日，记者从统计部门获悉，2031年一季度，全市外贸进出口总值88.4亿元，增长8.2%；"
    "其中出口73.1亿元，增长6.5%，进口15.3亿元，增长17.4%。\n"
)
REVISED = (
    "统计数据修订\n\n"
    "本报讯 6月18日，记者从统计部门获悉，经核实，2031年一季度，全市外贸进出口总值88.9亿元，增长8.8%。\n"
)  # fmt: skip
FIVE_MONTHS = "本报讯 6月18日，记者从统计部门获悉，2031年1至5月，全市外贸进出口总值{level}亿元，增长9.4%。\n"


@pytest.fixture
def office() -> Actor:
    return Actor(person=Person.objects.create(name="Li Wen", email="li@county.example").id)


@pytest.fixture
def taken(office: Actor) -> Callable[..., uuid.UUID]:
    """taken(text, issued) imports a page and reads it; its id."""

    def make(text: str, issued: date | None = DAY, name: str = "page.txt") -> uuid.UUID:
        page = waiting(office, text, issued, name)
        actions.read_page(page=page, now=NOW)
        return page

    return make


def waiting(office: Actor, text: str, issued: date | None = DAY, name: str = "page.txt") -> uuid.UUID:
    made = actions.import_files(
        actor=office, files=[(name, text.encode())], issued=issued, home=HOME, then_read=False
    )  # fmt: skip
    page = actions.next_page(import_id=made)
    assert page is not None
    return page


def shown(page: uuid.UUID) -> PageView:
    found = queries.page(page, unpublished=True)
    assert found is not None
    return found


def said(page: uuid.UUID, words: str) -> StatementView:
    """The statement of the page that quotes these words."""
    found = [one for one in shown(page).statements if words in one.quote]
    assert found, [one.quote for one in shown(page).statements]
    return found[0]


def correct(office: Actor, statement: StatementView, verdict: Verdict, **changes: str) -> None:
    actions.correct(actor=office, statement=statement.id, verdict=verdict, changes=changes, now=NOW)


def points(key: str, measure: Type = Type.LEVEL) -> list[tuple[str, Decimal | None, date | None]]:
    """Period, value and vintage of the observations of an indicator."""
    return [
        (one.period, one.value, one.vintage)
        for series in queries_figures.series_of(key)
        if series.key.measure is measure
        for one in series.observations
    ]


def observed() -> list[Observation]:
    """All observations that would be exported."""
    return [one for one, _ in queries_exports.observed(Sought())]


def kept(page: uuid.UUID) -> list[Any]:
    """All that was read of a page, but for ids that every reading makes anew."""
    view = shown(page)
    checks = [(one.kind, one.outcome, one.spans, one.statements, one.stated, one.derived) for one in view.checks]
    series = [
        (row.series_id, row.statement_id, row.period, row.value) for row in Row.objects.order_by("period", "value")
    ]
    return [view.row, view.articles, view.statements, sorted(checks, key=str), sorted(series, key=str), view.findings]


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_page_is_read_into_all_that_it_says(taken: Callable[..., uuid.UUID]) -> None:
    page = taken(TRADE)
    view = shown(page)
    assert (view.row.state, view.row.issued, view.row.date_source) == (State.READ, DAY, DateSource.GIVEN)
    assert view.text == TRADE
    total = said(page, "88.4亿元")
    assert (total.indicator_key, total.region_code, total.period) == ("trade", "990182", "2031-Q1")
    assert (total.value, total.unit, total.base_value, total.base_unit) == (
        Decimal("88.4"), "亿元", Decimal(8_840_000_000), "元",
    )  # fmt: skip
    assert (total.starts_on, total.ends_on) == (date(2031, 1, 1), date(2031, 3, 31))
    assert total.region == "麓泽市"
    assert total.standing is Standing.PUBLISHED
    assert total.passed >= 1  # exports and imports are the total
    (check,) = [one for one in view.checks if one.kind == "sum"]
    assert check.outcome is Outcome.HOLDS
    assert total.id in check.statements
    assert points("trade") == [("2031-Q1", Decimal(8_840_000_000), DAY)]
    assert points("exports", Type.GROWTH) == [("2031-Q1", Decimal("6.5"), DAY)]


def test_what_is_quoted_stands_at_its_place(taken: Callable[..., uuid.UUID]) -> None:
    view = shown(taken(TRADE))
    assert len(view.statements) >= 6
    for one in view.statements:
        assert "".join(view.text[slice(*span)] for span in one.spans) == one.quote
        assert view.text[one.context_start : one.context_start + len(one.context)] == one.context
        assert view.text[slice(*one.spans[-1])] in one.context


def test_a_decline_is_a_negative_growth_in_its_series(taken: Callable[..., uuid.UUID]) -> None:
    page = taken("本报讯 4月23日，2031年一季度，全市外贸进出口总值88.4亿元，同比下降5.1%。\n")
    assert said(page, "5.1%").base_value == Decimal("-5.1")
    assert points("trade", Type.GROWTH) == [("2031-Q1", Decimal("-5.1"), DAY)]


def test_what_is_about_has_limits_in_its_series(taken: Callable[..., uuid.UUID]) -> None:
    page = taken("本报讯 4月23日，2031年一季度，全市外贸进出口总值突破88亿元。\n")
    more = said(page, "88亿元")
    assert (more.low, more.high) == (Decimal(88), None)
    (series,) = [one for one in queries_figures.series_of("trade") if one.key.measure is Type.LEVEL]
    (point,) = series.observations
    assert (point.value, point.low, point.high) == (Decimal(8_800_000_000), Decimal(8_800_000_000), None)


def test_reading_again_changes_nothing(taken: Callable[..., uuid.UUID]) -> None:
    taken(REVISED, date(2031, 6, 19), "later.txt")
    page = taken(TRADE)
    before = kept(page)
    actions.read_page(page=page, now=NOW)
    actions.read_page(page=page, now=NOW)
    assert kept(page) == before


def test_the_day_is_inferred_with_its_evidence(taken: Callable[..., uuid.UUID]) -> None:
    page = taken(TRADE, None)
    view = shown(page)
    assert (view.row.issued, view.row.date_source) == (date(2031, 4, 24), DateSource.INFERRED)
    assert view.date_reason
    assert any("4月23日" in view.text[slice(*span)] for span in view.date_spans)


def test_without_a_day_nothing_that_hangs_on_it_has_a_period(taken: Callable[..., uuid.UUID]) -> None:
    page = taken("本报讯 记者从统计部门获悉，今年一季度，全市外贸进出口总值88.4亿元。\n", None)
    view = shown(page)
    assert (view.row.issued, view.row.date_source) == (None, DateSource.UNKNOWN)
    assert ("observatory_page_undated", None) in view.findings
    assert said(page, "88.4亿元").period is None
    assert points("trade") == []


def test_a_day_that_is_set_gives_periods(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken("本报讯 记者从统计部门获悉，今年一季度，全市外贸进出口总值88.4亿元。\n", None)
    actions.set_issue_date(actor=office, page=page, issued=date(2030, 4, 20), now=NOW)
    assert said(page, "88.4亿元").period == "2030-Q1"
    assert shown(page).row.date_source is DateSource.CONFIRMED
    actions.set_issue_date(actor=office, page=page, issued=DAY, now=NOW)
    assert points("trade") == [("2031-Q1", Decimal(8_840_000_000), DAY)]


def test_a_day_that_is_confirmed_is_confirmed_once(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE, None)
    actions.set_issue_date(actor=office, page=page, issued=DAY, now=NOW)  # the inferred one
    assert shown(page).row.date_source is DateSource.CONFIRMED
    with pytest.raises(AlreadyDone):
        actions.set_issue_date(actor=office, page=page, issued=DAY, now=NOW)


def test_a_day_may_be_taken_back(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE, date(2031, 5, 2))
    actions.set_issue_date(actor=office, page=page, issued=None, now=NOW)
    assert (shown(page).row.issued, shown(page).row.date_source) == (DAY, DateSource.INFERRED)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("  。\n", "observatory_page_not_chinese"),
        ("The first quarter saw exports of 12.5 billion yuan, up 8.1 percent.\n", "observatory_page_not_chinese"),
        ("全市出口" * 100_001, "observatory_page_too_long"),
    ],
)
def test_a_page_that_says_nothing_is_told_and_publishes_nothing(
    taken: Callable[..., uuid.UUID], text: str, rule: str
) -> None:
    page = taken(text)
    assert rule in [one[0] for one in shown(page).findings]
    assert shown(page).statements == ()
    assert shown(page).row.state is State.READ


@pytest.mark.parametrize(
    "text",
    [
        f"一季度，全市出口{'9' * 300}亿元，增长{'8' * 60}%，占{'7' * 40}.{'1' * 40}%。",
        f"一季度，全市{'长' * 5_000}出口12.5亿元，增长3.{'0' * 90}1%。",
        "全市出口12.5亿元" * 600,
        "一季度，全市出口12.5万亿亿亿元、0元、-3亿元、1/0、１２．５億元，進口７千萬元，第０位，占比０％。",
        "\ufeff\u202e全市出口\u200b12.5\u00a0亿元\r\r\n\x0b\x1b增长8%。\ud7ff\U0010ffff",
        "| 指标 | 一季度 |\n|---|---|\n| 出口 | 12.5亿元 |\n" * 50,
    ],
)
def test_the_strangest_page_is_read_and_kept(taken: Callable[..., uuid.UUID], text: str) -> None:
    page = taken(text)
    view = shown(page)
    assert (view.row.state, view.text) == (State.READ, text)
    before = kept(page)
    actions.read_page(page=page, now=NOW)
    assert kept(page) == before


def test_what_decoding_found_is_kept_with_what_reading_found(office: Actor) -> None:
    made = actions.import_files(
        actor=office,
        files=[("n.txt", TRADE.replace("获悉", "获\0悉").encode())],
        issued=DAY,
        home=HOME,
        then_read=False,
    )
    page = actions.next_page(import_id=made)
    assert page is not None
    for _ in range(2):
        actions.read_page(page=page, now=NOW)
        assert [one[0] for one in shown(page).findings] == ["observatory_nul"]
    assert "\ufffd" in shown(page).text


# Corrections ----------------------------------------------------------------------------------------------------------


def test_another_indicator_moves_the_point_and_breaks_the_sum(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.INDICATOR, indicator_key="retail_sales")
    assert points("exports") == []
    assert points("retail_sales") == [("2031-Q1", Decimal(7_310_000_000), DAY)]
    changed = said(page, "73.1亿元")
    assert (changed.indicator, changed.corrected, changed.verdict) == (
        "社会消费品零售总额", ("indicator_key",), Verdict.INDICATOR,
    )  # fmt: skip
    assert (changed.corrected_by, changed.corrected_at) == ("Li Wen", NOW)
    assert not [one for one in shown(page).checks if one.kind == "sum" and one.outcome is Outcome.HOLDS]


def test_another_period_moves_the_point(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.PERIOD, period="2030-Q1")
    assert points("exports") == [("2030-Q1", Decimal(7_310_000_000), DAY)]
    assert said(page, "73.1亿元").ends_on == date(2030, 3, 31)


def test_another_place_moves_the_point(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.REGION, region_code="990100")
    (series,) = [one for one in queries_figures.series_of("exports") if one.key.measure is Type.LEVEL]
    assert (series.key.region_code, series.region) == ("990100", "岑江市")
    assert said(page, "73.1亿元").region == "岑江市"


def test_another_value_makes_the_sum_fail(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    assert shown(page).row.failing == 0
    correct(office, said(page, "73.1亿元"), Verdict.VALUE, value="37.1")
    assert points("exports") == [("2031-Q1", Decimal(3_710_000_000), DAY)]
    (check,) = [one for one in shown(page).checks if one.kind == "sum"]
    assert check.outcome is Outcome.FAILS
    assert shown(page).row.failing >= 1
    assert said(page, "73.1亿元").failed >= 1
    assert said(page, "88.4亿元").failed >= 1
    assert said(page, "73.1亿元").quote.endswith("73.1亿元")  # what is printed stays


def test_what_is_no_quantity_is_in_no_series_and_no_export(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.NOT_A_QUANTITY)
    gone = said(page, "73.1亿元")
    assert gone.standing is Standing.REJECTED
    assert points("exports") == []
    assert gone.id not in {one.id for one in queries.exportable(Sought(standing=None))}
    assert gone.id not in {one.statement for one in observed()}
    assert not [one for one in shown(page).checks if gone.id in one.statements]
    assert queries.statement(gone.id, unpublished=False) is None
    assert queries.statement(gone.id, unpublished=True) == gone


def test_what_is_withdrawn_is_as_it_was_read(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    before = kept(page)[1:]
    exports = said(page, "73.1亿元")
    correct(office, exports, Verdict.VALUE, value="37.1")
    correct(office, exports, Verdict.NOT_A_QUANTITY)
    actions.withdraw(actor=office, statement=exports.id, now=NOW)
    assert kept(page)[1:] == before
    verdicts = [one.verdict for one in queries.history(exports.id)]
    assert verdicts == [Verdict.WITHDRAWN, Verdict.NOT_A_QUANTITY, Verdict.VALUE]
    with pytest.raises(AlreadyDone):
        actions.withdraw(actor=office, statement=exports.id, now=NOW)


def test_what_is_doubtful_is_published_when_a_person_says_that_it_is_right(
    taken: Callable[..., uuid.UUID], office: Actor
) -> None:
    page = taken("本报讯 4月23日，麓泽的小店里，老板娘一口气端出三碗面。\n" + TRADE)
    waits = [one for one in shown(page).statements if one.standing is Standing.REVIEW]
    assert waits
    assert queries.statement(waits[0].id, unpublished=False) is None
    correct(office, waits[0], Verdict.RIGHT)
    right = queries.statement(waits[0].id, unpublished=False)
    assert right is not None
    assert (right.standing, right.verdict) == (Standing.PUBLISHED, Verdict.RIGHT)
    assert right.confidence < 0.6  # the reader is no surer for it
    assert waits[0].id not in {one.id for one in queries.review(before=None)}
    row = shown(page).row
    assert row.to_review == len(waits) - 1


def test_corrections_survive_reading_and_another_day_of_issue(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.VALUE, value="73.2")
    correct(office, said(page, "73.1亿元"), Verdict.PERIOD, period="2031-03")
    correct(office, said(page, "17.4%"), Verdict.NOT_A_QUANTITY)
    for again in (
        lambda: actions.read_page(page=page, now=NOW),
        lambda: actions.set_issue_date(actor=office, page=page, issued=date(2031, 4, 25), now=NOW),
    ):
        again()
        exports = said(page, "73.1亿元")
        assert (exports.value, exports.period) == (Decimal("73.2"), "2031-03")
        assert exports.corrected == ("period", "value")
        assert said(page, "17.4%").standing is Standing.REJECTED
    assert [one.vintage for one in observed()] == [date(2031, 4, 25)] * len(observed())


def test_a_statement_that_the_reader_has_moved_is_corrected_further_and_withdrawn(
    taken: Callable[..., uuid.UUID], office: Actor
) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.VALUE, value="73.2")
    Correction.objects.update(start=F("start") + 1)  # as if the reader of then had quoted a word less
    actions.read_page(page=page, now=NOW)
    correct(office, said(page, "73.1亿元"), Verdict.PERIOD, period="2031-03")
    exports = said(page, "73.1亿元")
    assert (exports.value, exports.period, exports.corrected) == (Decimal("73.2"), "2031-03", ("period", "value"))
    assert [one.verdict for one in queries.history(exports.id)] == [Verdict.PERIOD, Verdict.VALUE]
    actions.withdraw(actor=office, statement=exports.id, now=NOW)
    as_read = said(page, "73.1亿元")
    assert (as_read.value, as_read.period, as_read.verdict) == (Decimal("73.1"), "2031-Q1", None)


def test_one_of_two_ranks_at_one_place_is_put_right_alone(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken("本报讯 4月23日，2031年一季度，全市外贸进出口总值88.4亿元，总量、增速均居岑江第一。\n")
    ranks = [one for one in shown(page).statements if one.type is Type.RANK]
    if len({one.spans for one in ranks}) != 1 or len(ranks) < 2:
        pytest.skip("the reader takes the two ranks apart by itself")
    correct(office, ranks[1], Verdict.NOT_A_QUANTITY)
    after = [one.standing for one in shown(page).statements if one.type is Type.RANK]
    assert after == [Standing.PUBLISHED, Standing.REJECTED]


def test_the_same_said_twice_is_said_once(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.RIGHT)
    with pytest.raises(AlreadyDone):
        correct(office, said(page, "73.1亿元"), Verdict.RIGHT)
    assert Correction.objects.count() == 1


def test_a_correction_that_makes_no_sense_leaves_no_trace(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    before = kept(page)
    with pytest.raises(CorrectionWrong):
        correct(office, said(page, "73.1亿元"), Verdict.PERIOD, period="spring")
    assert kept(page) == before
    assert not Correction.objects.exists()


def test_a_statement_that_is_gone_cannot_be_corrected(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    gone = said(page, "73.1亿元")
    actions.remove_page(actor=office, page=page)
    with pytest.raises(NotThere):
        correct(office, gone, Verdict.RIGHT)


def test_who_changed_what_stands_in_the_audit_log(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    correct(office, said(page, "73.1亿元"), Verdict.VALUE, value="73.2")
    actions.set_issue_date(actor=office, page=page, issued=date(2031, 4, 25), now=NOW)
    actions.remove_page(actor=office, page=page)
    entries = audit_entries(AuditFilter(), limit=10)
    assert [one.operation for one in entries] == [
        "observatory.page.remove", "observatory.page.date", "observatory.statement.correct", "observatory.page.import",
    ]  # fmt: skip
    assert entries[2].details == {"verdict": "value", "value": "73.2"}
    assert entries[1].details == {"was": "2031-04-24", "issued": "2031-04-25"}
    assert {one.person for one in entries} == {office.person}


# Other pages ----------------------------------------------------------------------------------------------------------


def between(page: uuid.UUID) -> list[tuple[str, Outcome, str]]:
    """The checks that compare the page with others: kind, outcome, what is stated."""
    return [(one.kind, one.outcome, one.stated) for one in shown(page).checks if len(set(one.pages)) > 1]


def test_two_vintages_of_one_period_stand_side_by_side(taken: Callable[..., uuid.UUID]) -> None:
    first, later = taken(TRADE), taken(REVISED, date(2031, 6, 19))
    assert points("trade") == [
        ("2031-Q1", Decimal(8_890_000_000), date(2031, 6, 19)),
        ("2031-Q1", Decimal(8_840_000_000), DAY),
    ]
    assert ("repeat", Outcome.FAILS) in [one[:2] for one in between(later)]
    assert between(first) == between(later)
    assert said(first, "88.4亿元").standing is Standing.PUBLISHED
    assert said(first, "88.4亿元").failed == 1
    assert said(later, "88.9亿元").failed == 1
    assert shown(first).row.failing == shown(later).row.failing >= 1


def test_what_the_second_page_repeats_is_said_by_both(taken: Callable[..., uuid.UUID]) -> None:
    first = taken(TRADE)
    passed = said(first, "88.4亿元").passed
    later = taken(REVISED.replace("88.9", "88.4").replace("8.8%", "8.2%"), date(2031, 6, 19))
    held = [one for one in between(later) if one[0] == "repeat"]
    assert {one[1] for one in held} == {Outcome.HOLDS}
    assert said(first, "88.4亿元").passed == passed + 1
    card = queries_figures.card(said(first, "88.4亿元").id, unpublished=False)
    assert card is not None
    assert [one.page for one in card.same] == [later]


def test_two_numbers_of_one_page_stand_side_by_side(taken: Callable[..., uuid.UUID]) -> None:
    page = taken(TRADE + "本报讯 4月23日，据介绍，2031年一季度，全市外贸进出口总值98.4亿元。\n")
    assert sorted(one[1] or 0 for one in points("trade")) == [Decimal(8_840_000_000), Decimal(9_840_000_000)]
    assert Outcome.FAILS in {one.outcome for one in shown(page).checks if one.kind in ("repeat", "headline")}
    assert {said(page, words).standing for words in ("88.4亿元", "98.4亿元")} == {Standing.PUBLISHED}


@pytest.mark.parametrize(
    ("printed", "value", "base"),
    [
        ("12345678901234567890.1", "12345678901234567890.1", "1234567890123456789010000000"),
        ("1234567890.12345678911", "1234567890.1234567891", "123456789012345678.911"),
        ("0.000000000001", "0", "0.0001"),
        ("1" + "0" * 30, None, None),
    ],
)
def test_a_number_of_many_digits_is_kept_to_the_last(
    taken: Callable[..., uuid.UUID], printed: str, value: str | None, base: str | None
) -> None:
    page = taken(f"本报讯 4月23日，2031年一季度，全市外贸进出口总值{printed}亿元。\n")
    assert shown(page).row.state is State.READ
    found = [(one.value, one.base_value) for one in shown(page).statements if one.unit == "亿元"]
    assert found in ([(value and Decimal(value), base and Decimal(base))], [])
    assert bool(found) == (value is not None)


def test_a_figure_that_is_said_three_times_is_one_point(taken: Callable[..., uuid.UUID]) -> None:
    again = "本报讯 4月23日，据介绍，2031年一季度，全市外贸进出口总值88.4亿元。\n"
    taken(TRADE + again + again.replace("据介绍", "另据了解"))
    (point,) = [one for one in observed() if one.key.indicator_key == "trade" and one.key.unit == "元"]
    assert point.supports == 3


@pytest.mark.parametrize(("level", "outcome"), [("151.6", Outcome.IMPLIED), ("51.6", Outcome.FAILS)])
def test_the_path_of_a_year_goes_over_pages(taken: Callable[..., uuid.UUID], level: str, outcome: Outcome) -> None:
    taken(TRADE)
    later = taken(FIVE_MONTHS.format(level=level), date(2031, 6, 19))
    assert ("path", outcome) in [one[:2] for one in between(later)]


def test_pages_are_compared_in_whatever_order_they_are_read(taken: Callable[..., uuid.UUID]) -> None:
    later, first = taken(REVISED, date(2031, 6, 19)), taken(TRADE)
    assert ("repeat", Outcome.FAILS) in [one[:2] for one in between(first)]
    assert between(first) == between(later)


def test_a_correction_settles_what_failed_between_pages(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    first, later = taken(TRADE), taken(REVISED, date(2031, 6, 19))
    correct(office, said(later, "88.9亿元"), Verdict.VALUE, value="88.4")
    assert ("repeat", Outcome.FAILS, "88.4亿元") not in between(first)
    assert said(first, "88.4亿元").failed == 0
    correct(office, said(later, "88.9亿元"), Verdict.INDICATOR, indicator_key="retail_sales")
    correct(office, said(later, "8.8%"), Verdict.NOT_A_QUANTITY)
    assert between(first) == between(later) == []
    assert shown(first).row.failing == 0


def test_a_page_is_no_surer_for_being_read_after_the_one_that_repeats_it(taken: Callable[..., uuid.UUID]) -> None:
    first = taken(FIVE_MONTHS.format(level="151.6"))
    taken(FIVE_MONTHS.format(level="151.6") + "完\n", date(2031, 6, 20))
    before = kept(first)
    actions.read_page(page=first, now=NOW)
    assert kept(first) == before
    assert said(first, "151.6").passed


def test_reading_again_keeps_what_pages_say_to_each_other(taken: Callable[..., uuid.UUID]) -> None:
    pages = [
        taken(TRADE),
        taken(REVISED, date(2031, 6, 19)),
        taken(FIVE_MONTHS.format(level="151.6"), date(2031, 6, 20)),
    ]
    before = [sorted(map(str, between(page))) for page in pages]
    for page in (*pages, *reversed(pages)):
        actions.read_page(page=page, now=NOW)
    assert [sorted(map(str, between(page))) for page in pages] == before


def test_what_has_no_period_is_compared_with_no_other_page(taken: Callable[..., uuid.UUID]) -> None:
    undated = "本报讯 记者从统计部门获悉，今年一季度，全市外贸进出口总值{}亿元。\n"
    one, other = taken(undated.format("88.4"), None), taken(undated.format("91.3"), None)
    assert between(one) == between(other) == []


def test_a_page_that_goes_takes_all_that_hangs_on_it(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    first, later = taken(TRADE), taken(REVISED, date(2031, 6, 19))
    third = taken(REVISED.replace("88.9", "88.4").replace("8.8%", "8.2%"), date(2031, 6, 20))
    correct(office, said(later, "88.9亿元"), Verdict.RIGHT)
    actions.remove_page(actor=office, page=later)
    assert queries.page(later, unpublished=True) is None
    assert {one.page for one in observed()} == {first, third}
    assert {one[1] for one in between(first) if one[0] == "repeat"} == {Outcome.HOLDS}  # the two that are left
    assert said(first, "88.4亿元").failed == 0
    assert not Correction.objects.exists()
    assert File.objects.count() == 2
    again = taken(REVISED, date(2031, 6, 19))  # it may come again
    assert ("repeat", Outcome.FAILS) in [one[:2] for one in between(again)]


def test_a_page_that_is_removed_twice_is_not_there(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    actions.remove_page(actor=office, page=page)
    for action in (actions.remove_page, actions.set_issue_date):
        more: dict[str, Any] = {} if action is actions.remove_page else {"issued": DAY, "now": NOW}
        with pytest.raises(NotThere):
            action(actor=office, page=page, **more)
    with pytest.raises(NotThere):
        actions.read_page(page=page, now=NOW)


# Imports --------------------------------------------------------------------------------------------------------------


def test_what_comes_in_waits_and_is_in_the_queue(office: Actor) -> None:
    made = actions.import_files(
        actor=office, files=[("a.txt", TRADE.encode()), ("b.txt", b"")], issued=None, home=HOME
    )  # fmt: skip
    found = queries.import_of(made)
    assert found is not None
    assert (found.total, found.done, found.is_over) == (1, 0, False)
    assert [one.state for one in found.pages] == [State.WAITING]
    assert found.problems == (("b.txt", "observatory_file_empty", {"file": "b.txt"}),)
    (job,) = ProcrastinateJob.objects.filter(task_name=actions.READ_TASK)
    assert job.args == {"import_id": str(made)}
    (row,) = Page.objects.all()
    assert (row.home_code, row.home_parents) == ("990182", [["990100", "岑江市"], ["990000", "苍原省"]])


def test_nothing_that_can_be_read_puts_nothing_into_the_queue(office: Actor) -> None:
    made = actions.import_files(actor=office, files=[("b.txt", b"")], issued=None, home=HOME)
    found = queries.import_of(made)
    assert found is not None
    assert found.is_over
    assert not ProcrastinateJob.objects.filter(task_name=actions.READ_TASK).exists()


def test_a_file_that_is_there_already_leads_to_its_page(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    page = taken(TRADE)
    made = actions.import_files(
        actor=office, files=[("again.txt", TRADE.encode()), ("new.txt", REVISED.encode())], issued=None, home=HOME
    )
    found = queries.import_of(made)
    assert found is not None
    assert found.total == 1
    ((name, rule, values),) = found.problems
    assert (name, rule, values["page"]) == ("again.txt", "observatory_file_known", str(page))


@pytest.mark.parametrize(("files", "rule"), [(0, "observatory_no_file"), (51, "observatory_too_many_files")])
def test_no_file_and_too_many_are_refused(office: Actor, files: int, rule: str) -> None:
    with pytest.raises(SundryError) as refused:
        actions.import_files(
            actor=office, files=[(f"{n}.txt", str(n).encode()) for n in range(files)], issued=None, home=HOME
        )
    assert refused.value.rule == rule
    assert not Import.objects.exists()


def test_an_import_is_stopped_and_goes_on(office: Actor) -> None:
    files = [(f"{number}.txt", TRADE.replace("88.4", f"88.{number}").encode()) for number in range(3)]
    made = actions.import_files(actor=office, files=files, issued=DAY, home=HOME)
    first = actions.next_page(import_id=made)
    assert first is not None
    actions.read_page(page=first, now=NOW)
    actions.stop_import(actor=office, import_id=made)
    assert actions.next_page(import_id=made) is None
    found = queries.import_of(made)
    assert found is not None
    assert (found.stopped, found.is_over, found.done) == (True, True, 1)
    with pytest.raises(AlreadyDone):
        actions.stop_import(actor=office, import_id=made)
    actions.resume_import(actor=office, import_id=made)
    assert actions.next_page(import_id=made) not in (None, first)
    with pytest.raises(AlreadyDone):
        actions.resume_import(actor=office, import_id=made)
    with pytest.raises(NotThere):
        actions.stop_import(actor=office, import_id=uuid.uuid4())


def test_an_import_that_is_over_is_not_stopped(taken: Callable[..., uuid.UUID], office: Actor) -> None:
    taken(TRADE)
    with pytest.raises(AlreadyDone):
        actions.stop_import(actor=office, import_id=Import.objects.get().id)


def test_a_page_that_goes_while_it_waits_is_not_waited_for(office: Actor) -> None:
    page = waiting(office, TRADE)
    actions.remove_page(actor=office, page=page)
    assert Import.objects.get().total == 0


def test_a_page_of_which_the_reader_breaks_says_so(
    taken: Callable[..., uuid.UUID], office: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = taken(TRADE)
    monkeypatch.setattr(actions, "reading_of", lambda *_: 1 // 0)
    assert not actions.read_or_fail(page=page, now=NOW)
    view = shown(page)
    assert (view.row.state, view.statements, view.checks) == (State.FAILED, (), ())
    assert view.findings == (("observatory_page_failed", None),)
    assert points("trade") == []
    monkeypatch.undo()
    monkeypatch.setattr(actions, "READER", 7)  # the next version
    assert actions.reread(limit=10, now=NOW) == 1
    assert shown(page).row.state is State.READ
    assert shown(page).findings == ()


def test_only_what_an_older_reader_read_is_read_again(
    taken: Callable[..., uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        taken(TRADE.replace("88.4", f"88.{number}"))
    assert actions.reread(limit=10, now=NOW) == 0
    monkeypatch.setattr(actions, "READER", 7)
    assert [actions.reread(limit=2, now=NOW) for _ in range(3)] == [2, 1, 0]


# How many SQL statements, and how many at once ------------------------------------------------------------------------

NAMES = (
    "外贸进出口总值", "外贸出口额", "外贸进口额", "社会消费品零售总额", "一般公共预算收入", "税收收入", "地区生产总值",
    "第一产业增加值", "第二产业增加值", "第三产业增加值",
)  # fmt: skip


def many(figures: int) -> str:
    """A page of that many figures: ten indicators, month after month back into the past."""
    sentences = []
    for number in range(figures):
        year, month = divmod(number // len(NAMES), 12)
        sentences.append(
            f"{2030 - year}年{month + 1}月，全市{NAMES[number % len(NAMES)]}{100 + number % 37}.{number % 10}亿元。"
        )
    return "本报讯 " + "\n".join(sentences) + "\n"


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len([one for one in captured if "SAVEPOINT" not in one["sql"]])


def test_a_page_of_ten_figures_takes_as_many_sql_statements_as_one_of_a_thousand(
    taken: Callable[..., uuid.UUID], office: Actor
) -> None:
    other = taken(many(10) + "另一版。\n", date(2031, 4, 20))  # both pages are compared with it
    correct(office, shown(other).statements[0], Verdict.RIGHT)
    seen = {}
    for figures in (10, 1_000):
        page = waiting(office, many(figures))
        first = counted(lambda page=page: actions.read_page(page=page, now=NOW))
        statements = shown(page).statements
        assert len(statements) >= figures
        put_right = counted(lambda one=statements[0]: correct(office, one, Verdict.RIGHT))
        seen[figures] = (first, put_right)
        actions.remove_page(actor=office, page=page)
    assert seen[10] == seen[1_000]
    assert max(seen[10]) <= 30


def test_twenty_files_take_as_many_sql_statements_as_one(office: Actor) -> None:
    def take(count: int, first: int) -> int:
        files = [(f"{number}.txt", f"{TRADE}{number}".encode()) for number in range(first, first + count)]
        return counted(
            lambda: actions.import_files(actor=office, files=files, issued=DAY, home=HOME, then_read=False)
        )  # fmt: skip

    take(1, 100)
    assert take(1, 0) == take(20, 1)


@pytest.fixture
def threads() -> Callable[[list[Callable[[], object]]], list[BaseException]]:
    """threads([work, ...]) does each in a thread of its own, all at once, and gives what they raised."""

    def run(works: list[Callable[[], object]]) -> list[BaseException]:
        raised: list[BaseException] = []
        start = threading.Barrier(len(works))

        def one(work: Callable[[], object]) -> None:
            try:
                start.wait(10)
                work()
            except BaseException as fault:
                raised.append(fault)
            finally:
                connection.close()

        running = [threading.Thread(target=one, args=[work]) for work in works]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join(30)
        assert not any(thread.is_alive() for thread in running)
        return raised

    return run


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_one_page_at_once_are_both_heard(threads: Any, taken: Callable[..., uuid.UUID]) -> None:
    people = [
        Actor(person=Person.objects.create(name=name, email=f"{name.lower()}@x.example").id) for name in ("An", "Bo")
    ]
    page = taken(TRADE)
    one, other = said(page, "73.1亿元"), said(page, "15.3亿元")
    raised = threads(
        [
            lambda: correct(people[0], one, Verdict.VALUE, value="73.2"),
            lambda: correct(people[1], other, Verdict.VALUE, value="15.2"),
        ]
    )
    assert raised == []
    assert (said(page, "73.1亿元").value, said(page, "15.3亿元").value) == (Decimal("73.2"), Decimal("15.2"))
    assert {one.outcome for one in shown(page).checks if one.kind == "sum"} == {Outcome.HOLDS}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_the_same_at_once_one_is_told(threads: Any, taken: Callable[..., uuid.UUID]) -> None:
    page = taken(TRADE)
    one = said(page, "73.1亿元")
    raised = threads([lambda: correct(Actor(), one, Verdict.RIGHT)] * 2)
    assert [type(fault) for fault in raised] == [AlreadyDone]
    assert Correction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_are_read_at_once_see_each_other(threads: Any, office: Actor) -> None:
    first, later = waiting(office, TRADE), waiting(office, REVISED, date(2031, 6, 19))
    raised = threads([lambda page=page: actions.read_page(page=page, now=NOW) for page in (first, later)])
    assert raised == []
    assert ("repeat", Outcome.FAILS) in [one[:2] for one in between(first)]
    assert between(first) == between(later)


@pytest.mark.django_db(transaction=True)
def test_one_file_that_two_import_at_once_is_taken_once(threads: Any, office: Actor) -> None:
    files = [(f"{number}.txt", f"{TRADE}{number}".encode()) for number in range(5)]
    found: list[uuid.UUID] = []

    def take(those: list[tuple[str, bytes]]) -> None:
        found.append(actions.import_files(actor=office, files=those, issued=DAY, home=HOME, then_read=False))

    assert threads([lambda: take(files), lambda: take(files[::-1])]) == []
    assert Page.objects.count() == 5
    views = [queries.import_of(one) for one in found]
    assert sorted(len(view.pages) + len(view.problems) for view in views if view) == [5, 5]
    assert sum(view.total for view in views if view) == 5


@pytest.mark.django_db(transaction=True)
def test_what_fails_in_the_middle_leaves_what_was_there(
    taken: Callable[..., uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the worker were killed after the old statements had gone."""
    page = taken(TRADE)
    before = kept(page)
    left: list[int] = []

    def killed(*_: object) -> None:
        left.append(Row.objects.filter(page=page).count())
        raise KeyboardInterrupt

    monkeypatch.setattr("sundry.insight.observatory.writing._write_observations", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.read_page(page=page, now=NOW)
    assert left == [0]
    assert kept(page) == before
