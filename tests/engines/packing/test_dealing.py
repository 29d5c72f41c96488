from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.packing.cargo import Kind
from sundry.engines.packing.dealing import deal
from sundry.engines.packing.rules import Placed


def places(count: int) -> list[Placed]:
    return [Placed(0, x, 0, 0, 1, 1, 1) for x in range(count)]


def kind(*quantities: int) -> Kind:
    return Kind(((1, 1, 1),), 0, sum(quantities), tuple(range(len(quantities))))


def test_a_line_lies_together() -> None:
    dealt = deal(places(9), [kind(3, 4, 2)], [3, 4, 2])
    assert [placed.type for placed in dealt] == [0] * 3 + [1] * 4 + [2] * 2


def test_lines_are_loaded_whole_where_they_can() -> None:
    """Six places for lines of 5, 4 and 2: 5 goes whole, and one carton of the smallest fills up."""
    dealt = deal(places(6), [kind(5, 4, 2)], [5, 4, 2])
    assert [placed.type for placed in dealt] == [0] * 5 + [2]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.data())
def test_no_line_gets_more_than_it_has_and_at_most_one_is_split(quantities: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, sum(quantities)))
    dealt = [placed.type for placed in deal(places(count), [kind(*quantities)], quantities)]
    assert len(dealt) == count
    given_to = [dealt.count(line) for line in range(len(quantities))]
    assert all(got <= has for got, has in zip(given_to, quantities, strict=True))
    assert sum(0 < got < has for got, has in zip(given_to, quantities, strict=True)) <= 1
    assert sum(a != b for a, b in pairwise(dealt)) == max(0, len(set(dealt)) - 1)
