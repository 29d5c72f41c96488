"""Whose order, basket, enquiry or quotation an address names, and for which organisation somebody buys.

Both the buyer and the agent who buys for her own an order; the asking side's own share is what is asked for
(`queries_orders.owner_of_order`), so that another's order is not there. Who acts in a capacity that buys nothing never
comes here: the page of that refusal says how one comes to buy (refusals/forbidden.html).
"""

from __future__ import annotations

import uuid
from datetime import date
from hashlib import sha256
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import Decision, Operation, Owner, decide
from sundry.goods.catalogue.storefront import nothing_there
from sundry.goods.orders import queries_dealings, queries_orders
from sundry.goods.orders.order_rules import OrderView, SubView
from sundry.goods.orders.queries_orders import NUMBER_MAX

TOKEN: Final = "csrfmiddlewaretoken"  # against forged forms; another with each page that is made
MANDATES_MAX: Final = 1_000  # among which an agent chooses, the newest
_DONE: Final = "done"  # in the session: the last form that was done, and what was told of it


def her_buying(request: HttpRequest, operation: Operation) -> uuid.UUID:
    """The organisation for which she buys. AccessRefused: who only looks at others' orders has none of her own."""
    actor = actor_of(request)
    if (decision := decide(operation, actor)) is not Decision.ALLOWED or actor.organisation is None:
        raise AccessRefused(decision, operation)
    return actor.organisation


def admitted(request: HttpRequest, operation: Operation, owner: Owner | None) -> Owner:
    """Whose it is. AccessRefused unless she may; what has no owner is not there."""
    if owner is None:
        raise nothing_there(operation)
    admit(request, operation, owner)
    return owner


def not_posted(request: HttpRequest) -> HttpResponse | None:
    """405 where nothing was sent. A page that is only sent to asks whose the thing is before it says so: what is not
    hers is not there."""
    return None if request.method == "POST" else HttpResponseNotAllowed(("POST",))


def tell_done(request: HttpRequest, told: str, *, key: str = "key") -> None:
    """What this form asked for is done. `key`: the field that makes it one of its own."""
    messages.success(request, told)
    if sent := _sent(request, key):
        request.session[_DONE] = [sent, told]


def was_done(request: HttpRequest, *, key: str = "key") -> bool:
    """Whether this form is the last of this browser that was done; then she is told so again. A phone that hears no
    answer sends it twice; for what writes its key nowhere else. With anything else in it, it is another form."""
    sent, (done, told) = _sent(request, key), request.session.get(_DONE, ("", ""))
    if not sent or sent != done:
        return False
    messages.success(request, told)
    return True


def _sent(request: HttpRequest, key: str) -> str:
    """All that a form says and where, by its digest; "": it has no key. The word against forged forms belongs to the
    page from which it was sent, and only counts where it is the key."""
    if not request.POST.get(key):
        return ""
    fields = sorted(field for field in request.POST.lists() if field[0] == key or field[0] != TOKEN)
    return sha256(repr((request.path, fields)).encode("utf-8", "surrogatepass")).hexdigest()


def her_order(request: HttpRequest, operation: Operation, number: int) -> OrderView:
    """An order that is hers, or that she may look at. AccessRefused."""
    owner = queries_orders.owner_of_order(number, actor_of(request)) if number <= NUMBER_MAX else None
    admitted(request, operation, owner)
    view = queries_orders.order(number)
    if view is None:
        raise nothing_there(operation)
    return view


def her_part(request: HttpRequest, operation: Operation, number: int, sub: uuid.UUID) -> tuple[OrderView, SubView]:
    """One stall's part of such an order. AccessRefused."""
    view = her_order(request, operation, number)
    part = next((one for one in view.subs if one.id == sub), None)
    if part is None:
        raise nothing_there(operation)
    return view, part


def may_here(request: HttpRequest, operation: Operation, view: OrderView) -> bool:
    """Whether she may do so with this order."""
    return may_of(request, operation, Owner(organisation=reader_of(request, view) or _sides(view)[0]))


def reader_of(request: HttpRequest, view: OrderView) -> uuid.UUID | None:
    """The organisation for which she reads it; None: she looks on."""
    organisation = actor_of(request).organisation
    return organisation if organisation in _sides(view) else None


def _sides(view: OrderView) -> tuple[uuid.UUID, ...]:
    """The buyer's and the agent's organisation: an order has at least one of them."""
    return tuple(filter(None, (view.card.buyer.organisation, view.card.agent.organisation)))


def may_of(request: HttpRequest, operation: Operation, owner: Owner) -> bool:
    """Whether she may do so with what `owner` owns."""
    return decide(operation, actor_of(request), owner) is Decision.ALLOWED


def mandates_to_choose(organisation: uuid.UUID, day: date) -> list[tuple[str, str]]:
    """(id, the client's name) of each mandate under which an organisation may buy on that day; a buyer has none."""
    held = queries_dealings.mandates(organisation, limit=MANDATES_MAX)
    return [(str(one.id), one.buyer.name) for one in held if one.agent.organisation == organisation and one.holds(day)]
