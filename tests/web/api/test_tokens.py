"""A person makes a token, sees it once, revokes it; and decides about a device before her."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sundry.base.access.models import ApiToken, DeviceRequest
from sundry.base.access.rules import Kind, Position, role_of
from sundry.base.parties.models import Membership
from sundry.kernel.messages import LANGUAGES, catalogue
from sundry.web.api import tokens
from sundry.web.api.service import scopes

pytestmark = pytest.mark.django_db

AGENT = role_of(Kind.AGENT, Position.ADMINISTRATOR)


@pytest.fixture
def li(sign_in: Any) -> Any:
    return sign_in(AGENT)


@pytest.fixture
def scope(monkeypatch: pytest.MonkeyPatch) -> str:
    """An operation of the API that an agent may."""
    return next(operation.name for operation in scopes() if AGENT in operation.own)


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def make(li: Any, *chosen: str, **sent: Any) -> Any:
    return li.client.post("/tokens/new", {"name": "Scales", "days": "90", "scopes": chosen} | sent)


def test_every_operation_of_the_api_has_its_words_in_six_languages() -> None:
    wanted = {f"scope_{operation.name.replace('.', '_')}" for operation in scopes()}
    written = {rule for rule in catalogue() if rule.startswith("scope_")}
    assert written == wanted
    assert all(set(catalogue()[rule]) == set(LANGUAGES) for rule in wanted)


def test_a_token_is_shown_once_and_works(li: Any, scope: str) -> None:
    answer = make(li, scope)
    secret = re.search(r"sundry_[\w-]{43}", text(answer)).group()  # type: ignore[union-attr]
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret not in text(li.client.get("/tokens/"))
    assert f"{secret[:13]}…" in text(li.client.get("/tokens/"))
    me = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"}).get("/api/me").json()
    assert (me["person"], me["organisation"]) == (str(li.person), str(li.organisation))
    assert me["scopes"] == [scope]
    assert ApiToken.objects.get().last_used_at is not None


def test_a_revoked_token_stops_at_once(li: Any, scope: str) -> None:
    secret = re.search(r"sundry_[\w-]{43}", text(make(li, scope))).group()  # type: ignore[union-attr]
    program = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    token = ApiToken.objects.get()
    assert program.get("/api/me").status_code == 200
    answer = li.client.post(f"/tokens/{token.id}/revoke", follow=True)
    assert "The token “Scales” is revoked." in text(answer)
    assert program.get("/api/me").status_code == 401
    assert "already" in text(li.client.post(f"/tokens/{token.id}/revoke", follow=True))


def test_nobody_revokes_or_sees_what_is_anothers(li: Any, sign_in: Any, scope: str) -> None:
    make(li, scope)
    token = ApiToken.objects.get()
    other = sign_in(AGENT, organisation=li.organisation).client
    foreign = other.post(f"/tokens/{token.id}/revoke")
    missing = other.post(f"/tokens/{li.person}/revoke")
    assert foreign.status_code == missing.status_code == 404
    assert "Scales" not in text(other.get("/tokens/"))
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_pages_are_accessible_in_every_direction(
    li: Any, scope: str, language: str, assert_accessible: Any
) -> None:
    li.client.cookies["language"] = language
    made, wrong = make(li, scope), make(li)
    shown = li.client.post("/device/", {"user_code": ask(scope)["user_code"]})
    for answer in (
        made,
        wrong,
        shown,
        li.client.get("/tokens/"),
        li.client.get("/tokens/new"),
        li.client.get("/device/"),
        li.client.get("/account/me"),
    ):
        assert_accessible(answer.content)
    assert "/tokens/" in text(li.client.get("/account/me"))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"days": "1000"}, {"scopes": ["shipping.everything"]}, {"scopes": []}])
def test_a_form_that_is_not_right_makes_nothing(li: Any, scope: str, wrong: dict[str, Any]) -> None:
    answer = make(li, scope, **wrong)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_person_makes_so_many_tokens_an_hour_and_no_more(
    li: Any, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "TOKENS_AN_HOUR", 1)
    assert [make(li, scope).status_code for _ in range(2)] == [200, 429]


def test_where_no_operation_would_be_allowed_there_is_no_form(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "scopes", list)
    client = sign_in(AGENT).client
    for answer in (client.get("/tokens/new"), client.post("/tokens/new", {"name": "Scales"})):
        assert answer.status_code == 200
        assert "nothing that a program could do" in text(answer)


def test_the_list_tells_how_each_token_stands(li: Any, scope: str) -> None:
    for name in ("Valid one", "Late one"):
        make(li, scope, name=name)
    ApiToken.objects.filter(name="Late one").update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    assert re.findall(r"(Valid|Expired)</", text(li.client.get("/tokens/"))) == ["Expired", "Valid"]
    Membership.objects.update(ended_at=timezone.now())
    assert "No longer yours to act for" in text(li.client.get("/tokens/"))


def test_many_tokens_are_paged(li: Any, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "ROWS", 1)
    for name in ("First", "Second"):
        make(li, scope, name=name)
    page = text(li.client.get("/tokens/"))
    assert "Second" in page
    assert "First" not in page
    following = re.search(r'href="(\?before=[^"]+)"', page).group(1)  # type: ignore[union-attr]
    assert "First" in text(li.client.get(f"/tokens/{following}"))
    assert li.client.get("/tokens/?before=nonsense").status_code == 200


# Devices ------------------------------------------------------------------------------------------------------------


def ask(*wanted: str) -> Any:
    device = Client(headers={"host": "localhost"})
    return device.post("/api/devices", {"name": "Scales 3", "scopes": wanted}, "application/json").json()


def fetch(codes: Any) -> Any:
    device = Client(headers={"host": "localhost"})
    return device.post("/api/devices/token", {"device_code": codes["device_code"]}, "application/json")


def test_a_person_lets_a_device_in_after_seeing_what_it_asks_for(li: Any, scope: str) -> None:
    codes = ask(scope, "something.unknown")
    assert codes["user_code"] in text(li.client.get(f"/device/?code={codes['user_code']}"))
    shown = text(li.client.post("/device/", {"user_code": codes["user_code"].lower()}))
    assert "Scales 3" in shown
    assert tokens.scope_label(scope) in shown
    assert "something.unknown" not in shown
    li.client.post("/device/decide", {"user_code": codes["user_code"], "answer": "allow"})
    token = fetch(codes).json()["access_token"]
    me = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"}).get("/api/me").json()
    assert (me["person"], me["organisation"], me["scopes"]) == (str(li.person), str(li.organisation), [scope])
    assert ApiToken.objects.get().name == "Scales 3"


@pytest.mark.parametrize("answer", ["refuse", "", "nonsense"])
def test_whatever_is_not_a_yes_is_a_no(li: Any, answer: str) -> None:
    codes = ask("a")
    li.client.post("/device/decide", {"user_code": codes["user_code"], "answer": answer})
    assert fetch(codes).json()["error"]["code"] == "access_denied"


def test_a_device_that_asks_for_nothing_she_may_cannot_be_let_in_usefully(li: Any) -> None:
    codes = ask("something.unknown")
    shown = text(li.client.post("/device/", {"user_code": codes["user_code"]}))
    assert "of no use" in shown
    assert 'value="allow"' not in shown


def test_a_code_that_nobody_waits_for_says_so(li: Any) -> None:
    answer = li.client.post("/device/", {"user_code": "BBBB-BBBB"})
    assert answer.status_code == 422
    assert "No device waits for this code" in text(answer)
    answer = li.client.post("/device/decide", {"user_code": "BBBB-BBBB", "answer": "allow"}, follow=True)
    assert "No device waits for this code" in text(answer)


def test_codes_are_not_guessed(li: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "CODES_TRIED", 2)
    tries = [li.client.post("/device/", {"user_code": "BBBB-BBBB"}).status_code for _ in range(3)]
    assert tries == [422, 422, 429]
    assert not DeviceRequest.objects.exists()
