"""What somebody tries who means harm: forged forms, false hosts, foreign addresses, bodies without end."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import path

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, VISITOR, Kind, Operation, Owner, Position, role_of
from sundry.goods.shipping.models import ShippingJob
from sundry.web import middleware
from sundry.web.access_matrix import Route, all_routes
from sundry.web.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401 - Django's
from sundry.web.urls import urlpatterns as own

pytestmark = pytest.mark.django_db

CHIEF = role_of(Kind.AGENT, Position.ADMINISTRATOR)
EVIL = "evil.example"


@guarded(Operation("test.broken", own=EVERYBODY))
def broken(_request: Any) -> Any:
    raise ZeroDivisionError("a secret of ours")


urlpatterns = [path("broken", broken), *own]


def plain(routes: list[Route]) -> Iterator[Route]:
    """Pages that name no thing."""
    return (route for route in routes if not route.parameters and not route.is_api)


# Forged requests ----------------------------------------------------------------------------------------------------


def test_no_page_takes_a_form_that_none_of_our_pages_made(sign_in: Any, make_job: Any) -> None:
    member = sign_in(CHIEF, enforce_csrf_checks=True)
    job = make_job("planned", owner=Owner(member.person, member.organisation))
    values = {"organisation": member.organisation, "job": job.key, "membership": member.membership}
    tried = 0
    for route in all_routes():
        if route.is_api or not set(route.parameters) <= set(values):
            continue
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route.address)
        for sent in ({}, {"csrfmiddlewaretoken": "a" * 64}):
            answer = member.client.post(address, sent)
            no_cookie_opens_it = address == "/mcp/"  # only a token does, which no browser sends by itself
            assert answer.status_code == (401 if no_cookie_opens_it else 403), address
            tried += 1
    assert tried > 60


def test_a_session_writes_by_the_api_only_with_the_word_of_our_pages(sign_in: Any) -> None:
    member = sign_in(CHIEF, enforce_csrf_checks=True)
    address = f"/api/organisations/{member.organisation}/invitations"

    def send(**headers: str) -> Any:
        return member.client.post(address, {"address": "wang@example.com"}, "application/json", headers=headers)

    for headers in ({}, {"x-csrftoken": "a" * 64}):
        answer = send(**headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "api_csrf")
    page = member.client.get("/tokens/new").content.decode()
    word = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert word is not None
    assert send(**{"x-csrftoken": word[1]}).status_code == 201


def test_a_token_needs_no_such_word_for_no_browser_sends_it_by_itself(sign_in: Any, bearer: Any) -> None:
    member = sign_in(CHIEF)
    program = bearer(member, "parties.membership.change")
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.defaults["HTTP_AUTHORIZATION"] = program.defaults["HTTP_AUTHORIZATION"]
    address = f"/api/organisations/{member.organisation}/invitations"
    assert strict.post(address, {"address": "wang@example.com"}, "application/json").status_code == 201


def test_the_api_answers_no_page_of_another_place(sign_in: Any) -> None:
    answer = sign_in(CHIEF).client.get("/api/me", headers={"origin": f"https://{EVIL}"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


# Leading away -------------------------------------------------------------------------------------------------------

AWAY = [
    f"https://{EVIL}",
    f"//{EVIL}/",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"https:{EVIL}",
    f"https:///{EVIL}",
    f"\thttps://{EVIL}",
    f"/%09/{EVIL}",
    f"http://localhost@{EVIL}/",
    f"http://localhost.{EVIL}/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    f"/\r\nLocation: https://{EVIL}",
]


@pytest.mark.parametrize("away", AWAY)
def test_no_next_leads_away(sign_in: Any, away: str) -> None:
    client = sign_in(CHIEF).client
    visitor = sign_in(VISITOR).client
    for somebody in (client, visitor):
        for address in ("/language", "/acting-for", "/account/logout/", "/account/login/", "/account/signup/"):
            for answer in (
                somebody.post(address, {"next": away, "language": "en", "organisation": "", "login": "li@example.com"}),
                somebody.get(address, {"next": away}),
            ):
                place = urlsplit(answer.headers.get("Location", ""))
                assert not place.netloc, (address, answer.headers["Location"])
                assert not place.scheme, (address, answer.headers["Location"])
                assert "\\" not in place.path
                assert "\r" not in answer.headers.get("Location", "")
        somebody.force_login(_person(client))


def _person(client: Client) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.latest("id")


def test_a_visitor_is_led_back_to_where_she_was_and_nowhere_else(sign_in: Any) -> None:
    answer = sign_in(VISITOR).client.get(f"/tokens/?next=https://{EVIL}")
    assert answer.headers["Location"] == f"/account/login/?next=%2Ftokens%2F%3Fnext%3Dhttps%3A%2F%2F{EVIL}"
    answer = sign_in(VISITOR).client.get("/", PATH_INFO=f"//{EVIL}/tokens/")
    assert answer.status_code == 404


# Names of the market ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", f"localhost:80@{EVIL}", "localhost/", ""]
)
@pytest.mark.parametrize("address", ["/", "/health", "/api/me", "/nothing", "/tokens/"])
def test_the_market_answers_to_its_own_names_only(host: str, address: str) -> None:
    answer = Client(headers={"host": host}).get(address)
    assert answer.status_code == 400
    assert EVIL not in answer.content.decode()


def test_what_a_header_says_of_the_host_is_not_believed(sign_in: Any) -> None:
    headers = {"x-forwarded-host": EVIL, "x-forwarded-proto": "https", "forwarded": f"host={EVIL}", "x-host": EVIL}
    answer = sign_in(VISITOR).client.get("/tokens/", headers=headers)
    assert answer.status_code == 302
    assert EVIL not in str(answer.headers)
    codes = Client(headers={"host": "localhost"}).post(
        "/api/devices", {"name": "a", "scopes": ["a"]}, "application/json", headers=headers
    )
    assert EVIL not in codes.content.decode()
    assert codes.json()["verification_uri"].startswith(settings.SUNDRY.address)


# Methods ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["DELETE", "HEAD", "X" * 50])
def test_a_method_that_a_page_does_not_know_does_nothing(sign_in: Any, method: str) -> None:
    client = sign_in(CHIEF).client
    before = ShippingJob.objects.count()
    for route in plain(all_routes()):
        answer = client.generic(method, f"/{route.address}")
        assert answer.status_code < 500, route.address
    assert ShippingJob.objects.count() == before
    assert client.get("/tokens/").status_code == 200, "still signed in"


def test_a_header_does_not_make_another_method_of_a_request(sign_in: Any) -> None:
    client = sign_in(CHIEF).client
    headers = {"x-http-method-override": "DELETE", "x-method-override": "DELETE", "x-http-method": "DELETE"}
    assert client.post("/tokens/?_method=DELETE", {"_method": "DELETE"}, headers=headers).status_code == 405
    assert client.post("/api/me", headers=headers).status_code == 405


# Names of files -----------------------------------------------------------------------------------------------------

UPWARDS = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/secret-key",
    "..%5c..%5csecret-key",
    "%252e%252e%252fsecret-key",
    "....//....//secret-key",
    "%2fetc%2fpasswd",
    "book%2forders.xlsx",
    ".",
    "%00",
    "invoice.pdf%00.txt",
]


@pytest.mark.parametrize("name", UPWARDS)
def test_no_name_of_a_file_leads_out_of_its_folder(sign_in: Any, make_job: Any, name: str) -> None:
    member = sign_in(CHIEF)
    job = make_job("planned", owner=Owner(member.person, member.organisation))
    for address in (f"/ship/{job.key}/files/{name}", f"/api/shipments/{job.key}/files/{name}", f"/static/{name}"):
        answer = member.client.get(address)
        assert answer.status_code in (400, 404), address
        assert b"root:" not in answer.content


@pytest.mark.parametrize(
    "name",
    [
        "../../../escaped.xlsx",
        "..\\..\\escaped.xlsx",
        "/etc/escaped.xlsx",
        "a\r\nSet-Cookie: evil=1.xlsx",
        'a"; filename="evil.html',
        "\u202excod.xlsx",
        "CON.xlsx",
        "." * 300 + ".xlsx",
        "",
    ],
)
def test_the_name_of_an_upload_is_no_path_and_no_header(sign_in: Any, files: Path, name: str) -> None:
    client = sign_in(CHIEF).client
    book = SimpleUploadedFile("a.csv", "货号,箱数\nA,1\n".encode())
    book._name = name  # type: ignore[attr-defined]  # Django cleans it where it is set by the right door
    answer = client.post("/ship/new", {"book": book, "currency": "CNY", "day": "2026-04-20"})
    assert answer.status_code in (302, 413, 422)
    assert "evil" not in str(answer.headers).lower()
    outside = [file for file in files.parent.rglob("*escaped*") if files not in file.parents]
    assert not outside
    for job in ShippingJob.objects.all():
        assert "/" not in job.file_name
        assert "\r" not in job.file_name


# Bodies -------------------------------------------------------------------------------------------------------------


class Unreadable:
    """A body that must not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("address", "kind", "length", "status"),
    [
        ("/language", "application/x-www-form-urlencoded", 5_000_001, 413),
        ("/language", "multipart/form-data; boundary=x", 21_000_001, 413),
        ("/organisations/new", "text/plain", int("9" * 4_000), 413),
        ("/api/devices", "application/json", 5_000_001, 413),
        ("/api/shipments", "multipart/form-data; boundary=x", 21_000_001, 413),
        ("/nothing", "application/json", 10**12, 404),
    ],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    sign_in: Any, address: str, kind: str, length: int, status: int
) -> None:
    client = sign_in(CHIEF, enforce_csrf_checks=True).client
    answer = client.generic("POST", address, b"", kind, **{"CONTENT_LENGTH": str(length), "wsgi.input": Unreadable()})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json" if "api" in address else "text/html")
    if status == 413:
        assert re.search(r"\b(5|20)\b", answer.content.decode())


