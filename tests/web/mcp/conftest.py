"""An assistant, as the SDK's own client is one, beside a server in the same process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from sundry.base.access.actions import create_token
from sundry.base.access.rules import Actor

SURROUNDINGS = {"HTTP_HOST": "localhost", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}


@pytest.fixture(autouse=True, scope="module")
def a_thread_without_a_loop() -> Iterator[None]:
    """As those of a server are: the browser of earlier tests leaves its loop in this one, and Django has another
    connection where there is a loop than where there is none."""
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool answered: its sentence, its result, whether it was refused."""

    sentence: str
    result: dict[str, Any]
    is_error: bool
    blocks: tuple[str, ...]

    @property
    def code(self) -> str:
        return str(self.result["error"]["code"])


class Assistant:
    """Asks by one token. Every request begins a new connection, as over HTTP."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def server(self) -> Any:
        from sundry.web.mcp.calling import Caller
        from sundry.web.mcp.server import scopes, server

        caller = Caller(self.secret, SURROUNDINGS | {"REMOTE_ADDR": "203.0.113.7"})
        return server(caller, lambda: scopes(caller))

    def does(self, act: Callable[[Any], Any], **options: Any) -> Any:
        """What `act(client)`, which is awaited, answers."""
        from mcp.client import Client

        async def run() -> Any:
            async with Client(self.server(), **options) as client:
                return await act(client)

        return async_to_sync(run)()

    def tools(self) -> dict[str, Any]:
        return {tool.name: tool for tool in self.does(lambda client: client.list_tools()).tools}

    def call(self, tool: str, **arguments: Any) -> Said:
        answer = self.does(lambda client: client.call_tool(tool, arguments))
        blocks = tuple(block.text for block in answer.content)
        assert len(blocks) == 1 or json.loads(blocks[1]) == answer.structured_content
        return Said(blocks[0], answer.structured_content, answer.is_error, blocks)


@pytest.fixture
def assistant(db: None) -> Callable[..., Assistant]:
    """assistant(actor, *scopes) acts for her, in those scopes."""
    from django.utils import timezone

    def make(actor: Actor, *scopes: str) -> Assistant:
        made = create_token(actor=actor, name="Assistant", scopes=scopes, days=1, now=timezone.now())
        return Assistant(made.secret)

    return make
