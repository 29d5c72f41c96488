"""Questions to the observatory: pages, statements, checks, what people said. Each is a fixed number of SQL statements.

Lists go on where the caller's key says: newest issue first, pages without a day last. `unpublished`: whether who asks
may see what waits for review or was rejected. Cards, series and entities: queries_figures.py.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from sundry.engines.reading.model import Outcome
from sundry.insight.observatory.keysets import IN_TURN, NEWEST, Key, TurnKey, after_key, after_turn, older
from sundry.insight.observatory.models import Check, Entity, Import, Page, Statement
from sundry.insight.observatory.models import Correction as CorrectionRow
from sundry.insight.observatory.opening import digest
from sundry.insight.observatory.rules import (
    CheckView,
    Correction,
    ImportView,
    PageRow,
    PageView,
    Sought,
    Standing,
    StatementView,
)
from sundry.insight.observatory.telling import GRAM_MAX, grams_in
from sundry.insight.observatory.views import (
    LIST_ORDER,
    article_view,
    check_rows,
    check_view,
    correction_views,
    entity_view,
    page_row,
    page_rows,
    people_named,
    spans_of,
    statement_rows,
    statement_views,
)

IMPORT_PAGES_MAX: Final = 200  # that the answer to `import_of` names
ENTITIES_MAX: Final = 500  # of one page
CheckKey = tuple[int, date | None, uuid.UUID]


# Pages ----------------------------------------------------------------------------------------------------------------


def pages(*, before: Key | None = None, limit: int = 50, unpublished: bool = False) -> tuple[PageRow, ...]:
    """Newest issue first; the list goes on after the last one's `key_of`."""
    rows = older(page_rows(), before).order_by(*NEWEST)
    found = tuple(page_row(row) for row in rows[:limit])
    if unpublished:
        return found
    fails = Check.objects.filter(rank=LIST_ORDER[Outcome.FAILS], pages__overlap=[row.id for row in found])
    on = fails.filter(is_published=True).values_list("pages", flat=True)
    failing = Counter(page for pages in on for page in set(pages))
    return tuple(replace(row, to_review=0, failing=failing[row.id]) for row in found)


def page(id: uuid.UUID, *, unpublished: bool) -> PageView | None:
    """One page with all that was read of it."""
    row: Any = page_rows().defer(None).filter(id=id).first()
    if row is None:
        return None
    said = statement_rows().filter(page=id).order_by("ordinal")
    checks = check_rows().filter(pages__contains=[id]).order_by("rank", "id")
    if not unpublished:
        said, checks = said.filter(standing=Standing.PUBLISHED.value), checks.filter(is_published=True)
    shown = page_row(row)
    if not unpublished:
        failing = sum(one.outcome == Outcome.FAILS.value for one in checks)
        shown = replace(shown, to_review=0, failing=failing)
    names = people_named([row.imported_by_id])
    return PageView(
        row=shown,
        text=row.text,
        encoding=row.encoding,
        home_code=row.home_code,
        home_name=row.home_name,
        date_reason=row.date_reason,
        date_spans=spans_of(row.date_spans),
        articles=tuple(article_view(one) for one in row.articles),
        statements=statement_views(said),
        checks=tuple(check_view(one) for one in checks),
        entities=tuple(entity_view(one) for one in Entity.objects.filter(page=id).order_by("id")[:ENTITIES_MAX]),
        findings=tuple((rule, (span[0], span[1]) if span else None) for rule, span in row.findings),
        imported_by=names.get(row.imported_by_id, ""),
    )


def page_of_file(data: bytes) -> uuid.UUID | None:
    """The first page of a file that was imported, known by its bytes."""
    of_it = Page.objects.filter(file__sha256=digest(data)).order_by("page_number")
    return of_it.values_list("id", flat=True).first()


def import_of(id: uuid.UUID) -> ImportView | None:
    """An import, how far it is, and its pages in the order in which they are read."""
    row = Import.objects.filter(id=id).first()
    if row is None:
        return None
    of_it = page_rows().filter(imported_in=id).order_by("id")[:IMPORT_PAGES_MAX]
    return ImportView(
        id=row.id,
        total=row.total,
        done=row.done,
        failed=row.failed,
        stopped=row.is_stopped,
        made_at=row.made_at,
        pages=tuple(page_row(one) for one in of_it),
        problems=tuple((file, rule, values) for file, rule, values in row.problems),
    )


# Statements -----------------------------------------------------------------------------------------------------------


def statements(sought: Sought, *, before: Key | None = None, limit: int = 50) -> tuple[StatementView, ...]:
    """Newest issue first."""
    return statement_views(older(found(sought), before).order_by(*NEWEST)[:limit])


