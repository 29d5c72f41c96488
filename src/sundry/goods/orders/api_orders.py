"""Orders for programs, as their buyers see them: baskets, orders, their lines and what happened to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from sundry.base.access.endpoints import Page, Paging
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders import (
    actions_answering,
    actions_basket,
    actions_placing,
    queries_dealings,
    queries_orders,
    queries_timeline,
)
from sundry.goods.orders import api_schemas as asked_for
from sundry.goods.orders import api_schemas_orders as told
from sundry.goods.orders.api_common import (
    all_of,
    done,
    findings,
    her_organisation,
    id_after,
    let_in,
    number_after,
    paged,
    there,
)
from sundry.goods.orders.api_schemas_deals import CodesOut
from sundry.goods.orders.operations import BASKET_WRITE, ORDER_CANCEL, ORDER_LIST, ORDER_PLACE, ORDER_READ
from sundry.goods.orders.order_rules import Placed, SubView
from sundry.goods.orders.showing_orders import Fill, fills
from sundry.kernel.messages import render

router = Router(tags=["Orders"])


# Lists and new ones -------------------------------------------------------------------------------------------------


@router.get("/orders", response=Page[told.OrderCardOut], summary="List orders", url_name="orders_list")
@guarded(ORDER_LIST)
def order_list(request: HttpRequest, wanted: Query[asked_for.OrdersIn], paging: Query[Paging]) -> dict[str, Any]:
    """What one buys, for oneself or for another, the newest first; baskets too."""
    found = queries_orders.orders(
        organisation=her_organisation(request, ORDER_LIST),
        filters=queries_orders.Filters(**wanted.dict()),
        before=number_after(paging, "orders"),
        limit=paging.limit + 1,
    )
    return paged(found, paging, "orders", lambda card: card.number)


@router.post("/orders", response={201: told.BasketOut}, summary="Start a basket", url_name="orders_start")
@guarded(BASKET_WRITE)
def order_start(request: HttpRequest, asked: asked_for.NewBasketIn) -> Status[actions_basket.Basket]:
    """With its first lines: all of them, or nothing is started."""
    made = done(
        BASKET_WRITE,
        lambda: actions_basket.start_with(
            actor=actor_of(request),
            head=asked.head.head(),
            wishes=asked_for.wishes(asked.lines),
            mandate=asked.mandate,
            now=timezone.now(),
        ),
    )
    return Status(201, made)


@router.post(
    "/orders/placed", response={201: told.PlacedOut}, summary="Place an order at once", url_name="orders_place_at_once"
)
@guarded(ORDER_PLACE)
def order_place_at_once(request: HttpRequest, asked: asked_for.NewOrderIn) -> Status[Placed]:
    """Lines of many stalls, placed without a basket; all of it or nothing, and then every mistake is told."""
    made = done(
        ORDER_PLACE,
        lambda: actions_placing.place_wishes(
            actor=actor_of(request),
            head=asked.head.head(),
            wishes=asked_for.wishes(asked.lines),
            mandate=asked.mandate,
            key=asked.key,
            now=timezone.now(),
        ),
    )
    return Status(201, made)


# One order ----------------------------------------------------------------------------------------------------------


@router.get("/orders/{int:order}", response=told.OrderOut, summary="Read an order", url_name="orders_order")
@guarded(ORDER_READ)
def order_read(request: HttpRequest, order: int) -> dict[str, Any]:
    """With each stall's part of it, and what it would fill; without the lines."""
    _hers(request, ORDER_READ, order)
    view = there(queries_orders.order(order), ORDER_READ)
    same = {name: getattr(view, name) for name in told.OrderOut.model_fields if name != "fills"}
    return same | {"fills": [_fill(one) for one in fills(view.card.totals, timezone.localdate())]}


