"""A good on show, what its stall and others have besides, a product that several stalls offer, photos.

Each page is a fixed number of SQL statements. A good that is not on show is not there, for its own stall too: that sees
it among its goods.
"""

from __future__ import annotations

import re
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.goods.catalogue import categories, pictures, queries, queries_stalls, searching, structured
from sundry.goods.catalogue.operations import GOOD_READ, PHOTO_READ, PRODUCT_READ
from sundry.goods.catalogue.rules import PHOTO_WIDTHS, GoodCard, GoodView, State, Told
from sundry.goods.catalogue.showing import (
    cartons,
    offers,
    price_for,
    quantities,
    spoken,
    stall_name,
    steps,
)
from sundry.goods.catalogue.sought import quantity_of
from sundry.goods.catalogue.storefront import Head, head, language_of_reader, nothing_there, way
from sundry.goods.catalogue.texts import told

OTHERS_SHOWN: Final = 8  # other goods of the stall, goods that are similar
ALIKE_SHOWN: Final = 4
_PHOTO: Final = re.compile(r"([0-9a-f]{64})-(\d{3,4})\.webp")
_YEAR_SECONDS: Final = 365 * 24 * 3600


@guarded(GOOD_READ)
@require_safe
def good(request: HttpRequest, good_number: int) -> HttpResponse:
    """One good. `quantity`: how many pieces the buyer wants."""
    view = _the_good(good_number)
    language = language_of_reader()
    quantity = quantity_of(request.GET.get("quantity", ""))
    draft = view.draft
    name = told(draft.names, language, source=draft.language)
    description = spoken(draft.descriptions, language, source=draft.language)
    stall = queries_stalls.stall(view.card.stall.id)
    similar = queries.cards(searching.similar(good_number)[:OTHERS_SHOWN])
    context = {
        "head": _head(request, view, name, description),
        "view": view,
        "draft": draft,
        "name": name,
        "original": _original(view, name),
        "description": description,
        "is_foreign": description.language != language,
        "price": price_for(draft.ladder, quantity),
        "steps": steps(draft.ladder, quantity),
        "cartons": cartons(draft, quantity),
        "variants": [(spoken(one.names, language, source=draft.language), one) for one in draft.variants],
        "quantity": quantity,
        "quantities": quantities(quantity),
        "stall": view.card.stall,
        "stall_view": stall,
        "stall_name": stall_name(view.card.stall, language),
        "way": _way_to(draft.category),
        "others": offers(_others(view), language=language, quantity=quantity),
        "alike": offers(_alike(view)[:ALIKE_SHOWN], language=language, quantity=quantity),
        "similar": offers(similar, language=language, quantity=quantity),
    }
    return render(request, "catalogue/good.html", context)


@guarded(GOOD_READ)
@require_safe
def alike(request: HttpRequest, good_number: int) -> HttpResponse:
    """Goods of other stalls with the same photo, whoever took it."""
    view = _the_good(good_number)
    language = language_of_reader()
    quantity = quantity_of(request.GET.get("quantity", ""))
    name = told(view.draft.names, language, source=view.draft.language)
    title = gettext("The same photo as “%(name)s”") % {"name": name.text}
    context = {
        "head": head(request, title, path=reverse("good", args=[good_number])),
        "view": view,
        "name": name,
        "offers": offers(_alike(view), language=language, quantity=quantity),
        "quantity": quantity,
    }
    return render(request, "catalogue/alike.html", context)


