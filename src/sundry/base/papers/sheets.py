"""Tables on paper: what every workbook that we write has in common.

Problem: an office prints these papers, copies from them into a platform, and reads them with programs that compute
nothing. A stall may be called `=cmd|' /C calc'!A0`. A weight that nobody knows must not look like a weight of zero.
And a total that was added up in floats may miss the cent that customs finds.

Worked case: 0.10 + 0.20 kg stand in C5 and C6, and C7 is to be weighed. The total in C8 is the formula SUM(C5:C7) with
its value 0.300 already beside it, summed in decimals; C7 is an empty marked cell, and C8 is marked with it. Where not
one of the three is known, C8 is empty too, until one is filled in.

Therefore a paper is written through `Sheet`, which takes plain values: text stays text whatever it begins with, numbers
are `int` or exact `Decimal`, `MISSING` is a marked blank, `Partial` a marked number, and every sum is a formula
together with its value. Labels are bilingual, the main language first; the same values give the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any, Final

from sundry.kernel.formulas import begins_formula
from sundry.kernel.messages import PAPER_LANGUAGES, catalogue, render

_TEXT_MAX = 32_767
"""Characters that a cell of Excel can hold."""

_A4 = 9
_LINE_HEIGHT = 14


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""A cell that should hold something that nobody told us: printed as a marked blank."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A sum of which a part is missing: what is known of it, printed as a marked number."""

    known: Decimal


Cell = str | int | Decimal | None | _Missing | Partial


class Kind(StrEnum):
    """What a column holds; numbers are aligned right in the format of their unit."""

    TEXT = "text"
    CODE = "code"  # short text, centred
    WHOLE = "whole"
    MONEY = "money"
    KG = "kg"
    M3 = "m3"
    M3_CARTON = "m3_carton"
    PERCENT = "percent"


_NUMBER_FORMATS = {
    Kind.WHOLE: "#,##0",
    Kind.MONEY: "#,##0.00",
    Kind.KG: "#,##0.000",
    Kind.M3: "#,##0.000",
    Kind.M3_CARTON: "0.0000",
    Kind.PERCENT: "0.0%",
}

_DECIMALS = {Kind.WHOLE: 0, Kind.MONEY: 2, Kind.KG: 3, Kind.M3: 3, Kind.M3_CARTON: 4, Kind.PERCENT: 1}

_FONT = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
_GRID = {"border": 1, "border_color": "#BFBFBF"}
_LOOKS: dict[str, dict[str, Any]] = {
    "body": _GRID,
    "sum": {**_GRID, "bold": True, "bg_color": "#F2F2F2"},
    "head": {**_GRID, "bold": True, "bg_color": "#DDE6F0", "align": "center", "text_wrap": True},
    "sum_known": {**_GRID, "bold": True, "bg_color": "#FFE699"},  # something in it is missing
    "missing": {**_GRID, "bg_color": "#FFE699"},  # empty, or what is known of a number
    "title": {"bold": True, "font_size": 14},
    "label": {**_GRID, "font_color": "#595959", "bg_color": "#F2F2F2", "text_wrap": True},
    "fact": {**_GRID, "text_wrap": True, "align": "left"},
    "blank": {**_GRID, "bg_color": "#FFE699", "text_wrap": True, "italic": True, "font_color": "#7F6000"},
    "note": {"text_wrap": True, "valign": "top", "font_color": "#404040"},
    "alarm": {"text_wrap": True, "valign": "top", "bold": True, "font_color": "#9C0006", "bg_color": "#FFE9E7"},
    "gap": {},
}


