"""What must travel together, and what must not.

Problem: tea takes the smell of soap, and soap that of spice. Which of them goes into this container?

    apart {tea, soap}, {soap, spice}; together {soap, cups}
    -> tea and spice, or soap and cups: what conflicts is chosen as a whole

Therefore types that travel together are one unit; units that conflict are the edges of a graph, and what may be loaded
side by side is an independent set of it. All largest ones are listed (Bron and Kerbosch, Communications of the ACM 16,
1973, on the graph's complement) as long as there are few; else the unit that is worth most is taken again and again.
Each is valued by what could be loaded of it; the best few are for the search to decide between. How many units that
must be whole to offer at once is a knapsack of few items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from sundry.engines.packing.contradictions import linked
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements, fits

UNITS_MAX = 60  # in conflict with any, ...
SETS_MAX = 500  # ... and independent sets of them, that are listed
CHOICES_MAX = 3  # of them handed to the search, ...
SUBSETS_MAX = 2000  # of units that must be whole, looked at
WORTH_SHARE = 0.97  # ... and only such as may be worth so much of the best
FILL_EXPECTED = 0.9

Unit = frozenset[int]


def choices(
    container: Container,
    boxes: Sequence[BoxType],
    quantities: Sequence[int],
    requirements: Requirements,
    values: Sequence[float],
) -> list[list[int]]:
    """What may be offered to the container, best first: for each choice so many cartons of each type, all or none.

    Types that do not fit are not offered, nor is a unit of which a carton is missing or does not fit.
    """
    units = _units(container, boxes, quantities, requirements)
    conflicts = _conflicts(units, requirements)
    free = [k for k in range(len(units)) if not conflicts[k]]
    torn = [k for k in range(len(units)) if conflicts[k]]
    rated = []
    for chosen in _independent(torn, conflicts, lambda k: _worth(container, boxes, quantities, values, units[k])):
        types = frozenset(number for k in (*free, *chosen) for number in units[k])
        volume_mm3 = sum(boxes[number].volume_mm3 * quantities[number] for number in types)
        rated.append((_worth(container, boxes, quantities, values, types), volume_mm3, sorted(types), types))
    rated.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return [
        [count if number in types else 0 for number, count in enumerate(quantities)]
        for worth, _, _, types in rated[:CHOICES_MAX]
        if worth >= WORTH_SHARE * rated[0][0]
    ]


def torn_units(boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements) -> tuple[Unit, ...]:
    """What must travel together and is in by a part only."""
    if not requirements.together:
        return ()
    loaded = Counter(placed.type for placed in placements)
    return tuple(
        unit
        for unit in linked(requirements.together, boxes)
        if 0 < sum(loaded[k] for k in unit) < sum(boxes[k].quantity for k in unit)
    )


def affordable(
    container: Container,
    boxes: Sequence[BoxType],
    offer: Sequence[int],
    requirements: Requirements,
    worth: Sequence[float],
    share: float,
) -> list[int]:
    """The offer with only so many of the units that must be whole as could fill this share of the container.

    The dearest choice of them where they are few, else the dearest unit again and again; single types stay offered.
    """
    units = [unit for unit in linked(requirements.together, boxes) if any(offer[k] for k in unit)]
    room = (share * container.volume_mm3, float("inf") if container.payload_g is None else container.payload_g)
    sizes = [
        (
            sum(worth[k] * offer[k] for k in unit),
            sum(boxes[k].volume_mm3 * offer[k] for k in unit),
            sum(boxes[k].weight_g * offer[k] for k in unit),
        )
        for unit in units
    ]
    kept = _dearest(sizes, room)
    dropped = frozenset().union(*(unit for n, unit in enumerate(units) if n not in kept))
    return [0 if k in dropped else count for k, count in enumerate(offer)]


def _dearest(sizes: Sequence[tuple[float, int, int]], room: tuple[float, float]) -> set[int]:
    """Which of (worth, volume, weight) to take, the sums of volume and weight within the room."""
    order = sorted(range(len(sizes)), key=lambda n: (-sizes[n][0], n))
    subsets: list[tuple[float, float, float, tuple[int, ...]]] = [(0.0, room[0], room[1], ())]
    for n in order:
        worth, volume_mm3, weight_g = sizes[n]
        more = [
            (value + worth, left_mm3 - volume_mm3, left_g - weight_g, (*taken, n))
            for value, left_mm3, left_g, taken in subsets
            if volume_mm3 <= left_mm3 and weight_g <= left_g
        ]
        # Beyond this the dearest beginnings go on, so that the work is bounded.
        subsets = sorted([*subsets, *more], key=lambda one: (-one[0], one[3]))[:SUBSETS_MAX]
    return set(subsets[0][3])


def _units(
    container: Container, boxes: Sequence[BoxType], quantities: Sequence[int], requirements: Requirements
) -> list[Unit]:
    bound = linked(requirements.together, boxes)
    whole = [
        unit for unit in bound if all(quantities[k] == boxes[k].quantity and fits(boxes[k], container) for k in unit)
    ]
    named = frozenset().union(*bound)
    alone = [frozenset([k]) for k, box in enumerate(boxes) if quantities[k] and k not in named and fits(box, container)]
    return sorted([*whole, *alone], key=min)


def _conflicts(units: Sequence[Unit], requirements: Requirements) -> list[set[int]]:
    """For each unit those with which it must not share a container."""
    owner = {number: k for k, unit in enumerate(units) for number in unit}
    conflicts: list[set[int]] = [set() for _ in units]
    for apart in requirements.apart:
        torn = {owner[number] for number in apart if number in owner}
        for k in torn:
            conflicts[k] |= torn - {k}
    return conflicts


def _independent(
    numbers: Sequence[int], conflicts: Sequence[set[int]], worth: Callable[[int], float]
) -> list[list[int]]:
    """Largest sets without a conflict: all of them where they are few, else the greedy one."""
    if len(numbers) <= UNITS_MAX:
        found = list(islice(_largest([], list(numbers), [], conflicts), SETS_MAX + 1))
        if len(found) <= SETS_MAX:
            return found
    chosen: list[int] = []
    for k in sorted(numbers, key=lambda k: (-worth(k), k)):
        if not conflicts[k] & set(chosen):
            chosen.append(k)
    return [sorted(chosen)]


def _largest(
    chosen: list[int], open_: list[int], seen: list[int], conflicts: Sequence[set[int]]
) -> Iterator[list[int]]:
    """Bron and Kerbosch with a pivot: `open_` may still join what is chosen, `seen` was tried with it before."""
    if not open_ and not seen:
        yield sorted(chosen)
        return
    pivot = min((*open_, *seen), key=lambda k: sum(other == k or other in conflicts[k] for other in open_))
    for k in [k for k in open_ if k == pivot or k in conflicts[pivot]]:
        still_open = [other for other in open_ if other != k and other not in conflicts[k]]
        still_seen = [other for other in seen if other not in conflicts[k]]
        yield from _largest([*chosen, k], still_open, still_seen, conflicts)
        open_ = [other for other in open_ if other != k]
        seen = [*seen, k]


def _worth(
    container: Container,
    boxes: Sequence[BoxType],
    quantities: Sequence[int],
    values: Sequence[float],
    types: Unit,
) -> float:
    """What could be loaded of these types at best: the dearest by volume first, in a room filled as can be expected."""
    left_mm3 = FILL_EXPECTED * container.volume_mm3
    worth = 0.0
    for number in sorted(types, key=lambda k: (-values[k] / boxes[k].volume_mm3, k)):
        volume_mm3 = min(left_mm3, float(boxes[number].volume_mm3 * quantities[number]))
        worth += values[number] * volume_mm3 / boxes[number].volume_mm3
        left_mm3 -= volume_mm3
    return worth
