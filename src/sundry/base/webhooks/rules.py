"""Signed webhooks: what is told, how it is signed, when it is tried again, to which addresses.

Problem: a buyer's program wants to know when a good changes. If it asks every minute, most answers are "nothing"; if
the market tells it, anybody on the internet could pretend to be the market, a receiver that was down for an hour would
have missed everything, and whoever may type an address could make the market call machines inside its own network.
Therefore

- what happens is an event, written in the transaction in which it happens, and told by a job afterwards;
- it is signed as the Standard Webhooks specification (v1) says: HMAC-SHA256 over `id.timestamp.body` by a secret that
  the receiver got once; a new secret and the one before it are both signed with for a day;
- it is told at least once, the id is the same each time and sorts by time: so a receiver knows what it has had;
- it is tried for three days with growing pauses, and after that it can be told again by hand;
- only public addresses are called, and only what the name resolved to when we looked.

Worked case: the secret is `whsec_` + base64 of the 24 bytes "0123456789abcdef01234567", the id "msg_1", the moment
1767225600, the body `{"a":1}`. The receiver works HMAC-SHA256 of `msg_1.1767225600.{"a":1}` out and finds it as
`v1,nT3LmN3/rCpSmTpSWkHSPb63GtGA0NX1d+wAjH8f6xI=` in the header `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sundry.kernel.errors import SundryError, UsageError

ENDPOINTS_MAX: Final = 20  # of an organisation
DESCRIPTION_CHARACTERS_MAX: Final = 200
BODY_BYTES_MAX: Final = 20_000
ANSWER_BYTES_MAX: Final = 2_000
REPLAY_EVENTS_MAX: Final = 10_000  # at once
EVENTS_ARE_KEPT_FOR: Final = timedelta(days=30)
OLD_SECRET_IS_GOOD_FOR: Final = timedelta(hours=24)
CLOCKS_MAY_DIFFER: Final = timedelta(minutes=5)
OFF_AFTER: Final = timedelta(days=5)  # of nothing but failures
PATIENT_FAILURES: Final = 2  # in a row, before an endpoint rests

# After the first try. Together 71 h 36 min: ten tries in three days.
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=22),
)
ATTEMPTS_MAX: Final = len(PAUSES) + 1

TEST_KIND: Final = "webhooks.test"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SECRET_MARK: Final = "whsec_"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event that a module tells of. `name` reads object.what_happened; `example` is the data of one.

    A module declares its kinds in `events.py` as `KINDS`; `sundry.web.events` collects those of all modules.
    """

    name: str
    description: str
    example: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} does not read object.what_happened")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What `announce` takes, for many at once."""

    kind: str
    subject: UUID
    organisation: UUID | None
    data: Mapping[str, Any]
    at: datetime


class EndpointState(StrEnum):
    ON = "on"
    OFF = "off"  # by an administrator
    FAILING = "failing"  # switched off by the market: nothing but failures for OFF_AFTER
    GONE = "gone"  # switched off by the market: the receiver answered 410
    REMOVED = "removed"  # nobody sees it any more; it is deleted when nothing is on its way to it


class DeliveryState(StrEnum):
    KEPT = "kept"  # nothing leaves a laptop
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Trouble(StrEnum):
    """Why an event did not arrive."""

    STATUS = "status"  # an answer that is no 2xx
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NAME = "name"  # the host's name is not known
    CERTIFICATE = "certificate"
    ADDRESS = "address"  # the name leads to where nothing is sent
    ANSWER = "answer"  # what came back is no HTTP
    SECRET = "secret"  # the market's key changed, and the secret cannot be read any more
    OFF = "off"  # the endpoint was switched off meanwhile


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made: shown to its administrator, and never again."""

    endpoint: UUID
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try. `status` None: there was no answer; `trouble` None: it has arrived."""

    status: int | None
    trouble: Trouble | None
    took_ms: int
    text: str = ""


# Refusals -----------------------------------------------------------------------------------------------------------


