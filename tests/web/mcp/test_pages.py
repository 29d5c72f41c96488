"""/mcp/: one message and its answer, by a token and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

pytest.importorskip("mcp")

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import VISITOR, Actor, Kind, Position, role_of
from sundry.web.mcp import pages

BUYER = role_of(Kind.BUYER, Position.MEMBER)
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


@pytest.fixture
def amina(sign_in: Any) -> Actor:
    member = sign_in(BUYER)
    return Actor(role=BUYER, person=member.person, organisation=member.organisation)


def posted(client: Client, method: str, params: dict[str, Any], **headers: str) -> HttpResponse:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    given = {"accept": "application/json, text/event-stream", "host": "localhost"} | headers
    return client.post("/mcp/", json.dumps(body), content_type="application/json", headers=given)


def test_a_message_is_answered_with_json(amina: Actor, assistant: Callable[..., Any]) -> None:
    token = {"authorization": f"Bearer {assistant(amina).secret}"}
    answer = posted(Client(), "initialize", HELLO, **token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["result"]["serverInfo"]["name"] == "sundry"
    assert "untrusted_" in answer.json()["result"]["instructions"]
    answer = posted(Client(), "tools/call", {"name": "who_am_i", "arguments": {}}, **token)
    assert answer.json()["result"]["structuredContent"]["organisation"] == str(amina.organisation)
    assert "Mcp-Session-Id" not in answer.headers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"jsonrpc": "2.0", "method": "notifications/initialized"}', 202),
        ('{"jsonrpc": "2.0", "id": 1, "method": "nothing/at/all"}', 200),
        ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "nothing"}}', 200),
        ("{}", 400),
        ("[", 400),
        ('"' + "a" * 1_000_001 + '"', 413),
    ],
    ids=["notification", "no such method", "no such tool", "no message", "no JSON", "too large"],
)
def test_whatever_is_sent_is_answered(amina: Actor, assistant: Callable[..., Any], body: str, status: int) -> None:
    token = {"authorization": f"Bearer {assistant(amina).secret}", "accept": "application/json, text/event-stream"}
    answer = Client().post("/mcp/", body, content_type="application/json", headers=token | {"host": "localhost"})
    assert answer.status_code == status
    assert status != 200 or "error" in answer.json()


@pytest.mark.parametrize("given", ["", "Bearer sundry_nothing", "Basic YTpi"])
def test_without_a_token_nothing_is_answered(sign_in: Any, given: str) -> None:
    headers = {"authorization": given} if given else {}
    answer = posted(sign_in(VISITOR).client, "initialize", HELLO, **headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"]["code"] in ("access_sign_in", "token_invalid")


def test_a_session_opens_nothing(sign_in: Any) -> None:
    """So that no page of another site can speak in the name of whoever looks at it."""
    assert posted(sign_in(BUYER).client, "initialize", HELLO).status_code == 401


def test_a_page_of_another_site_is_refused(amina: Actor, assistant: Callable[..., Any]) -> None:
    token = {"authorization": f"Bearer {assistant(amina).secret}"}
    assert posted(Client(), "ping", {}, origin="https://evil.example", **token).status_code == 403
    assert posted(Client(), "ping", {}, origin="http://localhost", **token).status_code == 200


def test_only_a_post_is_taken(sign_in: Any) -> None:
    answer = sign_in(VISITOR).client.get("/mcp/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_what_it_may_not_is_written_down(amina: Actor, assistant: Callable[..., Any]) -> None:
    """As of every program, with the token and through the API."""
    token = {"authorization": f"Bearer {assistant(amina).secret}"}
    posted(Client(), "tools/call", {"name": "list_orders", "arguments": {}}, **token)
    entry = AuditEntry.objects.filter(person=amina.person).latest("id")
    assert (entry.outcome, entry.through) == ("refused", "api")
    assert entry.details["token"]


def test_without_the_package_it_says_what_to_install(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "find_spec", lambda _name: None)
    answer = posted(sign_in(VISITOR).client, "ping", {}, authorization="Bearer a")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "mcp_missing")
