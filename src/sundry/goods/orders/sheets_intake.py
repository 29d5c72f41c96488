"""A list that was read becomes rows that wait: matched with the market in one statement, judged, kept in bulk.

Rows of a sheet of ours are judged against the lines of their order, and each line that went out and did not come back
gets a row of its own, so that somebody is asked about it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sundry.goods.catalogue.queries_matching import matching
from sundry.goods.orders import queries_sheets
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.models import OrderImport, OrderImportRow
from sundry.goods.orders.rules import StagedBook
from sundry.goods.orders.sheets_judging import Context, judge
from sundry.goods.orders.sheets_pictures import RowPicture
from sundry.goods.orders.sheets_reading import RawRow, columns_of
from sundry.goods.orders.sheets_staging import Staged, checked, finding_to_json, row_of, staged_row
from sundry.kernel.findings import Finding

CURRENCY: Final = "CNY"
PROBLEMS_MAX: Final = 50


def stage(
    sheet: OrderImport,
    staged: StagedBook,
    rows: Sequence[RawRow],
    problems: Sequence[Finding],
    pictures: Mapping[str, RowPicture],
) -> None:
    """What each row would become, kept for the preview. At most ten statements and one for each 500 rows."""
    own = staged.own
    order = queries_sheets.order_of_sheet(own.order, sheet.organisation_id) if own is not None and own.order else None
    currency = order.currency if order is not None else _usual_currency(rows)
    lines = queries_sheets.known_lines(order.id) if order is not None else {}
    context = Context(currency, sheet.options["language"], {key: one.known for key, one in lines.items()})
    matched = matching([(row.line.stall, row.line.item) if row.line is not None else ("", "") for row in rows])
    made = []
    for position, (row, match) in enumerate(zip(rows, matched, strict=True), 1):
        picture = pictures.get(row.picture)
        told = [*row.findings]
        if picture is not None and picture.rule:
            told.append(Finding(queries_sheets.WARNING, picture.rule, header="picture", details=picture.details or {}))
        judged = judge(row.line, told, match, context, row=row.row, mark=row.mark)
        made.append(staged_row(sheet.id, position, row, judged, picture.file if picture else "", row.mark))
    checked(made, currency)
    if own is not None and order is not None:
        made += _gone(sheet.id, own.lines, lines, context, len(made))
    OrderImportRow.objects.bulk_create([row_of(one) for one in made], batch_size=500)
    told_of_book = [finding_to_json(one) for one in problems[:PROBLEMS_MAX]]
    sheet.state, sheet.problems = ImportState.PREVIEW.value, told_of_book
    sheet.order_id = order.id if order is not None else None
    sheet.rows_total, sheet.pictures = len(made), sum(bool(one.photo) for one in made)
    sheet.options = {
        **sheet.options,
        "currency": currency,
        "columns": columns_of(staged.book.tables),
        "sheets": len({row.sheet for row in rows}),
    }
    count(sheet, [one.verdict.value for one in made])
    sheet.save()


def _usual_currency(rows: Sequence[RawRow]) -> str:
    """That of most rows; an order has one."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.line is not None:
            counts[row.line.currency] = counts.get(row.line.currency, 0) + 1
    return max(counts, key=lambda one: counts[one], default=CURRENCY)


def _gone(
    sheet: uuid.UUID,
    sent: Sequence[str],
    lines: Mapping[uuid.UUID, queries_sheets.LineOfSheet],
    context: Context,
    after: int,
) -> list[Staged]:
    """A row for each line that went out and did not come back."""
    wanted = set(sent)
    missing = [one for key, one in lines.items() if str(key) in wanted and key not in context.seen and one.can_change]
    return [Staged.gone(sheet, after + at, one) for at, one in enumerate(missing, 1)]


def count(sheet: OrderImport, verdicts: Sequence[str]) -> None:
    counts = {verdict.value: verdicts.count(verdict.value) for verdict in Verdict}
    sheet.options = {**sheet.options, "counts": counts}
    sheet.rows_wrong = counts[Verdict.WRONG.value]