class EndpointRefused(UsageError):
    """The endpoint cannot be as it was asked for."""


class IsOff(SundryError):
    """Nothing is sent to an endpoint that is switched off."""


class AlreadySo(SundryError):
    """It is on, or off, already."""


class ReplayRefused(UsageError):
    """The time span makes no sense, or holds too much."""


class SecretUnreadable(Exception):
    """The key by which the secret was locked is not this market's any more."""


# What is told -------------------------------------------------------------------------------------------------------


def body_of(*, id: UUID, kind: str, subject: UUID, at: datetime, data: Mapping[str, Any]) -> str:
    """What is sent of an event, byte for byte each time. ValueError: more than BODY_BYTES_MAX, or no JSON.

    A module tells what changed and where to read the rest; it does not send whole documents.
    """
    told = {
        "type": kind,
        "id": str(id),
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subject": str(subject),
        "data": data,
    }
    body = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if (size := len(body.encode())) > BODY_BYTES_MAX:
        raise ValueError(f"{kind}: {size} bytes are more than {BODY_BYTES_MAX}")
    return body


def checked_kinds(wanted: Iterable[str], known: Collection[Kind]) -> list[str]:
    """The kinds in the order in which they are known. EndpointRefused: none, or one that there is not."""
    asked = set(wanted)
    names = [kind.name for kind in known]
    if not asked:
        raise EndpointRefused("webhook_kinds_missing")
    for name in sorted(asked.difference(names)):
        raise EndpointRefused("webhook_kind_unknown", value=name[:80], kinds=", ".join(names))
    return [name for name in names if name in asked]


# Signing ------------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """256 random bits, as the specification writes a secret."""
    return _SECRET_MARK + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secret: str, *, id: str, timestamp: int, body: str) -> str:
    """`v1,...`: the signature of one secret. ValueError: it is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_MARK), validate=True)
    except binascii.Error as fault:
        raise ValueError("not a secret of a webhook") from fault
    signed = hmac.new(key, f"{id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def headers_of(signing: Collection[str], *, id: str, timestamp: int, body: str) -> dict[str, str]:
    """The three headers of the specification; a signature for each secret that is good now."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(one, id=id, timestamp=timestamp, body=body) for one in signing),
    }


def verify(secret: str, headers: Mapping[str, str], body: str, *, now: datetime) -> bool:
    """Whether the market sent it, and lately: what a receiver asks. Header names are in small letters."""
    id_, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id_ or not re.fullmatch(r"[0-9]{1,12}", moment):
        return False
    if abs(now.timestamp() - int(moment)) > CLOCKS_MAY_DIFFER.total_seconds():
        return False
    expected = sign(secret, id=id_, timestamp=int(moment), body=body).encode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one.encode()) for one in given)


# Trying again -------------------------------------------------------------------------------------------------------


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """When an event is tried again that has failed `attempts` times (>= 1); None: given up."""
    return None if attempts >= ATTEMPTS_MAX else now + PAUSES[attempts - 1]


def rests_until(*, failures: int, now: datetime) -> datetime | None:
    """Until when nothing at all is sent to an endpoint that has failed `failures` times in a row; None: it goes on.

    One event may be too much for a receiver; where every one fails, the others need not be tried one by one.
    """
    beyond = failures - PATIENT_FAILURES
    return None if beyond <= 0 else now + PAUSES[min(beyond, len(PAUSES)) - 1]


def arrived(status: int) -> bool:
    return 200 <= status < 300


def is_gone(status: int | None) -> bool:
    """The receiver wants nothing any more."""
    return status == 410


def is_hopeless(*, failing_since: datetime, now: datetime) -> bool:
    return now - failing_since >= OFF_AFTER


def readable(answer: bytes) -> str:
    """The beginning of an answer as it is shown: what is no text, and what moves a cursor, is replaced."""
    text = answer[:ANSWER_BYTES_MAX].decode("utf-8", errors="replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)
