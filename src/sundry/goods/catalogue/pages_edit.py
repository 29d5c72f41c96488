"""/my/goods/<number>/edit/: everything of a good, its kinds, and what to do when somebody else changed it meanwhile.

Nobody's words are lost: a form that was overtaken comes back with what she wrote, says who was faster and when, and
shows both values of each field that differs. Sent once more, hers hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.reference import queries as reference
from sundry.goods.catalogue import actions, queries
from sundry.goods.catalogue.checks import findings
from sundry.goods.catalogue.errors import BadDraft, NotThere, Stale
from sundry.goods.catalogue.forms_goods import GoodForm, initial_of
from sundry.goods.catalogue.forms_variants import VariantForms, variant_forms
from sundry.goods.catalogue.operations import GOOD_WRITE
from sundry.goods.catalogue.own_stall import her_good
from sundry.goods.catalogue.pages_my_goods import name_of
from sundry.goods.catalogue.rules import GoodView
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Severity

CODES_SHOWN: Final = 10
CODE_WORDS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people wrote: what she wrote, and what stands there now."""

    label: str
    hers: str
    now: str


@guarded(GOOD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, my_good: int) -> HttpResponse:
    """The form of a good."""
    view = her_good(request, GOOD_WRITE, my_good)
    if request.method != "POST":
        form = GoodForm(initial=initial_of(view.draft, view.version), written=view.draft)
        return _page(request, view, form, variant_forms(view.draft))
    form = GoodForm(request.POST, initial=initial_of(view.draft, view.version), written=view.draft)
    kinds = variant_forms(view.draft, request.POST)
    differences: list[Difference] = []
    if form.is_valid() & kinds.is_valid():
        try:
            _change(request, view, form, kinds)
        except Stale as refusal:
            form.add_error(None, refusal.message(language_of_reader()))
            view = queries.good(my_good) or view
            differences = _differences(form, view)
            sent = request.POST.copy()
            sent["version"] = str(view.version)  # sent once more, hers hold
            form.data = sent
        except BadDraft as refusal:
            found = refusal.findings.get(my_good, refusal.findings.get(0, ()))
            form.add_findings(one for one in found if not one.header.startswith("variants."))
            kinds.add_findings(found)
        except NotThere:
            raise nothing_there(GOOD_WRITE) from None
        except SundryError as refusal:
            form.add_error(None, refusal.message(language_of_reader()))
        else:
            messages.success(request, gettext("Your changes are kept."))
            return redirect("my_good", my_good=my_good)
    return _page(request, view, form, kinds, differences, status=409 if differences else 422)


def _change(request: HttpRequest, view: GoodView, form: GoodForm, kinds: VariantForms) -> None:
    draft = form.draft()
    actions.change_good(
        actor=actor_of(request),
        number=view.card.number,
        draft=replace(draft, variants=kinds.variants(view.draft, draft.language)),
        version=form.cleaned_data["version"],
        recounted=kinds.recounted | ({None} if form.recounts else set()),
        now=timezone.now(),
    )


def _differences(form: GoodForm, view: GoodView) -> list[Difference]:
    now = GoodForm(initial=initial_of(view.draft, view.version), written=view.draft)
    left_out = {"version", "stock_seen"} | (set() if form.recounts else {"stock_pieces"})
    found = []
    for name, field in form.fields.items():
        hers, theirs = _shown(form[name].value(), form, name), _shown(now[name].value(), form, name)
        if name not in left_out and hers != theirs:
            found.append(Difference(str(field.label), hers or "–", theirs or "–"))
    return found


def _shown(value: Any, form: GoodForm, name: str) -> str:
    """As it would stand in the field."""
    if isinstance(value, list | tuple):
        return ", ".join(sorted(map(str, value)))
    prepared = form.fields[name].prepare_value(value)
    return "" if prepared is None else str(prepared).strip()


def _page(
    request: HttpRequest,
    view: GoodView,
    form: GoodForm,
    kinds: VariantForms,
    differences: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    brands = queries.authorised([view.card.stall.id], day=timezone.localdate())[view.card.stall.id]
    found = findings(view.draft, for_show=False, day=timezone.localdate(), photos=len(view.photos), brands=brands)
    context = {
        "head": unlisted(gettext("Change a good")),
        "view": view,
        "name": name_of(view),
        "form": form,
        "kinds": kinds,
        "differences": differences or [],
        "warnings": [one for one in found if one.severity is Severity.WARNING],
        "codes_address": reverse("my_good_codes"),
    }
    return render(request, "catalogue/stall/edit.html", context, status=status)


@guarded(GOOD_WRITE)
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Tariff codes that begin with what is typed, or have the words in their name. A fragment of options."""
    words = request.GET.get("hs_code", "").strip()[:CODE_WORDS_MAX]
    language = language_of_reader()
    found = reference.hs_search(words, language, timezone.localdate(), limit=CODES_SHOWN) if len(words) > 1 else ()
    options = [(one.value.code, one.name(language)) for one in found]
    return render(request, "catalogue/stall/codes.html", {"codes": options})


urlpatterns = [
    path("my/goods/codes", codes, name="my_good_codes"),
    path("my/goods/<int:my_good>/edit/", edit, name="my_good_edit"),
]
