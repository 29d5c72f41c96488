"""/market/stalls/: the register of stalls: search, register by pasting rows, give one to whom it is, trust it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Kind
from sundry.base.parties.queries import organisation_names, organisations_named
from sundry.goods.catalogue import actions_stalls, queries_stalls, stall_rows
from sundry.goods.catalogue.errors import NotThere
from sundry.goods.catalogue.forms_goods import LANGUAGE_WORDS
from sundry.goods.catalogue.operations import QUEUE_READ, STALL_REGISTER
from sundry.goods.catalogue.own_stall import NUMBER_MAX, number_of
from sundry.goods.catalogue.pages_my_stall import PAPER_STATES
from sundry.goods.catalogue.rules import LANGUAGES, StallView
from sundry.goods.catalogue.showing import stall_name
from sundry.goods.catalogue.stall_rows import ROWS_MAX, PastedRow
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.messages import render as said

SHOWN: Final = 50
WORDS_MAX: Final = 100
TEXT_MAX: Final = 400_000  # characters of pasted rows


class RowsForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("The names are in"), choices=[(key, LANGUAGE_WORDS[key]) for key in LANGUAGES]
    )
    rows = forms.CharField(
        label=gettext_lazy("Rows"),
        help_text=gettext_lazy("From your sheet: hall, floor, street, booth, name. One stall a row."),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "data-paste": "", "spellcheck": "false"}),
    )


@guarded(QUEUE_READ)
@require_safe
def stalls(request: HttpRequest) -> HttpResponse:
    """By words in a name, a booth, an address or a number; `after`: the last that was shown. Two statements."""
    words = request.GET.get("words", "").strip()[:WORDS_MAX]
    found = queries_stalls.stalls_named(words, after=number_of(request.GET.get("after", "")), limit=SHOWN + 1)
    asked = request.GET.copy()
    if len(found) > SHOWN:
        asked["after"] = str(found[SHOWN - 1].card.number)
    holders = organisation_names({one.organisation for one in found if one.organisation is not None})
    language = language_of_reader()
    context = {
        "head": unlisted(gettext("Stalls")),
        "words": words,
        "rows": [
            (one, stall_name(one.card, language), holders.get(one.organisation, "") if one.organisation else "")
            for one in found[:SHOWN]
        ],
        "page": {"previous": "", "next": f"?{asked.urlencode()}" if len(found) > SHOWN else ""},
        "may_register": may(request, STALL_REGISTER),
    }
    return render(request, "catalogue/market/stalls.html", context)


# Registered by rows ---------------------------------------------------------------------------------------------------


@guarded(STALL_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Paste rows; look at what they would become; register them. `confirm`: she has looked."""
    if request.method != "POST":
        return _register_page(request, RowsForm())
    form = RowsForm(request.POST)
    if not form.is_valid():
        return _register_page(request, form, status=422)
    rows = _read(form)
    if not rows:
        form.add_error("rows", gettext("There is no row with a stall in it."))
    elif len(rows) > ROWS_MAX:
        problem = said("catalogue_too_many_rows", language_of_reader(), {"count": len(rows), "most": ROWS_MAX})
        form.add_error("rows", problem)
    if form.errors:
        return _register_page(request, form, status=422)
    is_wrong = any(row.problem for row in rows)
    if "confirm" in request.POST and not is_wrong and _registered(request, form, rows):
        return redirect("market_stalls")
    return _register_page(request, form, rows, status=422 if is_wrong or form.errors else 200)


def _read(form: RowsForm) -> tuple[PastedRow, ...]:
    """Three statements, however many rows."""
    rows = stall_rows.read(form.cleaned_data["rows"], language=form.cleaned_data["language"])
    places = {row.stall.place for row in rows if row.stall is not None}
    halls = {hall.code for hall in queries_stalls.halls()}
    return stall_rows.judged(rows, halls=halls, taken=queries_stalls.booths_taken(places))


def _registered(request: HttpRequest, form: RowsForm, rows: tuple[PastedRow, ...]) -> bool:
    wanted = [row.stall for row in rows if row.stall is not None]
    try:
        made = actions_stalls.register_stalls(actor=actor_of(request), stalls=wanted, now=timezone.now())
    except SundryError as refusal:  # somebody was faster, or two booths have one address
        form.add_error("rows", refusal.message(language_of_reader()))
        return False
    told = ngettext("%(count)s stall is registered.", "%(count)s stalls are registered.", len(made))
    messages.success(request, told % {"count": len(made)})
    return True