def statement(id: uuid.UUID, *, unpublished: bool) -> StatementView | None:
    rows = statement_rows().filter(id=id)
    if not unpublished:
        rows = rows.filter(standing=Standing.PUBLISHED.value)
    return next(iter(statement_views(rows)), None)


def review(*, before: TurnKey | None = None, limit: int = 20) -> tuple[StatementView, ...]:
    """What waits for a person, newest page first, each page as it is read."""
    rows = found(Sought(standing=Standing.REVIEW))
    if before is not None:
        rows = rows.filter(after_turn(before))
    return statement_views(rows.order_by(*IN_TURN)[:limit])


def exportable(sought: Sought, *, after: Key | None = None, limit: int = 1_000) -> tuple[StatementView, ...]:
    """What is published of `sought`, for an export in chunks; newest issue first."""
    published = Q(standing=Standing.PUBLISHED.value)
    return statement_views(older(found(sought).filter(published), after).order_by(*NEWEST)[:limit])


def history(id: uuid.UUID) -> tuple[Correction, ...]:
    """What people said of a statement, the newest first; also where the reader has moved it since."""
    names = ("page", "start", "end", "type", "nth")
    here = Statement.objects.filter(id=id, **{name: OuterRef(name) for name in names})
    before = Statement.objects.filter(id=id, **{f"correction__{name}": OuterRef(name) for name in names})
    of_it = CorrectionRow.objects.filter(Exists(here) | Exists(before))
    return correction_views(list(of_it.order_by("-id")))


def found(sought: Sought) -> QuerySet[Statement]:
    """The rows that are asked for. Each word must stand in the sentence, the indicator's name or the place's."""
    rows = statement_rows()
    for word in sought.words.split():
        rows = rows.filter(grams__contains=grams_in(word))
        if len(word) > GRAM_MAX:
            rows = rows.filter(_holds("context", word) | _holds("indicator", word) | _holds("region", word))
    exact = {"indicator_key": sought.indicator_key, "region_code": sought.region_code, "page": sought.page}
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if sought.type is not None:
        rows = rows.filter(type=sought.type.value)
    if sought.standing is not None:
        rows = rows.filter(standing=sought.standing.value)
    if sought.starts_on is not None:
        rows = rows.filter(ends_on__gte=sought.starts_on)
    if sought.ends_on is not None:
        rows = rows.filter(Q(starts_on__lte=sought.ends_on) | Q(starts_on__isnull=True, ends_on__lte=sought.ends_on))
    return rows


def _holds(field: str, word: str) -> Q:
    """Whether the word stands in it, in small letters or capitals.

    Not LIKE: of that PostgreSQL believes that hardly a row holds the word, sorts all that do, and is ten times slower.
    """
    return Q(GreaterThan(StrIndex(Lower(field), Lower(Value(word))), 0))


# Checks ---------------------------------------------------------------------------------------------------------------


def checks(
    *,
    outcome: Outcome | None = None,
    page: uuid.UUID | None = None,
    after: CheckKey | None = None,
    limit: int = 50,
    unpublished: bool = False,
) -> tuple[CheckView, ...]:
    """Failures first, within an outcome the newest issue first. Without `unpublished`, those of published figures."""
    rows = check_rows()
    if not unpublished:
        rows = rows.filter(is_published=True)
    if outcome is not None:
        rows = rows.filter(rank=LIST_ORDER[outcome])
    if page is not None:
        rows = rows.filter(pages__contains=[page])
    if after is not None:
        rank, issued, id = after
        rows = rows.filter(Q(rank__gt=rank) | (Q(rank=rank) & after_key((issued, id))))
    return tuple(check_view(row) for row in rows.order_by("rank", *NEWEST)[:limit])


def checks_of_statement(id: uuid.UUID, *, unpublished: bool = False) -> tuple[CheckView, ...]:
    """The checks that compare the statement with others, failures first."""
    rows = check_rows().filter(statements__contains=[id])
    if not unpublished:
        rows = rows.filter(is_published=True)
    return tuple(check_view(row) for row in rows.order_by("rank", "id"))


def check_key(view: CheckView) -> CheckKey:
    """Where a list of checks goes on after this one."""
    return LIST_ORDER[view.outcome], view.issued, view.id


def turn_of(view: StatementView) -> TurnKey:
    """Where the queue of review goes on after this one."""
    return view.issued, view.page, view.ordinal


def key_of(view: PageRow | StatementView) -> Key:
    """Where a list goes on after this one."""
    return view.issued, view.id