@router.put("/orders/{int:order}", response=told.OrderVersionOut, summary="Change a basket", url_name="orders_order")
@guarded(BASKET_WRITE)
def order_change(request: HttpRequest, order: int, asked: asked_for.ChangedHeadIn) -> dict[str, int]:
    """What is said of it as a whole."""
    _hers(request, BASKET_WRITE, order)
    return {
        "version": done(
            BASKET_WRITE,
            lambda: actions_basket.change_head(
                actor=actor_of(request),
                order=order,
                head=asked.head(),
                version=asked.version,
                now=timezone.now(),
            ),
        )
    }


@router.delete("/orders/{int:order}", response={204: None}, summary="Throw a basket away", url_name="orders_order")
@guarded(BASKET_WRITE)
def order_discard(request: HttpRequest, order: int) -> Status[None]:
    """An order that was placed is cancelled instead."""
    _hers(request, BASKET_WRITE, order)
    done(
        BASKET_WRITE,
        lambda: actions_basket.discard(actor=actor_of(request), order=order, now=timezone.now()),
    )
    return Status(204, None)


@router.get(
    "/orders/{int:order}/timeline",
    response=Page[told.TimelineEntryOut],
    summary="List what happened to an order",
    url_name="orders_timeline",
)
@guarded(ORDER_READ)
def order_timeline(request: HttpRequest, order: int, paging: Query[Paging]) -> dict[str, Any]:
    """The newest first. Persons are named to their own organisation only."""
    _hers(request, ORDER_READ, order)
    found = queries_timeline.timeline(
        order,
        organisation=_reader(request),
        before=id_after(paging, "order timeline"),
        limit=paging.limit + 1,
    )
    return paged(found, paging, "order timeline", lambda entry: entry.id)


@router.get(
    "/orders/{int:order}/exportable",
    response=Page[told.ExportableOut],
    summary="Ask what may be exported",
    url_name="orders_exportable",
)
@guarded(ORDER_READ)
def order_exportable(request: HttpRequest, order: int) -> dict[str, Any]:
    """Of each part of it, whether its trade ticket is confirmed by both sides."""
    _hers(request, ORDER_READ, order)
    view = there(queries_orders.order(order), ORDER_READ)
    rules = queries_dealings.exportable([sub.id for sub in view.subs])
    return all_of([_exportable(sub, rules.get(sub.id)) for sub in view.subs])


@router.post("/orders/{int:order}/place", response=told.PlacedOut, summary="Place a basket", url_name="orders_place")
@guarded(ORDER_PLACE)
def order_place(request: HttpRequest, order: int, asked: asked_for.PlaceOrderIn) -> Placed:
    """All of it or nothing. From then on stock is kept for it, and every stall has to answer."""
    _hers(request, ORDER_PLACE, order)
    return done(
        ORDER_PLACE,
        lambda: actions_placing.place(
            actor=actor_of(request), order=order, version=asked.version, key=asked.key, now=timezone.now()
        ),
    )


@router.post("/orders/{int:order}/cancel", response=CodesOut, summary="Cancel an order", url_name="orders_cancel")
@guarded(ORDER_CANCEL)
def order_cancel(request: HttpRequest, order: int, asked: asked_for.CancelOrderIn) -> dict[str, Any]:
    """What no stall has confirmed yet; the rest is cancelled by a change to which both sides agree."""
    _hers(request, ORDER_CANCEL, order)
    what: dict[str, Any] = {"order": order}
    if asked.sub is not None:
        _part_of(order, asked.sub)
        what = {"sub": asked.sub}
    actor, now = actor_of(request), timezone.now()
    act = actions_answering.cancel
    return {"codes": done(ORDER_CANCEL, lambda: act(actor=actor, **what, reason=asked.reason, now=now))}


@router.post(
    "/orders/{int:order}/repeat", response={201: told.RepeatedOut}, summary="Repeat an order", url_name="orders_repeat"
)
@guarded(BASKET_WRITE)
def order_repeat(request: HttpRequest, order: int, asked: asked_for.RepeatOrderIn) -> Status[dict[str, Any]]:
    """A new basket of it at the prices of today, and what is different now."""
    _hers(request, BASKET_WRITE, order)
    made = done(
        BASKET_WRITE,
        lambda: actions_basket.repeat(actor=actor_of(request), order=order, subs=asked.subs, now=timezone.now()),
    )
    return Status(201, {"order": made.order, "findings": findings(made.findings)})


