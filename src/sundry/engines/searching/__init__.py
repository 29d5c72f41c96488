"""Goods are found by what they are, in whatever language they are named or asked for. See README.md."""

from sundry.engines.searching.lexicon import LANGUAGES, Concept, ExtraForm, Kind, Language, Lexicon
from sundry.engines.searching.naming import name_in
from sundry.engines.searching.tagging import Readers, Tagged, Tagger
from sundry.engines.searching.understanding import Told, Understanding, Understood
from sundry.engines.searching.words import tokens

__all__ = [
    "LANGUAGES",
    "Concept",
    "ExtraForm",
    "Kind",
    "Language",
    "Lexicon",
    "Readers",
    "Tagged",
    "Tagger",
    "Told",
    "Understanding",
    "Understood",
    "name_in",
    "tokens",
]
