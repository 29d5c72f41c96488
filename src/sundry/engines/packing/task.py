"""What every way to load many containers needs: cargo by class, time, and one container filled within the rules.

Problem: rolling, pricing, ranking and undercutting all fill single containers, thousands of times, each with its own
prices and quantities, and none of them may forget a rule or the time.

    two lamps and three vases that travel together, in a small and a large container: tried alone, they fit the large
    one only -> to a small one they are never offered; where they find no room beside others, they get one of their own

Therefore one `Task` holds the request and one method fills; what it returns keeps every rule of one container, so that
a load of such fillings keeps every rule of the load.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sundry.engines.packing.contradictions import linked
from sundry.engines.packing.covering import Counts, Need
from sundry.engines.packing.filling import Filled
from sundry.engines.packing.keeping import Budget, Keeper
from sundry.engines.packing.rules import BoxType, Container, Requirements, fits
from sundry.kernel.outcome import Progress

ALONE_ROLLOUTS = 200  # to see whether what travels together fits a container of its own
FILLS_MAX = 150  # with `nodes`, where no time says when to stop; no more than `nodes` either, so that few end soon


@dataclass(frozen=True, slots=True)
class Plan:
    """Containers packed so far, each a type's number and its filling, and what is left of each class."""

    filled: tuple[tuple[int, Filled], ...]
    rest: tuple[int, ...]

    def counts(self, containers: int) -> Counts:
        numbers = [number for number, _ in self.filled]
        return tuple(numbers.count(c) for c in range(containers))


@dataclass(slots=True)
class Task:
    """A load to find. `until` of time.perf_counter, or with `nodes` rollouts a filling no time at all."""

    containers: Sequence[Container]
    boxes: Sequence[BoxType]  # classes
    requirements: Requirements
    favours: Sequence[float]
    until: float
    nodes: int | None
    threads: int
    progress: Progress
    containers_max: int | None = None
    quantities: tuple[int, ...] = ()  # what fits some container
    fits: list[list[bool]] = field(default_factory=list)
    units: tuple[frozenset[int], ...] = ()  # what travels together
    alone: dict[tuple[int, int], Filled] = field(default_factory=dict)  # a unit's lowest class, container type
    lightened: set[int] = field(default_factory=set)  # classes taken out of a container until nothing was in it
    fills: int = 0

    def __post_init__(self) -> None:
        self.fits = [[fits(box, container) for container in self.containers] for box in self.boxes]
        self.units = linked(self.requirements.together, self.boxes)
        for unit in self.units:
            able = [all(self.fits[k][c] for k in unit) for c in range(len(self.containers))]
            for k in unit:
                self.fits[k] = list(able)
        self.quantities = tuple(b.quantity if any(f) else 0 for b, f in zip(self.boxes, self.fits, strict=True))

    def settle(self) -> None:
        """Find out in which container types what travels together fits; elsewhere it is never offered again."""
        for unit in self.units:
            alone = [count if k in unit else 0 for k, count in enumerate(self.quantities)]
            for number in range(len(self.containers)):
                if all(self.fits[k][number] for k in unit):
                    filled = self.fill(number, alone, nodes=ALONE_ROLLOUTS)
                    if filled.placements:
                        self.alone[min(unit), number] = filled
                    else:
                        for k in unit:
                            self.fits[k][number] = False
            if not any(self.fits[min(unit)]):
                self.quantities = tuple(0 if k in unit else count for k, count in enumerate(self.quantities))

    def left_s(self) -> float:
        """Seconds left; with `nodes` without end, until so many containers were filled."""
        if self.nodes is not None:
            return math.inf if self.fills < min(FILLS_MAX, self.nodes) else 0.0
        return max(0.0, self.until - time.perf_counter())

    def need(self, quantities: Sequence[int], fill: float = 1.0) -> Need:
        pairs = list(zip(self.boxes, quantities, strict=True))
        return Need(
            volume_mm3=sum(box.volume_mm3 * quantity for box, quantity in pairs),
            weight_g=sum(box.weight_g * quantity for box, quantity in pairs),
            fill=fill,
            cartons=sum(quantities),
        )

    def volume_mm3(self, quantities: Sequence[int]) -> int:
        return sum(box.volume_mm3 * quantity for box, quantity in zip(self.boxes, quantities, strict=True))

    def counts(self, filled: Filled) -> tuple[int, ...]:
        """How many cartons of each class stand in a filling."""
        found = Counter(placed.type for placed in filled.placements)
        return tuple(found[k] for k in range(len(self.boxes)))

    def fill(
        self,
        number: int,
        quantities: Sequence[int],
        *,
        values: Sequence[float] | None = None,
        until: float | None = None,
        nodes: int | None = None,
    ) -> Filled:
        """Container type `number` with at most `quantities`, every rule of one container kept, until `until` (the end
        of the task) and for at most `nodes` rollouts (those of the task)."""
        offered = [count if self.fits[k][number] else 0 for k, count in enumerate(quantities)]
        filled = self._keeper(number).fill(offered, self._budget(until, nodes), values)
        self.fills += 1
        if filled.placements:
            return filled
        self.lightened |= set(filled.for_centre)
        # What found no room beside others stands alone, as it was seen to.
        waiting = [unit for unit in self.units if any(offered[k] for k in unit)]
        return next((self.alone[key] for unit in waiting if (key := (min(unit), number)) in self.alone), filled)

    def gathered(self, number: int, filled: Filled) -> Filled:
        """The filling moved to the deep end, where that is quickly found."""
        return self._keeper(number).gathered(filled, self._budget(None, None))

    def _keeper(self, number: int) -> Keeper:
        return Keeper(self.containers[number], self.boxes, self.requirements, threads=self.threads)

    def _budget(self, until: float | None, nodes: int | None) -> Budget:
        if self.nodes is not None:
            return Budget(None, self.nodes if nodes is None else min(nodes, self.nodes))
        return Budget(self.until if until is None else until, nodes)
