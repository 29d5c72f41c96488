"""The way back for a line that was taken out of a basket: the line itself, signed, in the address of the next page.

Nothing is kept on the market's side of what somebody threw away, and what comes back is what was sent out: an address
that somebody has made up puts nothing into a basket.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from django.core import signing

from sundry.goods.orders.order_rules import Carton, Collector, LineView, Wish

_SALT: Final = "sundry.goods.orders.undoing"
_KEPT: Final = timedelta(hours=1)
LENGTH_MAX: Final = 7_000  # of what a browser, a proxy and the market take as an address


def way_back(line: LineView, stall: int) -> str:
    """What puts `line` of that stall back; "": it is too long for an address."""
    kept: dict[str, Any] = {
        "pieces": line.pieces,
        "good": line.good,
        "variant": None if line.variant is None else str(line.variant),
        "stall": stall,
        "language": line.language,
        "item_number": line.item_number,
        "unit": line.unit,
        "collector": line.collector.value,
        "mark": line.mark,
        "note": line.note,
        "photo": line.photo,
        "hs_code": line.hs_code,
    }
    if line.good is None:
        kept |= {"names": dict(line.names), "carton": asdict(line.carton)}
    if line.good is None or line.price_minor != line.list_price_minor or line.price_per != 1:
        kept |= {"price_minor": line.price_minor, "price_per": line.price_per}
    token = signing.dumps(kept, salt=_SALT, compress=True)
    return token if len(token) <= LENGTH_MAX else ""


def wish_back(token: str) -> Wish | None:
    """The line as it was asked for; None: nobody took it out within the last hour."""
    try:
        kept: Mapping[str, Any] = signing.loads(token, salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return None
    is_described = kept["good"] is None
    return Wish(
        pieces=kept["pieces"],
        good=kept["good"],
        variant=uuid.UUID(kept["variant"]) if kept["variant"] else None,
        stall=kept["stall"] if is_described else None,
        names=kept["names"] if is_described else {},
        language=kept["language"],
        item_number=kept["item_number"] if is_described else "",
        unit=kept["unit"],
        price_minor=kept.get("price_minor"),
        price_per=kept.get("price_per", 1),
        carton=Carton(**kept["carton"]) if is_described else Carton(),
        hs_code=kept["hs_code"],
        collector=Collector(kept["collector"]),
        mark=kept["mark"],
        note=kept["note"],
        photo=kept["photo"] if is_described else "",
        row=1,
    )
