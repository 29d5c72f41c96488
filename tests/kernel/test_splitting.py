from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.kernel.splitting import Rounding, split

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(st.integers(-(10**12), 10**12), weights, st.sampled_from(Rounding))
@settings(deadline=None)
def test_parts_sum_to_the_whole_and_stay_near_their_share(whole: int, by: list[int], rounding: Rounding) -> None:
    parts = split(whole, by, rounding)
    assert sum(parts) == whole
    assert all(abs(part - Fraction(whole * weight, sum(by))) < 1 for part, weight in zip(parts, by, strict=True))
    assert all(part == 0 for part, weight in zip(parts, by, strict=True) if weight == 0)


@given(st.integers(0, 10**12), weights)
@settings(deadline=None)
def test_parts_of_a_positive_whole_are_never_negative(whole: int, by: list[int]) -> None:
    assert all(min(split(whole, by, rounding)) >= 0 for rounding in Rounding)


@pytest.mark.parametrize(
    ("whole", "by", "rounding", "parts"),
    [
        (100, [1, 1, 1], Rounding.FLOOR, [33, 33, 34]),
        (100, [1, 1, 1], Rounding.HALF_EVEN, [33, 34, 33]),
        (100, [1, 1, 1], Rounding.LARGEST_REMAINDER, [34, 33, 33]),
        (1, [1, 1], Rounding.HALF_EVEN, [0, 1]),  # 0.5 goes to the even 0
        (3, [1, 1], Rounding.HALF_EVEN, [2, 1]),  # 1.5 goes to the even 2
        (10, [0, 3, 0, 7], Rounding.LARGEST_REMAINDER, [0, 3, 0, 7]),
        (-100, [1, 1, 1], Rounding.LARGEST_REMAINDER, [-33, -33, -34]),
        (0, [0, 0], Rounding.LARGEST_REMAINDER, [0, 0]),
        (0, [], Rounding.FLOOR, []),
    ],
)
def test_rounding_by_name(whole: int, by: list[int], rounding: Rounding, parts: list[int]) -> None:
    assert split(whole, by, rounding) == parts


@pytest.mark.parametrize("by", [[], [0, 0], [2, -1]])
def test_what_cannot_be_split_is_refused(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        split(1, by)