def test_the_limit_itself_is_not_too_large(sign_in: Any) -> None:
    body = b'{"name": "' + b"a" * (5_000_000 - 30) + b'", "scopes": ["a"]}'
    answer = sign_in(VISITOR).client.post("/api/devices", body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize("length", ["-1", "abc", "5_000_001", "５０００００１", "1e9", " ", "0x10"])
def test_a_length_that_is_none_is_not_guessed(sign_in: Any, length: str) -> None:
    client = sign_in(VISITOR).client
    for address in ("/api/devices", "/language"):
        answer = client.generic("POST", address, b"{}", "application/json", CONTENT_LENGTH=length)
        assert answer.status_code == 400, address


def test_a_form_has_so_many_fields_and_no_more(sign_in: Any) -> None:
    client = sign_in(CHIEF).client
    for sent in ({f"f{number}": "" for number in range(1_001)}, {"a": "b" * 4_999_000, "c": "d" * 500}):
        answer = client.post("/acting-for", sent)
        assert answer.status_code in (302, 400, 413)
    files = {f"f{number}": SimpleUploadedFile("a.csv", b"a") for number in range(101)}
    assert client.post("/acting-for", files).status_code == 400


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 5000}",
        "multipart/form-data; boundary=\u00e9",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded; charset=nonsense",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/json; charset=utf-7",
        "text/xml",
        "application/x-java-serialized-object",
        "",
        ";;;",
        "a/b" * 500,
    ],
)
def test_a_kind_of_content_that_nobody_knows_breaks_nothing(sign_in: Any, kind: str) -> None:
    client = sign_in(CHIEF).client
    for address in (
        "/language",
        "/organisations/new",
        "/ship/new",
        "/account/login/",
        "/api/devices",
        "/api/shipments",
    ):
        answer = client.generic("POST", address, b"a=b&c=%ff%00", kind)
        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "header",
    [
        {"accept-language": "a" * 100_000},
        {"accept-language": ";q=;q=,*;q=9e999"},
        {"accept": "\u00e9"},
        {"cookie": "sessionid=" + "a" * 5_000},
        {"cookie": "sessionid=\x00; language=../../etc"},
        {"cookie": "language=xx; csrftoken=short"},
        {"authorization": "Bearer " + "a" * 100_000},
        {"authorization": "Bearer \u00e9"},
        {"authorization": "Bearer a\x00b"},
        {"idempotency-key": "a\x00b"},
        {"if-none-match": "\u00e9"},
        {"if-modified-since": "yesterday"},
        {"range": "bytes=0-,-1,9999999999999-"},
        {"hx-request": "true", "hx-current-url": "http://[", "hx-target": "<script>"},
        {"x-forwarded-for": "not an address, \x00"},
        {"referer": "http://["},
    ],
    ids=str,
)
def test_a_header_that_makes_no_sense_breaks_nothing(sign_in: Any, header: dict[str, str]) -> None:
    client = sign_in(CHIEF).client
    for method, address in (("GET", "/"), ("GET", "/api/me"), ("POST", "/language"), ("POST", "/api/devices")):
        answer = client.generic(method, address, b"{}", "application/json", headers=header)
        assert answer.status_code < 500, address
        assert "<script>" not in answer.headers.get("Location", "")


