"""Marks on the agent's desk: what she notes by many rows at once, for herself alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sundry.base.access.guard import guarded
from sundry.base.parties.forms import spoken
from sundry.base.parties.operations import person_of
from sundry.goods.orders import actions_marks
from sundry.goods.orders.desk_chosen import back, chosen, nothing, orders_of, subs_of, tell
from sundry.goods.orders.mark_rules import MARKED_MAX
from sundry.goods.orders.operations import MARK_WRITE
from sundry.goods.orders.own_orders import her_buying
from sundry.kernel.errors import SundryError


@guarded(MARK_WRITE)
@require_POST
def desk_mark(request: HttpRequest) -> HttpResponse:
    """Mark what was chosen with `word`, her own, or with `mark`, one of the list; `clear` takes the marks off."""
    organisation, person = her_buying(request, MARK_WRITE), person_of(request, MARK_WRITE)
    rows = chosen(request, MARKED_MAX)
    if not rows:
        return nothing(request)
    orders, subs = orders_of(rows), subs_of(rows)
    if "clear" in request.POST:
        done = actions_marks.clear(person=person, orders=orders, subs=subs)
        tell(request, ngettext("%(count)d mark is taken off.", "%(count)d marks are taken off.", done), done)
        return back(request)
    word = request.POST.get("word", "").strip() or request.POST.get("mark", "")
    try:
        done = actions_marks.mark(person=person, organisation=organisation, orders=orders, subs=subs, word=word)
    except SundryError as fault:
        messages.warning(request, fault.message(spoken()))
    else:
        tell(request, ngettext("%(count)d row is marked.", "%(count)d rows are marked.", done), done)
    return back(request)


urlpatterns = [path("desk/mark/", desk_mark, name="desk_mark")]
