"""A line to declare as a file gives it: before its value is in dollars and its loaded share is known."""

from __future__ import annotations

from dataclasses import dataclass

from sundry.kernel.findings import Finding

YES = frozenset({"yes", "y", "true", "1", "是"})
NO = frozenset({"no", "n", "false", "0", "否", ""})
"""How a flag is written in the files that we read, in small letters."""


@dataclass(frozen=True, slots=True)
class GivenLine:
    """Line totals. `line` counts the file's lines from 0, `row` is where a person finds it."""

    line: int
    sheet: str
    row: int
    hs: str | None
    name: str
    unit: str
    cartons: int
    pieces: int
    value_minor: int
    currency: str
    gross_g: int | None
    net_g: int | None
    inspection: bool
    export_duty: bool
    restricted: bool
    value_usd_cents: int | None = None  # where a shipment converted it already
    cartons_loaded: int | None = None  # None: all of them


@dataclass(frozen=True, slots=True)
class Given:
    """A file's lines in its order, without those set aside, and what is wrong with those."""

    lines: tuple[GivenLine, ...]
    findings: tuple[Finding, ...]
