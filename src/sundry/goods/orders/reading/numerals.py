"""Numbers as people type them: `12件/箱`, `0.065m³`, `¥3.5`, `１２`, `٨٫٤٦`, `1,200`, `1.234,56`, `US$ 0.58/dz`.

A number in a text stands between a prefix and a suffix, which carry the currency and the unit. Dots and commas are the
trouble: `1,200` is twelve hundred and `3,50` is three and a half. Rule: when both stand, the last one is the decimal
mark; a lone comma before exactly three digits parts thousands; any other lone mark is decimal. `decimal_comma` (the
book elsewhere writes 1.234,56) turns the roles of a lone dot before three digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_ARABIC_MARKS = str.maketrans("٫٬،−–—\u00a0\u202f\u2009’", ".,,---   '")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(
    r"""[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}(?!\w)             # 1E3
    | [-+]?(?:\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?      # 1 200,50
             | \d[\d.,]*\d | \d)
    | [-+]?\.\d+""",
    re.VERBOSE,
)
# The 3 of m3 and ft3 is a power, not a number.
_POWER = re.compile(r"(?:[cdm]m|(?<![a-z])m|ft)[23]$", re.IGNORECASE)
_LARGE = {"万": 10_000, "亿": 100_000_000}
_DECIMAL_COMMA = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:\.\d{3})*,\d{1,2}(?:$|[^\d.,])")
_DOT_DECIMAL = re.compile(r"(?:^|[^\d.])\d+\.\d{1,2}(?:$|[^\d.])|\d\.\d{4,}")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The first number of a text. `others` are the numbers after it, in order."""

    number: Decimal
    prefix: str
    suffix: str
    others: tuple[Decimal, ...]


def tidy(text: str) -> str:
    """Full-width and Arabic forms as ASCII, marks of direction dropped, spaces trimmed."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_ARABIC_MARKS)))
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    return text.translate(_ARABIC_MARKS).strip()


@lru_cache(maxsize=65536)
def parse(text: str, decimal_comma: bool = False) -> Numeral | None:
    """The number(s) in a text, None if there is none."""
    shown = tidy(text)
    matches = [match for match in _NUMBER.finditer(shown) if not _POWER.search(shown[: match.end()])]
    numbers = [_value(match[0], decimal_comma) for match in matches]
    if not numbers or numbers[0] is None:
        return None
    number = numbers[0]
    first = matches[0]
    prefix, suffix = shown[: first.start()].strip(), shown[first.end() :].strip()
    if suffix[:1] in _LARGE:
        number, suffix = number * _LARGE[suffix[0]], suffix[1:].strip()
    if prefix.endswith("(") and suffix.startswith(")"):  # the book-keeper's minus
        number, prefix, suffix = -number, prefix[:-1].strip(), suffix[1:].strip()
    elif prefix.endswith("-") and len(prefix) > 1:  # -¥3.50 reads as ¥-3.50
        number, prefix = -number, prefix[:-1].strip()
    elif prefix.startswith("-"):
        number, prefix = -number, prefix[1:].strip()
    return Numeral(number, prefix, suffix, tuple(n for n in numbers[1:] if n is not None))


def from_float(number: float) -> Decimal:
    """A sheet's binary number as Excel shows it: fifteen significant digits."""
    return Decimal(f"{number:.15g}")


def uses_decimal_comma(text: str) -> bool | None:
    """Whether the text shows that a comma is the decimal mark here (True), the dot (False), or neither (None)."""
    shown = tidy(text)
    if _DECIMAL_COMMA.search(shown):
        return True
    return False if _DOT_DECIMAL.search(shown) else None


def _value(digits: str, decimal_comma: bool) -> Decimal | None:
    digits = digits.replace(" ", "").replace("'", "").rstrip(".,")
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:
        thousands = "," if digits.rfind(".") > digits.rfind(",") else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif commas:
        parts = digits.lstrip("+-").split(",")
        grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0] != "0"
        digits = digits.replace(",", "" if grouped and not (decimal_comma and commas == 1) else ".")
    elif dots:
        parts = digits.lstrip("+-").split(".")
        grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0] != "0"
        if dots > 1 and not grouped:
            return None  # 3..5, 1.2.3
        if dots > 1 or (decimal_comma and grouped):
            digits = digits.replace(".", "")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None
