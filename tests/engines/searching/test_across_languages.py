"""Ordinary goods asked for in six languages lead to one concept; with a letter wrong they still do.

`ordinary_goods.tsv`: 180 goods as people ask for them (zh, en, ar, es, fr, ru; plurals, cases, articles), written from
general knowledge before anybody looked whether the lexicon has them. What is not found is the lexicon's to mend.
`market_goods.tsv`: 1,227 more, written leaf by leaf of the market's tree and mended since: they keep what was learnt.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from searching.our_readers import UNDERSTANDING

from sundry.engines.searching.lexicon import LANGUAGES, Kind, Language, lexicon
from sundry.engines.searching.normal import normal


def goods(name: str) -> list[list[str]]:
    """Goods as people ask for them, a row each, in the order of LANGUAGES."""
    return [line.split("\t") for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()]


GOODS = goods("ordinary_goods.tsv")
_LETTERS = {"ru": "абвгдежзийклмнопрстуфхцчшщыьэюя", "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"}


def heads(text: str, language: Language) -> frozenset[str]:
    return frozenset(UNDERSTANDING.understand(text, language=language).head)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_a_thing_in_another_language_is_the_thing_in_chinese(language: Language) -> None:
    missed = [row for row in GOODS if not heads(row[0], "zh") & heads(row[LANGUAGES.index(language)], language)]
    assert len(missed) <= 0.05 * len(GOODS), missed


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_what_a_market_sells_is_in_every_language_what_it_is_in_chinese(language: Language) -> None:
    rows = goods("market_goods.tsv")
    missed = [row for row in rows if not heads(row[0], "zh") & heads(row[LANGUAGES.index(language)], language)]
    assert len(missed) <= 0.015 * len(rows), missed


def test_every_ordinary_thing_is_known_in_chinese() -> None:
    assert not [row[0] for row in GOODS if not heads(row[0], "zh")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_of_the_lexicon_is_found_by_its_usual_name(language: Language) -> None:
    nouns = [concept for concept in lexicon().concepts.values() if concept.kind is Kind.NOUN][::3]
    missed = [concept.key for concept in nouns if concept.key not in heads(concept.forms[language][0], language)]
    assert len(missed) <= 0.01 * len(nouns), missed


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_one_wrong_letter_in_a_name_of_five_or_more_is_forgiven(language: Language) -> None:
    draw = random.Random(f"typo {language}")
    nouns = [concept.forms[language][0] for concept in lexicon().concepts.values() if concept.kind is Kind.NOUN]
    names = draw.sample(sorted({normal(name) for name in nouns if name.isalpha() and len(normal(name)) >= 5}), 150)
    asked = [(name, mistyped(name, _LETTERS.get(language, "abcdefghijklmnoprstuvz"), draw)) for name in names]
    asked = [(name, typed) for name, typed in asked if typed != name and len(typed) >= 5]
    missed = [(name, typed) for name, typed in asked if not heads(name, language) & heads(typed, language)]
    assert len(missed) <= 0.1 * len(asked), missed


def mistyped(word: str, letters: str, draw: random.Random) -> str:
    """The word with one letter more, less, another, or two neighbours changed."""
    at = draw.randrange(len(word) - 1)
    return draw.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + draw.choice(letters) + word[at:],
            word[:at] + draw.choice(letters) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
