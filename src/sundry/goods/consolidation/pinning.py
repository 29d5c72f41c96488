"""Lines that must travel when the containers allowed do not hold everything.

Problem: one container, 1,200 cartons, and 1,050 find room. The plan leaves out what fills the container worst, and that
may be the very line for which the customer waits. Let its cartons count twice their volume, and some are still left
out, because the container is fuller without them; let them count a thousand times, and the search sees nothing else and
fills badly with the rest. Where in between depends on the cargo:

    a 40HC was filled to 69.6 m3 without 35 m3 of pinned lines
    pinned cartons count 2 times:  68.2 m3, 76 of them left out
                         5 times:  66.4 m3, all in
                        20 times:  62.9 m3, all in

Therefore: plan with everything; if a pinned carton is left out, search by halving how much to favour them, and take the
fullest plan that has all of them. If none has: plan the pinned ones alone. What is left out then cannot travel at all;
else search, by halving, how much of the others may be offered beside them. All that as long as there is time; a few
plans are always made.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Protocol

from sundry.engines.packing.leaving import left_behind
from sundry.engines.packing.rules import BoxType, Container, Load, Requirements
from sundry.kernel.outcome import Progress, silent

FIRST_SHARE = 0.5  # of the time, for the plan with everything
FAVOUR_FIRST, FAVOUR_MAX = 6.0, 100.0  # how many times its volume a pinned carton counts
FAVOURS = 4
ALONE_SHARE = 0.4  # of what is left then, for the pinned ones alone
HALVINGS = 3
NOTHING_MORE = Requirements()
_STEPS = FAVOURS + 1 + HALVINGS


class Loader(Protocol):
    """Plans cartons into the containers allowed, as `load` of the packing engine."""

    def __call__(
        self, boxes: Sequence[BoxType], *, seconds: float, favours: Sequence[float] | None, progress: Progress
    ) -> Load: ...


@dataclass(frozen=True, slots=True)
class _Measures:
    volume_mm3: int
    weight_g: int


class Pinning:
    """One load of `boxes` in which cartons of the types `pinned` are left out only if all others are, too.

    `worth` of each type's cartons together, in any one unit: where others must stay, what is worth least a volume does.
    """

    def __init__(
        self,
        loader: Loader,
        boxes: Sequence[BoxType],
        pinned: Collection[int],
        *,
        worth: Sequence[int],
        containers: Sequence[Container],
        seconds: float,
        progress: Progress,
    ) -> None:
        self.loader, self.boxes, self.pinned, self.worth = loader, boxes, frozenset(pinned), worth
        self.containers, self.progress = containers, progress
        self.until = time.perf_counter() + seconds
        self.seconds = seconds
        self.steps = 0

    def run(self) -> Load:
        first = self.loader(self.boxes, seconds=FIRST_SHARE * self.seconds, favours=None, progress=self.progress)
        if not self._lacks(first):
            return first
        self.progress("pinning", 0, _STEPS)
        best = self._favoured() or self._beside_the_pinned(first)
        self.progress("pinning", _STEPS, _STEPS)
        return self._of_all(best)

    def _favoured(self) -> Load | None:
        """The fullest plan that has all pinned cartons because they count more; None: there is none."""
        best: Load | None = None
        low, high = 1.0, FAVOUR_MAX  # all are in from somewhere between on
        favour = FAVOUR_FIRST
        for done in range(FAVOURS):
            if low == FAVOUR_MAX or (done > 1 and not self._left_s()):
                break
            plan = self._plan(self.boxes, favour, self._left_s() / (1 + FAVOURS - done))
            if self._lacks(plan):
                low = favour
            else:
                high = favour
                best = plan if best is None else max(best, plan, key=self._filled_mm3)
            favour = high if low == FAVOUR_FIRST and best is None else sqrt(low * high)
        return best

    def _beside_the_pinned(self, first: Load) -> Load:
        """The pinned cartons, and as much of the others as may be offered beside them."""
        own = [box if number in self.pinned else replace(box, quantity=0) for number, box in enumerate(self.boxes)]
        best = self._plan(own, 1.0, ALONE_SHARE * self._left_s())
        if self._lacks(best):
            return best
        least, reached_mm3 = _whole(self.boxes, own), self._filled_mm3(first)
        payload_g = self._payload_g(first)
        free_g = None if payload_g is None else payload_g - least.weight_g
        fits_mm3, most_mm3 = 0, max(0, reached_mm3 - least.volume_mm3)
        for done in range(HALVINGS):
            offered_mm3 = (fits_mm3 + most_mm3) // 2
            if (done and not self._left_s()) or offered_mm3 == fits_mm3:
                break
            offer = self._with_others(own, offered_mm3, free_g)
            attempt = self._plan(offer, FAVOUR_MAX, self._left_s() / (HALVINGS - done))
            if self._lacks(attempt):
                most_mm3 = offered_mm3
            else:
                fits_mm3 = offered_mm3
                best = max(best, attempt, key=self._filled_mm3)
        return best

    def _plan(self, boxes: Sequence[BoxType], favour: float, seconds: float) -> Load:
        favours = [favour if number in self.pinned else 1.0 for number in range(len(boxes))]
        plan = self.loader(boxes, seconds=seconds, favours=favours, progress=silent)
        self.steps += 1
        self.progress("pinning", self.steps, _STEPS)
        return plan

    def _with_others(self, own: Sequence[BoxType], room_mm3: int, free_g: int | None) -> list[BoxType]:
        """The pinned cartons, and of the others as many as have this volume and weight, what is worth most a volume
        first."""
        offer = list(own)
        boxes = self.boxes
        others = [n for n in range(len(boxes)) if n not in self.pinned and boxes[n].quantity]
        others.sort(key=lambda n: (-self.worth[n] / (boxes[n].quantity * boxes[n].volume_mm3), boxes[n].volume_mm3, n))
        for number in others:
            box = boxes[number]
            count = min(box.quantity, room_mm3 // box.volume_mm3)
            if free_g is not None and box.weight_g:
                count = min(count, max(0, free_g) // box.weight_g)
                free_g -= count * box.weight_g
            room_mm3 -= count * box.volume_mm3
            offer[number] = replace(box, quantity=count)
        return offer

    def _lacks(self, load: Load) -> bool:
        """Whether a pinned carton is left out."""
        return any(load.left_out[number] for number in self.pinned)

    def _filled_mm3(self, load: Load) -> int:
        counts = _counts(load)
        return sum(box.volume_mm3 * counts[number] for number, box in enumerate(self.boxes))

    def _payload_g(self, load: Load) -> int | None:
        """What the containers of a load may carry; None: weight does not bind one of them."""
        payloads = [self.containers[loaded.container].payload_g for loaded in load.containers]
        return None if None in payloads else sum(payload for payload in payloads if payload is not None)

    def _of_all(self, load: Load) -> Load:
        """The load seen from everything that was to travel: what was not even offered is left out, too."""
        counts = _counts(load)
        left_out = tuple(box.quantity - counts[number] for number, box in enumerate(self.boxes))
        return replace(
            load,
            left_out=left_out,
            price_bound_minor=0,
            containers_bound=0,
            left_behind=left_behind(self.containers, self.boxes, load.containers, left_out, NOTHING_MORE),
        )

    def _left_s(self) -> float:
        return max(0.0, self.until - time.perf_counter())


def _whole(boxes: Sequence[BoxType], counted: Sequence[BoxType]) -> _Measures:
    pairs = list(zip(boxes, counted, strict=True))
    return _Measures(
        sum(box.volume_mm3 * count.quantity for box, count in pairs),
        sum(box.weight_g * count.quantity for box, count in pairs),
    )


def _counts(load: Load) -> Counter[int]:
    return Counter(placed.type for container in load.containers for placed in container.placements)
