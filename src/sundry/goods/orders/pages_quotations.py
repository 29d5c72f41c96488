"""What stalls have quoted to a buyer: /quotations/, one with its versions, several side by side, and accepting them.

Accepting puts their lines into a basket at the quoted prices: nothing is ordered before the basket is placed. The key
in the form makes a second click accept once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_quotations, queries_orders, queries_quotations
from sundry.goods.orders import order_words as words
from sundry.goods.orders.comparing import price_of_one
from sundry.goods.orders.enquiry_rules import (
    COMPARED_MAX,
    Compared,
    QuotationState,
    QuotationView,
    QuotedLine,
)
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.forms_enquiries import ReasonForm
from sundry.goods.orders.forms_orders import key_of
from sundry.goods.orders.operations import QUOTATION_ACCEPT, QUOTATION_READ
from sundry.goods.orders.order_rules import OrderState, Side, value_of
from sundry.goods.orders.own_orders import admitted, her_buying, may_of, not_posted
from sundry.goods.orders.pages_accepting import LineToAccept, lines_to_accept, taken
from sundry.goods.orders.pages_basket import BASKETS_SHOWN, to_basket
from sundry.goods.orders.queries_orders import Filters
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 20


@guarded(QUOTATION_READ)
@require_safe
def quotations(request: HttpRequest) -> HttpResponse:
    """All that was quoted to her, the newest first; `state`: only those."""
    organisation = her_buying(request, QUOTATION_READ)
    asked = request.GET.get("state", "")
    chosen = QuotationState(asked) if asked in _STATES else None
    found = queries_quotations.quotations(
        organisation=organisation,
        side=Side.BUYER,
        state=chosen,
        before=id_or_none(request.GET.get("before", "")),
        limit=SHOWN + 1,
    )
    following = found[SHOWN - 1].id if len(found) > SHOWN else None
    kept = f"state={chosen.value}&" if chosen else ""
    context = {
        "head": unlisted(gettext("Quotations")),
        "quotations": found[:SHOWN],
        "chosen": chosen,
        "states": [(one.value, word) for one, (_, word) in words.QUOTATION_STATES.items() if one.value in _STATES],
        "compared_max": COMPARED_MAX,
        "is_first": not request.GET.get("before"),
        "page": {"previous": "", "next": f"?{kept}before={following}" if following else ""},
    }
    return render(request, "orders/quotations.html", context)


_STATES: Final = frozenset(one.value for one in QuotationState if one is not QuotationState.DRAFT)


@guarded(QUOTATION_READ)
@require_safe
def quotation(request: HttpRequest, quotation: uuid.UUID) -> HttpResponse:
    """One of them, as it stands, with what was quoted before and the way to accept it."""
    return _one_page(request, quotation, mistakes=())


def _one_page(
    request: HttpRequest, id_: uuid.UUID, *, mistakes: Sequence[str], form: ReasonForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    owner = admitted(request, QUOTATION_READ, queries_quotations.owner_of_quotation(id_, actor))
    view = queries_quotations.quotation(id_, side=Side.BUYER)
    if view is None:
        raise nothing_there(QUOTATION_READ)
    is_buyers = actor.organisation in (view.buyer.organisation, view.agent.organisation)
    may_accept = is_buyers and may_of(request, QUOTATION_ACCEPT, owner) and view.is_open(timezone.localdate())
    context = {
        "head": unlisted(gettext("Quotation %(number)s") % {"number": view.number}),
        "view": view,
        "rows": lines_to_accept(view, request.POST if may_accept else None),
        "versions": queries_quotations.versions(id_, side=Side.BUYER),
        "may_accept": may_accept,
        "drafts": drafts_of(request, view.terms.currency) if may_accept else (),
        "key": key_of(),
        "mistakes": mistakes,
        "form": form or ReasonForm(),
    }
    return render(request, "orders/quotation.html", context, status=422 if mistakes or form else 200)


def drafts_of(request: HttpRequest, currency: str) -> Sequence[Any]:
    """Her baskets in a currency, into which quoted lines may go."""
    organisation = actor_of(request).organisation
    if organisation is None:
        return ()
    wanted = Filters(state=OrderState.DRAFT, currency=currency)
    return queries_orders.orders(organisation=organisation, filters=wanted, limit=BASKETS_SHOWN)


# Side by side ---------------------------------------------------------------------------------------------------------


@guarded(QUOTATION_READ)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Several side by side (`?q=..&q=..`, or the rows chosen in the list), each row one thing, the cheapest marked."""
    organisation = her_buying(request, QUOTATION_READ)
    chosen = _chosen([*request.GET.getlist("q"), *request.GET.getlist("row")])
    return _compare_page(request, organisation, chosen, mistakes=())


def _chosen(written: Sequence[str]) -> list[uuid.UUID]:
    found = [id_ for one in written if (id_ := id_or_none(one)) is not None]
    return list(dict.fromkeys(found))[: COMPARED_MAX + 1]


