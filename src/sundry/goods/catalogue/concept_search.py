"""Concepts of the lexicon by a word of any language, for whoever says what an unknown word means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from sundry.engines.searching.lexicon import Concept, Language, Lexicon
from sundry.goods.catalogue.texts import clean

SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class FoundConcept:
    """`name`: in the reader's language; `forms`: a few words of it, so that a cup is told from a trophy."""

    key: str
    name: str
    forms: tuple[str, ...]


def find(words: str, language: str, lexicon: Lexicon, *, limit: int = SHOWN) -> tuple[FoundConcept, ...]:
    """Those that are called so, then those that begin so, then those in which the words stand.

    Nothing for no words.
    """
    wanted = clean(words).casefold()
    if not wanted:
        return ()
    ranked = sorted(
        ((rank, len(key), key) for key, concept in lexicon.concepts.items() if (rank := _rank(concept, wanted)) < 3)
    )
    return tuple(_found(lexicon.concepts[key], cast(Language, language)) for _, _, key in ranked[:limit])


def _rank(concept: Concept, wanted: str) -> int:
    best = 3
    for text in (concept.key.replace("_", " "), concept.key, *(form for of in concept.forms.values() for form in of)):
        folded = text.casefold()
        if folded == wanted:
            return 0
        if folded.startswith(wanted):
            best = min(best, 1)
        elif wanted in folded:
            best = min(best, 2)
    return best


def _found(concept: Concept, language: Language) -> FoundConcept:
    own = concept.forms.get(language) or concept.forms["en"]
    others = dict.fromkeys(of[0] for of in concept.forms.values() if of)
    return FoundConcept(concept.key, own[0], tuple(form for form in others if form != own[0])[:3])
