import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.near import NEAR_MAX, distance, edits_allowed, may_lack_one, near_words


@pytest.mark.parametrize(
    ("word", "edits"),
    [("cups", 0), ("spoon", 1), ("umbrella", 1), ("toothbrush", 2), ("保温杯不锈钢", 0), ("зонтик", 1), ("hx8872", 0)],
)
def test_long_words_are_forgiven_more(word: str, edits: int) -> None:
    assert edits_allowed(word) == edits


@pytest.mark.parametrize(
    ("word", "may"),
    [
        ("مماه", True),  # ممحاه
        ("ممحاه", False),  # forgiven any edit
        ("الفز", False),  # two letters with the article
        ("مما", False),
        ("spon", False),
        ("зонт", False),
        ("مما1", False),
        ("雨伞雨伞", False),
    ],
)
def test_an_arabic_word_of_four_may_lack_a_letter(word: str, may: bool) -> None:
    assert may_lack_one(word) is may


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("thermos", "thermos", 0),
        ("thremos", "thermos", 1),  # neighbours changed
        ("thermo", "thermos", 1),
        ("thermoss", "thermos", 1),
        ("thermas", "thermos", 1),
        ("tharmas", "thermos", 2),
        ("", "ab", 2),
        ("umbrella", "toothbrush", 3),
    ],
)
def test_edits_are_counted(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == edits
    assert distance(other, one, 2) == edits


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_the_limit_changes_no_distance_within_it(one: str, other: str) -> None:
    whole = distance(one, other, 99)
    assert distance(one, other, 2) == min(whole, 3)
    assert (whole == 0) == (one == other)


def test_near_words_have_the_same_first_letter_and_the_fewest_edits_first() -> None:
    known = [("thermos", 5), ("thermal", 9), ("dhermos", 50), ("thermo", 1), ("thermostat", 7)]
    assert near_words("thermos", known) == ("thermos", "thermo")
    assert near_words("thremos", known) == ("thermos",)
    assert near_words("hoodie", [("hood1e", 9), ("hoody", 1)]) == ()
    assert near_words("cup", [("cap", 4), ("cup", 1)]) == ("cup",)
    assert near_words("cup", [("cap", 4)]) == ()
    assert len(near_words("spoon", [(f"spoo{letter}", 1) for letter in map(chr, range(0x430, 0x470))])) == NEAR_MAX