@dataclass(frozen=True, slots=True)
class Column:
    """`rule` names the label, "" for a gap between two blocks. `width` in digits; a column of numbers grows to fit.

    `platform`: the label stands in Chinese alone, as the platform writes it; a comment has the English.
    """

    rule: str
    width: float
    kind: Kind = Kind.TEXT
    summed: bool = False
    platform: bool = False


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A row of a table that sums the `rows` right above it."""

    text: str
    rows: int


Row = Sequence[Cell] | Subtotal


def label(rule: str, language: str, between: str = "\n") -> str:
    """The label in both languages, `language` first; once where they are the same."""
    texts = [catalogue()[rule][one] for one in (language, *(other for other in PAPER_LANGUAGES if other != language))]
    return between.join(dict.fromkeys(texts))


def unit_label(unit: str, language: str) -> str:
    """What one of the pieces is: "双 pair"; as the book says it where we have no word."""
    rule = f"paper_unit_{unit}"
    return label(rule, language, " ") if rule in catalogue() else unit


def sentence(rule: str, language: str, **values: Any) -> str:
    """The sentence in both languages, a line each."""
    return "\n".join(render(rule, one, values) for one in sorted(PAPER_LANGUAGES, key=lambda other: other != language))


def kilograms(grams: int | None) -> Decimal | _Missing:
    return MISSING if grams is None else Decimal(grams).scaleb(-3)


def kilograms_together(grams: Sequence[int | None]) -> Decimal | Partial | _Missing:
    """The sum; only what is known of it where a weight is missing, and MISSING where none is known."""
    known = [weight for weight in grams if weight is not None]
    if grams and not known:
        return MISSING
    together = Decimal(sum(known)).scaleb(-3)
    return together if len(known) == len(grams) else Partial(together)


def cubic_metres(mm3: int) -> Decimal:
    return Decimal(mm3).scaleb(-9)


def dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def display_width(text: str) -> int:
    """Widest line of `text` in digits: a Chinese character is as wide as two."""
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n"))


@contextmanager
def workbook(path: Path, *, title: str, day: date) -> Iterator[Book]:
    """A workbook at `path`, complete when the block ends without an error. OSError: it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    raw = Workbook(str(path), options)
    raw.set_properties({"title": title, "created": datetime.combine(day, time())})
    raw.set_calc_mode("auto")
    yield Book(raw, title)
    try:
        raw.close()
    except FileCreateError as wrapped:
        raise wrapped.args[0] from wrapped


@dataclass
class Book:
    """Sheets, and the formats that they share."""

    raw: Any
    title: str
    _formats: dict[tuple[str, Kind, bool], Any] = field(default_factory=dict)

    def sheet(self, name: str, columns: Sequence[Column], language: str) -> Sheet:
        return Sheet(self, self.raw.add_worksheet(name), columns, language)

    def format(self, look: str, kind: Kind = Kind.TEXT, guarded: bool = False) -> Any:
        """`guarded` text stays text also when somebody edits its cell (Excel's leading apostrophe)."""
        key = (look, kind, guarded)
        if key not in self._formats:
            properties = {**_FONT, **_LOOKS[look]}
            if kind in _NUMBER_FORMATS:
                properties |= {"num_format": _NUMBER_FORMATS[kind], "align": "right"}
            elif look in ("body", "sum", "sum_known", "missing"):
                properties |= {"text_wrap": True, "align": "center" if kind is Kind.CODE else "left"}
            if guarded:
                properties["quote_prefix"] = True
            self._formats[key] = self.raw.add_format(properties)
        return self._formats[key]


