"""From cartons as people list them to cartons as the search counts them, and back.

Problem: forty lines of shoes in one size of box are forty types to a naive search, which then tries forty names for
one plan. Therefore types that can stand for each other (same orientations in this container, same bearing, same
weight where weight can bind or bearing is asked) are merged, and afterwards the places are dealt out again, so that a
line lies together (dealing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sundry.engines.packing.rules import QUANTITY_MAX, BoxType, Container, Orientation, standing


@dataclass(frozen=True, slots=True)
class Kind:
    """Types that can stand for each other in one container."""

    orientations: tuple[Orientation, ...]
    weight_g: int  # 0 where weight cannot bind
    quantity: int
    members: tuple[int, ...]  # types, in the order given
    bearing_kg_m2: int | None = None
    nothing_on_top: bool = False

    @property
    def volume_mm3(self) -> int:
        dx, dy, dz = self.orientations[0]
        return dx * dy * dz

    @property
    def is_limited(self) -> bool:
        """True when not everything may stand on it."""
        return self.nothing_on_top or self.bearing_kg_m2 is not None


def kinds_of(
    container: Container,
    boxes: Sequence[BoxType],
    quantities: Sequence[int],
    values: Sequence[float] | None = None,
) -> list[Kind]:
    """What can travel in the container, merged, large cartons first; types that cannot are not in it.

    Types of different `values` are not merged: which of them is in makes a difference.
    """
    weight_binds = can_weight_bind(container, boxes, quantities) or any(
        box.bearing_kg_m2 is not None for box, quantity in zip(boxes, quantities, strict=True) if quantity
    )
    members: dict[tuple[tuple[Orientation, ...], int, int | None, bool, float], list[int]] = {}
    for number, box in enumerate(boxes):
        ways = standing(box, container) if quantities[number] else ()
        too_heavy = container.payload_g is not None and box.weight_g > container.payload_g
        if ways and not too_heavy:
            weight_g = box.weight_g if weight_binds else 0
            bearing_kg_m2 = None if box.nothing_on_top else box.bearing_kg_m2
            value = 0.0 if values is None else values[number]
            members.setdefault((ways, weight_g, bearing_kg_m2, box.nothing_on_top, value), []).append(number)
    kinds = []
    for (ways, weight_g, bearing_kg_m2, nothing_on_top, _), numbers in members.items():
        for part in _parts(numbers, quantities):
            quantity = sum(quantities[number] for number in part)
            kinds.append(Kind(ways, weight_g, quantity, tuple(part), bearing_kg_m2, nothing_on_top))
    return sorted(kinds, key=lambda kind: (-kind.volume_mm3, kind.orientations, kind.weight_g))


def _parts(numbers: Sequence[int], quantities: Sequence[int]) -> list[list[int]]:
    """The types in turn, as many together as a kind may count."""
    parts: list[list[int]] = []
    counted = QUANTITY_MAX
    for number in numbers:
        counted += quantities[number]
        if counted > QUANTITY_MAX:
            parts.append([])
            counted = quantities[number]
        parts[-1].append(number)
    return parts


def can_weight_bind(container: Container, boxes: Sequence[BoxType], quantities: Sequence[int]) -> bool:
    """False when even the densest cargo that fills the container stays within the payload."""
    if container.payload_g is None:
        return False
    room_mm3 = container.volume_mm3
    weight_g = 0
    pairs = [(box, quantity) for box, quantity in zip(boxes, quantities, strict=True) if quantity]
    # Densest first, the last one cut: no load of this volume is heavier.
    for box, quantity in sorted(pairs, key=lambda pair: pair[0].weight_g / pair[0].volume_mm3, reverse=True):
        volume_mm3 = min(room_mm3, box.volume_mm3 * quantity)
        weight_g += -(-box.weight_g * volume_mm3 // box.volume_mm3)
        room_mm3 -= volume_mm3
    return weight_g > container.payload_g
