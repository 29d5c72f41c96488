"""What a buyer does with one stall's part: tell of a payment, ask for a change, begin to talk about it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import about, actor_of, guarded
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import (
    actions_changes,
    actions_conversations,
    actions_payments,
    queries_dealings,
    queries_orders,
)
from sundry.goods.orders.errors import Refused, Stale
from sundry.goods.orders.forms_changes import ChangeForm
from sundry.goods.orders.forms_orders import PaymentForm, key_of, looked_again, mistakes, payment_of
from sundry.goods.orders.operations import CHANGE_PROPOSE, CONVERSATION_WRITE, PAYMENT_TELL
from sundry.goods.orders.order_rules import OrderView, PaymentKind, State, SubView
from sundry.goods.orders.own_orders import admitted, her_part, not_posted, tell_done, was_done
from sundry.kernel.errors import SundryError

LINES_CHANGED_MAX = 200  # of one form


# Payments -------------------------------------------------------------------------------------------------------------


@guarded(PAYMENT_TELL)
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, order: int, sub: uuid.UUID) -> HttpResponse:
    """Tell the stall that money is on its way; it counts once the stall has it."""
    view, own = her_part(request, PAYMENT_TELL, order, sub)
    currency = view.card.currency
    if request.method == "POST":
        form = PaymentForm(request.POST, currency=currency)
        if form.is_valid() and _told(request, own, form):
            messages.success(request, gettext("The stall is told. It counts once the stall says that it has it."))
            return redirect("order_part", order, sub)
    else:
        form = PaymentForm(initial=payment_of(own, timezone.localdate()), currency=currency)
    context = {
        "head": unlisted(gettext("Tell of a payment")),
        "view": view,
        "card": view.card,
        "sub": own,
        "form": form,
    }
    return render(request, "orders/pay.html", context, status=422 if form.is_bound else 200)


def _told(request: HttpRequest, own: SubView, form: PaymentForm) -> bool:
    given = form.cleaned_data
    try:
        actions_payments.tell(
            actor=actor_of(request),
            sub=own.id,
            kind=PaymentKind(given["kind"]),
            amount_minor=given["amount_minor"],
            paid_on=given["paid_on"],
            reference=given["reference"],
            key=given["key"],
            now=timezone.now(),
        )
    except Refused as refusal:
        mistakes(form, refusal.findings)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


@guarded(PAYMENT_TELL)
def take_back(request: HttpRequest, payment: uuid.UUID) -> HttpResponse:
    """What was told of a payment was a mistake."""
    about(request, "payment", payment)
    admitted(request, PAYMENT_TELL, queries_dealings.owner_of_payment(payment, actor_of(request)))
    if refused := not_posted(request):
        return refused
    found = queries_dealings.payment(payment)
    if found is None:
        raise nothing_there(PAYMENT_TELL)
    try:
        actions_payments.withdraw_payment(actor=actor_of(request), payment=payment, now=timezone.now())
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    else:
        messages.success(request, gettext("What you told of the payment is taken back."))
    return redirect("order_part", int(found.sub_code.partition("-")[0]), found.sub)


# Changes --------------------------------------------------------------------------------------------------------------


@guarded(CHANGE_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, order: int, sub: uuid.UUID) -> HttpResponse:
    """Ask the stall for other quantities or another day; at once while it has not confirmed."""
    view, own = her_part(request, CHANGE_PROPOSE, order, sub)
    if was_done(request):
        return _back(view, own)
    lines = [one for one in queries_orders.lines(order, sub=sub, limit=LINES_CHANGED_MAX) if one.pieces]
    if request.method == "POST":
        form = ChangeForm(request.POST, lines=lines)
        if form.is_valid() and _proposed(request, own, form):
            return _back(view, own)
    else:
        form = ChangeForm(initial={"version": own.version}, lines=lines)
    context = {
        "head": unlisted(gettext("Ask for a change")),
        "view": view,
        "card": view.card,
        "sub": own,
        "is_at_once": own.state is State.PLACED,
        "form": form,
        "key": key_of(),
    }
    return render(request, "orders/change_ask.html", context, status=422 if form.is_bound else 200)


def _proposed(request: HttpRequest, own: SubView, form: ChangeForm) -> bool:
    given = form.cleaned_data
    try:
        if own.state is State.PLACED:
            actions_changes.amend(
                actor=actor_of(request),
                sub=own.id,
                changes=form.changes(),
                reason=given["reason"],
                version=given["version"],
                now=timezone.now(),
            )
            tell_done(request, gettext("It is changed. The stall sees it before it confirms."))
        else:
            actions_changes.propose(
                actor=actor_of(request),
                sub=own.id,
                kind=form.kind(),
                changes=form.changes(),
                promised_day=given["promised_day"],
                reason=given["reason"],
                version=given["version"],
                now=timezone.now(),
            )
            tell_done(request, gettext("The change is proposed. Nothing is otherwise until the stall accepts it."))
    except Refused as refusal:
        for finding in refusal.findings:
            at = form.changes()[finding.row - 1].line if 0 < finding.row <= len(form.changes()) else None
            form.add_error(None if at is None else f"pieces-{at}", finding.message(language_of_reader()))
    except Stale as refusal:
        looked_again(form, refusal.message(language_of_reader()), own.version)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


# Talking --------------------------------------------------------------------------------------------------------------


@guarded(CONVERSATION_WRITE)
def talk(request: HttpRequest, order: int, sub: uuid.UUID) -> HttpResponse:
    """The conversation with the stall about its part, made when it is first asked for."""
    view, own = her_part(request, CONVERSATION_WRITE, order, sub)
    if refused := not_posted(request):
        return refused
    try:
        conversation = actions_conversations.open_with_stall(
            actor=actor_of(request), order=order, sub=sub, language=language_of_reader(), now=timezone.now()
        )
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return _back(view, own)
    return redirect("talk", conversation)


def _back(view: OrderView, own: SubView) -> HttpResponse:
    return redirect("order_part", view.card.number, own.id)


urlpatterns = [
    path("orders/<int:order>/pay/<uuid:sub>/", pay, name="order_pay"),
    path("orders/<int:order>/parts/<uuid:sub>/change/", change, name="order_change"),
    path("orders/<int:order>/parts/<uuid:sub>/talk", talk, name="order_talk"),
    path("payments/<uuid:payment>/take-back", take_back, name="payment_take_back"),
]
