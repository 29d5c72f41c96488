"""What reaches a receiver, what is made of its answer, and to where nothing is sent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sundry.base.webhooks import sender
from sundry.base.webhooks.addresses import Target, checked
from sundry.base.webhooks.rules import ANSWER_BYTES_MAX, Answer, Trouble

HEADERS = {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,x"}


def tell(target: Target | str, body: str = "{}", *, loopback: bool = True, timeout_s: float = 5.0) -> Answer:
    there = checked(target, loopback=loopback) if isinstance(target, str) else target
    return sender.send(there, body=body, headers=HEADERS, loopback=loopback, timeout_s=timeout_s)


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A program at an address that does with its one connection what `speak` says."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once() -> None:
            connection, _ = server.accept()
            with connection:
                speak(connection)

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(10)
        assert not thread.is_alive()


def test_a_receiver_hears_body_and_headers_as_they_were_made(receiver: Any) -> None:
    answer = tell(receiver.address, '{"name":"杯子"}')
    assert (answer.status, answer.trouble, answer.text) == (204, None, "")
    (heard,) = receiver.heard
    assert heard.body == '{"name":"杯子"}'
    assert heard.headers["path"] == "/in?shop=1"
    assert heard.headers["host"] == receiver.address.split("/")[2]
    assert heard.headers["user-agent"].startswith("Sundry-Webhooks/")
    assert heard.headers["content-type"] == "application/json; charset=utf-8"
    assert HEADERS.items() <= heard.headers.items()


@pytest.mark.parametrize("status", [200, 202])
def test_any_2xx_has_arrived(receiver: Any, status: int) -> None:
    receiver.answers = [(status, b"thanks")]
    assert tell(receiver.address).trouble is None


def test_a_redirect_is_not_followed(receiver: Any) -> None:
    receiver.answers, receiver.location = [(302, b"")], receiver.address
    answer = tell(receiver.address)
    assert (answer.status, answer.trouble) == (302, Trouble.STATUS)
    assert len(receiver.heard) == 1


def test_of_a_long_answer_the_beginning_is_read(receiver: Any) -> None:
    receiver.answers = [(500, b"x" * 5_000_000)]
    answer = tell(receiver.address)
    assert (answer.status, answer.trouble, len(answer.text)) == (500, Trouble.STATUS, ANSWER_BYTES_MAX)


def test_who_says_nothing_is_not_waited_for_for_ever() -> None:
    def silent(connection: socket.socket) -> None:
        while connection.recv(1000):
            pass

    with speaking(silent) as address:
        assert tell(address, timeout_s=0.3).trouble is Trouble.TIMEOUT


def test_who_says_a_little_now_and_then_is_not_waited_for_either() -> None:
    def slow(connection: socket.socket) -> None:
        try:
            while True:
                connection.sendall(b"H")
                if threading.Event().wait(0.05):
                    return
        except OSError:
            return

    with speaking(slow) as address:
        assert tell(address, timeout_s=0.4).trouble is Trouble.TIMEOUT


@pytest.mark.parametrize("said", [b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x15\x03\x01"])
def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(10_000)
        connection.sendall(said)

    with speaking(speak) as address:
        assert tell(address).trouble is Trouble.ANSWER


def test_an_answer_counts_though_its_words_break_off() -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    with speaking(speak) as address:
        answer = tell(address)
    assert (answer.status, answer.trouble) == (200, None)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert tell(f"http://127.0.0.1:{port}/").trouble is Trouble.UNREACHABLE


def test_no_safe_connection(receiver: Any) -> None:
    """TLS is asked of a program that has none."""
    assert tell(receiver.address.replace("http:", "https:")).trouble in (Trouble.CERTIFICATE, Trouble.ANSWER)
    assert receiver.heard == []


def test_a_certificate_is_looked_at() -> None:
    context = sender._tls()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["8.8.8.8", "10.0.0.7"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.7"],
        [],
    ],
    ids=str,
)
def test_a_name_that_leads_inside_is_not_called(numbers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on a sample market: only what names this machine by name is this machine."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
    called: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *place, **_: called.append(place))
    for loopback in (False, True):
        assert tell("https://hooks.example/", loopback=loopback).trouble is Trouble.ADDRESS
    assert called == []


def test_we_connect_to_the_very_number_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is asked twice may lead elsewhere the second time."""
    asked: list[Any] = []
    called: list[Any] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        number = "8.8.8.8" if len(asked) == 1 else "10.0.0.7"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443))]

    def connect(place: tuple[str, int], **_: Any) -> socket.socket:
        called.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert tell("https://hooks.example/", loopback=False).trouble is Trouble.UNREACHABLE
    assert (asked, called) == (["hooks.example"], [("8.8.8.8", 443)])


def test_an_address_of_this_machine_that_leads_elsewhere_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 8001))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert tell("http://localhost:8001/").trouble is Trouble.ADDRESS


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert tell("https://hooks.example/", loopback=False).trouble is Trouble.NAME
