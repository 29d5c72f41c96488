"""The goods of one stall after the other, each the same whenever it is asked for.

Problem: a stall's goods are alike (it sells hair clips, not anything) and none has the name of another; which stall it
is must be known to compose them. Therefore a stall is composed whole: it has one trade, a few kinds of it, one brand of
its own, and its goods draw their figures together. Goods that are one product take what says what they are from the
product, and the rest from their stall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Final, TypeVar

import numpy as np

from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedProduct, Photo
from sundry.goods.catalogue.rules import LANGUAGES, Carton, Collection, Draft, State, Step, Supply, Variant
from sundry.simulation.market.figures import SOLD_OUT, Column, Figures, Floats, Usual, figures
from sundry.simulation.market.kinds import Forms, Noun, Of, colours, inks, kinds
from sundry.simulation.market.naming import Said, named
from sundry.simulation.market.pictograms import pictogram_of
from sundry.simulation.market.plan import LAST_DAY, Market, Part
from sundry.simulation.market.words import INKS, SIZES, SPECIFICATIONS, TRADE_WORDS

Album = Callable[[str, int], Photo]
"""The photo of a pictogram in one of words.INKS."""

KINDS_OF_A_STALL: Final = 4
DAYS: Final = 900  # since the oldest good came on show
NEW_DAYS: Final = 60
HOT_FROM: Final = 400  # pieces sold
SEASONAL_LEAVES: Final = frozenset({"christmas", "halloween", "festivals"})
BRANDED: Final = 0.06
WITH_VARIANTS: Final = 0.3
LANGUAGES_OF_GOODS: Final = ((0.70, ("zh",)), (0.93, ("zh", "en")), (0.96, LANGUAGES), (1.0, ("zh", "ar")))
"""Up to which draw a good has names in which languages."""
STATES: Final = ((0.005, State.DRAFT), (0.01, State.SUBMITTED), (0.02, State.WITHDRAWN), (1.0, State.LISTED))

_SHARED_COLUMNS: Final = Column.PRICE_HERE  # those before it
_MIDNIGHT: Final = datetime.combine(LAST_DAY, time(8), UTC)
_TIMES: Final = (3, 5, 10)  # by which a ladder climbs
_Chosen = TypeVar("_Chosen")


@dataclass(frozen=True, slots=True)
class Trade:
    """Its kinds, and their nouns in one row with the figures of each."""

    nouns: tuple[tuple[Of, Noun], ...]
    first: tuple[int, ...]  # where the nouns of each kind begin, and the end
    usual: Usual


def goods(market: Market, *, album: Album | None = None, start: int = 0) -> Iterator[LoadedGood]:
    """The goods from that index on, by stall."""
    first = int(np.searchsorted(market.bounds, start, side="right")) - 1
    for stall in range(first, market.stalls):
        composed = _stall(market, stall, album)
        yield from composed[max(start - int(market.bounds[stall]), 0) :]


def products(market: Market) -> Iterator[LoadedProduct]:
    """What several stalls offer."""
    stalls = np.searchsorted(market.bounds, list(market.products), side="right") - 1
    seen: set[int] = set()
    for product, stall in zip(market.products.values(), stalls.tolist(), strict=True):
        if product not in seen:
            seen.add(product)
            trade = _trade(market.trades[stall])
            drawn = _of_products(market)[product].tolist()
            kind, noun = trade.nouns[int(drawn[Column.NOUN] * len(trade.nouns))]
            said = _said(kind, noun, drawn, "", "")
            yield LoadedProduct(
                market.id(Part.PRODUCT, product),
                _names(said, LANGUAGES),
                kind.leaf,
                hs_code=kind.hs,
                model=f"P{product}",
            )


def item_number(market: Market, stall: int, place: int) -> str:
    """As the stall writes it on the good."""
    return f"{market.sign(stall)[1][:2].upper()}{stall % 100:02d}-{1000 + place}"


def brand(market: Market, stall: int) -> str:
    """The stall's own."""
    return market.sign(stall)[1]


@cache
def _trade(key: str) -> Trade:
    of = kinds()[key]
    nouns = tuple((kind, noun) for kind in of for noun in kind.nouns)
    first = np.concatenate(([0], np.cumsum([len(kind.nouns) for kind in of])))
    usual = Usual(
        np.array([kind.weight_g * noun.factor for kind, noun in nouns]),
        np.array([float(kind.density_kg_m3) for kind, _ in nouns]),
        np.array([kind.price_minor * noun.factor for kind, noun in nouns]),
    )
    return Trade(nouns, tuple(first.tolist()), usual)


