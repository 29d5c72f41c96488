"""The front page, and the switch of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation

HOME = Operation("web.home", own=EVERYBODY)
LANGUAGE = Operation("web.language", own=EVERYBODY)


@guarded(HOME)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


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
    return response


urlpatterns = [path("", home, name="home"), path("language", language, name="language")]
