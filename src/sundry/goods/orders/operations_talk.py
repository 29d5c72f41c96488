"""How much one person may write in an hour.

Whoever sends the same question to a thousand stalls, a hundred at a time, is no buyer. Asked by pages and by the API
before the action's transaction begins, so that what is refused was counted too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sundry.base.access.actions import take
from sundry.base.access.rules import Actor, Taken

ENQUIRIES_AN_HOUR: Final = 30
MESSAGES_AN_HOUR: Final = 300
HOUR_S: Final = 3_600


def take_enquiry(actor: Actor, *, now: datetime) -> Taken:
    """One more enquiry of this person. TooMany: 429 by pages and API, with the seconds to wait. One statement."""
    return take(f"orders.enquiry:{actor.person}", ENQUIRIES_AN_HOUR, HOUR_S, now)


def take_message(actor: Actor, *, now: datetime) -> Taken:
    """One more message, or file that goes with one, of this person. TooMany. One statement."""
    return take(f"orders.message:{actor.person}", MESSAGES_AN_HOUR, HOUR_S, now)
