"""Goods as they can be ordered: all that whoever takes an order needs to know of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sundry.goods.catalogue.rules import Carton, Ladder, Supply, Variant


@dataclass(frozen=True, slots=True)
class OrderableStall:
    """`seller`: the organisation that holds it; None: nobody has claimed it. `place`: "1-F2-C-1205"."""

    id: uuid.UUID
    number: int
    names: Mapping[str, str]
    place: str
    seller: uuid.UUID | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Orderable:
    """A good with its variants and its stall, in whatever state. Prices are of one piece, in the catalogue's currency.

    `cover`: the file of its first photo, "" for none. `is_open`: the stall. `stock_pieces`: what the stall counted
    last, less what was drawn since; None: nobody counts. A variant may be counted by itself.
    """

    id: uuid.UUID
    number: int
    stall: uuid.UUID
    stall_number: int
    seller: uuid.UUID | None
    is_listed: bool
    is_open: bool
    language: str
    names: Mapping[str, str]
    item_number: str
    unit: str
    cover: str
    hs_code: str
    ladder: Ladder
    carton: Carton
    supply: Supply
    stock_pieces: int | None
    lead_time_days: int | None
    weekly_capacity_pieces: int | None
    variants: Mapping[uuid.UUID, Variant]

    def counter(self, variant: uuid.UUID | None) -> tuple[uuid.UUID, int | None]:
        """What is counted when so much of it is drawn, the variant or the good, and how many pieces there are."""
        chosen = self.variants.get(variant) if variant is not None else None
        if variant is not None and chosen is not None and chosen.stock_pieces is not None:
            return variant, chosen.stock_pieces
        return self.id, self.stock_pieces
