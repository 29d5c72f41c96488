"""What becomes of sub-orders, written alike by every action: rows, timeline, who is told; and why something cannot be.

An action says for each sub-order the state it comes to; what follows for its order (its state, its totals, of which
what came to nothing is no part any more) follows here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sundry.base.access.rules import Actor
from sundry.base.notifications.actions import notify
from sundry.base.notifications.rules import Notice
from sundry.base.parties.queries import names_of, organisation_names
from sundry.base.webhooks.actions import announce_many
from sundry.base.webhooks.rules import Announcement
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import holding
from sundry.goods.orders.errors import AlreadyDone, NotNow, Refused, moment
from sundry.goods.orders.holding import HeldSub
from sundry.goods.orders.order_rules import NEXT, REASON_MAX, UNDONE, EventKind, Side, State, Totals, order_state
from sundry.goods.orders.placing_rows import Row, event_row, text, total_columns
from sundry.goods.orders.telling import sub_data, told_codes
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import error
from sundry.kernel.identifiers import new_id

_TIMES: Final[Mapping[State, tuple[str, ...]]] = {
    State.CONFIRMED: ("confirmed_at",),
    State.READY: ("ready_at",),
    State.HANDED_OVER: ("handed_over_at",),
    State.CLOSED: ("handed_over_at", "ended_at"),
    State.DECLINED: ("ended_at",),
    State.CANCELLED: ("ended_at",),
    State.LAPSED: ("ended_at",),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one sub-order. `kinds`: what its timeline tells. `day`: promised from now on."""

    sub: HeldSub
    state: State
    kinds: tuple[EventKind, ...]
    day: date | None = None
    reason: str | None = None
    details: Mapping[str, Any] | None = None


def write(*, fates: Sequence[Fate], actor: Actor, side: Side, now: datetime) -> None:
    """At most two statements: one where none of them may have been the last of its order that was open."""
    for fate in fates:
        assert fate.state is fate.sub.state or fate.state in NEXT[fate.sub.state], (fate.sub.state, fate.state)
    subs = [fate.sub for fate in fates]
    ending = any(fate.state not in (State.CONFIRMED, State.READY) for fate in fates)
    beside = holding.states_beside(subs) if ending else {}
    at, by = now.isoformat(), {"person_id": text(actor.person), "organisation_id": text(actor.organisation)}
    holding.write(
        subs=[_sub_row(fate, at, actor) for fate in fates],
        orders=_order_rows(fates, beside if ending else None, at, actor),
        events=[
            event_row(
                id=new_id(),
                order=fate.sub.order,
                kind=kind.value,
                side=side.value,
                at=at,
                by=by,
                sub_id=str(fate.sub.id),
                details=dict(fate.details or {}),
            )
            for fate in fates
            for kind in fate.kinds
        ],
    )


def _sub_row(fate: Fate, at: str, actor: Actor) -> Row:
    sub = fate.sub
    day = fate.day or sub.promised_day
    first = sub.first_promised_day or (day if fate.state is State.CONFIRMED else None)
    row: Row = {"id": str(sub.id), "state": fate.state.value, "changed_at": at, "changed_by_id": text(actor.person)}
    row |= {"promised_day": day and day.isoformat(), "first_promised_day": first and first.isoformat()}
    row |= dict.fromkeys(_TIMES.get(fate.state, ()) if fate.state is not sub.state else (), at)
    return row | ({} if fate.reason is None else {"reason": fate.reason})


def _order_rows(
    fates: Sequence[Fate], beside: Mapping[uuid.UUID, frozenset[State]] | None, at: str, actor: Actor
) -> list[Row]:
    of_orders: dict[uuid.UUID, list[Fate]] = defaultdict(list)
    for fate in fates:
        of_orders[fate.sub.order].append(fate)
    rows = []
    for order, own in of_orders.items():
        gone = sum((fate.sub.totals for fate in own if fate.state in UNDONE), Totals())
        row: Row = {"id": str(order), "changed_at": at, "changed_by_id": text(actor.person)}
        row |= {name: -figure for name, figure in total_columns(gone).items()} | {"version": int(gone.lines > 0)}
        if beside is not None:
            states = beside.get(order, frozenset()) | {fate.state for fate in own}
            row["state"] = order_state(states).value
        rows.append(row)
    return rows


