"""Concepts named in a text: the longest names that cover most of it.

Problem: 牙刷杯 holds 牙刷 (toothbrush) and 杯 (cup), and is neither; 硅胶水杯 holds 胶水 (glue), which nobody wrote.

    硅胶水杯      硅胶 + 水杯 covers four characters, 胶水 + 杯 three: silicone, water cup
    不锈钢保温杯盖  不锈钢 + 保温 + 杯盖: as long as 保温杯 + 盖, and the last word is the head, so the longer last one

Therefore all names are looked for at all places and those that cover most, in the fewest pieces, are taken (a shortest
path from the right, linear in the text). Chinese is matched by characters; other languages by stems, in which the words
that hold a phrase together count for nothing: "taza para cepillos de dientes" is taza cepillo diente.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sundry.engines.searching.lexicon import Language, Lexicon
from sundry.engines.searching.normal import normal
from sundry.engines.searching.stemming import root, singulars, stem, variants
from sundry.engines.searching.words import FUNCTION, PIECE, pieces, script_language, unelided

_JOINED = 3  # so many words are tried as one: key chain, porte clé
_LOOSE = 2  # from here on names are not as they are written, but of their roots
_LONGEST = 6  # words of a name that are compared; longer names are found by their first six


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of a text (of characters in Chinese, else of words) and the concepts it names, the likeliest first;
    none where it is a word of the trade that names nothing."""

    start: int
    end: int
    keys: tuple[str, ...]


def forms_by_text(lexicon: Lexicon, language: Language, text_of: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Each form's text to the concepts that have it: first those whose usual form it is, then by place and key."""
    ranked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, concept in lexicon.concepts.items():
        for place, form in enumerate(concept.forms[language]):
            if text := text_of(form):
                ranked[text].append((place, key))
    return {text: tuple(dict.fromkeys(key for _, key in sorted(found))) for text, found in ranked.items()}


class Characters:
    """Chinese names in Chinese text."""

    def __init__(self, lexicon: Lexicon, fillers: Iterable[str] = ()) -> None:
        """`fillers`: words that name nothing, so that nothing is found in them: 包邮 (postage paid) is no 包 (bag)."""
        self.forms: dict[str, tuple[str, ...]] = dict.fromkeys(fillers, ())
        self.forms |= forms_by_text(lexicon, "zh", lambda form: normal(form).replace(" ", ""))
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


@dataclass(frozen=True, slots=True)
class Word:
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
        forms = forms_by_text(lexicon, language, normal)
        self._exact: dict[str, tuple[str, ...]] = {}
        self._joined: dict[str, tuple[str, ...]] = {}
        self._loose: dict[str, tuple[str, ...]] = {}
        self._unordered: dict[str, tuple[str, ...]] = {}
        self.surfaces: dict[str, str] = {}  # each word of a name as it is written -> its stem
        self.apart: dict[str, str] = {}  # names of several words written as one -> as they are written
        named = [(words_of(form, language)[:_LONGEST], keys) for form, keys in forms.items()]
        for words, _ in named:
            self.surfaces |= {word.text: word.stem for word in words if word.text not in self.surfaces}
        self.weights = Counter(word.stem for words, _ in named for word in words)  # in how many names a stem is
        self.stems = frozenset(self.weights)
        for words, keys in named:
            self._add(words, keys)
        self._roots = frozenset(self._root(word) for word in self.stems)

    def _add(self, words: Sequence[Word], keys: tuple[str, ...]) -> None:
        roots = [self._root(word.stem) for word in words]
        _put(self._exact, " ".join([word.stem for word in words]), keys)
        _put(self._loose, " ".join(roots), keys)
        if len(words) > 1:
            _put(self._joined, self.joined(words), keys)
            self.apart.setdefault(self.joined(words), " ".join([word.text for word in words]))
            _put(self._unordered, " ".join(sorted(roots)), keys)

    def _root(self, word: str) -> str:
        """The root of a stem, or of the first word that it is the plural of and that names know."""
        single = next((one for one in singulars(word, self.language) if one in self.stems), word)
        return root(single, self.language)

    def settled(self, word: Word) -> Word:
        """The word with a stem that names know, if one of its variants is known (Arabic)."""
        if word.stem in self.stems:
            return word
        known = next((one for one in variants(word.text, self.language) if one in self.stems), None)
        return word if known is None else replace(word, stem=known)

    def joined(self, words: Sequence[Word]) -> str:
        """The stem of words written as one: of key chains, keychain."""
        return stem("".join([word.text for word in words]), self.language)

    def knows(self, word: Word) -> bool:
        """Whether some name has this word, or is it when written together."""
        return word.stem in self.stems or word.stem in self._joined

    def find(self, words: Sequence[Word], *, as_written: bool = False) -> list[Named]:
        """Names among the words, left to right. `as_written`: by their stems, not by roots or in another order."""
        size = len(words)
        roots = [self._root(word.stem) for word in words]
        known = [found in self._roots for found in roots]
        best, take = [0] * (size + 1), [Named(0, 0, ())] * (size + 1)
        for at in range(size - 1, -1, -1):
            top, taken = best[at + 1], Named(at, at, ())
            for end in self._ends(words, known, at):
                tier, keys = self._named(words, roots, at, end)
                if not keys or (as_written and tier >= _LOOSE):
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

    @staticmethod
    def _ends(words: Sequence[Word], known: Sequence[bool], at: int) -> Iterator[int]:
        """Where a name that begins here could end: not behind a comma, and of unknown words only what may be joined."""
        is_known = True
        for end in range(at + 1, min(at + _LONGEST, len(words)) + 1):
            if end > at + 1 and words[end - 1].breaks:
                return
            is_known = is_known and known[end - 1]
            if is_known or end - at <= _JOINED:
                yield end

    def _named(self, words: Sequence[Word], roots: list[str], at: int, end: int) -> tuple[int, tuple[str, ...]]:
        """How loosely (0: as written) and what a stretch names."""
        if end - at == 1:
            one = words[at].stem
            if keys := self._exact.get(one):
                return 0, keys
            if keys := self._joined.get(one):
                return 1, keys
            return _LOOSE, self._loose.get(roots[at], ())
        if keys := self._exact.get(" ".join([word.stem for word in words[at:end]])):
            return 0, keys
        is_linked = any(word.linked for word in words[at + 1 : end])
        if end - at <= _JOINED and not is_linked:
            one = self.joined(words[at:end])
            if keys := self._joined.get(one) or self._exact.get(one):
                return 1, keys
        if keys := self._loose.get(" ".join(roots[at:end])):
            return _LOOSE, keys
        return _LOOSE + 1, self._unordered.get(" ".join(sorted(roots[at:end])), ())


def _put(table: dict[str, tuple[str, ...]], text: str, keys: tuple[str, ...]) -> None:
    before = table.get(text)
    table[text] = keys if before is None else tuple(dict.fromkeys((*before, *keys)))
