"""A buyer follows what she ordered: /orders/, one order, one stall's part of it, all its lines, what happened.

Each page is a fixed number of statements. Filters stand in the address; a list goes on behind the last number shown.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.base.parties.forms import countries
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import unlisted
from sundry.goods.orders import order_words as words
from sundry.goods.orders import queries_dealings, queries_orders, queries_timeline
from sundry.goods.orders.operations import (
    CHANGE_PROPOSE,
    CONVERSATION_WRITE,
    ORDER_CANCEL,
    ORDER_EXPORT,
    ORDER_LIST,
    ORDER_PLACE,
    ORDER_READ,
    PAYMENT_TELL,
    TICKET_READ,
)
from sundry.goods.orders.order_rules import BINDING, OrderState, OrderView, State, SubView
from sundry.goods.orders.own_orders import her_buying, her_order, her_part, may_here, reader_of
from sundry.goods.orders.queries_orders import Filters, Sort
from sundry.goods.orders.showing_orders import fills, waiting, waits_for_buyer
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 20
LINES_SHOWN: Final = 100
EVENTS_SHOWN: Final = 12  # on the page of an order
EVENTS_A_PAGE: Final = 100


# The list -------------------------------------------------------------------------------------------------------------


@guarded(ORDER_LIST)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All that she placed. `state`, `part`, `late`, `destination`, `q`, `sort`, `before` stand in the address."""
    organisation = her_buying(request, ORDER_LIST)
    asked = request.GET
    chosen = _filters(asked.dict())
    sort = _one_of(Sort, asked.get("sort", "")) or Sort.NEWEST
    before = number_of(asked.get("before", ""))
    today = timezone.localdate()
    found = queries_orders.orders(
        organisation=organisation, filters=chosen, sort=sort, before=before, limit=SHOWN + 1, today=today
    )
    following = found[SHOWN - 1].number if len(found) > SHOWN else None
    kept = {key: value for key, value in asked.items() if key != "before" and value}
    context = {
        "head": unlisted(gettext("My orders")),
        "orders": found[:SHOWN],
        "asked": asked,
        "is_filtered": chosen != Filters(state=chosen.state) or "state" in asked,
        "is_first": before is None,
        "states": [(one.value, word) for one, (_, word) in words.ORDER_STATES.items()],
        "parts": [(one.value, word) for one, (_, word) in words.STATES.items() if one is not State.DRAFT],
        "sorts": list(words.ORDER_SORTS.items()),
        "countries": countries(),
        "page": {"previous": "", "next": f"?{urlencode(kept | {'before': following})}" if following else ""},
    }
    return render(request, "orders/orders.html", context)


def _filters(asked: dict[str, str]) -> Filters:
    """What an address asks for; what it holds besides is not looked at."""
    return Filters(
        state=_one_of(OrderState, asked.get("state", "")),
        sub_state=_one_of(State, asked.get("part", "")),
        late=asked.get("late") == "1",
        destination=asked.get("destination", "")[:2].upper(),
        words=asked.get("q", "").strip()[:80],
    )


def _one_of(kind: Any, written: str) -> Any:
    return kind(written) if written in {one.value for one in kind} else None


# One order ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """A stall's part on the page of its order."""

    sub: SubView
    is_late: bool
    waits_for_buyer: bool


@guarded(ORDER_READ)
@require_safe
def order(request: HttpRequest, order: int) -> HttpResponse:
    """What it comes to, a card for each stall, what happened last. A basket is shown as one."""
    view = her_order(request, ORDER_READ, order)
    if view.card.state is OrderState.DRAFT:
        return _basket_of(request, view)
    today = timezone.localdate()
    happened = queries_timeline.timeline(order, organisation=reader_of(request, view), limit=EVENTS_SHOWN + 1)
    context = _context(request, view) | {
        "head": unlisted(gettext("Order %(number)s") % {"number": order}),
        "cards": _cards(view, today),
        "waiting": waiting(view, today),
        "fills": fills(view.card.totals, today),
        "happened": happened[:EVENTS_SHOWN],
        "has_more_events": len(happened) > EVENTS_SHOWN,
    }
    return render(request, "orders/order.html", context)


def _basket_of(request: HttpRequest, view: OrderView) -> HttpResponse:
    """Her basket is changed on its own page; who looks on sees its lines."""
    if may_here(request, ORDER_PLACE, view):
        response = redirect("basket")
        response.headers["Location"] += f"?order={view.card.number}"
        return response
    return redirect("order_lines", view.card.number)


