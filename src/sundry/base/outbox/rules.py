"""Messages on their way to somebody: their states, and when a failed one is tried again.

Problem: a code that is sent inside the request that asked for it makes that request as slow and as fragile as the mail
server, and a request that fails afterwards has sent a message about something that never happened. Therefore a message
is a row, written in the transaction that needs it, and a job hands it over later:

    kept                                     a laptop: nothing leaves the machine, the outbox page is the mailbox
    waiting -> sent                          handed over to the next machine
    waiting -> waiting (attempts, next try)  it could not be handed over; tried again after a growing pause
    waiting -> failed                        given up after ATTEMPTS_MAX tries

Second problem: a body may hold a code, or a link by which its reader becomes a member, and whoever reads a copy of the
database reads it too. Therefore the words of a message are emptied as soon as nobody sends them any more (sent,
failed); a kept one is deleted when no link is good any longer.

Worked case: the mail server is down from 10:00:00. Tries at 10:00:00, 10:00:30, 10:02:30, 10:10:30, 10:42:30 and, for
the last time, 12:50:30 (30 s, then four times as long each time). A message with a one-time code is given up as soon
as its code is no longer good: whoever asked for it has asked again, and two codes confuse.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sundry.kernel.errors import SundryError

ATTEMPTS_MAX = 6
PAUSE = timedelta(seconds=30)
CODE_IS_GOOD_FOR = timedelta(minutes=10)
CODES_ARE_KEPT_FOR = timedelta(days=1)
MESSAGES_ARE_KEPT_FOR = timedelta(days=7)  # as long as the link of an invitation is good; only `kept` ones hold it


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"


class State(StrEnum):
    WAITING = "waiting"
    KEPT = "kept"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """What an adapter hands over. `secret`: it holds a one-time code, and nobody but its recipient reads it.

    `stop_link`: by which its reader wants no more of the kind, with one click (RFC 8058); "" where there is none."""

    id: uuid.UUID
    channel: Channel
    recipient: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    language: str
    secret: bool
    created_at: datetime
    stop_link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as the outbox page lists it."""

    message: Message
    state: State
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class Page:
    """Messages, the newest first; `next` is the key of the page after, None at the end."""

    messages: Sequence[Posted]
    next: uuid.UUID | None


class KeyReused(SundryError):
    """One idempotency key for two different messages: a mistake of the caller."""

    def __init__(self, key: str) -> None:
        super().__init__("outbox_key_reused", key=key)


class NoCarrier(SundryError):
    """This market has no adapter for the channel."""

    def __init__(self, channel: Channel) -> None:
        super().__init__("outbox_no_carrier", channel=channel.value)


def next_try(*, attempts: int, now: datetime, created_at: datetime, secret: bool) -> datetime | None:
    """When a message that has failed `attempts` times (>= 1) is tried again; None: given up."""
    if attempts >= ATTEMPTS_MAX:
        return None
    at = now + PAUSE * 4 ** (attempts - 1)
    return None if secret and at > created_at + CODE_IS_GOOD_FOR else at


def masked(recipient: str) -> str:
    """Enough to recognise an address, too little to learn it: `li***@market.example`, `+86138***8000`."""
    name, at, host = recipient.rpartition("@")
    if at:
        return f"{name[:2] if len(name) > 3 else name[:1]}***@{host}"
    return f"{recipient[:-8]}***{recipient[-4:]}" if len(recipient) > 9 else f"***{recipient[-2:]}"
