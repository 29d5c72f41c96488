"""/mandates/: for whom an agent may buy. The agent offers, the buyer grants or declines, either ends it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Kind
from sundry.base.parties.queries import organisations_named
from sundry.goods.catalogue.storefront import language_of_reader, may, unlisted
from sundry.goods.orders import actions_mandates, queries_dealings
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.forms_mandates import MandateForm
from sundry.goods.orders.forms_orders import key_of, mistakes
from sundry.goods.orders.operations import MANDATE_DECIDE, MANDATE_OFFER, MANDATE_READ
from sundry.goods.orders.order_rules import MandateState, MandateView
from sundry.goods.orders.own_orders import admitted, her_buying, not_posted, tell_done, was_done
from sundry.goods.orders.own_sales import done
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 50
BUYERS_FOUND: Final = 10
_FIELDS: Final[Mapping[str, str]] = {"limit_minor": "limit", "name": "client_name", "country": "client_country"}


@guarded(MANDATE_READ)
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Those that she holds or has given, and what she can do with each."""
    organisation = her_buying(request, MANDATE_READ)
    before = id_or_none(request.GET.get("before", ""))
    found = queries_dealings.mandates(organisation, before=before, limit=SHOWN + 1)
    following = found[SHOWN - 1].id if len(found) > SHOWN else None
    day = timezone.localdate()
    context = {
        "head": unlisted(gettext("Mandates")),
        "mandates": [(one, one.holds(day), *_may(one, organisation)) for one in found[:SHOWN]],
        "organisation": organisation,
        "may_offer": may(request, MANDATE_OFFER),
        "page": {"previous": "", "next": f"?before={following}" if following else ""},
    }
    return render(request, "orders/mandates.html", context)


def _may(one: MandateView, organisation: uuid.UUID) -> tuple[bool, bool]:
    """(may answer an offer, may end it)."""
    is_buyer = one.buyer.organisation == organisation
    is_offered = one.state is MandateState.OFFERED
    return is_offered and is_buyer, one.state is MandateState.IN_FORCE or (is_offered and not is_buyer)


@guarded(MANDATE_OFFER)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Ask a buyer of the market, or write down a client's paper. `named`: words to look for a buyer by."""
    her_buying(request, MANDATE_OFFER)
    named = (request.POST.get("named", "") or request.GET.get("named", "")).strip()[:80]
    found = organisations_named(named, (Kind.BUYER, Kind.MERCHANT), limit=BUYERS_FOUND) if named else ()
    buyers = [(str(one.id), one.name) for one in found]
    if was_done(request):
        return redirect("mandates")
    if request.method == "POST":
        form = MandateForm(request.POST, buyers=buyers)
        if form.is_valid() and _offered(request, form):
            return redirect("mandates")
    else:
        form = MandateForm(initial={"valid_from": timezone.localdate()}, buyers=buyers)
    context = {
        "head": unlisted(gettext("Buy for a client")),
        "form": form,
        "key": key_of(),
        "named": named,
        "is_looked_for": bool(named),
        "buyers": buyers,
    }
    return render(request, "orders/mandate_offer.html", context, status=422 if form.is_bound else 200)


def _state(mandate: uuid.UUID) -> MandateState | None:
    now_it_is = queries_dealings.mandate(mandate)
    return now_it_is.state if now_it_is else None


def _offered(request: HttpRequest, form: MandateForm) -> bool:
    given = form.cleaned_data
    terms: dict[str, Any] = {
        "reference": given["reference"],
        "currency": given["currency"],
        "limit_minor": given.get("limit_minor"),
        "valid_from": given["valid_from"],
        "valid_until": given["valid_until"],
    }
    actor, now = actor_of(request), timezone.now()
    try:
        if buyer := id_or_none(given.get("buyer") or ""):
            actions_mandates.offer_mandate(actor=actor, buyer=buyer, now=now, **terms)
            tell_done(request, gettext("The buyer is asked. You can buy for her once she has granted it."))
        else:
            name, country = given["client_name"].strip(), given["client_country"]
            actions_mandates.client(actor=actor, name=name, country=country, now=now, **terms)
            tell_done(request, gettext("The client is kept. You can buy for her now."))
    except Refused as refusal:
        mistakes(form, [replace(one, header=_FIELDS.get(one.header, one.header)) for one in refusal.findings])
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


_ANSWERS: Final[Mapping[str, tuple[Callable[..., None], MandateState, Any]]] = {
    "grant": (actions_mandates.grant, MandateState.IN_FORCE, gettext_lazy("Granted: the agent may buy for you.")),
    "decline": (actions_mandates.decline_mandate, MandateState.DECLINED, gettext_lazy("Declined. The agent is told.")),
    "end": (
        actions_mandates.end_mandate,
        MandateState.ENDED,
        gettext_lazy("The mandate has ended. Orders that are placed stay."),
    ),
}


@guarded(MANDATE_DECIDE)
def decide(request: HttpRequest, mandate: uuid.UUID) -> HttpResponse:
    """`answer`: grant, decline or end. Sent twice it is answered once."""
    actor = actor_of(request)
    admitted(request, MANDATE_DECIDE, queries_dealings.owner_of_mandate(mandate, actor))
    if refused := not_posted(request):
        return refused
    answer = _ANSWERS.get(request.POST.get("answer", ""))
    if answer is not None:
        act, state, told = answer
        done(
            request,
            MANDATE_DECIDE,
            lambda: act(actor=actor, mandate=mandate, now=timezone.now()),
            str(told),
            is_so=lambda: _state(mandate) is state,
        )
    return redirect("mandates")


urlpatterns = [
    path("mandates/", mandates, name="mandates"),
    path("mandates/offer/", offer, name="mandate_offer"),
    path("mandates/<uuid:mandate>/decide", decide, name="mandate_decide"),
]
