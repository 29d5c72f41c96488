"""/reference/: what everybody looks up, signed in or not; and for the operator the files from which it comes.

Every list is a fixed number of statements, asks for one row more than it shows, and counts nothing. `?day=` looks a day
up that is not today.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import AccessRefused, about, actor_of, guarded
from sundry.base.access.rules import Decision, decide
from sundry.base.reference import actions, queries
from sundry.base.reference.forms import KINDS, LoadForm, LookForm
from sundry.base.reference.loading import File
from sundry.base.reference.names import country_name, currency_name
from sundry.base.reference.operations import LOAD, LOAD_READ, READ
from sundry.base.reference.queries import PAGE
from sundry.base.reference.rules import Kind, dotted, undotted
from sundry.kernel.containers import container_types
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.parameters import NoValueOnDay

FINDINGS_SHOWN: Final = 200
PLACES: Final = {
    "at_sellers_place": gettext_lazy("At the seller’s place, not loaded"),
    "to_first_carrier": gettext_lazy("When the first carrier has it"),
    "alongside_ship": gettext_lazy("Alongside the ship"),
    "on_board": gettext_lazy("On board the ship"),
    "at_destination_ready": gettext_lazy("At the destination, before unloading"),
    "at_destination_unloaded": gettext_lazy("At the destination, unloaded"),
}
PARTIES: Final = {
    "seller": gettext_lazy("Seller"),
    "buyer": gettext_lazy("Buyer"),
    "nobody": gettext_lazy("Nobody has to"),
}
TABLES: Final = (  # in the order in which they are shown: kind, name of the page
    (Kind.HS, "reference_hs_tree"),
    (Kind.TARIFF, "reference_hs_tree"),
    (Kind.PORT, "reference_port_list"),
    (Kind.COUNTRY, "reference_country_list"),
    (Kind.CURRENCY, "reference_currency_list"),
    (Kind.RATE, "reference_rate_list"),
    (Kind.UNIT, "reference_unit_list"),
    (Kind.INCOTERM, "reference_incoterm_list"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was asked: on which day, for what; and the form that says so."""

    form: LookForm
    day: date
    words: str
    country: str
    after: str
    language: str
    status: int


def _look(request: HttpRequest) -> Look:
    form = LookForm(request.GET)
    valid = form.is_valid()
    asked = form.cleaned_data
    return Look(
        form,
        asked.get("day") or timezone.localdate(),
        asked.get("q", ""),
        asked.get("country", ""),
        asked.get("after", ""),
        (get_language() or "en").partition("-")[0],
        200 if valid else 422,
    )


def _shown(request: HttpRequest, template: str, look: Look, **context: Any) -> HttpResponse:
    is_today = look.day == timezone.localdate()
    common = {"form": look.form, "look": look, "day_query": "" if is_today else f"?day={look.day.isoformat()}"}
    return render(request, f"reference/{template}.html", common | context, status=look.status)


def _pager(request: HttpRequest, after: str) -> dict[str, str]:
    """Where a list goes on after its last row, "" where it ends."""
    if not after:
        return {"previous": "", "next": ""}
    asked = request.GET.copy()
    asked["after"] = after
    return {"previous": "", "next": f"?{asked.urlencode()}"}


# Tables -------------------------------------------------------------------------------------------------------------


