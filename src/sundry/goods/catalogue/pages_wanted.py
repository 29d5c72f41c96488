"""What somebody looks for and does not find: a request for quotation, and the list that stalls answer."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sundry.base.access.guard import about, actor_of, admit, guarded
from sundry.base.access.rules import Owner
from sundry.goods.catalogue import actions_wanted, categories, queries_stalls
from sundry.goods.catalogue.errors import NotThere
from sundry.goods.catalogue.operations import WANTED_ASK, WANTED_CLOSE, WANTED_LIST
from sundry.goods.catalogue.rules import QUANTITY_MAX
from sundry.goods.catalogue.sought import sought_of
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 20


class WantedForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What do you look for?"),
        help_text=gettext_lazy("Material, size, colour, what it is for: in your own language."),
        max_length=actions_wanted.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many pieces?"), min_value=1, max_value=QUANTITY_MAX, required=False
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        language = language_of_reader()
        widest = [(key, categories.name(key, language)) for key in categories.children("")]
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("I do not know")), *widest]


@guarded(WANTED_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def wanted(request: HttpRequest) -> HttpResponse:
    """A form to ask, what she asked before, and for stalls what everybody asks. `q`, `quantity`, `category`: what she
    searched for in vain."""
    if request.method == "POST":
        form = WantedForm(request.POST)
        if form.is_valid() and _asked(request, form):
            messages.success(request, gettext("Your request is with the stalls of the market."))
            return redirect("wanted")
        return _page(request, form, status=422)
    sought = sought_of(request.GET.dict())
    widest = (*categories.path(sought.category), "")[0]
    initial = {"text": sought.text, "quantity": sought.quantity if sought.quantity > 1 else None, "category": widest}
    return _page(request, WantedForm(initial=initial))


def _asked(request: HttpRequest, form: WantedForm) -> bool:
    try:
        actions_wanted.ask_wanted(
            actor=actor_of(request),
            text=form.cleaned_data["text"],
            language=language_of_reader(),
            quantity=form.cleaned_data["quantity"],
            category=form.cleaned_data["category"],
            now=timezone.now(),
        )
    except SundryError as refusal:
        form.add_error("text", refusal.message(language_of_reader()))
        return False
    return True


@guarded(WANTED_CLOSE)
@require_POST
def close(request: HttpRequest, wanted: uuid.UUID) -> HttpResponse:
    """She has found it, or looks no more."""
    about(request, "wanted", wanted)
    found = queries_stalls.one_wanted(wanted)
    if found is None:
        raise nothing_there(WANTED_CLOSE)
    admit(request, WANTED_CLOSE, Owner(person=found.person))
    with suppress(NotThere):  # a second click
        actions_wanted.close_wanted(actor=actor_of(request), wanted=wanted, now=timezone.now())
    messages.success(request, gettext("The request is closed."))
    return redirect("wanted")


def _page(request: HttpRequest, form: WantedForm, status: int = 200) -> HttpResponse:
    person = actor_of(request).person
    sees_all = may(request, WANTED_LIST)
    before = id_or_none(request.GET.get("before", ""))
    asked = queries_stalls.wanted(before=before, limit=SHOWN + 1) if sees_all else ()
    following = asked[SHOWN - 1].id if len(asked) > SHOWN else None
    context = {
        "head": unlisted(gettext("Request for quotation")),
        "form": form,
        "own": queries_stalls.wanted_of(person) if person is not None else (),
        "sees_all": sees_all,
        "asked": asked[:SHOWN],
        "page": {"previous": "", "next": f"?before={following}" if following else ""},
    }
    return render(request, "catalogue/wanted.html", context, status=status)


urlpatterns = [
    path("wanted/", wanted, name="wanted"),
    path("wanted/<uuid:wanted>/close", close, name="wanted_close"),
]
