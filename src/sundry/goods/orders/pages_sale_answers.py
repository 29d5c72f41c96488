"""A stall's answers to a part of an order, one question a page: yes, no, ready, handed over, paid, signed, changed."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import (
    actions_answering,
    actions_changes,
    actions_payments,
    actions_tickets,
    own_goods,
    queries_dealings,
    queries_orders,
    queries_sales,
    queries_today,
)
from sundry.goods.orders.errors import NotThere, Refused, Stale
from sundry.goods.orders.forms_orders import looked_again
from sundry.goods.orders.forms_sales import (
    LINES_SHOWN,
    ConfirmForm,
    DeclineForm,
    HandOverForm,
    ProposeForm,
    RefuseForm,
)
from sundry.goods.orders.operations import CHANGE_PROPOSE, HAND_OVER, PAYMENT_DECIDE, SALE_ANSWER, TICKET_CONFIRM
from sundry.goods.orders.order_rules import BINDING, LINES_MAX, ChangeState, PaymentState, Side, State, SubView
from sundry.goods.orders.own_orders import not_posted
from sundry.goods.orders.own_sales import done, her_sale, key_of, lost
from sundry.kernel.errors import SundryError

ANSWERED = BINDING | {State.HANDED_OVER, State.CLOSED}


def _page(
    request: HttpRequest, template: str, sub: SubView, title: str, form: forms.Form | None, **more: Any
) -> HttpResponse:
    card = queries_sales.sale(sub.id)
    context = {
        "head": unlisted(title),
        "sub": sub,
        "card": card,
        "partner": (card.agent.name or card.buyer.name) if card else "",
        "form": form,
        **more,
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def _is(sale: uuid.UUID, *states: State) -> bool:
    now = queries_orders.sub(sale)
    return now is not None and now.state in states


# Yes and no ---------------------------------------------------------------------------------------------------------


@guarded(SALE_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """All of it on one page, the day, and yes. Sent twice it is confirmed once; changed meanwhile it is asked anew."""
    sub, today = her_sale(request, SALE_ANSWER, sale), timezone.localdate()
    if request.method != "POST":
        if sub.state is not State.PLACED:
            return _nothing_to_answer(request, sub)
        first = {"version": sub.version, "day": max(sub.promised_day or today, today)}
        return _confirm_page(request, sub, ConfirmForm(initial=first))
    form = ConfirmForm(request.POST)
    if sub.state is State.PLACED and request.POST.get("version") != str(sub.version):
        looked_again(form, lost(), sub.version)
    if not form.is_valid():
        return _confirm_page(request, sub, form)
    given = form.cleaned_data
    done(
        request,
        SALE_ANSWER,
        lambda: actions_answering.confirm(
            actor=actor_of(request),
            subs=[sale],
            promised_day=given["day"],
            versions={sale: given["version"]},
            key=given["key"],
            now=timezone.now(),
        ),
        gettext("%(code)s is confirmed.") % {"code": sub.code},
        is_so=lambda: _is(sale, *ANSWERED),
    )
    return redirect("my_sale", sale=sale)


def _confirm_page(request: HttpRequest, sub: SubView, form: ConfirmForm) -> HttpResponse:
    lines = queries_orders.lines(sub.order, sub=sub.id, limit=LINES_SHOWN)
    title = gettext("Confirm %(code)s") % {"code": sub.code}
    more = {"lines": lines, "unshown": sub.totals.lines - len(lines)}
    return _page(request, "orders/stall/confirm.html", sub, title, form, **more)


@guarded(SALE_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """No, with a reason. What it had reserved is free again."""
    sub = her_sale(request, SALE_ANSWER, sale)
    if request.method != "POST" and sub.state is not State.PLACED:
        return _nothing_to_answer(request, sub)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        done(
            request,
            SALE_ANSWER,
            lambda: actions_answering.decline(actor=actor_of(request), sub=sale, reason=form.said, now=timezone.now()),
            gettext("%(code)s is declined. The buyer reads why.") % {"code": sub.code},
            is_so=lambda: _is(sale, State.DECLINED),
        )
        return redirect("my_sale", sale=sale)
    title = gettext("Decline %(code)s") % {"code": sub.code}
    return _page(request, "orders/stall/decline.html", sub, title, form)


def _nothing_to_answer(request: HttpRequest, sub: SubView) -> HttpResponse:
    """It was answered, cancelled or has lapsed: its page says which."""
    return _page(request, "orders/stall/answered.html", sub, gettext("Order %(code)s") % {"code": sub.code}, None)


@guarded(SALE_ANSWER)
def ready(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """Made and packed: it waits to be handed over."""
    sub = her_sale(request, SALE_ANSWER, sale)
    if refused := not_posted(request):
        return refused
    done(
        request,
        SALE_ANSWER,
        lambda: actions_answering.ready(actor=actor_of(request), subs=[sale], now=timezone.now()),
        gettext("%(code)s is ready. The buyer knows.") % {"code": sub.code},
        is_so=lambda: _is(sale, State.READY, State.HANDED_OVER, State.CLOSED),
    )
    return redirect("my_sale", sale=sale)


# Handed over --------------------------------------------------------------------------------------------------------


@guarded(HAND_OVER)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """How many of each line and how many cartons; look at it; then it is done, and not undone. `checked`: she has
    looked."""
    sub, title = her_sale(request, HAND_OVER, sale), gettext("Hand over")
    told = gettext("What you handed over of %(code)s is noted.") % {"code": sub.code}
    if request.method == "POST" and queries_today.was_handed_over(sub=sale, key=key_of(request)):
        messages.success(request, told)  # the phone sent it again
        return redirect("my_sale", sale=sale)
    if sub.state not in BINDING:
        return _nothing_to_answer(request, sub)
    lines = queries_orders.lines(sub.order, sub=sub.id, limit=LINES_MAX)
    form = HandOverForm(request.POST if request.method == "POST" else None, lines=lines)
    if not form.is_bound or "change" in request.POST or not form.is_valid():
        return _page(request, "orders/stall/hand_over.html", sub, title, form)
    if "checked" not in request.POST:
        chosen = [(line, form.handed[line.id]) for line in form.lines if line.id in form.handed]
        more = {"chosen": chosen, "unshown": len(form.handed) - len(chosen), "pieces": sum(form.handed.values())}
        return _page(request, "orders/stall/hand_over_check.html", sub, title, form, **more)
    given = form.cleaned_data
    done(
        request,
        HAND_OVER,
        lambda: actions_answering.hand_over(
            actor=actor_of(request),
            sub=sale,
            lines=form.handed,
            cartons=given["cartons"],
            note=given["note"],
            key=given["key"],
            now=timezone.now(),
        ),
        told,
    )
    return redirect("my_sale", sale=sale)


# Paid, signed, changed ----------------------------------------------------------------------------------------------


@guarded(PAYMENT_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, sale: uuid.UUID, payment: uuid.UUID) -> HttpResponse:
    """Has it arrived? `answer`: "yes", or "no" with a reason."""
    sub = her_sale(request, PAYMENT_DECIDE, sale)
    one = queries_dealings.payment(payment)
    if one is None or one.sub != sale:
        raise nothing_there(PAYMENT_DECIDE)
    form = RefuseForm(request.POST if request.POST.get("answer") == "no" else None)
    if request.method == "POST" and request.POST.get("answer") == "yes":
        done(
            request,
            PAYMENT_DECIDE,
            lambda: actions_payments.acknowledge(actor=actor_of(request), payment=payment, now=timezone.now()),
            gettext("The payment for %(code)s has arrived. The buyer knows.") % {"code": sub.code},
            is_so=lambda: _is_paid(payment, PaymentState.ACKNOWLEDGED),
        )
        return redirect("my_sale", sale=sale)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        done(
            request,
            PAYMENT_DECIDE,
            lambda: actions_payments.refuse_payment(
                actor=actor_of(request), payment=payment, reason=reason, now=timezone.now()
            ),
            gettext("The buyer reads that the payment for %(code)s has not arrived.") % {"code": sub.code},
            is_so=lambda: _is_paid(payment, PaymentState.REFUSED),
        )
        return redirect("my_sale", sale=sale)
    title = gettext("Has it arrived?")
    return _page(request, "orders/stall/payment.html", sub, title, form, payment=one)


def _is_paid(payment: uuid.UUID, state: PaymentState) -> bool:
    now = queries_dealings.payment(payment)
    return now is not None and now.state is state


@guarded(TICKET_CONFIRM)
def ticket(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """Draw up the trade ticket, and go to read it; the one that is there, where there is one."""
    her_sale(request, TICKET_CONFIRM, sale)
    if refused := not_posted(request):
        return refused
    done(
        request,
        TICKET_CONFIRM,
        lambda: actions_tickets.draw(actor=actor_of(request), sub=sale, now=timezone.now()),
        gettext("The trade ticket is drawn up. Read it, then confirm it."),
        is_so=lambda: _ticket_of(sale) is not None,
    )
    drawn = _ticket_of(sale)
    return redirect("my_sale", sale=sale) if drawn is None else redirect("ticket", ticket=drawn)


def _ticket_of(sale: uuid.UUID) -> uuid.UUID | None:
    return next((one.id for one in queries_dealings.tickets(sale) if not one.is_void), None)


@guarded(CHANGE_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, sale: uuid.UUID) -> HttpResponse:
    """Other pieces, prices, goods or another day: proposed to the buyer, who says yes or no."""
    sub, told = her_sale(request, CHANGE_PROPOSE, sale), gettext("The change is proposed. The buyer says yes or no.")
    if request.method == "POST" and sub.has_proposal and (hers := _proposal(sale)) is not None:
        messages.success(request, told)  # the phone sent it again
        return redirect("change", change=hers)
    if sub.state not in BINDING or sub.has_proposal:
        return _nothing_to_answer(request, sub)
    card = queries_sales.sale(sale)
    lines = queries_orders.lines(sub.order, sub=sub.id, limit=LINES_MAX)
    data = request.POST if request.method == "POST" else None
    language = language_of_reader()
    form = ProposeForm(
        data,
        sub=sub,
        lines=lines,
        currency=card.currency if card else "CNY",
        find=own_goods.finder(sub.stall, language),
    )
    if form.is_bound and form.is_valid() and (made := _proposed(request, sub, form)) is not None:
        messages.success(request, told)
        return redirect("change", change=made)
    title = gettext("Propose a change")
    mine = own_goods.listed(sub.stall, language)
    return _page(request, "orders/stall/propose.html", sub, title, form, own_goods=mine)


def _proposal(sale: uuid.UUID) -> uuid.UUID | None:
    """The stall's own that waits for the buyer."""
    open_ones = (one for one in queries_dealings.changes(sale) if one.state is ChangeState.PROPOSED)
    return next((one.id for one in open_ones if one.side is Side.STALL), None)


def _proposed(request: HttpRequest, sub: SubView, form: ProposeForm) -> uuid.UUID | None:
    try:
        return actions_changes.propose(
            actor=actor_of(request),
            sub=sub.id,
            kind=form.kind,
            changes=form.changes,
            promised_day=form.new_day,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except NotThere:
        raise nothing_there(CHANGE_PROPOSE) from None
    except Refused as refusal:
        form.add_findings(refusal.findings)
    except Stale as refusal:
        looked_again(form, refusal.message(language_of_reader()), sub.version)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return None


urlpatterns = [
    path("my/sales/<uuid:sale>/confirm", confirm, name="my_sale_confirm"),
    path("my/sales/<uuid:sale>/decline", decline, name="my_sale_decline"),
    path("my/sales/<uuid:sale>/ready", ready, name="my_sale_ready"),
    path("my/sales/<uuid:sale>/hand-over", hand_over, name="my_sale_hand_over"),
    path("my/sales/<uuid:sale>/payments/<uuid:payment>", payment, name="my_sale_payment"),
    path("my/sales/<uuid:sale>/ticket", ticket, name="my_sale_ticket"),
    path("my/sales/<uuid:sale>/change", propose, name="my_sale_propose"),
]
