"""`sundry mcp`: what it says before it serves, and the protocol on standard input and output."""

from __future__ import annotations

import ast
import io
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync

pytest.importorskip("mcp")

from sundry.base.access.rules import Actor, Kind, Position, role_of
from sundry.web import cli, prepare
from sundry.web.mcp import commands
from sundry.web.mcp.calling import Caller

BUYER = role_of(Kind.BUYER, Position.MEMBER)
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


class Heard(io.BytesIO):
    """What is written; `all_said` when it is so many lines."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.all_said = threading.Event()
        self._lines = lines

    def write(self, told: Any) -> int:
        written = super().write(told)
        if self.getvalue().count(b"\n") >= self._lines:
            self.all_said.set()
        return written


class Patient(io.BytesIO):
    """An assistant that hangs up when it has heard all answers."""

    def __init__(self, lines: bytes, heard: Heard) -> None:
        super().__init__(lines)
        self._heard = heard

    def read1(self, size: int | None = -1) -> bytes:
        line = self.readline()
        if not line:
            self._heard.all_said.wait(timeout=60)
        return line


@pytest.fixture
def amina(sign_in: Any) -> Actor:
    member = sign_in(BUYER)
    return Actor(role=BUYER, person=member.person, organisation=member.organisation)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test is the market's."""
    monkeypatch.setattr(prepare, "ready", lambda _say: nullcontext())


@pytest.mark.usefixtures("here")
def test_it_says_whom_the_token_acts_for(
    amina: Actor,
    assistant: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(commands.TOKEN, assistant(amina, "catalogue.stall.read").secret)
    assert cli.main(["mcp", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told == {"role": "buyer", "organisation": str(amina.organisation), "tools": ["who_am_i", "read_stall"]}


@pytest.mark.usefixtures("here", "db")
def test_a_token_that_opens_nothing_ends_it(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(commands.TOKEN, "sundry_nothing")
    assert cli.main(["mcp", "--json"]) == 3
    assert json.loads(capfd.readouterr().out)["error"]["rule"] == "mcp_token_refused"


def test_without_a_token_or_the_package_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(commands.TOKEN, raising=False)
    assert cli.main(["mcp"]) == 64
    monkeypatch.setenv(commands.TOKEN, "sundry_nothing")
    monkeypatch.setattr(commands, "find_spec", lambda _name: None)
    assert cli.main(["mcp"]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert "sundry[mcp]" in told.err


def test_it_speaks_line_by_line(amina: Actor, assistant: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [
        {"id": 1, "method": "initialize", "params": HELLO},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "who_am_i", "arguments": {}}},
    ]
    lines = "".join(json.dumps({"jsonrpc": "2.0"} | one) + "\n" for one in asked)
    out = Heard(lines=2)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Patient(lines.encode(), out)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    caller = Caller(assistant(amina).secret, {"HTTP_HOST": "localhost", "wsgi.url_scheme": "http"})
    async_to_sync(commands.speak)(caller)
    told = {one["id"]: one["result"] for one in map(json.loads, out.getvalue().splitlines())}
    assert told[1]["serverInfo"]["name"] == "sundry"
    assert told[2]["structuredContent"]["role"] == "buyer"


def test_nothing_of_the_protocol_is_loaded_before_somebody_speaks_it() -> None:
    """What `sundry --help` and a process of pages import; only what they import later has the SDK at its top."""
    theirs = {"anyio", "jsonschema", "mcp", "mcp_types", "starlette"}
    heavy = {file.stem for file in Path(commands.__file__).parent.glob("*.py") if theirs & set(_imported_at_once(file))}
    assert heavy == {"http", "server"}
    light = [file for file in Path(commands.__file__).parent.glob("*.py") if file.stem not in heavy]
    assert not {name for file in light for name in _imported_at_once(file, whole=True)} & {
        "sundry.web.mcp.http",
        "sundry.web.mcp.server",
    }


def _imported_at_once(file: Path, *, whole: bool = False) -> Iterator[str]:
    """The modules, or their first parts, that a module imports when it is imported itself."""
    for node in ast.parse(file.read_text("utf-8")).body:
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                names = [f"{node.module}.{alias.name}" for alias in node.names] + [str(node.module)]
            case _:
                names = []
        yield from (name if whole else name.partition(".")[0] for name in names)


def test_a_stop_does_not_wait_for_what_the_assistant_may_still_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_say: object) -> Any:
        raise KeyboardInterrupt

    def ended(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setenv(commands.TOKEN, "sundry_nothing")
    monkeypatch.setattr(prepare, "ready", stopped)
    monkeypatch.setattr(commands.os, "_exit", ended)
    with pytest.raises(SystemExit) as end:
        cli.main(["mcp"])
    assert end.value.code == cli.INTERRUPTED
