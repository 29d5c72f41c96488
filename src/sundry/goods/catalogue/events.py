"""What programs elsewhere can be told of the catalogue: goods that come on show, change there, and go."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sundry.base.webhooks.rules import Announcement, Kind
from sundry.goods.catalogue.rules import State

GOOD_LISTED: Final = "good.listed"
GOOD_CHANGED: Final = "good.changed"
GOOD_WITHDRAWN: Final = "good.withdrawn"
STALL_CHANGED: Final = "stall.changed"

_GOOD: Final = {"good": 1204, "version": 3}

KINDS: Final = (
    Kind(GOOD_LISTED, "A good is on show: it can be found and ordered.", _GOOD),
    Kind(GOOD_CHANGED, "A good on show was changed: names, prices, photos or stock.", _GOOD),
    Kind(GOOD_WITHDRAWN, "A good is not on show any more.", _GOOD),
    Kind(STALL_CHANGED, "A stall changed what it says of itself, or opened or shut.", {"stall": 1001, "version": 2}),
)


def of_good(*, id: UUID, number: int, version: int, was: State, now_is: State, at: datetime) -> Announcement | None:
    """What is told of a good that came from one state to another; None where nobody outside saw it, before or after.

    What is on show is everybody's to know, so it is told to whoever asked for it."""
    match (was is State.LISTED, now_is is State.LISTED):
        case (False, True):
            kind = GOOD_LISTED
        case (True, True):
            kind = GOOD_CHANGED
        case (True, False):
            kind = GOOD_WITHDRAWN
        case _:
            return None
    return Announcement(kind, id, None, {"good": number, "version": version}, at)


def of_stall(*, id: UUID, number: int, version: int, at: datetime) -> Announcement:
    return Announcement(STALL_CHANGED, id, None, {"stall": number, "version": version}, at)
