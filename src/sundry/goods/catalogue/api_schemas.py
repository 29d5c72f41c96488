"""What the catalogue's part of the API takes and answers, and how it becomes what the actions take.

Money is in minor units of CNY (fen), lengths are in millimetres, weights in grams. Texts stand by language: "zh", "en",
"ar", "es", "fr", "ru".
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from sundry.engines.searching.model import LIMIT_MAX, Filters, Sort
from sundry.goods.catalogue.pictures import address
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    ITEM_NUMBER_MAX,
    NAME_MAX,
    PHOTO_WIDTHS,
    PHOTOS_MAX,
    PRICE_MINOR_MAX,
    QUANTITY_MAX,
    STEPS_MAX,
    VARIANTS_MAX,
    Carton,
    Collection,
    Draft,
    GoodCard,
    GoodView,
    Ladder,
    PhotoView,
    StallCard,
    StallView,
    State,
    Step,
    Supply,
    Variant,
)

SEARCHED_MAX = 200  # characters of a search
# Fields of a draft that are the same there and here.
_WORDS = ("language", "item_number", "category", "unit", "hs_code", "brand", "supply")
_FIGURES = ("stock_pieces", "lead_time_days", "weekly_capacity_pieces")

LanguageKey = Literal["zh", "en", "ar", "es", "fr", "ru"]
Names = dict[LanguageKey, Annotated[str, Field(max_length=NAME_MAX)]]
Descriptions = dict[LanguageKey, Annotated[str, Field(max_length=DESCRIPTION_MAX)]]
Pieces = Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
Minor = Annotated[int, Field(ge=1, le=PRICE_MINOR_MAX)]
Millimetres = Annotated[int, Field(ge=1, le=100_000)]
Grams = Annotated[int, Field(ge=1, le=100_000_000)]


StockSeen = Annotated[
    int | None,
    Field(ge=0, le=QUANTITY_MAX, description="`stock_pieces` as it was read: a new count of another is refused."),
]


class Strict(Schema):
    """A body: what it does not know is refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")


class StepIO(Strict):
    """From so many pieces on, one costs so much."""

    quantity: Pieces = Field(examples=[120])
    price_minor: Minor = Field(examples=[320])


class CartonIO(Strict):
    """The outer carton; what is not known is null."""

    pieces: Pieces | None = Field(None, examples=[48])
    length_mm: Millimetres | None = Field(None, examples=[600])
    width_mm: Millimetres | None = Field(None, examples=[400])
    height_mm: Millimetres | None = Field(None, examples=[300])
    gross_g: Grams | None = Field(None, examples=[9500])
    net_g: Grams | None = Field(None, examples=[8800])


class VariantIO(Strict):
    """A colour, a size."""

    names: Names = Field(examples=[{"zh": "粉色", "en": "pink"}])
    item_number: str = Field("", max_length=ITEM_NUMBER_MAX)
    difference_minor: int = Field(0, ge=-PRICE_MINOR_MAX, le=PRICE_MINOR_MAX, description="Added to every price.")
    stock_pieces: int | None = Field(None, ge=0, le=QUANTITY_MAX)
    stock_seen: StockSeen = None
    id: uuid.UUID | None = Field(None, description="Of one that there is: it stays the one that is ordered.")


class DraftIO(Strict):
    """A good as its stall writes it. A draft may be nearly empty; what is shown needs a price and a name or a photo."""

    language: LanguageKey = Field("zh", description="In which the stall writes.")
    names: Names = Field({}, examples=[{"zh": "粉色塑料牙刷杯"}])
    descriptions: Descriptions = {}
    item_number: str = Field("", max_length=ITEM_NUMBER_MAX, examples=["YS-2031"])
    category: str = Field("", max_length=60, description="A key of `/catalogue/categories`.")
    unit: str = Field("piece", max_length=16)
    ladder: list[StepIO] = Field([], max_length=STEPS_MAX, description="The first step is the smallest order.")
    carton: CartonIO = Field(default_factory=lambda: CartonIO())  # type: ignore[call-arg]
    hs_code: str = Field("", max_length=10, examples=["392490"])
    brand: str = Field("", max_length=80)
    supply: Supply = Supply.STOCK
    stock_pieces: int | None = Field(None, ge=0, le=QUANTITY_MAX)
    stock_seen: StockSeen = None
    lead_time_days: int | None = Field(None, ge=0, le=365)
    weekly_capacity_pieces: int | None = Field(None, ge=0, le=QUANTITY_MAX)
    collections: list[Collection] = []
    variants: list[VariantIO] = Field([], max_length=VARIANTS_MAX)

    def draft(self) -> Draft:
        return Draft(
            **{name: getattr(self, name) for name in (*_WORDS, *_FIGURES)},
            names={str(key): text for key, text in self.names.items()},
            descriptions={str(key): text for key, text in self.descriptions.items()},
            ladder=tuple(Step(step.quantity, step.price_minor) for step in self.ladder),
            carton=Carton(**self.carton.dict()),
            collections=frozenset(self.collections),
            variants=tuple(Variant(**variant.dict(exclude={"stock_seen"})) for variant in self.variants),
        )


