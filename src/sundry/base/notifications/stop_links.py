"""The link under a digest by which its reader wants no more, without signing in: signed, and good for half a year.

Whoever has the link may stop these messages and nothing else: it tells nobody's name, and opens no page of hers.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from sundry.base.notifications.rules import STOP_LINK_IS_GOOD_FOR, StopLinkRefused, Way

_SALT: Final = "notifications.stop"


def stop_link(person: UUID, way: Way) -> str:
    """The whole address."""
    return f"{settings.SUNDRY.address}{reverse('notifications_stop', args=[stop_token(person, way)])}"


def stop_token(person: UUID, way: Way) -> str:
    return signing.dumps([person.hex, way.value], salt=_SALT)


def read_stop_token(token: str) -> tuple[UUID, Way]:
    """Whose messages are stopped, and which. StopLinkRefused: not ours, changed, or too old."""
    try:
        person, way = signing.loads(token, salt=_SALT, max_age=STOP_LINK_IS_GOOD_FOR)
    except signing.SignatureExpired:
        raise StopLinkRefused("notification_stop_link_old", days=STOP_LINK_IS_GOOD_FOR.days) from None
    except signing.BadSignature:
        raise StopLinkRefused("notification_stop_link_unknown") from None
    return UUID(person), Way(way)
