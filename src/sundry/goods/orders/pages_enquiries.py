"""A buyer asks many stalls the same, and follows what they answer: /enquiries/.

What is asked about stands in the address (`?good=20114&good=20115&stall=7`), so that a link asks; what she looked for
in vain comes along as its words (`?q=`, `?quantity=`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation, Owner
from sundry.goods.catalogue import queries as catalogue
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.showing import offers, stall_name
from sundry.goods.catalogue.sought import sought_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_enquiries, attachments, queries_enquiries, queries_quotations
from sundry.goods.orders.enquiry_rules import ATTACHMENTS_MAX, Question
from sundry.goods.orders.errors import AlreadyDone, Refused
from sundry.goods.orders.forms_enquiries import AskForm, asking
from sundry.goods.orders.operations import CONVERSATION_WRITE, ENQUIRY_ASK, ENQUIRY_READ, QUOTATION_READ
from sundry.goods.orders.operations_talk import take_enquiry
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.own_orders import admitted, her_buying, mandates_to_choose, may_of, not_posted
from sundry.goods.orders.pages_talk import kept_papers
from sundry.goods.orders.queries_orders import NUMBER_MAX
from sundry.kernel.errors import SundryError

SHOWN: Final = 20
GOODS_ASKED_MAX: Final = 100  # of one form
GOODS_SHOWN: Final = 8  # of an enquiry
STALLS_LOOKED_UP_MAX: Final = 12  # one statement each


@guarded(ENQUIRY_READ)
@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    """All that she asked, the newest first."""
    organisation = her_buying(request, ENQUIRY_READ)
    before = number_of(request.GET.get("before", ""))
    found = queries_enquiries.enquiries(organisation=organisation, before=before, limit=SHOWN + 1)
    following = found[SHOWN - 1].number if len(found) > SHOWN else None
    context = {
        "head": unlisted(gettext("My enquiries")),
        "enquiries": found[:SHOWN],
        "is_first": before is None,
        "page": {"previous": "", "next": f"?before={following}" if following else ""},
    }
    return render(request, "orders/enquiries.html", context)


@guarded(ENQUIRY_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and the question itself. `good`, `stall`: who is asked; `wanted`, `mandate` as they are named."""
    organisation = her_buying(request, ENQUIRY_ASK)
    goods = _numbers(request.GET.getlist("good") + request.POST.getlist("good"))
    stalls = _numbers(request.GET.getlist("stall") + request.POST.getlist("stall"))
    mandates = mandates_to_choose(organisation, timezone.localdate())
    if request.method != "POST":
        sought = sought_of(request.GET.dict())
        quantity = sought.quantity if sought.quantity > 1 else None
        form = AskForm(initial=asking(text=sought.text, quantity=quantity), mandates=mandates)
        return _ask_page(request, form, goods, stalls)
    form = AskForm(request.POST, files=request.FILES, mandates=mandates)
    form.is_valid()
    photos = _kept(request, form)
    number = None if form.errors else _asked(request, form, form.question(goods=goods, stalls=stalls, photos=photos))
    return _ask_page(request, form, goods, stalls, photos) if number is None else redirect("enquiry", number)


def _kept(request: HttpRequest, form: AskForm) -> list[str]:
    """The names of what was sent along, now or with a form that came back: it need not be chosen again."""
    before = [one for one in request.POST.getlist("photo")[:ATTACHMENTS_MAX] if attachments.known(one)]
    sent = kept_papers(request, form) if form.cleaned_data.get("papers") else None
    return list(dict.fromkeys([*before, *(one.file for one in sent or ())]))


