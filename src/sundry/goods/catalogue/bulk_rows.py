"""Stalls and goods as rows of COPY: what a bulk load takes, and how PostgreSQL reads it.

Problem: a database that is asked to insert one good at a time spends its time on asking. COPY reads rows as text, and
nothing that Python offers writes that text quickly enough for forty columns, because each value is asked for its type
first. Here the types are known. Therefore a row is one formatted line, and what may hold a tab, a line's end or a
backslash is escaped, nothing else.

Worked case: a variant named 'red\\tpink' (with a tab) at place 2 of a good becomes

    0193...  0193...  2  {"zh": "red\\\\tpink"}  \\N  0  \\N

JSON has written the tab as \\t, and COPY wants its backslash twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sundry.goods.catalogue.rules import Draft, MixedBatch, Place, State
from sundry.kernel.identifiers import new_id

STALL_COLUMNS: Final = (
    "id, number, organisation_id, slug, hall_id, floor, street, booth, language, names, about, mixed_amount_minor,"
    " mixed_pieces, is_open, trusted, goods, version"
)
PRODUCT_COLUMNS: Final = "id, number, names, category, brand, model, hs_code"
GOOD_COLUMNS: Final = (
    "id, number, stall_id, product_id, item_number, language, names, descriptions, category, unit, ladder_quantities,"
    " ladder_prices_minor, carton_pieces, carton_length_mm, carton_width_mm, carton_height_mm, carton_gross_g,"
    " carton_net_g, hs_code, brand, supply, stock_pieces, lead_time_days, weekly_capacity_pieces, collections, cover,"
    " sold_pieces, state, reason, submitted_at, listed_at, changed_at, version"
)
VARIANT_COLUMNS: Final = "id, good_id, position, names, item_number, difference_minor, stock_pieces"
PHOTO_COLUMNS: Final = "id, good_id, position, file, width, height, likeness"
PAPER_COLUMNS: Final = (
    "id, stall_id, brand, shown, file, valid_from, valid_until, state, reason, submitted_at, decided_at"
)

_NULL: Final = "\\N"
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that `pictures` keeps."""

    file: str
    width: int
    height: int
    likeness: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedStall:
    """A booth, under an id of the caller's."""

    id: uuid.UUID
    place: Place
    names: Mapping[str, str]
    slug: str
    about: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh"
    mixed_batch: MixedBatch = field(default_factory=MixedBatch)
    organisation: uuid.UUID | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class LoadedPaper:
    """A brand that a stall may sell: its paper was accepted."""

    stall: uuid.UUID
    brand: str
    file: str
    valid_from: date
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class LoadedProduct:
    """What several stalls offer."""

    id: uuid.UUID
    names: Mapping[str, str]
    category: str = ""
    brand: str = ""
    model: str = ""
    hs_code: str = ""


@dataclass(frozen=True, slots=True)
class LoadedGood:
    """A good of a stall, under an id of the caller's. Its draft is taken as it stands: whoever loads has looked at it,
    and what the tables refuse, they refuse. `product`: one that was loaded before. `at`: when it came to its state."""

    id: uuid.UUID
    stall: uuid.UUID
    draft: Draft
    at: datetime
    state: State = State.LISTED
    photos: tuple[Photo, ...] = ()
    product: uuid.UUID | None = None
    sold_pieces: int = 0


def stall_row(stall: LoadedStall, number: int) -> str:
    place, mixed = stall.place, stall.mixed_batch
    return (
        f"{stall.id.hex}\t{number}\t{_id(stall.organisation)}\t{_text(stall.slug)}\t{_text(place.hall)}\t{place.floor}\t"
        f"{_text(place.street)}\t{_text(place.booth)}\t{stall.language}\t{_json(stall.names)}\t{_json(stall.about)}\t"
        f"{_number(mixed.amount_minor)}\t{_number(mixed.pieces)}\tt\t{'t' if stall.trusted else 'f'}\t0\t1\n"
    )


def paper_row(paper: LoadedPaper, folded: str) -> str:
    at = paper.decided_at.isoformat()
    return (
        f"{new_id().hex}\t{paper.stall.hex}\t{_text(folded)}\t{_text(paper.brand)}\t{paper.file}\t"
        f"{paper.valid_from.isoformat()}\t{_NULL}\taccepted\t\t{at}\t{at}\n"
    )


def product_row(product: LoadedProduct, number: int) -> str:
    return (
        f"{product.id.hex}\t{number}\t{_json(product.names)}\t{_text(product.category)}\t{_text(product.brand)}\t"
        f"{_text(product.model)}\t{_text(product.hs_code)}\n"
    )


def good_row(good: LoadedGood, number: int) -> str:
    draft = good.draft
    carton = draft.carton
    at, state = good.at.isoformat(), good.state
    quantities = ",".join([str(step.quantity) for step in draft.ladder])
    prices = ",".join([str(step.price_minor) for step in draft.ladder])
    return (
        f"{good.id.hex}\t{number}\t{good.stall.hex}\t{_id(good.product)}\t{_text(draft.item_number)}\t{draft.language}\t"
        f"{_json(draft.names)}\t{_json(draft.descriptions)}\t{_text(draft.category)}\t{_text(draft.unit)}\t"
        f"{{{quantities}}}\t{{{prices}}}\t"
        f"{_number(carton.pieces)}\t{_number(carton.length_mm)}\t{_number(carton.width_mm)}\t"
        f"{_number(carton.height_mm)}\t{_number(carton.gross_g)}\t{_number(carton.net_g)}\t{_text(draft.hs_code)}\t"
        f"{_text(draft.brand)}\t{draft.supply.value}\t{_number(draft.stock_pieces)}\t{_number(draft.lead_time_days)}\t"
        f"{_number(draft.weekly_capacity_pieces)}\t{{{','.join(sorted(draft.collections))}}}\t"
        f"{good.photos[0].file if good.photos else ''}\t{good.sold_pieces}\t{state.value}\t\t"
        f"{_NULL if state is State.DRAFT else at}\t{at if state is State.LISTED else _NULL}\t{at}\t1\n"
    )


def variant_rows(good: LoadedGood) -> Iterable[str]:
    of = good.id.hex
    return [
        f"{(variant.id or new_id()).hex}\t{of}\t{position}\t{_json(variant.names)}\t{_text(variant.item_number)}\t"
        f"{variant.difference_minor}\t{_number(variant.stock_pieces)}\n"
        for position, variant in enumerate(good.draft.variants)
    ]


def photo_rows(good: LoadedGood) -> Iterable[str]:
    of = good.id.hex
    return [
        f"{new_id().hex}\t{of}\t{position}\t{photo.file}\t{photo.width}\t{photo.height}\t{_number(photo.likeness)}\n"
        for position, photo in enumerate(good.photos)
    ]


def _text(text: str) -> str:
    """Letters, digits and signs of ASCII without the backslash are most of it: those need no look at each."""
    return text if text.isalnum() else text.translate(_ESCAPED)


def _json(names: Mapping[str, str]) -> str:
    return _encode(names).replace("\\", "\\\\") if names else "{}"


def _number(number: int | None) -> str:
    return _NULL if number is None else str(number)


def _id(of: uuid.UUID | None) -> str:
    return _NULL if of is None else of.hex
