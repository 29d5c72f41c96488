"""What happens in access: an entry is written in the audit log, one of a limited number of tries is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from django.db import connection

from sundry.base.access.models import AuditEntry, Counter
from sundry.base.access.rules import Actor, Operation, Outcome, Taken
from sundry.kernel.errors import SundryError


class TooMany(SundryError):
    """The limit is used up for `details["seconds"]` more: answered with 429 and Retry-After."""


def record(
    *,
    actor: Actor,
    operation: Operation | str,
    object_kind: str = "",
    object_id: object = "",
    outcome: str = Outcome.DONE,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write what `actor` did in the audit log, within the transaction of the action that does it.

    `details` are plain JSON values; personal data in them must be masked by the caller.
    """
    AuditEntry.objects.create(
        person=actor.person,
        organisation=actor.organisation,
        role=actor.role.name,
        operation=operation if isinstance(operation, str) else operation.name,
        object_kind=object_kind,
        object_id=str(object_id),
        outcome=Outcome(outcome),
        through=actor.through,
        address=actor.address,
        details=dict(details or {}),
    )


# The row lock of the upsert makes the count exact however many ask at once. A window begins with its first try.
_TAKE = """
    INSERT INTO access_counter AS counter (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE LEAST(counter.count, %(limit)s) + 1 END,
        ends_at = CASE WHEN counter.ends_at <= %(now)s THEN excluded.ends_at ELSE counter.ends_at END
    RETURNING count, ends_at
"""


def take(key: str, limit: int, seconds: int, now: datetime) -> Taken:
    """Count one try of `key`; TooMany when there were more than `limit` in the window of `seconds` that runs now.

    One statement. Call it before the action's transaction begins: a count that is rolled back was not counted, and
    until the transaction ends everybody else with this key waits.
    """
    values: dict[str, str | int | datetime] = {
        "key": sha256(key.encode()).hexdigest(),
        "limit": limit,
        "now": now,
        "ends": now + timedelta(seconds=seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        count, ends_at = cursor.fetchone()
    left_seconds = max(1, ceil((ends_at - now).total_seconds()))
    if count > limit:
        raise TooMany("too_many", seconds=left_seconds)
    return Taken(limit=limit, remaining=limit - count, seconds=left_seconds)


def forget_counters(now: datetime) -> int:
    """Delete the counters whose window is over; how many there were."""
    deleted, _ = Counter.objects.filter(ends_at__lte=now).delete()
    return deleted
