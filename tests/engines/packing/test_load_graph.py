from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing.load_graph import Contact, common_mm2, contacts, overloads
from sundry.engines.packing.rules import BoxType, Placed

PLACED = st.builds(
    Placed, st.integers(0, 2), *[st.integers(0, 6)] * 2, st.integers(0, 3), *[st.integers(1, 4)] * 2, st.integers(1, 2)
)


def test_the_example_of_the_file() -> None:
    """C of 12 kg on A and B, 2 to 1: both feel 12 kg on its base; a carton under A feels A and 8 kg on A's base."""
    plan = [
        Placed(0, 0, 0, 0, 200, 100, 10),  # under A
        Placed(1, 0, 0, 10, 200, 100, 50),  # A
        Placed(2, 200, 0, 0, 100, 100, 60),  # B
        Placed(3, 0, 0, 60, 300, 100, 40),  # C
    ]
    a_kg_m2, c_kg_m2 = Fraction(1 + 8) / Fraction(2, 100), Fraction(12) / Fraction(3, 100)
    assert (a_kg_m2, c_kg_m2) == (450, 400)

    def overloaded(a: int, b: int, under: int) -> list[tuple[int, int]]:
        boxes = [
            BoxType(200, 100, 10, 1, bearing_kg_m2=under),
            BoxType(200, 100, 50, 1, weight_g=1000, bearing_kg_m2=a),
            BoxType(100, 100, 60, 1, bearing_kg_m2=b),
            BoxType(300, 100, 40, 1, weight_g=12_000),
        ]
        return [(contact.upper, contact.lower) for contact in overloads(boxes, plan, contacts(plan))]

    assert overloaded(400, 400, 450) == []
    assert overloaded(399, 400, 450) == [(3, 1)]
    assert overloaded(400, 399, 450) == [(3, 2)]
    assert overloaded(400, 400, 449) == [(1, 0)]


def test_a_base_that_hangs_out_presses_harder() -> None:
    plan = [Placed(0, 0, 0, 0, 100, 100, 10), Placed(1, 50, 0, 10, 100, 100, 10)]
    top = BoxType(100, 100, 10, 1, weight_g=1000)
    for bearing, count in ((200, 0), (199, 1)):
        assert len(overloads([BoxType(100, 100, 10, 1, bearing_kg_m2=bearing), top], plan, contacts(plan))) == count


@settings(max_examples=300)
@given(st.lists(PLACED, max_size=12))
def test_contacts_are_those_that_comparing_all_pairs_finds(plan: list[Placed]) -> None:
    pairs = {
        (k, j): common_mm2(p, q)
        for k, p in enumerate(plan)
        for j, q in enumerate(plan)
        if q.z + q.dz == p.z and common_mm2(p, q)
    }
    found = contacts(plan)
    assert {(c.upper, c.lower): c.area_mm2 for row in found for c in row} == pairs
    assert sum(map(len, found)) == len(pairs)
    assert all(contact.upper == k for k, row in enumerate(found) for contact in row)


@pytest.mark.parametrize(("x", "y", "area_mm2"), [(0, 0, 6), (1, 0, 3), (1, 2, 1), (2, 0, 0), (0, 3, 0), (-1, -2, 1)])
def test_the_area_two_cartons_share(x: int, y: int, area_mm2: int) -> None:
    p, q = Placed(0, 0, 0, 0, 2, 3, 1), Placed(0, x, y, 9, 2, 3, 1)
    assert common_mm2(p, q) == common_mm2(q, p) == area_mm2


def test_what_floats_could_not_tell() -> None:
    """Thirds of thirds of thirds, and no gram lost: seven kilograms come down through five bridges."""
    boxes = [BoxType(3, 3, 1, 99), BoxType(9, 3, 1, 99, weight_g=7000), BoxType(3, 3, 5, 1, bearing_kg_m2=0)]
    plan = [
        Placed(1, 0, 0, 6, 9, 3, 1),
        *[Placed(0, 3 * k, 0, 5, 3, 3, 1) for k in range(3)],
        Placed(2, 3, 0, 0, 3, 3, 5),
    ]
    assert overloads(boxes, plan, contacts(plan)) == [Contact(2, 4, 9)]
    third = Fraction(7000, 3) / 9 * 1000
    boxes[2] = BoxType(3, 3, 5, 1, bearing_kg_m2=int(third))
    assert overloads(boxes, plan, contacts(plan)) == [Contact(2, 4, 9)]
    boxes[2] = BoxType(3, 3, 5, 1, bearing_kg_m2=int(third) + 1)
    assert overloads(boxes, plan, contacts(plan)) == []
