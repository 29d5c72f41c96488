"""/my/quotations/: all that a stall has quoted. /my/quotations/<id>/: it writes one on its phone, sends it, writes the
next version, takes it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import about, actor_of, admit, guarded
from sundry.base.access.rules import Owner
from sundry.goods.catalogue.own_stall import NUMBER_MAX
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.catalogue.rules import CURRENCY
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_quotations, own_goods, queries_enquiries, queries_quotations
from sundry.goods.orders.enquiry_rules import (
    ConversationView,
    QuotationState,
    QuotationView,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.errors import NotThere, Refused
from sundry.goods.orders.forms_quoting import QuoteForm
from sundry.goods.orders.operations import QUOTATION_WRITE
from sundry.goods.orders.order_rules import Carton, Side
from sundry.goods.orders.order_words import QUOTATION_STATES
from sundry.goods.orders.own_orders import not_posted, tell_done, was_done
from sundry.goods.orders.own_sales import done, her_counter, key_of
from sundry.goods.orders.trade_limits import trade_limits
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

LINES_ON_A_FORM: Final = 50  # of more a browser sends more fields than the market takes
SHOWN: Final = 30
WORDS_MAX: Final = 80


@guarded(QUOTATION_WRITE)
@require_safe
def quotations(request: HttpRequest) -> HttpResponse:
    """All of hers, the newest first. `state`, `words`: only those; `before`: the last that was shown."""
    organisation = her_counter(request, QUOTATION_WRITE)
    asked, words = request.GET.get("state", ""), request.GET.get("words", "")[:WORDS_MAX]
    chosen = QuotationState(asked) if asked in tuple(QuotationState) else None
    found = queries_quotations.quotations(
        organisation=organisation,
        side=Side.STALL,
        state=chosen,
        words=words,
        before=id_or_none(request.GET.get("before", "")),
        limit=SHOWN + 1,
    )
    more = request.GET.copy()
    if len(found) > SHOWN:
        more["before"] = str(found[SHOWN - 1].id)
    context = {
        "head": unlisted(gettext("Quotations")),
        "quotations": found[:SHOWN],
        "chosen": chosen,
        "words": words,
        "words_max": WORDS_MAX,
        "states": [(one, word) for one, (_, word) in QUOTATION_STATES.items()],
        "is_first": not request.GET.get("before"),
        "page": {"previous": "", "next": f"?{more.urlencode()}" if len(found) > SHOWN else ""},
    }
    return render(request, "orders/stall/quotations.html", context)


def _own(request: HttpRequest, quotation: uuid.UUID) -> QuotationView:
    """One of her stall's. AccessRefused. One statement."""
    view = queries_quotations.quotation(quotation, side=Side.STALL)
    if view is None:
        raise nothing_there(QUOTATION_WRITE)
    admit(request, QUOTATION_WRITE, Owner(organisation=view.seller))
    about(request, "quotation", quotation)
    return view


@guarded(QUOTATION_WRITE)
def begin(request: HttpRequest, talk: uuid.UUID) -> HttpResponse:
    """A draft in a conversation: the goods that were asked about, at the listed prices. Sent twice it is one draft."""
    actor = actor_of(request)
    view = queries_enquiries.conversation(talk, reader=actor, language=language_of_reader())
    if view is None or view.card.seller is None:
        raise nothing_there(QUOTATION_WRITE)
    admit(request, QUOTATION_WRITE, Owner(organisation=view.card.seller))
    if refused := not_posted(request):
        return refused
    today = timezone.localdate()
    terms = Terms(currency=CURRENCY, valid_until=today + timedelta(days=trade_limits(today).valid_days))
    lines = _asked(view)
    try:
        made = actions_quotations.save_quotation(
            actor=actor,
            conversation=talk,
            terms=terms,
            lines=lines,
            key=uuid.uuid5(key_of(request), f"{terms}{lines}"),  # sent again tomorrow it begins at tomorrow's prices
            now=timezone.now(),
        )
    except NotThere:
        raise nothing_there(QUOTATION_WRITE) from None
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return redirect("talk", talk=talk)
    return redirect("my_quotation", own_quotation=made)


