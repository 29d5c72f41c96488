"""A placed sub-order is changed: by the buyer alone while the stall has not answered, by both sides after that.

Problem: two people of one buyer and one of the stall change the same sub-order on the same afternoon, each having seen
another state of it. Therefore a change names the version that was looked at; what is confirmed changes only by a
proposal that the other side accepts; and a proposal holds for the version it was made of. Whatever happened to the
sub-order meanwhile (another change, a hand-over, its end) overtakes it: nothing of it is done, and both are told so.

    proposed -> accepted | declined | withdrawn | overtaken

An accepted change is the next version of the sub-order, with its reason; its trade ticket is drawn up anew, and both
confirm it anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import events, viewing
from sundry.goods.orders.actions_answering import close
from sundry.goods.orders.actions_tickets import drawn, void
from sundry.goods.orders.changing import Changing, Step, difference_of, planned
from sundry.goods.orders.dealing import state_of, tell_others
from sundry.goods.orders.ending import check_reason
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.models import Change, OrderLine
from sundry.goods.orders.operations import CHANGE_DECIDE
from sundry.goods.orders.order_rules import (
    BINDING,
    REASON_MAX,
    ChangeKind,
    ChangeState,
    EventKind,
    LineChange,
    Side,
    State,
    Totals,
)
from sundry.goods.orders.queries_dealings import change_from, change_json
from sundry.goods.orders.writing import WITH_TOTALS, Held, held_sub, record_event, sub_changed, touch
from sundry.kernel.findings import Finding, error

_EVENTS: Final = {
    ChangeState.ACCEPTED: EventKind.CHANGE_ACCEPTED,
    ChangeState.DECLINED: EventKind.CHANGE_DECLINED,
    ChangeState.WITHDRAWN: EventKind.CHANGE_WITHDRAWN,
}


def amend(
    *, actor: Actor, sub: uuid.UUID, changes: Sequence[LineChange], reason: str, version: int | None, now: datetime
) -> uuid.UUID:
    """The buyer changes what the stall has not answered yet, at once; the change. Refused: all that is wrong, or cannot
    be had; NotThere; NotNow: the stall has answered; Stale."""
    told = check_reason(reason)
    with transaction.atomic():
        held = held_sub(actor=actor, sub=sub, version=version, side=Side.BUYER)
        if held.state is not State.PLACED:
            raise NotNow(_NOT_PLACED.get(held.state, "orders_change_ended"), code=held.code)
        steps = planned(held, changes, lock=True)
        kind = ChangeKind.SUBSTITUTE if any(step.substitute for step in steps) else ChangeKind.AMEND
        row = _change(held, kind, steps, changes, None, told, actor, now)
        row.state, row.decided_at, row.decided_by_id = ChangeState.ACCEPTED.value, now, actor.person
        row.save(force_insert=True)
        _carry_out(held, row, steps, actor, now)
    return row.id


_NOT_PLACED: Final = dict.fromkeys(BINDING, "orders_change_is_binding")


def propose(
    *,
    actor: Actor,
    sub: uuid.UUID,
    kind: ChangeKind,
    changes: Sequence[LineChange] = (),
    promised_day: date | None = None,
    reason: str,
    version: int | None,
    now: datetime,
) -> uuid.UUID:
    """Either side proposes a change of what both have confirmed; the change. Nothing is otherwise until it is accepted.

    Refused: all that is wrong with it; NotThere; NotNow: it is not confirmed, or another change waits; Stale."""
    told = check_reason(reason)
    with transaction.atomic():
        held = held_sub(actor=actor, sub=sub, version=version)
        if held.state not in BINDING:
            rule = "orders_change_not_binding" if held.state is State.PLACED else "orders_change_ended"
            raise NotNow(rule, code=held.code)
        _make_room(held, now)
        _check(_findings(kind, changes, promised_day, now))
        steps = planned(held, changes, lock=False) if changes else []
        if kind is ChangeKind.PART_CANCEL:
            _check(_not_fewer(steps))
        row = _change(held, kind, steps, changes, promised_day, told, actor, now)
        row.save(force_insert=True)
        _tell(held, row, EventKind.CHANGE_PROPOSED, actor, now)
    return row.id


def accept(*, actor: Actor, change: uuid.UUID, now: datetime) -> None:
    """The other side accepts: it is done now. NotThere; NotNow: it is her own, or answered already; Stale: it was
    overtaken; Refused: it cannot be had any more. But for the one who was overtaken, nothing is otherwise then."""
    with transaction.atomic():
        held, row = _held(actor, change)
        if held.side == row.side:
            raise NotNow("orders_change_own", code=held.code)
        if row.state == ChangeState.OVERTAKEN.value:
            raise sub_changed(held, actor, "orders_change_overtaken")
        _check_open(row)
        overtaken = _overtaken(held, row, actor)
        if overtaken is None:
            changes = [change_from(kept) for kept in row.lines]
            steps = planned(held, changes, lock=True) if changes else []
            row.value_minor = difference_of(steps).value_minor
            _answer(row, ChangeState.ACCEPTED, actor, now)
            details = {"code": held.code, "kind": row.kind, "value_minor": row.value_minor}
            record(actor=actor, operation=CHANGE_DECIDE, object_kind="change", object_id=row.id, details=details)
            _carry_out(held, row, steps, actor, now)
        else:
            _answer(row, ChangeState.OVERTAKEN, actor, now)
    if overtaken is not None:
        raise overtaken


def decline_change(*, actor: Actor, change: uuid.UUID, reason: str = "", now: datetime) -> None:
    """The other side does not accept. NotThere; NotNow: it is her own, or answered already."""
    _end(actor, change, ChangeState.DECLINED, reason, now)


def withdraw_change(*, actor: Actor, change: uuid.UUID, now: datetime) -> None:
    """Who proposed it takes it back. NotThere; NotNow: it is the other's, or answered already."""
    _end(actor, change, ChangeState.WITHDRAWN, "", now)


