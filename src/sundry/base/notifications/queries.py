"""Questions about notices and about who wants to hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from sundry.base.notifications.models import Notice, Reader, Told
from sundry.base.notifications.rules import (
    Choice,
    Frequency,
    Group,
    NoticeKind,
    NoticeView,
    Preferences,
    Quiet,
    Way,
    groups_of,
    usual_way,
)
from sundry.base.notifications.rules import Notice as Given
from sundry.base.outbox.adapters import channels
from sundry.base.parties.queries import Reached, reached

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Notices of one person, the newest first; `next` is the key of the page after, None at the end."""

    notices: tuple[NoticeView, ...]
    next: UUID | None


def kinds() -> tuple[NoticeKind, ...]:
    """All that the modules of this market tell people of, in the order of the modules."""
    return settings.NOTICE_KINDS


def groups() -> tuple[Group, ...]:
    return groups_of(kinds())


def ways(person: Reached | None) -> tuple[Way, ...]:
    """How somebody can be told on this market: what gets there, to an address that she has confirmed."""
    if person is None:
        return (Way.NONE,)
    there = tuple(Way(channel.value) for channel in channels())
    return (*(way for way in there if (person.email if way is Way.EMAIL else person.phone)), Way.NONE)


def preferences(person: UUID) -> tuple[Preferences, Reached | None]:
    """What somebody has chosen, and how she can be written to. Two statements."""
    found = reached([person]).get(person)
    return preferences_of(Reader.objects.filter(pk=person).first() or Reader(person_id=person), found), found


def preferences_of(reader: Reader, person: Reached | None) -> Preferences:
    usual = usual_way(email=bool(person and person.email), phone=bool(person and person.phone))
    return Preferences(
        usual=Choice(usual),
        choices={group: Choice(Way(way), Frequency(often)) for group, (way, often) in reader.choices.items()},
        quiet=Quiet(reader.zone, reader.quiet_from, reader.quiet_until),
    )


def told(
    person: UUID, organisations: Mapping[UUID, str], *, before: UUID | None = None, limit: int = PAGE
) -> NoticePage:
    """What a person was told for these organisations (with their names), read or not. One statement."""
    by_name = {kind.name: kind for kind in kinds()}
    found = Told.objects.select_related("notice").filter(
        person=person, organisation__in=list(organisations), notice__kind__in=list(by_name)
    )
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: limit + 1])
    views = tuple(view(row, by_name[row.notice.kind], organisations) for row in rows[:limit])
    return NoticePage(views, views[-1].id if len(rows) > limit else None)


def view(row: Told, kind: NoticeKind, organisations: Mapping[UUID, str]) -> NoticeView:
    return NoticeView(
        id=row.id,
        kind=kind,
        organisation=row.organisation,
        organisation_name=organisations[row.organisation],
        values=row.notice.values,
        link=row.notice.link,
        times=row.times,
        at=row.notice.at,
        read_at=row.read_at,
    )


def fold_of(row: Notice) -> str:
    return Given(row.organisation, row.kind, row.values, row.link, row.key).fold
