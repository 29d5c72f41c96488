"""How lists go on: newest issue first, what has no day last, ids deciding where days are the same.

The queue of review goes through a page as it is read, so that whoever works on it reads each article once.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import F, Model, Q, QuerySet

Key = tuple[date | None, uuid.UUID]
TurnKey = tuple[date | None, uuid.UUID, int]  # day and id of the page, place of the statement on it
Row = TypeVar("Row", bound=Model)

NEWEST: Final[tuple[Any, ...]] = (F("issued").desc(nulls_last=True), F("id").desc())
IN_TURN: Final[tuple[Any, ...]] = (F("issued").desc(nulls_last=True), F("page_id").desc(), F("ordinal"))


def older(rows: QuerySet[Row], before: Key | None) -> QuerySet[Row]:
    """What comes after `before` in this order; all for None."""
    return rows if before is None else rows.filter(after_key(before))


def after_key(key: Key) -> Q:
    issued, id = key
    if issued is None:
        return Q(issued__isnull=True, id__lt=id)
    return Q(issued__lt=issued) | Q(issued=issued, id__lt=id) | Q(issued__isnull=True)


def after_turn(key: TurnKey) -> Q:
    """The rest of the page, then the pages after it."""
    issued, page, ordinal = key
    of_the_day = Q(page_id__lt=page) | Q(page_id=page, ordinal__gt=ordinal)
    if issued is None:
        return Q(issued__isnull=True) & of_the_day
    return Q(issued__lt=issued) | (Q(issued=issued) & of_the_day) | Q(issued__isnull=True)