class Sheet:
    """One page, written from the top down: a title, facts, a table, notes."""

    def __init__(self, book: Book, raw: Any, columns: Sequence[Column], language: str) -> None:
        self._book, self._raw, self._columns, self._language = book, raw, columns, language
        self._row = 0
        self._widths = [column.width for column in columns]
        self._set_up_printing()
        for index, width in enumerate(self._widths):
            raw.set_column(index, index, width)

    def _set_up_printing(self) -> None:
        self._raw.set_paper(_A4)
        self._raw.set_landscape()
        self._raw.fit_to_pages(1, 0)
        self._raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self._raw.set_footer("&L&9" + self._book.title.replace("&", "&&") + "&C&9&A&R&9&P / &N")
        self._raw.hide_gridlines(2)

    def title(self, text: str) -> None:
        self._text(self._row, 0, text, "title")
        self._raw.set_row(self._row, 24)
        self._row += 1

    def note(self, text: str, look: str = "note") -> None:
        """Text over the whole width; "alarm" is seen first."""
        self._merged(self._row, 0, len(self._columns) - 1, text, look)
        self._raw.set_row(self._row, self._height(text, 0, len(self._columns) - 1))
        self._row += 1

    def space(self) -> None:
        self._row += 1

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """(rule of the label, text), two a row; an empty text is a blank to fill in."""
        ends = self._fact_columns()
        for first in range(0, len(facts), 2):
            height = 0.0
            for side, (rule, text) in enumerate(facts[first : first + 2]):
                begin, middle, end = ends[side]
                name = label(rule, self._language, " ")
                shown = text or "________ " + label("paper_to_fill_in", self._language, " / ")
                self._merged(self._row, begin, middle - 1, name, "label")
                self._merged(self._row, middle, end - 1, shown, "fact" if text else "blank")
                heights = (self._height(name, begin, middle - 1), self._height(shown, middle, end - 1))
                height = max(height, *heights)
            self._raw.set_row(self._row, height)
            self._row += 1

    def _fact_columns(self) -> list[tuple[int, int, int]]:
        """(label, value, end) as columns for the left and the right half."""
        half = self._column_at(sum(self._widths) / 2, 2, len(self._columns) - 2)
        return [
            (0, self._column_at(20, 1, half - 1), half),
            (
                half,
                self._column_at(sum(self._widths[:half]) + 20, half + 1, len(self._columns) - 1),
                len(self._columns),
            ),
        ]

    def _column_at(self, width: float, least: int, most: int) -> int:
        """The first column with at least `width` before it."""
        index = next((i for i in range(len(self._widths)) if sum(self._widths[:i]) >= width), most)
        return min(max(index, least), most)

    def table(self, rows: Iterable[Row], *, total: bool = True, nested: bool = False, gap: int = 0) -> None:
        """Header, rows, and their total. The header stays in sight and stands on every printed page.

        `nested`: there are subtotals among the rows, which the total must not count again. `gap`: empty rows above the
        total, for a table that a program reads to its first empty row.
        """
        self._header()
        sums = _Sums(self._row, nested, len(self._columns))
        for row in rows:
            if isinstance(row, Subtotal):
                self._sum_row(row.text, sums, self._row - row.rows, self._row)
                sums.pass_row()
            else:
                self._body_row(row, sums)
            self._row += 1
        if total:
            end = self._row
            self._row += gap
            self._sum_row(label("paper_total", self._language, " "), sums, sums.first, end)
            self._row += 1
        for index, digits in enumerate(sums.digits):
            if digits + 2 > self._widths[index]:
                self._raw.set_column(index, index, digits + 2)

    def _header(self) -> None:
        names = [self._name(column) for column in self._columns]
        lines = 1
        for index, (name, width) in enumerate(zip(names, self._widths, strict=True)):
            self._text(self._row, index, name, "head" if name else "gap")
            if self._columns[index].platform:
                self._raw.write_comment(self._row, index, render(self._columns[index].rule, "en", {}))
            lines = max(lines, _lines(name, width))
        self._raw.set_row(self._row, 4 + _LINE_HEIGHT * lines)
        self._raw.freeze_panes(self._row + 1, 0)
        self._raw.repeat_rows(self._row)
        self._row += 1

    def _name(self, column: Column) -> str:
        if not column.rule:
            return ""
        return render(column.rule, "zh", {}) if column.platform else label(column.rule, self._language)

    def _body_row(self, cells: Sequence[Cell], sums: _Sums) -> None:
        texts = ((cell, self._widths[index]) for index, cell in enumerate(cells) if isinstance(cell, str))
        lines = max((_lines(text, width) for text, width in texts), default=1)
        if lines > 1:  # programs that do not fit rows themselves would print one line over the other
            self._raw.set_row(self._row, 2 + _LINE_HEIGHT * lines)
        for index, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if isinstance(cell, str):
                self._text(self._row, index, cell, "body", column.kind)
            elif cell is None or cell is MISSING:
                look = "missing" if cell is MISSING else ("body" if column.rule else "gap")
                self._raw.write_blank(self._row, index, None, self._book.format(look, column.kind))
            elif isinstance(cell, Partial):
                self._raw.write_number(self._row, index, cell.known, self._book.format("missing", column.kind))
            else:
                self._raw.write_number(self._row, index, cell, self._book.format("body", column.kind))
            sums.add(index, cell, column.kind)

    def _sum_row(self, text: str, sums: _Sums, first: int, end: int) -> None:
        """`text`, and under every summed column its formula over the rows from `first` to before `end`."""
        start = next((index for index, column in enumerate(self._columns) if column.summed), len(self._columns))
        self._merged(self._row, 0, start - 1, text, "sum")
        for index, column in enumerate(self._columns[start:], start=start):
            if not column.summed:
                look = "sum" if column.rule else "gap"
                self._raw.write_blank(self._row, index, None, self._book.format(look, column.kind))
                continue
            if end == first:  # nothing to sum
                self._raw.write_number(self._row, index, 0, self._book.format("sum", column.kind))
                continue
            value, complete = sums.of(index, first, column.kind)
            style = self._book.format("sum" if complete else "sum_known", column.kind)
            formula = sums.formula(index, first, end - 1, blank=value is None)
            self._raw.write_formula(self._row, index, formula, style, "" if value is None else value)

    def _text(self, row: int, column: int, text: str, look: str, kind: Kind = Kind.TEXT) -> None:
        if len(text) > _TEXT_MAX:
            text = text[: _TEXT_MAX - 1] + "…"
        kind = kind if kind is Kind.CODE else Kind.TEXT
        style = self._book.format(look, kind, begins_formula(text))
        if text:
            self._raw.write_string(row, column, text, style)
        else:  # no text is an empty cell, and not a text without letters
            self._raw.write_blank(row, column, None, style)

    def _merged(self, row: int, first: int, last: int, text: str, look: str) -> None:
        if last > first:
            self._raw.merge_range(row, first, row, last, "", self._book.format(look))
        self._text(row, first, text, look)

    def _height(self, text: str, first: int, last: int) -> float:
        """A merged cell does not grow with its text: the height in points that it needs."""
        return 4 + _LINE_HEIGHT * _lines(text, sum(self._widths[first : last + 1]))