@cache
def _of_products(market: Market) -> Floats:
    """What says what each product is."""
    count = max(market.products.values(), default=-1) + 1
    return market.draws(Part.PRODUCT, 2, count, _SHARED_COLUMNS)


def _stall(market: Market, stall: int, album: Album | None) -> list[LoadedGood]:
    start, end = market.bounds[stall : stall + 2].tolist()
    trade = _trade(market.trades[stall])
    drawn = market.draws(Part.GOOD, stall, end - start + 1, len(Column))
    own = _own_nouns(trade, drawn[-1].tolist())  # the last row is the stall's
    drawn = drawn[:-1]
    places = own[(drawn[:, Column.NOUN] * len(own)).astype(np.int64)]
    shared = {good - start: market.products[good] for good in range(start, end) if good in market.products}
    if shared:
        rows = list(shared)
        drawn[rows, :_SHARED_COLUMNS] = _of_products(market)[list(shared.values())]
        places[rows] = (drawn[rows, Column.NOUN] * len(trade.nouns)).astype(np.int64)
    usual = Usual(trade.usual.weight_g[places], trade.usual.density_kg_m3[places], trade.usual.price_minor[places])
    maker = _Maker(market, stall, figures(drawn.T, usual), album)
    return [
        maker.good(place, start + place, trade.nouns[noun], row, shared.get(place))
        for place, (noun, row) in enumerate(zip(places.tolist(), drawn.tolist(), strict=True))
    ]