# A thousand ---------------------------------------------------------------------------------------------------------


def test_of_a_thousand_requests_a_visitor_gets_what_the_limit_allows(sign_in: Any) -> None:
    client = sign_in(VISITOR).client
    answers = [client.get("/api/me").status_code for _ in range(1_000)]
    assert set(answers) == {401, 429}
    windows = 1 + answers[middleware.API_OF_VISITOR_MAX :].count(401) // middleware.API_OF_VISITOR_MAX
    assert answers.count(401) <= middleware.API_OF_VISITOR_MAX * (windows + 1)
    assert answers[: middleware.API_OF_VISITOR_MAX] == [401] * middleware.API_OF_VISITOR_MAX


# What every answer says ---------------------------------------------------------------------------------------------


@pytest.mark.urls(__name__)
def test_every_kind_of_answer_has_the_policy_and_tells_no_secret(sign_in: Any, make_job: Any) -> None:
    member = sign_in(CHIEF, raise_request_exception=False)
    visitor = sign_in(VISITOR, raise_request_exception=False, enforce_csrf_checks=True).client
    job = make_job("planned", owner=Owner(member.person, member.organisation))
    answers = {
        "page": member.client.get("/tokens/"),
        "form that is wrong": member.client.post("/tokens/new", {}),
        "visitor's page": visitor.get("/"),
        "redirect": visitor.get("/tokens/"),
        "forbidden": sign_in(role_of(Kind.AGENT, Position.MEMBER)).client.get("/audit/"),
        "not found": member.client.get("/nothing"),
        "another's": member.client.get(f"/organisations/{uuid.uuid4()}/"),
        "method": member.client.get("/acting-for"),
        "forged": visitor.post("/language", {}),
        "false host": member.client.get("/", headers={"host": EVIL}),
        "too large": member.client.generic("POST", "/language", b"", "a/b", CONTENT_LENGTH="6000000"),
        "nul": member.client.get("/?a=%00"),
        "broken": member.client.get("/broken"),
        "api": member.client.get("/api/me"),
        "api refused": visitor.get("/api/me"),
        "api unknown": visitor.get("/api/nothing"),
        "document": visitor.get("/api/openapi.json"),
        "file": member.client.get(f"/ship/{job.key}/files/invoice.pdf"),
        "all files": member.client.get(f"/ship/{job.key}/files/all.zip"),
        "export": member.client.get("/audit/export.csv"),
        "style sheet": visitor.get("/static/sundry/sundry.css"),
        "picture": visitor.get("/static/sundry/icons.svg"),
        "missing style sheet": visitor.get("/static/sundry/nothing.css"),
        "health": visitor.get("/health"),
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses["broken"] == 500
    assert statuses["style sheet"] == statuses["file"] == statuses["export"] == 200
    for name, answer in answers.items():
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy or "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "http" not in policy, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["Referrer-Policy"] == "same-origin", name
        assert b"a secret of ours" not in content, name
        assert b"Traceback" not in content, name
        assert "Server" not in answer.headers, name


def test_a_file_is_taken_and_not_shown(sign_in: Any, make_job: Any) -> None:
    """A paper that somebody made of a stranger's book is no page of the market."""
    member = sign_in(CHIEF)
    job = make_job("planned", owner=Owner(member.person, member.organisation))
    page = member.client.get(f"/ship/{job.key}/files/").content.decode()
    names = sorted(set(re.findall(rf"/ship/{job.key}/files/([^\"]+)\"", page)))
    assert len(names) > 3
    for name in names:
        answer = member.client.get(f"/ship/{job.key}/files/{name}")
        b"".join(answer.streaming_content)
        assert answer.headers["Content-Disposition"].startswith("attachment"), name


def test_no_cookie_is_read_by_a_script_or_sent_from_elsewhere(sign_in: Any) -> None:
    member = sign_in(CHIEF)
    member.client.get("/tokens/new")
    member.client.post("/language", {"language": "fr"})
    cookies = member.client.cookies
    assert {"sessionid", "csrftoken", "language"} <= set(cookies)
    assert cookies["sessionid"]["httponly"]
    assert {cookies[name]["samesite"] for name in ("csrftoken", "language")} == {"Lax"}
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert not cookies["csrftoken"]["domain"]


def test_a_market_behind_https_sends_its_cookies_by_nothing_else(sign_in: Any, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    member = sign_in(CHIEF)
    member.client.get("/tokens/new", secure=True)
    member.client.post("/language", {"language": "fr"}, secure=True)
    assert all(member.client.cookies[name]["secure"] for name in ("csrftoken", "language"))
