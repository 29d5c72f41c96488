"""The words of order books (vocabulary.yaml), made comparable.

`plain` makes one spelling out of many: ＣＴＮＳ, Ctns. and ctns; "箱 数" and 箱数; Descripción and descripcion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": "", "٫": ".", "٬": ",", "،": ","})
_NEGATED = re.compile(r"(?:无需|不需要?|不用|无|免|非|\b(?:no|not|non|sin|pas|without))\s*(?:做|要|de)?\s*$")
_TO_SPACE = re.compile(r"[\s:()\[\]{}<>（）【】_\-–—,;|!?*×✕]+")
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CJK_SPACE = re.compile(f"(?<=[{_CJK}]) +(?=[{_CJK}])")
_AROUND_SLASH = re.compile(r" */ *")
_TOTAL_ABBREVIATED = re.compile(r"\bt[ /]?(gw|nw|cbm|qty|ctns?|price|amount|amt|pcs)\b")
_DOT_BETWEEN_WORDS = re.compile(r"(?<=[a-z])\.(?=[a-z]{3})|(?<=[a-z]{2})\.(?=[a-z]{2})")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """One spelling for comparing: no case, accents, dots, double spaces; digits in ASCII."""
    text = unicodedata.normalize("NFKC", text).replace("°", "o").casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", text).translate(_ARABIC)
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    text = _DOT_BETWEEN_WORDS.sub(" ", text)  # ART.NO, P.BRUTO; but G.W. is one word
    text = text.replace(".", "").replace("'", " ").replace("#", " no ").replace("’", " ")
    text = re.sub(r"(?<=\w)[*×✕](?=\w)", "x", text)
    text = _AROUND_SLASH.sub("/", _TO_SPACE.sub(" ", text)).strip()
    text = _CJK_SPACE.sub("", text)
    return _TOTAL_ABBREVIATED.sub(r"total \1", text)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words with a meaning each, found by whole text, at the start of a text, or anywhere inside it."""

    meanings: Mapping[str, str]
    pattern: re.Pattern[str]

    def exactly(self, text: str) -> str | None:
        """The meaning of a whole (plain) text."""
        return self.meanings.get(text)

    def inside(self, text: str) -> str | None:
        """The meaning of the longest-first word found anywhere in a (plain) text."""
        match = self.pattern.search(text)
        return self.meanings[match[0]] if match else None

    def start(self, text: str) -> str:
        """The word with which a (plain) text starts, "" if none."""
        match = self.pattern.match(text)
        return match[0] if match else ""

    def without(self, text: str) -> str:
        """The (plain) text with every such word taken out."""
        return " ".join(self.pattern.sub(" ", text).split()).strip("/ ")


def _words(meanings: Mapping[str, str]) -> Words:
    """A Latin, Arabic or Cyrillic word ends where its letters end; Chinese has no such ends.

    Words with the same kind of ends share one test of them: a test for each word takes a second to compile.
    """
    groups: dict[tuple[bool, bool], list[str]] = {}
    for word in sorted(meanings, key=len, reverse=True):
        groups.setdefault((_is_letter(word[0]), _is_letter(word[-1])), []).append(re.escape(word))
    letter = r"[^\W\d_" + _CJK + "]"
    patterns = [
        (f"(?<!{letter})" if start else "") + "(?:" + "|".join(words) + ")" + (f"(?!{letter})" if end else "")
        for (start, end), words in groups.items()
    ]
    return Words(meanings, re.compile("|".join(patterns)))


def _is_letter(character: str) -> bool:
    return character.isalpha() and not _is_cjk(character)


def _is_cjk(character: str) -> bool:
    return bool(re.match(f"[{_CJK}]", character))


def _split(text: str) -> Iterable[str]:
    return (word.strip() for word in str(text).split(" | "))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    fields: Mapping[str, tuple[str, str, int]]  # plain header -> (field, field if that one is taken, place in its list)
    total: Words
    per_carton: Words
    price_per: Words
    length_units: Words
    volume_units: Words
    weight_units: Words
    currencies: Words
    pieces_units: Words
    total_rows: Words
    stall_prefixes: Words
    notes: Words
    contacts: Words
    ditto: frozenset[str]
    cancelled: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    summary_sheets: Words
    plain_sheets: Words
    flags: Mapping[str, Words]

    def says(self, flag: str, text: str) -> bool:
        """Whether a (plain) text says so, and not that it is not so: 需商检, but 无需商检."""
        return any(not _NEGATED.search(text[: match.start()]) for match in self.flags[flag].pattern.finditer(text))


@cache
def vocabulary() -> Vocabulary:
    """The words of vocabulary.yaml, read once."""
    data = yaml.safe_load((files(__package__) / "vocabulary.yaml").read_text("utf-8"))
    fields: dict[str, tuple[str, str, int]] = {}
    for field, words in data["columns"].items():
        for rank, word in enumerate(_split(words)):
            name, _, otherwise = word.partition(" > ")
            fields.setdefault(plain(name), (field, otherwise.strip(), rank))

    def group(section: Mapping[str, str]) -> Words:
        found: dict[str, str] = {}
        for meaning, words in section.items():
            for word in _split(words):
                found.setdefault(plain(word) or word, str(meaning))
        return _words(found)

    rows, qualifiers, units = data["rows"], data["qualifiers"], data["units"]
    return Vocabulary(
        fields=fields,
        total=group({"total": qualifiers["total"]}),
        per_carton=group({"per_carton": qualifiers["per_carton"]}),
        price_per=group({unit: qualifiers[f"per_{unit}"] for unit in ("piece", "dozen", "set", "pair")}),
        length_units=group(units["length"]),
        volume_units=group(units["volume"]),
        weight_units=group(units["weight"]),
        currencies=group(data["currencies"]),
        pieces_units=group(data["pieces_units"]),
        total_rows=group({"total": rows["total"]}),
        stall_prefixes=group({"stall": rows["stall"]}),
        notes=group({"note": rows["note"]}),
        contacts=group({"contact": rows["contact"]}),
        ditto=frozenset(_split(rows["ditto"])) | {plain(word) for word in _split(rows["ditto"]) if plain(word)},
        cancelled=frozenset(plain(word) for word in _split(rows["cancelled"])),
        yes=frozenset(plain(word) or word for word in _split(rows["yes"])),
        no=frozenset(plain(word) or word for word in _split(rows["no"])),
        summary_sheets=group({"summary": data["sheets"]["summary"]}),
        plain_sheets=group({"plain": data["sheets"]["plain"]}),
        flags={flag: group({flag: words}) for flag, words in data["flags"].items()},
    )
