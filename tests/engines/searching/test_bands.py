from sundry.engines.searching.bands import MINIMUM_BOUNDS, key_buckets, path_counts, range_buckets
from sundry.engines.searching.model import Bucket


def test_ranges_are_open_at_both_ends() -> None:
    assert range_buckets({3: 7, 0: 2, 1: 0}, MINIMUM_BOUNDS) == (
        Bucket("0-10", 2, None, 10),
        Bucket("1000-", 7, 1_000, None),
    )


def test_the_most_frequent_choice_stands_first() -> None:
    assert [bucket.key for bucket in key_buckets({"b": 2, "a": 2, "c": 9, "none": 0})] == ["c", "a", "b"]


def test_a_good_counts_in_every_category_above_it() -> None:
    assert path_counts({"home/kitchen": 3, "home": 1, "home/bath": 2}) == {"home": 6, "kitchen": 3, "bath": 2}
