"""/my/stall/: what a stall says of itself. /my/papers/: what says that it may sell a brand."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sundry.base.access.guard import actor_of, admit, guarded
from sundry.goods.catalogue import actions_stalls, paper_files, queries_stalls
from sundry.goods.catalogue.errors import BadDraft, BadPicture
from sundry.goods.catalogue.forms_stall import PaperForm, StallForm, initial_of
from sundry.goods.catalogue.operations import PAPER_READ, PAPER_SUBMIT, STALL_WRITE
from sundry.goods.catalogue.own_stall import her_stall
from sundry.goods.catalogue.rules import PaperState, StallView
from sundry.goods.catalogue.showing import stall_name
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.errors import SundryError

PAPER_STATES: Final[dict[PaperState, tuple[str, Promise]]] = {
    PaperState.SUBMITTED: ("waiting", pgettext_lazy("state of a paper", "Waits for the market")),
    PaperState.ACCEPTED: ("ok", pgettext_lazy("state of a paper", "Accepted")),
    PaperState.REFUSED: ("error", pgettext_lazy("state of a paper", "Refused")),
}


@guarded(STALL_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def stall(request: HttpRequest) -> HttpResponse:
    """Names, what it says of itself, mixed orders, its language, open or shut."""
    own = her_stall(request, STALL_WRITE, gettext("My stall"))
    if isinstance(own, HttpResponse):
        return own
    form = StallForm(request.POST) if request.method == "POST" else StallForm(initial=initial_of(own))
    if request.method == "POST":
        if form.is_valid() and _changed(request, own, form):
            messages.success(request, gettext("Your changes are kept."))
            response = redirect("my_stall")
            response.headers["Location"] += f"?stall={own.card.number}"
            return response
        own = queries_stalls.stall(own.card.id) or own
    context = {
        "head": unlisted(gettext("My stall")),
        "stall": own,
        "name": stall_name(own.card, language_of_reader()),
        "form": form,
        "share": request.build_absolute_uri(f"/s/{own.card.slug}/"),
    }
    return render(request, "catalogue/stall/stall.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, own: StallView, form: StallForm) -> bool:
    try:
        actions_stalls.change_stall(actor=actor_of(request), stall=own.card.id, now=timezone.now(), **form.said())
    except BadDraft as refusal:
        form.add_findings(refusal.findings[0])
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


# Papers ---------------------------------------------------------------------------------------------------------------


@guarded(PAPER_READ)
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """A stall's papers and their states, and the form for one more."""
    own = her_stall(request, PAPER_READ, gettext("Papers for brands"))
    if isinstance(own, HttpResponse):
        return own
    initial = {"valid_from": timezone.localdate(), "brand": request.GET.get("brand", "")[:80]}
    return _papers(request, own, PaperForm(initial=initial))


@guarded(PAPER_SUBMIT)
@require_POST
def submit_paper(request: HttpRequest) -> HttpResponse:
    """Hand in a paper."""
    own = her_stall(request, PAPER_SUBMIT, gettext("Papers for brands"))
    if isinstance(own, HttpResponse):
        return own
    form = PaperForm(request.POST, request.FILES)
    if not (form.is_valid() and _submitted(request, own, form)):
        return _papers(request, own, form, status=422)
    messages.success(request, gettext("The paper is handed in. The market looks at it."))
    response = redirect("my_papers")
    response.headers["Location"] += f"?stall={own.card.number}"
    return response


def _submitted(request: HttpRequest, own: StallView, form: PaperForm) -> bool:
    given = form.cleaned_data
    try:
        actions_stalls.submit_paper(
            actor=actor_of(request),
            stall=own.card.id,
            brand=given["brand"],
            file=paper_files.keep(given["file"].read()),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            now=timezone.now(),
        )
    except BadPicture as refusal:
        form.add_error("file", refusal.message(language_of_reader()))
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


def _papers(request: HttpRequest, own: StallView, form: PaperForm, status: int = 200) -> HttpResponse:
    context = {
        "head": unlisted(gettext("Papers for brands")),
        "stall": own,
        "form": form,
        "papers": [(paper, *PAPER_STATES[paper.state]) for paper in queries_stalls.papers(own.card.id)],
        "may_submit": may(request, PAPER_SUBMIT),
    }
    return render(request, "catalogue/stall/papers.html", context, status=status)


@guarded(PAPER_READ)
@require_safe
def paper_file(request: HttpRequest, paper: uuid.UUID) -> FileResponse:
    """What was handed in, as a download: nothing of it is ever shown in a page."""
    found = queries_stalls.paper(paper)
    if found is None:
        raise nothing_there(PAPER_READ)
    owner, shown = found
    admit(request, PAPER_READ, owner)
    place = paper_files.path(shown.file)
    if place is None:
        raise nothing_there(PAPER_READ)
    response = FileResponse(place.open("rb"), as_attachment=True, filename=f"paper-{paper.hex[-8:]}{place.suffix}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


urlpatterns = [
    path("my/stall/", stall, name="my_stall"),
    path("my/papers/", papers, name="my_papers"),
    path("my/papers/submit", submit_paper, name="my_paper_submit"),
    path("my/papers/<uuid:paper>/file", paper_file, name="my_paper_file"),
]
