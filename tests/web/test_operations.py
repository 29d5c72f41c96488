"""The operation of each view, its own or a library's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, SIGNED_IN, VISITOR, Operation
from sundry.web.operations import LIBRARY_VIEWS, endpoint_of, operation_of, path_view
from sundry.web.pages import account

OPEN = Operation("test.open", own=EVERYBODY)


def library(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@guarded(OPEN)
def ours(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_view_of_ours_brings_its_operation() -> None:
    assert operation_of(ours, resolve("/health")) is OPEN
    assert operation_of(ours, None) is OPEN


def test_a_librarys_view_has_one_by_its_name_or_is_not_served() -> None:
    assert operation_of(library, resolve("/account/login/")) is LIBRARY_VIEWS["account_login"]
    assert operation_of(library, resolve("/health")) is None
    assert operation_of(library, None) is None


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def test_every_view_of_a_library_that_is_named_is_there() -> None:
    assert set(LIBRARY_VIEWS) <= {pattern.name for pattern in patterns(get_resolver())}
    assert {pattern.name for pattern in account.urlpatterns} - set(LIBRARY_VIEWS) == {
        "account_request_login_code",  # a second name of the same address
        "sample_sign_in",  # a view of ours
    }


@pytest.mark.parametrize("name", sorted(LIBRARY_VIEWS))
def test_what_a_visitor_may_use_of_a_library_is_signing_in(name: str) -> None:
    signing_in = LIBRARY_VIEWS[name].name == "account.sign_in"
    assert (VISITOR in LIBRARY_VIEWS[name].own) is signing_in
    assert LIBRARY_VIEWS[name].own >= SIGNED_IN
    assert not LIBRARY_VIEWS[name].foreign


def test_a_path_of_the_api_is_told_from_a_page_and_by_its_method() -> None:
    page, api = resolve("/health").func, resolve("/api/organisations").func
    assert path_view(page) is None
    assert endpoint_of(page, "GET") is None
    found = endpoint_of(api, "GET")
    assert found is not None
    assert found.view_func.__name__ == "organisation_list"
    assert endpoint_of(api, "DELETE") is None
