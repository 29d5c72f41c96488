"""What a buyer is about to order: /basket/, grouped by stall, several baskets where she buys for several clients.

The basket is one form: quantities are typed and sent together, without any script. With it each quantity is sent by
itself, and the sums come back. What is taken out can be put back: the way back holds the line itself, signed, so that
nobody keeps what was thrown away.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.forms_fields import QuantityField
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_basket, queries_orders
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.operations import BASKET_WRITE
from sundry.goods.orders.order_rules import NAME_MAX, Head, LineView, OrderCard, OrderState, OrderView, Wish
from sundry.goods.orders.own_orders import TOKEN, her_buying, her_order, mandates_to_choose, tell_done, was_done
from sundry.goods.orders.queries_orders import Filters
from sundry.goods.orders.showing_orders import Group, fills, groups
from sundry.goods.orders.undoing import wish_back
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

BASKETS_SHOWN: Final = 50  # to choose from
LINES_SHOWN: Final = 200
_LAST: Final = "basket"  # in the session: the number of the basket that she looked at last


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at a line, and what is wrong with it."""

    pieces: str
    mistakes: tuple[str, ...] = ()


# The basket -----------------------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """The basket that the address names (`?order=10234`), else the last one that she looked at, else the newest.
    `undo`: what was taken out just now."""
    organisation = her_buying(request, BASKET_WRITE)
    drafts = _drafts(organisation)
    asked = number_of(request.GET.get("order", ""))
    number = asked if asked is not None else _open_one(request, drafts)
    if number is None:
        return render(request, "orders/basket_empty.html", _empty(organisation))
    return basket_page(request, number, drafts=drafts)


def _drafts(organisation: uuid.UUID) -> Sequence[OrderCard]:
    """Her baskets, the newest first."""
    return queries_orders.orders(
        organisation=organisation, filters=Filters(state=OrderState.DRAFT), limit=BASKETS_SHOWN
    )


def _open_one(request: HttpRequest, drafts: Sequence[OrderCard]) -> int | None:
    """The basket that she looked at last, while it is one of hers, else the newest."""
    numbers = [draft.number for draft in drafts]
    last = request.session.get(_LAST)
    return last if last in numbers else next(iter(numbers), None)


def _empty(organisation: uuid.UUID) -> dict[str, Any]:
    return {
        "head": unlisted(gettext("Basket")),
        "mandates": mandates_to_choose(organisation, timezone.localdate()),
    }


def basket_page(
    request: HttpRequest,
    number: int,
    *,
    drafts: Sequence[OrderCard] | None = None,
    typed: Mapping[uuid.UUID, Typed] | None = None,
    mistakes: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    """A basket with what was typed and is wrong. An order that is placed has a page of its own."""
    view = her_order(request, BASKET_WRITE, number)
    if view.card.state is not OrderState.DRAFT:
        return redirect("order", number)
    organisation = her_buying(request, BASKET_WRITE)
    if drafts is None:
        drafts = _drafts(organisation)
    if request.session.get(_LAST) != number:
        request.session[_LAST] = number
    after = page_of(request)
    found = queries_orders.lines(number, after=after, limit=LINES_SHOWN + 1)
    following = found[LINES_SHOWN - 1].position if len(found) > LINES_SHOWN else None
    more = urlencode({"order": number, "after": following})
    context = sums(view, found[:LINES_SHOWN], typed or {}) | {
        "head": unlisted(gettext("Basket")),
        "drafts": drafts,
        "mandates": mandates_to_choose(organisation, timezone.localdate()),
        "mistakes": list(mistakes),
        "undo": request.GET.get("undo", ""),
        "undone": wish_back(request.GET.get("undo", "")) is not None,
        "after": after,
        "page": {"previous": "", "next": f"?{more}" if following else ""},
    }
    return render(request, "orders/basket.html", context, status=status)


def page_of(request: HttpRequest) -> int:
    """The position behind which the page begins that she looks at: of its address, or told by its form."""
    return number_of((request.POST if request.method == "POST" else request.GET).get("after", "")) or 0


def sums(view: OrderView, lines: Sequence[LineView], typed: Mapping[uuid.UUID, Typed]) -> dict[str, Any]:
    """What of a basket changes with each quantity."""
    batches = queries_stalls.mixed_batches([sub.stall for sub in view.subs])
    shown: tuple[Group, ...] = groups(
        view.subs, lines, batches, language=language_of_reader(), currency=view.card.currency
    )
    return {
        "view": view,
        "card": view.card,
        "groups": [(group, [(line, typed.get(line.id)) for line in group.lines]) for group in shown],
        "fills": fills(view.card.totals, timezone.localdate()),
    }


# Adding ---------------------------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a good into a basket: `good`, `variant`, `quantity`; `order` ("": the one she looked at last;
    "new": one more), `mandate`."""
    her_buying(request, BASKET_WRITE)
    if was_done(request, key=TOKEN):
        return redirect("basket")
    wish, wrong = _wished(request)
    if wish is None:
        return _not_added(request, wrong)
    try:
        number = _put(request, wish)
    except Refused as refusal:
        return _not_added(request, [finding.message(language_of_reader()) for finding in refusal.findings])
    except SundryError as refusal:
        return _not_added(request, [refusal.message(language_of_reader())])
    tell_done(request, gettext("It is in your basket."), key=TOKEN)
    return to_basket(number)


