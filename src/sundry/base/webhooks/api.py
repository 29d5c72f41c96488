"""Webhooks for programs: endpoints, what was sent to them, and sending it again. docs/webhooks.md tells a receiver."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field

from sundry.base.access.endpoints import Page, Paging, page_of
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.idempotency import unkept
from sundry.base.webhooks import actions, queries
from sundry.base.webhooks.addresses import ADDRESS_CHARACTERS_MAX
from sundry.base.webhooks.operations import (
    CHANGE,
    READ,
    SEND,
    take_change,
    take_sending,
    the_delivery,
    the_endpoint,
    the_organisation,
)
from sundry.base.webhooks.queries import DeliveryView, EndpointView
from sundry.base.webhooks.rules import (
    DESCRIPTION_CHARACTERS_MAX,
    REPLAY_EVENTS_MAX,
    DeliveryState,
    EndpointState,
    Kind,
    NewSecret,
    Trouble,
)

router = Router(tags=["Webhooks"])


# What is answered ---------------------------------------------------------------------------------------------------


class EventKindOut(Schema):
    """A kind of event that a program can be told of."""

    name: str = Field(examples=["good.listed"])
    description: str
    example: dict[str, Any] = Field(description="The `data` of one.")


class EndpointOut(Schema):
    """Where a program listens."""

    id: uuid.UUID
    address: str = Field(examples=["https://hooks.example.com/sundry"])
    description: str
    kinds: list[str] = Field(examples=[["good.listed"]])
    state: EndpointState
    old_until: datetime | None = Field(description="Until then the secret before is signed with, too.")
    failures: int = Field(ge=0, description="In a row, until now.")
    rests_until: datetime | None = Field(description="After failures nothing is sent until then.")
    created_at: datetime


class EndpointSecretOut(Schema):
    """A secret just made. It is told once."""

    endpoint: uuid.UUID
    secret: str = Field(description="`whsec_` and the key in base64.")


class DeliveryOut(Schema):
    """One event on its way to one endpoint, and what came of the last try."""

    id: uuid.UUID
    event: uuid.UUID = Field(description="The header `webhook-id`, the same at each try.")
    kind: str = Field(examples=["good.listed"])
    subject: uuid.UUID = Field(description="What it happened to.")
    at: datetime
    state: DeliveryState
    attempts: int = Field(ge=0)
    next_try_at: datetime | None
    tried_at: datetime | None
    took_ms: int | None = Field(ge=0)
    status: int | None = Field(description="Of HTTP; null: there was no answer.", examples=[204])
    trouble: Trouble | None = Field(description="Why it did not arrive.")
    answer: str = Field(description="The first 2,000 bytes of the answer.")


class DeliveryWholeOut(DeliveryOut):
    """A delivery with what is sent."""

    body: str


class SentAgainOut(Schema):
    """How much is sent again."""

    deliveries: int = Field(ge=0)


# What is asked ------------------------------------------------------------------------------------------------------


class EndpointIn(Schema):
    """Where a program listens, and to what."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        min_length=1,
        max_length=ADDRESS_CHARACTERS_MAX,
        description="Public, by https, on port 443 or 8443.",
        examples=["https://hooks.example.com/sundry"],
    )
    kinds: list[Annotated[str, Field(max_length=80)]] = Field(max_length=200, examples=[["good.listed"]])
    description: str = Field("", max_length=DESCRIPTION_CHARACTERS_MAX, examples=["Our shop"])


class SwitchIn(Schema):
    """Whether the endpoint is told."""

    model_config = ConfigDict(extra="forbid")

    on: bool


