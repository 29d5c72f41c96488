"""What a person, and a program that makes its own client, read of the API."""

from __future__ import annotations

from typing import Any

import pytest

from sundry.base.access.rules import VISITOR
from sundry.web.api.service import routes, urlpatterns

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_operation_with_a_call(sign_in: Any, assert_accessible: Any) -> None:
    answer = sign_in(VISITOR).client.get("/api/")
    page = answer.content.decode()
    for route in routes(urlpatterns()):
        assert route.operation is not None
        assert route.operation.name in page
        assert route.endpoint.summary in page
    assert page.count("curl ") >= len(list(routes(urlpatterns())))
    assert_accessible(page)


@pytest.mark.parametrize("language", ["zh-hans", "ar", "es", "fr", "ru"])
def test_the_page_is_there_in_every_language(sign_in: Any, language: str) -> None:
    answer = sign_in(VISITOR).client.get("/api/", headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


def test_the_document_may_be_read_by_any_page(sign_in: Any) -> None:
    answer = sign_in(VISITOR).client.get("/api/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/json"


def test_the_document_makes_no_link_to_a_page_of_somebody_else(sign_in: Any) -> None:
    page = sign_in(VISITOR).client.get("/api/").content.decode()
    own = ("http://127.0.0.1:8000", "http://www.w3.org", "https://hooks.example.com/sundry")  # the last: an example
    for address in own:
        page = page.replace(address, "")
    assert "://" not in page


@pytest.mark.parametrize("address", ["/api/docs", "/api/redoc", "/api/schema", "/api/api-root"])
def test_there_is_no_other_page(sign_in: Any, address: str) -> None:
    assert sign_in(VISITOR).client.get(address).status_code == 404
