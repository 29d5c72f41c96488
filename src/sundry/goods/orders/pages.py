"""Every page of orders, enquiries and quotations: the buyer's, the stall's, both sides'. Each part has its file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
