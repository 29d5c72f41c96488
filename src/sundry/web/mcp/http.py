"""One request of the protocol's HTTP transport, answered within the request of a page's process.

The SDK's transport is an application of ASGI that keeps nothing between two requests where it is told so. So it is
driven for one request, in an event loop that ends with it; no second server, no session, no open stream.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

import anyio
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

BODY_BYTES_MAX: Final = 1_000_000
_HEADERS: Final = ("content-type", "allow", "mcp-protocol-version")

Message = MutableMapping[str, Any]


def answer(made: Server[Any], request: HttpRequest, *, origins: list[str]) -> HttpResponse:
    """What `made` says to `request`. `origins`: of pages that may ask; a program says none."""
    told: list[Message] = []
    asked = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await anyio.sleep_forever()  # the other side does not hang up before it is answered
        raise AssertionError("never")

    async def send(message: Message) -> None:
        told.append(message)

    async def serve() -> None:
        manager = StreamableHTTPSessionManager(
            made,
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(allowed_hosts=[request.get_host()], allowed_origins=origins),
            max_request_body_size=BODY_BYTES_MAX,
        )
        async with manager.run():
            await manager.handle_request(_scope(request), receive, send)

    async_to_sync(serve)()
    return _response(told)


def _scope(request: HttpRequest) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path_info,
        "raw_path": request.path_info.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": None,
    }


def _response(told: list[Message]) -> HttpResponse:
    start = next(message for message in told if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in told if message["type"] == "http.response.body")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    kept = {name.title(): value for name, value in headers.items() if name in _HEADERS}
    return HttpResponse(body, status=start["status"], headers=kept | {"Cache-Control": "no-store"})
