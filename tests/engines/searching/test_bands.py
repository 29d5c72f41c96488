from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.bands import (
    MINIMUM_BOUNDS,
    PRICE_BOUNDS_MINOR,
    band_at,
    key_buckets,
    packed,
    path_counts,
    range_buckets,
)
from sundry.engines.searching.model import QUANTITIES, Bucket


@given(st.lists(st.integers(0, len(PRICE_BOUNDS_MINOR)), max_size=len(QUANTITIES)))
def test_bands_come_out_of_one_number_as_they_went_in(bands: list[int]) -> None:
    number = packed(bands)
    assert [band_at(number, place) for place in range(len(bands))] == bands
    assert number < 2**53


def test_ranges_are_open_at_both_ends() -> None:
    assert range_buckets({3: 7, 0: 2, 1: 0}, MINIMUM_BOUNDS) == (
        Bucket("0-10", 2, None, 10),
        Bucket("1000-", 7, 1_000, None),
    )


def test_the_most_frequent_choice_stands_first() -> None:
    assert [bucket.key for bucket in key_buckets({"b": 2, "a": 2, "c": 9, "none": 0})] == ["c", "a", "b"]


def test_a_good_counts_in_every_category_above_it() -> None:
    assert path_counts({"home/kitchen": 3, "home": 1, "home/bath": 2}) == {"home": 6, "kitchen": 3, "bath": 2}
