"""What a page says to programs that read it: schema.org as JSON, in a <script> that no browser runs.

Problem: the data stands inside HTML, and a name may hold "</script>" or "<!--". Therefore `embedded` writes every sign
that could end or open markup as an escape of JSON, which a reader of JSON does not notice and HTML cannot see.

Prices are told as they can be bought: that of the smallest order, with the smallest order beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sundry.goods.catalogue.rules import CURRENCY, GoodCard, GoodView, Supply

Data = dict[str, Any]

_CONTEXT: Final = "https://schema.org"
_ESCAPED: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"})


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that may stand between <script> and </script>."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def product(
    view: GoodView, *, name: str, description: str, category: str, seller: str, url: str, images: Sequence[str]
) -> Data:
    """A good on show. `images`, `url`: whole addresses. What is not known is not said."""
    draft = view.draft
    told: Data = {
        "@context": _CONTEXT,
        "@type": "Product",
        "name": name,
        "url": url,
        "productID": str(view.card.number),
        "description": description,
        "category": category,
        "image": list(images),
        "sku": draft.item_number,
        "brand": {"@type": "Brand", "name": draft.brand} if draft.brand else None,
        "offers": _offer(view, seller=seller, url=url),
    }
    return {key: value for key, value in told.items() if value}


def _offer(view: GoodView, *, seller: str, url: str) -> Data | None:
    if not view.draft.ladder:
        return None
    first = view.draft.ladder[0]
    return {
        "@type": "Offer",
        "price": money(first.price_minor),
        "priceCurrency": CURRENCY,
        "eligibleQuantity": {"@type": "QuantitativeValue", "minValue": first.quantity, "unitCode": "C62"},
        "availability": f"{_CONTEXT}/{_availability(view)}",
        "seller": {"@type": "Organization", "name": seller},
        "url": url,
    }


def _availability(view: GoodView) -> str:
    if view.is_sold_out:
        return "OutOfStock"
    return "InStock" if view.draft.supply is Supply.STOCK else "MadeToOrder"


def shared_product(name: str, offers: Sequence[GoodCard], *, url: str, brand: str = "") -> Data:
    """A product that several stalls offer: from the lowest to the highest price of a smallest order."""
    prices = [card.ladder[0].price_minor for card in offers if card.ladder]
    told: Data = {"@context": _CONTEXT, "@type": "Product", "name": name, "url": url}
    if brand:
        told["brand"] = {"@type": "Brand", "name": brand}
    if prices:
        told["offers"] = {
            "@type": "AggregateOffer",
            "priceCurrency": CURRENCY,
            "lowPrice": money(min(prices)),
            "highPrice": money(max(prices)),
            "offerCount": len(prices),
        }
    return told


def organisation(name: str, *, url: str, place: str, description: str) -> Data:
    """A stall. `place`: its booth, as it is written on it."""
    told: Data = {
        "@context": _CONTEXT,
        "@type": "Organization",
        "name": name,
        "url": url,
        "description": description,
        "location": {"@type": "Place", "name": place},
    }
    return {key: value for key, value in told.items() if value}


def breadcrumbs(way: Iterable[tuple[str, str]]) -> Data:
    """`way`: (name, whole address), from the market to the page."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(way, start=1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def money(price_minor: int) -> str:
    """As schema.org wants it: a point, two decimals, no code."""
    whole, cents = divmod(price_minor, 100)
    return f"{whole}.{cents:02}"
