"""The trade ticket (交易单): what one stall sold one buyer, drawn up from the sub-order and confirmed by both.

Problem: under market procurement nothing is exported without this paper, and a paper that was signed before the order
was changed says what is not so. Therefore a ticket is a copy of what was agreed, with a digest; who confirms names the
digest that she has read; a change of the sub-order makes the ticket void, and the next version is confirmed anew.

Worked case: 10234-3 is drawn up as version 1, the buyer confirms it, then 100 pieces fewer are agreed: version 1 is
void. Version 2 is confirmed by both: `queries_dealings.exportable` says yes.

Fields: Yiwu's 市场采购贸易交易单 and the TRAD message of the platform (isAgencyReceipt is each line's collector).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.base.papers.capitals import yuan_in_capitals
from sundry.base.parties.queries import members, names_of, organisation_names, person
from sundry.goods.orders import events, viewing
from sundry.goods.orders.dealing import tell_others
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Stale
from sundry.goods.orders.models import Mandate, OrderLine, SubOrder, TradeTicket
from sundry.goods.orders.operations import TICKET_CONFIRM
from sundry.goods.orders.order_rules import BINDING, EventKind, LineView, State
from sundry.goods.orders.writing import Held, held_sub, record_event
from sundry.kernel.masking import mask
from sundry.kernel.money import Money

SOLD: Final = BINDING | {State.HANDED_OVER, State.CLOSED}
_OF_A_VERSION: Final = ("number", "version", "day")  # what differs where nothing was changed
_CAPITALS_MAX: Final = 10**14


def draw(*, actor: Actor, sub: uuid.UUID, now: datetime) -> uuid.UUID:
    """The ticket of a sub-order as it is now; its id. The one that holds already, where it says the same; else that one
    becomes void. NotThere; NotNow: the stall has not confirmed, or it came to nothing."""
    with transaction.atomic():
        held = held_sub(actor=actor, sub=sub)
        if held.state not in SOLD:
            raise NotNow("orders_ticket_not_sold", code=held.code)
        return drawn(held, actor, now)


def drawn(held: Held, actor: Actor, now: datetime) -> uuid.UUID:
    """The same of a sub-order that is held."""
    last = TradeTicket.objects.filter(sub=held.sub).order_by("-version").first()
    version = 1 if last is None else last.version + 1
    content = content_of(held, version, now)
    if last is not None and not last.is_void:
        if _essence(last.content) == _essence(content):
            return last.id
        void(held)
    row = TradeTicket(
        sub=held.sub,
        version=version,
        content=content,
        digest=digest_of(content),
        drawn_at=now,
        drawn_by_id=actor.person,
    )
    row.save(force_insert=True)
    _tell(held, row, EventKind.TICKET_DRAWN, actor, now)
    return row.id


def void(held: Held) -> bool:
    """The ticket of a sub-order that is held and has changed; whether there was one. One statement."""
    return bool(TradeTicket.objects.filter(sub=held.sub, is_void=False).update(is_void=True))


def confirm_ticket(*, actor: Actor, ticket: uuid.UUID, digest: str, now: datetime) -> None:
    """One side confirms what it has read, which `digest` names. NotThere; Stale: it has another digest, or a newer one
    was drawn up; AlreadyDone: this side has confirmed it."""
    sub = TradeTicket.objects.filter(id=ticket).values_list("sub_id", flat=True).first()
    if sub is None:
        raise NotThere("orders_ticket_not_there")
    with transaction.atomic():
        held = held_sub(actor=actor, sub=sub)
        row = TradeTicket.objects.get(id=ticket)
        if row.is_void or row.digest != digest:
            raise _newer(held)
        at, by = f"{held.side}_confirmed_at", f"{held.side}_confirmed_by_id"
        if getattr(row, at) is not None:
            raise AlreadyDone("orders_ticket_confirmed", code=held.code)
        setattr(row, at, now)
        setattr(row, by, actor.person)
        row.save(update_fields=[at, by.removesuffix("_id")])
        _tell(held, row, EventKind.TICKET_CONFIRMED, actor, now)
        tell_others(held=held, kind=events.TICKET_CONFIRMED, now=now, link=f"/tickets/{row.id}/")
        details = {"code": held.code, "version": row.version, "digest": row.digest}
        record(actor=actor, operation=TICKET_CONFIRM, object_kind="ticket", object_id=row.id, details=details)


def _newer(held: Held) -> Stale:
    last = TradeTicket.objects.filter(sub=held.sub).order_by("-version").first()
    who = names_of([last.drawn_by_id]).get(last.drawn_by_id, "") if last is not None and last.drawn_by_id else ""
    return Stale("orders_ticket_newer", who=who, at=last.drawn_at if last is not None else None, code=held.code)


def _tell(held: Held, row: TradeTicket, kind: EventKind, actor: Actor, now: datetime) -> None:
    details = {"ticket": str(row.content["number"]), "version": row.version}
    record_event(order=held.order.id, sub=held.sub.id, kind=kind, side=held.side, actor=actor, now=now, details=details)


# What stands on it ----------------------------------------------------------------------------------------------------


def content_of(held: Held, version: int, now: datetime) -> dict[str, Any]:
    """All that is confirmed. Money in minor units, and the price as decimal text for whoever prints it."""
    order, sub = held.order, held.sub
    ((view, _),) = viewing.subs(SubOrder.objects.filter(id=sub.id))
    lines = [line for line in viewing.lines(OrderLine.objects.filter(sub=sub).order_by("position")) if line.pieces]
    names = organisation_names([one for one in (order.buyer_id, order.agent_id, sub.seller_id) if one])
    value_minor = sum(line.value_minor for line in lines)
    return {
        "number": f"{held.code}/{version}",
        "version": version,
        "market_number": "",  # 市场采购号: the platform's, which gives it with the declaration
        "order": held.code,
        "day": str(localdate(now)),
        "supplier": names.get(sub.seller_id, ""),
        "supplier_phone": _contact(sub.seller_id),
        "stall": view.stall,
        "stall_names": dict(view.stall_names),
        "place": view.place,
        "buyer": _buyer(held, names),
        "buyer_phone": _phone(order.person_id),
        "agent": names.get(order.agent_id, "") if order.agent_id else "",
        "warehouse": "",
        "destination": order.destination,
        "currency": order.currency,
        "lines": [_line(line, order.currency) for line in lines],
        "cartons": sum(line.cartons or 0 for line in lines),
        "pieces": sum(line.pieces for line in lines),
        "value_minor": value_minor,
        "capitals": in_capitals(value_minor, order.currency),
    }


def _line(line: LineView, currency: str) -> dict[str, Any]:
    return {
        "line": str(line.id),  # it goes along to the declaration (tradeDetailId)
        "position": line.position,
        "good": line.good,
        "item_number": line.item_number,
        "names": dict(line.names),
        "variant_names": dict(line.variant_names),
        "language": line.language,
        "hs_code": line.hs_code,
        "carton_pieces": line.carton.pieces,
        "cartons": line.cartons,
        "pieces": line.pieces,
        "unit": line.unit,
        "price_minor": line.price_minor,
        "price": Money(line.price_minor, currency).format(),
        "price_per": line.price_per,
        "value_minor": line.value_minor,
        "collector": line.collector.value,
    }


def in_capitals(value_minor: int, currency: str) -> str:
    """The amount of yuan in 大写; "" of another currency, or beyond what the rules of capital digits write."""
    return yuan_in_capitals(value_minor) if currency == "CNY" and 0 <= value_minor < _CAPITALS_MAX else ""


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one form of writing: keys sorted, no spaces, UTF-8."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _essence(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _OF_A_VERSION}


def _buyer(held: Held, names: Mapping[uuid.UUID, str]) -> str:
    if held.order.buyer_id is not None:
        return names.get(held.order.buyer_id, "")
    client = Mandate.objects.filter(id__in=[held.order.mandate_id]).values_list("client_name", flat=True).first()
    return client or ""


def _contact(organisation: uuid.UUID) -> str:
    """Of whoever has been in it the longest, masked: the paper goes through many hands."""
    first = members(organisation, limit=1).members[:1]
    return first[0].contact if first else ""


def _phone(id: uuid.UUID | None) -> str:
    found = person(id) if id is not None else None
    return mask(found.phone) if found is not None and found.phone else ""
