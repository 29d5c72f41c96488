"""A stall's page, by its number and by the short address that it shares, with a QR code to print."""

from __future__ import annotations

from typing import Final

import qrcode
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathFillImage

from sundry.base.access.guard import guarded
from sundry.goods.catalogue import queries, queries_stalls, structured
from sundry.goods.catalogue.operations import STALL_READ
from sundry.goods.catalogue.pictures import address
from sundry.goods.catalogue.rules import PHOTO_WIDTHS, StallView, State
from sundry.goods.catalogue.showing import offers, quantities, spoken, stall_name
from sundry.goods.catalogue.sought import number_of, quantity_of
from sundry.goods.catalogue.storefront import head, language_of_reader, nothing_there, unlisted, way

GOODS_SHOWN: Final = 24
WORDS_MAX: Final = 100  # characters of a search within a stall


@guarded(STALL_READ)
@require_safe
def stall(request: HttpRequest, stall_number: int) -> HttpResponse:
    return _stall(request, queries_stalls.stall_by_number(stall_number) if stall_number < 2**63 else None)


@guarded(STALL_READ)
@require_safe
def shared(request: HttpRequest, slug: str) -> HttpResponse:
    """The same by its short address: shown at once, so that a code that was scanned costs one request."""
    return _stall(request, queries_stalls.stall_by_slug(slug))


def _stall(request: HttpRequest, view: StallView | None) -> HttpResponse:
    """`item`: words in the names of its goods; `before`: where the list goes on."""
    if view is None or not view.is_open:
        raise nothing_there(STALL_READ)
    language = language_of_reader()
    quantity = quantity_of(request.GET.get("quantity", ""))
    words = request.GET.get("item", "").strip()[:WORDS_MAX]
    before = number_of(request.GET.get("before", ""))
    found = queries.goods_of_stall(
        view.card.id, states=frozenset({State.LISTED}), before=before, limit=GOODS_SHOWN + 1, words=words
    )
    shown = found[:GOODS_SHOWN]
    name, about = stall_name(view.card, language), spoken(view.about, language, source=view.language)
    home = reverse("stall", args=[view.card.number])
    share = request.build_absolute_uri(reverse("stall_shared", args=[view.card.slug]))
    summary = about.text or gettext("Wholesale goods of the stall %(stall)s at booth %(booth)s.") % {
        "stall": name.text,
        "booth": view.card.place.code,
    }
    data = [
        structured.organisation(
            name.text, url=request.build_absolute_uri(home), place=view.card.place.code, description=about.text
        ),
        way(request, [(name.text, home)]),
    ]
    cover = next((address(card.cover, PHOTO_WIDTHS[1]) for card in shown if card.cover), "")
    is_first = not words and before is None
    context = {
        "head": head(request, name.text, summary, path=home, image=cover, data=data)
        if is_first
        else unlisted(name.text),
        "view": view,
        "stall": view.card,
        "name": name,
        "about": about,
        "is_foreign": about.language != language,
        "share": share,
        "words": words,
        "offers": offers(shown, language=language, quantity=quantity),
        "quantity": quantity,
        "quantities": quantities(quantity),
        "page": _pager(request, shown[-1].number if len(found) > GOODS_SHOWN else None),
    }
    return render(request, "catalogue/stall.html", context)


@guarded(STALL_READ)
@require_safe
def code(request: HttpRequest, stall_number: int) -> HttpResponse:
    """A drawing that a phone reads: the short address of the stall."""
    view = queries_stalls.stall_by_number(stall_number) if stall_number < 2**63 else None
    if view is None or not view.is_open:
        raise nothing_there(STALL_READ)
    share = request.build_absolute_uri(reverse("stall_shared", args=[view.card.slug]))
    drawn: str = qrcode.make(share, image_factory=SvgPathFillImage).to_string(encoding="unicode")
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _pager(request: HttpRequest, last: int | None) -> dict[str, str]:
    asked = request.GET.copy()
    asked.pop("lang", None)
    if last is None:
        return {"previous": "", "next": ""}
    asked["before"] = str(last)
    return {"previous": "", "next": f"?{asked.urlencode()}"}


urlpatterns = [
    path("stalls/<int:stall_number>/", stall, name="stall"),
    path("stalls/<int:stall_number>/qr.svg", code, name="stall_code"),
    path("s/<slug:slug>/", shared, name="stall_shared"),
]
