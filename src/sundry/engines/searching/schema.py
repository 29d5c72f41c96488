"""The fields of the embedded index, and a good as its document.

Sketched at 2.1 million goods with Chinese and English titles (78 + 79 bytes of UTF-8): postings of about 14 marks and
16 words at 1 to 2 bytes, 14 columns at 22 bytes, what is kept for `similar` at 15. Titles are not stored: what a page
shows comes from the database.

Each field costs the writer half a microsecond a good, whatever is in it. Therefore all marks are terms of one field,
each with a sign before it:

    cup    the good has to do with cups          @kitchen   its category, or one above
    +cup   its name says cup                     #ab1234    its item number
    ^cup   it is one or a narrower one           tier:64    it sold so much, and more
    =cup   it is one                             ready:yes  collection:new

Whoever counts reads one posting, whoever ranks asks for the best: what "^cup" says need not be said by "+cup". Eight
price bands are one number (`bands.packed`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, Final

import tantivy

from sundry.engines.searching.bands import PRICE_BOUNDS_MINOR, packed
from sundry.engines.searching.entries import KEPT_WORDS_MAX, Entry
from sundry.engines.searching.model import QUANTITIES
from sundry.engines.searching.ranking import TIERS

FORM: Final = 3
"""Raised with every change of fields, bands or weights: an index of another form is rebuilt."""


@cache
def schema() -> tantivy.Schema:
    """i64 for every whole number: deleting by a term of an unsigned field deletes nothing, and says nothing."""
    builder = tantivy.SchemaBuilder()
    for name in ("marks", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("category_path", "area"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("number", indexed=True, fast=True)
    for name in ("stall", "minimum", "minimum_band", "listed_day"):
        builder.add_integer_field(name, fast=True)
    for name in ("price_bands", *PRICES):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("kept", stored=True)
    return builder.build()


def whitespace() -> tantivy.TextAnalyzer:
    """Our words come cut and in lower case; the engine only takes them apart."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def price_field(quantity: int) -> str:
    return f"price_{quantity}"


PRICES: Final = tuple(price_field(quantity) for quantity in QUANTITIES)
_OF_ONE_BAND: Final = tuple(packed((band,) * len(QUANTITIES)) for band in range(len(PRICE_BOUNDS_MINOR) + 1))
READY: Final = "ready:yes"


def category_mark(key: str) -> str:
    return f"@{key}"


def code_mark(code: str) -> str:
    return f"#{code}"


def tier_mark(tier: int) -> str:
    return f"tier:{tier}"


def collection_mark(name: str) -> str:
    return f"collection:{name}"


_TIER_MARKS: Final = tuple(" ".join(map(tier_mark, TIERS[:count])) for count in range(len(TIERS) + 1))


@lru_cache(maxsize=10_000)  # more than any market has
def _category(path: tuple[str, ...]) -> tuple[str, str]:
    """A path as it is counted, and its marks."""
    return "/".join(path), " ".join(map(category_mark, path))


class Marks:
    """The marks of goods by one lexicon; those of a concept are put together once."""

    def __init__(self, wider: Callable[[str], Iterable[str]]) -> None:
        self._wider = wider
        self._named: dict[str, str] = {}
        self._heads: dict[tuple[str, ...], str] = {}

    def of(self, entry: Entry) -> str:
        """All marks of a good, in no order. What two of its concepts stand below is there twice, which is no harm."""
        good, heads = entry.document, entry.heads
        found = [self._of_heads(heads), _category(good.category)[1]]
        found += [self._of_named(key) for key in entry.named if key not in heads]
        if entry.codes:
            found += [f"#{code}" for code in entry.codes]
        if good.ready:
            found.append(READY)
        if entry.weight >= TIERS[0]:
            found.append(_TIER_MARKS[bisect_right(TIERS, entry.weight)])
        if good.collections:
            found += map(collection_mark, good.collections)
        return " ".join(found)

    def _of_heads(self, heads: tuple[str, ...]) -> str:
        marks = self._heads.get(heads)
        if marks is None:
            found = [mark for key in heads for mark in (key, f"={key}", f"^{key}")]
            found += [mark for key in heads for wide in self._wider(key) for mark in (wide, f"^{wide}")]
            marks = self._heads[heads] = " ".join(dict.fromkeys(found))
        return marks

    def _of_named(self, key: str) -> str:
        marks = self._named.get(key)
        if marks is None:
            marks = self._named[key] = " ".join((key, f"+{key}", *self._wider(key)))
        return marks


def document_of(entry: Entry, marks: Marks) -> tantivy.Document:
    """`Document(number=5)` would make a number of the wrong kind, which kills the writer's thread: from_dict asks the
    schema."""
    good, prices = entry.document, entry.prices_minor
    least, most = bisect_right(PRICE_BOUNDS_MINOR, min(prices)), bisect_right(PRICE_BOUNDS_MINOR, max(prices))
    fields: dict[str, Any] = dict(zip(PRICES, prices, strict=True))
    fields |= {
        "number": good.number,
        "stall": good.stall,
        "marks": marks.of(entry),
        "words": entry.said,
        "category_path": _category(good.category)[0],
        "area": good.area,
        "minimum": good.minimum,
        "minimum_band": entry.minimum_band,
        "price_bands": _OF_ONE_BAND[least] if least == most else packed(entry.price_bands),
        "listed_day": good.listed_day,
        "weight": entry.weight,
        "kept": _kept(entry),
    }
    return tantivy.Document.from_dict(fields, schema())


def _kept(entry: Entry) -> bytes:
    """By what `similar` looks for others: the head noun and what else the name says, or without one a line for that and
    a line of some of its words."""
    if entry.heads:
        return " ".join(dict.fromkeys((entry.heads[0], *entry.named))).encode()
    return "\n".join((" ".join(entry.named), " ".join(entry.words[:KEPT_WORDS_MAX]))).encode()


def kept_of(kept: bytes) -> tuple[str, list[str], list[str]]:
    """The head noun ("": none), all else that the name says, and words."""
    named, line, words = kept.decode().partition("\n")
    head, *others = [""] * bool(line) + named.split()
    return head, others, words.split()
