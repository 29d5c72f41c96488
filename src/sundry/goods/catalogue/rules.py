"""What a stall shows: goods with their prices, cartons and photos, where the stall stands, and who may be shown.

Problem: a good of a wholesale market has no price. It has a ladder of prices by quantity, a smallest order, a carton in
which it travels, names in the languages that somebody wrote and none in the others, and a stall between two customers
that fills in a third of it. Therefore a draft may be nearly empty, every rule answers with a `Finding` that names the
field, and only what a buyer needs (a photo or a name, a price, a smallest order) is asked for before it is shown.

Worked case: a toothbrush cup, 3.20 yuan from 120 pieces, 2.85 from 1,200, at least 120. At 100 pieces it cannot be
bought; at 600 the price is 3.20, at 5,000 it is 2.85. Its ladder is ((120, 320), (1200, 285)).

    draft -> submitted -> listed -> withdrawn -> submitted ...
                       -> refused -> submitted

A good of a stall that the operator trusts is listed at once, unless it names a brand that the stall has no paper for.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sundry.engines.searching.model import QUANTITIES

LANGUAGES: Final = ("zh", "en", "ar", "es", "fr", "ru")
"""Those in which a good may have a name: the keys of `names` and `descriptions`."""

CURRENCY: Final = "CNY"  # in which stalls quote
NAME_MAX: Final = 200  # characters
DESCRIPTION_MAX: Final = 5_000
ITEM_NUMBER_MAX: Final = 40
STEPS_MAX: Final = 5  # of a ladder
VARIANTS_MAX: Final = 60
PHOTOS_MAX: Final = 12
PHOTO_BYTES_MAX: Final = 15_000_000
PRICE_MINOR_MAX: Final = 10_000_000_00
QUANTITY_MAX: Final = 100_000_000
PHOTO_WIDTHS: Final = (160, 480, 1280)
"""In pixels; a photo is kept once in each, and never larger than it came."""


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for the operator
    LISTED = "listed"  # on show
    REFUSED = "refused"  # by the operator, with a reason
    WITHDRAWN = "withdrawn"  # by the stall


NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.LISTED}),
    State.SUBMITTED: frozenset({State.LISTED, State.REFUSED, State.WITHDRAWN}),
    State.LISTED: frozenset({State.WITHDRAWN, State.REFUSED, State.SUBMITTED}),
    State.REFUSED: frozenset({State.SUBMITTED, State.LISTED}),
    State.WITHDRAWN: frozenset({State.SUBMITTED, State.LISTED}),
}


class Supply(StrEnum):
    STOCK = "stock"  # ready at the stall: `stock_pieces`
    MADE = "made"  # made to order: `lead_time_days`, and what the factory makes in a week


class Collection(StrEnum):
    NEW = "new"
    HOT = "hot"
    SEASONAL = "seasonal"


class PaperState(StrEnum):
    """Of a brand's authorisation."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class MissState(StrEnum):
    """Of words for which nothing was found."""

    OPEN = "open"
    ADDED = "added"  # a form of a concept now
    IGNORED = "ignored"


class ImportState(StrEnum):
    """Of a sheet of goods on its way in."""

    READING = "reading"
    PREVIEW = "preview"  # read; nothing of it is in the catalogue yet
    INSERTING = "inserting"
    INSERTED = "inserted"
    STOPPED = "stopped"


