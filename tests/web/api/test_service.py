"""The operations that there are, and bodies that the database can hold."""

from __future__ import annotations

from typing import Any

import pytest

from sundry.base.access.rules import VISITOR
from sundry.web.api.service import routes, scopes, urlpatterns


def test_every_operation_stands_once_with_its_method() -> None:
    found = [(route.method, route.path) for route in routes(urlpatterns())]
    assert len(set(found)) == len(found)
    assert ("POST", "devices/token") in found
    assert "" not in [path for _, path in found], "django-ninja's own front page is not ours"


def test_a_token_cannot_be_made_for_making_tokens() -> None:
    names = [operation.name for operation in scopes()]
    assert names == sorted(set(names))
    assert not [name for name in names if name.startswith("access.")]
    assert "parties.me" not in names, "every token may ask whose it is"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (r'{"name": "a\u0000", "scopes": ["a"]}', 400),
        (r'{"name": "a\\\u0000", "scopes": ["a"]}', 400),
        (r'{"name": "a\\u0000", "scopes": ["a"]}', 201),  # six letters after a backslash
        (r'{"name": "\ud800", "scopes": ["a"]}', 400),
        (r'{"name": "\ud83d\ude00", "scopes": ["a"]}', 201),
        ("\ufeff{}", 422),
        ("[" * 100_000, 400),
        ("{}", 422),
        ("", 422),
        ("null", 422),
    ],
)
def test_a_body_holds_what_the_database_can_hold(sign_in: Any, body: str, status: int) -> None:
    answer = sign_in(VISITOR).client.post("/api/devices", body, content_type="application/json")
    assert answer.status_code == status
    assert status == 201 or answer.json()["error"]["code"] in ("api_bad_request", "api_validation")
