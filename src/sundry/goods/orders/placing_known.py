"""What placing an order has to know beside the goods: the terms of its stalls, what was quoted, its number, and whether
the same key has placed one before. One statement.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sundry.base.access.prepared import run
from sundry.goods.orders.checks import shown
from sundry.goods.orders.enquiry_rules import QuotationState
from sundry.goods.orders.errors import NotNow
from sundry.goods.orders.order_rules import Placed, Wish
from sundry.kernel.findings import Finding, error

_KNOWN: Final = """
SELECT nextval('order_number'),
  (SELECT json_agg(json_build_array(stall_id, deposit_stock_bp, deposit_made_bp, confirms_stock))
    FROM orders_stallterms WHERE stall_id = ANY(%(stalls)s::uuid[])),
  (SELECT json_agg(json_build_array(line.id, quotation.number, quotation.state, quotation.valid_until,
      quotation.currency, quotation.stall_id, quotation.buyer_id, quotation.agent_id, quotation.lead_time_days,
      quotation.deposit_bp, quotation.order_id, line.good_number, line.variant, line.price_per, line.ladder_quantities,
      line.ladder_prices_minor))
    FROM orders_quotationline AS line JOIN orders_quotation AS quotation ON quotation.id = line.quotation_id
    WHERE line.id = ANY(%(quoted)s::uuid[])),
  (SELECT json_build_array(id, number,
      ARRAY(SELECT position FROM orders_suborder WHERE order_id = orders_order.id ORDER BY position),
      value_minor, currency, buyer_id, agent_id, version, pieces,
      ARRAY(SELECT COALESCE(good_number, 0) FROM orders_orderline WHERE order_id = orders_order.id ORDER BY 1))
    FROM orders_order WHERE key = %(key)s)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a stall asks of every order."""

    deposit_stock_bp: int = 0
    deposit_made_bp: int = 3_000
    confirms_stock: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line of a quotation, and what its quotation says."""

    quotation: int
    state: QuotationState
    valid_until: date | None
    currency: str
    stall: uuid.UUID
    parties: frozenset[uuid.UUID]
    lead_time_days: int | None
    deposit_bp: int
    order: uuid.UUID | None  # in which it was accepted
    good: int | None
    variant: uuid.UUID | None
    price_per: int
    steps: tuple[tuple[int, int], ...]
    wanted: int  # pieces of all lines of the order that name it, as of several variants

    @property
    def price_minor(self) -> int | None:
        """The price for so many as are wanted; None: fewer than were quoted."""
        return next((price for quantity, price in reversed(self.steps) if quantity <= self.wanted), None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The order that the same key has placed."""

    id: uuid.UUID
    number: int
    positions: tuple[int, ...]
    value_minor: int
    currency: str
    parties: frozenset[uuid.UUID]
    version: int
    pieces: int
    goods: tuple[int, ...]  # a number a line, 0 of what is in no catalogue

    def again(self, organisation: uuid.UUID | None, wishes: Sequence[Wish] | None = None, currency: str = "") -> Placed:
        """The same answer. NotNow: somebody else's key, or one that has placed another order than `wishes`: told apart
        by goods, pieces and currency while nothing of it was changed since."""
        if organisation not in self.parties:
            raise NotNow("orders_key_taken")
        if wishes is not None and self.version == 1:
            goods = tuple(sorted(wish.good or 0 for wish in wishes))
            asked = (goods, sum(wish.pieces for wish in wishes), currency)
            if asked != (self.goods, self.pieces, self.currency):
                raise NotNow("orders_key_taken")
        codes = tuple(f"{self.number}-{position}" for position in self.positions)
        return Placed(self.number, codes, self.value_minor, self.currency, again=True)


@dataclass(frozen=True, slots=True)
class Known:
    number: int
    terms: Mapping[uuid.UUID, Terms]
    quoted: Mapping[uuid.UUID, Quoted]
    earlier: Earlier | None

    def terms_of(self, stall: uuid.UUID) -> Terms:
        return self.terms.get(stall, USUAL)


USUAL: Final = Terms()
_HOLDING: Final = frozenset({QuotationState.SENT, QuotationState.ACCEPTED})


def known(*, stalls: Collection[uuid.UUID], quoted: Mapping[uuid.UUID, int], key: uuid.UUID | None) -> Known:
    """`quoted`: how many pieces name which line of a quotation."""
    values = {"stalls": list(stalls), "quoted": list(quoted), "key": key}
    row = run(_KNOWN, values).fetchone()
    assert row is not None
    number, terms, lines, earlier = row
    return Known(
        number,
        {uuid.UUID(stall): Terms(*rest) for stall, *rest in terms or ()},
        {(id_ := uuid.UUID(line)): _quoted(rest, quoted[id_]) for line, *rest in lines or ()},
        _earlier(*earlier) if earlier else None,
    )


def _earlier(
    id_: str,
    number: int,
    positions: list[int],
    value_minor: int,
    currency: str,
    buyer: str | None,
    agent: str | None,
    version: int,
    pieces: int,
    goods: list[int],
) -> Earlier:
    parties = _ids((buyer, agent))
    return Earlier(
        uuid.UUID(id_), number, tuple(positions), value_minor, currency, parties, version, pieces, tuple(goods)
    )


def _quoted(row: list[Any], wanted: int) -> Quoted:
    number, state, until, currency, stall, buyer, agent, lead, deposit_bp, *of_line = row
    order, good, variant, price_per, *ladder = of_line
    return Quoted(
        quotation=number,
        state=QuotationState(state),
        valid_until=None if until is None else date.fromisoformat(until),
        currency=currency,
        stall=uuid.UUID(stall),
        parties=_ids((buyer, agent)),
        lead_time_days=lead,
        deposit_bp=deposit_bp,
        order=None if order is None else uuid.UUID(order),
        good=good,
        variant=None if variant is None else uuid.UUID(variant),
        price_per=price_per,
        steps=tuple(zip(*ladder, strict=True)),
        wanted=wanted,
    )


def _ids(ids: Collection[str | None]) -> frozenset[uuid.UUID]:
    return frozenset(uuid.UUID(one) for one in ids if one is not None)


def quotation_finding(
    wish: Wish,
    quoted: Quoted | None,
    *,
    currency: str,
    organisation: uuid.UUID | None,
    order: uuid.UUID | None,
    stall: uuid.UUID | None,
    today: date,
) -> Finding | None:
    """Why a line of `stall` cannot be had as it was quoted; None: it can. What was accepted in time may be ordered
    later in the `order` into which it was accepted: any other is as late as if nobody had."""
    if (
        quoted is None
        or organisation not in quoted.parties
        or stall not in (None, quoted.stall)
        or quoted.good != wish.good
        or quoted.variant not in (None, wish.variant)
    ):
        return error("orders_quotation_not_there", header="quotation_line", row=wish.row)
    told: dict[str, Any] = {"header": "quotation_line", "value": str(quoted.quotation), "row": wish.row}
    expired = quoted.valid_until is not None and quoted.valid_until < today
    is_kept = quoted.state is QuotationState.ACCEPTED and order is not None and quoted.order == order
    if quoted.state is QuotationState.EXPIRED or (quoted.state in _HOLDING and expired and not is_kept):
        return error("orders_quotation_expired", details={"day": str(quoted.valid_until)}, **told)
    if quoted.state not in _HOLDING:
        return error("orders_quotation_over", **told)
    if quoted.currency != currency:
        details: dict[str, Any] = {"quoted": quoted.currency, "currency": shown(currency)}
        return error("orders_quotation_currency", details=details, **told)
    if quoted.price_minor is None:
        details = {"minimum": quoted.steps[0][0]}
        return error("orders_below_minimum", header="pieces", value=str(quoted.wanted), row=wish.row, details=details)
    return None
