"""The same photo, though it was made smaller, compressed again or a little brighter.

Problem: forty stalls sell what one factory makes, with the factory's photo, each saved in its own way; no two files are
the same. Therefore a photo is made 64 bits that hardly change with that (a perceptual hash): the picture is averaged to
32 x 32 grey squares, its cosine transform taken, and each of the 8 x 8 lowest waves is one bit: whether it is
above the median of them all. Two photos are told apart by how many bits differ.

Worked case (tests/engines/searching/test_likeness.py): a photo and itself at half its size differ by 0 to 2 bits; two
photos of different cups by about 32, as chance has it. Within 6 bits we say: the same photo.

It finds the same photo, NOT a similar article: a photo of the same cup from the other side is another photo.

Source: the DCT hash that C. Zauner describes in "Implementation and Benchmarking of Perceptual Image Hash Functions"
(2010), with the median over the waves without the first, which only tells how bright the photo is.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

SIDE: Final = 32  # squares of the picture on each side
WAVES: Final = 8  # of which lowest waves on each side are looked at
WITHIN: Final = 6  # bits that the same photo may differ by


def phash(grey: npt.NDArray[np.uint8]) -> int:
    """64 bits of a grey picture (height x width), from 0. ValueError: it is no picture of two dimensions."""
    if grey.ndim != 2 or not grey.size:
        raise ValueError(f"a grey picture has two dimensions that are not empty, not {grey.shape}")
    squares = _averages(SIDE, grey.shape[0]) @ grey.astype(np.float64) @ _averages(SIDE, grey.shape[1]).T
    waves = (_cosines() @ squares @ _cosines().T).ravel()
    bits = waves > np.median(waves[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def hamming(one: int, other: int) -> int:
    """How many of their bits differ. Both of 64 bits, signed or not."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def nearest(hashes: npt.NDArray[np.uint64], wanted: int, within: int = WITHIN) -> npt.NDArray[np.int64]:
    """The places in `hashes` of those that differ from `wanted` by at most `within` bits, the nearest first, of equals
    the first. Every hash is looked at: 2.1 million take some 20 ms."""
    differing = np.bitwise_count(hashes ^ np.uint64(wanted & (1 << 64) - 1))
    places = np.flatnonzero(differing <= within)
    return places[np.argsort(differing[places], kind="stable")].astype(np.int64)


@cache
def _cosines() -> npt.NDArray[np.float64]:
    """The lowest waves of the cosine transform (DCT-II) of SIDE values."""
    waves, places = np.arange(WAVES)[:, None], np.arange(SIDE)[None, :]
    return np.asarray(np.cos(np.pi * waves * (2 * places + 1) / (2 * SIDE)))


def _averages(parts: int, length: int) -> npt.NDArray[np.float64]:
    """By what `length` values are multiplied to be averaged into `parts`; a value on an edge counts for both sides."""
    edges = np.linspace(0, length, parts + 1)
    values = np.arange(length)
    shares = np.minimum(edges[1:, None], values + 1) - np.maximum(edges[:-1, None], values)
    return np.asarray(np.clip(shares, 0, None) * parts / length)
