"""Halls as a sheet: the buildings of a market, typed once in a table instead of one form each.

Problem: a market has nine halls with names in six languages. Whoever opens it has them in a table already, mistakes
and all; a hall that is opened under a wrong code stands in the addresses of its stalls for ever. Therefore a sheet is
judged whole, every fault is told by its row and cell, and of a sheet with one fault nothing is done.

    code   | name_zh | name_en  | trade_en
    1      | 一区    | Hall 1   | Toys            is hall 1
    EAST 2 | 东二区  |          |                 a code with a space: a fault in A3
    1      | 二区    | Hall 2   | Jewellery       the same code again: a fault in A4

A column that the sheet lacks leaves what stands there: a sheet of `code` and `name_ru` adds the Russian names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sundry.goods.catalogue.formats.shape import FAULTS, Sheet
from sundry.goods.catalogue.rules import LANGUAGES, NAME_MAX, Hall
from sundry.goods.catalogue.sheets_headers import letter
from sundry.goods.catalogue.texts import clean
from sundry.kernel.findings import Finding, Severity, error, note

HALL_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,7}")  # it stands in addresses of the map
HEADER_ROWS_MAX: Final = 20  # from the top, where titles may stand
HALLS_MAX: Final = 500
FLOORS: Final = "floors"
_SHOWN_MAX: Final = 60  # characters of a cell in a message
_FIELDS: Final = {
    "code": "code",
    FLOORS: FLOORS,
    **{f"{kind}_{key}": f"{kind}_{key}" for kind in ("name", "trade") for key in LANGUAGES},
    **{f"names_{key}": f"name_{key}" for key in LANGUAGES},
}

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class HallRow:
    """A hall as a row says it: its texts hold the languages that the sheet has columns for, "" for an empty cell."""

    row: int
    hall: Hall


@dataclass(frozen=True, slots=True)
class HallSheet:
    """`halls`: none where a finding is an error."""

    halls: tuple[HallRow, ...]
    findings: tuple[Finding, ...]

    @property
    def is_faulty(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.findings)


def judged(sheets: Sequence[Sheet]) -> HallSheet:
    """The first sheet that names its columns, and all that is wrong with it."""
    for sheet in sheets:
        if header := _header(sheet.rows):
            return _judged(sheet.rows, *header)
    return HallSheet((), (error("catalogue_halls_no_header"),))


def _header(rows: Rows) -> tuple[int, Mapping[int, str], Mapping[int, str]] | None:
    """Its row, the fields by column, and what stands over columns that nobody knows."""
    for number, cells in rows[:HEADER_ROWS_MAX]:
        texts = {at: text for at, cell in enumerate(cells) if (text := " ".join(cell.split()))}
        fields = {at: found for at, text in texts.items() if (found := _FIELDS.get(_key(text)))}
        if "code" in fields.values() and any(one.startswith("name_") for one in fields.values()):
            return number, fields, {at: text for at, text in texts.items() if at not in fields}
    return None


def _key(text: str) -> str:
    """`Name (zh)`, `names.zh` and `name_zh` are one header."""
    return re.sub(r"[^a-z]+", "_", text.casefold()).strip("_")


def _judged(rows: Rows, last: int, fields: Mapping[int, str], unknown: Mapping[int, str]) -> HallSheet:
    findings = [
        note("catalogue_sheet_column_unknown", row=last, column=letter(at), header=text) for at, text in unknown.items()
    ]
    findings += [
        note("catalogue_halls_floors_are_told", row=last, column=letter(at), header=field)
        for at, field in fields.items()
        if field == FLOORS
    ]
    columns = _first_of_each(fields, last, findings)
    found: list[HallRow] = []
    first: dict[str, int] = {}
    for number, cells in rows:
        said = {field: clean(cells[at]) if at < len(cells) else "" for field, at in columns.items()}
        if number <= last or not any(said.values()):
            continue
        findings += _faults(number, said, columns, first)
        found.append(HallRow(number, _hall(said)))
    if not found:
        findings.append(error("catalogue_halls_no_rows"))
    if len(found) > HALLS_MAX:
        findings.append(error("catalogue_halls_too_many", details={"count": len(found), "most": HALLS_MAX}))
    made = HallSheet(tuple(found), tuple(findings))
    return HallSheet((), made.findings) if made.is_faulty else made


def _first_of_each(fields: Mapping[int, str], last: int, findings: list[Finding]) -> Mapping[str, int]:
    """The column of each field. Two columns of one name are a fault: nobody can tell which is meant."""
    columns: dict[str, int] = {}
    for at, field in fields.items():
        if field == FLOORS:
            continue
        if field in columns:
            details = {"first": letter(columns[field])}
            findings.append(
                error("catalogue_halls_column_twice", row=last, column=letter(at), header=field, details=details)
            )
        columns.setdefault(field, at)
    return columns


def _faults(row: int, said: Mapping[str, str], columns: Mapping[str, int], first: dict[str, int]) -> Iterator[Finding]:
    def wrong(rule: str, field: str, **details: object) -> Finding:
        place = {"row": row, "column": letter(columns[field]), "header": field}
        return error(rule, value=said[field][:_SHOWN_MAX], details=details, **place)

    code = said["code"]
    broken = [field for field, text in said.items() if text in FAULTS]
    yield from (wrong("catalogue_sheet_formula", field) for field in broken)
    if "code" not in broken and not HALL_CODE.fullmatch(code):
        yield wrong("catalogue_hall_code_impossible", "code", code=code[:_SHOWN_MAX])
    elif "code" not in broken and first.setdefault(code, row) != row:
        yield wrong("catalogue_halls_code_twice", "code", first=first[code])
    names = [field for field in columns if field.startswith("name_")]
    if not any(said[field] for field in names):
        yield wrong("catalogue_hall_unnamed", names[0], code=code[:_SHOWN_MAX])
    for field, text in said.items():
        if field != "code" and len(text) > NAME_MAX:
            yield wrong("catalogue_halls_text_too_long", field, count=len(text), most=NAME_MAX)


def _hall(said: Mapping[str, str]) -> Hall:
    names, trade = (
        {key: said[field] for key in LANGUAGES if (field := f"{kind}_{key}") in said} for kind in ("name", "trade")
    )
    return Hall(said["code"], names, trade)
