"""Every no of the API has one shape, a code that is documented, and words in six languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import HttpRequest
from django.test import Client, RequestFactory
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from pydantic import Field

from sundry.base.access.endpoints import Fault
from sundry.kernel.messages import LANGUAGES, catalogue
from sundry.web.api import faults

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def error(answer: Any) -> Any:
    assert answer.headers["Content-Type"].startswith("application/json")
    assert set(answer.json()) == {"error"}
    found = answer.json()["error"]
    assert {"code", "message", "details"} <= set(found) <= {"code", "message", "details", "field"}
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "sent", "status", "code"),
    [
        ("get", "/api/nothing/here", {}, 404, "access_not_found"),
        ("get", "/api/../etc/passwd", {}, 404, "access_not_found"),
        ("get", "/api/devices", {}, 405, "api_method"),
        ("delete", "/api/me", {}, 405, "api_method"),
        ("get", "/api/me", {}, 401, "access_sign_in"),
        ("post", "/api/devices", {"data": "{", "content_type": "application/json"}, 400, "api_bad_request"),
        ("post", "/api/devices", {"data": "x", "content_type": "text/plain"}, 415, "api_media_type"),
        ("post", "/api/devices", {"data": "{}", "content_type": "application/json"}, 422, "api_validation"),
        ("post", "/api/devices", {"data": "x" * 5_000_001, "content_type": "application/json"}, 413, "api_too_large"),
        ("get", "/api/me", {"headers": {"host": "evil.example"}}, 400, "api_bad_request"),
    ],
)
def test_a_no_has_one_shape(
    client: Client, method: str, address: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = getattr(client, method)(address, **sent)
    assert (answer.status_code, error(answer)["code"]) == (status, code)
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.django_db
def test_the_message_is_in_the_readers_language(client: Client) -> None:
    asked = {"zh": "zh-CN", "en": "en-GB", "ar": "ar", "es": "es-MX", "fr": "fr;q=0.9", "ru": "ru"}
    for address in ("/api/me", "/api/nothing"):
        said = {
            language: error(client.get(address, headers={"accept-language": header}))["message"]
            for language, header in asked.items()
        }
        code = "access_sign_in" if address == "/api/me" else "access_not_found"
        assert said == catalogue()[code]
        assert set(said) == set(LANGUAGES)


@pytest.mark.django_db
def test_which_methods_there_are_is_told(client: Client) -> None:
    assert client.get("/api/devices").headers["Allow"] == "POST"


def test_a_fault_of_one_value_names_it_in_its_message_and_beside_its_details() -> None:
    request = RequestFactory().get("/api/x")
    told = json.loads(faults.said(request, Fault(422, "value_too_large", field="count", limit=9)).content)["error"]
    assert told["message"] == "count is too large; the limit is 9."
    assert (told["field"], told["details"]) == ("count", {"limit": 9})


class Example(Schema):
    name: str = Field(min_length=2, max_length=3)
    count: int = Field(ge=1, lt=10)
    inner: dict[str, int] = {}


def invalid(body: Any) -> list[dict[str, Any]]:
    """What is said of `body` where an Example is wanted."""
    api = NinjaAPI(urls_namespace=f"faults_{id(body)}")

    @api.post("/example")
    def example(request: HttpRequest, wanted: Example) -> None: ...

    endpoint = api._get_bound_routers()[0].path_operations["/example"].operations[0]
    request = RequestFactory().post("/example", json.dumps(body), content_type="application/json")
    with pytest.raises(ValidationError) as fault:
        endpoint._get_values(request, {}, None)
    said = json.loads(faults._invalid(request, fault.value).content)["error"]
    assert said["code"] == "api_validation"
    assert said["field"] == said["details"]["fields"][0]["field"]
    found: list[dict[str, Any]] = said["details"]["fields"]
    return found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("name", "value_missing"), ("count", "value_missing")]),
        ({"name": "a", "count": 0}, [("name", "value_too_short"), ("count", "value_too_small")]),
        ({"name": "abcd", "count": 10}, [("name", "value_too_long"), ("count", "value_too_large")]),
        ({"name": 5, "count": "x"}, [("name", "value_text"), ("count", "value_integer")]),
        ({"name": "ab", "count": 1, "inner": {"x": "y"}}, [("inner.x", "value_integer")]),
        ("text", [("name", "value_missing"), ("count", "value_invalid")]),  # pydantic finds str.count
    ],
)
def test_all_wrong_values_are_told_at_once(body: Any, found: list[tuple[str, str]]) -> None:
    assert [(one["field"], one["code"]) for one in invalid(body)] == found


def test_a_limit_that_is_broken_is_told() -> None:
    (one,) = invalid({"name": "ab", "count": 10})
    assert one["limit"] == 10
    assert one["message"] == "count is too large; the limit is 10."


def test_what_is_wrong_with_a_value_is_said_in_our_words() -> None:
    written = yaml.safe_load((files("sundry.messages") / "api.yaml").read_text("utf-8"))
    assert set(faults._FIELDS.values()) | {"value_invalid"} == {rule for rule in written if rule.startswith("value_")}


def test_every_code_is_documented() -> None:
    """docs/api.md holds one row a code, and no code that is not ours."""
    documented = set(re.findall(r"^\| `([a-z0-9_]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE))
    written = yaml.safe_load((files("sundry.messages") / "api.yaml").read_text("utf-8"))
    own = {rule for rule in written if not rule.startswith("scope_")} | {"too_many", *faults.CODES.values()}
    assert own <= documented
    assert documented <= set(catalogue())
