"""An order while it is placed: its lines by stall, what they take, what is written, who is told.

Problem: the same is done for a basket that was filled for a week and for a list that comes at once, for one line and
for 5,000. Therefore both give their lines to a `Placing`, which sorts them into sub-orders, asks `promising` whether
they can be had, and says what rows that makes. It decides nothing about what may be asked for (`checks` does).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.base.notifications.actions import notify
from sundry.base.notifications.rules import Notice
from sundry.base.webhooks.actions import announce_many
from sundry.base.webhooks.rules import Announcement
from sundry.goods.catalogue.actions_stock import draw
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.orders import events
from sundry.goods.orders.checks import size_findings
from sundry.goods.orders.drafting import LineDraft
from sundry.goods.orders.operations import ORDER_PLACE
from sundry.goods.orders.order_rules import (
    EventKind,
    Head,
    OrderState,
    Placed,
    Side,
    State,
    Supply,
    Totals,
    deposit_of,
)
from sundry.goods.orders.placing_known import Known, Quoted
from sundry.goods.orders.placing_rows import Row, event_row, line_columns, text, total_columns
from sundry.goods.orders.promising import Promising, Take, claimed
from sundry.goods.orders.telling import sub_data, told_codes
from sundry.goods.orders.trade_limits import trade_limits
from sundry.goods.orders.writing import Buying, collecting
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the order. `offer` None: it is of no catalogue."""

    id: uuid.UUID
    draft: LineDraft
    offer: Orderable | None
    quoted: Quoted | None
    row: int  # for messages

    @property
    def is_as_listed(self) -> bool:
        """Whether it is of counted stock, at the stall's own price or above it."""
        draft = self.draft
        if self.offer is None or draft.supply is not Supply.STOCK or self.offer.counter(draft.variant)[1] is None:
            return False
        listed, per = draft.list_price_minor, 1
        if self.quoted is not None:
            listed, per = self.quoted.price_minor, self.quoted.price_per
        return listed is not None and draft.price_minor * per >= listed * draft.price_per


@dataclass(slots=True)
class Part:
    """A sub-order."""

    id: uuid.UUID
    position: int
    code: str
    stall: uuid.UUID
    seller: uuid.UUID
    version: int
    entries: list[Entry] = field(default_factory=list)
    at_once: bool = False  # its stall confirms what lies on the shelf
    deposit_bp: int = 0
    totals: Totals = field(default_factory=Totals)
    promised_day: date | None = None


