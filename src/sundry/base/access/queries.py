"""Questions about the audit log, tokens and devices."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from sundry.base.access.models import ApiToken, AuditEntry, DeviceRequest
from sundry.base.access.rules import DeviceState, Owner
from sundry.kernel.identifiers import first_id

# An id has our clock, `at` that of the database when the transaction began: so far apart they never are. The id finds
# the days in the index, `at` decides.
_APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit log."""

    id: uuid.UUID
    at: datetime
    person: uuid.UUID | None
    organisation: uuid.UUID | None
    role: str
    operation: str
    object_kind: str
    object_id: str
    outcome: str
    through: str
    address: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are looked for; what is "" or None does not matter. `operation` may be the beginning of a name."""

    organisation: uuid.UUID | None = None
    person: uuid.UUID | None = None
    operation: str = ""
    object_id: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_entries(wanted: AuditFilter, *, limit: int, before: uuid.UUID | None = None) -> tuple[Entry, ...]:
    """At most `limit` entries, the newest first, those older than `before`. One statement."""
    found = _audit(wanted)
    if before is not None:
        found = found.filter(id__lt=before)
    return tuple(Entry(*row) for row in found.values_list(*Entry.__slots__)[:limit])


def audit_stream(wanted: AuditFilter, *, rows_at_once: int = 1_000) -> Iterator[Entry]:
    """All of them, the newest first, without ever holding them all."""
    before = None
    while rows := audit_entries(wanted, limit=rows_at_once, before=before):
        yield from rows
        before = rows[-1].id


def _audit(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.order_by("-id")
    for name in ("organisation", "person", "object_id", "outcome"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.operation:
        found = found.filter(operation__startswith=wanted.operation)
    if wanted.since:
        found = found.filter(at__gte=wanted.since, id__gte=first_id(wanted.since - _APART))
    if wanted.until:
        found = found.filter(at__lt=wanted.until, id__lt=first_id(wanted.until + _APART))
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a token: the person it was made by, and for whom it acts."""

    token: uuid.UUID
    person: uuid.UUID
    organisation: uuid.UUID | None
    scopes: frozenset[str]
    last_used_at: datetime | None


def token_holder(secret: str, now: datetime) -> Holder | None:
    """None: no such token, or it is revoked, expired, or its person may not sign in any more. One statement.

    Whether she still belongs to the organisation is a question for parties.
    """
    found = (
        ApiToken.objects.filter(
            hash=sha256(secret.encode()).hexdigest(), revoked_at=None, expires_at__gt=now, person__is_active=True
        )
        .values_list("id", "person_id", "organisation_id", "scopes", "last_used_at")
        .first()
    )
    if found is None:
        return None
    token, person, organisation, scopes, last_used_at = found
    return Holder(token, person, organisation, frozenset(scopes), last_used_at)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its person sees it."""

    id: uuid.UUID
    name: str
    prefix: str
    organisation: uuid.UUID | None
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def tokens_of(person: uuid.UUID, *, limit: int, before: uuid.UUID | None = None) -> tuple[TokenView, ...]:
    """The tokens of a person, the newest first. One statement."""
    found = ApiToken.objects.filter(person_id=person).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return tuple(_token_view(token) for token in found[:limit])


def token_of(token: uuid.UUID) -> tuple[Owner, TokenView] | None:
    """A token and whose it is; None: there is none. One statement."""
    found = ApiToken.objects.filter(id=token).first()
    return None if found is None else (Owner(person=found.person_id), _token_view(found))


def _token_view(token: ApiToken) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        prefix=token.prefix,
        organisation=token.organisation_id,
        scopes=tuple(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """A device as the person sees it who decides. `name` is its own word."""

    id: uuid.UUID
    user_code: str
    name: str
    address: str
    scopes: tuple[str, ...]
    created_at: datetime


def waiting_device(user_code: str, now: datetime) -> WaitingDevice | None:
    """The device that waits for this code; None: none does. One statement."""
    found = DeviceRequest.objects.filter(user_code=user_code, state=DeviceState.WAITING, expires_at__gt=now).first()
    if found is None:
        return None
    return WaitingDevice(found.id, found.user_code, found.name, found.address, tuple(found.scopes), found.created_at)
