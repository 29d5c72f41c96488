"""What a page calls things of the catalogue."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from sundry.engines.searching.model import Facet, Sort
from sundry.goods.catalogue.rules import Collection

Word = str | Promise

COLLECTIONS: Final[dict[Collection, tuple[Word, Word]]] = {
    Collection.NEW: (
        pgettext_lazy("collection of goods", "New"),
        gettext_lazy("What the stalls of the market have put on show lately."),
    ),
    Collection.HOT: (
        pgettext_lazy("collection of goods", "Much bought"),
        gettext_lazy("What the stalls of the market sell most of."),
    ),
    Collection.SEASONAL: (
        pgettext_lazy("collection of goods", "Of the season"),
        gettext_lazy("What is wanted at this time of the year."),
    ),
}

SORTS: Final[dict[Sort, Word]] = {
    Sort.RELEVANCE: pgettext_lazy("order of goods", "Best match"),
    Sort.PRICE: pgettext_lazy("order of goods", "Lowest price"),
    Sort.NEWEST: pgettext_lazy("order of goods", "Newest"),
    Sort.MINIMUM: pgettext_lazy("order of goods", "Smallest minimum order"),
}

FACETS: Final[dict[Facet, Word]] = {
    Facet.CATEGORY: gettext_lazy("Category"),
    Facet.PRICE: gettext_lazy("Price of a piece"),
    Facet.MINIMUM: gettext_lazy("Minimum order"),
    Facet.AREA: gettext_lazy("Where in the market"),
    Facet.READY: gettext_lazy("Supply"),
}

UNIT_WORDS: Final[dict[str, Word]] = {
    "piece": pgettext_lazy("unit of goods", "piece"),
    "pair": pgettext_lazy("unit of goods", "pair"),
    "set": pgettext_lazy("unit of goods", "set"),
    "dozen": pgettext_lazy("unit of goods", "dozen"),
    "pack": pgettext_lazy("unit of goods", "pack"),
    "box": pgettext_lazy("unit of goods", "box"),
    "bag": pgettext_lazy("unit of goods", "bag"),
    "card": pgettext_lazy("unit of goods", "card"),
    "roll": pgettext_lazy("unit of goods", "roll"),
    "bundle": pgettext_lazy("unit of goods", "bundle"),
    "metre": pgettext_lazy("unit of goods", "metre"),
    "square_metre": pgettext_lazy("unit of goods", "square metre"),
    "kilogram": pgettext_lazy("unit of goods", "kilogram"),
    "gram": pgettext_lazy("unit of goods", "gram"),
    "litre": pgettext_lazy("unit of goods", "litre"),
}
