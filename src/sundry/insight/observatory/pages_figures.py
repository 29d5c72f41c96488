"""/observatory/: indicators, checks, search, fairs and targets: what all pages together say.

Each figure leads to the words that say it. What we derived is told apart from what was printed, in words and looks.
A page takes as many statements for fifty lines as for one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.parties.forms import spoken
from sundry.engines.reading.indicators import dictionary, names_in
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory import queries, queries_figures
from sundry.insight.observatory.arithmetic import Line, line_of
from sundry.insight.observatory.fairs import MEASURES, fairs_of, ordered
from sundry.insight.observatory.forms_figures import ChecksForm, FairsForm, IndicatorsForm, ListForm, SearchForm
from sundry.insight.observatory.operations import (
    CHECK_LIST,
    ENTITY_LIST,
    SERIES_LIST,
    SERIES_READ,
    STATEMENT_LIST,
    sees_unpublished,
)
from sundry.insight.observatory.pictures import (
    by_field,
    differ,
    growth_bars,
    home_of,
    missing_of,
    own_growths,
    places_in,
    reached,
    year_path,
)
from sundry.insight.observatory.queries_said import statements_of
from sundry.insight.observatory.reader import sentence_of
from sundry.insight.observatory.rules import (
    CheckView,
    Observation,
    SeriesView,
    Standing,
    StatementView,
)

PAGE: Final = 30
CARDS_MAX: Final = 400  # more than the dictionary has indicators
EVENTS_MAX: Final = 500  # the newest, of which those with figures are fairs
PERIODS_SHOWN: Final = 24  # of a series
EVENT: Final = "event"


@dataclass(frozen=True, slots=True)
class Told:
    """A point of a series, and the statement that says it (None: it may not be seen)."""

    seen: Observation
    statement: StatementView | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """What pages say of one period: the latest vintage first. `differs`: they do not say the same."""

    period: str
    told: tuple[Told, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """A series as a table, the latest period first. `versus`: the place that it is compared with.

    `left_out`: older periods for which there was no room.
    """

    series: SeriesView
    versus: str
    rows: tuple[PeriodRow, ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check with its arithmetic over the statements that may be seen. `regions`: names by code of their places."""

    check: CheckView
    line: Line | None
    regions: Mapping[str, str]
    places: tuple[tuple[str, uuid.UUID, tuple[int, int]], ...]  # words, page and characters of each span


# Indicators --------------------------------------------------------------------------------------------------------


@guarded(SERIES_LIST)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """What is known of a place: each indicator at its latest period, by the fields of the dictionary."""
    form = IndicatorsForm(request.GET)
    if not form.is_valid():
        return render(request, "observatory/indicators.html", {"form": form}, status=422)
    asked = form.cleaned_data
    cards = queries_figures.cards(region_code=asked["region"], limit=CARDS_MAX, also_empty=True)
    words = asked["words"].strip().casefold()
    own = names_in(spoken())
    found = [
        card
        for card in cards
        if any(words in name.casefold() for name in (card.indicator, card.indicator_en, own[card.indicator_key]))
    ]
    return render(
        request,
        "observatory/indicators.html",
        {
            "form": form,
            "fields": by_field(found, dictionary()),
            "region": next((card.region for card in cards), ""),
            "is_empty": not cards,
        },
    )


