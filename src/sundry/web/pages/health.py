"""`/health`: whether the market can do its work. For machines; it tells nothing of anybody."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation

HEALTH = Operation("web.health", own=EVERYBODY)


@guarded(HEALTH)
def health(_request: HttpRequest) -> JsonResponse:
    """200 {"status": "ok"} or 503 {"status": "down", "database": ...}."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


urlpatterns = [path("health", health, name="health")]