def _compare_page(
    request: HttpRequest, organisation: uuid.UUID, chosen: Sequence[uuid.UUID], *, mistakes: Sequence[str]
) -> HttpResponse:
    found = queries_quotations.compare(chosen, organisation=organisation) if chosen else None
    day = timezone.localdate()
    context = {
        "head": unlisted(gettext("Quotations side by side")),
        "found": found,
        "rows": _rows(found) if found else [],
        "chosen": chosen,
        "heads": [(one, one.is_open(day)) for one in found.quotations] if found else [],
        "kinds": _kinds_to_choose(found, request.POST, day) if found else [],
        "currencies": len({one.terms.currency for one in found.quotations}) if found else 0,
        "key": key_of(),
        "mistakes": mistakes,
        "compared_max": COMPARED_MAX,
        "may_accept": bool(found and any(one.is_open(day) for one in found.quotations)),
        "first_day": _first_end(found.quotations) if found else None,
    }
    return render(request, "orders/compare.html", context, status=422 if mistakes else 200)


def _kinds_to_choose(
    found: Compared, typed: Mapping[str, Any], day: date
) -> list[tuple[QuotationView, list[LineToAccept]]]:
    """(quotation that can be accepted, its lines of which she chooses the kinds)."""
    open_ones = [one for one in found.quotations if one.is_open(day)]
    rows = [(one, [row for row in lines_to_accept(one, typed) if row.kinds]) for one in open_ones]
    return [(one, some) for one, some in rows if some]


def _rows(found: Compared) -> list[tuple[str, list[Mapping[str, Any] | None]]]:
    """(what it is, for each quotation its line, the price of a piece, and whether it is the cheapest)."""
    return [
        (
            name,
            [
                None if line is None else _cell(line, found.quotations[place], is_best=best == place)
                for place, line in enumerate(cells)
            ],
        )
        for name, cells, best in found.rows
    ]


def _cell(line: QuotedLine, quotation: QuotationView, *, is_best: bool) -> Mapping[str, Any]:
    step = line.price_at(line.pieces)
    return {
        "line": line,
        "step": step,
        "currency": quotation.terms.currency,
        "value_minor": None if step is None else value_of(line.pieces, step.price_minor, line.price_per),
        "of_one": price_of_one(line),
        "is_best": is_best,
    }


def _first_end(found: Sequence[QuotationView]) -> date | None:
    """The day on which the first of those that can be accepted ends."""
    ends = [one.terms.valid_until for one in found if one.state is QuotationState.SENT and one.terms.valid_until]
    return min(ends, default=None)


# Accepting ------------------------------------------------------------------------------------------------------------


@guarded(QUOTATION_ACCEPT)
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Put the lines of `q` into a basket (`order`, else a new one) at the quoted prices. `pieces-<line>`: how many;
    `variant-<line>-<variant>`: how many of which kind."""
    organisation = her_buying(request, QUOTATION_ACCEPT)
    chosen = _chosen(request.POST.getlist("q"))
    for one in chosen:
        admitted(request, QUOTATION_ACCEPT, queries_quotations.owner_of_quotation(one, actor_of(request)))
    if not chosen:
        said = gettext("Choose a quotation first.")
        return _compare_page(request, organisation, _chosen(request.POST.getlist("shown")), mistakes=[said])
    of_them = queries_quotations.compare(chosen, organisation=organisation)
    pieces, variants, wrong = taken(request.POST, of_them.quotations if of_them else ())
    if wrong:
        return _not_accepted(request, organisation, chosen, wrong)
    try:
        accepted = actions_quotations.accept_quotations(
            actor=actor_of(request),
            quotations=chosen,
            pieces=pieces,
            variants=variants,
            order=number_of(request.POST.get("order", "")),
            key=id_or_none(request.POST.get("key", "")),
            now=timezone.now(),
        )
    except Refused as refusal:
        said_all = [finding.message(language_of_reader()) for finding in refusal.findings]
        return _not_accepted(request, organisation, chosen, said_all)
    except SundryError as refusal:
        return _not_accepted(request, organisation, chosen, [refusal.message(language_of_reader())])
    messages.success(
        request, gettext("It is in your basket at the quoted prices. Nothing is ordered before you place it.")
    )
    return to_basket(accepted.order)


def _not_accepted(
    request: HttpRequest, organisation: uuid.UUID, chosen: Sequence[uuid.UUID], mistakes: Sequence[str]
) -> HttpResponse:
    """The page on which it was asked for, with why not."""
    shown = _chosen(request.POST.getlist("shown"))
    if len(chosen) == 1 and not shown:
        return _one_page(request, chosen[0], mistakes=mistakes)
    return _compare_page(request, organisation, shown or chosen, mistakes=mistakes)


@guarded(QUOTATION_ACCEPT)
def decline(request: HttpRequest, quotation: uuid.UUID) -> HttpResponse:
    """Not at that price; the stall reads why, and may quote anew."""
    admitted(request, QUOTATION_ACCEPT, queries_quotations.owner_of_quotation(quotation, actor_of(request)))
    if refused := not_posted(request):
        return refused
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _one_page(request, quotation, mistakes=(), form=form)
    try:
        actions_quotations.decline_quotation(
            actor=actor_of(request), quotation=quotation, reason=form.cleaned_data["reason"], now=timezone.now()
        )
    except SundryError as refusal:
        return _one_page(request, quotation, mistakes=[refusal.message(language_of_reader())])
    messages.success(request, gettext("The stall is told. It may quote anew."))
    return redirect("quotation", quotation)


urlpatterns = [
    path("quotations/", quotations, name="quotations"),
    path("quotations/compare/", compare, name="quotations_compare"),
    path("quotations/accept/", accept, name="quotations_accept"),
    path("quotations/<uuid:quotation>/", quotation, name="quotation"),
    path("quotations/<uuid:quotation>/decline", decline, name="quotation_decline"),
]
