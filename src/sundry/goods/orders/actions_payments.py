"""Deposits and balances of a sub-order: the buyer tells what she paid, the stall says whether it has come.

Problem: money changes hands outside of the market (a transfer, a phone, cash at the stall), and each side remembers it
otherwise. Therefore a payment counts for nothing when it is told and is whole when the stall acknowledges it: then the
stall's claims of this sub-order fall by it in the ledger, whose floor is nought, so nothing is paid that is not owed.

Worked case: 565.00 are owed for 10234-3, of which 169.50 in advance. 169.50 are told and acknowledged: 395.50 are left.
400.00 are told: refused, 395.50 is what is still owed. The same key twice (a phone without a network) pays once.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.base.ledger.rules import Event, Transfer
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import events, promising
from sundry.goods.orders.actions_answering import close
from sundry.goods.orders.checks import shown
from sundry.goods.orders.dealing import amount, tell_others
from sundry.goods.orders.ending import check_reason
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.models import Payment
from sundry.goods.orders.operations import PAYMENT_DECIDE, PAYMENT_TELL
from sundry.goods.orders.order_rules import BINDING, EventKind, PaymentKind, PaymentState, Side, State
from sundry.goods.orders.writing import Held, held_sub, record_event
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id

REFERENCE_MAX: Final = 80
OWING: Final = BINDING | {State.HANDED_OVER}
"""In which something may be owed: both sides have said yes to it."""


def tell(
    *,
    actor: Actor,
    sub: uuid.UUID,
    kind: PaymentKind,
    amount_minor: int,
    paid_on: date,
    reference: str = "",
    currency: str | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """The buyer says that she has paid; the payment. The same `key` again: the same payment. `currency`: of what was
    paid, None: the order's.

    Refused: not an amount, more than is owed (less what is told already), another currency, a day to come; NotThere;
    NotNow: nothing is owed in this state."""
    with transaction.atomic():
        held = held_sub(actor=actor, sub=sub, side=Side.BUYER)
        if key is not None and (before := Payment.objects.filter(key=key).first()) is not None:
            return _again(before, (held.sub.id, kind.value, amount_minor, paid_on, clean(reference)))
        _check_owing(held)
        _check(_findings(held, amount_minor, paid_on, reference, currency, localdate(now)))
        row = Payment(
            sub=held.sub,
            kind=kind.value,
            amount_minor=amount_minor,
            paid_on=paid_on,
            reference=clean(reference),
            key=key,
            told_at=now,
            told_by_id=actor.person,
        )
        row.save(force_insert=True)
        _tell(held, row, EventKind.PAYMENT_TOLD, actor, now, webhook=events.PAYMENT_TOLD)
        record(
            actor=actor, operation=PAYMENT_TELL, object_kind="payment", object_id=row.id, details=_details(held, row)
        )
    return row.id


def _again(before: Payment, told: tuple[uuid.UUID, str, int, date, str]) -> uuid.UUID:
    """NotNow: this key has told of another payment than this."""
    if (before.sub_id, before.kind, before.amount_minor, before.paid_on, before.reference) != told:
        raise NotNow("orders_payment_key_taken")
    return before.id


def acknowledge(*, actor: Actor, payment: uuid.UUID, now: datetime) -> None:
    """The stall has it: so much less is owed; what is handed over and paid is closed. NotThere; AlreadyDone, NotNow: it
    is answered already; Refused: more than is owed by now."""
    with transaction.atomic():
        held, row = _held(actor, payment, Side.STALL)
        _check_open(row, PaymentState.ACKNOWLEDGED)
        owed = held.sub.value_minor - held.sub.paid_minor
        if row.amount_minor > owed:
            raise Refused([_too_much(held, row.amount_minor, owed)])
        event = new_id()
        row.event = event
        _answer(row, PaymentState.ACKNOWLEDGED, actor, now)
        held.sub.paid_minor += row.amount_minor
        held.order.paid_minor += row.amount_minor
        held.sub.save(update_fields=["paid_minor"])
        held.order.save(update_fields=["paid_minor"])
        close(actor=actor, sub=held.sub.id, now=now)
        _tell(held, row, EventKind.PAYMENT_ACKNOWLEDGED, actor, now, webhook=events.PAYMENT_ACKNOWLEDGED)
        record(
            actor=actor, operation=PAYMENT_DECIDE, object_kind="payment", object_id=row.id, details=_details(held, row)
        )
        moved = Transfer(new_id(), held.sub.claims, held.sub.debts, row.amount_minor)
        kind = "deposit" if row.kind == PaymentKind.DEPOSIT.value else "payment"
        promising.post([Event(event, kind, f"order:{held.code}", promising.told(actor), now, (moved,))], now=now)


def refuse_payment(*, actor: Actor, payment: uuid.UUID, reason: str, now: datetime) -> None:
    """The stall has not got it. NotThere; AlreadyDone, NotNow: it is answered already; Refused: no reason."""
    told = check_reason(reason)
    with transaction.atomic():
        held, row = _held(actor, payment, Side.STALL)
        _check_open(row, PaymentState.REFUSED)
        row.reason = told
        _answer(row, PaymentState.REFUSED, actor, now)
        _tell(held, row, EventKind.PAYMENT_REFUSED, actor, now)
        record(
            actor=actor, operation=PAYMENT_DECIDE, object_kind="payment", object_id=row.id, details=_details(held, row)
        )


def withdraw_payment(*, actor: Actor, payment: uuid.UUID, now: datetime) -> None:
    """The buyer takes back what she told, while nobody has answered. NotThere; AlreadyDone, NotNow."""
    with transaction.atomic():
        held, row = _held(actor, payment, Side.BUYER)
        _check_open(row, PaymentState.WITHDRAWN)
        _answer(row, PaymentState.WITHDRAWN, actor, now)
        _tell(held, row, EventKind.PAYMENT_WITHDRAWN, actor, now)
        record(
            actor=actor, operation=PAYMENT_TELL, object_kind="payment", object_id=row.id, details=_details(held, row)
        )


# What they have in common ---------------------------------------------------------------------------------------------


def _held(actor: Actor, payment: uuid.UUID, side: Side) -> tuple[Held, Payment]:
    """The sub-order is held before its payment is read: nobody answers it meanwhile."""
    sub = Payment.objects.filter(id=payment).values_list("sub_id", flat=True).first()
    if sub is None:
        raise NotThere("orders_payment_not_there")
    held = held_sub(actor=actor, sub=sub, side=side)
    return held, Payment.objects.get(id=payment)


def _check_open(row: Payment, to: PaymentState) -> None:
    if row.state == to.value:
        raise AlreadyDone(f"orders_payment_is_{row.state}")
    if row.state != PaymentState.TOLD.value:
        raise NotNow(f"orders_payment_is_{row.state}")


def _answer(row: Payment, state: PaymentState, actor: Actor, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by_id = state.value, now, actor.person
    row.save(update_fields=["state", "decided_at", "decided_by", "event", "reason"])


def _check_owing(held: Held) -> None:
    if held.state is State.PLACED:
        raise NotNow("orders_payment_not_yet", code=held.code)
    if held.state not in OWING:
        raise NotNow("orders_payment_over", code=held.code)


def _findings(
    held: Held, amount_minor: int, paid_on: date, reference: str, currency: str | None, today: date
) -> list[Finding]:
    found = []
    if currency is not None and currency != held.order.currency:
        details = {"currency": held.order.currency}
        found.append(error("orders_payment_currency", header="currency", value=shown(currency), details=details))
    if paid_on > today:
        found.append(error("orders_payment_day_to_come", header="paid_on", value=str(paid_on)))
    if len(reference) > REFERENCE_MAX:
        too_long = {"count": len(reference), "most": REFERENCE_MAX}
        found.append(error("orders_text_too_long", header="reference", value=shown(reference), details=too_long))
    if amount_minor < 1:
        found.append(error("orders_payment_impossible", header="amount_minor", value=shown(amount_minor)))
        return found
    told = Payment.objects.filter(sub=held.sub, state=PaymentState.TOLD.value).aggregate(sum=Sum("amount_minor"))
    owed = held.sub.value_minor - held.sub.paid_minor - int(told["sum"] or 0)
    if amount_minor > owed:
        found.append(_too_much(held, amount_minor, owed))
    return found


def _too_much(held: Held, amount_minor: int, owed_minor: int) -> Finding:
    currency = held.order.currency
    details = {"owed": amount(owed_minor, currency), "code": held.code}
    return error(
        "orders_payment_too_much", header="amount_minor", value=amount(amount_minor, currency), details=details
    )


def _check(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _tell(held: Held, row: Payment, kind: EventKind, actor: Actor, now: datetime, *, webhook: str = "") -> None:
    """The timeline; and the other side, where it has to know at once."""
    record_event(
        order=held.order.id,
        sub=held.sub.id,
        kind=kind,
        side=held.side,
        actor=actor,
        now=now,
        details={"amount_minor": row.amount_minor, "currency": held.order.currency, "payment": str(row.id)},
    )
    if webhook:
        data = {"payment": str(row.id), "amount_minor": row.amount_minor, "currency": held.order.currency}
        values = {"amount": amount(row.amount_minor, held.order.currency)}
        tell_others(held=held, kind=webhook, now=now, data=data, values=values)


def _details(held: Held, row: Payment) -> dict[str, str | int]:
    return {"code": held.code, "amount_minor": row.amount_minor, "state": row.state}