class Verdict(StrEnum):
    """What becomes of a row of such a sheet."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"  # somebody changed the good since the sheet was made
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Step:
    """From `quantity` pieces on, one costs `price_minor`."""

    quantity: int
    price_minor: int


Ladder = tuple[Step, ...]


def price_at(ladder: Ladder, quantity: int) -> int | None:
    """The price of a piece, in minor units, at `quantity` pieces. None: so few cannot be bought.

    >>> price_at((Step(120, 320), Step(1200, 285)), 600)
    320
    """
    return next((step.price_minor for step in reversed(ladder) if step.quantity <= quantity), None)


def prices_at_quantities(ladder: Ladder) -> tuple[int, ...]:
    """The price at each of QUANTITIES, as the index keeps it: below the smallest order that of the smallest order."""
    if not ladder:
        return ()
    return tuple(price_at(ladder, max(quantity, ladder[0].quantity)) or 0 for quantity in QUANTITIES)


@dataclass(frozen=True, slots=True)
class Carton:
    """The outer carton; what is not known is None."""

    pieces: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    gross_g: int | None = None
    net_g: int | None = None

    @property
    def volume_mm3(self) -> int | None:
        if self.length_mm is None or self.width_mm is None or self.height_mm is None:
            return None
        return self.length_mm * self.width_mm * self.height_mm


@dataclass(frozen=True, slots=True)
class Variant:
    """A colour, a size: `names` by language; `difference_minor` is added to every price of the ladder."""

    names: Mapping[str, str]
    item_number: str = ""
    difference_minor: int = 0
    stock_pieces: int | None = None
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A good as its stall writes it. Everything but the stall may be missing; `findings` says what of it is wrong.

    `language`: in which the stall writes. `category`: a key of the tree of categories. `unit`: what one of it is
    called, a key of `base/reference` (piece, pair, set, dozen ...).
    """

    language: str = "zh"
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    item_number: str = ""
    category: str = ""
    unit: str = "piece"
    ladder: Ladder = ()
    carton: Carton = field(default_factory=Carton)
    hs_code: str = ""
    brand: str = ""
    supply: Supply = Supply.STOCK
    stock_pieces: int | None = None
    lead_time_days: int | None = None
    weekly_capacity_pieces: int | None = None
    collections: frozenset[Collection] = frozenset()
    variants: tuple[Variant, ...] = ()

    @property
    def minimum(self) -> int | None:
        """The smallest order, in pieces: where the ladder begins."""
        return self.ladder[0].quantity if self.ladder else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stall stands: hall, floor, street, booth."""

    hall: str
    floor: int
    street: str
    booth: str

    @property
    def area(self) -> str:
        """Hall and floor, as search counts them: "1-F2"."""
        return f"{self.hall}-F{self.floor}"

    @property
    def code(self) -> str:
        """As it is written on the booth: "1-F2-C-1205"."""
        return f"{self.area}-{self.street}-{self.booth}"


@dataclass(frozen=True, slots=True)
class Hall:
    """`trade`: what is sold there, by language."""

    code: str
    names: Mapping[str, str]
    trade: Mapping[str, str]
    floors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MixedBatch:
    """What an order of many kinds at one stall must come to: in money, in pieces, or (both None) nothing."""

    amount_minor: int | None = None
    pieces: int | None = None


@dataclass(frozen=True, slots=True)
class StallCard:
    """A stall in a list. `slug`: the end of the address that it shares."""

    id: uuid.UUID
    number: int
    slug: str
    names: Mapping[str, str]
    place: Place
    goods: int


@dataclass(frozen=True, slots=True)
class StallView:
    """A stall whole. `organisation`: whose it is; None: nobody has claimed it. `trusted`: its goods are listed at once.
    `language`: in which it writes."""

    card: StallCard
    about: Mapping[str, str]
    mixed_batch: MixedBatch
    organisation: uuid.UUID | None
    language: str
    is_open: bool
    trusted: bool
    version: int


@dataclass(frozen=True, slots=True)
class PhotoView:
    """`file`: the SHA-256 of what is kept, in hexadecimal; `sundry.goods.catalogue.pictures` knows its addresses."""

    id: uuid.UUID
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class GoodCard:
    """A good in a list, complete enough to be drawn: one row of the table and its stall."""

    id: uuid.UUID
    number: int
    language: str
    names: Mapping[str, str]
    ladder: Ladder
    unit: str
    cover: str  # the file of the first photo, "" for none
    category: str
    state: State
    supply: Supply
    brand: str
    item_number: str
    collections: frozenset[Collection]
    stall: StallCard
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class GoodView:
    """A good whole. `product`: the number of the product that several stalls offer, None: only this one does.
    `is_sold_out`: it is of stock and nothing is left. `reason`: why it was refused."""

    card: GoodCard
    draft: Draft
    photos: tuple[PhotoView, ...]
    product: int | None
    is_authorised: bool  # no brand, or a brand whose paper was accepted and holds today
    reason: str
    listed_at: datetime | None
    version: int

    @property
    def is_sold_out(self) -> bool:
        return self.draft.supply is Supply.STOCK and self.draft.stock_pieces == 0


@dataclass(frozen=True, slots=True)
class ProductView:
    """The same product at several stalls: what they share, and their offers, the cheapest at one carton first."""

    number: int
    names: Mapping[str, str]
    category: str
    brand: str
    model: str
    hs_code: str
    offers: tuple[GoodCard, ...]


@dataclass(frozen=True, slots=True)
class BrandPaper:
    """What says that a stall may sell a brand. `file`: what was handed in (`pictures` or a PDF)."""

    id: uuid.UUID
    stall: StallCard
    brand: str
    file: str
    valid_from: date
    valid_until: date | None
    state: PaperState
    reason: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Category:
    """`parent`: "" at the top. `hs`: the chapter or heading its goods mostly have, "" where there is none."""

    key: str
    parent: str
    names: Mapping[str, str]
    hs: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A text for a reader: in which language it is, and whether the lexicon composed it."""

    text: str
    language: str
    composed: bool = False


def fold_brand(brand: str) -> str:
    """Brands are compared so: "Disney ", "DISNEY" and "disney" are one."""
    return " ".join(brand.casefold().split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer looks for and did not find: a request for quotation, for stalls to answer."""

    id: uuid.UUID
    text: str
    language: str
    quantity: int | None
    category: str
    asked_at: datetime
    person: uuid.UUID
    organisation: uuid.UUID | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """Words for which nothing was found, how often, and what became of them."""

    id: uuid.UUID
    language: str
    text: str
    searches: int
    last_at: datetime
    state: MissState
    concept: str


@dataclass(frozen=True, slots=True)
class NewStall:
    """A booth as the operator registers it. `slug`: "" makes one of the place."""

    place: Place
    names: Mapping[str, str] = field(default_factory=dict)
    slug: str = ""
    language: str = "zh"
    organisation: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """What search needs of a good. `is_on_show`: else it is to be taken out. `is_ready`: of stock, and some is left.
    `listed_day`: days since 1970-01-01. `item_numbers`: its own and those of its variants."""

    number: int
    stall: int
    language: str
    names: Mapping[str, str]
    category: str
    area: str
    ladder: Ladder
    is_ready: bool
    sold: int
    listed_day: int
    item_numbers: tuple[str, ...]
    collections: frozenset[Collection]
    version: int
    is_on_show: bool

    @property
    def minimum(self) -> int:
        """The smallest order, in pieces; 1 for a good without a price, which is on no show."""
        return self.ladder[0].quantity if self.ladder else 1
