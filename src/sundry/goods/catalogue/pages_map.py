"""The market map: its halls, a floor as a drawing made here, and the same as a list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.floor_plan import plan
from sundry.goods.catalogue.operations import STALL_LIST
from sundry.goods.catalogue.rules import StallCard, Told
from sundry.goods.catalogue.showing import spoken, stall_name
from sundry.goods.catalogue.sought import number_of
from sundry.goods.catalogue.storefront import head, language_of_reader, nothing_there, way

LISTED_WHOLE: Final = 120  # stalls of a floor that are listed at once; of a larger one a street at a time


@guarded(STALL_LIST)
@require_safe
def market(request: HttpRequest) -> HttpResponse:
    """The halls, what each sells, and their floors. Two statements."""
    language = language_of_reader()
    title = gettext("Market map")
    description = gettext("The halls of the market, what is sold in each, and where every stall stands.")
    halls = [(hall, spoken(hall.names, language), spoken(hall.trade, language)) for hall in queries_stalls.halls()]
    data = [way(request, [(title, request.path)])]
    return render(request, "catalogue/map.html", {"head": head(request, title, description, data=data), "halls": halls})


@guarded(STALL_LIST)
@require_safe
def floor(request: HttpRequest, hall: str, floor: int) -> HttpResponse:
    """A floor. `stall`: the number of the one that is looked for; `street`: which one is listed. Three statements."""
    halls = {one.code: one for one in queries_stalls.halls()}
    if hall not in halls or floor not in halls[hall].floors:
        raise nothing_there(STALL_LIST)
    language = language_of_reader()
    stalls = queries_stalls.stalls_on(hall, floor)
    number = number_of(request.GET.get("stall", ""))
    here = next((stall for stall in stalls if stall.number == number), None)
    streets = {name: list(of_street) for name, of_street in groupby(stalls, key=lambda stall: stall.place.street)}
    listed = _listed(streets, request.GET.get("street", ""), here)
    title = gettext("Hall %(hall)s, floor %(floor)s") % {"hall": hall, "floor": floor}
    market_map = (gettext("Market map"), reverse("market_map"))
    context = {
        "head": head(request, title, data=[way(request, [market_map, (title, request.path)])]),
        "hall": halls[hall],
        "hall_name": spoken(halls[hall].names, language),
        "trade": spoken(halls[hall].trade, language),
        "floor": floor,
        "plan": plan(stalls, here=here.number if here else None),
        "here": here,
        "here_name": stall_name(here, language) if here else None,
        "count": len(stalls),
        "streets": [(name, len(of_street), name in listed) for name, of_street in streets.items()],
        "listed": [(name, _named(streets[name], language)) for name in listed],
        "is_whole": len(listed) == len(streets),
    }
    return render(request, "catalogue/floor.html", context)


def _listed(streets: dict[str, list[StallCard]], street: str, here: StallCard | None) -> list[str]:
    """The streets whose stalls are listed: all of a small floor, else one."""
    if sum(map(len, streets.values())) <= LISTED_WHOLE:
        return list(streets)
    wanted = street or (here.place.street if here else "")
    return [wanted] if wanted in streets else list(streets)[:1]


def _named(stalls: Sequence[StallCard], language: str) -> list[tuple[StallCard, Told]]:
    return [(stall, stall_name(stall, language)) for stall in stalls]


urlpatterns = [
    path("map/", market, name="market_map"),
    path("map/<slug:hall>/<int:floor>/", floor, name="market_floor"),
]
