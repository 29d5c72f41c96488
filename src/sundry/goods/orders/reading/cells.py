"""One cell as a figure or a text: the number, and what else the cell says (currency, unit, "per dozen")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sundry.goods.orders.formats.grid import Cell, CellError
from sundry.goods.orders.reading.numerals import from_float, parse, tidy
from sundry.goods.orders.reading.vocabulary import plain, vocabulary

_FORMAT_SYMBOL = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_FORMAT_PLAIN = re.compile(r"US\$|HK\$|USD|RMB|CNY|EUR|[¥￥€£$元]")
_BLANKS = frozenset({"", "-", "--", "—", "/", "\\", "n/a", "na", "无", "暂无", "待定"})
_JAPANESE = "411"
_RANGE = re.compile(r"(\d+)\D{0,6}?(?:[-~～]|\.{2,3}|至|到|\bto\b|\bal?\b|\bà\b|الي|إلى)[^\d]{0,6}?(\d+)")
_PREFIX = re.compile(r"[a-z]+\d*-(?=\d+\s*[~～至到])")  # S1-46~57: the numbers are parted by the wave, not the dash
_RANGE_COUNT = re.compile(r"[(（]\D*\d+\D*[)）]")
_IN_ALL = re.compile(r"共\s*(\d{1,6})\s*[箱件]")
_CARTONS_MAX = 1_000_000
_NUMBER_MAX = Decimal(10) ** 12  # no order counts, weighs or costs so much; beyond it is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell read as a number. `problem`: formula_error (#REF! or the like) | not_a_number | no_value."""

    number: Decimal | None = None
    shown: str = ""
    suffix: str = ""  # plain text after the number
    currency: str | None = None
    others: tuple[Decimal, ...] = ()
    problem: str = ""

    @property
    def blank(self) -> bool:
        return self.number is None and not self.problem


NOTHING = Figure()


def figure(cell: Cell | None, decimal_comma: bool = False) -> Figure:
    """The number in a cell. Blank cells, dashes and "to be told" are no number and no problem."""
    if cell is None:
        return NOTHING
    value = cell.value
    if isinstance(value, float):
        number = from_float(value)
        if not number.is_finite() or abs(number) >= _NUMBER_MAX:
            return Figure(shown=f"{value:g}", problem="not_a_number")
        return Figure(number, shown=f"{number:f}", currency=format_currency(cell.number_format))
    if value is None:
        return Figure(shown=f"={cell.formula}", problem="no_value") if cell.formula else NOTHING
    if isinstance(value, CellError):
        return Figure(shown=str(value), problem="formula_error")
    if isinstance(value, (bool, datetime)):
        return Figure(shown=show(cell), problem="not_a_number")
    text = str(value)
    if plain(text) in _BLANKS or text.strip() in _BLANKS:
        return NOTHING
    numeral = parse(text, decimal_comma)
    if numeral is None or any(abs(number) >= _NUMBER_MAX for number in (numeral.number, *numeral.others)):
        return Figure(shown=text.strip()[:60], problem="not_a_number")
    around = plain(f"{numeral.prefix} {numeral.suffix}")
    currency = vocabulary().currencies.inside(around) if around else None
    return Figure(
        numeral.number,
        shown=text.strip(),
        suffix=plain(numeral.suffix) if numeral.suffix else "",
        currency=currency or format_currency(cell.number_format),
        others=numeral.others,
    )


def format_currency(number_format: str) -> str | None:
    """The currency that a number format shows, None if none: `[$US$-409] #,##0.00` -> USD, `"¥"0.00` -> CNY."""
    if not number_format or number_format == "General":
        return None
    symbol = _FORMAT_SYMBOL.search(number_format)
    if symbol and symbol[1].strip():
        if (symbol[2] or "").lstrip("0").endswith(_JAPANESE) and symbol[1].strip() in ("¥", "￥"):
            return "JPY"
        return vocabulary().currencies.inside(plain(symbol[1]))
    found = _FORMAT_PLAIN.search(_FORMAT_SYMBOL.sub("", number_format))
    return vocabulary().currencies.inside(plain(found[0])) if found else None


def show(cell: Cell | None) -> str:
    """A cell's text as a person reads it; whole numbers without a decimal point."""
    if cell is None or cell.value is None:
        return ""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{from_float(value):f}".removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return str(value).strip()


def carton_count(cell: Cell | None) -> tuple[int | None, str]:
    """(how many cartons a cell of carton numbers names, the text). `1-12`, `C/NO. 46~57`, `1-5,8,10-12`, `88`.

    Excel turns a typed 1-12 into the twelfth of January; it is turned back. None: there are no numbers in the cell.
    """
    if cell is None or cell.value is None:
        return None, ""
    if isinstance(cell.value, datetime):
        text = f"{cell.value.month}-{cell.value.day}"
    else:
        text = show(cell)
    in_all = _IN_ALL.search(tidy(text))
    if in_all:
        return int(in_all[1]), text
    bare = _RANGE_COUNT.sub(" ", tidy(text).lower()).replace("c/no", " ").replace("c/n", " ")
    count = 0
    found = False
    for part in re.split(r"[,;，；、&+/\n]|\by\b|\bet\b|\band\b|和", bare):
        match = _RANGE.search(_PREFIX.sub("", part))
        single = re.search(r"\d+", part)
        if match:
            first, last = int(match[1]), int(match[2])
            if last < first or last - first >= _CARTONS_MAX:
                return None, text
            count += last - first + 1
            found = True
        elif single:
            count += 1
            found = True
    return (count if found else None), text
