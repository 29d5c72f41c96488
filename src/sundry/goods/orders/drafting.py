"""A line as it is kept, made of what somebody asks for and what the stall offers.

Problem: the buyer's basket, the order that is placed at once, a change that both sides accept and a repeated order all
make lines, and where each makes them its own way, a price or a carton differs. Therefore a line is made here alone.

Worked case: 600 of good 20114 in red (ladder 3.20 from 120, 2.85 from 1,200; red 0.10 more) and no price named: 3.30
a piece, value 1,980.00, supply as the good's. With a price of 3.00 named it is 3.00, and the listed 3.30 stands beside
it. What was quoted is at the quoted price, whatever the ladder says.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.rules import Supply as GoodsSupply
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.checks import listed_price
from sundry.goods.orders.order_rules import Carton, Collector, Head, Supply, Totals, Wish, line_totals, value_of


@dataclass(frozen=True)
class LineDraft:
    """All of a line but its ids and its position. `good`: its row; `good_number`: what people call it. `price_minor`
    for `price_per` pieces."""

    stall: uuid.UUID
    seller: uuid.UUID
    good: uuid.UUID | None
    good_number: int | None
    variant: uuid.UUID | None
    names: Mapping[str, str]
    variant_names: Mapping[str, str]
    language: str
    item_number: str
    unit: str
    photo: str
    pieces: int
    price_minor: int
    price_per: int
    list_price_minor: int | None
    carton: Carton
    hs_code: str
    supply: Supply
    collector: Collector
    quotation_line: uuid.UUID | None
    mark: str
    note: str
    row: int = 0

    @cached_property
    def value_minor(self) -> int:
        return value_of(self.pieces, self.price_minor, self.price_per)

    @cached_property
    def totals(self) -> Totals:
        return line_totals(self.pieces, self.value_minor, self.carton)

    @property
    def same(self) -> tuple[object, ...]:
        """Two lines with the same of this are one line with the pieces of both."""
        return self.good, self.variant, self.price_minor, self.price_per, self.collector, self.mark, self.quotation_line


def draft_line(wish: Wish, offer: Orderable, head: Head) -> LineDraft:
    """Of a good of the catalogue, in which `checks.wish_findings` found nothing wrong. ValueError: it has no price."""
    listed = listed_price(offer, wish.variant, wish.pieces, head.currency)
    price_minor, price_per = (listed, 1) if wish.price_minor is None else (wish.price_minor, wish.price_per)
    if price_minor is None or offer.seller is None:
        raise ValueError(f"good {offer.number} cannot be ordered")
    chosen = offer.variants[wish.variant] if wish.variant is not None else None
    return LineDraft(
        stall=offer.stall,
        seller=offer.seller,
        good=offer.id,
        good_number=offer.number,
        variant=wish.variant,
        names=offer.names,
        variant_names=chosen.names if chosen else {},
        language=offer.language,
        item_number=(chosen.item_number if chosen else "") or offer.item_number,
        unit=offer.unit,
        photo=offer.cover,
        pieces=wish.pieces,
        price_minor=price_minor,
        price_per=price_per,
        list_price_minor=listed,
        carton=wish.carton if wish.carton.pieces is not None else _carton(offer),
        hs_code=wish.hs_code or offer.hs_code,
        supply=supply_of(offer),
        collector=wish.collector or head.collector,
        quotation_line=wish.quotation_line,
        mark=clean(wish.mark),
        note=clean(wish.note, lines=True),
        row=wish.row,
    )


def draft_described(wish: Wish, stall: OrderableStall, head: Head) -> LineDraft:
    """Of something that is in no catalogue. ValueError: it has no price."""
    if wish.price_minor is None or stall.seller is None:
        raise ValueError(f"row {wish.row} cannot be ordered")
    return LineDraft(
        stall=stall.id,
        seller=stall.seller,
        good=None,
        good_number=None,
        variant=None,
        names={language: told for language, name in wish.names.items() if (told := clean(name))},
        variant_names={},
        language=wish.language,
        item_number=clean(wish.item_number),
        unit=wish.unit,
        photo=wish.photo,
        pieces=wish.pieces,
        price_minor=wish.price_minor,
        price_per=wish.price_per,
        list_price_minor=None,
        carton=wish.carton,
        hs_code=wish.hs_code,
        supply=Supply.UNLISTED,
        collector=wish.collector or head.collector,
        quotation_line=wish.quotation_line,
        mark=clean(wish.mark),
        note=clean(wish.note, lines=True),
        row=wish.row,
    )


def supply_of(offer: Orderable) -> Supply:
    """Off the shelf or made; whether anything is drawn, `promising` knows: what nobody counts is not."""
    return Supply.MADE if offer.supply is GoodsSupply.MADE else Supply.STOCK


def _carton(offer: Orderable) -> Carton:
    carton = offer.carton
    return Carton(carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g)


def deposit_bp(supplies: Collection[Supply], *, stock_bp: int, made_bp: int) -> int:
    """What of a sub-order a stall asks in advance by its terms: as for what is made, if any of it is.

    >>> deposit_bp([Supply.STOCK, Supply.MADE], stock_bp=0, made_bp=3000)
    3000
    """
    return made_bp if Supply.MADE in supplies else stock_bp
