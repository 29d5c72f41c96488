"""The trade lexicon: what is sold, in six languages, as concepts that belong to none of them.

Problem: a stall writes 牙刷杯, a buyer types "taza para cepillos de dientes", and no letter of the one is in the other.

    toothbrush_cup  noun  牙刷杯|漱口杯  toothbrush cup|tumbler  كوب فرشاة الأسنان  vaso para cepillos ...  broader: cup

Therefore words are made into concepts on both sides, and concepts are compared. A concept has forms in each language,
the usual one first, and may stand below a wider one. The rows are data (lexicon/*.tsv, our own work); what an operator
adds for words that found nothing are further forms of the same concepts (`Lexicon.with_forms`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, cast, get_args

Language = Literal["zh", "en", "ar", "es", "fr", "ru"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Kind(StrEnum):
    """What a concept says about goods. A noun can be what is sold; all others only say of what kind it is."""

    NOUN = "noun"
    MATERIAL = "material"
    COLOUR = "colour"
    SHAPE = "shape"
    USE = "use"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that can be said of goods. `forms`: as people type it, the usual form of a language first."""

    key: str
    kind: Kind
    forms: Mapping[Language, tuple[str, ...]]
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtraForm:
    """A word that an operator says means a concept."""

    concept: str
    language: Language
    text: str


class Lexicon:
    """Concepts by key. Never changed: `with_forms` gives another one."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts: Mapping[str, Concept] = concepts
        self.same_keys: dict[tuple[str, ...], tuple[str, ...]] = {}  # of equal ones, all that read by it keep the first

    @cached_property
    def version(self) -> str:
        """Sixteen hexadecimal digits that change with any concept or form: kept with what was built by it."""
        told = hashlib.sha256()
        for key, concept in self.concepts.items():
            forms = "\t".join("|".join(concept.forms[language]) for language in LANGUAGES)
            told.update(f"{key}\t{concept.kind}\t{forms}\t{'|'.join(concept.broader)}\n".encode())
        return told.hexdigest()[:16]

    def name(self, key: str, language: Language) -> str:
        """The usual name of a concept. Raises KeyError for a key that is none."""
        return self.concepts[key].forms[language][0]

    def wider(self, key: str) -> frozenset[str]:
        """All concepts above: a frying pan is cookware and kitchenware."""
        return self._wider.get(key, frozenset())

    def narrower(self, key: str) -> frozenset[str]:
        """All concepts below: who asks for cookware is shown frying pans."""
        return self._narrower.get(key, frozenset())

    @cached_property
    def _wider(self) -> dict[str, frozenset[str]]:
        known: dict[str, frozenset[str]] = {}
        for key in self.concepts:
            above: set[str] = set()
            ahead = list(self.concepts[key].broader)
            while ahead:
                parent = ahead.pop()
                if parent != key and parent not in above and parent in self.concepts:
                    above.add(parent)
                    ahead.extend(self.concepts[parent].broader)
            known[key] = frozenset(above)
        return known

    @cached_property
    def _narrower(self) -> dict[str, frozenset[str]]:
        below: dict[str, set[str]] = defaultdict(set)
        for key, above in self._wider.items():
            for parent in above:
                below[parent].add(key)
        return {key: frozenset(keys) for key, keys in below.items()}

    def with_forms(self, extra: Iterable[ExtraForm]) -> Lexicon:
        """This lexicon and further forms, behind those it has. Raises KeyError for a concept that it has not."""
        concepts = dict(self.concepts)
        for form in extra:
            concept = concepts[form.concept]
            forms = dict(concept.forms)
            forms[form.language] = _union(forms[form.language], (form.text.strip(),))
            concepts[form.concept] = Concept(concept.key, concept.kind, forms, concept.broader)
        return Lexicon(concepts)


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with Sundry."""
    folder = files("sundry.engines.searching") / "lexicon"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    return parse("\n".join((folder / name).read_text(encoding="utf-8") for name in names))


def parse(table: str) -> Lexicon:
    """Rows of key, kind, forms in the order of LANGUAGES (joined by |), broader (keys joined by |): nine columns.

    Rows of one key are one concept: their forms are put together, in the order of the rows. Where they differ in kind,
    the one that stands first in `Kind` holds: a thing that is sold somewhere is never only a style. Raises ValueError
    for a row that is not one.
    """
    concepts: dict[str, Concept] = {}
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        row = _concept(line)
        before = concepts.get(row.key)
        concepts[row.key] = row if before is None else _merged(before, row)
    return Lexicon(concepts)


def _concept(line: str) -> Concept:
    cells = line.split("\t")
    if len(cells) != len(LANGUAGES) + 3:
        raise ValueError(f"{cells[0]}: {len(cells)} columns, a row of the lexicon has {len(LANGUAGES) + 3}")
    key, kind, *forms, broader = cells
    told = {language: _union((), cell.split("|")) for language, cell in zip(LANGUAGES, forms, strict=True)}
    empty = [language for language, names in told.items() if not names]
    if empty:
        raise ValueError(f"{key}: no form in {', '.join(empty)}")
    return Concept(
        key.strip(), Kind(kind), cast(Mapping[Language, tuple[str, ...]], told), _union((), broader.split("|"))
    )


def _merged(one: Concept, other: Concept) -> Concept:
    ranks = list(Kind)
    forms = {language: _union(one.forms[language], other.forms[language]) for language in LANGUAGES}
    return Concept(one.key, min(one.kind, other.kind, key=ranks.index), forms, _union(one.broader, other.broader))


def _union(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for part in (first, second) for text in map(str.strip, part) if text))
