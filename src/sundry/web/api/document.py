"""The OpenAPI document: what django-ninja knows of the operations, and what holds for all of them.

django-ninja describes paths, values and answers. What the middleware does for every operation is added here: who may
(security), how a "no" looks, limits, `Idempotency-Key`.
"""

from __future__ import annotations

from typing import Any

from sundry.base.access.idempotency import HEADER, REPLAYED
from sundry.base.access.rules import VISITOR, names
from sundry.web.api.service import api, routes, urlpatterns

Document = dict[str, Any]

_DESCRIPTION = """\
Everything that the pages of the market do for goods, money and people, for programs. Amounts are whole numbers of the
smallest unit, and the unit ends the name. Times are ISO 8601 with their offset. Lists are read page by page: `next` is
the `cursor` of the next one. Every refusal has the one shape `{"error": {"code", "message", "details", "field"}}`; its
message is in the language of `Accept-Language` (zh, en, ar, es, fr, ru), its code never changes.\
"""
_EXAMPLE = {
    "error": {
        "code": "access_not_found",
        "message": "There is nothing here. Check the address, or start again from the home page.",
        "details": {},
    }
}
_ERROR: Document = {
    "type": "object",
    "title": "Error",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "description": "The rule that was broken.", "pattern": "^[a-z][a-z0-9_]*$"},
                "message": {"type": "string", "description": "For a person, in her language."},
                "details": {"type": "object", "description": "The values behind the message."},
                "field": {"type": "string", "description": "The value that is at fault."},
            },
        }
    },
}
_REFUSALS = {
    400: "The request cannot be read, or the device has to wait.",
    401: "Nobody is signed in, or the token is unknown, revoked or expired.",
    403: "This role, or this token, may not; or the form was not sent by one of our pages.",
    404: "There is no such thing, or it is another's.",
    409: "The state of the thing does not allow it now, or the first request by this key is still being worked on.",
    413: "The body is too large.",
    415: "The body is neither JSON nor a form with files.",
    422: "A value is wrong. All wrong values are told at once in `details.fields`.",
    429: "Too often. `Retry-After` says when to try again.",
    500: "Our own fault.",
}
_LIMIT_HEADERS = {
    "RateLimit-Limit": "How many requests a window allows.",
    "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "Seconds until the window ends.",
}
SECURITY: Document = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made on /tokens/, or given to a device. It acts for one person and organisation.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A signed-in browser. What writes needs the header X-CSRFToken.",
    },
}


def document() -> Document:
    """The whole document, plain JSON values."""
    made: Document = dict(api.get_openapi_schema(path_prefix="api/"))
    made["info"] = made["info"] | {"description": _DESCRIPTION, "license": {"name": "Apache-2.0"}}
    made["servers"] = [{"url": "/", "description": "This market"}]
    components = made["components"]
    components.setdefault("schemas", {})["Error"] = _ERROR
    components["securitySchemes"] = SECURITY
    components["headers"] = {
        name: {"description": text, "schema": {"type": "integer"}} for name, text in _LIMIT_HEADERS.items()
    }
    components["responses"] = {f"Refused{status}": _refusal(status, text) for status, text in _REFUSALS.items()}
    for route in routes(urlpatterns()):
        path = "/api/" + route.path.replace("<", "{").replace(">", "}")
        described = made["paths"][_without_converters(path)][route.method.lower()]
        _complete(described, route.method, route.operation is not None and VISITOR in route.operation.own)
        if route.operation is not None:
            described["x-operation"] = route.operation.name
            described["x-roles"] = names(route.operation.own)
        if route.method == "POST" and not getattr(route.endpoint.view_func, "unkept", False):
            _repeatable(described)
    return made


def _without_converters(path: str) -> str:
    """As OpenAPI names it: "/api/jobs/{uuid:job}" -> "/api/jobs/{job}"."""
    parts = (f"{{{part.strip('{}').rpartition(':')[2]}}}" if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def _complete(described: Document, method: str, open_to_all: bool) -> None:
    described["security"] = [{"token": []}, {"session": []}, *([{}] if open_to_all else [])]
    described.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": "Accept-Language",
            "required": False,
            "description": "The language of messages.",
            "schema": {"type": "string", "examples": ["zh", "en", "ar", "es", "fr", "ru"]},
        }
    )
    responses = described["responses"]
    for answer in responses.values():
        answer.setdefault("headers", {}).update(_limits())
    takes = "requestBody" in described
    for status in _REFUSALS:
        if status in (413, 415) and not takes:
            continue
        responses.setdefault(status, {"$ref": f"#/components/responses/Refused{status}"})
    described["responses"] = {str(status): responses[status] for status in sorted(responses, key=int)}


def _repeatable(described: Document) -> None:
    described["parameters"].append(
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "description": "Names this request, so that sending it again within 24 hours does nothing a second time.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
        }
    )
    for status, answer in described["responses"].items():
        if status.startswith("2"):
            answer["headers"][REPLAYED] = {
                "description": "The answer that was given before.",
                "schema": {"type": "string", "enum": ["true"]},
            }


def _refusal(status: int, text: str) -> Document:
    headers = {} if status == 401 else _limits()
    if status == 429:
        headers = headers | {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    content: Document = {"schema": {"$ref": "#/components/schemas/Error"}}
    if status == 404:
        content["example"] = _EXAMPLE
    return {"description": text, "headers": headers, "content": {"application/json": content}}


def _limits() -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMIT_HEADERS}
