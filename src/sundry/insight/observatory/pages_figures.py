"""/observatory/: indicators, checks, search, fairs and targets: what all pages together say.

Each figure leads to the words that say it. What we derived is told apart from what was printed, in words and looks.
A page takes as many statements for fifty lines as for one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.engines.reading import regions
from sundry.engines.reading.indicators import Indicator, dictionary
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory import queries, queries_figures
from sundry.insight.observatory.arithmetic import Line, line_of
from sundry.insight.observatory.fairs import MEASURES, fairs_of, ordered
from sundry.insight.observatory.operations import (
    CHECK_LIST,
    ENTITY_LIST,
    SERIES_LIST,
    SERIES_READ,
    STATEMENT_LIST,
    sees_unpublished,
)
from sundry.insight.observatory.periods import days_of
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
from sundry.insight.observatory.queries_said import region_named, statements_of
from sundry.insight.observatory.reader import Mark, Piece, marked
from sundry.insight.observatory.rules import (
    CheckView,
    Observation,
    SeriesView,
    Sought,
    Standing,
    StatementView,
)

PAGE: Final = 30
CARDS_MAX: Final = 400  # more than the dictionary has indicators
EVENTS_MAX: Final = 500  # the newest, of which those with figures are fairs
PERIODS_SHOWN: Final = 24  # of a series
TEXT_MAX: Final = 100
EVENT: Final = "event"
EVERY: Final = "all"  # standings
_CODE: Final = re.compile(r"[0-9]{6}|[A-Z]{2}")
_DAY: Final = r"(-|\d{4}-\d\d-\d\d)"
_ID: Final = r"([0-9a-f-]{36})"


class _PlaceField(forms.RegexField):
    """Where the page before ended: (day or None, id), with a number before them where `ranked`."""

    def __init__(self, *, ranked: bool = False) -> None:
        self.ranked = ranked
        start = r"^(\d)\." if ranked else "^"
        super().__init__(rf"{start}{_DAY}\.{_ID}$", required=False, max_length=60, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        *rank, day, id_ = written.split(".")
        try:
            key = (None if day == "-" else date.fromisoformat(day), uuid.UUID(id_))
        except ValueError as fault:
            raise forms.ValidationError(gettext_lazy("There is no such place in this list.")) from fault
        return (int(rank[0]), *key) if rank else key


class _PeriodField(forms.CharField):
    """A day, or a period whose first (`last`: whose last) day is meant: 2026, 2026-Q1, 2026-03, 2026-03-20."""

    def __init__(self, *, last: bool, label: Any) -> None:
        self.last = last
        super().__init__(
            label=label,
            required=False,
            max_length=10,
            help_text=gettext_lazy("As 2026, 2026-Q1, 2026-03 or 2026-03-20."),
        )

    def clean(self, value: Any) -> date | None:
        written = super().clean(value)
        try:
            return days_of(written)[1 if self.last else 0]
        except ValueError as fault:
            raise forms.ValidationError(
                gettext_lazy("“%(period)s” is no period. Write it as 2026, 2026-Q1, 2026-03 or 2026-03-20."),
                params={"period": written},
            ) from fault


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=TEXT_MAX, help_text=help_text)


class _IndicatorsForm(forms.Form):
    """Of which place, and what stands in the name."""

    words = _text(gettext_lazy("Name of the indicator"))
    region = forms.RegexField(_CODE, required=False, widget=forms.HiddenInput)


class _ChecksForm(forms.Form):
    """Of which outcome and page."""

    outcome = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.value) for one in Outcome)], widget=forms.HiddenInput
    )
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    after = _PlaceField(ranked=True)


class _FairsForm(forms.Form):
    """By which figure they are sorted."""

    by = forms.ChoiceField(
        required=False, choices=[("", ""), *((one, one) for one in MEASURES)], widget=forms.HiddenInput
    )


class _ListForm(forms.Form):
    """A list that begins with the newest."""

    before = _PlaceField()


class SearchForm(forms.Form):
    """What statements are asked for. The same fields choose what is exported."""

    words = _text(
        gettext_lazy("Words of the page"), gettext_lazy("They stand in the sentence or the indicator’s name.")
    )
    indicator = _text(gettext_lazy("Indicator"), gettext_lazy("Its name in Chinese or English."))
    region = _text(gettext_lazy("Place"), gettext_lazy("Its name, or six digits of GB/T 2260."))
    type = forms.ChoiceField(
        label=gettext_lazy("Kind of figure"), required=False, choices=[("", ""), *((one.value, one) for one in Type)]
    )
    start = _PeriodField(label=gettext_lazy("Period from"), last=False)
    end = _PeriodField(label=gettext_lazy("Period to"), last=True)
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=[("", ""), (EVERY, ""), *((one.value, one) for one in Standing)],
    )
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = _PlaceField()

    def __init__(self, *args: Any, unpublished: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not unpublished:
            del self.fields["standing"]

    def clean_indicator(self) -> str:
        """The key. ValidationError: no indicator of the dictionary is called so."""
        written = str(self.cleaned_data["indicator"]).strip()
        if not written:
            return ""
        found = next((key for key, one in dictionary().items() if _is_called(one, written)), None)
        if found is None:
            raise forms.ValidationError(
                gettext_lazy(
                    "No indicator is called “%(name)s”. Look for its name under Indicators, or search by words."
                ),
                params={"name": written},
            )
        return found

    def clean_region(self) -> str:
        """The code. ValidationError: no place of this name is known."""
        written = str(self.cleaned_data["region"]).strip()
        if not written or _CODE.fullmatch(written):
            return written
        place = regions.match(written, 0, None)
        code = place.region.code if place is not None and place.end == len(written) else ""
        if not (code := code or region_named(written)):
            raise forms.ValidationError(
                gettext_lazy("No page speaks of a place called “%(name)s”."), params={"name": written}
            )
        return code

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", gettext_lazy("The period ends before it begins."))
        return dict(self.cleaned_data)

    def sought(self) -> Sought:
        """Of a valid form. Whoever may not choose a standing seeks what is published."""
        asked = self.cleaned_data
        standing = asked.get("standing", "")
        return Sought(
            words=asked["words"].strip(),
            indicator_key=asked["indicator"],
            region_code=asked["region"],
            type=Type(asked["type"]) if asked["type"] else None,
            starts_on=asked["start"],
            ends_on=asked["end"],
            standing=None if standing == EVERY else Standing(standing or Standing.PUBLISHED),
            page=asked["page"],
        )


def _is_called(one: Indicator, name: str) -> bool:
    return name.casefold() in {word.casefold() for word in (one.key, one.zh, one.en, *one.aliases)}


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
    """A check with the statements that it compares, those that may be seen, and its arithmetic."""

    check: CheckView
    statements: tuple[StatementView | None, ...]
    line: Line | None
    places: tuple[tuple[str, uuid.UUID, tuple[int, int]], ...]  # words, page and characters of each span


# Indicators --------------------------------------------------------------------------------------------------------


@guarded(SERIES_LIST)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """What is known of a place: each indicator at its latest period, by the fields of the dictionary."""
    form = _IndicatorsForm(request.GET)
    if not form.is_valid():
        return render(request, "observatory/indicators.html", {"form": form}, status=422)
    asked = form.cleaned_data
    cards = queries_figures.cards(region_code=asked["region"], limit=CARDS_MAX)
    words = asked["words"].strip().casefold()
    found = [card for card in cards if any(words in name.casefold() for name in (card.indicator, card.indicator_en))]
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
    form = _IndicatorsForm(request.GET)
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
    form = _ChecksForm(request.GET)
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
    return CheckRow(check, operands, line_of(check, operands), places)


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
            "rows": [(one, _sentence(one)) for one in shown],
            "is_asked": any(value for name, value in request.GET.items() if name != "before"),
            "export": _with(request.GET, {"before": ""}),
            "pager": _page(request.GET, last),
        },
    )


def _sentence(shown: StatementView) -> tuple[Piece, ...]:
    """The sentence with the words of the statement marked in it."""
    return marked(shown.context, [Mark(*span, str(shown.id)) for span in shown.spans], offset=shown.context_start)


def _choices(form: SearchForm) -> dict[str, Any]:
    return {"form": form, "types": list(Type), "standings": [*Standing] if "standing" in form.fields else []}


# Fairs and targets -------------------------------------------------------------------------------------------------


@guarded(ENTITY_LIST)
@require_safe
def fairs(request: HttpRequest) -> HttpResponse:
    """Events with their exhibitors, visitors, orders and amounts, side by side."""
    form = _FairsForm(request.GET)
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
    form = _ListForm(request.GET)
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
