"""Terms of the trade in what somebody wrote, with their names in the reader's language.

Problem: a stall writes 发夹用亚克力的，一卡六只，配OPP袋. Whoever translates it may make "hair folder" of it; the buyer
orders by that. The lexicon knows what 发夹 and 亚克力 are in six languages. Therefore the terms that it finds stand
beside a text, in both languages, whether or not somebody translates the whole.

Worked case: for a reader of Spanish, 发夹 (characters 0-2) is "broche para el cabello", 亚克力 (3-6) "acrílico". Of two
terms that overlap the longer one counts; each term is told once, where it first stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from sundry.engines.searching.lexicon import LANGUAGES, Language, lexicon
from sundry.engines.searching.normal import normal
from sundry.engines.searching.stemming import stem, variants
from sundry.engines.searching.tagging import readers_of
from sundry.engines.searching.words import FUNCTION
from sundry.goods.orders.enquiry_rules import Term

TERMS_MAX: Final = 40  # of one text
_WORDS_MAX: Final = 5  # of a name
_WORD: Final = re.compile(r"\w+(?:['’-]\w+)*")

Found = tuple[int, int, str]  # start, end, concept

# Words of letters that a list of goods takes for something else: peace for a ladder, "can you" for a tin, a port for
# enamel, the boss (老板) for a board. A wrong term beside a text is worse than none.
_OF_LETTERS: Final[Mapping[Language, str]] = {
    "zh": "老板 老板娘 样板 老师",
    "en": "can will may hi hello dear regards best thanks please port charge order present",
    "ar": "السلام سلام عليكم الشحن شحن ميناء شكرا مرحبا تحية",
    "es": "hola gracias saludo saludos puerto carta vino pedido banco",
    "fr": "bonjour merci cordialement port car lettre commande",
    "ru": "порт банк письмо заказ",
}


def terms_in(text: str, *, language: str, reader: str) -> tuple[Term, ...]:
    """The terms of a text that is written in `language`, for who reads `reader`, as they stand; none where both are the
    same, or either is not of the lexicon."""
    if language == reader or language not in LANGUAGES or reader not in LANGUAGES:
        return ()
    known, told = lexicon(), dict[str, Term]()
    found = _in_chinese(text) if language == "zh" else _in_words(text, language)
    for start, end, concept in found:
        name = known.name(concept, reader)
        if concept not in told and normal(name) != normal(text[start:end]):
            told[concept] = Term(start, end, concept, name)
        if len(told) == TERMS_MAX:
            break
    return tuple(told.values())


def _in_chinese(text: str) -> Iterator[Found]:
    """The engine reads a normal text, in which a character may be none or several: each knows where it came from."""
    for word in _OF_LETTERS["zh"].split():
        text = text.replace(word, " " * len(word))
    pieces = [normal(character) or (" " if character.isspace() else "") for character in text]
    origins = [at for at, piece in enumerate(pieces) for _ in piece]
    for start, end, keys in readers_of(lexicon()).characters.find("".join(pieces)):
        if keys:
            yield origins[start], origins[end - 1] + 1, keys[0]


def _in_words(text: str, language: Language) -> Iterator[Found]:
    """From the left, the longest name that begins at a word."""
    words = [(found.start(), found.end(), _key(found[0], language)) for found in _WORD.finditer(text)]
    names, at = _names(language), 0
    while at < len(words):
        for end in range(min(at + _WORDS_MAX, len(words)), at, -1):
            keys = [key for _, _, key in words[at:end]]
            if len(keys) == 1 and normal(text[words[at][0] : words[at][1]]) in _idle(language):
                continue
            if concept := names.get(" ".join(keys)) or (_varied(keys[0], language, names) if end == at + 1 else None):
                yield words[at][0], words[end - 1][1], concept
                at = end
                break
        else:
            at += 1


@cache
def _idle(language: Language) -> frozenset[str]:
    """Single words that are no term, just as they are written; in Arabic with what is written together with them."""
    words = {normal(word) for word in _OF_LETTERS[language].split()} | FUNCTION[language]
    joined = (
        {before + word for before in ("ال", "وال", "و", "بال", "لل") for word in words} if language == "ar" else set()
    )
    return frozenset(words | joined)


def _varied(word: str, language: Language, names: Mapping[str, str]) -> str | None:
    """A word as it may be without what is written together with it (Arabic: and, the, for)."""
    return next((names[one] for one in variants(word, language) if one in names), None)


@cache
def _names(language: Language) -> Mapping[str, str]:
    """The words of each name, by their stems, and what they mean first: a name that stands first among a concept's
    forms before one that stands behind."""
    ranked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for concept in lexicon().concepts.values():
        for place, form in enumerate(concept.forms[language]):
            if key := " ".join(_key(word, language) for word in _WORD.findall(form)):
                ranked[key].append((place, concept.key))
    return {key: min(ranks)[1] for key, ranks in ranked.items()}


def _key(word: str, language: Language) -> str:
    return " ".join(stem(piece, language) for piece in normal(word).replace("-", " ").split())
