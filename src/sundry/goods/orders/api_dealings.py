"""What the two sides of a stall's part of an order deal out, for programs: changes, payments, trade tickets."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from sundry.base.access.endpoints import Page
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.orders import (
    actions_changes,
    actions_payments,
    actions_tickets,
    queries_dealings,
    queries_orders,
)
from sundry.goods.orders import api_schemas_deals as told
from sundry.goods.orders.api_common import all_of, done, ended, let_in, there
from sundry.goods.orders.operations import (
    CHANGE_DECIDE,
    CHANGE_PROPOSE,
    CHANGE_READ,
    PAYMENT_DECIDE,
    PAYMENT_READ,
    PAYMENT_TELL,
    TICKET_CONFIRM,
    TICKET_READ,
)
from sundry.goods.orders.order_rules import TicketView

router = Router(tags=["Sub-orders"])


# Changes ------------------------------------------------------------------------------------------------------------


@router.get(
    "/sub-orders/{uuid:sub}/changes", response=Page[told.ChangeOut], summary="List changes", url_name="orders_changes"
)
@guarded(CHANGE_READ)
def change_list(request: HttpRequest, sub: uuid.UUID) -> dict[str, Any]:
    """That were proposed, the newest first."""
    _her_sub(request, CHANGE_READ, sub)
    return all_of(queries_dealings.changes(sub))


@router.post(
    "/sub-orders/{uuid:sub}/changes",
    response={201: told.MadeOut},
    summary="Propose a change",
    url_name="orders_changes",
)
@guarded(CHANGE_PROPOSE)
def change_propose(request: HttpRequest, sub: uuid.UUID, asked: told.ChangeIn) -> Status[dict[str, Any]]:
    """Of what both sides have said yes to: it holds when the other side accepts it."""
    _her_sub(request, CHANGE_PROPOSE, sub)
    made = done(
        CHANGE_PROPOSE,
        lambda: actions_changes.propose(
            actor=actor_of(request),
            sub=sub,
            kind=asked.kind,
            changes=[one.change() for one in asked.changes],
            promised_day=asked.promised_day,
            reason=asked.reason,
            version=asked.version,
            now=timezone.now(),
        ),
    )
    return Status(201, {"id": made})


@router.post(
    "/sub-orders/{uuid:sub}/amend",
    response={201: told.MadeOut},
    summary="Amend what waits for the stall",
    url_name="orders_amend",
)
@guarded(CHANGE_PROPOSE)
def change_amend(request: HttpRequest, sub: uuid.UUID, asked: told.AmendIn) -> Status[dict[str, Any]]:
    """By the buyer, until the stall has answered: it holds at once, and the stall sees it before it confirms."""
    _her_sub(request, CHANGE_PROPOSE, sub)
    made = done(
        CHANGE_PROPOSE,
        lambda: actions_changes.amend(
            actor=actor_of(request),
            sub=sub,
            changes=[one.change() for one in asked.changes],
            reason=asked.reason,
            version=asked.version,
            now=timezone.now(),
        ),
    )
    return Status(201, {"id": made})


@router.post(
    "/changes/{uuid:change}/accept", response={204: None}, summary="Accept a change", url_name="orders_change_accept"
)
@guarded(CHANGE_DECIDE)
def change_accept(request: HttpRequest, change: uuid.UUID) -> Status[None]:
    """By the other side. A trade ticket has to be drawn anew."""
    _her_change(request, CHANGE_DECIDE, change)
    return ended(request, CHANGE_DECIDE, actions_changes.accept, change=change)


@router.post(
    "/changes/{uuid:change}/decline", response={204: None}, summary="Decline a change", url_name="orders_change_decline"
)
@guarded(CHANGE_DECIDE)
def change_decline(request: HttpRequest, change: uuid.UUID, asked: told.ChangeRefusalIn) -> Status[None]:
    """By the other side: all stays as it is."""
    _her_change(request, CHANGE_DECIDE, change)
    return ended(request, CHANGE_DECIDE, actions_changes.decline_change, change=change, reason=asked.reason)


@router.post(
    "/changes/{uuid:change}/withdraw",
    response={204: None},
    summary="Withdraw a change",
    url_name="orders_change_withdraw",
)
@guarded(CHANGE_PROPOSE)
def change_withdraw(request: HttpRequest, change: uuid.UUID) -> Status[None]:
    """By the side that proposed it."""
    _her_change(request, CHANGE_PROPOSE, change)
    return ended(request, CHANGE_PROPOSE, actions_changes.withdraw_change, change=change)


# Payments -----------------------------------------------------------------------------------------------------------


@router.get(
    "/sub-orders/{uuid:sub}/payments",
    response=Page[told.PaymentOut],
    summary="List payments",
    url_name="orders_payments",
)
@guarded(PAYMENT_READ)
def payment_list(request: HttpRequest, sub: uuid.UUID) -> dict[str, Any]:
    """As they were told and acknowledged, the newest first."""
    _her_sub(request, PAYMENT_READ, sub)
    return all_of(queries_dealings.payments(sub))


@router.post(
    "/sub-orders/{uuid:sub}/payments",
    response={201: told.MadeOut},
    summary="Tell of a payment",
    url_name="orders_payments",
)
@guarded(PAYMENT_TELL)
def payment_tell(request: HttpRequest, sub: uuid.UUID, asked: told.PaymentIn) -> Status[dict[str, Any]]:
    """By the buyer; it counts when the stall has acknowledged it."""
    _her_sub(request, PAYMENT_TELL, sub)
    made = done(
        PAYMENT_TELL,
        lambda: actions_payments.tell(
            actor=actor_of(request),
            sub=sub,
            kind=asked.kind,
            amount_minor=asked.amount_minor,
            paid_on=asked.paid_on,
            reference=asked.reference,
            key=asked.key,
            now=timezone.now(),
        ),
    )
    return Status(201, {"id": made})


@router.post(
    "/payments/{uuid:payment}/acknowledge",
    response={204: None},
    summary="Acknowledge a payment",
    url_name="orders_payment_acknowledge",
)
@guarded(PAYMENT_DECIDE)
def payment_acknowledge(request: HttpRequest, payment: uuid.UUID) -> Status[None]:
    """By the stall: it has arrived."""
    _her_payment(request, PAYMENT_DECIDE, payment)
    return ended(request, PAYMENT_DECIDE, actions_payments.acknowledge, payment=payment)


@router.post(
    "/payments/{uuid:payment}/refuse",
    response={204: None},
    summary="Refuse a payment",
    url_name="orders_payment_refuse",
)
@guarded(PAYMENT_DECIDE)
def payment_refuse(request: HttpRequest, payment: uuid.UUID, asked: told.PaymentRefusalIn) -> Status[None]:
    """By the stall: nothing has arrived. The buyer reads the reason."""
    _her_payment(request, PAYMENT_DECIDE, payment)
    return ended(request, PAYMENT_DECIDE, actions_payments.refuse_payment, payment=payment, reason=asked.reason)


@router.post(
    "/payments/{uuid:payment}/withdraw",
    response={204: None},
    summary="Withdraw a payment",
    url_name="orders_payment_withdraw",
)
@guarded(PAYMENT_TELL)
def payment_withdraw(request: HttpRequest, payment: uuid.UUID) -> Status[None]:
    """By the buyer, while the stall has not answered."""
    _her_payment(request, PAYMENT_TELL, payment)
    return ended(request, PAYMENT_TELL, actions_payments.withdraw_payment, payment=payment)


# Trade tickets ------------------------------------------------------------------------------------------------------


@router.get(
    "/sub-orders/{uuid:sub}/tickets",
    response=Page[told.TicketOut],
    summary="List trade tickets",
    url_name="orders_tickets",
)
@guarded(TICKET_READ)
def ticket_list(request: HttpRequest, sub: uuid.UUID) -> dict[str, Any]:
    """The versions of it, the newest first; only that one holds."""
    _her_sub(request, TICKET_READ, sub)
    return all_of(queries_dealings.tickets(sub))


@router.post(
    "/sub-orders/{uuid:sub}/tickets",
    response={201: told.MadeOut},
    summary="Draw a trade ticket",
    url_name="orders_tickets",
)
@guarded(TICKET_CONFIRM)
def ticket_draw(request: HttpRequest, sub: uuid.UUID) -> Status[dict[str, Any]]:
    """Of what was sold, when the stall has confirmed; both sides then confirm it."""
    _her_sub(request, TICKET_CONFIRM, sub)
    act = actions_tickets.draw
    made = done(TICKET_CONFIRM, lambda: act(actor=actor_of(request), sub=sub, now=timezone.now()))
    return Status(201, {"id": made})


@router.get("/tickets/{uuid:ticket}", response=told.TicketOut, summary="Read a trade ticket", url_name="orders_ticket")
@guarded(TICKET_READ)
def ticket_read(request: HttpRequest, ticket: uuid.UUID) -> TicketView:
    """What is confirmed, and its digest."""
    _her_ticket(request, TICKET_READ, ticket)
    return there(queries_dealings.ticket(ticket), TICKET_READ)


@router.post(
    "/tickets/{uuid:ticket}/confirm",
    response=told.TicketOut,
    summary="Confirm a trade ticket",
    url_name="orders_ticket_confirm",
)
@guarded(TICKET_CONFIRM)
def ticket_confirm(request: HttpRequest, ticket: uuid.UUID, asked: told.TicketConfirmIn) -> TicketView:
    """By one side, with the digest of what it has read. Nothing is exported before both have."""
    _her_ticket(request, TICKET_CONFIRM, ticket)
    act, now = actions_tickets.confirm_ticket, timezone.now()
    done(TICKET_CONFIRM, lambda: act(actor=actor_of(request), ticket=ticket, digest=asked.digest, now=now))
    return there(queries_dealings.ticket(ticket), TICKET_CONFIRM)


def _her_sub(request: HttpRequest, operation: Operation, sub: uuid.UUID) -> None:
    let_in(request, operation, queries_orders.owner_of_sub(sub, actor_of(request)))


def _her_change(request: HttpRequest, operation: Operation, change: uuid.UUID) -> None:
    let_in(request, operation, queries_dealings.owner_of_change(change, actor_of(request)))


def _her_payment(request: HttpRequest, operation: Operation, payment: uuid.UUID) -> None:
    let_in(request, operation, queries_dealings.owner_of_payment(payment, actor_of(request)))


def _her_ticket(request: HttpRequest, operation: Operation, ticket: uuid.UUID) -> None:
    let_in(request, operation, queries_dealings.owner_of_ticket(ticket, actor_of(request)))
