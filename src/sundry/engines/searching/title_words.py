"""The words of many titles: what `words.tokens` says, sooner.

Problem: cutting two titles of a good into words by `tokens` takes 30 microseconds of CPU, and there are two million
goods. But titles are made of the same ten thousand words. Therefore what a piece between two spaces comes to, and what
a word that jieba cut is indexed as, is worked out once and kept.

    pink shower caps     pink -> pink    shower -> shower    caps -> cap
    新款的保温杯         新款 -> 新款     的 -> nothing        保温杯 -> 保温, 保温杯

A long piece that holds a digit is mostly an item number, which comes once: it is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, cast

from sundry.engines.searching.lexicon import Language
from sundry.engines.searching.normal import HAN_LETTER, normal
from sundry.engines.searching.words import chinese_word, code_parts, letter_words, longest_words, pieces, with_shorter

KEPT_MAX: Final = 200_000  # words of a language, after which keeping begins anew
CODE_MIN: Final = 5  # signs of an item number; 40cm is none

_USUAL_CODE: Final = re.compile("([a-z]{1,3})([0-9]{3,30})")
_WITH_DIGIT: Final = re.compile(r"(?<!\S)(?=\S*[0-9])\S+")  # what stands between two spaces, and holds one
_DIGIT: Final = re.compile("[0-9]")


class _Chinese(dict[str, Sequence[str]]):
    """A word of Chinese as jieba cut it -> itself and the shorter ones that it is made of, as they are indexed."""

    def __missing__(self, cut: str) -> Sequence[str]:
        words = [word for shorter in with_shorter(cut) if (word := chinese_word(shorter))]
        if _is_worth(self, cut):
            self[cut] = words
        return words


class _Letters(dict[str, Sequence[str]]):
    """What stands between two spaces -> its words by the rules of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __missing__(self, piece: str) -> Sequence[str]:
        if piece.isascii() and piece.isalnum() and _DIGIT.search(piece):
            return (piece,)
        words = letter_words(piece, self._language)
        if _is_worth(self, piece):
            self[piece] = words
        return words


class TitleWords:
    """Cuts titles, and keeps what their words come to."""

    def __init__(self) -> None:
        self._chinese = _Chinese()
        self._letters: dict[str, _Letters] = {}

    def of(self, title: str, language: str) -> list[str]:
        """The words of a title, as `tokens` says."""
        plain = normal(title)
        if language == "zh" and HAN_LETTER.search(plain):
            found = [*chain.from_iterable(map(self._chinese.__getitem__, longest_words(plain)))]
        else:
            letters = self._letters.get(language)
            if letters is None:
                letters = self._letters[language] = _Letters(cast(Language, language))
            found = [*chain.from_iterable(map(letters.__getitem__, plain.split()))]
        found = found or pieces(plain)
        if parts := [part for piece in _WITH_DIGIT.findall(plain) for part in _code_parts(piece)]:
            found += [part for part in parts if part not in found]
        return found


@lru_cache(maxsize=1_000)  # the titles of a good in several languages end in one item number
def _code_parts(piece: str) -> Sequence[str]:
    usual = _USUAL_CODE.fullmatch(piece)
    return (piece, *usual.groups()) if usual else code_parts(piece)


def _is_worth(known: dict[str, Sequence[str]], piece: str) -> bool:
    """Whether a piece is kept; makes room for it."""
    if len(piece) >= CODE_MIN and _DIGIT.search(piece):
        return False
    if len(known) >= KEPT_MAX:
        known.clear()
    return True
