"""The one shape in which the API says no, in the reader's language, and how each fault is said.

    {"error": {"code": "value_missing", "message": "...", "details": {...}, "field": "name"}}

`code` is the name of the rule that was broken and never changes; `message` is for a person; `field` is there where one
value is at fault. docs/api.md lists the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from sundry.base.access.endpoints import status_of
from sundry.base.access.guard import AccessRefused
from sundry.kernel.errors import SundryError
from sundry.kernel.messages import LANGUAGES, render

REALM = 'Bearer realm="sundry"'

# What an answer that the API did not write itself means, by its status.
CODES = {
    400: "api_bad_request",
    401: "access_sign_in",
    403: "access_forbidden",
    404: "access_not_found",
    405: "api_method",
    413: "api_too_large",
    415: "api_media_type",
}
FAULT = "api_fault"

# What pydantic finds wrong with a value, as our own rule; what is not here is `value_invalid`.
_FIELDS = {
    "missing": "value_missing",
    "extra_forbidden": "value_unknown",
    "string_type": "value_text",
    "string_too_short": "value_too_short",
    "string_too_long": "value_too_long",
    "int_type": "value_integer",
    "int_parsing": "value_integer",
    "int_parsing_size": "value_integer",
    "int_from_float": "value_integer",
    "greater_than": "value_too_small",
    "greater_than_equal": "value_too_small",
    "less_than": "value_too_large",
    "less_than_equal": "value_too_large",
    "bool_type": "value_boolean",
    "bool_parsing": "value_boolean",
    "enum": "value_choice",
    "literal_error": "value_choice",
    "uuid_type": "value_id",
    "uuid_parsing": "value_id",
    "list_type": "value_list",
    "model_type": "value_object",
    "model_attributes_type": "value_object",
    "dict_type": "value_object",
    "too_short": "value_too_few",
    "too_long": "value_too_many",
}
_LIMITS = ("min_length", "max_length", "gt", "ge", "lt", "le", "expected")


def reader_language(request: HttpRequest) -> str:
    """zh, en, ar, es, fr or ru: what the reader asks for, also where no middleware has looked yet."""
    language = (translation.get_language_from_request(request) or "en").partition("-")[0]
    if request.headers.get("Accept-Language", "").lower().startswith("zh") and not request.COOKIES.get("language"):
        language = "zh"
    return language if language in LANGUAGES else "en"


def refusal(
    request: HttpRequest, status: int, rule: str, details: Mapping[str, Any] | None = None, *, field: str = ""
) -> HttpResponse:
    """An answer in the one shape."""
    values = dict(details or {})
    error: dict[str, Any] = {
        "code": rule,
        "message": render(rule, reader_language(request), values | {"field": field}),
        "details": values,
    }
    if field:
        error["field"] = field
    response = JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
    if status == 401:
        response.headers["WWW-Authenticate"] = REALM
    if status == 429:
        response.headers["Retry-After"] = str(values["seconds"])
    return response


def said(request: HttpRequest, fault: SundryError) -> HttpResponse:
    """How the API says a fault."""
    details = {name: value for name, value in fault.details.items() if name != "field"}
    return refusal(request, status_of(fault), fault.rule, details, field=str(fault.details.get("field", "")))


def in_shape(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What Django answered beside the API (an unknown path, a broken view), in the one shape."""
    status = response.status_code
    if status < 400 or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    details = {"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} if status == 413 else {}
    shaped = refusal(request, status, CODES.get(status, "api_bad_request" if status < 500 else FAULT), details)
    for name in ("Allow", "Retry-After", "Vary", "Content-Language"):
        if name in response.headers:
            shaped.headers[name] = response.headers[name]
    shaped.cookies = response.cookies
    return shaped


def handle(api: NinjaAPI) -> None:
    """Tell the API how its faults are said. What is our own mistake goes on to Django, which logs it."""
    for fault, handler in (
        (SundryError, said),
        (AccessRefused, _refused),
        (ValidationError, _invalid),
        (HttpError, _http_error),
    ):
        api.add_exception_handler(fault, cast(Any, handler))


def _refused(request: HttpRequest, fault: AccessRefused) -> HttpResponse:
    request.refusal = fault  # type: ignore[attr-defined]  # for the audit log, which the middleware writes
    return said(request, fault)


def _http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """django-ninja raises it only where a body is no JSON."""
    return refusal(request, fault.status_code, CODES.get(fault.status_code, "api_bad_request"))


def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """All that is wrong with the values, at once; the first is the `field` of the answer."""
    found = [_field_fault(error, reader_language(request)) for error in fault.errors]
    return refusal(request, 422, "api_validation", {"count": len(found), "fields": found}, field=found[0]["field"])


def _field_fault(error: Mapping[str, Any], language: str) -> dict[str, Any]:
    rule = _FIELDS.get(error["type"], "value_invalid")
    context = error.get("ctx", {})
    limit = next((context[name] for name in _LIMITS if name in context), None)
    field = ".".join(str(part) for part in _place(error["loc"]))
    details = {} if limit is None else {"limit": limit}
    return {"field": field, "code": rule, "message": render(rule, language, {"field": field, **details}), **details}


def _place(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where a value stands in what was sent: without "body" and the name of our parameter."""
    source, *rest = location
    if source in ("body", "form") and len(rest) > 1:
        return tuple(rest[1:])
    return tuple(rest) or (source,)
