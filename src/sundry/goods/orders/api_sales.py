"""Sales for programs: what a stall is asked for, its yes or no, what it hands over, and what it asks of every order."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from sundry.base.access.endpoints import Page, Paging
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.api_schemas import VersionOut
from sundry.goods.orders import actions_answering, actions_terms, queries_dealings, queries_orders, queries_sales
from sundry.goods.orders import api_schemas_deals as told
from sundry.goods.orders.api_common import (
    NUMBER_MAX,
    done,
    her_organisation,
    id_after,
    let_in,
    number_after,
    paged,
    there,
)
from sundry.goods.orders.api_schemas_orders import OrderLineOut
from sundry.goods.orders.operations import HAND_OVER, SALE_ANSWER, SALE_READ, SALES_LIST, TERMS_READ, TERMS_WRITE
from sundry.goods.orders.queries_dealings import TermsView
from sundry.goods.orders.queries_sales import SaleCard, Today

router = Router(tags=["Sales"])


@router.get("/sales", response=Page[told.SaleOut], summary="List sales", url_name="orders_sales")
@guarded(SALES_LIST)
def sale_list(request: HttpRequest, wanted: Query[told.SalesIn], paging: Query[Paging]) -> dict[str, Any]:
    """Parts of orders that one has to deliver, the newest first."""
    found = queries_sales.sales(
        organisation=her_organisation(request, SALES_LIST),
        state=wanted.state,
        stall=wanted.stall,
        late=wanted.late,
        before=id_after(paging, "sales"),
        limit=paging.limit + 1,
    )
    return paged([_sale(card) for card in found], paging, "sales", lambda one: one["sub"].id)


@router.get("/sales/today", response=told.TodayOut, summary="Ask what waits today", url_name="orders_today")
@guarded(SALES_LIST)
def sales_today(request: HttpRequest) -> Today:
    """How much of each, counted up to 100."""
    organisation = her_organisation(request, SALES_LIST)
    return queries_sales.today(organisation=organisation, today=timezone.localdate())


@router.post("/sales/confirm", response=told.CodesOut, summary="Confirm sales", url_name="orders_confirm")
@guarded(SALE_ANSWER)
def sales_confirm(request: HttpRequest, asked: told.ConfirmIn) -> dict[str, Any]:
    """All of them or none. By the same key they are confirmed once."""
    actor, now = actor_of(request), timezone.now()
    act = actions_answering.confirm
    given: dict[str, Any] = {"subs": asked.subs, "promised_day": asked.promised_day, "key": asked.key}
    given["versions"] = asked.versions
    return {"codes": done(SALE_ANSWER, lambda: act(actor=actor, **given, now=now))}


@router.post("/sales/ready", response=told.CodesOut, summary="Say that sales are ready", url_name="orders_ready")
@guarded(HAND_OVER)
def sales_ready(request: HttpRequest, asked: told.SubOrdersIn) -> dict[str, Any]:
    """Made and packed: they can be fetched. All of them or none."""
    actor, now = actor_of(request), timezone.now()
    return {"codes": done(HAND_OVER, lambda: actions_answering.ready(actor=actor, subs=asked.subs, now=now))}


@router.get("/sales/{uuid:sale}", response=told.SaleOut, summary="Read a sale", url_name="orders_sale")
@guarded(SALE_READ)
def sale_read(request: HttpRequest, sale: uuid.UUID) -> dict[str, Any]:
    """A part of an order, as its stall sees it."""
    _hers(request, SALE_READ, sale)
    return _sale(there(queries_sales.sale(sale), SALE_READ))


@router.get(
    "/sales/{uuid:sale}/lines",
    response=Page[OrderLineOut],
    summary="List the lines of a sale",
    url_name="orders_sale_lines",
)
@guarded(SALE_READ)
def sale_lines(request: HttpRequest, sale: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Of this stall only."""
    _hers(request, SALE_READ, sale)
    view = there(queries_orders.sub(sale), SALE_READ)
    after = number_after(paging, "sale lines") or 0
    found = queries_orders.lines(view.order, sub=sale, after=after, limit=paging.limit + 1)
    return paged(found, paging, "sale lines", lambda line: line.position)


@router.post("/sales/{uuid:sale}/decline", response={204: None}, summary="Decline a sale", url_name="orders_decline")
@guarded(SALE_ANSWER)
def sale_decline(request: HttpRequest, sale: uuid.UUID, asked: told.DeclineIn) -> Status[None]:
    """The buyer reads the reason."""
    _hers(request, SALE_ANSWER, sale)
    done(
        SALE_ANSWER,
        lambda: actions_answering.decline(actor=actor_of(request), sub=sale, reason=asked.reason, now=timezone.now()),
    )
    return Status(204, None)


@router.post(
    "/sales/{uuid:sale}/hand-over", response=told.CodesOut, summary="Hand goods over", url_name="orders_hand_over"
)
@guarded(HAND_OVER)
def sale_hand_over(request: HttpRequest, sale: uuid.UUID, asked: told.HandOverIn) -> dict[str, Any]:
    """All that is open, or some of it. By the same key it is handed over once."""
    _hers(request, HAND_OVER, sale)
    actor, now = actor_of(request), timezone.now()
    given: dict[str, Any] = {name: getattr(asked, name) for name in told.HandOverIn.model_fields}
    act = actions_answering.hand_over
    return {"codes": [done(HAND_OVER, lambda: act(actor=actor, sub=sale, **given, now=now))]}


# What a stall asks of every order -----------------------------------------------------------------------------------


@router.get(
    "/sales/terms/{int:my_stall}",
    response=told.StallTermsIO,
    summary="Read the terms of a stall",
    url_name="orders_terms",
)
@guarded(TERMS_READ)
def terms_read(request: HttpRequest, my_stall: int) -> TermsView:
    """Deposits, and whether it confirms stock by itself."""
    return queries_dealings.terms_of(_her_stall(request, TERMS_READ, my_stall))


@router.put(
    "/sales/terms/{int:my_stall}", response=VersionOut, summary="Change the terms of a stall", url_name="orders_terms"
)
@guarded(TERMS_WRITE)
def terms_change(request: HttpRequest, my_stall: int, asked: told.StallTermsIO) -> dict[str, int]:
    """For orders that are placed from now on."""
    stall = _her_stall(request, TERMS_WRITE, my_stall)
    act, now = actions_terms.change_terms, timezone.now()
    return {"version": done(TERMS_WRITE, lambda: act(actor=actor_of(request), stall=stall, **asked.dict(), now=now))}


def _her_stall(request: HttpRequest, operation: Operation, number: int) -> uuid.UUID:
    view = queries_stalls.stall_by_number(number) if number <= NUMBER_MAX else None
    let_in(request, operation, queries_stalls.owner_of(view) if view else None)
    return there(view, operation).card.id


def _hers(request: HttpRequest, operation: Operation, sale: uuid.UUID) -> None:
    let_in(request, operation, queries_orders.seller_of_sub(sale))


def _sale(card: SaleCard) -> dict[str, Any]:
    """To a stall an order that an agent placed is the agent's; whom she buys for is a country and no name."""
    partner = card.agent.name or card.buyer.name
    return {"sub": card.sub, "buyer": partner, "country": card.country, "currency": card.currency}
