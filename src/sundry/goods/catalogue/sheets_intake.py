"""A sheet as it came in, cut into rows to be judged: which of its sheets, which row names the columns, what is a row.

What is told of the sheet as a whole stands in `problems`; nothing of it is lost silently: a column that nobody knows, a
second sheet, a row of totals are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sundry.goods.catalogue.formats.shape import FAULTS, ROWS_MAX, Sheet
from sundry.goods.catalogue.sheets import PHOTO, ROW, Column, is_total
from sundry.goods.catalogue.sheets_headers import header_of
from sundry.kernel.findings import Finding, Severity, error, note, warning

NOTE: Final = "note"
"""The column in which we told what was wrong; it says nothing of the good."""


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: text by field. `pictures`: those that lie in the row, as they came."""

    row: int
    cells: Mapping[str, str]
    pictures: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    problems: tuple[Finding, ...]
    photos: Mapping[str, str]


def taken_in(sheets: Sequence[Sheet]) -> Intake:
    """The first sheet that names its columns; one without rows, and with the reason, where none does."""
    for sheet in sheets:
        if header := header_of(sheet.rows, sheet.own):
            break
    else:
        return Intake("", (), (), (error("catalogue_sheet_no_header"),), {})
    others = [other.name for other in sheets if other is not sheet and header_of(other.rows, other.own)]
    problems = [note("catalogue_sheet_other_sheet", sheet=name) for name in others]
    unknown = [column for column in header.columns.values() if not column.field]
    problems += [note("catalogue_sheet_column_unknown", column=one.letter, header=one.header) for one in unknown]
    fields = {at: column.field for at, column in header.columns.items() if column.field not in ("", NOTE)}
    rows: list[Row] = []
    for number, cells in sheet.rows:
        said = {field: cells[at].strip() if at < len(cells) else "" for at, field in fields.items()}
        pictures = sheet.pictures.get(number, ())
        if number <= header.last_row or not (any(said.values()) or pictures):
            continue
        if is_total(cells):
            problems.append(note("catalogue_sheet_total_left_out", row=number))
        else:
            rows.append(Row(number, said, pictures))
    if len(rows) > ROWS_MAX:
        problems = [error("catalogue_sheet_too_long", details={"rows": len(rows), "most": ROWS_MAX}), *problems]
        rows = []
    if not rows and not problems:
        problems.append(warning("catalogue_sheet_no_rows"))
    return Intake(sheet.name, tuple(header.columns.values()), tuple(rows), tuple(problems), sheet.photos)


def faults(cells: Mapping[str, str]) -> list[Finding]:
    """Cells in which a formula stands instead of a value."""
    return [
        error("catalogue_sheet_formula", header=field, value=text)
        for field, text in cells.items()
        if text in FAULTS and field not in (ROW, PHOTO)
    ]


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Without its message: it is told in the language of whoever reads it."""
    told = {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "row": finding.row,
        "column": finding.column,
        "header": finding.header,
        "value": finding.value,
        "sheet": finding.sheet,
        "details": {key: one if isinstance(one, int) else str(one) for key, one in finding.details.items()},
    }
    return {key: one for key, one in told.items() if one}


def finding_from_json(told: Mapping[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"])})