# Its lines ----------------------------------------------------------------------------------------------------------


@router.get(
    "/orders/{int:order}/lines", response=Page[told.OrderLineOut], summary="List lines", url_name="orders_lines"
)
@guarded(ORDER_READ)
def line_list(request: HttpRequest, order: int, paging: Query[Paging], sub: uuid.UUID | None = None) -> dict[str, Any]:
    """Of the whole order, or of the part of one stall."""
    _hers(request, ORDER_READ, order)
    after = number_after(paging, "order lines") or 0
    found = queries_orders.lines(order, sub=sub, after=after, limit=paging.limit + 1)
    return paged(found, paging, "order lines", lambda line: line.position)


@router.post(
    "/orders/{int:order}/lines", response=told.OrderVersionOut, summary="Put lines in", url_name="orders_lines"
)
@guarded(BASKET_WRITE)
def line_put(request: HttpRequest, order: int, asked: asked_for.MoreLinesIn) -> dict[str, int]:
    """In a basket. All of them or none, and then every mistake is told."""
    _hers(request, BASKET_WRITE, order)
    return {
        "version": done(
            BASKET_WRITE,
            lambda: actions_basket.put(
                actor=actor_of(request),
                order=order,
                wishes=asked_for.wishes(asked.lines),
                version=asked.version,
                now=timezone.now(),
            ),
        )
    }


@router.patch(
    "/orders/{int:order}/lines/{uuid:line}",
    response=told.OrderVersionOut,
    summary="Change a line",
    url_name="orders_line",
)
@guarded(BASKET_WRITE)
def line_change(request: HttpRequest, order: int, line: uuid.UUID, asked: asked_for.ChangedLineIn) -> dict[str, int]:
    """Of a basket."""
    _hers(request, BASKET_WRITE, order)
    given = {name: getattr(asked, name) for name in asked_for.ChangedLineIn.model_fields}
    return {
        "version": done(
            BASKET_WRITE,
            lambda: actions_basket.change_line(
                actor=actor_of(request), order=order, line=line, **given, now=timezone.now()
            ),
        )
    }


@router.post(
    "/orders/{int:order}/lines/remove",
    response=told.OrderVersionOut,
    summary="Take lines out",
    url_name="orders_lines_remove",
)
@guarded(BASKET_WRITE)
def line_remove(request: HttpRequest, order: int, asked: asked_for.RemovedLinesIn) -> dict[str, int]:
    """Of a basket."""
    _hers(request, BASKET_WRITE, order)
    return {
        "version": done(
            BASKET_WRITE,
            lambda: actions_basket.remove(
                actor=actor_of(request),
                order=order,
                lines=asked.lines,
                version=asked.version,
                now=timezone.now(),
            ),
        )
    }


def _hers(request: HttpRequest, operation: Operation, order: int) -> None:
    let_in(request, operation, queries_orders.owner_of_order(order, actor_of(request)))


def _reader(request: HttpRequest) -> uuid.UUID | None:
    """Who reads; None: who looks on sees everybody's."""
    actor = actor_of(request)
    return None if actor.role in ORDER_READ.foreign else actor.organisation


def _part_of(order: int, sub: uuid.UUID) -> None:
    """AccessRefused: the sub-order is of another order."""
    view = queries_orders.sub(sub)
    there(view if view is not None and view.order == order else None, ORDER_CANCEL)


def _fill(fill: Fill) -> dict[str, Any]:
    return {"container": fill.name, "volume_bp": fill.volume_bp, "weight_bp": fill.weight_bp}


def _exportable(sub: SubView, rule: str | None) -> dict[str, Any]:
    message = None if rule is None else render(rule, language_of_reader(), {"code": sub.code})
    return {"sub": sub.id, "code": sub.code, "rule": rule, "message": message}
