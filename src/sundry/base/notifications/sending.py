"""From notices to digests: who is told of each (`spread`), and one message to each person at her time (`send_digests`).

Both go through in sets: so many statements for a batch, however many notices or people; only handing a message to the
outbox is for each person. A person's row in `Reader` is locked by whoever tells her, so that two workers never do it
twice; one that another holds is left to it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.urls import reverse

from sundry.base.notifications import queries
from sundry.base.notifications.digesting import Links, letter
from sundry.base.notifications.models import Notice, Reader, Told
from sundry.base.notifications.rules import NoticeKind, Preferences, Way, due_at
from sundry.base.notifications.stop_links import stop_link
from sundry.base.outbox.actions import post
from sundry.base.parties.queries import Reached, members_of, reached
from sundry.kernel.identifiers import new_id

NOTICES_A_BATCH: Final = 500
PEOPLE_A_BATCH: Final = 50

log = logging.getLogger("sundry.notifications")

_TELL: Final = """
INSERT INTO notifications_told (id, person, notice_id, organisation, fold, times, due_at)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::int[], %s::timestamptz[])
ON CONFLICT (person, fold) WHERE (sent_at IS NULL AND read_at IS NULL AND NOT (fold = '')) DO UPDATE
SET id = excluded.id, notice_id = excluded.notice_id, times = notifications_told.times + excluded.times,
    due_at = LEAST(notifications_told.due_at, excluded.due_at)
