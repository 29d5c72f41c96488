"""Concepts named in text of any language but Chinese: the longest names that cover most of it.

Problem: "taza rosa para cepillos de dientes" names a toothbrush and a cup, and is about neither; "key chains" must be
found where the lexicon has keychain, and مفاتيح where it has مفتاح.

    taza cepillo diente      the words that hold it together count for nothing, and each word is its stem
    soap dish brush          soap dish + brush, or soap + dish brush? in English the last word is the head: the latter

Therefore all names are looked for at all places, and those are taken that cover most in the fewest pieces (a shortest
path from the right: the time grows with the length of the text). A name is found as it is written, as one word for
several and several for one, in another order, and by the roots of its words, each of these only where the one before
finds none.

Where a name could go on is asked of every two neighbours, and mostly the answer is no. Therefore of the beginnings of
names and of the pairs of their words, fifty thousand a language, only a byte each is kept, at the place that the hash
says (`_seen`). Where two have one place, a name is looked for in vain; what is found does not hang on it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, permutations
from typing import NamedTuple

from sundry.engines.searching.lexicon import Language, Lexicon
from sundry.engines.searching.normal import normal
from sundry.engines.searching.stemming import bare, forget_words, root, singulars, stem, variants
from sundry.engines.searching.words import FUNCTION, PIECE, pieces, script_language, unelided

_JOINED = 3  # so many words are tried as one: key chain, porte clé
# How loosely a name is found, in points off: in another order, or of the roots of its words. A loose name of two words
# (10 x 2 - 4 - 5) is worth less than two that are as written (6 + 6): juguetes para niños is no juguete de niña.
_AS_ONE, _REORDERED, _OF_ROOTS = 1, 3, 5
_LONGEST = 6  # words of a name that are compared; longer names are found by their first six


class Named(NamedTuple):  # not a dataclass: tens of millions are made while an index is built
    """A stretch of a text (of characters in Chinese, else of words) and the concepts it names, the likeliest first;
    none where it is a word of the trade that names nothing."""

    start: int
    end: int
    keys: tuple[str, ...]


Ranked = dict[str, list[tuple[int, str]]]  # a text -> concepts with the place that it has among their forms


def by_rank(found: Ranked, lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Each text to the concepts that it names: first those whose usual form it is, then by place and key."""
    same = lexicon.same_keys
    ordered = {text: tuple(dict.fromkeys(key for _, key in sorted(ranks))) for text, ranks in found.items()}
    return {text: same.setdefault(keys, keys) for text, keys in ordered.items()}


_PLACES = 1 << 19  # a power of two


def _seen(those: Iterable[Hashable]) -> bytes:
    """A 1 at the hash of each: what has a 0 there is none of them."""
    places = bytearray(_PLACES)
    for each in those:
        places[hash(each) & _PLACES - 1] = 1
    return bytes(places)


class Word(NamedTuple):
    """A word of a text that is no function word. `breaks`: a comma or the like stands before it; `linked`: a function
    word does (cup FOR brushes)."""

    text: str
    stem: str
    breaks: bool = False
    linked: bool = False


def words_of(plain: str, language: Language) -> list[Word]:
    """The words of a normal text without function words; if it has no others, with them."""
    found: list[Word] = []
    breaks = linked = False
    for piece in _PIECE_OR_MARK.findall(unelided(plain)):
        if not piece.isalnum():
            breaks, linked = breaks or piece not in _LINKS, linked or piece in _LINKS
        elif piece in FUNCTION[script_language(piece, language)]:
            linked = True
        else:
            found.append(Word(piece, stem(piece, script_language(piece, language)), breaks, linked))
            breaks = linked = False
    return found or [Word(piece, piece) for piece in pieces(plain)]


_LINKS = frozenset("&+")
_PIECE_OR_MARK = re.compile(PIECE.pattern + r"|[^\w\s'\-]")


