"""What people fill in on the pages of the observatory: files and their town, days, and what is right instead.

A correction is typed as it comes: "Exports" or 外贸出口额 for an indicator, 绍兴市 or 330600 for a place, 1,234.5 or
5500-5600 for a value, a dash for none. What none of it makes sense of is left as it is, and refused by the action.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.engines.reading.commands import home_named
from sundry.engines.reading.indicators import Indicator, called, of_name
from sundry.engines.reading.model import Region
from sundry.engines.reading.regions import match, name_of
from sundry.insight.observatory.rules import BYTES_MAX, FILES_MAX, Verdict
from sundry.kernel.errors import UsageError

TEXT_MAX: Final = 200


# Pages that come in -------------------------------------------------------------------------------------------------


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once; each is opened by itself later."""

    widget = _FilesInput(attrs={"multiple": True, "accept": ".txt,.pdf", "data-limit-bytes": BYTES_MAX})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = (data or [None]) if isinstance(data, list | tuple) else [data]
        if len(files) > FILES_MAX:
            raise forms.ValidationError(
                gettext("At most %(most)s files are imported at once. Choose fewer."), params={"most": FILES_MAX}
            )
        return [super(_FilesField, self).clean(file, initial) for file in files]


class HomeField(forms.CharField):
    """A town by its name or its code, as a Region; one that is in no list as CODE:NAME."""

    def clean(self, value: Any) -> Region | None:
        given = super().clean(value).strip()
        if not given:
            return None
        with suppress(UsageError):
            return home_named(given)
        place = match(given, 0, None)
        if place is not None and place.end == len(given) and re.fullmatch(r"\d{6}", place.region.code):
            return place.region
        raise forms.ValidationError(
            gettext("No place of this name is known. Write its six digits, or the digits, a colon and the name."),
            code="home",
        )


def _day_field(**more: Any) -> forms.DateField:
    written = gettext_lazy("Write the day with its year, month and day, as 2026-04-25.")
    wrong = {"invalid": written, "required": written}
    return forms.DateField(label=gettext_lazy("Day of issue"), error_messages=wrong, **more)


class ImportForm(forms.Form):
    pages = _FilesField(
        error_messages={
            "required": gettext_lazy("Choose at least one file."),
            "empty": gettext_lazy("This file is empty. Choose one with text."),
        },
        label=pgettext_lazy("of a newspaper", "Pages"),
        help_text=gettext_lazy("Text, or a PDF whose text can be copied. Several at once, at most 10 MB each."),
    )
    issued = _day_field(
        required=False,
        help_text=gettext_lazy("Leave it empty, and it is inferred from what each page says."),
    )
    home = HomeField(
        label=gettext_lazy("Town of the paper"),
        required=False,
        max_length=TEXT_MAX,
        help_text=gettext_lazy("“The whole city” on a page means this town. Its name or the six digits of its code."),
    )


class DateForm(forms.Form):
    issued = _day_field()


def home_written(home: Region) -> str:
    """A home as it may be typed: by its name where that is known, else with its code."""
    return home.name if name_of(home.code) == home.name else f"{home.code}:{home.name}"


# What is right instead ----------------------------------------------------------------------------------------------

TYPED: Final = ("indicator", "period", "region", "value", "unit")
_NONE: Final = frozenset("-–—")  # what is typed for "no period" and "no place"
_RANGE: Final = re.compile(r"(-?[\d.]+)\s*[-–—~]\s*(-?[\d.]+)")


def changes_of(verdict: Verdict, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as the fields that it changes; nothing typed changes nothing."""
    typed = {name: given.get(name, "").strip() for name in TYPED}
    if verdict is Verdict.INDICATOR and typed["indicator"]:
        known = _indicator(typed["indicator"])
        return {"indicator_key": known.key if known else "", "indicator": known.zh if known else typed["indicator"]}
    if verdict is Verdict.PERIOD and typed["period"]:
        return {"period": "" if typed["period"] in _NONE else typed["period"]}
    if verdict is Verdict.REGION and typed["region"]:
        return {"region_code": "" if typed["region"] in _NONE else _region_code(typed["region"])}
    if verdict is Verdict.VALUE:
        return _number(typed["value"]) | ({"unit": typed["unit"]} if typed["unit"] else {})
    return {}


def _indicator(typed: str) -> Indicator | None:
    """An indicator by its key or its name in any of the six languages, in Chinese short or long."""
    return called(typed) or of_name(typed)


def _region_code(typed: str) -> str:
    """The code of a place that is typed by its name; else what was typed."""
    place = match(typed, 0, None)
    return place.region.code if place is not None and place.end == len(typed) and place.region.code else typed


def _number(typed: str) -> dict[str, str]:
    """A number, or from one to another: 1,234.5 or 5500-5600."""
    bare = re.sub(r"(?<=\d)[,\s\u00a0\u202f](?=\d{3}(?!\d))", "", typed)
    if ends := _RANGE.fullmatch(bare):
        return {"value": "", "low": ends[1], "high": ends[2]}
    return {"value": bare} if bare else {}
