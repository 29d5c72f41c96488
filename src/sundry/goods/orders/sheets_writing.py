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
from sundry.goods.orders import actions_basket, queries_sheets
from sundry.goods.orders.errors import NotNow, NotThere, Refused
from sundry.goods.orders.filling import as_wished, refigure
from sundry.goods.orders.import_rules import Verdict
from sundry.goods.orders.models import OrderImport, OrderImportRow, OrderLine
from sundry.goods.orders.order_rules import NAME_MAX, Head, OrderState, Wish
from sundry.goods.orders.sheets_judging import FIELD_OF_WISH, wish_from_json
from sundry.goods.orders.sheets_staging import finding_to_json
from sundry.goods.orders.writing import held_basket
from sundry.kernel.findings import Finding, error

_CHANGED: Final = (Verdict.CHANGED.value, Verdict.STALE.value)


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


def write(sheet: OrderImport, rows: Sequence[OrderImportRow], *, actor: Actor, now: datetime) -> None:
    """One chunk of rows. Which of them cannot be written by now is told in them. The errors of the order's actions:
    it is hers no more, is gone, or is full."""
    if not rows:
        return
    order = queries_sheets.order_of_sheet(_number(sheet), sheet.organisation_id)
    if order is None:
        raise NotThere("orders_order_not_there", number=_number(sheet))
    basket = _Basket(order.number, actor, now)
    _tried(_of(rows, Verdict.NEW.value), basket.put)
    _tried(_of(rows, *_CHANGED), basket.change)
    basket.remove(_of(rows, Verdict.GONE.value))
    OrderImportRow.objects.bulk_update(rows, ["verdict", "findings", "is_done"], batch_size=500)
    sheet.rows_done += sum(row.is_done for row in rows)


def _number(sheet: OrderImport) -> int:
    return 0 if sheet.order is None else sheet.order.number


def _of(rows: Sequence[OrderImportRow], *verdicts: str) -> list[OrderImportRow]:
    return [row for row in rows if row.verdict in verdicts]


def _tried(rows: list[OrderImportRow], act: Callable[[Sequence[tuple[OrderImportRow, Wish]]], None]) -> None:
    """All rows at once, and without those that were refused once more. Refused: what is of no row, or both times."""
    wishes = [(row, wish) for row in rows if (wish := _wish(row)) is not None]
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
        row.is_done = True


def _wish(row: OrderImportRow) -> Wish | None:
    """By its position, for two sheets of a book may both have a row 2."""
    kept: Mapping[str, Any] = row.wish
    return wish_from_json(kept.get("wish") or {}, row=row.position, photo=row.photo)


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

    def put(self, wishes: Sequence[tuple[OrderImportRow, Wish]]) -> None:
        new = [wish for _, wish in wishes]
        actions_basket.put(actor=self.actor, order=self.number, wishes=new, version=None, now=self.now)

    def change(self, wishes: Sequence[tuple[OrderImportRow, Wish]]) -> None:
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


def _as_changed(line: OrderLine, row: OrderImportRow, wish: Wish) -> Wish:
    changed = {name for name, _, _ in row.wish["differences"]}
    made = replace(as_wished(line), row=row.position)
    if "pieces" in changed:
        made = replace(made, pieces=wish.pieces)
    if "price" in changed:
        made = replace(made, price_minor=wish.price_minor, price_per=wish.price_per)
    return made
