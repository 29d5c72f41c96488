"""The front page, and the switch of language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import EVERYBODY, Actor, Operation
from sundry.base.parties.actions import set_language
from sundry.goods.shipping.job_queries import jobs_of
from sundry.goods.shipping.pages import state_shown

HOME = Operation("web.home", own=EVERYBODY)
LANGUAGE = Operation("web.language", own=EVERYBODY)

RECENT = 5  # shipments on a desk; /ship/ lists them all


@dataclass(frozen=True, slots=True)
class Recent:
    """A shipment on its owner's desk: `state` is a badge, `word` what it says."""

    address: str
    name: str
    state: str
    word: str
    made_at: datetime


@guarded(HOME)
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for a visitor; her desk, for a person."""
    return render(request, "home.html", {"recent": recent(actor_of(request))})


def recent(actor: Actor) -> list[Recent]:
    """The newest shipments of the actor, or of the organisation she acts for. One statement; none for a visitor."""
    if actor.person is None:
        return []
    return [
        Recent(reverse("ship_job", args=[job.key]), job.file_name, *state_shown(job.state), job.made_at)
        for job in jobs_of(actor.owner(), limit=RECENT)
    ]


@guarded(LANGUAGE)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        actor = actor_of(request)
        if actor.person is not None:  # so that what is sent to her speaks it too
            set_language(actor=actor, person=actor.person, language=wanted)
    return response


urlpatterns = [path("", home, name="home"), path("language", language, name="language")]
