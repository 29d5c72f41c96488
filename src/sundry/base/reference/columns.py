"""Which table a file is, and where its columns stand: told by the words of its header, in English or Chinese.

Problem: the tariff comes as 商品编码 | 商品名称 | 第一法定单位, two merged title rows above it; the same columns come
in another order from another office. Nobody should have to rename columns. Therefore a header is the first of the
first rows in which all words that a kind needs are found, after a table of what each column is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sundry.base.reference.rules import Kind
from sundry.kernel.money import CURRENCIES

HEADER_ROWS: Final = 25
"""Of a file so many rows are looked at for the header."""

_RATES_LEAST = 3  # currencies in the header of a table of rates


@dataclass(frozen=True, slots=True)
class Columns:
    """Of a table: its kind, the row of its header (from 0; -1: it has none), where each column stands, and what it is
    called there."""

    kind: Kind
    header_row: int
    places: Mapping[str, int]
    headers: tuple[str, ...]


# Of each kind: field -> what the column may be called. Those whose field stands in _NEEDED must be there.
_CALLED: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    Kind.TARIFF: {
        "code": ("商品编码", "税则号列", "税号", "hs编码", "hscode10", "tariffcode", "code10"),
        "name": ("商品名称", "货品名称", "品名", "goodsname", "name"),
        "unit_1": ("第一法定单位", "法定第一单位", "第一单位", "法定单位", "计量单位", "unit1", "firstunit"),
        "unit_2": ("第二法定单位", "法定第二单位", "第二单位", "unit2", "secondunit"),
        "conditions": ("监管条件", "海关监管条件", "监管证件", "监管证件代码", "supervisionconditions", "conditions"),
        "inspection": ("检验检疫类别", "检验检疫", "检验检疫条件", "inspection"),
        "elements": ("申报要素", "规范申报要素", "declarationelements", "elements"),
    },
    Kind.HS: {
        "code": ("hscode", "hs"),
        "text": ("description", "text"),
        "parent": ("parent",),
        "level": ("level",),
        "section": ("section",),
    },
    Kind.SECTION: {"code": ("section",), "text": ("name",)},
    Kind.COUNTRY: {
        "code": ("iso31661alpha2", "alpha2"),
        "alpha3": ("iso31661alpha3", "alpha3"),
        "numeric": ("iso31661numeric", "numeric"),
    },
    Kind.CURRENCY: {
        "code": ("currency", "currencycode", "币种"),
        "exponent": ("exponent", "minorunit", "小数位"),
    },
    Kind.UNIT: {
        "code": ("rec20", "unit", "unitcode"),
        "symbol": ("symbol", "符号"),
    },
    Kind.CUSTOMS: {
        "of": ("of",),
        "number": ("customscode", "海关代码"),
        "code": ("code",),
        "text": ("text",),
    },
    Kind.INCOTERM: {
        field: (field.replace("_", ""),)
        for field in (
            "incoterm", "mode", "clears_export", "clears_import", "pays_carriage", "insures", "unloads", "risk_passes",
        )
    },
    Kind.PORT: {
        "register": ("registryid",),
        "code": ("unlocode", "locode"),
        "country": ("countrycode", "country"),
        "location": ("location",),
        "name": ("canonicalname", "name", "portname"),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "coordinates": ("coordinates",),
        "functions": ("functioncode", "function", "functions"),
        "aliases": ("aliases", "alias"),
    },
    Kind.NAME: {"of": ("of",), "code": ("code",), "language": ("language",), "text": ("text",)},
}  # fmt: skip
_NEEDED: Final[Mapping[Kind, tuple[frozenset[str], ...]]] = {
    Kind.TARIFF: (frozenset({"code", "name", "unit_1"}),),
    Kind.HS: (frozenset({"code", "text", "level"}),),
    Kind.SECTION: (frozenset({"code", "text"}),),
    Kind.COUNTRY: (frozenset({"code", "alpha3", "numeric"}),),
    Kind.CURRENCY: (frozenset({"code", "exponent"}),),
    Kind.UNIT: (frozenset({"code", "symbol"}),),
    Kind.CUSTOMS: (frozenset({"of", "number", "code"}),),
    Kind.INCOTERM: (frozenset({"incoterm", "mode", "risk_passes"}),),
    # A register of ports, a list of codes, UN/LOCODE itself (whose code is country and location).
    Kind.PORT: (
        frozenset({"register", "name", "country"}),
        frozenset({"code", "name", "country"}),
        frozenset({"country", "location", "name", "functions"}),
    ),
    Kind.NAME: (frozenset({"of", "code", "language", "text"}),),
}
_OWN_FIELDS: Final[Mapping[str, str]] = {"source": "source", "confidence": "confidence", "valid_from": "validfrom"}
"""In the files of our own set each row has these besides."""

_LOCODE_COLUMNS: Final = (
    "Change", "Country", "Location", "Name", "NameWoDiacritics", "Subdivision",
    "Function", "Status", "Date", "IATA", "Coordinates", "Remarks",
)  # fmt: skip
_LOCODE_FIELDS: Final = {
    "country": "Country",
    "location": "Location",
    "name": "Name",
    "aliases": "NameWoDiacritics",
    "functions": "Function",
    "coordinates": "Coordinates",
}
_COUNTRY, _FUNCTIONS = re.compile(r"[A-Z]{2}"), re.compile(r"[0-9B-]{8}")

ALIAS_COLUMNS: Final = ("registryid", "alias")
"""The header of a list of other names of ports, which is read together with their register."""


def storable(text: str) -> str:
    """Text that the database can hold: without U+0000, and without half of a pair of surrogates."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def recognised(rows: Sequence[Sequence[str]], kind: Kind | None = None) -> Columns | None:
    """The first header among the first `rows`, of `kind` where that is given. None: there is none."""
    for number, row in enumerate(rows[:HEADER_ROWS]):
        words = [_word(cell) for cell in row]
        for wanted in (kind,) if kind is not None else (Kind.RATE, *_CALLED):
            places = _rates(row, words) if wanted is Kind.RATE else _places(wanted, words)
            if places is not None:
                return Columns(wanted, number, places, tuple(" ".join(storable(cell).split()) for cell in row))
    return _un_locode(rows) if kind in (None, Kind.PORT) else None