def _asked(request: HttpRequest, form: AskForm, question: Question) -> int | None:
    """The number of the enquiry; None: the form says why there is none."""
    try:
        take_enquiry(actor_of(request), now=timezone.now())
        asked = actions_enquiries.ask(
            actor=actor_of(request),
            question=question,
            mandate=form.cleaned_data.get("mandate"),
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_findings(refusal.findings)
        return None
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
        return None
    said = ngettext("%(count)s stall has your question.", "%(count)s stalls have your question.", asked.asked)
    messages.success(request, said % {"count": asked.asked})
    for finding in asked.left_out:
        messages.warning(request, finding.message(language_of_reader()))
    return asked.number


def _ask_page(
    request: HttpRequest, form: AskForm, goods: Sequence[int], stalls: Sequence[int], photos: Sequence[str] = ()
) -> HttpResponse:
    language = language_of_reader()
    cards = catalogue.cards(goods) if goods else ()
    named = [found for number in stalls[:STALLS_LOOKED_UP_MAX] if (found := queries_stalls.stall_by_number(number))]
    asked = {card.stall.id: stall_name(card.stall, language) for card in cards}
    asked |= {view.card.id: stall_name(view.card, language) for view in named}
    context = {
        "head": unlisted(pgettext("an enquiry", "Ask the stalls")),
        "form": form,
        "offers": offers(cards, language=language, quantity=1),
        "goods": goods,
        "stalls": stalls,
        "photos": [one for one in map(attachments.known, photos) if one],
        "asked": list(asked.values()),
    }
    return render(request, "orders/ask.html", context, status=422 if form.is_bound else 200)


@guarded(ENQUIRY_READ)
@require_safe
def enquiry(request: HttpRequest, enquiry: int) -> HttpResponse:
    """One enquiry, and what each stall has answered: those with news first."""
    owner = _admitted(request, ENQUIRY_READ, enquiry)
    view = queries_enquiries.enquiry(enquiry, language=language_of_reader())
    if view is None:
        raise nothing_there(ENQUIRY_READ)
    buyer = view.agent.organisation or view.buyer.organisation
    quoted = (
        queries_quotations.quotations(organisation=buyer, side=Side.BUYER, enquiry=enquiry, limit=100)
        if buyer is not None and view.quotations
        else ()
    )
    shown = catalogue.cards(view.question.goods[:GOODS_SHOWN])
    newest = [one for one in quoted if one.is_newest]
    of_stall = {one.stall: one for one in reversed(newest)}
    context = {
        "head": unlisted(gettext("Enquiry %(number)s") % {"number": enquiry}),
        "view": view,
        "offers": offers(shown, language=language_of_reader(), quantity=view.question.quantity or 1),
        "answers": [(card, of_stall.get(card.stall)) for card in view.conversations],
        "answered": sum(card.messages > 1 or card.quotation is not None for card in view.conversations),
        "quoted": newest,
        "may_close": may_of(request, ENQUIRY_ASK, owner) and view.state == "open",
        "may_read_quotations": may_of(request, QUOTATION_READ, owner),
        "may_talk": may_of(request, CONVERSATION_WRITE, owner),
    }
    return render(request, "orders/enquiry.html", context)


@guarded(ENQUIRY_ASK)
def close(request: HttpRequest, enquiry: int) -> HttpResponse:
    """She has what she wanted: no stall has to answer any more."""
    _admitted(request, ENQUIRY_ASK, enquiry)
    if refused := not_posted(request):
        return refused
    try:
        actions_enquiries.close_enquiry(actor=actor_of(request), enquiry=enquiry, now=timezone.now())
    except AlreadyDone as done:  # a second click
        messages.info(request, done.message(language_of_reader()))
    else:
        messages.success(request, gettext("The enquiry is closed. What was quoted stays, as long as it is valid."))
    return redirect("enquiry", enquiry)


def _admitted(request: HttpRequest, operation: Operation, number: int) -> Owner:
    actor = actor_of(request)
    return admitted(
        request, operation, queries_enquiries.owner_of_enquiry(number, actor) if number <= NUMBER_MAX else None
    )


def _numbers(written: Sequence[str]) -> list[int]:
    """Each once, in the order of the address; what is no number is none of ours."""
    found = [number for number in map(number_of, written) if number is not None]
    return list(dict.fromkeys(found))[:GOODS_ASKED_MAX]


urlpatterns = [
    path("enquiries/", enquiries, name="enquiries"),
    path("enquiries/ask/", ask, name="enquiry_ask"),
    path("enquiries/<int:enquiry>/", enquiry, name="enquiry"),
    path("enquiries/<int:enquiry>/close", close, name="enquiry_close"),
]
