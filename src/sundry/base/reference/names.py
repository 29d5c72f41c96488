"""What countries and currencies are called in six languages: as the Unicode CLDR has it, which comes with Babel."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

_LOCALES: Final = {"zh": "zh_Hans"}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


def country_name(code: str, language: str) -> str:
    """ "" where nobody has a name for it."""
    return str(_locale(language).territories.get(code, ""))


def currency_name(code: str, language: str) -> str:
    """ "" where nobody has a name for it."""
    return str(_locale(language).currencies.get(code, ""))
