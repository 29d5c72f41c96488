"""What a reader sees of an order: names in her language, how full a container would be, what waits for whom.

Problem: a buyer of thirty stalls asks three things at once: does it fit, what does it cost, for whom does it wait. The
first depends on volume and on weight: 20 tonnes of locks fill a third of a 20GP and may not be carried in it. Therefore
a container is as full as the fuller of both, and is told by which.

Worked case: 47.5 m3 of 9 tonnes in a 40HC of 67 m3 that crews usually reach and 28.6 tonnes: 70 % of its room, 31 % of
its load, so "70 % of a 40HC, by volume".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Any, Final

from sundry.goods.catalogue.rules import MixedBatch, Told
from sundry.goods.catalogue.showing import spoken
from sundry.goods.catalogue.texts import told
from sundry.goods.orders.order_rules import (
    WHOLE_BP,
    LineView,
    OrderView,
    State,
    SubView,
    Totals,
    fill_bp,
)
from sundry.kernel.containers import container_types

CONTAINERS: Final = ("20GP", "40GP", "40HC")


@dataclass(frozen=True, slots=True)
class Fill:
    """How full one container would be. `volume_bp`, `weight_bp`: hundredths of a percent; `volume_mm3`: what of its
    room is usually reached."""

    name: str
    volume_bp: int
    weight_bp: int
    volume_mm3: int

    @property
    def bp(self) -> int:
        return max(self.volume_bp, self.weight_bp)

    @property
    def is_by_weight(self) -> bool:
        return self.weight_bp > self.volume_bp

    @property
    def percent(self) -> int:
        """For a bar: at most 100."""
        return min(self.bp, WHOLE_BP) * 100 // WHOLE_BP

    @property
    def needed(self) -> int:
        """How many of them it takes, at least one."""
        return max(1, -(-self.bp // WHOLE_BP))


def fills(totals: Totals, day: date) -> tuple[Fill, ...]:
    """Of each common container, as the parameters know it on the day; nothing where nothing is measured."""
    if not totals.volume_mm3 and not totals.gross_g:
        return ()
    known = container_types(day)
    return tuple(
        Fill(
            name,
            fill_bp(int(totals.volume_mm3), room),
            fill_bp(totals.gross_g, found.payload_g),
            room,
        )
        for name in CONTAINERS
        if (found := known.get(name)) is not None
        for room in (found.usual_volume_mm3 or prod(found.inside_mm),)
    )


# Names ---------------------------------------------------------------------------------------------------------------


def line_told(line: Any, language: str) -> Told:
    """What a line (of an order, a quotation) is of; one without a name by its item number, else its good's number."""
    found = told(line.names, language, source=line.language)
    if found.text:
        return found
    return Told(line.item_number or (f"#{line.good}" if line.good else "–"), "")


def stall_told(one: Any, language: str) -> Told:
    """A stall by its name; one without by its booth, else its number. `one`: has `stall`, `stall_names`, perhaps
    `place`."""
    found = spoken(one.stall_names, language)
    return found if found.text else Told(getattr(one, "place", "") or f"#{one.stall}", "")


# A basket ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stall's mixed orders lack: an amount, pieces, or both; either is enough where both are asked."""

    amount_minor: int | None
    pieces: int | None


def missing(batch: MixedBatch | None, totals: Totals, *, is_in_yuan: bool = True) -> Missing | None:
    """What is still to be added at a stall that asks something of mixed orders; None: nothing. A stall says it in yuan:
    of another currency only the pieces are looked at."""
    if batch is None or totals.lines < 2:  # one kind alone has its own smallest order
        return None
    amount = batch.amount_minor if is_in_yuan else None
    lacks = [
        (amount, totals.value_minor),
        (batch.pieces, totals.pieces),
    ]
    asked = [(least, there) for least, there in lacks if least is not None]
    if not asked or any(there >= least for least, there in asked):
        return None
    return Missing(
        None if amount is None else amount - totals.value_minor,
        None if batch.pieces is None else batch.pieces - totals.pieces,
    )


@dataclass(frozen=True, slots=True)
class Group:
    """A stall's lines, with what its mixed orders lack. `name`: what it is called."""

    sub: SubView
    name: Told
    lines: tuple[LineView, ...]
    missing: Missing | None


def groups(
    subs: Sequence[SubView],
    lines: Sequence[LineView],
    batches: Mapping[int, MixedBatch],
    *,
    language: str,
    currency: str,
) -> tuple[Group, ...]:
    """The lines of a page by their stall; stalls none of whose lines are on the page are left out."""
    found = []
    for sub in subs:
        own = tuple(line for line in lines if line.sub == sub.id)
        if own:
            lacks = missing(batches.get(sub.stall), sub.totals, is_in_yuan=currency == "CNY")
            found.append(Group(sub, stall_told(sub, language), own, lacks))
    return tuple(found)


# What waits for whom -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many parts of an order wait for the buyer, for stalls, for nobody; how many are late."""

    buyer: int
    stalls: int
    late: int


def waits_for_buyer(sub: SubView) -> bool:
    """Whether the buyer has something to do: a ticket to confirm, a deposit or a balance to pay."""
    if sub.state in (State.CONFIRMED, State.READY):
        owes = sub.totals.deposit_minor > sub.totals.paid_minor
        return owes or sub.ticket in ("drawn", "stall")
    return sub.state is State.HANDED_OVER and sub.totals.balance_minor > 0


def waiting(view: OrderView, today: date) -> Waiting:
    return Waiting(
        sum(map(waits_for_buyer, view.subs)),
        sum(sub.state is State.PLACED for sub in view.subs),
        sum(sub.is_late(today) for sub in view.subs),
    )
