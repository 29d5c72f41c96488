"""Units with the number before them, in other languages than Chinese.

Problem: a unit bends with its number, and with the word that scales it.

    2 million yuan      es  2 millones de yuanes      not "2 millones" in front of "yuanes"
    21 day              ru  21 день, 22 дня           and 1,5 дня, as two are counted
    42,000 家           a number alone: the Chinese word only says that things are counted

Therefore each unit has whole texts by the power of ten that it is told in, with the plurals of the language, and a
number is scaled only where there is a text for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from django.utils.translation import gettext_lazy, ngettext_lazy

# By the base unit and the power. "" is a number alone, "?" a unit that has no word of ours.
_TEXTS: Final[Mapping[tuple[str, int], Any]] = {
    ("元", 0): ngettext_lazy("%(number)s yuan", "%(number)s yuan", "count"),
    ("元", 6): ngettext_lazy("%(number)s million yuan", "%(number)s million yuan", "count"),
    ("元", 9): ngettext_lazy("%(number)s billion yuan", "%(number)s billion yuan", "count"),
    ("元", 12): ngettext_lazy("%(number)s trillion yuan", "%(number)s trillion yuan", "count"),
    ("美元", 0): ngettext_lazy("%(number)s US dollar", "%(number)s US dollars", "count"),
    ("美元", 6): ngettext_lazy("%(number)s million US dollars", "%(number)s million US dollars", "count"),
    ("美元", 9): ngettext_lazy("%(number)s billion US dollars", "%(number)s billion US dollars", "count"),
    ("美元", 12): ngettext_lazy("%(number)s trillion US dollars", "%(number)s trillion US dollars", "count"),
    ("欧元", 0): ngettext_lazy("%(number)s euro", "%(number)s euros", "count"),
    ("欧元", 6): ngettext_lazy("%(number)s million euros", "%(number)s million euros", "count"),
    ("欧元", 9): ngettext_lazy("%(number)s billion euros", "%(number)s billion euros", "count"),
    ("人", 0): ngettext_lazy("%(number)s person", "%(number)s people", "count"),
    ("人", 6): ngettext_lazy("%(number)s million people", "%(number)s million people", "count"),
    ("人", 9): ngettext_lazy("%(number)s billion people", "%(number)s billion people", "count"),
    ("人次", 0): ngettext_lazy("%(number)s visit", "%(number)s visits", "count"),
    ("人次", 6): ngettext_lazy("%(number)s million visits", "%(number)s million visits", "count"),
    ("人次", 9): ngettext_lazy("%(number)s billion visits", "%(number)s billion visits", "count"),
    ("吨", 0): ngettext_lazy("%(number)s tonne", "%(number)s tonnes", "count"),
    ("吨", 6): ngettext_lazy("%(number)s million tonnes", "%(number)s million tonnes", "count"),
    ("吨", 9): ngettext_lazy("%(number)s billion tonnes", "%(number)s billion tonnes", "count"),
    ("亩", 0): ngettext_lazy("%(number)s mu", "%(number)s mu", "count"),
    ("亩", 6): ngettext_lazy("%(number)s million mu", "%(number)s million mu", "count"),
    ("平方米", 0): gettext_lazy("%(number)s m²"),
    ("平方米", 6): ngettext_lazy("%(number)s million m²", "%(number)s million m²", "count"),
    ("立方米", 0): gettext_lazy("%(number)s m³"),
    ("立方米", 6): ngettext_lazy("%(number)s million m³", "%(number)s million m³", "count"),
    ("立方米", 9): ngettext_lazy("%(number)s billion m³", "%(number)s billion m³", "count"),
    ("米", 0): gettext_lazy("%(number)s m"),
    ("千瓦时", 0): gettext_lazy("%(number)s kWh"),
    ("千瓦时", 6): ngettext_lazy("%(number)s million kWh", "%(number)s million kWh", "count"),
    ("千瓦时", 9): ngettext_lazy("%(number)s billion kWh", "%(number)s billion kWh", "count"),
    ("千瓦", 0): gettext_lazy("%(number)s kW"),
    ("千瓦", 6): ngettext_lazy("%(number)s million kW", "%(number)s million kW", "count"),
    ("标箱", 0): gettext_lazy("%(number)s TEU"),
    ("标箱", 6): ngettext_lazy("%(number)s million TEU", "%(number)s million TEU", "count"),
    ("%", 0): gettext_lazy("%(number)s%%"),
    ("百分点", 0): ngettext_lazy("%(number)s percentage point", "%(number)s percentage points", "count"),
    ("天", 0): ngettext_lazy("%(number)s day", "%(number)s days", "count"),
    ("年", 0): ngettext_lazy("%(number)s year", "%(number)s years", "count"),
    ("元/人", 0): ngettext_lazy("%(number)s yuan a head", "%(number)s yuan a head", "count"),
    ("", 0): "%(number)s",
    ("", 6): ngettext_lazy("%(number)s million", "%(number)s million", "count"),
    ("", 9): ngettext_lazy("%(number)s billion", "%(number)s billion", "count"),
    ("?", 0): gettext_lazy("%(number)s %(unit)s"),
    ("?", 6): ngettext_lazy("%(number)s million %(unit)s", "%(number)s million %(unit)s", "count"),
    ("?", 9): ngettext_lazy("%(number)s billion %(unit)s", "%(number)s billion %(unit)s", "count"),
}
_POWERS: Final = (12, 9, 6)
# What is counted by a classifier alone has no word of its own in other languages.
_CLASSIFIERS: Final = frozenset("个家户名位件项笔辆间处座张只台套单批种宗条场所类款头羽匹列趟班次席")


def word(unit: str) -> str:
    """A unit as its texts are called: itself, "" for a classifier, "?" for one that has no word of ours."""
    bare = unit.removeprefix("个")
    if (bare, 0) in _TEXTS:
        return bare
    return "" if bare in _CLASSIFIERS else "?"


def powers(word: str) -> list[int]:
    """The powers of ten that it can be told in, the largest first."""
    return [power for power in _POWERS if (word, power) in _TEXTS]


def told(number: str, unit: str, power: int, count: int) -> str:
    """A written number with its unit. `count`: as which whole number it is counted (`counted`)."""
    return str(_TEXTS[word(unit), power] % {"number": number, "unit": unit.removeprefix("个"), "count": count})


def counted(end: Decimal, decimals: int, locale: str) -> int:
    """A whole number that a language counts as it counts this one: 1.5 день as 2 дня, 1.5 jour as 1 jour."""
    if not decimals:
        return int(abs(end))
    form = Locale.parse(locale).plural_form
    shown = Decimal(f"{abs(end):.{decimals}f}")
    return next((whole for whole in (1, 2, 100) if form(whole) == form(shown)), 2)
