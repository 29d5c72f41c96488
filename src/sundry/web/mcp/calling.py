"""How a tool asks the API: as a program would, in this process, through every door that a request from outside passes.

So a call of an assistant is let in, counted, limited and written down as any other call of the API by its token, and no
line of code here decides who may do what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sundry.web.mcp.tools import Request

# Of the request that came to us, what the inner one has as well: from where it comes and how we are called.
_KEPT: Final = (
    "REMOTE_ADDR",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "SERVER_NAME",
    "SERVER_PORT",
)
SCHEME: Final = "wsgi.url_scheme"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said. `data`: its JSON; None where it has none."""

    status: int
    data: Any
    retry_after: str = ""

    @property
    def is_good(self) -> bool:
        return self.status < 400


class Caller:
    """Asks the API by one token. `surroundings`: WSGI's environment of the request that brought the token."""

    def __init__(self, secret: str, surroundings: Mapping[str, Any]) -> None:
        self._secret = secret
        self._surroundings = {name: surroundings[name] for name in (*_KEPT, SCHEME) if name in surroundings}

    def who(self) -> Answer:
        """Whom the token acts for, and what it was made for."""
        return self.ask(Request("GET", "me", {}, None))

    def ask(self, request: Request) -> Answer:
        from django.db import close_old_connections, connection
        from django.http import HttpResponse

        from sundry.web.wsgi import application

        if not connection.in_atomic_block:
            close_old_connections()  # an assistant asks again after hours, when the server may have been another one
        response = application.get_response(application.request_class(self._environ(request)))
        assert isinstance(response, HttpResponse), "no operation that a tool asks for answers with a stream"
        told = json.loads(response.content) if response.content else None
        return Answer(response.status_code, told, response.headers.get("Retry-After", ""))

    def _environ(self, request: Request) -> dict[str, Any]:
        body = b"" if request.body is None else json.dumps(request.body).encode()
        asked = {name: value for name, value in request.query.items() if value is not None}
        environ = self._surroundings | {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": f"/api/{request.path}",
            "QUERY_STRING": urlencode({name: _plain(value) for name, value in asked.items()}, doseq=True),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_AUTHORIZATION": f"Bearer {self._secret}",
            "HTTP_ACCEPT_LANGUAGE": request.language,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if request.body is not None:
            environ["CONTENT_TYPE"] = "application/json"
        if request.key:
            environ["HTTP_IDEMPOTENCY_KEY"] = request.key
        return environ


def surroundings_of(address: str) -> dict[str, Any]:
    """Of a request that comes from this machine, to the market at `address`."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return {
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": "127.0.0.1",
        SCHEME: parts.scheme,
    }


def _plain(value: Any) -> Any:
    """As it stands in a query: true, not True."""
    if isinstance(value, bool):
        return str(value).lower()
    return [_plain(one) for one in value] if isinstance(value, list) else value
