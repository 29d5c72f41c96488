"""What the reader of a page asks besides: words at places of the page, and what else stands at a statement's words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import F

from sundry.engines.reading.model import Span
from sundry.insight.observatory.models import Page, Statement
from sundry.insight.observatory.rules import Standing, StatementView
from sundry.insight.observatory.views import statement_rows, statement_views


def words_at(page: uuid.UUID, spans: Sequence[Span]) -> tuple[str, ...]:
    """The characters of the page at each span, "" for a page that is not there. One statement, none for no span."""
    if not spans:
        return ()
    text = Page.objects.filter(id=page).values_list("text", flat=True).first() or ""
    return tuple(text[slice(*span)] for span in spans)


def beside(id: uuid.UUID, *, unpublished: bool) -> tuple[StatementView, ...]:
    """Other statements of the same page whose number stands at the same words: inside of them, or around them."""
    place = Statement.objects.filter(id=id).values("page", "start", "end")
    rows = (
        statement_rows()
        .filter(page__in=place.values("page"))
        .filter(start__lt=place.values("end")[:1], end__gt=place.values("start")[:1])
        .exclude(id=id)
        .order_by(F("start"), F("end").desc(), "ordinal")
    )
    if not unpublished:
        rows = rows.filter(standing=Standing.PUBLISHED.value)
    return statement_views(rows)
