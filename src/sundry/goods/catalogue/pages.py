"""Every page of the catalogue: the shop window, a stall's own goods, the operator's queues. Each part has its file."""

from __future__ import annotations

from django.urls import include, path

from sundry.goods.catalogue import (
    pages_brand,
    pages_goods,
    pages_map,
    pages_search,
    pages_sheets,
    pages_sitemap,
    pages_stall,
    pages_wanted,
)

urlpatterns = [
    path("", include(pages_search)),
    path("", include(pages_goods)),
    path("", include(pages_brand)),
    path("", include(pages_map)),
    path("", include(pages_wanted)),
    path("", include(pages_sitemap)),
    path("", include(pages_sheets)),
    path("", include(pages_stall)),
]