def _register_page(
    request: HttpRequest, form: RowsForm, rows: tuple[PastedRow, ...] = (), status: int = 200
) -> HttpResponse:
    wrong = [row for row in rows if row.problem]
    context = {
        "head": unlisted(gettext("Register stalls")),
        "form": form,
        "rows": rows,
        "wrong": wrong,
        "is_hall_missing": any(row.problem and row.problem.rule == "catalogue_hall_not_there" for row in wrong),
        "can_register": bool(rows) and not wrong and not form.errors,
    }
    return render(request, "catalogue/market/register.html", context, status=status)


# One stall ------------------------------------------------------------------------------------------------------------


@guarded(QUEUE_READ)
@require_safe
def stall(request: HttpRequest, stall_number: int) -> HttpResponse:
    """Whose it is, whether it is trusted, its papers. `words`: who is looked for to give it to. Four statements."""
    view = _the_stall(stall_number)
    words = request.GET.get("words", "").strip()[:WORDS_MAX]
    may_change = may(request, STALL_REGISTER)
    holder = organisation_names([view.organisation]).get(view.organisation, "") if view.organisation else ""
    context = {
        "head": unlisted(gettext("A stall")),
        "view": view,
        "name": stall_name(view.card, language_of_reader()),
        "holder": holder,
        "words": words,
        "found": organisations_named(words, (Kind.STALL, Kind.MERCHANT)) if words and may_change else (),
        "papers": [(paper, *PAPER_STATES[paper.state]) for paper in queries_stalls.papers(view.card.id)],
        "may_change": may_change,
    }
    return render(request, "catalogue/market/stall.html", context)


@guarded(STALL_REGISTER)
@require_POST
def claim(request: HttpRequest, stall_number: int) -> HttpResponse:
    """Give it to an organisation."""
    view = _the_stall(stall_number)
    organisation = id_or_none(request.POST.get("organisation", ""))
    if organisation is None:
        messages.warning(request, gettext("Choose to whom the stall is given."))
        return _to(view)
    return _do(
        request,
        view,
        lambda actor, stall, now: actions_stalls.claim(actor=actor, stall=stall, organisation=organisation, now=now),
        gettext("The stall has its holder."),
    )


@guarded(STALL_REGISTER)
@require_POST
def release(request: HttpRequest, stall_number: int) -> HttpResponse:
    """Take it from who has it."""
    return _do(
        request,
        _the_stall(stall_number),
        lambda actor, stall, now: actions_stalls.release(actor=actor, stall=stall, now=now),
        gettext("The stall is nobody’s now, and shut."),
    )


@guarded(STALL_REGISTER)
@require_POST
def trust(request: HttpRequest, stall_number: int) -> HttpResponse:
    """Whether what it hands in is on show at once. `trusted`: yes or no."""
    trusted = request.POST.get("trusted") == "yes"
    return _do(
        request,
        _the_stall(stall_number),
        lambda actor, stall, now: actions_stalls.trust(actor=actor, stall=stall, trusted=trusted, now=now),
        gettext("The stall is trusted: its goods are on show at once.")
        if trusted
        else gettext("The stall’s goods wait to be looked at from now on."),
    )


def _do(request: HttpRequest, view: StallView, act: Callable[[Any, uuid.UUID, Any], object], done: str) -> HttpResponse:
    about(request, "stall", view.card.id)
    try:
        act(actor_of(request), view.card.id, timezone.now())
    except NotThere:
        raise nothing_there(STALL_REGISTER) from None
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    else:
        messages.success(request, done)
    return _to(view)


def _to(view: StallView) -> HttpResponse:
    return redirect(reverse("market_stall", args=[view.card.number]))


def _the_stall(number: int) -> StallView:
    view = queries_stalls.stall_by_number(number) if number <= NUMBER_MAX else None
    if view is None:
        raise nothing_there(QUEUE_READ)
    return view


urlpatterns = [
    path("market/stalls/", stalls, name="market_stalls"),
    path("market/stalls/register/", register, name="market_stalls_register"),
    path("market/stalls/<int:stall_number>/", stall, name="market_stall"),
    path("market/stalls/<int:stall_number>/claim", claim, name="market_stall_claim"),
    path("market/stalls/<int:stall_number>/release", release, name="market_stall_release"),
    path("market/stalls/<int:stall_number>/trust", trust, name="market_stall_trust"),
]
