"""Lines that must travel when the containers allowed do not hold everything.

Problem: one container, 1,200 cartons, and 1,050 find room. The plan leaves out what fills the container worst, and that
may be the very line for which the customer waits. To search with "these first" does not help: a fuller container
without them wins. A search that is offered fewer other cartons has no such choice.

    a 40HC was filled to 66 m3; 5 m3 are pinned, 80 m3 are not
    offered: the 5 m3, and of the others 61 m3, those worth most a m3 first     -> a pinned carton is left out: fewer
    offered: the 5 m3, and 58 m3                                                -> all pinned ones are in: more again

Therefore: plan with everything; if a pinned carton is left out, plan the pinned ones alone (what is left out then can
not travel at all), and search between the two for how much of the others may be offered, by halving, as long as there
is time. The fullest plan that has all pinned cartons wins; the plan of the pinned ones alone is always one of these.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sundry.engines.packing.rules import BoxType, Container, Load
from sundry.kernel.outcome import Progress

FIRST_SHARE = 0.5  # of the time, for the plan with everything
ALONE_SHARE = 0.3  # of what is left then, for the pinned ones alone
ROUNDS = 5
HOPED_FOR = 1.05  # another mix may fill the containers so much better than the first plan did

Loader = Callable[[Sequence[BoxType], float, Progress | None], Load]
"""loader(boxes, seconds, progress) plans these cartons into the containers allowed."""


@dataclass(frozen=True, slots=True)
class _Measures:
    volume_mm3: int
    weight_g: int


def load_with_pins(
    loader: Loader,
    boxes: Sequence[BoxType],
    pinned: Collection[int],
    *,
    worth: Sequence[int],
    containers: Sequence[Container],
    seconds: float,
    progress: Progress,
) -> Load:
    """A load of `boxes` in which the cartons of the types `pinned` are left out only if all others are, too.

    `worth` of each type's cartons together, in any one unit: of the others, what is worth least a volume stays first.
    """
    started = time.perf_counter()
    first = loader(boxes, FIRST_SHARE * seconds, progress)
    if not _left_out_of(first, pinned):
        return first

    def left_s() -> float:
        return max(0.0, started + seconds - time.perf_counter())

    progress("pinning", 0, ROUNDS)
    own = [box if number in pinned else replace(box, quantity=0) for number, box in enumerate(boxes)]
    best = loader(own, ALONE_SHARE * left_s(), None)
    if _left_out_of(best, pinned):
        return _of_all(best, boxes)
    least, room = _whole(boxes, own), _loaded(first, boxes)
    payload_g = _payload_g(first, containers)
    free_g = None if payload_g is None else payload_g - least.weight_g
    fits_mm3, most_mm3 = 0, int(HOPED_FOR * room.volume_mm3) - least.volume_mm3
    offered_mm3 = room.volume_mm3 - least.volume_mm3
    for done in range(ROUNDS):
        if offered_mm3 <= fits_mm3 or (done and not left_s()):
            break
        offer = _with_others(own, boxes, pinned, worth, offered_mm3, free_g)
        attempt = loader(offer, left_s() / (ROUNDS - done), None)
        progress("pinning", done + 1, ROUNDS)
        if _left_out_of(attempt, pinned):
            most_mm3 = offered_mm3
        else:
            fits_mm3 = offered_mm3
            best = max(best, attempt, key=lambda load: _loaded(load, boxes).volume_mm3)
        offered_mm3 = (fits_mm3 + most_mm3) // 2
    progress("pinning", ROUNDS, ROUNDS)
    return _of_all(best, boxes)


def _left_out_of(load: Load, pinned: Collection[int]) -> bool:
    return any(load.left_out[number] for number in pinned)


def _with_others(
    own: Sequence[BoxType],
    boxes: Sequence[BoxType],
    pinned: Collection[int],
    worth: Sequence[int],
    room_mm3: int,
    free_g: int | None,
) -> list[BoxType]:
    """The pinned cartons, and of the others as many as have this volume and weight, what is worth most a volume
    first."""
    offer = list(own)
    others = [n for n in range(len(boxes)) if n not in pinned and boxes[n].quantity]
    others.sort(key=lambda n: (-worth[n] / (boxes[n].quantity * boxes[n].volume_mm3), boxes[n].volume_mm3, n))
    for number in others:
        box = boxes[number]
        count = min(box.quantity, room_mm3 // box.volume_mm3)
        if free_g is not None and box.weight_g:
            count = min(count, max(0, free_g) // box.weight_g)
            free_g -= count * box.weight_g
        room_mm3 -= count * box.volume_mm3
        offer[number] = replace(box, quantity=count)
    return offer


def _whole(boxes: Sequence[BoxType], counted: Sequence[BoxType]) -> _Measures:
    pairs = list(zip(boxes, counted, strict=True))
    return _Measures(
        sum(box.volume_mm3 * count.quantity for box, count in pairs),
        sum(box.weight_g * count.quantity for box, count in pairs),
    )


def _counts(load: Load) -> Counter[int]:
    return Counter(placed.type for container in load.containers for placed in container.placements)


def _loaded(load: Load, boxes: Sequence[BoxType]) -> _Measures:
    counts = _counts(load)
    return _whole(boxes, [replace(box, quantity=counts[number]) for number, box in enumerate(boxes)])


def _payload_g(load: Load, containers: Sequence[Container]) -> int | None:
    """What the containers of a load may carry; None: weight does not bind one of them."""
    payloads = [containers[loaded.container].payload_g for loaded in load.containers]
    return None if None in payloads else sum(payload for payload in payloads if payload is not None)


def _of_all(load: Load, boxes: Sequence[BoxType]) -> Load:
    """The load seen from everything that was to travel: what was not even offered is left out, too."""
    counts = _counts(load)
    left_out = tuple(box.quantity - counts[number] for number, box in enumerate(boxes))
    return replace(load, left_out=left_out, price_bound_minor=0)
