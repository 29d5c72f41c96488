from __future__ import annotations

from types import SimpleNamespace

import numpy as np


def test_lengths_are_sums_of_edges_within_quantities(plain: SimpleNamespace) -> None:
    """Two of 4 and one of 3 on a length of 12: 3, 4, 7, 8, 11."""
    best, types = plain.lengths.reachable(
        12, np.array([2, 1], np.int32), np.array([0, 1], np.int32), np.array([4, 3], np.int32)
    )
    assert sorted({int(length) for length in best}) == [0, 3, 4, 7, 8, 11]
    assert int(best[12]) == 11
    assert int(types[8, 0]) == 0b01
    assert int(types[11, 0]) == 0b10


def test_a_length_drops_out_with_the_types_that_close_it(plain: SimpleNamespace) -> None:
    best, types = plain.lengths.reachable(
        12, np.array([2, 1], np.int32), np.array([0, 1], np.int32), np.array([4, 3], np.int32)
    )
    both, first, none = (np.array([bits], np.uint64) for bits in (0b11, 0b01, 0))
    assert plain.lengths.usable(best, types, both, 12) == 11
    assert plain.lengths.usable(best, types, first, 12) == 8
    assert plain.lengths.usable(best, types, first, 3) == 0
    assert plain.lengths.usable(best, types, none, 12) == 0


def test_more_types_than_a_word_has_bits(plain: SimpleNamespace) -> None:
    edges = np.arange(1, 131, dtype=np.int32)
    best, types = plain.lengths.reachable(130, np.ones(130, np.int32), np.arange(130, dtype=np.int32), edges)
    assert types.shape == (131, 3)
    alive = np.zeros(3, np.uint64)
    plain.lengths.note_alive(np.array([0] * 129 + [1], np.int32), alive)
    assert [int(word) for word in alive] == [0, 0, 2]
    assert plain.lengths.usable(best, types, alive, 130) == 130
    assert plain.lengths.usable(best, types, alive, 129) == 0
