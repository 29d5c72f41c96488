"""What of a good goes into an index: the same for every engine behind the port.

Problem: a buyer asks for a cup and means mugs too; a "cup holder" names a cup and is none. A posting of the word "cup"
tells them apart no more. Therefore a good is entered under every concept that it has to do with, each with how near it
is: its head noun is that, is a narrower one of it, or the title only names it (or something narrower).

Worked case: "pink toothbrush cup with a lid", head noun toothbrush_cup (whose wider is cup, then drinkware):

    toothbrush_cup HEAD   cup, drinkware NARROWER   pink, lid NAMED   colour (wider than pink) NAMED_NARROWER

A buyer of "cup" finds it well below plain cups, a buyer of "lid" finds it below all lids.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Protocol

from sundry.engines.searching.bands import MINIMUM_BOUNDS, PRICE_BOUNDS_MINOR
from sundry.engines.searching.model import QUANTITIES, Document
from sundry.engines.searching.ranking import weight_of

TITLE_ORDER = ("zh", "en", "es", "fr", "ru", "ar")
"""Whose title says the head noun: the first of these that has one. Stalls write the Chinese title themselves, the
others are mostly translated from it."""

TITLE_TOKENS_MAX = 60  # words of one title that are entered: a longer title is a list of everything that sells
BATCH = 1_000  # goods that are read at once
KEPT_WORDS_MAX = 12  # by which goods without a known noun are like each other

_NO_PRICES = (0,) * len(QUANTITIES)
_NOT_IN_A_CODE = re.compile(r"[\W_]+")


class Nearness(IntEnum):
    """How a good stands to a concept, the nearest first."""

    HEAD = 0
    NARROWER = 1
    NAMED = 2
    NAMED_NARROWER = 3


class Tagged(Protocol):
    @property
    def heads(self) -> tuple[str, ...]: ...
    @property
    def concepts(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Analyser:
    """How titles are read, many at once: `plain` makes them as they are compared; of such titles of a language `tag`
    finds the concepts, and `words` the words, those of a title in one text with spaces between them. `wider` says all
    wider concepts of one. `lexicon` and `segmenter` name the versions of both.
    For suggestions, `normal` makes a text as it is compared, and `names` are what can be typed in a language: as it is
    compared -> (as it is shown, concept), the usual name of each concept first."""

    lexicon: str
    segmenter: str
    plain: Callable[[Sequence[str]], Sequence[str]]
    tag: Callable[[Sequence[str], str], Sequence[Tagged]]
    words: Callable[[Sequence[str], str], Sequence[str]]
    wider: Callable[[str], Iterable[str]]
    normal: Callable[[str], str] = str.casefold
    names: Callable[[str], Mapping[str, tuple[str, str]]] = field(default=lambda language: {})


class Entry(NamedTuple):
    """A good as any engine keeps it. `heads`: what it is, more than one where its name may mean several; `named`: all
    that its name says. `said`: the words of all languages in one, with spaces between them: a buyer who types a brand
    types it in her own language, and it stands in a Chinese title. `codes` as `code_form` makes them."""

    document: Document
    heads: tuple[str, ...]
    named: tuple[str, ...]
    wider: Callable[[str], Iterable[str]]
    said: str
    codes: tuple[str, ...]
    weight: float
    prices_minor: tuple[int, ...]

    @property
    def near(self) -> Mapping[str, Nearness]:
        """Every concept that the good has to do with, and how near it is."""
        return _near(self.heads, self.named, self.wider)

    @property
    def words(self) -> Sequence[str]:
        """Each word once, in their order."""
        return _words(self.said)

    @property
    def price_bands(self) -> tuple[int, ...]:
        return tuple([bisect_right(PRICE_BOUNDS_MINOR, price) for price in self.prices_minor])

    @property
    def minimum_band(self) -> int:
        return bisect_right(MINIMUM_BOUNDS, self.document.minimum)


@lru_cache(maxsize=10_000)
def _words(said: str) -> Sequence[str]:
    return tuple(dict.fromkeys(said.split()))


@lru_cache(maxsize=10_000)
def _near(
    heads: tuple[str, ...], named: tuple[str, ...], wider: Callable[[str], Iterable[str]]
) -> Mapping[str, Nearness]:
    near: dict[str, Nearness] = {}
    for key in named:
        near.update(dict.fromkeys(wider(key), Nearness.NAMED_NARROWER))
    near.update(dict.fromkeys(named, Nearness.NAMED))
    for head in heads:
        near.update(dict.fromkeys(wider(head), Nearness.NARROWER))
    near.update(dict.fromkeys(heads, Nearness.HEAD))
    return near


def code_form(code: str) -> str:
    """An item number without its signs: AB-1234 and "ab 1234" are the same."""
    return (code if code.isalnum() else _NOT_IN_A_CODE.sub("", code)).casefold()


def entries(documents: Iterable[Document], analyser: Analyser) -> Iterator[Entry]:
    """The entries of goods in their order. Titles are read in batches, so that a stream of any length fits."""
    stream = iter(documents)
    while batch := list(islice(stream, BATCH)):
        tagged, said = _read(batch, analyser)
        for document, tags, words in zip(batch, tagged, said, strict=True):
            yield _entry(document, tags, " ".join(words), analyser)


def _read(batch: Sequence[Document], analyser: Analyser) -> tuple[list[list[Tagged]], list[list[str]]]:
    """What each good's titles name, in TITLE_ORDER, as far as it is needed: once the titles so far say one thing, a
    translation of them says nothing new. And the words of all its titles."""
    tagged: list[list[Tagged]] = [[] for _ in batch]
    said: list[list[str]] = [[] for _ in batch]
    told: dict[str, list[int]] = {}  # language -> the goods that have a title of it
    for place, document in enumerate(batch):
        for language, title in document.titles.items():
            if title:
                told.setdefault(language, []).append(place)
    for language in (*TITLE_ORDER, *sorted(told.keys() - {*TITLE_ORDER})):
        if places := told.get(language):
            plain = analyser.plain([batch[place].titles[language] for place in places])
            for place, words in zip(places, analyser.words(plain, language), strict=True):
                said[place].append(_bounded(words))
            unsure = [each for each in zip(places, plain, strict=True) if not _is_said(tagged[each[0]])]
            if language in TITLE_ORDER and unsure:
                tags = analyser.tag([title for _, title in unsure], language)
                for (place, _), found in zip(unsure, tags, strict=True):
                    tagged[place].append(found)
    return tagged, said


def _bounded(words: str) -> str:
    return " ".join(words.split()[:TITLE_TOKENS_MAX]) if words.count(" ") >= TITLE_TOKENS_MAX else words


def _is_said(tags: Sequence[Tagged]) -> bool:
    """Whether the titles so far say one thing."""
    return bool(tags) and len(_heads(tags)) == 1


def _entry(document: Document, tags: Sequence[Tagged], said: str, analyser: Analyser) -> Entry:
    is_one, prices = len(tags) == 1, document.prices_minor or _NO_PRICES
    if len(prices) != len(QUANTITIES):
        raise ValueError(f"good {document.number}: {len(prices)} prices, not one at each of {QUANTITIES}")
    return Entry(
        document,
        tags[0].heads if is_one else _heads(tags),
        tags[0].concepts if is_one else tuple(dict.fromkeys(key for each in tags for key in each.concepts)),
        analyser.wider,
        said,
        tuple(dict.fromkeys(filter(None, map(code_form, document.codes)))) if document.codes else (),
        weight_of(document),
        prices,
    )


def _heads(tags: Sequence[Tagged]) -> tuple[str, ...]:
    """What the good is: what the first title that says it may mean, and of that only what the next ones may mean too.

    玩偶 may be a doll or a plush toy; beside "plush toy" it is one. A title that means something else altogether is no
    better than the first.
    """
    heads = tags[0].heads if tags else ()
    for each in tags[1:]:
        heads = tuple(key for key in heads if key in each.heads) or heads or each.heads
    return heads
