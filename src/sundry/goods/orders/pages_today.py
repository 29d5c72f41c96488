"""/my/today/: a stall holder's day on her phone, each thing with one next step."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.storefront import language_of_reader, may, unlisted
from sundry.goods.orders import actions_answering, queries_enquiries, queries_today
from sundry.goods.orders.operations import SALE_ANSWER, SALES_LIST
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.own_sales import done, her_counter, key_of
from sundry.kernel.identifiers import id_or_none, new_id

SHOWN: Final = 12  # of each kind; the rest is behind a link


@guarded(SALES_LIST)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """To answer, to confirm, to hand over, late, paid, changed, to sign. Eleven statements."""
    organisation = her_counter(request, SALES_LIST)
    day = queries_today.day(organisation=organisation, today=timezone.localdate(), limit=SHOWN)
    talks = queries_enquiries.conversations(
        organisation=organisation, side=Side.STALL, language=language_of_reader(), unanswered=True, limit=SHOWN + 1
    )
    context: dict[str, Any] = {
        "head": unlisted(gettext("Today")),
        "today": timezone.localdate(),
        "day": day,
        "talks": talks,
        "shown": SHOWN,
        "may_answer": may(request, SALE_ANSWER),
        "in_stock": sum(sale.is_in_stock for sale in day.to_confirm),
        "is_free": day.is_free and not talks,
    }
    return render(request, "orders/stall/today.html", context)


@guarded(SALE_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_all(request: HttpRequest) -> HttpResponse:
    """Look at all that waits and is in stock, then confirm it by one tap. `sale`: those that she looked at."""
    organisation, day = her_counter(request, SALE_ANSWER), timezone.localdate()
    if request.method == "POST":
        return _confirmed(request)
    found = queries_today.in_stock(organisation=organisation, today=day)
    context = {"head": unlisted(gettext("Confirm all that is in stock")), "sales": found, "key": new_id()}
    return render(request, "orders/stall/confirm_all.html", context)


def _confirmed(request: HttpRequest) -> HttpResponse:
    organisation = her_counter(request, SALE_ANSWER)
    looked_at = {id_ for written in request.POST.getlist("sale") if (id_ := id_or_none(written)) is not None}
    versions = set(request.POST.getlist("seen"))
    found = queries_today.sales_of(organisation=organisation, subs=looked_at, today=timezone.localdate())
    same = [sale for sale in found if f"{sale.id}:{sale.version}" in versions]
    waiting = [sale.id for sale in same if sale.is_waiting and sale.is_in_stock]
    confirmed = {sale.id for sale in found if sale.is_confirmed}
    if waiting:
        told = ngettext("%(count)s order is confirmed.", "%(count)s orders are confirmed.", len(waiting))
        done(
            request,
            SALE_ANSWER,
            lambda: actions_answering.confirm(
                actor=actor_of(request),
                subs=waiting,
                versions={sale.id: sale.version for sale in same},
                key=key_of(request),
                now=timezone.now(),
            ),
            told % {"count": len(waiting)},
        )
    elif confirmed:
        told = ngettext("%(count)s order is confirmed.", "%(count)s orders are confirmed.", len(confirmed))
        messages.success(request, told % {"count": len(confirmed)})
    if left := len(found) - len(waiting) - len(confirmed):
        told = ngettext(
            "%(count)s order was changed or has ended meanwhile, and waits for a look of yours.",
            "%(count)s orders were changed or have ended meanwhile, and wait for a look of yours.",
            left,
        )
        messages.warning(request, told % {"count": left})
    return redirect("my_today")


urlpatterns = [
    path("my/today/", today, name="my_today"),
    path("my/today/confirm", confirm_all, name="my_today_confirm"),
]
