"""A change of a placed sub-order, line by line: what it comes to, whether it can be had, and writing it.

Problem: 500 mugs become 300, 200 cups become 350 and 60 lids another good. Each of them moves the stall's count, what
is promised in the ledger, the line, the totals of the sub-order and of the order, and what is owed; where one of them
cannot be had, none of it may have happened. Therefore a change is planned whole, every mistake is collected, and it is
written by a fixed number of statements, the ledger last.

Worked case: of 10 cups at 3.20, of which 4 are handed over, 3 are cancelled: 7 are left, 22.40 instead of 32.00; 3 go
back to the shelf, and the stall may claim 9.60 less. Fewer than 4 cannot be left.

While a sub-order waits for its stall, what it takes is pending: a smaller promise takes the place of the larger one.
Once it is confirmed pieces go back, and more are taken as they are there.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localdate

from sundry.base.access.rules import Actor
from sundry.base.ledger import standing
from sundry.base.ledger.rules import WHOLE, Kind, Transfer
from sundry.goods.catalogue.actions_stock import draw, give_back
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.orders.checks import figure_findings, listed_price, size_findings, wish_findings
from sundry.goods.orders.dealing import amount
from sundry.goods.orders.drafting import LineDraft, draft_line
from sundry.goods.orders.errors import NotThere, Refused
from sundry.goods.orders.filling import line_sum
from sundry.goods.orders.models import Mandate, OrderLine
from sundry.goods.orders.order_rules import Collector, Head, LineChange, State, Totals, Wish, line_totals, value_of
from sundry.goods.orders.promising import Promising, Take, claimed, counters_of, given_back
from sundry.goods.orders.viewing import carton_of
from sundry.goods.orders.writing import Held, add_to_sub, add_totals, check_mandate, insert_lines, line_row, minus
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id


@dataclass(slots=True)
class Step:
    """What becomes of one line. `substitute`: the line that comes in its place, by the id that it gets."""

    row: OrderLine
    pieces: int
    price_minor: int
    price_per: int
    offer: Orderable | None
    substitute: LineDraft | None = None
    substitute_offer: Orderable | None = None
    substitute_id: uuid.UUID = field(default_factory=new_id)

    @property
    def value_minor(self) -> int:
        return value_of(self.pieces, self.price_minor, self.price_per)

    @property
    def difference(self) -> Totals:
        """What the totals grow by."""
        now = line_totals(self.pieces, self.value_minor, carton_of(self.row))
        new = self.substitute.totals if self.substitute is not None else Totals()
        return now + new + minus(line_sum(self.row))


def rows_of(held: Held, changes: Sequence[LineChange]) -> list[OrderLine]:
    """The lines of a sub-order that change, in the order of the changes. NotThere: one is of another. One statement."""
    rows = OrderLine.objects.in_bulk([change.line for change in changes])
    if any(change.line not in rows or rows[change.line].sub_id != held.sub.id for change in changes):
        raise NotThere("orders_line_not_there")
    return [rows[change.line] for change in changes]


def planned(held: Held, changes: Sequence[LineChange], *, lock: bool) -> list[Step]:
    """What changes make of lines. Two statements. Refused: all that is wrong; NotThere: a line of another. `lock`: the
    goods are held, because it is written at once."""
    rows = rows_of(held, changes)
    numbers = {row.good_number for row in rows if row.good_number is not None}
    numbers |= {change.substitute for change in changes if change.substitute is not None}
    offers = orderable(numbers, lock=lock)
    steps, findings = [], []
    if len({change.line for change in changes}) < len(changes):
        findings.append(error("orders_change_twice", header="line"))
    for place, (change, row) in enumerate(zip(changes, rows, strict=True), start=1):
        step = _step(held, change, row, offers)
        steps.append(step)
        findings += _findings(held, change, step, place)
    if not findings and not any(_is_other(step) for step in steps):
        findings.append(error("orders_change_of_nothing", header="pieces"))
    if findings:
        raise Refused(findings)
    return steps


def _is_other(step: Step) -> bool:
    row = step.row
    figures = (step.pieces, step.price_minor, step.price_per)
    return step.substitute is not None or figures != (row.pieces, row.price_minor, row.price_per)


def _step(held: Held, change: LineChange, row: OrderLine, offers: Mapping[int, Orderable]) -> Step:
    offer = offers.get(row.good_number) if row.good_number is not None else None
    if change.substitute is None:
        pieces = row.pieces if change.pieces is None else change.pieces
        price_minor = row.price_minor if change.price_minor is None else change.price_minor
        return Step(row, pieces, price_minor, change.price_per or row.price_per, offer)
    step = Step(row, row.handed_pieces, row.price_minor, row.price_per, offer)
    step.substitute_offer = offers.get(change.substitute)
    wish, head = _substitute(change, row), _head(held)
    if step.substitute_offer is not None and not wish_findings(wish, step.substitute_offer, head):
        step.substitute = draft_line(wish, step.substitute_offer, head)
    return step


def _head(held: Held) -> Head:
    return Head(currency=held.order.currency, collector=Collector(held.order.collector))


def _substitute(change: LineChange, row: OrderLine, place: int = 0) -> Wish:
    return Wish(
        pieces=row.pieces - row.handed_pieces if change.pieces is None else change.pieces,
        good=change.substitute,
        variant=change.variant,
        price_minor=change.price_minor,
        price_per=change.price_per or 1,
        collector=Collector(row.collector),
        mark=row.mark,
        note=row.note,
        row=place,
    )


def _findings(held: Held, change: LineChange, step: Step, place: int) -> list[Finding]:
    row = step.row
    if change.substitute is not None:
        found = list(wish_findings(_substitute(change, row, place), step.substitute_offer, _head(held)))
        offer = step.substitute_offer
        if offer is not None and offer.stall != held.sub.stall_id:
            found.append(error("orders_substitute_of_another", header="substitute", value=str(offer.number), row=place))
        return found
    found = list(figure_findings(step.pieces, step.price_minor, step.price_per, place))
    if 0 <= step.pieces < row.handed_pieces:
        details = {"handed": row.handed_pieces}
        found.append(error("orders_below_handed", header="pieces", value=str(step.pieces), row=place, details=details))
    if step.pieces > row.pieces and row.good_id is not None and (step.offer is None or not step.offer.is_listed):
        found.append(error("orders_good_not_there", header="pieces", value=str(row.good_number), row=place))
    return found


def difference_of(steps: Sequence[Step]) -> Totals:
    return sum((step.difference for step in steps), Totals())


# Writing it -----------------------------------------------------------------------------------------------------------


class Changing:
    """A planned change while it is written: `look`, `write`, and `post` as the very last. The order, the sub-order and
    the goods are held."""

    def __init__(self, held: Held, steps: Sequence[Step], *, actor: Actor, now: datetime) -> None:
        self._held, self._steps, self._actor, self._now = held, steps, actor, now
        self._at_once = held.state is not State.PLACED
        document = f"order:{held.code}"
        self._promising = Promising(actor=actor, document=document, now=now, today=localdate(now))
        self._difference = difference_of(steps)
        self._promises = {step.row.id: list(step.row.promises) for step in steps}

    def look(self) -> None:
        """Refused: it cannot be had, is too much, or less than is paid."""
        held, code = self._held, self._held.code
        for place, step in enumerate(self._steps, start=1):
            more = step.pieces - step.row.pieces
            if more > 0 and step.offer is not None:
                self._promising.take(
                    Take(step.row.id, code, step.offer, step.row.variant, more, self._at_once, row=place)
                )
            if step.substitute is not None and step.substitute_offer is not None:
                draft, offer = step.substitute, step.substitute_offer
                self._promising.take(
                    Take(step.substitute_id, code, offer, draft.variant, draft.pieces, self._at_once, row=place)
                )
        found = self._promising.look()
        add_totals(held.order, add_to_sub(held.sub, self._difference))
        found += size_findings(lines=held.order.lines, stalls=0, value_minor=held.order.value_minor)
        found += self._less_than_paid() + self._beyond_mandate()
        if found:
            raise Refused(found)

    def _less_than_paid(self) -> list[Finding]:
        sub, currency = self._held.sub, self._held.order.currency
        if sub.paid_minor <= sub.value_minor:
            return []
        details = {"paid": amount(sub.paid_minor, currency), "code": self._held.code}
        return [error("orders_change_below_paid", value=amount(sub.value_minor, currency), details=details)]

    def _beyond_mandate(self) -> list[Finding]:
        """What an agent may not do for her; the buyer herself may. NotNow: the mandate is in force no more."""
        order = self._held.order
        by_herself = order.buyer_id is not None and self._actor.organisation == order.buyer_id
        if order.mandate_id is None or by_herself or self._difference.value_minor <= 0:
            return []
        mandate = Mandate.objects.get(id=order.mandate_id)
        check_mandate(mandate, localdate(self._now))
        limit = mandate.limit_minor
        if limit is None or order.value_minor <= limit:
            return []
        details = {"limit": limit, "currency": order.currency}
        return [error("orders_beyond_mandate", value=str(order.value_minor), details=details)]

    def write(self) -> date | None:
        """The lines, the stalls' counts; the day that what is taken now is promised for, None: nothing is taken."""
        self._promising.open()
        less = [(step.row, step.row.pieces - step.pieces) for step in self._steps if step.pieces < step.row.pieces]
        moved = given_back(less) if self._at_once else self._lessened(less)
        if self._at_once and self._difference.value_minor:
            claims, debts = self._held.accounts
            moved += claimed(claims=claims, debts=debts, value_minor=self._difference.value_minor)
        self._promising.move(self._held.code, moved)
        offers = {step.offer.number: step.offer for step in self._steps if step.offer is not None}
        back = counters_of(less, offers)
        self._write_lines()
        draw(draws=self._promising.draws)
        give_back(draws=back)
        days = [taken.promised_day for taken in self._promising.taken.values() if taken.promised_day is not None]
        return max(days, default=None)

    def post(self) -> None:
        self._promising.post({}, default="amendment")

    def _lessened(self, less: Collection[tuple[OrderLine, int]]) -> list[Transfer]:
        """Of what is still pending the last promises are made smaller: voided, and what is left is promised anew."""
        if not less:
            return []
        known = standing.givers([promise for row, _ in less for promise in row.promises])
        moved: list[Transfer] = []
        for row, off in less:
            kept = self._promises[row.id]
            while off and kept:
                promise = kept.pop()
                giver, pieces = known[promise]
                moved.append(Transfer(new_id(), None, None, WHOLE, Kind.VOID, promise))
                if pieces > off:
                    smaller = Transfer(new_id(), giver, row.reserved, pieces - off, Kind.PENDING)
                    moved.append(smaller)
                    kept.append(smaller.id)
                off -= min(off, pieces)
        return moved

    def _write_lines(self) -> None:
        self._insert_substitutes()
        rows = [self._row(step) for step in self._steps]
        for step in self._steps:
            if step.substitute is not None:
                rows.append(self._substitute_row(step.substitute_id, step.substitute))
        with connection.cursor() as cursor:
            cursor.execute(_REWRITE, [list(column) for column in zip(*rows, strict=True)])

    def _insert_substitutes(self) -> None:
        held = self._held
        news = [(step.substitute_id, step.substitute) for step in self._steps if step.substitute is not None]
        if not news:
            return
        last = OrderLine.objects.filter(order=held.order).aggregate(last=Max("position"))["last"] or 0
        order, sub, agent = held.order.id, held.sub.id, held.order.agent_id
        insert_lines(
            [
                line_row(draft, id=id, order=order, sub=sub, position=last + place, agent=agent)
                for place, (id, draft) in enumerate(news, start=1)
            ]
        )

    def _row(self, step: Step) -> tuple[object, ...]:
        row, offer = step.row, step.offer
        taken = self._promising.taken.get(row.id)
        promises = [*self._promises[row.id], *(taken.promises if taken is not None else ())]
        listed = row.list_price_minor
        if offer is not None and step.pieces:
            listed = listed_price(offer, row.variant, step.pieces, self._held.order.currency)
        promised = taken.promised_day if taken is not None else None
        days = [day for day in (row.promised_day, promised) if day is not None]
        return (
            *(row.id, step.pieces, step.price_minor, step.price_per, listed, step.value_minor),
            max(row.cancelled_pieces + row.pieces - step.pieces, 0),  # what is asked for again is not cancelled
            ",".join(map(str, promises)),
            max(days, default=None),
            row.shelf or (taken.shelf if taken is not None else None),
            row.reserved or (taken.reserved if taken is not None else None),
        )

    def _substitute_row(self, id: uuid.UUID, draft: LineDraft) -> tuple[object, ...]:
        taken = self._promising.taken[id]
        return (
            *(id, draft.pieces, draft.price_minor, draft.price_per, draft.list_price_minor, draft.value_minor, 0),
            ",".join(map(str, taken.promises)),
            *(taken.promised_day, taken.shelf, taken.reserved),
        )


_REWRITE: Final = """
UPDATE orders_orderline AS line SET pieces = now.pieces, price_minor = now.price_minor, price_per = now.price_per,
  list_price_minor = now.list_price_minor, value_minor = now.value_minor, cancelled_pieces = now.cancelled_pieces,
  promises = coalesce(string_to_array(nullif(now.promises, ''), ',')::uuid[], '{}'), promised_day = now.promised_day,
  shelf = now.shelf, reserved = now.reserved, version = line.version + 1
FROM unnest(%s::uuid[], %s::int[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::int[], %s::text[],
  %s::date[], %s::uuid[], %s::uuid[])
  AS now(id, pieces, price_minor, price_per, list_price_minor, value_minor, cancelled_pieces, promises, promised_day,
    shelf, reserved)
WHERE line.id = now.id
"""
