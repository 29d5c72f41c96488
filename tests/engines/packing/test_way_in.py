from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing.rules import Placed
from sundry.engines.packing.way_in import blocked

PLACED = st.builds(Placed, st.just(0), *[st.integers(0, 9)] * 3, *[st.integers(1, 9)] * 3)


@pytest.mark.parametrize(
    ("earlier", "is_blocked"),
    [
        (Placed(0, 2, 0, 0, 2, 2, 2), True),  # right before it
        (Placed(0, 9, 1, 1, 2, 2, 2), True),  # far away, and in the way by one
        (Placed(0, 1, 0, 0, 2, 2, 2), False),  # beside its own place (an overlap is another rule's)
        (Placed(0, 2, 2, 0, 2, 2, 2), False),  # to the left of its way
        (Placed(0, 2, 0, 2, 2, 2, 2), False),  # above its way
    ],
)
def test_what_stands_in_the_way(earlier: Placed, is_blocked: bool) -> None:
    later = Placed(0, 0, 0, 0, 2, 2, 2)
    assert list(blocked([earlier, later])) == ([(0, 1)] if is_blocked else [])
    assert list(blocked([later, earlier])) == []


@settings(max_examples=300)
@given(st.lists(PLACED, max_size=14))
def test_the_same_as_comparing_all_pairs(plan: list[Placed]) -> None:
    def abreast(p: Placed, q: Placed) -> bool:
        ys, zs = set(range(p.y, p.y + p.dy)), set(range(p.z, p.z + p.dz))
        return not ys.isdisjoint(range(q.y, q.y + q.dy)) and not zs.isdisjoint(range(q.z, q.z + q.dz))

    pairs = [(j, k) for k, p in enumerate(plan) for j, q in enumerate(plan[:k]) if q.x >= p.x + p.dx and abreast(p, q)]
    assert list(blocked(plan)) == pairs


def test_a_plank_among_dust_is_no_million_squares() -> None:
    plan = [Placed(0, 0, 0, 0, 1, 40_000, 40_000), *[Placed(0, 1 + k, 0, 0, 1, 1, 1) for k in range(600)]]
    assert list(blocked(plan)) == []
    assert len(list(blocked(plan[::-1]))) == 600 + 600 * 599 // 2
