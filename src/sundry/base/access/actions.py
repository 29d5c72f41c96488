"""What happens in access: an entry is written, a try is counted, tokens are made and revoked, devices are let in."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from psycopg.types.json import Jsonb

from sundry.base.access.models import ApiToken, Counter, DeviceRequest, KeptAnswer
from sundry.base.access.prepared import run
from sundry.base.access.rules import (
    DEVICE,
    DEVICE_INTERVAL_SECONDS,
    DEVICE_SECONDS,
    TOKEN_DAYS_MAX,
    Actor,
    DeviceCodes,
    DeviceState,
    NewToken,
    Operation,
    Outcome,
    Taken,
    new_secret,
    new_user_code,
    token_prefix,
)
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import new_id

# The audit log ------------------------------------------------------------------------------------------------------

_told: ContextVar[set[str] | None] = ContextVar("told", default=None)


def record(
    *,
    actor: Actor,
    operation: Operation | str,
    object_kind: str = "",
    object_id: object = "",
    outcome: str = Outcome.DONE,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write what `actor` did in the audit log, within the transaction of the action that does it.

    `details` are plain JSON values; personal data in them must be masked by the caller.
    """
    name = operation if isinstance(operation, str) else operation.name
    token = {"token": str(actor.token)} if actor.token else {}
    values: list[Any] = [
        new_id(),
        actor.person,
        actor.organisation,
        actor.role.name,
        name,
        object_kind,
        str(object_id),
        Outcome(outcome).value,
        actor.through.value,
        actor.address,
        Jsonb(token | dict(details or {})),
    ]
    run(_RECORD, values)
    if (told := _told.get()) is not None:
        told.add(name)


