"""Where the database of a market is, and holding it for as long as it is needed.

`DATABASE_URL` names any PostgreSQL from 15 on, which is only looked at; without it the embedded server is started, or
joined where it runs, and left as it was found.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote, urlsplit

from sundry.kernel.errors import EnvironmentFault
from sundry.web import embedded
from sundry.web.configuration import Configuration, without_password
from sundry.web.embedded import ConnectionParameters, Server

VERSION_MIN = 15
ANSWER_S = 10


def connection(configuration: Configuration) -> ConnectionParameters:
    """Where the database of this market is, whether it runs or not."""
    if configuration.database_url is None:
        return embedded.parameters(configuration.data_dir)
    return from_url(configuration.database_url)


def from_url(url: str) -> ConnectionParameters:
    """`postgresql://user:password@host:5432/name?sslmode=require`; a socket's folder as `?host=/folder`."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = unquote(re.sub(r":[0-9]*$", "", parts.netloc.rpartition("@")[2]))
    return ConnectionParameters(
        host=host.strip("[]") or options.pop("host", ""),
        port=parts.port,
        name=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=tuple(sorted(options.items())),
    )


@contextmanager
def database(configuration: Configuration) -> Iterator[ConnectionParameters]:
    """The database answers inside the block. EnvironmentFault says why it does not."""
    if configuration.database_url is not None:
        check(configuration)
        yield connection(configuration)
        return
    with server(configuration).used() as reached:
        yield reached


def server(configuration: Configuration, *, wait: Callable[[float], object] = time.sleep) -> Server:
    """The embedded server of this market. EnvironmentFault: root asks for a real market."""
    if configuration.market == "real" and os.geteuid() == 0:
        raise EnvironmentFault("embedded_as_root")
    return Server(configuration.data_dir, wait=wait)


def check(configuration: Configuration) -> None:
    """EnvironmentFault: the database cannot be reached, is older than we can use, or does not keep UTF-8."""
    import psycopg

    address = without_password(configuration.database_url or str(connection(configuration).host))
    try:
        with psycopg.connect(**({"connect_timeout": ANSWER_S} | connection(configuration).libpq())) as asked:
            version = asked.info.server_version // 10_000
            (encoding,) = asked.execute("SHOW server_encoding").fetchone() or ("?",)
    except psycopg.Error as fault:
        raise EnvironmentFault("database_unreachable", address=address, fault=str(fault).strip()) from fault
    if version < VERSION_MIN:
        raise EnvironmentFault("database_too_old", address=address, version=version, needed=VERSION_MIN)
    if encoding != "UTF8":
        raise EnvironmentFault("database_not_utf8", address=address, encoding=encoding)