class ReplayIn(Schema):
    """What is sent again: all that failed, or every event that was announced in a time span."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime | None = Field(
        None,
        description="From when on events were announced; nothing: from the endpoint's registration on.",
        examples=["2026-04-20T00:00:00+08:00"],
    )
    until: AwareDatetime | None = Field(
        None,
        description="Before when; nothing: now. Without both: all that failed.",
        examples=["2026-04-21T00:00:00+08:00"],
    )


# What can be asked --------------------------------------------------------------------------------------------------


@router.get("/webhooks/kinds", response=Page[EventKindOut], summary="List kinds of events", url_name="webhook_kinds")
@guarded(READ)
def kind_list(request: HttpRequest) -> dict[str, Any]:
    """All that this market tells of, on one page."""
    return {"items": [_kind(kind) for kind in queries.kinds()], "next": None}


@router.get("/webhooks/endpoints", response=Page[EndpointOut], summary="List endpoints", url_name="webhook_endpoints")
@guarded(READ)
def endpoint_list(request: HttpRequest) -> dict[str, Any]:
    """Those of the organisation for which one acts, all on one page, the newest first."""
    return {"items": queries.endpoints(the_organisation(request, READ)), "next": None}


@router.post(
    "/webhooks/endpoints",
    response={201: EndpointSecretOut},
    summary="Register an endpoint",
    url_name="webhook_endpoint_create",
)
@guarded(CHANGE)
@unkept
def endpoint_create(request: HttpRequest, response: HttpResponse, asked: EndpointIn) -> Status[NewSecret]:
    """The answer holds its secret, which is told this once."""
    organisation = the_organisation(request, CHANGE)
    take_change(organisation, timezone.now())
    made = actions.register(
        actor=actor_of(request),
        organisation=organisation,
        address=asked.address,
        kinds=asked.kinds,
        description=asked.description,
    )
    response.headers["Cache-Control"] = "no-store"
    return Status(201, made)


@router.get(
    "/webhooks/endpoints/{uuid:endpoint}", response=EndpointOut, summary="Read an endpoint", url_name="webhook_endpoint"
)
@guarded(READ)
def endpoint_read(request: HttpRequest, endpoint: uuid.UUID) -> EndpointView:
    """An endpoint and how it is."""
    return the_endpoint(request, READ, endpoint)


@router.put(
    "/webhooks/endpoints/{uuid:endpoint}",
    response=EndpointOut,
    summary="Change an endpoint",
    url_name="webhook_endpoint_change",
)
@guarded(CHANGE)
def endpoint_change(request: HttpRequest, endpoint: uuid.UUID, asked: EndpointIn) -> EndpointView:
    """Another address, other kinds, another description: each of them is replaced."""
    shown = the_endpoint(request, CHANGE, endpoint)
    take_change(shown.organisation, timezone.now())
    actions.change(
        actor=actor_of(request),
        endpoint=endpoint,
        address=asked.address,
        kinds=asked.kinds,
        description=asked.description,
    )
    return the_endpoint(request, CHANGE, endpoint)


@router.delete(
    "/webhooks/endpoints/{uuid:endpoint}",
    response={204: None},
    summary="Remove an endpoint",
    url_name="webhook_endpoint_remove",
)
@guarded(CHANGE)
def endpoint_remove(request: HttpRequest, endpoint: uuid.UUID) -> Status[None]:
    """Nothing is sent to it any more, and what was sent is forgotten."""
    shown = the_endpoint(request, CHANGE, endpoint)
    take_change(shown.organisation, timezone.now())
    actions.remove(actor=actor_of(request), endpoint=endpoint)
    return Status(204, None)


@router.post(
    "/webhooks/endpoints/{uuid:endpoint}/switch",
    response=EndpointOut,
    summary="Switch an endpoint on or off",
    url_name="webhook_endpoint_switch",
)
@guarded(CHANGE)
def endpoint_switch(request: HttpRequest, endpoint: uuid.UUID, asked: SwitchIn) -> EndpointView:
    """Off: what waits is given up, and can be sent again later. On: as if it had never failed."""
    shown = the_endpoint(request, CHANGE, endpoint)
    take_change(shown.organisation, timezone.now())
    actions.switch(actor=actor_of(request), endpoint=endpoint, on=asked.on)
    return the_endpoint(request, CHANGE, endpoint)


@router.post(
    "/webhooks/endpoints/{uuid:endpoint}/secret",
    response=EndpointSecretOut,
    summary="Renew the secret of an endpoint",
    url_name="webhook_endpoint_rotate",
)
@guarded(CHANGE)
@unkept
def endpoint_rotate(request: HttpRequest, response: HttpResponse, endpoint: uuid.UUID) -> NewSecret:
    """For 24 hours more everything is signed with the secret before, too."""
    shown = the_endpoint(request, CHANGE, endpoint)
    now = timezone.now()
    take_change(shown.organisation, now)
    response.headers["Cache-Control"] = "no-store"
    return actions.rotate(actor=actor_of(request), endpoint=endpoint, now=now)


@router.get(
    "/webhooks/endpoints/{uuid:endpoint}/deliveries",
    response=Page[DeliveryOut],
    summary="List deliveries",
    url_name="webhook_deliveries",
)
@guarded(READ)
def delivery_list(
    request: HttpRequest, endpoint: uuid.UUID, paging: Query[Paging], state: DeliveryState | None = None
) -> dict[str, Any]:
    """What was sent to the endpoint, or waits, the newest first."""
    the_endpoint(request, READ, endpoint)
    after = paging.after("webhook deliveries")
    found = queries.deliveries(
        endpoint, state=state, before=uuid.UUID(after) if after else None, limit=paging.limit + 1
    )
    return page_of(found, paging, "webhook deliveries", key=lambda delivery: str(delivery.id))


@router.get(
    "/webhooks/deliveries/{uuid:delivery}",
    response=DeliveryWholeOut,
    summary="Read a delivery",
    url_name="webhook_delivery",
)
@guarded(READ)
def delivery_read(request: HttpRequest, delivery: uuid.UUID) -> DeliveryView:
    """What is sent, and what came of the last try."""
    return the_delivery(request, READ, delivery)


@router.post(
    "/webhooks/deliveries/{uuid:delivery}/replay",
    response={202: SentAgainOut},
    summary="Send one event again",
    url_name="webhook_delivery_replay",
)
@guarded(SEND)
def delivery_replay(request: HttpRequest, delivery: uuid.UUID) -> Status[dict[str, int]]:
    """With the same `webhook-id`."""
    shown, now = the_delivery(request, SEND, delivery), timezone.now()
    take_sending(shown.organisation, now)
    actions.replay_delivery(actor=actor_of(request), delivery=delivery, now=now)
    return Status(202, {"deliveries": 1})


@router.post(
    "/webhooks/endpoints/{uuid:endpoint}/replay",
    response={202: SentAgainOut},
    summary="Send events again",
    description=f"All that failed, or every event of a time span, {REPLAY_EVENTS_MAX:,} at most.",
    url_name="webhook_endpoint_replay",
)
@guarded(SEND)
def endpoint_replay(request: HttpRequest, endpoint: uuid.UUID, asked: ReplayIn) -> Status[dict[str, int]]:
    """Each with the `webhook-id` that it had."""
    shown, now, actor = the_endpoint(request, SEND, endpoint), timezone.now(), actor_of(request)
    take_sending(shown.organisation, now)
    if asked.since is None and asked.until is None:
        count = actions.replay_failed(actor=actor, endpoint=endpoint, now=now)
    else:
        since, until = asked.since or shown.created_at, asked.until or now
        count = actions.replay_span(actor=actor, endpoint=endpoint, since=since, until=until, now=now)
    return Status(202, {"deliveries": count})


@router.post(
    "/webhooks/endpoints/{uuid:endpoint}/test",
    response={202: DeliveryOut},
    summary="Send a test event",
    url_name="webhook_endpoint_test",
)
@guarded(SEND)
def endpoint_test(request: HttpRequest, endpoint: uuid.UUID) -> Status[DeliveryView]:
    """An event of the kind `webhooks.test`, to this endpoint alone."""
    shown, now = the_endpoint(request, SEND, endpoint), timezone.now()
    take_sending(shown.organisation, now)
    made = actions.send_test(actor=actor_of(request), endpoint=endpoint, now=now)
    return Status(202, the_delivery(request, SEND, made))


def _kind(kind: Kind) -> dict[str, Any]:
    return {"name": kind.name, "description": kind.description, "example": dict(kind.example)}
