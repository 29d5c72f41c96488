"""What happens to every request: headers, language, who asks, and that no view is reached without an operation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from sundry.base.access.guard import AccessRefused
from sundry.base.access.rules import PERSON, Actor, Decision, decide, role_of
from sundry.base.parties.queries import capacities
from sundry.base.parties.rules import Capacity
from sundry.web.operations import operation_of

Answer = Callable[[HttpRequest], HttpResponse]
ACTING_FOR = "acting_for"  # the session's key: the organisation a person acts for

# No inline script or style, no other host. `data:` pictures are our own QR codes.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class SecurityHeaders:
    """Headers of every answer. An answer may set its own policy (a downloaded loading.html brings one in itself)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response


class Language(LocaleMiddleware):
    """The cookie of the switch in the header, else what the browser asks for. Chinese by any name is zh-hans."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            wanted = request.headers.get("Accept-Language", "").lower()
            if wanted.startswith("zh"):
                translation.activate("zh-hans")
                request.LANGUAGE_CODE = "zh-hans"


class Access:
    """Sets `request.actor`, refuses a view without an operation, and turns refusals into pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        from sundry.web.pages.refusals import refused

        if _is_api(request):  # each API operation is guarded by itself, after its own authentication
            return None
        operation = operation_of(view, request.resolver_match)
        if operation is None:  # a page whose author forgot it
            return refused(request, Decision.NOT_FOUND)
        if getattr(view, "operation", None) is None:  # a library's view: nobody asks but us
            decision = decide(operation, request.actor)  # type: ignore[attr-defined]
            if decision is not Decision.ALLOWED:
                return refused(request, decision)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        from sundry.web.pages.refusals import refused

        if isinstance(fault, AccessRefused) and not _is_api(request):
            return refused(request, fault.decision)
        return None


def _is_api(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "api" in match.namespaces


def _actor(request: HttpRequest) -> Actor:
    person = request.user
    desk = settings.SUNDRY.anonymous_shipping
    if not person.is_authenticated:
        request.capacities = ()  # type: ignore[attr-defined]
        return Actor(open_desk=desk)
    held = capacities(person.pk)
    request.capacities = held  # type: ignore[attr-defined]
    acting = _acting(request, held)
    if acting is None:
        return Actor(role=PERSON, person=person.pk, open_desk=desk)
    return Actor(
        role=role_of(acting.kind, acting.position),
        person=person.pk,
        organisation=acting.organisation,
        open_desk=desk,
    )


def _acting(request: HttpRequest, held: tuple[Capacity, ...]) -> Capacity | None:
    """The capacity chosen in this session; the first one where none was chosen; None where she has or wants none."""
    chosen = request.session.get(ACTING_FOR)
    if chosen == "":
        return None
    for capacity in held:
        if chosen is not None and capacity.organisation == uuid.UUID(chosen):
            return capacity
    return held[0] if held else None
