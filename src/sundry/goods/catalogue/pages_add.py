"""/my/goods/add/: a stall holder on a phone adds a good in under a minute: photo, price, name.

Without the script it is one plain form. With it (catalogue-add.js) it is one question a screen, kept in the browser
until it is here: the script sends the same form with the same key as often as it must, and reads the answer as JSON.
Photos that arrived with a form that was refused for something else are kept, and named by the form that comes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue import actions, categories, pictures
from sundry.goods.catalogue.errors import BadDraft, BadPicture, Busy
from sundry.goods.catalogue.forms_goods import AddForm
from sundry.goods.catalogue.operations import GOOD_WRITE
from sundry.goods.catalogue.own_stall import her_stall
from sundry.goods.catalogue.rules import LANGUAGES, NAME_MAX, PHOTOS_MAX, StallView
from sundry.goods.catalogue.storefront import language_of_reader, unlisted
from sundry.goods.catalogue.texts import concepts_of
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import new_id

JSON: Final = "application/json"


@guarded(GOOD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form; her good, once it is here."""
    stall = her_stall(request, GOOD_WRITE, gettext("Add a good"))
    if isinstance(stall, HttpResponse):
        return stall
    if request.method != "POST":
        return _page(request, stall, AddForm(initial={"key": new_id()}, language=stall.language))
    form = AddForm(request.POST, request.FILES, language=stall.language)
    kept = _kept_before(request)
    try:
        if form.is_valid() and _keep(form, kept) and (number := _added(request, stall, form, kept)):
            return _done(request, number)
    except Busy as refusal:  # nothing is wrong with it: the script sends it again
        form.add_error("photos", refusal.message(language_of_reader()))
        return _refused(request, stall, form, kept, status=503)
    return _refused(request, stall, form, kept, status=422)


@guarded(GOOD_WRITE)
@require_safe
def guess(request: HttpRequest) -> HttpResponse:
    """Under which category buyers would find a good of this name. A fragment."""
    name = request.GET.get("name", "")[:NAME_MAX]
    category = guessed(name, request.GET.get("language", "zh"))
    return render(request, "catalogue/stall/guess.html", {"category": category, "name": name})


def guessed(name: str, language: str) -> str:
    """The category that a name speaks of; "" where the lexicon does not know what is sold."""
    known = name.strip() and language in LANGUAGES
    return categories.guess(concepts_of(name, language)) if known else ""


def _kept_before(request: HttpRequest) -> list[str]:
    """Photos that came with the form before, in their order, each once; what is not kept is left out."""
    asked = dict.fromkeys(request.POST.getlist("kept")[:PHOTOS_MAX])
    return [file for file in asked if pictures.known(file) is not None]


def _keep(form: AddForm, kept: list[str]) -> bool:
    """Keep the photos of the form behind those in `kept`; whether all could be. Busy."""
    for upload in form.cleaned_data["photos"]:
        if problem := keep_upload(upload, kept):
            form.add_error("photos", problem)
    return not form.errors


def keep_upload(upload: UploadedFile[Any], kept: list[str]) -> str:
    """What is wrong with a photo; "": it is kept, behind those in `kept`. Busy."""
    language = language_of_reader()
    try:
        file = pictures.keep(upload.read()).file
    except BadPicture as refusal:
        return gettext("%(name)s: %(problem)s") % {"name": upload.name, "problem": refusal.message(language)}
    if file not in kept:
        kept.append(file)
    return ""


def _added(request: HttpRequest, stall: StallView, form: AddForm, kept: list[str]) -> int | None:
    draft = form.draft()
    if not draft.category:
        draft = replace(draft, category=guessed(form.cleaned_data["name"], draft.language))
    try:
        return actions.add_good(
            actor=actor_of(request),
            stall=stall.card.id,
            draft=draft,
            photos=kept,
            submit="draft" not in request.POST,
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except BadDraft as refusal:
        form.add_findings(refusal.findings[0])
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return None


def _done(request: HttpRequest, number: int) -> HttpResponse:
    place = reverse("my_good", args=[number])
    if _wants_json(request):
        return JsonResponse({"number": number, "address": place})
    messages.success(request, gettext("The good is here."))
    return redirect(place)


def _refused(request: HttpRequest, stall: StallView, form: AddForm, kept: list[str], *, status: int) -> HttpResponse:
    if _wants_json(request):
        errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors}, status=status)
    return _page(request, stall, form, kept, status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == JSON


def _page(
    request: HttpRequest, stall: StallView, form: AddForm, kept: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "head": unlisted(gettext("Add a good")),
        "form": form,
        "stall": stall,
        "kept": kept or [],
        "key": form["key"].value(),
    }
    return render(request, "catalogue/stall/add.html", context, status=status)


urlpatterns = [
    path("my/goods/add/", add, name="my_good_add"),
    path("my/goods/add/guess", guess, name="my_good_guess"),
]
