"""A buyer changes her basket: all quantities of a page at once, one of them, a line, what is said of the whole.

Whatever is refused comes back as the page it was typed on, with every mistake at its line and all that was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_basket, queries_orders
from sundry.goods.orders.errors import NotNow, Refused, Stale
from sundry.goods.orders.forms_orders import HeadForm, LineForm, head_of, line_of, looked_again, mistakes
from sundry.goods.orders.operations import BASKET_WRITE
from sundry.goods.orders.order_rules import LineView, OrderState, OrderView
from sundry.goods.orders.own_orders import her_order, not_posted, tell_done, was_done
from sundry.goods.orders.pages_basket import LINES_SHOWN, Typed, basket_page, page_of, pieces_of, sums, to_basket
from sundry.goods.orders.undoing import way_back, wish_back
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

Mistakes = Mapping[uuid.UUID | None, Sequence[str]]
"""What is wrong, by line; None: with the basket."""


def her_basket(request: HttpRequest, number: int, *, is_read: bool = True) -> OrderView | HttpResponse:
    """Her basket, else the page of the order that it has become. `is_read`: not only sent to. AccessRefused."""
    view = her_order(request, BASKET_WRITE, number)
    if not is_read and (refused := not_posted(request)):
        return refused
    if view.card.state is OrderState.DRAFT:
        return view
    messages.info(request, gettext("This order is placed already: its basket cannot be changed any more."))
    return redirect("order", number)


# All quantities of a page ---------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
def quantities(request: HttpRequest, order: int) -> HttpResponse:
    """`pieces-<line>` for each line of the page, and perhaps `remove` with the line that goes. `version`: as seen."""
    view = her_basket(request, order, is_read=False)
    if isinstance(view, HttpResponse):
        return view
    there = {line.id: line for line in queries_orders.lines(order, limit=LINES_SHOWN, after=page_of(request))}
    removed = id_or_none(request.POST.get("remove", ""))
    gone = there.pop(removed, None) if removed is not None else None
    typed = {line: request.POST[f"pieces-{line}"][:20] for line in there if f"pieces-{line}" in request.POST}
    wanted, wrong = _wanted(there, typed)
    version = _version(request, view)
    if wanted and not wrong:
        version, wrong = _changed(request, view, wanted, version)
    if wrong:
        shown = {line: Typed(text, tuple(wrong.get(line, ()))) for line, text in typed.items()}
        return basket_page(request, order, typed=shown, mistakes=wrong.get(None, ()), status=422)
    if "remove" in request.POST:
        return _removed(request, view, gone, version)
    if wanted:
        messages.success(request, gettext("The quantities are changed."))
    return redirect("order_place", order) if "then" in request.POST else to_basket(order, after=page_of(request))


def _wanted(
    there: Mapping[uuid.UUID, LineView], typed: Mapping[uuid.UUID, str]
) -> tuple[dict[uuid.UUID, int], Mistakes]:
    """(pieces by line, of those that are to change; what cannot be read, by line)."""
    wanted: dict[uuid.UUID, int] = {}
    wrong: dict[uuid.UUID | None, Sequence[str]] = {}
    for line, text in typed.items():
        pieces, mistake = pieces_of(text)
        if pieces is None:
            wrong[line] = (mistake,)
        elif pieces != there[line].pieces:
            wanted[line] = pieces
    return wanted, wrong


def _changed(
    request: HttpRequest, view: OrderView, wanted: Mapping[uuid.UUID, int], version: int
) -> tuple[int, Mistakes]:
    """(the new version; what was refused, by line: then nothing is changed)."""
    try:
        version = actions_basket.change_pieces(
            actor=actor_of(request),
            order=view.card.number,
            pieces=wanted,
            version=version,
            now=timezone.now(),
        )
    except Refused as refusal:
        return version, _by_line(refusal, list(wanted))
    except SundryError as refusal:
        return version, {None: (refusal.message(language_of_reader()),)}
    return version, {}


def _by_line(refusal: Refused, lines: Sequence[uuid.UUID]) -> Mistakes:
    """`row` of a finding counts the lines that were sent, from 1."""
    found: dict[uuid.UUID | None, list[str]] = {}
    for finding in refusal.findings:
        at = lines[finding.row - 1] if 0 < finding.row <= len(lines) else None
        found.setdefault(at, []).append(finding.message(language_of_reader()))
    return {at: tuple(said) for at, said in found.items()}


def _version(request: HttpRequest, view: OrderView) -> int:
    """The version she looked at, so that nobody's change is lost; a form without it means the one there is."""
    written = request.POST.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else view.card.version


def _removed(request: HttpRequest, view: OrderView, line: LineView | None, version: int) -> HttpResponse:
    """Without the line, and with the way back; a second click finds it gone."""
    number, after = view.card.number, page_of(request)
    if line is None:
        return to_basket(number, after=after)
    sub = next(sub for sub in view.subs if sub.id == line.sub)
    try:
        actions_basket.remove(
            actor=actor_of(request), order=number, lines=[line.id], version=version, now=timezone.now()
        )
    except SundryError as refusal:
        return basket_page(request, number, mistakes=[refusal.message(language_of_reader())], status=422)
    return to_basket(number, after=after, undo=way_back(line, sub.stall))


@guarded(BASKET_WRITE)
def put_back(request: HttpRequest, order: int) -> HttpResponse:
    """What was taken out just now comes back, once."""
    view = her_basket(request, order, is_read=False)
    if isinstance(view, HttpResponse):
        return view
    if was_done(request, key="undo"):
        return to_basket(order)
    wish = wish_back(request.POST.get("undo", ""))
    if wish is None:
        return basket_page(request, order, mistakes=[gettext("It is too long ago: add the good again.")], status=422)
    try:
        actions_basket.put(actor=actor_of(request), order=order, wishes=[wish], version=None, now=timezone.now())
    except Refused as refusal:
        said = [finding.message(language_of_reader()) for finding in refusal.findings]
        return basket_page(request, order, mistakes=said, status=422)
    tell_done(request, gettext("It is back in your basket."), key="undo")
    return to_basket(order)


