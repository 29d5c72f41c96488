"""What a carton may do, at the limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.packing.rules import LENGTH_MAX, BoxType, Container, fits, obstacles, orientations, standing

ROOM = Container("room", 100, 50, 40, door_width_mm=45, door_height_mm=30, payload_g=1000)


def test_a_carton_that_may_lie_any_way_has_six_orientations_and_a_cube_one() -> None:
    assert len(orientations((3, 2, 1), (True, True, True))) == 6
    assert orientations((2, 2, 2), (True, True, True)) == ((2, 2, 2),)


def test_this_side_up_leaves_a_turn_on_the_floor() -> None:
    assert orientations((3, 2, 1), (False, False, True)) == ((2, 3, 1), (3, 2, 1))


@given(st.tuples(*[st.integers(1, 9)] * 3), st.tuples(*[st.booleans()] * 3))
def test_every_orientation_has_the_cartons_edges_and_an_allowed_one_upright(
    edges: tuple[int, int, int], vertical: tuple[bool, bool, bool]
) -> None:
    found = orientations(edges, vertical)
    assert len(set(found)) == len(found)
    for way in found:
        assert sorted(way) == sorted(edges)
        assert way[2] in {edge for edge, allowed in zip(edges, vertical, strict=True) if allowed}


@pytest.mark.parametrize(
    ("box", "reasons"),
    [
        (BoxType(100, 45, 30, 1), ()),
        (BoxType(101, 1, 1, 1), ("too_large",)),
        (BoxType(46, 46, 10, 1, (False, False, True)), ("door",)),  # inside, but wider than the door either way
        (BoxType(31, 20, 20, 1, (True, False, False)), ("door",)),
        (BoxType(30, 20, 20, 1, (True, False, False)), ()),
        (BoxType(10, 10, 10, 1, weight_g=1000), ()),
        (BoxType(10, 10, 10, 1, weight_g=1001), ("too_heavy",)),
        (BoxType(101, 10, 10, 1, (False, False, True), 1001), ("too_large", "too_heavy")),
    ],
)
def test_why_a_carton_cannot_travel(box: BoxType, reasons: tuple[str, ...]) -> None:
    assert obstacles(box, ROOM) == reasons
    assert fits(box, ROOM) is (not reasons)


def test_the_door_decides_for_each_orientation() -> None:
    """46 x 45 x 30 passes only lengthwise."""
    assert standing(BoxType(46, 45, 30, 1, (False, False, True)), ROOM) == ((46, 45, 30),)


def test_without_a_door_the_inside_is_the_door() -> None:
    assert Container("open", 100, 50, 40).door_mm == (50, 40)
    assert Container("wide", 100, 50, 40, 2640, 2577).door_mm == (50, 40)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: BoxType(0, 1, 1, 1),
        lambda: BoxType(LENGTH_MAX + 1, 1, 1, 1),
        lambda: BoxType(1, 1, 1, -1),
        lambda: BoxType(1, 1, 1, 1, (False, False, False)),
        lambda: BoxType(1, 1, 1, 1, weight_g=-1),
        lambda: Container("none", 1, 0, 1),
        lambda: Container("none", 1, 1, 1, door_width_mm=0),
        lambda: Container("none", 1, 1, 1, door_height_mm=-1),
        lambda: Container("none", 1, 1, 1, payload_g=-1),
        lambda: Container("none", 1, 1, 1, price_minor=-1),
    ],
)
def test_what_cannot_be_is_refused(wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="must"):
        wrong()


def test_a_piece_of_a_container_keeps_its_door_and_the_payload_that_is_left() -> None:
    piece = ROOM.shortened(60, loaded_g=400)
    assert (piece.inside_mm, piece.door_mm, piece.payload_g) == ((60, 50, 40), (45, 30), 600)
    assert Container("open", 100, 50, 40).shortened(7).payload_g is None
