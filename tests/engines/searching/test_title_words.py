"""The fast cutter of titles says what the plain one says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching import title_words
from sundry.engines.searching.lexicon import LANGUAGES, Language, lexicon
from sundry.engines.searching.title_words import TitleWords
from sundry.engines.searching.words import tokens

WORDS = TitleWords()
TAILS = ("", " AB-1234", " x28369", "40cm", " 大号新款", "'s l'éventail", " Type-C ba63-1006")


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_cut_as_by_tokens(language: Language) -> None:
    drawn = random.Random(f"titles-{language}")
    names = [form for concept in lexicon().concepts.values() for form in concept.forms[language]]
    space = "" if language == "zh" else " "
    for _ in range(2_000):
        title = space.join(drawn.choices(names, k=3)) + drawn.choice(TAILS)
        assert tuple(WORDS.of(title, language)) == tokens(title, language), title


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_any_text_is_cut_as_by_tokens(text: str, language: Language) -> None:
    assert tuple(WORDS.of(text, language)) == tokens(text, language)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(title_words, "KEPT_MAX", 3)
    words = TitleWords()
    for title in ("red cup", "blue mugs", "pink caps x28369", "red cup"):
        assert tuple(words.of(title, "en")) == tokens(title, "en")
    assert len(words._letters["en"]) <= 3
