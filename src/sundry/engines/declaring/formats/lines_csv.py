"""LINES.csv: one line to declare a row, for those who keep their list elsewhere.

UTF-8 (with or without a byte order mark), comma-separated, the column names below in the first row, in any order:

    hs,name,unit,cartons,pieces,value,currency,gross_kg,net_kg,inspection,export_duty,restricted
    9503002100,Toy car,piece,12,576,1440.00,CNY,96.5,90,no,no,no

`cartons`, `pieces`, `value` and `currency` must be there; every amount is the total of the line. `value` has no more
decimals than its currency, `gross_kg` and `net_kg` at most three (empty: not known). Points and spaces in `hs` are
dropped. The last three columns say yes or no. Blank rows are passed over; a row with a mistake is set aside, and every
mistake is told with its cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from sundry.engines.declaring.formats.given import NO, YES, Given, GivenLine
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, error, warning
from sundry.kernel.money import CURRENCIES, Money

REQUIRED = ("cartons", "pieces", "value", "currency")
OPTIONAL = ("hs", "name", "unit", "gross_kg", "net_kg", "inspection", "export_duty", "restricted")


T = TypeVar("T")


def read_lines_csv(path: Path) -> Given:
    """UnusableInput: not there, not UTF-8, not CSV, empty, or without a required column."""
    rows = [(number, row) for number, row in enumerate(_rows(path), start=1) if any(cell.strip() for cell in row)]
    if not rows:
        raise UnusableInput("declare_input_empty", file=path.name)
    header_row, *body = rows
    headers = [cell.strip().casefold() for cell in header_row[1]]
    if missing := [name for name in REQUIRED if name not in headers]:
        raise UnusableInput("lines_csv_columns_missing", file=path.name, columns=", ".join(missing))
    findings = list(_header_findings(headers, header_row, path.name))
    columns = {name: headers.index(name) for name in (*REQUIRED, *OPTIONAL) if name in headers}
    lines = []
    for index, (number, cells) in enumerate(body):
        row = _Row(path.name, number, cells, columns, len(headers))
        line = row.line(index)
        findings += row.findings
        if not any(finding.severity == "error" for finding in row.findings):
            lines.append(line)
    return Given(tuple(lines), tuple(findings))


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file, strict=True)
    except UnicodeDecodeError:
        raise UnusableInput("lines_csv_not_utf8", file=path.name) from None
    except csv.Error as fault:
        raise UnusableInput("lines_csv_malformed", file=path.name, fault=str(fault)) from None


def _header_findings(headers: list[str], header_row: tuple[int, list[str]], file: str) -> Iterator[Finding]:
    number, cells = header_row
    for place, name in enumerate(headers):
        at = {
            "file": file,
            "row": number,
            "column": column_letter(place),
            "header": cells[place],
            "value": cells[place],
        }
        if name in headers[:place]:
            yield warning("lines_csv_column_repeated", **at)
        elif name and name not in (*REQUIRED, *OPTIONAL):
            yield warning("lines_csv_column_unknown", details={"known": ", ".join((*REQUIRED, *OPTIONAL))}, **at)


def column_letter(place: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Row:
    """One row being read: every cell that cannot be read leaves a finding."""

    def __init__(self, file: str, number: int, cells: list[str], columns: Mapping[str, int], width: int) -> None:
        self._file, self._number, self._cells, self._columns = file, number, cells, columns
        self.findings: list[Finding] = []
        if any(cell.strip() for cell in cells[width:]):
            # Most often an unquoted comma ("1,440.00"), which shifts every cell after it.
            at = {"column": column_letter(width), "value": cells[width]}
            self.findings.append(error("lines_csv_row_too_long", file=file, row=number, **at))

    def line(self, index: int) -> GivenLine:
        currency = self._read("currency", _currency, "lines_csv_currency", "USD")
        return GivenLine(
            line=index,
            sheet="",
            row=self._number,
            hs=self._text("hs").replace(".", "").replace(" ", "") or None,
            name=self._text("name"),
            unit=self._text("unit"),
            cartons=self._read("cartons", _cartons, "lines_csv_cartons", 1),
            pieces=self._read("pieces", _whole, "lines_csv_pieces", 0),
            value_minor=self._read("value", lambda text: _value(text, currency), "lines_csv_value", 0),
            currency=currency,
            gross_g=self._read("gross_kg", _grams, "lines_csv_weight", None),
            net_g=self._read("net_kg", _grams, "lines_csv_weight", None),
            inspection=self._read("inspection", _yes, "lines_csv_flag", False),
            export_duty=self._read("export_duty", _yes, "lines_csv_flag", False),
            restricted=self._read("restricted", _yes, "lines_csv_flag", False),
        )

    def _text(self, name: str) -> str:
        place = self._columns.get(name)
        return self._cells[place].strip() if place is not None and place < len(self._cells) else ""

    def _read(self, name: str, read: Callable[[str], T], rule: str, otherwise: T) -> T:
        text = self._text(name)
        try:
            return read(text)
        except ValueError:
            place = self._columns[name]
            self.findings.append(
                error(
                    rule,
                    file=self._file,
                    row=self._number,
                    column=column_letter(place),
                    header=name,
                    value=text,
                )
            )
            return otherwise


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError(text)
    return int(text)


def _cartons(text: str) -> int:
    if cartons := _whole(text):
        return cartons
    raise ValueError(text)


def _currency(text: str) -> str:
    if text.upper() not in CURRENCIES:
        raise ValueError(text)
    return text.upper()


def _decimal_text(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text):
        raise ValueError(text)
    return text


def _value(text: str, currency: str) -> int:
    return Money.parse(_decimal_text(text), currency).amount_minor


def _grams(text: str) -> int | None:
    if not text:
        return None
    whole, _, decimals = _decimal_text(text).partition(".")
    if decimals[3:].strip("0"):
        raise ValueError(text)
    return int(whole) * 1000 + int(decimals[:3].ljust(3, "0"))


def _yes(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(text)
