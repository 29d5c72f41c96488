"""Rows of a list as they wait to be inserted: with everything that the market says of them, as JSON in the table.

Findings are kept without their message: each reader is told in her own language.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.orders.checks import good_numbers, shown, wish_findings
from sundry.goods.orders.import_rules import Verdict
from sundry.goods.orders.models import OrderImportRow
from sundry.goods.orders.order_rules import Head, Wish
from sundry.goods.orders.queries_sheets import LineOfSheet
from sundry.goods.orders.sheets_judging import FIELD_OF_WISH, Judged, wish_to_json
from sundry.goods.orders.sheets_reading import Mark, RawRow
from sundry.kernel.findings import Finding, Severity, note

_CHECKED_OF_CHANGES: Final = frozenset({"pieces", "price_minor", "price_per"})
_PLACE_MAX: Final = 80
_CELL_MAX: Final = 1_000


@dataclass(slots=True)
class Staged:
    """A row to be kept. `kept`: what the column `wish` holds."""

    sheet: uuid.UUID
    position: int
    place: str
    cells: Mapping[str, str]
    wish: Wish | None
    verdict: Verdict
    told: list[Finding]
    line: uuid.UUID | None = None
    photo: str = ""
    row: int = 0
    of_sheet: str = ""
    mark: Mark | None = None
    differences: tuple[tuple[str, str, str], ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def gone(cls, sheet: uuid.UUID, position: int, line: LineOfSheet) -> Staged:
        """Of a line that went out and did not come back."""
        told = note("order_sheet_row_gone", value=shown(line.name), details={"count": line.known.pieces})
        return cls(sheet, position, "", {"item": line.known.item_number}, None, Verdict.GONE, [told], line.known.id)

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [finding_to_json(one) for one in self.told]

    @property
    def kept(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "sheet": self.of_sheet,
            "wish": wish_to_json(self.wish),
            "mark": None if self.mark is None else [self.mark.line, self.mark.digest],
            "differences": [list(one) for one in self.differences],
        }


def staged_row(sheet: uuid.UUID, position: int, raw: RawRow, judged: Judged, photo: str, mark: Mark | None) -> Staged:
    place = f"{raw.sheet[:60]}!{raw.row}" if raw.sheet else str(raw.row)
    return Staged(
        sheet=sheet,
        position=position,
        place=place[:_PLACE_MAX],
        cells={key: text[:_CELL_MAX] for key, text in raw.cells.items()},
        wish=judged.wish,
        verdict=judged.verdict,
        told=list(judged.findings),
        line=judged.line,
        photo=photo,
        row=raw.row,
        of_sheet=raw.sheet,
        mark=mark,
        differences=judged.differences,
    )


def checked(rows: Sequence[Staged], currency: str) -> None:
    """What the market says of each wish is added to its row. Two statements at most, for any number of rows."""
    new = [one for one in rows if one.verdict is Verdict.NEW and one.wish is not None]
    wishes = [one.wish for one in new if one.wish is not None]
    offers = orderable(good_numbers(wishes), lock=False)
    stalls = orderable_stalls({wish.stall for wish in wishes if wish.good is None and wish.stall is not None})
    head = Head(currency=currency)
    for one in rows:
        wish = one.wish
        if wish is None or one.verdict not in (Verdict.NEW, Verdict.CHANGED, Verdict.STALE):
            continue
        if one.verdict is Verdict.NEW:
            stall = stalls.get(wish.stall) if wish.stall is not None else None
            found: Iterable[Finding] = wish_findings(
                wish, offers.get(wish.good) if wish.good is not None else None, head, stall=stall
            )
        else:
            found = (two for two in wish_findings(wish, None, head) if two.header in _CHECKED_OF_CHANGES)
        add(one, found)


def add(row: Staged, findings: Iterable[Finding]) -> None:
    """Mistakes of a wish, by the cells in which they are mended."""
    told = [replace(one, header=FIELD_OF_WISH.get(one.header, one.header.partition(".")[0])) for one in findings]
    row.told += told
    if any(one.severity is Severity.ERROR for one in told):
        row.verdict = Verdict.WRONG


def row_of(staged: Staged) -> OrderImportRow:
    return OrderImportRow(
        sheet_id=staged.sheet,
        position=staged.position,
        place=staged.place,
        cells=dict(staged.cells),
        wish=staged.kept,
        line=staged.line,
        findings=staged.findings,
        photo=staged.photo,
        verdict=staged.verdict.value,
    )


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Without its message."""
    told = {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "row": finding.row,
        "column": finding.column,
        "header": finding.header,
        "value": finding.value[:300],
        "sheet": finding.sheet,
        "details": {key: one if isinstance(one, int) else str(one)[:600] for key, one in finding.details.items()},
    }
    return {key: one for key, one in told.items() if one}
