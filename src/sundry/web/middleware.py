"""What happens to every request: headers, size, language, who asks, whether she may, how often, what is written down.

A page and an operation of the API go the same way; only how a "no" is said differs. No view is reached without an
operation that the actor may do, whether or not its author remembered the guard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from sundry.base.access.actions import TooMany, listening, record, take, touch_token
from sundry.base.access.endpoints import Fault
from sundry.base.access.guard import AccessRefused
from sundry.base.access.idempotency import HEADER, once
from sundry.base.access.queries import token_holder
from sundry.base.access.rules import (
    PERSON,
    Actor,
    Decision,
    Kind,
    Operation,
    Outcome,
    Role,
    Taken,
    Through,
    counted_address,
    decide,
    masked_network,
    may_ever,
    role_of,
)
from sundry.base.parties.operations import WHO_AM_I
from sundry.base.parties.queries import CAPACITY, capacities
from sundry.base.parties.rules import ACTING_FOR, Capacity
from sundry.goods.orders.queries_enquiries import unread_of
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.messages import render
from sundry.web.operations import endpoint_of, operation_of, path_view
from sundry.web.templatetags.sundry import page_language

Answer = Callable[[HttpRequest], HttpResponse]

API = "/api/"
LANGUAGE_PARAMETER = "lang"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
BODY_MEGABYTES_MAX = 5
UPLOAD_MEGABYTES_MAX = 20
FORM_BYTES = 1_000_000  # what stands around a file
API_SECONDS = 60
API_OF_TOKEN_MAX = 600  # in API_SECONDS; a person's session counts as one more token of hers
API_OF_VISITOR_MAX = 120  # of one address
UNREAD = unread_of(CAPACITY)  # for the header of pages: asked along with what she may act as, it is no statement more
REFUSED_AN_HOUR = 100  # entries of one person in the log, so that nobody fills it with random addresses

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
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")  # for browsers that do not know frame-ancestors
        return response


class Shape:
    """Refuses what is too large before a byte of it is read, and what no text of ours can hold.

    The API says everything in its one shape.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(API):
            from sundry.web.api.faults import in_shape

            response = in_shape(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Before the check against forged requests, which reads the whole form to find its token."""
        from sundry.web.api.faults import refusal
        from sundry.web.pages.refusals import bad_request, too_large

        api, by_itself = path_view(view) is not None, getattr(view, "limits_body", False)
        # Some views see to their body themselves, some take larger files than others.
        of_upload = getattr(view, "upload_megabytes_max", UPLOAD_MEGABYTES_MAX)
        largest = None if by_itself else _largest(request, of_upload)
        if largest is not None:
            if api:
                return refusal(request, 413, "api_too_large", {"megabytes": largest})
            return too_large(request, largest)
        if not _makes_sense(request, form=not api and not by_itself):
            return refusal(request, 400, "api_bad_request") if api else bad_request(request, None)
        return None


def _makes_sense(request: HttpRequest, *, form: bool) -> bool:
    """The body says how long it is, and no text holds U+0000, which the database does not take.

    The API's parser looks into its bodies itself.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return False
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return False
    return not form or not any("\0" in value for _, values in request.POST.lists() for value in values)


def _largest(request: HttpRequest, of_upload: int) -> int | None:
    """What the body may hold, megabytes, if it says that it holds more. `of_upload`: with a file in it."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        return None
    upload = request.META.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
    largest = of_upload if upload else BODY_MEGABYTES_MAX
    allowed_bytes = largest * 1_000_000 + (FORM_BYTES if upload else 0)
    return largest if len(length) > 15 or int(length) > allowed_bytes else None


class Language(LocaleMiddleware):
    """What the address names (?lang=es), the cookie of the switch in the header, else what the browser asks for.

    Chinese by any name is zh-hans. An address names a language for one request only: it is for those who have no
    cookie, as the machines that put a page into a list.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        named = _language_named(request.GET.get(LANGUAGE_PARAMETER, ""))
        if not named and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            named = "zh-hans" if request.headers.get("Accept-Language", "").lower().startswith("zh") else ""
        if named:
            translation.activate(named)
            request.LANGUAGE_CODE = named


def _language_named(wanted: str) -> str:
    """A language that we speak, by its code or by the first part of one: "zh", "es"; "" for any other."""
    return next((code for code, _ in settings.LANGUAGES if wanted in (code, code.partition("-")[0])), "")


class Access:
    """Sets `request.actor`, lets nobody in who may not, and writes the audit log."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = _actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        with listening() as told:
            response = self.get_response(request)
        _write_down(request, response, told)
        if (taken := getattr(request, "taken", None)) is not None:
            _tell_limit(response, taken)
        if actor.person is not None or hasattr(request, "about"):
            # What one person saw is not for the next one at this machine, nor what stands behind a key for any cache.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        _act_for_the_named(request)
        if path_view(view) is not None:
            return _enter_api(request, view, args, kwargs)
        operation = operation_of(view, request.resolver_match)
        try:
            _enter(request, operation)
        except AccessRefused as fault:
            return _refused(request, fault)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """What a view of a page raised; the API's are caught where they are raised."""
        from sundry.web.pages.refusals import too_many

        match fault:
            case AccessRefused():
                return _refused(request, fault)
            case TooMany():
                return too_many(request, fault.details["seconds"])
        return None


# Pages and the API --------------------------------------------------------------------------------------------------

NOWHERE = Operation("web.nowhere", own=frozenset())


def _enter(request: HttpRequest, operation: Operation | None) -> None:
    """AccessRefused unless the actor may do `operation` on something. None is what its author forgot: not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if operation is None:
        raise AccessRefused(Decision.NOT_FOUND, NOWHERE)
    request.operation = operation  # type: ignore[attr-defined]
    if not may_ever(operation, actor):
        raise AccessRefused(decide(operation, actor), operation)


def _refused(request: HttpRequest, fault: AccessRefused) -> HttpResponse:
    from sundry.web.pages.refusals import refused

    request.refusal = fault  # type: ignore[attr-defined]
    return refused(request, fault.decision)


def _enter_api(request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
    """What django-ninja is not asked for: limits, forged forms, access before anything is read, retries."""
    from sundry.web.api.faults import said

    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        request.taken = _take(request, actor)  # type: ignore[attr-defined]
        if getattr(request, "token_is_wrong", False):
            raise Fault(401, "token_invalid")
        endpoint = endpoint_of(view, request.method)
        if endpoint is None:
            return None  # 405, with the methods that there are
        if actor.person and not actor.token and request.method not in SAFE and _forged(request):
            raise Fault(403, "api_csrf")
        _enter(request, getattr(endpoint.view_func, "operation", None))
        _readable(request)
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or getattr(endpoint.view_func, "unkept", False):
            return None
        if actor.person is None:  # nothing tells one visitor from the next, and no answer is for both
            return None
        return once(
            request,
            key=key,
            owner=f"{actor.token} {actor.person} {actor.organisation}",
            now=timezone.now(),
            view=lambda: view(request, *args, **kwargs),
        )
    except SundryError as fault:
        if isinstance(fault, AccessRefused):
            request.refusal = fault  # type: ignore[attr-defined]
        return said(request, fault)


def _take(request: HttpRequest, actor: Actor) -> Taken:
    if actor.person is None:
        return take(f"api:{counted_address(address_of(request))}", API_OF_VISITOR_MAX, API_SECONDS, timezone.now())
    return take(f"api:{actor.token or actor.person}", API_OF_TOKEN_MAX, API_SECONDS, timezone.now())


def _tell_limit(response: HttpResponse, taken: Taken) -> None:
    response.headers["RateLimit-Limit"] = str(taken.limit)
    response.headers["RateLimit-Remaining"] = str(taken.remaining)
    response.headers["RateLimit-Reset"] = str(taken.seconds)


def _forged(request: HttpRequest) -> bool:
    """Whether a browser sends its session's cookie without the word that only our own pages know."""
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is not None


def _readable(request: HttpRequest) -> None:
    body = (request.META.get("CONTENT_LENGTH") or "0") != "0"
    if body and request.content_type not in ("application/json", "multipart/form-data"):
        raise Fault(415, "api_media_type", value=request.content_type)


# Who asks -----------------------------------------------------------------------------------------------------------


def address_of(request: HttpRequest) -> str:
    """From where the request comes: behind a proxy as that proxy saw it, the last of what the header tells."""
    if settings.SUNDRY.behind_proxy:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _actor(request: HttpRequest) -> Actor:
    """A program by its token (in the API only), a person by her session, else a visitor."""
    api = request.path_info.startswith(API)
    request.capacities = ()  # type: ignore[attr-defined]
    if api and "Authorization" in request.headers:
        return _of_token(request)
    visitor = Actor(
        open_desk=settings.SUNDRY.anonymous_shipping,
        open_pages=settings.SUNDRY.public_observatory,
        open_catalogue=settings.SUNDRY.public_catalogue,
        through=Through.API if api else Through.PAGE,
        address=masked_network(address_of(request)),
    )
    return _of_session(request, visitor)


def _of_token(request: HttpRequest) -> Actor:
    """A visitor with `request.token_is_wrong` where the token is none, or its person may not act so any more."""
    now = timezone.now()
    visitor = Actor(through=Through.API, address=masked_network(address_of(request)))
    request.user = AnonymousUser()  # whatever session comes along does not count
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    holder = token_holder(secret.strip(), now) if scheme.lower() == "bearer" else None
    if holder is None:
        request.token_is_wrong = True  # type: ignore[attr-defined]
        return visitor
    acting = None
    if holder.organisation is not None:
        held = capacities(holder.person)
        acting = next((capacity for capacity in held if capacity.organisation == holder.organisation), None)
        if acting is None:
            request.token_is_wrong = True  # type: ignore[attr-defined]
            return visitor
    touch_token(token=holder.token, last_used_at=holder.last_used_at, now=now)
    return Actor(
        role=_role(acting),
        person=holder.person,
        organisation=holder.organisation,
        scopes=holder.scopes | {WHO_AM_I.name},  # to ask whose it is, every token may
        token=holder.token,
        through=visitor.through,
        address=visitor.address,
    )


def _of_session(request: HttpRequest, visitor: Actor) -> Actor:
    person = request.user
    if not person.is_authenticated:
        return visitor
    held = capacities(person.pk, unread="0" if visitor.through is Through.API else UNREAD)
    request.capacities = held  # type: ignore[attr-defined]
    acting = _acting(request, held)
    return replace(visitor, person=person.pk, role=_role(acting), organisation=acting.organisation if acting else None)


def _act_for_the_named(request: HttpRequest) -> None:
    """An address that names an organisation of hers is asked for as its member, whatever she acts as elsewhere.

    In a query it only says of whom something is wanted where she acts for an office that may see everybody's.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    named = request.resolver_match.kwargs.get("organisation") if request.resolver_match else None
    if named is None and actor.role.kind not in (Kind.OPERATOR, Kind.AUDITOR):
        named = request.GET.get("organisation")
    for capacity in request.capacities:  # type: ignore[attr-defined]
        if str(capacity.organisation) == str(named):  # the API's addresses give it as text
            acting = replace(actor, role=_role(capacity), organisation=capacity.organisation)
            request.actor = acting  # type: ignore[attr-defined]


def _role(acting: Capacity | None) -> Role:
    return PERSON if acting is None else role_of(acting.kind, acting.position)


def _acting(request: HttpRequest, held: tuple[Capacity, ...]) -> Capacity | None:
    """The capacity chosen in this session; the first one where none was chosen; None where she has or wants none.

    Where the chosen one has ended she acts for herself, and is told: never unasked for another organisation.
    """
    chosen = request.session.get(ACTING_FOR)
    if chosen is None:
        return held[0] if held else None
    acting = next((capacity for capacity in held if str(capacity.organisation) == chosen), None)
    if chosen and acting is None and not request.path_info.startswith(API):
        request.session[ACTING_FOR] = ""
        messages.warning(request, render("access_acting_ended", page_language(), {}))
    return acting


# The audit log ------------------------------------------------------------------------------------------------------


def _write_down(request: HttpRequest, response: HttpResponse, told: set[str]) -> None:
    """Who was let in to an audited operation, unless its action has told it; which known person was refused what."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    operation: Operation | None = getattr(request, "operation", None)
    refusal: AccessRefused | None = getattr(request, "refusal", None)
    further: dict[str, int] | None = {}
    if refusal is not None:
        outcome, operation = Outcome.REFUSED, refusal.operation
        further = None if actor.person is None else _refused_again(actor)
    elif operation is None or not operation.audited or (operation.name in told and response.status_code < 400):
        return
    else:
        outcome = Outcome.ALLOWED
    if further is None:
        return
    kind, object_id = _object(request)
    details = {"method": request.method, "status": response.status_code} | further
    record(
        actor=actor,
        operation=operation,
        object_kind=kind,
        object_id=object_id,
        outcome=outcome,
        details=details,
    )


def _refused_again(actor: Actor) -> dict[str, int] | None:
    """None when enough is written of what she may not; the last entry says for how many seconds it is the last."""
    try:
        taken = take(f"access.refused:{actor.person}", REFUSED_AN_HOUR, 3600, timezone.now())
    except TooMany:
        return None
    return {} if taken.remaining else {"silent_seconds": taken.seconds}


def _object(request: HttpRequest) -> tuple[str, str]:
    """The thing that the view named, else the last one whose id the address holds; ("", "") where there is none.

    Any other text in an address may be a key that opens the thing to whoever has it: the log never holds one.
    """
    named: tuple[str, str] | None = getattr(request, "about", None)
    match = request.resolver_match
    if named is None and match is not None:
        ids = [(kind, str(found)) for kind, value in match.kwargs.items() if (found := id_or_none(value)) is not None]
        named = ids[-1] if ids else None
    return named or ("", "")