def _end(actor: Actor, change: uuid.UUID, state: ChangeState, reason: str, now: datetime) -> None:
    with transaction.atomic():
        held, row = _held(actor, change)
        if (held.side == row.side) is (state is ChangeState.DECLINED):
            rule = "orders_change_own" if state is ChangeState.DECLINED else "orders_change_of_other"
            raise NotNow(rule, code=held.code)
        _check_open(row)
        _answer(row, state, actor, now)
        _tell(held, row, _EVENTS[state], actor, now, reason=clean(reason, lines=True)[:REASON_MAX])
        details = {"code": held.code, "kind": row.kind, "state": row.state}
        record(actor=actor, operation=CHANGE_DECIDE, object_kind="change", object_id=row.id, details=details)


# What they have in common ---------------------------------------------------------------------------------------------


def _held(actor: Actor, change: uuid.UUID) -> tuple[Held, Change]:
    """The sub-order is held before the change is read: nobody answers it meanwhile."""
    sub = Change.objects.filter(id=change).values_list("sub_id", flat=True).first()
    if sub is None:
        raise NotThere("orders_change_not_there")
    held = held_sub(actor=actor, sub=sub)
    return held, Change.objects.get(id=change)


def _check_open(row: Change) -> None:
    if row.state != ChangeState.PROPOSED.value:
        raise NotNow(f"orders_change_is_{row.state}")


def _overtaken(held: Held, row: Change, actor: Actor) -> Stale | None:
    if held.state in BINDING and held.sub.version == row.base_version:
        return None
    return sub_changed(held, actor, "orders_change_overtaken")


def _make_room(held: Held, now: datetime) -> None:
    """One change waits at a time; one that was overtaken does not wait any more. NotNow: one waits."""
    waiting = Change.objects.filter(sub=held.sub, state=ChangeState.PROPOSED.value).first()
    if waiting is None:
        return
    if waiting.base_version == held.sub.version:
        raise NotNow("orders_change_waits", code=held.code)
    waiting.state, waiting.decided_at = ChangeState.OVERTAKEN.value, now
    waiting.save(update_fields=["state", "decided_at"])


