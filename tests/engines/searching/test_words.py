"""Texts into words: the same for a title and for a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.lexicon import LANGUAGES, Language
from sundry.engines.searching.words import codes, language_by_script, tokens


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("卡通牙刷杯", "zh", ("卡通", "牙刷", "牙刷杯")),
        ("卡通牙刷杯 LED Lights", "zh", ("卡通", "牙刷", "牙刷杯", "led", "light")),
        ("des tasses à café", "fr", ("tasse", "cafe")),
        ("l'éventail d’été", "fr", ("eventail", "ete")),
        ("women's umbrellas", "en", ("woman", "umbrella")),
        ("Подставка для зубных щёток", "ru", ("подставк", "зубн", "щетк")),
        ("مظلات LED", "ar", ("مظل", "led")),
        ("cups 牙刷杯 щётка", "en", ("cup", "牙刷", "牙刷杯", "щетк")),
        ("the", "en", ("the",)),
        ("的", "zh", ("的",)),
        ("!?", "en", ()),
    ],
)
def test_words_of_a_text(text: str, language: Language, words: tuple[str, ...]) -> None:
    assert tokens(text, language) == words


def test_a_code_is_found_whole_without_its_mark_and_in_parts() -> None:
    assert set(tokens("Cup AB-1234", "en")) == {"cup", "ab-1234", "ab1234", "ab", "1234"}
    assert set(tokens("杯子 AB-1234", "zh")) == {"杯子", "ab-1234", "ab1234", "ab", "1234"}
    assert set(tokens("hx8872", "en")) == {"hx8872", "hx", "8872"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cup ab-1234 pink", ("ab-1234",)),
        ("2024-0017", ("2024-0017",)),
        ("hx8872 yw/3305.b", ("hx8872", "yw/3305.b")),
        ("usb-c 500ml 12x34cm 10-12cm a4-paper iphone15 3d 2024", ()),
        ("x" * 30 + "-12345678901", ()),
    ],
)
def test_what_is_an_article_number(text: str, found: tuple[str, ...]) -> None:
    assert codes(text) == found


def test_the_script_tells_the_language_but_latin_letters_do_not() -> None:
    assert language_by_script("牙刷杯 toothbrush cup") == "zh"
    assert language_by_script("مظلة led") == "ar"
    assert language_by_script("зонт 3d") == "ru"
    assert language_by_script("paraguas niño") is None


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_has_words_and_words_have_no_spaces(text: str, language: Language) -> None:
    assert all(word == "".join(word.split()) for word in tokens(text, language))
