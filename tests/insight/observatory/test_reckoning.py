"""A page as it counts: corrected, checked within itself and against others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sundry.engines.reading.model import Outcome, Region
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.reckoning import Reckoned, across, counted, marks_of, reading_of, reckoned
from sundry.insight.observatory.rules import Anchor, Correction, Standing, StatementView, Verdict
from sundry.insight.observatory.telling import About
from sundry.kernel.identifiers import new_id

HOME = Region("990182", "麓泽市")
DAY = date(2031, 4, 24)
TEXT = "本报讯 4月23日，2031年一季度，全市外贸进出口总值{total}亿元；其中出口73.1亿元，进口15.3亿元。\n"


def page(total: str = "88.4", issued: date = DAY, *corrections: Correction) -> Reckoned:
    text = TEXT.format(total=total)
    about = About(uuid.uuid5(uuid.NAMESPACE_OID, total), "a.txt", issued, text, view_of(text), HOME)
    return reckoned(about, reading_of(text, issued, HOME), corrections)


def said(of: Reckoned, words: str) -> StatementView:
    return next(one for one in of.statements if words in one.quote)


def correction(of: StatementView, verdict: Verdict, **changes: str) -> Correction:
    anchor = Anchor(*of.spans[-1], of.type, of.nth)
    return Correction(anchor, verdict, changes, None, "", datetime(2031, 6, 1, tzinfo=UTC), new_id())


def test_a_page_has_its_checks_with_the_ids_of_its_statements() -> None:
    made = page()
    (check,) = [one for one in made.checks if one.kind == "sum"]
    assert check.outcome is Outcome.HOLDS
    assert set(check.statements) == {one.id for one in made.statements}
    assert said(made, "88.4").passed == 1


def test_a_misprint_fails_and_lowers_once() -> None:
    sure, doubted = page("88.4"), page("98.4")
    (check,) = [one for one in doubted.checks if one.kind == "sum"]
    assert check.outcome is Outcome.FAILS
    assert said(doubted, "73.1").confidence < said(sure, "73.1").confidence
    assert said(doubted, "73.1").failed == 1


def test_checks_are_worked_out_over_what_was_put_right() -> None:
    wrong = page("98.4")
    right = page("98.4", DAY, correction(said(wrong, "98.4"), Verdict.VALUE, value="88.4"))
    assert [one.outcome for one in right.checks if one.kind == "sum"] == [Outcome.HOLDS]
    assert said(right, "98.4").id == said(wrong, "98.4").id
    assert right.corrections.keys() == {said(right, "98.4").id}


def test_what_is_no_quantity_is_in_no_check() -> None:
    gone = page("88.4", DAY, correction(said(page(), "73.1"), Verdict.NOT_A_QUANTITY))
    rejected = said(gone, "73.1")
    assert rejected.standing is Standing.REJECTED
    assert not [one for one in gone.checks if rejected.id in one.statements]


def test_two_pages_that_differ_fail_and_lower_nothing() -> None:
    first, later = page("88.4"), page("88.9", date(2031, 6, 19))
    found = across((*first.statements, *later.statements))
    (failed,) = [one for one in found if one.outcome is Outcome.FAILS]
    assert failed.kind == "repeat"
    assert failed.note == "cannot_be"  # and not misread: no one sentence says both
    assert failed.page == said(later, "88.9").page  # the newest
    assert set(failed.quotes) == {said(first, "88.4").quote, said(later, "88.9").quote}
    total = next(one for one in counted(later.statements, found) if "88.9" in one.quote)
    assert (total.failed, total.standing) == (said(later, "88.9").failed + 1, Standing.PUBLISHED)
    assert total.confidence == said(later, "88.9").confidence


def test_what_another_page_repeats_is_counted_and_no_surer_for_being_read_later() -> None:
    first, later = page("88.4"), page("88.40", date(2031, 6, 19))
    total = replace(said(later, "88.4"), confidence=0.7, passed=0)
    (again,) = counted([total], across((*first.statements, total)))
    assert (again.passed, again.confidence, again.standing) == (1, 0.7, Standing.PUBLISHED)


def test_a_figure_that_is_none_is_in_no_row_of_a_fair() -> None:
    text = "本报讯 4月23日，春茶博览会闭幕，84家企业参展，接待观众1.3万人次。\n"
    about = About(uuid.uuid4(), "a.txt", DAY, text, view_of(text), HOME)
    reading = reading_of(text, DAY, HOME)
    before = reckoned(about, reading, ())
    wrong = next(one for one in before.statements if "1.3万" in one.quote)
    after = reckoned(about, reading, [correction(wrong, Verdict.NOT_A_QUANTITY)])
    assert ["visitors" in fair(one) for one in (before, after)] == [True, False]
    assert fair(after)["exhibitors"] == "84"


def fair(found: Reckoned) -> Mapping[str, str]:
    return next(one.details for one in found.entities if one.name.endswith("博览会"))


def test_what_is_found_does_not_depend_on_the_order() -> None:
    everything = [
        one for total in ("88.4", "88.9", "89.3") for one in page(total, date(2031, 6, len(total))).statements
    ]
    there, back = across(everything), across(everything[::-1])
    assert [(one.kind, one.outcome, one.statements) for one in there] == [
        (one.kind, one.outcome, one.statements) for one in back
    ]
    assert there


def test_parts_of_one_page_are_not_added_up_to_the_total_of_another() -> None:
    parts = [one for one in page("88.4").statements if "88.4" not in one.quote]
    total = said(page("88.9"), "88.9")
    assert not [one for one in across([*parts, total]) if one.kind == "sum"]


def test_what_is_not_published_or_has_no_period_is_compared_with_nothing() -> None:
    one, other = said(page("88.4"), "88.4"), said(page("88.9"), "88.9")
    assert across([one, other])
    assert across([one, replace(other, standing=Standing.REVIEW)]) == ()
    assert across([replace(one, period=None), replace(other, period=None)]) == ()


def test_what_is_implied_marks_nothing() -> None:
    (check,) = [one for one in page().checks if one.kind == "sum"]
    assert marks_of([check]) == dict.fromkeys(check.statements, (1, 0))
    assert marks_of([check, replace(check, outcome=Outcome.FAILS)]) == dict.fromkeys(check.statements, (1, 1))
    assert marks_of([replace(check, outcome=Outcome.IMPLIED)]) == {}
