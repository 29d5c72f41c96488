"""E-mails go to a mail server that listens on this machine and writes down what it hears."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import smtplib
import socketserver
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from sundry.base.outbox import adapters
from sundry.base.outbox.adapters import Smtp, adapter_for, keeps, reaches
from sundry.base.outbox.rules import Channel, Message

MESSAGE = Message(
    id=uuid.UUID("019b2c3d-0000-7000-8000-000000000001"),
    channel=Channel.EMAIL,
    recipient="buyer@market.example",
    subject="您的验证码",
    body="验证码：482 913\n",
    language="zh-hans",
    secret=True,
    created_at=datetime(2026, 4, 20, 10, tzinfo=UTC),
)


class Server(socketserver.TCPServer):
    """As much of SMTP as one message needs. `refuses`: the verb that it answers with a 550."""

    allow_reuse_address = True
    refuses = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.heard: list[str] = []
        self.data = b""


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].decode().upper()
            self.server.heard.append(line.decode().strip())
            if verb == self.server.refuses:
                self.wfile.write(b"550 no such person\r\n")
            elif verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) != b".\r\n":
                    self.server.data += part
                self.wfile.write(b"250 taken\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 fine\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def smtp(server: Server) -> Smtp:
    return Smtp.from_url(f"smtp://127.0.0.1:{server.server_address[1]}?from=market@market.example", sender="")


def test_a_message_reaches_the_mail_server_as_it_was_written(server: Server) -> None:
    smtp(server).send(MESSAGE)
    assert "rcpt TO:<buyer@market.example>" in server.heard
    heard = email.message_from_bytes(server.data, policy=email.policy.default)
    assert heard["Subject"] == MESSAGE.subject
    assert heard["From"] == "market@market.example"
    assert heard["Message-ID"] == f"<{MESSAGE.id}@market.example>"
    assert heard["Content-Language"] == "zh-hans"
    assert heard.get_content().splitlines() == MESSAGE.body.splitlines()


def test_a_refused_message_raises(server: Server) -> None:
    server.refuses = "RCPT"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp(server).send(MESSAGE)
    assert server.data == b""


def test_nothing_is_said_unencrypted_to_another_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "_LOOPBACK", ())
    with pytest.raises(smtplib.SMTPNotSupportedError):
        smtp(server).send(MESSAGE)
    assert [line.split()[0] for line in server.heard] == ["ehlo"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "here@market.example", False, "")),
        ("smtps://m%40a.example:p%2Fw@mail.example", ("mail.example", 465, "m@a.example", True, "m@a.example")),
        ("smtp://mail.example:25?from=x@y.example", ("mail.example", 25, "x@y.example", False, "")),
    ],
)
def test_the_address_of_a_mail_server(url: str, expected: tuple[Any, ...]) -> None:
    made = Smtp.from_url(url, sender="here@market.example")
    assert (made.host, made.port, made.sender, made.encrypted, made.user) == expected
    assert "p/w" not in repr(made)


def test_a_laptop_keeps_everything_and_so_reaches_everybody() -> None:
    assert keeps()
    assert reaches(Channel.EMAIL)
    assert reaches(Channel.SMS)


def test_a_market_that_sends_reaches_phones_only_by_an_installed_gateway(
    sending: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not keeps()
    assert isinstance(adapter_for(Channel.EMAIL), Smtp)
    assert not reaches(Channel.SMS)

    point = EntryPoint(name="sms", group=adapters.ENTRY_POINTS, value=f"{Gateway.__module__}:Gateway")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: Gateway)
    monkeypatch.setattr(adapters, "entry_points", lambda **asked: [point] if asked["name"] == "sms" else [])
    adapters._installed.cache_clear()
    assert isinstance(adapter_for(Channel.SMS), Gateway)
    assert reaches(Channel.SMS)
    adapters._installed.cache_clear()


class Gateway:
    def send(self, message: Message) -> None: ...


def test_the_sender_is_the_markets_where_the_address_names_nobody(settings: Any) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, outbox="smtp", smtp_url="smtp://mail.example")
    adapter = adapter_for(Channel.EMAIL)
    assert isinstance(adapter, Smtp)
    assert adapter.sender == settings.DEFAULT_FROM_EMAIL


def test_a_message_that_one_may_stop_says_so_in_its_headers() -> None:
    """The link is whole: neither folded nor encoded, or no mail program would know it."""
    link = f"https://market.example/notifications/stop/{'a' * 200}/"
    smtp = Smtp.from_url("smtp://localhost", sender="sundry@market.example")
    said = smtp._email(dataclasses.replace(MESSAGE, stop_link=link)).as_bytes()
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in said
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in said
    assert b"List-Unsubscribe" not in smtp._email(MESSAGE).as_bytes()


def test_message_channels_are_there_with_their_adapter_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert adapters.channels() == (Channel.EMAIL, Channel.SMS)
    monkeypatch.setattr(adapters, "_installed", lambda channel: object() if channel is Channel.WECHAT else None)
    assert adapters.channels() == (Channel.EMAIL, Channel.SMS, Channel.WECHAT)
