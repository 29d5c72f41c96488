"""Quotations for programs: a stall writes, sends and revises them; a buyer compares, accepts or declines them."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from sundry.base.access.endpoints import Page, Paging
from sundry.base.access.guard import actor_of, admit, guarded
from sundry.base.access.rules import Operation, Owner
from sundry.goods.orders import actions_quotations, queries_quotations
from sundry.goods.orders import api_schemas_quotations as told
from sundry.goods.orders.api_common import done, ended, her_organisation, id_after, let_in, paged, there
from sundry.goods.orders.api_schemas import SideTold
from sundry.goods.orders.api_schemas_deals import MadeOut
from sundry.goods.orders.enquiry_rules import Accepted, QuotationState, QuotationView
from sundry.goods.orders.operations import ORDER_PLACE, QUOTATION_ACCEPT, QUOTATION_READ, QUOTATION_WRITE
from sundry.goods.orders.order_rules import Side

router = Router(tags=["Quotations"])


@router.get(
    "/quotations", response=Page[told.QuotationCardOut], summary="List quotations", url_name="orders_quotations"
)
@guarded(QUOTATION_READ)
def quotation_list(
    request: HttpRequest,
    paging: Query[Paging],
    side: SideTold = Side.BUYER,
    state: QuotationState | None = None,
    enquiry: Annotated[int | None, Field(ge=1, lt=2**63)] = None,
    words: Annotated[str, Field(max_length=80)] = "",
) -> dict[str, Any]:
    """Those in which one stands on that side, the newest first. `words`: a number, the other side, what is quoted."""
    found = queries_quotations.quotations(
        organisation=her_organisation(request, QUOTATION_READ),
        side=side,
        state=state,
        enquiry=enquiry,
        words=words,
        before=id_after(paging, "quotations"),
        limit=paging.limit + 1,
    )
    return paged(found, paging, "quotations", lambda card: card.id)


@router.get(
    "/quotations/compare",
    response=told.ComparedOut,
    summary="Compare quotations",
    url_name="orders_quotations_compare",
)
@guarded(QUOTATION_READ)
def quotation_compare(request: HttpRequest, wanted: Query[told.ComparedIn]) -> dict[str, Any]:
    """Side by side: one row a thing, one cell a quotation."""
    organisation = her_organisation(request, QUOTATION_READ)
    if not wanted.q:
        return {"quotations": [], "rows": []}
    found = there(queries_quotations.compare(wanted.q, organisation=organisation), QUOTATION_READ)
    rows = [{"name": name, "lines": list(lines), "best": best} for name, lines, best in found.rows]
    return {"quotations": list(found.quotations), "rows": rows}


@router.post("/quotations", response={201: MadeOut}, summary="Write a quotation", url_name="orders_quotation_write")
@guarded(QUOTATION_WRITE)
def quotation_write(request: HttpRequest, asked: told.QuotationIn) -> Status[dict[str, Any]]:
    """A draft in a conversation, which only the stall sees."""
    made = done(
        QUOTATION_WRITE,
        lambda: actions_quotations.save_quotation(
            actor=actor_of(request),
            conversation=asked.conversation,
            terms=asked.terms.terms(),
            lines=[line.line() for line in asked.lines],
            key=asked.key,
            now=timezone.now(),
        ),
    )
    return Status(201, {"id": made})


@router.post(
    "/quotations/accept", response={201: told.AcceptedOut}, summary="Accept quotations", url_name="orders_accept"
)
@guarded(QUOTATION_ACCEPT)
def quotation_accept(request: HttpRequest, asked: told.AcceptIn) -> Status[Accepted]:
    """Their lines go into a basket at the quoted prices, or are placed; all or none."""
    if asked.place:
        admit(request, ORDER_PLACE, actor_of(request).owner())
    made = done(
        QUOTATION_ACCEPT,
        lambda: actions_quotations.accept_quotations(
            actor=actor_of(request),
            quotations=asked.quotations,
            pieces=asked.pieces,
            variants=asked.variants,
            order=asked.order,
            place=asked.place,
            key=asked.key,
            now=timezone.now(),
        ),
    )
    return Status(201, made)


@router.get(
    "/quotations/{uuid:quotation}", response=told.QuotationOut, summary="Read a quotation", url_name="orders_quotation"
)
@guarded(QUOTATION_READ)
def quotation_read(request: HttpRequest, quotation: uuid.UUID) -> QuotationView:
    """A version of it, with its lines. A draft is there for its stall only."""
    return _read(request, QUOTATION_READ, quotation)


@router.put(
    "/quotations/own/{uuid:own_quotation}",
    response=told.QuotationOut,
    summary="Change a draft",
    url_name="orders_quotation",
)
@guarded(QUOTATION_WRITE)
def quotation_change(request: HttpRequest, own_quotation: uuid.UUID, asked: told.QuotationIn) -> QuotationView:
    """Write it whole, as it shall be."""
    _the_stalls(request, QUOTATION_WRITE, own_quotation)
    done(
        QUOTATION_WRITE,
        lambda: actions_quotations.save_quotation(
            actor=actor_of(request),
            conversation=asked.conversation,
            terms=asked.terms.terms(),
            lines=[line.line() for line in asked.lines],
            quotation=own_quotation,
            key=asked.key,
            now=timezone.now(),
        ),
    )
    return _read(request, QUOTATION_WRITE, own_quotation)


@router.post(
    "/quotations/own/{uuid:own_quotation}/send",
    response={204: None},
    summary="Send a quotation",
    url_name="orders_quotation_send",
)
@guarded(QUOTATION_WRITE)
def quotation_send(request: HttpRequest, own_quotation: uuid.UUID) -> Status[None]:
    """To the buyer; the version before counts no more."""
    _the_stalls(request, QUOTATION_WRITE, own_quotation)
    return ended(request, QUOTATION_WRITE, actions_quotations.send, quotation=own_quotation)


@router.post(
    "/quotations/own/{uuid:own_quotation}/revise",
    response={201: MadeOut},
    summary="Revise a quotation",
    url_name="orders_quotation_revise",
)
@guarded(QUOTATION_WRITE)
def quotation_revise(request: HttpRequest, own_quotation: uuid.UUID) -> Status[dict[str, Any]]:
    """A draft of the next version, which is then changed and sent."""
    _the_stalls(request, QUOTATION_WRITE, own_quotation)
    act = actions_quotations.revise
    made = done(QUOTATION_WRITE, lambda: act(actor=actor_of(request), quotation=own_quotation, now=timezone.now()))
    return Status(201, {"id": made})


@router.post(
    "/quotations/own/{uuid:own_quotation}/withdraw",
    response={204: None},
    summary="Withdraw a quotation",
    url_name="orders_quotation_withdraw",
)
@guarded(QUOTATION_WRITE)
def quotation_withdraw(request: HttpRequest, own_quotation: uuid.UUID, asked: told.QuotationReasonIn) -> Status[None]:
    """It cannot be accepted any more; a draft is thrown away."""
    _the_stalls(request, QUOTATION_WRITE, own_quotation)
    return ended(
        request, QUOTATION_WRITE, actions_quotations.withdraw_quotation, quotation=own_quotation, reason=asked.reason
    )


@router.post(
    "/quotations/{uuid:quotation}/decline",
    response={204: None},
    summary="Decline a quotation",
    url_name="orders_quotation_decline",
)
@guarded(QUOTATION_ACCEPT)
def quotation_decline(request: HttpRequest, quotation: uuid.UUID, asked: told.QuotationReasonIn) -> Status[None]:
    """The stall reads the reason."""
    _hers(request, QUOTATION_ACCEPT, quotation)
    return ended(
        request, QUOTATION_ACCEPT, actions_quotations.decline_quotation, quotation=quotation, reason=asked.reason
    )


def _hers(request: HttpRequest, operation: Operation, quotation: uuid.UUID) -> None:
    let_in(request, operation, queries_quotations.owner_of_quotation(quotation, actor_of(request)))


def _the_stalls(request: HttpRequest, operation: Operation, quotation: uuid.UUID) -> None:
    """What a buyer may read, only its stall may write."""
    view = queries_quotations.quotation(quotation, side=Side.STALL)
    let_in(request, operation, None if view is None else Owner(organisation=view.seller))


def _read(request: HttpRequest, operation: Operation, quotation: uuid.UUID) -> QuotationView:
    """As the side on which she stands may see it: the stall's own first, for only a stall sees a draft."""
    _hers(request, operation, quotation)
    organisation = actor_of(request).organisation
    view = queries_quotations.quotation(quotation, side=Side.STALL)
    if view is None or view.seller != organisation:
        view = queries_quotations.quotation(quotation, side=Side.BUYER)
    return there(view, operation)
