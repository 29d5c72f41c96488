"""A buyer checks her answers and places the order; cancels what no stall has confirmed; orders the same once more.

The key in the form makes a second click, or a phone that sends twice, place once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.storefront import language_of_reader, unlisted
from sundry.goods.orders import actions_answering, actions_basket, actions_placing, queries_orders
from sundry.goods.orders.errors import Refused, Stale
from sundry.goods.orders.forms_orders import CancelForm, key_of, mistakes
from sundry.goods.orders.operations import BASKET_WRITE, ORDER_CANCEL, ORDER_PLACE
from sundry.goods.orders.order_rules import OrderState, OrderView, State
from sundry.goods.orders.own_orders import her_order, her_part, tell_done, was_done
from sundry.goods.orders.pages_basket import LINES_SHOWN, Typed, basket_page, to_basket
from sundry.goods.orders.showing_orders import fills, missing, stall_told
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import id_or_none

TOLD_MAX: Final = 5  # of what is not as it was, when an order is repeated


@guarded(ORDER_PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, order: int) -> HttpResponse:
    """Check your answers, then place. `key`, `version`: of the page that was looked at."""
    view = her_order(request, ORDER_PLACE, order)
    if view.card.state is not OrderState.DRAFT and request.method != "POST":
        return redirect("order", order)
    if request.method != "POST":
        return _check_page(request, view)
    key, version = id_or_none(request.POST.get("key", "")), request.POST.get("version", "")
    if key is None or not (version.isascii() and version.isdigit() and len(version) < 10):
        return _check_page(request, view)
    try:
        placed = actions_placing.place(
            actor=actor_of(request), order=order, version=int(version), key=key, now=timezone.now()
        )
    except Refused as refusal:
        return _refused(request, view, refusal)
    except Stale as refusal:
        return _check_page(request, her_order(request, ORDER_PLACE, order), wrong=refusal.message(language_of_reader()))
    except SundryError as refusal:
        return _check_page(request, view, wrong=refusal.message(language_of_reader()))
    said = ngettext(
        "Your order is placed. %(count)s stall has to answer.",
        "Your order is placed. %(count)s stalls have to answer.",
        len(placed.codes),
    )
    messages.success(request, said % {"count": len(placed.codes)})
    return redirect("order", placed.order)


def _check_page(request: HttpRequest, view: OrderView, *, wrong: str = "") -> HttpResponse:
    batches = queries_stalls.mixed_batches([sub.stall for sub in view.subs])
    is_in_yuan = view.card.currency == "CNY"
    lacking = [
        (stall_told(sub, language_of_reader()), lacks)
        for sub in view.subs
        if (lacks := missing(batches.get(sub.stall), sub.totals, is_in_yuan=is_in_yuan))
    ]
    context = {
        "head": unlisted(gettext("Check your order")),
        "view": view,
        "card": view.card,
        "fills": fills(view.card.totals, timezone.localdate()),
        "lacking": lacking,
        "wrong": wrong,
        "key": key_of(),
        "is_empty": not view.subs,
    }
    return render(request, "orders/place.html", context, status=422 if wrong else 200)


def _refused(request: HttpRequest, view: OrderView, refusal: Refused) -> HttpResponse:
    """The basket, with every mistake at its line (`row`: its position). What is about no line stands at the top."""
    language, number = language_of_reader(), view.card.number
    of_position = {line.position: line for line in queries_orders.lines(number, limit=LINES_SHOWN)}
    said: dict[uuid.UUID, list[str]] = {}
    top: list[str] = []
    for finding in refusal.findings:
        line = of_position.get(finding.row)
        (top if line is None else said.setdefault(line.id, [])).append(finding.message(language))
    typed = {line.id: Typed(str(line.pieces), tuple(said[line.id])) for line in of_position.values() if line.id in said}
    return basket_page(request, number, typed=typed, mistakes=top, status=422)


# Cancelling -----------------------------------------------------------------------------------------------------------


@guarded(ORDER_CANCEL)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, order: int) -> HttpResponse:
    """All of an order that no stall has confirmed yet."""
    view = her_order(request, ORDER_CANCEL, order)
    return _cancel(request, view, {"order": order}, [sub for sub in view.subs if sub.state is State.PLACED])


@guarded(ORDER_CANCEL)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_part(request: HttpRequest, order: int, sub: uuid.UUID) -> HttpResponse:
    """One stall's part, while the stall has not confirmed it."""
    view, own = her_part(request, ORDER_CANCEL, order, sub)
    return _cancel(request, view, {"sub": sub}, [own] if own.state is State.PLACED else [])


def _cancel(request: HttpRequest, view: OrderView, what: dict[str, Any], ends: list[Any]) -> HttpResponse:
    if was_done(request):
        return redirect("order", view.card.number)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions_answering.cancel(
                actor=actor_of(request), reason=form.cleaned_data["reason"], now=timezone.now(), **what
            )
        except Refused as refusal:
            mistakes(form, refusal.findings)
        except SundryError as refusal:
            form.add_error(None, refusal.message(language_of_reader()))
        else:
            tell_done(request, gettext("It is cancelled, and the stalls are told."))
            return redirect("order", view.card.number)
    context = {
        "head": unlisted(gettext("Cancel")),
        "view": view,
        "card": view.card,
        "ends": ends,
        "is_whole": "order" in what,
        "stays": [sub for sub in view.subs if "order" in what and sub not in ends],
        "form": form,
        "key": key_of(),
    }
    return render(request, "orders/cancel.html", context, status=422 if form.is_bound else 200)


# Once more ------------------------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, order: int) -> HttpResponse:
    """A new basket of a past order, at today's prices; it says what is not the same any more. `sub`: only those, at
    least one where there are any."""
    view = her_order(request, BASKET_WRITE, order)
    if was_done(request):
        made_before = queries_orders.basket_of(actor=actor_of(request))
        return redirect("basket") if made_before is None else to_basket(made_before)
    chosen = {id_or_none(written) for written in request.POST.getlist("sub")}
    subs = [sub.id for sub in view.subs if request.method != "POST" or sub.id in chosen]
    is_none = bool(view.subs) and not subs
    if request.method == "POST" and not is_none:
        try:
            made = actions_basket.repeat(actor=actor_of(request), order=order, subs=subs or None, now=timezone.now())
        except SundryError as refusal:
            messages.error(request, refusal.message(language_of_reader()))
            return redirect("order", order)
        _otherwise(request, made.findings)
        tell_done(request, gettext("A new basket, at today’s prices. Look through it before you place it."))
        return to_basket(made.order)
    context = {
        "head": unlisted(gettext("Order the same again")),
        "view": view,
        "card": view.card,
        "key": key_of(),
        "chosen": subs,
        "is_none": is_none,
    }
    return render(request, "orders/repeat.html", context, status=422 if is_none else 200)


def _otherwise(request: HttpRequest, findings: Sequence[Finding]) -> None:
    """What is not as it was: the first few by their words, the rest by their number."""
    for finding in findings[:TOLD_MAX]:
        messages.warning(request, finding.message(language_of_reader()))
    if (more := len(findings) - TOLD_MAX) > 0:
        said = ngettext(
            "%(count)s further line is not as it was.", "%(count)s further lines are not as they were.", more
        )
        messages.warning(request, said % {"count": more})


urlpatterns = [
    path("orders/<int:order>/place/", place, name="order_place"),
    path("orders/<int:order>/cancel/", cancel, name="order_cancel"),
    path("orders/<int:order>/parts/<uuid:sub>/cancel/", cancel_part, name="order_part_cancel"),
    path("orders/<int:order>/repeat/", repeat, name="order_repeat"),
]
