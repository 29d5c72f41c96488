"""What a person reads of the API, and its document."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation

REFERENCE = Operation("api.reference", own=EVERYBODY)


@guarded(REFERENCE)
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its values, its answers and a call to copy."""
    return render(request, "api/reference.html", {"groups": groups(), "address": settings.SUNDRY.address})


@guarded(REFERENCE)
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(_document_json(), content_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


@cache
def _document_json() -> str:
    from sundry.web.api.document import document

    return json.dumps(document(), ensure_ascii=False, separators=(",", ":"), default=str)


def groups() -> list[Any]:
    return []


urlpatterns = [
    path("", reference, name="api_reference"),
    path("openapi.json", openapi, name="api_document"),
]
