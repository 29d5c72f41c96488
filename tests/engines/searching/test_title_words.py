"""The fast cutter of titles says what the plain one says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching import title_words
from sundry.engines.searching.lexicon import LANGUAGES, Language, lexicon
from sundry.engines.searching.normal import normal
from sundry.engines.searching.title_words import TitleWords
from sundry.engines.searching.words import tokens

WORDS = TitleWords()
TAILS = ("", " AB-1234", " x28369", "40cm", " 大号新款", "'s l'éventail", " Type-C ba63-1006")


def cut(titles: list[str], language: Language) -> list[set[str]]:
    return [set(words.split()) for words in WORDS.of_many([normal(title) for title in titles], language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_cut_as_by_tokens(language: Language) -> None:
    drawn = random.Random(f"titles-{language}")
    names = [form for concept in lexicon().concepts.values() for form in concept.forms[language]]
    space = "" if language == "zh" else " "
    titles = [space.join(drawn.choices(names, k=3)) + drawn.choice(TAILS) for _ in range(2_000)]
    for title, words in zip(titles, cut(titles, language), strict=True):
        assert words == set(tokens(title, language)), title


@given(st.lists(st.text(max_size=30), max_size=4), st.sampled_from(LANGUAGES))
def test_any_texts_are_cut_as_by_tokens(texts: list[str], language: Language) -> None:
    assert cut(texts, language) == [set(tokens(text, language)) for text in texts]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(title_words, "KEPT_MAX", 3)
    words = TitleWords()
    for title in ("red cup", "blue mugs", "pink caps x28369", "red cup"):
        assert words.of_many([title], "en")[0].split() == list(tokens(title, "en"))
    assert len(words._letters["en"]) <= 3
    for titles in (["红色杯子", "蓝色水杯"], ["塑料 盖", "陶瓷杯"]):
        assert [set(each.split()) for each in words.of_many(titles, "zh")] == [
            set(tokens(each, "zh")) for each in titles
        ]