class NewGoodIn(DraftIO):
    """A good to be added."""

    stall: int = Field(ge=1, lt=2**63, description="The number of one's own stall.")
    photos: list[str] = Field([], max_length=PHOTOS_MAX, description="Files that `/catalogue/photos` answered with.")
    submit: bool = Field(False, description="Hand it in at once.")
    key: uuid.UUID | None = Field(None, description="One's own id of it: sent twice, it is added once.")


class ChangedGoodIn(DraftIO):
    """A good as it shall be, whole. But for stock, also of a variant: left out, or written back as it was read, it
    stays as orders have left it."""

    version: int = Field(ge=1, description="Of the good as it was read: one that was changed meanwhile is refused.")
    stock_pieces: int | None = Field(
        None,
        ge=0,
        le=QUANTITY_MAX,
        description="Only when counted anew, with `stock_seen`: each order takes its pieces off by itself.",
    )

    def recounted(self) -> set[uuid.UUID | None]:
        """Which stock is said: the good's (None), that of variants."""
        return {id_ for id_, one in self._stocked() if "stock_pieces" in one.model_fields_set}

    def seen(self) -> dict[uuid.UUID | None, int | None]:
        """The counts that it was read with."""
        return {id_: one.stock_seen for id_, one in self._stocked() if "stock_seen" in one.model_fields_set}

    def _stocked(self) -> list[tuple[uuid.UUID | None, DraftIO | VariantIO]]:
        return [(None, self), *((one.id, one) for one in self.variants if one.id is not None)]


class NumbersIn(Strict):
    numbers: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(min_length=1, max_length=500, examples=[[1204, 1205]])


class ApprovedIn(NumbersIn):
    versions: dict[int, int] | None = Field(
        None,
        max_length=500,
        description="By number, of the goods as they were read: where one was changed meanwhile, nothing is approved.",
        examples=[{"1204": 3, "1205": 1}],
    )


class RefusalIn(Strict):
    reason: str = Field(min_length=1, max_length=500)


class SearchIn(Schema):
    """What is looked for. Without words everything that passes the filters is found."""

    q: str = Field("", max_length=SEARCHED_MAX, description="In any of the six languages.", examples=["umbrella"])
    language: LanguageKey = Field("en", description="In which the answer names concepts, and words of Latin letters.")
    words_only: bool = Field(False, description="The words as they stand, no concept of the lexicon.")
    quantity: Pieces = Field(1, description="Prices are those for so many pieces.")
    category: str | None = Field(None, max_length=60)
    area: str | None = Field(None, max_length=20, examples=["1-F2"])
    stall: int | None = Field(None, ge=1, lt=2**63)
    price_min_minor: int | None = Field(None, ge=0, le=PRICE_MINOR_MAX)
    price_max_minor: int | None = Field(None, ge=0, le=PRICE_MINOR_MAX)
    minimum_max: Pieces | None = Field(None, description="The smallest order is at most this.")
    ready: bool = Field(False, description="In stock only.")
    collection: Collection | None = None
    sort: Sort = Sort.RELEVANCE
    limit: int = Field(20, ge=1, le=LIMIT_MAX)
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before.")

    def filters(self) -> Filters:
        return Filters(
            category=self.category,
            area=(self.area,) if self.area else (),
            stall=self.stall,
            quantity=self.quantity,
            price_min_minor=self.price_min_minor,
            price_max_minor=self.price_max_minor,
            minimum_max=self.minimum_max,
            ready=self.ready,
            collection=self.collection.value if self.collection else None,
        )


# What is answered ---------------------------------------------------------------------------------------------------


class StallCardOut(Schema):
    number: int = Field(examples=[1001])
    slug: str = Field(description="The end of the short address that the stall shares.", examples=["2-f4-f-1004"])
    names: dict[str, str]
    place: str = Field(description="Hall, floor, street, booth.", examples=["2-F4-F-1004"])
    goods: int = Field(description="How many are on show.")


class GoodCardOut(Schema):
    """A good in a list."""

    id: uuid.UUID
    number: int = Field(examples=[1204])
    names: dict[str, str]
    ladder: list[StepIO]
    currency: Literal["CNY"] = "CNY"
    unit: str
    cover: str | None = Field(description="The address of its first photo.")
    category: str
    state: State
    supply: Supply
    brand: str
    item_number: str
    collections: list[Collection]
    stall: StallCardOut


