"""The names of local statistics in running text, longest first, with what each is counted in and how it grows.

Problem: one indicator has many names, and short names stand inside long ones.

    规上工业增加值增长9.1%          规上 is 规模以上: the industry above scale, not 工业增加值 of all industry
    规上服务业企业（不含金融业）营业收入    the bracket is inside the name, and 金融业 in it is not spoken of

Therefore the names are data (indicators.yaml), each with its short forms; a text is searched at every place for the
longest name, without spaces and without brackets that hold no number; the places found are those of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from sundry.engines.reading.model import Basis

SHORT = (("规模以上", "规上"), ("限额以上", "限上"))
FILLERS = ("全市", "我市", "全县", "我县", "全区", "我区")
NOTE = re.compile(r"（[^（）0-9０-９%％]{1,60}）")

# What a level of each class may be counted in, after its multiplier is taken off. A growth is always in percent.
UNITS: dict[str, str] = {
    "money": r"元|美元|欧元|人民币|港元|日元",
    "persons": r"人|名|位|人次",
    "visits": r"人|人次|名|位|批次|批",
    "bodies": r"家|户|个|所|座|处",
    "things": r"个|件|项|笔|辆|间|处|座|张|只|台|套|单|批|种|宗|条|半?间|席|场",
    "kinds": r"种|个|类|款",
    "mass": r"吨|千克|公斤|斤|克|吨公里",
    "heads": r"头|只|羽|匹",
    "area": r"亩|公顷|平方米|平方公里|㎡|平方千米",
    "volume": r"立方米|升",
    "energy": r"千瓦时|度|千瓦|吨标准煤|兆瓦|吉瓦",
    "trains": r"列|趟|班|班次",
    "flights": r"架次|班|班次|个|条",
    "boxes": r"个|标箱|标准箱|TEU|个标箱|个标准箱|箱",
    "rate": r"%|％|‰|百分点",
    "score": r"点|微克/立方米|分|",
    "length": r"公里|千米|米",
    "any": r".*",
}
MULTIPLIER = re.compile(r"^[十百千]?[万亿]{0,2}|^[百千]")
LANGUAGES = ("zh", "en", "ar", "es", "fr", "ru")  # in which indicators have names


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the dictionary. `unit` is a class of UNITS, `is_` flow, stock or rate."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    unit: str
    is_: str
    basis: Basis | None
    parts: tuple[str, ...]
    by: tuple[str, ...]
    loose: tuple[str, ...] = ()

    @property
    def is_stock(self) -> bool:
        return self.is_ == "stock"

    def takes(self, unit: str) -> bool:
        """Whether a level of it can be printed in `unit` (万人次, 亿元, 家)."""
        bare = MULTIPLIER.sub("", unit, count=1)
        return re.fullmatch(UNITS[self.unit], bare) is not None or re.fullmatch(UNITS[self.unit], unit) is not None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found: places of the text given; `words` as printed, its inner brackets left out."""

    start: int
    end: int
    words: str
    indicator: Indicator
    is_loose: bool = False  # a plain word (产量) that is this indicator only in the right place

    @property
    def shown(self) -> str:
        """The full name where the words are a short form of it, else the words: 茶叶 is no short form of 水果."""
        if self.words.isascii():
            return self.indicator.zh  # GDP
        full = iter(self.indicator.zh)
        words = self.words.replace("规上", "规模以上").replace("限上", "限额以上")
        return self.indicator.zh if not self.is_loose and all(sign in full for sign in words) else self.words


def _entry(key: str, raw: dict[str, Any]) -> Indicator:
    """One record of the file. KeyError or ValueError: a field is missing or unknown."""
    if raw["unit"] not in UNITS or raw["is"] not in ("flow", "stock", "rate"):
        raise ValueError(f"indicator {key}: unknown unit class or kind: {raw['unit']}, {raw['is']}")
    basis = Basis(raw["basis"]) if "basis" in raw else None
    parts, by = tuple(raw.get("parts", ())), tuple(raw.get("by", ()))
    return Indicator(
        key,
        raw["zh"],
        raw["en"],
        tuple(raw["aliases"]),
        raw["unit"],
        raw["is"],
        basis,
        parts,
        by,
        tuple(raw.get("loose", ())),
    )


@cache
def dictionary() -> dict[str, Indicator]:
    """All indicators by key, as indicators.yaml has them."""
    text = resources.files("sundry.engines.reading").joinpath("indicators.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {key: _entry(key, raw) for key, raw in loaded.items()}


@cache
def names_in(language: str) -> dict[str, str]:
    """What the indicators are called, by key. `language`: zh, en, ar, es, fr or ru. KeyError: another one."""
    if language in ("zh", "en"):
        return {key: one.zh if language == "zh" else one.en for key, one in dictionary().items()}
    text = resources.files("sundry.engines.reading").joinpath("indicator_names.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, str]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {key: names[language] for key, names in loaded.items()}


def called(name: str) -> Indicator | None:
    """The indicator of a key or of a name, in any of the languages, upper or lower case; None: there is none."""
    wanted = name.casefold()
    for language in LANGUAGES:
        key = next((key for key, known in names_in(language).items() if wanted in (key, known.casefold())), None)
        if key is not None:
            return dictionary()[key]
    return next((one for one in dictionary().values() if wanted in map(str.casefold, one.aliases)), None)


@cache
def makers() -> tuple[Indicator, ...]:
    """Those that a verb of the clause makes of a plain noun (`by`)."""
    return tuple(one for one in dictionary().values() if one.by)


@cache
def _names() -> dict[str, tuple[tuple[str, Indicator], ...]]:
    """Every way of writing every name, by its first two characters, longest first."""
    names: dict[str, Indicator] = {}
    for one in dictionary().values():
        for name in (one.zh, *one.aliases, *one.loose):
            plain = NOTE.sub("", name)
            forms = [plain, *(plain.replace(long, short) for long, short in SHORT if long in plain)]
            for form in forms:
                names.setdefault(form, one)
    shelves: dict[str, list[tuple[str, Indicator]]] = {}
    for name, one in names.items():
        shelves.setdefault(name[:2], []).append((name, one))
    return {head: tuple(sorted(shelf, key=lambda pair: -len(pair[0]))) for head, shelf in shelves.items()}


def find(text: str) -> tuple[Mention, ...]:
    """All names in `text`, left to right, longest first, none inside another. Every place is one of `text`."""
    places: Sequence[int] = range(len(text))
    notes = [note.span() for note in NOTE.finditer(text)]
    if notes or " " in text:
        left_out = {at for start, end in notes for at in range(start, end)}
        places = [at for at in places if text[at] != " " and at not in left_out]
    plain = "".join(text[i] for i in places) if len(places) < len(text) else text
    names, found, at = _names(), [], 0
    while at < len(plain) - 1:
        for name, one in names.get(plain[at : at + 2], ()):
            if plain.startswith(name, at):
                found.append(Mention(places[at], places[at + len(name) - 1] + 1, name, one, name in one.loose))
                at += len(name) - 1
                break
        at += 1
    return tuple(found)


def of_name(words: str) -> Indicator | None:
    """The indicator that `words` end with, after fillers are taken off; None where the dictionary has none."""
    plain = words
    for filler in FILLERS:
        plain = plain.replace(filler, "")
    mentions = find(plain)
    return mentions[-1].indicator if mentions and mentions[-1].end == len(plain) else None
