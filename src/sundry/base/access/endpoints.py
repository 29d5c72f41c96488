"""What the API operations of all modules share: faults, paging by cursor.

An operation raises what an action raises; `status_of` says how HTTP calls it, so that nobody translates by hand:

    @router.get("/jobs", response=Page[JobView], summary="List jobs")
    @guarded(JOB_LIST)
    def job_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
        found = queries.jobs(owner, limit=paging.limit + 1, before=paging.after("jobs"))
        return page_of(found, paging, "jobs", key=lambda job: str(job.id))

A list is asked one row further than it is shown: that row tells whether there is more, and nothing is ever counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.core import signing
from ninja import Schema
from pydantic import Field, WithJsonSchema

from sundry.base.access.actions import DeviceAnswer, TooMany
from sundry.base.access.guard import AccessRefused
from sundry.base.access.idempotency import IdempotencyFault
from sundry.base.access.rules import Decision
from sundry.kernel.errors import EnvironmentFault, SundryError, UnusableInput, UsageError

T = TypeVar("T")
Row = TypeVar("Row")

LIMIT_MAX = 200
LIMIT = 50


def spelled_out(kind: type[StrEnum]) -> WithJsonSchema:
    """`Annotated[State, spelled_out(State)]`: the document tells the values in their place. It knows a component by the
    name of its class alone, and several modules have a `State`."""
    return WithJsonSchema({"type": "string", "title": kind.__name__, "enum": [one.value for one in kind]})


class Fault(SundryError):
    """A refusal that only the API knows. `status` is the HTTP status."""

    def __init__(self, status: int, rule: str, **details: Any) -> None:
        self.status = status
        super().__init__(rule, **details)


_DECISIONS = {Decision.SIGN_IN: 401, Decision.FORBIDDEN: 403, Decision.NOT_FOUND: 404}
_IDEMPOTENCY = {"idempotency_running": 409}


def status_of(fault: SundryError) -> int:
    """The HTTP status of a fault: what was given is wrong (422), or what was asked cannot be done now (409)."""
    match fault:
        case Fault():
            return fault.status
        case AccessRefused():
            return _DECISIONS[fault.decision]
        case TooMany():
            return 429
        case DeviceAnswer():
            return 400  # as RFC 8628 has it
        case IdempotencyFault():
            return _IDEMPOTENCY.get(fault.rule, 422)
        case UnusableInput() | UsageError():
            return 422
        case EnvironmentFault():
            return 503
    return 409


class Paging(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(LIMIT, ge=1, le=LIMIT_MAX, description="How many at most.")
    cursor: str = Field("", max_length=500, description="`next` of the page before; nothing for the first page.")

    def after(self, kind: str) -> str | None:
        """The key of the last row of the page before, None for the first page. `kind` names the list. Fault."""
        if not self.cursor:
            return None
        try:
            return str(signing.loads(self.cursor, salt=_salt(kind)))
        except signing.BadSignature as fault:
            raise Fault(422, "cursor_invalid", field="cursor") from fault


class Page(Schema, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(None, description="The cursor of the next page; null when this is the last.")


def page_of(
    rows: Sequence[Row],
    paging: Paging,
    kind: str,
    *,
    key: Callable[[Row], str],
    item: Callable[[Row], Any] = lambda row: row,
) -> dict[str, Any]:
    """A `Page` of `rows`, which were asked one further than `paging.limit`. `key`: the text they are sorted by."""
    shown = rows[: paging.limit]
    more = len(rows) > paging.limit
    following = cursor_of(key(shown[-1]), kind) if more else None
    return {"items": [item(row) for row in shown], "next": following}


def cursor_of(key: str, kind: str) -> str:
    """The cursor by which `Paging.after` of the same list is given `key`."""
    return signing.dumps(key, salt=_salt(kind))


def _salt(kind: str) -> str:
    return f"sundry.cursor.{kind}"
