"""/market/halls/: the buildings of the market, in which stalls are registered: list, open one, name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue import actions_stalls, queries_stalls
from sundry.goods.catalogue.forms_goods import LANGUAGE_WORDS, TEXT_ROOM
from sundry.goods.catalogue.operations import QUEUE_READ, STALL_REGISTER
from sundry.goods.catalogue.rules import LANGUAGES, NAME_MAX, Hall
from sundry.goods.catalogue.showing import spoken
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.errors import SundryError

_HTML: Final = {"zh": "zh-hans"}


class HallForm(forms.Form):
    """Names and trade in six languages."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= dict(_text_fields())

    @property
    def texts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"names_{key}"], self[f"trade_{key}"]) for key in LANGUAGES]

    def hall(self, code: str) -> Hall:
        names, trade = ({key: self.cleaned_data[f"{kind}_{key}"] for key in LANGUAGES} for kind in ("names", "trade"))
        return Hall(code, names, trade)


class NewHallForm(HallForm):
    code = forms.CharField(
        label=gettext_lazy("Code of the hall"),
        help_text=gettext_lazy("As it stands in the rows of stalls and in addresses: 1, or EAST-2."),
        max_length=TEXT_ROOM * 8,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )


def _text_fields() -> Iterator[tuple[str, forms.Field]]:
    labels = {"names": gettext("Name of the hall, %(language)s"), "trade": gettext("What is sold there, %(language)s")}
    for key in LANGUAGES:
        for kind, label in labels.items():
            yield (
                f"{kind}_{key}",
                forms.CharField(
                    label=label % {"language": LANGUAGE_WORDS[key]},
                    required=False,
                    max_length=NAME_MAX,
                    widget=forms.TextInput(attrs={"lang": _HTML.get(key, key), "dir": "auto"}),
                ),
            )


def _initial(hall: Hall) -> Mapping[str, str]:
    return {
        f"{kind}_{key}": texts.get(key, "")
        for kind, texts in (("names", hall.names), ("trade", hall.trade))
        for key in LANGUAGES
    }


@guarded(QUEUE_READ)
@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """All of them, in their order. Two statements."""
    language = language_of_reader()
    context = {
        "head": unlisted(gettext("Halls")),
        "rows": [(hall, spoken(hall.names, language), spoken(hall.trade, language)) for hall in queries_stalls.halls()],
        "may_register": may(request, STALL_REGISTER),
    }
    return render(request, "catalogue/market/halls.html", context)


@guarded(STALL_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Open one. A code that is there already is refused: its names are changed on its own page."""
    form = NewHallForm(request.POST) if request.method == "POST" else NewHallForm()
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"].strip()
        if any(hall.code == code for hall in queries_stalls.halls()):
            form.add_error("code", gettext("There is a hall of this code already. Choose another, or change that one."))
        elif _kept(request, form, form.hall(code)):
            messages.success(request, gettext("The hall is open. Stalls can be registered in it."))
            return redirect("market_halls")
    return _page(request, form, gettext("Open a hall"))


@guarded(STALL_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, hall: str) -> HttpResponse:
    """Its names, and what is sold there. NOT_FOUND: no such hall."""
    there = next((one for one in queries_stalls.halls() if one.code == hall), None)
    if there is None:
        raise nothing_there(STALL_REGISTER)
    form = HallForm(request.POST) if request.method == "POST" else HallForm(initial=_initial(there))
    if form.is_bound and form.is_valid() and _kept(request, form, form.hall(there.code)):
        messages.success(request, gettext("Your changes are kept."))
        return redirect("market_halls")
    return _page(request, form, gettext("Hall %(hall)s") % {"hall": there.code}, code=there.code)


def _kept(request: HttpRequest, form: HallForm, hall: Hall) -> bool:
    try:
        actions_stalls.put_hall(actor=actor_of(request), hall=hall, now=timezone.now())
    except SundryError as refusal:
        field = "code" if refusal.rule == "catalogue_hall_code_impossible" else f"names_{language_of_reader()}"
        form.add_error(field, refusal.message(language_of_reader()))
        return False
    return True


def _page(request: HttpRequest, form: HallForm, title: str, *, code: str = "") -> HttpResponse:
    context = {"head": unlisted(title), "form": form, "code": code}
    return render(request, "catalogue/market/hall.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("market/halls/", halls, name="market_halls"),
    path("market/halls/add", add, name="market_hall_add"),
    path("market/halls/<slug:hall>/change", change, name="market_hall_change"),
]
