"""What a list writes into an order: new lines into a basket, changed ones into the lines that they came from.

Problem: of 500 rows that are put into a basket at once, one may be wrong by now: a good was withdrawn between the
preview and the button. Put in whole, all 500 are refused; put in one by one, it takes 5,000 statements. Therefore all
are tried together; what is refused is told in its rows, and the others are tried once more.

Worked case: rows 2 to 501, row 77's good is gone: 499 lines are in the basket, row 77 is WRONG and says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from sundry.base.access.rules import Actor
from sundry.goods.orders import actions_basket, actions_changes, queries_sheets
from sundry.goods.orders.errors import NotNow, NotThere, Refused
from sundry.goods.orders.filling import as_wished, refigure
from sundry.goods.orders.import_rules import Verdict
from sundry.goods.orders.models import OrderImport, OrderImportRow, OrderLine
from sundry.goods.orders.order_rules import BINDING, NAME_MAX, ChangeKind, Head, LineChange, OrderState, State, Wish
from sundry.goods.orders.sheets_judging import FIELD_OF_WISH, wish_from_json
from sundry.goods.orders.sheets_staging import finding_to_json
from sundry.goods.orders.writing import held_basket
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Finding, error, note
from sundry.kernel.messages import render

CHUNK: Final = 500
_CHANGED: Final = (Verdict.CHANGED, Verdict.STALE)


def choose_order(
    sheet: OrderImport, *, actor: Actor, order: int | None, mandate: uuid.UUID | None, now: datetime
) -> None:
    """Into which order a list goes, written in it: the one that it came out of, one that it went into before, the
    basket `order`, or a new one.

    NotThere: no such order of hers; NotNow: it is placed, or in another currency."""
    if sheet.order_id is not None:
        return
    currency = sheet.options["currency"]
    if order is None:
        name = sheet.name.rpartition(".")[0] or sheet.name
        head = Head(currency=currency, name=name[:NAME_MAX])
        order = actions_basket.start(actor=actor, head=head, mandate=mandate, now=now)
    assert actor.organisation is not None
    found = queries_sheets.order_of_sheet(order, actor.organisation)
    if found is None:
        raise NotThere("orders_order_not_there", number=order)
    if found.state is not OrderState.DRAFT:
        raise NotNow("orders_order_is_placed", number=order)
    if found.currency != currency:
        raise NotNow("order_sheet_basket_currency", order=order, other=found.currency, currency=currency)
    sheet.order_id = found.id
    sheet.options = {**sheet.options, "chosen": True}


def next_rows(sheet: OrderImport) -> tuple[list[OrderImportRow], bool]:
    """(the rows of the next chunk, whether they are the last): of a basket so many, of a placed order those of one
    stall, for each stall's part is changed by itself, in a transaction of its own."""
    waiting = OrderImportRow.objects.filter(sheet=sheet, verdict__in=sheet.options["verdicts"], is_done=False)
    rows = list(waiting.order_by("position")[: CHUNK + 1] if _is_basket(sheet) else waiting.order_by("position"))
    if _is_basket(sheet):
        return rows[:CHUNK], len(rows) <= CHUNK
    subs = dict(OrderLine.objects.filter(order=sheet.order_id).values_list("id", "sub_id"))
    first = subs.get(rows[0].line) if rows and rows[0].line else None
    own = [row for row in rows if (subs.get(row.line) if row.line else None) == first]
    return own, len(own) == len(rows)


def write(sheet: OrderImport, rows: Sequence[OrderImportRow], *, actor: Actor, now: datetime) -> None:
    """One chunk of rows. Which of them cannot be written by now is told in them. The errors of the order's actions:
    it is hers no more, is gone, or is full."""
    if not rows or sheet.order is None:
        return
    if queries_sheets.order_of_sheet(sheet.order.number, sheet.organisation_id) is None:
        raise NotThere("orders_order_not_there", number=sheet.order.number)
    lines = queries_sheets.known_lines(sheet.order.id) if any(row.line for row in rows) else {}
    fresh = rows if Verdict.STALE.value in sheet.options["verdicts"] else _without_stale(rows, lines)
    new, changed, gone = (_of(fresh, *verdicts) for verdicts in ((Verdict.NEW,), _CHANGED, (Verdict.GONE,)))
    if _is_basket(sheet):
        basket = _Basket(sheet.order.number, actor, now)
        _tried(new, basket.put)
        _tried(changed, basket.change)
        if gone:
            basket.remove(gone)
    else:
        for row in new:
            tell(row, [error("order_sheet_order_is_placed")])
        _tried([*changed, *gone], _Part(sheet, lines, actor, now).change)
    _save(sheet, rows)


