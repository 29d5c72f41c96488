"""One container filled from types to types: merge, search, order, deal. What `pack` and `load` have in common."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.dealing import deal
from sundry.engines.packing.rules import BoxType, Container, Placed, standing, volume_of

# Lengths tried for cartons that do not fill their container, shortest first, as the share that they would fill of it.
GATHERED_FILLS = (0.94, 0.9, 0.86, 0.8, 0.7)
GATHER_ROLLOUTS = 60
SETUP_MARGIN = 1.5
FINISHING_S = 50e-6  # for each carton, to take blocks apart, order and deal: kept back from the search
QUICK_S, QUICK_BLOCKS = 0.3, 2_000  # a short search has no time for many blocks


@dataclass(frozen=True, slots=True)
class Filled:
    """A packed container: cartons in loading order. `is_all`: nothing that could travel in it was left; `for_centre`:
    the type of each carton that was taken out again to keep the centre of gravity."""

    placements: tuple[Placed, ...]
    fill: float
    rollouts: int
    is_all: bool
    setup_s: float  # spent before the first plan: not to be begun with less time than this
    for_centre: tuple[int, ...] = ()

    def gathered(
        self,
        container: Container,
        boxes: Sequence[BoxType],
        *,
        until: float | None,
        threads: int,
        rollouts: int = GATHER_ROLLOUTS,
        support_percent: int = 100,
    ) -> Filled:
        """The same cartons at the deep end, in the shortest length of container that is quickly found to hold them.

        The search fills a container from both ends; what leaves room would stand there with a hole between. Each of a
        few lengths is tried with so many rollouts.
        """
        quantities = [0] * len(boxes)
        for number, count in Counter(placed.type for placed in self.placements).items():
            quantities[number] = count
        volume_mm3 = volume_of(self.placements)
        loaded = [box for box, quantity in zip(boxes, quantities, strict=True) if quantity]
        shortest = max((min(dx for dx, _, _ in standing(box, container)) for box in loaded), default=0)
        reached = max((p.x + p.dx for p in self.placements), default=0)
        for share in GATHERED_FILLS:
            length = max(shortest, -(-int(volume_mm3 / share) // (container.width_mm * container.height_mm)))
            is_late = until is not None and time.perf_counter() + SETUP_MARGIN * self.setup_s >= until
            if length >= reached or is_late:
                break
            attempt = fill(
                container.shortened(length),
                boxes,
                quantities,
                until=until,
                nodes=rollouts,
                support_percent=support_percent,
                threads=threads,
            )
            if len(attempt.placements) == len(self.placements):
                return replace(self, placements=attempt.placements)
        return self


def fill(
    container: Container,
    boxes: Sequence[BoxType],
    quantities: Sequence[int],
    *,
    values: Sequence[float] | None = None,
    until: float | None,
    nodes: int | None = None,
    support_percent: int = 100,
    threads: int = 2,
    report: Callable[[int], None] | None = None,
) -> Filled:
    """Fill one container with at most `quantities` of each type; stops at `until` or after `nodes` rollouts.

    `values`: what one carton of each type is worth, its volume where not given. `support_percent` as in Requirements;
    where any carton has a limit to what may stand on it, every base is carried whole (bearing.py).
    """
    # numpy and numba come with these two: only who packs pays for them.
    from sundry.engines.packing.loading_order import orderly
    from sundry.engines.packing.search import Search

    began = time.perf_counter()
    kinds = kinds_of(container, boxes, quantities, values)
    if not kinds:
        return Filled((), 0.0, 0, True, 0.0)
    is_quick = nodes is None and until is not None and until - time.perf_counter() < QUICK_S
    search = Search(
        container.inside_mm,
        kinds,
        payload_g=container.payload_g,
        support_percent=support_percent,
        values=None if values is None else [values[kind.members[0]] for kind in kinds],
        threads=threads,
        blocks_max=QUICK_BLOCKS if is_quick else None,
    )
    setup_s = time.perf_counter() - began
    if until is not None:
        until -= FINISHING_S * search.placed_max
    found = search.plans(until=until, nodes=nodes, report=report)
    # Compared as they can be loaded: the order may leave cartons out.
    ordered = max(
        (orderly(plan.placements) for plan in found), key=lambda plan: sum(search.worth[placed.type] for placed in plan)
    )
    return Filled(
        placements=deal(ordered, kinds, quantities),
        fill=volume_of(ordered) / container.volume_mm3,
        rollouts=sum(plan.rollouts for plan in found),
        is_all=len(ordered) == sum(kind.quantity for kind in kinds),
        setup_s=setup_s,
    )
