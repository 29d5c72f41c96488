"""Questions about figures: cards of indicators, series with their vintages, targets, and what pages name."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate
from django.utils import timezone

from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Bound, Region, Type
from sundry.engines.reading.regions import name_of
from sundry.insight.observatory.keysets import NEWEST, Key, older
from sundry.insight.observatory.models import Entity, Page, Series, Statement
from sundry.insight.observatory.models import Observation as Row
from sundry.insight.observatory.rules import (
    RUNS_ON,
    Actuality,
    Card,
    EntityView,
    Observation,
    SeriesKey,
    SeriesView,
    Standing,
    StatementView,
    TargetView,
)
from sundry.insight.observatory.series_rules import card_of
from sundry.insight.observatory.views import entity_view, home_of, plain, series_key, statement_rows, statement_views
from sundry.kernel.parameters import parameters

OBSERVATIONS_MAX: Final = 400  # of one series that are shown
BESIDE_MAX: Final = 2_000  # statements from which cards are made
TOLD_ON: Final = Coalesce("vintage", TruncDate("page__imported_at"))
# No target, and no period that ends long after the page that tells of it (this year, by 2028).
IS_OVER: Final = Case(
    When(actuality=Actuality.TARGET.value, then=False),
    When(ends_on__gt=TOLD_ON + Value(RUNS_ON), then=False),
    default=True,
    output_field=BooleanField(),
)
ALIKE_MAX: Final = 20  # statements of the same number, where there is no indicator to go by
_LEVELS: Final = (Type.LEVEL.value, Type.COUNT.value)
_SHOWN: Final = (*_LEVELS, Type.GROWTH.value)

SeriesAfter = tuple[str, uuid.UUID]


# The town -------------------------------------------------------------------------------------------------------------


def default_home() -> Region:
    """The town whose paper is read, where nobody named another: parameters/observatory.yaml."""
    found = parameters("observatory").at(timezone.localdate())
    code = found.text("home.code")
    return Region(code, found.text("home.name") or name_of(code))


def latest_home() -> Region:
    """The town of the page that was imported last; before there is any, the default."""
    row = Page.objects.only("home_code", "home_name", "home_parents").order_by("-id").first()
    return home_of(row) if row else default_home()


# Cards ----------------------------------------------------------------------------------------------------------------


def cards(*, region_code: str = "", limit: int = 60, also_empty: bool = False) -> tuple[Card, ...]:
    """Each indicator of a place at its latest period, in the order of the dictionary; "" stands for the home town.

    `also_empty`: with cards without figures of those of which pages only tell what is to come or is not over.
    """
    region_code = region_code or latest_home().code
    periods = {key: period for key, period in _latest_periods(region_code).items() if period or also_empty}
    order = {key: number for number, key in enumerate(dictionary())}
    wanted = dict(sorted(periods.items(), key=lambda one: order.get(one[0], len(order)))[:limit])
    beside = _beside({key: period for key, period in wanted.items() if period}, (Standing.PUBLISHED,))
    return tuple(card_of(key, region_code, beside.get(key, ())) for key in wanted)


def card(id: uuid.UUID, *, unpublished: bool) -> Card | None:
    """The card of a statement: its indicator at its place and period. None: none, or not for the reader."""
    standings = (Standing.PUBLISHED, Standing.REVIEW) if unpublished else (Standing.PUBLISHED,)
    rows = statement_rows().filter(id=id)
    if not unpublished:
        rows = rows.filter(standing=Standing.PUBLISHED.value)
    one = next(iter(statement_views(rows)), None)
    if one is None:
        return None
    if one.indicator_key and one.period:
        others = _beside({one.indicator_key: one.period}, standings)[one.indicator_key]
    else:
        alike = statement_rows().filter(
            base_unit=one.base_unit, base_value=one.base_value, type=one.type.value, period=one.period
        )
        others = statement_views(alike.filter(standing__in=standings, indicator=one.indicator)[:ALIKE_MAX])
    return card_of(one.indicator_key, one.region_code or "", others, shown=one)


def _latest_periods(region_code: str) -> Mapping[str, str]:
    """Indicator -> its latest period that is over, "" where none is; of two that end on one day the longer one."""
    rows = (
        Row.objects.filter(series__region_code=region_code, series__measure__in=_SHOWN, series__versus="")
        .annotate(is_over=IS_OVER)
        .order_by(
            "series__indicator_key",
            F("is_over").desc(),
            F("ends_on").desc(nulls_last=True),
            F("starts_on").asc(nulls_last=True),
        )
        .distinct("series__indicator_key")
    )
    found = rows.values_list("series__indicator_key", "period", "is_over")
    return {key: period if is_over else "" for key, period, is_over in found}


def _beside(periods: Mapping[str, str], standings: Collection[Standing]) -> Mapping[str, tuple[StatementView, ...]]:
    """All that pages say of each indicator in its period, of any place; newest issue first."""
    rows = statement_rows().filter(
        indicator_key__in=periods, period__in=set(periods.values()), standing__in=[one.value for one in standings]
    )
    found: dict[str, list[StatementView]] = {key: [] for key in periods}
    for one in statement_views(rows.order_by(*NEWEST)[:BESIDE_MAX]):
        if one.period == periods[one.indicator_key]:
            found[one.indicator_key].append(one)
    return {key: tuple(views) for key, views in found.items()}


# Series ---------------------------------------------------------------------------------------------------------------


def series_list(*, region_code: str = "", after: SeriesAfter | None = None, limit: int = 100) -> tuple[SeriesView, ...]:
    """Series that have an observation, by indicator; the list goes on after (indicator, id) of the last one."""
    rows = _series().filter(Exists(Row.objects.filter(series=OuterRef("pk"))))
    if region_code:
        rows = rows.filter(region_code=region_code)
    if after is not None:
        rows = rows.filter(Q(indicator_key__gt=after[0]) | Q(indicator_key=after[0], id__gt=after[1]))
    return tuple(_series_view(row, ()) for row in rows.order_by("indicator_key", "id")[:limit])


def series(id: uuid.UUID) -> SeriesView | None:
    """One series with its latest observations, at most OBSERVATIONS_MAX."""
    return next(iter(_with_observations(_series().filter(id=id))), None)


def series_of(indicator_key: str, *, region_code: str = "") -> tuple[SeriesView, ...]:
    """All series of an indicator, each with its latest observations; without those that have none."""
    rows = _series().filter(indicator_key=indicator_key)
    if region_code:
        rows = rows.filter(region_code=region_code)
    return tuple(
        view for view in _with_observations(rows.order_by("region_code", "measure", "id")) if view.observations
    )


def _series() -> QuerySet[Series]:
    named = Statement.objects.filter(indicator_key=OuterRef("indicator_key"), region_code=OuterRef("region_code"))
    return Series.objects.annotate(region=Subquery(named.values("region")[:1]))


def _with_observations(rows: QuerySet[Series]) -> tuple[SeriesView, ...]:
    """Two SQL statements, however many series."""
    found = list(rows)
    numbered = Row.objects.filter(series__in=[row.id for row in found]).annotate(
        number=Window(
            RowNumber(),
            partition_by="series",
            order_by=[F("ends_on").desc(nulls_last=True), F("vintage").desc(nulls_last=True), "id"],
        )
    )
    points: dict[uuid.UUID, list[Row]] = {row.id: [] for row in found}
    for point in numbered.filter(number__lte=OBSERVATIONS_MAX):
        points[point.series_id].append(point)
    return tuple(_series_view(row, points[row.id]) for row in found)


def _series_view(row: Any, points: Iterable[Row]) -> SeriesView:
    key = series_key(row)
    known = dictionary().get(key.indicator_key)
    seen = [observation_view(point, key) for point in points]
    seen.sort(key=lambda one: (one.ends_on or date.min, one.period, -(one.vintage or date.min).toordinal()))
    return SeriesView(
        id=row.id,
        key=key,
        indicator=known.zh if known else key.indicator_key,
        indicator_en=known.en if known else key.indicator_key,
        region=row.region or name_of(key.region_code),
        observations=tuple(seen),
    )


def observation_view(row: Row, key: SeriesKey) -> Observation:
    return Observation(
        key=key,
        period=row.period,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        value=plain(row.value),
        low=plain(row.low),
        high=plain(row.high),
        bound=Bound(row.bound),
        decimals=row.decimals,
        actuality=Actuality(row.actuality),
        vintage=row.vintage,
        page=row.page_id,
        statement=row.statement_id,
        supports=row.supports,
        confidence=row.confidence,
    )


# Targets and entities -------------------------------------------------------------------------------------------------


def targets(*, before: Key | None = None, limit: int = 50) -> tuple[TargetView, ...]:
    """Published targets, newest issue first, each beside the latest actual figure."""
    rows = statement_rows().filter(kinds__contains=["target"], standing=Standing.PUBLISHED.value)
    found = statement_views(older(rows, before).order_by(*NEWEST)[:limit])
    actual = _latest_actual(found)
    return tuple(TargetView(one, actual.get(_measured(one))) for one in found)


def _latest_actual(found: Sequence[StatementView]) -> Mapping[tuple[str, ...], StatementView]:
    """By indicator, place, measure and unit."""
    rows = (
        Row.objects.filter(
            series__indicator_key__in={one.indicator_key for one in found} - {""},
            series__region_code__in={one.region_code for one in found if one.region_code},
            series__versus="",
        )
        .filter(IS_OVER)
        .order_by(
            *(f"series__{name}" for name in ("indicator_key", "region_code", "measure", "unit")),
            F("ends_on").desc(nulls_last=True),
            F("vintage").desc(nulls_last=True),
            Case(When(bound=Bound.EQ.value, then=0), default=1),  # 20.63 tells more than "more than 20"
        )
        .distinct(*(f"series__{name}" for name in ("indicator_key", "region_code", "measure", "unit")))
    )
    views = statement_views(statement_rows().filter(id__in=list(rows.values_list("statement", flat=True))))
    return {
        _measured(one): one for one in sorted(views, key=lambda one: (one.ends_on or date.min, one.issued or date.min))
    }


def _measured(one: StatementView) -> tuple[str, ...]:
    """Of what a figure is; 1.3万人 and 4420人 are both levels, though the second is counted one by one."""
    measure = Type.LEVEL if one.type is Type.COUNT else one.type
    return one.indicator_key, one.region_code or "", measure.value, one.base_unit


def entities(type: str, *, before: Key | None = None, limit: int = 50) -> tuple[EntityView, ...]:
    """What pages name of this type, newest issue first."""
    rows = older(Entity.objects.filter(type=type), before)
    return tuple(entity_view(row) for row in rows.order_by(*NEWEST)[:limit])