@dataclass
class _Sums:
    """What stands in the summed columns, row by row from `first`, so that any range below can be summed exactly."""

    first: int
    nested: bool
    width: int
    values: list[list[Decimal | None]] = field(init=False)  # None where no number stands
    unknown: list[set[int]] = field(init=False)  # rows in which a value is missing
    digits: list[int] = field(init=False)  # of the longest number

    def __post_init__(self) -> None:
        self.values = [[] for _ in range(self.width)]
        self.unknown = [set() for _ in range(self.width)]
        self.digits = [0] * self.width

    def add(self, index: int, cell: Cell, kind: Kind) -> None:
        if cell is MISSING or isinstance(cell, Partial):
            self.unknown[index].add(self.first + len(self.values[index]))
        number = cell.known if isinstance(cell, Partial) else cell
        self.values[index].append(Decimal(number) if isinstance(number, int | Decimal) else None)
        self._widen(index, self.values[index][-1], kind)

    def pass_row(self) -> None:
        for values in self.values:
            values.append(None)

    def of(self, index: int, first: int, kind: Kind) -> tuple[Decimal | None, bool]:
        """(the sum of what is known from row `first` on, None where nothing is; whether all is known)."""
        complete = not any(row >= first for row in self.unknown[index])
        known = [number for number in self.values[index][first - self.first :] if number is not None]
        value = sum(known, Decimal(0)) if known or complete else None
        self._widen(index, value, kind)
        return value, complete

    def formula(self, index: int, first: int, last: int, *, blank: bool) -> str:
        """`blank`: empty as long as nothing is known, for the zero of an empty sum would pass for a weight."""
        from xlsxwriter.utility import xl_range

        cells = xl_range(first, index, last, index)
        total = f"SUBTOTAL(9,{cells})" if self.nested else f"SUM({cells})"
        count = f"SUBTOTAL(2,{cells})" if self.nested else f"COUNT({cells})"
        return f'=IF({count}=0,"",{total})' if blank else f"={total}"

    def _widen(self, index: int, number: Decimal | None, kind: Kind) -> None:
        if number is not None and kind in _DECIMALS:
            self.digits[index] = max(self.digits[index], len(f"{number:,.{_DECIMALS[kind]}f}"))


def _lines(text: str, width: float) -> int:
    """How many lines `text` takes in a column of so many digits."""
    return sum(max(1, -int(-display_width(line) // max(width - 1, 1))) for line in text.split("\n"))
