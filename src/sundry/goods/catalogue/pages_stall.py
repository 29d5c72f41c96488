"""Every page of a stall holder and of the operator. Each subject has its file."""

from __future__ import annotations

from django.urls import include, path

from sundry.goods.catalogue import (
    pages_add,
    pages_edit,
    pages_market,
    pages_market_halls,
    pages_market_misses,
    pages_market_stalls,
    pages_my_goods,
    pages_my_photos,
    pages_my_stall,
)

urlpatterns = [
    path("", include(pages_add)),
    path("", include(pages_edit)),
    path("", include(pages_my_goods)),
    path("", include(pages_my_photos)),
    path("", include(pages_my_stall)),
    path("", include(pages_market)),
    path("", include(pages_market_stalls)),
    path("", include(pages_market_halls)),
    path("", include(pages_market_misses)),
]
