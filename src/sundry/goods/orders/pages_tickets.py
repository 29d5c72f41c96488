"""/tickets/<id>/: the trade ticket (交易单) of a stall's part of an order, to be read, printed, confirmed by both."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue.storefront import nothing_there, unlisted
from sundry.goods.orders import actions_tickets, queries_dealings, queries_orders
from sundry.goods.orders.operations import TICKET_CONFIRM, TICKET_READ
from sundry.goods.orders.order_rules import Collector, Side, TicketView
from sundry.goods.orders.own_orders import admitted, not_posted
from sundry.goods.orders.own_sales import done
from sundry.goods.orders.sheets_tickets import paper_of


def _the_ticket(request: HttpRequest, operation: Operation, ticket: uuid.UUID) -> TicketView:
    """One of hers, on either side, or that she may look at. AccessRefused. Two statements."""
    admitted(request, operation, queries_dealings.owner_of_ticket(ticket, actor_of(request)))
    view = queries_dealings.ticket(ticket)
    if view is None:
        raise nothing_there(operation)
    about(request, "ticket", ticket)
    return view


@guarded(TICKET_READ)
@require_safe
def ticket(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """As it was drawn up, with both confirmations. What is void says which one holds."""
    view, actor = _the_ticket(request, TICKET_READ, ticket), actor_of(request)
    side = queries_orders.side_of(view.sub, actor)
    newest = (
        next((one for one in queries_dealings.tickets(view.sub) if not one.is_void), None) if view.is_void else None
    )
    context: dict[str, Any] = {
        "head": unlisted(gettext("Trade ticket %(number)s") % {"number": view.number}),
        "view": view,
        "paper": paper_of(view),
        "order": view.content["order"].partition("-")[0],
        "newest": newest,
        "is_stall": side is Side.STALL,
        "agents": Collector.AGENT.value,
        "may_confirm": side is not None
        and not view.is_void
        and _said_by(view, side) is None
        and decide(TICKET_CONFIRM, actor) is Decision.ALLOWED,
    }
    return render(request, "orders/talk/ticket.html", context)


def _said_by(view: TicketView, side: Side) -> object:
    """When that side confirmed it; None: it has not."""
    return view.stall_confirmed_at if side is Side.STALL else view.buyer_confirmed_at


@guarded(TICKET_CONFIRM)
def confirm(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """One side says yes to what it has read, which `digest` names. Sent twice it is said once."""
    _the_ticket(request, TICKET_CONFIRM, ticket)
    if refused := not_posted(request):
        return refused
    digest = request.POST.get("digest", "")
    done(
        request,
        TICKET_CONFIRM,
        lambda: actions_tickets.confirm_ticket(
            actor=actor_of(request), ticket=ticket, digest=digest, now=timezone.now()
        ),
        gettext("Your side has confirmed the trade ticket."),
    )
    return redirect("ticket", ticket=ticket)


urlpatterns = [
    path("tickets/<uuid:ticket>/", ticket, name="ticket"),
    path("tickets/<uuid:ticket>/confirm", confirm, name="ticket_confirm"),
]
