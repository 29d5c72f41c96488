"""Prices, cartons, minimum orders, stock and sales of a stall's goods, many at a time.

Problem: a million cartons drawn side by side, each figure by itself, hold rings of 4 kg and cushions of 900 kg in a
cubic metre. Therefore figures follow from each other as they do in a factory: a piece has a weight, a carton has the
size that two arms can hold and as many pieces as fit, in a number that people count in; what it weighs follows, and its
sides follow from what it weighs. docs/simulation.md says which figure is drawn from which distribution.

Worked case: a mug of 330 g, 290 kg in a cubic metre, a carton of about 62 litres: 54 pieces fit, 50 are packed; they
weigh 16.5 kg, 17.4 kg with the carton, which is 46 x 37 x 35 cm.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

from sundry.simulation.market.plan import spread

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

COUNTED_IN: Final[Whole] = np.array(
    [
        *(1, 2, 3, 5, 6, 8, 10, 12, 15, 18, 20, 24, 30, 36, 40, 48, 50, 60, 72, 80, 96, 100, 120, 144, 150, 180, 200),
        *(240, 288, 300, 360, 400, 480, 500, 600, 720, 800, 960, 1000, 1200, 1440, 1500, 2000, 2400, 3000, 4000, 5000),
        *(6000, 8000, 10000, 12000, 15000, 20000, 30000, 50000, 100000),
    ]
)
"""Numbers of pieces that people count in; `counted` takes the next lower one."""

CARTON_LITRES: Final = 62
CARTON_GRAMS_MAX: Final = 28_000  # of what one person lifts
ORDER_MINOR: Final = 25_000  # what a smallest order usually comes to
SOLD: Final = (20, 1.16)  # pieces, and the exponent of Pareto: 80 % of sales from 20 % of goods
SOLD_OUT: Final = 0.02  # of the goods of stock
_SALES_STEPS: Final = 4096


class Column(IntEnum):
    """What a draw decides. Those before PRICE_HERE say what a good is: offers of one product share them."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:
        return count

    KIND = auto()
    NOUN = auto()
    FORM = auto()
    MATERIAL = auto()
    COLOUR = auto()
    TRAITS = auto()
    FIRST_TRAIT = auto()
    SECOND_TRAIT = auto()
    SPECIFICATION = auto()
    SPECIFICATION_NUMBER = auto()
    LANGUAGES = auto()
    WEIGHT = auto()
    DENSITY = auto()
    CARTON = auto()
    LENGTH = auto()
    WIDTH = auto()
    PRICE = auto()
    VARIANTS = auto()
    VARIANTS_COUNT = auto()
    PRICE_HERE = auto()
    TRADE_WORD = auto()
    BRAND = auto()
    MINIMUM = auto()
    STEPS = auto()
    FALL = auto()
    SUPPLY = auto()
    STOCK = auto()
    LEAD_TIME = auto()
    CAPACITY = auto()
    SOLD = auto()
    LISTED = auto()
    HOUR = auto()
    STATE = auto()
    SEASONAL = auto()
    DESCRIPTION = auto()
    PHOTOS = auto()


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual figures of the noun of each good: g of a piece, kg/m3 of a carton, fen of a piece."""

    weight_g: Floats
    density_kg_m3: Floats
    price_minor: Floats


@dataclass(frozen=True, slots=True)
class Figures:
    """One list a figure, an entry a good."""

    pieces: list[int]
    length_mm: list[int]
    width_mm: list[int]
    height_mm: list[int]
    gross_g: list[int]
    net_g: list[int]
    price_minor: list[int]
    minimum: list[int]
    capacity: list[int]
    sold: list[int]


def figures(drawn: Floats, usual: Usual) -> Figures:
    """`drawn`: a column a good, a row each of Column."""
    weight = usual.weight_g * spread(0.35, drawn[Column.WEIGHT])
    density = np.clip(usual.density_kg_m3 * spread(0.12, drawn[Column.DENSITY]), 30, 1300)
    grams = np.minimum(CARTON_LITRES * spread(0.4, drawn[Column.CARTON]) * density, CARTON_GRAMS_MAX)
    pieces = counted(grams / weight)
    net = np.maximum(np.rint(pieces * weight), 1)
    gross = np.rint(net * 1.04 + 250)
    length, width, height = _sides(gross / density * 1e6, drawn)
    price = np.maximum(
        np.rint(usual.price_minor * spread(0.45, drawn[Column.PRICE]) * spread(0.08, drawn[Column.PRICE_HERE])), 1
    )
    minimum = counted(np.minimum(ORDER_MINOR * spread(0.9, drawn[Column.MINIMUM]) / price, 20_000))
    capacity = counted(6_000 * spread(1.1, drawn[Column.CAPACITY]))
    sold = _SALES[(drawn[Column.SOLD] * _SALES_STEPS).astype(np.int64)]
    parts = (pieces, length, width, height, gross, net, price, minimum, capacity, sold)
    return Figures(*(part.astype(np.int64).tolist() for part in parts))


def counted(numbers: Floats) -> Whole:
    """The next lower number that people count in; 1 below 1."""
    places = np.searchsorted(COUNTED_IN, numbers, side="right") - 1
    told: Whole = COUNTED_IN[np.maximum(places, 0)]
    return told


def _sides(volume_mm3: Floats, drawn: Floats) -> tuple[Floats, Floats, Floats]:
    """Of a box that is longer than wide and about as high as wide; to the centimetre."""
    cube = np.cbrt(volume_mm3)
    length = np.rint(cube * (1.15 + 0.4 * drawn[Column.LENGTH]) / 10) * 10
    width = np.rint(cube * (0.85 + 0.2 * drawn[Column.WIDTH]) / 10) * 10
    height = np.rint(volume_mm3 / (length * width) / 10) * 10
    return length, width, height


def _sales() -> Whole:
    scale, exponent = SOLD
    places = (np.arange(_SALES_STEPS) + 0.5) / _SALES_STEPS
    return np.floor(scale * ((1 - places) ** (-1 / exponent) - 1)).astype(np.int64)


_SALES: Final = _sales()