def _findings(
    kind: ChangeKind, changes: Sequence[LineChange], promised_day: date | None, now: datetime
) -> list[Finding]:
    found = []
    if promised_day is not None and promised_day < localdate(now):
        found.append(error("orders_day_past", header="promised_day", value=str(promised_day)))
    if kind is ChangeKind.PROMISE and promised_day is None:
        found.append(error("orders_change_needs_day", header="promised_day"))
    if kind is not ChangeKind.PROMISE and not changes:
        found.append(error("orders_change_of_nothing", header="pieces"))
    if kind is ChangeKind.SUBSTITUTE and changes and not any(change.substitute for change in changes):
        found.append(error("orders_change_needs_substitute", header="substitute"))
    return found


def _not_fewer(steps: Sequence[Step]) -> list[Finding]:
    return [
        error("orders_change_not_fewer", header="pieces", value=str(step.pieces), row=place)
        for place, step in enumerate(steps, start=1)
        if step.pieces >= step.row.pieces
    ]


def _check(findings: Sequence[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _change(
    held: Held,
    kind: ChangeKind,
    steps: Sequence[Step],
    changes: Sequence[LineChange],
    promised_day: date | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Change:
    before = viewing.lines(OrderLine.objects.filter(id__in=[step.row.id for step in steps]).order_by("position"))
    return Change(
        sub=held.sub,
        kind=kind.value,
        side=held.side.value,
        base_version=held.sub.version,
        reason=reason,
        promised_day=promised_day,
        lines=[change_json(change) for change in changes],
        before=[viewing.line_json(line) for line in before],
        value_minor=difference_of(steps).value_minor,
        proposed_at=now,
        proposed_by_id=actor.person,
    )


def _answer(row: Change, state: ChangeState, actor: Actor, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by_id = state.value, now, actor.person
    row.save(update_fields=["state", "decided_at", "decided_by", "value_minor"])


def _carry_out(held: Held, row: Change, steps: Sequence[Step], actor: Actor, now: datetime) -> None:
    """Write it: lines, stock, totals, the day, the state, the ticket; and the ledger last of all."""
    sub, order = held.sub, held.order
    changing = Changing(held, steps, actor=actor, now=now)
    changing.look()
    day = changing.write() if steps else None
    if row.promised_day is not None:
        sub.promised_day = row.promised_day
        OrderLine.objects.filter(sub=sub).update(promised_day=row.promised_day)
    elif day is not None:
        sub.promised_day = max(day, sub.promised_day or day)
    before, gone = held.state, sub.pieces == 0
    after = _state_after(held) if difference_of(steps) != Totals() else before
    sub.state = after.value
    if gone:
        sub.ended_at, sub.reason = now, row.reason
    if after is State.HANDED_OVER:
        sub.handed_over_at = now
    touch(sub, actor, now)
    touch(order, actor, now)
    if after is not before:
        order.state = state_of(order, {sub.id: after}).value
    sub.save(update_fields=[*WITH_TOTALS, "promised_day", "state", "ended_at", "handed_over_at", "reason"])
    order.save(update_fields=[*WITH_TOTALS, "state"])
    _tell(held, row, EventKind.CHANGE_ACCEPTED, actor, now)
    if void(held) and not gone:
        drawn(held, actor, now)
    if after is not before:
        kind = EventKind.CANCELLED if gone else EventKind.HANDED_OVER
        record_event(order=order.id, sub=sub.id, kind=kind, side=held.side, actor=actor, now=now)
        close(actor=actor, sub=sub.id, now=now)
    if steps:
        changing.post()


def _state_after(held: Held) -> State:
    """Nothing is left of it, or nothing that is not handed over. One statement."""
    if held.sub.pieces == 0:
        return State.CANCELLED
    handed = OrderLine.objects.filter(sub=held.sub).aggregate(sum=Sum("handed_pieces"))["sum"]
    return State.HANDED_OVER if handed == held.sub.pieces else held.state


def _tell(held: Held, row: Change, kind: EventKind, actor: Actor, now: datetime, *, reason: str = "") -> None:
    details = {"change": str(row.id), "kind": row.kind, "value_minor": row.value_minor, "reason": reason or row.reason}
    record_event(order=held.order.id, sub=held.sub.id, kind=kind, side=held.side, actor=actor, now=now, details=details)
    tell_others(held=held, kind=events.ORDER_CHANGED, now=now, link=f"/changes/{row.id}/")
