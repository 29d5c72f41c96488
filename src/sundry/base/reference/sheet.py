"""A table being read: its rows cell by cell, and every fault told at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sundry.base.reference.columns import Columns, storable
from sundry.base.reference.rules import CustomsCode, Kind, Name, RateDay, Value
from sundry.kernel.findings import Finding, error, warning
from sundry.kernel.parameters import Confidence

FINDINGS_MAX: Final = 500
"""Of a file so many are kept: who has more mends her column first."""
SHOWN: Final = 80  # characters of a value that a finding repeats
NOTHING: Final = frozenset({"", "无", "-", "/", "N/A", "n/a", "\\N", "None"})

_EXACT_TEXT = re.compile(r'="([^"]*)"')  # how a CSV keeps Excel from making a number of a code
_FORMULA = re.compile(r"[=@]\S")


Make = Callable[["Row"], Value | None]
"""A row becomes a value, or None where it holds none or is faulty."""


@dataclass(frozen=True, slots=True)
class Read:
    """A value and the row (as Excel counts) it stands in; of our own set also its source, how sure, and since when."""

    row: int
    value: Value
    source: str = ""
    confidence: str = ""
    valid_from: date | None = None


@dataclass(slots=True)
class Sheet:
    """A table being read: where its columns stand, and what was told of it."""

    columns: Columns
    day: date  # from which the edition holds: the shape of a tariff code is asked of the parameters on it
    name: str = ""
    file: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)  # the first of them
    found: int = 0  # how many there were
    is_refused: bool = False  # one of them is an error
    is_faulty: bool = False  # the row that is being read

    def read(self, rows: Iterable[tuple[int, list[str]]], make: Make) -> Iterator[Read]:
        """The values that `make` makes of the rows after the header; all faults are told when the last was taken."""
        first_of: dict[str, int] = {}
        for number, written in rows:
            cells = [storable(cell) for cell in written]
            if not any(cell.strip() for cell in cells) or self._is_title(cells):
                continue
            self.is_faulty = False
            row = Row(self, number, cells)
            value = make(row)
            own = (row.text("source", 300), row.confidence(), row.day("valid_from"))
            if value is None or self.is_faulty:
                continue
            key = key_of(value)
            if key in first_of:
                self.fault("reference_code_twice", number, "code", key, first=first_of[key])
                continue
            first_of[key] = number
            yield Read(number, value, *own)
        self._orphans(first_of)

    def fault(self, rule: str, number: int, column: str, value: str, **details: object) -> None:
        self.is_faulty = self.is_refused = True
        self._tell(error(rule, **self._place(number, column, value), details=details))

    def told(self, rule: str, number: int, column: str, value: str, **details: object) -> None:
        """Something that was put right."""
        self._tell(warning(rule, **self._place(number, column, value), details=details))

    def _tell(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(finding)

    def _place(self, number: int, column: str, value: str) -> dict[str, object]:
        at = self.columns.places.get(column)
        return {
            "file": self.file,
            "sheet": self.name,
            "row": number,
            "column": "" if at is None else letters(at),
            "header": "" if at is None else self.columns.headers[at],
            "value": value[:SHOWN],
        }

    def _is_title(self, cells: list[str]) -> bool:
        """A merged row between the lines of a tariff, as 第一章 活动物: one cell, which is no code."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        return self.columns.kind is Kind.TARIFF and len(filled) == 1 and not filled[0][0].isdigit()

    def _orphans(self, first_of: Mapping[str, int]) -> None:
        """Headings without their chapter: the file is not whole."""
        if self.columns.kind is not Kind.HS:
            return
        for code, number in first_of.items():
            if len(code) > 2 and code[:-2] not in first_of:
                self.fault("reference_parent_missing", number, "code", code, parent=code[:-2])


@dataclass(slots=True)
class Row:
    """One row: its cells by field, every fault told at its place."""

    sheet: Sheet
    number: int
    cells: list[str]

    def text(self, column: str, most: int = 2_000) -> str:
        """The cell without blanks around it, "" where there is none."""
        at = self.sheet.columns.places.get(column)
        written = self.cells[at].strip() if at is not None and at < len(self.cells) else ""
        if exact := _EXACT_TEXT.fullmatch(written):
            return exact[1]
        if _FORMULA.match(written):
            self.fault("reference_formula", column, written)
            return ""
        if len(written) > most:
            self.fault("reference_value_too_long", column, written, most=most)
        return written

    def needed(self, column: str, most: int = 2_000) -> str:
        found = self.text(column, most)
        if not found and not self.sheet.is_faulty:
            self.fault("reference_value_missing", column, "")
        return found

    def like(self, column: str, form: re.Pattern[str], example: str, *, or_nothing: bool = False) -> str:
        found = self.text(column)
        if or_nothing and found in NOTHING:
            return ""
        if not form.fullmatch(found):
            self.fault("reference_value_malformed", column, found, example=example)
        return found

    def one_of(self, column: str, words: tuple[str, ...]) -> str:
        found = self.text(column)
        if found not in words:
            self.fault("reference_value_malformed", column, found, example=", ".join(words))
        return found

    def confidence(self) -> str:
        return self.one_of("confidence", tuple(Confidence)) if self.text("confidence") else ""

    def day(self, column: str) -> date | None:
        found = self.text(column)
        if not found:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self.fault("reference_value_malformed", column, found, example="2026-04-11")
            return None

    def fault(self, rule: str, column: str, value: str, **details: object) -> None:
        self.sheet.fault(rule, self.number, column, value, **details)


def key_of(value: Value) -> str:
    """By what a row is told from the others of its table."""
    match value:
        case Name():
            return f"{value.of}/{value.code}/{value.language}"
        case CustomsCode():
            return f"{value.of}/{value.number}"
        case RateDay():
            return f"{value.provider}/{value.day}"
    return value.code


def letters(at: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        name = chr(65 + letter) + name
    return name
