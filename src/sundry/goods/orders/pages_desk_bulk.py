"""What an agent does with many rows of her desk at once: cancel, order again, confirm trade tickets.

Each order is asked and answered by itself: of twenty that she cancels one may be confirmed in that moment, and the
other nineteen are cancelled all the same. What was not done is told with its reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from sundry.base.access.guard import actor_of, guarded
from sundry.base.parties.forms import spoken
from sundry.goods.catalogue.storefront import unlisted
from sundry.goods.orders import actions_answering, actions_basket, actions_tickets, queries_desk, queries_orders
from sundry.goods.orders.desk_chosen import ROWS_MAX, Chosen, back, chosen, nothing, subs_of, tell
from sundry.goods.orders.forms_orders import CancelForm
from sundry.goods.orders.operations import BASKET_WRITE, ORDER_CANCEL, TICKET_CONFIRM
from sundry.goods.orders.own_orders import her_buying, tell_done, was_done
from sundry.goods.orders.pages_basket import to_basket
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

FAILURES_TOLD: Final = 3

T = TypeVar("T")


@guarded(ORDER_CANCEL)
@require_POST
def desk_cancel(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, then cancel what was chosen."""
    her_buying(request, ORDER_CANCEL)
    rows = chosen(request)
    if not rows:
        return nothing(request)
    form = CancelForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        actor, now = actor_of(request), timezone.now()
        reason = form.cleaned_data["reason"]

        def cancel(row: Chosen) -> None:
            actions_answering.cancel(actor=actor, reason=reason, now=now, **row.what)

        done = _each(request, rows, cancel)
        tell(request, ngettext("%(count)d is cancelled.", "%(count)d are cancelled.", done), done)
        return back(request)
    values = {"head": unlisted(gettext("Cancel")), "rows": rows, "form": form, "query": request.POST.get("query", "")}
    return render(request, "orders/desk/cancel.html", values, status=422 if form.is_bound else 200)


@guarded(BASKET_WRITE)
@require_POST
def desk_repeat(request: HttpRequest) -> HttpResponse:
    """A new basket of each order that was chosen, at today's prices. Pressed twice, they are made once."""
    her_buying(request, BASKET_WRITE)
    rows = [row for row in chosen(request) if row.order is not None]
    if not rows:
        return nothing(request)
    actor, now = actor_of(request), timezone.now()
    if was_done(request):
        made_before = queries_orders.basket_of(actor=actor) if len(rows) == 1 else None
        return back(request) if made_before is None else to_basket(made_before)
    made: list[int] = []

    def again(row: Chosen) -> None:
        made.append(actions_basket.repeat(actor=actor, order=row.order or 0, now=now).order)

    done = _each(request, rows, again)
    said = ngettext("%(count)d new basket: look at its prices.", "%(count)d new baskets: look at their prices.", done)
    if done:
        tell_done(request, said % {"count": done})
    return to_basket(made[0]) if len(made) == 1 else back(request)


@guarded(TICKET_CONFIRM)
@require_POST
def desk_tickets(request: HttpRequest) -> HttpResponse:
    """Show the trade tickets of the chosen parts that wait for her side, then confirm those that she has seen."""
    organisation = her_buying(request, TICKET_CONFIRM)
    actor, now = actor_of(request), timezone.now()
    seen = [_seen(written) for written in request.POST.getlist("ticket")[:ROWS_MAX]]
    if seen:

        def confirm(pair: tuple[uuid.UUID, str]) -> None:
            actions_tickets.confirm_ticket(actor=actor, ticket=pair[0], digest=pair[1], now=now)

        done = _each(request, [pair for pair in seen if pair is not None], confirm)
        said = ngettext("%(count)d trade ticket is confirmed.", "%(count)d trade tickets are confirmed.", done)
        tell(request, said, done)
        return back(request)
    subs = subs_of(chosen(request))
    if not subs:
        return nothing(request)
    values = {
        "head": unlisted(gettext("Confirm trade tickets")),
        "tickets": queries_desk.tickets_to_confirm(organisation=organisation, subs=subs),
        "chosen": len(subs),
        "query": request.POST.get("query", ""),
    }
    return render(request, "orders/desk/tickets.html", values)


def _seen(written: str) -> tuple[uuid.UUID, str] | None:
    """A ticket, and the digest of what was shown of it."""
    ticket, _colon, digest = written.partition(":")
    found = id_or_none(ticket)
    return None if found is None else (found, digest)


def _each(request: HttpRequest, rows: Iterable[T], act: Callable[[T], Any]) -> int:
    """Do it for each; how many times it was done. What was refused is told with its reason, the first few whole."""
    done = 0
    refused: list[str] = []
    for row in rows:
        try:
            act(row)
        except SundryError as fault:
            refused.append(fault.message(spoken()))
        else:
            done += 1
    for said in refused[:FAILURES_TOLD]:
        messages.warning(request, said)
    more = len(refused) - FAILURES_TOLD
    if more > 0:
        said = ngettext("%(count)d more was not done.", "%(count)d more were not done.", more)
        messages.warning(request, said % {"count": more})
    return done


urlpatterns = [
    path("desk/cancel/", desk_cancel, name="desk_cancel"),
    path("desk/repeat/", desk_repeat, name="desk_repeat"),
    path("desk/tickets/", desk_tickets, name="desk_tickets"),
]
