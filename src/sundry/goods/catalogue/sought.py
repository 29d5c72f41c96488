"""What a list of goods is asked for, as it stands in its address.

Problem: a list that is filtered, ordered and turned over is a thing that people send each other, so all of it stands in
the address; and what stands in an address was typed by anybody. Therefore reading an address never fails (what makes
no sense is left out, and the page says what it did), and each choice on a page is the address of the same list with one
thing changed.

    ?q=umbrella&quantity=500&ready=1        Sought("umbrella", quantity=500, ready=True)
    its choice "without ready stock"        ?q=umbrella&quantity=500

A change of what is sought begins at the first page: a cursor only goes with the list that gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode

from sundry.engines.searching.model import Filters, Sort
from sundry.goods.catalogue.rules import PRICE_MINOR_MAX, QUANTITY_MAX, Collection

TEXT_MAX: Final = 200  # characters of a search that are looked at
CURSOR_MAX: Final = 400
KEY_MAX: Final = 60
PARAMETERS: Final = (
    *("q", "words", "quantity", "category", "area", "collection", "price_min", "price_max", "minimum", "ready"),
    *("sort", "cursor"),
)


@dataclass(frozen=True, slots=True)
class Sought:
    """`quantity`: how many the buyer wants, at which prices are told. `minimum_max`: the smallest order is at most
    this. `words_only`: the words as they stand, no concept of the lexicon. `is_cut`: more was typed than is looked at.
    """

    text: str = ""
    words_only: bool = False
    quantity: int = 1
    category: str = ""
    area: str = ""
    collection: str = ""
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    minimum_max: int | None = None
    ready: bool = False
    sort: Sort = Sort.RELEVANCE
    cursor: str | None = None
    is_cut: bool = False

    @property
    def is_filtered(self) -> bool:
        """Something besides the words must hold."""
        figures = (self.price_min_minor, self.price_max_minor, self.minimum_max)
        return bool(self.category or self.area or self.collection or self.ready) or any(
            figure is not None for figure in figures
        )

    def filters(self, *, stall: int | None = None) -> Filters:
        return Filters(
            category=self.category or None,
            area=(self.area,) if self.area else (),
            stall=stall,
            quantity=self.quantity,
            price_min_minor=self.price_min_minor,
            price_max_minor=self.price_max_minor,
            minimum_max=self.minimum_max,
            ready=self.ready,
            collection=self.collection or None,
        )


def sought_of(given: Mapping[str, str]) -> Sought:
    """What an address asks for; `given`: its parameters, each as text. It never fails."""
    text = " ".join(given.get("q", "").split())
    collection, sort = given.get("collection", ""), given.get("sort", "")
    return Sought(
        text=text[:TEXT_MAX].rstrip(),
        words_only=given.get("words") == "1",
        quantity=quantity_of(given.get("quantity", "")),
        category=_key(given.get("category", "")),
        area=_key(given.get("area", "")),
        collection=collection if collection in set(Collection) else "",
        price_min_minor=_price(given.get("price_min", "")),
        price_max_minor=_price(given.get("price_max", "")),
        minimum_max=_count(given.get("minimum", "")),
        ready=given.get("ready") == "1",
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        cursor=given.get("cursor", "")[:CURSOR_MAX] or None,
        is_cut=len(text) > TEXT_MAX,
    )


def quantity_of(written: str) -> int:
    """How many pieces a buyer wants; 1 where that makes no sense."""
    return _count(written) or 1


def number_of(written: str) -> int | None:
    """The number of a good or a stall; None where it is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def changed(sought: Sought, **changes: Any) -> Sought:
    """The same with something changed, from its first page on."""
    return replace(sought, **{"cursor": None, **changes})


def query(sought: Sought, *, without: tuple[str, ...] = ()) -> str:
    """As it stands in an address: "?q=umbrella&ready=1"; "" where nothing is asked. `without`: parameters that the
    rest of the address says (the category of a category's page)."""
    values = {
        "q": sought.text,
        "words": "1" if sought.words_only else "",
        "quantity": str(sought.quantity) if sought.quantity != 1 else "",
        "category": sought.category,
        "area": sought.area,
        "collection": sought.collection,
        "price_min": _written(sought.price_min_minor),
        "price_max": _written(sought.price_max_minor),
        "minimum": "" if sought.minimum_max is None else str(sought.minimum_max),
        "ready": "1" if sought.ready else "",
        "sort": "" if sought.sort is Sort.RELEVANCE else sought.sort.value,
        "cursor": sought.cursor or "",
    }
    told = urlencode({name: value for name, value in values.items() if value and name not in without})
    return f"?{told}" if told else ""


def _key(written: str) -> str:
    """A key of ours, or nothing: letters, digits and a few signs."""
    is_key = 0 < len(written) <= KEY_MAX and all(sign.isalnum() or sign in "-_./" for sign in written)
    return written if is_key and written.isascii() else ""


def _count(written: str) -> int | None:
    digits = written.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(QUANTITY_MAX))):
        return None
    return int(digits) if 1 <= int(digits) <= QUANTITY_MAX else None


def _price(written: str) -> int | None:
    """Minor units of what is written in whole ones: "4.99" is 499."""
    try:
        minor = Decimal(written.strip().replace(",", ".") if len(written) <= 16 else "").scaleb(2)
    except InvalidOperation:
        return None
    if not minor.is_finite() or not 0 <= minor <= PRICE_MINOR_MAX:
        return None
    return int(minor)


def _written(price_minor: int | None) -> str:
    if price_minor is None:
        return ""
    whole, cents = divmod(price_minor, 100)
    return f"{whole}.{cents:02}" if cents else str(whole)
