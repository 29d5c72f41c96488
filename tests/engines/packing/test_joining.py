from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sundry.engines.packing.cargo import kinds_of
from sundry.engines.packing.rules import BoxType, Container, Orientation


def joined(
    plain: SimpleNamespace, boxes: list[BoxType], *, full_support: bool = True, fill_min: float = 1.0
) -> list[tuple[Orientation, Orientation]]:
    """(size, top with the number of cartons) of all blocks of two or more cartons."""
    room = Container("room", 20, 20, 20)
    kinds = kinds_of(room, boxes, [box.quantity for box in boxes])
    found = plain.blocks.build_blocks(
        room.inside_mm, kinds, full_support=full_support, values=[1.0] * len(kinds), fill_min=fill_min, blocks_max=2000
    )
    several = found.arrays.value > 1
    return [
        (tuple(int(v) for v in size), (*(int(v) for v in top[:2]), int(value)))
        for size, top, value in zip(
            found.arrays.size[several], found.arrays.top[several], found.arrays.value[several], strict=True
        )
    ]


def upright(length: int, width: int, height: int) -> BoxType:
    return BoxType(length, width, height, 1, (False, False, True))


def test_side_by_side_only_when_equally_high(plain: SimpleNamespace) -> None:
    """Turned on the floor, 4 x 5 and 4 x 4 also meet along the other axis."""
    sizes = {size for size, _ in joined(plain, [upright(4, 4, 6), upright(4, 5, 6)])}
    assert sizes == {(4, 9, 6), (9, 4, 6)}
    sizes = {size for size, _ in joined(plain, [upright(4, 4, 6), upright(4, 4, 7)], fill_min=0.5)}
    assert sizes == {(4, 4, 13)}


def test_the_smaller_base_stands_on_the_larger(plain: SimpleNamespace) -> None:
    found = joined(plain, [upright(10, 10, 5), upright(9, 9, 7)], fill_min=0.8)
    assert ((10, 10, 12), (9, 9, 2)) in found


def test_unequal_heights_join_without_the_support_rule(plain: SimpleNamespace) -> None:
    found = joined(plain, [upright(10, 10, 10), upright(10, 10, 9)], full_support=False, fill_min=0.9)
    assert (20, 10, 10) in {size for size, _ in found}


def test_a_key_is_noted_once(plain: SimpleNamespace) -> None:
    table = np.zeros(16, np.int64)
    assert plain.joining._is_new(table, 5)
    assert plain.joining._is_new(table, 5 + 16)  # the same slot
    assert not plain.joining._is_new(table, 5)
    assert not plain.joining._is_new(table, 5 + 16)


def test_keys_tell_lengths_and_strengths_apart(plain: SimpleNamespace) -> None:
    sizes = [(1, 2, 3), (2, 1, 3), (3, 2, 1), (1, 3, 2)]
    keys = {plain.joining._key(7, size, strength) for size in sizes for strength in (-1, 0, 1 << 30)}
    assert len(keys) == 12
    assert 0 not in keys


def stacked(plain: SimpleNamespace, boxes: list[BoxType]) -> set[tuple[Orientation, int, int]]:
    """(size, pressure, strength) of all blocks of these cartons of one base, in a room of one base."""
    room = Container("room", 100, 100, 100)
    kinds = kinds_of(room, boxes, [box.quantity for box in boxes])
    blocks = plain.blocks.build_blocks(room.inside_mm, kinds, full_support=True, values=[1.0] * len(kinds)).arrays
    rows = zip(blocks.size.tolist(), blocks.top[:, 2].tolist(), blocks.top[:, 3].tolist(), strict=True)
    return {(tuple(size), pressure, strength) for size, pressure, strength in rows}


def test_a_column_carries_itself(plain: SimpleNamespace) -> None:
    """100 g on 100 x 100 mm are 10 kg/m2: on a top that carries 25 two more may stand, and then 5 are left."""
    one = BoxType(100, 100, 10, 9, (False, False, True), 100, bearing_kg_m2=25)
    assert stacked(plain, [one]) == {((100, 100, 10), 10, 25), ((100, 100, 20), 20, 15), ((100, 100, 30), 30, 5)}


def test_one_stands_on_the_other_only_as_far_as_it_bears(plain: SimpleNamespace) -> None:
    """10 kg/m2 on a top that carries 25; the other way round 40 would stand on 15."""
    strong = BoxType(100, 100, 10, 1, (False, False, True), 400, bearing_kg_m2=25)
    weak = BoxType(100, 100, 11, 1, (False, False, True), 100, bearing_kg_m2=30)
    assert stacked(plain, [strong, weak]) == {
        ((100, 100, 10), 40, 25),
        ((100, 100, 11), 10, 30),
        ((100, 100, 21), 50, 15),
    }


def test_nothing_is_joined_on_what_carries_nothing(plain: SimpleNamespace) -> None:
    """Not even what weighs nothing; it may lie on top itself."""
    fragile = BoxType(100, 100, 10, 2, (False, False, True), nothing_on_top=True)
    plate = BoxType(100, 100, 11, 1, (False, False, True))
    assert stacked(plain, [fragile, plate]) == {
        ((100, 100, 10), 0, -1),
        ((100, 100, 11), 0, 1 << 30),
        ((100, 100, 21), 0, -1),
    }


def test_side_by_side_the_weaker_top_counts(plain: SimpleNamespace) -> None:
    strong = BoxType(100, 50, 10, 1, (False, False, True), 100)
    weak = BoxType(100, 50, 10, 1, (False, False, True), 150, bearing_kg_m2=20)
    room = Container("room", 100, 100, 10)
    kinds = kinds_of(room, [strong, weak], [1, 1])
    blocks = plain.blocks.build_blocks(room.inside_mm, kinds, full_support=True, values=[1.0, 1.0]).arrays
    pair = blocks.value == 2.0
    assert set(zip(blocks.top[pair, 2].tolist(), blocks.top[pair, 3].tolist(), strict=True)) == {(30, 20)}
