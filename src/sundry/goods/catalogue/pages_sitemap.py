"""For search engines: which pages there are, in which languages, and what they are to leave alone.

The list has an index and parts of at most 10,000 goods, each a range of numbers; a part is written while it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import may_ever
from sundry.goods.catalogue import categories, queries_sitemap, queries_stalls
from sundry.goods.catalogue.operations import GOOD_READ, ROBOTS, SITEMAP
from sundry.goods.catalogue.rules import Collection
from sundry.goods.catalogue.storefront import language_addresses, nothing_there

_HOUR_SECONDS: Final = 3_600
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LINKS: Final = "http://www.w3.org/1999/xhtml"
# What holds nothing of its own, or somebody's own.
LEFT_ALONE: Final = (
    *("/search/", "/*?*cursor=", "/*?*before=", "/*?*sort=", "/wanted/", "/my/", "/market/", "/account/", "/api/"),
    *("/ship/", "/organisations/", "/goods/*/same-photo/"),
)


@guarded(ROBOTS)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What machines may read. Where the market shows its goods to nobody: nothing."""
    if not may_ever(GOOD_READ, actor_of(request)):
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in LEFT_ALONE)]
    lines += ["Crawl-delay: 1", "", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@guarded(SITEMAP)
@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The index of the parts."""
    numbers = range(queries_sitemap.parts())
    places = [
        reverse("sitemap_pages"),
        *(reverse("sitemap_stalls", args=[part]) for part in numbers),
        *(reverse("sitemap_goods", args=[part]) for part in numbers),
    ]
    told = "".join(f"<sitemap><loc>{_whole(request, place)}</loc></sitemap>\n" for place in places)
    return _xml(HttpResponse(f'{_XML}<sitemapindex xmlns="{_SCHEMA}">\n{told}</sitemapindex>\n'))


@guarded(SITEMAP)
@require_safe
def of_pages(request: HttpRequest) -> HttpResponseBase:
    """The market, its categories, collections and floors. Two statements."""
    places = [
        *(reverse(name) for name in ("home", "categories", "market_map")),
        *(reverse("category", args=[key]) for key in categories.tree()),
        *(reverse("collection", args=[one.value]) for one in Collection),
        *(reverse("market_floor", args=[hall.code, floor]) for hall in queries_stalls.halls() for floor in hall.floors),
    ]
    return _part(request, ((place, None) for place in places))


@guarded(SITEMAP)
@require_safe
def of_goods(request: HttpRequest, part: int) -> HttpResponseBase:
    rows = queries_sitemap.goods_of_part(_known(part))
    return _part(request, ((reverse("good", args=[number]), changed) for number, changed in rows))


@guarded(SITEMAP)
@require_safe
def of_stalls(request: HttpRequest, part: int) -> HttpResponseBase:
    rows = queries_sitemap.stalls_of_part(_known(part))
    return _part(request, ((reverse("stall", args=[number]), None) for number in rows))


def _known(part: int) -> int:
    """AccessRefused: no market has so many goods."""
    if part >= 2**63 // queries_sitemap.PART:
        raise nothing_there(SITEMAP)
    return part


def _part(request: HttpRequest, pages: Iterable[tuple[str, date | None]]) -> HttpResponseBase:
    return _xml(StreamingHttpResponse(_written(request, pages)))


def _written(request: HttpRequest, pages: Iterable[tuple[str, date | None]]) -> Iterator[str]:
    """One text for each page."""
    yield f'{_XML}<urlset xmlns="{_SCHEMA}" xmlns:xhtml="{_LINKS}">\n'
    for place, changed in pages:
        plain = request.build_absolute_uri(place)
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(address)}"/>'
            for code, address in (*language_addresses(plain), ("x-default", plain))
        )
        day = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(plain)}</loc>{day}{links}</url>\n"
    yield "</urlset>\n"


def _whole(request: HttpRequest, place: str) -> str:
    return escape(request.build_absolute_uri(place))


def _xml(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Type"] = "application/xml; charset=utf-8"
    response.headers["Cache-Control"] = f"private, max-age={_HOUR_SECONDS}"
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-pages.xml", of_pages, name="sitemap_pages"),
    path("sitemap-goods-<int:part>.xml", of_goods, name="sitemap_goods"),
    path("sitemap-stalls-<int:part>.xml", of_stalls, name="sitemap_stalls"),
]