@guarded(SERIES_READ)
@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: beside other places, through the year, and every figure with what pages said of it."""
    known = dictionary().get(key)
    if known is None:
        raise Http404
    unpublished = sees_unpublished(actor_of(request))
    form = IndicatorsForm(request.GET)
    series = queries_figures.series_of(key)
    home = (form.cleaned_data["region"] if form.is_valid() else "") or home_of(
        series, queries_figures.latest_home().code
    )
    growths = own_growths(series, home)
    growth = next((one for one in growths if one.period == request.GET.get("period")), next(iter(growths), None))
    implied = queries.checks_of_statement(growth.statement, unpublished=unpublished) if growth else ()
    bars = growth_bars(series, growth, implied) if growth else []
    if len(bars) < 2:  # one bar compares nothing
        bars = []
    year = year_path(series, home)
    own = [one for one in series if one.key.region_code == home]
    shown = [_shown(one) for one in own]
    drawn = [bar.observation for bar in bars if bar.observation] + [seen for _, seen in (year.steps if year else ())]
    points = [*drawn, *(seen for _, rows in shown for seen in rows)]
    said = statements_of({seen.statement for seen in points}, unpublished=unpublished)
    names = {one.key.region_code: one.region for one in series}
    return render(
        request,
        "observatory/indicator.html",
        {
            "indicator": known,
            "parts": [dictionary()[part] for part in known.parts if part in dictionary()],
            "wholes": [one for one in dictionary().values() if key in one.parts],
            "home": home,
            "region": next((one.region for one in own), ""),
            "places": sorted(names.items(), reverse=True),
            "period": growth.period if growth else "",
            "periods": [one.period for one in growths[:PERIODS_SHOWN] if places_in(series, one) > 1],
            "bars": bars,
            "growth": [(bar, said.get(bar.observation.statement) if bar.observation else None) for bar in bars],
            "has_derived": any(bar.observation is None for bar in bars),
            "year": year,
            "steps": [(seen, said.get(seen.statement)) for _, seen in (year.steps if year else ())],
            "said": said,
            "tables": [_table(one, rows, said, names) for one, rows in shown],
        },
        status=200 if form.is_valid() else 422,
    )


def _shown(series: SeriesView) -> tuple[SeriesView, list[Observation]]:
    """The observations of the latest periods."""
    periods = list(dict.fromkeys(seen.period for seen in series.observations))[-PERIODS_SHOWN:]
    kept = set(periods)
    return series, [seen for seen in series.observations if seen.period in kept]


def _table(
    series: SeriesView, shown: Sequence[Observation], said: Mapping[uuid.UUID, StatementView], names: Mapping[str, str]
) -> SeriesRows:
    periods: dict[str, list[Observation]] = {}
    for seen in shown:
        periods.setdefault(seen.period, []).append(seen)
    rows = []
    for period, vintages in reversed(periods.items()):
        told = tuple(Told(seen, said.get(seen.statement)) for seen in vintages)
        rows.append(PeriodRow(period, told, _differs(told)))
    return SeriesRows(series, names.get(series.key.versus, ""), tuple(rows), len(shown) < len(series.observations))


def _differs(told: Sequence[Told]) -> bool:
    """Whether pages say different things of one period. A target is no other figure than what was reached."""
    return any(
        one.seen.actuality == other.seen.actuality
        and one.statement is not None
        and other.statement is not None
        and differ(one.statement, other.statement)
        for one, other in combinations(told, 2)
    )


# Checks ------------------------------------------------------------------------------------------------------------


@guarded(CHECK_LIST)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Every piece of arithmetic over what pages say, failures first."""
    form = ChecksForm(request.GET)
    if not form.is_valid():
        return render(request, "observatory/checks.html", {"form": form}, status=422)
    asked, unpublished = form.cleaned_data, sees_unpublished(actor_of(request))
    found = queries.checks(
        outcome=Outcome(asked["outcome"]) if asked["outcome"] else None,
        page=asked["page"],
        after=asked["after"],
        limit=PAGE + 1,
        unpublished=unpublished,
    )
    shown = found[:PAGE]
    said = statements_of({id_ for check in shown for id_ in check.statements}, unpublished=unpublished)
    last = {"after": f"{RANKS[shown[-1].outcome]}.{_place(shown[-1])}"} if len(found) > PAGE else {}
    return render(
        request,
        "observatory/checks.html",
        {
            "form": form,
            "rows": [_check_row(check, said) for check in shown],
            "outcomes": [(f"?{_with(request.GET, {'outcome': one.value, 'after': ''})}", one) for one in RANKS],
            "every": f"?{_with(request.GET, {'outcome': '', 'after': ''})}",
            "chosen": asked["outcome"],
            "of_page": next((check.page_name for check in shown), "") if asked["page"] else "",
            "pager": _page(request.GET, last),
        },
    )


RANKS: Final = {Outcome.FAILS: 0, Outcome.EXPLAINED: 1, Outcome.IMPLIED: 2, Outcome.HOLDS: 3}


