"""What people are told of: kinds of notices, how often somebody wants to hear, and when that is.

Problem: a buyer asks thirty stalls and thirty of them answer. Thirty messages, the last ones at two in the night, and
she switches all of it off; the one that mattered ("two stalls are late") goes down with them. Therefore a module only
says that something happened (a `Notice`, for an organisation); each member of it gets one digest at a time that she
chose, and never in her quiet hours. What she has read on the page meanwhile is not sent at all.

Worked case: Li works in Shanghai's time, wants orders "in the morning and in the evening" (08:00, 18:00), quiet hours
22:00-07:00. Stalls answer at 17:20, 17:41 and 19:05: two of them are told at 18:00 in one message, the third at 08:00.
A stall is late (urgent) at 23:10: it waits for the end of her quiet hours, 07:00. For "at once", what comes within ten
minutes after a message waits for the next one.

A day has no 02:30 when clocks go forward and two when they go back: a time of day that is not there is taken as it
would have been, of two the first that is still to come (`zoneinfo`, folds).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from sundry.kernel.errors import SundryError, UsageError

KIND_MAX: Final = 60
LINK_MAX: Final = 300
KEY_MAX: Final = 100
PAUSE: Final = timedelta(minutes=10)  # between two messages of one person, also for "at once"
STOP_LINK_IS_GOOD_FOR: Final = timedelta(days=180)
NOTICES_ARE_KEPT_FOR: Final = timedelta(days=90)
ANY_GROUP: Final = "*"
ZONE: Final = "Asia/Shanghai"
QUIET_FROM: Final = time(22)
QUIET_UNTIL: Final = time(7)
MORNING: Final = time(8)
EVENING: Final = time(18)
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    HOURLY = "hourly"
    MORNING_AND_EVENING = "twice_daily"
    DAILY = "daily"
    NEVER = "never"


class Way(StrEnum):
    """By which channel of the outbox somebody is told."""

    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"
    NONE = "none"  # only on the page


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds for which one chooses how often at once. `title`: of the page, a lazy text of gettext."""

    name: str
    title: Any


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice as its module declares it in its `notices.py`.

    `name`: "order.confirmed"; the sentence of one notice is the message `notice_order_confirmed` (its dots and hyphens
    as _). `many`: of several, `ngettext_lazy("%(count)d ...", "%(count)d ...", "count")`. `urgent`: told at once,
    outside of quiet hours, to whoever has not chosen "never".
    """

    name: str
    group: Group
    many: Any
    urgent: bool = False

    @property
    def rule(self) -> str:
        name = self.name.replace(".", "_").replace("-", "_")
        return f"notice_{name}"


@dataclass(frozen=True, slots=True)
class Notice:
    """That something happened, for all members of an organisation, or for one `person` of it.

    `values`: the named blanks of the kind's sentence, numbers, codes and names. `link`: the page, "/orders/10234/".
    `key`: while the first of this organisation, kind and key is neither sent nor read, a second takes its place.
    """

    organisation: uuid.UUID
    kind: str
    values: Mapping[str, Any]
    link: str
    key: str = ""
    person: uuid.UUID | None = None

    @property
    def fold(self) -> str:
        """What two notices share of which the later takes the place of the earlier; "" for none."""
        return f"{self.organisation}:{self.kind}:{self.key}" if self.key else ""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without messages, from one time of day to another in a time zone; the same time twice: none."""

    zone: str = ZONE
    since: time = QUIET_FROM
    until: time = QUIET_UNTIL

    def holds(self, at: datetime) -> bool:
        now = at.astimezone(ZoneInfo(self.zone)).time()
        if self.since <= self.until:
            return self.since <= now < self.until
        return now >= self.since or now < self.until

    def after(self, at: datetime) -> datetime:
        """`at` itself, or the end of the quiet hours in which it falls."""
        return next_at(at, self.zone, (self.until,)) if self.holds(at) else at


