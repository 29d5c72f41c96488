"""What a person reads of the API, and its document."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation
from sundry.web.api.document import Document, document
from sundry.web.api.reference import groups

REFERENCE = Operation("api.reference", own=EVERYBODY)


@guarded(REFERENCE)
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its values, its answers and a call to copy."""
    address = settings.SUNDRY.address
    return render(request, "api/reference.html", {"groups": groups(_document(), address), "address": address})


@guarded(REFERENCE)
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(_document_json(), content_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


@cache
def _document() -> Document:
    return document()


@cache
def _document_json() -> str:
    return json.dumps(_document(), ensure_ascii=False, separators=(",", ":"))


urlpatterns = [
    path("", reference, name="api_reference"),
    path("openapi.json", openapi, name="api_document"),
]
