"""What stands in a cell of a sheet, as a number, a size, a choice; and the other way round.

Problem: people write "12件/箱", "¥3.5", "60*40*50cm", "１２", "1,200", "12.5 kg" where a number belongs, and a number
that is read wrongly is worse than one that is not read. Therefore a cell is a number and words that are known beside
one; with any other word it is refused, as it stands, and somebody decides.

    pieces("12件/箱") -> 12     money("￥3.5") -> 350     length("0.6m") -> 600     money("US$ 3.50") -> CellRefused
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sundry.goods.catalogue.sheets_words import beside, folded

_NUMBER: Final = re.compile(r"([^\d+\-−.]*)([+\-−]?\s*(?:\d[\d.,'’٫٬\s]*|\.\d+))(.*)", re.DOTALL)
_SPACED: Final = re.compile(r"[+\-−]?\s*\d{1,3}(\s\d{3})+([.,]\d+)?")  # thousands
_WORD: Final = re.compile(r"[^\W\d_]+[²³.]?|[²³%]")
_OTHER_MONEY: Final = re.compile(r"[$€£₽]|usd|eur|gbp|rub|aed|sar|美元|美金|欧元|دولار|dólar|dollar", re.IGNORECASE)
_LENGTHS_MM: Final = {
    "mm": 1,
    "毫米": 1,
    "мм": 1,
    "cm": 10,
    "厘米": 10,
    "公分": 10,
    "см": 10,
    "سم": 10,
    "m": 1000,
    "米": 1000,
    "м": 1000,
    "م": 1000,
}
_WEIGHTS_G: Final = {
    "g": 1,
    "gr": 1,
    "克": 1,
    "г": 1,
    "غ": 1,
    "kg": 1000,
    "kgs": 1000,
    "公斤": 1000,
    "千克": 1000,
    "кг": 1000,
    "كجم": 1000,
    "كغ": 1000,
    "斤": 500,
}
_BETWEEN_SIDES: Final = re.compile(r"[*×xх]", re.IGNORECASE)  # the last is Cyrillic
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
DIGITS_MAX: Final = 15


class CellRefused(Exception):
    """`rule` names the message, `details` fill it."""

    def __init__(self, rule: str, **details: Any) -> None:
        self.rule, self.details = rule, details
        super().__init__(rule)


def _plain(text: str) -> str:
    """Digits of every script as 0 to 9, full-width forms as narrow ones."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in narrow)


def _number(text: str) -> tuple[Decimal, list[str], list[str]]:
    """The number of a cell, and the words before and behind it. CellRefused: none, or several."""
    found = _NUMBER.fullmatch(_plain(text))
    if found is None or re.search(r"\d", found[3]):
        raise CellRefused("catalogue_sheet_no_number")
    if re.search(r"\d\s+\d", found[2]) and not _SPACED.fullmatch(found[2].strip()):
        raise CellRefused("catalogue_sheet_no_number")
    digits = re.sub(r"[\s'’]", "", found[2]).replace("−", "-").replace("٫", ".").replace("٬", ",").rstrip(".,")
    if len(digits) > DIGITS_MAX:
        raise CellRefused("catalogue_sheet_no_number")
    return _decimal(digits), _WORD.findall(found[1].casefold()), _WORD.findall(found[3].casefold())


def _decimal(digits: str) -> Decimal:
    """1,200 is a thousand and more, 3,20 and 3.20 are not; 1.200,50 and 1,200.50 are the same."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        digits = digits.replace(thousands, "").replace(decimal, ".")
    elif comma >= 0:
        is_grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", digits)
        digits = digits.replace(",", "" if is_grouped else ".")
    try:
        return Decimal(digits)
    except ArithmeticError:
        raise CellRefused("catalogue_sheet_no_number") from None


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise CellRefused("catalogue_sheet_not_whole")
    return int(number)


def _all_known(words: Sequence[str], known: Collection[str]) -> bool:
    """Chinese ones sign by sign: 件起订."""
    return all(folded(word) in known or (_HAN.fullmatch(word) and set(word) <= set(known)) for word in words)


def pieces(text: str, hint: str = "") -> int:
    """A whole number: of pieces, of days."""
    number, before, behind = _number(text)
    if not _all_known((*before, *behind), beside("pieces")):
        raise CellRefused("catalogue_sheet_no_number")
    return _whole(number)


def money(text: str, hint: str = "") -> int:
    """Fen. CellRefused: of another currency; more than two decimals."""
    if _OTHER_MONEY.search(text) or _OTHER_MONEY.search(hint):
        raise CellRefused("catalogue_sheet_other_money")
    number, before, behind = _number(text)
    if not _all_known((*before, *behind), beside("money")):
        raise CellRefused("catalogue_sheet_no_number")
    minor = number * 100
    if minor != minor.to_integral_value():
        raise CellRefused("catalogue_sheet_too_many_decimals")
    return int(minor)


def length(text: str, hint: str = "") -> int:
    """Millimetres; without a unit those of the header, else centimetres."""
    return _measured(text, hint, _LENGTHS_MM, 10)


def weight(text: str, hint: str = "") -> int:
    """Grams; without a unit those of the header, else kilograms."""
    return _measured(text, hint, _WEIGHTS_G, 1000)


def _measured(text: str, hint: str, units: Mapping[str, int], usual: int) -> int:
    number, before, behind = _number(text)
    if before or len(behind) > 1 or any(word.rstrip(".") not in units for word in behind):
        raise CellRefused("catalogue_sheet_no_number")
    named = [word for word in _WORD.findall(_plain(hint).casefold()) if word in units]
    factor = units[behind[0].rstrip(".")] if behind else units[named[-1]] if named else usual
    return _whole(number * factor)


def sides(text: str, hint: str = "") -> tuple[int, int, int]:
    """Length, width, height in millimetres of "60*40*50cm". CellRefused: not three."""
    parts = _BETWEEN_SIDES.split(_plain(text))
    if len(parts) != 3:
        raise CellRefused("catalogue_sheet_not_three_sides")
    unit = next((part.strip() for part in re.findall(r"[^\d.,\s]+\s*$", parts[2])), "")
    first, second, third = (length(part, unit or hint) for part in parts)
    return first, second, third


def scaled(value: int | None, decimals: int) -> str:
    """As it is written: scaled(605, 1) is "60.5"."""
    if value is None:
        return ""
    whole, part = divmod(abs(value), 10**decimals)
    shown = f"{part:0{decimals}d}".rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole}{'.' + shown if shown else ''}"
