"""Numbers, money, weights, volumes and times as a reader of each language writes them.

Problem: 1,234.50 is one thing in Yiwu and another in Madrid; a hyphen is not a minus; a number that a line break cuts
from its unit is misread; and in an Arabic line a minus wanders to the wrong end of its number. Therefore every figure
on a page goes through one of these functions, which put the digits and separators of the language (Latin digits in all
of them, as trade papers have), U+2212 for the minus, no-break spaces inside, and in Arabic a left-to-right mark before
the minus.

    money(-123450, "USD", "en")  "USD −1,234.50"          money(-123450, "USD", "ru")  "−1 234,50 USD"

Currencies are shown by their code: $ and ¥ are several currencies each. All functions are pure; `language` is one of
`LOCALES`. Rounding, where there is any, is half-even and only for the eye.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, get_datetime_format
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from sundry.kernel.money import exponent

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB", "ar": "ar", "es": "es", "fr": "fr", "ru": "ru"}
"""English is the one of most of the world: day before month."""

MARKET_TIME = ZoneInfo("Asia/Shanghai")
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"

_BYTES = (("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3))

Figure = int | float | Decimal | Fraction


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def number(value: Figure, language: str, *, decimals: int | None = None) -> str:
    """`value` with exactly `decimals` of them; None: as many as it has, three at most."""
    return _whole(format_decimal(_exact(value), _pattern(decimals, 3), _locale(language)), language)


def money(amount_minor: int, currency: str, language: str) -> str:
    """Whole minor units with the decimals of the currency and its code, on the side where the language has it.

    ValueError: not a currency.
    """
    return amount(amount_minor, exponent(currency), language, code=currency)


def amount(value: int, decimals: int, language: str, *, code: str = "") -> str:
    """Whole smallest parts of a unit that has `decimals` of them, with its code ("": none), as money has it.

    The text runs from left to right in Arabic too, so what an Arabic reader meets second stands first in it.
    """
    figure = number(Decimal(f"{value}E-{decimals}"), language, decimals=decimals)
    if not code:
        return figure
    locale = _locale(language)
    if locale.currency_formats["standard"].pattern.startswith("¤") or locale.text_direction == "rtl":
        return f"{code}{NO_BREAK}{figure}"
    return f"{figure}{NO_BREAK}{code}"


def kilograms(weight_g: int, language: str, *, decimals: int | None = None) -> str:
    """Grams as kilograms; None: as many decimals as it has."""
    return _unit(Decimal(weight_g).scaleb(-3), "mass-kilogram", language, _pattern(decimals, 3))


def cubic_metres(volume_mm3: int, language: str, *, decimals: int = 3) -> str:
    """Cubic millimetres as cubic metres."""
    return _unit(Decimal(volume_mm3).scaleb(-9), "volume-cubic-meter", language, _pattern(decimals, 3))


def percent(share: Figure, language: str, *, decimals: int = 1) -> str:
    """A share of one (0.875) as a percentage (87.5%), with at most so many decimals."""
    pattern = _locale(language).percent_formats[None].pattern.replace("#,##0", _pattern(None, decimals))
    return _whole(format_percent(_exact(share), pattern, _locale(language)), language)


def file_size(size_bytes: int, language: str) -> str:
    """Bytes in the largest unit (powers of ten, as in a limit of 20 MB) that leaves at least 1."""
    for name, times in _BYTES:
        if size_bytes >= times:
            value = Decimal(size_bytes) / times
            return _unit(value, f"digital-{name}", language, _pattern(None, 0 if value >= 10 else 1))
    return _unit(Decimal(size_bytes), "digital-byte", language, _pattern(0, 0))


def day(when: date, language: str) -> str:
    """22 Nov 2026. A moment is asked for its day in the market."""
    if isinstance(when, datetime):
        when = _in_market(when).date()
    return _unbroken(format_skeleton("yMMMd", when, locale=_locale(language)))


def moment(when: datetime, language: str) -> str:
    """22 Nov 2026, 15:51: day and 24 hours of the market's clock. ValueError: `when` has no time zone."""
    here = _in_market(when)
    both = str(get_datetime_format("medium", _locale(language))).replace("'", "")
    return both.replace("{1}", day(here, language)).replace("{0}", f"{here:%H:%M}")


def _in_market(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(MARKET_TIME)


def _exact(value: Figure) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _pattern(decimals: int | None, most: int) -> str:
    places = "#" * most if decimals is None else "0" * decimals
    return f"#,##0.{places}" if places else "#,##0"


def _unit(value: Decimal, unit: str, language: str, pattern: str) -> str:
    return _whole(format_unit(value, unit, "short", pattern, _locale(language)), language)


def _whole(text: str, language: str) -> str:
    """One thing that no line break cuts, with a minus that stays at its number."""
    minus = LEFT_TO_RIGHT + MINUS if language == "ar" else MINUS
    return _unbroken(text.replace(LEFT_TO_RIGHT, "").replace("-", minus))


def _unbroken(text: str) -> str:
    return text.replace(" ", NO_BREAK)
