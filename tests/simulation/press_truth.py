"""The hand-written truth of the sample pages (press_truth.yaml), and whether a statement is what a row of it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from sundry.engines.reading.model import Span, Statement

REGIONS = {"town": "990182", "prefecture": "990100", "province": "990000", "-": None}
_LOOSE = 0.5  # of the pairs of characters of two names are the same


@dataclass(frozen=True)
class Row:
    """A statement as the page makes it. A row of `also` has no indicator: only type, value and unit are judged."""

    words: str
    span: Span  # of the number alone
    type: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    indicator: str = ""
    period: str = "*"
    region: str = "*"
    is_target: bool = False


def truth() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return loaded


def rows_of(text: str, lines: list[str]) -> list[Row]:
    return [_row(text, line) for line in lines]


def _row(text: str, line: str) -> Row:
    marked, said, *rest = [field.strip() for field in line.split(" | ")]
    before, _, after = marked.partition("‹")
    number = after.partition("›")[0]
    words = marked.replace("‹", "").replace("›", "")
    assert text.count(words) == 1, f"{words}: {text.count(words)} times on the page"
    start = text.index(words) + len(before)
    what, value, *unit = said.split()
    ends = [Decimal(end) for end in value.split("..")] if value != "-" else []
    is_one = len(ends) == 1
    return Row(
        words,
        (start, start + len(number)),
        what,
        ends[0] if is_one else None,
        ends[0] if len(ends) == 2 else None,
        ends[1] if len(ends) == 2 else None,
        "".join(unit),
        *rest[:3],
        is_target="target" in rest[3:],
    )


def is_said(row: Row, statement: Statement) -> bool:
    """Whether the statement holds the number and is right in every field."""
    start, end = row.span
    holds_it = any(a < end and start < b for a, b in statement.spans)
    if not holds_it or (row.type, row.value, row.unit) != (statement.type.value, statement.value, statement.unit):
        return False
    if row.value is None and (row.low, row.high) != (statement.low, statement.high):
        return False
    if not row.indicator:
        return True
    if row.region != "*" and REGIONS[row.region] != statement.region_code:
        return False
    if row.period != "*" and _of_year(row.period) != _of_year(statement.period):
        return False
    return row.is_target == ("target" in statement.kind) and _is_named(row.indicator, statement)


def _of_year(period: str | None) -> str:
    """Of a stock and of an aim (asof 2028-12, until 2028) the year is enough, as in the labels of the real pages."""
    return re.sub(r"^(?:asof|until) (\d{4}).*", r"~\1", period or "-")


def _is_named(indicator: str, statement: Statement) -> bool:
    if not indicator.startswith("="):
        return statement.indicator_key == indicator
    name, other = indicator[1:], statement.indicator
    if min(len(name), len(other)) > 2 and (name in other or other in name):
        return True
    pairs, others = ([word[i : i + 2] for i in range(len(word) - 1)] for word in (name, other))
    same = sum(min(pairs.count(pair), others.count(pair)) for pair in set(pairs))
    return 2 * same >= _LOOSE * (len(pairs) + len(others))
