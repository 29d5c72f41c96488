"""What the operations of orders in the API share: whose a thing is, how a refusal is told, pages of lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from ninja import Status

from sundry.base.access.endpoints import Fault, Paging, page_of
from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import Decision, Operation, Owner, decide
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders.errors import NotThere, Refused
from sundry.kernel.findings import Finding

NUMBER_MAX: Final = 2**63 - 1
FINDINGS_MAX: Final = 100  # told in one answer

T = TypeVar("T")
Row = TypeVar("Row")


def there(found: T | None, operation: Operation) -> T:
    """AccessRefused: it is not there, or another's: nobody learns which."""
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def let_in(request: HttpRequest, operation: Operation, owner: Owner | None) -> None:
    """AccessRefused unless the actor may do `operation` on what `owner` owns; None: there is no such thing."""
    if owner is None:
        decision = decide(operation, actor_of(request), Owner(organisation=uuid.UUID(int=0)))
        raise AccessRefused(Decision.NOT_FOUND if decision is Decision.ALLOWED else decision, operation)
    admit(request, operation, owner)


def her_organisation(request: HttpRequest, operation: Operation) -> uuid.UUID:
    """The organisation for which she asks. AccessRefused: who only looks at others' has none of her own here."""
    actor = actor_of(request)
    decision = decide(operation, actor)
    if decision is not Decision.ALLOWED or actor.organisation is None:
        raise AccessRefused(decision, operation)
    return actor.organisation


def done(operation: Operation, act: Callable[[], T]) -> T:
    """What `act` answers. What is not there, or another's, is answered as everywhere; a person's mistakes are told one
    by one, each with its message."""
    try:
        return act()
    except NotThere as fault:
        raise AccessRefused(Decision.NOT_FOUND, operation) from fault
    except Refused as fault:
        told = findings(fault.findings[:FINDINGS_MAX])
        raise Fault(422, "orders_refused", count=len(fault.findings), findings=told) from fault


def ended(request: HttpRequest, operation: Operation, act: Callable[..., object], **what: Any) -> Status[None]:
    """`act` is done, as `done` does it, and there is nothing to answer. `what`: what it takes besides who and when."""
    done(operation, lambda: act(actor=actor_of(request), now=timezone.now(), **what))
    return Status(204, None)


def findings(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """As OrderFindingOut has them, in the reader's language."""
    language = language_of_reader()
    return [
        {
            "rule": one.rule,
            "row": one.row,
            "field": one.header,
            "value": one.value,
            "message": one.message(language),
        }
        for one in found
    ]


def all_of(rows: Sequence[Row], item: Callable[[Row], Any] = lambda row: row) -> dict[str, Any]:
    """A list that is never long, on one page."""
    return {"items": [item(row) for row in rows], "next": None}


def number_after(paging: Paging, kind: str) -> int | None:
    after = paging.after(kind)
    return None if after is None else int(after)


def id_after(paging: Paging, kind: str) -> uuid.UUID | None:
    after = paging.after(kind)
    return None if after is None else uuid.UUID(after)


def paged(rows: Sequence[Row], paging: Paging, kind: str, key: Callable[[Row], object]) -> dict[str, Any]:
    """`rows`, which were asked one further than `paging.limit`."""
    return page_of(rows, paging, kind, key=lambda row: str(key(row)))
