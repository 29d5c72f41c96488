"""Which containers could hold so much volume and weight at the lowest price: the bound, and the plan to try first.

Problem: 90 m3 want a 40HC and a 20GP, or two 40GP, or a 45HC and hope. The cheapest set of containers that has the
volume and the payload is a small covering problem; no load of these cartons can be cheaper (the bound), and if cartons
fill nine tenths of the room, the cheapest set for a ninth more volume is what a load will probably need (the plan).

    at 2,000 for a 20GP (33 m3) and 3,500 for a 40HC (76 m3), 90 m3 need at least 5,500: one of each.

Therefore a depth-first search over counts, best value for money first, cut off by the price (then number, then volume)
that the rest must at least cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sundry.engines.packing.rules import Container

STEPS_MAX = 20_000  # for each of many sets: where some cost nothing there may be millions between two of them

Counts = tuple[int, ...]
Cost = tuple[int, int, int]  # price, number, volume: compared in this order


@dataclass(frozen=True, slots=True)
class Need:
    """What must be covered. `fill`: the share of a container's volume that can be used. `cartons`: how many they are;
    no more containers are looked at than hold one each (a free one that carries a gram is needed by the million)."""

    volume_mm3: int
    weight_g: int
    fill: float = 1.0
    cartons: int | None = None


def cost(containers: Sequence[Container], counts: Counts) -> Cost:
    """Price, number and volume of a set: what is compared, in this order."""
    pairs = list(zip(containers, counts, strict=True))
    return (
        sum(container.price_minor * count for container, count in pairs),
        sum(counts),
        sum(container.volume_mm3 * count for container, count in pairs),
    )


def cheapest_cover(
    containers: Sequence[Container],
    need: Need,
    *,
    above: Cost | None = None,
    most: int | None = None,
    steps: float = math.inf,
) -> Counts | None:
    """The cheapest counts that cover the need, at most `most` containers, dearer than `above`; None: there are none.
    With `steps` the cheapest that is found in so many."""
    return _Cover(containers, need, above, most, steps).best


def covers(
    containers: Sequence[Container], need: Need, below: Cost | None, limit: int, most: int | None = None
) -> Iterator[Counts]:
    """Up to `limit` sets, of at most `most` containers, that cover the need, cheapest first; `below`: for less. Each is
    looked for in STEPS_MAX steps."""
    found = cheapest_cover(containers, need, most=most, steps=STEPS_MAX)
    for _ in range(limit):
        if found is None or (below is not None and cost(containers, found) >= below):
            return
        yield found
        found = cheapest_cover(containers, need, above=cost(containers, found), most=most, steps=STEPS_MAX)


class _Cover:
    def __init__(
        self, containers: Sequence[Container], need: Need, above: Cost | None, most: int | None, steps: float
    ) -> None:
        self.containers = containers
        self.steps = steps
        self.above = above
        alone = None if need.cartons is None else math.ceil(need.cartons / need.fill)
        self.most = alone if most is None else most if alone is None else min(most, alone)
        self.best: Counts | None = None
        self.best_cost: Cost | None = None
        self.volumes = [container.volume_mm3 * need.fill for container in containers]
        # Cheapest per volume first: the first leaf is then nearly always good.
        self.order = sorted(range(len(containers)), key=lambda c: (containers[c].price_minor / self.volumes[c], c))
        self.rests = [_Rest(containers, self.volumes, self.order[depth:]) for depth in range(len(containers))]
        self._descend(0, [0] * len(containers), 0, 0, float(need.volume_mm3), need.weight_g)

    def _descend(self, depth: int, counts: list[int], price: int, number: int, volume: float, weight_g: int) -> None:
        """Choose the count of the next container in order; volume and weight are what is still uncovered."""
        if volume <= 0 and weight_g <= 0:
            self._note(tuple(counts))
            return
        self.steps -= 1
        if depth == len(self.order) or self.steps < 0:
            return
        if self.best_cost is not None and self.rests[depth].least(price, number, volume, weight_g) > self.best_cost[:2]:
            return
        chosen = self.order[depth]
        container = self.containers[chosen]
        payload_g = container.payload_g
        enough = max(0, _ceil(volume, self.volumes[chosen]))
        if weight_g > 0 and payload_g != 0:
            enough = max(enough, 1 if payload_g is None else _ceil(weight_g, payload_g))
        if self.most is not None:
            enough = min(enough, self.most - number)
        for count in range(enough, -1, -1):
            counts[chosen] = count
            left_g = 0 if payload_g is None and count else weight_g - count * (payload_g or 0)
            left = volume - count * self.volumes[chosen]
            self._descend(depth + 1, counts, price + count * container.price_minor, number + count, left, left_g)
        counts[chosen] = 0

    def _note(self, counts: Counts) -> None:
        this = cost(self.containers, counts)
        if self.above is not None and this <= self.above:
            return
        if self.best_cost is None or this < self.best_cost:
            self.best, self.best_cost = counts, this


class _Rest:
    """The containers that are still to be chosen from: what covering so much must at least cost."""

    def __init__(self, containers: Sequence[Container], volumes: Sequence[float], rest: Sequence[int]) -> None:
        self.price_a_volume = min(containers[c].price_minor / volumes[c] for c in rest)
        self.volume_max = max(volumes[c] for c in rest)
        carrying = [(containers[c].price_minor, p) for c in rest if (p := containers[c].payload_g)]
        # Weight says nothing where one of them carries any weight, or none of them carries any.
        is_free = not carrying or any(containers[c].payload_g is None for c in rest)
        self.price_a_gram = 0.0 if is_free else min(price / payload_g for price, payload_g in carrying)
        self.payload_max_g = None if is_free else max(payload_g for _, payload_g in carrying)

    def least(self, price: int, number: int, volume: float, weight_g: int) -> tuple[float, int]:
        """Price and number of the cheapest set, at least, if this is spent and that is still uncovered."""
        more = max(0.0, volume) * self.price_a_volume
        count = _ceil(volume, self.volume_max)
        if weight_g > 0 and self.payload_max_g is not None:
            more = max(more, weight_g * self.price_a_gram)
            count = max(count, _ceil(weight_g, self.payload_max_g))
        return (price + more * (1 - 1e-12), number + count)


def _ceil(amount: float, unit: float) -> int:
    return max(0, int(-(-amount // unit)))
