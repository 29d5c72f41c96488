"""What happens to notices: modules give them, people read them and choose how they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from psycopg.types.json import Jsonb

from sundry.base.notifications import queries
from sundry.base.notifications.rules import Notice
from sundry.kernel.identifiers import new_id

_GIVE: Final = """
INSERT INTO notifications_notice (id, organisation, person, kind, "values", link, key, at, is_spread)
SELECT id, organisation, person, kind, "values", link, key, %s, false
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::jsonb[], %s::text[], %s::text[])
    AS given (id, organisation, person, kind, "values", link, key)
"""


def notify(*, notices: Sequence[Notice], now: datetime) -> None:
    """Tell organisations (or one person of them) that something happened; each person hears of it when she wants to.

    Call it in the transaction of what happens: it is told if and only if that is committed. ValueError: a kind that no
    module declares. One statement, none for no notices.
    """
    if not notices:
        return
    if strange := {notice.kind for notice in notices}.difference(kind.name for kind in queries.kinds()):
        raise ValueError(f"no module declares notices of the kind {', '.join(sorted(strange))}")
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVE,
            [
                now,
                [new_id() for _ in notices],
                [notice.organisation for notice in notices],
                [notice.person for notice in notices],
                [notice.kind for notice in notices],
                [Jsonb(dict(notice.values)) for notice in notices],
                [notice.link for notice in notices],
                [notice.key for notice in notices],
            ],
        )