class PhotoOut(Schema):
    id: uuid.UUID | None = None
    file: str = Field(description="Names it when a good is added.")
    width: int
    height: int
    addresses: dict[str, str] = Field(description="By width in pixels.")


class GoodOut(Schema):
    """A good whole."""

    card: GoodCardOut
    draft: DraftIO
    photos: list[PhotoOut]
    product: int | None = Field(description="The number of the product that several stalls offer.")
    is_sold_out: bool
    reason: str = Field(description="Why it was refused.")
    listed_at: datetime | None
    version: int


class StallOut(Schema):
    card: StallCardOut
    about: dict[str, str]
    mixed_amount_minor: int | None = Field(description="What an order of many kinds must come to, in fen.")
    mixed_pieces: int | None = Field(description="The same in pieces.")
    is_open: bool
    version: int


class BucketOut(Schema):
    key: str
    count: int
    low: int | None
    high: int | None


class MeantOut(Schema):
    concept: str = Field(examples=["umbrella"])
    name: str
    zh: str = Field(examples=["雨伞"])


class FoundOut(Schema):
    """A page of a search."""

    understood: list[MeantOut] = Field(description="What was searched for; empty where words were looked for alone.")
    corrected: str | None = Field(description="What was read in place of what was typed.")
    is_near: bool = Field(description="Nothing has the words as they are: these have one with a letter different.")
    count: int = Field(description="All that are found, exactly.")
    items: list[GoodCardOut]
    facets: dict[str, list[BucketOut]]
    next: str | None
    milliseconds: float


class SuggestionOut(Schema):
    text: str
    concept: str


class CategoryOut(Schema):
    key: str
    parent: str
    names: dict[str, str]
    hs: str


class HallOut(Schema):
    code: str
    names: dict[str, str]
    trade: dict[str, str]
    floors: list[int]


class HallIn(Strict):
    """A building as it shall be. A name in one language is enough."""

    names: Names = Field(min_length=1)
    trade: Names = Field(default={}, description="What is sold there.")


class ProductOut(Schema):
    number: int
    names: dict[str, str]
    category: str
    brand: str
    model: str
    hs_code: str
    offers: list[GoodCardOut] = Field(description="The cheapest by the carton first.")


class AddedOut(Schema):
    number: int = Field(examples=[1204])


class VersionOut(Schema):
    version: int


class StatesOut(Schema):
    states: dict[int, State] = Field(description="By number: on show, or waiting for the operator.")


# From the catalogue's own shapes ------------------------------------------------------------------------------------


def stall_card(card: StallCard) -> dict[str, Any]:
    return {
        "number": card.number,
        "slug": card.slug,
        "names": card.names,
        "place": card.place.code,
        "goods": card.goods,
    }


def good_card(card: GoodCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "number": card.number,
        "names": card.names,
        "ladder": _ladder(card.ladder),
        "unit": card.unit,
        "cover": address(card.cover, PHOTO_WIDTHS[1]) if card.cover else None,
        "category": card.category,
        "state": card.state,
        "supply": card.supply,
        "brand": card.brand,
        "item_number": card.item_number,
        "collections": sorted(card.collections),
        "stall": stall_card(card.stall),
    }


def photo(view: PhotoView) -> dict[str, Any]:
    told = {str(width): address(view.file, width) for width in PHOTO_WIDTHS}
    return {"id": view.id, "file": view.file, "width": view.width, "height": view.height, "addresses": told}


def good(view: GoodView) -> dict[str, Any]:
    return {
        "card": good_card(view.card),
        "draft": _draft(view.draft),
        "photos": [photo(one) for one in view.photos],
        "product": view.product,
        "is_sold_out": view.is_sold_out,
        "reason": view.reason,
        "listed_at": view.listed_at,
        "version": view.version,
    }


def stall(view: StallView) -> dict[str, Any]:
    return {
        "card": stall_card(view.card),
        "about": view.about,
        "mixed_amount_minor": view.mixed_batch.amount_minor,
        "mixed_pieces": view.mixed_batch.pieces,
        "is_open": view.is_open,
        "version": view.version,
    }


def _ladder(ladder: Ladder) -> list[dict[str, int]]:
    return [{"quantity": step.quantity, "price_minor": step.price_minor} for step in ladder]


def _draft(draft: Draft) -> dict[str, Any]:
    carton, variants = draft.carton, draft.variants
    told: dict[str, Any] = {name: getattr(draft, name) for name in (*_WORDS, *_FIGURES)}
    return told | {
        "stock_seen": draft.stock_pieces,
        "names": draft.names,
        "descriptions": draft.descriptions,
        "ladder": _ladder(draft.ladder),
        "carton": {name: getattr(carton, name) for name in CartonIO.model_fields},
        "collections": sorted(draft.collections),
        "variants": [asdict(one) | {"stock_seen": one.stock_pieces} for one in variants],
    }
