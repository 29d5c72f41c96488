"""Cargo from a seed: the published procedure, the same everywhere."""

from __future__ import annotations

import pytest

from sundry.engines.packing.instances import CLASS_TYPES, made_instance


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
