"""/my/sales/: what a stall has sold, and one part of an order with its next step. Answers: pages_sale_answers."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_conversations, queries_dealings, queries_orders, queries_sales, queries_today
from sundry.goods.orders.errors import NotThere
from sundry.goods.orders.operations import CONVERSATION_WRITE, SALE_ANSWER, SALE_READ, SALES_LIST
from sundry.goods.orders.order_rules import BINDING, ChangeState, PaymentState, State, SubView
from sundry.goods.orders.own_orders import not_posted
from sundry.goods.orders.own_sales import her_counter, her_sale
from sundry.goods.orders.queries_timeline import timeline
from sundry.goods.orders.queries_today import Pile
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 30
LINES_SHOWN: Final = 100
PILES: Final[dict[Pile, Promise]] = {
    Pile.TO_CONFIRM: pgettext_lazy("orders of a stall", "To confirm"),
    Pile.TO_HAND_OVER: pgettext_lazy("orders of a stall", "To hand over"),
    Pile.LATE: pgettext_lazy("orders of a stall", "Late"),
    Pile.HANDED_OVER: pgettext_lazy("orders of a stall", "Handed over"),
    Pile.ENDED: pgettext_lazy("orders of a stall", "Ended without goods"),
}


@guarded(SALES_LIST)
@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    """All of hers, the latest first. `pile`: what is to be done about them; `before`: the last that was shown."""
    organisation = her_counter(request, SALES_LIST)
    asked = request.GET.get("pile", "")
    pile = Pile(asked) if asked in tuple(Pile) else None
    found = queries_today.sales(
        organisation=organisation,
        today=timezone.localdate(),
        pile=pile,
        before=id_or_none(request.GET.get("before", "")),
        limit=SHOWN + 1,
    )
    more = request.GET.copy()
    if len(found) > SHOWN:
        more["before"] = str(found[SHOWN - 1].id)
    context = {
        "head": unlisted(gettext("Orders")),
        "sales": found[:SHOWN],
        "pile": pile,
        "piles": list(PILES.items()),
        "may_answer": decide(SALE_ANSWER, actor_of(request)) is Decision.ALLOWED,
        "page": {"previous": "", "next": f"?{more.urlencode()}" if len(found) > SHOWN else ""},
    }
    return render(request, "orders/stall/sales.html", context)


@guarded(SALE_READ)
@require_safe
def sale(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """Its lines with photos and pieces, and one next step. `after`: the position of the last line that was shown."""
    sub = her_sale(request, SALE_READ, sale)
    card = queries_sales.sale(sale)
    if card is None:
        raise nothing_there(SALE_READ)
    after = number_of(request.GET.get("after", "")) or 0
    lines = queries_orders.lines(sub.order, sub=sub.id, after=after, limit=LINES_SHOWN + 1)
    payments, changes = queries_dealings.payments(sub.id), queries_dealings.changes(sub.id)
    tickets = queries_dealings.tickets(sub.id)
    context: dict[str, Any] = {
        "head": unlisted(gettext("Order %(code)s") % {"code": sub.code}),
        "sub": sub,
        "card": card,
        "partner": card.agent.name or card.buyer.name,
        "lines": lines[:LINES_SHOWN],
        "page": {"previous": "", "next": f"?after={lines[LINES_SHOWN - 1].position}" if lines[LINES_SHOWN:] else ""},
        "is_late": sub.is_late(timezone.localdate()),
        "payments": payments,
        "told": [one for one in payments if one.state is PaymentState.TOLD],
        "proposed": next((one for one in changes if one.state is ChangeState.PROPOSED), None),
        "ticket": next((one for one in tickets if not one.is_void), None),
        "hand_overs": queries_dealings.hand_overs(sub.id),
        "timeline": [one for one in timeline(sub.order, organisation=sub.seller) if one.sub in ("", sub.code)],
        "is_open": sub.state in BINDING,
        "can_ticket": sub.state in BINDING or sub.state in (State.HANDED_OVER, State.CLOSED),
        "may_answer": may_on(request, SALE_ANSWER, sub),
    }
    return render(request, "orders/stall/sale.html", context)


def may_on(request: HttpRequest, operation: Operation, sub: SubView) -> bool:
    """Whether she may do so with this part: whoever looks on may not answer for the stall."""
    actor = actor_of(request)
    return actor.organisation == sub.seller and decide(operation, actor) is Decision.ALLOWED


@guarded(CONVERSATION_WRITE)
def talk(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """To the conversation with who bought it."""
    sub = her_sale(request, CONVERSATION_WRITE, sale)
    if refused := not_posted(request):
        return refused
    try:
        conversation = actions_conversations.open_with_stall(
            actor=actor_of(request), order=sub.order, sub=sub.id, language=language_of_reader(), now=timezone.now()
        )
    except NotThere:
        raise nothing_there(CONVERSATION_WRITE) from None
    return redirect("talk", talk=conversation)


urlpatterns = [
    path("my/sales/", sales, name="my_sales"),
    path("my/sales/<uuid:sale>/", sale, name="my_sale"),
    path("my/sales/<uuid:sale>/talk", talk, name="my_sale_talk"),
]
