"""Every page of orders, enquiries and quotations: the buyer's, the stall's, both sides'. Each part has its file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sundry.goods.orders import (
    pages_basket,
    pages_basket_lines,
    pages_enquiries,
    pages_mandates,
    pages_orders,
    pages_parts,
    pages_placing,
    pages_quotations,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages_basket)),
    path("", include(pages_basket_lines)),
    path("", include(pages_placing)),
    path("", include(pages_orders)),
    path("", include(pages_parts)),
    path("", include(pages_enquiries)),
    path("", include(pages_quotations)),
    path("", include(pages_mandates)),
]
