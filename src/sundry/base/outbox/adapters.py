"""The way out: what hands a message over to the next machine.

`Adapter` is the port. `SUNDRY_OUTBOX=keep` has none (nothing leaves), `smtp` sends e-mails by `Smtp`; for text messages
a package installed beside sundry names its adapter in the entry point group `sundry.outbox` (README.md shows it).
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from sundry.base.outbox.rules import Channel, Message

ENTRY_POINTS = "sundry.outbox"
TIMEOUT_S = 20
_LONG_LINES = SMTP.clone(max_line_length=998)  # a link in a header that is folded is no link any more
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Adapter(Protocol):
    """Hands messages over."""

    def send(self, message: Message) -> None:
        """Return when the next machine has taken the message; raise anything where it has not.

        A message may come a second time, after a crash between its sending and our writing that down: `message.id` is
        the same then. Give up after some twenty seconds, and name no recipient and no body in an exception: its text
        is kept.
        """


@dataclass(frozen=True, slots=True)
class Smtp:
    """E-mails by `smtp://user:password@host:587?from=market@example.org`, or `smtps://` (TLS from the first byte).

    By `smtp://` the connection is encrypted by STARTTLS before anything is said, but for a server on this machine.
    """

    host: str
    port: int
    sender: str
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str, *, sender: str) -> Smtp:
        """`sender`: whom messages come from where the address names nobody."""
        parts = urlsplit(url)
        user = unquote(parts.username or "")
        encrypted = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if encrypted else 587),
            sender=parse_qs(parts.query).get("from", [user if "@" in user else sender])[0],
            encrypted=encrypted,
            user=user,
            password=unquote(parts.password or ""),
        )

    def send(self, message: Message) -> None:
        with self._connection() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(self._email(message))

    def _connection(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.encrypted:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        if self.host not in _LOOPBACK:
            try:
                server.starttls(context=context)
            except BaseException:
                with suppress(OSError):
                    server.close()
                raise
        return server

    def _email(self, message: Message) -> EmailMessage:
        email = EmailMessage(policy=_LONG_LINES)
        email["From"] = self.sender
        email["To"] = message.recipient
        email["Subject"] = message.subject
        email["Date"] = format_datetime(message.created_at)
        email["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"  # the same at a second try
        email["Auto-Submitted"] = "auto-generated"
        if message.stop_link:
            email["List-Unsubscribe"] = f"<{message.stop_link}>"
            email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        email.set_content(message.body)
        if message.language:
            email["Content-Language"] = message.language
        return email


def keeps() -> bool:
    """Whether nothing leaves this machine."""
    return bool(settings.SUNDRY.outbox == "keep")


def channels() -> tuple[Channel, ...]:
    """By which messages get to their reader. A message channel (WeChat, WhatsApp) only by its installed adapter."""
    basic = (Channel.EMAIL, Channel.SMS)
    return tuple(one for one in Channel if (reaches(one) if one in basic else _installed(one) is not None))


def adapter_for(channel: Channel) -> Adapter | None:
    """What hands messages of `channel` over; None: nothing does. A market that keeps its messages asks nobody."""
    if channel is Channel.EMAIL and settings.SUNDRY.smtp_url is not None:
        return Smtp.from_url(settings.SUNDRY.smtp_url, sender=settings.DEFAULT_FROM_EMAIL)
    return _installed(channel)


def reaches(channel: Channel) -> bool:
    """Whether messages of this channel get to their reader: on the outbox page of a laptop, or by an adapter."""
    return keeps() or adapter_for(channel) is not None


@cache
def _installed(channel: Channel) -> Adapter | None:
    """The adapter that a package beside sundry brings for the channel."""
    for point in entry_points(group=ENTRY_POINTS, name=channel.value):
        made: Adapter = point.load()()
        return made
    return None
