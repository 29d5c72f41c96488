"""What a good is called, in each language as its traders put words in a row.

Problem: one row of words, translated word by word, is a name in no language. Chinese puts everything before the noun,
English most of it; Arabic, Spanish, French and Russian put it behind, and make it agree with a noun whose gender nobody
has written down. Therefore each language has a row of its own, and where a word would have to agree, the row says it so
that it need not: "color rojo", "цвет красный", and after a comma, as signs in a shop do.

Worked case: plastic, pink, mini, a toothbrush cup, set of 3:

    zh  迷你粉色塑料牙刷杯3件套
    en  Mini pink plastic toothbrush cup, set of 3
    es  Vaso para cepillos de plástico, color rosa, mini, juego de 3
    ru  Стакан для щёток, пластик, цвет розовый, мини, набор из 3 шт.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sundry.goods.catalogue.rules import LANGUAGES
from sundry.simulation.market.kinds import Forms, Noun
from sundry.simulation.market.words import COLOUR_WORD, SPECIFICATIONS

_COMMA: Final = {"ar": "، "}
_MADE_OF: Final = {"ar": "من ", "es": "de ", "fr": "en ", "ru": ", "}
_SPECIFICATIONS: Final = {
    language: tuple(texts[place] for _, texts in SPECIFICATIONS) for place, language in enumerate(LANGUAGES)
}
_BEHIND: Final = ("for ", "made ", "with ")  # what English does not put before a noun either


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a good. `form`: which of the noun's Chinese forms. `specification`: which, and its number."""

    noun: Noun
    form: int
    material: Forms | None = None
    colour: Forms | None = None
    traits: tuple[Forms, ...] = ()
    specification: tuple[int, int] | None = None
    trade_word: str = ""
    brand: str = ""


def named(said: Said, language: str) -> str:
    """The name in one of LANGUAGES."""
    if language == "zh":
        return _chinese(said)
    if language == "en":
        return _english(said)
    return _behind(said, language)


def _chinese(said: Said) -> str:
    forms = said.noun.forms["zh"]
    words = [said.brand, said.trade_word]
    words += [trait["zh"][0] for trait in said.traits]
    words += [part["zh"][0] for part in (said.colour, said.material) if part is not None]
    return "".join([*words, forms[said.form % len(forms)], _specification(said, "zh")])


def _english(said: Said) -> str:
    before = [said.brand] if said.brand else []
    after: list[str] = []
    words = [trait["en"][0] for trait in said.traits]
    words += [part["en"][0] for part in (said.colour, said.material) if part is not None]
    for word in words:
        (after if word.startswith(_BEHIND) else before).append(word)
    after.append(_specification(said, "en"))
    return _sentence([" ".join([*before, said.noun.forms["en"][0]]), *after], ", ")


def _behind(said: Said, language: str) -> str:
    noun = said.noun.forms[language][0]
    if said.material is not None:
        link, material = _MADE_OF[language], said.material[language][0]
        material = material.removeprefix(link)
        noun = f"{noun}{link}{material}" if link == ", " else f"{noun} {link}{material}"
    if said.brand:
        noun = f"{noun} {said.brand}"
    words = [noun]
    if said.colour is not None:
        words.append(f"{COLOUR_WORD[language]} {said.colour[language][0]}")
    words += [trait[language][0] for trait in said.traits]
    words.append(_specification(said, language))
    return _sentence(words, _COMMA.get(language, ", "))


def _specification(said: Said, language: str) -> str:
    if said.specification is None:
        return ""
    which, number = said.specification
    return _SPECIFICATIONS[language][which].format(number)


def _sentence(words: Sequence[str], comma: str) -> str:
    told = comma.join([word for word in words if word])
    return told[:1].upper() + told[1:]
