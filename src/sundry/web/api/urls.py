"""Every address under /api/."""

from __future__ import annotations

from django.urls import include, path

from sundry.web.api import pages
from sundry.web.api.service import urlpatterns as operations

urlpatterns = [
    path("", include(pages)),
    path("", include((operations(), "api"), namespace="api")),
]
