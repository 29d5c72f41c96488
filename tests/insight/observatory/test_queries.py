"""Questions to the observatory: what is shown to whom, in which order, with how many SQL statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor
from sundry.engines.reading.model import Outcome, Region, Type
from sundry.insight.observatory import actions, queries
from sundry.insight.observatory.models import Check, Statement
from sundry.insight.observatory.rules import DateSource, Sought, Standing, Verdict

pytestmark = pytest.mark.django_db

HOME = Region("990182", "麓泽市", (Region("990100", "岑江市"), Region("990000", "苍原省")))
NOW = datetime(2031, 6, 10, 8, tzinfo=UTC)
ORDER = ["fails", "explained", "implied", "holds"]
FIRST = date(2031, 4, 24)
TEXT = (
    "前三月外贸增长8.2%\n\n"
    "本报讯 4月23日，记者从统计部门获悉，2031年一季度，全市外贸进出口总值{total}亿元，增长8.2%；"
    "其中出口73.1亿元，增长6.5%，进口15.3亿元，增长17.4%。巷口的小店里，老板娘一口气端出三碗面。\n"
)


def take(text: str, issued: date | None = FIRST, name: str = "page.txt") -> uuid.UUID:
    made = actions.import_files(actor=Actor(), files=[(name, text.encode())], issued=issued, home=HOME, then_read=False)
    page = actions.next_page(import_id=made)
    assert page is not None
    actions.read_page(page=page, now=NOW)
    return page


@pytest.fixture
def week() -> list[uuid.UUID]:
    """Four pages, one a day from the first on; the last has no day."""
    days = [FIRST + timedelta(days=number) for number in range(3)]
    dated = [take(TEXT.format(total=f"88.{number}"), day, f"{number}.txt") for number, day in enumerate(days)]
    undated = take("全市外贸进出口总值91.7亿元，比上年同期增长4.5%。\n", None, "undated.txt")
    return [*dated, undated]


def all_of(ask: Callable[..., tuple[Any, ...]], key: Callable[[Any], Any], limit: int, **more: Any) -> list[Any]:
    """The whole list, asked for in pieces."""
    found: list[Any] = []
    after = None
    while part := ask(before=after, limit=limit, **more):
        found += part
        after = key(part[-1])
    return found


def sql(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


# Pages ----------------------------------------------------------------------------------------------------------------


def test_pages_come_newest_first_and_each_once(week: list[uuid.UUID]) -> None:
    for limit in (1, 3, 50):
        rows = all_of(queries.pages, queries.key_of, limit)
        assert [row.id for row in rows] == [*week[2::-1], week[3]]
        assert rows[-1].date_source is DateSource.UNKNOWN


def test_a_row_says_what_the_page_is_about(week: list[uuid.UUID]) -> None:
    row = next(row for row in queries.pages(unpublished=True) if row.id == week[0])
    assert row.name == "0.txt"
    assert row.headlines == ("前三月外贸增长8.2%",)
    view = queries.page(week[0], unpublished=True)
    assert view is not None
    standings = [one.standing for one in view.statements]
    assert (row.published, row.to_review) == (standings.count(Standing.PUBLISHED), standings.count(Standing.REVIEW))
    assert row.to_review >= 1


def test_a_list_of_pages_is_one_statement_and_never_loads_their_text(week: list[uuid.UUID]) -> None:
    with CaptureQueriesContext(connection) as captured:
        queries.pages(unpublished=True)
    assert len(captured) == 1
    assert '"observatory_page"."text"' not in captured[0]["sql"]
    assert "data" not in captured[0]["sql"].partition("FROM")[0].replace("date", "")


def test_a_page_is_shown_to_the_public_without_what_waits(week: list[uuid.UUID]) -> None:
    whole, public = (queries.page(week[0], unpublished=unpublished) for unpublished in (True, False))
    assert whole is not None
    assert public is not None
    hidden = {one.id for one in whole.statements} - {one.id for one in public.statements}
    assert hidden == {one.id for one in whole.statements if one.standing is not Standing.PUBLISHED}
    assert hidden
    shown = {one.id for one in public.statements}
    for check in public.checks:
        of_the_page = [one for one, page in zip(check.statements, check.pages, strict=False) if page == week[0]]
        assert shown.issuperset(of_the_page)


def test_what_is_not_shown_is_not_counted_either(week: list[uuid.UUID]) -> None:
    total = next(one for one in queries.statements(Sought()) if "88.1" in one.quote)
    counts = [row.failing for row in queries.pages(unpublished=False) if row.id == total.page]
    view = queries.page(total.page, unpublished=False)
    assert view is not None
    assert counts == [view.row.failing] == [sum(one.outcome is Outcome.FAILS for one in view.checks)]
    assert counts != [0]
    Check.objects.update(is_published=False)
    seen = queries.page(total.page, unpublished=False)
    assert seen is not None
    assert [(row.failing, row.to_review) for row in (*queries.pages(), seen.row) if row.id == total.page] == [
        (0, 0)
    ] * 2


def test_a_page_that_is_not_there() -> None:
    assert queries.page(uuid.uuid4(), unpublished=True) is None
    assert queries.import_of(uuid.uuid4()) is None
    assert queries.statement(uuid.uuid4(), unpublished=True) is None
    assert queries.history(uuid.uuid4()) == ()
    assert queries.checks_of_statement(uuid.uuid4()) == ()


def test_a_page_takes_as_many_statements_for_many_figures_as_for_few(week: list[uuid.UUID]) -> None:
    long = take("本报讯 4月23日消息。\n" + "".join(f"2030年{n}月，全市税收收入{n}.5亿元。\n" for n in range(1, 13)))
    assert (
        sql(lambda: queries.page(week[0], unpublished=True)) == sql(lambda: queries.page(long, unpublished=True)) <= 6
    )


def test_a_file_is_known_by_its_bytes(week: list[uuid.UUID]) -> None:
    assert queries.page_of_file(TEXT.format(total="88.0").encode()) == week[0]
    assert queries.page_of_file(b"another") is None


# Statements -----------------------------------------------------------------------------------------------------------


def test_statements_come_newest_first_and_each_once(week: list[uuid.UUID]) -> None:
    for limit in (2, 7, 200):
        found = all_of(queries.statements, queries.key_of, limit, sought=Sought(standing=None))
        assert len(found) == len({one.id for one in found}) == Statement.objects.count()
        days = [one.issued for one in found]
        assert days == sorted((day for day in days if day), reverse=True) + [None] * days.count(None)


def test_statements_are_found_by_words(week: list[uuid.UUID]) -> None:
    asked = {
        "出口": True,
        "外贸进出口总值": True,
        "统计 出口": True,
        "统计 绿化": False,
        "口出": False,
        "贸": True,  # one character has no pair
        "%": True,
        "_": False,  # no wildcard
        "麓泽": True,  # the place
        "', '') OR true --": False,
    }
    for words, is_found in asked.items():
        found = queries.statements(Sought(words=words), limit=200)
        assert bool(found) == is_found, words
        for one in found:
            assert all(word in one.context + one.indicator + one.region for word in words.split())


def test_words_are_found_by_their_pairs(week: list[uuid.UUID]) -> None:
    """The index on pairs narrows, the words themselves decide."""
    with CaptureQueriesContext(connection) as captured:
        queries.statements(Sought(words="进出口总值"))
    assert '"grams" @>' in captured[0]["sql"]
    assert len(captured) == 1


def test_statements_are_found_by_what_they_are(week: list[uuid.UUID]) -> None:
    exports = queries.statements(Sought(indicator_key="exports", type=Type.LEVEL), limit=200)
    assert len(exports) == 3
    assert {one.indicator_key for one in exports} == {"exports"}
    assert queries.statements(Sought(region_code="330782")) == ()
    of_page = queries.statements(Sought(page=week[2], standing=None), limit=200)
    assert {one.page for one in of_page} == {week[2]}


def test_statements_are_found_by_days(week: list[uuid.UUID]) -> None:
    asked = [
        (None, None, True),
        (date(2031, 3, 31), None, True),
        (date(2031, 4, 1), None, False),
        (None, date(2031, 1, 1), True),
        (None, date(2030, 12, 31), False),
        (date(2031, 2, 1), date(2031, 2, 28), True),
    ]
    for starts_on, ends_on, is_found in asked:
        sought = Sought(indicator_key="exports", starts_on=starts_on, ends_on=ends_on)
        assert bool(queries.statements(sought)) == is_found, (starts_on, ends_on)


def test_what_waits_is_reviewed_newest_first(week: list[uuid.UUID]) -> None:
    waiting = all_of(queries.review, queries.turn_of, 2)
    assert {one.standing for one in waiting} == {Standing.REVIEW}
    assert [one.issued for one in waiting[:2]] == [FIRST + timedelta(days=2), FIRST + timedelta(days=1)]
    assert queries.statement(waiting[0].id, unpublished=False) is None


def test_what_waits_is_reviewed_as_its_page_is_read(week: list[uuid.UUID]) -> None:
    for limit in (1, 3, 1000):
        waiting = all_of(queries.review, queries.turn_of, limit)
        turns = [(one.issued, one.page) for one in waiting]
        assert len(dict.fromkeys(turns)) == sum(
            one != before for one, before in zip(turns, [None, *turns], strict=False)
        )
        for page in set(turns):
            places = [one.ordinal for one, turn in zip(waiting, turns, strict=True) if turn == page]
            assert places == sorted(set(places))
    assert max(one.ordinal for one in waiting) > 0


def test_what_waits_on_pages_without_a_day_comes_last() -> None:
    text = "记者从市统计局获悉，全市出口预计约12亿元。老人说过去有三成摊位卖竹器，去年还有五成。"
    undated, dated = take(text, None), take(f"{text}今年如此。")
    assert queries.review()
    found = all_of(queries.review, queries.turn_of, 1)
    assert [one.id for one in found] == [one.id for one in queries.review(limit=100)]
    assert list(dict.fromkeys(one.page for one in found)) == [dated, undated]


def test_what_waits_is_never_exported(week: list[uuid.UUID]) -> None:
    for sought in (Sought(), Sought(standing=None), Sought(standing=Standing.REVIEW)):
        assert {one.standing for one in queries.exportable(sought)} <= {Standing.PUBLISHED}
    assert queries.exportable(Sought(standing=None))


def test_a_list_takes_one_statement_more_for_the_names_of_who_corrected(week: list[uuid.UUID]) -> None:
    assert sql(lambda: queries.statements(Sought(), limit=5)) == 1
    one = queries.statements(Sought())[0]
    actions.correct(actor=Actor(), statement=one.id, verdict=Verdict.RIGHT, changes={}, now=NOW)
    assert queries.history(one.id)[0].person is None  # by the command line
    assert sql(lambda: queries.statements(Sought(), limit=5)) == 1


# Checks ---------------------------------------------------------------------------------------------------------------


def test_checks_come_failures_first_and_each_once(week: list[uuid.UUID]) -> None:
    for limit in (1, 4, 100):
        found: list[Any] = []
        after = None
        while part := queries.checks(after=after, limit=limit, unpublished=True):
            found += part
            after = queries.check_key(part[-1])
        assert len(found) == len({one.id for one in found}) > 10
        places = [ORDER.index(one.outcome) for one in found]
        assert places == sorted(places)
        for place in set(places):
            days = [one.issued for one in found if ORDER.index(one.outcome) == place and one.issued]
            assert days == sorted(days, reverse=True)


def test_checks_are_asked_for_by_outcome_and_page(week: list[uuid.UUID]) -> None:
    failing = queries.checks(outcome=Outcome.FAILS, limit=100)
    assert failing
    assert {one.outcome for one in failing} == {Outcome.FAILS}
    of_page = queries.checks(page=week[0], limit=100)
    assert of_page
    assert all(week[0] in one.pages for one in of_page)
    assert sql(lambda: queries.checks(limit=100)) == 1


def test_a_statement_knows_its_checks(week: list[uuid.UUID]) -> None:
    one = next(one for one in queries.statements(Sought(page=week[0])) if "88.0亿元" in one.quote)
    found = queries.checks_of_statement(one.id)
    assert found
    assert all(one.id in check.statements for check in found)
    assert found[0].outcome is Outcome.FAILS


def test_a_check_is_quoted_word_by_word(week: list[uuid.UUID]) -> None:
    texts = {}
    for check in queries.checks(limit=100, unpublished=True):
        assert len(check.spans) == len(check.quotes) == len(check.pages)
        for span, quote, page in zip(check.spans, check.quotes, check.pages, strict=True):
            if page not in texts:
                view = queries.page(page, unpublished=True)
                assert view is not None
                texts[page] = view.text
            assert texts[page][slice(*span)] in quote
