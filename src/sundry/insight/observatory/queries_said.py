"""What pages of figures ask besides queries.py: the statements behind points and checks, and places by their names."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sundry.insight.observatory.models import Statement
from sundry.insight.observatory.rules import Standing, StatementView
from sundry.insight.observatory.telling import grams_in
from sundry.insight.observatory.views import statement_rows, statement_views


def statements_of(ids: Collection[uuid.UUID], *, unpublished: bool) -> Mapping[uuid.UUID, StatementView]:
    """By their ids, those that may be seen."""
    if not ids:
        return {}
    rows = statement_rows().filter(pk__in=set(ids))
    if not unpublished:
        rows = rows.filter(standing=Standing.PUBLISHED.value)
    return {view.id: view for view in statement_views(rows)}


def region_named(name: str) -> str:
    """The code of a place that some page speaks of by this name, "" where none does. Found by the index of words."""
    rows = Statement.objects.filter(region=name, region_code__isnull=False, grams__contains=grams_in(name))
    return rows.values_list("region_code", flat=True).first() or ""
