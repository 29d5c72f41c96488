"""What somebody sees who may not, or who asks for what is not there."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from sundry.base.access.rules import Decision

_STATUS = {Decision.FORBIDDEN: 403, Decision.NOT_FOUND: 404}


def refused(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Sign-in for a visitor (and back again), else a page that says what to do.

    Who is told so while a page fetches a part of itself (her session has ended, the thing is deleted) has the whole
    page loaded anew, lest the sign-in page stands inside of it.
    """
    if getattr(request, "htmx", False) and decision is not Decision.FORBIDDEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if decision is Decision.SIGN_IN:
        return HttpResponseRedirect(_sign_in(request))
    return render(request, f"refusals/{decision}.html", status=_STATUS[decision])


def _sign_in(request: HttpRequest) -> str:
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Decision.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Decision.FORBIDDEN)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent from a page too old, or from elsewhere."""
    return render(request, "refusals/csrf.html", status=403)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """A limit is used up; when to try again."""
    response = render(request, "refusals/too_many.html", {"seconds": seconds}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    """More than `megabytes` were sent, or announced."""
    return render(request, "refusals/too_large.html", {"megabytes": megabytes}, status=413)


def bad_request(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):  # the fields of a form; what it announces is looked at before
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000)
    return render(request, "refusals/bad_request.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database and without who asks: neither may be there."""
    return render(None, "refusals/server_error.html", status=500)