"""
_DUE_SOONER: Final = """
UPDATE notifications_reader SET next_due_at = LEAST(next_due_at, due.at)
FROM unnest(%s::uuid[], %s::timestamptz[]) AS due (person, at) WHERE notifications_reader.person = due.person
"""
_SENT: Final = """
UPDATE notifications_reader SET next_due_at = due.at, last_sent_at = COALESCE(due.sent_at, last_sent_at)
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS due (person, at, sent_at)
WHERE notifications_reader.person = due.person
"""


# To each who is told ------------------------------------------------------------------------------------------------


def spread(*, now: datetime) -> int:
    """Have every new notice for each person whom it concerns; how many notices."""
    done = 0
    while count := _spread_batch(now):
        done += count
    return done


@transaction.atomic
def _spread_batch(now: datetime) -> int:
    """Seven statements."""
    waiting = Notice.objects.select_for_update(skip_locked=True).filter(is_spread=False).order_by("id")
    notices = list(waiting[:NOTICES_A_BATCH])
    if not notices:
        return 0
    members: dict[UUID, list[Reached]] = {}
    for organisation, person in members_of({notice.organisation for notice in notices}):
        members.setdefault(organisation, []).append(person)
    people = {person.person: person for group in members.values() for person in group}
    readers = hold_readers(people, now)
    kinds = {kind.name: kind for kind in queries.kinds()}
    told: dict[tuple[UUID, str], Told] = {}
    for notice in notices:
        if notice.kind in kinds:
            for person in members.get(notice.organisation, ()):
                if notice.person in (None, person.person):
                    _tell(told, notice, kinds[notice.kind], person, readers[person.person], now)
    _keep(list(told.values()))
    Notice.objects.filter(id__in=[notice.id for notice in notices]).update(is_spread=True)
    return len(notices)


def hold_readers(people: Iterable[UUID], now: datetime) -> dict[UUID, Reader]:
    """Their rows, locked in one order, made where there are none. Two statements."""
    ids = sorted(people)
    Reader.objects.bulk_create([Reader(person_id=person) for person in ids], ignore_conflicts=True)
    return {row.pk: row for row in Reader.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _tell(
    told: dict[tuple[UUID, str], Told], notice: Notice, kind: NoticeKind, person: Reached, reader: Reader, now: datetime
) -> None:
    preferences = queries.preferences_of(reader, person)
    due = due_at(
        preferences.of(kind.group.name),
        preferences.quiet,
        urgent=kind.urgent,
        now=now,
        last_sent_at=reader.last_sent_at,
    )
    fold = queries.fold_of(notice)
    key = (person.person, fold or str(notice.id))
    before = told.get(key)
    told[key] = Told(
        id=new_id(),
        person=person.person,
        notice=notice,
        organisation=notice.organisation,
        fold=fold,
        times=1 + (before.times if before else 0),
        due_at=due if before is None else before.due_at,
    )


def _keep(told: Sequence[Told]) -> None:
    soonest: dict[UUID, datetime] = {}
    for one in told:
        if one.due_at is not None:
            soonest[one.person] = min(one.due_at, soonest.get(one.person, one.due_at))
    with connection.cursor() as cursor:
        columns = ("id", "person", "notice_id", "organisation", "fold", "times", "due_at")
        cursor.execute(_TELL, [[getattr(one, column) for one in told] for column in columns])
        cursor.execute(_DUE_SOONER, [list(soonest), list(soonest.values())])


# One message to each ------------------------------------------------------------------------------------------------


def send_digests(*, now: datetime) -> int:
    """Hand to the outbox what is due, one message for each person and channel; how many messages."""
    sent = 0
    while (batch := _send_batch(now)) is not None:
        sent += batch
    return sent


@transaction.atomic
def _send_batch(now: datetime) -> int | None:
    """None: nobody is due. Six statements, and those of the outbox for each message."""
    due = Reader.objects.select_for_update(skip_locked=True).filter(next_due_at__lte=now).order_by("next_due_at")
    readers = {row.pk: row for row in due[:PEOPLE_A_BATCH]}
    if not readers:
        return None
    people = reached(readers)
    open_ = Told.objects.filter(person__in=list(readers), sent_at=None, read_at=None, due_at__isnull=False)
    by_person: dict[UUID, list[Told]] = {}
    for row in open_.filter(due_at__lte=now).select_related("notice").order_by("id"):
        by_person.setdefault(row.person, []).append(row)
    sent: list[UUID] = []  # of Told
    silent: list[UUID] = []
    told_now: set[UUID] = set()
    posted = 0
    for person, rows in by_person.items():
        preferences = queries.preferences_of(readers[person], people.get(person))
        if preferences.quiet.holds(now):
            continue
        for way, shown in _by_way(rows, people.get(person), preferences).items():
            if way is Way.NONE:
                silent += [row.id for row in shown]
                continue
            _post(way, shown, people[person])
            sent += [row.id for row in shown]
            told_now.add(person)
            posted += 1
    Told.objects.filter(id__in=sent).update(sent_at=now)
    Told.objects.filter(id__in=silent).update(due_at=None)
    _put_off(readers, dict(open_.values_list("person").annotate(Min("due_at"))), told_now, people, now)
    log.info("digests posted", extra={"people": len(readers), "messages": posted})
    return posted


def _by_way(rows: Sequence[Told], person: Reached | None, preferences: Preferences) -> dict[Way, list[Told]]:
    """What is sent by which channel. By none: what concerns an organisation for which she does not act any more, what
    no module tells any more, and what she does not want any more."""
    kinds = {kind.name: kind for kind in queries.kinds()}
    ways: dict[Way, list[Told]] = {}
    for row in rows:
        way = Way.NONE
        if person is not None and row.organisation in person.organisations and row.notice.kind in kinds:
            choice = preferences.of(kinds[row.notice.kind].group.name)
            way = Way.NONE if choice.is_silent or not _address(choice.way, person) else choice.way
        ways.setdefault(way, []).append(row)
    return ways


def _post(way: Way, rows: Sequence[Told], person: Reached) -> None:
    kinds = {kind.name: kind for kind in queries.kinds()}
    views = [queries.view(row, kinds[row.notice.kind], person.organisations) for row in rows]
    locale = person.language or "en"
    links = _links(stop_link(person.person, way))
    made = letter(views, way=way, locale=locale, names=person.organisations, links=links)
    post(
        channel=way.value,
        recipient=_address(way, person),
        subject=made.subject,
        body=made.body,
        key=f"notices-{way}-{rows[0].id}",
        language=locale.partition("-")[0],
        stop_link=links.stop,
    )


def _address(way: Way, person: Reached) -> str:
    return (person.email if way is Way.EMAIL else person.phone) or ""


def _links(stop: str) -> Links:
    market = settings.SUNDRY.address
    return Links(market, market + reverse("notifications"), market + reverse("account_notifications"), stop)


def _put_off(
    readers: Mapping[UUID, Reader],
    left: Mapping[UUID, datetime],
    told_now: set[UUID],
    people: Mapping[UUID, Reached],
    now: datetime,
) -> None:
    """When each of them is due next; what was due in her quiet hours is, after them."""
    next_due = [
        queries.preferences_of(reader, people.get(person)).quiet.after(max(left[person], now))
        if person in left
        else None
        for person, reader in readers.items()
    ]
    sent_at = [now if person in told_now else None for person in readers]
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [list(readers), next_due, sent_at])
