"""The tree of categories of a small-commodity market, and which of them a good most likely belongs to.

Problem: a stall holder who must find "toothbrush cup" in a tree of three hundred names gives up or picks the first one.
Therefore the good's own name is asked: its head noun is a concept of the lexicon, and each category says which concepts
are its own. What is not named belongs where its nearest wider concept does.

    bathroom_accessories  cleaning  3924  浴室用品  Bathroom accessories ...  bathroom_accessory bath_brush
    guess(("toothbrush_cup",))  toothbrush_cup -> broader bathroom_accessory -> "bathroom_accessories"

The rows are data (categories.tsv, our own work): key, parent, the HS chapter or heading that its goods mostly have, a
name in each language of a good, concepts. There are two levels; a good may stand in either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sundry.engines.searching.lexicon import lexicon
from sundry.goods.catalogue.rules import LANGUAGES, Category

_FIXED = 3  # columns before the names: key, parent, hs


@cache
def tree() -> Mapping[str, Category]:
    """All categories by key, each after its parent."""
    return MappingProxyType({category.key: category for category, _ in _rows()})


def path(key: str) -> tuple[str, ...]:
    """The keys from the widest to this one; () for a key that is none."""
    category = tree().get(key)
    return () if category is None else (*path(category.parent), key)


def name(key: str, language: str) -> str:
    """What a reader calls it: "zh", "en" ...; in English for a language that goods have no names in. KeyError."""
    names = tree()[key].names
    return names.get(language) or names["en"]


def children(key: str = "") -> tuple[str, ...]:
    """The keys right below, in the order of the tree; of "" the widest."""
    return _children().get(key, ())


def guess(concepts: Iterable[str]) -> str:
    """The category of the first of `concepts` that belongs to one: the head noun stands first. "" if none does.

    A narrow noun gives a leaf, a wide one ("toy") the wide category.
    """
    return next((key for key in map(_of_concept, concepts) if key), "")


def _of_concept(concept: str) -> str:
    """Breadth first along `broader`, so that the nearest concept with a category decides."""
    known, concepts = _by_concept(), lexicon().concepts
    seen: set[str] = set()
    level = [concept]
    while level:
        found = next((known[key] for key in level if key in known), "")
        if found:
            return found
        seen.update(level)
        wider = (above for key in level if key in concepts for above in concepts[key].broader)
        level = [key for key in dict.fromkeys(wider) if key not in seen]
    return ""


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {}
    for category in tree().values():
        below.setdefault(category.parent, []).append(category.key)
    return {parent: tuple(keys) for parent, keys in below.items()}


@cache
def _by_concept() -> Mapping[str, str]:
    return {concept: category.key for category, concepts in _rows() for concept in concepts}


def _rows() -> Iterator[tuple[Category, list[str]]]:
    table = (files("sundry.goods.catalogue") / "categories.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        key, parent, hs = cells[:_FIXED]
        names = dict(zip(LANGUAGES, cells[_FIXED : _FIXED + len(LANGUAGES)], strict=True))
        yield Category(key, parent, names, hs), cells[_FIXED + len(LANGUAGES)].split()