def _save(sheet: OrderImport, rows: Sequence[OrderImportRow]) -> None:
    """What became of rows: one statement for those that are done, one for 500 of which something is told."""
    done = [row.id for row in rows if row.is_done]
    told = [row for row in rows if not row.is_done]
    OrderImportRow.objects.filter(id__in=done).update(is_done=True)
    OrderImportRow.objects.bulk_update(told, ["verdict", "findings"], batch_size=500)
    sheet.rows_done += len(done)


def _is_basket(sheet: OrderImport) -> bool:
    return sheet.order is not None and sheet.order.state == OrderState.DRAFT.value


def _without_stale(
    rows: Sequence[OrderImportRow], lines: Mapping[uuid.UUID, queries_sheets.LineOfSheet]
) -> list[OrderImportRow]:
    """Those whose lines are as they were when the rows were looked at; the others are STALE by now, and told so."""
    fresh = []
    for row in rows:
        line = lines.get(row.line) if row.line else None
        if row.verdict == Verdict.CHANGED.value and line is not None and line.known.digest != row.wish["mark"][1]:
            row.verdict = Verdict.STALE.value
            told = note("order_sheet_row_stale", row=row.wish.get("row", 0))
            row.findings = [*row.findings, finding_to_json(told)]
        else:
            fresh.append(row)
    return fresh


def _of(rows: Sequence[OrderImportRow], *verdicts: Verdict) -> list[OrderImportRow]:
    return [row for row in rows if row.verdict in verdicts]


_Acting = Sequence[tuple[OrderImportRow, Wish]]


def _tried(rows: list[OrderImportRow], act: Callable[[_Acting], None]) -> None:
    """All rows at once, and without those that were refused once more. Refused: what is of no row, or both times."""
    wishes = [(row, _wish(row)) for row in rows]
    if not wishes:
        return
    try:
        with transaction.atomic():
            act(wishes)
    except Refused as refusal:
        told: dict[int, list[Finding]] = {}
        for finding in refusal.findings:
            told.setdefault(finding.row, []).append(finding)
        if not told.keys() <= {row.position for row in rows}:
            raise
        for row in rows:
            tell(row, told.get(row.position, ()))
        wishes = [(row, wish) for row, wish in wishes if row.position not in told]
        if wishes:
            with transaction.atomic():
                act(wishes)
    for row, _ in wishes:
        row.is_done = row.verdict != Verdict.WRONG.value


def _wish(row: OrderImportRow) -> Wish:
    """By its position, for two sheets of a book may both have a row 2. Of a line that is gone: none of it."""
    kept: Mapping[str, Any] = row.wish
    return wish_from_json(kept.get("wish") or {}, row=row.position, photo=row.photo) or Wish(0, row=row.position)


def tell(row: OrderImportRow, findings: Sequence[Finding]) -> None:
    """What is wrong with a row by now."""
    if not findings:
        return
    fields = [FIELD_OF_WISH.get(one.header, one.header.partition(".")[0]) for one in findings]
    told = [replace(one, header=field, row=row.wish.get("row", 0)) for one, field in zip(findings, fields, strict=True)]
    row.verdict = Verdict.WRONG.value
    row.findings = [*row.findings, *map(finding_to_json, told)]