# One line -------------------------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, order: int, line: uuid.UUID) -> HttpResponse:
    """All of a line: pieces, an offered price, who collects the foreign exchange, a note. By script: its pieces only,
    and the sums that follow from them come back."""
    view = her_basket(request, order)
    if isinstance(view, HttpResponse):
        return view
    found = queries_orders.line(order, line)
    if found is None:
        raise nothing_there(BASKET_WRITE)
    if getattr(request, "htmx", False) and request.method == "POST":
        return _sums_again(request, view, found)
    sub = next(sub for sub in view.subs if sub.id == found.sub)
    currency, is_agents = view.card.currency, has_agent(view)
    if request.method == "POST":
        form = LineForm(request.POST, currency=currency, has_agent=is_agents)
        if form.is_valid() and _line_changed(request, view, found, form):
            messages.success(request, gettext("The line is changed."))
            return to_basket(order)
    else:
        form = LineForm(initial=line_of(found, view.card.version), currency=currency, has_agent=is_agents)
    context = {
        "head": unlisted(gettext("One line")),
        "view": view,
        "card": view.card,
        "line": found,
        "sub": sub,
        "form": form,
    }
    return render(request, "orders/line.html", context, status=422 if form.is_bound else 200)


def _line_changed(request: HttpRequest, view: OrderView, found: LineView, form: LineForm) -> bool:
    given = form.cleaned_data
    is_offered = (given["price_minor"], given["price_per"]) != (found.price_minor, found.price_per)
    try:
        actions_basket.change_line(
            actor=actor_of(request),
            order=view.card.number,
            line=found.id,
            pieces=given["pieces"],
            note=given["note"],
            collector=form.chosen_collector(),
            price_minor=given["price_minor"] if is_offered else None,
            price_per=given["price_per"] if is_offered else None,
            version=given["version"],
            now=timezone.now(),
        )
    except Refused as refusal:
        mistakes(form, refusal.findings)
    except Stale as refusal:
        looked_again(form, refusal.message(language_of_reader()), view.card.version)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


def _sums_again(request: HttpRequest, view: OrderView, found: LineView) -> HttpResponse:
    """A fragment: the stall's lines and sums, and the sums of all."""
    number, text = view.card.number, request.POST.get(f"pieces-{found.id}", "")[:20]
    pieces, mistake = pieces_of(text)
    wrong: Mistakes = {found.id: (mistake,)} if pieces is None else {}
    if pieces is not None and pieces != found.pieces:
        _, wrong = _changed(request, view, {found.id: pieces}, _version(request, view))
    said = tuple(message for several in wrong.values() for message in several)
    fresh = her_order(request, BASKET_WRITE, number)
    shown = queries_orders.lines(number, after=page_of(request), limit=LINES_SHOWN)
    lines = [one for one in shown if one.sub == found.sub]
    context: dict[str, Any] = sums(fresh, lines, {found.id: Typed(text, said)} if said else {})
    return render(request, "orders/basket_sums.html", context)


# The whole ------------------------------------------------------------------------------------------------------------


@guarded(BASKET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, order: int) -> HttpResponse:
    """Name, destination, who collects the foreign exchange, a note to all."""
    view = her_basket(request, order)
    if isinstance(view, HttpResponse):
        return view
    given = {"data": request.POST} if request.method == "POST" else {"initial": head_of(view)}
    form = HeadForm(**given, has_agent=has_agent(view))
    if form.is_bound and form.is_valid() and _head_changed(request, view, form):
        messages.success(request, gettext("Your changes are kept."))
        return redirect("order_place", order)
    context = {"head": unlisted(gettext("About the order")), "view": view, "card": view.card, "form": form}
    return render(request, "orders/about.html", context, status=422 if form.is_bound else 200)


def has_agent(view: OrderView) -> bool:
    """Whether an agent buys it: else the stalls collect the foreign exchange."""
    return view.card.agent.organisation is not None


def _head_changed(request: HttpRequest, view: OrderView, form: HeadForm) -> bool:
    try:
        actions_basket.change_head(
            actor=actor_of(request),
            order=view.card.number,
            head=form.head(view.card.currency),
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except Refused as refusal:
        mistakes(form, refusal.findings)
    except Stale as refusal:
        looked_again(form, refusal.message(language_of_reader()), view.card.version)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


@guarded(BASKET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, order: int) -> HttpResponse:
    """Ask, then throw the basket away."""
    view = her_basket(request, order)
    if isinstance(view, HttpResponse):
        return view
    if request.method == "POST":
        try:
            actions_basket.discard(actor=actor_of(request), order=order, now=timezone.now())
        except NotNow as refusal:  # it was placed in between
            messages.error(request, refusal.message(language_of_reader()))
            return redirect("order", order)
        messages.success(request, gettext("The basket is thrown away."))
        return redirect("basket")
    context = {"head": unlisted(gettext("Throw the basket away")), "view": view, "card": view.card}
    return render(request, "orders/discard.html", context)


urlpatterns = [
    path("orders/<int:order>/quantities", quantities, name="basket_quantities"),
    path("orders/<int:order>/put-back", put_back, name="basket_put_back"),
    path("orders/<int:order>/lines/<uuid:line>/", line, name="basket_line"),
    path("orders/<int:order>/about/", about, name="basket_about"),
    path("orders/<int:order>/discard/", discard, name="basket_discard"),
]
