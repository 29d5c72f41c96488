"""Orders, quotations, chosen goods and trade tickets as files: the market's quotation sheet, the stall's ticket."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.goods.catalogue.own_stall import number_of, numbers_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there
from sundry.goods.orders import queries_dealings, queries_quotations, queries_sheets, sheets_export
from sundry.goods.orders.formats.ticket_sheet import write_ticket_pdf, write_ticket_sheet
from sundry.goods.orders.operations import ORDER_EXPORT, QUOTATION_READ, SHEET_READ, TICKET_READ
from sundry.goods.orders.order_rules import PIECES_MAX, Side
from sundry.goods.orders.own_orders import admitted, her_buying, her_order
from sundry.goods.orders.sheets_tickets import paper_of
from sundry.kernel.messages import paper_language

BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF: Final = "application/pdf"
GOODS_MAX: Final = 500


@guarded(ORDER_EXPORT)
@require_safe
def order(request: HttpRequest, order: int) -> HttpResponse:
    """An order or a basket, to be changed in Excel and sent back."""
    view = her_order(request, ORDER_EXPORT, order)
    about(request, "order", view.card.id)
    data = sheets_export.of_order(view, language=language_of_reader(), day=timezone.localdate())
    return _file(data, f"order-{order}.xlsx", BOOK)


@guarded(QUOTATION_READ)
@require_safe
def quotation(request: HttpRequest, quotation: uuid.UUID) -> HttpResponse:
    """A quotation in the market's own form."""
    actor = actor_of(request)
    admitted(request, QUOTATION_READ, queries_quotations.owner_of_quotation(quotation, actor))
    view = queries_quotations.quotation(quotation, side=Side.BUYER)
    if view is None or actor.organisation == view.seller:
        view = queries_quotations.quotation(quotation, side=Side.STALL) or view
    if view is None:
        raise nothing_there(QUOTATION_READ)
    stall = queries_sheets.stall_called(view.stall)
    data = sheets_export.of_quotation(view, stall=stall, language=language_of_reader(), day=timezone.localdate())
    return _file(data, f"quotation-{view.number}-{view.version}.xlsx", BOOK)


@guarded(SHEET_READ)
@require_safe
def goods(request: HttpRequest) -> HttpResponse:
    """Chosen goods (`good`, as often as there are) at the price for `quantity` pieces. Two statements."""
    her_buying(request, SHEET_READ)
    numbers = numbers_of(request.GET.getlist("good"))[:GOODS_MAX]
    quantity = min(number_of(request.GET.get("quantity", "")) or 1, PIECES_MAX)
    data = sheets_export.of_goods(
        numbers, quantity=quantity, title="Sundry", language=language_of_reader(), day=timezone.localdate()
    )
    return _file(data, "goods.xlsx", BOOK)


@guarded(TICKET_READ)
@require_safe
def ticket(request: HttpRequest, ticket: uuid.UUID, form: str) -> HttpResponse:
    """The stall's trade ticket, as it was confirmed or waits to be."""
    admitted(request, TICKET_READ, queries_dealings.owner_of_ticket(ticket, actor_of(request)))
    view = queries_dealings.ticket(ticket)
    if view is None:
        raise nothing_there(TICKET_READ)
    about(request, "ticket", ticket)
    paper, language = paper_of(view), paper_language(language_of_reader())
    name = f"ticket-{view.number.replace('/', '-')}"
    if form == "pdf":
        return _file(write_ticket_pdf(paper, language=language), f"{name}.pdf", PDF)
    data = write_ticket_sheet(paper, language=language, day=timezone.localdate(view.drawn_at))
    return _file(data, f"{name}.xlsx", BOOK)


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


urlpatterns = [
    path("orders/sheet/goods.xlsx", goods, name="order_sheet_goods"),
    path("orders/<int:order>/export.xlsx", order, name="order_export"),
    path("quotations/<uuid:quotation>/sheet.xlsx", quotation, name="quotation_sheet"),
    path("tickets/<uuid:ticket>/ticket.xlsx", ticket, {"form": "xlsx"}, name="ticket_sheet"),
    path("tickets/<uuid:ticket>/ticket.pdf", ticket, {"form": "pdf"}, name="ticket_pdf"),
]
