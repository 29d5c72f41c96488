from __future__ import annotations

from types import SimpleNamespace

import pytest

from sundry.engines.packing.cargo import Kind, kinds_of
from sundry.engines.packing.checker import check
from sundry.engines.packing.rules import NO_SUPPORT, BoxType, Container, Requirements

ROOM = Container("room", 60, 40, 40)
BOXES = [BoxType(30, 20, 10, 6), BoxType(20, 20, 20, 4), BoxType(30, 20, 20, 2, (False, False, True))]


def kinds() -> list[Kind]:
    return kinds_of(ROOM, BOXES, [box.quantity for box in BOXES])


@pytest.mark.parametrize("support", ["full", "none"])
def test_every_block_taken_apart_is_a_plan_in_itself(plain: SimpleNamespace, support: str) -> None:
    """Inside its own size, nothing overlapping, everything carried, and worth what its cartons are worth."""
    ours = kinds()
    boxes = [BoxType(*BOXES[kind.members[0]].edges_mm, kind.quantity, BOXES[kind.members[0]].vertical) for kind in ours]
    found = plain.blocks.build_blocks(
        ROOM.inside_mm,
        ours,
        full_support=support == "full",
        values=[float(kind.volume_mm3) for kind in ours],
        fill_min=0.8,
        blocks_max=300,
    )
    blocks = len(found.arrays.rank)
    assert len(found.singles) + 40 < blocks <= 300
    asked = Requirements() if support == "full" else NO_SUPPORT
    for block in range(blocks):
        cartons = list(found.cartons(block, 0, 0, 0))
        around = Container("block", *(int(edge) for edge in found.arrays.size[block]))
        assert check(around, boxes, cartons, requirements=asked, ordered=False) == []
        assert found.arrays.value[block] == sum(c.dx * c.dy * c.dz for c in cartons)
    height = found.arrays.size[:, 2]
    for start, end, low, high in found.arrays.tier.tolist():
        assert sorted(found.arrays.rank[start:end], reverse=True) == list(found.arrays.rank[start:end])
        assert {low, high} <= set(height[start:end].tolist()) <= set(range(low, high + 1))
    assert [start for start, *_ in found.arrays.tier] == [0, *(end for _, end, *_ in found.arrays.tier[:-1])]
    assert found.arrays.tier[-1, 1] == blocks


def test_every_single_carton_is_a_block_however_few_are_allowed(plain: SimpleNamespace) -> None:
    ours = kinds()
    values = [float(kind.volume_mm3) for kind in ours]
    found = plain.blocks.build_blocks(ROOM.inside_mm, ours, full_support=True, values=values, blocks_max=4)
    ways = sum(len(kind.orientations) for kind in ours)
    assert sorted(single.cartons for single in found.singles) == [1] * ways


def test_counts_are_thinned_out_for_large_quantities(plain: SimpleNamespace) -> None:
    assert plain.blocks._spread(4, 10) == [1, 2, 3, 4]
    assert plain.blocks._spread(100, 3) == [1, 50, 100]
    room = Container("room", 12000, 2350, 2690)
    many = kinds_of(room, [BoxType(300, 200, 150, 5000)], [5000])
    singles = plain.blocks.single_types(room.inside_mm, many, 1000)
    assert len(singles) <= 400
    assert max(single.cartons for single in singles) > 4000
