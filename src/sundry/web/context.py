"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language_bidi

from sundry.base.access.rules import Actor


def market(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", Actor())
    return {
        "actor": actor,
        "reader": _reader(actor),
        "unread_messages": _unread(request, actor),
        "capacities": getattr(request, "capacities", ()),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "is_sample": settings.SUNDRY.market == "sample",
        "desk_is_open": settings.SUNDRY.anonymous_shipping,
    }


def _reader(actor: Actor) -> str:
    """A name for a person in one capacity that says nothing of her, the same each time; "" for a visitor. What a
    browser keeps unsent bears it: on a phone that several people use nobody sends what another has written."""
    if actor.person is None:
        return ""
    return salted_hmac("sundry.web.reader", f"{actor.person} {actor.organisation}").hexdigest()[:16]


def _unread(request: HttpRequest, actor: Actor) -> int:
    """New messages for the organisation for which she acts, without those that this very page shows."""
    held = getattr(request, "capacities", ())
    counted = next((one.unread for one in held if one.organisation == actor.organisation), 0)
    return max(0, counted - getattr(request, "just_read", 0))
