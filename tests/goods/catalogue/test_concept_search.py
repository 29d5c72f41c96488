from __future__ import annotations

import pytest

from sundry.engines.searching.lexicon import Concept, Kind, Lexicon
from sundry.goods.catalogue.concept_search import find


@pytest.fixture(scope="module")
def small() -> Lexicon:
    def concept(key: str, zh: str, en: str, es: str) -> Concept:
        forms = {"zh": (zh,), "en": (en,), "ar": (en,), "es": (es,), "fr": (en,), "ru": (en,)}
        return Concept(key, Kind.NOUN, forms, ())  # type: ignore[arg-type]

    made = [
        concept("toothbrush_cup", "牙刷杯", "toothbrush cup", "vaso para cepillos"),
        concept("cup", "杯", "cup", "taza"),
        concept("cupboard", "柜", "cupboard", "armario"),
    ]
    return Lexicon({one.key: one for one in made})


def test_what_is_called_so_comes_first_then_what_begins_so_then_what_has_it(small: Lexicon) -> None:
    assert [one.key for one in find("CUP", "en", small)] == ["cup", "cupboard", "toothbrush_cup"]
    assert [one.key for one in find("杯", "en", small)] == ["cup", "toothbrush_cup"]


def test_a_concept_is_named_for_the_reader_with_words_of_others(small: Lexicon) -> None:
    (found,) = find("vaso", "zh", small)
    assert (found.name, found.forms) == ("牙刷杯", ("toothbrush cup", "vaso para cepillos"))


@pytest.mark.parametrize("words", ["", "  ", "\u200b", "zzz"])
def test_nothing_for_no_words(small: Lexicon, words: str) -> None:
    assert find(words, "en", small) == ()


def test_no_more_than_asked_for(small: Lexicon) -> None:
    assert len(find("c", "en", small, limit=2)) == 2
