"""Every page of orders, enquiries and quotations: the buyer's, the stall's, both sides'. Each part has its file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sundry.goods.orders import (
    pages_basket,
    pages_basket_lines,
    pages_changes,
    pages_desk,
    pages_desk_bulk,
    pages_desk_marks,
    pages_desk_remind,
    pages_enquiries,
    pages_mandates,
    pages_orders,
    pages_parts,
    pages_placing,
    pages_quotations,
    pages_quoting,
    pages_sale_answers,
    pages_sales,
    pages_sheets,
    pages_sheets_out,
    pages_sought,
    pages_talk,
    pages_terms,
    pages_tickets,
    pages_today,
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
    path("", include(pages_desk)),
    path("", include(pages_desk_bulk)),
    path("", include(pages_desk_marks)),
    path("", include(pages_desk_remind)),
    path("", include(pages_changes)),
    path("", include(pages_quoting)),
    path("", include(pages_sale_answers)),
    path("", include(pages_sales)),
    path("", include(pages_sheets)),
    path("", include(pages_sheets_out)),
    path("", include(pages_sought)),
    path("", include(pages_talk)),
    path("", include(pages_terms)),
    path("", include(pages_tickets)),
    path("", include(pages_today)),
]
