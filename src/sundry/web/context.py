"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi

from sundry.base.access.rules import Actor


def market(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", Actor())
    return {
        "actor": actor,
        "capacities": getattr(request, "capacities", ()),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "is_sample": settings.SUNDRY.market == "sample",
        "desk_is_open": settings.SUNDRY.anonymous_shipping,
    }
