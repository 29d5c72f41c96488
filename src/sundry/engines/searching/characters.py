"""Concepts named in Chinese text: the longest names that cover most of it.

Problem: 牙刷杯 holds 牙刷 (toothbrush) and 杯 (cup), and is neither; 硅胶水杯 holds 胶水 (glue), which nobody wrote.

    硅胶水杯      硅胶 + 水杯 covers four characters, 胶水 + 杯 three: silicone, water cup
    不锈钢保温杯盖  不锈钢 + 保温 + 杯盖 is as good as 保温杯 + 盖; the last word is the head, so the longer last one

Therefore, as for other languages (`matching.py`), those names are taken that cover most in the fewest pieces, here by
characters (`search`).

Two million titles are read so when an index is built, most of them in 12 microseconds each. Therefore jieba's cutter is
asked first, with our names as its only words: it looks for the likeliest way through a text, and where all names are
equally likely, that is the one that covers most in the fewest pieces (`cutter`). It does not know where a single
character or Latin letters may stand, nor which of two equal ways we would take; where one of these could matter, which
is in 1 or 2 titles of 100, `search` says.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate, chain
from math import exp
from typing import TYPE_CHECKING, Final, NamedTuple

from sundry.engines.searching.lexicon import Lexicon
from sundry.engines.searching.matching import Named, Ranked, by_rank
from sundry.engines.searching.normal import normal

if TYPE_CHECKING:
    import rjieba

# A way through a text is as likely as the product of its pieces: a name e**18 of all e**30, what is no name 1 for each
# character. So each character that is covered counts e**30, each piece costs e**12, which is the 10 and 4 of `search`.
_ALL: Final = round(exp(30))
_NAME: Final = round(exp(18))
_AFTER_A_SINGLE: Final = "色款式的子制做型形"
_named: Final = Named._make
_NO_WORD: Final = "\u4dff"  # a hexagram of the Book of Changes, which has the rest of e**30


class _Known(NamedTuple):
    """What a piece of a text may be. `is_sure`: wherever it stands. `after`: the signs that would begin `endings`, with
    which a name would begin inside this one (or with it) and end behind it, so that another way through the text might
    be as good."""

    keys: tuple[str, ...]
    is_sure: bool
    is_single: bool
    after: frozenset[str]
    endings: tuple[str, ...]


class Characters:
    """Chinese names in Chinese text."""

    def __init__(self, lexicon: Lexicon, fillers: Iterable[str] = ()) -> None:
        """`fillers`: words that name nothing, so that nothing is found in them: 包邮 (postage paid) is no 包 (bag)."""
        found: Ranked = defaultdict(list)
        for key, concept in lexicon.concepts.items():
            for place, form in enumerate(concept.forms["zh"]):
                found[normal(form).replace(" ", "")].append((place, key))
        self.forms: dict[str, tuple[str, ...]] = dict.fromkeys(fillers, ()) | by_rank(found, lexicon)
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in self.forms:
            lengths[form[:2]].add(len(form))
        for two in list(lengths):
            if two[:1] in self.forms:
                lengths[two].add(1)
        same: dict[tuple[int, ...], tuple[int, ...]] = {}
        ordered = {two: tuple(sorted(found)) for two, found in lengths.items()}
        self._lengths = {two: same.setdefault(found, found) for two, found in ordered.items()}
        self._singles = frozenset(form for form in self.forms if len(form) == 1)
        self._latin = frozenset(form for form in self.forms if _is_latin(form[0]) or _is_latin(form[-1]))
        self._known = self._known_pieces()
        self._cut = cutter(form for form in self.forms if len(form) > 1)

    def _known_pieces(self) -> dict[str, _Known]:
        ordered = sorted(self.forms)

        @cache
        def rests(beginning: str) -> tuple[str, ...]:
            """How names that begin so go on."""
            first = bisect_right(ordered, beginning)
            last = bisect_left(ordered, beginning + "\U0010ffff", first)
            return tuple(form[len(beginning) :] for form in ordered[first:last])

        @cache
        def behind(ends: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
            """What may go on behind a name that ends so: of many names the same."""
            endings = tuple(dict.fromkeys(chain.from_iterable(map(rests, ends))))
            return frozenset(rest[0] for rest in endings), endings

        known = {}
        for form, keys in self.forms.items():
            ends = tuple(form[at:] for at in range(len(form)) if rests(form[at:]))
            is_sure = len(form) > 1 and form not in self._latin
            known[form] = _Known(keys, is_sure, len(form) == 1, *behind(ends))
        return known

    def find(self, text: str) -> list[Named]:
        """What `search` finds, sooner."""
        pieces, known, end = self._cut(text, False), self._known, 0
        found: list[Named] = []
        for at, piece in enumerate(pieces):
            start, end = end, end + len(piece)
            if (what := known.get(piece)) is None:
                continue
            keys, is_sure, _, after, endings = what
            if text[end : end + 1] in after and text.startswith(endings, end):
                return self.search(text)
            if not is_sure and not (stands := self._stands(what, text, start, end, pieces[at + 1 : at + 2])):
                if stands is None:
                    return self.search(text)
                continue
            found.append(_named((start, end, keys)))
        return found

    def find_in_many(self, texts: Iterable[str]) -> list[list[tuple[str, ...]] | None]:
        """The keys of the names that `find` finds in each of many texts of one line, or None where only `search` says.
        A thousand texts are cut at once."""
        text = "".join([f"{one}\n" for one in texts])
        pieces = self._cut(text, False)
        told: list[list[tuple[str, ...]] | None] = []
        found: list[tuple[str, ...]] = []
        is_certain = True
        ends = accumulate(map(len, pieces))
        for at, (piece, end, what) in enumerate(zip(pieces, ends, map(self._known.get, pieces), strict=True)):
            if what is not None:
                keys, is_sure, _, after, endings = what
                if text[end] in after and text.startswith(endings, end):
                    is_certain = False
                elif is_sure or (stands := self._stands(what, text, end - len(piece), end, pieces[at + 1 : at + 2])):
                    found.append(keys)
                elif stands is None:
                    is_certain = False
            elif piece == "\n":
                told.append(found if is_certain else None)
                found, is_certain = [], True
        return told

    def _stands(self, what: _Known, text: str, start: int, end: int, behind: Sequence[str]) -> bool | None:
        """Whether a single character or Latin letters are a name where they stand, before the piece `behind`; None:
        that hangs on how the rest is taken."""
        if text[start:end] in self._latin and not _stands_alone(text, start, end):
            return None
        if what.is_single and behind and "\u4e00" <= behind[0][0] <= "\u9fff" and behind[0][0] not in _AFTER_A_SINGLE:
            after = self._known.get(behind[0])
            return None if after is not None and after.is_single else after is not None
        return True

    def search(self, text: str) -> list[Named]:
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
            end == len(text) or take[end] > 0 or not "\u4e00" <= text[end] <= "\u9fff" or text[end] in _AFTER_A_SINGLE
        )


def cutter(names: Iterable[str]) -> Callable[[str, bool], list[str]]:
    """Takes a text (and False: nothing is guessed) apart into its pieces, names and what is none: nothing is lost."""
    import rjieba  # with it comes a dictionary of 34 MB, see words.py

    jieba: rjieba.Jieba = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]
    jieba.add_word(_NO_WORD, _ALL, None)
    for name in names:
        jieba.add_word(name, _NAME, None)
    return jieba.cut


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return not before and not (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
