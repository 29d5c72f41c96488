"""Signing up, in and out, as people do it: by requests, with the codes that the outbox keeps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from allauth import urls as all_of_allauth
from allauth.account import forms as allauth_forms
from allauth.account.internal.flows import code_verification
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor
from sundry.base.outbox.queries import messages
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Person
from sundry.base.parties.rules import Address
from sundry.web.pages import account

pytestmark = pytest.mark.django_db

Accessible = Callable[[bytes], None]
LI = Address(email="li@market.example")
PHONE = Address(phone="+8613800138000")
LOGIN, CODE, SIGN_UP = "/account/login/", "/account/login/code/", "/account/signup/"


@pytest.fixture(autouse=True)
def no_limit_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(account, "SIGN_UP_S", 0)


def register(address: Address = LI, **more: Any) -> Person:
    from django.utils import timezone

    made = actions.register_person(actor=Actor(), address=address, name="Li", proven_at=timezone.now(), **more)
    return Person.objects.get(id=made)


def last() -> Any:
    return messages(limit=1).messages[0].message


def code() -> str:
    found = re.search(r"\b\d{6}\b", last().body)
    assert found is not None, last().body
    return found[0]


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06}"


def sign_in(client: Client, address: Address = LI, **more: Any) -> Any:
    client.post(LOGIN, {"login": str(address)})
    return client.post(CODE, {"code": code()} | more)


def is_in(client: Client) -> bool:
    return client.get("/account/me").status_code == 200


# Signing up --------------------------------------------------------------------------------------------------------


def test_a_stall_holder_signs_up_with_a_phone_alone(client: Client, assert_accessible: Accessible) -> None:
    assert_accessible(client.get(SIGN_UP).content)
    client.cookies["language"] = "zh-hans"
    response = client.post(SIGN_UP, {"name": "王芳", "login": "138 0013 8000"})
    assert response.headers["Location"] == "/account/phone/code/"
    page = client.get(response.headers["Location"])
    assert "+8613800138000" in page.content.decode()
    assert_accessible(page.content)
    assert (last().channel, last().recipient, last().language) == ("sms", "+8613800138000", "zh")
    assert "请勿告诉任何人" in last().body
    assert not is_in(client)
    assert client.post("/account/phone/code/", {"code": code()}).headers["Location"] == "/"
    assert is_in(client)
    person = Person.objects.get()
    assert (person.name, person.email, person.phone, person.language) == ("王芳", None, "+8613800138000", "zh-hans")
    assert person.phone_verified_at is not None
    assert not person.has_usable_password()


def test_somebody_signs_up_with_an_email(client: Client, assert_accessible: Accessible) -> None:
    response = client.post(f"{SIGN_UP}?next=/organisations/", {"name": "Layla", "login": "Layla@Market.example"})
    assert response.headers["Location"] == "/account/email/code/"
    assert_accessible(client.get(response.headers["Location"]).content)
    assert not is_in(client)
    client.post("/account/email/code/", {"code": code()})
    assert is_in(client)
    assert Person.objects.get().email == "layla@market.example"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "login": "li@market.example"}, "This field is required"),
        ({"name": "Li", "login": ""}, "This field is required"),
        ({"name": "Li", "login": "li@market"}, "This is not an e-mail address"),
        ({"name": "Li", "login": "13800"}, "This is not a phone number"),
        ({"name": "Li", "login": "0579 8512 3456"}, "This number gets no text messages"),
    ],
)
def test_a_sign_up_that_cannot_be_is_explained(client: Client, given: dict[str, str], words: str) -> None:
    page = client.post(SIGN_UP, given)
    assert words in page.content.decode()
    assert Person.objects.count() == len(messages().messages) == 0


@pytest.mark.parametrize("address", [LI, PHONE])
def test_whether_somebody_is_signed_up_only_its_owner_learns(client: Client, address: Address) -> None:
    stranger, known = Client(), Client()
    other = "wang@market.example" if address.email else "138 0013 8001"
    first = stranger.post(SIGN_UP, {"name": "Wang", "login": other})
    register(address)
    second = known.post(SIGN_UP, {"name": "Li", "login": str(address)})
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert "is signed up already" in last().body
    assert not re.search(r"\b\d{6}\b", last().body)
    pages = [browser.get(first.headers["Location"]).content.decode() for browser in (stranger, known)]
    assert same(pages[0], pages[1], {"wang@market.example", "+8613800138001"}, {str(address)})
    refused = [browser.post(first.headers["Location"], {"code": "000000"}) for browser in (stranger, known)]
    assert refused[0].status_code == refused[1].status_code == 200
    assert Person.objects.count() == 2


def test_no_clock_tells_whether_somebody_is_signed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "SIGN_UP_S", 0.5)
    register()
    for address in (str(LI), "wang@market.example"):
        begun = time.monotonic()
        Client().post(SIGN_UP, {"name": "Somebody", "login": address})
        assert time.monotonic() - begun >= 0.5


def test_whoever_signs_up_with_anothers_address_gets_nowhere(client: Client) -> None:
    """She has no code; and who has the mailbox takes the account, of which the other knows nothing but the name."""
    thief = Client()
    thief.post(SIGN_UP, {"name": "Thief", "login": str(LI)})
    assert not is_in(thief)
    cache.clear()
    sign_in(client)
    assert is_in(client)
    assert not is_in(thief)


# Signing in --------------------------------------------------------------------------------------------------------


def test_a_person_signs_in_with_a_code(client: Client, assert_accessible: Accessible) -> None:
    person = register()
    assert_accessible(client.get(LOGIN).content)
    before = client.cookies.get("sessionid")
    response = client.post(f"{LOGIN}?next=/organisations/", {"login": " Li@Market.example "})
    assert response.headers["Location"] == f"{CODE}?next=%2Forganisations%2F"
    assert_accessible(client.get(response.headers["Location"]).content)
    halfway = client.session.session_key
    response = client.post(response.headers["Location"], {"code": f" {code()} "})
    assert response.headers["Location"] == "/organisations/"
    assert is_in(client)
    assert halfway != client.session.session_key  # nobody who knew the key before is signed in now
    assert before is None
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    entry = AuditEntry.objects.get(operation="account.sign_in")
    assert (entry.person, entry.through) == (person.id, "page")
    assert UserSession.objects.get().user_id == person.id


def test_the_cookies_of_a_real_market_travel_encrypted_only(settings: Any, client: Client) -> None:
    settings.SESSION_COOKIE_SECURE = True
    register()
    sign_in(client)
    assert client.cookies["sessionid"]["secure"] is True


def test_a_phone_signs_in_however_it_is_written(client: Client) -> None:
    register(PHONE)
    client.post(LOGIN, {"login": "0086 138-0013-8000"})
    assert last().recipient == "+8613800138000"
    client.post(CODE, {"code": code()})
    assert is_in(client)


def test_three_wrong_codes_end_a_try(client: Client) -> None:
    register()
    client.post(LOGIN, {"login": str(LI)})
    right = code()
    for _ in range(2):
        page = client.post(CODE, {"code": wrong(right)})
        assert "This code is not right" in page.content.decode()
    assert client.post(CODE, {"code": wrong(right)}).headers["Location"] == LOGIN
    assert "That was wrong too often" in client.get(LOGIN).content.decode()
    assert client.post(CODE, {"code": right}).headers["Location"] == LOGIN
    assert not is_in(client)


def test_a_code_is_good_for_ten_minutes() -> None:
    register()
    sent = time.time()
    for seconds, expected in ((601, False), (599, True)):
        browser = Client()
        browser.post(LOGIN, {"login": str(LI)})
        with patch.object(code_verification, "time", SimpleNamespace(time=lambda seconds=seconds: sent + seconds)):
            browser.post(CODE, {"code": code()})
        assert is_in(browser) is expected


def test_a_code_is_good_only_in_the_browser_that_asked_for_it(client: Client) -> None:
    register()
    client.post(LOGIN, {"login": str(LI)})
    other = Client()
    assert other.post(CODE, {"code": code()}).headers["Location"] == LOGIN
    assert not is_in(other)


def test_a_new_code_makes_the_one_before_useless(client: Client) -> None:
    register()
    client.post(LOGIN, {"login": str(LI)})
    first = code()
    client.post(CODE, {"action": "resend"})
    second = code()
    if first != second:
        client.post(CODE, {"code": first})
        assert not is_in(client)
    client.post(CODE, {"code": second})
    assert is_in(client)


def test_whoever_mistyped_her_address_starts_again(client: Client) -> None:
    register()
    client.post(LOGIN, {"login": "il@market.example"})
    assert client.get(LOGIN).headers["Location"] == CODE
    assert client.post("/account/logout/", {"next": LOGIN}).headers["Location"] == LOGIN
    sign_in(client)
    assert is_in(client)


def test_a_closed_account_is_like_none(client: Client, assert_accessible: Accessible) -> None:
    Person.objects.filter(id=register().id).update(is_active=False)
    client.post(LOGIN, {"login": str(LI)})
    assert "nobody is signed up with it" in last().body
    assert_accessible(client.get("/account/closed/").content)


@pytest.mark.parametrize(
    "away", ["https://other.example/", "//other.example", "http://localhost/", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_host(settings: Any, client: Client, away: str) -> None:
    register()
    client.post(f"{LOGIN}?next={away}", {"login": str(LI)})
    assert client.post(f"{CODE}?next={away}", {"code": code(), "next": away}).headers["Location"] == "/"
    assert client.post("/account/logout/", {"next": away}).headers["Location"] == "/"
    assert not is_in(client)


def test_a_person_finds_her_language_on_a_new_machine_and_keeps_the_one_she_chooses(client: Client) -> None:
    person = register(language="ar")
    sign_in(client)
    assert client.cookies["language"].value == "ar"
    assert 'lang="ar"' in client.get("/account/me").content.decode()
    client.post("/language", {"language": "fr"})
    assert Person.objects.get(id=person.id).language == "fr"
    client.post("/account/logout/")
    cache.clear()
    sign_in(client)
    assert client.cookies["language"].value == "fr"
    assert last().language == "fr"


def test_the_header_names_the_person_and_not_her_id(client: Client) -> None:
    person = register()
    sign_in(client)
    page = client.get("/account/me").content.decode()
    assert '<bdi class="text">Li</bdi>' in page
    assert str(person.id) not in page


def test_signing_out_ends_the_session_and_is_written_down(client: Client, assert_accessible: Accessible) -> None:
    person = register()
    sign_in(client)
    assert_accessible(client.get("/account/logout/").content)
    assert is_in(client)  # a link alone signs nobody out
    client.post("/account/logout/")
    assert not is_in(client)
    assert AuditEntry.objects.get(operation="account.sign_out").person == person.id


# Who is signed up, nobody learns -----------------------------------------------------------------------------------


def same(first: str, second: str, *names: set[str]) -> bool:
    """Whether two pages say the same but for the addresses that were typed, and the secrets of their forms."""

    def plain(page: str) -> str:
        page = re.sub(r'value="\w{64}"|&quot;\w{64}&quot;|"\w{64}"|to=[^"]+"', "", page)
        for name in set().union(*names):
            page = page.replace(name, "X")
        return page

    return plain(first) == plain(second)


@pytest.mark.parametrize(("known", "unknown"), [(LI, "wang@market.example"), (PHONE, "+8613800138001")])
def test_a_known_and_an_unknown_address_are_answered_alike(known: Address, unknown: str) -> None:
    register(known)
    pages, statements = [], []
    for address in (str(known), unknown):
        Client().post(LOGIN, {"login": "warm@market.example"})
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.post(LOGIN, {"login": address})
            shown = client.get(CODE)
            resent = client.post(CODE, {"action": "resend"})
            refused = client.post(CODE, {"code": "000000"})
        pages.append((answer.status_code, answer.headers["Location"], resent.status_code, refused.status_code))
        pages.append((shown.content.decode(), refused.content.decode()))
        statements.append(sorted(re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in asked))
    assert pages[0] == pages[2]
    for mine, other in zip(pages[1], pages[3], strict=True):
        assert same(mine, other, {str(known), unknown})
    assert statements[0] == statements[1]  # so that no clock tells either
    assert "nobody is signed up with it" in last().body


# Guesses -----------------------------------------------------------------------------------------------------------


def begun(kind: str) -> tuple[Client, str]:
    """A browser that has asked for a code, and where it is entered."""
    client = Client()
    if kind == "sign in":
        register()
        client.post(LOGIN, {"login": str(LI)})
        return client, CODE
    if kind == "another phone":
        register()
        sign_in(client)
        client.post("/account/phone/", {"phone": "13800138009"})
        return client, "/account/phone/code/"
    client.post(SIGN_UP, {"name": "Wang", "login": "13800138000" if kind == "phone" else "wang@market.example"})
    return client, f"/account/{kind}/code/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["sign in", "email", "phone", "another phone"])
def test_eight_guesses_at_once_are_three(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, path = begun(kind)
    compared: list[str] = []
    answers: list[int] = []
    start = threading.Barrier(8)

    def compare(*, actual: str, expected: str) -> bool:
        compared.append(actual)
        time.sleep(0.3)  # so that all of them have read the session before the first one writes it
        return False

    def guess() -> None:
        try:
            browser = Client()
            browser.cookies = client.cookies
            start.wait()
            answers.append(browser.post(path, {"code": "000000"}).status_code)
        finally:
            connections.close_all()

    monkeypatch.setattr(allauth_forms, "compare_user_code", compare)
    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compared) == 3
    assert answers.count(429) == 5


# Too often ---------------------------------------------------------------------------------------------------------


def test_many_tries_for_one_person_are_refused_after_four_wherever_they_come_from(
    assert_accessible: Accessible,
) -> None:
    register()
    answers = []
    for number in range(40):
        answer = Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOGIN, {"login": str(LI)})
        answers.append(answer.status_code)
    assert answers == [302] * 4 + [429] * 36
    assert Client().post(SIGN_UP, {"name": "Li", "login": str(LI)}).status_code == 429
    assert len(messages().messages) == 4
    assert_accessible(answer.content)
    assert int(answer.headers["Retry-After"]) > 0


def test_many_tries_from_one_place_are_refused_after_thirty_whoever_they_are_for() -> None:
    answers = [Client().post(LOGIN, {"login": f"{number}@market.example"}).status_code for number in range(50)]
    assert answers == [302] * 30 + [429] * 20


def test_a_limit_of_one_person_is_not_anothers(client: Client) -> None:
    register()
    for _ in range(5):
        Client().post(LOGIN, {"login": "wang@market.example"})
    sign_in(client)
    assert is_in(client)


def test_signing_up_again_at_once_is_refused_and_not_broken(client: Client) -> None:
    assert client.post(SIGN_UP, {"name": "Wang", "login": "13800138000"}).status_code == 302
    assert Client().post(SIGN_UP, {"name": "Wang", "login": "13800138000"}).status_code == 429


def test_limits_are_counted_in_the_database(settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


# The second step ---------------------------------------------------------------------------------------------------


def app_code(secret: str, later: int = 0) -> str:
    """What an authenticator app shows now, or `later` half minutes from now, by RFC 6238."""
    counted = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), counted, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def second_step(client: Client, assert_accessible: Accessible) -> str:
    """Li has an app; its key."""
    register()
    sign_in(client)
    assert_accessible(client.get("/account/second-step/").content)
    page = client.get("/account/second-step/app/")
    assert_accessible(page.content)
    assert b'src="data:image/svg+xml;base64,' in page.content
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    found = re.search(r'<code dir="ltr">([A-Z2-7]+)</code>', page.content.decode())
    assert found is not None
    assert b"Look at the one that your app shows now" in (
        client.post("/account/second-step/app/", {"code": wrong(app_code(found[1]))}).content
    )
    response = client.post("/account/second-step/app/", {"code": app_code(found[1])})
    assert response.headers["Location"] == "/account/second-step/recovery/"
    client.post("/account/logout/")
    cache.clear()
    return found[1]


def test_with_a_second_step_a_code_by_mail_is_not_enough(
    client: Client, second_step: str, assert_accessible: Accessible
) -> None:
    assert sign_in(client).headers["Location"] == "/account/second-step/code/"
    assert not is_in(client)
    page = client.get("/account/second-step/code/")
    assert_accessible(page.content)
    assert b"This code is not right" in client.post("/account/second-step/code/", {"code": "000000"}).content
    assert not is_in(client)
    client.post("/account/second-step/code/", {"code": app_code(second_step)})
    assert is_in(client)


def test_the_second_step_is_not_guessed(client: Client, second_step: str) -> None:
    sign_in(client)
    answers = [client.post("/account/second-step/code/", {"code": "000000"}).content for _ in range(7)]
    assert b"That was wrong too often" in answers[-1]
    assert (
        b"That was wrong too often"
        in client.post("/account/second-step/code/", {"code": app_code(second_step)}).content
    )
    assert not is_in(client)


def test_a_recovery_code_signs_in_once(client: Client, second_step: str, assert_accessible: Accessible) -> None:
    sign_in(client)
    client.post("/account/second-step/code/", {"code": app_code(second_step)})
    again = client.get("/account/second-step/recovery/")
    assert again.headers["Location"].startswith("/account/second-step/again/")
    assert_accessible(client.get(again.headers["Location"]).content)
    shown = client.post(again.headers["Location"], {"code": app_code(second_step, later=1)}, follow=True)
    assert_accessible(shown.content)
    codes = re.findall(r"<li><code>(\w+)</code>", shown.content.decode())
    assert len(codes) == 10
    saved = client.get("/account/second-step/recovery/file/")
    assert saved.content.decode().split() == codes
    for expected in (True, False):
        cache.clear()
        browser = Client()
        sign_in(browser)
        browser.post("/account/second-step/code/", {"code": codes[0]})
        assert is_in(browser) is expected


def test_whoever_finds_an_open_session_does_not_change_where_codes_go(client: Client, second_step: str) -> None:
    sign_in(client)
    client.post("/account/second-step/code/", {"code": app_code(second_step)})
    before = last().id
    for path, given in (
        ("email", {"email": "thief@market.example", "action_add": "1"}),
        ("phone", {"phone": "13800138007"}),
    ):
        asked = client.post(f"/account/{path}/", given)
        assert asked.headers["Location"].startswith("/account/second-step/again/")
    assert last().id == before
    client.post(asked.headers["Location"], {"code": app_code(second_step, later=1)})
    assert last().recipient == "+8613800138007"  # what was asked for goes on


def test_an_app_is_removed_only_by_who_has_it(client: Client, second_step: str, assert_accessible: Accessible) -> None:
    sign_in(client)
    client.post("/account/second-step/code/", {"code": app_code(second_step)})
    response = client.post("/account/second-step/app/remove/")
    assert response.headers["Location"].startswith("/account/second-step/again/")
    client.post("/account/second-step/again/", {"code": app_code(second_step, later=1)})
    assert_accessible(client.get("/account/second-step/app/remove/").content)
    assert_accessible(client.get("/account/second-step/recovery/new/").content)
    client.post("/account/second-step/app/remove/")
    assert "no longer needs a code of your authenticator app" in last().body
    cache.clear()
    browser = Client()
    sign_in(browser)
    assert is_in(browser)


def told() -> list[tuple[str, str]]:
    """What the audit log tells, the oldest first, but for who came and went."""
    entries = AuditEntry.objects.exclude(operation__in=("account.sign_in", "account.sign_out")).order_by("id")
    return [(entry.operation, entry.outcome) for entry in entries if entry.operation.startswith("account.")]


@pytest.mark.django_db(transaction=True)  # allauth tells some of it once it is committed
def test_what_changes_a_persons_sign_in_is_written_down(client: Client, second_step: str) -> None:
    assert told() == [("account.second_step.add", "done")]
    client.post(LOGIN, {"login": str(LI)})
    client.post(CODE, {"code": wrong(code())})
    client.post(CODE, {"code": code()})
    client.post("/account/second-step/code/", {"code": "000000"})
    client.post("/account/second-step/code/", {"code": app_code(second_step)})
    assert told()[1:] == [("account.code", "failed")] * 2
    again = client.post("/account/phone/", {"phone": "13800138009"}).headers["Location"]
    client.post(again, {"code": "000000"})
    client.post(again, {"code": app_code(second_step, later=1)})
    client.post("/account/phone/code/", {"code": wrong(code())})
    client.post("/account/phone/code/", {"code": code()})
    assert told()[3:] == [("account.code", "failed")] * 2 + [("account.phone.change", "done")]
    client.post("/account/email/", {"email": "hua@market.example", "action_add": "1"})
    client.post("/account/email/code/", {"code": wrong(code())})
    client.post("/account/email/code/", {"code": code()})
    assert told()[6:] == [("account.code", "failed"), ("account.email.change", "done")]
    client.post("/account/second-step/app/remove/")
    assert told()[8:] == [("account.second_step.remove", "done")]
    person = Person.objects.get()
    entries = AuditEntry.objects.filter(operation__startswith="account.").exclude(operation="account.code")
    assert {(entry.person, entry.object_id) for entry in entries} == {(person.id, str(person.id))}
    assert [entry.details for entry in entries.filter(operation="account.phone.change")] == [
        {"contact": "+86138***8009"}
    ]


# Another address ---------------------------------------------------------------------------------------------------


def test_an_email_takes_the_place_of_the_one_before_once_it_is_confirmed(
    client: Client, assert_accessible: Accessible
) -> None:
    person = register()
    sign_in(client)
    assert_accessible(client.get("/account/email/").content)
    assert b"This is not an e-mail address" in (
        client.post("/account/email/", {"email": "13800138000", "action_add": "1"}).content
    )
    client.post("/account/email/", {"email": "Li.Hua@market.example", "action_add": "1"})
    assert last().recipient == "li.hua@market.example"
    assert Person.objects.get(id=person.id).email == "li@market.example"
    new = code()
    assert_accessible(client.get("/account/email/code/").content)
    client.post("/account/email/code/", {"code": new})
    assert Person.objects.get(id=person.id).email == "li.hua@market.example"
    assert (last().recipient, "with another e-mail address now" in last().body) == ("li@market.example", True)
    for address, expected in (("li@market.example", False), ("li.hua@market.example", True)):
        cache.clear()
        browser = Client()
        browser.post(LOGIN, {"login": address})
        assert bool(re.search(r"\b\d{6}\b", last().body)) is expected


def test_anothers_email_is_not_to_be_had_and_nobody_learns_that_it_is_there(client: Client) -> None:
    register()
    register(Address(email="wang@market.example"))
    sign_in(client)
    answers = [
        client.post("/account/email/", {"email": email, "action_add": "1"})
        for email in ("wang@market.example", "chen@market.example")
    ]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1


def test_a_person_without_email_adds_one(client: Client) -> None:
    person = register(PHONE)
    sign_in(client, PHONE)
    assert is_in(client)
    client.post("/account/email/", {"email": "fang@market.example", "action_add": "1"})
    client.post("/account/email/code/", {"code": code()})
    shown = queries.person(person.id)
    assert shown is not None
    assert (shown.email, shown.phone) == ("fang@market.example", PHONE.phone)


def test_a_phone_takes_the_place_of_the_one_before_once_it_is_confirmed(
    client: Client, assert_accessible: Accessible
) -> None:
    person = register(PHONE)
    sign_in(client, PHONE)
    cache.clear()
    assert_accessible(client.get("/account/phone/").content)
    client.post("/account/phone/", {"phone": "138 0013 8009"})
    assert last().recipient == "+8613800138009"
    assert Person.objects.get(id=person.id).phone == PHONE.phone
    assert_accessible(client.get("/account/phone/code/").content)
    client.post("/account/phone/code/", {"code": code()})
    assert Person.objects.get(id=person.id).phone == "+8613800138009"
    assert (last().recipient, "is another one now" in last().body) == (PHONE.phone, True)
    assert client.post("/account/phone/", {"phone": "13800138008"}).status_code == 302
    assert client.post("/account/phone/", {"phone": "13800138008"}).status_code == 429


def test_nobody_loses_the_only_address_by_which_she_signs_in(client: Client) -> None:
    register()
    sign_in(client)
    client.post("/account/email/", {"email": "li@market.example", "action_remove": "1"})
    assert Person.objects.get().email == "li@market.example"


def test_who_has_a_phone_takes_her_email_away_and_its_owner_is_told(client: Client) -> None:
    person = register(Address(email=LI.email, phone=None))
    Person.objects.filter(id=person.id).update(phone=PHONE.phone, phone_verified_at=person.created_at)
    sign_in(client)
    answer = client.post("/account/email/", {"email": LI.email, "action_remove": "1"})
    assert answer.status_code == 302
    assert Person.objects.get().email is None
    assert (last().recipient, "no longer with this e-mail address" in last().body) == (LI.email, True)
    assert told() == [("account.email.remove", "done")]
    assert client.get("/account/email/").status_code == 200


# What there is, and what there is not ------------------------------------------------------------------------------


def names(patterns: Any) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return found


def test_of_allauth_there_is_no_more_than_is_listed() -> None:
    here = names(get_resolver().url_patterns)
    listed = {pattern.name for pattern in account.urlpatterns}
    assert here & names(all_of_allauth.urlpatterns) == listed - {"sample_sign_in"}
    assert not {name for name in here if "password" in name}


@pytest.mark.parametrize(
    "path", ["password/reset/", "password/change/", "password/set/", "reauthenticate/", "sessions/"]
)
def test_there_is_no_page_for_passwords(client: Client, path: str) -> None:
    register()
    assert client.get(f"/account/{path}").status_code == 404
    sign_in(client)
    assert client.get(f"/account/{path}").status_code == 404


@pytest.mark.parametrize("path", [LOGIN, SIGN_UP, "/account/email/", "/account/phone/", "/account/second-step/"])
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"login": str(LI), "name": "Li"}).status_code in (302, 403)
    assert messages().messages == []


@pytest.mark.parametrize("language", ["zh-hans", "ar", "es", "fr", "ru"])
def test_the_pages_are_there_in_every_language(client: Client, language: str, assert_accessible: Accessible) -> None:
    client.cookies["language"] = language
    for path in (LOGIN, SIGN_UP):
        page = client.get(path)
        assert f'lang="{language}"' in page.content.decode()
        assert_accessible(page.content)


# Sample people -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sample() -> None:
    from django.utils import timezone

    from sundry.simulation import sample_market

    sample_market.load(now=timezone.now())


def test_a_sample_market_lets_anybody_be_one_of_its_people(sample: None, client: Client) -> None:
    page = client.get(f"{LOGIN}?next=/organisations/").content.decode()
    assert page.count('name="person"') == 20
    response = client.post("/sample/sign-in", {"person": "agent", "next": "/organisations/"})
    assert response.headers["Location"] == "/organisations/"
    assert "Evergreen Trade" in client.get("/organisations/").content.decode()
    operations = set(AuditEntry.objects.filter(through="page").values_list("operation", flat=True))
    assert operations == {"account.sign_in.sample", "account.sign_in"}
    client.post("/sample/sign-in", {"person": "stall"})
    assert "Wang's Toys" in client.get("/organisations/").content.decode().replace("&#x27;", "'")
    assert client.post("/sample/sign-in", {"person": "nobody"}).status_code == 404
    assert client.get("/sample/sign-in").status_code == 405


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"market": "real"},
        {"outbox": "smtp", "smtp_url": "smtp://mail.example"},
        {"database_url": "postgres://other/market"},
    ],
)
def test_elsewhere_a_sample_person_is_nobody(
    sample: None, settings: Any, client: Client, elsewhere: dict[str, str]
) -> None:
    import dataclasses

    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, **elsewhere)
    assert b'name="person"' not in client.get(LOGIN).content
    assert client.post("/sample/sign-in", {"person": "agent"}).status_code == 404
    assert not is_in(client)