class Placing:
    def __init__(
        self, *, actor: Actor, who: Buying, head: Head, seen: Known, order: uuid.UUID, number: int, now: datetime
    ) -> None:
        self._actor, self._who, self._head, self._seen, self._now = actor, who, head, seen, now
        self._order, self._number = order, number
        self._parts: dict[uuid.UUID, Part] = {}  # by stall
        self._positions: dict[uuid.UUID, int] = {}  # of the lines, as they came
        self._totals = Totals()
        today = localdate(now)
        self._answer_within = trade_limits(today).answer_within
        document = f"order:{number}"
        self._promising = Promising(actor=actor, document=document, now=now, today=today)

    def add(self, entry: Entry, *, sub: uuid.UUID | None = None, position: int | None = None, version: int = 1) -> None:
        """`sub`, `position`, `version`: of the sub-order in the basket, and what its version becomes."""
        draft = entry.draft
        part = self._parts.get(draft.stall)
        if part is None:
            place = len(self._parts) + 1 if position is None else position
            part = Part(sub or new_id(), place, f"{self._number}-{place}", draft.stall, draft.seller, version)
            self._parts[draft.stall] = part
        part.entries.append(entry)
        self._positions[entry.id] = len(self._positions) + 1

    def look(self) -> list[Finding]:
        """What of it cannot be had, or is too much."""
        for part in self._parts.values():
            self._look_at(part)
        self._totals = sum((part.totals for part in self._parts.values()), Totals())
        lines = sum(len(part.entries) for part in self._parts.values())
        findings = list(size_findings(lines=lines, stalls=len(self._parts), value_minor=self._totals.value_minor))
        findings += self._beyond_mandate()
        return findings + self._promising.look()

    def _look_at(self, part: Part) -> None:
        terms = self._seen.terms_of(part.stall)
        part.at_once = terms.confirms_stock and all(entry.is_as_listed for entry in part.entries)
        quoted = [entry.quoted.deposit_bp for entry in part.entries if entry.quoted is not None]
        made = any(entry.draft.supply is Supply.MADE for entry in part.entries)
        part.deposit_bp = max(quoted) if quoted else terms.deposit_made_bp if made else terms.deposit_stock_bp
        totals = sum((entry.draft.totals for entry in part.entries), Totals())
        part.totals = totals + Totals(deposit_minor=deposit_of(totals.value_minor, part.deposit_bp))
        for entry in part.entries:
            if entry.offer is not None:
                self._promising.take(self._take(part, entry, entry.offer))

    def _take(self, part: Part, entry: Entry, offer: Orderable) -> Take:
        draft = entry.draft
        lead = entry.quoted.lead_time_days if entry.quoted is not None else None
        return Take(
            entry.id, part.code, offer, draft.variant, draft.pieces, part.at_once, lead_time_days=lead, row=entry.row
        )

    def _beyond_mandate(self) -> list[Finding]:
        limit, currency = self._who.limit_minor, self._who.currency
        if limit is None:
            return []
        if currency != self._head.currency:
            return [error("orders_mandate_currency", value=self._head.currency, details={"currency": currency})]
        if self._totals.value_minor > limit:
            details = {"limit": limit, "currency": currency}
            return [error("orders_beyond_mandate", value=str(self._totals.value_minor), details=details)]
        return []

    def take(self) -> None:
        """The accounts of all that it takes are there, and every line knows its day."""
        debtor = self._who.buyer or self._who.agent
        assert debtor is not None  # an order is of somebody
        for part in self._parts.values():
            currency = self._head.currency
            self._promising.owe(code=part.code, debtor=debtor, creditor=part.seller, currency=currency)
        self._promising.open()
        for part in self._parts.values():
            days = [self._promising.taken[one.id].promised_day for one in part.entries if one.offer is not None]
            part.promised_day = max((day for day in days if day is not None), default=None)

    def rows(self, key: uuid.UUID | None) -> dict[str, Any]:
        """What is written: order, subs, lines and events, as `placing_rows` takes them."""
        parts = list(self._parts.values())
        lines: list[Row] = []
        for part in parts:
            lines += [self._line_row(part, entry) for entry in part.entries]
        return {
            "order": self._order_row(key),
            "subs": [self._sub_row(part) for part in parts],
            "lines": lines,
            "events": self._event_rows(parts),
        }

    def _order_row(self, key: uuid.UUID | None) -> Row:
        who, head, at = self._who, self._head, self._now.isoformat()
        return {
            "id": str(self._order),
            "number": self._number,
            "buyer_id": who.buyer,
            "agent_id": who.agent,
            "mandate_id": who.mandate,
            "person_id": self._actor.person,
            "state": OrderState.OPEN.value,
            "currency": head.currency,
            "name": head.name,
            "destination": head.destination,
            "port": head.port,
            "collector": head.collector.value,
            "note": head.note,
            "stalls": len(self._parts),
            "key": key,
            "version": 1,
            "made_at": at,
            "placed_at": at,
            "changed_at": at,
            "changed_by_id": self._actor.person,
            **total_columns(self._totals),
        }

    def _sub_row(self, part: Part) -> Row:
        at = self._now.isoformat()
        claims, debts = self._promising.accounts[part.code]
        day = part.promised_day and part.promised_day.isoformat()
        return {
            "id": str(part.id),
            "order_id": str(self._order),
            "position": part.position,
            "stall_id": str(part.stall),
            "seller_id": str(part.seller),
            "state": (State.CONFIRMED if part.at_once else State.PLACED).value,
            "deposit_bp": part.deposit_bp,
            "promised_day": day,
            "first_promised_day": day if part.at_once else None,
            "placed_at": at,
            "answer_by": (self._now + self._answer_within).isoformat(),
            "confirmed_at": at if part.at_once else None,
            "reason": "",
            "note": "",
            "claims": str(claims),
            "debts": str(debts),
            "version": 1,
            "changed_at": at,
            "changed_by_id": None if part.at_once else self._actor.person,
            **total_columns(part.totals),
        }

    def _line_row(self, part: Part, entry: Entry) -> Row:
        taken = self._promising.taken.get(entry.id)
        row = line_columns(entry.draft)
        collects = collecting(entry.draft.collector, self._who.agent, part.seller)
        row |= {
            "id": str(entry.id),
            "order_id": str(self._order),
            "sub_id": str(part.id),
            "position": self._positions[entry.id],
            "collecting_id": text(collects),
            "promises": [],
        }
        if taken is not None:
            row["promised_day"] = taken.promised_day and taken.promised_day.isoformat()
            row["promises"] = list(map(str, taken.promises))
            row["shelf"], row["reserved"] = text(taken.shelf), text(taken.reserved)
        return row

    def _event_rows(self, parts: Sequence[Part]) -> list[Row]:
        by = {
            "person_id": text(self._actor.person),
            "organisation_id": text(self._actor.organisation),
        }
        at = self._now.isoformat()
        rows = [
            event_row(id=new_id(), order=self._order, kind=EventKind.PLACED.value, side=Side.BUYER.value, at=at, by=by)
        ]
        for part in parts:
            if part.at_once:
                of: Mapping[str, str | None] = {"person_id": None, "organisation_id": str(part.seller)}
                kind, side = EventKind.CONFIRMED.value, Side.STALL.value
                row = event_row(id=new_id(), order=self._order, kind=kind, side=side, at=at, by=of, sub_id=str(part.id))
                rows.append(row)
        return rows

    def finish(self) -> None:
        """After the rows are written: the stalls' counts, who is told, and the ledger last of all."""
        parts = list(self._parts.values())
        draw(draws=self._promising.draws)
        placed = self.placed()
        record(
            actor=self._actor,
            operation=ORDER_PLACE,
            object_kind="order",
            object_id=self._order,
            details={"number": self._number, "subs": len(parts), "value_minor": placed.value_minor},
        )
        announce_many(announcements=[one for part in parts for one in self._announced(part)])
        notify(notices=self._notices(parts), now=self._now)
        kinds = {part.code: "sale" for part in parts if part.at_once}
        for part in parts:
            if part.at_once:
                claims, debts = self._promising.accounts[part.code]
                self._promising.move(
                    part.code, claimed(claims=claims, debts=debts, value_minor=part.totals.value_minor)
                )
        self._promising.post(kinds)

    def _announced(self, part: Part) -> list[Announcement]:
        data = sub_data(order=self._number, code=part.code, sub=part.id, version=part.version)
        told = [Announcement(events.ORDER_PLACED, part.id, part.seller, data, self._now)]
        if part.at_once:
            told += [Announcement(events.ORDER_CONFIRMED, part.id, buyer, data, self._now) for buyer in self._buyers]
        return told

    @property
    def _buyers(self) -> tuple[uuid.UUID, ...]:
        return tuple({one: None for one in (self._who.buyer, self._who.agent) if one is not None})

    def _notices(self, parts: Sequence[Part]) -> list[Notice]:
        """Each seller is told once, of what waits for an answer and of what was confirmed in its name."""
        told: dict[tuple[uuid.UUID, bool], list[Part]] = defaultdict(list)
        for part in parts:
            told[part.seller, part.at_once].append(part)
        return [
            Notice(
                seller,
                events.ORDER_CONFIRMED if at_once else events.ORDER_PLACED,
                {"order": self._number, "codes": told_codes([part.code for part in of_one])},
                f"/my/sales/{of_one[0].id}/" if len(of_one) == 1 else "/my/sales/",
            )
            for (seller, at_once), of_one in told.items()
        ]

    def placed(self) -> Placed:
        codes = tuple(part.code for part in sorted(self._parts.values(), key=lambda one: one.position))
        return Placed(self._number, codes, self._totals.value_minor, self._head.currency)