def _wished(request: HttpRequest) -> tuple[Wish | None, list[str]]:
    """What a good's page sent; None and why it cannot be read."""
    good = number_of(request.POST.get("good", ""))
    if good is None:
        raise nothing_there(BASKET_WRITE)
    pieces, wrong = pieces_of(request.POST.get("quantity", ""))
    if pieces is None:
        return None, [wrong]
    return Wish(pieces=pieces, good=good, variant=id_or_none(request.POST.get("variant", "")), row=1), []


def pieces_of(written: str) -> tuple[int | None, str]:
    """A quantity as it is typed; None and what is wrong with it."""
    try:
        return QuantityField().clean(written), ""
    except ValidationError as refusal:
        return None, refusal.messages[0]


def _not_added(request: HttpRequest, wrong: Sequence[str]) -> HttpResponse:
    """The good's page again would lose her place in it: a small page says what is wrong, with what she typed."""
    context = {
        "head": unlisted(gettext("Not in the basket yet")),
        "mistakes": wrong,
        "good": number_of(request.POST.get("good", "")),
        "variant": request.POST.get("variant", "")[:36],
        "quantity": request.POST.get("quantity", "")[:20],
        "order": request.POST.get("order", "")[:20],
    }
    return render(request, "orders/not_added.html", context, status=422)


def _put(request: HttpRequest, wish: Wish) -> int:
    """Into the basket that she chose, or has open, or a new one, which is not made where the good is refused."""
    actor, asked, now = actor_of(request), request.POST.get("order", ""), timezone.now()
    number = number_of(asked)
    if number is not None:
        her_order(request, BASKET_WRITE, number)
    elif asked != "new":
        number = _open_one(request, _drafts(her_buying(request, BASKET_WRITE)))
    if number is None:
        mandate = id_or_none(request.POST.get("mandate", ""))
        made = actions_basket.start_with(actor=actor, head=Head(), wishes=[wish], mandate=mandate, now=now)
        return made.order
    actions_basket.put(actor=actor, order=number, wishes=[wish], version=None, now=now)
    return number


@guarded(BASKET_WRITE)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new, empty basket: for herself or for a client (`mandate`), with a `name`."""
    her_buying(request, BASKET_WRITE)
    if was_done(request, key=TOKEN):
        return redirect("basket")
    mandate = id_or_none(request.POST.get("mandate", ""))
    head = Head(name=request.POST.get("name", "").strip()[:NAME_MAX])
    try:
        number = actions_basket.start(actor=actor_of(request), head=head, mandate=mandate, now=timezone.now())
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return redirect("basket")
    tell_done(request, gettext("A new basket. What you add now goes into it."), key=TOKEN)
    return to_basket(number)


def to_basket(number: int, *, after: int = 0, **more: str) -> HttpResponse:
    """To the page of this basket; `after`: to a later one of it."""
    response = redirect("basket")
    place = {"after": after} if after else {}
    response.headers["Location"] += f"?{urlencode({'order': number, **place, **more})}"
    return response


urlpatterns = [
    path("basket/", basket, name="basket"),
    path("basket/add/", add, name="basket_add"),
    path("basket/start/", start, name="basket_start"),
]
