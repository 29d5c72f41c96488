"""/changes/<id>/: a change of a stall's part of an order, before and after, for both sides: yes, no, or taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Actor, Decision, Operation, decide
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.catalogue.rules import Told
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.catalogue.texts import told
from sundry.goods.orders import actions_changes, queries_dealings, queries_orders, queries_sales
from sundry.goods.orders.operations import CHANGE_DECIDE, CHANGE_READ
from sundry.goods.orders.order_rules import REASON_MAX, ChangeState, ChangeView, LineChange, LineView, Side, value_of
from sundry.goods.orders.own_orders import admitted, not_posted
from sundry.goods.orders.own_sales import done


@dataclass(frozen=True, slots=True)
class Compared:
    """A line before and after. `substitute`: what comes in its place, by its name and number."""

    before: LineView
    pieces: int
    price_minor: int
    price_per: int
    value_minor: int
    substitute: Told | None
    substitute_number: int | None

    @property
    def is_out(self) -> bool:
        return self.pieces == 0

    @property
    def is_price_other(self) -> bool:
        return (self.price_minor, self.price_per) != (self.before.price_minor, self.before.price_per)


def compared(change: ChangeView, names: Mapping[int, Told]) -> tuple[Compared, ...]:
    """Each line that is to be otherwise. `names`: of the goods that come in place of others."""
    lines = {line.id: line for line in change.before}
    return tuple(_compared(lines[one.line], one, names) for one in change.changes if one.line in lines)


def _compared(line: LineView, change: LineChange, names: Mapping[int, Told]) -> Compared:
    pieces = line.pieces if change.pieces is None else change.pieces
    price = line.price_minor if change.price_minor is None else change.price_minor
    per = line.price_per if change.price_per is None else change.price_per
    number = change.substitute
    substitute = names.get(number) if number is not None else None
    return Compared(line, pieces, price, per, value_of(pieces, price, per), substitute, number)


def _names(change: ChangeView) -> dict[int, Told]:
    """One statement, where a good comes in place of another."""
    numbers = [one.substitute for one in change.changes if one.substitute is not None]
    if not numbers:
        return {}
    found = orderable(numbers, lock=False)
    language = language_of_reader()
    return {number: told(offer.names, language, source=offer.language) for number, offer in found.items()}


def _the_change(request: HttpRequest, operation: Operation, change: uuid.UUID) -> ChangeView:
    admitted(request, operation, queries_dealings.owner_of_change(change, actor_of(request)))
    view = queries_dealings.change(change)
    if view is None:
        raise nothing_there(operation)
    about(request, "change", change)
    return view


@guarded(CHANGE_READ)
@require_safe
def change(request: HttpRequest, change: uuid.UUID) -> HttpResponse:
    """Before and after, what it makes in money, why; and the other side's yes or no."""
    view = _the_change(request, CHANGE_READ, change)
    actor = actor_of(request)
    side = queries_orders.side_of(view.sub, actor)
    card = queries_sales.sale(view.sub)
    may = side is not None and decide(CHANGE_DECIDE, actor) is Decision.ALLOWED
    is_open = view.state is ChangeState.PROPOSED
    context: dict[str, Any] = {
        "head": unlisted(gettext("Change of %(code)s") % {"code": view.sub_code}),
        "view": view,
        "card": card,
        "rows": compared(view, _names(view)),
        "is_stall": side is Side.STALL,
        "may_answer": may and is_open and side is not view.side,
        "may_withdraw": may and is_open and side is view.side,
        "after_minor": card.sub.totals.value_minor + view.value_minor if card and is_open else None,
        "reason_max": REASON_MAX,
    }
    return render(request, "orders/talk/change.html", context)


@dataclass(frozen=True, slots=True)
class _Answer:
    state: ChangeState
    told: Promise | str
    act: Callable[[Actor, uuid.UUID, str, datetime], object]


_ANSWERS: Final[Mapping[str, _Answer]] = {
    "accept": _Answer(
        ChangeState.ACCEPTED,
        gettext_lazy("The change is agreed, and holds from now on."),
        lambda actor, change, _, now: actions_changes.accept(actor=actor, change=change, now=now),
    ),
    "decline": _Answer(
        ChangeState.DECLINED,
        gettext_lazy("The change is declined: everything stays as it was agreed."),
        lambda actor, change, reason, now: actions_changes.decline_change(
            actor=actor, change=change, reason=reason, now=now
        ),
    ),
    "withdraw": _Answer(
        ChangeState.WITHDRAWN,
        gettext_lazy("Your proposal is taken back."),
        lambda actor, change, _, now: actions_changes.withdraw_change(actor=actor, change=change, now=now),
    ),
}


@guarded(CHANGE_DECIDE)
def decide_change(request: HttpRequest, change: uuid.UUID) -> HttpResponse:
    """`answer`: accept, decline or withdraw. Sent twice it is answered once."""
    _the_change(request, CHANGE_DECIDE, change)
    if refused := not_posted(request):
        return refused
    answer = _ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        messages.warning(request, gettext("Say yes or no."))
        return redirect("change", change=change)
    actor, reason, now = actor_of(request), request.POST.get("reason", "").strip()[:REASON_MAX], timezone.now()

    def is_so() -> bool:
        now_it_is = queries_dealings.change(change)
        return now_it_is is not None and now_it_is.state is answer.state

    done(request, CHANGE_DECIDE, lambda: answer.act(actor, change, reason, now), str(answer.told), is_so=is_so)
    return redirect("change", change=change)


urlpatterns = [
    path("changes/<uuid:change>/", change, name="change"),
    path("changes/<uuid:change>/decide", decide_change, name="change_decide"),
]
