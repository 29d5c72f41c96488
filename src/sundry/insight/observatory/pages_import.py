"""/observatory/pages/ and /observatory/imports/: the list of pages, and how more come in.

Files are taken in at once, and read by the worker while the person looks on; without JavaScript the page of the import
looks again by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import AccessRefused, about, actor_of, guarded
from sundry.base.access.rules import Decision
from sundry.base.parties.forms import spoken
from sundry.insight.observatory import actions, queries, queries_figures
from sundry.insight.observatory.forms import ImportForm, home_written
from sundry.insight.observatory.operations import IMPORT, IMPORT_READ, IMPORT_STOP, PAGE_LIST, sees_unpublished
from sundry.insight.observatory.pages_shared import cursor_of, may, pager
from sundry.kernel.errors import SundryError
from sundry.kernel.messages import render as message

PAGES_SHOWN: Final = 50


@guarded(PAGE_LIST)
@require_safe
def page_list(request: HttpRequest) -> HttpResponse:
    """All pages, the newest issue first, and for those who may, the form to import more."""
    return _page_list(request, ImportForm(initial={"home": home_written(queries_figures.latest_home())}))


def _page_list(request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    found = queries.pages(
        before=cursor_of(request.GET.get("before", "")),
        limit=PAGES_SHOWN + 1,
        unpublished=sees_unpublished(actor_of(request)),
    )
    shown = found[:PAGES_SHOWN]
    last = shown[-1] if len(found) > PAGES_SHOWN else None
    context = {
        "form": form,
        "rows": shown,
        "page": pager(request, queries.key_of(last) if last else None),
        "may_import": may(request, IMPORT),
        "sees_unpublished": sees_unpublished(actor_of(request)),
    }
    return render(request, "observatory/pages.html", context, status=status)


@guarded(IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    """Files come in; the worker reads them while the person looks on."""
    if request.method != "POST":
        return redirect("observatory_pages")
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page_list(request, form, 422)
    home, latest = form.cleaned_data["home"], queries_figures.latest_home()
    if home is None or (home.code, home.name) == (latest.code, latest.name):
        home = latest  # which knows what it lies in
    files = [(file.name or "page.txt", file.read()) for file in form.cleaned_data["pages"]]
    try:
        made = actions.import_files(actor=actor_of(request), files=files, issued=form.cleaned_data["issued"], home=home)
    except SundryError as refusal:
        form.add_error("pages", refusal.message(spoken()))
        return _page_list(request, form, 422)
    return redirect("observatory_import", import_id=made)


@guarded(IMPORT_READ)
@require_safe
def import_page(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """How far it is, asked for each second until it is over; its pages, and what could not be taken in."""
    about(request, "import", import_id)
    view = queries.import_of(import_id)
    if view is None:
        raise AccessRefused(Decision.NOT_FOUND, IMPORT_READ)
    context = {
        "view": view,
        "done": view.done + view.failed,
        "problems": [
            (file, message(rule, spoken(), values), values.get("page")) for file, rule, values in view.problems
        ],
        "may_stop": may(request, IMPORT_STOP),
        "sees_unpublished": sees_unpublished(actor_of(request)),
    }
    return render(request, "observatory/import.html", context)


@guarded(IMPORT_STOP)
@require_POST
def stop(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    return _stopped(request, import_id, actions.stop_import)


@guarded(IMPORT_STOP)
@require_POST
def resume(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    return _stopped(request, import_id, actions.resume_import)


def _stopped(request: HttpRequest, import_id: uuid.UUID, act: Callable[..., None]) -> HttpResponse:
    try:
        act(actor=actor_of(request), import_id=import_id)
    except actions.NotThere:
        raise AccessRefused(Decision.NOT_FOUND, IMPORT_STOP) from None
    except actions.AlreadyDone as refusal:
        messages.info(request, refusal.message(spoken()))
    return redirect("observatory_import", import_id=import_id)


urlpatterns = [
    path("observatory/pages/", page_list, name="observatory_pages"),
    path("observatory/pages/import/", import_new, name="observatory_import_new"),
    path("observatory/imports/<uuid:import_id>/", import_page, name="observatory_import"),
    path("observatory/imports/<uuid:import_id>/stop", stop, name="observatory_import_stop"),
    path("observatory/imports/<uuid:import_id>/resume", resume, name="observatory_import_resume"),
]
