from __future__ import annotations

import random

from sundry.engines.packing.rules import Placed
from sundry.engines.packing.taking import stacks, with_stacks, without


def placed(x: int, y: int, z: int, dx: int, dy: int, dz: int) -> Placed:
    return Placed(0, x, y, z, dx, dy, dz)


PLAN = [placed(0, 0, 0, 2, 2, 2), placed(0, 0, 2, 2, 2, 1), placed(1, 0, 3, 2, 2, 1), placed(2, 0, 0, 2, 2, 3)]


def test_what_stands_on_it_goes_with_it() -> None:
    """The small case of taking.py."""
    assert stacks(PLAN) == [[1], [2], [], [2]]
    assert without(PLAN, [0]) == (PLAN[3],)
    assert without(PLAN, [2]) == (PLAN[0], PLAN[1], PLAN[3])
    assert without(PLAN, [3]) == (PLAN[0], PLAN[1])
    assert without(PLAN, []) == tuple(PLAN)
    assert without([], []) == ()


def test_beside_or_in_the_air_is_not_on_it() -> None:
    assert stacks([placed(0, 0, 0, 2, 2, 2), placed(2, 0, 2, 1, 1, 1), placed(0, 0, 3, 1, 1, 1)]) == [[], [], []]


def test_stacks_are_those_of_a_plain_comparison() -> None:
    rng = random.Random(5)
    plan = [placed(*(rng.randrange(8) for _ in range(3)), *(rng.randint(1, 3) for _ in range(3))) for _ in range(150)]
    plain = [
        [
            j
            for j, q in enumerate(plan)
            if q.z == p.z + p.dz and p.x < q.x + q.dx and q.x < p.x + p.dx and p.y < q.y + q.dy and q.y < p.y + p.dy
        ]
        for p in plan
    ]
    assert stacks(plan) == plain
    assert sum(map(len, plain)) > 99


def test_all_above_is_found_however_high() -> None:
    assert with_stacks([[1], [2], [], [2]], [1, 3]) == {1, 2, 3}


def test_a_layer_of_many_is_searched_along_either_axis() -> None:
    """More than are looked at one by one: each stands on its own, and the last on two."""
    for along in (1, 2):
        first = [placed(0, 0, 0, 3, 3, 1)._replace(**{"xyz"[along - 1]: 3 * k}) for k in range(400)]
        plan = [*first, *(p._replace(z=1) for p in first[:-1])]
        plan.append(plan[-1]._replace(**{"xyz"[along - 1]: 3 * 398 + 1}))
        carried = stacks(plan)
        assert carried[:398] == [[400 + k] for k in range(398)]
        assert carried[398:400] == [[798, 799], [799]]
        assert not any(carried[400:])
