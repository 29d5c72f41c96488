"""Words that were meant: umbrela is umbrella.

Problem: one slip of a finger, and a word is known to nobody. Comparing it with all ten thousand words of a language
takes longer than the search itself.

    umbrela, one letter of eight missing    um.. and ..la / ..ll still stand where they stood

Therefore only words are compared that share two letters with it, at the beginning, in the middle or at the end, at
nearly the same place: as many edits as are allowed (`near.py` says how many) cannot touch all of these. Most of
those have other letters: an edit takes one away and puts one in, so two words with more than two letters of their own
for each edit are told apart at a glance. The first letter is seldom mistyped and counts double: such a word is taken
only where no other is as near. What was worked out is kept, for many make the same slip.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping

from sundry.engines.searching.near import ONE_EDIT_FROM, distance, edits_allowed, may_lack_one

KEPT_MAX = 10_000  # typed words whose nearest are kept
AS_NEAR = 3  # words that one word may be taken for at once


class Spelling:
    """The words of a language, each with what it stands for, to be found by what looks like them."""

    def __init__(self, words: Mapping[str, str], weights: Mapping[str, int]) -> None:
        """`words`: as written -> stem. `weights`: of a stem, how many names have it: of two as near, the commoner."""
        self._stems = words
        self._words = tuple(words)
        self._letters = array("Q", map(_letters, words))
        self._weights = weights
        self._known: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, array[int]] = {}  # two letters and their place -> numbers of words
        for number, word in enumerate(words):
            if len(word) >= ONE_EDIT_FROM - 1:
                for place in range(len(word) - 1):
                    key = word[place : place + 2] + chr(place)
                    if (those := self._places.get(key)) is None:
                        those = self._places[key] = array("I")
                    those.append(number)

    def nearest(self, typed: str) -> tuple[str, ...]:
        """Known words that may have been meant, as they are written, none of them the word itself: those as near as any
        and no more than AS_NEAR, the commonest first."""
        known = self._known.get(typed)
        if known is None:
            if len(self._known) >= KEPT_MAX:
                self._known.clear()
            known = self._known[typed] = self._nearest(typed)
        return known

    def _nearest(self, typed: str) -> tuple[str, ...]:
        is_short = may_lack_one(typed)
        allowed = 1 if is_short else edits_allowed(typed)
        if not allowed or not typed.isalpha():
            return ()
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for word in self._candidates(typed, allowed):
            if is_short and len(word) <= len(typed):
                continue
            if word != typed and (edits := distance(typed, word, allowed)) <= allowed:
                found[edits + (typed[0] != word[0])].append((-self._weights.get(self._stems[word], 0), word))
        nearest = sorted(found[min(found)]) if found else []
        stems = {self._stems[word]: word for _, word in reversed(nearest)}  # a word and its plural are one
        return tuple(word for _, word in nearest if word in stems.values())[:AS_NEAR]

    def _candidates(self, typed: str, allowed: int) -> Iterator[str]:
        size = len(typed)
        found: set[int] = set()
        for place in (0, size // 2, size - 2) if allowed > 1 else (0, size - 2):
            pair = typed[place : place + 2]
            for moved in range(max(0, place - allowed), place + allowed + 1):
                found.update(self._places.get(pair + chr(moved), ()))
        letters, own, words = _letters(typed), self._letters, self._words
        for number in found:
            if (letters ^ own[number]).bit_count() <= 2 * allowed and abs(len(words[number]) - size) <= allowed:
                yield words[number]


def _letters(word: str) -> int:
    """Which letters a word has, each a bit; letters that are 64 apart share one."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
