"""Concepts named in Chinese text: the longest names that cover most of it.

Problem: 牙刷杯 holds 牙刷 (toothbrush) and 杯 (cup), and is neither; 硅胶水杯 holds 胶水 (glue), which nobody wrote.

    硅胶水杯      硅胶 + 水杯 covers four characters, 胶水 + 杯 three: silicone, water cup
    不锈钢保温杯盖  不锈钢 + 保温 + 杯盖 is as good as 保温杯 + 盖; the last word is the head, so the longer last one

Therefore, as for other languages (`matching.py`), those names are taken that cover most in the fewest pieces, here by
characters. Two million titles are read so when an index is built: two characters tell which lengths are worth a look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sundry.engines.searching.lexicon import Lexicon
from sundry.engines.searching.matching import Named, Ranked, by_rank
from sundry.engines.searching.normal import normal


class Characters:
    """Chinese names in Chinese text."""

    def __init__(self, lexicon: Lexicon, fillers: Iterable[str] = ()) -> None:
        """`fillers`: words that name nothing, so that nothing is found in them: 包邮 (postage paid) is no 包 (bag)."""
        found: Ranked = defaultdict(list)
        for key, concept in lexicon.concepts.items():
            for place, form in enumerate(concept.forms["zh"]):
                found[normal(form).replace(" ", "")].append((place, key))
        self.forms: dict[str, tuple[str, ...]] = dict.fromkeys(fillers, ()) | by_rank(found)
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in self.forms:
            lengths[form[:2]].add(len(form))
        for two in list(lengths):
            if two[:1] in self.forms:
                lengths[two].add(1)
        self._lengths = {two: tuple(sorted(found)) for two, found in lengths.items()}
        self._singles = frozenset(form for form in self.forms if len(form) == 1)
        self._latin = frozenset(form for form in self.forms if _is_latin(form[0]) or _is_latin(form[-1]))

    def find(self, text: str) -> list[Named]:
        """Names in a normal text, left to right. A name of one character counts only where a word can end behind it."""
        forms, lengths_of, singles = self.forms, self._lengths, self._singles
        size = len(text)
        best, take = [0] * (size + 1), [0] * (size + 1)
        for at in range(size - 1, -1, -1):
            top, length = best[at + 1], 0
            lengths = lengths_of.get(text[at : at + 2])
            if lengths is None:
                if text[at] in singles and self._ends(text, at + 1, take):
                    best[at], take[at] = top + 3, 1
                else:
                    best[at] = top
                continue
            for long in lengths:
                end = at + long
                if end > size or (form := text[at:end]) not in forms:
                    continue
                score = 10 * long - 4 + best[end] if long > 1 else 3 + best[end]
                if score <= top or (long == 1 and not self._ends(text, end, take)):
                    continue
                if form in self._latin and not _stands_alone(text, at, end):
                    continue
                top, length = score, long
            best[at], take[at] = top, length
        return self._taken(text, take)

    def _taken(self, text: str, take: list[int]) -> list[Named]:
        found, at, size = [], 0, len(text)
        while at < size:
            if length := take[at]:
                found.append(Named(at, at + length, self.forms[text[at : at + length]]))
                at += length
            else:
                at += 1
        return found

    @staticmethod
    def _ends(text: str, end: int, take: list[int]) -> bool:
        return (
            end == len(text)
            or take[end] > 0
            or not "\u4e00" <= text[end] <= "\u9fff"
            or text[end] in "色款式的子制做型形"
        )


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return not before and not (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