@dataclass(frozen=True, slots=True)
class Choice:
    """How, and how often, somebody wants to hear of a group."""

    way: Way
    frequency: Frequency = Frequency.MORNING_AND_EVENING

    @property
    def is_silent(self) -> bool:
        return self.way is Way.NONE or self.frequency is Frequency.NEVER


@dataclass(frozen=True, slots=True)
class Preferences:
    """`choices`: by the name of the group, ANY_GROUP for the rest; who has chosen nothing for a group has `usual`."""

    usual: Choice
    choices: Mapping[str, Choice] = field(default_factory=dict)
    quiet: Quiet = field(default_factory=Quiet)

    def of(self, group: str) -> Choice:
        return self.choices.get(group) or self.choices.get(ANY_GROUP) or self.usual

    def without(self, way: Way, groups: Iterable[str]) -> Preferences:
        """The same, but nothing is sent by `way` any more, of groups still to come neither."""
        stopped = {group: replace(self.of(group), frequency=Frequency.NEVER) for group in (*groups, ANY_GROUP)}
        kept = {group: self.of(group) for group in stopped if self.of(group).way is not way}
        return replace(self, choices=dict(self.choices) | stopped | kept)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as one person is told of it. `times`: for how many of its key it stands."""

    id: uuid.UUID
    kind: NoticeKind
    organisation: uuid.UUID
    organisation_name: str
    values: Mapping[str, Any]
    link: str
    times: int
    at: datetime
    read_at: datetime | None = None


class PreferencesRefused(UsageError):
    """A choice that cannot be kept: of `field`."""

    def __init__(self, rule: str, field: str, **details: Any) -> None:
        self.field = field
        super().__init__(rule, **details)


class StopLinkRefused(SundryError):
    """The link under a message is not ours, or too old."""


def next_at(after: datetime, zone: str, times: Sequence[time]) -> datetime:
    """The first moment after `after` at which a clock of `zone` shows one of `times`; in UTC."""
    today = after.astimezone(ZoneInfo(zone)).date()
    days = [today + timedelta(days=days) for days in range(-1, 3)]
    return min(moment for day in days for at in times for moment in _moments(day, at, zone) if moment > after)


def _moments(day: date, at: time, zone: str) -> tuple[datetime, ...]:
    """When a clock of `zone` shows `at` on that day: once, or twice where it goes back."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first, second) if second > first else (first,)


def due_at(
    choice: Choice, quiet: Quiet, *, urgent: bool, now: datetime, last_sent_at: datetime | None
) -> datetime | None:
    """When what happened now is told, at the earliest; None: it is not sent."""
    if choice.is_silent:
        return None
    zone = ZoneInfo(quiet.zone)
    match Frequency.AT_ONCE if urgent else choice.frequency:
        case Frequency.HOURLY:
            due = now.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC) + timedelta(hours=1)
        case Frequency.MORNING_AND_EVENING:
            due = next_at(now, quiet.zone, (MORNING, EVENING))
        case Frequency.DAILY:
            due = next_at(now, quiet.zone, (MORNING,))
        case _:
            due = now if last_sent_at is None else max(now, last_sent_at + PAUSE)
    return quiet.after(due)


def usual_way(*, email: bool, phone: bool) -> Way:
    """How somebody is told who has chosen nothing: an e-mail costs nobody anything."""
    if email:
        return Way.EMAIL
    return Way.SMS if phone else Way.NONE


def checked_zone(zone: str) -> str:
    """PreferencesRefused: no time zone of the IANA database."""
    if zone not in available_timezones():
        raise PreferencesRefused("notification_zone_unknown", "zone", value=zone[:60], example=ZONE)
    return zone


def checked_time(value: str, name: str) -> time:
    """A time of day, "22:00". PreferencesRefused."""
    if not _TIME.fullmatch(value.strip()):
        raise PreferencesRefused("notification_time_unreadable", name, value=value[:20])
    hours, minutes = value.split(":")
    return time(int(hours), int(minutes))


def groups_of(kinds: Iterable[NoticeKind]) -> tuple[Group, ...]:
    """The groups, each once, in the order in which their kinds are declared."""
    return tuple({kind.group.name: kind.group for kind in kinds}.values())
