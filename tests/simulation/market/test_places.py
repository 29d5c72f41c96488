"""Where the stalls stand: each in a booth of its own, trades together."""

import pytest

from sundry.goods.catalogue.rules import LANGUAGES, Place
from sundry.simulation.market import places
from sundry.simulation.market.plan import Market, Part

MARKET = Market(2_000, 1_000, 1)
STALLS = list(places.stalls(MARKET))


def test_every_stall_has_a_booth_an_address_and_an_id_of_its_own():
    assert len({stall.place for stall in STALLS}) == len({stall.slug for stall in STALLS}) == 1_000
    assert [stall.id for stall in STALLS] == [MARKET.id(Part.STALL, index) for index in range(1_000)]
    assert all(stall.slug.replace("-", "").isalnum() and stall.slug.islower() for stall in STALLS)
    assert all(stall.names["zh"] for stall in STALLS)


def test_all_five_halls_are_used_evenly():
    levels = {(stall.place.hall, stall.place.floor) for stall in STALLS}
    assert levels == {(hall, floor) for hall, floors in places.FLOORS for floor in range(1, floors + 1)}
    assert {stall.place.street for stall in STALLS} == set(places.STREETS)
    assert max(int(stall.place.booth) for stall in STALLS) < 1_020


@pytest.mark.parametrize("stalls", [1, 5, 1_000])
def test_a_hall_is_named_and_tells_its_trade(stalls):
    halls = places.halls(Market(2_000, stalls, 1))
    assert [hall.code for hall in halls] == [code for code, _ in places.FLOORS]
    assert all(set(hall.names) == set(LANGUAGES) for hall in halls)
    assert any(hall.trade for hall in halls)
    assert all(not hall.trade or set(hall.trade) == set(LANGUAGES) for hall in halls)


def test_booths_that_are_taken_are_passed_over():
    taken = {stall.place for stall in STALLS[:50]}
    others = list(places.stalls(Market(2_000, 1_000, 2), taken))
    assert not taken & {stall.place for stall in others}
    assert len({stall.place for stall in others}) == 1_000
    assert STALLS[0].place == Place("1", 1, "A", "1001")
