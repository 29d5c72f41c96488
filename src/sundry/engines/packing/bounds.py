"""How many containers, and how much money, no plan whatever can do without: stronger than volume.

Problem: volume knows nothing of shapes. Ten cubes of 60 want ten containers of 100, though they fill 2.2 of them: no
two stand side by side, one behind the other or one on the other. A bound by volume says three.

Therefore lengths are measured anew. A *dual feasible* measure f of an edge has: whatever edges fit one after the other
into a length C, their f sum to at most f(C). Here f(x) = 1 where x > C/2, else 0: each cube measures 1 x 1 x 1, as much
as the container, and ten of them need ten.

    Theorem (Fekete and Schepers, Mathematical Methods of Operations Research 60, 2004). Measure the three edges of
    every carton by dual feasible f, g, h. If the cartons stand in one container, their new volumes sum to at most the
    container's. (Stretch x first: a line along x through the container meets cartons whose f sum to at most f(L), so
    the integral over all lines, the sum of the volumes f(dx) dy dz, is at most f(L) W H; then y, then z.)

A carton that may be turned counts with the least volume among the ways that it may stand in: at most what it really
takes. With several containers a carton counts with the least of its shares of a container times that container's price
(or 1): what stands in one container then never sums to more than its price, so the sum over all cartons is at most what
the containers cost together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.covering import Need, cheapest_cover, cost
from sundry.engines.packing.rules import BoxType, Container, standing

MEASURES_MAX = 10  # an axis; all threes of them are tried
PARTS_MAX = 6  # cuts of up to an equal part of the length
KINDS_MAX = 200  # above, the smallest cartons count nothing: still a bound, and soon found
ROUNDING = 1e-9

Measure = Callable[[int], int]
"""What an edge counts; dual feasible."""


def bounds(containers: Sequence[Container], boxes: Sequence[BoxType], quantities: Sequence[int]) -> tuple[int, int]:
    """The price and the number of containers that no plan which loads `quantities` of each type is below.

    By volume and weight in whole containers, by measures, and by the number of containers, each at the lowest price.
    Every type must fit some container.
    """
    volume_mm3 = sum(box.volume_mm3 * quantity for box, quantity in zip(boxes, quantities, strict=True))
    weight_g = sum(box.weight_g * quantity for box, quantity in zip(boxes, quantities, strict=True))
    prices = [container.price_minor for container in containers]
    price, number = _by_measures(containers, prices, boxes, quantities)
    number = max(number, -(-volume_mm3 // max(container.volume_mm3 for container in containers)))
    payloads = [container.payload_g for container in containers if container.payload_g is not None]
    if len(payloads) == len(containers) and max(payloads):
        number = max(number, -(-weight_g // max(payloads)))
    cover = cheapest_cover(containers, Need(volume_mm3, weight_g, cartons=sum(quantities)))
    by_volume = 0 if cover is None else cost(containers, cover)[0]
    return max(by_volume, price, min(prices) * number), number


def measures(length: int, edges: Sequence[int]) -> list[Measure]:
    """Dual feasible measures of a length, the plain one first, then those that suit these edges.

    *Plain*: x. *Without the small* (Martello and Toth; Fekete and Schepers' U): for e <= C/2 an edge above C - e counts
    C, one below e nothing, one between x: beside an edge above C - e stand only edges below e.
    *In parts* (Carlier, Clautiaux and Moukrim 2007, after Boschetti 2004): for k <= C/2 an edge below C/2 counts
    2 floor(x/k), C/2 itself floor(C/k), one above 2 (floor(C/k) - floor((C-x)/k)); C counts 2 floor(C/k). Edges up to
    C/2 are rounded down to whole k; at most one is above, and the others stand in the C - x beside it, where they have
    at most floor((C-x)/k) whole k.
    """
    found: dict[tuple[int, ...], Measure] = {}
    for measure in _candidates(length, edges):
        found.setdefault(tuple(measure(edge) for edge in (*edges, length)), measure)
    return list(found.values())[:MEASURES_MAX]


def without_small(length: int, cut: int, edge: int) -> int:
    """See `measures`; `cut` is e, 1 to half the length."""
    return length if edge > length - cut else 0 if edge < cut else edge


def in_parts(length: int, part: int, edge: int) -> int:
    """See `measures`; `part` is k, 1 to half the length."""
    if 2 * edge < length:
        return 2 * (edge // part)
    return length // part if 2 * edge == length else 2 * (length // part - (length - edge) // part)


def _candidates(length: int, edges: Sequence[int]) -> Iterator[Measure]:
    yield lambda edge: edge
    for cut in _cuts(length, edges):
        yield partial(in_parts, length, cut)
        yield partial(without_small, length, cut)


def _cuts(length: int, edges: Sequence[int]) -> list[int]:
    """Where measures change for these edges: just above an equal part of the length, at an edge, and just above what is
    free beside one; the largest first, for half the length tells most: that no two stand side by side."""
    cuts = {length // 2, *(length // parts + 1 for parts in range(3, 3 + PARTS_MAX))}
    cuts |= set(edges) | {length - edge + 1 for edge in edges}
    return sorted((cut for cut in cuts if 1 <= cut <= length // 2), reverse=True)


def _by_measures(
    containers: Sequence[Container], prices: Sequence[int], boxes: Sequence[BoxType], quantities: Sequence[int]
) -> tuple[int, int]:
    """The most that any three measures say the containers must cost together, and how many they must be."""
    numbers = sorted((n for n, count in enumerate(quantities) if count), key=lambda n: (-boxes[n].volume_mm3, n))
    numbers = numbers[:KINDS_MAX]
    if not numbers:
        return 0, 0
    tables = [_shares(container, [boxes[n] for n in numbers]) for container in containers]
    counts = np.array([quantities[n] for n in numbers], np.float64)
    best_price = best_number = 0.0
    for along, across in product(range(MEASURES_MAX), repeat=2):
        shares = [np.min(x[along] * y[across] * z, axis=2) for x, y, z in tables]
        best_number = max(best_number, float(np.max(np.minimum.reduce(shares) @ counts)))
        if all(prices):  # what costs nothing could take everything
            dear = np.minimum.reduce([price * share for price, share in zip(prices, shares, strict=True)])
            best_price = max(best_price, float(np.max(dear @ counts)))
    return math.ceil(best_price * (1 - ROUNDING)), math.ceil(best_number * (1 - ROUNDING))


def _shares(container: Container, boxes: Sequence[BoxType]) -> list[NDArray[np.float64]]:
    """For each axis: by measure, type and way to stand, the share of the length that a carton counts. Where there are
    fewer measures or ways, the first stands for those that lack; a type that cannot travel here counts without end."""
    ways = [standing(box, container) for box in boxes]
    able = [number for number, each in enumerate(ways) if each]
    table = np.array([[ways[n][way % len(ways[n])] for way in range(6)] for n in able], np.int64).reshape(-1, 6, 3)
    shares = []
    for axis, length in enumerate(container.inside_mm):
        edges = np.unique(table[:, :, axis])
        found = measures(length, edges.tolist())
        rows = np.array([[measure(edge) / measure(length) for edge in edges.tolist()] for measure in found])
        share = np.full((MEASURES_MAX, len(boxes), 6), np.inf)
        if able:
            share[:, able] = rows[0][np.searchsorted(edges, table[:, :, axis])]
            share[: len(found), able] = rows[:, np.searchsorted(edges, table[:, :, axis])]
        shares.append(share)
    return shares