def _cards(view: OrderView, today: Any) -> list[Card]:
    """What waits for the buyer first, then what is late, then what stalls have to answer."""
    found = [Card(sub, sub.is_late(today), waits_for_buyer(sub)) for sub in view.subs]
    ended = (State.CLOSED, State.DECLINED, State.LAPSED, State.CANCELLED)
    return sorted(found, key=lambda one: (one.sub.state in ended, not one.waits_for_buyer, not one.is_late))


def _context(request: HttpRequest, view: OrderView) -> dict[str, Any]:
    """What every page of an order shows, and what she may do there."""
    is_open = view.card.state is OrderState.OPEN
    return {
        "view": view,
        "card": view.card,
        "may_cancel": is_open
        and may_here(request, ORDER_CANCEL, view)
        and any(sub.state is State.PLACED for sub in view.subs),
        "may_place": may_here(request, ORDER_PLACE, view),
        "may_pay": may_here(request, PAYMENT_TELL, view),
        "may_propose": may_here(request, CHANGE_PROPOSE, view),
        "may_talk": may_here(request, CONVERSATION_WRITE, view),
        "may_export": may_here(request, ORDER_EXPORT, view),
        "may_see_tickets": may_here(request, TICKET_READ, view),
    }


@guarded(ORDER_READ)
@require_safe
def part(request: HttpRequest, order: int, sub: uuid.UUID) -> HttpResponse:
    """One stall's part: its lines, its days, its money, what is proposed, its trade ticket, what happened."""
    view, own = her_part(request, ORDER_READ, order, sub)
    today = timezone.localdate()
    after = number_of(request.GET.get("after", "")) or 0
    found = queries_orders.lines(order, sub=sub, after=after, limit=LINES_SHOWN + 1)
    following = found[LINES_SHOWN - 1].position if len(found) > LINES_SHOWN else None
    told = queries_timeline.timeline(order, organisation=reader_of(request, view), limit=EVENTS_A_PAGE)
    context = _context(request, view) | {
        "head": unlisted(gettext("Order %(number)s") % {"number": own.code}),
        "sub": own,
        "is_late": own.is_late(today),
        "is_binding": own.state in BINDING,
        "can_change": own.state in BINDING or own.state is State.PLACED,
        "can_pay": own.state in BINDING | {State.HANDED_OVER} and own.totals.balance_minor > 0,
        "lines": [(line, own) for line in found[:LINES_SHOWN]],
        "page": {"previous": "", "next": f"?after={following}" if following else ""},
        "changes": queries_dealings.changes(sub),
        "payments": queries_dealings.payments(sub),
        "tickets": queries_dealings.tickets(sub),
        "happened": [one for one in told if one.sub in ("", own.code)],
    }
    return render(request, "orders/part.html", context)


@guarded(ORDER_READ)
@require_safe
def lines(request: HttpRequest, order: int) -> HttpResponse:
    """All lines of all stalls, by pages."""
    view = her_order(request, ORDER_READ, order)
    after = number_of(request.GET.get("after", "")) or 0
    found = queries_orders.lines(order, after=after, limit=LINES_SHOWN + 1)
    following = found[LINES_SHOWN - 1].position if len(found) > LINES_SHOWN else None
    of_sub = {sub.id: sub for sub in view.subs}
    context = _context(request, view) | {
        "head": unlisted(gettext("Lines of order %(number)s") % {"number": order}),
        "lines": [(line, of_sub[line.sub]) for line in found[:LINES_SHOWN]],
        "page": {"previous": "", "next": f"?after={following}" if following else ""},
    }
    return render(request, "orders/lines.html", context)


@guarded(ORDER_READ)
@require_safe
def timeline(request: HttpRequest, order: int) -> HttpResponse:
    """All that happened, the newest first."""
    view = her_order(request, ORDER_READ, order)
    before = id_or_none(request.GET.get("before", ""))
    happened = queries_timeline.timeline(
        order, organisation=reader_of(request, view), before=before, limit=EVENTS_A_PAGE + 1
    )
    following = happened[EVENTS_A_PAGE - 1].id if len(happened) > EVENTS_A_PAGE else None
    context = _context(request, view) | {
        "head": unlisted(gettext("What happened to order %(number)s") % {"number": order}),
        "happened": happened[:EVENTS_A_PAGE],
        "page": {"previous": "", "next": f"?before={following}" if following else ""},
    }
    return render(request, "orders/timeline.html", context)


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/<int:order>/", order, name="order"),
    path("orders/<int:order>/lines/", lines, name="order_lines"),
    path("orders/<int:order>/timeline/", timeline, name="order_timeline"),
    path("orders/<int:order>/parts/<uuid:sub>/", part, name="order_part"),
]
