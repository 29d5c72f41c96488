"""What every way to load many containers needs: cargo by class, time, and one container filled within the rules.

Problem: rolling, pricing, emptying and undercutting all fill single containers, thousands of times, each with its own
prices and quantities; and every filling must keep what travels together, and apart what travels apart.

    together {lamps, vases}: offered both or neither; where only a part of them found room, once more with them first,
    and if that fails, without them
    apart {tea, soap, spice}: one of them is offered to a container, what is worth most there; the others come later

Therefore one `Task` holds the request and one method fills, so that no way of searching can forget a rule.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sundry.engines.packing.contradictions import linked
from sundry.engines.packing.covering import Counts, Need
from sundry.engines.packing.filling import Filled, fill
from sundry.engines.packing.rules import BoxType, Container, Requirements, fits
from sundry.kernel.outcome import Progress

FIRST_VALUE = 1000.0  # times its own: what must be in, if it fits at all
ALONE_ROLLOUTS = 200  # to see whether what travels together fits a container of its own
FILLS_MAX = 400  # with `nodes`, where no time says when to stop


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
                    filled = self._fill(number, alone, None, None, ALONE_ROLLOUTS)
                    if self._torn(filled, alone) or not filled.placements:
                        for k in unit:
                            self.fits[k][number] = False
                    else:
                        self.alone[min(unit), number] = filled
            if not any(self.fits[min(unit)]):
                self.quantities = tuple(0 if k in unit else count for k, count in enumerate(self.quantities))

    def left_s(self) -> float:
        """Seconds left; with `nodes` without end, until so many containers were filled."""
        if self.nodes is not None:
            return math.inf if self.fills < FILLS_MAX else 0.0
        return max(0.0, self.until - time.perf_counter())

    def need(self, quantities: Sequence[int], fill: float = 1.0) -> Need:
        pairs = list(zip(self.boxes, quantities, strict=True))
        return Need(
            volume_mm3=sum(box.volume_mm3 * quantity for box, quantity in pairs),
            weight_g=sum(box.weight_g * quantity for box, quantity in pairs),
            fill=fill,
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
        """Container type `number` with at most `quantities`, what travels together whole or not at all, nothing beside
        what it must keep apart from. With `nodes` of its own or of the task no time is looked at but the task's end."""
        worth = [float(box.volume_mm3) for box in self.boxes] if values is None else list(values)
        offered = self._offered(number, quantities, worth)
        filled = self._fill(number, offered, values, until, nodes)
        torn = self._torn(filled, offered)
        if torn:
            first = {k for unit in torn for k in unit}
            raised = [value * FIRST_VALUE if k in first else value for k, value in enumerate(worth)]
            filled = self._fill(number, offered, raised, until, nodes)
        while torn := self._torn(filled, offered):
            offered = [0 if any(k in unit for unit in torn) else count for k, count in enumerate(offered)]
            filled = self._fill(number, offered, values, until, nodes)
        if filled.placements:
            return filled
        # A unit that found no room beside others stands alone, as it was seen to.
        waiting = [unit for unit in self.units if any(quantities[k] for k in unit)]
        return next((self.alone[key] for unit in waiting if (key := (min(unit), number)) in self.alone), filled)

    def gathered(self, number: int, filled: Filled) -> Filled:
        """The filling moved to the deep end, where that is quickly found."""
        until = None if self.nodes is not None else self.until
        return filled.gathered(self.containers[number], self.boxes, until=until, threads=self.threads)

    def _fill(
        self,
        number: int,
        quantities: Sequence[int],
        values: Sequence[float] | None,
        until: float | None,
        nodes: int | None,
    ) -> Filled:
        self.fills += 1
        end = self.until if until is None else until
        return fill(
            self.containers[number],
            self.boxes,
            quantities,
            values=values,
            until=None if self.nodes is not None else end,
            nodes=nodes or self.nodes,
            full_support=self.requirements.support_percent > 0,
            threads=self.threads,
        )

    def _offered(self, number: int, quantities: Sequence[int], worth: Sequence[float]) -> list[int]:
        """What may stand side by side: of what must be apart, what is worth most in the room there is."""
        offered = [count if self.fits[k][number] else 0 for k, count in enumerate(quantities)]
        if not self.requirements.apart:
            return offered
        room_mm3 = self.containers[number].volume_mm3
        units = [*self.units, *(frozenset([k]) for k in range(len(offered)) if not any(k in u for u in self.units))]
        present = [unit for unit in units if any(offered[k] for k in unit)]
        share = {
            unit: sum(worth[k] * min(offered[k], room_mm3 // self.boxes[k].volume_mm3) for k in unit)
            for unit in present
        }
        taken: set[int] = set()
        for unit in sorted(present, key=lambda u: (-share[u], min(u))):
            if any(one & unit and one & taken for one in self.requirements.apart):
                for k in unit:
                    offered[k] = 0
            else:
                taken |= unit
        return offered

    def _torn(self, filled: Filled, offered: Sequence[int]) -> list[frozenset[int]]:
        """What travels together and is in by a part only."""
        if not self.units:
            return []
        counts = self.counts(filled)
        return [
            unit for unit in self.units if any(counts[k] for k in unit) and any(counts[k] < offered[k] for k in unit)
        ]
