"""What the pages of the observatory share: who may, and where a list goes on."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.http import HttpRequest

from sundry.base.access.guard import actor_of
from sundry.base.access.rules import Decision, Operation, decide
from sundry.insight.observatory.keysets import Key, TurnKey
from sundry.kernel.identifiers import id_or_none

_CURSOR: Final = re.compile(r"(\d{4}-\d\d-\d\d|-)\.([0-9a-f-]{36})")
_TURN: Final = re.compile(rf"({_CURSOR.pattern})\.(\d{{1,9}})")


def may(request: HttpRequest, operation: Operation) -> bool:
    return decide(operation, actor_of(request)) is Decision.ALLOWED


def pager(request: HttpRequest, last: Key | TurnKey | None) -> dict[str, str]:
    """Where a list goes on after its last row, if it does."""
    if last is None:
        return {"previous": "", "next": ""}
    asked = request.GET.copy()
    asked["before"] = ".".join(str(part) for part in (last[0] or "-", *last[1:]))
    return {"previous": "", "next": f"?{asked.urlencode()}"}


def cursor_of(written: str) -> Key | None:
    """Where a list goes on, as a pager writes it; what is none begins at the start."""
    found = _CURSOR.fullmatch(written)
    id_ = id_or_none(found[2]) if found else None
    if found is None or id_ is None:
        return None
    try:
        return None if found[1] == "-" else date.fromisoformat(found[1]), id_
    except ValueError:
        return None


def turn_of(written: str) -> TurnKey | None:
    """The same of the queue of review."""
    found = _TURN.fullmatch(written)
    key = cursor_of(found[1]) if found else None
    return (*key, int(found[4])) if found and key else None
