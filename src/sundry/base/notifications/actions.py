"""What happens to notices: modules give them, people read them and choose how they are told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min

from sundry.base.access.actions import record
from sundry.base.access.prepared import run
from sundry.base.access.rules import Actor
from sundry.base.notifications import queries
from sundry.base.notifications.models import Notice as Row
from sundry.base.notifications.models import Reader, Told
from sundry.base.notifications.rules import (
    ANY_GROUP,
    NOTICES_ARE_KEPT_FOR,
    Choice,
    Notice,
    Preferences,
    PreferencesRefused,
    Quiet,
    StopLinkRefused,
    Way,
    checked_zone,
    due_at,
)
from sundry.base.parties.queries import names_of
from sundry.kernel.identifiers import new_id
from sundry.kernel.messages import catalogue

_GIVE: Final = """
INSERT INTO notifications_notice (id, organisation, person, kind, "values", link, key, at, is_spread)
SELECT id, organisation, person, kind, "values", link, key, %s, false
FROM json_to_recordset(%s::json)
    AS given (id uuid, organisation uuid, person uuid, kind text, "values" jsonb, link text, key text)
"""
_DUE_AGAIN: Final = """
UPDATE notifications_told SET due_at = due.at
FROM notifications_notice AS notice
    JOIN unnest(%s::text[], %s::timestamptz[]) AS due (kind, at) ON due.kind = notice.kind
WHERE notifications_told.notice_id = notice.id AND notifications_told.person = %s
    AND notifications_told.sent_at IS NULL AND notifications_told.read_at IS NULL
"""
_BLANK: Final = re.compile(r"\{([a-z_]+)")


# Given --------------------------------------------------------------------------------------------------------------


def notify(*, notices: Sequence[Notice], now: datetime) -> None:
    """Tell organisations (or one person of them) that something happened; each person hears of it when she wants to.

    Call it in the transaction of what happens: it is told if and only if that is committed. ValueError: a kind that no
    module declares, or values without a blank of its sentence. One statement, none for no notices.
    """
    if not notices:
        return
    kinds = {kind.name: kind for kind in queries.kinds()}
    for notice in notices:
        if notice.kind not in kinds:
            raise ValueError(f"no module declares notices of the kind {notice.kind}")
        if missing := _blanks(kinds[notice.kind].rule).difference(notice.values):
            raise ValueError(f"a notice of the kind {notice.kind} lacks {', '.join(sorted(missing))}")
    rows = [asdict(notice) | {"id": new_id()} for notice in notices]
    run(_GIVE, [now, json.dumps(rows, ensure_ascii=False, default=str)])


@cache
def _blanks(rule: str) -> frozenset[str]:
    return frozenset(_BLANK.findall(catalogue()[rule]["en"]))


# Read ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_read(*, person: UUID, up_to: UUID, now: datetime) -> int:
    """She has seen what she was told until `up_to` (the id of the newest that was shown): it is sent no more; how many
    were new to her."""
    return Told.objects.filter(person=person, id__lte=up_to, read_at=None).update(read_at=now)


# Chosen -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose(*, actor: Actor, person: UUID, choices: Mapping[str, Choice], quiet: Quiet, now: datetime) -> None:
    """How a person wants to be told from now on, of what waits too. PreferencesRefused.

    `choices`: by the name of the group; for one that is not named it stays as it was.
    """
    reader = _hold(person)
    _, reached = queries.preferences(person)
    groups = {group.name for group in queries.groups()} | {ANY_GROUP}
    for group, choice in choices.items():
        if group not in groups:
            raise PreferencesRefused("notification_group_unknown", "choices", value=group[:60])
        if choice.way not in queries.ways(reached):
            raise PreferencesRefused("notification_way_not_there", group, value=choice.way.value)
    before = queries.preferences_of(reader, reached)
    wanted = Preferences(before.usual, {**before.choices, **choices}, quiet)
    checked_zone(quiet.zone)
    _keep(reader, wanted, now)
    _record(actor, person, {name: [choice.way, choice.frequency] for name, choice in choices.items()})


@transaction.atomic
def stop(*, actor: Actor, person: UUID, way: Way, now: datetime) -> None:
    """Nothing is sent to her by this channel any more; her page tells her all the same. Twice is as once.

    StopLinkRefused: there is no such person any more."""
    if not names_of([person]):
        raise StopLinkRefused("notification_stop_link_unknown")
    reader = _hold(person)
    _, reached = queries.preferences(person)
    groups = [group.name for group in queries.groups()]
    _keep(reader, queries.preferences_of(reader, reached).without(way, groups), now)
    _record(actor, person, {"stopped": way})


def _hold(person: UUID) -> Reader:
    Reader.objects.bulk_create([Reader(person_id=person)], ignore_conflicts=True)
    return Reader.objects.select_for_update().get(pk=person)


def _keep(reader: Reader, wanted: Preferences, now: datetime) -> None:
    reader.choices = {group: [choice.way, choice.frequency] for group, choice in wanted.choices.items()}
    reader.zone, reader.quiet_from, reader.quiet_until = wanted.quiet.zone, wanted.quiet.since, wanted.quiet.until
    due = {
        kind.name: due_at(
            wanted.of(kind.group.name),
            wanted.quiet,
            urgent=kind.urgent,
            now=now,
            last_sent_at=reader.last_sent_at,
        )
        for kind in queries.kinds()
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE_AGAIN, [list(due), list(due.values()), reader.pk])
    waiting = Told.objects.filter(person=reader.pk, sent_at=None, read_at=None)
    reader.next_due_at = waiting.aggregate(at=Min("due_at"))["at"]
    reader.save()


def _record(actor: Actor, person: UUID, details: dict[str, Any]) -> None:
    record(
        actor=actor,
        operation="notifications.preferences.change",
        object_kind="person",
        object_id=person,
        details=details,
    )


# Forgotten ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def tidy(*, now: datetime) -> int:
    """Delete notices older than NOTICES_ARE_KEPT_FOR, for everybody who was told of them; how many. Two statements."""
    old = Row.objects.filter(at__lt=now - NOTICES_ARE_KEPT_FOR, is_spread=True)
    Told.objects.filter(notice__in=old).delete()
    return old.delete()[0]
