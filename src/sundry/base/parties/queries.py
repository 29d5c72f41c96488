"""Questions about people and organisations."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F, Q

from sundry.base.access.rules import Kind, Position
from sundry.base.outbox.rules import masked
from sundry.base.parties.models import Invitation, Membership, Organisation, Person
from sundry.base.parties.rules import (
    Capacity,
    InvitationShown,
    Members,
    MemberShown,
    OrganisationShown,
    PersonShown,
    Queue,
    Verification,
    Waiting,
    invitation_state,
    token_hash,
)

PAGE = 50
INVITATIONS_SHOWN = 100
STALLS_SHOWN = 200
SESSIONS_SHOWN = 50
CAPACITY: Final = "held.organisation_id"
_CAPACITIES: Final = """
SELECT held.organisation_id, told.name, told.kind, held.position, {unread}
FROM parties_membership AS held JOIN parties_organisation AS told ON told.id = held.organisation_id
WHERE held.person_id = %s AND held.ended_at IS NULL ORDER BY held.id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An organisation of one's own, and what one is in it."""

    organisation: OrganisationShown
    position: Position


@dataclass(frozen=True, slots=True)
class Reached:
    """How somebody can be written to. `phone`: only a confirmed one. `organisations`: for whom she acts, by name."""

    person: uuid.UUID
    email: str | None
    phone: str | None
    language: str
    organisations: Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class SessionShown:
    id: int
    address: str
    browser: str
    begun_at: datetime
    seen_at: datetime
    is_current: bool


def capacities(person: uuid.UUID, *, unread: str = "0") -> tuple[Capacity, ...]:
    """All that a person may act as, the oldest membership first. One statement, which every request of hers sends.

    `unread`: SQL that counts the messages of the organisation CAPACITY: a module that has some is asked along."""
    with connection.cursor() as cursor:
        cursor.execute(_CAPACITIES.format(unread=unread), [person])
        found = cursor.fetchall()
    return tuple(Capacity(id_, name, Kind(kind), Position(place), news) for id_, name, kind, place, news in found)


def person_for_code(*, email: str | None, phone: str | None) -> Person | None:
    """Whom a one-time code is sent to. One statement, whether she is there or not: so that no clock tells."""
    where = {"email": email} if email else {"phone": phone}
    return Person.objects.filter(**where, is_active=True).first()


def person(person: uuid.UUID) -> PersonShown | None:
    found = Person.objects.filter(id=person).first()
    return None if found is None else PersonShown(found.id, found.name, found.email, found.phone, found.language)


