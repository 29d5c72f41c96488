"""A trade ticket as it was drawn up (actions_tickets.content_of), as the values of its paper. Nothing is looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sundry.goods.orders.errors import moment
from sundry.goods.orders.formats.ticket_sheet import TicketLine, TicketPaper
from sundry.goods.orders.order_rules import TicketView


def paper_of(view: TicketView) -> TicketPaper:
    """What a ticket does not say (an older one may say less) is a blank on its paper."""
    content: Mapping[str, Any] = defaultdict(str, view.content)
    names = content["stall_names"] or {}
    name = names.get("zh") or next(iter(names.values()), "")
    stall = f"{name} ({content['place']})" if content["place"] else name
    supplier = content["supplier"] or name
    return TicketPaper(
        number=content["number"] or view.number,
        market_number=content["market_number"],
        order=content["order"],
        supplier=f"{supplier}, {stall}" if supplier != name else stall,
        supplier_phone=content["supplier_phone"],
        buyer=content["buyer"],
        buyer_phone=content["buyer_phone"],
        agent=content["agent"],
        day=content["day"],
        warehouse=content["warehouse"],
        currency=content["currency"] or "CNY",
        lines=tuple(map(_line, content["lines"])),
        buyer_confirmed=moment(view.buyer_confirmed_at),
        supplier_confirmed=moment(view.stall_confirmed_at),
        digest=view.digest,
    )


def _line(told: Mapping[str, Any]) -> TicketLine:
    return TicketLine(
        item_number=told["item_number"],
        name=_name(told),
        carton_pieces=told["carton_pieces"],
        cartons=told["cartons"],
        pieces=told["pieces"],
        unit=told["unit"],
        price=told["price"],
        price_per=told["price_per"],
        value_minor=told["value_minor"],
        collector=told["collector"],
    )


def _name(told: Mapping[str, Any]) -> str:
    """In Chinese and English, as far as the line is named so; else as it was written. The kind stands behind it."""
    names, kinds = told["names"], told["variant_names"]
    languages = [one for one in ("zh", "en") if names.get(one)] or [one for one in names if names[one]][:1]
    return " / ".join(" ".join(filter(None, (names[one], kinds.get(one, "")))) for one in languages)
