"""What happens to endpoints, what modules announce, and what is asked to be told again.

A module announces in the transaction in which the thing happens:

    announce(kind="good.listed", subject=good, organisation=None, data={"good": str(good)}, at=now)

A job makes a delivery of it for each endpoint that wants to know (`delivering.spread`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from sundry.base.access.actions import record
from sundry.base.access.prepared import run
from sundry.base.access.rules import Actor
from sundry.base.webhooks import queries
from sundry.base.webhooks.addresses import checked
from sundry.base.webhooks.models import Delivery, Endpoint, Event
from sundry.base.webhooks.rules import (
    ENDPOINTS_MAX,
    EVENTS_ARE_KEPT_FOR,
    OLD_SECRET_IS_GOOD_FOR,
    REPLAY_EVENTS_MAX,
    TEST_KIND,
    AlreadySo,
    Announcement,
    DeliveryState,
    EndpointRefused,
    EndpointState,
    IsOff,
    NewSecret,
    ReplayRefused,
    Trouble,
    body_of,
    checked_kinds,
    new_secret,
)
from sundry.base.webhooks.sealing import locked
from sundry.kernel.identifiers import first_id, new_id

DELIVER: Final = "webhooks.deliver"  # tasks by their names: they stand in jobs.py, which imports this file
SPREAD: Final = "webhooks.spread"
BEHIND: Final = -10  # priority: a receiver is told when nothing of the market's own waits
A_MOMENT: Final = timedelta(minutes=1)


# Endpoints ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def register(*, actor: Actor, organisation: UUID, address: str, kinds: Iterable[str], description: str) -> NewSecret:
    """A new endpoint of the organisation, and its secret, which is told this once. EndpointRefused."""
    made = Endpoint(organisation_id=organisation, **_asked(address, kinds, description))
    _count_one_more(organisation)
    secret = new_secret()
    made.secret = locked(secret)
    made.save(force_insert=True)
    _record(actor, "create", made, kinds=made.kinds)
    return NewSecret(made.id, secret)


@transaction.atomic
def change(*, actor: Actor, endpoint: UUID, address: str, kinds: Iterable[str], description: str) -> None:
    """Another address, other kinds: for what happens from now on, and for what waits. EndpointRefused."""
    asked = _asked(address, kinds, description)
    row = _hold(endpoint)
    for name, value in asked.items():
        setattr(row, name, value)
    row.save(update_fields=list(asked))
    _record(actor, "change", row, kinds=row.kinds)


@transaction.atomic
def rotate(*, actor: Actor, endpoint: UUID, now: datetime) -> NewSecret:
    """A new secret, told this once. Of the one before, both signatures are sent for OLD_SECRET_IS_GOOD_FOR."""
    row = _hold(endpoint)
    secret = new_secret()
    row.old_secret, row.old_until = row.secret, now + OLD_SECRET_IS_GOOD_FOR
    row.secret = locked(secret)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    _record(actor, "rotate", row)
    return NewSecret(row.id, secret)


@transaction.atomic
def switch(*, actor: Actor, endpoint: UUID, on: bool) -> None:
    """On again, as if it had never failed; or off, and what waited is not told. AlreadySo."""
    row = _hold(endpoint)
    if (row.state == EndpointState.ON) == on:
        raise AlreadySo("webhook_is_on" if on else "webhook_is_off")
    if on:
        row.state, row.failures, row.failing_since, row.rests_until = EndpointState.ON, 0, None, None
        row.save(update_fields=["state", "failures", "failing_since", "rests_until"])
    else:
        put_off(row, EndpointState.OFF)
    _record(actor, "switch", row, on=on)


@transaction.atomic
def remove(*, actor: Actor, endpoint: UUID) -> None:
    """Nobody sees it any more, nothing is told to it; what is kept of it goes with the next tidying."""
    row = _hold(endpoint)
    put_off(row, EndpointState.REMOVED)
    _record(actor, "remove", row)


def put_off(row: Endpoint, state: EndpointState) -> None:
    """Switch a locked endpoint off, and give up what waits; what is on its way at this moment is not waited for."""
    row.state = state
    row.save(update_fields=["state"])
    waiting = Delivery.objects.select_for_update(skip_locked=True).filter(endpoint=row, state=DeliveryState.WAITING)
    Delivery.objects.filter(id__in=waiting.values("id")).update(
        state=DeliveryState.FAILED, next_try_at=None, trouble=Trouble.OFF
    )


def _asked(address: str, kinds: Iterable[str], description: str) -> dict[str, Any]:
    target = checked(address, loopback=queries.tells_this_machine(), ports=queries.ports())
    return {
        "address": str(target),
        "kinds": checked_kinds(kinds, queries.kinds()),
        "description": " ".join(description.split()),
    }


def _count_one_more(organisation: UUID) -> None:
    """Of two who register the last endpoint at once the second waits at the rows of the first, and counts then."""
    mine = Endpoint.objects.filter(organisation_id=organisation).exclude(state=EndpointState.REMOVED)
    list(mine.select_for_update(no_key=True).order_by("id").values_list("id"))
    if len(mine.values_list("id")) >= ENDPOINTS_MAX:
        raise EndpointRefused("webhook_too_many_endpoints", limit=ENDPOINTS_MAX)


def _hold(endpoint: UUID) -> Endpoint:
    """The endpoint, locked; whoever calls has seen that it is there."""
    return Endpoint.objects.select_for_update(no_key=True).exclude(state=EndpointState.REMOVED).get(id=endpoint)


def _record(actor: Actor, what: str, row: Endpoint, **details: Any) -> None:
    record(
        actor=actor,
        operation=f"webhooks.endpoint.{what}",
        object_kind="webhook endpoint",
        object_id=row.id,
        details=details,
    )


# Announcing ---------------------------------------------------------------------------------------------------------


def announce(*, kind: str, subject: UUID, organisation: UUID | None, data: Mapping[str, Any], at: datetime) -> UUID:
    """Tell whoever wants to know that something happened; the id of the event.

    Call it in the transaction of what happens: it is told if and only if that is committed. `organisation`: only its
    own endpoints are told; None: everybody's. ValueError: a kind that no module declares, or more data than
    BODY_BYTES_MAX. One statement, two where somebody wants to know.
    """
    (made,) = announce_many(announcements=[Announcement(kind, subject, organisation, data, at)])
    return made


def announce_many(*, announcements: Iterable[Announcement]) -> list[UUID]:
    """The same for many, in their order, by as many statements."""
    told = list(announcements)
    if not told:
        return []
    kinds = {one.kind for one in told}
    if strange := kinds.difference(kind.name for kind in queries.kinds()):
        raise ValueError(f"no module declares events of the kind {', '.join(sorted(strange))}")
    ids = [new_id() for _ in told]
    bodies = [
        body_of(id=id_, kind=one.kind, subject=one.subject, at=one.at, data=one.data)
        for id_, one in zip(ids, told, strict=True)
    ]
    rows = [
        {
            "id": id_,
            "kind": one.kind,
            "subject": one.subject,
            "organisation": one.organisation,
            "at": one.at,
            "body": body,
        }
        for id_, one, body in zip(ids, told, bodies, strict=True)
    ]
    with transaction.atomic(savepoint=False):
        row = run(_TELL, [sorted(kinds), json.dumps(rows, ensure_ascii=False, default=str)]).fetchone()
        if row and row[0]:
            app.configure_task(SPREAD, allow_unknown=True, priority=BEHIND).defer()
    return ids


_TELL: Final = """
WITH wanted AS (
  SELECT EXISTS (SELECT FROM webhooks_endpoint WHERE state = 'on' AND kinds ?| %s::text[]) AS by_somebody
), told AS (
  INSERT INTO webhooks_event (id, kind, subject, organisation, at, body, is_spread)
  SELECT id, kind, subject, organisation, at, body, NOT wanted.by_somebody
  FROM wanted, json_to_recordset(%s::json)
    AS event (id uuid, kind text, subject uuid, organisation uuid, at timestamptz, body text)
)
SELECT by_somebody FROM wanted
"""


# Telling again ------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_test(*, actor: Actor, endpoint: UUID, now: datetime) -> UUID:
    """Send the endpoint an event by which its programmer sees that it works; the delivery. IsOff."""
    row = _switched_on(endpoint)
    id_, data = new_id(), {"endpoint": str(row.id)}
    event = Event(
        id=id_,
        kind=TEST_KIND,
        subject=row.id,
        organisation=row.organisation_id,
        at=now,
        body=body_of(id=id_, kind=TEST_KIND, subject=row.id, at=now, data=data),
        is_spread=True,
    )
    event.save(force_insert=True)
    made = Delivery(endpoint=row, event=event, **fresh(now))
    made.save(force_insert=True)
    deliver_soon([row.id])
    _record(actor, "test", row)
    return made.id


@transaction.atomic
def replay_delivery(*, actor: Actor, delivery: UUID, now: datetime) -> None:
    """Tell one event again to one endpoint, with the same id. IsOff."""
    found = Delivery.objects.filter(id=delivery)
    row = _switched_on(found.values_list("endpoint_id", flat=True).get())
    _again(row, found, now)
    _record(actor, "replay", row, delivery=str(delivery))


@transaction.atomic
def replay_failed(*, actor: Actor, endpoint: UUID, now: datetime) -> int:
    """Tell the endpoint everything again that it was told in vain; how many. IsOff."""
    row = _switched_on(endpoint)
    count = _again(row, Delivery.objects.filter(endpoint=row, state=DeliveryState.FAILED), now)
    _record(actor, "replay", row, failed=count)
    return count


@transaction.atomic
def replay_span(*, actor: Actor, endpoint: UUID, since: datetime, until: datetime, now: datetime) -> int:
    """Tell the endpoint every event of the time span that it wants to know, also what it was never told; how many.

    `since` <= the moment at which it was announced < `until`. IsOff, ReplayRefused. A fixed number of statements.
    """
    if since >= until:
        raise ReplayRefused("webhook_replay_span")
    since, until = max(since, now - EVENTS_ARE_KEPT_FOR), min(until, now + A_MOMENT)
    row = _switched_on(endpoint)
    found = Event.objects.filter(id__gte=first_id(since), id__lt=first_id(max(since, until)), kind__in=row.kinds)
    public_or_own = found.filter(organisation=None) | found.filter(organisation=row.organisation_id)
    events = list(public_or_own.order_by("id").values_list("id", flat=True)[: REPLAY_EVENTS_MAX + 1])
    if len(events) > REPLAY_EVENTS_MAX:
        raise ReplayRefused("webhook_replay_too_many", limit=REPLAY_EVENTS_MAX)
    deliveries = Delivery.objects.filter(endpoint=row, event_id__in=events)
    count = _again(row, deliveries, now)
    had = set(deliveries.values_list("event_id", flat=True))
    missing = [(row.id, event) for event in events if event not in had]
    make_deliveries(missing, now)
    _record(actor, "replay", row, events=count + len(missing))
    return count + len(missing)


_MAKE: Final = """
    INSERT INTO webhooks_delivery (id, endpoint_id, event_id, state, next_try_at, attempts, trouble, answer)
    SELECT id, endpoint, event, %(state)s, %(next_try_at)s, %(attempts)s, '', ''
    FROM unnest(%(ids)s::uuid[], %(endpoints)s::uuid[], %(events)s::uuid[]) AS new (id, endpoint, event)
    ON CONFLICT (endpoint_id, event_id) DO NOTHING