class Phrases:
    """Names in text of any language but Chinese."""

    def __init__(self, lexicon: Lexicon, language: Language) -> None:
        self.language: Language = language
        self._heads_last = language == "en"
        named = [
            (words_of(normal(form), language)[:_LONGEST], (place, key))
            for key, concept in lexicon.concepts.items()
            for place, form in enumerate(concept.forms[language])
        ]
        # In how many names a stem is; of a plural inside the word, it is the singular's from here on.
        self.weights = Counter(word.stem for words, _ in named for word in words)
        self.surfaces: dict[str, str] = {}  # each word of a name as it is written -> its stem
        self.apart: dict[str, str] = {}  # names of several words written as one -> as they are written
        pairs: list[list[str]] = []  # roots that some name has
        exact, joined, loose, unordered = (defaultdict[str, list[tuple[int, str]]](list) for _ in range(4))
        for written, rank in named:
            words = [self._single(word) for word in written]
            self.surfaces |= {word.text: word.stem for word in words}
            roots = [root(word.stem, language) for word in words]
            exact[_key(words)].append(rank)
            loose[" ".join(roots)].append(rank)
            if len(words) > 1:
                pairs.append(roots)
                unordered[_sorted_key(words)].append(rank)
                joined[self.joined(words)].append(rank)
                self.apart.setdefault(self.joined(words), " ".join([word.text for word in words]))
        self._exact, self._joined = by_rank(exact, lexicon), by_rank(joined, lexicon)
        self._loose, self._unordered = by_rank(loose, lexicon), by_rank(unordered, lexicon)
        self.stems = frozenset(self.surfaces.values())
        self._together = _seen(pair for roots in pairs for pair in permutations(roots, 2))
        self._whole = sorted({words for words in chain(self._joined, self._exact) if " " not in words})
        self._beginnings = _seen(word[:end] for word in self._whole for end in range(1, len(word)))
        forget_words()

    def _single(self, word: Word) -> Word:
        """The word as the first one that it may be the plural of and that as many names have (Arabic)."""
        names = max(1, self.weights[word.stem])
        known = next((one for one in singulars(word.text, self.language) if self.weights[one] >= names), None)
        return word if known is None else word._replace(stem=known)

    def read(self, plain: str) -> list[Word]:
        """The words of a normal text, each with the stem that names know if it has one."""
        return [self._settled(word) for word in words_of(plain, self.language)]

    def _settled(self, word: Word) -> Word:
        single = self._single(word)
        if single.stem in self.stems:
            return single
        known = next((one for one in variants(word.text, self.language) if one in self.stems), None)
        return word if known is None else word._replace(stem=known)

    def joined(self, words: Sequence[Word]) -> str:
        """The stem of words written as one: of key chains, keychain. An article stands at the beginning only."""
        first, *others = [word.text for word in words]
        return stem("".join([first, *(bare(text, self.language) for text in others)]), self.language)

    def written(self, text: str, typed: Word) -> list[Word]:
        """What stands for a typed word where `text`, a word of a name or a name of several as one, was meant."""
        if text in self.apart and text not in self.surfaces:
            first, *others = self.read(self.apart[text])
            return [first._replace(breaks=typed.breaks, linked=typed.linked), *others]
        return [typed._replace(text=text, stem=self.surfaces.get(text, text))]

    def knows(self, word: Word) -> bool:
        """Whether some name has this word, or is it when written together."""
        return word.stem in self.stems or word.stem in self._joined

    def find(self, words: Sequence[Word], *, as_written: bool = False) -> list[Named]:
        """Names among the words, left to right. `as_written`: by their stems, not by roots or in another order."""
        size = len(words)
        roots = [root(word.stem, self.language) for word in words]
        best, take = [0] * (size + 1), [Named(0, 0, ())] * (size + 1)
        for at in range(size - 1, -1, -1):
            top, taken = best[at + 1], Named(at, at, ())
            for end in self._ends(words, roots, at):
                tier, keys = self._named(words, roots, at, end)
                if not keys or (as_written and tier > _AS_ONE):
                    continue
                score = 10 * (end - at) - 4 - tier + best[end]
                if score > top or (score == top and taken.keys and not self._heads_last):
                    top, taken = score, Named(at, end, keys)
            best[at], take[at] = top, taken
        found, at = [], 0
        while at < size:
            if take[at].keys:
                found.append(take[at])
            at = max(at + 1, take[at].end)
        return found

    def _ends(self, words: Sequence[Word], roots: Sequence[str], at: int) -> Iterator[int]:
        """Where a name that begins here could end: not behind a comma, and only while some name has both neighbours, or
        while they may be one word written as several."""
        yield at + 1
        together, beginning = True, words[at].text
        for end in range(at + 2, min(at + _LONGEST, len(words)) + 1):
            if words[end - 1].breaks:
                return
            together = together and self._together[hash((roots[end - 2], roots[end - 1])) & _PLACES - 1] == 1
            if not together and not (end - at <= _JOINED and self._beginnings[hash(beginning) & _PLACES - 1]):
                return
            yield end
            beginning += words[end - 1].text

    def _named(self, words: Sequence[Word], roots: list[str], at: int, end: int) -> tuple[int, tuple[str, ...]]:
        """How loosely (0: as written) and what a stretch names."""
        if end - at == 1:
            one = words[at].stem
            if keys := self._exact.get(one):
                return 0, keys
            if keys := self._joined.get(one):
                return _AS_ONE, keys
            return _OF_ROOTS, self._loose.get(roots[at], ())
        if keys := self._exact.get(_key(words[at:end])):
            return 0, keys
        if (
            end - at <= _JOINED
            and self._beginnings[hash(words[at].text) & _PLACES - 1]
            and not _is_linked(words[at + 1 : end])
        ):
            one = self.joined(words[at:end])
            if (keys := self._joined.get(one) or self._exact.get(one)) and self._begin_one(words[at : end - 1]):
                return _AS_ONE, keys
        if keys := self._unordered.get(_sorted_key(words[at:end])):
            return _REORDERED, keys
        return _OF_ROOTS, self._loose.get(" ".join(roots[at:end]), ())

    def _begin_one(self, words: Sequence[Word]) -> bool:
        """Whether the words, and the first ones of them, written as one are the beginning of a name: surely, where
        `_beginnings` says perhaps."""
        for beginning in accumulate([word.text for word in words]):
            place = bisect_right(self._whole, beginning)
            if not any(one.startswith(beginning) for one in self._whole[place : place + 1]):
                return False
        return True


def _is_linked(words: Sequence[Word]) -> bool:
    return any(word.linked for word in words)


def _key(words: Sequence[Word]) -> str:
    return " ".join([word.stem for word in words])


def _sorted_key(words: Sequence[Word]) -> str:
    return " ".join(sorted([word.stem for word in words]))