def tell(*, fates: Sequence[Fate], kind: str, to: Side, now: datetime) -> None:
    """Programs and people of the other side; `to` MARKET: both sides. At most three statements."""
    announced = [
        Announcement(
            kind,
            fate.sub.id,
            organisation,
            sub_data(order=fate.sub.number, code=fate.sub.code, sub=fate.sub.id, version=fate.sub.version + 1),
            now,
        )
        for fate in fates
        for organisation in _told(fate.sub, to)
    ]
    announce_many(announcements=announced)
    notify(notices=_notices([fate.sub for fate in fates], kind, to), now=now)


def _told(sub: HeldSub, to: Side) -> tuple[uuid.UUID, ...]:
    sides = {Side.BUYER: sub.buyers, Side.STALL: (sub.seller,), Side.MARKET: (*sub.buyers, sub.seller)}
    return tuple(dict.fromkeys(sides[to]))


def _notices(subs: Iterable[HeldSub], kind: str, to: Side) -> list[Notice]:
    """One an organisation and order."""
    of_one: dict[tuple[uuid.UUID, int], list[HeldSub]] = defaultdict(list)
    for sub in subs:
        for organisation in _told(sub, to):
            of_one[organisation, sub.number].append(sub)
    return [
        Notice(
            organisation,
            kind,
            {"order": number, "codes": told_codes([sub.code for sub in own])},
            f"/orders/{number}/" if organisation in own[0].buyers else f"/my/sales/{own[0].id}/",
        )
        for (organisation, number), own in of_one.items()
    ]


# Why not --------------------------------------------------------------------------------------------------------------


def check_reason(reason: str) -> str:
    """Without what nobody sees. Refused: none, or too long."""
    reason = clean(reason, lines=True)
    if not reason:
        raise Refused([error("orders_reason_needed", header="reason")])
    if len(reason) > REASON_MAX:
        details = {"count": len(reason), "most": REASON_MAX}
        raise Refused([error("orders_text_too_long", header="reason", value=reason[:40] + "…", details=details)])
    return reason


def why_not(sub: HeldSub, actor: Actor) -> SundryError:
    """Why something cannot be done to a sub-order, or not again: who did what with it, and when. Of the other side she
    hears which organisation it was."""
    told = {"code": sub.code, "who": _who(sub, actor) or "—", "when": moment(sub.changed_at)}
    fault: type[SundryError]
    match sub.state:
        case State.DRAFT:
            return NotNow("orders_sub_not_placed", code=sub.code)
        case State.PLACED:
            return NotNow("orders_sub_not_confirmed", code=sub.code)
        case State.CONFIRMED:
            return AlreadyDone("orders_sub_confirmed", **told)
        case State.READY:
            return AlreadyDone("orders_sub_ready", **told)
        case State.HANDED_OVER:
            return AlreadyDone("orders_sub_handed_over", **told)
        case State.CLOSED:
            return AlreadyDone("orders_sub_closed", **told)
        case State.DECLINED:
            fault = AlreadyDone if actor.organisation == sub.seller else NotNow
            return fault("orders_sub_declined", **told)
        case State.LAPSED:
            return NotNow("orders_sub_lapsed", **told)
        case State.CANCELLED:
            fault = AlreadyDone if actor.organisation in sub.buyers else NotNow
            return fault("orders_sub_cancelled", **told)


def _who(sub: HeldSub, actor: Actor) -> str:
    by_buyer = sub.state is State.CANCELLED
    own = sub.buyers if by_buyer else (sub.seller,)
    if actor.organisation not in own:
        return organisation_names(own[-1:]).get(own[-1], "")
    return names_of([sub.changed_by]).get(sub.changed_by, "") if sub.changed_by is not None else ""