class _Basket:
    """Rows go into a basket that nobody has placed yet."""

    def __init__(self, number: int, actor: Actor, now: datetime) -> None:
        self.number, self.actor, self.now = number, actor, now

    def put(self, wishes: _Acting) -> None:
        new = [wish for _, wish in wishes]
        actions_basket.put(actor=self.actor, order=self.number, wishes=new, version=None, now=self.now)

    def change(self, wishes: _Acting) -> None:
        """Only what the row changes: of a line at the listed price, another quantity has the price for so many."""
        held = held_basket(actor=self.actor, number=self.number)
        own = OrderLine.objects.select_related("sub__stall").filter(order=held)
        lines = own.in_bulk([row.line for row, _ in wishes])
        gone = [error("orders_line_not_there", row=row.position) for row, _ in wishes if row.line not in lines]
        if gone:
            raise Refused(gone)
        changed = [(lines[row.line], _as_changed(lines[row.line], row, wish)) for row, wish in wishes]
        refigure(held, changed, self.actor, self.now)

    def remove(self, rows: Sequence[OrderImportRow]) -> None:
        """Those that are still there."""
        held = held_basket(actor=self.actor, number=self.number)
        wanted = [row.line for row in rows if row.line is not None]
        there = list(OrderLine.objects.filter(order=held, id__in=wanted).values_list("id", flat=True)) if wanted else []
        if there:
            actions_basket.remove(actor=self.actor, order=self.number, lines=there, version=None, now=self.now)
        for row in rows:
            row.is_done = True


class _Part:
    """Rows of one stall's part of a placed order: changed at once while the stall has not answered, proposed after."""

    def __init__(
        self, sheet: OrderImport, lines: Mapping[uuid.UUID, queries_sheets.LineOfSheet], actor: Actor, now: datetime
    ) -> None:
        self.sheet, self.lines, self.actor, self.now = sheet, lines, actor, now

    def change(self, wishes: _Acting) -> None:
        lines = [self.lines.get(row.line) if row.line else None for row, _ in wishes]
        known = next((line for line in lines if line is not None), None)
        gone = [
            error("orders_line_not_there", row=row.position)
            for (row, _), one in zip(wishes, lines, strict=True)
            if one is None
        ]
        if gone or known is None:
            raise Refused(gone)
        if known.state not in (State.PLACED, *BINDING):
            raise Refused([error("order_sheet_part_has_ended", row=row.position) for row, _ in wishes])
        try:
            self._act(known, [_line_change(row, wish) for row, wish in wishes])
        except Refused as refusal:  # it counts the changes from 1, a row stands at its position
            places = [row.position for row, _ in wishes]
            raise Refused([_at(one, places) for one in refusal.findings]) from refusal
        except SundryError as refusal:  # another change waits, or the stall has answered: this part stays as it is
            for row, _ in wishes:
                tell(row, [error(refusal.rule, details=refusal.details)])

    def _act(self, known: queries_sheets.LineOfSheet, changes: Sequence[LineChange]) -> None:
        reason = self.sheet.options.get("reason") or render(
            "order_sheet_reason", self.sheet.options["language"], {"name": self.sheet.name[:100]}
        )
        if known.state is State.PLACED:
            actions_changes.amend(
                actor=self.actor, sub=known.sub, changes=changes, reason=reason, version=None, now=self.now
            )
            return
        is_fewer = all(
            one.price_minor is None and one.pieces is not None and one.pieces < self.lines[one.line].known.pieces
            for one in changes
        )
        actions_changes.propose(
            actor=self.actor,
            sub=known.sub,
            kind=ChangeKind.PART_CANCEL if is_fewer else ChangeKind.AMEND,
            changes=changes,
            reason=reason,
            version=None,
            now=self.now,
        )


def _at(finding: Finding, places: Sequence[int]) -> Finding:
    return replace(finding, row=places[finding.row - 1]) if 0 < finding.row <= len(places) else finding


def _line_change(row: OrderImportRow, wish: Wish) -> LineChange:
    assert row.line is not None
    if row.verdict == Verdict.GONE.value:
        return LineChange(row.line, pieces=0)
    changed = {name for name, _, _ in row.wish["differences"]}
    return LineChange(
        row.line,
        pieces=wish.pieces if "pieces" in changed else None,
        price_minor=wish.price_minor if "price" in changed else None,
        price_per=wish.price_per if "price" in changed else None,
    )


def _as_changed(line: OrderLine, row: OrderImportRow, wish: Wish) -> Wish:
    changed = {name for name, _, _ in row.wish["differences"]}
    made = replace(as_wished(line), row=row.position)
    if "pieces" in changed:
        made = replace(made, pieces=wish.pieces)
    if "price" in changed:
        made = replace(made, price_minor=wish.price_minor, price_per=wish.price_per)
    return made