"""


def make_deliveries(pairs: Collection[tuple[UUID, UUID]], now: datetime) -> None:
    """A delivery for each (endpoint, event) that has none yet, by one statement."""
    columns = {
        "ids": [new_id() for _ in pairs],
        "endpoints": [endpoint for endpoint, _ in pairs],
        "events": [event for _, event in pairs],
    }
    written = {name: f"{{{','.join(map(str, ids))}}}" for name, ids in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, fresh(now) | written)


def fresh(now: datetime) -> dict[str, Any]:
    """The state of what is to be told: on a market that sends nothing it is kept for its developer to look at."""
    if not queries.sends():
        return {"state": DeliveryState.KEPT, "next_try_at": None, "attempts": 0}
    return {"state": DeliveryState.WAITING, "next_try_at": now, "attempts": 0}


def deliver_soon(endpoints: Collection[UUID]) -> None:
    """Put one job for each endpoint in the queue, by one statement; nothing on a market that sends nothing."""
    if endpoints and queries.sends():
        wanted: list[JSONDict] = [{"endpoint": str(endpoint)} for endpoint in endpoints]
        app.configure_task(DELIVER, allow_unknown=True, priority=BEHIND).batch_defer(*wanted)


def _switched_on(endpoint: UUID) -> Endpoint:
    row = _hold(endpoint)
    if row.state != EndpointState.ON:
        raise IsOff("webhook_is_off")
    return row


def _again(row: Endpoint, deliveries: QuerySet[Delivery], now: datetime) -> int:
    """What waits anyhow is left alone: it may be on its way at this moment."""
    count = deliveries.exclude(state=DeliveryState.WAITING).update(**fresh(now))
    deliver_soon([row.id])
    return count
