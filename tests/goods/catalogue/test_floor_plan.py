"""A floor is drawn from streets and numbers alone: nothing lies on anything else, and nobody is left out."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as some

from sundry.goods.catalogue.floor_plan import BOOTH, CELL, LABEL, WAY, WIDTH, plan
from sundry.goods.catalogue.rules import Place, StallCard


def stall(street: str, booth: str, number: int = 1) -> StallCard:
    return StallCard(uuid.UUID(int=number), number, f"s{number}", {"zh": "店"}, Place("1", 2, street, booth), goods=3)


def test_odd_and_even_face_each_other() -> None:
    drawn = plan([stall("C", str(number), number) for number in (1205, 1201, 1202, 1203, 1204)], here=1205)
    assert [(way.name, way.length) for way in drawn.ways] == [("C", 3 * CELL)]
    places = {booth.stall.place.booth: (booth.x, booth.y) for booth in drawn.booths}
    assert [places[name] for name in ("1201", "1203", "1205")] == [(LABEL + step * CELL, 0) for step in range(3)]
    assert [places[name] for name in ("1202", "1204")] == [(LABEL + step * CELL, CELL + WAY) for step in range(2)]
    assert [booth.stall.number for booth in drawn.booths if booth.is_here] == [1205]


def test_a_long_street_goes_on_in_the_next_line() -> None:
    drawn = plan([stall("C", str(number), number) for number in range(1, 200, 2)])
    assert [way.name for way in drawn.ways] == ["C", *[""] * (len(drawn.ways) - 1)]
    assert len(drawn.ways) > 1


def test_a_floor_without_stalls_is_nothing() -> None:
    assert plan([]).height == 0


@given(
    some.lists(some.tuples(some.sampled_from("ABC"), some.text("0123456789-北", min_size=1, max_size=5)), max_size=150)
)
def test_every_booth_has_a_place_of_its_own_inside_the_drawing(booths: list[tuple[str, str]]) -> None:
    drawn = plan([stall(street, booth, number) for number, (street, booth) in enumerate(booths)])
    assert sorted(booth.stall.number for booth in drawn.booths) == list(range(len(booths)))
    assert len({(booth.x, booth.y) for booth in drawn.booths}) == len(booths)
    for booth in drawn.booths:
        assert LABEL <= booth.x <= WIDTH - BOOTH
        assert 0 <= booth.y <= drawn.height - BOOTH
        assert booth.x < booth.middle[0] < booth.x + CELL
