"""The fields of the embedded index, and a good as its document.

Sketched at 2.1 million goods with Chinese and English titles (78 + 79 bytes of UTF-8): postings of about 16 marks of
concepts and 24 words at 1 to 2 bytes, 21 columns at 30 bytes, what is kept for `similar` at 15. Titles are not stored:
what a page shows comes from the database.

Marks of the field `concepts`: "cup" the good has to do with cups; "=cup" it is one; "^cup" it is one or a narrower one;
"+cup" its name says cup. Whoever counts reads one posting, whoever ranks asks for the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import tantivy

from sundry.engines.searching.entries import KEPT_WORDS_MAX, Entry
from sundry.engines.searching.model import QUANTITIES
from sundry.engines.searching.ranking import TIERS

FORM: Final = 1
"""Raised with every change of fields, bands or weights: an index of another form is rebuilt."""


@cache
def schema() -> tantivy.Schema:
    """i64 for every whole number: deleting by a term of an unsigned field deletes nothing, and says nothing."""
    builder = tantivy.SchemaBuilder()
    for name in ("concepts", "words", "codes", "categories", "marks"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("category_path", "area"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("number", "stall"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in ("minimum", "minimum_band", "listed_day"):
        builder.add_integer_field(name, fast=True)
    for quantity in QUANTITIES:
        builder.add_integer_field(price_field(quantity), fast=True)
        builder.add_integer_field(band_field(quantity), fast=True)
    builder.add_boolean_field("ready", indexed=True, fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("kept", stored=True)
    return builder.build()


def whitespace() -> tantivy.TextAnalyzer:
    """Our words come cut and in lower case; the engine only takes them apart."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def price_field(quantity: int) -> str:
    return f"price_{quantity}"


def band_field(quantity: int) -> str:
    return f"price_band_{quantity}"


PRICES: Final = tuple((price_field(quantity), band_field(quantity)) for quantity in QUANTITIES)


class Marks:
    """The marks of goods by one lexicon; those of a concept are put together once. A good's may stand twice: that a
    head is also named makes no difference to whoever asks for the best."""

    def __init__(self, wider: Callable[[str], Iterable[str]]) -> None:
        self._wider = wider
        self._named: dict[str, str] = {}
        self._heads: dict[str, str] = {}

    def of(self, entry: Entry) -> str:
        for key in entry.named:
            if key not in self._named:
                self._named[key] = " ".join([key, f"+{key}", *self._wider(key)])
        for key in entry.heads:
            if key not in self._heads:
                above = [mark for wide in self._wider(key) for mark in (wide, f"^{wide}")]
                self._heads[key] = " ".join([key, f"={key}", f"^{key}", *above])
        named, heads = self._named, self._heads
        return " ".join([*[named[key] for key in entry.named], *[heads[key] for key in entry.heads]])


def document_of(entry: Entry, marks: Marks) -> tantivy.Document:
    """`Document(number=5)` would make a number of the wrong kind, which kills the writer's thread: from_dict asks the
    schema."""
    good = entry.document
    fields: dict[str, Any] = {
        "number": good.number,
        "stall": good.stall,
        "concepts": marks.of(entry),
        "words": " ".join(entry.words),
        "category_path": "/".join(good.category),
        "categories": " ".join(good.category),
        "area": good.area,
        "minimum": good.minimum,
        "minimum_band": entry.minimum_band,
        "listed_day": good.listed_day,
        "ready": good.ready,
        "weight": entry.weight,
        "kept": _kept(entry),
    }
    for (price, band), price_minor, number in zip(PRICES, entry.prices_minor, entry.price_bands, strict=True):
        fields[price] = price_minor
        fields[band] = number
    if entry.codes:
        fields["codes"] = " ".join(entry.codes)
    if good.collections or entry.weight >= TIERS[0]:
        tiers = [f"tier:{tier}" for tier in TIERS if entry.weight >= tier]
        fields["marks"] = " ".join([*tiers, *(f"collection:{name}" for name in good.collections)])
    return tantivy.Document.from_dict(fields, schema())


def _kept(entry: Entry) -> bytes:
    """By what `similar` looks for others: the head noun and what the name says, or some of its words without one."""
    words = () if entry.heads else entry.words[:KEPT_WORDS_MAX]
    return "\n".join((entry.heads[0] if entry.heads else "", " ".join(entry.named), " ".join(words))).encode()
