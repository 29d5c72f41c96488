"""Cargo made from a seed by the procedure of Bischoff and Ratcliff (1995), for tuning, tests and benchmarks.

Problem: an engine tuned on the published test sets does well on them and nowhere else. Therefore it is tuned and tested
on instances of our own, made by the rules by which the published sets were made but from other seeds:

- the container is 587 x 233 x 220, the edges of a type are drawn from 30-120, 25-100 and 20-80 (centimetres);
- an edge may stand upright where it is less than twice the shortest edge (the shortest always may);
- one carton of each type, then one more of a type drawn at random as long as all of them fit the volume.

Source: Bischoff and Ratcliff, "Issues in the development of approaches to container loading", Omega 23 (1995), section
on test problems. Classes BR1 to BR15 differ in the number of types only.
"""

from __future__ import annotations

import random

from sundry.engines.packing.rules import BoxType, Container

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
