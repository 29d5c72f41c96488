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
        (tuple(int(v) for v in size), (*(int(v) for v in top), int(value)))
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


def test_keys_tell_lengths_apart(plain: SimpleNamespace) -> None:
    keys = {plain.joining._key(7, size) for size in [(1, 2, 3), (2, 1, 3), (3, 2, 1), (1, 3, 2)]}
    assert len(keys) == 4
    assert 0 not in keys
