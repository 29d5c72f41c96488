"""An order is placed: out of a basket, or at once.

Everything that is wrong is told together, and then nothing is done. What is right is written in one transaction: the
order, its sub-orders, lines and timeline; what it takes from shelves and weeks, in the ledger and in the stalls' own
counts; an entry of the audit log; what the stalls are told. As many statements for one line as for 5,000.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import placing_rows
from sundry.goods.orders.checks import good_numbers, head_findings, size_findings, wish_findings
from sundry.goods.orders.drafting import draft_described, draft_line
from sundry.goods.orders.errors import NotNow, Refused
from sundry.goods.orders.models import Order, OrderLine
from sundry.goods.orders.order_rules import Carton, Collector, Head, OrderState, Placed, Wish
from sundry.goods.orders.placing import Entry, Placing
from sundry.goods.orders.placing_known import Known, Quoted, known, quotation_finding
from sundry.goods.orders.writing import Buying, buying, held_order
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id


def place_wishes(
    *,
    actor: Actor,
    head: Head,
    wishes: Sequence[Wish],
    mandate: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> Placed:
    """A new order, placed at once. The same `key` again: the same answer, and nothing is done.

    Refused: all that is wrong with it. NotThere, NotNow: a mandate that is not hers, or not in force; another's key.
    """
    _check_size(len(wishes))
    today = localdate(now)
    with transaction.atomic():
        who = buying(actor=actor, mandate=mandate, day=today)
        head = who.said(replace(head, name=clean(head.name), note=clean(head.note, lines=True)))
        offers = orderable(good_numbers(wishes), lock=True)
        described = {wish.stall for wish in wishes if wish.good is None and wish.stall is not None}
        stalls = orderable_stalls(described)
        seen = known(
            stalls={one.stall for one in offers.values()} | {one.id for one in stalls.values()},
            quoted=_together((wish.quotation_line, wish.pieces) for wish in wishes),
            key=key,
        )
        if seen.earlier is not None:
            return seen.earlier.again(actor.organisation, wishes, head.currency)
        placing = Placing(actor=actor, who=who, head=head, seen=seen, order=new_id(), number=seen.number, now=now)
        findings = list(head_findings(head))
        for row, wish in enumerate(wishes, start=1):
            offer = offers.get(wish.good) if wish.good is not None else None
            stall = stalls.get(wish.stall) if wish.stall is not None else None
            of = offer.stall if offer is not None else stall.id if stall is not None else None
            quoted, asked, wrong = _as_quoted(wish, seen, head, actor.organisation, None, of, today)
            wrong += wish_findings(asked, offer, head, stall=stall)
            if wrong:
                findings += (one if one.row else replace(one, row=row) for one in wrong)
            elif offer is not None:
                placing.add(Entry(new_id(), draft_line(asked, offer, head), offer, quoted, wish.row or row))
            elif stall is not None:
                placing.add(Entry(new_id(), draft_described(asked, stall, head), None, quoted, wish.row or row))
        _promise(placing, findings)
        placed = placing.placed()
        if not placing_rows.insert(**placing.rows(key)):  # somebody with the same key was faster by a moment
            transaction.set_rollback(True)
        else:
            placing.finish()
            return placed
    return _again(actor, key, wishes, head.currency)


def place(*, actor: Actor, order: int, version: int | None, key: uuid.UUID | None, now: datetime) -> Placed:
    """A basket becomes an order, at the prices that stand in it. The same `key` again: the same answer.

    Refused: all that is wrong with it by now, by the row of its lines. NotThere; NotNow: it is placed; Stale.
    """
    today = localdate(now)
    with transaction.atomic():
        row = held_order(actor=actor, number=order)
        if row.state != OrderState.DRAFT.value:
            if key is not None and row.key == key:
                return _again(actor, key)
            raise NotNow("orders_order_is_placed", number=order)
        if version is not None and version != row.version:
            held_order(actor=actor, number=order, version=version)  # says who was faster
        who = _who(actor, row, now)
        lines = list(OrderLine.objects.filter(order=row).order_by("position").values(*_LINE))
        _check_size(len(lines))
        numbers = {line["good_number"] for line in lines if line["good_number"] is not None}
        offers = orderable(numbers, lock=True)
        stalls = orderable_stalls({line["sub__stall__number"] for line in lines if line["good_number"] is None})
        seen = known(
            stalls={line["sub__stall_id"] for line in lines},
            quoted=_together((line["quotation_line_id"], line["pieces"]) for line in lines),
            key=key,
        )
        if seen.earlier is not None and seen.earlier.id != row.id:
            raise NotNow("orders_key_taken")
        head = Head(row.currency, row.name, row.destination, row.port, Collector(row.collector), row.note)
        placing = Placing(actor=actor, who=who, head=head, seen=seen, order=row.id, number=order, now=now)
        findings: list[Finding] = []
        for line in lines:
            wish = _wish(line)
            offer = offers.get(wish.good) if wish.good is not None else None
            stall = stalls.get(wish.stall) if wish.stall is not None else None
            quoted, asked, wrong = _as_quoted(
                wish, seen, head, actor.organisation, row.id, line["sub__stall_id"], today
            )
            wrong += wish_findings(asked, offer, head, stall=stall)
            findings += wrong
            if wrong:
                continue
            if offer is not None:
                draft = draft_line(asked, offer, head)
            else:
                assert stall is not None  # or there was a finding
                draft = draft_described(asked, stall, head)
            placing.add(Entry(line["id"], draft, offer, quoted, wish.row), **_of_basket(line))
        _promise(placing, findings)
        placing_rows.place(**placing.rows(key))
        placing.finish()
        return placing.placed()


_LINE = (
    *(
        "id",
        "sub_id",
        "sub__position",
        "sub__version",
        "sub__stall_id",
        "sub__stall__number",
        "position",
        "pieces",
        "good_number",
    ),
    *("variant", "names", "language", "item_number", "unit", "price_minor", "price_per", "carton_pieces"),
    *("carton_length_mm", "carton_width_mm", "carton_height_mm", "carton_gross_g", "carton_net_g", "hs_code"),
    *("collector", "mark", "note", "photo", "quotation_line_id"),
)


def _of_basket(line: Mapping[str, Any]) -> dict[str, Any]:
    return {"sub": line["sub_id"], "position": line["sub__position"], "version": line["sub__version"] + 1}


def _wish(line: Mapping[str, object]) -> Wish:
    """A line of a basket, as it was asked for."""
    given: dict[str, object] = {name: line[name] for name in _AS_THEY_ARE}
    carton = Carton(*(line[f"carton_{name}"] for name in _CARTON))  # type: ignore[arg-type]
    given |= {"good": line["good_number"], "collector": Collector(str(line["collector"])), "carton": carton}
    given |= {"quotation_line": line["quotation_line_id"], "row": line["position"]}
    if line["good_number"] is None:
        given["stall"] = line["sub__stall__number"]
    return Wish(**given)  # type: ignore[arg-type]


_AS_THEY_ARE = (
    *("pieces", "variant", "names", "language", "item_number", "unit", "price_minor", "price_per", "hs_code"),
    *("mark", "note", "photo"),
)
_CARTON = ("pieces", "length_mm", "width_mm", "height_mm", "gross_g", "net_g")


def _check_size(lines: int) -> None:
    if not lines:
        raise Refused([error("orders_nothing_wanted")])
    if findings := size_findings(lines=lines, stalls=0):
        raise Refused(findings)


def _together(lines: Iterable[tuple[uuid.UUID | None, int]]) -> Mapping[uuid.UUID, int]:
    """How many pieces name each quoted line, all lines of the order together."""
    found: Counter[uuid.UUID] = Counter()
    for quoted, pieces in lines:
        if quoted is not None:
            found[quoted] += pieces
    return found


def _as_quoted(
    wish: Wish,
    seen: Known,
    head: Head,
    organisation: uuid.UUID | None,
    order: uuid.UUID | None,
    stall: uuid.UUID | None,
    today: date,
) -> tuple[Quoted | None, Wish, list[Finding]]:
    """The line of the quotation, the wish at its price where none is named, and what is wrong with that."""
    if wish.quotation_line is None:
        return None, wish, []
    quoted = seen.quoted.get(wish.quotation_line)
    found = quotation_finding(
        wish, quoted, currency=head.currency, organisation=organisation, order=order, stall=stall, today=today
    )
    if found is not None or quoted is None:
        return None, wish, [found] if found else []
    if wish.price_minor is None:
        wish = replace(wish, price_minor=quoted.price_minor, price_per=quoted.price_per)
    return quoted, wish, []


def _promise(placing: Placing, findings: list[Finding]) -> None:
    """What can be had is taken; Refused: something cannot, or something was wrong before."""
    findings += placing.look()
    if findings:
        raise Refused(sorted(findings, key=lambda one: one.row))
    placing.take()


def _who(actor: Actor, row: Order, now: datetime) -> Buying:
    """Who buys by a basket; an agent's mandate must still be in force."""
    if row.mandate_id is not None and actor.organisation == row.agent_id:
        return buying(actor=actor, mandate=row.mandate_id, day=localdate(now))
    return Buying(row.buyer_id, row.agent_id, row.mandate_id)


def _again(actor: Actor, key: uuid.UUID | None, wishes: Sequence[Wish] | None = None, currency: str = "") -> Placed:
    """What was placed by this key before. NotNow: another order than this."""
    earlier = known(stalls=(), quoted={}, key=key).earlier
    assert earlier is not None
    return earlier.again(actor.organisation, wishes, currency)
