"""Ranges of prices and minimum orders: the choices that a facet offers.

Problem: counting how many of 100,000 hits cost less than 5 yuan looks every price up. Measured on 55,000 hits, ranges
over two columns cost as much CPU as ranking all of them; counting a small number that was worked out when the good was
written costs less than half. Therefore the range that a value is in, its band, is kept in the index beside the value.

Worked case: PRICE_BOUNDS_MINOR = (100, 300, 1000, 3000, 10000) in fen; 4.50 yuan is 450, at least 300 and below 1000:
band 2. A band is `bisect_right(bounds, value)`. Whoever changes a bound raises `schema.FORM`.

A good has a price at each of eight quantities, so eight bands. As prices fall with quantity, few different eights are
seen, so they are kept as one number, counted as one, and taken apart where the counts are told (`packed`, `band_at`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sundry.engines.searching.model import Bucket

PRICE_BOUNDS_MINOR: Final = (100, 300, 1_000, 3_000, 10_000)
MINIMUM_BOUNDS: Final = (10, 100, 1_000)


_new: Final = tuple.__new__  # a wide query has hundreds of buckets, and Bucket(...) takes three times as long
_BITS: Final = 3  # a band has; PRICE_BOUNDS_MINOR makes no more than eight bands


def packed(bands: Sequence[int]) -> int:
    """Bands as one number, the first in the lowest bits."""
    number = 0
    for band in reversed(bands):
        number = number << _BITS | band
    return number


def band_at(number: int, place: int) -> int:
    """The band at a place of a packed number."""
    return number >> _BITS * place & (1 << _BITS) - 1


def band_counts(counts: Mapping[int, int], place: int) -> dict[int, int]:
    """Counts by packed number -> counts by the band at a place of it."""
    found: dict[int, int] = defaultdict(int)
    for number, count in counts.items():
        found[band_at(int(number), place)] += count
    return found


def range_buckets(counts: Mapping[int, int], bounds: tuple[int, ...]) -> tuple[Bucket, ...]:
    """The ranges that hold any goods, the lowest first. `counts`: band -> goods."""
    edges = (None, *bounds, None)
    return tuple(
        Bucket(f"{edges[at] or 0}-{edges[at + 1] or ''}", count, edges[at], edges[at + 1])
        for at, count in sorted(counts.items())
        if count
    )


def key_buckets(counts: Mapping[str, int]) -> tuple[Bucket, ...]:
    """The most frequent first; of the same count in the order of their keys."""
    ranked = sorted([(-count, key) for key, count in counts.items() if count])
    return tuple([_new(Bucket, (key, -less, None, None)) for less, key in ranked])


def path_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by whole path ("home/kitchen") -> counts by each key of it: a good stands in all of them."""
    found: dict[str, int] = defaultdict(int)
    for path, count in counts.items():
        for key in _keys(path):
            found[key] += count
    return found


@lru_cache(maxsize=10_000)  # more than any market has categories
def _keys(path: str) -> Sequence[str]:
    return path.split("/")
