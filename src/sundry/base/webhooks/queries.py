"""Questions about endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F

from sundry.base.webhooks.addresses import PORTS
from sundry.base.webhooks.models import Delivery, Endpoint
from sundry.base.webhooks.rules import DeliveryState, EndpointState, Kind, SecretUnreadable, Trouble, headers_of
from sundry.base.webhooks.sealing import unlocked

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint as its administrators see it. `old_until`: until then the secret before is signed with, too."""

    id: UUID
    organisation: UUID
    address: str
    description: str
    kinds: tuple[str, ...]
    state: EndpointState
    old_until: datetime | None
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One event on its way to one endpoint, and what came of the last try."""

    id: UUID
    endpoint: UUID
    organisation: UUID
    event: UUID
    kind: str
    subject: UUID
    at: datetime
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    tried_at: datetime | None
    took_ms: int | None
    status: int | None
    trouble: Trouble | None
    answer: str
    body: str = field(default="", repr=False)


def kinds() -> tuple[Kind, ...]:
    """All that the modules of this market tell of, in the order of the modules."""
    return settings.WEBHOOK_KINDS


def sends() -> bool:
    """Whether anything leaves this machine."""
    return bool(settings.SUNDRY.webhooks == "send")


def tells_this_machine() -> bool:
    """Whether programs on the market's own machine may be told: on a sample, where a developer sits at it."""
    return bool(settings.SUNDRY.market == "sample")


def ports() -> frozenset[int]:
    return PORTS | frozenset(settings.SUNDRY.webhooks_ports)


def endpoints(organisation: UUID) -> tuple[EndpointView, ...]:
    """All of an organisation (there are ENDPOINTS_MAX at most), the newest first. One statement."""
    found = Endpoint.objects.filter(organisation_id=organisation).exclude(state=EndpointState.REMOVED)
    return tuple(_endpoint(row) for row in found.order_by("-id"))


def endpoint(endpoint: UUID) -> EndpointView | None:
    """One statement."""
    found = Endpoint.objects.filter(id=endpoint).exclude(state=EndpointState.REMOVED).first()
    return None if found is None else _endpoint(found)


_COLUMNS: Final = (
    *("id", "endpoint", "endpoint__organisation", "event", "event__kind", "event__subject", "event__at", "state"),
    *("attempts", "next_try_at", "tried_at", "took_ms", "status", "trouble", "answer"),
)


def deliveries(
    endpoint: UUID, *, state: DeliveryState | None = None, before: UUID | None = None, limit: int = PAGE
) -> tuple[DeliveryView, ...]:
    """The newest deliveries to an endpoint, those older than `before`, without their bodies. One statement."""
    found = Delivery.objects.filter(endpoint_id=endpoint).order_by("-id")
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    return tuple(_delivery(row) for row in found.values_list(*_COLUMNS)[:limit])


def delivery(delivery: UUID) -> DeliveryView | None:
    """A delivery with its body. One statement."""
    found = Delivery.objects.filter(id=delivery).exclude(endpoint__state=EndpointState.REMOVED)
    row = found.values_list(*_COLUMNS, F("event__body")).first()
    return None if row is None else _delivery(row)


def sent_headers(delivery: DeliveryView, *, now: datetime) -> Mapping[str, str] | None:
    """The signed headers that went with the last try, or would go now; None: the secret cannot be read. One
    statement."""
    found = Endpoint.objects.filter(id=delivery.endpoint).first()
    moment = delivery.tried_at or now
    try:
        return (
            None
            if found is None
            else headers_of(
                secrets_of(found, now=moment),
                id=str(delivery.event),
                timestamp=int(moment.timestamp()),
                body=delivery.body,
            )
        )
    except SecretUnreadable:
        return None


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """The secrets that are good now, the newest first. SecretUnreadable."""
    both = endpoint.old_until is not None and now < endpoint.old_until
    return [unlocked(kept) for kept in (endpoint.secret, *([endpoint.old_secret] if both else []))]


def _endpoint(row: Endpoint) -> EndpointView:
    return EndpointView(
        id=row.id,
        organisation=row.organisation_id,
        address=row.address,
        description=row.description,
        kinds=tuple(row.kinds),
        state=EndpointState(row.state),
        old_until=row.old_until,
        failures=row.failures,
        failing_since=row.failing_since,
        rests_until=row.rests_until,
        created_at=row.created_at,
    )


def _delivery(row: tuple[Any, ...]) -> DeliveryView:
    """`row` is of _COLUMNS, and perhaps the body."""
    told = dict(zip(DeliveryView.__slots__, row, strict=False))
    trouble = Trouble(told["trouble"]) if told["trouble"] else None
    return DeliveryView(**told | {"state": DeliveryState(told["state"]), "trouble": trouble})
