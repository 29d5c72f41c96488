"""`sundry mcp`: an assistant on this machine speaks to this market through standard input and output."""

from __future__ import annotations

import argparse
import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from sundry.web.mcp.calling import Caller

TOKEN = "SUNDRY_TOKEN"
INTERRUPTED = 130


def register(subparsers: Any) -> None:
    command = subparsers.add_parser("mcp", help="let an AI assistant act by a token", description=__doc__)
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, _console: Console) -> Outcome:
    """Serve until the assistant hangs up; with --json say only what the token opens. Standard output is the
    assistant's: whatever a person reads goes to standard error."""
    told = Console(stderr=True, highlight=False)
    secret = os.environ.get(TOKEN, "").strip()
    if not secret:
        raise UsageError("mcp_token_needed", variable=TOKEN)
    if find_spec("mcp") is None:
        raise EnvironmentFault("mcp_missing")
    from sundry.web import prepare

    try:
        with prepare.ready(lambda rule: told.print(render(rule, arguments.language, {}), markup=False)):
            return _act(secret, is_asked_only=arguments.json)
    except KeyboardInterrupt:
        if not arguments.json:  # a thread still reads what the assistant may say: Python would wait for its next line
            os._exit(INTERRUPTED)
        raise


def _act(secret: str, *, is_asked_only: bool) -> Outcome:
    from django.conf import settings

    from sundry.web.mcp.calling import Caller, surroundings_of
    from sundry.web.mcp.server import may, scopes_of
    from sundry.web.mcp.toolbox import TOOLS

    caller = Caller(secret, surroundings_of(settings.SUNDRY.address))
    who = caller.who()
    if not who.is_good:
        raise UnusableInput("mcp_token_refused", variable=TOKEN)
    held = scopes_of(who)
    if not is_asked_only:
        _serve(caller)
    open_tools = [tool.name for tool in TOOLS.values() if may(tool, held)]
    return Outcome(data={"role": who.data["role"], "organisation": who.data["organisation"], "tools": open_tools})


def _serve(caller: Caller) -> None:
    import anyio

    anyio.run(speak, caller)


async def speak(caller: Caller) -> None:
    """Until standard input ends."""
    from mcp.server.stdio import stdio_server

    from sundry.web.mcp.server import scopes, server

    made = server(caller, lambda: scopes(caller))
    async with stdio_server() as (read, write):
        await made.run(read, write, made.create_initialization_options())
