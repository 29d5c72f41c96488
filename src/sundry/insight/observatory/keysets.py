"""How lists go on: newest issue first, what has no day last, ids deciding where days are the same."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import F, Model, Q, QuerySet

Key = tuple[date | None, uuid.UUID]
Row = TypeVar("Row", bound=Model)

NEWEST: Final[tuple[Any, ...]] = (F("issued").desc(nulls_last=True), F("id").desc())


def older(rows: QuerySet[Row], before: Key | None) -> QuerySet[Row]:
    """What comes after `before` in this order; all for None."""
    return rows if before is None else rows.filter(after_key(before))


def after_key(key: Key) -> Q:
    issued, id = key
    if issued is None:
        return Q(issued__isnull=True, id__lt=id)
    return Q(issued__lt=issued) | Q(issued=issued, id__lt=id) | Q(issued__isnull=True)