@guarded(READ)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The tables, each with the edition that stands."""
    editions = queries.editions()
    return _shown(
        request,
        "home",
        _look(request),
        tables=[(KINDS[kind], address, editions.get(kind)) for kind, address in TABLES],
    )


@guarded(READ)
@require_safe
def hs_tree(request: HttpRequest) -> HttpResponse:
    """The chapters by section; or what is found."""
    look = _look(request)
    if not look.words.strip():
        rows = queries.hs_children("", look.day)
        return _shown(request, "hs", look, rows=rows, sections=queries.sections(look.language, look.day))
    found = queries.hs_search(look.words, look.language, look.day, after=look.after, limit=PAGE + 1)
    last = found[PAGE - 1].value.code if len(found) > PAGE else ""
    return _shown(request, "hs", look, rows=found[:PAGE], sections={}, page=_pager(request, last))


@guarded(READ)
@require_safe
def hs_code(request: HttpRequest, hs_code: str) -> HttpResponse:
    """A code: what it stands under, what stands under it, and the lines of the Chinese tariff that begin with it."""
    look = _look(request)
    way = queries.hs_path(hs_code, look.day)
    if not way or way[-1].value.code != undotted(hs_code):
        raise AccessRefused(Decision.NOT_FOUND, READ)
    shown = way[-1]
    lines = queries.tariff_lines(shown.value.code, look.day, after=look.after, limit=PAGE + 1)
    last = lines[PAGE - 1].value.code if len(lines) > PAGE else ""
    return _shown(
        request,
        "hs_code",
        look,
        way=way[:-1],
        shown=shown,
        dotted=dotted(shown.value.code),
        children=queries.hs_children(shown.value.code, look.day),
        lines=[(line, dotted(line.value.code)) for line in lines[:PAGE]],
        page=_pager(request, last),
    )


@guarded(READ)
@require_safe
def port_list(request: HttpRequest) -> HttpResponse:
    """Ports by code, of a country, by their names."""
    look = _look(request)
    found = queries.ports(
        look.words, look.day, country=look.country, language=look.language, after=look.after, limit=PAGE + 1
    )
    last = found[PAGE - 1].value.code if len(found) > PAGE else ""
    rows = [(one, country_name(one.value.country, look.language)) for one in found[:PAGE]]
    return _shown(request, "ports", look, rows=rows, page=_pager(request, last))


@guarded(READ)
@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    """All countries, by name."""
    look = _look(request)
    return _shown(request, "countries", look, rows=queries.countries(look.language, look.day))


@guarded(READ)
@require_safe
def currency_list(request: HttpRequest) -> HttpResponse:
    """All currencies, by code."""
    look = _look(request)
    return _shown(request, "currencies", look, rows=queries.currencies(look.day))


@guarded(READ)
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """All units of measure, by code; and the containers, as the parameters have them."""
    look = _look(request)
    try:
        containers = list(container_types(look.day).values())
    except NoValueOnDay:
        containers = []
    return _shown(request, "units", look, rows=queries.units(look.day), containers=containers)


@guarded(READ)
@require_safe
def incoterm_list(request: HttpRequest) -> HttpResponse:
    """Who clears, who pays, where the risk passes."""
    look = _look(request)
    rows = [
        (
            one,
            PARTIES[one.value.clears_export],
            PARTIES[one.value.clears_import],
            PARTIES[one.value.pays_carriage],
            PARTIES[one.value.insures],
            PLACES[one.value.risk_passes],
        )
        for one in queries.incoterms(look.day)
    ]
    return _shown(request, "incoterms", look, rows=rows)


@guarded(READ)
@require_safe
def rate_list(request: HttpRequest) -> HttpResponse:
    """The reference rates of the newest day that is not after the day."""
    look = _look(request)
    found = queries.rates(look.day)
    rows = [(code, currency_name(code, look.language), units) for code, units in found[0].units] if found else []
    return _shown(
        request, "rates", look, rows=rows, rates=found[0] if found else None, source=found[1] if found else ""
    )


# Loads --------------------------------------------------------------------------------------------------------------


@guarded(LOAD_READ)
@require_safe
def load_list(request: HttpRequest) -> HttpResponse:
    """Files that were loaded or refused, and for the operator the form for the next."""
    return _loads(request, LoadForm())


def _loads(request: HttpRequest, form: LoadForm, status: int = 200) -> HttpResponse:
    before = id_or_none(request.GET.get("after", ""))
    found = queries.loads(before=before, limit=PAGE + 1)
    last = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    context = {
        "form": form,
        "rows": [(one, KINDS[one.kind]) for one in found[:PAGE]],
        "page": _pager(request, last),
        "may_load": decide(LOAD, actor_of(request)) is Decision.ALLOWED,
    }
    return render(request, "reference/loads.html", context, status=status)


@guarded(LOAD)
@require_POST
def load_new(request: HttpRequest) -> HttpResponse:
    """A file comes in, and takes the place of its table from its day on; or is refused with a finding for each row."""
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _loads(request, form, 422)
    given = form.cleaned_data
    try:
        done = actions.load_file(
            actor=actor_of(request),
            file=File(given["file"].name or "file", given["file"].read()),
            kind=Kind(given["kind"]) if given["kind"] else None,
            valid_from=given["valid_from"],
            source=given["source"],
            now=timezone.now(),
        )
    except actions.AlreadyLoaded as told:
        messages.info(request, told.message(_language()))
        return redirect("reference_load_list")
    except SundryError as refusal:
        form.add_error("file", refusal.message(_language()))
        return _loads(request, form, 422)
    about(request, "load", done.id)
    if not done.is_refused:
        messages.success(request, gettext("The file is loaded."))
    return redirect("reference_load_page", load=done.id)


@guarded(LOAD_READ)
@require_safe
def load_page(request: HttpRequest, load: uuid.UUID) -> HttpResponse:
    """A load, with what was found in its rows."""
    about(request, "load", load)
    found = queries.load(load)
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, LOAD_READ)
    shown = found.findings[:FINDINGS_SHOWN]
    context = {"view": found, "kind": KINDS[found.kind], "findings": shown, "more": len(found.findings) > len(shown)}
    return render(request, "reference/load.html", context)


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


urlpatterns = [
    path("reference/", home, name="reference"),
    path("reference/hs/", hs_tree, name="reference_hs_tree"),
    path("reference/hs/<str:hs_code>/", hs_code, name="reference_hs_code"),
    path("reference/ports/", port_list, name="reference_port_list"),
    path("reference/countries/", country_list, name="reference_country_list"),
    path("reference/currencies/", currency_list, name="reference_currency_list"),
    path("reference/rates/", rate_list, name="reference_rate_list"),
    path("reference/units/", unit_list, name="reference_unit_list"),
    path("reference/incoterms/", incoterm_list, name="reference_incoterm_list"),
    path("reference/loads/", load_list, name="reference_load_list"),
    path("reference/loads/new", load_new, name="reference_load_new"),
    path("reference/loads/<uuid:load>/", load_page, name="reference_load_page"),
]
