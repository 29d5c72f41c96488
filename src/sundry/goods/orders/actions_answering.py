"""What a stall does with its part of an order, and what ends it: confirm, decline, ready, hand over; cancel, lapse.

Each takes as many statements for one sub-order as for 500, and does all of them or none. A phone that sends the same
twice does it once: by its key, or because what is asked for is so already.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor, Operation, Through
from sundry.base.ledger.rules import Event
from sundry.base.parties.queries import organisation_names
from sundry.goods.catalogue.actions_stock import give_back
from sundry.goods.catalogue.queries_orderable import orderable
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import ending, events, handing, holding
from sundry.goods.orders.ending import Fate, check_reason, why_not
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale, moment
from sundry.goods.orders.holding import HeldLine, HeldSub
from sundry.goods.orders.models import OrderEvent, SubOrder
from sundry.goods.orders.operations import HAND_OVER, ORDER_CANCEL, SALE_ANSWER
from sundry.goods.orders.order_rules import BINDING, EventKind, Side, State
from sundry.goods.orders.promising import claimed, counters_of, goods_of, kept, post, told, voided
from sundry.kernel.findings import error
from sundry.kernel.identifiers import new_id

LAPSED_AT_ONCE: Final = 200  # sub-orders in one transaction
_NOBODY: Final = Actor(through=Through.JOB)


def confirm(
    *,
    actor: Actor,
    subs: Sequence[uuid.UUID],
    promised_day: date | None = None,
    versions: Mapping[uuid.UUID, int] | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> tuple[str, ...]:
    """The stall delivers; the codes. `promised_day`: another day than the one that was worked out.
    `versions`: of those that were looked at, as they were then.

    The same `key` again: the same answer. NotThere; AlreadyDone: they are confirmed; NotNow: cancelled, lapsed, or not
    answered in time; Stale: the buyer has changed one since; Refused: a day that is past. None is confirmed then.
    """
    if promised_day is not None and promised_day < localdate(now):
        raise Refused([error("orders_day_past", header="promised_day", value=str(promised_day))])
    with transaction.atomic():
        held = _own(holding.hold(subs), subs, actor)
        if key is not None and _done_before(held, EventKind.CONFIRMED, key):
            return tuple(sub.code for sub in held)
        for sub in held:
            if sub.state is not State.PLACED:
                raise why_not(sub, actor)
            if sub.answer_by is not None and sub.answer_by <= now:
                raise NotNow("orders_answer_too_late", code=sub.code, when=moment(sub.answer_by))
            if versions is not None and versions.get(sub.id, sub.version) != sub.version:
                who = organisation_names(sub.buyers[-1:]).get(sub.buyers[-1], "")
                raise Stale("orders_sub_changed", who=who or "—", at=sub.changed_at, code=sub.code)
        lines = _by_sub(holding.lines_of(held))
        details = {} if key is None else {"key": str(key)}
        kinds = (EventKind.CONFIRMED,)
        fates = [Fate(sub, State.CONFIRMED, kinds, day=promised_day, details=details) for sub in held]
        ending.write(fates=fates, actor=actor, side=Side.STALL, now=now)
        _record(actor, SALE_ANSWER, held, answer="confirmed")
        ending.tell(fates=fates, kind=events.ORDER_CONFIRMED, to=Side.BUYER, now=now)
        post([one for sub in held if (one := _sale(sub, lines.get(sub.id, []), actor, now))], now=now)
        return tuple(sub.code for sub in held)


def _sale(sub: HeldSub, lines: Sequence[HeldLine], actor: Actor, now: datetime) -> Event | None:
    """What was promised is reserved, and owed for; None: nothing of it is counted or costs anything."""
    moved = kept(lines)
    if sub.claims is not None and sub.debts is not None:
        moved += claimed(claims=sub.claims, debts=sub.debts, value_minor=sub.totals.value_minor)
    return Event(new_id(), "sale", f"order:{sub.code}", told(actor), now, tuple(moved)) if moved else None


def decline(*, actor: Actor, sub: uuid.UUID, reason: str, now: datetime) -> None:
    """The stall does not deliver, and says why. NotThere; NotNow, AlreadyDone: it is not waiting for an answer."""
    reason = check_reason(reason)
    with transaction.atomic():
        held = _own(holding.hold([sub]), [sub], actor)
        _only_placed(held, actor)
        fates = [Fate(one, State.DECLINED, (EventKind.DECLINED,), reason=reason) for one in held]
        _undo(fates, actor=actor, side=Side.STALL, operation=SALE_ANSWER, kind=events.ORDER_DECLINED, now=now)


def ready(*, actor: Actor, subs: Sequence[uuid.UUID], now: datetime) -> tuple[str, ...]:
    """Made and packed, it waits to be fetched; the codes. NotThere; AlreadyDone; NotNow: it is not confirmed."""
    with transaction.atomic():
        held = _own(holding.hold(subs), subs, actor)
        for sub in held:
            if sub.state is not State.CONFIRMED:
                raise why_not(sub, actor)
        fates = [Fate(sub, State.READY, (EventKind.READY,)) for sub in held]
        ending.write(fates=fates, actor=actor, side=Side.STALL, now=now)
        _record(actor, HAND_OVER, held, answer="ready")
        ending.tell(fates=fates, kind=events.ORDER_READY, to=Side.BUYER, now=now)
        return tuple(sub.code for sub in held)


def hand_over(
    *,
    actor: Actor,
    sub: uuid.UUID,
    lines: Mapping[uuid.UUID, int] | None,
    cartons: int | None,
    note: str,
    key: uuid.UUID,
    now: datetime,
) -> str:
    """The buyer's people fetch goods: so many pieces of these lines, None: all that is open; the code.

    The same `key` again: the same answer, and nothing is done. NotThere; NotNow: that key was for other goods;
    NotNow, AlreadyDone: it is not confirmed, or nothing is open; Refused: more than is open.
    """
    note = clean(note, lines=True)
    with transaction.atomic():
        (held,) = _own(holding.hold([sub]), [sub], actor)
        if handing.known(key, sub, lines):
            return held.code
        if held.state not in BINDING:
            raise why_not(held, actor)
        found = holding.lines_of([held])
        handed = handing.chosen(held, found, lines, cartons, note)
        pieces = sum(handed.values())
        is_whole = sum(line.open_pieces for line in found) == pieces
        state = held.state
        kinds: tuple[EventKind, ...] = (EventKind.HANDED_OVER,)
        if is_whole:
            state, kinds = _when_whole(held, kinds)
        fate = Fate(held, state, kinds, details={"pieces": pieces, "cartons": cartons, "whole": is_whole})
        ending.write(fates=[fate], actor=actor, side=Side.STALL, now=now)
        handing.write(sub=held, handed=handed, cartons=cartons, note=note, key=key, person=actor.person, now=now)
        _record(actor, HAND_OVER, [held], answer="handed over")
        ending.tell(fates=[fate], kind=events.ORDER_HANDED_OVER, to=Side.BUYER, now=now)
        if moved := handing.moved(held, found, handed):
            post([Event(new_id(), "hand-over", f"order:{held.code}", told(actor), now, tuple(moved))], now=now)
        return held.code


def _when_whole(sub: HeldSub, kinds: tuple[EventKind, ...]) -> tuple[State, tuple[EventKind, ...]]:
    """Closed where it is paid, too."""
    if sub.totals.balance_minor:
        return State.HANDED_OVER, kinds
    return State.CLOSED, (*kinds, EventKind.CLOSED)


def close(*, actor: Actor, sub: uuid.UUID, now: datetime) -> bool:
    """What is handed over and paid is closed; False: it is not both yet. Within the action that made it so, which holds
    the order. One statement, three where it is closed."""
    with transaction.atomic(savepoint=False):
        held = holding.hold([sub])
        if not held or held[0].state is not State.HANDED_OVER or held[0].totals.balance_minor:
            return False
        fate = Fate(held[0], State.CLOSED, (EventKind.CLOSED,))
        ending.write(fates=[fate], actor=actor, side=Side.MARKET, now=now)
        return True


def cancel(
    *, actor: Actor, sub: uuid.UUID | None = None, order: int | None = None, reason: str, now: datetime
) -> tuple[str, ...]:
    """The buyer does not want it any more: one sub-order, or all of an order that is not confirmed yet; the codes.

    What is confirmed is cancelled by a change that both sides accept. NotThere; NotNow: nothing of it is still open to
    be cancelled by her alone.
    """
    reason = check_reason(reason)
    with transaction.atomic():
        held = holding.hold([sub]) if sub is not None else holding.hold_order(order or 0)
        if not held or actor.organisation not in held[0].buyers:
            if sub is not None:
                raise NotThere("orders_sub_not_there")
            raise NotThere("orders_order_not_there", number=order or 0)
        placed = [one for one in held if one.state is State.PLACED]
        if not placed:
            bound = next((one for one in held if one.state in BINDING), None)
            raise why_not(held[0], actor) if bound is None else NotNow("orders_sub_binding", code=bound.code)
        fates = [Fate(one, State.CANCELLED, (EventKind.CANCELLED,), reason=reason) for one in placed]
        _undo(fates, actor=actor, side=Side.BUYER, operation=ORDER_CANCEL, kind=events.ORDER_CANCELLED, now=now)
        return tuple(one.code for one in placed)


def lapse(*, now: datetime) -> int:
    """What no stall has answered in time comes to nothing; how many sub-orders. In transactions of LAPSED_AT_ONCE."""
    count = 0
    due = SubOrder.objects.filter(state=State.PLACED.value, answer_by__lte=now).order_by("answer_by", "id")
    while ids := list(due.values_list("id", flat=True)[:LAPSED_AT_ONCE]):
        with transaction.atomic():
            held = [sub for sub in holding.hold(ids) if sub.state is State.PLACED]
            fates = [Fate(sub, State.LAPSED, (EventKind.LAPSED,)) for sub in held]
            if fates:
                _undo(fates, actor=_NOBODY, side=Side.MARKET, operation=None, kind=events.ORDER_LAPSED, now=now)
        count += len(fates)
    return count


_TOLD: Final = {Side.STALL: Side.BUYER, Side.BUYER: Side.STALL, Side.MARKET: Side.MARKET}


def _undo(
    fates: Sequence[Fate], *, actor: Actor, side: Side, operation: Operation | None, kind: str, now: datetime
) -> None:
    """They come to nothing before they were confirmed: what they had taken goes back."""
    subs = [fate.sub for fate in fates]
    lines = holding.lines_of(subs)
    numbers = goods_of(lines)
    offers = orderable(numbers, lock=True) if numbers else {}
    ending.write(fates=fates, actor=actor, side=side, now=now)
    give_back(draws=counters_of([(line, line.pieces) for line in lines], offers))
    if operation is not None:
        _record(actor, operation, subs, answer=fates[0].state.value)
    ending.tell(fates=fates, kind=kind, to=_TOLD[side], now=now)
    of_sub = _by_sub(lines)
    word = "expiry" if side is Side.MARKET else "cancellation"
    undone = []
    for sub in subs:
        if moved := voided(of_sub.get(sub.id, [])):
            undone.append(Event(new_id(), word, f"order:{sub.code}", told(actor), now, tuple(moved)))
    post(undone, now=now)


def _own(held: list[HeldSub], asked: Sequence[uuid.UUID], actor: Actor) -> list[HeldSub]:
    """All that was asked for, and all of it hers; or nothing is told of any. A basket is no sale yet."""
    hers = [sub for sub in held if sub.seller == actor.organisation and sub.state is not State.DRAFT]
    if not asked or len(hers) < len(set(asked)):
        raise NotThere("orders_sub_not_there")
    return hers


def _only_placed(held: Sequence[HeldSub], actor: Actor) -> None:
    for sub in held:
        if sub.state is not State.PLACED:
            raise why_not(sub, actor)


def _done_before(held: Sequence[HeldSub], kind: EventKind, key: uuid.UUID) -> bool:
    """Whether this very key has done it: only asked where it is done."""
    if all(sub.state is State.PLACED for sub in held):
        return False
    done = OrderEvent.objects.filter(
        order__in={sub.order for sub in held}, sub__in=[sub.id for sub in held], kind=kind.value, details__key=str(key)
    )
    return set(done.values_list("sub_id", flat=True)) == {sub.id for sub in held}


def _by_sub(lines: Sequence[HeldLine]) -> dict[uuid.UUID, list[HeldLine]]:
    found: dict[uuid.UUID, list[HeldLine]] = {}
    for line in lines:
        found.setdefault(line.sub, []).append(line)
    return found


def _record(actor: Actor, operation: Operation, subs: Sequence[HeldSub], *, answer: str) -> None:
    codes = [sub.code for sub in subs]
    record(
        actor=actor,
        operation=operation,
        object_kind="order",
        object_id=subs[0].order,
        details={"answer": answer, "codes": codes},
    )