# Of what nearly every action does: a model would take three times the CPU.
_RECORD: Final = """
INSERT INTO access_auditentry (id, at, person, organisation, role, operation, object_kind, object_id, outcome, through,
  address, details)
VALUES (%s, statement_timestamp(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@contextmanager
def listening() -> Iterator[set[str]]:
    """The operations of which an entry is written meanwhile: what an action told, nobody needs to tell again."""
    told: set[str] = set()
    before = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(before)


# Limits -------------------------------------------------------------------------------------------------------------


class TooMany(SundryError):
    """The limit is used up for `details["seconds"]` more: answered with 429 and Retry-After."""


Try = tuple[str, int, int, datetime]
_tries: ContextVar[list[Try] | None] = ContextVar("tries", default=None)

# The row lock of the upsert makes the count exact however many ask at once. A window begins with its first try.
_TAKE = """
    INSERT INTO access_counter AS counter (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE LEAST(counter.count, %(limit)s) + 1 END,
        ends_at = CASE WHEN counter.ends_at <= %(now)s THEN excluded.ends_at ELSE counter.ends_at END
    RETURNING count, ends_at
"""


def take(key: str, limit: int, seconds: int, now: datetime) -> Taken:
    """Count one try of `key`; TooMany when there were more than `limit` in the window of `seconds` that runs now.

    One statement. Call it before the action's transaction begins: a count that is rolled back was not counted, and
    until the transaction ends everybody else with this key waits.
    """
    values: dict[str, str | int | datetime] = {
        "key": sha256(key.encode()).hexdigest(),
        "limit": limit,
        "now": now,
        "ends": now + timedelta(seconds=seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        count, ends_at = cursor.fetchone()
    if (tries := _tries.get()) is not None:
        tries.append((key, limit, seconds, now))
    left_seconds = max(1, ceil((ends_at - now).total_seconds()))
    if count > limit:
        raise TooMany("too_many", seconds=left_seconds)
    return Taken(limit=limit, remaining=limit - count, seconds=left_seconds)


@contextmanager
def counting() -> Iterator[list[Try]]:
    """The tries that are counted meanwhile, for whoever may roll them back."""
    tries: list[Try] = []
    before = _tries.set(tries)
    try:
        yield tries
    finally:
        _tries.reset(before)


def count_again(tries: list[Try]) -> None:
    """Count what was rolled back: a try that failed was a try."""
    for one in tries:
        with suppress(TooMany):
            take(*one)


# Tokens -------------------------------------------------------------------------------------------------------------


def create_token(*, actor: Actor, name: str, scopes: Collection[str], days: int, now: datetime) -> NewToken:
    """A token that acts as `actor` does, in `scopes` only, for `days`. Its secret is told here and never again."""
    if not 1 <= days <= TOKEN_DAYS_MAX:
        raise SundryError("token_days", days=TOKEN_DAYS_MAX)
    with transaction.atomic():
        made = _make_token(
            name=name,
            person=actor.person,
            organisation=actor.organisation,
            scopes=scopes,
            days=days,
            now=now,
        )
        record(
            actor=actor,
            operation="access.token.create",
            object_kind="token",
            object_id=made.id,
            details={"prefix": token_prefix(made.secret), "scopes": sorted(scopes)},
        )
    return made


def revoke_token(*, actor: Actor, token: uuid.UUID, now: datetime) -> None:
    """From now on nobody gets in with it. SundryError: it is revoked already."""
    with transaction.atomic():
        if not ApiToken.objects.filter(id=token, revoked_at=None).update(revoked_at=now):
            raise SundryError("token_revoked_already")
        record(actor=actor, operation="access.token.revoke", object_kind="token", object_id=token)


def touch_token(*, token: uuid.UUID, last_used_at: datetime | None, now: datetime) -> None:
    """The token was used: written down at most once a minute, so that reading stays reading."""
    if last_used_at is None or last_used_at < now - timedelta(minutes=1):
        ApiToken.objects.filter(id=token, last_used_at=last_used_at).update(last_used_at=now)


def _make_token(
    *,
    name: str,
    person: uuid.UUID | None,
    organisation: uuid.UUID | None,
    scopes: Collection[str],
    days: int,
    now: datetime,
) -> NewToken:
    assert person is not None, "a token belongs to a person"
    secret = new_secret()
    token = ApiToken.objects.create(
        name=name,
        hash=sha256(secret.encode()).hexdigest(),
        prefix=token_prefix(secret),
        person_id=person,
        organisation_id=organisation,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return NewToken(id=token.id, secret=secret, expires_at=token.expires_at)


# Devices (RFC 8628) -------------------------------------------------------------------------------------------------


class DeviceAnswer(SundryError):
    """Why a device gets no token now: `rule` is an error code of RFC 8628."""


def begin_device(*, name: str, scopes: Collection[str], address: str, now: datetime) -> DeviceCodes:
    """A device asks: a code for itself, and one for the person to type."""
    device_code = new_secret()
    while True:
        user_code = new_user_code()
        try:
            with transaction.atomic():
                DeviceRequest.objects.create(
                    hash=sha256(device_code.encode()).hexdigest(),
                    user_code=user_code,
                    name=name,
                    address=address,
                    scopes=sorted(scopes),
                    state=DeviceState.WAITING,
                    created_at=now,
                    expires_at=now + timedelta(seconds=DEVICE_SECONDS),
                    interval_seconds=DEVICE_INTERVAL_SECONDS,
                )
        except IntegrityError:  # one in ten thousand million: this code waits for somebody else
            continue
        return DeviceCodes(device_code=device_code, user_code=user_code)


def decide_device(*, actor: Actor, user_code: str, allowed: bool, scopes: Collection[str], now: datetime) -> None:
    """Allow or refuse; an allowed device acts as the person does now, in those of the `scopes` that it asked for.

    SundryError: nothing waits for this code.
    """
    state = DeviceState.ALLOWED if allowed else DeviceState.REFUSED
    with transaction.atomic():
        request = (
            DeviceRequest.objects.select_for_update()
            .filter(user_code=user_code, state=DeviceState.WAITING, expires_at__gt=now)
            .first()
        )
        if request is None:
            raise SundryError("device_code_unknown")
        request.state = state
        request.person_id = actor.person
        request.organisation_id = actor.organisation
        request.scopes = sorted(set(request.scopes) & set(scopes))
        request.save(update_fields=["state", "person", "organisation", "scopes"])
        record(
            actor=actor,
            operation="access.device.decide",
            object_kind="device",
            object_id=request.id,
            details={"allowed": allowed, "scopes": request.scopes, "network": request.address},
        )


def take_device_token(*, actor: Actor, device_code: str, now: datetime, days: int) -> NewToken:
    """The device comes again; its token is told exactly once. `actor`: by which door, from where.

    DeviceAnswer: not yet, too soon, refused, over.
    """
    with transaction.atomic():
        request = (
            DeviceRequest.objects.select_for_update().filter(hash=sha256(device_code.encode()).hexdigest()).first()
        )
        if request is None or request.expires_at <= now or request.state == DeviceState.TAKEN:
            answer = "expired_token"
        elif request.state == DeviceState.REFUSED:
            answer = "access_denied"
        elif request.state == DeviceState.WAITING:
            answer = _wait(request, now)
        else:
            request.state = DeviceState.TAKEN
            request.save(update_fields=["state"])
            made = _make_token(
                name=request.name,
                person=request.person_id,
                organisation=request.organisation_id,
                scopes=request.scopes,
                days=days,
                now=now,
            )
            record(
                actor=replace(actor, role=DEVICE, person=request.person_id, organisation=request.organisation_id),
                operation="access.token.create",
                object_kind="token",
                object_id=made.id,
                details={
                    "prefix": token_prefix(made.secret),
                    "scopes": request.scopes,
                    "device": str(request.id),
                },
            )
            return made
    raise DeviceAnswer(answer)  # after the transaction: that it came too soon is kept


def _wait(request: DeviceRequest, now: datetime) -> str:
    too_soon = request.polled_at is not None and now < request.polled_at + timedelta(seconds=request.interval_seconds)
    if too_soon:
        request.interval_seconds = min(request.interval_seconds + DEVICE_INTERVAL_SECONDS, DEVICE_SECONDS)
    request.polled_at = now
    request.save(update_fields=["polled_at", "interval_seconds"])
    return "slow_down" if too_soon else "authorization_pending"


# Time ---------------------------------------------------------------------------------------------------------------


def forget(now: datetime) -> None:
    """Delete what has run out: counters, devices that nobody let in, answers kept for a retry."""
    Counter.objects.filter(ends_at__lte=now).delete()
    DeviceRequest.objects.filter(expires_at__lte=now).delete()
    KeptAnswer.objects.filter(expires_at__lte=now).delete()
