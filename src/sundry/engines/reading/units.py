"""The unit after a number, as it is printed, and what class of things it counts.

Problem: 3.2万人次, 3.2万 人 and 3.2万户 differ in one sign, and a share is in % while its change is in 百分点.

    match("个百分点", 0)     the unit 百分点, class points
    match("吨/亩，", 0)      吨/亩, class rate
    match("个字", 0)         字: 个 before another unit only carries it

Therefore units are a list by class (units.yaml), read longest first; a unit over a unit is a rate. Latin units end
where the letters end: 5G is no unit of mass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

_RATE_SIGNS = "/每"
_LONG = ("万", "亿", "千", "百", "十")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that ends at `end`. `printed` without a multiplier."""

    end: int
    printed: str
    unit_class: str


@cache
def _words() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """First character -> (word, unit, class), longest first."""
    text = files("sundry.engines.reading").joinpath("units.yaml").read_text("utf-8")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for unit_class, words in yaml.safe_load(text).items():
        for written in words.split():
            word, sign, unit = written.partition("=")
            found.setdefault(word[0], []).append((word, unit if sign else word, unit_class))
    return {first: tuple(sorted(words, key=lambda word: -len(word[0]))) for first, words in found.items()}


def match(text: str, at: int) -> Unit | None:
    """The longest unit that begins at `at`, or None. A space before it is allowed."""
    if text.startswith(" ", at):
        at += 1
    one = _one(text, at)
    if one is None or not one.printed:
        return None
    if one.end < len(text) and text[one.end] in _RATE_SIGNS:
        below = _one(text, one.end + 1) or _per(text, one.end + 1)
        if below is not None and below.printed and one.unit_class != "things":
            return Unit(below.end, f"{one.printed}/{below.printed}", "rate")
        if below is not None and below.printed and text[one.end] == "/":
            return Unit(below.end, f"{one.printed}/{below.printed}", "rate")
    return one


def _per(text: str, at: int) -> Unit | None:
    """What stands only below: /日 /月 /时."""
    sign = text[at : at + 1]
    return Unit(at + 1, sign, "time") if sign and sign in "日月时" else None


def _one(text: str, at: int) -> Unit | None:
    for word, unit, unit_class in _words().get(text[at : at + 1], ()):
        if not text.startswith(word, at):
            continue
        end = at + len(word)
        if word.isascii() and word.isalpha() and end < len(text) and text[end].isascii() and text[end].isalnum():
            continue
        return Unit(end, unit, unit_class)
    return None


def class_of(unit: str) -> str:
    """The class of a unit as a token has it (亿元, 万人次, 元/吨); "" of an unknown one."""
    if "/" in unit:
        return "rate"
    while True:
        for word, printed, unit_class in _words().get(unit[:1], ()):
            if unit in (word, printed):
                return unit_class
        if unit[:1] not in _LONG or not unit:
            return ""
        unit = unit[1:]
