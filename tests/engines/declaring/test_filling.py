from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.declaring.filling import exact, greedy

values = st.lists(st.integers(0, 100), min_size=1, max_size=9).map(lambda found: sorted(found, reverse=True))


def fewest(given: list[int], limit: int, most: int) -> int:
    """By trying everything: the first value with every set of the others."""
    if not given:
        return 0
    first, rest = given[0], list(range(1, len(given)))
    best = len(given)
    for size in range(min(most, len(given))):
        for others in combinations(rest, size):
            if first + sum(given[i] for i in others) <= limit:
                left = [given[i] for i in rest if i not in others]
                best = min(best, 1 + fewest(left, limit, most))
    return best


def assert_forms(forms: list[list[int]], given: list[int], limit: int, most: int) -> None:
    assert sorted(place for members in forms for place in members) == list(range(len(given)))
    assert all(sum(given[i] for i in members) <= limit and len(members) <= most for members in forms)


@given(values, st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_exact_finds_the_fewest_and_proves_that_fewer_are_impossible(found: list[int], most: int) -> None:
    count = fewest(found, 100, most)
    forms, _ = exact(found, 100, most, count)
    assert forms is not None
    assert_forms(forms, found, 100, most)
    fewer, impossible = exact(found, 100, most, count - 1)
    assert fewer is None
    if most >= len(found):
        assert impossible


@given(values, st.integers(1, 5))
@settings(deadline=None)
def test_greedy_keeps_the_limits(found: list[int], most: int) -> None:
    assert_forms(greedy(found, 100, most), found, 100, most)


def test_the_worked_case() -> None:
    assert [
        sum([45, 40, 35, 30, 25, 25][i] for i in members) for members in greedy([45, 40, 35, 30, 25, 25], 100, 50)
    ] == [
        100,
        100,
    ]


@pytest.mark.parametrize("count", [0, 1])
def test_what_does_not_fit_by_sum_is_proved_at_once(count: int) -> None:
    assert exact([60, 50], 100, 50, count) == (None, True)


def test_a_limit_of_members_is_no_proof() -> None:
    """With one more row a form the three would fit on one: the search does not claim otherwise."""
    assert exact([10, 10, 10], 100, 2, 1) == (None, False)


def test_told_to_make_do_it_keeps_small_pieces_for_later() -> None:
    """52+26+22 leaves nothing free but spends two small pieces; 52+45 is full enough for three forms."""
    found = [52, 45, 42, 39, 32, 30, 26, 22]
    assert len(greedy(found, 100, 50)) == 4
    assert [[found[i] for i in members] for members in greedy(found, 100, 50, 3)] == [
        [52, 45],
        [42, 32, 26],
        [39, 30, 22],
    ]
