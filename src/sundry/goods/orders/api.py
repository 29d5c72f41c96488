"""Enquiries, quotations and orders for programs: every operation, by its topic."""

from __future__ import annotations

from typing import Final

from ninja import Router

from sundry.goods.orders import (
    api_dealings,
    api_enquiries,
    api_mandates,
    api_orders,
    api_quotations,
    api_sales,
)

ROUTERS: Final[tuple[Router, ...]] = (
    api_enquiries.router,
    api_quotations.router,
    api_orders.router,
    api_sales.router,
    api_dealings.router,
    api_mandates.router,
)
