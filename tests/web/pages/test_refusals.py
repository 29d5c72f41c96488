"""A refusal says what happened, that nothing was lost, and what to do next; in every language, whatever is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from sundry.base.access.rules import Decision
from sundry.web.pages import refusals

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")


def request() -> Any:
    made = RequestFactory().get("/somewhere?page=2")
    made.user = AnonymousUser()
    return made


PAGES: dict[str, tuple[int, Callable[[], HttpResponse]]] = {
    "bad request": (400, lambda: refusals.bad_request(request(), SuspiciousOperation())),
    "forbidden": (403, lambda: refusals.refused(request(), Decision.FORBIDDEN)),
    "csrf": (403, lambda: refusals.csrf(request())),
    "not found": (404, lambda: refusals.refused(request(), Decision.NOT_FOUND)),
    "too large": (413, lambda: refusals.too_large(request(), 20)),
    "too many": (429, lambda: refusals.too_many(request(), 90)),
    "server error": (500, lambda: refusals.server_error(request())),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_refusal_is_a_sound_page_with_a_next_step(
    name: str, language: str, assert_accessible: Callable[[str], None]
) -> None:
    status, make = PAGES[name]
    with translation.override(language):
        response = make()
    page = response.content.decode()
    assert response.status_code == status
    assert_accessible(page)
    assert '<a class="button" href="/">' in page


@pytest.mark.parametrize("decision", [Decision.SIGN_IN, Decision.NOT_FOUND])
def test_a_part_of_a_page_that_is_refused_has_the_page_loaded_anew(decision: Decision) -> None:
    made = request()
    made.htmx = True
    response = refusals.refused(made, decision)
    assert (response.status_code, response["HX-Refresh"], response.content) == (200, "true", b"")


def test_a_limit_says_when_to_try_again() -> None:
    response = refusals.too_many(request(), 90)
    assert "Try again in 90 seconds." in response.content.decode()
    assert response["Retry-After"] == "90"
    assert "Try again in 1 second." in refusals.too_many(request(), 1).content.decode()


def test_too_large_says_how_much_is_taken() -> None:
    assert "At most 20 MB can be sent at once." in refusals.too_large(request(), 20).content.decode()


def test_a_visitor_signs_in_and_comes_back() -> None:
    response = refusals.refused(request(), Decision.SIGN_IN)
    assert response.status_code == 302
    assert response["Location"].endswith("?next=%2Fsomewhere%3Fpage%3D2")


def test_an_address_that_never_was_is_told_kindly(client: Client) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "Nothing is here" in response.content.decode()


def test_a_form_without_its_token_is_refused_kindly() -> None:
    response = Client(enforce_csrf_checks=True).post("/language", {"language": "ar"})
    assert response.status_code == 403
    assert "The form was too old to be taken" in response.content.decode()


def test_a_fault_of_ours_is_told_without_database_and_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """No context processor runs: they would ask who this is, and that may be what is broken."""

    def broken(_request: Any) -> dict[str, Any]:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("sundry.web.context.market", broken)
    monkeypatch.setattr("django.contrib.auth.context_processors.auth", broken)
    page = refusals.server_error(request()).content.decode()
    assert "Something went wrong on our side" in page
    assert "<form" not in page.partition("<dialog")[0], "nothing to send where nothing works"
