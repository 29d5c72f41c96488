"""Cargo from a seed: the published procedure, the same everywhere."""

from __future__ import annotations

import pytest

from sundry.engines.packing.contradictions import contradictions
from sundry.engines.packing.instances import CLASS_TYPES, CONSTRAINTS, constrained_instance, made_instance
from sundry.engines.packing.rules import fits, standing


@pytest.mark.parametrize("types", sorted(CLASS_TYPES.values()))
def test_an_instance_is_as_large_as_its_container_and_not_larger(types: int) -> None:
    room, boxes = made_instance(types, 1)
    volumes = [box.volume_mm3 for box in boxes]
    filled = sum(volume * box.quantity for volume, box in zip(volumes, boxes, strict=True))
    assert len(boxes) == types
    assert filled <= room.volume_mm3 < filled + max(volumes)


def test_the_same_arguments_give_the_same_instance_and_others_another() -> None:
    assert made_instance(3, 1) == made_instance(3, 1)
    assert len({made_instance(3, 1), made_instance(3, 2), made_instance(3, 1, seed=7), made_instance(5, 1)}) == 4


def test_the_shortest_edge_may_stand_upright_and_one_twice_as_long_may_not() -> None:
    for box in made_instance(100, 1)[1]:
        shortest = min(box.edges_mm)
        assert box.vertical == tuple(edge < 2 * shortest for edge in box.edges_mm)


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_a_constrained_instance_can_be_kept_and_binds(kind: str) -> None:
    """The same from the same arguments; no contradiction; something can be loaded; the constraint is there."""
    drawn = [constrained_instance(kind, number) for number in range(20)]
    assert drawn == [constrained_instance(kind, number) for number in range(20)]
    assert len({boxes for _, boxes, _ in drawn}) == 20
    for room, boxes, requirements in drawn:
        assert contradictions([room], boxes, requirements) == ()
        assert any(fits(box, room) for box in boxes)
    binds = {
        "support_75": [asked.support_percent == 75 for _, _, asked in drawn],
        "support_0": [asked.support_percent == 0 for _, _, asked in drawn],
        "orientations": [any(not all(box.vertical) for box in boxes) for _, boxes, _ in drawn],
        "payload": [sum(b.weight_g * b.quantity for b in boxes) > (room.payload_g or 0) for room, boxes, _ in drawn],
        "bearing": [any(box.bearing_kg_m2 is not None for box in boxes) for _, boxes, _ in drawn],
        "on_top": [any(box.nothing_on_top for box in boxes) for _, boxes, _ in drawn],
        "zones": [len({box.zone for box in boxes}) > 1 for _, boxes, _ in drawn],
        "together": [any(len(types) > 1 for types in asked.together) for _, _, asked in drawn],
        "apart": [bool(asked.apart) for _, _, asked in drawn],
        "door": [any(standing(b, room) != b.orientations() for b in boxes) for room, boxes, _ in drawn],
        "priorities": [len({box.priority for box in boxes}) > 1 for _, boxes, _ in drawn],
    }
    assert sum(binds.get(kind, [True] * 20)) >= 5
