"""What we tell a person about her data: never an exception, always with its place.

Problem: a trade agent's book holds thirty mistakes. If the program stops at the first, she ships the book thirty times.
Therefore every check returns `Finding`s: mistakes as values, with file, sheet, row and column AS EXCEL SHOWS THEM, the
value, the name of the rule, and a message that says what to do. The text itself lives in `sundry/messages/*.yaml`
(one template a rule and language), so that no sentence is ever glued from pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sundry.kernel.messages import render


class Severity(StrEnum):
    ERROR = "error"  # the line is set aside
    WARNING = "warning"  # the line ships, somebody should look
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `rule` is the template's key; `details` fill its placeholders (besides value/header/row/column).

    `row` counts from 1 as Excel shows it (a CSV's line), 0 where the finding is about no row; `column` is the letter
    ("C"), "" where it is about no column; `line` is an index into the lines being checked, where the place is not known
    yet (engines know lines, not cells).
    """

    severity: Severity
    rule: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    value: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    file: str = ""

    def message(self, language: str = "en") -> str:
        return render(
            self.rule,
            language,
            {
                "value": self.value,
                "header": " ".join(self.header.split()),
                "row": self.row,
                "column": self.column,
                "sheet": self.sheet,
                **self.details,
            },
        )

    def at(self, *, file: str, sheet: str, row: int) -> Finding:
        """The same finding, told at its place in the book."""
        return replace(self, file=file, sheet=sheet, row=row)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        found: dict[str, Any] = {
            "severity": str(self.severity),
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value": self.value,
            "rule": self.rule,
            "details": {key: v if isinstance(v, int | str) else str(v) for key, v in self.details.items()},
            "message": self.message(language),
        }
        if self.line is not None:
            found["line"] = self.line
        return found


def error(rule: str, **place: Any) -> Finding:
    return Finding(Severity.ERROR, rule, **place)


def warning(rule: str, **place: Any) -> Finding:
    return Finding(Severity.WARNING, rule, **place)


def note(rule: str, **place: Any) -> Finding:
    return Finding(Severity.NOTE, rule, **place)
