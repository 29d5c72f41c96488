"""Results of a search, categories, collections: lists of goods with their facets, each choice an address.

A search says what it looked for, in the reader's language and in Chinese, and how to look for the words alone;
where nothing is found it says what is near and how to ask for it. A list of goods is one search in
the index and one SQL statement, however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.guard import guarded
from sundry.engines.searching.model import DEPTH_MAX, Facet, Sort
from sundry.engines.searching.port import BadCursor, IndexUnusable
from sundry.goods.catalogue import actions_wanted, categories, searching
from sundry.goods.catalogue.facets import Choice, Choices, choices, chosen
from sundry.goods.catalogue.operations import CATEGORY_READ, SEARCH
from sundry.goods.catalogue.rules import Collection
from sundry.goods.catalogue.showing import Offer, offers, quantities
from sundry.goods.catalogue.sought import TEXT_MAX, Sought, changed, query, sought_of
from sundry.goods.catalogue.storefront import Head, head, language_of_reader, nothing_there, unlisted, way
from sundry.goods.catalogue.words import COLLECTIONS

SHOWN: Final = 24
SUGGESTED: Final = 8
NEAR: Final = 6
FACETS: Final = (Facet.CATEGORY, Facet.PRICE, Facet.MINIMUM, Facet.AREA, Facet.READY)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of goods as a page shows it. `count`: all that are found. `is_end`: the list could go on, but nobody may
    page further."""

    offers: tuple[Offer, ...]
    count: int
    choices: tuple[Choices, ...]
    chosen: tuple[Choice, ...]
    next: str
    is_end: bool
    found: searching.Found


@guarded(SEARCH)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    sought = sought_of(request.GET.dict())
    if not sought.text and not sought.is_filtered:
        return _render(request, "catalogue/search_empty.html", sought, {"tree": _widest()})
    try:
        listing = _listing(sought, path=reverse("search"))
    except BadCursor:
        return _begin_again(request, sought)
    except IndexUnusable:
        return _not_built(request, sought)
    context = {
        "found": listing.found,
        "sorts": _sorts(sought),
        "without_filters": query(Sought(sought.text, quantity=sought.quantity)),
        "words_only": query(changed(sought, words_only=True)),
        "as_corrected": query(changed(sought, text=listing.found.corrected or "")),
        "any_words": query(changed(sought, words_only=False)),
        "wanted": query(Sought(sought.text, quantity=sought.quantity, category=sought.category)),
        "near": () if listing.count else _near(sought.text),
        "text_max": TEXT_MAX,
    }
    if not listing.count and sought.text and not sought.is_filtered and sought.cursor is None:
        actions_wanted.count_miss(language=language_of_reader(), text=sought.text, now=timezone.now())
    return _render(request, "catalogue/search.html", sought, context, listing=listing)


