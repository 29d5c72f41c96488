"""Reminders: one sentence to every stall of many parts, and to no stall twice a day.

Problem: an agent has forty late parts at twenty-eight stalls. To write to each is an hour; to write to all of them the
same is worse: a stall with six late parts gets six messages, one that handed over at noon is told that it is late, and
at four o'clock a colleague presses the button again. Therefore a reminder says what it is about, and goes only to
stalls of which something of the kind is waited for; a stall gets one message that names all its parts, in the
conversation about the one that waits longest; and from one organisation one reminder a day, whatever it says.

Worked case: chosen are 10234-1 (late), 10236-2 (late, the same stall) and 10234-3 (handed over). "Late" reaches one
stall, in the conversation about 10234-1, and names two codes; 10234-3 is left out.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sundry.goods.orders.order_rules import BINDING, State, SubView

REMINDED_MAX: Final = 500  # rows at once
_OPEN_TICKETS: Final = frozenset({"drawn", "buyer"})  # SubView.ticket: the stall has not confirmed it
_LAST: Final = date.max


class Reminder(StrEnum):
    """What is waited for; its sentence is the phrase `remind_<value>`."""

    CONFIRM = "confirm"
    DAY = "day"
    LATE = "late"
    TICKET = "ticket"

    @property
    def phrase(self) -> str:
        return f"remind_{self.value}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stall's part that somebody has chosen, with what a conversation about it is made of."""

    sub: SubView
    order: uuid.UUID
    stall: uuid.UUID
    buyer: uuid.UUID | None
    agent: uuid.UUID | None
    mandate: uuid.UUID | None
    country: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reminder comes to. `parts`: of each stall that gets it, the longest waiting first; `other`: how many parts
    do not wait for this; `again`: how many stalls had a reminder today."""

    parts: Mapping[uuid.UUID, tuple[Waiting, ...]]
    other: int
    again: int

    @property
    def stalls(self) -> int:
        return len(self.parts)


def waits_for(reminder: Reminder, sub: SubView, *, today: date) -> bool:
    """Whether a stall can be asked that of its part."""
    match reminder:
        case Reminder.CONFIRM:
            return sub.state is State.PLACED
        case Reminder.DAY:
            return sub.state in BINDING
        case Reminder.LATE:
            return sub.is_late(today)
        case Reminder.TICKET:
            return sub.ticket in _OPEN_TICKETS and not sub.is_undone


def plan(chosen: Iterable[Waiting], reminder: Reminder, *, reminded: Collection[uuid.UUID], today: date) -> Plan:
    """Whom it reaches. `reminded`: the stalls that had a reminder today."""
    found: defaultdict[uuid.UUID, list[Waiting]] = defaultdict(list)
    other = 0
    for one in chosen:
        if waits_for(reminder, one.sub, today=today):
            found[one.stall].append(one)
        else:
            other += 1
    parts = {stall: tuple(sorted(rows, key=_longest)) for stall, rows in found.items() if stall not in reminded}
    return Plan(parts, other, len(found) - len(parts))


def _longest(one: Waiting) -> tuple[date, uuid.UUID]:
    """Ids are made in the order of time."""
    return one.sub.promised_day or _LAST, one.sub.id


def key_of(*, organisation: uuid.UUID, stall: uuid.UUID, day: date) -> uuid.UUID:
    """The key of the one reminder of a day: the table of messages holds no key twice, so that no stall gets two."""
    return uuid.uuid5(organisation, f"reminder {stall} {day.isoformat()}")