@guarded(PRODUCT_READ)
@require_safe
def product(request: HttpRequest, product_number: int) -> HttpResponse:
    """What several stalls offer alike, the cheapest first."""
    view = queries.product(product_number) if product_number < 2**63 else None
    if view is None or not view.offers:
        raise nothing_there(PRODUCT_READ)
    language = language_of_reader()
    quantity = quantity_of(request.GET.get("quantity", ""))
    name = told(view.names, language, source="zh")
    shown = offers(view.offers, language=language, quantity=quantity)
    url = request.build_absolute_uri(request.path)
    data = [
        structured.shared_product(name.text, view.offers, url=url, brand=view.brand),
        way(request, [*_way_to(view.category), (name.text, request.path)]),
    ]
    description = gettext("The same product at %(count)s stalls of the market, with their prices.") % {
        "count": len(shown)
    }
    cover = next((offer.card.cover for offer in shown if offer.card.cover), "")
    context = {
        "head": head(request, name.text, description, image=_address(cover), data=data),
        "view": view,
        "name": name,
        "offers": shown,
        "cover": cover,
        "quantity": quantity,
        "quantities": quantities(quantity),
        "way": _way_to(view.category),
    }
    return render(request, "catalogue/product.html", context)


@guarded(PHOTO_READ)
@require_safe
def photo(request: HttpRequest, photo: str) -> FileResponse:
    """A photo in one of its widths. Its name is what it holds, so it never changes."""
    found = _PHOTO.fullmatch(photo)
    if found is None or int(found[2]) not in PHOTO_WIDTHS:
        raise nothing_there(PHOTO_READ)
    try:
        data = pictures.path(found[1], int(found[2])).open("rb")
    except OSError:
        raise nothing_there(PHOTO_READ) from None
    response = FileResponse(data, content_type="image/webp")
    response.headers["Cache-Control"] = f"private, max-age={_YEAR_SECONDS}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _the_good(number: int) -> GoodView:
    """AccessRefused: there is none on show."""
    view = queries.on_show(number) if number < 2**63 else None
    if view is None:
        raise nothing_there(GOOD_READ)
    return view


def _head(request: HttpRequest, view: GoodView, name: Told, description: Told) -> Head:
    url = request.build_absolute_uri(request.path)
    language = language_of_reader()
    seller = stall_name(view.card.stall, language).text
    category = categories.name(view.draft.category, language) if view.draft.category in categories.tree() else ""
    images = [request.build_absolute_uri(_address(photo.file)) for photo in view.photos]
    summary = description.text or gettext("%(name)s, wholesale, at the stall %(stall)s.") % {
        "name": name.text,
        "stall": seller,
    }
    data = [
        structured.product(
            view, name=name.text, description=summary, category=category, seller=seller, url=url, images=images
        ),
        way(request, [*_way_to(view.draft.category), (name.text, request.path)]),
    ]
    image = _address(view.photos[0].file) if view.photos else ""
    return head(request, name.text, summary, image=image, data=data)


def _original(view: GoodView, name: Told) -> Told | None:
    """The stall's own words, where the reader is shown others."""
    language = view.draft.language
    own = view.draft.names.get(language, "")
    return Told(own, language) if own and (name.composed or name.language != language) else None


def _others(view: GoodView) -> list[GoodCard]:
    """What else the stall shows."""
    listed = queries.goods_of_stall(view.card.stall.id, states=frozenset({State.LISTED}), limit=OTHERS_SHOWN + 1)
    return [card for card in listed if card.number != view.card.number][:OTHERS_SHOWN]


def _alike(view: GoodView) -> list[GoodCard]:
    """Goods of other stalls with the same photo."""
    return [card for card in queries.same_photo(view.card.id) if card.stall.id != view.card.stall.id]


def _way_to(category: str) -> list[tuple[str, str]]:
    """(name, path) of each category from the widest."""
    return [
        (categories.name(key, language_of_reader()), reverse("category", args=[key]))
        for key in categories.path(category)
    ]


def _address(file: str) -> str:
    return pictures.address(file, PHOTO_WIDTHS[1]) if file else ""


urlpatterns = [
    path("goods/<int:good_number>/", good, name="good"),
    path("goods/<int:good_number>/same-photo/", alike, name="good_alike"),
    path("products/<int:product_number>/", product, name="product"),
    path("photos/<str:photo>", photo, name="photo"),
]
