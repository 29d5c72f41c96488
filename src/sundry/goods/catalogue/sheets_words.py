"""The words that stand in sheets of goods: headers, units, yes and no of a shelf, in six languages and many hands.

    单价(元), "Unit price", "السعر"    -> step_1_price
    双, pairs, par                   -> pair

The rows are data (sheet_words.tsv): a kind, a key, and what is written for it in each language, first what we write
ourselves. Words are compared without case, accents of Arabic, full-width forms, spaces and punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.rules import LANGUAGES

_BRACKETS: Final = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_ARABIC_SIGNS: Final = re.compile(r"[\u064b-\u0652\u0670\u0640]")
_ALEF: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})


def folded(text: str) -> str:
    """As words are compared."""
    plain = _ARABIC_SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_ALEF)
    return "".join(character for character in plain if character.isalnum())


def label(kind: str, key: str, language: str) -> str:
    """What we write for it. KeyError: there is no such word."""
    return _words()[kind, key][LANGUAGES.index(language)][0]


def keys(kind: str) -> tuple[str, ...]:
    """All keys of a kind, in the order of the file: of "column" that in which a sheet of ours has them."""
    return tuple(key for of, key in _words() if of == kind)


def key_of(kind: str, text: str) -> str:
    """The key that a word stands for, in whatever language; "" for none."""
    return _known(kind).get(folded(text), ("", ""))[0]


def field_of(header: str) -> tuple[str, str]:
    """(field, language of the header) that the header of a column stands for; ("", "") for none.

    "货号 ITEM NO" says it twice, "单价（元）" adds a unit: what is between brackets, and what is in another script, may
    be left out.
    """
    known = _known("column")
    without = _BRACKETS.sub(" ", header)
    chinese = " ".join(_HAN.findall(without))
    for text in (header, without, *without.splitlines(), chinese, _HAN.sub(" ", without)):
        if found := known.get(folded(text)):
            return found
    return "", ""


@cache
def beside(kind: str) -> frozenset[str]:
    """Words that may stand beside a number of that kind, as `folded` gives them."""
    return frozenset(folded(word) for words in _words()["beside", kind] for word in words)


def category_of(text: str) -> str:
    """The key of a category by its key or by its name in any language; "" where none or several are called so."""
    return text if text in tree() else _categories().get(folded(text), "")


def category_name(key: str, language: str) -> str:
    """A name that `category_of` understands: the key itself where others are called the same."""
    category = tree().get(key)
    name = category.names.get(language, "") if category else ""
    return name if name and category_of(name) == key else key


@cache
def _categories() -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for category in tree().values():
        for name in category.names.values():
            found.setdefault(folded(name), set()).add(category.key)
    return {name: next(iter(named)) for name, named in found.items() if len(named) == 1}


@cache
def _known(kind: str) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for (of, key), by_language in _words().items():
        if of == kind:
            found.setdefault(folded(key), (key, "en"))
            for language, aliases in zip(LANGUAGES, by_language, strict=True):
                for alias in aliases:
                    found.setdefault(folded(alias), (key, language))
    return found


@cache
def _words() -> Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]:
    table = (files("sundry.goods.catalogue") / "sheet_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {(kind, key): tuple(tuple(cell.split(" | ")) for cell in cells) for kind, key, *cells in rows}
