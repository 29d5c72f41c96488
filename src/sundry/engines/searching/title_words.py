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
from typing import Final, cast

from sundry.engines.searching.lexicon import Language
from sundry.engines.searching.normal import HAN_LETTER
from sundry.engines.searching.words import chinese_word, code_parts, letter_words, longest_words, pieces, with_shorter

KEPT_MAX: Final = 200_000  # words of a language, after which keeping begins anew
CODE_MIN: Final = 5  # signs of an item number; 40cm is none

_USUAL_CODE: Final = re.compile("([a-z]{1,3})([0-9]{3,30})")
_WITH_DIGIT: Final = re.compile(r"(?<!\S)(?=\S*[0-9])\S+")  # what stands between two spaces, and holds one
_DIGIT: Final = re.compile("[0-9]")


class _Chinese(dict[str, str]):
    """A word of Chinese as jieba cut it -> itself and the shorter ones that it is made of, as they are indexed."""

    def __missing__(self, cut: str) -> str:
        if cut == "\n":  # between two titles
            self[cut] = cut
            return cut
        if cut.isascii() and cut.isalnum() and not cut.isalpha():
            return cut
        words = " ".join([word for shorter in with_shorter(cut) if (word := chinese_word(shorter))])
        return _kept(self, cut, words)


class _Letters(dict[str, str]):
    """What stands between two spaces -> its words by the rules of one language, and its codes with their parts."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __missing__(self, piece: str) -> str:
        parts = _code_parts(piece) if _DIGIT.search(piece) else ()
        if not (piece.isalnum() and piece in parts):
            parts = (*letter_words(piece, self._language), *parts)
        return _kept(self, piece, " ".join(parts))


class TitleWords:
    """Cuts titles, and keeps what their words come to."""

    def __init__(self) -> None:
        self._chinese = _Chinese()
        self._letters: dict[str, _Letters] = {}

    def of_many(self, plain: Sequence[str], language: str) -> list[str]:
        """The words of each title, of which `plain` are the normal texts, with spaces between them."""
        if language != "zh":
            return [self._by_letters(title, language) for title in plain]
        cut = longest_words("".join([f"{title}\n" for title in plain]))
        found = " ".join(map(self._chinese.__getitem__, cut)).split("\n")[:-1]
        return [
            self._chinese_words(title, words) if HAN_LETTER.search(title) else self._by_letters(title, language)
            for title, words in zip(plain, found, strict=True)
        ]

    def _chinese_words(self, plain: str, words: str) -> str:
        parts = [part for piece in _WITH_DIGIT.findall(plain) for part in _code_parts(piece)]
        words = words if words.strip() else " ".join(pieces(plain))
        return " ".join((words, *parts)) if parts else words

    def _by_letters(self, plain: str, language: str) -> str:
        letters = self._letters.get(language)
        if letters is None:
            letters = self._letters[language] = _Letters(cast(Language, language))
        words = " ".join(map(letters.__getitem__, plain.split(" ")))
        return words if words.strip() else " ".join(pieces(plain))


@lru_cache(maxsize=1_000)  # the titles of a good in several languages end in one item number
def _code_parts(piece: str) -> Sequence[str]:
    usual = _USUAL_CODE.fullmatch(piece)
    return (piece, *usual.groups()) if usual else code_parts(piece)


def _kept(known: dict[str, str], piece: str, words: str) -> str:
    """`words`, after they were kept where the piece may come again; makes room for them."""
    if len(piece) < CODE_MIN or not _DIGIT.search(piece):
        if len(known) >= KEPT_MAX:
            known.clear()
        known[piece] = words
    return words
