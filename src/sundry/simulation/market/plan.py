"""What is fixed before the first good is composed: who sells how much of what, and what several stalls offer.

Problem: two million goods do not fit into memory, yet the millionth must be the same on every machine, whether it is
reached in one run or after a stop. Therefore every stall draws from a stream of chance of its own, named by the market
and the stall; what concerns several stalls is drawn here, once. A draw is a number from 0 up to 1, made of the bits of
PCG64: NumPy promises the bits of its generators for ever, of its distributions it does not.

Worked case: 100,000 goods of 4,000 stalls: 25 goods a stall on average, a few stalls with hundreds; 3,000 of the goods
are about 750 products of 2 to 6 stalls each.
"""

from __future__ import annotations

import math
import uuid
import zlib
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import groupby, islice
from operator import itemgetter
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from sundry.simulation.market.words import SHOPS, TRADES

GOODS_MAX: Final = 10_000_000
SHARED: Final = 0.03  # of all goods: those that several stalls offer
OFFERS: Final = (2, 6)  # of such a product
LAST_DAY: Final = date(2026, 11, 20)
"""The day on which the newest good came on show. It does not move with the clock: neither does the market."""

_STEPS: Final = 1024  # in which a distribution is cut
_FIRST_ID: Final = 0x019B_7A00_0000 << 80 | 7 << 76 | 0b10 << 62  # a UUIDv7 of the first days of 2026


class Part(IntEnum):
    """What an id or a stream of chance is for."""

    STALL = 1
    GOOD = 2
    PRODUCT = 3
    VARIANT = 4
    PAPER = 5


@dataclass(frozen=True)
class Market:
    """A market that is nowhere: the same three numbers give the same market. ValueError: numbers that give none."""

    goods: int
    stalls: int
    seed: int

    def __post_init__(self) -> None:
        if not (1 <= self.stalls <= self.goods <= GOODS_MAX):
            raise ValueError(f"{self.goods} goods of {self.stalls} stalls: 1 to {GOODS_MAX} goods, at least 1 a stall")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed {self.seed}: 0 to {2**32 - 1}")

    @cached_property
    def key(self) -> int:
        """32 bits that name this market."""
        return zlib.crc32(f"{self.goods} goods, {self.stalls} stalls, {self.seed}".encode())

    def id(self, part: Part, index: int) -> uuid.UUID:
        """Of the stall or good of that index; they sort by part, then by index."""
        high, low = divmod(self.key << 42 | part << 38 | index, 1 << 62)
        return uuid.UUID(int=_FIRST_ID | high << 64 | low)

    def index(self, of: uuid.UUID) -> int:
        """The index that `id` was given."""
        return of.int & (1 << 38) - 1

    def draws(self, part: Part, index: int, rows: int, columns: int) -> npt.NDArray[np.float64]:
        """Numbers from 0 up to 1 for one stall, or for all products."""
        bits = np.random.PCG64(np.random.SeedSequence((self.key, part, index))).random_raw(rows * columns)
        return ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(rows, columns)

    def sign(self, stall: int) -> tuple[str, str]:
        """The first half of what stands on its sign, in Chinese and in Latin letters: the brand of the stall too."""
        return SHOPS[(self.key + stall * 7) % len(SHOPS)]

    @cached_property
    def trades(self) -> tuple[str, ...]:
        """The trade of each stall: those of one trade stand together."""
        whole, reached = sum(TRADES.values()), 0
        told: list[str] = []
        for trade, weight in TRADES.items():
            reached += weight
            told += [trade] * (-(-reached * self.stalls // whole) - len(told))  # rounded up: the first has one
        return tuple(told)

    @cached_property
    def bounds(self) -> npt.NDArray[np.int64]:
        """The goods of stall i are those from bounds[i] up to bounds[i + 1]. Some have many times what others have."""
        weights = (1000 * spread(0.8, self.draws(Part.STALL, 0, self.stalls, 1)[:, 0])).astype(np.int64)
        reached = np.concatenate(([0], np.cumsum(weights)))
        bounds: npt.NDArray[np.int64] = np.arange(self.stalls + 1) + reached * (self.goods - self.stalls) // reached[-1]
        return bounds

    @cached_property
    def products(self) -> dict[int, int]:
        """Which goods are which product: index of the good -> index of the product. No stall has one twice."""
        chance = self.draws(Part.PRODUCT, 0, self.goods, 1)[:, 0]
        mixed = np.flatnonzero(chance < SHARED)
        stalls = np.searchsorted(self.bounds, mixed, side="right") - 1
        trades = [self.trades[stall] for stall in stalls.tolist()]
        order = sorted(range(len(mixed)), key=lambda at: (trades[at], float(chance[mixed[at]])))
        return self._grouped([(int(mixed[at]), int(stalls[at]), trades[at]) for at in order])

    def _grouped(self, slots: list[tuple[int, int, str]]) -> dict[int, int]:
        """Goods in a row become one product, as long as they are of one trade and of different stalls."""
        least, most = OFFERS
        sizes = iter(self.draws(Part.PRODUCT, 1, len(slots) + len(TRADES), 1)[:, 0].tolist())
        told: dict[int, int] = {}
        product = 0
        for _, of_trade in groupby(slots, key=itemgetter(2)):
            ahead = iter(of_trade)
            while group := list(islice(ahead, least + int((most - least + 1) * next(sizes)))):
                by_stall = {stall: good for good, stall, _ in group}
                if len(by_stall) >= least:
                    told.update(dict.fromkeys(by_stall.values(), product))
                    product += 1
        return told


@lru_cache(maxsize=16)
def _quantiles(sigma: float) -> npt.NDArray[np.float64]:
    """Of a log-normal distribution around 1; rounded, so that no machine's mathematics show."""
    normal = NormalDist()
    return np.array([round(math.exp(sigma * normal.inv_cdf((at + 0.5) / _STEPS)), 4) for at in range(_STEPS)])


def spread(sigma: float, drawn: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Log-normal factors around 1, one for each draw."""
    factors: npt.NDArray[np.float64] = _quantiles(sigma)[(drawn * _STEPS).astype(np.int64)]
    return factors