def _check_row(check: CheckView, said: Mapping[uuid.UUID, StatementView]) -> CheckRow:
    operands = tuple(said.get(id_) for id_ in check.statements)
    pages = check.pages or (check.page,) * len(check.spans)
    places = tuple(zip(check.quotes, pages, check.spans, strict=False))
    regions = {one.region_code: one.region for one in operands if one is not None and one.region_code}
    return CheckRow(check, line_of(check, operands), regions, places)


# Search ------------------------------------------------------------------------------------------------------------


@guarded(STATEMENT_LIST)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """All statements, by words, indicator, place, kind and period; the newest first."""
    form = SearchForm(request.GET, unpublished=sees_unpublished(actor_of(request)))
    if not form.is_valid():
        return render(request, "observatory/search.html", _choices(form), status=422)
    found = queries.statements(form.sought(), before=form.cleaned_data["before"], limit=PAGE + 1)
    shown = found[:PAGE]
    last = {"before": _place(shown[-1])} if len(found) > PAGE else {}
    return render(
        request,
        "observatory/search.html",
        _choices(form)
        | {
            "rows": [(one, sentence_of(one)) for one in shown],
            "is_asked": any(value for name, value in request.GET.items() if name != "before"),
            "export": _with(request.GET, {"before": ""}),
            "pager": _page(request.GET, last),
        },
    )


def _choices(form: SearchForm) -> dict[str, Any]:
    return {"form": form, "types": list(Type), "standings": [*Standing] if "standing" in form.fields else []}


# Fairs and targets -------------------------------------------------------------------------------------------------


@guarded(ENTITY_LIST)
@require_safe
def fairs(request: HttpRequest) -> HttpResponse:
    """Events with their exhibitors, visitors, orders and amounts, side by side."""
    form = FairsForm(request.GET)
    if not form.is_valid():
        return render(request, "observatory/fairs.html", {"form": form}, status=422)
    by = form.cleaned_data["by"]
    found = ordered(fairs_of(queries_figures.entities(EVENT, before=None, limit=EVENTS_MAX)), by)
    return render(
        request,
        "observatory/fairs.html",
        {
            "form": form,
            "rows": found[:PAGE],
            "left_out": len(found) > PAGE,
            "by": by,
            "measures": [(f"?{_with(request.GET, {'by': one})}", one) for one in MEASURES],
        },
    )


@guarded(STATEMENT_LIST)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """What was aimed at, beside the latest figure of the same thing."""
    form = ListForm(request.GET)
    if not form.is_valid():
        return render(request, "observatory/targets.html", {"form": form}, status=422)
    found = queries_figures.targets(before=form.cleaned_data["before"], limit=PAGE + 1)
    shown = found[:PAGE]
    last = {"before": _place(shown[-1].target)} if len(found) > PAGE else {}
    return render(
        request,
        "observatory/targets.html",
        {
            "form": form,
            "rows": [(view, missing_of(view)) for view in map(reached, shown)],
            "pager": _page(request.GET, last),
        },
    )


# What pages share --------------------------------------------------------------------------------------------------


def _place(row: StatementView | CheckView) -> str:
    return f"{row.issued or '-'}.{row.id}"


def _page(asked: QueryDict, last: Mapping[str, object]) -> dict[str, str]:
    """Where the list goes on after its last row, if it does."""
    return {"previous": "", "next": f"?{_with(asked, last)}" if last else ""}


def _with(asked: QueryDict, more: Mapping[str, object]) -> str:
    """The same question with other answers; what is "" is not asked."""
    given = asked.copy()
    for name, value in more.items():
        given[name] = str(value)
        if not value:
            del given[name]
    return given.urlencode()


urlpatterns = [
    path("observatory/indicators/", indicators, name="observatory_indicators"),
    path("observatory/indicators/<slug:key>/", indicator, name="observatory_indicator"),
    path("observatory/checks/", checks, name="observatory_checks"),
    path("observatory/search/", search, name="observatory_search"),
    path("observatory/fairs/", fairs, name="observatory_fairs"),
    path("observatory/targets/", targets, name="observatory_targets"),
]
