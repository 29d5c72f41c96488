"""What a buyer may be typing: names of concepts first, then words of the goods' names.

Problem: words are kept as stems, which nobody wants to read ("щетк"). Therefore words of names are suggested only where
a stem is a word: in Chinese, and in English as far as it is a known beginning of what was typed. The lexicon's names
are whole in all languages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from sundry.engines.searching.model import Suggestion

LANGUAGES_OF_WHOLE_WORDS = ("zh", "en")
WORD_GOODS_MIN = 2  # a word of one good alone is mostly a slip


class Names:
    """What can be typed in one language, in order, so that a beginning is found by halving."""

    def __init__(self, names: Mapping[str, tuple[str, str]]) -> None:
        """`names`: as it is compared -> (as it is shown, concept), the usual name of each concept first."""
        self._usual = {typed: at for at, typed in enumerate(names)}
        self._typed = sorted(names)
        self._names = names

    def beginning(self, prefix: str, limit: int) -> list[Suggestion]:
        """The shortest first, then the most usual; each concept once."""
        start = bisect_left(self._typed, prefix)
        end = bisect_left(self._typed, prefix + "\U0010ffff", start)
        found: dict[str, Suggestion] = {}
        for typed in sorted(self._typed[start:end], key=lambda typed: (len(typed), self._usual[typed])):
            shown, concept = self._names[typed]
            found.setdefault(concept, Suggestion(shown, concept))
            if len(found) == limit:
                break
        return list(found.values())


def suggestions(
    names: Names, prefix: str, language: str, words: Sequence[tuple[str, int]], limit: int
) -> tuple[Suggestion, ...]:
    """`prefix` as it is compared; `words` of goods' names that begin so, the most frequent first."""
    if not prefix:
        return ()
    found = names.beginning(prefix, limit)
    if language in LANGUAGES_OF_WHOLE_WORDS:
        told = {suggestion.text for suggestion in found}
        found += [Suggestion(word) for word, goods in words if goods >= WORD_GOODS_MIN and word not in told]
    return tuple(found[:limit])