def _own_nouns(trade: Trade, drawn: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The nouns of a few kinds of its trade: what the stall sells."""
    count = len(trade.first) - 1
    chosen = {int(drawn[place] * count) for place in range(KINDS_OF_A_STALL)}
    ranges = [np.arange(trade.first[kind], trade.first[kind + 1]) for kind in sorted(chosen)]
    return np.concatenate(ranges)


class _Maker:
    """Makes the goods of one stall of its figures; knows the names that it has given already."""

    def __init__(self, market: Market, stall: int, told: Figures, album: Album | None) -> None:
        self.market, self.stall, self.told, self.album = market, stall, told, album
        self.id = market.id(Part.STALL, stall)
        self.brand = brand(market, stall)
        self.taken: set[str] = set()

    def good(self, place: int, index: int, what: tuple[Of, Noun], row: list[float], product: int | None) -> LoadedGood:
        """One, of its draws. `place`: in the stall; `index`: in the market."""
        (kind, noun), market, told = what, self.market, self.told
        has_brand = row[Column.BRAND] < BRANDED and product is None
        word = row[Column.TRADE_WORD]
        trade_word = TRADE_WORDS[int(word * 2.5 * len(TRADE_WORDS))] if word < 0.4 else ""
        if any(trade_word == trait["zh"][0] for trait in _traits(noun, row)):
            trade_word = ""
        said = _said(kind, noun, row, trade_word, self.brand if has_brand else "")
        languages = _up_to(LANGUAGES_OF_GOODS, row[Column.LANGUAGES])
        number = item_number(market, self.stall, place)
        is_made = row[Column.SUPPLY] < 0.3
        stock = row[Column.STOCK]
        minimum, sold = told.minimum[place], told.sold[place]
        days = int(DAYS * row[Column.LISTED] ** 2)
        draft = Draft(
            names=self._own(_names(said, languages), number),
            descriptions=_described(said, told.pieces[place]) if row[Column.DESCRIPTION] < 0.4 else {},
            item_number=number,
            category=kind.leaf,
            unit=kind.unit,
            ladder=_ladder(minimum, told.price_minor[place], row),
            carton=Carton(
                told.pieces[place],
                told.length_mm[place],
                told.width_mm[place],
                told.height_mm[place],
                told.gross_g[place],
                told.net_g[place],
            ),
            hs_code=kind.hs,
            brand=self.brand if has_brand else "",
            supply=Supply.MADE if is_made else Supply.STOCK,
            stock_pieces=None if is_made else 0 if stock < SOLD_OUT else minimum * int(2 + 200 * stock * stock),
            lead_time_days=int(5 + 40 * row[Column.LEAD_TIME]) if is_made else None,
            weekly_capacity_pieces=told.capacity[place] if is_made else None,
            collections=_COLLECTIONS[
                days < NEW_DAYS, sold >= HOT_FROM, kind.leaf in SEASONAL_LEAVES or row[Column.SEASONAL] < 0.02
            ],
            variants=_variants(kind, row, languages, number) if row[Column.VARIANTS] < WITH_VARIANTS else (),
        )
        return LoadedGood(
            market.id(Part.GOOD, index),
            self.id,
            draft,
            _MIDNIGHT - timedelta(days=days, seconds=int(36_000 * row[Column.HOUR])),
            _up_to(STATES, row[Column.STATE]),
            self._photos(pictogram_of(kind.leaf, noun.concept), row),
            None if product is None else market.id(Part.PRODUCT, product),
            sold,
        )

    def _own(self, names: dict[str, str], number: str) -> dict[str, str]:
        """Names that no other good of the stall has: the item number tells two that would be alike apart."""
        if names["zh"] in self.taken:
            names = {language: f"{name} {number}" for language, name in names.items()}
        self.taken.add(names["zh"])
        return names

    def _photos(self, pictogram: str, row: list[float]) -> tuple[Photo, ...]:
        """The first in its own colour, the others in others."""
        if self.album is None:
            return ()
        first = inks()[int(row[Column.COLOUR] * len(inks()))]
        many = 1 + int(3 * row[Column.PHOTOS] ** 2)
        return tuple([self.album(pictogram, (first + step) % len(INKS)) for step in range(many)])


def _said(kind: Of, noun: Noun, row: list[float], trade_word: str, brand: str) -> Said:
    form, material, colour = row[Column.FORM], row[Column.MATERIAL], int(row[Column.COLOUR] * len(colours()))
    materials = noun.materials
    return Said(
        noun,
        int(form * form * 4),  # the usual form mostly
        materials[int(material * 1.4 * len(materials))] if materials and material * 1.4 < 1 else None,
        colours()[colour] if row[Column.CARTON] < 0.5 and colour in kind.colours else None,
        _traits(noun, row),
        _specification(kind, row),
        trade_word,
        brand,
    )


def _traits(noun: Noun, row: list[float]) -> tuple[Forms, ...]:
    """None, one or two; two are of different sorts."""
    if not noun.traits or row[Column.TRAITS] <= 0.3:
        return ()
    first = noun.traits[int(row[Column.FIRST_TRAIT] * len(noun.traits))]
    others = [trait for trait in noun.traits if trait.sort != first.sort] if row[Column.TRAITS] > 0.75 else []
    if not others:
        return (first.forms,)
    return first.forms, others[int(row[Column.SECOND_TRAIT] * len(others))].forms


def _specification(kind: Of, row: list[float]) -> tuple[int, int] | None:
    """Which, and its number."""
    drawn, by = row[Column.SPECIFICATION], kind.specifications
    if not by or drawn >= 0.5:
        return None
    which = by[int(drawn * 2 * len(by))]
    numbers = SPECIFICATIONS[which][0]
    return which, numbers[int(row[Column.SPECIFICATION_NUMBER] * len(numbers))]


def _names(said: Said, languages: Sequence[str]) -> dict[str, str]:
    return {language: named(said, language) for language in languages}


def _described(said: Said, pieces: int) -> dict[str, str]:
    parts = [said.noun.forms["zh"][0]]
    if said.material is not None:
        parts.append(f"材质：{said.material['zh'][0]}")
    parts.append(f"每箱{pieces}件")
    return {"zh": "，".join(parts) + "。"}


def _ladder(minimum: int, price_minor: int, row: list[float]) -> tuple[Step, ...]:
    """From one to four steps; each takes 3 to 8 per cent off."""
    times = _TIMES[int(row[Column.FALL] * len(_TIMES))]
    fall = 3 + int(row[Column.FALL] * 17) % 6
    return tuple(
        [
            Step(minimum * times**step, max(price_minor * (100 - fall * step) // 100, 1))
            for step in range(1 + int(4 * row[Column.STEPS]))
        ]
    )


def _variants(kind: Of, row: list[float], languages: Sequence[str], number: str) -> tuple[Variant, ...]:
    """Sizes of what is worn, else colours, two to eight."""
    many = 2 + int(7 * row[Column.VARIANTS_COUNT] ** 2)
    if kind.has_sizes and row[Column.VARIANTS_COUNT] < 0.6:
        return tuple([Variant({"zh": size}, f"{number}-{size}") for size in SIZES[: many + 1]])
    first, known = int(row[Column.COLOUR] * len(colours())), colours()
    chosen = [known[(first + step) % len(known)] for step in range(many)]
    return tuple(
        [
            Variant({language: colour[language][0] for language in languages}, f"{number}-{place + 1}")
            for place, colour in enumerate(chosen)
        ]
    )


def _up_to(table: Sequence[tuple[float, _Chosen]], drawn: float) -> _Chosen:
    return next(chosen for bound, chosen in table if drawn < bound)


_COLLECTIONS: Final = {
    flags: frozenset(one for flag, one in zip(flags, Collection, strict=True) if flag)
    for flags in ((new, hot, seasonal) for new in (False, True) for hot in (False, True) for seasonal in (False, True))
}
