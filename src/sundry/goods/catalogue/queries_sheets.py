"""What is asked of sheets of goods: those of a stall, their rows, the goods that they name, the goods that go out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sundry.base.access.rules import Owner
from sundry.goods.catalogue import queries
from sundry.goods.catalogue.formats.shape import ROWS_MAX
from sundry.goods.catalogue.models import Good, GoodPhoto, SheetImport, SheetRow
from sundry.goods.catalogue.reading import owner_of_row
from sundry.goods.catalogue.rules import Draft, GoodView, ImportState, State, Verdict
from sundry.goods.catalogue.sheets import Column, Difference, Known
from sundry.goods.catalogue.sheets_drafts import from_json
from sundry.goods.catalogue.sheets_intake import finding_from_json
from sundry.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class SheetView:
    """`done`: rows that stand in the catalogue. `counts`: rows by verdict, as they were read or mended."""

    id: uuid.UUID
    stall: uuid.UUID
    stall_number: int
    name: str
    state: ImportState
    columns: tuple[Column, ...]
    problems: tuple[Finding, ...]
    total: int
    done: int
    counts: Mapping[Verdict, int]
    created_at: datetime

    @property
    def to_insert(self) -> int:
        return self.counts[Verdict.NEW] + self.counts[Verdict.CHANGED]


@dataclass(frozen=True, slots=True)
class RowView:
    row: int
    verdict: Verdict
    cells: Mapping[str, str]
    draft: Draft
    number: int | None
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    photos: tuple[str, ...]
    is_done: bool


def owner_of_sheet(sheet: uuid.UUID) -> Owner | None:
    """Whose a sheet is; None: there is none. One statement."""
    found = SheetImport.objects.filter(id=sheet).values_list("stall__organisation", flat=True)
    return next((owner_of_row(organisation) for organisation in found), None)


def sheet(sheet: uuid.UUID) -> SheetView | None:
    """One statement."""
    return next(map(_view, SheetImport.objects.filter(id=sheet).select_related("stall")), None)


def sheets_of(stall: uuid.UUID, *, limit: int = 20) -> tuple[SheetView, ...]:
    """The last that came, the newest first. One statement."""
    found = SheetImport.objects.filter(stall=stall).select_related("stall").order_by("-id")[:limit]
    return tuple(map(_view, found))


def _view(row: SheetImport) -> SheetView:
    return SheetView(
        id=row.id,
        stall=row.stall_id,
        stall_number=row.stall.number,
        name=row.name,
        state=ImportState(row.state),
        columns=tuple(Column(*one) for one in row.columns),
        problems=tuple(map(finding_from_json, row.problems)),
        total=row.rows_total,
        done=row.rows_done,
        counts={verdict: row.counts.get(verdict.value, 0) for verdict in Verdict},
        created_at=row.created_at,
    )


def rows(
    sheet: uuid.UUID, *, verdicts: Collection[Verdict] | None = None, after: int = 0, limit: int = 50
) -> tuple[RowView, ...]:
    """Rows of a sheet in its order, those below the row `after`. One statement."""
    found = SheetRow.objects.filter(sheet=sheet, row__gt=after)
    if verdicts is not None:
        found = found.filter(verdict__in=[verdict.value for verdict in verdicts])
    return tuple(map(_row, found.order_by("row")[:limit]))


def _row(row: SheetRow) -> RowView:
    told: dict[str, Any] = row.draft
    return RowView(
        row=row.row,
        verdict=Verdict(row.verdict),
        cells=row.cells,
        draft=from_json(told["draft"]),
        number=told["number"],
        findings=tuple(map(finding_from_json, row.findings)),
        differences=tuple(Difference(*one) for one in told["differences"]),
        photos=tuple(row.photos),
        is_done=row.is_done,
    )


def known(stall: uuid.UUID, numbers: Collection[int]) -> Mapping[int, Known]:
    """Those of these goods that are the stall's. At most five statements."""
    own = list(Good.objects.filter(stall=stall, number__in=numbers).values_list("number", flat=True))
    views = queries.goods(own)
    photos: dict[uuid.UUID, dict[str, int | None]] = defaultdict(dict)
    for good, file, likeness in GoodPhoto.objects.filter(good__in=[view.card.id for view in views]).values_list(
        "good_id", "file", "likeness"
    ):
        photos[good][file] = likeness
    return {
        view.card.number: Known(
            view.card.number,
            view.draft,
            view.version,
            photos[view.card.id],
            is_shown=view.card.state in (State.LISTED, State.SUBMITTED),
        )
        for view in views
    }


def item_numbers(stall: uuid.UUID, asked: Collection[str]) -> frozenset[str]:
    """Those of these item numbers that goods of the stall have. One statement."""
    wanted = {number for number in asked if number}
    return frozenset(Good.objects.filter(stall=stall, item_number__in=wanted).values_list("item_number", flat=True))


def goods_to_export(stall: uuid.UUID, numbers: Collection[int] | None = None) -> tuple[GoodView, ...]:
    """All goods of a stall, or the chosen ones, as many as a sheet may have, the newest first. At most five
    statements."""
    found = Good.objects.filter(stall=stall)
    if numbers is not None:
        found = found.filter(number__in=numbers)
    own = list(found.order_by("-number").values_list("number", flat=True)[:ROWS_MAX])
    views = {view.card.number: view for view in queries.goods(own)}
    return tuple(views[number] for number in own if number in views)
