"""The front page, and the switch of language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import EVERYBODY, Actor, Operation, may_ever
from sundry.base.parties.actions import set_language
from sundry.engines.searching.model import Filters, Sort
from sundry.engines.searching.port import IndexUnusable
from sundry.goods.catalogue import categories, indexing, searching
from sundry.goods.catalogue.operations import SEARCH
from sundry.goods.catalogue.rules import Collection
from sundry.goods.catalogue.showing import Offer, offers
from sundry.goods.catalogue.storefront import Head, head, language_of_reader
from sundry.goods.catalogue.words import COLLECTIONS
from sundry.goods.shipping.job_queries import jobs_of
from sundry.goods.shipping.pages import state_shown

HOME = Operation("web.home", own=EVERYBODY)
LANGUAGE = Operation("web.language", own=EVERYBODY)

RECENT = 5  # shipments on a desk; /ship/ lists them all
NEWEST = 12  # goods on the front page


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
    """The market and what else there is, for a visitor; her desk, for a person."""
    actor = actor_of(request)
    context: dict[str, Any] = {"recent": recent(actor), "head": _head(request)}
    if may_ever(SEARCH, actor):
        context |= shop_window(with_goods=actor.person is None)
    return render(request, "home.html", context)


def _head(request: HttpRequest) -> Head:
    description = gettext(
        "A wholesale market of small goods that is searched in six languages, with prices for your quantity."
    )
    return head(request, gettext("Sundry: from a stall's shelf to a settled export"), description)


def shop_window(*, with_goods: bool) -> dict[str, Any]:
    """The widest categories and the collections; `with_goods`: the newest goods too, in one statement."""
    language = language_of_reader()
    return {
        "categories": [(key, categories.name(key, language)) for key in categories.children("")],
        "collections": [(one.value, name) for one, (name, _) in COLLECTIONS.items()],
        "newest": newest(language) if with_goods else (),
    }


def newest(language: str) -> tuple[Offer, ...]:
    """What came on show lately; nothing, and no statement, where there is no index yet."""
    if not indexing.folder().is_dir():
        return ()
    try:
        found = searching.search(
            "",
            language=language,
            reader=language,
            filters=Filters(collection=Collection.NEW.value),
            sort=Sort.NEWEST,
            limit=NEWEST,
            facets=(),
        )
    except IndexUnusable:
        return ()
    return offers(found.cards, language=language, quantity=1)


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
    response = HttpResponseRedirect(_in_any_language(back))
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


def _in_any_language(address: str) -> str:
    """Without the language that it names, which would be stronger than the one that was chosen just now."""
    parts = urlsplit(address)
    if "lang=" not in parts.query:
        return address
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


urlpatterns = [path("", home, name="home"), path("language", language, name="language")]
