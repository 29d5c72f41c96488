"""The API as one service, put together from the operations of the modules.

Who asks, whether she may, limits and retries are the middleware's matter, the same for every operation; here is only
what the operations are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.operation import Operation as Endpoint
from ninja.operation import PathView
from ninja.parser import Parser

from sundry.base.access.api import router as access
from sundry.base.access.rules import Operation
from sundry.base.ledger.api import router as ledger
from sundry.base.notifications.api import router as notifications
from sundry.base.parties.api import router as parties
from sundry.base.parties.operations import WHO_AM_I
from sundry.base.reference.api import router as reference
from sundry.base.webhooks.api import router as webhooks
from sundry.goods.catalogue.api import router as catalogue
from sundry.goods.orders.api import ROUTERS as ORDERS
from sundry.goods.shipping.api import router as shipping
from sundry.insight.observatory.api import router as observatory
from sundry.web.api.faults import handle
from sundry.web.operations import path_view

# Not after a backslash that stands for itself.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Body(Parser):
    """Bodies hold text that the database can hold: no U+0000, no half of a pair of surrogates."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if _NUL.search(request.body):
            raise ValueError("a NUL character")
        told = super().parse_body(request)
        json.dumps(told, ensure_ascii=False).encode()
        return told

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        if any("\0" in str(value) for _, values in data.lists() for value in values):
            raise HttpError(400, "a NUL character")
        return super().parse_querydict(data, list_fields, request)


api = NinjaAPI(
    parser=Body(),
    title="Sundry",
    version=version("sundry"),
    urls_namespace="api",
    docs_url=None,  # web/api/pages.py shows it, with our own page
    openapi_url=None,
)
handle(api)
api.add_router("", access)
api.add_router("", parties)
api.add_router("", reference)
api.add_router("", ledger)
api.add_router("", webhooks)
api.add_router("", notifications)
api.add_router("", catalogue)
for orders in ORDERS:
    api.add_router("", orders)
api.add_router("", shipping)
api.add_router("", observatory)


def urlpatterns() -> list[URLPattern]:
    """The addresses of the API, without django-ninja's own front page."""
    patterns, _, _ = api.urls
    return [pattern for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name != "api-root"]


@dataclass(frozen=True, slots=True)
class Route:
    """An operation of the API by its address."""

    path: str
    method: str
    endpoint: Endpoint
    operation: Operation | None


def routes(patterns: list[URLPattern]) -> Iterator[Route]:
    """Every method of every path, once."""
    seen: set[str] = set()
    for pattern in patterns:
        view: PathView | None = path_view(pattern.callback)
        path = str(pattern.pattern)
        if view is None or path in seen:  # a path has one pattern for each of its operations, all alike
            continue
        seen.add(path)
        for endpoint in view.operations:
            for method in endpoint.methods:
                yield Route(path, method, endpoint, getattr(endpoint.view_func, "operation", None))


def scopes() -> list[Operation]:
    """What a token can be made for, by name: every operation of the API but those by which a token is fetched."""
    found = {
        route.operation.name: route.operation
        for route in routes(urlpatterns())
        if route.operation is not None and not getattr(route.endpoint.view_func, "unkept", False)
    }
    return [operation for name, operation in sorted(found.items()) if name != WHO_AM_I.name]
