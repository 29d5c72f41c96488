"""Reminding from the agent's desk: one sentence, chosen once, to all stalls of the chosen rows that it is true of."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.storefront import language_of_reader, unlisted
from sundry.goods.orders import actions_reminders
from sundry.goods.orders.desk_chosen import back, chosen, nothing, orders_of, subs_of, tell
from sundry.goods.orders.operations import STALL_REMIND
from sundry.goods.orders.operations_talk import take_message
from sundry.goods.orders.own_orders import her_buying
from sundry.goods.orders.phrases import said
from sundry.goods.orders.reminder_rules import REMINDED_MAX, Reminder
from sundry.kernel.errors import SundryError


@guarded(STALL_REMIND)
@require_POST
def desk_remind(request: HttpRequest) -> HttpResponse:
    """Say how many stalls each sentence would reach; with `reminder`, send that one."""
    organisation = her_buying(request, STALL_REMIND)
    rows = chosen(request, REMINDED_MAX)
    if not rows:
        return nothing(request)
    chosen_rows = {"orders": orders_of(rows), "subs": subs_of(rows)}
    what: dict[str, Any] = {"organisation": organisation, "now": timezone.now(), **chosen_rows}
    wanted = request.POST.get("reminder", "")
    if wanted in {one.value for one in Reminder}:
        return _sent(request, Reminder(wanted), what)
    language = language_of_reader()
    plans = actions_reminders.planned_for(**what)
    values = {
        "head": unlisted(gettext("Remind the stalls")),
        "rows": rows,
        "choices": [(one.value, said(one.phrase, language, {"codes": "…"}), plans[one]) for one in plans],
        "reaches": any(one.parts for one in plans.values()),
        "again": max(one.again for one in plans.values()),
        "query": request.POST.get("query", ""),
    }
    return render(request, "orders/desk/remind.html", values)


def _sent(request: HttpRequest, reminder: Reminder, what: dict[str, Any]) -> HttpResponse:
    language = language_of_reader()
    try:
        take_message(actor_of(request), now=timezone.now())
        done = actions_reminders.remind(actor=actor_of(request), reminder=reminder, language=language, **what)
    except SundryError as fault:
        messages.warning(request, fault.message(language))
        return back(request)
    tell(request, ngettext("%(count)d stall is reminded.", "%(count)d stalls are reminded.", done.stalls), done.stalls)
    if done.again:
        said = ngettext(
            "%(count)d stall had a reminder today already.",
            "%(count)d stalls had a reminder today already.",
            done.again,
        )
        messages.info(request, said % {"count": done.again})
    return back(request)


urlpatterns = [path("desk/remind/", desk_remind, name="desk_remind")]
