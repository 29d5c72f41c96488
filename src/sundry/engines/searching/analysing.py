"""The lexicon, the tagger and the cutter of words, as an index needs them together."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import cast

from sundry.engines.searching.entries import Analyser
from sundry.engines.searching.lexicon import LANGUAGES, Language, Lexicon, lexicon
from sundry.engines.searching.normal import normal, normal_many
from sundry.engines.searching.tagging import Tagger
from sundry.engines.searching.title_words import TitleWords


def analyser(of: Lexicon | None = None) -> Analyser:
    """How goods are read by `of`, or by the lexicon that comes with Sundry (made once)."""
    return _own() if of is None else _made(of)


@cache
def _own() -> Analyser:
    return _made(lexicon())


def _made(of: Lexicon) -> Analyser:
    tagger, words = Tagger(of), TitleWords()

    def names(language: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        if language in LANGUAGES:
            for concept in of.concepts.values():
                for form in concept.forms[language]:
                    found.setdefault(normal(form), (form, concept.key))
        return found

    return Analyser(
        lexicon=of.version,
        segmenter=f"rjieba {version('rjieba')}",
        plain=normal_many,
        tag=lambda titles, language: tagger.tag_many(titles, cast(Language, language)),
        words=words.of_many,
        wider=of.wider,
        normal=normal,
        names=names,
    )
