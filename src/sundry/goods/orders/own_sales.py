"""At whose counter somebody stands, and what a form of a phone does that is sent twice.

Problem: a stall holder taps "Confirm" in a lift. The market hears it, the answer is lost, the phone sends again, and is
told that she cannot confirm what is confirmed. Therefore each form carries a key, and where what she wants is so
already, by her own first tap, the answer is the first one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from sundry.base.access.guard import AccessRefused, about, actor_of, admit
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there
from sundry.goods.orders import queries_orders
from sundry.goods.orders.errors import AlreadyDone, NotThere
from sundry.goods.orders.order_rules import SubView
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none, new_id

KEY: Final = "key"


def her_counter(request: HttpRequest, operation: Operation) -> uuid.UUID:
    """The organisation for which she sells. AccessRefused: who only looks at others' sales has none of her own."""
    actor = actor_of(request)
    if (decision := decide(operation, actor)) is not Decision.ALLOWED or actor.organisation is None:
        raise AccessRefused(decision, operation)
    return actor.organisation


def her_sale(request: HttpRequest, operation: Operation, sale: uuid.UUID) -> SubView:
    """A stall's part of an order that is hers, or that she may look at. AccessRefused. Two statements."""
    owner = queries_orders.seller_of_sub(sale)
    if owner is None:
        raise nothing_there(operation)
    admit(request, operation, owner)
    view = queries_orders.sub(sale)
    if view is None:
        raise nothing_there(operation)
    about(request, "sub_order", sale)
    return view


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form that was sent; one that came without gets one, and is not known again."""
    return id_or_none(request.POST.get(KEY, "")) or new_id()


def done(
    request: HttpRequest,
    operation: Operation,
    act: Callable[[], object],
    told: str,
    *,
    is_so: Callable[[], bool] = lambda: False,
) -> bool:
    """Do it and tell it; whether it is so now. `is_so`: asked where it is refused, since it may be so by an answer that
    was lost. AccessRefused: it is not there any more."""
    try:
        act()
    except NotThere:
        raise nothing_there(operation) from None
    except AlreadyDone:
        messages.success(request, told)
    except SundryError as refusal:
        if not is_so():
            messages.error(request, refusal.message(language_of_reader()))
            return False
        messages.success(request, told)
    else:
        messages.success(request, told)
    return True


def lost() -> str:
    """What a page says to whoever confirms what was changed since she looked at it."""
    return gettext("The buyer has changed this since you looked at it. Look at it again, then answer.")
