"""/market/: what the operator decides: goods that wait, papers for brands. One screen, one key an answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue import actions, actions_papers, actions_stalls, queries, queries_stalls
from sundry.goods.catalogue.checks import findings
from sundry.goods.catalogue.errors import NotThere
from sundry.goods.catalogue.operations import GOOD_DECIDE, PAPER_DECIDE, QUEUE_READ
from sundry.goods.catalogue.own_stall import number_of, numbers_of
from sundry.goods.catalogue.pages_my_goods import row_of
from sundry.goods.catalogue.rules import GoodView
from sundry.goods.catalogue.showing import spoken, stall_name, steps
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Severity
from sundry.kernel.identifiers import id_or_none

QUEUE_SHOWN: Final = 20


# Goods that wait ------------------------------------------------------------------------------------------------------


@guarded(QUEUE_READ)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Goods that wait, the longest first, each with everything that a decision needs. At most four statements."""
    after = number_of(request.GET.get("after", ""))
    views = queries.queue(after=after, limit=QUEUE_SHOWN + 1)
    following = views[QUEUE_SHOWN - 1].card.number if len(views) > QUEUE_SHOWN else None
    context = {
        "head": unlisted(gettext("Goods that wait")),
        "waiting": [_waiting(view) for view in views[:QUEUE_SHOWN]],
        "is_first": after is None,
        "page": {"previous": "", "next": f"?after={following}" if following else ""},
        "may_decide": may(request, GOOD_DECIDE),
    }
    return render(request, "catalogue/market/queue.html", context)


def _waiting(view: GoodView) -> dict[str, object]:
    language, draft = language_of_reader(), view.draft
    found = findings(draft, for_show=True, day=timezone.localdate(), photos=len(view.photos))
    return {
        "view": view,
        "row": row_of(view.card),
        "own": spoken(draft.names, draft.language, source=draft.language),
        "description": spoken(draft.descriptions, language, source=draft.language),
        "stall": stall_name(view.card.stall, language),
        "steps": steps(draft.ladder, 1),
        "findings": [one for one in found if one.severity is not Severity.NOTE],
    }


@guarded(GOOD_DECIDE)
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """The chosen goods go on show; all of them or none."""
    numbers = numbers_of(request.POST.getlist("row"))
    if not numbers:
        messages.warning(request, gettext("No good was chosen."))
        return redirect("market_queue")

    def do() -> None:
        actions.approve(actor=actor_of(request), numbers=numbers, now=timezone.now())

    count = len(set(numbers))
    said = ngettext("%(count)s good is on show.", "%(count)s goods are on show.", count)
    _decide(request, GOOD_DECIDE, do, said % {"count": count})
    return redirect("market_queue")


@guarded(GOOD_DECIDE)
@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """One good goes back to its stall with a reason."""
    number = number_of(request.POST.get("good", ""))
    if number is None:
        raise nothing_there(GOOD_DECIDE)

    def do() -> None:
        reason = request.POST.get("reason", "")
        actions.refuse(actor=actor_of(request), number=number, reason=reason, now=timezone.now())

    _decide(request, GOOD_DECIDE, do, gettext("The good went back to its stall, with your reason."))
    return redirect("market_queue")


def _decide(request: HttpRequest, operation: Operation, do: Callable[[], None], done: str) -> None:
    """What came of it, as a message. AccessRefused: there is no such thing."""
    try:
        do()
    except NotThere:
        raise nothing_there(operation) from None
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    else:
        messages.success(request, done)


# Papers ---------------------------------------------------------------------------------------------------------------


@guarded(QUEUE_READ)
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Papers that wait, the longest first. At most two statements."""
    found = queries_stalls.papers_waiting(after=id_or_none(request.GET.get("after", "")), limit=QUEUE_SHOWN + 1)
    following = found[QUEUE_SHOWN - 1].id if len(found) > QUEUE_SHOWN else None
    language = language_of_reader()
    context = {
        "head": unlisted(gettext("Papers that wait")),
        "papers": [(paper, stall_name(paper.stall, language)) for paper in found[:QUEUE_SHOWN]],
        "page": {"previous": "", "next": f"?after={following}" if following else ""},
        "may_decide": may(request, PAPER_DECIDE),
    }
    return render(request, "catalogue/market/papers.html", context)


@guarded(PAPER_DECIDE)
@require_POST
def decide_paper(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """`answer`: accept, refuse (with a reason), or revoke what was accepted (with a reason)."""
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    actor, now = actor_of(request), timezone.now()
    if queries_stalls.paper(paper) is None:
        raise nothing_there(PAPER_DECIDE)
    if answer == "revoke":
        _decide(
            request,
            PAPER_DECIDE,
            lambda: _revoke(request, paper, reason),
            gettext("The paper is no longer accepted."),
        )
    elif answer in ("accept", "refuse"):
        _decide(
            request,
            PAPER_DECIDE,
            lambda: actions_stalls.decide_paper(
                actor=actor, paper=paper, accepted=answer == "accept", reason=reason, now=now
            ),
            gettext("The paper is accepted.") if answer == "accept" else gettext("The paper is refused."),
        )
    else:
        messages.warning(request, gettext("Say whether the paper is accepted."))
    return redirect("market_papers")


def _revoke(request: HttpRequest, paper: uuid.UUID, reason: str) -> None:
    actions_papers.revoke_paper(actor=actor_of(request), paper=paper, reason=reason, now=timezone.now())


urlpatterns = [
    path("market/queue/", queue, name="market_queue"),
    path("market/queue/approve", approve, name="market_approve"),
    path("market/queue/refuse", refuse, name="market_refuse"),
    path("market/papers/", papers, name="market_papers"),
    path("market/papers/<uuid:paper>/decide", decide_paper, name="market_paper_decide"),
]
