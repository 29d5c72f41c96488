"""At whose stall somebody works: her organisation's only one, or the one that the address names (`?stall=12`).

Somebody without a stall is told how she comes to one; somebody with several chooses, and the choice stays in the
address, so that a page that she keeps is of the same stall tomorrow.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue import queries, queries_stalls
from sundry.goods.catalogue.rules import GoodView, StallView
from sundry.goods.catalogue.showing import stall_name
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted

NUMBER_MAX: Final = 2**63 - 1


def her_stall(request: HttpRequest, operation: Operation, title: str) -> StallView | HttpResponse:
    """The stall at which she works, or the page that asks which, or says that there is none. One statement.

    AccessRefused: the address names a stall that is not hers.
    """
    actor = actor_of(request)
    if (decision := decide(operation, actor)) is not Decision.ALLOWED:  # who only looks at others' has no stall
        raise AccessRefused(decision, operation)
    organisation = actor.organisation
    stalls = () if organisation is None else queries_stalls.stalls_of(organisation)
    asked = request.POST.get("stall", "") or request.GET.get("stall", "")
    if asked:
        number = number_of(asked)
        chosen = next((stall for stall in stalls if stall.card.number == number), None)
        if chosen is None:
            raise nothing_there(operation)
        return chosen
    if len(stalls) == 1:
        return stalls[0]
    language = language_of_reader()
    context: dict[str, Any] = {
        "head": unlisted(title),
        "stalls": [(stall, stall_name(stall.card, language)) for stall in stalls],
        "is_post": request.method == "POST",
    }
    return render(request, "catalogue/stall/which.html", context)


def her_good(request: HttpRequest, operation: Operation, number: int) -> GoodView:
    """A good whose stall is hers, or that she may look at. AccessRefused. At most five statements."""
    owner = queries.owner_of(number) if number <= NUMBER_MAX else None
    if owner is None:
        raise nothing_there(operation)
    admit(request, operation, owner)
    view = queries.good(number)
    if view is None:
        raise nothing_there(operation)
    return view


def number_of(written: str) -> int | None:
    """The number of a good or a stall as an address has it."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def numbers_of(written: list[str]) -> list[int]:
    """Those of chosen rows; what is no number is none of ours."""
    return [number for number in map(number_of, written) if number is not None]