def names_of(people: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What the people are called, by their id. One statement."""
    return dict(Person.objects.filter(id__in=people).values_list("id", "name"))


def held(person: uuid.UUID) -> tuple[Held, ...]:
    """The organisations that a person acts for, the oldest membership first. One statement."""
    found = (
        Membership.objects.filter(person_id=person, ended_at__isnull=True)
        .select_related("organisation__parent")
        .order_by("id")
    )
    return tuple(Held(_organisation(row.organisation), Position(row.position)) for row in found)


def organisation(organisation: uuid.UUID) -> OrganisationShown | None:
    found = Organisation.objects.select_related("parent").filter(id=organisation).first()
    return None if found is None else _organisation(found)


def organisation_names(organisations: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What the organisations are called, by their id. One statement."""
    return dict(Organisation.objects.filter(id__in=organisations).values_list("id", "name"))


def has_operator() -> bool:
    """Whether the market has an operator, with people in it or still empty."""
    return Organisation.objects.filter(kind=Kind.OPERATOR).exists()


def stalls(merchant: uuid.UUID) -> tuple[OrganisationShown, ...]:
    """The first stalls of a merchant, by their names. One statement."""
    found = Organisation.objects.select_related("parent").filter(parent_id=merchant).order_by("name", "id")
    return tuple(_organisation(row) for row in found[:STALLS_SHOWN])


def organisations_named(words: str, kinds: Collection[Kind], *, limit: int = 20) -> tuple[OrganisationShown, ...]:
    """Organisations of these kinds with the words in their name, or of this registration, by name. One statement."""
    found = Organisation.objects.select_related("parent").filter(
        Q(name__icontains=words) | Q(registration__iexact=words), kind__in=[kind.value for kind in kinds]
    )
    return tuple(_organisation(row) for row in found.order_by("name", "id")[:limit])


def members(
    organisation: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = PAGE, whole: bool = False
) -> Members:
    """Who acts for the organisation, in the order in which they joined, from the key `after` on. One statement.

    `whole`: with their e-mail or phone as it is, for who may know it; else masked.
    """
    found = Membership.objects.select_related("person").filter(organisation_id=organisation, ended_at__isnull=True)
    if after is not None:
        found = found.filter(id__gt=after)
    rows = [_member(row, whole) for row in found.order_by("id")[: limit + 1]]
    return Members(rows[:limit], rows[limit - 1].membership if len(rows) > limit else None)


def member(membership: uuid.UUID) -> tuple[uuid.UUID, MemberShown] | None:
    """A membership that has not ended, and its organisation."""
    found = Membership.objects.select_related("person").filter(id=membership, ended_at__isnull=True).first()
    return None if found is None else (found.organisation_id, _member(found, False))


def membership(person: uuid.UUID, organisation: uuid.UUID) -> MemberShown | None:
    """What a person is in an organisation now."""
    found = (
        Membership.objects.select_related("person")
        .filter(person_id=person, organisation_id=organisation, ended_at__isnull=True)
        .first()
    )
    return None if found is None else _member(found, True)


def members_of(organisations: Collection[uuid.UUID]) -> tuple[tuple[uuid.UUID, Reached], ...]:
    """Each organisation with each person who acts for it now, as she can be written to. One statement."""
    found = (
        Membership.objects.select_related("person")
        .filter(organisation_id__in=organisations, ended_at__isnull=True, person__is_active=True)
        .order_by("id")
    )
    return tuple((row.organisation_id, _reached(row.person, {})) for row in found)


def reached(people: Collection[uuid.UUID]) -> dict[uuid.UUID, Reached]:
    """How these people can be written to, and for whom each acts now; who acts for nobody is left out. One query."""
    found = (
        Membership.objects.select_related("person", "organisation")
        .filter(person_id__in=people, ended_at__isnull=True, person__is_active=True)
        .order_by("id")
    )
    names: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    told: dict[uuid.UUID, Person] = {}
    for row in found:
        names.setdefault(row.person_id, {})[row.organisation_id] = row.organisation.name
        told[row.person_id] = row.person
    return {id_: _reached(person, names[id_]) for id_, person in told.items()}


def invitations(
    organisation: uuid.UUID, *, now: datetime, before: uuid.UUID | None = None, limit: int = INVITATIONS_SHOWN
) -> tuple[InvitationShown, ...]:
    """At most `limit` invitations that are still open, the newest first, those older than `before`. One statement."""
    found = Invitation.objects.select_related("organisation", "invited_by").filter(
        organisation_id=organisation, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if before is not None:
        found = found.filter(id__lt=before)
    return tuple(_invitation(row, now) for row in found.order_by("-id")[:limit])


def invitation(invitation: uuid.UUID, *, now: datetime) -> InvitationShown | None:
    found = Invitation.objects.select_related("organisation", "invited_by").filter(id=invitation).first()
    return None if found is None else _invitation(found, now)


def invitation_of(token: str, *, now: datetime) -> InvitationShown | None:
    """The invitation whose link holds `token`."""
    found = Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=token_hash(token)).first()
    return None if found is None else _invitation(found, now)


def waiting(*, after: tuple[datetime, uuid.UUID] | None = None, limit: int = PAGE) -> Queue:
    """Organisations whose papers the operator is to look at, what has waited longest first, after the key `after`.

    One statement.
    """
    found = Organisation.objects.select_related("parent", "submitted_by").filter(verification=Verification.SUBMITTED)
    if after is not None:
        since, last = after
        found = found.filter(submitted_at__gte=since).exclude(submitted_at=since, id__lte=last)
    rows = [
        Waiting(
            _organisation(row),
            row.submitted_by.name if row.submitted_by else "",
            masked(_contact(row.submitted_by)) if row.submitted_by else "",
        )
        for row in found.order_by("submitted_at", "id")[: limit + 1]
    ]
    end = rows[limit - 1].organisation if len(rows) > limit else None
    return Queue(rows[:limit], (end.submitted_at, end.id) if end and end.submitted_at else None)


def sessions(person: uuid.UUID, *, current: str | None, now: datetime) -> Sequence[SessionShown]:
    """Where a person is signed in, the latest seen first. One statement."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    found = UserSession.objects.filter(user_id=person, session_key__in=alive).order_by(F("last_seen_at").desc())
    return [
        SessionShown(row.pk, row.ip, row.user_agent, row.created_at, row.last_seen_at, row.session_key == current)
        for row in found[:SESSIONS_SHOWN]
    ]


def _organisation(row: Organisation) -> OrganisationShown:
    return OrganisationShown(
        id=row.id,
        kind=Kind(row.kind),
        name=row.name,
        country=row.country,
        registration=row.registration,
        parent=row.parent_id,
        parent_name=row.parent.name if row.parent else "",
        verification=Verification(row.verification),
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        reason=row.reason,
        created_at=row.created_at,
    )


def _member(row: Membership, whole: bool) -> MemberShown:
    contact = _contact(row.person)
    return MemberShown(
        membership=row.id,
        person=row.person_id,
        name=row.person.name,
        contact=contact if whole else masked(contact),
        position=Position(row.position),
        joined_at=row.joined_at,
    )


def _reached(person: Person, organisations: Mapping[uuid.UUID, str]) -> Reached:
    phone = person.phone if person.phone_verified_at else None
    return Reached(person.id, person.email, phone, person.language, organisations)


def _contact(person: Person) -> str:
    return person.email or person.phone or ""


def _invitation(row: Invitation, now: datetime) -> InvitationShown:
    return InvitationShown(
        id=row.id,
        organisation=row.organisation_id,
        organisation_name=row.organisation.name,
        kind=Kind(row.organisation.kind),
        position=Position(row.position),
        contact=row.email or row.phone or "",
        invited_by=row.invited_by.name if row.invited_by else "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=invitation_state(
            now=now, expires_at=row.expires_at, accepted_at=row.accepted_at, withdrawn_at=row.withdrawn_at
        ),
    )
