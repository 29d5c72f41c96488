"""What a reader sees of goods and stalls: names in her language, the price at her quantity, cartons that she must take.

Problem: a good is kept as its stall wrote it, with a ladder, and a reader asks one thing: what does a piece cost me.
Therefore each good of a list is turned into an `Offer` for a language and a quantity. Fewer than the smallest order
cannot be bought, so what is told is the price at the smallest order, and that it is.

Worked case: 3.20 from 120 pieces, 2.85 from 1,200; a carton of 48 pieces of 0.072 m3. At 100 pieces: 3.20, from 120 on.
At 500: 3.20, 11 cartons (528 pieces), 0.792 m3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sundry.engines.searching.model import QUANTITIES
from sundry.goods.catalogue.rules import LANGUAGES, Draft, GoodCard, Ladder, StallCard, Supply, Told, price_at
from sundry.goods.catalogue.texts import told

EAGER: Final = 4  # pictures of a list that are loaded at once: those that a phone shows first


@dataclass(frozen=True, slots=True)
class Price:
    """`price_minor`: of a piece, None: there is none yet. It holds from `quantity` pieces on. `is_below`: the buyer
    wants fewer than the smallest order, which is `quantity`."""

    price_minor: int | None
    quantity: int
    is_below: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A good in a list. `stall`: what its stall is called. `is_eager`: its picture is not waited with."""

    card: GoodCard
    name: Told
    price: Price
    stall: Told
    is_eager: bool = False

    @property
    def is_ready(self) -> bool:
        return self.card.supply is Supply.STOCK


@dataclass(frozen=True, slots=True)
class Cartons:
    """What travels. `price_minor`: of one carton. `wanted`: cartons that hold the buyer's quantity, with `pieces` in
    all of them; `volume_mm3` and `gross_g` are of one, the others of all. What is not known is None."""

    in_one: int
    price_minor: int | None
    volume_mm3: int | None
    gross_g: int | None
    wanted: int
    pieces: int

    @property
    def volume_of_all_mm3(self) -> int | None:
        return None if self.volume_mm3 is None else self.volume_mm3 * self.wanted

    @property
    def gross_of_all_g(self) -> int | None:
        return None if self.gross_g is None else self.gross_g * self.wanted


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: from `quantity` pieces to `last` (None: without end). `is_hers`: at it the buyer buys."""

    quantity: int
    last: int | None
    price_minor: int
    is_hers: bool


def spoken(names: Mapping[str, str], language: str, *, source: str = "zh") -> Told:
    """A text that nobody composes: in her language, else in English, else as it was written, else in any."""
    for one in (language, "en", source, *LANGUAGES):
        if names.get(one):
            return Told(names[one], one)
    return Told("", language)


def price_for(ladder: Ladder, quantity: int) -> Price:
    if not ladder:
        return Price(None, quantity, False)
    least = ladder[0].quantity
    holds_from = max(least, quantity)
    return Price(price_at(ladder, holds_from), holds_from, quantity < least)


def offers(cards: Iterable[GoodCard], *, language: str, quantity: int) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            card,
            told(card.names, language, source=card.language),
            price_for(card.ladder, quantity),
            stall_name(card.stall, language),
            place < EAGER,
        )
        for place, card in enumerate(cards)
    )


def stall_name(stall: StallCard, language: str) -> Told:
    """What a stall is called; one without a name is called by its booth."""
    name = spoken(stall.names, language)
    return name if name.text else Told(stall.place.code, "")


def steps(ladder: Ladder, quantity: int) -> tuple[Step, ...]:
    """The ladder as a table."""
    ends = [*(step.quantity - 1 for step in ladder[1:]), None]
    hers = max((step.quantity for step in ladder if step.quantity <= quantity), default=None)
    return tuple(
        Step(step.quantity, last, step.price_minor, step.quantity == hers)
        for step, last in zip(ladder, ends, strict=False)
    )


def cartons(draft: Draft, quantity: int) -> Cartons | None:
    """None where nobody says how many are in one. Fewer than the smallest order are not asked for."""
    in_one = draft.carton.pieces
    if not in_one:
        return None
    price = price_for(draft.ladder, max(quantity, in_one)).price_minor
    wanted = -(-max(quantity, draft.minimum or 1) // in_one)
    return Cartons(
        in_one,
        None if price is None else price * in_one,
        draft.carton.volume_mm3,
        draft.carton.gross_g,
        wanted,
        wanted * in_one,
    )


def quantities(quantity: int) -> tuple[int, ...]:
    """Those that a page offers, with the one that was asked for."""
    return tuple(sorted({*QUANTITIES, quantity}))