def _un_locode(rows: Sequence[Sequence[str]]) -> Columns | None:
    """UN/LOCODE as its publisher gives it, without a header: ,AD,ALV,Andorra la Vella,Andorra la Vella,,--34-6--,..."""
    for row in rows:
        if len(row) == len(_LOCODE_COLUMNS) and _COUNTRY.fullmatch(row[1]) and _FUNCTIONS.fullmatch(row[6]):
            places = {field: _LOCODE_COLUMNS.index(name) for field, name in _LOCODE_FIELDS.items()}
            return Columns(Kind.PORT, -1, places, _LOCODE_COLUMNS)
    return None


def _places(kind: Kind, words: Sequence[str]) -> dict[str, int] | None:
    where: dict[str, int] = {}
    for at, word in enumerate(words):
        where.setdefault(word, at)
    fields = _CALLED[kind]
    places = {
        field: where[called]
        for field, names in fields.items()
        if (called := next((name for name in names if name in where), None)) is not None
    }
    if not any(needed <= places.keys() for needed in _NEEDED[kind]):
        return None
    return places | {field: where[word] for field, word in _OWN_FIELDS.items() if word in where}


def _rates(row: Sequence[str], words: Sequence[str]) -> dict[str, int] | None:
    """A table of the European Central Bank: Date, then a column a currency."""
    if not words or words[0] != "date":
        return None
    # A currency that has ended since (DEM, CYP) keeps its column: three capital letters.
    codes = {
        cell.strip(): at
        for at, cell in enumerate(row)
        if at and len(cell.strip()) == 3 and cell.strip().isalpha() and cell.strip().isupper()
    }
    return {"day": 0, **codes} if len(codes.keys() & CURRENCIES) >= _RATES_LEAST else None


def _word(cell: str) -> str:
    """A header as it is compared: no signs, no blanks, small letters; (remarks) in brackets left out."""
    text = unicodedata.normalize("NFKC", cell).casefold().partition("(")[0]
    return "".join(c for c in text if c.isalnum())
