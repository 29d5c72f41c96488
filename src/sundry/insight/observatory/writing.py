"""What was reckoned of a page, into the tables: the same number of SQL statements for ten figures and for a thousand.

What hangs on the page is deleted and written anew; series stay, as others know them by their ids. Whoever calls holds
the lock of the observatory (actions.py), so that no two pages are compared with each other half-written.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from sundry.engines.reading.model import Entity as Named
from sundry.insight.observatory.models import Check, Entity, Observation, Page, Series, Statement
from sundry.insight.observatory.reckoning import Reckoned, across, counted
from sundry.insight.observatory.related import related
from sundry.insight.observatory.rules import CheckView, SeriesKey, Standing, StatementView
from sundry.insight.observatory.rules import Observation as Point
from sundry.insight.observatory.series_rules import observations_of
from sundry.insight.observatory.telling import grams_of
from sundry.insight.observatory.views import check_row, series_key, statement_row

ENTITY_NAME_MAX: Final = 400  # characters
_KEY = ("indicator_key", "measure", "region_code", "unit", "accumulation", "basis", "versus")

_FORGET_CHECKS = """
    DELETE FROM observatory_check WHERE pages @> ARRAY[%(page)s]::uuid[] OR page_id = %(page)s
        OR (pages[1] <> ANY(pages) AND statements <@ %(statements)s::uuid[] AND statements && %(statements)s::uuid[])
"""
# Only the marks of other pages' statements: those of the page were written with them.
_COUNT_MARKS = """
    UPDATE observatory_statement AS statement SET passed = counted.passed, failed = counted.failed
    FROM (
        SELECT wanted.id,
            count(*) FILTER (WHERE outcome IN ('holds', 'explained')) AS passed,
            count(*) FILTER (WHERE outcome = 'fails') AS failed
        FROM unnest(%(statements)s::uuid[]) AS wanted (id)
        LEFT JOIN observatory_check ON statements @> ARRAY[wanted.id]
        GROUP BY wanted.id
    ) AS counted
    WHERE statement.id = counted.id
        AND (statement.passed, statement.failed) IS DISTINCT FROM (counted.passed, counted.failed)
"""
_COUNT_FAILING = """
    UPDATE observatory_page AS page SET failing = (
        SELECT count(*) FROM observatory_check WHERE pages @> ARRAY[page.id] AND outcome = 'fails'
    ) WHERE page.id = ANY(%(pages)s::uuid[])
"""


def write(page: Page, name: str, reckoned: Reckoned) -> None:
    """All that was reckoned of `page`, with what is said across pages; the caller saves the page's own fields."""
    before, pages = compared_with(page.id)
    others = related(reckoned.statements, apart_from=page.id, and_also=before)
    between = across((*reckoned.statements, *others))
    statements = counted(reckoned.statements, between)
    forget_readings(page.id, [one.id for one in (*statements, *others)])
    Statement.objects.bulk_create(
        statement_row(one, ordinal, reckoned.corrections.get(one.id), grams_of(one.context, one.indicator, one.region))
        for ordinal, one in enumerate(statements)
    )
    _write_checks((*reckoned.checks, *between), (*statements, *others))
    _write_entities(page, reckoned.entities)
    _write_observations(observations_of(statements, known_on=timezone.localdate(page.imported_at)))
    _count([one.id for one in others], {*pages, page.id, *(one.page for one in others)})
    standings = [one.standing for one in statements]
    page.published, page.to_review = standings.count(Standing.PUBLISHED), standings.count(Standing.REVIEW)


def forget_readings(page: uuid.UUID, compared: Collection[uuid.UUID] = ()) -> None:
    """Away with what hangs on the page, and with checks between pages over `compared`, which are found anew."""
    for rows in (Observation.objects.filter(page=page), Entity.objects.filter(page=page)):
        _delete(rows)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_CHECKS, {"page": page, "statements": list(compared)})
    _delete(Statement.objects.filter(page=page))


def reconcile(statements: Sequence[StatementView], pages: Collection[uuid.UUID]) -> None:
    """After a page went: what its neighbours say to each other is found again, and counted."""
    _write_checks(across(statements), statements)
    _count([one.id for one in statements], set(pages))


def compared_with(page: uuid.UUID) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The statements, and the pages, that checks compare with this one; its own are among them."""
    rows = Check.objects.filter(pages__contains=[page]).values_list("statements", "pages")
    found = [row for row in rows if len(set(row[1])) > 1]
    return {one for row in found for one in row[0]}, {one for row in found for one in row[1]}


def _write_checks(checks: Sequence[CheckView], statements: Iterable[StatementView]) -> None:
    published = {one.id for one in statements if one.standing is Standing.PUBLISHED}
    Check.objects.bulk_create(check_row(one, published.issuperset(one.statements)) for one in checks)


def _write_entities(page: Page, entities: Iterable[Named]) -> None:
    Entity.objects.bulk_create(
        Entity(
            page=page,
            issued=page.issued,
            type=one.type,
            name=one.name[:ENTITY_NAME_MAX],
            spans=one.spans,
            details=one.details,
        )
        for one in entities
    )


def _write_observations(points: Sequence[Point]) -> None:
    series = _series([one.key for one in points])
    Observation.objects.bulk_create(
        Observation(
            series_id=series[one.key],
            page_id=one.page,
            statement_id=one.statement,
            supports=one.supports,
            period=one.period,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            value=one.value,
            low=one.low,
            high=one.high,
            bound=one.bound.value,
            decimals=one.decimals,
            actuality=one.actuality.value,
            vintage=one.vintage,
            confidence=one.confidence,
        )
        for one in points
    )


def _series(keys: Iterable[SeriesKey]) -> Mapping[SeriesKey, uuid.UUID]:
    """The ids of the series, which are made where they are not there yet."""
    wanted = dict.fromkeys(keys)
    if not wanted:
        return {}
    Series.objects.bulk_create(
        (Series(**{field: getattr(key, field) for field in _KEY}) for key in wanted), ignore_conflicts=True
    )
    rows = Series.objects.filter(
        indicator_key__in={key.indicator_key for key in wanted}, region_code__in={key.region_code for key in wanted}
    )
    return {series_key(row): row.id for row in rows}


def _count(statements: Collection[uuid.UUID], pages: Collection[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_MARKS, {"statements": list(statements)})
        cursor.execute(_COUNT_FAILING, {"pages": list(pages)})


def _delete(rows: QuerySet[Observation] | QuerySet[Entity] | QuerySet[Statement]) -> None:
    """In one statement, without Django's looking for what hangs on the rows: nothing does."""
    rows._raw_delete(rows.db)
