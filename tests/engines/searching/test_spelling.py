"""Words that were meant."""

from __future__ import annotations

import random

from sundry.engines.searching.near import distance, edits_allowed
from sundry.engines.searching.spelling import AS_NEAR, Spelling

WORDS = [
    "umbrella",
    "umbrellas",
    "thermos",
    "drawer",
    "dryer",
    "laser",
    "eraser",
    "keychain",
    "кружка",
    "مقلاة",
    "雨伞",
]
STEMS = {word: word.removesuffix("s") for word in WORDS}


def spelling() -> Spelling:
    return Spelling(STEMS, {"drawer": 3, "dryer": 1})


def test_one_edit_of_a_middling_word_two_of_a_long_one_none_of_a_short_one() -> None:
    assert spelling().nearest("thremos") == ("thermos",)
    assert spelling().nearest("umbrela") == ("umbrella",)
    assert spelling().nearest("thrmso") == ()
    assert spelling().nearest("umbrellllas") == ("umbrellas",)
    assert Spelling({"cups": "cup"}, {}).nearest("cusp") == ()


def test_an_arabic_word_of_four_letters_is_one_of_five_and_no_other_of_four() -> None:
    known = Spelling({"ممحاه": "ممحا", "مكاه": "مكا", "spoon": "spoon"}, {})
    assert known.nearest("مماه") == ("ممحاه",)
    assert known.nearest("مكحه") == ()
    assert known.nearest("spon") == ()


def test_words_as_near_are_all_meant_the_commonest_first() -> None:
    assert spelling().nearest("drwer") == ("drawer", "dryer")
    many = {f"candl{letter}": f"candl{letter}" for letter in "abcdefg"}
    assert len(Spelling(many, {}).nearest("candlz")) == AS_NEAR


def test_a_wrong_first_letter_counts_double() -> None:
    assert spelling().nearest("waser") == ("laser",)
    assert Spelling({"laser": "laser", "waxer": "waxer"}, {}).nearest("waser") == ("waxer",)


def test_characters_and_codes_are_never_put_right() -> None:
    assert spelling().nearest("雨伞雨伞雨") == ()
    assert spelling().nearest("drawer1") == ()


def test_the_word_itself_is_no_correction() -> None:
    assert spelling().nearest("thermos") == ()


def test_no_word_within_reach_is_missed() -> None:
    """The three places that are compared against comparing with every word."""
    draw = random.Random(7)
    words = {"".join(draw.choices("abcd", k=draw.randint(5, 12))) for _ in range(200)}
    known = Spelling({word: word for word in words}, {})
    for _ in range(100):
        typed = "".join(draw.choices("abcd", k=draw.randint(5, 12)))
        allowed = edits_allowed(typed)
        reach = {word: distance(typed, word, allowed) + (typed[0] != word[0]) for word in words - {typed}}
        within = {word: edits for word, edits in reach.items() if distance(typed, word, allowed) <= allowed}
        nearest = sorted(word for word, edits in within.items() if edits == min(within.values()))
        assert known.nearest(typed) == tuple(nearest[:AS_NEAR])
