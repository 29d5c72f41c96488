"""One event handed to one endpoint over HTTP, within ten seconds and without leaving what was looked at.

The name is resolved once, each address that it has must be allowed, and we connect to one of them by its number; the
certificate is that of the name. Redirects are not followed, a proxy of the environment is not used. One clock runs over
all of it, so that a receiver that answers a byte every nine seconds holds the worker no longer than one that is silent.
(How long a name server may take is its resolver's matter.)
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from threading import Event, Timer
from time import monotonic
from typing import Final

from sundry.base.webhooks.addresses import Target, is_loopback, is_public
from sundry.base.webhooks.rules import ANSWER_BYTES_MAX, Answer, Trouble, arrived, readable

TIMEOUT_S: Final = 10.0


class _NotAllowedError(Exception):
    """The name leads to where nothing is sent."""


def send(
    target: Target, *, body: str, headers: Mapping[str, str], loopback: bool, timeout_s: float = TIMEOUT_S
) -> Answer:
    """Post `body`; what came of it. Never raises because of what the other side does.

    `loopback`: a program on this machine may be told, where the address names this machine.
    """
    begun = monotonic()
    status, trouble, text = None, None, b""
    late = Event()
    try:
        numbers = _numbers(target, loopback=loopback)
        with _connected(target, numbers, begun + timeout_s, late) as connection:
            connection.request("POST", target.path, body=body.encode(), headers=_all_headers(target, headers))
            answer = connection.getresponse()
            status = answer.status
            with suppress(OSError, HTTPException):  # it has answered, whatever becomes of its words
                text = answer.read(ANSWER_BYTES_MAX)
    except _NotAllowedError:
        trouble = Trouble.ADDRESS
    except (OSError, HTTPException, ValueError) as fault:
        trouble = Trouble.TIMEOUT if late.is_set() else _trouble(fault)
    if status is not None:
        trouble = None if arrived(status) else Trouble.STATUS
    return Answer(status, trouble, int((monotonic() - begun) * 1000), readable(text))


def _trouble(fault: Exception) -> Trouble:
    match fault:
        case socket.gaierror():
            return Trouble.NAME
        case ssl.SSLError():
            return Trouble.CERTIFICATE
        case TimeoutError():
            return Trouble.TIMEOUT
        case ConnectionResetError() | BrokenPipeError():
            return Trouble.ANSWER
        case OSError():
            return Trouble.UNREACHABLE
    return Trouble.ANSWER


def _numbers(target: Target, *, loopback: bool) -> list[str]:
    """The addresses of the host. _NotAllowedError: one of them is inside some network; gaierror: there is none."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:
        raise socket.gaierror from fault
    numbers = list(dict.fromkeys(str(place[0]) for *_, place in found))
    allowed = is_loopback if loopback and target.names_this_machine else is_public
    if not numbers or not all(map(allowed, numbers)):
        raise _NotAllowedError
    return numbers


@contextmanager
def _connected(target: Target, numbers: list[str], deadline: float, late: Event) -> Iterator[HTTPConnection]:
    """A connection that is cut off at `deadline` of the monotonic clock; then `late` is set."""
    raw = _first_that_answers(numbers, target.port, deadline)
    handle = raw.dup()  # of the same connection, whatever TLS makes of the first

    def cut() -> None:
        late.set()
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    clock = Timer(max(0.0, deadline - monotonic()), cut)
    clock.daemon = True
    clock.start()
    connection = HTTPConnection(target.host, target.port)
    try:
        connection.sock = raw
        if target.scheme == "https":
            connection.sock = tls = _tls().wrap_socket(raw, server_hostname=target.host, do_handshake_on_connect=False)
            tls.do_handshake()
        yield connection
    finally:
        clock.cancel()
        handle.close()
        raw.close()
        connection.close()


def _first_that_answers(numbers: list[str], port: int, deadline: float) -> socket.socket:
    fault: OSError = TimeoutError()
    for number in numbers:
        left_s = deadline - monotonic()
        if left_s <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((number, port), timeout=left_s)
        except OSError as refused:
            fault = refused
    raise fault


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _all_headers(target: Target, headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "Host": target.named,
        "User-Agent": f"Sundry-Webhooks/{version('sundry')}",
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
