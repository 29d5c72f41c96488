from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.model import LIMIT_MAX, Facet, Filters, Query
from sundry.engines.searching.paging import cursor_of, lay, limit_of, page_of, per_stall_of
from sundry.engines.searching.port import BadCursor


def page(stalls: str, number: int, *, limit: int = 4, per_stall_max: int = 2) -> str:
    laid = lay([ord(stall) for stall in stalls], page=number, limit=limit, per_stall_max=per_stall_max, is_whole=True)
    return "".join(stalls[place] for place in laid.places)


def test_a_stall_that_has_its_share_waits_for_the_next_page() -> None:
    assert page("AAABAC", 0) == "AABC"
    assert page("AAABAC", 1) == "AA"
    assert page("AAAAA", 2) == "A"
    assert page("AAAAA", 0, per_stall_max=0) == "AAAA"
    assert page("", 0) == ""


def test_a_page_is_certain_when_no_more_of_the_ranking_could_change_it() -> None:
    short = lay([1, 1, 1, 2], page=0, limit=4, per_stall_max=2, is_whole=False)
    assert not short.certain
    filled = lay([1, 1, 1, 2, 3, 4], page=0, limit=4, per_stall_max=2, is_whole=False)
    assert filled == lay([1, 1, 1, 2, 3], page=0, limit=4, per_stall_max=2, is_whole=True)
    assert filled.certain
    assert not lay([1, 2], page=1, limit=2, per_stall_max=2, is_whole=True).places


@given(
    stalls=st.lists(st.integers(0, 5), max_size=40),
    limit=st.integers(1, 7),
    per_stall_max=st.integers(0, 3),
    known=st.integers(0, 40),
)
def test_a_walk_shows_all_once_and_knowing_more_changes_no_page(
    stalls: list[int], limit: int, per_stall_max: int, known: int
) -> None:
    shown: list[int] = []
    for number in range(100):
        laid = lay(stalls, page=number, limit=limit, per_stall_max=per_stall_max, is_whole=True)
        part = lay(stalls[:known], page=number, limit=limit, per_stall_max=per_stall_max, is_whole=known >= len(stalls))
        assert not part.certain or part.places == laid.places
        assert len(laid.places) <= limit
        assert not per_stall_max or max(Counter(stalls[at] for at in laid.places).values(), default=0) <= per_stall_max
        shown += laid.places
        if not laid.more:
            break
    assert sorted(shown) == list(range(len(stalls)))


def test_a_cursor_belongs_to_its_question_whatever_is_counted_beside_it() -> None:
    query = Query(head=("cup",), words=("\ud800",))
    cursor = cursor_of(query, 3)
    assert page_of(query) == 0
    assert page_of(replace(query, cursor=cursor)) == 3
    assert page_of(replace(query, cursor=cursor, facets=(Facet.AREA,))) == 3
    with pytest.raises(BadCursor):
        page_of(replace(query, cursor=cursor, filters=Filters(ready=True)))


def test_what_is_asked_too_much_is_cut() -> None:
    assert [limit_of(Query(limit=limit)) for limit in (-5, 20, 10**9)] == [1, 20, LIMIT_MAX]
    assert per_stall_of(Query(filters=Filters(stall=7))) == 0
    assert per_stall_of(Query(per_stall_max=-1)) == 0
