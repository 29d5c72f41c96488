"""Cargo made from a seed by the procedure of Bischoff and Ratcliff (1995), for tuning, tests and benchmarks.

Problem: an engine tuned on the published test sets does well on them and nowhere else. Therefore it is tuned and tested
on instances of our own, made by the rules by which the published sets were made but from other seeds:

- the container is 587 x 233 x 220, the edges of a type are drawn from 30-120, 25-100 and 20-80 (centimetres);
- an edge may stand upright where it is less than twice the shortest edge (the shortest always may);
- one carton of each type, then one more of a type drawn at random as long as all of them fit the volume.

Constraints are laid over such an instance, one kind at a time (`constrained_instance`), from a seed of its own: tight
enough to bind, loose enough that most of the cargo can still travel.

Source: Bischoff and Ratcliff, "Issues in the development of approaches to container loading", Omega 23 (1995), section
on test problems. Classes BR1 to BR15 differ in the number of types only.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from sundry.engines.packing.rules import BoxType, Container, Requirements

CLASS_TYPES = {
    1: 3,
    2: 5,
    3: 8,
    4: 10,
    5: 12,
    6: 15,
    7: 20,
    8: 30,
    9: 40,
    10: 50,
    11: 60,
    12: 70,
    13: 80,
    14: 90,
    15: 100,
}
LEAST, MOST = (30, 25, 20), (120, 100, 80)
UPRIGHT_RATIO = 2
TUNING_SEED = 20_261_122
CONSTRAINED_SEED = 20_261_123
TYPES = (2, 6)  # of a constrained instance: few, so that a thousand are tried in minutes
LIGHT_G_L, HEAVY_G_L = 100, 400  # what market goods weigh

Boxes = tuple[BoxType, ...]
Constrained = tuple[Container, Boxes, Requirements]


def made_instance(types: int, number: int, seed: int = TUNING_SEED) -> tuple[Container, tuple[BoxType, ...]]:
    """Instance `number` of so many types; the same for the same arguments, everywhere."""
    rng = random.Random(f"{seed}/{types}/{number}")
    room = Container("made", 587, 233, 220)
    edges = [[rng.randint(low, high) for low, high in zip(LEAST, MOST, strict=True)] for _ in range(types)]
    quantities = [1] * types
    volumes = [length * width * height for length, width, height in edges]
    filled = sum(volumes)
    while True:
        more = rng.randrange(types)
        filled += volumes[more]
        if filled > room.volume_mm3:
            break
        quantities[more] += 1
    boxes = tuple(
        BoxType(length, width, height, quantity, _upright(length, width, height))
        for (length, width, height), quantity in zip(edges, quantities, strict=True)
    )
    return room, boxes


def _upright(length: int, width: int, height: int) -> tuple[bool, bool, bool]:
    most = UPRIGHT_RATIO * min(length, width, height)
    return length < most, width < most, height < most


def constrained_instance(kind: str, number: int) -> Constrained:
    """Instance `number` under a constraint of CONSTRAINTS: the container, the types, and what the plan must keep.

    One unit of length is a millimetre here, so that weights and pressures have their meaning.
    """
    rng = random.Random(f"{CONSTRAINED_SEED}/{kind}/{number}")
    room, boxes = made_instance(rng.randint(*TYPES), number, CONSTRAINED_SEED)
    heavy = tuple(replace(box, weight_g=_weight_g(rng, box)) for box in boxes)
    return CONSTRAINTS[kind](rng, room, heavy)


def _weight_g(rng: random.Random, box: BoxType) -> int:
    return max(1, box.volume_mm3 * rng.randint(LIGHT_G_L, HEAVY_G_L) // 1_000_000)


def _supported(percent: int) -> Callable[[random.Random, Container, Boxes], Constrained]:
    return lambda rng, room, boxes: (room, boxes, Requirements(percent))


def _orientations(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    ways = [(False, False, True), (True, False, False), (False, True, True), (True, False, True)]
    return room, tuple(replace(box, vertical=rng.choice(ways)) for box in boxes), Requirements()


def _payload(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    weight_g = sum(box.weight_g * box.quantity for box in boxes)
    return replace(room, payload_g=weight_g * rng.randint(10, 95) // 100), boxes, Requirements()


def _bearing(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """From less than one carton's weight to more than a stack to the roof, 88 kg/m2 at most, can press."""
    fragile = [replace(box, bearing_kg_m2=rng.choice([None, 0, *range(2, 90, 4)])) for box in boxes]
    return room, tuple(fragile), Requirements(rng.choice([100, 100, 75]))


def _on_top(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    return room, tuple(replace(box, nothing_on_top=rng.random() < 0.4) for box in boxes), Requirements()


def _centre(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """Half of the cargo or all of it, of densities as unlike as lamps and tiles."""
    share = rng.choice([0.5, 0.8, 1.0])
    unlike = [
        replace(box, quantity=max(1, int(box.quantity * share)), weight_g=box.weight_g * rng.choice([1, 1, 6]))
        for box in boxes
    ]
    along, across = rng.choice([(100, None), (50, 50), (None, 30), (20, 20), (150, 100)])
    return room, tuple(unlike), Requirements(centre_x_permille=along, centre_y_permille=across)


def _zones(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    zones = rng.randint(2, 4)
    return room, tuple(replace(box, zone=rng.randrange(zones)) for box in boxes), Requirements()


def _together(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """Sets that fill half of the container at most, none too much for it, and all of them more than it holds."""
    numbers = list(range(len(boxes)))
    rng.shuffle(numbers)
    sets = []
    while numbers:
        one = frozenset(numbers[: rng.randint(1, 3)])
        numbers = [number for number in numbers if number not in one]
        if 2 * sum(boxes[number].volume_mm3 * boxes[number].quantity for number in one) <= room.volume_mm3:
            sets.append(one)
    return room, boxes, Requirements(together=tuple(sets))


def _apart(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    sets = [frozenset(rng.sample(range(len(boxes)), min(len(boxes), rng.randint(2, 3)))) for _ in range(2)]
    return room, boxes, Requirements(apart=tuple(sets))


def _door(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """Some types pass lying down only, some not at all."""
    narrow = replace(room, door_width_mm=rng.randint(60, 230), door_height_mm=rng.randint(40, 110))
    return narrow, boxes, Requirements()


def _priorities(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """Half as much again as fits, each type at two priorities."""
    first, second = 1, 2
    urgent = [replace(box, priority=rng.choice([0, first]), quantity=-(-box.quantity * 3 // 4)) for box in boxes]
    return room, (*urgent, *(replace(box, priority=second) for box in urgent)), Requirements()


def _all(rng: random.Random, room: Container, boxes: Boxes) -> Constrained:
    """A payload, a door, fragile cartons and a wide window for the centre of gravity, all at once."""
    narrow = replace(room, door_width_mm=200, door_height_mm=210, payload_g=9_000)
    _, fragile, _ = _bearing(rng, room, boxes)
    _, topped, _ = _on_top(rng, room, fragile)
    return narrow, topped, Requirements(rng.choice([100, 75]), 100, 100)


CONSTRAINTS: dict[str, Callable[[random.Random, Container, Boxes], Constrained]] = {
    "support_100": _supported(100),
    "support_75": _supported(75),
    "support_0": _supported(0),
    "orientations": _orientations,
    "payload": _payload,
    "bearing": _bearing,
    "on_top": _on_top,
    "centre": _centre,
    "zones": _zones,
    "together": _together,
    "apart": _apart,
    "door": _door,
    "priorities": _priorities,
    "all": _all,
}
