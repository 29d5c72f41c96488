"""Mandates for programs: an agent buys on behalf of a buyer, who has granted it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from sundry.base.access.endpoints import Page, Paging
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.orders import actions_mandates, queries_dealings
from sundry.goods.orders import api_schemas_deals as told
from sundry.goods.orders.api_common import done, her_organisation, id_after, let_in, paged, there
from sundry.goods.orders.operations import MANDATE_DECIDE, MANDATE_OFFER, MANDATE_READ
from sundry.goods.orders.order_rules import MandateView

router = Router(tags=["Mandates"])


@router.get("/mandates", response=Page[told.MandateOut], summary="List mandates", url_name="orders_mandates")
@guarded(MANDATE_READ)
def mandate_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """In which one is the agent or the buyer, the newest first."""
    found = queries_dealings.mandates(
        her_organisation(request, MANDATE_READ), before=id_after(paging, "mandates"), limit=paging.limit + 1
    )
    return paged(found, paging, "mandates", lambda mandate: mandate.id)


@router.post("/mandates", response={201: told.MadeOut}, summary="Offer a mandate", url_name="orders_mandate_offer")
@guarded(MANDATE_OFFER)
def mandate_offer(request: HttpRequest, asked: told.MandateIn) -> Status[dict[str, Any]]:
    """By an agent: to a buyer of the market, who grants it, or for a client who is not in it and has signed a paper."""
    terms: dict[str, Any] = {
        "reference": asked.reference,
        "currency": asked.currency,
        "limit_minor": asked.limit_minor,
        "valid_from": asked.valid_from,
        "valid_until": asked.valid_until,
    }
    actor, now = actor_of(request), timezone.now()

    def act() -> uuid.UUID:
        if asked.buyer is not None:
            return actions_mandates.offer_mandate(actor=actor, buyer=asked.buyer, **terms, now=now)
        return actions_mandates.client(
            actor=actor, name=asked.client_name, country=asked.client_country, **terms, now=now
        )

    return Status(201, {"id": done(MANDATE_OFFER, act)})


@router.get("/mandates/{uuid:mandate}", response=told.MandateOut, summary="Read a mandate", url_name="orders_mandate")
@guarded(MANDATE_READ)
def mandate_read(request: HttpRequest, mandate: uuid.UUID) -> MandateView:
    """Who buys for whom, until when, up to how much."""
    _hers(request, MANDATE_READ, mandate)
    return there(queries_dealings.mandate(mandate), MANDATE_READ)


@router.post(
    "/mandates/{uuid:mandate}/grant", response={204: None}, summary="Grant a mandate", url_name="orders_mandate_grant"
)
@guarded(MANDATE_DECIDE)
def mandate_grant(request: HttpRequest, mandate: uuid.UUID) -> Status[None]:
    """By the buyer."""
    return _decide(request, mandate, actions_mandates.grant)


@router.post(
    "/mandates/{uuid:mandate}/decline",
    response={204: None},
    summary="Decline a mandate",
    url_name="orders_mandate_decline",
)
@guarded(MANDATE_DECIDE)
def mandate_decline(request: HttpRequest, mandate: uuid.UUID) -> Status[None]:
    """By the buyer."""
    return _decide(request, mandate, actions_mandates.decline_mandate)


@router.post(
    "/mandates/{uuid:mandate}/end", response={204: None}, summary="End a mandate", url_name="orders_mandate_end"
)
@guarded(MANDATE_DECIDE)
def mandate_end(request: HttpRequest, mandate: uuid.UUID) -> Status[None]:
    """By either of them. What was ordered under it stays ordered."""
    return _decide(request, mandate, actions_mandates.end_mandate)


def _decide(request: HttpRequest, mandate: uuid.UUID, act: Callable[..., object]) -> Status[None]:
    _hers(request, MANDATE_DECIDE, mandate)
    done(MANDATE_DECIDE, lambda: act(actor=actor_of(request), mandate=mandate, now=timezone.now()))
    return Status(204, None)


def _hers(request: HttpRequest, operation: Operation, mandate: uuid.UUID) -> None:
    let_in(request, operation, queries_dealings.owner_of_mandate(mandate, actor_of(request)))
