"""What a page says, as it counts: read, put right by people, checked within itself and against other pages.

Problem: three things change a statement after it was read, and each of them changes the others. A person sets an
indicator, so a sum comes out; the sum comes out, so a doubtful figure is published; it is published, so the page of
last month, which said otherwise, has a check that fails.

    read         1000 statements, of which 30 are doubtful
    corrected    2 of them, by people                         -> the checks of the page, worked out anew
    supported    by what passed and failed                    -> confidence, and what is published
    across       with published statements of other pages     -> repetitions, paths, gaps printed apart, counted

Therefore they are worked out in this order, each time from the beginning, by pure functions over one page and the
statements of other pages that may concern it. Nothing is patched.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import Page as Told
from sundry.engines.reading.checks import checks_across, checks_of, support_of
from sundry.engines.reading.entities import entities_of
from sundry.engines.reading.model import Check, Entity, Outcome, Region, Statement
from sundry.engines.reading.reader import Reading, read
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.corrections import (
    corrected,
    found_again,
    standing_corrections,
    standing_of,
    supported,
)
from sundry.insight.observatory.rules import CheckView, Correction, Standing, StatementView, Verdict
from sundry.insight.observatory.telling import About, anchors_of, said, told
from sundry.kernel.identifiers import new_id

KEPT_READINGS = 4  # of a process: whoever corrects a page corrects it again at once

Marks = Mapping[uuid.UUID, tuple[int, int]]
"""Of statements: how many checks they passed, and how many they failed."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A page as it counts. `corrections`: statement -> the correction that it stands by.

    `entities`: with the figures of statements that are published, as they were put right.
    """

    statements: tuple[StatementView, ...]
    checks: tuple[CheckView, ...]
    corrections: Mapping[uuid.UUID, uuid.UUID]
    entities: tuple[Entity, ...]


@lru_cache(maxsize=KEPT_READINGS)
def reading_of(text: str, issued: date | None, home: Region) -> Reading:
    """What the engine reads, which depends on these alone."""
    return read(text, issued=issued, home=home)


def reckoned(about: About, reading: Reading, corrections: Iterable[Correction]) -> Reckoned:
    """The page with its corrections and its own checks."""
    anchors = anchors_of(reading.statements)
    found = found_again(anchors, standing_corrections(corrections))
    statements = [
        corrected(one, found[index], about.home) if index in found else one
        for index, one in enumerate(reading.statements)
    ]
    rejected = {index for index, one in found.items() if one.verdict is Verdict.NOT_A_QUANTITY}
    checks = _checks(about, reading, statements, rejected) if found else reading.checks
    support = support_of(checks)
    views = []
    for index, (one, anchor) in enumerate(zip(statements, anchors, strict=True)):
        view = _marked(told(about, one, anchor), found.get(index), *support.get(index, (0, 0)))
        views.append(view)
    published = [one for one, view in zip(statements, views, strict=True) if view.standing is Standing.PUBLISHED]
    return Reckoned(
        tuple(views),
        tuple(_check_view(one, [views[index] for index in one.statements], about) for one in checks),
        {views[index].id: one.id for index, one in found.items()},
        entities_of(about.view, reading.articles, published),
    )


def across(statements: Sequence[StatementView]) -> tuple[CheckView, ...]:
    """The checks between pages over these statements; what is not published is compared with nothing.

    Each statement comes with its own sentence, so that no other page has to be loaded. What has no period is left out:
    two pages that do not say of when may speak of different times. And only what is of one indicator and place, or one
    number, is compared: a total that was revised is no contradiction to parts that were not. So what is found depends
    on the statements alone, and not on which page was read last.
    """
    published = [one for one in statements if one.standing is Standing.PUBLISHED and one.period]
    published.sort(key=lambda one: (one.issued or date.max, one.page, one.article, one.spans[-1], one.id))
    pages = [
        Told(view_of(one.context), (said(one, from_start=one.context_start),), issued=one.issued) for one in published
    ]
    views = []
    for check in checks_across(pages):
        compared = [published[index] for index in check.statements]
        if len({one.page for one in compared}) > 1 and _are_alike(compared):
            views.append(_check_view(_of_two_pages(check), compared, None))
    return tuple(views)


def counted(statements: Sequence[StatementView], checks: Iterable[CheckView]) -> tuple[StatementView, ...]:
    """The statements with the checks between pages counted too, which change no confidence.

    What says otherwise may be a revision; and were what says the same to raise, a figure would be surer on the page
    that was read last.
    """
    marks = marks_of(checks)
    more = [marks.get(one.id, (0, 0)) for one in statements]
    return tuple(
        replace(one, passed=one.passed + passed, failed=one.failed + failed) if passed or failed else one
        for one, (passed, failed) in zip(statements, more, strict=True)
    )


def marks_of(checks: Iterable[CheckView]) -> Marks:
    """As `support_of` of the engine, by the statements' ids."""
    marks: dict[uuid.UUID, tuple[int, int]] = {}
    for check in checks:
        if check.outcome is not Outcome.IMPLIED:
            for one in dict.fromkeys(check.statements):
                passed, failed = marks.get(one, (0, 0))
                is_failed = check.outcome is Outcome.FAILS
                marks[one] = passed + (not is_failed), failed + is_failed
    return marks