def _asked(view: ConversationView) -> list[QuotedLine]:
    """A line for each good that the buyer asked this stall about. One statement."""
    question = view.question
    if question is None:
        return []
    return _lines_of(question.goods[:LINES_ON_A_FORM], pieces=question.quantity)


def _lines_of(numbers: Sequence[int], *, pieces: int | None, stall: int | None = None) -> list[QuotedLine]:
    """Goods as lines at their listed prices; without a price there is nothing to begin with. One statement."""
    found = orderable([number for number in numbers if 0 < number <= NUMBER_MAX], lock=False)
    lines = []
    for number in numbers:
        offer = found.get(number)
        if offer is None or not offer.ladder or (stall is not None and offer.stall_number != stall):
            continue
        carton, least = offer.carton, offer.ladder[0].quantity
        lines.append(
            QuotedLine(
                tuple(QuotedStep(step.quantity, step.price_minor) for step in offer.ladder),
                max(pieces or least, least),
                good=number,
                names=offer.names,
                language=offer.language,
                item_number=offer.item_number,
                unit=offer.unit,
                carton=Carton(
                    carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g
                ),
                photo=offer.cover,
            )
        )
    return lines


@guarded(QUOTATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def quotation(request: HttpRequest, own_quotation: uuid.UUID) -> HttpResponse:
    """A draft to be written, else how it stands. `send`: keep it and go to look at it before it is sent."""
    view = _own(request, own_quotation)
    if view.state is not QuotationState.DRAFT or len(view.lines) > LINES_ON_A_FORM:
        return _page(request, "orders/stall/quotation.html", view, None)
    after = "my_quotation_send" if "send" in request.POST else "my_quotation"
    if was_done(request):
        return redirect(after, own_quotation=own_quotation)
    form = QuoteForm(request.POST if request.method == "POST" else None, view=view)
    if form.is_overtaken:
        messages.error(request, gettext("Somebody else has changed this quotation. Look at it again."))
        return _page(request, "orders/stall/quote.html", view, form.looked_again(), status=422)
    if form.is_bound and form.is_valid() and _kept(request, view, form):
        tell_done(request, gettext("The draft is kept. Only you see it."))
        return redirect(after, own_quotation=own_quotation)
    return _page(request, "orders/stall/quote.html", view, form)


def _kept(request: HttpRequest, view: QuotationView, form: QuoteForm) -> bool:
    if view.conversation is None:
        raise nothing_there(QUOTATION_WRITE)
    lines, described = [*form.lines()], form.described()
    is_adding = bool(form.cleaned_data["new_good"]) or described is not None
    if is_adding and len(lines) >= LINES_ON_A_FORM:
        form.add_error("new_good", gettext("A phone writes at most %(most)s lines.") % {"most": LINES_ON_A_FORM})
        return False
    if words := form.cleaned_data["new_good"]:
        more = _added(request, view, form, words)
        if not more:
            return False
        lines += more
    if described is not None:
        lines.append(described)
    try:
        actions_quotations.save_quotation(
            actor=actor_of(request),
            conversation=view.conversation,
            terms=form.terms(),
            lines=lines,
            quotation=view.id,
            now=timezone.now(),
        )
    except NotThere:
        raise nothing_there(QUOTATION_WRITE) from None
    except Refused as refusal:
        form.add_findings(refusal.findings, places=form.places())
        return False
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
        return False
    return True


def _added(request: HttpRequest, view: QuotationView, form: QuoteForm, words: str) -> list[QuotedLine]:
    """The good that she names; of several that are like it, the one that she has picked. None: what is wrong stands at
    the field."""
    found = own_goods.finder(view.stall, language_of_reader(), kinds=False)(words)
    picked = [one for one in found if one.value == request.POST.get("new_pick")]
    if not found:
        form.add_error("new_good", gettext("Nothing that you have on show has this number or name."))
    elif len(found) > 1 and not picked:
        form.choices = found
        form.add_error("new_good", gettext("Several are like that. Choose one."))
    else:
        (chosen, *_) = picked or found
        lines = _lines_of([chosen.number], pieces=form.cleaned_data["new_pieces"], stall=view.stall)
        if not lines:
            form.add_error("new_good", gettext("This good has no price yet. Give it one first."))
        return lines
    return []


@guarded(QUOTATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, own_quotation: uuid.UUID) -> HttpResponse:
    """Look at it as the buyer will see it, then send it."""
    view = _own(request, own_quotation)
    if request.method != "POST" and view.state is QuotationState.DRAFT:
        return _page(request, "orders/stall/quotation_send.html", view, None)
    if request.method == "POST":
        actor, now = actor_of(request), timezone.now()
        is_sent = done(
            request,
            QUOTATION_WRITE,
            lambda: actions_quotations.send(actor=actor, quotation=own_quotation, now=now),
            gettext("The quotation is sent."),
            is_so=lambda: _state(own_quotation) is QuotationState.SENT,
        )
        if is_sent and view.conversation is not None:
            return redirect("talk", talk=view.conversation)
    return redirect("my_quotation", own_quotation=own_quotation)


def _state(quotation: uuid.UUID) -> QuotationState | None:
    view = queries_quotations.quotation(quotation, side=Side.STALL)
    return view.state if view else None


@guarded(QUOTATION_WRITE)
def revise(request: HttpRequest, own_quotation: uuid.UUID) -> HttpResponse:
    """The next version, a draft; what was sent holds until that is sent."""
    _own(request, own_quotation)
    if refused := not_posted(request):
        return refused
    try:
        made = actions_quotations.revise(actor=actor_of(request), quotation=own_quotation, now=timezone.now())
    except NotThere:
        raise nothing_there(QUOTATION_WRITE) from None
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return redirect("my_quotation", own_quotation=own_quotation)
    return redirect("my_quotation", own_quotation=made)


@guarded(QUOTATION_WRITE)
def withdraw(request: HttpRequest, own_quotation: uuid.UUID) -> HttpResponse:
    """It can be accepted no more; a draft is thrown away."""
    view = _own(request, own_quotation)
    if refused := not_posted(request):
        return refused
    reason = request.POST.get("reason", "")[:500]
    done(
        request,
        QUOTATION_WRITE,
        lambda: actions_quotations.withdraw_quotation(
            actor=actor_of(request), quotation=own_quotation, reason=reason, now=timezone.now()
        ),
        gettext("The quotation is taken back."),
        is_so=lambda: _state(own_quotation) in (None, QuotationState.WITHDRAWN),
    )
    if view.conversation is not None:
        return redirect("talk", talk=view.conversation)
    return redirect("my_enquiries")


def _page(
    request: HttpRequest, template: str, view: QuotationView, form: QuoteForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "head": unlisted(gettext("Quotation %(number)s") % {"number": view.number}),
        "view": view,
        "partner": view.agent.name or view.buyer.name,
        "form": form,
        "own_goods": () if form is None else own_goods.listed(view.stall, language_of_reader()),
        "lines": [(line, line.price_at(line.pieces)) for line in view.lines],
        "is_long": view.state is QuotationState.DRAFT and len(view.lines) > LINES_ON_A_FORM,
        "can_revise": view.is_newest
        and view.state in (QuotationState.SENT, QuotationState.EXPIRED, QuotationState.DECLINED),
    }
    return render(request, template, context, status=422 if form is not None and form.errors else status)


urlpatterns = [
    path("my/quotations/", quotations, name="my_quotations"),
    path("talk/<uuid:talk>/quote", begin, name="my_quotation_new"),
    path("my/quotations/<uuid:own_quotation>/", quotation, name="my_quotation"),
    path("my/quotations/<uuid:own_quotation>/send", send, name="my_quotation_send"),
    path("my/quotations/<uuid:own_quotation>/revise", revise, name="my_quotation_revise"),
    path("my/quotations/<uuid:own_quotation>/withdraw", withdraw, name="my_quotation_withdraw"),
]
