"""A workbook as cells: the one shape into which every outside format (xlsx, xls, ods, csv) is read.

Only what a careful person sees when she looks at the sheet is kept: values, formulas, number formats (they tell the
currency), strike-through, hidden and folded rows, merged cells, pictures beside rows. Rows count from 1 and columns
from 0 ("A").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

_RELATIVE_REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![0-9A-Za-z_(])")
_SIGN = re.compile(r"[$¥￥€£元]|USD|RMB|CNY|EUR")

CellValue = str | float | bool | datetime | None


class CellError(str):
    """A formula's error as Excel shows it: #REF!, #DIV/0!, ..."""

    __slots__ = ()


class Cell:
    """One cell. `value` is the cached value of a formula; None with a formula means that the book holds no value."""

    __slots__ = ("formula", "number_format", "strike", "value")

    def __init__(
        self, value: CellValue, formula: str | None = None, number_format: str = "", strike: bool = False
    ) -> None:
        self.value = value
        self.formula = formula
        self.number_format = number_format
        self.strike = strike

    def __repr__(self) -> str:
        return f"Cell({self.value!r}, {self.formula!r})"


@dataclass(slots=True)
class Grid:
    """One sheet. `merged` holds (first row, first column, last row, last column), inclusive."""

    name: str
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    folded_rows: set[int] = field(default_factory=set)  # members of an outline group
    filtered: bool = False  # an automatic filter stands on the sheet
    pictures: dict[int, str] = field(default_factory=dict)  # row -> name of the picture inside the workbook
    blank_formats: dict[tuple[int, int], str] = field(default_factory=dict)  # of empty cells that will show a currency
    hidden: bool = False

    @property
    def rows(self) -> Iterator[tuple[int, Iterator[tuple[int, Cell]]]]:
        """Rows in order, each with its cells in order."""
        for row in sorted(self.cells):
            yield row, iter(sorted(self.cells[row].items()))

    def get(self, row: int, column: int) -> Cell | None:
        cells = self.cells.get(row)
        return cells.get(column) if cells else None


def column_letter(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA. -1 (no column) -> ""."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def may_show_currency(number_format: str) -> bool:
    """Whether a number with this format may be shown with a sign of money."""
    return _SIGN.search(number_format) is not None


def is_date_format(number_format: str) -> bool:
    """Whether a number with this format is shown as a date or a time (quoted text and colour codes left out)."""
    bare, inside = [], ""
    for character in number_format.split(";")[0]:
        if inside:
            inside = "" if character == inside else inside
        elif character in '"[':
            inside = '"' if character == '"' else "]"
        else:
            bare.append(character)
    return number_format.lower() != "general" and any(c in "ymdhs年月日" for c in "".join(bare).lower())


def moved_formula(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads so many rows further down and columns further right."""

    def move(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        if not fixed_column:
            letters = column_letter(column_number(letters) + columns)
        if not fixed_row:
            digits = str(int(digits) + rows)
        return f"{fixed_column}{letters}{fixed_row}{digits}"

    return _RELATIVE_REFERENCE.sub(move, formula)