@guarded(SEARCH)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What somebody may be typing, as options of the field in which she types."""
    text = " ".join(request.GET.get("q", "").split())[:TEXT_MAX]
    try:
        found = searching.suggest(text, language_of_reader())[:SUGGESTED] if text else ()
    except IndexUnusable:
        found = ()
    return render(request, "catalogue/suggestions.html", {"suggestions": found})


@guarded(CATEGORY_READ)
@require_safe
def all_categories(request: HttpRequest) -> HttpResponse:
    title = gettext("Categories")
    description = gettext("What the market sells, from kitchenware to toys: all its categories.")
    data = [way(request, [(title, request.path)])]
    context = {"tree": [(key, name, _below(key)) for key, name in _widest()]}
    return render(
        request, "catalogue/categories.html", {"head": head(request, title, description, data=data), **context}
    )


@guarded(CATEGORY_READ)
@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    """A category with its goods; facets, order and quantity as in a search."""
    if category not in categories.tree():
        raise nothing_there(CATEGORY_READ)
    language = language_of_reader()
    name = categories.name(category, language)
    steps = [(categories.name(one, language), reverse("category", args=[one])) for one in categories.path(category)]
    description = gettext("%(name)s at wholesale prices, from the stalls of the market.") % {"name": name}
    context = {
        "key": category,
        "name": name,
        "way": steps[:-1],
        "below": _below(category),
        "title": head(request, name, description, data=[way(request, steps)]),
    }
    return _shelf(request, "catalogue/category.html", context, category=category)


@guarded(CATEGORY_READ)
@require_safe
def collection(request: HttpRequest, collection: str) -> HttpResponse:
    """What is new, much bought, or of the season."""
    if collection not in set(Collection):
        raise nothing_there(CATEGORY_READ)
    name, description = (str(text) for text in COLLECTIONS[Collection(collection)])
    context = {
        "name": name,
        "description": description,
        "title": head(request, name, description, data=[way(request, [(name, request.path)])]),
    }
    return _shelf(request, "catalogue/collection.html", context, collection=collection)


def _shelf(request: HttpRequest, template: str, context: dict[str, Any], **fixed: str) -> HttpResponse:
    """A list of goods that its address names. `fixed`: what of the search that is."""
    sought = changed(sought_of(request.GET.dict()), text="", words_only=False, **fixed)
    sought = changed(sought, cursor=request.GET.get("cursor") and sought_of(request.GET.dict()).cursor)
    try:
        listing = _listing(sought, path=request.path, fixed=tuple(fixed))
    except BadCursor:
        return _begin_again(request, sought, fixed=tuple(fixed))
    except IndexUnusable:
        return _not_built(request, sought)
    is_plain = not query(changed(sought, quantity=1), without=tuple(fixed)) and sought.cursor is None
    title: Head = context.pop("title")
    context["head"] = title if is_plain else unlisted(title.title, title.description)
    context["sorts"] = _sorts(sought, fixed=tuple(fixed))
    return _render(request, template, sought, context, listing=listing)


# What the pages share -----------------------------------------------------------------------------------------------


def _listing(sought: Sought, *, path: str, fixed: tuple[str, ...] = ()) -> Listing:
    """BadCursor, IndexUnusable. One search, one statement."""
    language = language_of_reader()
    found = searching.search(
        sought.text,
        language=language,
        reader=language,
        filters=sought.filters(),
        sort=sought.sort,
        cursor=sought.cursor,
        limit=SHOWN,
        facets=tuple(facet for facet in FACETS if facet.value not in fixed),
        words_only=sought.words_only,
    )
    following = found.page.cursor
    return Listing(
        offers=offers(found.cards, language=language, quantity=sought.quantity),
        count=found.page.count,
        choices=choices(found.page.facets, sought, path=path, fixed=fixed),
        chosen=chosen(sought, path=path, fixed=fixed),
        next=query(changed(sought, cursor=following), without=fixed) if following else "",
        is_end=following is None and sought.cursor is not None and found.page.count > DEPTH_MAX,
        found=found,
    )


def _render(
    request: HttpRequest,
    template: str,
    sought: Sought,
    context: dict[str, Any],
    *,
    listing: Listing | None = None,
    status: int = 200,
) -> HttpResponse:
    title = gettext("Search: %(text)s") % {"text": sought.text} if sought.text else gettext("Search")
    whole = {
        "head": unlisted(title),
        "sought": sought,
        "search_text": sought.text,
        "quantity": sought.quantity,
        "quantities": quantities(sought.quantity),
        "listing": listing,
        "offers": listing.offers if listing else (),
        "page": {"previous": "", "next": listing.next if listing else ""},
        **context,
    }
    return render(request, template, whole, status=status)


def _begin_again(request: HttpRequest, sought: Sought, fixed: tuple[str, ...] = ()) -> HttpResponse:
    """A cursor that is none, or of another list: where the list begins."""
    context = {"again": f"{request.path}{query(changed(sought, cursor=None), without=fixed)}"}
    return _render(request, "catalogue/search_lost.html", sought, context)


def _not_built(request: HttpRequest, sought: Sought) -> HttpResponse:
    response = _render(request, "catalogue/search_not_built.html", sought, {}, status=503)
    response.headers["Retry-After"] = "60"
    return response


def _sorts(sought: Sought, fixed: tuple[str, ...] = ()) -> list[tuple[str, str, bool]]:
    """(order, its query, whether it is this one)."""
    return [(one.value, query(changed(sought, sort=one), without=fixed) or "?", one is sought.sort) for one in Sort]


def _near(text: str) -> Sequence[str]:
    """What a reader may have meant, word by word."""
    language = language_of_reader()
    ideas = [one.text for word in text.split()[:5] for one in searching.suggest(word, language)[:SUGGESTED]]
    return list(dict.fromkeys(ideas))[:NEAR]


def _widest() -> list[tuple[str, str]]:
    return _below("")


def _below(key: str) -> list[tuple[str, str]]:
    language = language_of_reader()
    return [(one, categories.name(one, language)) for one in categories.children(key)]


urlpatterns = [
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="search_suggest"),
    path("categories/", all_categories, name="categories"),
    path("categories/<slug:category>/", category, name="category"),
    path("collections/<slug:collection>/", collection, name="collection"),
]
