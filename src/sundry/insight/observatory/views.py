"""Rows of the tables as the shapes of rules.py, and back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet

from sundry.base.parties.queries import names_of
from sundry.engines.reading.model import Article, Basis, BasisSource, Bound, Outcome, Region, Span, Type
from sundry.insight.observatory.formats.citing import plain as without_zeros
from sundry.insight.observatory.models import Check, Entity, Page, Series, Statement
from sundry.insight.observatory.models import Correction as CorrectionRow
from sundry.insight.observatory.rules import (
    Anchor,
    ArticleView,
    CheckView,
    Correction,
    DateSource,
    EntityView,
    PageRow,
    SeriesKey,
    Standing,
    State,
    StatementView,
    Verdict,
)
from sundry.insight.observatory.telling import kept

LIST_ORDER: Mapping[str, int] = {"fails": 0, "explained": 1, "implied": 2, "holds": 3}
CERTAIN_JOIN = 0.5


def spans_of(kept: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in kept)


# Pages ----------------------------------------------------------------------------------------------------------------


def page_rows() -> QuerySet[Page]:
    """Pages without their text."""
    return Page.objects.annotate(name=F("file__name")).defer("text", "articles", "findings", "date_spans")


def page_row(row: Any) -> PageRow:
    return PageRow(
        id=row.id,
        name=row.name,
        page_number=row.page_number,
        pages=row.pages,
        issued=row.issued,
        date_source=DateSource(row.date_source),
        state=State(row.state),
        published=row.published,
        to_review=row.to_review,
        failing=row.failing,
        imported_at=row.imported_at,
        headlines=tuple(row.headlines),
    )


def home_of(row: Page) -> Region:
    return Region(row.home_code, row.home_name, tuple(Region(code, name) for code, name in row.home_parents))


def article_json(article: Article) -> dict[str, Any]:
    uncertain = [join.after for join in article.joins if join.certainty < CERTAIN_JOIN]
    return {
        "headline": article.headline,
        "body": article.body,
        "kickers": article.kickers,
        "subheads": article.subheads,
        "bylines": article.bylines,
        "jumps": article.jumps,
        "uncertain": uncertain,
        "role": article.role.value,
    }


def article_view(kept: Mapping[str, Any]) -> ArticleView:
    lists = {name: spans_of(kept[name]) for name in ("body", "kickers", "subheads", "bylines", "jumps", "uncertain")}
    headline = kept["headline"]
    return ArticleView(headline=(headline[0], headline[1]) if headline else None, role=kept["role"], **lists)


# Statements -----------------------------------------------------------------------------------------------------------

_COPIED = (
    "article",
    "issued",
    "quote",
    "context",
    "context_start",
    "type",
    "nth",
    "indicator",
    "indicator_key",
    "subject",
    "region_code",
    "region",
    "period",
    "starts_on",
    "ends_on",
    "value",
    "low",
    "high",
    "unit",
    "base_value",
    "base_unit",
    "bound",
    "decimals",
    "basis_source",
    "confidence",
    "standing",
    "passed",
    "failed",
)


def statement_rows() -> QuerySet[Statement]:
    """Statements with the name of their page and what was said of them."""
    return Statement.objects.annotate(
        page_name=F("page__file__name"),
        said_verdict=F("correction__verdict"),
        said_changes=F("correction__changes"),
        said_by=F("correction__person_id"),
        said_at=F("correction__made_at"),
    ).defer("grams")


def statement_views(rows: Iterable[Any]) -> tuple[StatementView, ...]:
    """One statement more, for the names of those who corrected, where anybody did."""
    rows = list(rows)
    names = people_named(row.said_by for row in rows)
    return tuple(_statement_view(row, names) for row in rows)


def _statement_view(row: Any, names: Mapping[uuid.UUID, str]) -> StatementView:
    return StatementView(
        id=row.id,
        page=row.page_id,
        page_name=row.page_name,
        issued=row.issued,
        article=row.article,
        spans=spans_of(row.spans),
        quote=row.quote,
        context=row.context,
        context_start=row.context_start,
        type=Type(row.type),
        indicator=row.indicator,
        indicator_key=row.indicator_key,
        subject=row.subject,
        region_code=row.region_code,
        region=row.region,
        period=row.period,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        value=plain(row.value),
        low=plain(row.low),
        high=plain(row.high),
        unit=row.unit,
        base_value=plain(row.base_value),
        base_unit=row.base_unit,
        bound=Bound(row.bound),
        kinds=tuple(row.kinds),
        basis=Basis(row.basis) if row.basis else None,
        basis_source=BasisSource(row.basis_source),
        versus=row.versus or None,
        confidence=row.confidence,
        standing=Standing(row.standing),
        inherited={field: (start, end) for field, (start, end) in row.inherited.items()},
        passed=row.passed,
        failed=row.failed,
        corrected=tuple(sorted(row.said_changes or ())),
        verdict=Verdict(row.said_verdict) if row.said_verdict else None,
        corrected_by=names.get(row.said_by, ""),
        corrected_at=row.said_at,
        decimals=row.decimals,
        nth=row.nth,
        ordinal=row.ordinal,
    )


def statement_row(view: StatementView, ordinal: int, correction: uuid.UUID | None, grams: list[str]) -> Statement:
    copied = {name: getattr(view, name) for name in _COPIED}
    return Statement(
        id=view.id,
        page_id=view.page,
        ordinal=ordinal,
        start=view.spans[-1][0],
        end=view.spans[-1][1],
        spans=view.spans,
        kinds=list(view.kinds),
        basis=view.basis.value if view.basis else "",
        versus=view.versus or "",
        inherited=dict(view.inherited),
        correction_id=correction,
        grams=grams,
        **copied,
    )


def plain(number: Any) -> Any:
    """A number of the database without the zeros that its column adds, and not rounded; None is None."""
    return None if number is None else without_zeros(number)


def series_key(row: Series) -> SeriesKey:
    return SeriesKey(
        row.indicator_key, Type(row.measure), row.region_code, row.unit, row.accumulation, row.basis, row.versus
    )


# Corrections ----------------------------------------------------------------------------------------------------------


def correction_views(rows: Collection[CorrectionRow]) -> tuple[Correction, ...]:
    names = people_named(row.person_id for row in rows)
    return tuple(
        Correction(
            anchor=Anchor(row.start, row.end, Type(row.type), row.nth),
            verdict=Verdict(row.verdict),
            changes=row.changes,
            person=row.person_id,
            person_name=names.get(row.person_id, "") if row.person_id else "",
            made_at=row.made_at,
            id=row.id,
        )
        for row in rows
    )


def people_named(people: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    wanted = {person for person in people if person is not None}
    return names_of(wanted) if wanted else {}


# Checks and entities --------------------------------------------------------------------------------------------------


def check_rows() -> QuerySet[Check]:
    return Check.objects.annotate(page_name=F("page__file__name"))


def check_view(row: Any) -> CheckView:
    return CheckView(
        id=row.id,
        page=row.page_id,
        page_name=row.page_name,
        issued=row.issued,
        kind=row.kind,
        outcome=Outcome(row.outcome),
        spans=spans_of(row.spans),
        quotes=tuple(row.quotes),
        pages=tuple(row.pages),
        statements=tuple(row.statements),
        stated=row.stated,
        derived=(plain(row.derived_low), plain(row.derived_high)) if row.has_derived else None,
        note=row.note,
        values=row.values,
        repair=row.repair,
    )


def check_row(view: CheckView, is_published: bool) -> Check:
    low, high = view.derived or (None, None)
    return Check(
        id=view.id,
        page_id=view.page,
        issued=view.issued,
        kind=view.kind,
        outcome=view.outcome.value,
        rank=LIST_ORDER[view.outcome],
        spans=view.spans,
        pages=list(view.pages),
        quotes=list(view.quotes),
        statements=list(view.statements),
        stated=view.stated,
        has_derived=view.derived is not None,
        derived_low=kept(low),
        derived_high=kept(high),
        note=view.note,
        values=dict(view.values),
        repair=view.repair,
        is_published=is_published,
    )


def entity_view(row: Entity) -> EntityView:
    return EntityView(
        type=row.type,
        name=row.name,
        page=row.page_id,
        issued=row.issued,
        spans=spans_of(row.spans),
        details=row.details,
        id=row.id,
    )
