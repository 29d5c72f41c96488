"""What each kind of goods is like: its nouns, what it is made of, what is said of it, what it weighs and costs.

The figures are data (kinds.tsv, our own reckoning, of nothing that was measured): the usual weight of a piece, the
usual density of a full carton, the usual price; each good draws its own around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import cast
from zlib import crc32

from sundry.engines.searching.lexicon import Kind, Lexicon, lexicon
from sundry.goods.catalogue import categories
from sundry.simulation.market.words import (
    CAN_BE_TRANSPARENT,
    COLOURS,
    IN_SETS,
    INK_OF,
    MATERIALS,
    MEASURED,
    OF_ITSELF,
    PACKED_G_MAX,
    SORTS,
    TRADES,
    TRAITS,
    UNCOLOURED,
    WHOM,
)

_PAIRS = frozenset({"socks", "gloves", "shoe_parts", "sports_shoes", "dress_shoes", "slippers_sandals", "kids_shoes"})
_SETS = frozenset({"tool_sets", "jewellery_sets", "gift_sets", "tea_sets"})

Forms = Mapping[str, tuple[str, ...]]
"""Language -> the forms of a concept, the usual one first."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What may be said of a good. Of each sort at most one is."""

    forms: Forms
    sort: int


@dataclass(frozen=True, slots=True)
class Noun:
    """A head noun. `factor`: its own size within its kind; `materials` and `traits`: those of its kind that fit it."""

    concept: str
    forms: Forms
    factor: float
    materials: tuple[Forms, ...] = ()
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class Of:
    """One kind of goods: a leaf of the tree of categories. Weight of a piece in g, price of a piece in fen.
    `specifications`: which of words.SPECIFICATIONS it is bought by; `colours`: indexes of those it can have."""

    leaf: str
    path: tuple[str, ...]
    hs: str
    weight_g: int
    density_kg_m3: int
    price_minor: int
    unit: str
    nouns: tuple[Noun, ...]
    specifications: tuple[int, ...]
    colours: frozenset[int]
    has_sizes: bool


@cache
def kinds() -> Mapping[str, tuple[Of, ...]]:
    """The kinds of each trade that have a noun."""
    words = lexicon()
    nouns = _nouns(words)
    told: dict[str, list[Of]] = {trade: [] for trade in TRADES}
    table = (files("sundry.simulation.market") / "kinds.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            kind = _kind(line.split("\t"), nouns, words)
            if kind.nouns:
                told[kind.path[0]].append(kind)
    return {trade: tuple(found) for trade, found in told.items()}


@cache
def colours() -> tuple[Forms, ...]:
    """Those that are bought."""
    return _forms(COLOURS, lexicon())


@cache
def inks() -> tuple[int, ...]:
    """What goods of each of `colours` are drawn in."""
    return tuple(INK_OF[colour] for colour in COLOURS if colour in lexicon().concepts)


def _kind(cells: Sequence[str], nouns: Mapping[str, Sequence[Noun]], words: Lexicon) -> Of:
    leaf, hs, weight_g, density, price_minor, groups, traits = cells
    path = categories.path(leaf)
    made_of = _forms([key for letter in groups.strip("-") for key in MATERIALS[letter].split()], words)
    said = [key for letter in traits.strip("-") for key in TRAITS[letter].split()]
    return Of(
        leaf=leaf,
        path=path,
        hs=hs,
        weight_g=int(weight_g),
        density_kg_m3=int(density),
        price_minor=int(price_minor),
        unit="pair" if leaf in _PAIRS else "set" if leaf in _SETS else "piece",
        nouns=tuple(_fitted(noun, made_of, said, words) for noun in nouns.get(leaf, ())),
        specifications=_specifications(path, int(weight_g)),
        colours=_colours_of(path, groups, words),
        has_sizes=path[0] in ("clothing", "shoes"),
    )


def _fitted(noun: Noun, made_of: tuple[Forms, ...], said: Sequence[str], words: Lexicon) -> Noun:
    """With what can be said of it: what its name says already, is not said again."""
    letters = set("".join(noun.forms["zh"]))
    traits = [key for key in said if key in words.concepts and not (key.startswith("for_") and letters & WHOM)]
    return replace(
        noun,
        materials=() if letters & OF_ITSELF else made_of,
        traits=tuple(
            Trait(cast(Forms, words.concepts[key].forms), _sort(key, -place))
            for place, key in enumerate(traits, start=1)
            if words.concepts[key].forms["zh"][0] not in noun.forms["zh"][0]
        ),
    )


def _sort(trait: str, otherwise: int) -> int:
    return next((number for number, sort in enumerate(SORTS) if trait in sort), otherwise)


def _specifications(path: Sequence[str], weight_g: int) -> tuple[int, ...]:
    by = (MEASURED & set(path), IN_SETS & set(path), weight_g <= PACKED_G_MAX)
    return tuple(number for number, is_it in enumerate(by) if is_it)


def _colours_of(path: Sequence[str], groups: str, words: Lexicon) -> frozenset[int]:
    if UNCOLOURED & set(path):
        return frozenset()
    known = [colour for colour in COLOURS if colour in words.concepts]
    is_clear = bool(CAN_BE_TRANSPARENT & set(groups))
    return frozenset(at for at, colour in enumerate(known) if colour != "transparent" or is_clear)


def _nouns(words: Lexicon) -> Mapping[str, Sequence[Noun]]:
    """The nouns of each leaf. One has its own place between two thirds and one and a half of the usual size."""
    told: dict[str, list[Noun]] = {}
    for key, concept in sorted(words.concepts.items()):
        if concept.kind is Kind.NOUN and (leaf := categories.guess((key,))):
            factor = 2 / 3 + crc32(key.encode()) % 1000 / 1200
            told.setdefault(leaf, []).append(Noun(key, cast(Forms, concept.forms), factor))
    return told


def _forms(keys: Sequence[str], words: Lexicon) -> tuple[Forms, ...]:
    """A word that the lexicon has lost meanwhile is left out."""
    return tuple(cast(Forms, words.concepts[key].forms) for key in keys if key in words.concepts)
