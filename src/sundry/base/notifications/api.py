"""Notices for programs: what one was told, and how one wants to be told."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from sundry.base.access.endpoints import Page, Paging, page_of
from sundry.base.access.guard import actor_of, guarded
from sundry.base.notifications import actions, queries
from sundry.base.notifications.digesting import sentence
from sundry.base.notifications.operations import CHANGE, LIST, MARK, READ
from sundry.base.notifications.rules import Choice, Frequency, NoticeView, Quiet, Way, checked_time
from sundry.base.parties.forms import spoken
from sundry.base.parties.operations import person_of
from sundry.base.parties.queries import reached

router = Router(tags=["Notices"])


class NoticeOut(Schema):
    """Something that one was told."""

    id: uuid.UUID
    kind: str = Field(examples=["order.confirmed"])
    organisation: uuid.UUID = Field(description="For which it happened.")
    text: str = Field(description="In the language that was asked for.")
    values: dict[str, Any] = Field(description="The numbers, codes and names of the text.")
    link: str = Field(description="The page, without the address of the market.", examples=["/orders/10234/"])
    times: int = Field(ge=1, description="How many notices of the same thing this one stands for.")
    at: datetime
    read_at: datetime | None


class ReadIn(Schema):
    """What one has seen."""

    model_config = ConfigDict(extra="forbid")

    up_to: uuid.UUID = Field(description="The newest notice that was seen; all before it count as seen too.")


class ReadOut(Schema):
    """What became of it."""

    marked: int = Field(ge=0, description="How many were new.")


class ChoiceBody(Schema):
    """How, and how often, one is told of a group of kinds."""

    model_config = ConfigDict(extra="forbid")

    way: Way = Field(description="By which channel; `none`: only on the page.")
    frequency: Frequency


class PreferencesBody(Schema):
    """How one wants to be told."""

    model_config = ConfigDict(extra="forbid")

    groups: dict[str, ChoiceBody] = Field(examples=[{"orders": {"way": "email", "frequency": "twice_daily"}}])
    quiet_from: str = Field(examples=["22:00"])
    quiet_until: str = Field(description="The same time twice: no quiet hours.", examples=["07:00"])
    zone: str = Field(description="Of the IANA database.", examples=["Asia/Shanghai"])


class PreferencesOut(PreferencesBody):
    """How one is told."""

    ways: list[Way] = Field(
        description="What one can choose: by confirmed addresses, on channels that this market has."
    )


@router.get("/notifications", response=Page[NoticeOut], summary="List notices", url_name="notifications")
@guarded(LIST)
def notice_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What one was told for all organisations that one acts for, the newest first."""
    person = person_of(request, LIST)
    found = reached([person]).get(person)
    after = paging.after("notices")
    rows = queries.told(
        person,
        found.organisations if found else {},
        before=uuid.UUID(after) if after else None,
        limit=paging.limit + 1,
    )
    return page_of(rows.notices, paging, "notices", key=lambda notice: str(notice.id), item=_notice)


@router.post("/notifications/read", response=ReadOut, summary="Mark notices as read", url_name="notifications_read")
@guarded(MARK)
def notices_read(request: HttpRequest, asked: ReadIn) -> dict[str, int]:
    """What is read is not sent any more."""
    return {"marked": actions.mark_read(person=person_of(request, MARK), up_to=asked.up_to, now=timezone.now())}


@router.get(
    "/notifications/preferences",
    response=PreferencesOut,
    summary="Read how one is told",
    url_name="notification_preferences",
)
@guarded(READ)
def preferences_read(request: HttpRequest) -> dict[str, Any]:
    """Of each group of kinds, with the quiet hours."""
    return _preferences(person_of(request, READ))


@router.put(
    "/notifications/preferences",
    response=PreferencesOut,
    summary="Choose how one is told",
    url_name="notification_preferences_change",
)
@guarded(CHANGE)
def preferences_change(request: HttpRequest, asked: PreferencesBody) -> dict[str, Any]:
    """A group that is not named stays as it was. It holds for what waits, too."""
    person = person_of(request, CHANGE)
    actions.choose(
        actor=actor_of(request),
        person=person,
        choices={name: Choice(one.way, one.frequency) for name, one in asked.groups.items()},
        quiet=Quiet(
            asked.zone,
            checked_time(asked.quiet_from, "quiet_from"),
            checked_time(asked.quiet_until, "quiet_until"),
        ),
        now=timezone.now(),
    )
    return _preferences(person)


def _preferences(person: uuid.UUID) -> dict[str, Any]:
    chosen, found = queries.preferences(person)
    choices = {group.name: chosen.of(group.name) for group in queries.groups()}
    return {
        "groups": {name: {"way": choice.way, "frequency": choice.frequency} for name, choice in choices.items()},
        "quiet_from": f"{chosen.quiet.since:%H:%M}",
        "quiet_until": f"{chosen.quiet.until:%H:%M}",
        "zone": chosen.quiet.zone,
        "ways": queries.ways(found),
    }


def _notice(notice: NoticeView) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind.name,
        "organisation": notice.organisation,
        "text": sentence(notice.kind, notice.values, spoken()),
        "values": dict(notice.values),
        "link": notice.link,
        "times": notice.times,
        "at": notice.at,
        "read_at": notice.read_at,
    }
