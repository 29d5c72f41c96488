"""What stands in an address is understood, or left out; what is changed is said again in an address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sundry.engines.searching.model import Sort
from sundry.goods.catalogue.rules import PRICE_MINOR_MAX, QUANTITY_MAX
from sundry.goods.catalogue.sought import (
    PARAMETERS,
    TEXT_MAX,
    Sought,
    changed,
    number_of,
    quantity_of,
    query,
    sought_of,
)

ALL = Sought(
    text="umbrella 雨伞",
    words_only=True,
    quantity=500,
    category="household.cups",
    area="1-F2",
    collection="new",
    price_min_minor=100,
    price_max_minor=499,
    minimum_max=99,
    ready=True,
    sort=Sort.PRICE,
    cursor="abc",
)


def read(query_string: str) -> Sought:
    return sought_of(dict(parse_qsl(query_string.removeprefix("?"))))


def test_an_address_says_all_of_it_and_is_read_as_it_was_meant() -> None:
    assert read(query(ALL)) == ALL
    assert query(Sought()) == ""
    assert query(Sought("umbrella", ready=True)) == "?q=umbrella&ready=1"


def test_what_the_rest_of_the_address_says_is_not_said_twice() -> None:
    assert query(Sought("cup", category="cups"), without=("category",)) == "?q=cup"


def test_a_change_begins_at_the_first_page() -> None:
    assert changed(ALL, ready=False) == replace(ALL, ready=False, cursor=None)
    assert changed(ALL, cursor="next").cursor == "next"


@pytest.mark.parametrize(
    ("written", "quantity"),
    [
        *(
            ("", 1),
            ("0", 1),
            ("-5", 1),
            ("1e3", 1),
            ("five", 1),
            ("１００", 1),
            ("9" * 40, 1),
            (str(QUANTITY_MAX + 1), 1),
        ),
        *(("1", 1), ("500", 500), ("10,000", 10_000), (" 7 ", 7), (str(QUANTITY_MAX), QUANTITY_MAX)),
    ],
)
def test_a_quantity_is_a_whole_number_of_pieces(written: str, quantity: int) -> None:
    assert quantity_of(written) == quantity


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        *(
            ("5", 500),
            ("4.99", 499),
            ("4,99", 499),
            ("0", 0),
            ("0.005", 0),
            (str(PRICE_MINOR_MAX // 100), PRICE_MINOR_MAX),
        ),
        *(("-1", None), ("nan", None), ("inf", None), ("1e99", None), ("five", None), ("", None), ("1" * 99, None)),
    ],
)
def test_a_price_is_written_in_yuan(written: str, minor: int | None) -> None:
    assert sought_of({"price_max": written}).price_max_minor == minor


def test_a_search_of_ten_thousand_characters_is_cut_and_says_so() -> None:
    long = sought_of({"q": "伞 " * 5_000})
    assert len(long.text) <= TEXT_MAX
    assert long.is_cut
    assert not sought_of({"q": "x" * TEXT_MAX}).is_cut


@given(some.dictionaries(some.sampled_from(PARAMETERS), some.text(max_size=40)))
def test_whatever_is_typed_is_read_and_said_again_alike(given: dict[str, str]) -> None:
    once = sought_of(given)
    again = read(query(once))
    assert changed(again, cursor=None) == changed(once, cursor=None)


def test_only_what_is_known_is_a_filter() -> None:
    odd = sought_of(
        {"category": "../../etc<x>", "area": "a" * 99, "collection": "best", "sort": "random", "ready": "yes"}
    )
    assert odd == Sought()
    assert not odd.is_filtered
    assert not Sought("umbrella", quantity=5, sort=Sort.PRICE).is_filtered
    assert all(changed(Sought(), **one).is_filtered for one in ({"ready": True}, {"price_min_minor": 0}, {"area": "1"}))


def test_a_number_of_a_thing_fits_into_the_database() -> None:
    assert [number_of(written) for written in ("", "7", "-7", "７", "9" * 18, "9" * 19)] == [
        None,
        7,
        None,
        None,
        10**18 - 1,
        None,
    ]
