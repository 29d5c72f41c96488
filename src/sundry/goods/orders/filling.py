"""Lines on their way into a basket, and their figures when they change there, all together or not at all.

Whoever calls holds the order. The order's and the sub-orders' totals grow by what the lines add; no other line is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max, Q

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.checks import good_numbers, size_findings, wish_findings
from sundry.goods.orders.drafting import LineDraft, deposit_bp, draft_described, draft_line
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.models import Order, OrderLine, StallTerms, SubOrder
from sundry.goods.orders.order_rules import Collector, Head, Supply, Totals, Wish, line_totals
from sundry.goods.orders.quoted_prices import QuotedPrices
from sundry.goods.orders.viewing import carton_of
from sundry.goods.orders.writing import (
    WITH_TOTALS,
    add_to_sub,
    add_totals,
    collecting,
    insert_lines,
    line_row,
    minus,
    save_subs,
    touch,
)
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import new_id

_Key = tuple[object, ...]


def check(findings: Sequence[Finding]) -> None:
    """Refused: there are some."""
    if findings:
        raise Refused(findings)


def head_of(held: Order) -> Head:
    """As far as lines are concerned."""
    return Head(currency=held.currency, collector=Collector(held.collector))


def fill(held: Order, wishes: Sequence[Wish], actor: Actor, now: datetime) -> None:
    """Put lines into a basket that is held. Refused: all that is wrong with them."""
    head = head_of(held)
    prices = QuotedPrices(held, [(None, wish) for wish in wishes])
    wishes, wrong = prices.wishes()
    check(wrong)
    refigure(held, following(prices), actor, now)
    offers, stalls = offered(wishes)
    lying = _lying(held, good_numbers(wishes))
    wanted = _combined(wishes, lying, head)
    drafts = drafted([wish for wish, _ in wanted], offers, stalls, head)
    news = [draft for draft, (_, line) in zip(drafts, wanted, strict=True) if line is None]
    olds = [
        (replace(draft, carton=carton_of(line)), line)  # as it lies there: what it adds is known by it
        for draft, (_, line) in zip(drafts, wanted, strict=True)
        if line is not None
    ]
    subs = _subs(held, news, [line.sub_id for _, line in olds])
    more: dict[uuid.UUID, Totals] = {}
    rows = []
    last = OrderLine.objects.filter(order=held).aggregate(last=Max("position"))["last"] or 0
    for position, draft in enumerate(news, start=last + 1):
        sub = subs[draft.stall]
        more[sub.id] = more.get(sub.id, Totals()) + draft.totals
        rows.append(line_row(draft, id=new_id(), order=held.id, sub=sub.id, position=position, agent=held.agent_id))
    for draft, line in olds:
        more[line.sub_id] = more.get(line.sub_id, Totals()) + draft.totals + minus(line_sum(line))
    grow(held, {sub.id: sub for sub in subs.values()}, more, actor, now)
    insert_lines(rows)
    _rewrite(olds, held)


def offered(wishes: Sequence[Wish]) -> tuple[Mapping[int, Orderable], Mapping[int, OrderableStall]]:
    """(goods, stalls) that lines ask for, by their numbers. At most two statements."""
    described = {wish.stall for wish in wishes if wish.good is None and wish.stall is not None}
    return orderable(good_numbers(wishes), lock=False), orderable_stalls(described)


def drafted(
    wishes: Sequence[Wish], offers: Mapping[int, Orderable], stalls: Mapping[int, OrderableStall], head: Head
) -> list[LineDraft]:
    """Lines of what is asked for. Refused: all that is wrong with them."""
    found: list[Finding] = []
    drafts = []
    for wish in wishes:
        offer = offers.get(wish.good) if wish.good is not None else None
        stall = stalls.get(wish.stall) if wish.stall is not None else None
        wrong = wish_findings(wish, offer, head, stall=stall)
        found += wrong
        if wrong:
            continue
        if offer is not None:
            drafts.append(draft_line(wish, offer, head))
        elif stall is not None:
            drafts.append(draft_described(wish, stall, head))
    check(found)
    return drafts


def _lying(held: Order, goods: Collection[int]) -> dict[_Key, OrderLine]:
    """The lines of these goods in the basket, by what makes another the same line. One statement."""
    if not goods or not held.lines:
        return {}
    lying: dict[_Key, OrderLine] = {}
    for line in OrderLine.objects.filter(order=held, good_number__in=goods).order_by("-position"):
        price = (line.price_minor, line.price_per)
        rest = (line.good_number, line.variant, line.collector, line.mark, line.quotation_line_id)
        lying[(*rest, price)] = line
        if price == (line.list_price_minor, 1):
            lying[(*rest, None)] = line
    return lying


def _combined(
    wishes: Sequence[Wish], lying: Mapping[_Key, OrderLine], head: Head
) -> list[tuple[Wish, OrderLine | None]]:
    """Each thing once, with the pieces of all that ask for it, and the line of it that lies there already."""
    told: dict[_Key, tuple[Wish, OrderLine | None]] = {}
    for index, wish in enumerate(wishes):
        key = _key(wish, head) if wish.good is not None and wish.pieces > 0 else (index,)
        before = told.get(key)
        line = before[1] if before else lying.get(key)
        first = before[0] if before else wish
        pieces = wish.pieces + (before[0].pieces if before else line.pieces if line else 0)
        note = wish.note or first.note or (line.note if line else "")
        told[key] = (replace(first, pieces=pieces, note=note), line)
    return list(told.values())


def _key(wish: Wish, head: Head) -> _Key:
    price = None if wish.price_minor is None else (wish.price_minor, wish.price_per)
    collector = (wish.collector or head.collector).value
    return wish.good, wish.variant, collector, clean(wish.mark), wish.quotation_line, price


def line_sum(line: OrderLine) -> Totals:
    """What a line adds as it is kept."""
    return line_totals(line.pieces, line.value_minor, carton_of(line))


def _subs(held: Order, news: Sequence[LineDraft], also: Sequence[uuid.UUID]) -> dict[uuid.UUID, SubOrder]:
    """The sub-orders of these lines by their stalls, those that are not there yet made; and the ones of `also`. Three
    statements, two where no stall is new. Of a stall that is here for the first time its terms hold."""
    wanted = {draft.stall: draft for draft in news}
    known = Q(stall__in=list(wanted)) | Q(id__in=list(also))
    subs = {sub.stall_id: sub for sub in SubOrder.objects.filter(known, order=held)}
    check(size_findings(lines=0, stalls=held.stalls + len(wanted.keys() - subs.keys())))
    supplies: dict[uuid.UUID, set[Supply]] = {}
    for draft in news:
        supplies.setdefault(draft.stall, set()).add(draft.supply)
    terms = {row.stall_id: row for row in StallTerms.objects.filter(stall__in=list(wanted))} if wanted else {}
    made = []
    last = 0
    if wanted.keys() - subs.keys():
        last = SubOrder.objects.filter(order=held).aggregate(last=Max("position"))["last"] or 0
    for stall, draft in wanted.items():
        asks = terms.get(stall) or StallTerms(stall_id=stall)
        bp = deposit_bp(supplies[stall], stock_bp=asks.deposit_stock_bp, made_bp=asks.deposit_made_bp)
        if stall in subs:
            subs[stall].deposit_bp = max(subs[stall].deposit_bp, bp)
            continue
        last += 1
        sub = SubOrder(order=held, position=last, stall_id=stall, seller_id=draft.seller, deposit_bp=bp)
        made.append(sub)
        subs[stall] = sub
    SubOrder.objects.bulk_create(made)
    held.stalls += len(made)
    return subs


def grow(
    held: Order, subs: Mapping[uuid.UUID, SubOrder], more: Mapping[uuid.UUID, Totals], actor: Actor, now: datetime
) -> None:
    """Add what lines add to their sub-orders, and that to the order. Two statements."""
    for id, totals in more.items():
        add_totals(held, add_to_sub(subs[id], totals))
    check(size_findings(lines=held.lines, stalls=held.stalls, value_minor=held.value_minor))
    save_subs([subs[id] for id in more], actor, now)
    touch(held, actor, now)
    held.save(update_fields=["stalls", *WITH_TOTALS])


def refigure(held: Order, lines: Sequence[tuple[OrderLine, Wish]], actor: Actor, now: datetime) -> None:
    """Write lines of a basket that is held as they are wished for now, and those beside them that are quoted together
    with them. Refused: all that is wrong with them."""
    if not lines:
        return
    prices = QuotedPrices(held, lines)
    wishes, wrong = prices.wishes()
    check(wrong)
    more_lines = following(prices)
    lines, wishes = [*lines, *more_lines], [*wishes, *(wish for _, wish in more_lines)]
    drafts = drafted(wishes, *offered(wishes), head_of(held))
    changed = [(replace(draft, carton=carton_of(row)), row) for draft, (row, _) in zip(drafts, lines, strict=True)]
    more: dict[uuid.UUID, Totals] = {}
    for draft, row in changed:
        more[row.sub_id] = more.get(row.sub_id, Totals()) + draft.totals + minus(line_sum(row))
    grow(held, {row.sub_id: row.sub for row, _ in lines}, more, actor, now)
    _rewrite(changed, held)


def following(prices: QuotedPrices) -> list[tuple[OrderLine, Wish]]:
    """Lines beside others that are quoted together with them, at the price that they have now."""
    return [(row, replace(as_wished(row), price_minor=price_minor)) for row, price_minor in prices.followers()]


def as_wished(row: OrderLine) -> Wish:
    """What a line that lies there asks for; at the listed price it names none. `row.sub.stall` is read."""
    is_good = row.good_number is not None
    at_list = (
        is_good and row.quotation_line_id is None and (row.price_minor, row.price_per) == (row.list_price_minor, 1)
    )
    return Wish(
        pieces=row.pieces,
        good=row.good_number,
        variant=row.variant,
        stall=None if is_good else row.sub.stall.number,
        names={} if is_good else row.names,
        language=row.language,
        item_number="" if is_good else row.item_number,
        unit=row.unit,
        price_minor=None if at_list else row.price_minor,
        price_per=1 if at_list else row.price_per,
        hs_code=row.hs_code,
        collector=Collector(row.collector),
        mark=row.mark,
        note=row.note,
        photo="" if is_good else row.photo,
        quotation_line=row.quotation_line_id,
        row=row.position,
    )


_REWRITE: Final = """
UPDATE orders_orderline AS line SET pieces = now.pieces, price_minor = now.price_minor, price_per = now.price_per,
  list_price_minor = now.list_price_minor, value_minor = now.value_minor, collector = now.collector,
  collecting_id = now.collecting, note = now.note, version = line.version + 1
FROM unnest(%s::uuid[], %s::int[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::uuid[],
  %s::text[])
  AS now(id, pieces, price_minor, price_per, list_price_minor, value_minor, collector, collecting, note)
WHERE line.id = now.id
"""


def _rewrite(lines: Sequence[tuple[LineDraft, OrderLine]], held: Order) -> None:
    """The figures, the note and the collector of lines. One statement."""
    if lines:
        rows = [
            (
                *(row.id, one.pieces, one.price_minor, one.price_per, one.list_price_minor, one.value_minor),
                *(one.collector.value, collecting(one.collector, held.agent_id, one.seller), one.note),
            )
            for one, row in lines
        ]
        with connection.cursor() as cursor:
            cursor.execute(_REWRITE, [list(column) for column in zip(*rows, strict=True)])


def delete_rows(table: str, ids: Sequence[uuid.UUID]) -> None:
    """Rows that nothing names: Django would ask every table that might."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])