def _checks(about: About, reading: Reading, statements: Sequence[Statement], rejected: set[int]) -> tuple[Check, ...]:
    """The checks of the page over what is left; places in the list are those of all statements again."""
    left = [index for index in range(len(statements)) if index not in rejected]
    found = checks_of(about.view, [statements[index] for index in left], reading.articles, about.issued)
    return tuple(replace(one, statements=tuple(left[index] for index in one.statements)) for one in found)


def _marked(view: StatementView, correction: Correction | None, passed: int, failed: int) -> StatementView:
    sure = supported(view.confidence, passed, failed)
    standing = standing_of(sure, correction)
    view = replace(view, confidence=sure, passed=passed, failed=failed, standing=standing)
    if correction is None:
        return view
    return replace(
        view,
        corrected=tuple(sorted(correction.changes)),
        verdict=correction.verdict,
        corrected_by=correction.person_name,
        corrected_at=correction.made_at,
    )


def _are_alike(compared: Sequence[StatementView]) -> bool:
    """As `related` looks for them: of one indicator and place, or of one number."""
    names = {(one.indicator_key, one.region_code) for one in compared}
    is_one_name = len(names) == 1 and bool(compared[0].indicator_key)
    return is_one_name or len({(one.base_unit, one.base_value) for one in compared}) == 1


def _of_two_pages(check: Check) -> Check:
    """Figures of two pages stand in no one sentence: what differs there is printed so."""
    return replace(check, note=Note.CANNOT_BE) if check.note == Note.MISREAD else check


def _check_view(check: Check, compared: Sequence[StatementView], about: About | None) -> CheckView:
    """`about`: the page of all its spans; None: each statement brings its own."""
    if about is not None:
        spans, owner = check.spans, (about.page, about.name, about.issued)
        pages = (about.page,) * len(spans)
        quotes = tuple(about.text[slice(*span)] for span in spans)
    else:
        newest = max(compared, key=lambda one: (one.issued or date.min, one.page))
        owner = newest.page, newest.page_name, newest.issued
        spans = tuple(one.spans[-1] for one in compared)
        pages = tuple(one.page for one in compared)
        quotes = tuple(one.quote for one in compared)
    return CheckView(
        id=new_id(),
        page=owner[0],
        page_name=owner[1],
        issued=owner[2],
        kind=check.kind,
        outcome=check.outcome,
        spans=spans,
        quotes=quotes,
        pages=pages,
        statements=tuple(one.id for one in compared),
        stated=check.stated,
        derived=check.derived,
        note=str(check.note),
        values=dict(check.values),
        repair=check.repair,
    )
