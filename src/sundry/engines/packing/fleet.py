"""`load`: as many containers as an order needs, at the lowest price that can be packed.

Problem: which containers is decided before it is known how well they can be filled. Therefore:
1. *Roll*: plan the cheapest set for what is left at the fill that can be expected, pack the largest of it, learn the
   fill, plan again. That ends with a complete load, whatever the time.
   Where no more containers are allowed and something stays, it is rolled again with the time that is left.
2. *Undercut*: cheaper sets that have the volume and the payload are tried with the time that is left: the cheapest
   that needs no better fill than was reached, then ever bolder ones. A try ends as soon as the rest cannot fit.
3. *Gather*: the cartons of a container that did not become full stand at its deep end.

Cheaper means: lower price, then fewer containers, then less volume. No plan is below `price_bound_minor`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sundry.engines.packing.cargo import can_weight_bind
from sundry.engines.packing.covering import Counts, Need, cheapest_cover, cost, covers
from sundry.engines.packing.filling import SETUP_MARGIN, Filled, fill
from sundry.engines.packing.rules import BoxType, Container, Load, Loaded, fits
from sundry.engines.packing.warming import warm
from sundry.kernel.outcome import Progress, silent

FILL_EXPECTED = 0.87
FILL_LEAST = 0.4
FILL_STEP = 0.02  # with more time a whole load fills this much more than the first try, at most
FILL_MAX = 0.98
ROLL_SHARE = 0.35  # of the time
CANDIDATES_MAX = 40
LAST_CONTAINERS = (3, 6)
RARE_VALUE = 2.0  # a carton that fits no later container counts double


@dataclass(frozen=True, slots=True)
class _Plan:
    """Containers packed so far, and what is left of each type."""

    filled: tuple[tuple[int, Filled], ...]
    rest: tuple[int, ...]

    def counts(self, containers: int) -> Counts:
        numbers = [number for number, _ in self.filled]
        return tuple(numbers.count(c) for c in range(containers))


def load(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    *,
    seconds: float = 5.0,
    containers_max: int | None = None,
    favours: Sequence[float] | None = None,
    threads: int = 2,
    progress: Progress = silent,
) -> Load:
    """Load every carton that fits some container, at the lowest price found; full support, doors and payloads kept.

    `favours`: how many times its volume a carton of each type counts, where `containers_max` does not hold all.
    `seconds` is for the whole load; one plan is always finished, so a short time is exceeded where the cargo is large.
    Containers come in the order in which they were packed, cartons in loading order. ValueError: no container given.
    """
    warm()
    return _Loader(containers, boxes, seconds, containers_max, favours, threads, progress).run()


class _Loader:
    def __init__(
        self,
        containers: Sequence[Container],
        boxes: Sequence[BoxType],
        seconds: float,
        containers_max: int | None,
        favours: Sequence[float] | None,
        threads: int,
        progress: Progress,
    ) -> None:
        if not containers:
            raise ValueError("no container is given")
        self.started = time.perf_counter()
        self.seconds = seconds
        self.containers = containers
        self.boxes = boxes
        self.containers_max = containers_max
        self.favours = favours or [1.0] * len(boxes)
        self.threads = threads
        self.progress = progress
        self.fits = [[fits(box, container) for container in containers] for box in boxes]
        self.quantities = tuple(b.quantity if any(f) else 0 for b, f in zip(boxes, self.fits, strict=True))
        self.unfit = tuple(0 if any(f) else b.quantity for b, f in zip(boxes, self.fits, strict=True))
        self.fill = FILL_EXPECTED
        self.fill_reached = FILL_EXPECTED

    def run(self) -> Load:
        plan = self._roll(1.0 if self._must_leave() else ROLL_SHARE)
        if any(plan.rest) and self._left_s() > SETUP_MARGIN * sum(filled.setup_s for _, filled in plan.filled):
            plan = max(plan, self._roll(1.0), key=self._worth)
        plan = self._undercut(plan)
        plan = self._gather(plan)
        bound = cheapest_cover(self.containers, self._need(self.quantities, 1.0))
        is_complete = not any(plan.rest)
        return Load(
            containers=tuple(Loaded(number, filled.placements) for number, filled in plan.filled),
            left_out=plan.rest,
            unfit=self.unfit,
            price_minor=cost(self.containers, plan.counts(len(self.containers)))[0],
            price_bound_minor=cost(self.containers, bound)[0] if bound and is_complete else 0,
            seconds=time.perf_counter() - self.started,
            disorder=0,
        )

    def _roll(self, share: float) -> _Plan:
        """A load of whatever the containers allowed hold, in a share of the time that is left."""
        plan = _Plan((), self.quantities)
        began, share_s = time.perf_counter(), share * self._left_s()
        fills: list[float] = []
        while any(plan.rest) and not self._is_full(plan):
            coming = self._cover(plan)
            # The largest first: what is left at the end then goes into the smallest.
            number = max(coming, key=lambda c: (self.containers[c].volume_mm3, c))
            later = [c for c in coming if c != number or coming.count(c) > 1]
            until = began + share_s * self._progress_share(plan, number)
            plan = self._with(plan, number, later, until)
            if any(plan.rest) and not can_weight_bind(self.containers[number], self.boxes, self.quantities):
                fills.append(plan.filled[-1][1].fill)
                self.fill = min(FILL_EXPECTED, max(FILL_LEAST, fills[-1]))
                self.fill_reached = sum(fills) / len(fills)
        return plan

    def _undercut(self, plan: _Plan) -> _Plan:
        """Try sets that are cheaper than the plan's: first for its last containers, which cost little time to redo."""
        for last in (*LAST_CONTAINERS, len(plan.filled)):
            if last <= len(plan.filled) and not any(plan.rest):
                plan = self._undercut_last(plan, last)
        return plan

    def _undercut_last(self, plan: _Plan, last: int) -> _Plan:
        """Try cheaper sets for the last containers as long as there is time and a set that may succeed."""
        tried: set[Counts] = set()
        while plan.filled:
            begun = self._beginning(plan, len(plan.filled) - last)
            counts = self._candidate(plan, begun, tried)
            left_s = self._left_s()
            if counts is None or left_s <= SETUP_MARGIN * sum(filled.setup_s for _, filled in plan.filled[-last:]):
                break
            tried.add(counts)
            attempt = self._try(begun, counts, time.perf_counter() + left_s / 2)
            if attempt is not None:
                plan, last = attempt, min(last, len(attempt.filled))
        return plan

    def _beginning(self, plan: _Plan, containers: int) -> _Plan:
        """The plan as it was after so many containers."""
        rest = list(self.quantities)
        for _, filled in plan.filled[:containers]:
            for placed in filled.placements:
                rest[placed.type] -= 1
        return _Plan(plan.filled[:containers], tuple(rest))

    def _candidate(self, plan: _Plan, begun: _Plan, tried: set[Counts]) -> Counts | None:
        """What to try next in place of what follows `begun`: of the cheaper sets not yet tried the cheapest that needs
        no better fill than was reached, else the roomiest."""
        need = self._need(begun.rest, min(FILL_MAX, self.fill_reached + FILL_STEP))
        numbers = [number for number, _ in plan.filled[len(begun.filled) :]]
        below = cost(self.containers, tuple(numbers.count(c) for c in range(len(self.containers))))
        untried = [
            counts
            for counts in covers(self.containers, need, below, CANDIDATES_MAX)
            if counts not in tried and self._takes_all(counts, begun.rest)
        ]
        for counts in untried:
            if need.volume_mm3 <= self.fill_reached * cost(self.containers, counts)[2]:
                return counts
        return max(untried, key=lambda counts: cost(self.containers, counts)[2], default=None)

    def _try(self, begun: _Plan, counts: Counts, until: float) -> _Plan | None:
        """Pack the rest into exactly this set; None when the cartons do not fit."""
        fleet = sorted(
            (c for c, count in enumerate(counts) for _ in range(count)),
            key=lambda c: (-self.containers[c].volume_mm3, c),
        )
        began = time.perf_counter()
        total = sum(self.containers[c].volume_mm3 for c in fleet)
        used = 0
        plan = begun
        for position, number in enumerate(fleet):
            used += self.containers[number].volume_mm3
            later = fleet[position + 1 :]
            plan = self._with(plan, number, later, began + (until - began) * used / total)
            if not any(plan.rest):
                return plan
            room = sum(self.containers[c].volume_mm3 for c in later) * FILL_MAX
            if self._need(plan.rest, 1.0).volume_mm3 > room or time.perf_counter() > until:
                return None
        return None

    def _gather(self, plan: _Plan) -> _Plan:
        """Move the cartons of a container with room to spare to its deep end."""
        filled = []
        for number, one in plan.filled:
            if one.is_all:
                until = self.started + self.seconds
                one = one.gathered(self.containers[number], self.boxes, until=until, threads=self.threads)
            filled.append((number, one))
        return _Plan(tuple(filled), plan.rest)

    def _with(self, plan: _Plan, number: int, later: Sequence[int], until: float) -> _Plan:
        """The plan with one more container, as full as time allows."""
        filled = fill(
            self.containers[number],
            self.boxes,
            plan.rest,
            values=self._values(number, plan.rest, later),
            until=until,
            threads=self.threads,
        )
        rest = list(plan.rest)
        for placed in filled.placements:
            rest[placed.type] -= 1
        self.progress("loading", sum(self.quantities) - sum(rest), sum(self.quantities))
        return _Plan((*plan.filled, (number, filled)), tuple(rest))

    def _values(self, number: int, rest: Sequence[int], later: Sequence[int]) -> list[float]:
        """What one carton of each type is worth in this container: its volume, and its weight as far as weight binds.

        With a containers by volume and b by weight still needed, volume counts a parts and weight b parts: loading the
        light cartons first would leave containers full of lead for the end.
        """
        container = self.containers[number]
        need = self._need(rest, 1.0)
        by_volume = need.volume_mm3 / container.volume_mm3 / self.fill
        by_weight = 0.0
        if container.payload_g and can_weight_bind(container, self.boxes, rest):
            by_weight = need.weight_g / container.payload_g
        values = []
        for box, box_fits, favour in zip(self.boxes, self.fits, self.favours, strict=True):
            value = box.volume_mm3 * by_volume
            if by_weight:
                value += box.weight_g * by_weight * need.volume_mm3 / need.weight_g
            value *= favour
            if later and not any(box_fits[c] for c in later):
                value *= RARE_VALUE
            values.append(value / (by_volume + by_weight))
        return values

    def _cover(self, plan: _Plan) -> list[int]:
        """The containers planned for what is left, each once for each time it is taken."""
        most = None if self.containers_max is None else self.containers_max - len(plan.filled)
        need = self._need(plan.rest, self.fill)
        cheapest = counts = cheapest_cover(self.containers, need, most=most)
        while counts is not None and not self._takes_all(counts, plan.rest):
            counts = cheapest_cover(self.containers, need, above=cost(self.containers, counts), most=most)
        counts = counts or cheapest
        usable = self._usable(plan.rest)
        coming = [] if counts is None else [c for c in usable for _ in range(counts[c])]
        # More than may be taken, or none of the set takes what is left: the largest that does, again and again.
        return coming or [max(usable, key=lambda c: (self.containers[c].volume_mm3, c))] * (most or 1)

    def _takes_all(self, counts: Counts, rest: Sequence[int]) -> bool:
        """True when every carton that is left fits some container of the set."""
        return all(
            not left or any(count and can for count, can in zip(counts, box_fits, strict=True))
            for left, box_fits in zip(rest, self.fits, strict=True)
        )

    def _usable(self, rest: Sequence[int]) -> list[int]:
        """The containers into which some carton that is left fits."""
        return [
            c
            for c in range(len(self.containers))
            if any(left and box_fits[c] for left, box_fits in zip(rest, self.fits, strict=True))
        ]

    def _need(self, quantities: Sequence[int], fill: float) -> Need:
        pairs = list(zip(self.boxes, quantities, strict=True))
        return Need(
            volume_mm3=sum(box.volume_mm3 * quantity for box, quantity in pairs),
            weight_g=sum(box.weight_g * quantity for box, quantity in pairs),
            fill=fill,
        )

    def _progress_share(self, plan: _Plan, number: int) -> float:
        """How far the load will be after this container, from 0 to 1, by volume."""
        total = self._need(self.quantities, 1.0).volume_mm3
        done = total - self._need(plan.rest, 1.0).volume_mm3
        return min(1.0, (done + self.containers[number].volume_mm3 * self.fill) / min(total, self._most_mm3()))

    def _worth(self, plan: _Plan) -> float:
        """The volume of the cartons in a plan, each as often as it counts."""
        loaded = (whole - left for whole, left in zip(self.quantities, plan.rest, strict=True))
        return sum(
            box.volume_mm3 * count * favour for box, count, favour in zip(self.boxes, loaded, self.favours, strict=True)
        )

    def _must_leave(self) -> bool:
        """Whether the containers allowed cannot hold everything, so that no cheaper set can follow."""
        return self._need(self.quantities, 1.0).volume_mm3 > self._most_mm3()

    def _most_mm3(self) -> float:
        """The volume of cartons that no set of containers allowed can exceed."""
        largest = max(container.volume_mm3 for container in self.containers)
        return math.inf if self.containers_max is None else FILL_MAX * self.containers_max * largest

    def _left_s(self) -> float:
        return self.started + self.seconds - time.perf_counter()

    def _is_full(self, plan: _Plan) -> bool:
        return self.containers_max is not None and len(plan.filled) >= self.containers_max
