"""How an event reaches its endpoints: it is spread, told, told again, and in the end forgotten.

Two workers never tell one endpoint at a time: whoever does holds an advisory lock of the database, and the row of the
delivery, until it is written down what came of it. Who is killed in between has written nothing, and the next one tells
it again with the same id. A row is locked before its endpoint, and whoever holds an endpoint waits for no row: so
nobody waits in a circle.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor, Position, Through
from sundry.base.outbox.actions import post
from sundry.base.parties import queries as parties
from sundry.base.parties.rules import PersonShown
from sundry.base.webhooks import queries
from sundry.base.webhooks.actions import deliver_soon, make_deliveries, put_off
from sundry.base.webhooks.addresses import checked
from sundry.base.webhooks.models import Delivery, Endpoint, Event
from sundry.base.webhooks.rules import (
    EVENTS_ARE_KEPT_FOR,
    OFF_AFTER,
    Answer,
    DeliveryState,
    EndpointRefused,
    EndpointState,
    SecretUnreadable,
    Trouble,
    headers_of,
    is_gone,
    is_hopeless,
    next_try,
    rests_until,
)
from sundry.base.webhooks.sender import send
from sundry.kernel.identifiers import first_id
from sundry.kernel.messages import render

PAIRS_AT_ONCE: Final = 50_000  # of events and endpoints, in one transaction
JOB_S: Final = 30.0  # then the job of an endpoint goes behind those of others
ADMINISTRATORS_TOLD: Final = 20

log = logging.getLogger("sundry.webhooks")


# Spreading ----------------------------------------------------------------------------------------------------------


def spread(*, now: datetime) -> int:
    """Make a delivery of each new event for each endpoint that wants it; how many. Safe to run twice at once."""
    made = 0
    while (some := _spread_some(now)) is not None:
        made += some
    return made


@transaction.atomic
def _spread_some(now: datetime) -> int | None:
    """As many events as make PAIRS_AT_ONCE at most; None: there are none. Five statements."""
    endpoints = list(Endpoint.objects.filter(state=EndpointState.ON).values_list("id", "organisation_id", "kinds"))
    new = Event.objects.select_for_update(skip_locked=True).filter(is_spread=False).order_by("id")
    at_once = max(1, PAIRS_AT_ONCE // max(1, len(endpoints)))
    events = list(new.values_list("id", "kind", "organisation")[:at_once])
    if not events:
        return None
    pairs = [
        (endpoint, event)
        for event, kind, organisation in events
        for endpoint, owner, kinds in endpoints
        if kind in kinds and organisation in (None, owner)
    ]
    make_deliveries(pairs, now)
    Event.objects.filter(id__in=[event for event, _, _ in events]).update(is_spread=True)
    deliver_soon({endpoint for endpoint, _ in pairs})
    return len(pairs)


# Telling ------------------------------------------------------------------------------------------------------------


def deliver(*, endpoint: UUID, clock: Callable[[], datetime], job_s: float = JOB_S) -> int:
    """Tell the endpoint what is due, the oldest first, for about `job_s` seconds; how many were tried.

    What is left then has a new job. `clock` gives the time, with its zone.
    """
    begun, tried = monotonic(), 0
    while _deliver_next(endpoint, clock):
        tried += 1
        if monotonic() - begun >= job_s:
            deliver_soon([endpoint])
            break
    return tried


@transaction.atomic
def _deliver_next(endpoint: UUID, clock: Callable[[], datetime]) -> bool:
    """Tell one event; False: none is due, or another worker tells this endpoint."""
    if not queries.sends() or not _alone(endpoint):
        return False
    now = clock()
    row = (
        _due(now)
        .filter(endpoint_id=endpoint, endpoint__state=EndpointState.ON)
        .exclude(endpoint__rests_until__gt=now)
        .select_related("endpoint", "event")
        .order_by("next_try_at", "event_id")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if row is None:
        return False
    answer = _tell(row, now)
    row.attempts += 1
    row.tried_at, row.took_ms, row.status = now, answer.took_ms, answer.status
    row.trouble, row.answer = answer.trouble or "", answer.text
    _settle(row, answer, clock())
    row.save(update_fields=["attempts", "tried_at", "took_ms", "status", "trouble", "answer", "state", "next_try_at"])
    log.info(
        "webhook tried",
        extra={"delivery_id": str(row.id), "status": answer.status, "trouble": row.trouble, "attempts": row.attempts},
    )
    return True


def _due(now: datetime) -> Any:
    return Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=now)


def _alone(endpoint: UUID) -> bool:
    """Whether no other transaction tells this endpoint; the lock ends with ours."""
    number = int.from_bytes(endpoint.bytes[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _tell(row: Delivery, now: datetime) -> Answer:
    try:
        target = checked(row.endpoint.address, loopback=queries.tells_this_machine(), ports=queries.ports())
        signing = queries.secrets_of(row.endpoint, now=now)
    except EndpointRefused:  # the market's settings are narrower than they were
        return Answer(None, Trouble.ADDRESS, 0)
    except SecretUnreadable:
        return Answer(None, Trouble.SECRET, 0)
    body = row.event.body
    headers = headers_of(signing, id=str(row.event_id), timestamp=int(now.timestamp()), body=body)
    return send(target, body=body, headers=headers, loopback=queries.tells_this_machine())


def _settle(row: Delivery, answer: Answer, now: datetime) -> None:
    """What becomes of the delivery and of its endpoint."""
    if answer.trouble is None:
        row.state, row.next_try_at = DeliveryState.DELIVERED, None
        Endpoint.objects.filter(id=row.endpoint_id, failures__gt=0).update(
            failures=0, failing_since=None, rests_until=None
        )
        return
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(id=row.endpoint_id)
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rests_until = rests_until(failures=endpoint.failures, now=now)
    endpoint.save(update_fields=["failures", "failing_since", "rests_until"])
    if endpoint.state == EndpointState.ON:
        if is_gone(answer.status):
            _give_up(endpoint, EndpointState.GONE, now)
        elif is_hopeless(failing_since=endpoint.failing_since, now=now):
            _give_up(endpoint, EndpointState.FAILING, now)
    row.next_try_at = next_try(attempts=row.attempts, now=now) if endpoint.state == EndpointState.ON else None
    row.state = DeliveryState.WAITING if row.next_try_at else DeliveryState.FAILED


def _give_up(endpoint: Endpoint, state: EndpointState, now: datetime) -> None:
    """Switch it off, and tell its administrators."""
    put_off(endpoint, state)
    record(
        actor=Actor(organisation=endpoint.organisation_id, through=Through.JOB),
        operation="webhooks.endpoint.give_up",
        object_kind="webhook endpoint",
        object_id=endpoint.id,
        details={"state": state.value},
    )
    members = parties.members(endpoint.organisation_id, whole=True).members
    chiefs = [member for member in members if member.position is Position.ADMINISTRATOR]
    for chief in chiefs[:ADMINISTRATORS_TOLD]:
        person = parties.person(chief.person)
        if person is not None:
            _tell_administrator(endpoint, state, person, now)


def _tell_administrator(endpoint: Endpoint, state: EndpointState, person: PersonShown, now: datetime) -> None:
    spoken = person.language.partition("-")[0] or "en"
    values = {
        "address": endpoint.address,
        "days": OFF_AFTER.days,
        "place": f"{settings.SUNDRY.address}/webhooks/{endpoint.id}/",
    }
    rule = "webhook_given_up_gone" if state is EndpointState.GONE else "webhook_given_up_failing"
    post(
        channel="email" if person.email else "sms",
        recipient=person.email or person.phone or "",
        subject=render("webhook_given_up_subject", spoken, {}) if person.email else "",
        body=render(rule, spoken, values),
        language=spoken,
        key=f"webhook-{endpoint.id}-{int(now.timestamp())}-{person.id.hex[-12:]}",
    )


# Time ---------------------------------------------------------------------------------------------------------------


def follow(*, now: datetime) -> int:
    """Spread what lost its job, and put endpoints to which something is due in the queue; how many. Each minute."""
    spread(now=now)
    due = _due(now).filter(endpoint_id=OuterRef("id"))
    rested = Endpoint.objects.filter(Q(rests_until=None) | Q(rests_until__lte=now), state=EndpointState.ON)
    waiting = list(rested.filter(Exists(due)).values_list("id", flat=True))
    deliver_soon(waiting)
    return len(waiting)


@transaction.atomic
def tidy(*, now: datetime) -> int:
    """Delete events after EVENTS_ARE_KEPT_FOR, endpoints that were removed, secrets that are no longer good; how many
    events. A fixed number of statements."""
    edge = first_id(now - EVENTS_ARE_KEPT_FOR)
    removed = list(Endpoint.objects.filter(state=EndpointState.REMOVED).values_list("id", flat=True))
    Delivery.objects.filter(Q(event_id__lt=edge) | Q(endpoint_id__in=removed)).delete()
    Endpoint.objects.filter(id__in=removed).delete()
    Endpoint.objects.filter(old_until__lte=now).update(old_secret="", old_until=None)
    deleted, _ = Event.objects.filter(id__lt=edge).delete()
    return deleted
